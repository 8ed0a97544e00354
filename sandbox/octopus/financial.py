"""Bookings in financial (F) and misc (D) journals.

F: positive is money in, so the line is credited and the bank debited; the bank line is implicit
(``lineSequenceNr`` 0). D: lines add up to zero, else -24; a positive amount is a debit unless the
switch ``divers_sign`` says otherwise.
"""

from __future__ import annotations

from decimal import Decimal

from ..kit.amounts import ZERO
from ..kit.ledger import Document, Line, MatchedDocument
from ..kit.matching import Matching
from ..kit.trade import Convert, converter
from .booking_checks import (
    check_account,
    check_document_date,
    check_next_number,
    check_period,
    checked_cost_centre,
    checked_journal,
    checked_rate,
    cost_centre_key,
    files_of,
    head_key,
)
from .buy_sell import CLIENTS, HALF_CENT, SUPPLIERS, modified_documents
from .calls import CREATED, NO_CONTENT, Answer, Call, operation
from .errors import nothing_found, refused
from .master_data import listed


@operation("insertFinancialDiversBooking")
def insert(call: Call) -> Answer:
    """Book bank movements or a misc entry with the journal's next number."""
    data = call.body["financialDiversBookingServiceData"]
    journal = checked_journal(call, data, "FD")
    check_next_number(call, journal, head_key(data)[2], trade=False)
    document, lines = checked_booking(call, data, journal)
    files = files_of(call, call.body.get("attachments"))
    number = call.books.post(document, lines)
    for name, content in files:
        call.books.attach(number, name, content)
    if journal["kind"] == "F" and call.switches["match_on_reference"]:
        _match_on_reference(call, document)
    return CREATED


@operation("updateFinancialDiversBooking")
def update(call: Call) -> Answer:
    """Replace a booking; the same data again is accepted."""
    journal = checked_journal(call, call.body, "FD")
    before = call.books.document(*head_key(call.body))
    if before is None:
        raise refused(-34, f"Booking {head_key(call.body)} does not exist")
    check_period(call, journal, before["period"])
    document, lines = checked_booking(call, call.body, journal)
    try:
        call.books.replace(document, lines)
    except MatchedDocument as error:
        raise refused(-35, str(error)) from error
    return NO_CONTENT


def checked_booking(call: Call, data: dict, journal: dict) -> tuple[Document, list[Line]]:
    """The document and its entry behind a body; raises the refusals of the head and the lines."""
    check_period(call, journal, data.get("bookyearPeriodeNr"))
    check_document_date(call, data)
    currency = journal["currency"] or "EUR"
    rate = checked_rate(data, currency)
    convert = converter(rate, call.switches["exchange_rate_direction"])
    bank = journal["kind"] == "F"
    sign = -1 if bank or call.switches["divers_sign"] == "credit" else 1
    shown, lines = [], []
    for index, line in enumerate(data.get("bookingLines", []), 1):
        entry, payload = _line(call, line, index, journal["book_year"], sign, convert)
        lines.append(entry)
        shown.append(payload)
    total = sum((line.amount for line in lines), ZERO)
    foreign = sum((line.document_amount for line in lines), ZERO)
    if bank:
        lines.append(Line(0, "bank", journal["account"], -total, -foreign))
    elif abs(total) >= HALF_CENT:
        raise refused(-24, f"The lines of {journal['code']} add up to {total}, not to zero")
    payload = {
        "bookyearKey": {"id": journal["book_year"]},
        "journalKey": journal["code"],
        "documentSequenceNr": head_key(data)[2],
        "documentDate": data["documentDate"],
        "bookyearPeriodeNr": int(data["bookyearPeriodeNr"]),
        "exchangeRate": data["exchangeRate"],
        "bookingLines": shown,
    }
    return Document(
        journal["book_year"],
        journal["code"],
        head_key(data)[2],
        "bank" if bank else "misc",
        int(data["bookyearPeriodeNr"]),
        data["documentDate"],
        currency,
        rate,
        -foreign if bank else ZERO,
        payload=payload,
    ), lines


def _line(
    call: Call, line: dict, index: int, book_year: int, sign: int, convert: Convert
) -> tuple[Line, dict]:
    kind, party = line.get("type"), None
    if kind not in ("A", "C", "S"):
        raise refused(-25, f"Line {index}: type {kind}")
    if kind == "A":
        row = check_account(call, book_year, line.get("accountKey"))
        account, cost_centre = row["number"], checked_cost_centre(call, line, row)
    else:
        party = _party(call, line, index)
        account = CLIENTS if kind == "C" else SUPPLIERS
        cost_centre = checked_cost_centre(call, line)
    amount = Decimal(line["amount"])
    entry = Line(
        index,
        "party" if party else "line",
        account,
        sign * convert(amount),
        sign * amount,
        party and party["id"],
        reference=line.get("reference"),
        cost_centre=cost_centre,
    )
    return entry, {
        "type": kind,
        "amount": amount,
        "accountKey": 0 if party else account,
        "relationId": party["id"] if party else 0,
        "externalRelationId": party["external_id"] if party else 0,
        "reference": line.get("reference"),
        "codaInfo": line.get("codaInfo"),
        "costCentreKey": cost_centre_key(cost_centre),
    }


def _party(call: Call, line: dict, index: int) -> dict:
    number, external = max(line.get("relationId", 0), 0), line.get("externalRelationId")
    party = call.books.party(int(number)) if number else None
    if party is None and external and not number:
        party = call.books.party_by_external_id(int(external))
    if party is None:
        raise refused(-16, f"Line {index}: relation {number or external} is unknown")
    return party


def _match_on_reference(call: Call, document: Document) -> None:
    matching = Matching(call.books)
    for payment in call.books.lines(call.books.document(*document.key)["id"]):
        if not payment["party"] or not payment["reference"]:
            continue
        payment = matching.line_by_id(payment["id"])
        for item in matching.items(
            "e.party = ? AND e.account = ? AND d.reference = ? AND e.id <> ?",
            payment["party"],
            payment["account"],
            payment["reference"],
            payment["id"],
        ):
            pair = (item, payment) if item["amount"] > 0 else (payment, item)
            amount = min(pair[0]["open"], -pair[1]["open"])
            if amount > 0:
                matching.match(*pair, amount)
                payment = matching.line_by_id(payment["id"])


def booking_data(document: dict) -> dict:
    """A booking as ``FinancialDiversBookingServiceData``."""
    shown = dict(document["payload"])
    shown["exchangeRate"] = float(shown["exchangeRate"])
    for line in shown["bookingLines"]:
        line.update(amount=float(line["amount"]), reference=line["reference"] or "")
    return shown


@operation("getFinancialDiversBooking")
def read(call: Call) -> Answer:
    """One booking."""
    document = call.books.document(
        call.query["bookyearId"], call.query["journalKey"], call.query["documentSeqNr"]
    )
    if document is None or document["journal"][0] not in "FD":
        raise nothing_found("Booking does not exist", -34)
    return Answer(200, booking_data(document))


@operation("getModifiedFinancialDiversBookings")
def modified(call: Call) -> Answer:
    """Bookings changed since a moment."""
    return listed([booking_data(row) for row in modified_documents(call, "FD")])
