"""Where a client's tokens and its count of calls are kept: the objects behind the protocols
``TokenStore`` and ``CallBudget`` of the package contract."""

import copy
import json
import logging
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg2
from odoo import models, sql_db
from odoo.exceptions import UserError
from odoo.tools import SQL
from psycopg2.pool import PoolError

from ...api.errors import ConfigurationMissingError, LimitReachedError, TemporaryError
from ...api.http.masking import masked_text
from .sign_in import keys_of_server
from .stored_secrets import Unreadable, secret_texts

_logger = logging.getLogger(__name__)
# The day of a limit: packages of Belgium count theirs.
DAY_ZONE = ZoneInfo("Europe/Brussels")
TOKEN_LOCK = 0x41435453
PATIENCE = "20s"
SAVE_TRIES = 5
UNREADABLE_TOKENS = "unreadable_tokens"
SHORTEST_SECRET = 6


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
                # waiting in vain is told by the error below, not by the log
                cr.execute(
                    "SELECT pg_advisory_xact_lock(%s, hashtext(%s))",
                    (TOKEN_LOCK, key),
                    log_exceptions=False,
                )
            except psycopg2.errors.LockNotAvailable as error:
                raise TemporaryError("Another worker is signing in") from error
            yield


class CountedCalls:
    """Calls of a connection per operation and day, and what a client remembers of its limits.

    Kept in memory and written with whatever the caller commits next, so that it costs one statement
    for a job and not one for a call; a rollback of the work forgets none of it. The column holds
    ``{"day": …, "counts": {operation: calls}, "remembered": {name: values}}``; a new day starts the
    counts anew, and leaves what is remembered.
    """

    def __init__(self, connection):
        self.env = connection.env
        self.connection_id = connection.id
        self.total = 0
        self._day = None
        self._stored = {}
        self._pending = {}
        self._known = None
        self._changed = {}

    def spend(self, operation, limit):
        """Count one call. Raises LimitReachedError when the limit of the day is used up."""
        self._start_day()
        if limit is not None and self.spent(operation) >= limit:
            raise LimitReachedError(
                f"{operation}: {limit} calls a day are used up",
                not_before=next_day(),
                code="daily_limit",
                values={"operation": operation, "limit": limit},
            )
        self._pending[operation] = self._pending.get(operation, 0) + 1
        self.total += 1
        self._write_before_commit()

    def spent(self, operation):
        """Calls of today so far."""
        self._start_day()
        return self._stored.get(operation, 0) + self._pending.get(operation, 0)

    def remember(self, name, values):
        """Keep JSON values beyond the run and the day; {} forgets them."""
        # through JSON at once: what cannot be kept is the caller's error, not the commit's
        self._changed[name] = json.dumps(values)
        self._write_before_commit()

    def recall(self, name):
        """The values last remembered under this name, or None."""
        if name in self._changed:
            return json.loads(self._changed[name]) or None
        if self._known is None:
            self._known = self._read().get("remembered", {})
        return copy.deepcopy(self._known.get(name)) or None

    def _start_day(self):
        today = today_text()
        if self._day == today:
            return
        self._day, self._pending = today, {}
        calls = self._read()
        self._stored = dict(calls.get("counts", {})) if calls.get("day") == today else {}

    def _read(self):
        self.env.cr.execute(
            "SELECT calls FROM accountable_connection WHERE id = %s", (self.connection_id,)
        )
        row = self.env.cr.fetchone()
        return row and row[0] or {}

    def _write_before_commit(self):
        # the data of the hook is forgotten with the transaction, the hook's counts are not
        marks = self.env.cr.precommit.data.setdefault("accountable.calls", set())
        if id(self) not in marks:
            marks.add(id(self))
            self.env.cr.precommit.add(self.store)

    def store(self):
        """Write what is not written yet into the transaction at hand, in one statement: it is part
        of each commit around a call."""
        if not (self._pending or self._changed):
            return
        counts = dict(self._stored)
        for operation, number in self._pending.items():
            counts[operation] = counts.get(operation, 0) + number
        changed = {name: json.loads(text) for name, text in self._changed.items()}
        self.env.cr.execute(
            """
            UPDATE accountable_connection
               SET calls = COALESCE(NULLIF(calls, 'null'::jsonb), '{}'::jsonb) || %s::jsonb
                    || jsonb_build_object('remembered',
                        (COALESCE(calls -> 'remembered', '{}'::jsonb) || %s::jsonb) - %s::text[])
             WHERE id = %s
            RETURNING calls -> 'remembered'
            """,
            (
                json.dumps({"day": self._day, "counts": counts} if self._pending else {}),
                json.dumps(changed),
                [name for name, values in changed.items() if not values],
                self.connection_id,
            ),
        )
        row = self.env.cr.fetchone()
        self._known = row[0] if row else {}
        self._stored, self._pending, self._changed = counts, {}, {}


def _set_column(column, value):
    return SQL("%s = %s", column, value)


def today_text():
    return datetime.now(DAY_ZONE).date().isoformat()


def next_day():
    """Naive UTC moment at which the Belgian day ends."""
    local = datetime.now(DAY_ZONE)
    midnight = datetime(local.year, local.month, local.day, tzinfo=DAY_ZONE) + timedelta(days=1)
    return midnight.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


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


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _get_token_store(self):
        """The ``TokenStore`` a package's client gets. Raises UserError as ``_check_tokens``."""
        self.ensure_one()
        sign_in = self.sudo().sign_in_id
        sign_in._check_tokens()
        return sign_in._get_token_store()

    def _without_secrets(self, text):
        """A text for people without any secret or token of the sign-in: what a client did not mask
        because it did not expect it. Very short ones are part of too many words."""
        secrets = self.sudo().sign_in_id._known_secrets()
        return masked_text(text, [secret for secret in secrets if len(secret) >= SHORTEST_SECRET])

    def _get_call_budget(self):
        """The ``CallBudget`` a package's client gets; within a run all clients share one."""
        self.ensure_one()
        return self.env.context.get("accountable_call_budget") or CountedCalls(self.sudo())
