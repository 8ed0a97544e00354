"""Entries of sales and purchase documents: party, base lines and the VAT legs of each code's card.

The caller's VAT amounts are taken as posted. VAT under reverse charge is computed per line from the
code's rate, half-up. In a foreign currency every base and VAT amount is converted by itself, so
the party's amount is the sum of converted amounts and not the converted total.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from .amounts import ZERO, half_up
from .ledger import Line
from .vat import VatCode, VatSplit, card_boxes, owed_vat, split_purchase_vat

Convert = Callable[[Decimal], Decimal]


@dataclass(frozen=True)
class TradeLine:
    """A line in document currency, positive where ordinary for the kind of document.

    ``share`` is the deductible percentage of a purchase line; ``owed`` replaces the VAT computed
    under reverse charge; ``cost_account`` takes VAT that cannot be deducted (else the line's own).
    """

    sequence: int
    account: int | str
    base: Decimal
    vat: Decimal
    code: VatCode | None = None
    share: Decimal = Decimal(100)
    text: str | None = None
    cost_centre: int | str | None = None
    cost_unit: str | None = None
    owed: Decimal | None = None
    cost_account: int | str | None = None


def converter(rate: Decimal, direction: str) -> Convert:
    """Document currency → currency of the books; ``direction`` is ``multiply`` or ``divide``."""
    if rate == 1:
        return half_up
    if direction == "divide":
        return lambda amount: half_up(amount / rate)
    return lambda amount: half_up(amount * rate)


def trade_entry(
    lines: Iterable[TradeLine],
    sale: bool,
    credit_note: bool,
    party: int | str,
    control_account: int | str,
    convert: Convert = half_up,
) -> list[Line]:
    """The balanced entry of a sales or purchase document, party line (sequence -1) first."""
    lines = list(lines)
    # A purchase debits its cost, a sale credits its revenue; a credit note does the opposite.
    side = (-1 if sale else 1) * (-1 if credit_note else 1)
    entries: list[Line] = []
    next_sequence = max((line.sequence for line in lines), default=0) + 1
    for line in lines:
        base = convert(line.base)
        local, foreign = _vat(line, sale, credit_note, convert)
        boxes = card_boxes(line.code.card(credit_note), base, local, sale) if line.code else []
        entries.append(
            Line(
                line.sequence,
                "base",
                line.account,
                side * base,
                side * line.base,
                text=line.text,
                vat_code=line.code and line.code.code,
                deductible=None if sale else line.share,
                cost_centre=line.cost_centre,
                boxes=tuple(boxes),
                cost_unit=line.cost_unit,
            )
        )
        for leg in _legs(line, sale, credit_note, local, foreign):
            entries.append(
                Line(
                    next_sequence,
                    leg.role,
                    leg.account,
                    side * leg.amount,
                    side * leg.document_amount,
                    text=line.text,
                    vat_code=line.code and line.code.code,
                    cost_centre=line.cost_centre if leg.role == "cost" else None,
                    cost_unit=line.cost_unit if leg.role == "cost" else None,
                )
            )
            next_sequence += 1
    total = -sum((entry.amount for entry in entries), ZERO)
    document_total = -sum((entry.document_amount for entry in entries), ZERO)
    return [Line(-1, "party", control_account, total, document_total, party), *entries]


@dataclass(frozen=True)
class _Leg:
    role: str
    account: int | str
    amount: Decimal
    document_amount: Decimal


def _vat(
    line: TradeLine, sale: bool, credit_note: bool, convert: Convert
) -> tuple[VatSplit, VatSplit]:
    """The VAT of a line in the books' and in the document's currency."""
    if sale or line.code is None:
        return VatSplit(convert(line.vat)), VatSplit(line.vat)
    card = line.code.card(credit_note)
    owed = owed_vat(card, line.code.rate, line.base) if line.owed is None else line.owed
    return (
        split_purchase_vat(card, convert(line.vat), convert(owed), line.share),
        split_purchase_vat(card, line.vat, owed, line.share),
    )


def _legs(
    line: TradeLine, sale: bool, credit_note: bool, local: VatSplit, foreign: VatSplit
) -> list[_Leg]:
    if line.code is None:
        return []
    card = line.code.card(credit_note)
    if sale:
        legs = [
            _Leg("owed", card.owed.account, local.invoiced, foreign.invoiced) if card.owed else None
        ]
    else:
        legs = [
            _Leg("cost", line.cost_account or line.account, local.cost, foreign.cost),
            _Leg("deductible", card.recoverable.account, local.deductible, foreign.deductible)
            if card.recoverable
            else None,
            _Leg("owed", card.owed.account, -local.owed, -foreign.owed) if card.owed else None,
        ]
    return [leg for leg in legs if leg and (leg.amount or leg.document_amount)]
