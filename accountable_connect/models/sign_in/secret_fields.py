"""Secrets of a record: entered by a manager, read by the clients only."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...api.texts import has_controls
from ...documents.sentence import SentencesOf
from ..connection.server_configuration import secret_key
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


class AccountableSecrets(models.AbstractModel):
    """Records that hold secrets, in fields (``copy=False``, ``groups="base.group_system"``) which
    they name in ``_secret_fields``. They are entered through ``set_secrets``, which only writes, or
    the fields of ``_secret_entries``; nothing that a manager can call gives them back. They are
    forgotten with what they were entered for: ``_secrets_belong_to``.

    They are encrypted when the server's configuration file holds a key, outside the database
    (``stored_secrets``).
    """

    _name = "accountable.secrets"
    _description = "Record that holds secrets"
    _inherit = ["accountable.guard"]

    def _compute_secret_entries(self):
        for name, field in self._fields.items():
            if field.compute == "_compute_secret_entries":
                self[name] = False

    def _inverse_secret_entry(self):
        for record in self:
            typed = {name: record[entry] for entry, name in record._secret_entries().items()}
            typed = {name: value for name, value in typed.items() if value}
            if typed:
                record.set_secrets(typed)

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._forget_typed()
        return records

    def write(self, vals):
        for record in self:
            if record._changed_by(vals, record._secrets_belong_to()):
                record._forget_secrets()
        result = super().write(vals)
        self._forget_typed()
        self._encrypt_anew()
        return result

    def _encrypt_anew(self):
        """Store under the present key what was stored before there was one, or under an earlier
        one."""
        keys = keys_of_server()
        for record in self.sudo():  # only the system group reads and writes secrets
            stored = {name: record[name] for name in record._secret_fields()}
            anew = {name: keys.anew(value) for name, value in stored.items()}
            changed = {name: value for name, value in anew.items() if value != stored[name]}
            if changed:
                record.write(changed)

    def _forget_typed(self):
        """A form shows what it stored: nothing of what was typed into an entry."""
        for record in self:
            record.invalidate_recordset(list(record._secret_entries()), flush=False)

    def _secret_fields(self):
        """Names of the fields that hold secrets of this sign-in's package, the password first."""
        return []

    def _secret_entries(self):
        """``{entry: secret}``: each ``secret_entry`` with what is typed into it."""
        names = self._secret_fields()
        return {"password_entry": names[0]} if names else {}

    def _secrets_belong_to(self):
        """Names of the fields the secrets were entered for, as the address they are sent to: with
        another value they are forgotten, and never sent there."""
        return ()

    def _over_without_secrets(self):
        """Values of other fields, once secrets change or are forgotten."""
        return {}

    def _kept_with_secrets(self):
        """Values of other fields, stored with secrets that somebody entered."""
        return {}

    def _secrets_of_several_lines(self):
        """Names of secrets that are no single line, as keys."""
        return set()

    def _changed_by(self, vals, names):
        """Those of these fields that values for ``write`` change; empty is empty."""
        return {name for name in names if name in vals and (vals[name] or False) != self[name]}

    def _forget_secrets(self):
        """And what was made of them: somebody enters them anew."""
        names = self._secret_fields()
        # only the system group writes secrets
        self.sudo().write({**dict.fromkeys(names, False), **self._over_without_secrets()})

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
        single = values.keys() - self._secrets_of_several_lines()
        if any(has_controls(values[name] or "") for name in single):
            raise UserError(
                self.env._("A password has no control characters. Type it, or paste it as text.")
            )
        # only the system group writes secrets; who may enter them was checked
        self.sudo().write(
            {
                **{name: self._encrypted(value) for name, value in values.items()},
                **self._kept_with_secrets(),
                **self._over_without_secrets(),
            }
        )
        return True

    def _secret(self, name):
        """The plain text of one secret, "" when none is stored. For the clients, never for
        people."""
        self.ensure_one()
        if name not in self._secret_fields():
            raise ValueError(f"{name} is no secret of {self._name}")
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

    @api.model
    def _encrypted(self, value):
        """A secret as it is stored. Raises UserError for a key that is none: nobody should believe
        that it encrypts."""
        keys = keys_of_server()
        if value and keys.is_malformed:
            raise UserError(self._malformed_key_sentence())
        return keys.encrypted(value)


def keys_of_server():
    """The keys of the configuration file."""
    return Keys(secret_key() or "")
