from odoo import api, fields, models


class AccountableBatch(models.Model):
    _inherit = "accountable.batch"

    ubl_unpack = fields.Char(compute="_compute_ubl_unpack")

    @api.depends("state", "document_count")
    def _compute_ubl_unpack(self):
        """What whoever downloads several files has to do where the receiver takes no ZIP."""
        for batch in self:
            # a user who hands over need not read the connection
            connection = batch.connection_id.sudo()
            receiver = connection.ubl_profile_id
            applies = (
                connection.package == "ubl"
                and connection.channel == "download"
                and batch.state in ("closed", "handed_over")
                and batch.document_count > 1
                and not receiver.zip_allowed
            )
            batch.ubl_unpack = applies and self.env._(
                "%(receiver)s takes no ZIP: unpack what you download, and upload the files in it.",
                receiver=receiver.name,
            )

    def _sheet_vat(self):
        """Beside the category of an e-invoice stands what it means."""
        lines = super()._sheet_vat()
        if self.connection_id.sudo().package != "ubl":  # users need not read the connection
            return lines
        names = {
            "S": self.env._("VAT"),
            "Z": self.env._("zero rate"),
            "E": self.env._("exempt"),
            "AE": self.env._("reverse charge"),
            "K": self.env._("intra-Community"),
            "G": self.env._("export"),
            "O": self.env._("without VAT"),
        }
        return [{**line, "code": self._named(line["code"], names)} for line in lines]

    def _named(self, code, names):
        return f"{code} ({names[code]})" if code in names else code
