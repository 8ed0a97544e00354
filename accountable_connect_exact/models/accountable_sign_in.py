from odoo import api, fields, models
from odoo.addons.accountable_connect.api.http.addresses import read_address
from odoo.addons.accountable_connect.models.sign_in.consent import Consent
from odoo.addons.accountable_connect.models.sign_in.secret_fields import secret_entry
from odoo.exceptions import UserError, ValidationError

from ..api import webhook
from ..api.client import ExactClient
from ..api.oauth import OAUTH
from ..api.package import ExactPackage
from ..const import SITES

# What the secrets and tokens belong to: with another of these they are of no use, or not ours.
BELONGS_TO = ("exact_site", "exact_sandbox_address")


class ExactConsent(Consent):
    policy = OAUTH

    def make_client(self, *, administration, **values):
        sign_in = self.sign_in
        return ExactClient(
            site=sign_in.exact_address,
            client_id=(sign_in.exact_client_id or "").strip(),
            client_secret=sign_in._secret("exact_client_secret"),
            redirect_uri=sign_in.redirect_uri,
            division=administration,
            **values,
        )

    def package(self, client):
        return ExactPackage(client)

    def user(self, client):
        me = client.get_me()
        return me.get("FullName") or me.get("UserName") or me.get("Email") or ""

    def check_app(self):
        # whether there is a secret, not which
        if not self.sign_in.exact_client_id or not self.sign_in.sudo().exact_client_secret:
            raise UserError(
                self.env._("Enter client ID and client secret of your app at Exact Online first.")
            )

    def missing_administration_hint(self):
        return self.env._(
            "Is an administration missing? Sign in again and tick it under “Permitted companies” "
            "when Exact Online asks for your consent, or ask your accountant for the right (App "
            "permissions)."
        )


class AccountableSignIn(models.Model):
    """A sign-in at Exact Online: an app of our own at the site of one country, and the consent of a
    person, which is asked in the browser."""

    _inherit = "accountable.sign.in"

    package = fields.Selection(
        selection_add=[("exact", "Exact Online")],
        ondelete={"exact": lambda sign_ins: sign_ins._delete_with_connections("exact")},
    )
    exact_site = fields.Selection(
        [
            ("BE", "Belgium"),
            ("NL", "Netherlands"),
            ("DE", "Germany"),
            ("FR", "France"),
            ("ES", "Spain"),
            ("GB", "United Kingdom"),
            ("US", "United States"),
        ],
        string="Exact Online of",
        default=lambda self: self._default_exact_site(),
        help="Each country has its own Exact Online, with its own users and apps. It cannot be "
        "changed once somebody signed in.",
    )
    exact_sandbox_address = fields.Char(
        string="Sandbox address",
        help="Only to try a sandbox on this machine. Empty: Exact Online itself.",
    )
    exact_address = fields.Char(compute="_compute_exact_address", string="Address")
    exact_client_id = fields.Char(
        string="Client ID",
        copy=False,
        help="Of the app that you registered at apps.exactonline.com.",
    )
    exact_client_secret = fields.Char(copy=False, groups="base.group_system")
    exact_webhook_secret = fields.Char(copy=False, groups="base.group_system")
    exact_webhook_secret_entry = secret_entry(
        string="Webhook secret",
        help="Of the same app; only needed when Exact Online notifies Odoo of changes. What is "
        "stored is not shown again.",
    )

    def _fields_of_people(self):
        app = {"exact_client_id", "exact_webhook_secret_entry"}
        return super()._fields_of_people() | app | set(BELONGS_TO)

    def _target(self):
        target = super()._target()
        if self.package == "exact":
            target |= {
                "address": self.exact_address or "",
                "app": self.exact_client_id or "",
            }
        return target

    def _target_fields(self):
        return super()._target_fields() | {*BELONGS_TO, "exact_client_id"}

    @api.model
    def _exact_sites(self):
        """Country codes with the names of the countries as the reader knows them."""
        return self._fields["exact_site"]._description_selection(self.env)

    @api.model
    def _default_exact_site(self):
        company = self.env.company
        code = (company.account_fiscal_country_id or company.country_id).code
        return code if code in SITES else "BE"

    @api.constrains("package", "exact_site", "exact_sandbox_address")
    def _check_exact_address(self):
        for sign_in in self.filtered(lambda sign_in: sign_in.package == "exact"):
            if not sign_in.exact_site:
                raise ValidationError(self.env._("Choose the country of Exact Online."))
            sandbox = sign_in.exact_sandbox_address
            if not sandbox:
                continue
            address = read_address(sandbox)
            if not address or not address.is_on_this_machine:
                raise ValidationError(
                    self.env._(
                        "%(address)s is not on this machine: a sandbox listens at"
                        " http://127.0.0.1.",
                        address=sandbox,
                    )
                )
            sign_in._check_address(sandbox)

    @api.depends("exact_site", "exact_sandbox_address")
    def _compute_exact_address(self):
        for sign_in in self:
            sign_in.exact_address = sign_in.exact_sandbox_address or SITES.get(sign_in.exact_site)

    def _consent(self):
        return ExactConsent(self) if self.package == "exact" else super()._consent()

    def _webhooks(self):
        return webhook if self.package == "exact" else super()._webhooks()

    # Secrets

    def _secret_fields(self):
        if self.package != "exact":
            return super()._secret_fields()
        return ["exact_client_secret", "exact_webhook_secret"]

    def _app_fields(self):
        if self.package != "exact":
            return super()._app_fields()
        return {
            "exact_client_id": True,
            "exact_client_secret": True,
            "exact_webhook_secret": False,
        }

    def _secret_entries(self):
        entries = super()._secret_entries()
        if self.package == "exact":
            entries["exact_webhook_secret_entry"] = "exact_webhook_secret"
        return entries

    def _secrets_belong_to(self):
        own = BELONGS_TO if self.package == "exact" else ()
        return (*super()._secrets_belong_to(), *own)

    def write(self, vals):
        for sign_in in self.filtered(lambda sign_in: sign_in.package == "exact"):
            sign_in._before_exact_write(vals)
        return super().write(vals)

    def _before_exact_write(self, vals):
        """A connection never finds itself in the books of another country."""
        if self.signed_in_as and self._changed_by(vals, BELONGS_TO):
            raise UserError(
                self.env._(
                    "%(sign_in)s was used already and keeps its Exact Online. Make another"
                    " sign-in.",
                    sign_in=self.name,
                )
            )
        if self._changed_by(vals, ["exact_client_id"]) and self.sudo().tokens:
            # tokens, which nobody may write, belong to the app
            self.sudo().write({"tokens": False, "state": "new"})
