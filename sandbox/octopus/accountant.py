"""What a person does in the application: pay, match, move, recode, delete, close, rename.

Every action is a function of the books, the service and the values of the call; it raises the same
refusals a client would get. Bookings of a person get origin ``hand``. A booking is named by
``bookyearId``, ``journalKey`` and ``documentSequenceNr``.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..kit.amounts import ZERO, loaded
from ..kit.ledger import Books, period_of
from ..kit.matching import Matching
from ..kit.service import Actions
from ..kit.vat import VatCode
from . import buy_sell
from .calls import HANDLERS, Call
from .contract import OPERATIONS, dump, parse_body
from .errors import refused
from .journals import remove_journal
from .master_data import account_data
from .relations import relation_data

if TYPE_CHECKING:
    from .service import Octopus

ACTIONS = Actions()
action = ACTIONS.named
ACCOUNT_DATA = {"sales_code", "purchase_code", "cost_centre_type", "cost_centre"}
OPENING_ACCOUNT, DOUBTFUL_ACCOUNT = 588888, 407000


def run(books: Books, octopus: Octopus, operation: str, body: dict) -> None:
    """Run an operation of the service as the person in the application."""
    checked = parse_body(dump(body), OPERATIONS[operation]["body"])
    HANDLERS[operation](
        Call(
            operation,
            octopus.authentication,
            octopus.switches,
            "application",
            {},
            {"dossierId": books.administration},
            body=checked,
            books=books,
        )
    )


def change_dossier(books: Books, **values: Any) -> dict:
    """Set data of a dossier: ``disabled``, ``webservice``, ``language``, address …"""
    row = books.store.row("SELECT data FROM administration WHERE id = ?", books.administration)
    data = {**json.loads(row["data"]), **values}
    books.store.run(
        "UPDATE administration SET data = ? WHERE id = ?", json.dumps(data), books.administration
    )
    return data


def _party_line(books: Books, key: dict) -> dict:
    line = Matching(books).line(
        int(key["bookyearId"]),
        key["journalKey"],
        int(key["documentSequenceNr"]),
        int(key.get("lineSequenceNr", -1)),
    )
    if line is None:
        raise refused(-34, f"Booking {key} does not exist")
    return line


def _place(books: Books, journal: str, date: str | None) -> dict:
    """Head fields of a new booking: book year and period of a date, the next number."""
    day = date or books.clock.day()
    years = books.book_years()
    year = next((row for row in years if row["start"] <= day <= row["finish"]), years[-1])
    periods = books.periods(year["number"])
    return {
        "bookyearKey": {"id": year["number"]},
        "journalKey": journal,
        "documentDate": day,
        "bookyearPeriodeNr": period_of(periods, day) or periods[-1]["number"],
        "documentSequenceNr": books.journal(year["number"], journal)["last_number"] + 1,
    }


def _by_hand(books: Books, head: dict) -> dict:
    """Mark the booking just made and give its key."""
    key = {
        "bookyearId": head["bookyearKey"]["id"],
        "journalKey": head["journalKey"],
        "documentSequenceNr": head["documentSequenceNr"],
    }
    document = books.document(*key.values())
    books.store.run("UPDATE document SET origin = 'hand' WHERE id = ?", document["id"])
    return key


def _financial(books: Books, octopus: Octopus, head: dict, lines: list[dict]) -> dict:
    run(
        books,
        octopus,
        "insertFinancialDiversBooking",
        {"financialDiversBookingServiceData": {**head, "exchangeRate": 1, "bookingLines": lines}},
    )
    return _by_hand(books, head)


def _match(books: Books, first: dict, second: dict, amount: Decimal) -> None:
    pair = (first, second) if first["amount"] > 0 else (second, first)
    Matching(books).match(*pair, amount)


@action("pay")
def pay(
    books: Books,
    octopus: Octopus,
    invoices: list[dict],
    amount: float | None = None,
    date: str | None = None,
    journalKey: str = "F1",
    match: bool = True,
    reference: str | None = None,
) -> dict:
    """Book a bank line for one relation and match it with its documents in order.

    Each document may carry an ``amount`` (else all that is open of it). A total ``amount`` above
    their sum leaves the rest open on the payment, one below pays the last ones in part. Amounts are
    positive. Gives the key of the bank booking.
    """
    items = [(_party_line(books, key), key.get("amount")) for key in invoices]
    parts = [Decimal(str(part)) if part is not None else abs(line["open"]) for line, part in items]
    direction = 1 if sum((line["open"] for line, _ in items), ZERO) >= 0 else -1
    signed = sum(
        (
            part if line["amount"] > 0 else -part
            for (line, _), part in zip(items, parts, strict=True)
        ),
        ZERO,
    )
    total = Decimal(str(amount)) if amount is not None else abs(signed)
    head = _place(books, journalKey, date)
    first = items[0][0]
    side = "C" if first["account"] == buy_sell.CLIENTS else "S"
    key = _financial(
        books,
        octopus,
        head,
        [
            {
                "type": side,
                "relationId": first["party"],
                "amount": direction * total,
                "reference": reference or first["head_reference"],
            }
        ],
    )
    if match:
        for (line, _), part in zip(items, parts, strict=True):
            payment = _party_line(books, {**key, "lineSequenceNr": 1})
            part = min(part, abs(payment["open"]))
            if part and line["amount"] * payment["amount"] < 0:
                _match(books, line, payment, part)
    return {**key, "lineSequenceNr": 1}


@action("set-off")
def set_off(
    books: Books, octopus: Octopus, invoice: dict, credit: dict, amount: float | None = None
) -> None:
    """Match an invoice with a credit note (or any two lines of one relation)."""
    first, second = _party_line(books, invoice), _party_line(books, credit)
    part = min(abs(first["open"]), abs(second["open"]))
    _match(books, first, second, part if amount is None else Decimal(str(amount)))


@action("transfer")
def transfer(
    books: Books,
    octopus: Octopus,
    invoice: dict,
    account: int,
    amount: float | None = None,
    date: str | None = None,
    journalKey: str = "D1",
) -> dict:
    """Move what is open of a document to a ledger account and match it (loss, difference …)."""
    line = _party_line(books, invoice)
    part = (
        line["open"] if amount is None else (Decimal(str(amount)) * (1 if line["open"] > 0 else -1))
    )
    side = "C" if line["account"] == buy_sell.CLIENTS else "S"
    sign = -1 if octopus.switches["divers_sign"] == "credit" else 1
    key = _financial(
        books,
        octopus,
        _place(books, journalKey, date),
        [
            {
                "type": side,
                "relationId": line["party"],
                "amount": -part * sign,
                "reference": line["head_reference"],
            },
            {"type": "A", "accountKey": account, "amount": part * sign},
        ],
    )
    _match(books, line, _party_line(books, {**key, "lineSequenceNr": 1}), abs(part))
    return key


@action("doubtful")
def doubtful(
    books: Books,
    octopus: Octopus,
    invoice: dict,
    amount: float | None = None,
    date: str | None = None,
    journalKey: str = "D1",
) -> dict:
    """Move an open item to doubtful debtors (407000)."""
    return transfer(books, octopus, invoice, DOUBTFUL_ACCOUNT, amount, date, journalKey)


@action("unmatch")
def unmatch(books: Books, octopus: Octopus, document: dict, other: dict | None = None) -> dict:
    """Undo the matches of a document's lines, or only those with another document's line."""
    matching, line = Matching(books), _party_line(books, document)
    found = matching.matches("(debit = ? OR credit = ?)", line["id"], line["id"])
    if other is not None:
        wanted = _party_line(books, other)["id"]
        found = [
            match for match in found if wanted in (match["debit"]["id"], match["credit"]["id"])
        ]
    for match in found:
        matching.remove(match)
    return {"removed": len(found)}


@action("opening-item")
def opening_item(
    books: Books,
    octopus: Octopus,
    relationId: int,
    amount: float,
    reference: str | None = None,
    date: str | None = None,
    side: str = "C",
    journalKey: str = "D1",
    account: int = OPENING_ACCOUNT,
) -> dict:
    """Bring in an open item of earlier books; a positive amount is a debit on the relation."""
    sign = -1 if octopus.switches["divers_sign"] == "credit" else 1
    key = _financial(
        books,
        octopus,
        _place(books, journalKey, date),
        [
            {
                "type": side,
                "relationId": relationId,
                "amount": sign * Decimal(str(amount)),
                "reference": reference,
            },
            {"type": "A", "accountKey": account, "amount": -sign * Decimal(str(amount))},
        ],
    )
    return {**key, "lineSequenceNr": 1}


@action("book-by-hand")
def book_by_hand(
    books: Books,
    octopus: Octopus,
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
    head = _place(books, journalKey, date)
    if journalKey[0] in "FD":
        return _financial(
            books, octopus, {**head, **(booking or {})}, (booking or {}).get("bookingLines", [])
        )
    account = accountKey or (700000 if journalKey[0] == "V" else 604000)
    code = books.vat_code(vatCodeKey) if vatCodeKey else None
    gross = abs(Decimal(str(amount)))
    base = round(gross / (1 + (code.rate if code else Decimal(0)) / 100), 2)
    body = {
        **head,
        "expiryDate": head["documentDate"],
        "amount": Decimal(str(amount)),
        "currencyCode": "EUR",
        "exchangeRate": 1,
        "comment": comment,
        "reference": reference,
        "relationIdentificationServiceData": {
            "relationKey": {"id": relationId or _somebody(books)}
        },
        "bookingLines": [
            {
                "accountKey": account,
                "baseAmount": base,
                "vatAmount": gross - base,
                "vatCodeKey": vatCodeKey,
            }
        ],
        **(booking or {}),
    }
    run(books, octopus, "insertBuySellBooking", {"buySellBookingServiceData": body})
    return _by_hand(books, body)


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
    books: Books,
    octopus: Octopus,
    bookyearId: int,
    journalKey: str,
    documentSequenceNr: int,
    line: int | None = None,
    **changes: Any,
) -> None:
    """Change a booking as an accountant does: fields of one ``line`` (from 1) or of the head.

    The base and VAT of a line can move too, when ``amount`` follows.
    """
    document = books.document(bookyearId, journalKey, documentSequenceNr)
    if document is None:
        raise refused(-34, "The booking does not exist")
    call = Call(
        "getBuySellBooking",
        octopus.authentication,
        octopus.switches,
        "application",
        {},
        {"dossierId": books.administration},
        books=books,
    )
    data = buy_sell.booking_data(call, document)
    target = data if line is None else data["bookingLines"][line - 1]
    target.update(changes)
    run(books, octopus, "updateBuySellBooking", data)


@action("delete-booking")
def delete_booking(
    books: Books,
    octopus: Octopus,
    bookyearId: int,
    journalKey: str,
    documentSequenceNr: int,
    release_number: bool = True,
) -> None:
    """Delete a booking with its matches and files."""
    if books.document(bookyearId, journalKey, documentSequenceNr) is None:
        raise refused(-34, "The booking does not exist")
    books.delete(bookyearId, journalKey, documentSequenceNr, release_number)


@action("renumber")
def renumber(
    books: Books,
    octopus: Octopus,
    bookyearId: int,
    journalKey: str,
    documentSequenceNr: int,
    number: int,
) -> None:
    """Give a booking another free number; only the application can do this."""
    document = books.document(bookyearId, journalKey, documentSequenceNr)
    if document is None or books.document(bookyearId, journalKey, number):
        raise refused(-34, "The booking does not exist, or the new number is taken")
    payload = {**document["payload"], "documentSequenceNr": number}
    books.renumber(document, number, payload)
    books.change_journal(
        bookyearId,
        journalKey,
        last_number=max(number, books.journal(bookyearId, journalKey)["last_number"]),
    )


def _years(books: Books, book_year: int | None) -> list[int]:
    return [book_year] if book_year else [year["number"] for year in books.book_years()]


@action("period")
def protect_period(
    books: Books,
    octopus: Octopus,
    bookyearId: int,
    protected: int | None = None,
    journalKey: str | None = None,
    close: int | None = None,
    open: int | None = None,
) -> None:
    """Protect journals up to and including a period (0 none), or close or open one period."""
    if protected is not None:
        for journal in books.journals(bookyearId):
            if journalKey in (None, journal["code"]):
                books.change_journal(bookyearId, journal["code"], protected_period=protected)
    for number, closed in ((close, 1), (open, 0)):
        if number is not None:
            books.store.run(
                "UPDATE period SET closed = ? WHERE administration = ? AND book_year = ?"
                " AND number = ?",
                closed,
                books.administration,
                bookyearId,
                number,
            )


@action("book-year")
def close_book_year(books: Books, octopus: Octopus, bookyearId: int, closed: bool = True) -> None:
    """Close a book year or open it again."""
    books.store.run(
        "UPDATE book_year SET closed = ? WHERE administration = ? AND number = ?",
        int(closed),
        books.administration,
        bookyearId,
    )


@action("journal")
def change_journal(
    books: Books,
    octopus: Octopus,
    journalKey: str,
    bookyearId: int | None = None,
    closed: bool | None = None,
    open_by: str | None = None,
    name: str | None = None,
    insertion_type: int | None = None,
    last_number: int | None = None,
    closed_period: int | None = None,
    remove: bool = False,
) -> None:
    """Close, open elsewhere (``open_by``, "" ends it), rename, change mode or remove a journal."""
    for number in _years(books, bookyearId):
        journal = books.journal(number, journalKey)
        if journal is None:
            raise refused(-10, f"Journal {journalKey} does not exist")
        if remove:
            remove_journal(books, journal)
            continue
        values: dict[str, Any] = {
            "closed": None if closed is None else int(closed),
            "open_by": open_by,
            "last_number": last_number,
            "closed_period": closed_period,
        }
        if name is not None:
            values["names"] = json.dumps({**journal["names"], "nl": name, "fr": name})
        if insertion_type is not None:
            values["data"] = json.dumps({**journal["data"], "insertionType": insertion_type})
        books.change_journal(
            number,
            journalKey,
            **{column: value for column, value in values.items() if value is not None},
        )


@action("account")
def change_account(
    books: Books,
    octopus: Octopus,
    number: int,
    bookyearId: int | None = None,
    remove: bool = False,
    name: str | None = None,
    deductible: float | None = None,
    bookable: bool | None = None,
    **data: Any,
) -> None:
    """Add, rename, remove or re-set a ledger account (deductible share in percent).

    ``data``: ``sales_code``, ``purchase_code``, ``cost_centre_type`` (0 none, 1 mandatory, 2
    optional), ``cost_centre`` (the number of its default).
    """
    if set(data) - ACCOUNT_DATA:
        raise ValueError(f"an account has {', '.join(sorted(ACCOUNT_DATA))}")
    for year in _years(books, bookyearId):
        account = books.account(year, number)
        if remove and account:
            books.store.run(
                "DELETE FROM account WHERE administration = ? AND book_year = ? AND number = ?",
                books.administration,
                year,
                number,
            )
            books.record_deletion("account", f"{year}/{number}", account_data(account))
            continue
        names = account["names"] if account else {}
        if name is not None:
            names = {**names, "nl": name, "fr": name}
        share = None if deductible is None else Decimal(str(deductible))
        if share is None and account and account["deductible"] is not None:
            share = loaded(account["deductible"])
        books.save_account(
            year,
            number,
            names,
            bool(account["bookable"] if account else True) if bookable is None else bookable,
            share,
            {**(account["data"] if account else {}), **data},
        )


@action("vat-code")
def change_vat_code(
    books: Books,
    octopus: Octopus,
    code: str,
    remove: bool = False,
    name: str | None = None,
    active: bool | None = None,
    rate: float | None = None,
    rename: str | None = None,
) -> None:
    """Describe, deactivate, re-rate, rename or remove a VAT code."""
    found = books.vat_code(code)
    if found is None:
        raise refused(-22, f"VAT code {code} does not exist")
    if remove or rename:
        books.store.run(
            "DELETE FROM vat_code WHERE administration = ? AND code = ?", books.administration, code
        )
    if not remove:
        books.save_vat_code(
            VatCode(
                rename or code,
                found.side,
                found.rate if rate is None else Decimal(str(rate)),
                found.names if name is None else {**found.names, "nl": name, "fr": name},
                found.invoice,
                found.credit_note,
                found.active if active is None else active,
                found.data,
            )
        )


@action("relation")
def change_relation(
    books: Books, octopus: Octopus, relationId: int, remove: bool = False, **fields: Any
) -> None:
    """Change fields of a relation (``externalRelationId`` too), or remove it."""
    row = books.party(relationId)
    if row is None:
        raise refused(-16, f"Relation {relationId} does not exist")
    if remove:
        books.store.run(
            "DELETE FROM party WHERE administration = ? AND id = ?",
            books.administration,
            relationId,
        )
        books.record_deletion("party", str(relationId), relation_data(row))
        return
    external = int(fields.pop("externalRelationId", row["external_id"]))
    active = bool(fields.pop("active", row["active"]))
    books.save_party(relationId, external, active, {**row["data"], **fields})


@action("empty-chart")
def empty_chart(books: Books, octopus: Octopus) -> None:
    """Remove every ledger account of the dossier."""
    books.store.run("DELETE FROM account WHERE administration = ?", books.administration)


@action("due-date")
def change_due_date(
    books: Books,
    octopus: Octopus,
    bookyearId: int,
    journalKey: str,
    documentSequenceNr: int,
    expiryDate: str,
) -> None:
    """Change only the due date of a sales or purchase booking."""
    recode(books, octopus, bookyearId, journalKey, documentSequenceNr, expiryDate=expiryDate)
