"""Credentials for a package: entered by a manager, read by the clients only."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...api.errors import AUTHORISATION_LOST
from ...api.http.addresses import SANDBOX_NOT_ALLOWED, site_problem
from ...api.texts import has_controls
from ...documents.sentence import SentencesOf
from ..connection.server_configuration import sandboxes_allowed, secret_key
from ..sentence import in_language
from .stored_secrets import MALFORMED, MISSING, Keys, Unreadable

_lt = SentencesOf(__name__)

MANAGER = "accountable_connect.group_manager"


def secret_entry(**attributes):
    """A field in which a person types a secret, and that shows none."""
    return fields.Char(
        compute="_compute_secret_entries",
        inverse="_inverse_secret_entry",
        copy=False,
        exportable=False,
        **attributes,
    )


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
    _inherit = ["accountable.guard"]
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

    def _compute_secret_entries(self):
        for name, field in self._fields.items():
            if field.compute == "_compute_secret_entries":
                self[name] = False

    def _inverse_secret_entry(self):
        for sign_in in self:
            typed = {name: sign_in[entry] for entry, name in sign_in._secret_entries().items()}
            typed = {name: value for name, value in typed.items() if value}
            if typed:
                sign_in.set_secrets(typed)

    @api.model_create_multi
    def create(self, vals_list):
        sign_ins = super().create(vals_list)
        sign_ins._forget_typed()
        return sign_ins

    def write(self, vals):
        for sign_in in self:
            if sign_in._changed_by(vals, sign_in._secrets_belong_to()):
                sign_in._forget_secrets()
        result = super().write(vals)
        self._forget_typed()
        self._encrypt_anew()
        return result

    def _encrypt_anew(self):
        """Store under the present key what was stored before there was one, or under an earlier
        one."""
        keys = keys_of_server()
        for sign_in in self.sudo():  # only the system group reads and writes secrets
            stored = {name: sign_in[name] for name in sign_in._secret_fields()}
            anew = {name: keys.anew(value) for name, value in stored.items()}
            if sign_in.tokens:
                stored["tokens"], anew["tokens"] = sign_in.tokens, keys.tokens_anew(sign_in.tokens)
            changed = {name: value for name, value in anew.items() if value != stored[name]}
            if changed:
                sign_in.write(changed)

    def _forget_typed(self):
        """A form shows what it stored: nothing of what was typed into an entry."""
        for sign_in in self:
            sign_in.invalidate_recordset(list(sign_in._secret_entries()), flush=False)

    def _delete_with_connections(self, package):
        """The addon of a package is removed: what belongs to it goes with it, entries in Odoo
        stay."""
        self.with_context(active_test=False).connection_ids.unlink()
        self.unlink()
        # what the administrator entered for it, which nobody may read
        self.env["accountable.app"].sudo().search([("package", "=", package)]).unlink()

    # Secrets

    def _has_password(self):
        """Whether the first of the secrets is stored."""
        names = self._secret_fields()
        return bool(names) and bool(self.sudo()[names[0]])  # whether there is one, not which

    def _secret_fields(self):
        """Names of the fields that hold secrets of this sign-in's package, the password first."""
        return []

    def _secret_entries(self):
        """``{entry: secret}``: each ``secret_entry`` with what is typed into it."""
        names = self._secret_fields()
        return {"password_entry": names[0]} if names else {}

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

    def _changed_by(self, vals, names):
        """Those of these fields that values for ``write`` change; empty is empty."""
        return {name for name in names if name in vals and (vals[name] or False) != self[name]}

    def _forget_secrets(self):
        """Secrets and tokens, too: somebody signs in anew."""
        names = self._secret_fields()
        # only the system group writes secrets
        self.sudo().write({**dict.fromkeys(names, False), "tokens": False, "state": "new"})

    def set_secrets(self, values):
        """Store secrets; they cannot be read back.

        :param dict values: text by field name, each one of ``_secret_fields``
        :raises AccessError: when the user is no manager of accounting packages
        """
        self.ensure_one()
        if not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Only a manager of accounting packages may enter a password.")
            )
        self.check_access("write")
        unknown = set(values) - set(self._secret_fields())
        if unknown:
            raise UserError(
                self.env._("This sign-in has no field %(names)s.", names=", ".join(sorted(unknown)))
            )
        if any(has_controls(value or "") for value in values.values()):
            raise UserError(
                self.env._("A password has no control characters. Type it, or paste it as text.")
            )
        # only the system group writes secrets; who may enter them was checked
        self.sudo().write(
            {
                **{name: self._encrypted(value) for name, value in values.items()},
                "database_identity": self.env["accountable.identity"]._current(),
                "tokens": False,
                "state": "new",
            }
        )
        return True

    def _secret(self, name):
        """The plain text of one secret, "" when none is stored. For the clients, never for
        people."""
        self.ensure_one()
        if name not in self._secret_fields():
            raise ValueError(f"{name} is no secret of package {self.package}")
        try:
            # only the system group reads secrets
            return keys_of_server().plain(self.sudo()[name] or "")
        except Unreadable as error:
            raise UserError(self._unreadable_sentence(error.reason)) from error

    def _unreadable_sentence(self, reason):
        """Why nobody can read what is stored of this sign-in, and what helps."""
        if reason == MISSING:
            sentence = _lt(
                "The password of %(sign_in)s is encrypted and the server's configuration has no"
                " key for it.",
                sign_in=self.name,
            )
        elif reason == MALFORMED:
            sentence = _lt(
                "The password of %(sign_in)s cannot be read: %(reason)s",
                sign_in=self.name,
                reason=self._malformed_key_sentence(),
            )
        else:
            sentence = _lt(
                "The password of %(sign_in)s was encrypted with another key. Enter it again.",
                sign_in=self.name,
            )
        return in_language(self.env, sentence)

    @api.model
    def _malformed_key_sentence(self):
        sentence = _lt(
            "The key for passwords in the server's configuration cannot be used. The administrator"
            " of the server corrects secret_key in the section [accountable_connect] of odoo.conf."
        )
        return in_language(self.env, sentence)

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

    @api.model
    def _encrypted(self, value):
        """A secret as it is stored. Raises UserError for a key that is none: nobody should believe
        that it encrypts."""
        keys = keys_of_server()
        if value and keys.is_malformed:
            raise UserError(self._malformed_key_sentence())
        return keys.encrypted(value)

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


def keys_of_server():
    """The keys of the configuration file."""
    return Keys(secret_key() or "")
