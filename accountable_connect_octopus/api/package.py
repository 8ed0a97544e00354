"""The package contract, spoken to Octopus.

Calls a day are few: 2 for most master data, 24 for journals and reports, 48 for what changed, 10
for changing a booking, 400 for inserts. So one list serves every question of a run, and a single
booking is never asked for.
"""

import logging
from collections.abc import Collection, Iterable
from dataclasses import replace

from odoo.addons.accountable_connect.api.contract import (
    Administration,
    Capabilities,
    Match,
    Package,
    PartyChanges,
    StoredDocument,
    StoredLine,
    StoredParty,
)
from odoo.addons.accountable_connect.api.errors import (
    ConfigurationMissingError,
    DataRefusedError,
    DuplicateError,
    LimitReachedError,
    PackageError,
    PeriodClosedError,
)
from odoo.addons.accountable_connect.api.http.answers import documented_form
from odoo.addons.accountable_connect.api.http.transport import REQUEST_TOO_LARGE
from odoo.addons.accountable_connect.api.identity import is_other_company
from odoo.addons.accountable_connect.api.matching import (
    SAME_FIGURES,
    could_be,
    is_left_out,
    is_somebody_else,
    likeness,
    moved,
)
from odoo.addons.accountable_connect.api.texts import bare, cut
from odoo.addons.accountable_connect.api.vat_numbers import vat_number_of_registry
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
    Party,
    SettlementChanges,
)

from .. import const
from . import mapping, operations, reading
from .client import OctopusClient

_logger = logging.getLogger(__name__)

# Codes of a call that was refused for its size; nothing of it was done.
FILES_TOO_LARGE = ("413", REQUEST_TOO_LARGE)


def _documented_form(operation):
    """What a list holds is as documented, or the error says so."""
    return documented_form(f"Octopus, {operation.name}")


def _likeness(party, row):
    return likeness(mapping.stored_party(row).party, party, const.NAME_LENGTH)


class OctopusPackage(Package):
    """One dossier. ``periods`` are the periods read before (master data), so that knowing the book
    year of a document costs no call; ``language`` of names in the master data."""

    capabilities = Capabilities(
        consecutive_numbers=True,
        computes_owed_vat=True,
        computes_deductible_vat=True,
        computes_invoiced_vat=False,
        computes_company_currency=True,
        recoverable_share=True,
        line_without_vat_code=True,
        vat_countries=frozenset({"BE"}),
        files_with_document=True,
        files_afterwards=True,
        cost_centre_axes=1,
        update_document=True,
        remove_document=False,
        zero_total=True,
        text_length=const.TEXT_LENGTH,
        settlements=True,
        documents_per_day=400,
    )

    def __init__(
        self, client: OctopusClient, *, periods: Iterable[MasterItem] = (), language: str = "nl"
    ):
        self.client = client
        self.language = language
        self._periods = [period.details | {"code": period.code} for period in periods]
        self._book_years: list[dict] | None = None
        self._journals: dict[int, list[dict]] = {}
        self._last_numbers: dict[str, int] = {}
        self._bookings: dict[tuple[int, str], dict[int, dict]] = {}
        self._stored: dict[tuple[int, str], dict[int, StoredDocument]] = {}
        self._left_out: list[StoredDocument] = []
        self._relations: dict[int, dict | None] = {}
        self._relations_read: list[dict] | None = None
        self._matches_read: list[dict] | None = None

    def close(self) -> None:
        self.client.close()

    # Signing in

    def test_sign_in(self) -> None:
        self.client.test_sign_in()

    def list_administrations(self) -> list[Administration]:
        with _documented_form(operations.DOSSIERS):
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
            items += self._fetch_journals_and_periods(kinds)
        if VAT_CODE in kinds:
            with _documented_form(operations.VAT_CODES):
                items += reading.vat_code_items(self.client.call(operations.VAT_CODES) or [])
        if LEDGER_ACCOUNT in kinds:
            book_year = self._present_book_year()
            rows = self.client.call(operations.ACCOUNTS, query={"bookyearId": book_year}) or []
            with _documented_form(operations.ACCOUNTS):
                items += reading.account_items(rows, self.language)
        if COST_CENTRE in kinds:
            rows = self.client.call(operations.COST_CENTRES) or []
            with _documented_form(operations.COST_CENTRES):
                items += reading.cost_centre_items(rows, self.language)
        return items

    def _fetch_journals_and_periods(self, kinds):
        with _documented_form(operations.BOOK_YEARS):
            book_years = sorted(self._read_book_years(), key=lambda row: row["startDate"])
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

    def _read_book_years(self):
        """The book years, once a run."""
        if self._book_years is None:
            self._book_years = self.client.call(operations.BOOK_YEARS) or []
            with _documented_form(operations.BOOK_YEARS):
                self._periods = [
                    period.details | {"code": period.code}
                    for period in reading.period_items(self._book_years, [])
                ]
        return self._book_years

    def _read_journals(self, book_year):
        """The journals of a book year, once a run, except for last numbers."""
        if book_year not in self._journals:
            rows = self.client.call(operations.JOURNALS, book_year=book_year) or []
            self._journals[book_year] = rows
            with _documented_form(operations.JOURNALS):
                for row in rows:
                    series = f"{book_year}/{row['journalKey']}"
                    self._last_numbers[series] = row.get("lastBookedDocumentNr", 0)
        return self._journals[book_year]

    def _present_book_year(self):
        """The open book year of today, else the newest: the chart differs little between years."""
        with _documented_form(operations.BOOK_YEARS):
            book_years = self._read_book_years()
            if not book_years:
                raise ConfigurationMissingError("The dossier has no book year", code=-9)
            today = self.client.now().date().isoformat()
            present = [row for row in book_years if row["startDate"] <= today <= row["endDate"]]
            newest = max(present or book_years, key=lambda row: row["startDate"])
            return newest["bookyearKey"]["id"]

    # Parties

    def find_parties(self, party: Party) -> list[StoredParty]:
        """One search on number, name and VAT number; Octopus gives what meets one of them, so every
        hit is looked at again. A second one finds a VAT number that was typed without dots, a list
        of all relations one that was typed in any other way."""
        registry = party.registry_number
        number = party.vat_number or vat_number_of_registry(registry, party.country)
        written = mapping.vat_number_in_octopus(number)
        query = {
            "extRelationId": party.external_number,
            "name": cut(party.name, const.NAME_LENGTH),
            "vatNr": written,
        }
        rows = self._search_relations({name: value for name, value in query.items() if value})
        with _documented_form(operations.FIND_RELATIONS):
            if written != number and not any(_likeness(party, row) == 1 for row in rows):
                rows += self._search_relations({"vatNr": number})
            if number and not any(_likeness(party, row) in (0, 1) for row in rows):
                rows += [row for row in self._all_relations() if _likeness(party, row) == 1]
            ranked = {}
            self._relations[party.external_number] = None
            for row in rows:
                rank, stored = _likeness(party, row), mapping.stored_party(row)
                if rank is not None:
                    ranked[stored.key] = (rank, not stored.active, stored)
                if rank == 0:
                    self._relations[party.external_number] = row
            best_first = sorted(ranked.values(), key=lambda entry: entry[:2])
            return [stored for _rank, _inactive, stored in best_first]

    def _all_relations(self):
        """Every relation, read once a run; none when there are no such calls left today."""
        if self._relations_read is None:
            try:
                answer = self.client.call(operations.ALL_RELATIONS) or {}
            except LimitReachedError as error:
                _logger.info("Not all relations are read: %s", error)
                answer = {}
            self._relations_read = list(answer.get("modified", ()))
        return self._relations_read

    def _search_relations(self, query):
        return list(self.client.call(operations.FIND_RELATIONS, query=query) or ())

    def save_party(
        self, party: Party, key: str | None, *, sent: Party | None = None
    ) -> StoredParty:
        stored = self._relation_to_change(party, key)
        with _documented_form(operations.FIND_RELATIONS):
            known_key = key or (stored and mapping.relation_key(stored))
            if key and sent:
                self._check_company(stored, party, sent)
        payload = mapping.relation_payload(party, known_key, stored)
        answer = self.client.call(
            operations.SAVE_RELATION,
            body=payload,
            values={"concerns": "party", "party": party.name},
        )
        self._relations.pop(party.external_number, None)
        with _documented_form(operations.SAVE_RELATION):
            # 204, an existing relation, has no body.
            return StoredParty(key=known_key or mapping.relation_key(answer or {}), party=party)

    def _relation_to_change(self, party, key):
        """The relation that is to be changed, None for a new one. Raises DuplicateError when our
        external number stands on somebody else's relation."""
        number = party.external_number
        if key is None and number in self._relations:
            holder, target = self._relations[number], None
        else:
            query = {"extRelationId": number} | ({"relationId": int(key)} if key else {})
            with _documented_form(operations.FIND_RELATIONS):
                rows = {mapping.relation_key(row): row for row in self._search_relations(query)}
                target = rows.get(key) if key else None
                holders = [row for row in rows.values() if _likeness(party, row) == 0]
            holder = holders[0] if holders else None
            if key and not target:
                raise DataRefusedError(
                    f"Relation {key} does not exist any more",
                    code=DataRefusedError.PARTY_GONE,
                    values={"concerns": "party", "party": party.name},
                )
        if holder is None or holder is target:
            return target
        with _documented_form(operations.FIND_RELATIONS):
            held = mapping.stored_party(holder)
        if key or is_somebody_else(held.party, party):
            raise DuplicateError(
                f"External number {number} belongs to relation {held.key}",
                code="external_number",
                values={"concerns": "party", "party": party.name, "number": number},
                candidates=[held],
            )
        return holder

    @staticmethod
    def _check_company(relation, party, sent):
        held = mapping.stored_party(relation)
        if is_other_company(held.party, party, sent):
            raise DuplicateError(
                f"Relation {held.key} is another company now",
                code=DuplicateError.OTHER_COMPANY,
                values={"concerns": "party", "party": party.name, "held": held.party.name},
                candidates=[held],
            )

    def parties_changed_since(self, cursor: str) -> PartyChanges:
        since, asked_at = reading.since(cursor), self.client.now()
        query = {"modifiedTimeStamp": since} if since else None
        answer = self.client.call(operations.CHANGED_RELATIONS, query=query) or {}
        with _documented_form(operations.CHANGED_RELATIONS):
            return PartyChanges(
                parties=tuple(mapping.stored_party(row) for row in answer.get("modified", ())),
                removed=tuple(mapping.relation_key(row) for row in answer.get("deleted", ())),
                cursor=reading.cursor(asked_at),
            )

    # Documents

    def number_series(self, document: Document) -> str:
        return f"{self._book_year_and_period(document)[0]}/{document.journal}"

    def last_number(self, series: str) -> int:
        if series not in self._last_numbers:
            book_year = int(series.partition("/")[0])
            self._journals.pop(book_year, None)
            self._read_journals(book_year)
        # A number is believed once: whoever asks again wants to know anew.
        number = self._last_numbers.pop(series, None)
        if number is None:
            raise ConfigurationMissingError(
                f"Octopus has no journal {series}",
                code=-10,
                values={"journal": series.partition("/")[2]},
            )
        return number

    def find_document(
        self, document: Document, party_key: str, number: int | None = None
    ) -> list[StoredDocument]:
        book_year, _period = self._book_year_and_period(document)
        operation = operations.CHANGED_BOOKINGS if number else operations.BOOKINGS_THERE_ALREADY
        found = []
        self._left_out = []
        for stored in self._stored_documents(book_year, document.journal, operation).values():
            strength = could_be(stored, document, party_key)
            is_reserved = mapping.split_key(stored.key)[2] == number
            if strength:
                # of several with equal figures the one under the number that was reserved
                found.append((-strength, strength == SAME_FIGURES and not is_reserved, stored))
            elif (is_reserved and stored.own_reference) or is_left_out(stored, document, party_key):
                self._left_out.append(stored)
        found.sort(key=lambda entry: (*entry[:2], entry[2].key))
        return [stored for *_order, stored in found]

    def left_out(self) -> list[StoredDocument]:
        return self._left_out

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
        book_year, period = self._book_year_and_period(document)
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
        new_year, period = self._book_year_and_period(document)
        if (new_year, document.journal) != (book_year, journal):
            raise DataRefusedError(
                f"{key} cannot move to {new_year}/{document.journal}",
                code="moved",
                values={"document": document.number, "journal": journal},
            )
        payload = mapping.booking_payload(document, party_key, book_year, period, number)
        before = self._bookings.get((book_year, journal), {}).get(number, {})
        # How it is paid is the accountant's.
        payload["paymentMethod"] = before.get("paymentMethod", payload["paymentMethod"])
        self._write_booking(operations.UPDATE_BOOKING, payload, payload, document)
        return self._remember(payload)

    def _write_booking(self, operation, body, payload, document):
        values = {
            "document": document.number,
            "journal": payload["journalKey"],
            "number": payload["documentSequenceNr"],
            "period": payload["bookyearPeriodeNr"],
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
            self._stored.pop(series, None)
            self._last_numbers.clear()
            raise

    def _remember(self, payload):
        series = payload["bookyearKey"]["id"], payload["journalKey"]
        stored = mapping.stored_document(payload, self._year_of(series[0]))
        if series in self._bookings:
            number = payload["documentSequenceNr"]
            self._bookings[series][number], self._stored[series][number] = payload, stored
        return stored

    def read_document(self, key: str) -> StoredDocument | None:
        """None too for a key that is no booking's (a line of the opening balance)."""
        try:
            book_year, journal, number = mapping.split_key(key)
        except ValueError:
            return None
        return self._stored_documents(book_year, journal).get(number)

    def find_moved(
        self, key: str, own_reference: str, version: str, taken: Collection[str] = ()
    ) -> StoredDocument | None:
        """In its journal and book year: one call a run, made already by whoever did not find it
        under its key."""
        try:
            book_year, journal, _number = mapping.split_key(key)
        except ValueError:
            return None
        found = self._stored_documents(book_year, journal).values()
        return moved(found, own_reference, version, taken)

    def lines_of(self, document: Document) -> tuple[StoredLine, ...]:
        return mapping.stored_lines(mapping.line_payloads(document), not document.is_sale)

    def _stored_documents(self, book_year, journal, operation=operations.CHANGED_BOOKINGS):
        """All bookings of a journal in a book year, by number: one call a run. A removed booking is
        not among them."""
        series = book_year, journal
        with _documented_form(operations.CHANGED_BOOKINGS):
            if series not in self._bookings:
                rows = self.client.call(
                    operation,
                    query={
                        "bookyearId": book_year,
                        "journalKey": journal,
                        "modifiedTimeStamp": reading.BEGINNING,
                    },
                )
                by_number = {row["documentSequenceNr"]: row for row in rows or ()}
                year = self._year_of(book_year)
                self._stored[series] = {
                    number: mapping.stored_document(row, year) for number, row in by_number.items()
                }
                self._bookings[series] = by_number
            return self._stored[series]

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
            raise DataRefusedError(
                f"{length} bytes of files are too many for one call",
                code=REQUEST_TOO_LARGE,
                values={
                    "megabytes": f"{length / 2**20:.1f}",
                    "most_megabytes": f"{const.MOST_BYTES / 2**20:.1f}",
                },
            )

    # Book years

    def _book_year_and_period(self, document):
        """Number of the book year and of the period in which the accounting date lies."""
        day = document.accounting_date.isoformat()
        period = self._period_around(day)
        if period is None:
            self._read_book_years()
            period = self._period_around(day)
        if period is None:
            raise ConfigurationMissingError(
                f"Octopus has no period for {day}", code="no_period", values={"date": day}
            )
        if period["closed"]:
            raise PeriodClosedError(
                f"The book year of {day} is closed",
                code="book_year_closed",
                values={"date": day, "journal": document.journal},
            )
        book_year, _slash, number = period["code"].partition("/")
        return int(book_year), int(number)

    def _period_around(self, day):
        found = [row for row in self._periods if row["date_from"] <= day <= row["date_to"]]
        return min(found, key=lambda row: row["closed"], default=None)

    def _year_of(self, book_year):
        """What people call a book year: the year it begins in."""
        starts = [row["date_from"] for row in self._periods if row["book_year"] == str(book_year)]
        return min(starts)[:4] if starts else ""

    # Back

    def settlements_since(self, cursor: str) -> SettlementChanges:
        asked_at = self.client.now()
        answer = self.client.call(
            operations.CHANGED_BALANCINGS,
            query={"modifiedTimeStamp": reading.since(cursor) or reading.BEGINNING},
        )
        with _documented_form(operations.CHANGED_BALANCINGS):
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
        with _documented_form(operations.CHANGED_BALANCINGS):
            return [
                match
                for row in self._matches_read
                if reading.is_of_party(row)
                for match in reading.matches(row, key, self._year_of)
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
        with _documented_form(operations.OPEN_CUSTOMERS):
            book_years = self._read_book_years()
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
