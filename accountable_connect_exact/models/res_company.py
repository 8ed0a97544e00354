from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    exact_connection_ids = fields.One2many(
        "accountable.connection",
        "company_id",
        domain=[("package", "=", "exact")],
        groups="accountable_connect.group_user",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    exact_connection_ids = fields.One2many(related="company_id.exact_connection_ids")
