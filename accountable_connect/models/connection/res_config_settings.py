from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _name = "res.config.settings"
    _inherit = ["res.config.settings", "accountable.package.view.mixin"]

    accountable_connection_ids = fields.One2many(related="company_id.accountable_connection_ids")
    accountable_connected = fields.Char(related="company_id.accountable_connected")

    def action_accountable_connect(self):
        """Open the connection of the company with the package named in the context."""
        self.ensure_one()
        return self.company_id.action_accountable_connect()
