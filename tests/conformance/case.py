"""What a package brings to the conformance suite: its sandbox, seen without its own words.

The suite is written against the package contract. A new package adds one ``PackageCase`` and its
line in ``conftest.py``. Amounts of the books are ``Decimal``, debit positive, in the company's
currency unless said otherwise; keys of documents and parties are those the package gives.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from odoo.addons.accountable_connect.api import policy
from odoo.addons.accountable_connect.api.contract import Package
from odoo.addons.accountable_connect.api.errors import LimitReachedError, MayArriveError
from odoo.addons.accountable_connect.documents import Document, File, Party

# Faults, by what the caller sees.
ANSWER_LOST = "answer_lost"  # the work is done, the answer is not sent
LATE = "late"  # the connection breaks at once, the work is done when 40 seconds have passed
NOTHING_DONE = "nothing_done"  # the connection breaks before the work
SERVER_ERROR = "server_error"
SERVER_ERROR_DONE = "server_error_done"  # the work is done, the answer is an error
LIMIT = "limit"
HTML = "html"
GARBAGE = "garbage"
HUGE = "huge"
EMPTY = "empty"

# What a fault hits.
SIGN_IN = "sign_in"
CREATE_DOCUMENT = "create_document"
UPDATE_DOCUMENT = "update_document"
ATTACH_FILE = "attach_file"
SAVE_PARTY = "save_party"
FIND_PARTY = "find_party"
SAVE_CONTACT_PERSON = "save_contact_person"
READ_DOCUMENTS = "read_documents"
READ_SETTLEMENTS = "read_settlements"
READ_MASTER_DATA = "read_master_data"


@dataclass(frozen=True, kw_only=True)
class Codes:
    """Codes of the sandbox's administration. ``sale`` and ``purchase`` by rate, the latter services
    and sundry goods; ``sale_outside`` and ``purchase_outside`` keep a line out of the VAT return;
    ``vat_accounts`` are beginnings of account numbers. An advance on goods is booked on
    ``advance_account``."""

    sale_journal: str
    other_sale_journal: str
    purchase_journal: str
    sale: dict[int, str]
    sale_co_contractor: str
    sale_intra_goods: str
    sale_intra_services: str
    sale_export: str
    purchase: dict[int, str]
    goods: dict[int, str]
    investment: dict[int, str]
    purchase_co_contractor: str
    purchase_intra_goods: str
    purchase_intra_services: str
    purchase_import: str
    sale_outside: str | None = None
    purchase_outside: str | None = None
    revenue: str
    other_revenue: str
    discount: str
    cost: str
    goods_account: str
    asset_account: str
    advance_account: str
    car_cost: str
    private_account: str
    cost_centre: str
    cost_unit: str = ""
    term_of_two_halves: str = ""  # half at once, half after 30 days, as open lines of their own
    customers: str
    suppliers: str
    vat_accounts: tuple[str, ...]


class MemoryTokens:
    """A token store in memory that counts what is asked of it."""

    def __init__(self):
        self.kept: dict[str, dict] = {}
        self.held: list[str] = []

    def load(self, name):
        kept = self.kept.get(name)
        return dict(kept) if kept else None

    def save(self, name, values):
        self.kept[name] = dict(values)

    @contextmanager
    def lock(self, name):
        assert not self.held, f"{name} is locked while {self.held} is"
        self.held.append(name)
        try:
            yield
        finally:
            self.held.remove(name)


class MemoryBudget:
    """A call budget in memory. ``used`` pretends earlier calls of the day."""

    def __init__(self):
        self.calls: dict[str, int] = {}
        self.used: dict[str, int] = {}
        self.remembered: dict[str, str] = {}

    def spend(self, operation, limit):
        if limit is not None and self.spent(operation) >= limit:
            raise LimitReachedError(
                f"{operation} is used up",
                not_before=datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=1),
            )
        self.calls[operation] = self.calls.get(operation, 0) + 1

    def spent(self, operation):
        return self.calls.get(operation, 0) + self.used.get(operation, 0)

    def remember(self, name, values):
        self.remembered[name] = json.dumps(values)

    def recall(self, name):
        return json.loads(self.remembered.get(name, "null")) or None

    @property
    def total(self):
        return sum(self.calls.values())


class ReceivingCase(ABC):
    """One administration on a fresh sandbox, and how a document gets into its books: by a call of
    the package, or by being handed over. Tests that ask for no answer are written against this."""

    name: str
    codes: Codes
    year: int  # the open book year documents are dated in
    hands_over = False
    has_ledger = True  # its books are entries on accounts, with boxes of the VAT return

    @abstractmethod
    def open(self) -> Package:
        """A package as a new run gets it."""

    @abstractmethod
    def check(self, document: Document, key: str, package: Package) -> None:
        """The books hold under this key what the document says, by the cent."""

    @abstractmethod
    def keys(self) -> list[str]:
        """Every sales and purchase document in the books."""

    @abstractmethod
    def files(self, key: str) -> list[tuple[str, str]]:
        """Name and SHA-256 of the files of a document."""

    @abstractmethod
    def close(self) -> None: ...


class LedgerCase(ReceivingCase):
    """Its books are entries on accounts, compared with a document account by account."""

    def check(self, document, key, package):
        """A share that the package works out itself may differ by a cent."""
        found, party = self._entry_without_party(key, document)
        expected = booked(document)
        tolerance = Decimal(0)
        shares = {line.recoverable_share for line in document.lines} - {None, Decimal(100)}
        if shares and package.capabilities.computes_deductible_vat:
            tolerance = Decimal("0.01")
        assert set(found) == set(expected)
        for name, amount in expected.items():
            assert abs(found[name] - amount) <= tolerance, (name, found, expected)
        side = 1 if document.is_sale != document.is_refund else -1
        assert party == side * document.total_company
        assert self.document_currency_total(key) == side * document.total
        assert self.party_of(key)

    def _entry_without_party(self, key, document):
        """The entry with the VAT accounts added up, and the party's amount apart."""
        control = self.codes.customers if document.is_sale else self.codes.suppliers
        amounts, party = {}, Decimal(0)
        for account, amount in self.entry(key).items():
            if account == control:
                party += amount
                continue
            name = "VAT" if account.startswith(self.codes.vat_accounts) else account
            amounts[name] = amounts.get(name, Decimal(0)) + amount
        return {name: amount for name, amount in amounts.items() if amount}, party

    @abstractmethod
    def entry(self, key: str) -> dict[str, Decimal]:
        """The entry of a document: account → amount."""

    @abstractmethod
    def document_currency_total(self, key: str) -> Decimal:
        """The party's amount of a document in its own currency, debit positive."""

    @abstractmethod
    def boxes(self, key: str) -> dict[str, Decimal]:
        """Boxes of the VAT return a document fills."""

    @abstractmethod
    def party_of(self, key: str) -> str:
        """The party key of a document."""


class FilesCase(ReceivingCase):
    """A package of files: what is handed over arrives in the books once the receiver imported it,
    and nothing answers."""

    hands_over = True
    # What goes beside a document, where it is not its own file.
    annexes: tuple[File, ...] = ()
    # What came before is refused when it comes again.
    knows_what_came = True

    @abstractmethod
    def receive(self, *documents: Document, annexes: Iterable[File] = ()) -> list[str]:
        """Close a batch of documents, hand it over and let the receiver import it; gives the keys
        of what came into the books, in the order of the documents."""

    @abstractmethod
    def refused(self) -> list[tuple[str, str]]:
        """What the receiver did not take: the number of the document, and its words."""

    @abstractmethod
    def kind_and_number(self, key: str) -> tuple[str, str]:
        """Of a document in the books."""

    @abstractmethod
    def spoiled(self, document: Document) -> Document:
        """The same document with something in it that is refused."""


class PackageCase(LedgerCase):
    """A package with a service of its own."""

    # Keys that name nobody and nothing, in the form the package's keys have.
    unknown_party: str
    # What the service itself does, where packages differ.
    class_of_vat_code = True  # the code decides box 81, 82 or 83; else the ledger account does
    locks_journals = True  # somebody at work in a journal keeps others out
    knows_companies = True  # a party says whether it is a company
    lists_bank_accounts = True  # a search for parties gives their IBAN
    minds_case = False  # a search for a name minds capitals
    holds_registry_numbers = True  # apart from the VAT number
    calls_to_read = 2  # to read five documents
    tries_of_a_read = 1  # a read that meets a server error is tried so often
    keeps_numbers = False  # a number the caller gives is kept, where they are only unique
    guards_matched = False  # what is paid or processed cannot be changed or removed

    def __init__(self):
        self.tokens = MemoryTokens()
        self.budget = MemoryBudget()

    def once_settled(self, ask):
        """What a call gives once nothing of an earlier one can arrive any more; only the sandbox's
        time passes."""
        for _look in range(2):
            try:
                return ask()
            except MayArriveError:
                self.pass_time(policy.ANSWER_MAY_TAKE.total_seconds())
        return ask()

    def use_up_limits(self) -> None:
        """As if every call of the day had been made."""
        for name in list(self.budget.calls):
            self.budget.used[name] = 1_000_000

    @abstractmethod
    def bank_accounts(self, party_key: str) -> list[str]:
        """The IBANs of a party, the one it is paid on first."""

    def contact_persons(self, party_key: str) -> dict[str, str]:
        """Name → e-mail address of the persons of a party, where the package takes them."""
        raise NotImplementedError(f"{self.name} takes no contact persons")

    @abstractmethod
    def pass_time(self, seconds: float) -> None:
        """The clock of the service and ours go on."""

    @abstractmethod
    def open(self, *, password: str | None = None, reachable: bool = True) -> Package:
        """A package as a new run gets it; tokens and budget are kept from the run before. With
        ``reachable`` false nothing listens at its address."""

    # The books

    def file_places(self, key: str) -> list[str] | None:
        """The places that hold the files of a document; None where they hang on it itself."""
        return None

    @abstractmethod
    def cost_centres(self, key: str) -> set[str]:
        """Cost centres on the lines of a document."""

    def cost_units(self, key: str) -> set[str]:
        """Cost units on the lines of a document, where the package has them."""
        raise NotImplementedError

    @abstractmethod
    def parties(self) -> dict[str, Party]:
        """Every party, by key, as the books hold it (name, numbers, country, roles)."""

    # What people do in the application

    @abstractmethod
    def pay(
        self, *keys: str, amount: Decimal | None = None, parts: Collection[Decimal] = ()
    ) -> str:
        """Book a bank line and match it with documents, in whole, or ``parts`` of each; ``amount``
        is the whole payment. Gives the key of the bank booking."""

    @abstractmethod
    def set_off(self, invoice: str, credit_note: str) -> None: ...

    @abstractmethod
    def move_to_doubtful(self, key: str) -> None: ...

    @abstractmethod
    def write_off(self, key: str, amount: Decimal) -> None: ...

    @abstractmethod
    def unmatch(self, key: str) -> None: ...

    @abstractmethod
    def recode(self, key: str, account: str) -> None:
        """The accountant puts the first line on another account."""

    def redate(self, key: str, day: date, reference: str) -> None:
        """The accountant corrects date and reference, where numbers are only unique."""
        raise NotImplementedError

    def speak(self, language: str) -> None:
        """The service answers in another language, where refusals are known by their text."""
        raise NotImplementedError

    @abstractmethod
    def renumber(self, key: str) -> None:
        """The accountant numbers the journal of a booking anew, or gives it a free number."""

    @abstractmethod
    def delete(self, key: str) -> None: ...

    def process(self, key: str) -> None:
        """The accountant closes the books on a document, where the package knows that."""
        raise NotImplementedError

    @abstractmethod
    def book_by_hand(
        self, journal: str, party_key: str, total: Decimal, day: date, reference: str = ""
    ) -> str:
        """A booking somebody makes in the application. Gives its key."""

    @abstractmethod
    def opening_item(self, party_key: str, amount: Decimal) -> None:
        """An open line of earlier books on a customer."""

    @abstractmethod
    def close_period(self, day: date) -> None:
        """Nothing can be booked up to and including the period of a day."""

    @abstractmethod
    def open_journal_elsewhere(self, journal: str, is_open: bool) -> None: ...

    @abstractmethod
    def switch_interface_off(self) -> None:
        """The user may no longer use the interface (module, licence)."""

    @abstractmethod
    def disable_administration(self) -> None: ...

    @abstractmethod
    def empty_chart(self) -> None:
        """Remove every ledger account."""

    @abstractmethod
    def rename_party(self, key: str, name: str) -> None: ...

    @abstractmethod
    def retype_party(self, key: str, **values: str) -> None:
        """The accountant types ``name``, ``vat_number``, ``registry_number`` or ``country``, and
        removes our number."""

    # Misbehaviour

    @abstractmethod
    def fault(self, target: str, kind: str, count: int = 1) -> None:
        """The next ``count`` calls of a target go wrong."""

    @abstractmethod
    def expire_tokens(self) -> None: ...

    def let_consent_expire(self) -> None:
        """The consent of a person is too old, where there is one."""
        raise NotImplementedError

    @abstractmethod
    def failed_sign_ins(self) -> int:
        """Wrong passwords the service has counted."""

    @abstractmethod
    def writes(self) -> int:
        """Calls that insert documents, as the service counted them."""


def booked(document: Document) -> dict[str, Decimal]:
    """The accounts a document must fill in the books, with the VAT accounts as one: base with the
    VAT that became cost, VAT, and nothing for the party, whose account the caller knows."""
    side = -1 if document.is_sale else 1
    if document.is_refund:
        side = -side
    amounts: dict[str, Decimal] = {}
    for line in document.lines:
        vat = line.vat_invoiced_company
        base = line.base_company
        if not document.is_sale:
            vat = line.vat_deductible_company - line.vat_owed_company
            base = line.total_company - vat
        for name, amount in ((line.ledger_account, base), ("VAT", vat)):
            amounts[name] = amounts.get(name, Decimal(0)) + side * amount
    return {name: amount for name, amount in amounts.items() if amount}
