"""The package contract, spoken to Exact Online.

Calls: 1 for an entry, 1 more for the first of a journal and year in a run, 2 more with one file and
1 for each further; 1 to look up some nine that were announced, else 1 for each, 1 more when it is
there; 2 to read one; a change 2 after that, and 1 for each line that differs; 3 to remove one; 1 to
look at a party (1 more with a bank account, 1 more with contact persons) and none to write what did
not change. What master data says (Guids of accounts, kinds of VAT codes, periods) is given to the
constructor.

Entries are given numbers (see ``numbers``), so that one whose answer was lost is not booked twice.
"""

from collections.abc import Collection, Iterable

from odoo.addons.accountable_connect.api.contract import (
    Administration,
    Capabilities,
    StoredDocument,
    StoredLine,
)
from odoo.addons.accountable_connect.api.errors import ConfigurationMissingError
from odoo.addons.accountable_connect.api.service_package import ServicePackage
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
    SettlementChanges,
)

from . import mapping, reading
from .address_book import AddressBook
from .answers import documented_form
from .bookings import Bookings
from .client import ExactClient
from .codes import Codes
from .entries import PERIODS, Entries
from .files import Files, gone
from .settling import Settling

JOURNALS = "financial/Journals"
VAT_CODES = "vat/VATCodes"
LEDGER_ACCOUNTS = "bulk/Financial/GLAccounts"
PAYMENT_CONDITIONS = "cashflow/PaymentConditions"
COST_CENTRES = "hrm/Costcenters"
COST_UNITS = "hrm/Costunits"
JOURNAL_STATUSES = "read/financial/JournalStatusList"
DIVISIONS = "system/Divisions"
ACTIVE = 1
YEARS_OF_CLOSED_PERIODS = 2


class ExactPackage(ServicePackage):
    """One division. ``master`` is the master data read before."""

    capabilities = Capabilities(
        unique_numbers=True,
        line_without_vat_code=False,
        vat_countries=frozenset({"BE", "NL"}),
        finds_files=True,
        cost_centre_axes=2,
        remove_document=True,
        contact_persons=True,
    )

    def __init__(self, client: ExactClient, *, master: Iterable[MasterItem] = ()):
        self.codes = Codes(master)
        super().__init__(client, AddressBook(client, self.codes))
        self._files = Files(client)
        self._entries = Entries(client, self.codes)
        self._bookings = Bookings(client, self.codes, self._entries, self._files)
        self._settling = Settling(client, self.codes)

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

    # Documents

    def number_series(self, document: Document) -> str | None:
        """None also where Exact is known to ignore the numbers it is given."""
        return self._entries.series(document)

    def last_number(self, series: str) -> int:
        return self._entries.numbers.highest(series)

    def last_booking(self, series: str) -> StoredDocument | None:
        return self._entries.last_of(series)

    def refuses_used_number(self) -> bool:
        return self._entries.numbers.are_kept

    def announce_look_ups(self, sought: Collection[tuple[Document, str]]) -> None:
        self._entries.announce(sought)

    def find_document(
        self, document: Document, party_key: str, number: int | None = None
    ) -> list[StoredDocument]:
        self._left_out = []
        found, self._left_out = self._entries.find(document, party_key, number)
        return found

    def create_document(
        self,
        document: Document,
        party_key: str,
        number: int | None = None,
        *,
        again: bool = False,
    ) -> StoredDocument:
        return self._bookings.book(document, party_key, number, again)

    def update_document(self, key: str, document: Document, party_key: str) -> StoredDocument:
        return self._bookings.change(key, document, party_key)

    def remove_document(self, key: str) -> bool:
        return self._bookings.remove(key)

    def is_untouched(self, key: str, document: Document) -> bool:
        return self._bookings.is_untouched(key, document)

    def read_document(self, key: str) -> StoredDocument | None:
        return self._entries.document(key)

    def lines_of(self, document: Document) -> tuple[StoredLine, ...]:
        side = mapping.side_of(document)
        lines = [mapping.line_payload(document, line, self.codes) for line in document.lines]
        turned = document.is_refund and bool(document.total)
        return mapping.stored_lines(side, lines, self.codes, turned=turned)

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
