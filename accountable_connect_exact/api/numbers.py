"""Entry numbers that we give: one journal and year takes each once, and gaps do no harm.

Whether a division keeps a number that is sent is told by its answers only: until one bore the
number it was given, and after one bore another, a number protects from nothing. That is kept beyond
a run.
"""

import logging

from .. import const
from . import mapping, wire
from .answers import documented_form
from .client import ExactClient

_logger = logging.getLogger(__name__)

NAME = "entry numbers"


class EntryNumbers:
    """The numbers of one division."""

    def __init__(self, client: ExactClient):
        self.client = client

    @property
    def are_ignored(self) -> bool:
        """An entry got another number than it was given: none is given any more."""
        return "booked" in self.client.recall(NAME)

    @property
    def are_kept(self) -> bool:
        """An entry got the number it was given, and none got another."""
        return bool(self.client.recall(NAME)) and not self.are_ignored

    def highest(self, series: str) -> int:
        """The highest number of a series, in one call; 0 where there is none that could be counted
        on."""
        side = mapping.SIDES[series.partition("/")[0]]
        rows = self.client.get_list(
            side.entries,
            select="EntryNumber",
            filter=within(series),
            order_by="EntryNumber desc",
            top=1,
        )
        with documented_form(side.entries):
            numbers = [wire.read_integer(row["EntryNumber"]) or 0 for row in rows]
        number = max(numbers, default=0)
        return number if number < const.HIGHEST_ENTRY_NUMBER else 0

    def learn(self, given: int | None, row: dict) -> None:
        """What the answer to an entry tells. Raises ``ValueError`` for no number."""
        booked = wire.read_integer(row.get("EntryNumber"))
        if not given or booked is None or self.are_ignored:
            return
        if booked != given:
            _logger.info("Exact gave an entry number %s instead of %s", booked, given)
            self.client.remember(NAME, {"given": given, "booked": booked})
        elif not self.are_kept:
            self.client.remember(NAME, {"kept": given})


def series_of(document, year: int) -> str:
    """The series of a document that is booked in a year."""
    return f"{mapping.side_of(document).name}/{document.journal}/{year}"


def within(series: str, number: int | None = None) -> str:
    """The filter of a series' entries, or of the one with a number."""
    journal, _slash, year = series.partition("/")[2].rpartition("/")
    condition = f"Journal eq {wire.text(journal)} and ReportingYear eq {year}"
    return f"{condition} and EntryNumber eq {number}" if number else condition
