"""Sales and purchase entries of a division: finding and reading them, and their numbers."""

from collections.abc import Iterable

from odoo.addons.accountable_connect.api.contract import StoredDocument
from odoo.addons.accountable_connect.api.matching import sort_out
from odoo.addons.accountable_connect.documents import Document

from . import mapping, reading, wire
from .answers import documented_form
from .client import ExactClient
from .codes import Codes
from .look_up import LookUp
from .mapping import Side
from .numbers import EntryNumbers, series_of

PERIODS = "financial/FinancialPeriods"


class Entries:
    """Reads the entries of a division."""

    def __init__(self, client: ExactClient, codes: Codes):
        self.client = client
        self.codes = codes
        self.numbers = EntryNumbers(client)
        self._look_up = LookUp(client)
        self._periods_were_read = False
        # Entries read by this run, each believed once.
        self._read: dict[str, tuple[dict, list[dict]]] = {}

    # Periods and numbers

    def know_periods(self, document: Document) -> None:
        """Periods that a document needs and master data did not bring: read once a run."""
        for day in (document.accounting_date, document.document_date):
            if not self.codes.period_of(day) and not self._periods_were_read:
                rows = list(self.client.get_list(PERIODS, select=reading.PERIOD_FIELDS))
                with documented_form(PERIODS):
                    self.codes.learn_missing(reading.period_items(rows, []))
                self._periods_were_read = True

    def series(self, document: Document) -> str | None:
        """The series of a document's number, None where Exact gives the number itself."""
        self.know_periods(document)
        year = self.codes.period_of(document.accounting_date).get("year")
        return series_of(document, year) if year and not self.numbers.are_ignored else None

    def last_of(self, series: str) -> StoredDocument | None:
        """The entry with the highest number, as it was last asked for."""
        side, row = mapping.SIDES[series.partition("/")[0]], self.numbers.last_rows.get(series)
        if row is None:
            return None
        with documented_form(side.entries):
            return mapping.stored_document(side, row, None, self.codes)

    # Finding and reading

    def announce(self, sought: Iterable[tuple[Document, str]]) -> None:
        """Documents that will be looked for, with the keys of their parties."""
        self._look_up.announce(sought)

    def find(
        self, document: Document, party_key: str, number: int | None = None
    ) -> tuple[list[StoredDocument], list[StoredDocument]]:
        """Those that could be the document, and those left out (``matching.sort_out``). One call
        for several documents that were announced, and one for the lines of what was found. With a
        number it is asked for alone, and the entry under that number too."""
        if not wire.is_guid(party_key):
            return [], []
        side = mapping.side_of(document)
        series = self.series(document) if number else None
        rows = (
            self._look_up.entries_or_number(document, party_key, series, number)
            if series
            else self._look_up.entries(document, party_key)
        )
        with documented_form(side.entries):
            by_key = {}
            for row in rows:
                stored = mapping.stored_document(side, row, None, self.codes)
                by_key[stored.key] = mapping.as_ours(document, stored, row), row

            def has_number(one):
                return number and wire.read_integer(by_key[one.key][1].get("EntryNumber")) == number

            found, left_out = sort_out(
                (stored for stored, _row in by_key.values()), document, party_key, has_number
            )
        return self._with_lines(side, [by_key[stored.key] for stored in found]), left_out

    def _with_lines(self, side, found):
        """The same with their lines: one call for those of all of them."""
        if not found:
            return []
        lines = self._lines(side, [row["EntryID"] for _stored, row in found])
        with documented_form(side.lines):
            return [
                mapping.with_lines(side, stored, row, lines.get(row["EntryID"], []), self.codes)
                for stored, row in found
            ]

    def _lines(self, side, entries):
        rows = self.client.get_list(
            side.lines,
            select=mapping.line_fields(side),
            filter=wire.any_of("EntryID", [wire.guid(entry) for entry in entries]),
        )
        lines: dict[str, list[dict]] = {}
        with documented_form(side.lines):
            for row in rows:
                lines.setdefault(row["EntryID"], []).append(row)
        return lines

    def document(self, key: str) -> StoredDocument | None:
        """Two calls: the entry and its lines."""
        found = self.row_and_lines(key)
        if found is None:
            self._read.pop(key, None)
            return None
        side = mapping.split_key(key)[0]
        self._read[key] = found
        with documented_form(side.entries):
            return mapping.stored_document(side, *found, self.codes)

    def row_and_lines(self, key: str) -> tuple[dict, list[dict]] | None:
        """The row of an entry and its lines, None when it is gone."""
        try:
            side, entry = mapping.split_key(key)
        except ValueError:
            return None
        row = self.row_of(side, entry)
        if row is None:
            return None
        lines = self._lines(side, [entry]).get(entry, [])
        return row, sorted(lines, key=lambda line: line.get("LineNumber") or 0)

    def take_read(self, key: str) -> tuple[dict, list[dict]] | None:
        """The row of an entry and its lines, read before or now."""
        return self._read.pop(key, None) or self.row_and_lines(key)

    def forget(self, key: str) -> None:
        """What was read of an entry holds no longer."""
        self._read.pop(key, None)

    def row_of(self, side: Side, entry: str) -> dict | None:
        """The row of an entry, None when it is gone."""
        rows = self.client.get_list(
            side.entries,
            select=mapping.entry_fields(side),
            filter=f"EntryID eq {wire.guid(entry)}",
        )
        return next(iter(rows), None)
