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
