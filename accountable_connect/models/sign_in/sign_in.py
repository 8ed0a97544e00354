"""Credentials for a package: entered by a manager, read by the clients only."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...api.errors import AUTHORISATION_LOST
from ...api.http.addresses import SANDBOX_NOT_ALLOWED, site_problem
from ...documents.sentence import SentencesOf
from ..connection.server_configuration import sandboxes_allowed
from .secret_fields import keys_of_server, secret_entry

_lt = SentencesOf(__name__)


class AccountableSignIn(models.Model):
    """Credentials for a package, shared by the whole office.

    A package addon adds its value to ``package`` with ``selection_add`` and its own secret fields
    (``copy=False``, ``groups="base.group_system"``), which it names in ``_secret_fields``. Secrets
    are entered through ``set_secrets``, which only writes, or the fields of ``_secret_entries``;
    nothing that a manager can call gives them back. They are forgotten with what they were entered
    for: ``_secrets_belong_to``.

    They are encrypted when the server's configuration file holds a key, outside the database
    (``stored_secrets``), tokens too.
    """

    _name = "accountable.sign.in"
    _description = "Sign-in to an accounting package"
    _inherit = ["accountable.secrets"]
    _order = "package, name"

    name = fields.Char(required=True, help="The name your office gives this sign-in.")
    active = fields.Boolean(default=True)
    package = fields.Selection([], required=True, string="Accounting package")
    is_placeholder = fields.Boolean(
        readonly=True, help="There is nothing to sign in to: it stands for the package."
    )
    company_ids = fields.Many2many(
        "res.company",
        string="Companies",
        default=lambda self: self.env.company._accountable_company(),
        help="Only these companies may use the sign-in. Empty: every company may.",
    )
    connection_ids = fields.One2many("accountable.connection", "sign_in_id")
    connection_count = fields.Integer(compute="_compute_connection_count")
    # Which database the secrets were entered in; a copy of it never speaks to live books.
    database_identity = fields.Char(copy=False, readonly=True, groups="base.group_system")
    tokens = fields.Json(copy=False, readonly=True, groups="base.group_system")
    state = fields.Selection(
        [("new", "Not signed in"), ("valid", "Signed in"), ("lost", "Authorisation lost")],
        default="new",
        required=True,
        readonly=True,
        copy=False,
    )
    has_secrets = fields.Boolean(compute="_compute_has_secrets", string="Password stored")
    password_entry = secret_entry(
        string="Password",
        help="Only to enter a new password: what is stored is never shown again.",
    )

    def _fields_of_people(self):
        entries = {"password_entry"}
        return super()._fields_of_people() | entries | {"name", "active", "package", "company_ids"}

    @api.depends("connection_ids")
    def _compute_connection_count(self):
        for sign_in in self:
            sign_in.connection_count = len(sign_in.connection_ids)

    def _compute_has_secrets(self):
        for sign_in in self:
            # what is taken over from the administrator is no password
            sign_in.has_secrets = sign_in._has_password()

    def _delete_with_connections(self, package):
        """The addon of a package is removed: what belongs to it goes with it, entries in Odoo
        stay."""
        self.with_context(active_test=False).connection_ids.unlink()
        self.unlink()
        # what the administrator entered for it, which nobody may read
        self.env["accountable.app"].sudo().search([("package", "=", package)]).unlink()

    # Secrets

    def _encrypt_anew(self):
        keys = keys_of_server()
        for sign_in in self.sudo():  # only the system group reads and writes tokens
            anew = keys.tokens_anew(sign_in.tokens) if sign_in.tokens else sign_in.tokens
            if anew != sign_in.tokens:
                sign_in.write({"tokens": anew})
        return super()._encrypt_anew()

    def _over_without_secrets(self):
        return {**super()._over_without_secrets(), "tokens": False, "state": "new"}

    def _kept_with_secrets(self):
        identity = self.env["accountable.identity"]._current()
        return {**super()._kept_with_secrets(), "database_identity": identity}

    def _has_password(self):
        """Whether the first of the secrets is stored."""
        names = self._secret_fields()
        return bool(names) and bool(self.sudo()[names[0]])  # whether there is one, not which

    def _secrets_belong_to(self):
        """Names of the fields the secrets were entered for, as the address they are sent to: with
        another value they are forgotten, and never sent there. Package addons add theirs, which
        count while it is their package: so its own name is one of them."""
        return ("package",)

    @api.model
    def _check_address(self, text):
        """Raises ValidationError unless it is an address that secrets may be sent to."""
        problem = site_problem(text, sandboxes_allowed())
        if not problem:
            return
        if problem == SANDBOX_NOT_ALLOWED:
            raise ValidationError(
                self.env._(
                    "%(address)s is a sandbox on this server, which the server's configuration does"
                    " not allow: its administrator sets allow_sandboxes = True in the section"
                    " [accountable_connect] of odoo.conf.",
                    address=text,
                )
            )
        raise ValidationError(
            self.env._(
                "%(address)s is not a web service address that passwords may be sent to.",
                address=text,
            )
        )

    def _set_state(self, state):
        """What the last question to the package said about the sign-in.

        In a cursor of its own, as the clients save their tokens: after those were saved on the same
        row, a transaction that began before could not write it any more, whatever Odoo repeats. A
        row that only this transaction knows, or holds, is written in it.
        """
        self.ensure_one()
        sign_in = self.sudo()  # a field of the engine
        if sign_in.state == state:
            return
        # what this transaction still has to write makes the row one that it holds
        sign_in.flush_recordset()
        with self.env.registry.cursor() as cr:
            cr.execute(
                """
                UPDATE accountable_sign_in SET state = %s
                 WHERE id IN (SELECT id FROM accountable_sign_in WHERE id = %s
                                 FOR NO KEY UPDATE SKIP LOCKED)
                """,
                (state, sign_in.id),
            )
            stored = cr.rowcount
        if not stored:
            sign_in.state = state
            return
        self._fields["state"]._update_cache(sign_in, state)
        sign_in.modified(["state"])

    def _learn_from(self, error):
        """Keep what an error of the package says about the sign-in: that it is lost, or nothing.

        :param PackageError error: what any connection on it met
        """
        if error.kind == AUTHORISATION_LOST and not error.only_administration:
            self._set_state("lost")

    # Buttons

    def action_enter_password(self):
        """The small form in which a password is entered."""
        self.ensure_one()
        title = self.env._("Password of %(sign_in)s", sign_in=self.name)
        if self.by_consent:
            title = self.env._("Secrets of %(sign_in)s", sign_in=self.name)
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [
                (
                    self.env.ref("accountable_connect.accountable_sign_in_view_form_password").id,
                    "form",
                )
            ],
            "target": "new",
        }

    def action_connections(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "accountable_connect.accountable_connection_action"
        )
        return {
            **action,
            "domain": [("sign_in_id", "=", self.id)],
            "context": {"default_sign_in_id": self.id},
        }
