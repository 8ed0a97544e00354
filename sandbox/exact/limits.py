"""The quota of calls per app and division, and the block after too many errors.

The order in which a request meets them::

    limits.check_errors(app, user, division, endpoint)      # Refusal 403 while blocked
    headers = limits.count(app, division, operation)         # Refusal 429, or the six headers
    …                                                        # the answer gets the headers
    limits.note(app, user, division, endpoint, status)       # every other answer, whatever it is

``endpoint`` is the entity (``salesentry/SalesEntries``), whatever the method; ``operation`` is
only how calls are counted for those who watch (``GET crm/Accounts``). Minutes and days are those
of UTC. Switches: ``rate_limits``, ``calls_per_minute``, ``calls_per_day``, ``error_velocity``.

What the service's documentation leaves open, and the choice made:

* The body of a 429 is empty. Its headers are only those of the limit that was hit; the daily one
  goes first when both are. There is no ``Retry-After``.
* A refused call does not count.
* A block is answered with 403 and a text of our own; such an answer is not an error that counts.
  Blocks "gradually increase": the second of a day lasts two hours, the third three.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from ..kit.clock import Clock
from ..kit.storage import Store
from .errors import Refusal

DAILY = "X-RateLimit-"
MINUTELY = "X-RateLimit-Minutely-"

ERRORS = (400, 401, 403, 404)
ERRORS_ALLOWED = 10
HOUR = 3_600_000
BLOCKED = (
    "Your API key is temporarily blocked for this endpoint: more than 10 errors within an hour."
)


def milliseconds(moment: dt.datetime) -> int:
    """Epoch milliseconds of a moment with zone."""
    return int(moment.timestamp() * 1000)


class Limits:
    """The counters of one sandbox."""

    def __init__(self, store: Store, clock: Clock, switches: Mapping[str, Any] | Any):
        self.store = store
        self.clock = clock
        self.switches = switches

    def count(self, app: str, division: int, operation: str = "") -> dict[str, str]:
        """Count a call and give the six headers of its answer.

        Raises ``Refusal`` 429 beyond a limit; its ``headers`` are those of that limit only.
        """
        owner, now = f"{app} {division}", self.clock.now()
        with self.store.transaction():
            today, minute = self._used(owner, now)
            if self.switches["rate_limits"]:
                if today >= self.switches["calls_per_day"]:
                    raise Refusal(429, "", self._daily(now, today))
                if minute >= self.switches["calls_per_minute"]:
                    raise Refusal(429, "", self._minutely(now, minute))
            self.store.run(
                "INSERT INTO call VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE"
                " SET number = number + 1",
                _day(now),
                owner,
                operation,
            )
            self.store.keep(f"minute {owner}", [_minute(now), minute + 1])
        return self._daily(now, today + 1) | self._minutely(now, minute + 1)

    def headers(self, app: str, division: int) -> dict[str, str]:
        """The six headers as they stand, without counting a call."""
        now = self.clock.now()
        today, minute = self._used(f"{app} {division}", now)
        return self._daily(now, today) | self._minutely(now, minute)

    def _used(self, owner: str, now: dt.datetime) -> tuple[int, int]:
        today = (
            self.store.row(
                "SELECT SUM(number) total FROM call WHERE day = ? AND owner = ?", _day(now), owner
            )["total"]
            or 0
        )
        minute, number = self.store.setting(f"minute {owner}", ["", 0])
        return today, number if minute == _minute(now) else 0

    def _daily(self, now: dt.datetime, used: int) -> dict[str, str]:
        reset = now.replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(days=1)
        return self._quota(DAILY, self.switches["calls_per_day"], used, reset)

    def _minutely(self, now: dt.datetime, used: int) -> dict[str, str]:
        reset = now.replace(second=0, microsecond=0) + dt.timedelta(minutes=1)
        return self._quota(MINUTELY, self.switches["calls_per_minute"], used, reset)

    def _quota(self, prefix: str, limit: int, used: int, reset: dt.datetime) -> dict[str, str]:
        # Without limits a call is always left: clients wait by themselves when none is.
        rest = max(limit - used, 0 if self.switches["rate_limits"] else 1)
        return {
            f"{prefix}Limit": str(limit),
            f"{prefix}Remaining": str(rest),
            f"{prefix}Reset": str(milliseconds(reset)),
        }

    def calls(self) -> dict[str, int]:
        """Operation → calls of all days and divisions."""
        return {
            row["operation"]: row["total"]
            for row in self.store.rows(
                "SELECT operation, SUM(number) total FROM call"
                " GROUP BY operation ORDER BY operation"
            )
        }

    def forget(self) -> None:
        """Start counting afresh: calls, errors and blocks."""
        with self.store.transaction():
            self.store.run("DELETE FROM call")
            for row in self.store.rows(
                "SELECT name FROM setting WHERE name LIKE 'minute %' OR name LIKE 'errors %'"
            ):
                self.store.keep(row["name"], None)

    def check_errors(self, app: str, user: str, division: int, endpoint: str) -> None:
        """Raises ``Refusal`` 403 while the endpoint is blocked for this app, user and division."""
        if not self.switches["error_velocity"]:
            return
        record = self.store.setting(_errors(app, user, division, endpoint), {})
        if milliseconds(self.clock.now()) < record.get("blocked_until", 0):
            raise Refusal(403, BLOCKED)

    def note(self, app: str, user: str, division: int, endpoint: str, status: int) -> None:
        """Remember an answer; too many errors within the hour start a block."""
        if status not in ERRORS or not self.switches["error_velocity"]:
            return
        name, now = _errors(app, user, division, endpoint), milliseconds(self.clock.now())
        with self.store.transaction():
            record = self.store.setting(name, {})
            if now < record.get("blocked_until", 0):
                return
            errors = [at for at in record.get("errors", []) if at > now - HOUR] + [now]
            blocks = [at for at in record.get("blocks", []) if at > now - 24 * HOUR]
            until = record.get("blocked_until", 0)
            if len(errors) > ERRORS_ALLOWED:
                blocks.append(now)
                until, errors = now + len(blocks) * HOUR, []
            self.store.keep(name, {"errors": errors, "blocks": blocks, "blocked_until": until})


def _day(now: dt.datetime) -> str:
    return now.strftime("%Y-%m-%d")


def _minute(now: dt.datetime) -> str:
    return now.strftime("%Y-%m-%dT%H:%M")


def _errors(app: str, user: str, division: int, endpoint: str) -> str:
    return f"errors {app} {user} {division} {endpoint}"
