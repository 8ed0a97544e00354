"""The entry and the VAT boxes of a document that is executed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from ..kit.amounts import ZERO, half_up
from ..kit.ledger import Document, Line
from ..kit.vat import VatCode, VatSplit, card_boxes
from . import layout
from .documents import FIXED, ActDocument, added_legs, code_of, is_vat, side_of
from .folder import Known, share_of, third_key
from .layout import CUSTOMER, SUPPLIER, ZERO_RATE
from .records import Record
from .vat_codes import ALL, DEDUCTIBLE, NOT

PARTY_LINE = -1


@dataclass
class Entry:
    """A document as it is booked."""

    document: Document
    lines: list[Line]


@dataclass
class _Amount:
    """A line while its entry is made: ``amount`` may move by a recomputed VAT."""

    record: Record
    amount: Decimal
    account: str
    role: str
    code: VatCode | None = None
    boxes: list[tuple[str, Decimal]] = field(default_factory=list)


def entry_of(document: ActDocument, known: Known, switches: Mapping[str, Any]) -> Entry:
    """Its head and its balanced lines."""
    refund = document.kind in layout.REFUNDS
    amounts = [
        _amount_of(record, document, known)
        for record in document.records
        if record.text("DOCTYPE") != ZERO_RATE
    ]
    _recompute(amounts, refund, switches)
    added = _added_by_the_program(document, known, switches)
    _fill_boxes(document, amounts, known, switches, twice=bool(added) and _is_balanced(document))
    zero_rate = _zero_rate_boxes(document, amounts, known, switches)
    if zero_rate and amounts:
        amounts[0].boxes += zero_rate
    lines = list(_lines(document, amounts))
    lines += [replace(line, sequence=len(lines) + number) for number, line in enumerate(added)]
    return Entry(_head(document, amounts), lines)


def _amount_of(record: Record, document: ActDocument, known: Known) -> _Amount:
    kind, account = record.text("DOCTYPE"), record.text("ACCOUNTGL").strip()
    code = None
    if kind in (CUSTOMER, SUPPLIER):
        role = "party"
        account = account or known.central_of_third(kind, record.text("ACCOUNTRP"))
    else:
        code = code_of(record, document, known)
        role = _role(record, code)
        if not account:
            account = _account_of_code(record, document, known)
    return _Amount(record, record.amount("AMOUNTEUR"), account, role, code)


def _role(record: Record, code: VatCode | None) -> str:
    if not is_vat(record):
        return "base"
    if code is None or code.side == "sale":
        return "owed"
    return "deductible"


def _account_of_code(record: Record, document: ActDocument, known: Known) -> str:
    """The account of VAT whose line has none: of the leg of its code that it is."""
    code = known.vat_code(record.text("VATCODE").strip(), side_of(document.kind))
    card = code.card(document.kind in layout.REFUNDS)
    opposite = code_of(record, document, known) is None
    leg = card.owed if code.side == "sale" or opposite else card.recoverable or card.owed
    return known.central(str(leg.account) if leg else DEDUCTIBLE)


# VAT that the program computes --------------------------------------------------------------------


def _recompute(amounts: list[_Amount], refund: bool, switches: Mapping[str, Any]) -> None:
    """Change the VAT of lines where the program does so; what differs goes to another line."""
    for line in amounts:
        if line.code is None:
            continue
        fixed = line.record.text("OPCODE") == FIXED and switches["operation_code"] == "obeyed"
        wanted = line.amount
        if not fixed and switches["without_operation_code"] == "recompute":
            wanted = _computed(line, refund)
        elif fixed and switches["share_on_fixed"]:
            wanted = _shared(line.amount, line.code, refund)
        difference, line.amount = wanted - line.amount, wanted
        if difference:
            _opposite(amounts, line, refund).amount -= difference


def _computed(line: _Amount, refund: bool) -> Decimal:
    """Base times rate, with the sign that the line has."""
    base = abs(line.record.amount("VATBASE"))
    if not base:
        return line.amount
    vat = _shared(half_up(base * line.code.rate / 100), line.code, refund)
    return vat if line.amount > 0 else -vat


def _shared(amount: Decimal, code: VatCode, refund: bool) -> Decimal:
    """The deductible part of a purchase's VAT."""
    if code.side == "sale" or code.data["typded"] == ALL:
        return amount
    return half_up(amount * share_of(code, refund) / 100)


def _opposite(amounts: list[_Amount], line: _Amount, refund: bool) -> _Amount:
    """Where a difference in VAT goes: the opposite line where we owe the VAT, else the base with
    this code, else the largest one."""
    if line.code.card(refund).reverse_charge and line.code.data["typded"] == ALL:
        for other in amounts:
            if other.role == "owed" and other.amount == -line.record.amount("AMOUNTEUR"):
                return other
    bases = [one for one in amounts if one.role == "base"] or [
        one for one in amounts if one.role == "party"
    ]
    own = [one for one in bases if one.record.text("VATIMPUT") == line.record.text("VATCODE")]
    return max(own or bases, key=lambda one: abs(one.amount))


def _is_balanced(document: ActDocument) -> bool:
    return not sum((record.amount("AMOUNTEUR") for record in document.records), ZERO)


def _added_by_the_program(
    document: ActDocument, known: Known, switches: Mapping[str, Any]
) -> list[Line]:
    """The opposite of VAT that we owe, where the program adds it. A file that brought it gets both
    lines a second time."""
    if switches["second_leg"] != "added":
        return []
    refund, found = document.kind in layout.REFUNDS, []
    both = _is_balanced(document)
    for _record, code, amount in added_legs(document, known):
        card = code.card(refund)
        for leg, sign, role in (
            (card.recoverable, 1, "deductible"),
            (card.owed, -1, "owed"),
        ):
            if role == "owed" or both:
                account = known.central(str(leg.account))
                found.append(
                    Line(0, role, account, sign * amount, sign * amount, vat_code=code.code)
                )
    return found


# Boxes --------------------------------------------------------------------------------------------


def _fill_boxes(
    document: ActDocument,
    amounts: list[_Amount],
    known: Known,
    switches: Mapping[str, Any],
    twice: bool,
) -> None:
    """The boxes of every line of VAT with a code; ``twice``: of what the program added too."""
    refund = document.kind in layout.REFUNDS
    for line in amounts:
        code = line.code
        if code is None:
            continue
        sale = code.side == "sale"
        # positive where the document is an ordinary one of its kind
        tax = line.amount * (-1 if sale else 1) * (-1 if refund else 1)
        base = _base(line.record, refund, switches) or _costs(code, refund, amounts)
        times = 2 if twice and code.card(refund).reverse_charge else 1
        split = _split(code, base, tax * times, refund, amounts)
        line.boxes += card_boxes(code.card(refund), base, split, sale)


def _split(
    code: VatCode, base: Decimal, tax: Decimal, refund: bool, amounts: list[_Amount]
) -> VatSplit:
    if code.side == "sale":
        return VatSplit(tax)
    kind = code.data["typded"]
    cost = ZERO if kind == ALL else _cost(code, base, tax, refund, amounts)
    deductible = ZERO if kind == NOT else tax
    whole = deductible + cost
    if code.card(refund).reverse_charge:
        return VatSplit(owed=whole, deductible=deductible)
    return VatSplit(invoiced=whole, deductible=deductible)


def _cost(
    code: VatCode, base: Decimal, tax: Decimal, refund: bool, amounts: list[_Amount]
) -> Decimal:
    """The VAT that became cost: what the costs with this code are above the base, or, where no line
    says so, what is left of base times rate."""
    own = _costs(code, refund, amounts)
    if own:
        return own - base
    return half_up(base * code.rate / 100) - (ZERO if code.data["typded"] == NOT else tax)


def _costs(code: VatCode, refund: bool, amounts: list[_Amount]) -> Decimal:
    """What the costs or revenues with this VATIMPUT come to, positive where ordinary."""
    sign = (-1 if refund else 1) * (-1 if code.side == "sale" else 1)
    names = (code.code, *code.data["users"].values())
    return sign * sum(
        (
            line.amount
            for line in amounts
            if line.role == "base" and line.record.text("VATIMPUT").strip().upper() in names
        ),
        ZERO,
    )


def _base(record: Record, refund: bool, switches: Mapping[str, Any]) -> Decimal:
    sign = -1 if refund and switches["credit_note_base"] == "negative" else 1
    return sign * record.amount("VATBASE")


def _zero_rate_boxes(
    document: ActDocument, amounts: list[_Amount], known: Known, switches: Mapping[str, Any]
) -> list[tuple[str, Decimal]]:
    refund, boxes = document.kind in layout.REFUNDS, []
    for record in document.of_type(ZERO_RATE):
        code = known.vat_code(record.text("VATCODE").strip(), side_of(document.kind))
        base = _base(record, refund, switches)
        split = VatSplit()
        if code.side == "purchase" and code.data["typded"] != ALL:
            cost = _cost(code, base, ZERO, refund, amounts)
            owed = code.card(refund).owed is not None
            split = VatSplit(owed=cost) if owed else VatSplit(invoiced=cost)
        boxes += card_boxes(code.card(refund), base, split, code.side == "sale")
    return boxes


# Lines --------------------------------------------------------------------------------------------


def _lines(document: ActDocument, amounts: Iterable[_Amount]) -> Iterable[Line]:
    trade, sequence = document.kind in layout.TRADE, 0
    for line in amounts:
        record = line.record
        is_party = line.role == "party"
        if not (line.amount or line.boxes):
            continue  # all of its VAT went to the costs
        if not (trade and is_party):
            sequence += 1
        in_currency = record.text("CURRCODE").strip() not in ("", "EUR")
        yield Line(
            PARTY_LINE if trade and is_party else sequence,
            line.role,
            line.account,
            line.amount,
            record.amount("CURRAMOUNT") if in_currency else line.amount,
            third_key(record.text("DOCTYPE"), record.text("ACCOUNTRP")) if is_party else None,
            record.text("COMMENT") or None,
            record.text("COMMENTEXT") or None,
            line.code.code if line.code else record.text("VATIMPUT").strip() or None,
            boxes=tuple(line.boxes),
        )


def _head(document: ActDocument, amounts: list[_Amount]) -> Document:
    first = document.records[0]
    third = next((line for line in amounts if line.role == "party"), None)
    lead = third.record if third else first
    rate = lead.amount("CURRATE") or Decimal(1)
    currency = lead.text("CURRCODE").strip() or "EUR"
    total = third.amount if third else sum((max(line.amount, ZERO) for line in amounts), ZERO)
    trade = document.kind in layout.TRADE
    return Document(
        document.book_year,
        document.journal,
        document.number,
        layout.KINDS[document.kind],
        document.period,
        first["DATE"] or first["DATEDOC"],
        currency,
        rate,
        total,
        lead["DUEDATE"],
        third_key(lead.text("DOCTYPE"), lead.text("ACCOUNTRP")) if trade and third else None,
        lead.text("COMMENT") or None,
        lead.text("COMMENTEXT") or None,
        "import",
        {
            "document_date": first["DATEDOC"],
            "records": [
                {
                    name: value if isinstance(value, bool) else str(value)
                    for name, value in record.values.items()
                }
                for record in document.records
            ],
        },
    )
