"""The package contract, spoken to Exact Online.

Calls: 1 for an entry, 1 more for the first of a journal and year in a run, 2 more with one file and
1 for each further; 1 to look up some nine that are told before (``look_up_soon``), else 1 for each,
1 more when it is there; 2 to read one; a change 2 after that, and 1 for each line that differs; 3
to remove one; 1 to look at a party (1 more with a bank account, 1 more with contact persons) and
none to write what did not change. What master data tells (Guids of accounts, kinds of VAT codes,
periods) is given to the constructor.

Error codes of this module, beside those of refusals: ``amount_differs`` and ``kind_differs`` (the
booking was not as the document says and is removed again), ``changed_otherwise`` (a change did not
make it so), ``processed`` (the accountant has processed or matched it: book a credit note),
``moved``, ``entry_gone``.

Entries are given numbers (see ``numbers``), so that one whose answer was lost is not booked twice.
"""

import logging
from collections.abc import Collection, Iterable

from odoo.addons.accountable_connect.api.contract import (
    Administration,
    Capabilities,
    Package,
    PartyChanges,
    StoredDocument,
    StoredLine,
    StoredParty,
)
from odoo.addons.accountable_connect.api.errors import (
    ConfigurationMissingError,
    DataRefusedError,
    LimitReachedError,
    NumberTakenError,
    OutcomeUnknownError,
    PackageError,
    PeriodClosedError,
)
from odoo.addons.accountable_connect.api.matching import could_be, is_left_out
from odoo.addons.accountable_connect.api.texts import bare, digits
from odoo.addons.accountable_connect.documents import (
    COST_CENTRE,
    COST_UNIT,
    JOURNAL,
    LEDGER_ACCOUNT,
    PAYMENT_TERM,
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
from . import changing, comparing, mapping, reading, wire
from .address_book import AddressBook
from .answers import documented_form
from .client import ExactClient
from .codes import Codes
from .files import Files, gone
from .look_up import LookUp
from .numbers import EntryNumbers, series_of
from .settling import Settling

_logger = logging.getLogger(__name__)

JOURNALS = "financial/Journals"
VAT_CODES = "vat/VATCodes"
LEDGER_ACCOUNTS = "bulk/Financial/GLAccounts"
PAYMENT_CONDITIONS = "cashflow/PaymentConditions"
COST_CENTRES = "hrm/Costcenters"
COST_UNITS = "hrm/Costunits"
PERIODS = "financial/FinancialPeriods"
JOURNAL_STATUSES = "read/financial/JournalStatusList"
DIVISIONS = "system/Divisions"
ACTIVE = 1
YEARS_OF_CLOSED_PERIODS = 2
CONCERN_THE_PARTY = ("party_unknown", "party_blocked", "not_customer", "not_supplier")
NUMBER_IN_USE = "number_in_use"
MATCHED = (const.TERM_SELECTED, const.TERM_IN_PROCESS, const.TERM_MATCHED)


class ExactPackage(Package):
    """One division. ``master`` is the master data read before."""

    capabilities = Capabilities(
        consecutive_numbers=False,
        unique_numbers=True,
        computes_owed_vat=True,
        computes_deductible_vat=True,
        computes_invoiced_vat=False,
        computes_company_currency=True,
        recoverable_share=True,
        line_without_vat_code=False,
        vat_countries=frozenset({"BE", "NL"}),
        files_with_document=True,
        files_afterwards=True,
        finds_files=True,
        cost_centre_axes=2,
        update_document=True,
        remove_document=True,
        zero_total=True,
        text_length=const.TEXT_LENGTH,
        settlements=True,
        documents_per_day=None,
        contact_persons=True,
    )

    def __init__(self, client: ExactClient, *, master: Iterable[MasterItem] = ()):
        self.client = client
        self.codes = Codes(master)
        self._address_book = AddressBook(client, self.codes)
        self._files = Files(client)
        self._look_up = LookUp(client)
        self._numbers = EntryNumbers(client)
        self._settling = Settling(client, self.codes)
        self._periods_were_read = False
        # Entries read by this run, each believed once.
        self._read: dict[str, tuple[dict, list[dict]]] = {}
        self._left_out: list[StoredDocument] = []

    def close(self) -> None:
        self.client.close()

    # Signing in

    def test_sign_in(self) -> None:
        self.client.get_me()

    def list_administrations(self) -> list[Administration]:
        """Divisions that are active; the user's present one only leads to the list."""
        division = self.client.get_me().get("CurrentDivision")
        rows = self.client.get_list(
            DIVISIONS,
            select="Code,Description,VATNumber,ChamberOfCommerceNumber,Country,Status",
            division=str(division or ""),
        )
        with documented_form(DIVISIONS):
            return [
                Administration(
                    key=str(row["Code"]),
                    name=row.get("Description") or str(row["Code"]),
                    vat_number=bare(row.get("VATNumber")),
                    registry_number=digits(row.get("ChamberOfCommerceNumber")),
                    country=(row.get("Country") or "").strip(),
                )
                for row in rows
                if row.get("Status", ACTIVE) == ACTIVE
            ]

    # Master data

    def fetch_master_data(self, kinds: Collection[str]) -> list[MasterItem]:
        """One call for 60 rows, for 1,000 ledger accounts; what is read is known from then on."""
        items: list[MasterItem] = []
        for kind, entity, fields, make in (
            (JOURNAL, JOURNALS, reading.JOURNAL_FIELDS, self._journals),
            (VAT_CODE, VAT_CODES, reading.VAT_CODE_FIELDS, reading.vat_code_items),
            (LEDGER_ACCOUNT, LEDGER_ACCOUNTS, reading.ACCOUNT_FIELDS, reading.account_items),
            (
                PAYMENT_TERM,
                PAYMENT_CONDITIONS,
                reading.PAYMENT_CONDITION_FIELDS,
                reading.payment_condition_items,
            ),
            (COST_CENTRE, COST_CENTRES, reading.COST_CENTRE_FIELDS, self._cost_centres),
            (COST_UNIT, COST_UNITS, reading.COST_UNIT_FIELDS, self._cost_units),
            (PERIOD, PERIODS, reading.PERIOD_FIELDS, self._periods),
        ):
            if kind in kinds:
                rows = list(self.client.get_list(entity, select=fields))
                with documented_form(entity):
                    items += make(rows)
        self.codes.learn(items)
        return items

    @staticmethod
    def _journals(rows):
        if not rows:
            # With a right missing, Exact answers with nothing instead of an error.
            raise ConfigurationMissingError("Exact shows no journal", code="no_right")
        return reading.journal_items(rows)

    def _cost_centres(self, rows):
        return reading.cost_items(COST_CENTRE, rows, self.client.now().date())

    def _cost_units(self, rows):
        return reading.cost_items(COST_UNIT, rows, self.client.now().date())

    def _periods(self, rows):
        first = self.client.now().year - YEARS_OF_CLOSED_PERIODS
        statuses = self.client.get_list(
            JOURNAL_STATUSES,
            select=reading.JOURNAL_STATUS_FIELDS,
            filter=f"Status eq {reading.CLOSED} and Year ge {first}",
        )
        return reading.period_items(rows, list(statuses))

    # Parties

    def find_parties(self, party: Party) -> list[StoredParty]:
        return self._address_book.find(party)

    def save_party(
        self, party: Party, key: str | None, *, sent: Party | None = None
    ) -> StoredParty:
        return self._address_book.save(party, key, sent)

    def parties_changed_since(self, cursor: str) -> PartyChanges:
        return self._address_book.changed_since(cursor)

    # Documents: numbers

    def number_series(self, document: Document) -> str | None:
        """None also where Exact is known to ignore the numbers it is given."""
        self._know_periods(document)
        year = self.codes.period_of(document.accounting_date).get("year")
        return series_of(document, year) if year and not self._numbers.are_ignored else None

    def last_number(self, series: str) -> int:
        return self._numbers.highest(series)

    def last_booking(self, series: str) -> StoredDocument | None:
        side, row = mapping.SIDES[series.partition("/")[0]], self._numbers.last_rows.get(series)
        if row is None:
            return None
        with documented_form(side.entries):
            return mapping.stored_document(side, row, None, self.codes)

    def refuses_used_number(self) -> bool:
        return self._numbers.are_kept

    # Documents: finding and reading

    def look_up_soon(self, sought: Collection[tuple[Document, str]]) -> None:
        self._look_up.announce(sought)

    def find_document(
        self, document: Document, party_key: str, number: int | None = None
    ) -> list[StoredDocument]:
        """One call for several documents that are looked up soon, and one for the lines of what was
        found. With a number it is asked for alone, and the entry under that number too."""
        self._left_out = []
        if not wire.is_guid(party_key):
            return []
        side = mapping.side_of(document)
        found = []
        series = self.number_series(document) if number else None
        rows = (
            self._look_up.entries_or_number(document, party_key, series, number)
            if series
            else self._look_up.entries(document, party_key)
        )
        with documented_form(side.entries):
            for row in rows:
                stored = mapping.stored_document(side, row, None, self.codes)
                stored = mapping.as_ours(document, stored, row)
                strength = could_be(stored, document, party_key)
                has_number = number and wire.read_integer(row.get("EntryNumber")) == number
                if strength:
                    found.append((-strength, stored.key, stored, row))
                elif (has_number and stored.own_reference) or is_left_out(
                    stored, document, party_key
                ):
                    self._left_out.append(stored)
        found.sort(key=lambda entry: entry[:2])
        return self._with_lines(side, [entry[2:] for entry in found])

    def left_out(self) -> list[StoredDocument]:
        return self._left_out

    def _with_lines(self, side, found):
        """The same with their lines: one call for those of all of them."""
        if not found:
            return []
        lines = self._lines_of(side, [row["EntryID"] for _stored, row in found])
        with documented_form(side.lines):
            return [
                mapping.with_lines(side, stored, row, lines.get(row["EntryID"], []), self.codes)
                for stored, row in found
            ]

    def _lines_of(self, side, entries):
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

    def read_document(self, key: str) -> StoredDocument | None:
        """Two calls: the entry and its lines."""
        found = self._read_entry(key)
        if found is None:
            self._read.pop(key, None)
            return None
        side = mapping.split_key(key)[0]
        self._read[key] = found
        with documented_form(side.entries):
            return mapping.stored_document(side, *found, self.codes)

    def lines_of(self, document: Document) -> tuple[StoredLine, ...]:
        side = mapping.side_of(document)
        lines = [mapping.line_payload(document, line, self.codes) for line in document.lines]
        turned = document.is_refund and bool(document.total)
        return mapping.stored_lines(side, lines, self.codes, turned=turned)

    def _read_entry(self, key):
        """The row of an entry and its lines, None when it is gone."""
        try:
            side, entry = mapping.split_key(key)
        except ValueError:
            return None
        row = self._row_of(side, entry)
        if row is None:
            return None
        lines = self._lines_of(side, [entry]).get(entry, [])
        return row, sorted(lines, key=lambda line: line.get("LineNumber") or 0)

    def is_untouched(self, key: str, document: Document) -> bool:
        """Three calls: the entry, its lines and its terms."""
        found = self._read_entry(key)
        if found is None:
            return False
        side = mapping.split_key(key)[0]
        row, lines = found
        if self._cannot_change(side, row):
            return False
        try:
            payload = self._payload(document, row.get(side.party) or "")
        except PackageError:
            return False
        with documented_form(side.entries):
            stored = mapping.stored_document(side, row, lines, self.codes)
            made = mapping.stored_document(side, row, payload[side.collection], self.codes)
            return (
                stored.version == made.version
                and row.get("Journal") == payload["Journal"]
                and (row.get("Description") or "") == (payload.get("Description") or "")
                and (row.get("YourRef") or "") == (payload.get("YourRef") or "")
                and not comparing.difference(document, stored, row)
            )

    def _row_of(self, side, entry):
        rows = self.client.get_list(
            side.entries,
            select=mapping.entry_fields(side),
            filter=f"EntryID eq {wire.guid(entry)}",
        )
        return next(iter(rows), None)

    # Documents: booking

    def create_document(
        self,
        document: Document,
        party_key: str,
        number: int | None = None,
        *,
        again: bool = False,
    ) -> StoredDocument:
        """One call; files are attached to a document of their own before it, so that the entry
        carries the link. What is wrong with a file holds up no entry: it goes without, and
        ``attach_file`` says what it is. The answer is compared with the document."""
        side = mapping.side_of(document)
        payload = self._payload(document, party_key)
        place = self._place_of_files(side, document, party_key, again)
        if place:
            payload["Document"] = place
        if number:
            payload["EntryNumber"] = number
        try:
            row = self.client.post(side.entries, payload, values=_values(document))
        except DataRefusedError as error:
            if number and error.code == NUMBER_IN_USE:
                raise NumberTakenError(
                    str(error),
                    code=error.code,
                    values=error.values,
                    technical=error.technical,
                    request=error.request,
                ) from error
            if error.code in CONCERN_THE_PARTY:
                error.values["concerns"] = "party"
            raise
        with documented_form(side.entries, written=True):
            entry = row["EntryID"]
        row = self._filled_in(side, entry, row)
        with documented_form(side.entries, written=True):
            self._numbers.learn(number, row, again)
            stored = mapping.stored_document(side, row, payload[side.collection], self.codes)
            problem = comparing.difference(document, stored, row)
        if problem:
            self._take_back(side, document, stored, row, problem)
        return self._files.booked(stored, place) if document.files else stored

    def _place_of_files(self, side, document, party_key, again):
        try:
            return self._files.with_document(side, document, party_key, again)
        except (DataRefusedError, ConfigurationMissingError, LimitReachedError) as error:
            if isinstance(error, LimitReachedError) and error.code != error.ONE_OPERATION:
                raise
            _logger.info("%s is booked without its files: %s", document.number, error)
            return ""

    def _payload(self, document, party_key):
        """What is to be sent. Raises before any call what is known already."""
        if not wire.is_guid(party_key):
            raise DataRefusedError(
                f"Account {party_key} does not exist",
                code="party_unknown",
                values=_values(document) | {"concerns": "party"},
            )
        self._know_periods(document)
        period = self.codes.period_of(document.accounting_date)
        if document.journal in period.get("closed_journals", ()):
            raise PeriodClosedError(
                f"{period['year']}/{period['period']} is closed for {document.journal}",
                code="period_closed",
                values=_values(document)
                | {
                    "date": document.accounting_date.isoformat(),
                    "period": f"{period['year']}-{period['period']:02}",
                },
            )
        return mapping.entry_payload(document, party_key, self.codes)

    def _know_periods(self, document):
        """Periods that a document needs and nobody told: read once a run."""
        for day in (document.accounting_date, document.document_date):
            if not self.codes.period_of(day) and not self._periods_were_read:
                rows = list(self.client.get_list(PERIODS, select=reading.PERIOD_FIELDS))
                with documented_form(PERIODS):
                    self.codes.learn_missing(reading.period_items(rows, []))
                self._periods_were_read = True

    def _filled_in(self, side, entry, row):
        """The entry as booked; read again when the answer to the booking says too little."""
        if row.get("AmountFC") is not None and row.get("Journal"):
            return row
        try:
            found = self._row_of(side, entry)
        except PackageError as error:
            raise OutcomeUnknownError(f"Entry {entry} cannot be read: {error}") from error
        if found is None:
            raise OutcomeUnknownError(f"Entry {entry} was answered and is not there")
        return found

    def _take_back(self, side, document, stored, row, problem):
        """Remove an entry that is not what the document says, and raise why."""
        figures = comparing.figures(document, stored, row)
        text = f"{document.number}: {document.kind}, booked as {stored.kind}: {figures}"
        try:
            self.client.delete(side.entries, row["EntryID"], values=_values(document))
        except PackageError as error:
            raise OutcomeUnknownError(
                f"{text}, and it cannot be removed: {error}",
                code=problem,
                values=_values(document) | figures,
            ) from error
        raise DataRefusedError(text, code=problem, values=_values(document) | figures)

    # Documents: changing and removing

    def update_document(self, key: str, document: Document, party_key: str) -> StoredDocument:
        """Change what differs, line by line: first those that stay, then further ones, then the
        surplus is removed, because removing the last line removes the entry."""
        found = self._read.pop(key, None) or self._read_entry(key)
        if found is None:
            raise DataRefusedError(
                f"{key} does not exist any more", code="entry_gone", values=_values(document)
            )
        side, entry = mapping.split_key(key)
        row, lines = found
        if self._cannot_change(side, row):
            error = DataRefusedError(
                f"{key} is processed or matched", code="processed", values=_values(document)
            )
            error.is_matched = row.get("Status") != const.PROCESSED
            raise error
        with documented_form(side.entries):
            before = mapping.stored_document(side, row, lines, self.codes)
        self._check_same_place(key, before, row, document)
        payload = self._payload(document, party_key)
        sent = payload.pop(side.collection)
        with documented_form(side.lines):
            plan = changing.plan(side, entry, row, lines, payload, sent, self.codes, document)
        self._carry_out(plan, document)
        row = self._filled_in(side, entry, {})
        with documented_form(side.entries, written=True):
            stored = mapping.stored_document(side, row, sent, self.codes)
            problem = comparing.difference(document, stored, row)
        if problem:
            figures = comparing.figures(document, stored, row)
            raise DataRefusedError(
                f"{document.number}: {figures['total']}, after the change {figures['booked']}",
                code=DataRefusedError.CHANGED_OTHERWISE,
                values=_values(document) | figures,
            )
        return stored

    def _check_same_place(self, key, before, row, document):
        """An entry keeps its kind, journal and year."""
        period = self.codes.period_of(document.accounting_date)
        zero = not before.total or not document.total
        if (
            mapping.side_of(document).name != key.partition("/")[0]
            or (before.kind != document.kind and not zero)
            or row["Journal"] != document.journal
            or (period and row.get("ReportingYear") not in (None, period["year"]))
        ):
            raise DataRefusedError(
                f"{key} cannot become a {document.kind} in {document.journal}",
                code="moved",
                values=_values(document),
            )

    def _carry_out(self, plan, document):
        """Make the changes. When one fails after another was made, nobody knows what is there: so
        none is begun that a limit would stop half way."""
        values = _values(document)
        if len(plan) > 1:
            methods = {step.method for step in plan}
            method = "POST" if "POST" in methods else "PUT"
            self.client.check_room(len(plan), method, plan[0].entity)
        for number, step in enumerate(plan):
            try:
                if step.method == "PUT":
                    self.client.put(step.entity, step.key, step.body, values=values)
                elif step.method == "POST":
                    self.client.post(step.entity, step.body, values=values)
                else:
                    self.client.delete(step.entity, step.key, values=values)
            except PackageError as error:
                if not number:
                    raise
                raise OutcomeUnknownError(
                    f"{document.number} was changed in part: {error}",
                    code=error.code,
                    values=error.values,
                    technical=error.technical,
                    request=error.request,
                ) from error

    def _cannot_change(self, side, row):
        """Whether the accountant has done something with it: processed, matched, or chosen for
        payment."""
        if row.get("Status") == const.PROCESSED:
            return True
        rows = self.client.get_list(
            side.terms,
            select="ID,Status,AmountDC",
            filter=f"TransactionEntryID eq {wire.guid(row['EntryID'])}",
        )
        with documented_form(side.terms):
            return any(
                term["Status"] in MATCHED and wire.read_number(term.get("AmountDC"))
                for term in rows
            )

    def remove_document(self, key: str) -> bool:
        """Its files stay in Exact's archive of documents."""
        try:
            side, entry = mapping.split_key(key)
        except ValueError:
            return True
        self._read.pop(key, None)
        row = self._row_of(side, entry)
        if row is None:
            return True
        if self._cannot_change(side, row):
            return False
        try:
            self.client.delete(side.entries, entry, values={"key": key})
        except PeriodClosedError:
            return False
        except DataRefusedError as error:
            if error.code not in ("processed", "not_found"):
                raise
            return error.code == "not_found"
        return True

    def attach_file(self, key: str, file: File, *, place: str = "", again: bool = False) -> str:
        """One call where the place is known, else two."""
        try:
            side, entry = mapping.split_key(key)
        except ValueError:
            raise gone(key) from None
        return self._files.afterwards(side, entry, file, place, again)

    # Back

    def settlements_since(self, cursor: str) -> SettlementChanges:
        return self._settling.since(cursor)

    def open_items(self) -> list[OpenItem]:
        return self._settling.open_items()


def _values(document):
    """What the sentence of an error may name."""
    return {
        "document": document.number,
        "journal": document.journal,
        "party": document.party.name,
        "currency": document.currency,
    }
