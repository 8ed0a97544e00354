from odoo import fields, models


class AccountableConnect(models.TransientModel):
    """The first step: nothing to sign in to, a receiver to choose."""

    _inherit = "accountable.connect"

    ubl_profile_id = fields.Many2one("accountable.ubl.profile", string="Receiver")

    def _fields_of_people(self):
        return super()._fields_of_people() | {"ubl_profile_id"}
