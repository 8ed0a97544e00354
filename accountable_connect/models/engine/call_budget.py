"""The calls of a connection, counted, and what a client remembers of its limits: the object behind
the protocol ``CallBudget`` of the package contract."""

import copy
import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ...api.errors import LimitReachedError
from ...const import DAY_ZONE


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


def today_text():
    return datetime.now(DAY_ZONE).date().isoformat()


def next_day():
    """Naive UTC moment at which the Belgian day ends."""
    local = datetime.now(DAY_ZONE)
    midnight = datetime(local.year, local.month, local.day, tzinfo=DAY_ZONE) + timedelta(days=1)
    return midnight.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
