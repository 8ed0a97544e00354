"""Book years, their periods and journals: read once a run, and known before without a call."""

from collections.abc import Iterable

from odoo.addons.accountable_connect.api.errors import ConfigurationMissingError, PeriodClosedError
from odoo.addons.accountable_connect.documents import JOURNAL, PERIOD, Document, MasterItem

from . import operations, reading
from .answers import documented_form
from .client import OctopusClient


class BookYears:
    """``periods`` are those read before (master data)."""

    def __init__(self, client: OctopusClient, periods: Iterable[MasterItem]):
        self.client = client
        self._periods = _details(periods)
        self._read: list[dict] | None = None
        self._journals: dict[int, list[dict]] = {}
        self._last_numbers: dict[str, int] = {}

    # Reading

    def rows(self) -> list[dict]:
        """The book years, once a run."""
        if self._read is None:
            self._read = self.client.call(operations.BOOK_YEARS) or []
            with documented_form(operations.BOOK_YEARS):
                self._periods = _details(reading.period_items(self._read, []))
        return self._read

    def _read_journals(self, book_year):
        """The journals of a book year, once a run, except for last numbers."""
        if book_year not in self._journals:
            rows = self.client.call(operations.JOURNALS, book_year=book_year) or []
            self._journals[book_year] = rows
            with documented_form(operations.JOURNALS):
                for row in rows:
                    series = f"{book_year}/{row['journalKey']}"
                    self._last_numbers[series] = row.get("lastBookedDocumentNr", 0)
        return self._journals[book_year]

    def journals_and_periods(self, kinds: Iterable[str]) -> list[MasterItem]:
        """One call, and one more for each open book year."""
        with documented_form(operations.BOOK_YEARS):
            book_years = sorted(self.rows(), key=lambda row: row["startDate"])
            open_years = [row for row in book_years if not row["closed"]]
            journals = []
            for row in open_years or book_years[-1:]:
                journals += self._read_journals(row["bookyearKey"]["id"])
            items = []
            if JOURNAL in kinds:
                items += reading.journal_items(journals)
            if PERIOD in kinds:
                items += reading.period_items(book_years, journals)
        return items

    def present(self) -> int:
        """The open book year of today, else the newest: the chart differs little between years."""
        with documented_form(operations.BOOK_YEARS):
            book_years = self.rows()
            if not book_years:
                raise ConfigurationMissingError("The dossier has no book year", code=-9)
            today = self.client.now().date().isoformat()
            present = [row for row in book_years if row["startDate"] <= today <= row["endDate"]]
            newest = max(present or book_years, key=lambda row: row["startDate"])
            return newest["bookyearKey"]["id"]

    # Of a document

    def year_and_period(self, document: Document) -> tuple[int, int]:
        """Number of the book year and of the period in which the accounting date lies."""
        day = document.accounting_date.isoformat()
        period = self.period_around(day)
        if period is None:
            self.rows()
            period = self.period_around(day)
        if period is None:
            raise ConfigurationMissingError(
                f"Octopus has no period for {day}",
                code="no_period",
                values={"date": document.accounting_date},
            )
        if period["closed"]:
            raise PeriodClosedError(
                f"The book year of {day} is closed",
                code="book_year_closed",
                values={"date": document.accounting_date, "journal": document.journal},
            )
        book_year, _slash, number = period["code"].partition("/")
        return int(book_year), int(number)

    def period_around(self, day: str) -> dict | None:
        """The period of a day (ISO), an open one first."""
        found = [row for row in self._periods if row["date_from"] <= day <= row["date_to"]]
        return min(found, key=lambda row: row["closed"], default=None)

    def year_of(self, book_year: int) -> str:
        """What people call a book year: the year it begins in."""
        starts = [row["date_from"] for row in self._periods if row["book_year"] == str(book_year)]
        return min(starts)[:4] if starts else ""

    def last_number(self, series: str) -> int:
        """The last number of a series (``bookyear/journal``)."""
        if series not in self._last_numbers:
            book_year = int(series.partition("/")[0])
            self._journals.pop(book_year, None)
            self._read_journals(book_year)
        # A number is believed once; the next question reads it again.
        number = self._last_numbers.pop(series, None)
        if number is None:
            raise ConfigurationMissingError(
                f"Octopus has no journal {series}",
                code=-10,
                values={"journal": series.partition("/")[2]},
            )
        return number

    def forget_last_numbers(self) -> None:
        """What was read before says nothing after a failed booking."""
        self._last_numbers.clear()


def _details(periods):
    return [period.details | {"code": period.code} for period in periods]
