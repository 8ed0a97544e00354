"""What a person does in the application: the kit's actions in the words of the service, and those
that go through its operations.

A booking is named by ``bookyearId``, ``journalKey`` and ``documentSequenceNr``; bookings of a
person get origin ``hand``.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from ..kit import accountant as kit
from ..kit.accountant import Actions, HandLine, Place, number_of
from ..kit.ledger import Books
from ..kit.operations import dump
from . import buy_sell
from .authentication import Authentication
from .calls import HANDLERS, Call
from .contract import OPERATIONS, TABLE
from .errors import refused
from .switches import Switches

REFUSED = {"booking": -34, "journal": -10, "vat_code": -22, "party": -16}
WORDS = {
    "bookyearId": "book_year",
    "journalKey": "journal",
    "documentSequenceNr": "number",
    "lineSequenceNr": "sequence",
    "relationId": "party",
    "externalRelationId": "external_id",
}
NAMES = {word: name for name, word in WORDS.items()}


class Accountant(kit.Accountant):
    """A person at work in a dossier."""

    money_journal, general_journal = "F1", "D1"
    opening_account, doubtful_account = 588888, 407000
    account_data = frozenset({"sales_code", "purchase_code", "cost_centre_type", "cost_centre"})

    def __init__(self, books: Books, authentication: Authentication, switches: Switches):
        super().__init__(books)
        self.authentication = authentication
        self.switches = switches

    def refusal(self, kind: str, text: str) -> Exception:
        return refused(REFUSED[kind], text)

    def shown(self, named: Mapping) -> dict:
        return _key(named)

    def renumbered(self, payload: Mapping, number: int) -> Mapping:
        return {**payload, "documentSequenceNr": number}

    def call(self, operation: str, body: Any = None) -> Call:
        """A call of an operation as the person in the application."""
        return Call(
            operation,
            self.authentication,
            self.switches,
            "application",
            {},
            {"dossierId": self.books.administration},
            body=body,
            books=self.books,
        )

    def run(self, operation: str, body: dict) -> None:
        """Run an operation of the service."""
        checked = TABLE.parse_body(dump(body), OPERATIONS[operation]["body"])
        HANDLERS[operation](self.call(operation, checked))

    def book_money(self, place: Place, line: HandLine) -> None:
        self.financial(head_of(place), [self._line(line, line.amount)])

    def book_general(self, place: Place, lines: list[HandLine]) -> None:
        sign = -1 if self.switches["divers_sign"] == "credit" else 1
        self.financial(head_of(place), [self._line(line, sign * line.amount) for line in lines])

    def financial(self, head: dict, lines: list[dict]) -> None:
        """Book a financial or general entry."""
        data = {**head, "exchangeRate": 1, "bookingLines": lines}
        self.run("insertFinancialDiversBooking", {"financialDiversBookingServiceData": data})

    @staticmethod
    def _line(line: HandLine, amount: Decimal) -> dict:
        if line.account is not None:
            return {"type": "A", "accountKey": line.account, "amount": amount}
        return {
            "type": "C" if line.control == buy_sell.CLIENTS else "S",
            "relationId": line.party,
            "amount": amount,
            "reference": line.reference,
        }


def head_of(place: Place) -> dict:
    """Head fields of a new booking."""
    return {
        "bookyearKey": {"id": place.book_year},
        "journalKey": place.journal,
        "documentDate": place.date,
        "bookyearPeriodeNr": place.period,
        "documentSequenceNr": place.number,
    }


def in_words_of_the_service(action: Callable[..., Any]) -> Callable[..., Any]:
    """An action of the kit that takes and gives the names that bookings have here, and says what
    lacks in them."""
    _accountant, *parameters = inspect.signature(action).parameters.values()
    wanted = [
        parameter.name
        for parameter in parameters
        if parameter.default is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD
    ]

    def words(value: Any) -> Any:
        if isinstance(value, list):
            return [words(item) for item in value]
        if isinstance(value, dict):
            return {WORDS.get(name, name): item for name, item in value.items()}
        return value

    def acted(accountant: Accountant, **values: Any) -> Any:
        given = {name: words(value) for name, value in words(values).items()}
        lacking = [NAMES.get(name, name) for name in wanted if name not in given]
        if lacking:
            raise TypeError(f"missing {', '.join(lacking)}")
        try:
            found = action(accountant, **given)
        except KeyError as error:
            raise KeyError(*(NAMES.get(name, name) for name in error.args)) from error
        return found and _key(found)

    return acted


def _key(named: Mapping) -> dict:
    """What names a booking, in the words of the service."""
    return {NAMES.get(word, word): value for word, value in named.items()}


ACTIONS = Actions(
    {name: in_words_of_the_service(found) for name, found in kit.ACTIONS.items() if name != "party"}
)
ACTIONS["relation"] = in_words_of_the_service(kit.change_party)
action = ACTIONS.named


def change_dossier(books: Books, **values: Any) -> dict:
    """Set data of a dossier: ``disabled``, ``webservice``, ``language``, address …"""
    row = books.store.row("SELECT data FROM administration WHERE id = ?", books.administration)
    data = {**json.loads(row["data"]), **values}
    books.store.run(
        "UPDATE administration SET data = ? WHERE id = ?", json.dumps(data), books.administration
    )
    return data


@action("opening-item")
def opening_item(
    accountant: Accountant,
    relationId: int,
    amount: float,
    reference: str | None = None,
    date: str | None = None,
    side: str = "C",
    journalKey: str = "D1",
    account: int = Accountant.opening_account,
) -> dict:
    """Bring in an open item of earlier books; a positive amount is a debit on the relation."""
    if side not in ("C", "S"):
        raise refused(-25, f"Line 1: type {side}")
    place, value = accountant.place(journalKey, date), number_of(amount)
    accountant.book_general(
        place,
        [
            HandLine(
                value,
                party=relationId,
                control=buy_sell.CLIENTS if side == "C" else buy_sell.SUPPLIERS,
                reference=reference,
            ),
            HandLine(-value, account=account),
        ],
    )
    return {**_key(accountant.by_hand(place)), "lineSequenceNr": 1}


@action("book-by-hand")
def book_by_hand(
    accountant: Accountant,
    journalKey: str,
    relationId: int | None = None,
    amount: float = 121.0,
    date: str | None = None,
    accountKey: int | None = None,
    vatCodeKey: str | None = None,
    comment: str = "Met de hand geboekt",
    reference: str | None = None,
    booking: dict | None = None,
) -> dict:
    """Take the next number of a journal; ``booking`` replaces fields of the head and the lines.

    Without a code the amount has no VAT; with one, its rate is taken to be inside the amount.
    """
    head = head_of(accountant.place(journalKey, date))
    if journalKey[0] in "FD":
        head.update(booking or {})
        accountant.financial(head, head.pop("bookingLines", []))
        return _made(accountant, head)
    code = accountant.books.vat_code(vatCodeKey) if vatCodeKey else None
    gross = abs(number_of(amount))
    base = round(gross / (1 + (code.rate if code else Decimal(0)) / 100), 2)
    body = {
        **head,
        "expiryDate": head["documentDate"],
        "amount": number_of(amount),
        "currencyCode": "EUR",
        "exchangeRate": 1,
        "comment": comment,
        "reference": reference,
        "relationIdentificationServiceData": {
            "relationKey": {"id": relationId or _somebody(accountant.books)}
        },
        "bookingLines": [
            {
                "accountKey": accountKey or (700000 if journalKey[0] == "V" else 604000),
                "baseAmount": base,
                "vatAmount": gross - base,
                "vatCodeKey": vatCodeKey,
            }
        ],
        **(booking or {}),
    }
    accountant.run("insertBuySellBooking", {"buySellBookingServiceData": body})
    return _made(accountant, body)


def _made(accountant: Accountant, head: dict) -> dict:
    place = Place(
        head["journalKey"],
        head["bookyearKey"]["id"],
        head["bookyearPeriodeNr"],
        head["documentDate"],
        head["documentSequenceNr"],
    )
    return _key(accountant.by_hand(place))


def _somebody(books: Books) -> int:
    """A relation for bookings by hand."""
    for row in books.parties():
        if row["data"].get("name") == "Met de hand":
            return row["id"]
    number = books.next_party()
    books.save_party(
        number,
        0,
        True,
        {
            "name": "Met de hand",
            "client": True,
            "supplier": True,
            "currencyCode": "EUR",
            "country": "BE",
        },
    )
    return number


@action("recode")
def recode(
    accountant: Accountant,
    bookyearId: int,
    journalKey: str,
    documentSequenceNr: int,
    line: int | None = None,
    **changes: Any,
) -> None:
    """Change a booking as an accountant does: fields of one ``line`` (from 1) or of the head.

    The base and VAT of a line can move too, when ``amount`` follows.
    """
    document = accountant.document(bookyearId, journalKey, documentSequenceNr)
    data = buy_sell.booking_data(accountant.call("getBuySellBooking"), document)
    target = data if line is None else data["bookingLines"][line - 1]
    target.update(changes)
    accountant.run("updateBuySellBooking", data)


@action("due-date")
def change_due_date(
    accountant: Accountant,
    bookyearId: int,
    journalKey: str,
    documentSequenceNr: int,
    expiryDate: str,
) -> None:
    """Change only the due date of a sales or purchase booking."""
    recode(accountant, bookyearId, journalKey, documentSequenceNr, expiryDate=expiryDate)


@action("renumber")
def renumber(
    accountant: Accountant, bookyearId: int, journalKey: str, documentSequenceNr: int, number: int
) -> None:
    """Give a booking another free number."""
    kit.renumber(accountant, bookyearId, journalKey, documentSequenceNr, number)


@action("journal")
def change_journal(
    accountant: Accountant,
    journalKey: str,
    bookyearId: int | None = None,
    insertion_type: int | None = None,
    **values: Any,
) -> None:
    """Close, open elsewhere (``open_by``, "" ends it), rename, change mode or remove a journal."""
    data = None if insertion_type is None else {"insertionType": insertion_type}
    kit.change_journal(accountant, journalKey, bookyearId, data=data, **values)


@action("account")
def change_account(
    accountant: Accountant, number: int, bookyearId: int | None = None, **values: Any
) -> None:
    """Add, rename, remove or re-set a ledger account.

    Beside what the kit takes: ``sales_code``, ``purchase_code``, ``cost_centre_type`` (0 none, 1
    mandatory, 2 optional), ``cost_centre`` (the number of its default).
    """
    kit.change_account(accountant, number, bookyearId, **values)
