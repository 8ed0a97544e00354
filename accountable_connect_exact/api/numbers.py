"""Entry numbers that we give: one journal and year takes each once, and gaps do no harm.

Whether a division keeps a number that is sent is seen in its answers only: until one bore the
number it was given, and after one bore another, a number protects from nothing. That is kept beyond
a run. The number after the highest proves nothing, because Exact would have taken it by itself: so
until it is known, a few are left out.
"""

import logging

from .. import const
from . import mapping, wire
from .answers import documented_form
from .client import ExactClient

_logger = logging.getLogger(__name__)

NAME = "entry numbers"
# More than others book between our asking for the highest number and our entry.
LEFT_OUT = 9


class EntryNumbers:
    """The numbers of one division."""

    def __init__(self, client: ExactClient):
        self.client = client
        # series → row of the entry with its highest number, as it was last read
        self.last_rows: dict[str, dict] = {}

    @property
    def are_ignored(self) -> bool:
        """An entry got another number than it was given: none is given any more."""
        return "booked" in self.client.recall(NAME)

    @property
    def are_kept(self) -> bool:
        """An entry got the number it was given, and none got another."""
        return bool(self.client.recall(NAME)) and not self.are_ignored

    def highest(self, series: str) -> int:
        """The number that is counted on from, in one call: the highest one of a series; 0 where
        there is none."""
        side = mapping.SIDES[series.partition("/")[0]]
        rows = self.client.get_list(
            side.entries,
            select=mapping.entry_fields(side),
            filter=within(series),
            order_by="EntryNumber desc",
            top=1,
        )
        rows = list(rows)
        self.last_rows = {**self.last_rows, series: rows[0]} if rows else self.last_rows
        with documented_form(side.entries):
            numbers = [wire.read_integer(row["EntryNumber"]) or 0 for row in rows]
        number = max(numbers, default=0)
        if number and not self.are_kept:
            number += LEFT_OUT
        return number if number < const.HIGHEST_ENTRY_NUMBER else 0

    def learn(self, given: int | None, row: dict, again: bool) -> None:
        """Take in the answer to an entry. Raises ``ValueError`` for no number. ``again``: the
        number was chosen some time ago, and may be the next one by now."""
        booked = wire.read_integer(row.get("EntryNumber"))
        if not given or booked is None or self.are_ignored:
            return
        if booked != given:
            _logger.info("Exact gave an entry number %s instead of %s", booked, given)
            self.client.remember(NAME, {"given": given, "booked": booked})
        elif not (again or self.are_kept):
            self.client.remember(NAME, {"kept": given})


def series_of(document, year: int) -> str:
    """The series of a document that is booked in a year."""
    return f"{mapping.side_of(document).name}/{document.journal}/{year}"


def within(series: str, number: int | None = None) -> str:
    """The filter of a series' entries, or of the one with a number."""
    journal, _slash, year = series.partition("/")[2].rpartition("/")
    condition = f"Journal eq {wire.text(journal)} and ReportingYear eq {year}"
    return f"{condition} and EntryNumber eq {number}" if number else condition
