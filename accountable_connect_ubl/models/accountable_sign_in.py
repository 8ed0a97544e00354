from odoo import fields, models


class AccountableSignIn(models.Model):
    """There is nothing to sign in to: it stands for the receiver."""

    _inherit = "accountable.sign.in"

    package = fields.Selection(
        selection_add=[("ubl", "UBL")],
        ondelete={"ubl": lambda sign_ins: sign_ins._delete_with_connections("ubl")},
    )
