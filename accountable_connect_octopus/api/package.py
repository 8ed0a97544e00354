"""The package contract, spoken to Octopus.

Calls a day are few: 2 for most master data, 24 for journals and reports, 48 for what changed, 10
for changing a booking, 400 for inserts. So one list serves every question of a run, and a single
booking is never asked for.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

from odoo.addons.accountable_connect.api.contract import (
    Administration,
    Capabilities,
    Match,
    StoredDocument,
    StoredLine,
)
from odoo.addons.accountable_connect.api.errors import (
    ConfigurationMissingError,
    DataRefusedError,
    PackageError,
)
from odoo.addons.accountable_connect.api.http.transport import REQUEST_TOO_LARGE, RequestTooLarge
from odoo.addons.accountable_connect.api.matching import moved, sort_out
from odoo.addons.accountable_connect.api.service_package import ServicePackage
from odoo.addons.accountable_connect.api.texts import bare
from odoo.addons.accountable_connect.documents import (
    COST_CENTRE,
    JOURNAL,
    LEDGER_ACCOUNT,
    PERIOD,
    VAT_CODE,
    Document,
    File,
    MasterItem,
    OpenItem,
    SettlementChanges,
)

from .. import const
from . import mapping, operations, reading
from .answers import documented_form
from .book_years import BookYears
from .client import OctopusClient
from .journal_bookings import JournalBookings
from .relations import Relations

# Codes of a call that was refused for its size; nothing of it was done.
FILES_TOO_LARGE = ("413", REQUEST_TOO_LARGE)


class OctopusPackage(ServicePackage):
    """One dossier. ``periods`` are the periods read before (master data), so that knowing the book
    year of a document costs no call; ``language`` of names in the master data."""

    capabilities = Capabilities(
        consecutive_numbers=True,
        vat_countries=frozenset({"BE"}),
        cost_centre_axes=1,
        remove_document=False,
    )

    def __init__(
        self, client: OctopusClient, *, periods: Iterable[MasterItem] = (), language: str = "nl"
    ):
        super().__init__(client, Relations(client))
        self.language = language
        self._book_years = BookYears(client, periods)
        self._bookings: dict[tuple[int, str], JournalBookings] = {}
        self._matches_read: list[dict] | None = None

    # Signing in

    def test_sign_in(self) -> None:
        self.client.test_sign_in()

    def list_administrations(self) -> list[Administration]:
        with documented_form(operations.DOSSIERS):
            return [
                Administration(
                    key=str(row["dossierKey"]["id"]),
                    name=row.get("dossierDescription", ""),
                    vat_number=bare(row.get("vatNr", "")),
                    country=(row.get("country") or "").strip(),
                )
                for row in self.client.call_sign_in(operations.DOSSIERS) or ()
            ]

    # Master data

    def fetch_master_data(self, kinds: Collection[str]) -> list[MasterItem]:
        """Journals and periods cost one call and one more for each open book year, the other kinds
        one call each, of two a day."""
        items: list[MasterItem] = []
        if JOURNAL in kinds or PERIOD in kinds:
            items += self._book_years.journals_and_periods(kinds)
        if VAT_CODE in kinds:
            with documented_form(operations.VAT_CODES):
                items += reading.vat_code_items(self.client.call(operations.VAT_CODES) or [])
        if LEDGER_ACCOUNT in kinds:
            book_year = self._book_years.present()
            rows = self.client.call(operations.ACCOUNTS, query={"bookyearId": book_year}) or []
            with documented_form(operations.ACCOUNTS):
                items += reading.account_items(rows, self.language)
        if COST_CENTRE in kinds:
            rows = self.client.call(operations.COST_CENTRES) or []
            with documented_form(operations.COST_CENTRES):
                items += reading.cost_centre_items(rows, self.language)
        return items

    # Documents

    def number_series(self, document: Document) -> str:
        return f"{self._book_years.year_and_period(document)[0]}/{document.journal}"

    def last_number(self, series: str) -> int:
        return self._book_years.last_number(series)

    def find_document(
        self, document: Document, party_key: str, number: int | None = None
    ) -> list[StoredDocument]:
        self._left_out = []
        book_year, _period = self._book_years.year_and_period(document)
        operation = operations.CHANGED_BOOKINGS if number else operations.BOOKINGS_THERE_ALREADY
        bookings = self._bookings_of(book_year, document.journal, operation)
        with documented_form(operation):
            candidates = bookings.which_could_be(document, party_key, number)
        found, self._left_out = sort_out(
            candidates,
            document,
            party_key,
            lambda one: bool(number) and mapping.split_key(one.key)[2] == number,
        )
        return found

    def create_document(
        self,
        document: Document,
        party_key: str,
        number: int | None = None,
        *,
        again: bool = False,
    ) -> StoredDocument:
        """One call, its files in it. A file without content stays behind and does not hold up the
        document; ``attach_file`` says what is wrong with it."""
        book_year, period = self._book_years.year_and_period(document)
        if number is None:
            raise ConfigurationMissingError("Octopus wants the document's number", code=-13)
        if document.total < 0:
            raise DataRefusedError(
                f"{document.number} has a negative total",
                code="negative_total",
                values={"document": document.number},
            )
        payload = mapping.booking_payload(document, party_key, book_year, period, number)
        body: dict = {"buySellBookingServiceData": payload}
        files = [file for file in document.files if file.size]
        try:
            if files:
                self._check_room(files)
                payloads = map(mapping.attachment_payload, files)
                # one that was deleted since has no content any more
                body["attachments"] = [one for one in payloads if one["fileData"]]
            self._write_booking(operations.INSERT_BOOKING, body, payload, document)
        except DataRefusedError as error:
            if not files or error.code not in FILES_TOO_LARGE:
                raise
            # nothing was done: files hold up no booking, and follow one by one
            body.pop("attachments", None)
            self._write_booking(operations.INSERT_BOOKING, body, payload, document)
            return replace(self._remember(payload), without_files=True)
        return self._remember(payload)

    def update_document(self, key: str, document: Document, party_key: str) -> StoredDocument:
        book_year, journal, number = mapping.split_key(key)
        new_year, period = self._book_years.year_and_period(document)
        if (new_year, document.journal) != (book_year, journal):
            raise DataRefusedError(
                f"{key} cannot move to {new_year}/{document.journal}",
                code="moved",
                values={"document": document.number, "journal": journal},
            )
        payload = mapping.booking_payload(document, party_key, book_year, period, number)
        if bookings := self._bookings.get((book_year, journal)):
            # How it is paid is the accountant's.
            before = bookings.row(number)
            payload["paymentMethod"] = before.get("paymentMethod", payload["paymentMethod"])
        self._write_booking(operations.UPDATE_BOOKING, payload, payload, document)
        return self._remember(payload)

    def _write_booking(self, operation, body, payload, document):
        values = {
            "document": document.number,
            "journal": payload["journalKey"],
            "number": payload["documentSequenceNr"],
            "period": f"{payload['bookyearKey']['id']}/{payload['bookyearPeriodeNr']}",
            "party": document.party.name,
            "currency": document.currency,
        }
        series = payload["bookyearKey"]["id"], payload["journalKey"]
        try:
            self.client.call(operation, body=body, values=values)
        except PackageError as error:
            if error.code == "-16":
                error.values["concerns"] = "party"
            error.is_matched = error.code == "-35"
            # What was read before says nothing about what happened now.
            self._bookings.pop(series, None)
            self._book_years.forget_last_numbers()
            raise

    def _remember(self, payload):
        series = payload["bookyearKey"]["id"], payload["journalKey"]
        stored = mapping.stored_document(payload, self._book_years.year_of(series[0]))
        if series in self._bookings:
            self._bookings[series].put(payload, stored)
        return stored

    def read_document(self, key: str) -> StoredDocument | None:
        """None too for a key that is no booking's (a line of the opening balance)."""
        try:
            book_year, journal, number = mapping.split_key(key)
        except ValueError:
            return None
        bookings = self._bookings_of(book_year, journal)
        with documented_form(operations.CHANGED_BOOKINGS):
            return bookings.get(number)

    def find_moved(
        self, key: str, own_reference: str, version: str, taken: Collection[str] = ()
    ) -> StoredDocument | None:
        """In its journal and book year: one call a run, made already when it was not found
        under its key."""
        try:
            book_year, journal, _number = mapping.split_key(key)
        except ValueError:
            return None
        bookings = self._bookings_of(book_year, journal)
        with documented_form(operations.CHANGED_BOOKINGS):
            found = bookings.all()
        return moved(found, own_reference, version, taken)

    def lines_of(self, document: Document) -> tuple[StoredLine, ...]:
        return mapping.stored_lines(mapping.line_payloads(document), not document.is_sale)

    def _bookings_of(self, book_year, journal, operation=operations.CHANGED_BOOKINGS):
        """All bookings of a journal in a book year: one call a run. A removed booking is not among
        them."""
        series = book_year, journal
        if series not in self._bookings:
            rows = self.client.call(
                operation,
                query={
                    "bookyearId": book_year,
                    "journalKey": journal,
                    "modifiedTimeStamp": reading.BEGINNING,
                },
            )
            with documented_form(operation):
                year = self._book_years.year_of(book_year)
                self._bookings[series] = JournalBookings(rows or (), year)
        return self._bookings[series]

    def attach_file(self, key: str, file: File, *, place: str = "", again: bool = False) -> str:
        """Octopus does not show which files a booking has: ``again`` changes nothing."""
        book_year, journal, number = mapping.split_key(key)
        if not file.size:
            raise DataRefusedError(
                f"{file.name} is empty", code="empty_file", values={"file": file.name}
            )
        self._check_room([file])
        # The name of the second header is misspelled in the service itself.
        self.client.call(
            operations.ATTACH_FILE,
            body=mapping.attachment_payload(file),
            headers={"journalKey": journal, "documentSequennceNr": str(number)},
            values={"file": file.name, "journal": journal, "number": number},
            book_year=book_year,
        )
        return ""

    @staticmethod
    def _check_room(files):
        """Raises DataRefusedError for what no call sends, before it is made in vain."""
        length = sum(mapping.attachment_length(file) for file in files)
        if length > const.MOST_BYTES:
            error = RequestTooLarge(length, const.MOST_BYTES)
            raise error.as_package_error("Octopus, files", written=False)

    # Back

    def settlements_since(self, cursor: str) -> SettlementChanges:
        asked_at = self.client.now()
        answer = self.client.call(
            operations.CHANGED_BALANCINGS,
            query={"modifiedTimeStamp": reading.since(cursor) or reading.BEGINNING},
        )
        with documented_form(operations.CHANGED_BALANCINGS):
            changed = [
                row
                for row in (answer or {}).get("modifiedBalancings", ())
                if reading.is_of_party(row)
            ]
            misc = {}
            for book_year, journal in sorted(reading.misc_bookings_needed(changed)):
                misc |= self._misc_bookings(book_year, journal)
            settlements = [reading.settlement(row, misc) for row in changed]
            present = {settlement.key for settlement in settlements}
            removed = {
                reading.balancing_key(row)
                for row in (answer or {}).get("deletedBalancings", ())
                if reading.is_of_party(row)
            }
        return SettlementChanges(
            settlements=tuple(settlements),
            removed=tuple(sorted(removed - present)),
            cursor=reading.cursor(asked_at),
        )

    def matches_of(self, key: str) -> list[Match]:
        """Out of all matches, read once a run: settlements are read with the same few calls."""
        if self._matches_read is None:
            answer = self.client.call(
                operations.CHANGED_BALANCINGS, query={"modifiedTimeStamp": reading.BEGINNING}
            )
            self._matches_read = (answer or {}).get("modifiedBalancings", [])
        with documented_form(operations.CHANGED_BALANCINGS):
            return [
                match
                for row in self._matches_read
                if reading.is_of_party(row)
                for match in reading.matches(row, key, self._book_years.year_of)
            ]

    def _misc_bookings(self, book_year, journal):
        rows = self.client.call(
            operations.CHANGED_MISC_BOOKINGS,
            query={
                "bookyearId": book_year,
                "journalKey": journal,
                "modifiedTimeStamp": reading.BEGINNING,
            },
        )
        return {
            mapping.document_key(book_year, journal, row["documentSequenceNr"]): row
            for row in rows or ()
        }

    def open_items(self) -> list[OpenItem]:
        items: list[OpenItem] = []
        with documented_form(operations.OPEN_CUSTOMERS):
            book_years = self._book_years.rows()
            if not book_years:
                return items
            query = reading.open_query(book_years)
            for operation, customer in (
                (operations.OPEN_CUSTOMERS, True),
                (operations.OPEN_SUPPLIERS, False),
            ):
                rows = self.client.call(operation, body=query) or ()
                items += [reading.open_item(row, customer) for row in rows]
        return items
