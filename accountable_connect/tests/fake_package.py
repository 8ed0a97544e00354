"""A package that lives in memory, with switches for what can go wrong.

Behind it stands an ``Administration``, which outlives the clients: it is what the accountant sees.
"""

import dataclasses
from collections import Counter
from contextlib import contextmanager, suppress
from datetime import date
from decimal import Decimal
from functools import partial, wraps

from odoo.addons.accountable_connect.api import contract, errors, matching
from odoo.addons.accountable_connect.api.contact_matching import likeness
from odoo.addons.accountable_connect.api.identity import is_other_company
from odoo.addons.accountable_connect.documents import MasterItem, SettlementChanges


class FakeAdministration:
    """Books in memory.

    ``faults`` is a list of ``(operation, fault)``; the next call of the operation takes the first
    that names it. A fault is an exception to raise instead of the work, ``("after", exception)`` to
    raise after the work was done: the lost answer, or ``("late", seconds)``: no answer comes, and
    the work is done when a test lets so much time pass (``pass_time``).
    """

    def __init__(self, **capabilities):
        self.capabilities = contract.Capabilities(**{"consecutive_numbers": True, **capabilities})
        self.documents = {}  # key → dictionary of stored, document, number, series, files, gone
        self.parties = {}  # key → StoredParty
        self.settlements = []
        self.removed_settlements = []
        self.all_settlement_keys = None
        self.open = []
        self.party_changes = contract.PartyChanges()
        self.calls = Counter()
        self.order = []
        self.faults = []
        self.before = []  # called with (operation, what it is about) before the work
        self.last_numbers = {}
        self.hides_own_reference = False
        # Where numbers are only unique: whether they are ignored, and whether an answer told that.
        self.ignores_numbers = self.told_numbers_are_ignored = False
        self.has_file_places = False
        self.refuses_files = False
        self.refused_persons = set()  # e-mail addresses of contact persons
        self.person_error = errors.DataRefusedError("no address", code="person")
        self.processed = set()  # keys that can be removed no more
        self.told = []  # references of the documents that are looked up soon, batch by batch
        self.given = []  # (document, party_key, number) of every call that books
        self.again = []  # (operation, again) of every call that was told
        self.versions = 0
        self.late = []  # (seconds left, what is done then)
        self.makes_second_parties = False

    # What tests do as the accountant or as another program

    def fail(self, operation, fault, times=1):
        self.faults += [(operation, fault)] * times

    def pass_time(self, seconds):
        """What is late arrives, in its order; what is refused then, nobody hears of."""
        left = [(due - seconds, work) for due, work in self.late]
        self.late = [one for one in left if one[0] > 0]
        for _due, work in sorted((one for one in left if one[0] <= 0), key=lambda one: one[0]):
            calls = self.calls.copy()
            with suppress(errors.PackageError, KeyError):
                work()
            self.calls = calls  # it was counted when it was made

    def book_by_hand(self, series, **values):
        """A booking somebody entered in the administration itself."""
        number = self.last_numbers.get(series, 0) + 1
        self.last_numbers[series] = number
        key = f"{series}/{number}"
        stored = contract.StoredDocument(
            **{"key": key, "number": key, "version": self.new_version(), **values}
        )
        self.documents[key] = {"stored": stored, "files": [], "number": number, "series": series}
        return stored

    def recode(self, key):
        entry = self.documents[key]
        entry["stored"] = dataclasses.replace(entry["stored"], version=self.new_version())

    def recode_lines(self, key, account):
        """The accountant puts every line on another account."""
        entry = self.documents[key]
        lines = tuple(
            dataclasses.replace(line, ledger_account=account) for line in entry["stored"].lines
        )
        entry["stored"] = dataclasses.replace(
            entry["stored"], lines=lines, version=self.new_version()
        )

    def renumber(self, key, number):
        """The accountant gives a booking another number, which may be another's: whoever has it
        gets the old one."""
        series = self.documents[key]["series"]
        other = f"{series}/{number}"
        moved = {other: self.documents.pop(key)}
        if other in self.documents:
            moved[key] = self.documents.pop(other)
        for new, entry in moved.items():
            entry["stored"] = dataclasses.replace(entry["stored"], key=new, number=new)
            entry["number"] = int(new.rpartition("/")[2])
            self.documents[new] = entry
        self.last_numbers[series] = max(self.last_numbers[series], number)

    def new_version(self):
        self.versions += 1
        return f"v{self.versions}"

    @property
    def booked(self):
        """Our references in the order of booking."""
        return [entry["stored"].own_reference for entry in self.documents.values()]

    @contextmanager
    def called(self, operation, subject):
        self.calls[operation] += 1
        self.order.append(operation)
        for function in self.before:
            function(operation, subject)
        fault = self._next_fault(operation)
        if fault is not None and not isinstance(fault, tuple):
            raise fault
        yield
        if fault is not None:
            raise fault[1]

    def next_late(self, operation):
        """Seconds after which the next call of this operation arrives, None for at once."""
        for name, fault in self.faults:
            if name == operation:
                is_late = isinstance(fault, tuple) and fault[0] == "late"
                return self._next_fault(operation)[1] if is_late else None
        return None

    def _next_fault(self, operation):
        for index, (name, fault) in enumerate(self.faults):
            if name == operation:
                del self.faults[index]
                return fault
        return None


def can_be_late(method):
    """A call that may arrive after its caller gave up."""

    @wraps(method)
    def called(package, *arguments, **options):
        books = package.administration
        seconds = books.next_late(method.__name__)
        if seconds is None:
            return method(package, *arguments, **options)
        books.calls[method.__name__] += 1
        later = FakePackage(books)
        books.late.append((seconds, partial(method, later, *arguments, **options)))
        raise errors.OutcomeUnknownError("no answer")

    return called


class FakePackage(contract.Package):
    capabilities = contract.Capabilities(consecutive_numbers=True)

    def __init__(self, administration, budget=None):
        self.administration = administration
        self.capabilities = administration.capabilities
        self.budget = budget

    def _called(self, operation, subject=None):
        if self.budget:
            self.budget.spend(operation, None)
        return self.administration.called(operation, subject)

    def test_sign_in(self):
        with self._called("test_sign_in"):
            pass

    def list_administrations(self):
        with self._called("list_administrations"):
            return [contract.Administration(key="1", name="Fake books")]

    def fetch_master_data(self, kinds):
        with self._called("fetch_master_data"):
            return [MasterItem(kind="journal", code="V1", name="Sales")]

    # Parties

    def find_parties(self, party):
        with self._called("find_parties"):
            return [
                stored
                for stored in self.administration.parties.values()
                if likeness(stored.party, party, 100) is not None
            ]

    @can_be_late
    def save_party(self, party, key, *, sent=None):
        stored = None
        with self._called("save_party", party):
            if key is None:
                same = [
                    one
                    for one in self.administration.parties.values()
                    if one.party.external_number == party.external_number
                ]
                if self.administration.makes_second_parties:
                    same = []
                key = same[0].key if same else f"P{len(self.administration.parties) + 1}"
            held = self.administration.parties.get(key)
            if held and sent and is_other_company(held.party, party, sent):
                raise errors.DuplicateError(
                    "another", code=errors.DuplicateError.OTHER_COMPANY, candidates=[held]
                )
            emails = {person.email for person in party.contacts}
            refused = emails & self.administration.refused_persons
            problem = self.administration.person_error if refused else None
            stored = contract.StoredParty(key=key, party=party, contacts_problem=problem)
            self.administration.parties[key] = stored
        return stored

    def parties_changed_since(self, cursor):
        with self._called("parties_changed_since"):
            return self.administration.party_changes

    # Documents

    def number_series(self, document):
        told = self.administration.told_numbers_are_ignored
        return None if told else self._series(document)

    def _series(self, document):
        return f"{document.journal}/{document.accounting_date.year}"

    def refuses_used_number(self):
        return super().refuses_used_number() and not self.administration.told_numbers_are_ignored

    def last_number(self, series):
        with self._called("last_number"):
            return self.administration.last_numbers.get(series, 0)

    def last_booking(self, series):
        found = self.administration.documents.values()
        last = self.administration.last_numbers.get(series, 0)
        same = [one for one in found if (one["series"], one["number"]) == (series, last)]
        return same[0]["stored"] if same and not self.capabilities.consecutive_numbers else None

    def announce_look_ups(self, sought):
        self.administration.told.append([document.reference for document, _key in sought])

    def find_document(self, document, party_key, number=None):
        with self._called("find_document"):
            series = self._series(document)
            found = []
            for entry in self.administration.documents.values():
                stored = entry["stored"]
                if (
                    (number and entry["series"] == series and entry["number"] == number)
                    or stored.own_reference == document.own_reference
                    or (stored.party_key, stored.document_date, stored.total)
                    == (party_key, document.document_date, document.total)
                    or (stored.reference and stored.reference == document.reference)
                ):
                    found.append(self._shown(stored))
            return found

    def _shown(self, stored):
        if self.administration.hides_own_reference:
            return dataclasses.replace(stored, own_reference="")
        return stored

    @can_be_late
    def create_document(self, document, party_key, number=None, *, again=False):
        books = self.administration
        stored = None
        books.again.append(("create_document", again))
        books.given.append((document, party_key, number))
        with self._called("create_document", document):
            series = self._series(document)
            number = self._number_under(series, number)
            books.last_numbers[series] = max(number, books.last_numbers.get(series, 0))
            key = f"{series}/{number}"
            stored = contract.StoredDocument(
                key=key,
                number=key,
                kind=document.kind,
                version=books.new_version(),
                own_reference=document.own_reference,
                party_key=party_key,
                document_date=document.document_date,
                reference=document.reference,
                total=document.total,
                currency=document.currency,
                file_place=self._file_place(key) if document.files else "",
                without_files=books.refuses_files,
                lines=self.lines_of(document),
            )
            books.documents[key] = {
                "stored": stored,
                "document": document,
                "made": stored.version,
                "number": number,
                "series": series,
                "files": [] if books.refuses_files else [file.name for file in document.files],
            }
        return self._shown(stored)

    def _number_under(self, series, given):
        """The number a document gets that was given one, or None."""
        books, last = self.administration, self.administration.last_numbers.get(series, 0)
        if books.capabilities.consecutive_numbers and given != last + 1:
            raise errors.NumberTakenError("not the next number", last_number=last)
        if not given or books.ignores_numbers:
            books.told_numbers_are_ignored |= given not in (None, last + 1)
            return last + 1
        if f"{series}/{given}" in books.documents:
            raise errors.NumberTakenError("in use")
        return given

    @can_be_late
    def update_document(self, key, document, party_key):
        books = self.administration
        with self._called("update_document", document):
            entry = books.documents[key]
            if self.number_series(document) != entry["series"]:
                raise errors.DataRefusedError("another journal or year", code="moved")
            entry["stored"] = dataclasses.replace(
                entry["stored"],
                version=books.new_version(),
                total=document.total,
                reference=document.reference,
                lines=self.lines_of(document),
            )
            entry["document"] = document
        return self._shown(entry["stored"])

    @can_be_late
    def remove_document(self, key):
        with self._called("remove_document"):
            if key in self.administration.processed:
                return False
            self.administration.documents.pop(key, None)
            return True

    def is_untouched(self, key, document):
        with self._called("is_untouched"):
            entry = self.administration.documents[key]
            same = entry["document"].fingerprint() == document.fingerprint()
            touched = entry["stored"].version != entry["made"]
            return same and not touched and key not in self.administration.processed

    def read_document(self, key):
        with self._called("read_document"):
            entry = self.administration.documents.get(key)
            return self._shown(entry["stored"]) if entry else None

    def find_moved(self, key, own_reference, version, taken=()):
        found = [entry["stored"] for entry in self.administration.documents.values()]
        stored = matching.moved(found, own_reference, version, taken)
        return stored and self._shown(stored)

    def lines_of(self, document):
        return tuple(
            contract.StoredLine(
                ledger_account=line.ledger_account,
                vat_code=line.vat_code or "",
                base=line.base,
                vat=line.vat_invoiced,
            )
            for line in document.lines
        )

    def _file_place(self, key):
        return f"place of {key}" if self.administration.has_file_places else ""

    @can_be_late
    def attach_file(self, key, file, *, place="", again=False):
        books = self.administration
        books.again.append(("attach_file", again))
        with self._called("attach_file", place):
            files = books.documents[key]["files"]
            if not (again and file.name in files):
                files.append(file.name)
        return place or self._file_place(key)

    # Back

    def settlements_since(self, cursor):
        with self._called("settlements_since"):
            return SettlementChanges(
                settlements=tuple(self.administration.settlements),
                removed=tuple(self.administration.removed_settlements),
                all_keys=self.administration.all_settlement_keys,
                cursor=f"{date.today().isoformat()}#{self.administration.calls['settlements_since']}",
            )

    def open_items(self):
        with self._called("open_items"):
            return list(self.administration.open)


def amount(text):
    return Decimal(text)
