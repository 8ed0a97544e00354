"""What a package's sandbox starts with: made once in a process, then copied into every store.

Filling a store entry by entry takes several times as long as copying its rows, and tests start a
sandbox each. What is filled in must follow from nothing but the package and "now": no random
values.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from .clock import Clock
from .storage import Store

# The moment that stands in the rows until they are copied into a store.
WHEN_MADE = dt.datetime(1990, 1, 1, 0, 0, 0, 123000, tzinfo=dt.UTC)

_MADE: dict[str, DemoData] = {}


class DemoData:
    """The rows of a filled store."""

    def __init__(self, store: Store, moment: tuple[str, ...]):
        """``moment``: the texts of ``Clock.texts`` for when the store was filled."""
        self.moment = moment
        self.tables: list[tuple[str, list[bool], list[tuple]]] = []
        for name in store.table_names():
            rows = [tuple(row) for row in store.rows(f"SELECT * FROM {name}")]
            if rows:
                holds_moment = [
                    any(
                        isinstance(value, str) and text in value
                        for value in column
                        for text in moment
                    )
                    for column in zip(*rows, strict=True)
                ]
                self.tables.append((name, holds_moment, rows))

    def copy(self, store: Store, moment: tuple[str, ...]) -> None:
        """Put the rows in an empty store, as if it had been filled at this moment."""
        moved = "?"
        for then, now in zip(self.moment, moment, strict=True):
            moved = f"replace({moved}, '{then}', '{now}')"
        for name, holds_moment, rows in self.tables:
            values = ", ".join(moved if holds else "?" for holds in holds_moment)
            store.run_many(f"INSERT INTO {name} VALUES ({values})", rows)


def fill_with_demo_data(package: str, store: Store, clock: Clock, fill: Callable[[], None]) -> None:
    """Put a package's demo data into its empty ``store``; ``fill`` makes it, the first time."""
    if package not in _MADE:
        with clock.at(WHEN_MADE):
            fill()
            _MADE[package] = DemoData(store, clock.texts())
        store.empty()
    _MADE[package].copy(store, clock.texts())
