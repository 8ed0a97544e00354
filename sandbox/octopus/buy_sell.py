"""Sales and purchase bookings: insert, change, read back, files afterwards.

The caller's VAT is taken as given; reverse-charge codes come with VAT 0 and both legs are posted
here. A negative total makes a credit note, whose ordinary lines are positive. A total that differs
more than half a cent from the sum of its lines is refused with -24 [the code is a choice].

The deductible share of a purchase line without one is its account's; a sales line ignores it.

Other choices: a line without VAT code is outside the return; a line with VAT but no code, or with
VAT on a code without VAT account, is refused (-22, -24). A changed booking keeps its
matches; when they would no longer fit, the change is refused (-35).
"""

from __future__ import annotations

from decimal import Decimal

from ..kit.amounts import ZERO, loaded
from ..kit.ledger import Document, Line, MatchedDocument
from ..kit.trade import TradeLine, converter, trade_entry
from ..kit.vat import VatCode
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
from .calls import CREATED, NO_CONTENT, Answer, Call, operation
from .errors import nothing_found, refused
from .master_data import CURRENCIES, listed
from .relations import find_relation

HALF_CENT = Decimal("0.005")
CLIENTS, SUPPLIERS = 400000, 440000
LINE_FIELDS = (
    "accountKey",
    "baseAmount",
    "vatCodeKey",
    "vatAmount",
    "comment",
    "intrastatServiceData",
    "overflowBookingServiceData",
)
UNSET = {"comment": "", "reference": "", "paymentMethod": 0}
"""What a head reads back where nothing was sent."""
HEAD_FIELDS = (
    "documentDate",
    "expiryDate",
    "comment",
    "orderReference",
    "reference",
    "currencyCode",
    "paymentMethod",
)


@operation("insertBuySellBooking")
def insert(call: Call) -> Answer:
    """Book a document with the journal's next number, its files with it."""
    data = call.body["buySellBookingServiceData"]
    journal = checked_journal(call, data, "AV")
    check_next_number(call, journal, head_key(data)[2], trade=True)
    document, lines = checked_booking(call, data, journal)
    files = files_of(call, call.body.get("attachments"))
    number = call.books.post(document, lines)
    for name, content in files:
        call.books.attach(number, name, content)
    return CREATED


@operation("updateBuySellBooking")
def update(call: Call) -> Answer:
    """Replace a booking; neither its old nor its new period may be protected."""
    journal = checked_journal(call, call.body, "AV")
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
    sale = journal["kind"] == "V"
    relation = _relation(call, data, sale)
    check_document_date(call, data)
    if not data.get("expiryDate"):
        raise refused(-18, "expiryDate is missing")
    currency = data.get("currencyCode")
    if currency not in CURRENCIES:
        raise refused(-19, f"Currency {currency} is unknown")
    rate = checked_rate(data, currency)
    credit_note = data["amount"] < 0
    lines = [
        _line(call, line, index, journal["book_year"], sale, credit_note)
        for index, line in enumerate(data.get("bookingLines", []), 1)
    ]
    _check_total(call, data, lines)
    entry = trade_entry(
        lines,
        sale,
        credit_note,
        relation["id"],
        CLIENTS if sale else SUPPLIERS,
        converter(rate, call.switches["exchange_rate_direction"]),
    )
    kind = ("sale" if sale else "purchase") + ("_refund" if credit_note else "")
    return Document(
        journal["book_year"],
        journal["code"],
        head_key(data)[2],
        kind,
        int(data["bookyearPeriodeNr"]),
        data["documentDate"],
        currency,
        rate,
        Decimal(data["amount"]),
        data["expiryDate"],
        relation["id"],
        data.get("comment"),
        data.get("reference"),
        payload=_payload(data, lines, relation, sale),
    ), entry


def _relation(call: Call, data: dict, sale: bool) -> dict:
    relation = find_relation(call, data.get("relationIdentificationServiceData"))
    if relation is None:
        raise refused(-16, f"Relation {data.get('relationIdentificationServiceData')} is unknown")
    role = "client" if sale else "supplier"
    if call.switches["relation_role"] == "matching" and not relation["data"][role]:
        raise refused(-16, f"Relation {relation['id']} is no {role}")
    return relation


def _line(
    call: Call, line: dict, index: int, book_year: int, sale: bool, credit_note: bool
) -> TradeLine:
    account = check_account(call, book_year, line.get("accountKey"))
    base, vat = Decimal(line.get("baseAmount", 0)), Decimal(line.get("vatAmount", 0))
    code = _checked_code(call, line, index, sale)
    if base * vat < 0:
        raise refused(-23, f"Line {index}: base {base} and VAT {vat}")
    share = _share(line, account)
    cost_centre = checked_cost_centre(call, line, account)
    if code is not None:
        vat = _checked_vat(call, code, vat, index, sale, credit_note)
    return TradeLine(
        index, account["number"], base, vat, code, share, line.get("comment"), cost_centre
    )


def _checked_code(call: Call, line: dict, index: int, sale: bool) -> VatCode | None:
    name = line.get("vatCodeKey")
    if not name:
        if call.switches["line_without_vat_code"] == "refuse" or line.get("vatAmount"):
            raise refused(-22, f"Line {index} has no VAT code")
        return None
    code = call.books.vat_code(name)
    if code is None or not code.active:
        raise refused(-22, f"Line {index}: VAT code {name} does not exist")
    if (code.side == "sale") != sale:
        raise refused(-75, f"Line {index}: VAT code {name} is for a {code.side}")
    return code


def _checked_vat(
    call: Call, code: VatCode, vat: Decimal, index: int, sale: bool, credit_note: bool
) -> Decimal:
    card = code.card(credit_note)
    if vat and card.reverse_charge:
        if call.switches["reverse_charge_vat"] == "refuse":
            raise refused(-24, f"Line {index}: VAT {vat} on reverse-charge code {code.code}")
        return ZERO
    if vat and (card.owed if sale else card.recoverable) is None:
        raise refused(-24, f"Line {index}: VAT code {code.code} has no VAT account")
    return vat


def _share(line: dict, account: dict) -> Decimal:
    share = line.get("vatRecupPercentage")
    if share is None:
        return Decimal(100) if account["deductible"] is None else loaded(account["deductible"])
    if not 0 <= share <= 100:
        raise refused(-30, f"vatRecupPercentage {share}")
    return Decimal(share)


def _check_total(call: Call, data: dict, lines: list[TradeLine]) -> None:
    total = sum((line.base + line.vat for line in lines), ZERO)
    expected = -total if data["amount"] < 0 else total
    if call.switches["total_check"] and abs(data["amount"] - expected) > HALF_CENT:
        raise refused(-24, f"amount {data['amount']} differs from the sum of its lines {expected}")


def _payload(data: dict, lines: list[TradeLine], relation: dict, sale: bool) -> dict:
    """The booking as it is read back."""
    shown = []
    for sent, line in zip(data.get("bookingLines", []), lines, strict=True):
        shown.append(
            {
                **{name: sent[name] for name in LINE_FIELDS if name in sent},
                "baseAmount": line.base,
                "vatAmount": line.vat,
                "accountKey": line.account,
                "vatRecupPercentage": None if sale else line.share,
                "costCentreKey": cost_centre_key(line.cost_centre),
            }
        )
    return {
        "bookyearKey": {"id": head_key(data)[0]},
        "journalKey": data["journalKey"],
        "documentSequenceNr": head_key(data)[2],
        "bookyearPeriodeNr": int(data["bookyearPeriodeNr"]),
        "amount": data["amount"],
        "exchangeRate": data["exchangeRate"],
        **UNSET,
        **{name: data[name] for name in HEAD_FIELDS if name in data},
        "relation": relation["id"],
        "bookingLines": shown,
    }


def booking_data(call: Call, document: dict) -> dict:
    """A booking as ``BuySellBookingServiceData``, with the relation's present external id."""
    shown = {**UNSET, **document["payload"]}
    relation = call.books.party(shown.pop("relation"))
    shown["relationIdentificationServiceData"] = {
        "relationKey": {"id": document["party"]},
        "externalRelationId": relation["external_id"] if relation else 0,
    }
    doubles = ("amount", "exchangeRate")
    shown.update({name: float(shown[name]) for name in doubles})
    for line in shown["bookingLines"]:
        line.update({name: float(line[name]) for name in ("baseAmount", "vatAmount")})
    return shown


@operation("getBuySellBooking")
def read(call: Call) -> Answer:
    """One booking."""
    document = call.books.document(
        call.query["bookyearId"], call.query["journalKey"], call.query["documentSeqNr"]
    )
    if document is None or document["journal"][0] not in "AV":
        raise nothing_found("Booking does not exist", -34)
    return Answer(200, booking_data(call, document))


def modified_documents(call: Call, kinds: str) -> list[dict]:
    """Heads of bookings in journals of these kinds, changed since the query's moment."""
    return [
        row
        for row in call.books.documents(
            "modified >= ? AND (? = -1 OR book_year = ?) AND (? IS NULL OR journal = ?)",
            call.query["modifiedTimeStamp"],
            call.query["bookyearId"],
            call.query["bookyearId"],
            call.query.get("journalKey"),
            call.query.get("journalKey"),
        )
        if row["journal"][0] in kinds
    ]


@operation("getModifiedBuySellBookings")
def modified(call: Call) -> Answer:
    """Bookings changed since a moment; removed ones are not told here."""
    return listed([booking_data(call, row) for row in modified_documents(call, "AV")])


@operation("addAttachementToBooking")
def attach(call: Call) -> Answer:
    """A file for an existing booking; journal and number travel as headers."""
    number = call.headers.get("documentSequennceNr", "")
    if not (number.isascii() and number.isdigit()) or not call.headers.get("journalKey"):
        raise refused(-79, "Invalid or missing parameters passed")
    document = call.books.document(call.path["bookyearId"], call.headers["journalKey"], int(number))
    if document is None:
        raise refused(-34, f"Booking {call.headers['journalKey']} {number} does not exist")
    for name, content in files_of(call, [call.body]):
        call.books.attach(document["id"], name, content)
    return NO_CONTENT
