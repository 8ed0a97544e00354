"""Calls counted per day, owner and operation, and the maximum of each.

Whom the real counter belongs to is not documented. Here: the dossier for calls under a dossier,
the user for the dossier list and token, the address for ``/error``. Every call that passes the
token check counts, refused or not. The day turns at midnight of the stamps' time zone.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..kit.clock import Clock
from ..kit.storage import Store
from .errors import Refusal
from .switches import Switches


class Limits:
    """The daily counters of one sandbox."""

    def __init__(self, store: Store, clock: Clock, switches: Switches):
        self.store = store
        self.clock = clock
        self.switches = switches

    def count(
        self, operation: str, per_day: int | Mapping | None, owner: str, searching: bool = False
    ) -> None:
        """Count a call; raises ``Refusal`` beyond the maximum.

        Relations have two maxima: with and without a search parameter.
        """
        if isinstance(per_day, Mapping):
            name = "with_search_parameter" if searching else "without_search_parameter"
            per_day, operation = per_day[name], f"{operation}.{name}"
        with self.store.transaction():
            number = self.store.row(
                "INSERT INTO call VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE"
                " SET number = number + 1 RETURNING number",
                self.clock.day(),
                owner,
                operation,
            )["number"]
        if per_day is not None and number > per_day and self.switches["daily_limits"]:
            raise Refusal(
                self.switches["limit_status"],
                None,
                f"Maximum of {per_day} calls per day reached for {operation}",
            )

    def calls(self, owner: str | None = None) -> dict[str, int]:
        """Operation → calls of all days, optionally of one owner."""
        condition = "WHERE owner = ?" if owner else ""
        return {
            row["operation"]: row["total"]
            for row in self.store.rows(
                f"SELECT operation, SUM(number) total FROM call {condition} GROUP BY operation"
                " ORDER BY operation",
                *([owner] if owner else []),
            )
        }

    def forget(self) -> None:
        """Start counting afresh."""
        self.store.run("DELETE FROM call")
