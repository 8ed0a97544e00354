from odoo import models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    def action_accountable_connect(self):
        """Open the connection of the company with the package named in the context."""
        self.ensure_one()
        return self.company_id.action_accountable_connect()
