"""Sales and purchase entries with their lines; see ``entries.py`` above for the rules.

General journal, bank and cash entries stand beside them (``general_entries.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .. import entries, general_entries, heads
from ..division import Division
from ..entry_families import PURCHASES, SALES, Family
from ..general_entries import BANK, CASH, GENERAL, Kind
from ..resource import BusinessError, Hints, Missing, Row
from .base import Records


def shown_head(row: Row) -> Row:
    """A head with the words for its status and type."""
    kind = row.get("Type")
    return {
        **row,
        "StatusDescription": heads.STATUS_NAMES.get(row.get("Status")),
        "TypeDescription": heads.TYPE_NAMES.get(kind),
    }


class Entries(Records):
    """Entries with their lines; ``books`` is the module that books them."""

    books: Any

    def __init__(self, kind: Family | Kind):
        super().__init__(kind.entity)
        self.kind = kind
        self.collections = {kind.collection: kind.line_entity}

    def shown(self, division: Division, row: Row) -> Row:
        return shown_head(row)

    def children(self, division: Division, key: Any, collection: str) -> Iterable[Row]:
        division.get(self.entity, key)
        return self.books.lines_of(division, self.kind, key)

    def create(self, division: Division, values: Row) -> Row:
        return shown_head(self.books.create(division, self.kind, values))

    def delete(self, division: Division, key: Any) -> None:
        entries.remove(division, self.entity, self.kind.line_entity, key)


class TradeEntries(Entries):
    """SalesEntries or PurchaseEntries."""

    books = entries

    def found(self, division: Division, hints: Hints) -> Iterable[Row]:
        rows = super().found(division, hints)
        for name in ("Journal", "EntryNumber", "YourRef"):
            if name in hints.equals:
                rows = [row for row in rows if row.get(name) == hints.equals[name]]
        return rows

    def update(self, division: Division, key: Any, values: Row) -> None:
        entries.change_head(division, self.kind, key, values)


class TradeEntryLines(Records):
    """SalesEntryLines or PurchaseEntryLines; a change books the whole entry again."""

    def __init__(self, family: Family):
        super().__init__(family.line_entity)
        self.family = family

    def _entry(self, division: Division, key: str | None) -> str:
        if not key:
            raise BusinessError("mandatory", "entry")
        return division.reference(self.family.entity, key, "entry")["EntryID"]

    def create(self, division: Division, values: Row) -> Row:
        entry = self._entry(division, values.get("EntryID"))
        known = {row["ID"] for row in entries.lines_of(division, self.family, entry)}
        entries.change_lines(division, self.family, entry, lambda lines: [*lines, dict(values)])
        return next(
            row for row in entries.lines_of(division, self.family, entry) if row["ID"] not in known
        )

    def update(self, division: Division, key: Any, values: Row) -> None:
        row = division.get(self.entity, key)
        values = {name: value for name, value in values.items() if name != "EntryID"}

        def edit(lines: list[Row]) -> list[Row]:
            return [{**line, **values} if line["ID"] == row["ID"] else line for line in lines]

        entries.change_lines(division, self.family, row["EntryID"], edit)

    def delete(self, division: Division, key: Any) -> None:
        row = division.get(self.entity, key)
        entries.change_lines(
            division,
            self.family,
            row["EntryID"],
            lambda lines: [line for line in lines if line["ID"] != row["ID"]],
        )


class GeneralEntries(Entries):
    """GeneralJournalEntries, BankEntries or CashEntries: no change, only again."""

    books = general_entries

    def update(self, division: Division, key: Any, values: Row) -> None:
        raise Missing(f"{self.entity} cannot be changed")


class GeneralEntryLines(Records):
    """The lines of such an entry; one may be added while the entry stays in balance."""

    def __init__(self, kind: Kind):
        super().__init__(kind.line_entity)
        self.kind = kind

    def create(self, division: Division, values: Row) -> Row:
        if not values.get("EntryID"):
            raise BusinessError("mandatory", "entry")
        division.reference(self.kind.entity, values["EntryID"], "entry")
        return general_entries.add_line(division, self.kind, values)


RESOURCES = (
    TradeEntries(SALES),
    TradeEntryLines(SALES),
    TradeEntries(PURCHASES),
    TradeEntryLines(PURCHASES),
    *(
        maker(kind)
        for kind in (GENERAL, BANK, CASH)
        for maker in (GeneralEntries, GeneralEntryLines)
    ),
)
