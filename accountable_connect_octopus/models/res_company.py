from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    octopus_connection_ids = fields.One2many(
        "accountable.connection",
        "company_id",
        domain=[("package", "=", "octopus")],
        groups="accountable_connect.group_user",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    octopus_connection_ids = fields.One2many(related="company_id.octopus_connection_ids")
