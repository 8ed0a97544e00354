"""Where a client's tokens are kept: the object behind the protocol ``TokenStore`` of the package
contract."""

import json
import logging
from contextlib import contextmanager, suppress

import psycopg2
from odoo import models, sql_db
from odoo.exceptions import UserError
from odoo.tools import SQL
from psycopg2.pool import PoolError

from ...api.errors import ConfigurationMissingError, TemporaryError
from .secret_fields import keys_of_server
from .stored_secrets import Unreadable, secret_texts

_logger = logging.getLogger(__name__)
TOKEN_LOCK = 0x41435453
PATIENCE = "20s"
SAVE_TRIES = 5
UNREADABLE_TOKENS = "unreadable_tokens"


class StoredTokens:
    """Tokens of a sign-in, in cursors of their own: a rollback of the work must not lose a token
    the package has already rotated.

    They are encrypted as secrets are. Whoever saves some stores the others of the row, and the
    ``secrets`` (names of columns), under the present key too, so that an earlier key can go.
    """

    def __init__(self, registry, sign_in_id, secrets=()):
        self.registry = registry
        self.sign_in_id = sign_in_id
        self.secrets = tuple(secrets)
        self._unsaved = {}

    def load(self, name):
        """The values last saved under this name, or None. Raises ConfigurationMissingError when
        they are encrypted with a key that is not there."""
        if name in self._unsaved:
            return dict(self._unsaved[name])
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT tokens -> %s FROM accountable_sign_in WHERE id = %s",
                (name, self.sign_in_id),
            )
            row = cr.fetchone()
        if not row or not row[0]:
            return None
        try:
            return keys_of_server().plain_values(row[0])
        except Unreadable as error:
            raise ConfigurationMissingError(
                f"The tokens cannot be read ({error.reason} key)", code=UNREADABLE_TOKENS
            ) from error

    def save(self, name, values):
        """Commits. ``values`` must be JSON. Somebody may change the row at the same time: what was
        rotated is stored all the same. Raises TemporaryError when the database cannot now."""
        for attempt in range(1, SAVE_TRIES + 1):
            try:
                saved = self._update(name, values)
                break
            except psycopg2.errors.SerializationFailure as error:
                if attempt == SAVE_TRIES:
                    raise TemporaryError("The sign-in is changed all the time") from error
            except psycopg2.errors.LockNotAvailable as error:
                raise TemporaryError("The sign-in is being changed by somebody") from error
            except (psycopg2.OperationalError, PoolError) as error:
                kind = type(error).__name__
                raise TemporaryError(f"Tokens cannot be stored now ({kind})") from error
        if not saved:  # made in a transaction that is not committed yet
            self._unsaved[name] = dict(values)

    def _update(self, name, values):
        """Number of rows written, 1 or 0."""
        with self.registry.cursor() as cr:
            cr.execute("SET LOCAL lock_timeout = %s", (PATIENCE,))
            # PostgreSQL writes a statement that fails into its log: this one holds no token, and
            # after it the other one cannot
            columns = [SQL.identifier(column) for column in ("tokens", *self.secrets)]
            cr.execute(
                SQL(
                    "SELECT %s FROM accountable_sign_in WHERE id = %s FOR NO KEY UPDATE",
                    SQL(", ").join(columns),
                    self.sign_in_id,
                ),
                log_exceptions=False,
            )
            row = cr.fetchone()
            if not row:
                return 0
            keys = keys_of_server()
            # what cannot be read any more is left as it is
            tokens = keys.tokens_anew({**(row[0] or {}), name: values})
            stored = [json.dumps(tokens), *map(keys.anew, row[1:])]
            cr.execute(
                SQL(
                    "UPDATE accountable_sign_in SET %s WHERE id = %s",
                    SQL(", ").join(map(_set_column, columns, stored)),
                    self.sign_in_id,
                ),
                log_exceptions=False,
            )
            return cr.rowcount

    @contextmanager
    def lock(self, name):
        """One worker at a time; raises TemporaryError when another one takes too long."""
        key = f"{self.sign_in_id}/{name}"
        # A real connection of its own: PostgreSQL keeps the lock for the session.
        with sql_db.db_connect(self.registry.db_name).cursor() as cr:
            cr.execute("SET LOCAL lock_timeout = %s", (PATIENCE,))
            try:
                # waiting in vain is reported by the error below, not by the log
                cr.execute(
                    "SELECT pg_advisory_xact_lock(%s, hashtext(%s))",
                    (TOKEN_LOCK, key),
                    log_exceptions=False,
                )
            except psycopg2.errors.LockNotAvailable as error:
                raise TemporaryError("Another worker is signing in") from error
            yield


def _set_column(column, value):
    return SQL("%s = %s", column, value)


class AccountableSignIn(models.Model):
    _inherit = "accountable.sign.in"

    def _get_token_store(self):
        """A ``TokenStore`` for the clients of this sign-in."""
        self.ensure_one()
        return StoredTokens(self.env.registry, self.id, self._secret_columns())

    def _secret_columns(self):
        """Columns that hold secrets of any package: the database is asked nothing for it."""
        packages = [package for package, _label in self._fields["package"].selection]
        secrets = [self.new({"package": package})._secret_fields() for package in packages]
        return sorted({name for names in secrets for name in names})

    def _check_tokens(self):
        """Raises UserError when the tokens are encrypted with a key that is not there: before
        anything is asked for with them."""
        self.ensure_one()
        try:
            # only the system group reads tokens
            for values in (self.sudo().tokens or {}).values():
                if isinstance(values, dict):
                    keys_of_server().plain_values(values)
        except Unreadable as error:
            raise UserError(self._unreadable_sentence(error.reason)) from error

    def _known_secrets(self):
        """Every text that proves who we are, as far as it can be read."""
        keys = keys_of_server()
        stored = [self[name] or "" for name in self._secret_fields()]
        for values in (self.tokens or {}).values():
            if isinstance(values, dict):
                stored += secret_texts(values)
        known = []
        for one in stored:
            with suppress(Unreadable):
                known.append(keys.plain(one))
        return known
