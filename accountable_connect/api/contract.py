"""The package contract: what a package addon implements, plain Python, no Odoo.

One object serves one connection for the length of one run and is used as a context manager, so
that a package may keep an HTTP session open. Every method may raise any ``PackageError``; none
retries a call that could book something twice. Nothing waits for the end of the run: what a method
returned is done.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Protocol

from ..documents import Document, File, MasterItem, OpenItem, Party, SettlementChanges
from .errors import PackageError

# Steps of the set-up that a package may do without.
SET_UP_NEEDS = frozenset({"administration", "journals", "vat_codes", "ledger_accounts", "contacts"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a package can and cannot do; the core reads this instead of the package's name.

    * ``consecutive_numbers``: the caller gives the number; it must follow the last one.
    * ``unique_numbers``: the caller may give a number, and one that is given twice is refused. Gaps
      are allowed, so a number belongs to its document for good and nothing waits for it.
    * ``computes_owed_vat`` / ``computes_deductible_vat``: the package works it out; its figure may
      differ by cents.
    * ``line_without_vat_code``: a line outside the VAT return may leave the code out.
    * ``vat_countries``: ISO codes of the countries whose VAT it can book.
    * ``files_with_document`` / ``files_afterwards``: how files travel; ``finds_files``: it can look
      whether a file arrived, so ``attach_file`` may be repeated with ``again``.
    * ``cost_centre_axes``: 0 for none, 1 for cost centres, 2 for cost centres and cost units.
    * ``update_document`` / ``remove_document``: whether a booking can be changed or removed, as
      long as nobody over there stands in the way.
    * ``zero_total``: whether 0.00 can be booked.
    * ``settlements``: whether settlements can be read back.
    * ``contact_persons``: whether a party takes the persons to speak to.
    * ``reads_parties``: whether parties can be read back.
    * ``handed_over``: kinds of documents that are not booked by a call but handed over as files,
      see ``FilePackage``; empty for a package with a service of its own.
    * ``entries``: what goes is a journal entry in the administration's codes; False: the e-invoice
      or the original file itself, which the accountant books.
    * ``needs``: what a person chooses before anything goes, of ``SET_UP_NEEDS``.
    * ``signs_in``: whether there is anything to sign in to.
    * ``types_master_data``: kinds of master data that people type or paste, where nothing can be
      read at once; what is typed stays when a file that comes later is read.
    """

    consecutive_numbers: bool = False
    unique_numbers: bool = False
    computes_owed_vat: bool = True
    computes_deductible_vat: bool = True
    line_without_vat_code: bool = True
    vat_countries: frozenset[str] = frozenset({"BE"})
    files_with_document: bool = True
    files_afterwards: bool = True
    finds_files: bool = False
    cost_centre_axes: int = 1
    update_document: bool = True
    remove_document: bool = False
    zero_total: bool = True
    settlements: bool = True
    contact_persons: bool = False
    reads_parties: bool = True
    handed_over: frozenset[str] = frozenset()
    entries: bool = True
    needs: frozenset[str] = SET_UP_NEEDS
    signs_in: bool = True
    types_master_data: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration:
    """One set of books a sign-in reaches.

    ``vat_number`` and ``registry_number`` (KvK, enterprise number) are those of the company whose
    books these are, as the package gives them; ``country`` is ISO 3166 alpha-2 or "".
    """

    key: str
    name: str
    vat_number: str = ""
    registry_number: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredParty:
    """A party as the administration holds it. ``external_number`` 0: none.

    ``contacts_problem``: the party was saved, some of its contact persons, or of what no booking
    needs, were not; the caller goes on, and tries them again apart from any document.
    """

    key: str
    party: Party
    active: bool = True
    contacts_problem: PackageError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyChanges:
    parties: tuple[StoredParty, ...] = ()
    removed: tuple[str, ...] = ()
    cursor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What a booking is matched with, for people: ``kind`` as of a Settlement, ``number`` what a
    bookkeeper calls the other booking, ``amount`` positive."""

    kind: str
    number: str
    date: date
    amount: Decimal
    currency: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLine:
    """A line as the administration holds it: ``base`` and ``vat`` (on the invoice) in document
    currency, signed relative to the kind. ``share`` of the VAT that is deductible and ``cost`` are
    texts of the package's own, "" where the question does not arise."""

    ledger_account: str
    vat_code: str = ""
    base: Decimal
    vat: Decimal = Decimal(0)
    share: str = ""
    cost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """A document as the administration holds it.

    ``key`` is lasting and unique; ``number`` what a bookkeeper calls it (``V1 2026/43``).
    ``version`` is opaque: equal as long as nobody changed the booking. ``own_reference`` is the one
    we sent when it can be read back, else "". ``total`` is signed relative to ``kind``.
    ``file_place`` is where its files hang, when that is something of its own, else ""; the caller
    keeps it and gives it to ``attach_file``.
    ``without_files``: it was booked without those of its document; the caller attaches them
    afterwards, and ``attach_file`` raises what is wrong with them.
    ``lines``: its lines, empty where the package does not give them.
    """

    key: str
    number: str
    kind: str
    version: str = ""
    own_reference: str = ""
    party_key: str = ""
    document_date: date | None = None
    reference: str = ""
    text: str = ""
    total: Decimal | None = None
    currency: str = ""
    file_place: str = ""
    without_files: bool = False
    lines: tuple[StoredLine, ...] = ()


class TokenStore(Protocol):
    """Keeps tokens between runs and workers; the client does not know where."""

    def load(self, name: str) -> dict | None:
        """The values last saved under this name, or None."""

    def save(self, name: str, values: dict) -> None:
        """Keep the values durably before they are used."""

    def lock(self, name: str) -> AbstractContextManager:
        """Only one worker at a time refreshes; re-read after getting the lock."""


class CallBudget(Protocol):
    """Counts calls per operation and day, and keeps what a client knows of its limits."""

    def spend(self, operation: str, limit: int | None) -> None:
        """Count one call. Raises LimitReachedError when the limit of the day is used up."""

    def spent(self, operation: str) -> int:
        """Calls of today so far."""

    def remember(self, name: str, values: dict) -> None:
        """Keep a few JSON values of the connection beyond the run and the day: what is left of a
        quota, the moments errors happened. Replaces those of the same name; {} forgets them."""

    def recall(self, name: str) -> dict | None:
        """The values last remembered under this name, or None."""


class Webhooks(Protocol):
    """How a package tells of changes. A notification is a hint: of what it says only the
    administration is used, and only to choose whose secrets may have signed it."""

    def administration_of(self, body: bytes) -> str:
        """The key of the administration a body speaks of, **whoever sent it**; "" for none."""

    def is_signed(self, body: bytes, secret: str) -> bool:
        """Whether the holder of this secret sent the body. Takes equally long for every wrong
        signature; False without a secret."""

    def subscribe(self, client, address: str) -> None:
        """Ask to be told at ``address``; asking again changes nothing. Raises a PackageError."""

    def unsubscribe(self, client, address: str) -> None:
        """Do not ask any more; the same."""


class Package(ABC):
    """One administration, spoken to through its own interface.

    A limit that holds for one operation only (errors counted per endpoint) is a LimitReachedError
    with code ``error_budget``: what needs that operation waits, the rest goes on.
    """

    capabilities: ClassVar[Capabilities]

    def __enter__(self):
        return self

    def __exit__(self, *exception_details):
        self.close()

    def close(self) -> None:  # noqa: B027  (nothing to release is an answer)
        """Release what the run held open."""

    # Signing in

    @abstractmethod
    def test_sign_in(self) -> None:
        """Returns when the credentials are right; raises AuthorisationLostError otherwise."""

    @abstractmethod
    def list_administrations(self) -> list[Administration]:
        """Every administration the sign-in reaches."""

    # Master data

    @abstractmethod
    def fetch_master_data(self, kinds: Collection[str]) -> list[MasterItem]:
        """The master data of the kinds asked, whole; a kind the package does not know: none."""

    # Parties

    @abstractmethod
    def find_parties(self, party: Party) -> list[StoredParty]:
        """Those that share external number, VAT number, registry number or exact name, numbers
        however they are written; best first."""

    @abstractmethod
    def save_party(
        self, party: Party, key: str | None, *, sent: Party | None = None
    ) -> StoredParty:
        """Create (``key`` None) or update. Repeating it with the same external number makes no
        second one. Raises DuplicateError when the external number belongs to somebody else.

        ``sent``: with the numbers that identified it when it was last sent under this key. Then
        what is there is not replaced when it is another company by now (``identity``): a
        DuplicateError with ``OTHER_COMPANY`` and that one as its candidate. None: a person, or the
        match of the numbers, has said that it is the same."""

    @abstractmethod
    def parties_changed_since(self, cursor: str) -> PartyChanges:
        """``cursor`` "" reads everything."""

    # Documents

    def number_series(self, document: Document) -> str | None:
        """The series (of a journal and year) the document's number is taken from, where the caller
        gives it; None where the package numbers this one itself."""
        return None

    def last_number(self, series: str) -> int:
        """The highest number used in a series, 0 for none. Asks the administration. The first
        document of an empty series is given no number where these are only unique."""
        raise NotImplementedError

    def last_booking(self, series: str) -> StoredDocument | None:
        """The booking with the number that ``last_number`` gave, without its lines, where that call
        returned it; None else. Makes no call."""
        return None

    def refuses_used_number(self) -> bool:
        """Whether a number that is given twice makes a second booking impossible, as far as this
        connection knows by now."""
        return self.capabilities.consecutive_numbers or self.capabilities.unique_numbers

    def announce_look_ups(  # noqa: B027  (asking for each is an answer)
        self, sought: Collection[tuple[Document, str]]
    ) -> None:
        """Documents that ``find_document`` will be asked for within this run, in this order, each
        with the key of its party: a package may ask for several of them at once. Makes no call;
        forgets what was announced, and read, before."""

    @abstractmethod
    def find_document(
        self, document: Document, party_key: str, number: int | None = None
    ) -> list[StoredDocument]:
        """Those in the administration that could be this document: the one under the given number,
        our own reference, or equal party and date and total, or equal party and reference (the
        supplier's number). Best first. Used before anything is sent a second time, and to adopt
        what is there already. A booking known to be another document of ours is left out."""

    def left_out(self) -> list[StoredDocument]:
        """What the last ``find_document`` came across and left out as another document of ours,
        though it has the number that was asked for, or the figures of the document; without its
        lines. The caller knows whether it ever made it. Makes no call."""
        return []

    @abstractmethod
    def create_document(
        self,
        document: Document,
        party_key: str,
        number: int | None = None,
        *,
        again: bool = False,
    ) -> StoredDocument:
        """Book it, with those files the package takes in the same call. Raises NumberTakenError,
        PeriodClosedError, DataRefusedError …, OutcomeUnknownError when no answer came.

        ``again``: an earlier attempt did not book it, but may have left something behind (a place
        for its files) that is used instead of making a second one."""

    def update_document(self, key: str, document: Document, party_key: str) -> StoredDocument:
        """Replace the booking; the caller has made sure that nobody changed it since."""
        raise NotImplementedError

    def remove_document(self, key: str) -> bool:
        """Remove the booking where the package can. False: this one can no longer be removed
        (processed, matched, in a closed period), and nothing was changed. One that is gone already
        counts as removed."""
        raise NotImplementedError

    def is_untouched(self, key: str, document: Document) -> bool:
        """Whether a booking with our mark is exactly what booking this document makes, and nobody
        has processed, matched or changed it: then a second one may be removed without asking. False
        where the package cannot tell."""
        return False

    @abstractmethod
    def read_document(self, key: str) -> StoredDocument | None:
        """The booking as it is now; None when it is gone."""

    def find_moved(
        self, key: str, own_reference: str, version: str, taken: Collection[str] = ()
    ) -> StoredDocument | None:
        """The booking that stands no longer under its key, because a person gave it another number:
        the one with our mark, else the only one with this version. None where keys last, and when
        it is gone. ``taken``: keys of bookings it is not."""
        return None

    def lines_of(self, document: Document) -> tuple[StoredLine, ...]:
        """The lines a booking of this document has when nobody touched it, as ``StoredDocument``
        says them; empty where the package does not say lines."""
        return ()

    @abstractmethod
    def attach_file(self, key: str, file: File, *, place: str = "", again: bool = False) -> str:
        """Attach a file to a booking that is there; gives the place its files hang in, "" where the
        package has none.

        ``place`` is what an earlier call gave for this booking. ``again``: an earlier attempt may
        have arrived; a package that can look finds out first, and attaches no second copy."""

    # Back

    @abstractmethod
    def settlements_since(self, cursor: str) -> SettlementChanges:
        """``cursor`` "" reads everything there is."""

    def matches_of(self, key: str) -> list[Match]:
        """What a booking is matched with, asked when a change of it was refused for that; empty
        where the package does not say."""
        return []

    @abstractmethod
    def open_items(self) -> list[OpenItem]:
        """Every open item of customers and suppliers, for the daily comparison."""
