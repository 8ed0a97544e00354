"""What people do in the office: the kit's actions, and those of WinBooks.

A document is named by its key (type, journal, short name of the book year, number), or by
``book_year``, ``journal`` and ``number``; a line of it by its ``sequence`` too.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..kit import accountant as kit
from ..kit.accountant import Actions, HandLine, Place, number_of
from ..kit.ledger import Document, Line
from . import files, inspection, receiving
from .folder import LOCKED, OPEN, VALIDATED, Folder, third_key
from .imports import Imports
from .layout import CUSTOMER, FINANCIAL, KINDS, MISCELLANEOUS, SUPPLIER
from .linker import EXECUTED

KEY = re.compile(r"[0-5]/([^/]+)/([^/]+)/(\d+)")
STATES = {"open": OPEN, "locked": LOCKED, "validated": VALIDATED}
ACTIONS = Actions(kit.ACTIONS)
action = ACTIONS.named


class Accountant(kit.Accountant):
    """A person at work in a folder."""

    money_journal, general_journal = "FIN", "OD"
    opening_account, doubtful_account = "588888", "407000"
    account_data = frozenset({"central"})
    books: Folder

    def __init__(self, folder: Folder, imports: Imports, directory: Path, faults: set[str]):
        super().__init__(folder)
        self.imports = imports
        self.directory = directory
        self.faults = faults

    def refusal(self, kind: str, text: str) -> Exception:
        return ValueError(text)

    def named(self, value: Any) -> Any:
        """Keys in the values of a call, as the books name documents."""
        if isinstance(value, str) and (found := KEY.fullmatch(value)):
            year = self.books.year_named(found[2])["number"]
            return {"book_year": year, "journal": found[1], "number": int(found[3])}
        if isinstance(value, list):
            return [self.named(one) for one in value]
        if isinstance(value, dict):
            named = {name: self.named(one) for name, one in value.items() if name != "key"}
            return {**named, **(self.named(value["key"]) if "key" in value else {})}
        return value

    def told(self, result: Any) -> Any:
        """What an action gives, with the key of the document that it names."""
        if not isinstance(result, dict) or not {"book_year", "journal", "number"} <= set(result):
            return result
        document = self.books.document(result["book_year"], result["journal"], result["number"])
        return {**result, "key": inspection.key_of(self.books, document)} if document else result

    def book_money(self, place: Place, line: HandLine) -> None:
        bank = self.books.journal(place.book_year, place.journal)["account"]
        self._book(
            place,
            FINANCIAL,
            [_line(1, line, -line.amount), Line(2, "bank", bank, line.amount, line.amount)],
            line,
        )

    def book_general(self, place: Place, lines: list[HandLine]) -> None:
        found = [_line(number, line, line.amount) for number, line in enumerate(lines, 1)]
        self._book(place, MISCELLANEOUS, found, lines[0])

    def _book(self, place: Place, kind: str, lines: list[Line], lead: HandLine) -> None:
        total = sum((max(line.amount, Decimal(0)) for line in lines), Decimal(0))
        self.books.post(
            Document(
                place.book_year,
                place.journal,
                place.number,
                KINDS[kind],
                place.period,
                place.date,
                "EUR",
                Decimal(1),
                total,
                party=lead.party,
                reference=lead.reference,
                origin="hand",
            ),
            lines,
        )


def _line(sequence: int, line: HandLine, amount: Decimal) -> Line:
    account = line.control if line.party is not None else line.account
    return Line(
        sequence,
        "party" if line.party is not None else "line",
        account,
        amount,
        amount,
        line.party,
        reference=line.reference,
    )


# Imports ------------------------------------------------------------------------------------------


@action("receive")
def receive(
    accountant: Accountant, answers: Mapping[str, int] | None = None, patience: float = 0
) -> dict:
    """Import what is new below the directory of the folder; ``answers``: code → resolution, where
    another than the usual one is given."""
    return {
        "imports": receiving.receive(
            accountant.imports,
            accountant.books,
            accountant.directory,
            accountant.faults,
            patience,
            answers,
        )
    }


@action("test")
def test(
    accountant: Accountant,
    name: str | None = None,
    files_in_base64: Mapping[str, str] | None = None,
    book_year: str | int | None = None,
    period: int | None = None,
    ignored: tuple[str, ...] = (),
) -> dict:
    """Test an import: a directory or ZIP below that of the folder by its ``name``, or files that
    come with the call (name → base64; a ZIP is unpacked)."""
    if files_in_base64:
        content: dict[str, bytes] = {}
        for file_name, text in files_in_base64.items():
            content |= files.read(file_name, base64.b64decode(text))
    else:
        content = receiving.content_of(
            chosen(accountant.directory, name or ""), "half" in accountant.faults
        )
    row = accountant.imports.test(
        accountant.books, name or "by hand", content, book_year, period, ignored
    )
    return receiving.told(row)


def chosen(directory: Path, name: str) -> Path:
    """What a person chooses below the directory of a folder."""
    for path in receiving.waiting(directory):
        if path.name == name:
            return path
    raise ValueError(f"there is nothing to import named {name}")


@action("resolve")
def resolve(accountant: Accountant, number: int, answers: Mapping[str, int]) -> dict:
    """Give resolutions, by code or by the number of a finding."""
    accountant.imports.one(number, accountant.books.administration)
    return receiving.told(accountant.imports.resolve(number, answers))


@action("execute")
def execute(accountant: Accountant, number: int, answers: Mapping[str, int] | None = None) -> dict:
    """Execute an import that was tested."""
    accountant.imports.one(number, accountant.books.administration)
    if answers:
        accountant.imports.resolve(number, answers)
    result = accountant.imports.execute(number)
    row = accountant.imports.one(number)
    return {**receiving.told(row), "result": result, "words": EXECUTED[result]}


# The accountant's own work ------------------------------------------------------------------------


@action("close-period")
def close_period(
    accountant: Accountant, book_year: str | int, period: int, state: str = "locked"
) -> None:
    """Lock or validate a period, or open it again: ``locked`` gives LOCKPER, ``validated``
    DOC_LCK."""
    if state not in STATES:
        raise ValueError(f"state is one of {', '.join(STATES)}")
    year = accountant.books.year_named(book_year)["number"]
    if accountant.books.period(year, int(period)) is None:
        raise ValueError(f"there is no period {period}")
    accountant.books.close_period(year, int(period), STATES[state])


@action("close-book-year")
def close_book_year(accountant: Accountant, book_year: str | int, closed: bool = True) -> None:
    """Close a book year or open it again."""
    accountant.books.close_book_year(accountant.books.year_named(book_year)["number"], closed)


@action("third")
def change_third(
    accountant: Accountant, type: str, number: str, remove: bool = False, **fields: str
) -> None:
    """Add a customer (1) or supplier (2), change fields of its record, or remove it."""
    kind = str(type)
    if kind not in (CUSTOMER, SUPPLIER):
        raise ValueError("type is 1 or 2")
    row = accountant.books.third(kind, number)
    if remove:
        if row is None:
            raise ValueError(f"there is no third {number}")
        accountant.books.remove_party(row)
        return
    kept = {
        name: value
        for name, value in (row["data"] if row else {}).items()
        if name not in ("NUMBER", "TYPE", "name")
    }
    accountant.books.save_third(kind, number, {**kept, **fields})


@action("recode")
def recode(accountant: Accountant, account: str, sequence: int, **named: Any) -> None:
    """Move a line of a document to another account."""
    books = accountant.books
    document = accountant.document(named["book_year"], named["journal"], named["number"])
    if books.account(document["book_year"], account) is None:
        raise ValueError(f"there is no account {account}")
    changed = books.store.run(
        "UPDATE entry SET account = ? WHERE document = ? AND sequence = ? AND role <> 'party'",
        account,
        document["id"],
        sequence,
    ).rowcount
    if not changed:
        raise ValueError(f"there is no line {sequence}")


@action("book-by-hand")
def book_by_hand(
    accountant: Accountant,
    journal: str,
    third: str,
    amount: float | str,
    account: str,
    date: str | None = None,
    reference: str | None = None,
) -> dict:
    """A document of one line without VAT that a person enters; ``third``: type/number, a bill of a
    supplier or an invoice to a customer. Gives its key."""
    books = accountant.books
    place = accountant.place(journal, date)
    kind, _slash, number = third.partition("/")
    row = books.journal(place.book_year, journal)
    value = number_of(amount) * (1 if kind == CUSTOMER else -1)
    if row["kind"] in ("1", "3"):
        value = -value
    central = books.known(place.book_year).central_of_third(kind, number)
    books.post(
        Document(
            place.book_year,
            journal,
            place.number,
            KINDS[row["kind"]],
            place.period,
            place.date,
            "EUR",
            Decimal(1),
            value,
            party=third_key(kind, number),
            reference=reference,
            origin="hand",
        ),
        [
            Line(-1, "party", central, value, value, third, reference=reference),
            Line(1, "base", account, -value, -value),
        ],
    )
    year = books.short_of_year(place.book_year)
    return {"key": f"{row['kind']}/{journal}/{year}/{place.number}"}
