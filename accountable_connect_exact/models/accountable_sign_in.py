from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.addons.accountable_connect.api.http.addresses import read_address
from odoo.exceptions import UserError, ValidationError

from ..const import SITES

RETURN_PATH = "/accountable_connect_exact/return"
WEBHOOK_PATH = "/accountable_connect_exact/webhook"
# What the secrets and tokens belong to: with another of these they are of no use, or not ours.
BELONGS_TO = ("exact_site", "exact_sandbox_address")


class AccountableSignIn(models.Model):
    """A sign-in at Exact Online: an app of our own at the site of one country, and the consent of a
    person, which is asked in the browser (``accountable_sign_in_consent``)."""

    _inherit = "accountable.sign.in"

    package = fields.Selection(
        selection_add=[("exact", "Exact Online")],
        ondelete={"exact": lambda sign_ins: sign_ins._delete_with_connections()},
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
        help="Each country has its own Exact Online, with its own users and apps. Kept once signed"
        " in.",
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
    exact_webhook_secret_entry = fields.Char(
        compute="_compute_exact_webhook_secret_entry",
        inverse="_inverse_secret_entry",
        string="Webhook secret",
        copy=False,
        exportable=False,
        help="Of the same app; only needed when Exact Online tells of changes at once. What is"
        " stored is not shown again.",
    )
    exact_has_webhook_secret = fields.Boolean(
        compute="_compute_exact_has_webhook_secret", string="Webhook secret stored"
    )
    exact_redirect_uri = fields.Char(
        compute="_compute_exact_redirect_uri",
        string="Redirect URI",
        help="Register this address with the app, letter by letter.",
    )
    exact_redirect_uri_refused = fields.Boolean(compute="_compute_exact_redirect_uri")
    # Of a consent that was asked and did not come back yet: works once.
    exact_nonce = fields.Char(copy=False, groups="base.group_system")
    exact_user_name = fields.Char(string="Signed in as", copy=False, readonly=True)
    exact_administration_ids = fields.One2many(
        "accountable.administration", "sign_in_id", string="Administrations reached"
    )

    def _fields_of_people(self):
        app = {"exact_client_id", "exact_webhook_secret_entry"}
        return super()._fields_of_people() | app | set(BELONGS_TO)

    def _target(self):
        target = super()._target()
        if self.package == "exact":
            target |= {
                "address": self.exact_address or "",
                "user": self.exact_user_name or "",
                "app": self.exact_client_id or "",
            }
        return target

    def _target_fields(self):
        return super()._target_fields() | {*BELONGS_TO, "exact_client_id"}

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

    @api.depends("exact_sandbox_address")
    def _compute_exact_redirect_uri(self):
        for sign_in in self:
            address = sign_in.get_base_url() + RETURN_PATH
            sign_in.exact_redirect_uri = address
            sign_in.exact_redirect_uri_refused = (
                urlsplit(address).scheme != "https" and not sign_in.exact_sandbox_address
            )

    # Secrets

    def _secret_fields(self):
        if self.package != "exact":
            return super()._secret_fields()
        return ["exact_client_secret", "exact_webhook_secret"]

    def _secret_entries(self):
        entries = super()._secret_entries()
        if self.package == "exact":
            entries["exact_webhook_secret_entry"] = "exact_webhook_secret"
        return entries

    def _secrets_belong_to(self):
        return BELONGS_TO if self.package == "exact" else super()._secrets_belong_to()

    def _compute_exact_webhook_secret_entry(self):
        self.exact_webhook_secret_entry = False

    def _compute_exact_has_webhook_secret(self):
        for sign_in in self:
            sign_in.exact_has_webhook_secret = bool(sign_in.sudo().exact_webhook_secret)

    def set_secrets(self, values):
        """The webhook secret proves messages of Exact Online, not us: a new one leaves us signed
        in, and says nothing about the database this sign-in belongs to."""
        stored = self.sudo()
        kept = {}
        if set(values) == {"exact_webhook_secret"} and stored.tokens:
            kept = {name: stored[name] for name in ("tokens", "state", "database_identity")}
        result = super().set_secrets(values)
        stored.write(kept)
        return result

    def action_enter_password(self):
        action = super().action_enter_password()
        if self.package == "exact":
            action["name"] = self.env._("Secrets of %(sign_in)s", sign_in=self.name)
        return action

    def write(self, vals):
        for sign_in in self.filtered(lambda sign_in: sign_in.package == "exact"):
            sign_in._before_exact_write(vals)
        return super().write(vals)

    def _before_exact_write(self, vals):
        """A connection never finds itself in the books of another country."""
        if self.exact_user_name and self._changed_by(vals, BELONGS_TO):
            raise UserError(
                self.env._(
                    "%(sign_in)s was used already and keeps its Exact Online. Make another"
                    " sign-in.",
                    sign_in=self.name,
                )
            )
        if self._changed_by(vals, ["exact_client_id"]) and self.sudo().tokens:
            # tokens belong to the app
            self.sudo().write({"tokens": False, "state": "new"})

    def _forget_secrets(self):
        self.sudo().exact_nonce = False
        return super()._forget_secrets()
