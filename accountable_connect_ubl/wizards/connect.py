from odoo import fields, models

RECEIVER = "receiver"


class AccountableConnect(models.TransientModel):
    """The first step: nothing to sign in to, a receiver to choose."""

    _inherit = "accountable.connect"

    ubl_profile_id = fields.Many2one(
        "accountable.ubl.profile",
        string="Receiver",
        help="The software in which your accountant receives documents, or the one you hand them"
        " over to.",
    )

    def _fields_of_people(self):
        return super()._fields_of_people() | {"ubl_profile_id"}

    def _introduction(self):
        if self.package != "ubl":
            return super()._introduction()
        return self.env._(
            "The e-invoices of %(company)s, and the files of its bills, are put where the software"
            " of your accountant picks them up; the accountant books them. You see what would go"
            " before anything is handed over.",
            company=self.company_id.name,
        )

    def _incomplete(self):
        if self.package == "ubl" and not self.ubl_profile_id:
            return RECEIVER, self.env._("Choose who receives the documents.")
        return super()._incomplete()

    def _connection_values(self):
        values = super()._connection_values()
        if self.package == "ubl":
            values["ubl_profile_id"] = self.ubl_profile_id.id
        return values
