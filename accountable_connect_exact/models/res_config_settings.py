from odoo import api, fields, models
from odoo.addons.accountable_connect.models.sign_in.secret_fields import secret_entry

ENTRIES = {
    "exact_app_client_id_entry": "exact_client_id",
    "exact_app_client_secret_entry": "exact_client_secret",
    "exact_app_webhook_secret_entry": "exact_webhook_secret",
}


class ResConfigSettings(models.TransientModel):
    """The app of this database at the Exact Online of a country."""

    _inherit = "res.config.settings"

    exact_app_site = fields.Selection(
        selection=lambda self: self.env["accountable.sign.in"]._exact_sites(),
        string="Exact Online of",
        default=lambda self: self.env["accountable.sign.in"]._default_exact_site(),
    )
    exact_app_redirect_uri = fields.Char(compute="_compute_exact_app", string="Redirect URI")
    exact_app_is_known = fields.Boolean(compute="_compute_exact_app")
    exact_app_client_id_entry = secret_entry(string="Client ID")
    exact_app_client_secret_entry = secret_entry(string="Client secret")
    exact_app_webhook_secret_entry = secret_entry(string="Webhook secret")

    def _exact_in_mind(self):
        site = self.exact_app_site
        return self.env["accountable.sign.in"].new({"package": "exact", "exact_site": site})

    @api.depends("exact_app_site")
    def _compute_exact_app(self):
        for settings in self:
            in_mind = settings._exact_in_mind()
            settings.exact_app_redirect_uri = in_mind.redirect_uri
            settings.exact_app_is_known = in_mind._knows_app()

    def _accountable_app_entries(self):
        return [*super()._accountable_app_entries(), (self._exact_in_mind(), ENTRIES)]
