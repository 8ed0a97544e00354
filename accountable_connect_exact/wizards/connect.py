from odoo import api, fields, models
from odoo.addons.accountable_connect.models.sign_in.secret_fields import secret_entry

# What the sandbox knows; everybody may know it.
SANDBOX = {
    "exact_client_id": "11111111-2222-3333-4444-555555555555",
    "exact_client_secret": "sandbox-secret",
    "exact_webhook_secret": "webhook-secret",
}


class AccountableConnect(models.TransientModel):
    _inherit = "accountable.connect"

    exact_site = fields.Selection(
        selection=lambda self: self.env["accountable.sign.in"]._exact_sites(),
        string="Exact Online of",
        default=lambda self: self.env["accountable.sign.in"]._default_exact_site(),
        help="Each country has its own Exact Online, with its own users.",
    )
    exact_sandbox_address = fields.Char(
        string="Address of the sandbox",
        default=lambda self: self._default_exact_sandbox_address(),
    )
    redirect_uri = fields.Char(compute="_compute_redirect_uri", string="Redirect URI")
    exact_client_id_entry = secret_entry(string="Client ID")
    exact_client_secret_entry = secret_entry(string="Client secret")

    def _default_exact_sandbox_address(self):
        # only where one is the default of the database
        defaults = self.env["accountable.sign.in"].default_get(["exact_sandbox_address"])
        return defaults.get("exact_sandbox_address")

    def _fields_of_people(self):
        entries = set(self._exact_entries())
        return super()._fields_of_people() | entries | {"exact_site", "exact_sandbox_address"}

    @staticmethod
    def _exact_entries():
        return {
            "exact_client_id_entry": "exact_client_id",
            "exact_client_secret_entry": "exact_client_secret",
        }

    @api.depends("package")
    def _compute_redirect_uri(self):
        for dialogue in self:
            dialogue.redirect_uri = dialogue._in_mind().redirect_uri

    def _sign_in_values(self):
        values = super()._sign_in_values()
        if self.package == "exact":
            field = self._fields["exact_site"]
            country = dict(field._description_selection(self.env)).get(self.exact_site, "")
            values |= {
                "name": f"{self.package_name} – {country}",
                "exact_site": self.exact_site,
                "exact_sandbox_address": (self.exact_sandbox_address or "").strip(),
            }
            if self.is_sandbox:
                values["exact_client_id"] = SANDBOX["exact_client_id"]
        return values

    def _app_entries(self):
        return self._exact_entries() if self.package == "exact" else super()._app_entries()

    def _app_sentence(self):
        if self.package != "exact":
            return super()._app_sentence()
        if self.env.user.has_group("base.group_system"):
            return self.env._(
                "Register an app at apps.exactonline.com, then enter its client ID and secret. It"
                " serves every company that uses this country's Exact Online, and is asked only"
                " once."
            )
        return self.env._(
            "Exact Online wants to know which app asks. Ask the administrator of your Odoo to"
            " register one at Exact Online and to enter it, once for this database: in the settings"
            " of accounting, under Exact Online."
        )

    def _sandbox_values(self, address):
        if self.package != "exact":
            return super()._sandbox_values(address)
        secrets = {name: text for name, text in SANDBOX.items() if name != "exact_client_id"}
        return {"exact_sandbox_address": address}, secrets
