from odoo import fields, models
from odoo.addons.accountable_connect.models.sign_in.secret_fields import secret_entry


class ResConfigSettings(models.TransientModel):
    """The software house id of this database."""

    _inherit = "res.config.settings"

    octopus_software_house_entry = secret_entry(string="Software house id")
    octopus_app_is_known = fields.Boolean(compute="_compute_octopus_app_is_known")

    def _octopus_in_mind(self):
        sign_ins = self.env["accountable.sign.in"]
        address = sign_ins._default_octopus_url()
        return sign_ins.new({"package": "octopus", "octopus_url": address})

    def _compute_octopus_app_is_known(self):
        self.octopus_app_is_known = self._octopus_in_mind()._knows_app()

    def _accountable_app_entries(self):
        entries = {"octopus_software_house_entry": "octopus_software_house_uuid"}
        return [*super()._accountable_app_entries(), (self._octopus_in_mind(), entries)]
