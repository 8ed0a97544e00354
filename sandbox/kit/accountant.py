"""What people do in any package's application: pay, match, move, delete, close, rename.

All of it works on the neutral books. A package's own accountant says how it books a payment, a
general entry, a sale or purchase, and what it refuses with. An entry is named by ``book_year``,
``journal`` and ``number``, a line of it by its ``sequence`` too (the party's line when left out).
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from .amounts import ZERO, loaded
from .ledger import Books, period_of
from .matching import Matching, delete_booking
from .vat import VatCode

Action = TypeVar("Action", bound=Callable[..., Any])
PARTY_LINE = -1


class Actions(dict[str, Callable[..., Any]]):
    """What people do in a package's application, by name."""

    def named(self, name: str) -> Callable[[Action], Action]:
        """Register a function under this name."""

        def register(function: Action) -> Action:
            self[name] = function
            return function

        return register


ACTIONS = Actions()
action = ACTIONS.named


@dataclass(frozen=True)
class Place:
    """Where a new entry goes: the period of its date, and the next number of its journal."""

    journal: str
    book_year: int
    period: int
    date: str
    number: int


@dataclass(frozen=True)
class HandLine:
    """A line of an entry by hand, on a ledger account or on a party's ``control`` account."""

    amount: Decimal
    account: int | str | None = None
    party: int | str | None = None
    control: int | str | None = None
    reference: str | None = None


def number_of(value: float | str | Decimal) -> Decimal:
    """An amount of a call."""
    return Decimal(str(value))


class Accountant(ABC):
    """A person at work on the books of one administration.

    A package registers actions of its own, or others under the same name, in an ``Actions`` that
    starts with ``ACTIONS``. Every one takes the accountant and the values of the call, and raises
    the refusals that a client would get.
    """

    money_journal: str
    general_journal: str
    opening_account: int | str
    doubtful_account: int | str
    account_data: frozenset[str] = frozenset()

    def __init__(self, books: Books):
        self.books = books
        self.matching = Matching(books)

    @abstractmethod
    def refusal(self, kind: str, text: str) -> Exception:
        """How a ``booking``, ``journal``, ``vat_code`` or ``party`` that lacks is refused."""

    @abstractmethod
    def book_money(self, place: Place, line: HandLine) -> None:
        """Book one line of money on a party; money in is positive."""

    @abstractmethod
    def book_general(self, place: Place, lines: list[HandLine]) -> None:
        """Book a general entry; a debit is positive."""

    def renumbered(self, payload: Mapping, number: int) -> Mapping:
        """What an entry shows when it is read back, under another number."""
        return payload

    def shown(self, named: Mapping) -> dict:
        """What names an entry, in the words of the package."""
        return dict(named)

    # Finding and placing ------------------------------------------------------------------------

    def line(self, named: Mapping) -> dict:
        """The line of an entry with what is open of it."""
        found = self.matching.line(
            int(named["book_year"]),
            named["journal"],
            int(named["number"]),
            int(named.get("sequence", PARTY_LINE)),
        )
        if found is None:
            raise self.refusal("booking", f"Booking {self.shown(named)} does not exist")
        return found

    def document(self, book_year: int, journal: str, number: int) -> dict:
        """The head of an entry."""
        found = self.books.document(book_year, journal, number)
        if found is None:
            raise self.refusal("booking", "The booking does not exist")
        return found

    def place(self, journal: str, date: str | None) -> Place:
        """Where an entry of this date goes, today's when there is none; the last book year takes
        what belongs to none."""
        day = date or self.books.clock.day()
        years = self.books.book_years()
        year = next((row for row in years if row["start"] <= day <= row["finish"]), years[-1])
        periods = self.books.periods(year["number"])
        return Place(
            journal,
            year["number"],
            period_of(periods, day) or periods[-1]["number"],
            day,
            self.books.journal(year["number"], journal)["last_number"] + 1,
        )

    def by_hand(self, place: Place) -> dict:
        """Mark the entry just made as one of a person; gives how it is named."""
        found = self.books.document(place.book_year, place.journal, place.number)
        self.books.store.run("UPDATE document SET origin = 'hand' WHERE id = ?", found["id"])
        return {"book_year": place.book_year, "journal": place.journal, "number": place.number}

    def match(self, first: dict, second: dict, amount: Decimal) -> None:
        """Match two lines, whichever is the debit."""
        self.matching.match(*((first, second) if first["amount"] > 0 else (second, first)), amount)

    def years(self, book_year: int | None) -> list[int]:
        """The book year of a call, or all of them."""
        return [book_year] if book_year else [row["number"] for row in self.books.book_years()]


@action("pay")
def pay(
    accountant: Accountant,
    invoices: list[dict],
    amount: float | None = None,
    date: str | None = None,
    journal: str | None = None,
    match: bool = True,
    reference: str | None = None,
) -> dict:
    """Book a bank line for one party and match it with its entries in order.

    Each may carry an ``amount`` (else all that is open of it). A total ``amount`` above their sum
    leaves the rest open on the payment, one below pays the last ones in part. Amounts are
    positive. Names the line of the bank entry.
    """
    lines = [accountant.line(named) for named in invoices]
    parts = [
        abs(line["open"]) if named.get("amount") is None else number_of(named["amount"])
        for named, line in zip(invoices, lines, strict=True)
    ]
    direction = 1 if sum((line["open"] for line in lines), ZERO) >= 0 else -1
    signed = sum(
        (part if line["amount"] > 0 else -part for line, part in zip(lines, parts, strict=True)),
        ZERO,
    )
    first = lines[0]
    place = accountant.place(journal or accountant.money_journal, date)
    total = abs(signed) if amount is None else number_of(amount)
    accountant.book_money(
        place,
        HandLine(
            direction * total,
            party=first["party"],
            control=first["account"],
            reference=reference or first["head_reference"],
        ),
    )
    paid = {**accountant.by_hand(place), "sequence": 1}
    if match:
        for line, part in zip(lines, parts, strict=True):
            payment = accountant.line(paid)
            part = min(part, abs(payment["open"]))
            if part and line["amount"] * payment["amount"] < 0:
                accountant.match(line, payment, part)
    return paid


@action("set-off")
def set_off(
    accountant: Accountant, invoice: dict, credit: dict, amount: float | None = None
) -> None:
    """Match an invoice with a credit note (or any two lines of one party)."""
    first, second = accountant.line(invoice), accountant.line(credit)
    whole = min(abs(first["open"]), abs(second["open"]))
    accountant.match(first, second, whole if amount is None else number_of(amount))


@action("transfer")
def transfer(
    accountant: Accountant,
    invoice: dict,
    account: int | str,
    amount: float | None = None,
    date: str | None = None,
    journal: str | None = None,
) -> dict:
    """Move what is open of an entry to a ledger account and match it (loss, difference …)."""
    line = accountant.line(invoice)
    part = line["open"] if amount is None else number_of(amount) * (1 if line["open"] > 0 else -1)
    place = accountant.place(journal or accountant.general_journal, date)
    accountant.book_general(
        place,
        [
            HandLine(
                -part,
                party=line["party"],
                control=line["account"],
                reference=line["head_reference"],
            ),
            HandLine(part, account=account),
        ],
    )
    moved = accountant.by_hand(place)
    accountant.match(line, accountant.line({**moved, "sequence": 1}), abs(part))
    return moved


@action("doubtful")
def doubtful(accountant: Accountant, invoice: dict, **values: Any) -> dict:
    """Move an open item to doubtful debtors."""
    return transfer(accountant, invoice, accountant.doubtful_account, **values)


@action("unmatch")
def unmatch(accountant: Accountant, document: dict, other: dict | None = None) -> dict:
    """Undo the matches of an entry's line, or only those with another entry's line."""
    line = accountant.line(document)
    found = accountant.matching.matches("(debit = ? OR credit = ?)", line["id"], line["id"])
    if other is not None:
        wanted = accountant.line(other)["id"]
        found = [
            match for match in found if wanted in (match["debit"]["id"], match["credit"]["id"])
        ]
    for match in found:
        accountant.matching.remove(match)
    return {"removed": len(found)}


@action("delete-booking")
def remove_booking(
    accountant: Accountant, book_year: int, journal: str, number: int, release_number: bool = True
) -> None:
    """Delete an entry with its matches and files."""
    accountant.document(book_year, journal, number)
    delete_booking(accountant.books, book_year, journal, number, release_number)


@action("renumber")
def renumber(
    accountant: Accountant, book_year: int, journal: str, number: int, new_number: int
) -> None:
    """Give an entry another free number; only the application can do this."""
    books = accountant.books
    document = books.document(book_year, journal, number)
    if document is None or books.document(book_year, journal, new_number):
        raise accountant.refusal(
            "booking", "The booking does not exist, or the new number is taken"
        )
    books.renumber(document, new_number, accountant.renumbered(document["payload"], new_number))
    last = books.journal(book_year, journal)["last_number"]
    books.change_journal(book_year, journal, last_number=max(new_number, last))


# What the books are set up with -------------------------------------------------------------------


@action("period")
def change_periods(
    accountant: Accountant,
    book_year: int,
    protected: int | None = None,
    journal: str | None = None,
    close: int | None = None,
    open: int | None = None,
) -> None:
    """Protect journals up to and including a period (0 none), or close or open one period."""
    books = accountant.books
    if protected is not None:
        for row in books.journals(book_year):
            if journal in (None, row["code"]):
                books.change_journal(book_year, row["code"], protected_period=protected)
    for period, closed in ((close, True), (open, False)):
        if period is not None:
            books.close_period(book_year, period, closed)


@action("book-year")
def close_book_year(accountant: Accountant, book_year: int, closed: bool = True) -> None:
    """Close a book year or open it again."""
    accountant.books.close_book_year(book_year, closed)


def named_anew(names: Mapping[str, str], name: str | None) -> dict[str, str]:
    """Names by language with another Dutch and French one."""
    return dict(names) if name is None else {**names, "nl": name, "fr": name}


@action("journal")
def change_journal(
    accountant: Accountant,
    journal: str,
    book_year: int | None = None,
    name: str | None = None,
    remove: bool = False,
    data: Mapping[str, Any] | None = None,
    **values: Any,
) -> None:
    """Close, rename, change or remove a journal. ``values``: ``closed``, ``open_by`` ("" ends it),
    ``last_number``, ``closed_period``; ``data``: what else the package keeps with it."""
    columns = ("closed", "open_by", "last_number", "closed_period")
    if set(values) - set(columns):
        raise ValueError(f"a journal has {', '.join(columns)}")
    for year in accountant.years(book_year):
        row = accountant.books.journal(year, journal)
        if row is None:
            raise accountant.refusal("journal", f"Journal {journal} does not exist")
        if remove:
            accountant.books.remove_journal(row)
            continue
        changes = {column: value for column, value in values.items() if value is not None}
        if "closed" in changes:
            changes["closed"] = int(changes["closed"])
        if name is not None:
            changes["names"] = json.dumps(named_anew(row["names"], name))
        if data:
            changes["data"] = json.dumps({**row["data"], **data})
        accountant.books.change_journal(year, journal, **changes)


@action("account")
def change_account(
    accountant: Accountant,
    account: int | str,
    book_year: int | None = None,
    remove: bool = False,
    name: str | None = None,
    deductible: float | None = None,
    bookable: bool | None = None,
    **data: Any,
) -> None:
    """Add, rename, remove or re-set a ledger account (deductible share in percent); ``data``: what
    the package keeps with it (``account_data``)."""
    if set(data) - accountant.account_data:
        raise ValueError(f"an account has {', '.join(sorted(accountant.account_data))}")
    for year in accountant.years(book_year):
        row = accountant.books.account(year, account)
        if remove and row:
            accountant.books.remove_account(row)
            continue
        found = row or {"names": {}, "bookable": True, "deductible": None, "data": {}}
        share = None if deductible is None else number_of(deductible)
        if share is None and found["deductible"] is not None:
            share = loaded(found["deductible"])
        accountant.books.save_account(
            year,
            account,
            named_anew(found["names"], name),
            bool(found["bookable"]) if bookable is None else bookable,
            share,
            {**found["data"], **data},
        )


@action("empty-chart")
def empty_chart(accountant: Accountant) -> None:
    """Remove every ledger account of the administration."""
    accountant.books.remove_accounts()


@action("vat-code")
def change_vat_code(
    accountant: Accountant,
    code: str,
    remove: bool = False,
    name: str | None = None,
    active: bool | None = None,
    rate: float | None = None,
    rename: str | None = None,
) -> None:
    """Describe, deactivate, re-rate, rename or remove a VAT code."""
    found = accountant.books.vat_code(code)
    if found is None:
        raise accountant.refusal("vat_code", f"VAT code {code} does not exist")
    if remove or rename:
        accountant.books.remove_vat_code(code)
    if not remove:
        accountant.books.save_vat_code(
            VatCode(
                rename or code,
                found.side,
                found.rate if rate is None else number_of(rate),
                named_anew(found.names, name),
                found.invoice,
                found.credit_note,
                found.active if active is None else active,
                found.data,
            )
        )


@action("party")
def change_party(
    accountant: Accountant,
    party: int | str,
    remove: bool = False,
    external_id: int | None = None,
    active: bool | None = None,
    **fields: Any,
) -> None:
    """Change fields of a customer or supplier, or remove it."""
    row = accountant.books.party(party)
    if row is None:
        raise accountant.refusal("party", f"Relation {party} does not exist")
    if remove:
        accountant.books.remove_party(row)
        return
    accountant.books.save_party(
        party,
        row["external_id"] if external_id is None else int(external_id),
        bool(row["active"] if active is None else active),
        {**row["data"], **fields},
    )
