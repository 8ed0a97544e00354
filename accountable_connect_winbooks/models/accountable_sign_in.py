from odoo import fields, models


class AccountableSignIn(models.Model):
    """There is nothing to sign in to: it stands for the office that imports the files."""

    _inherit = "accountable.sign.in"

    package = fields.Selection(
        selection_add=[("winbooks", "WinBooks")],
        ondelete={"winbooks": lambda sign_ins: sign_ins._delete_with_connections("winbooks")},
    )
