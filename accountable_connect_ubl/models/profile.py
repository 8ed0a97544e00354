from odoo import fields, models

from ..api.profile import Profile


class AccountableUblProfile(models.Model):
    """What a receiver takes, as a row that people may add to, export and import."""

    _name = "accountable.ubl.profile"
    _description = "Receiver of e-invoices"
    _order = "sequence, name"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    file_name = fields.Char(default="{type}_{vat}_{number}", required=True)
    pdf_beside = fields.Boolean(string="PDF beside the e-invoice")
    annexes = fields.Boolean(string="Other files of a bill")
    media_types = fields.Char(default="application/xml,application/pdf", required=True)
    pdf_alone = fields.Boolean(default=True, string="PDF without e-invoice")
    zip_allowed = fields.Boolean(default=True, string="ZIP")
    largest_mb = fields.Float(string="Largest file (MB)")
    forwards_to_customer = fields.Boolean()

    _code = models.Constraint("unique(code)", "There is a receiver with this code already.")

    def _as_profile(self):
        """The plain :class:`Profile`."""
        self.ensure_one()
        return Profile(
            name=self.name,
            file_name=self.file_name,
            pdf_beside=self.pdf_beside,
            annexes=self.annexes,
            media_types=frozenset(one.strip() for one in self.media_types.split(",")),
            pdf_alone=self.pdf_alone,
            zip_allowed=self.zip_allowed,
            largest=int(self.largest_mb * 1024 * 1024),
            forwards_to_customer=self.forwards_to_customer,
        )
