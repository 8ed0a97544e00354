from odoo import fields, models


class AccountablePackageViewMixin(models.AbstractModel):
    """The tab of the company and the block of the settings."""

    _inherit = "accountable.package.view.mixin"

    winbooks_connection_ids = fields.One2many(
        "accountable.connection",
        compute="_compute_package_connections",
        groups="accountable_connect.group_user",
    )
