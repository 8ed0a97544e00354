"""Where a client's tokens and its count of calls are kept: the objects behind the protocols
``TokenStore`` and ``CallBudget`` of the package contract."""

import json
import logging
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg2
from odoo import models, sql_db

from ..api.errors import LimitReachedError, TemporaryError

_logger = logging.getLogger(__name__)
# The day of a limit: packages of Belgium count theirs.
DAY_ZONE = ZoneInfo("Europe/Brussels")
TOKEN_LOCK = 0x41435453
PATIENCE = "20s"


class StoredTokens:
    """Tokens of a sign-in, in cursors of their own: a rollback of the work must not lose a token
    the package has already rotated."""

    def __init__(self, registry, sign_in_id):
        self.registry = registry
        self.sign_in_id = sign_in_id
        self._unsaved = {}

    def load(self, name):
        """The values last saved under this name, or None."""
        if name in self._unsaved:
            return dict(self._unsaved[name])
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT tokens -> %s FROM accountable_sign_in WHERE id = %s",
                (name, self.sign_in_id),
            )
            row = cr.fetchone()
        return row[0] if row and row[0] else None

    def save(self, name, values):
        """Commits. ``values`` must be JSON."""
        try:
            with self.registry.cursor() as cr:
                cr.execute("SET LOCAL lock_timeout = %s", (PATIENCE,))
                cr.execute(
                    """
                    UPDATE accountable_sign_in
                       SET tokens = COALESCE(tokens, '{}'::jsonb) || jsonb_build_object(%s,
                       %s::jsonb)
                     WHERE id = %s
                    """,
                    (name, json.dumps(values), self.sign_in_id),
                    log_exceptions=False,
                )
                saved = cr.rowcount
        except psycopg2.errors.LockNotAvailable as error:
            raise TemporaryError("The sign-in is being changed by somebody") from error
        if not saved:  # made in a transaction that is not committed yet
            self._unsaved[name] = dict(values)

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
    """Calls of a connection per operation and day. Counted in memory and written with whatever the
    caller commits next, so that it costs one statement for a job and not one for a call."""

    def __init__(self, connection):
        self.env = connection.env
        self.connection_id = connection.id
        self.total = 0
        self._day = None
        self._stored = {}
        self._pending = {}

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

    def _start_day(self):
        today = today_text()
        if self._day == today:
            return
        self._day, self._pending = today, {}
        self._stored = self._read(today)

    def _read(self, day):
        self.env.cr.execute(
            "SELECT calls FROM accountable_connection WHERE id = %s", (self.connection_id,)
        )
        row = self.env.cr.fetchone()
        calls = row and row[0] or {}
        return dict(calls.get("counts", {})) if calls.get("day") == day else {}

    def _write_before_commit(self):
        # the data of the hook is forgotten with the transaction, the hook's counts are not
        marks = self.env.cr.precommit.data.setdefault("accountable.calls", set())
        if id(self) not in marks:
            marks.add(id(self))
            self.env.cr.precommit.add(self._write)

    def _write(self):
        if not self._pending:
            return
        counts = dict(self._stored)
        for operation, number in self._pending.items():
            counts[operation] = counts.get(operation, 0) + number
        self.env.cr.execute(
            "UPDATE accountable_connection SET calls = %s::jsonb WHERE id = %s",
            (json.dumps({"day": self._day, "counts": counts}), self.connection_id),
        )
        self._stored, self._pending = counts, {}


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
        return StoredTokens(self.env.registry, self.id)


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _get_token_store(self):
        """The ``TokenStore`` a package's client gets."""
        self.ensure_one()
        return self.sudo().sign_in_id._get_token_store()

    def _get_call_budget(self):
        """The ``CallBudget`` a package's client gets; within a run all clients share one."""
        self.ensure_one()
        return self.env.context.get("accountable_call_budget") or CountedCalls(self.sudo())
