"""VAT codes as cards, and the Belgian return they feed.

A code has a card for invoices and one for credit notes. A card names the boxes of the base and two
legs: *recoverable* (the debit account and debit share of the code's set-up screen) and *owed* (its
credit account and share). Reverse charge is simply both legs filled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from .amounts import ZERO, half_up

CLASS_BOX = "8x"
"""Stands for the box that the ledger account of a line decides: 81, 82 or 83."""


@dataclass(frozen=True)
class BaseBox:
    """A box that takes the base: ``sign`` -1 nets it; ``with_cost`` adds VAT that became cost."""

    box: str
    sign: int = 1
    with_cost: bool = False


@dataclass(frozen=True)
class Leg:
    """A VAT account, the share of the VAT that goes there (percent) and its box.

    ``sign`` -1 nets the box, for returns that have no boxes of their own for credit notes.
    """

    account: int | str
    box: str
    share: Decimal = Decimal(100)
    sign: int = 1


@dataclass(frozen=True)
class Card:
    """What one kind of document does with a VAT code."""

    bases: tuple[BaseBox, ...] = ()
    recoverable: Leg | None = None
    owed: Leg | None = None

    @property
    def reverse_charge(self) -> bool:
        """Both legs filled: the buyer owes and deducts the VAT himself."""
        return self.recoverable is not None and self.owed is not None

    def with_class(self, box: str) -> Card:
        """The card for a line on an account whose purchases go in this box."""
        return replace(
            self,
            bases=tuple(
                replace(base, box=box) if base.box == CLASS_BOX else base for base in self.bases
            ),
        )

    def as_data(self) -> dict:
        """The card as plain data."""

        def leg(value: Leg | None):
            return value and [value.account, value.box, str(value.share), value.sign]

        return {
            "bases": [[base.box, base.sign, base.with_cost] for base in self.bases],
            "recoverable": leg(self.recoverable),
            "owed": leg(self.owed),
        }

    @classmethod
    def from_data(cls, data: Mapping) -> Card:
        """The card behind ``as_data``."""

        def leg(value):
            return value and Leg(value[0], value[1], Decimal(value[2]), *value[3:])

        return cls(
            tuple(BaseBox(*base) for base in data["bases"]),
            leg(data["recoverable"]),
            leg(data["owed"]),
        )


@dataclass(frozen=True)
class VatCode:
    """A VAT code: side ``sale`` or ``purchase``, rate in percent, names by language."""

    code: str
    side: str
    rate: Decimal
    names: Mapping[str, str]
    invoice: Card
    credit_note: Card
    active: bool = True
    data: Mapping = field(default_factory=dict)

    def card(self, credit_note: bool) -> Card:
        """The card that a document of this kind uses."""
        return self.credit_note if credit_note else self.invoice


@dataclass(frozen=True)
class VatSplit:
    """The VAT of one line: invoiced, owed by us, deductible, to cost. Relative to the kind."""

    invoiced: Decimal = ZERO
    owed: Decimal = ZERO
    deductible: Decimal = ZERO

    @property
    def cost(self) -> Decimal:
        """VAT that cannot be deducted; zero on a sale."""
        return self.invoiced + self.owed - self.deductible


def owed_vat(card: Card, rate: Decimal, base: Decimal) -> Decimal:
    """VAT the buyer owes on a line under reverse charge, half-up; zero otherwise."""
    return half_up(base * rate / 100) if card.reverse_charge else ZERO


def split_purchase_vat(card: Card, invoiced: Decimal, owed: Decimal, share: Decimal) -> VatSplit:
    """The VAT of a purchase line; ``share`` is the deductible percentage of the line."""
    leg = card.recoverable
    percentage = share * leg.share / 100 if leg else ZERO
    return VatSplit(invoiced, owed, half_up((invoiced + owed) * percentage / 100))


def card_boxes(card: Card, base: Decimal, vat: VatSplit, sale: bool) -> list[tuple[str, Decimal]]:
    """Box amounts of one line, positive where the document is an ordinary one of its kind."""
    boxes = []
    for entry in card.bases:
        amount = base + (vat.cost if entry.with_cost and not sale else ZERO)
        boxes.append((entry.box, entry.sign * amount))
    if card.recoverable and vat.deductible:
        boxes.append((card.recoverable.box, card.recoverable.sign * vat.deductible))
    owed = vat.invoiced if sale else vat.owed
    if card.owed and owed:
        boxes.append((card.owed.box, card.owed.sign * owed))
    return [(box, amount) for box, amount in boxes if box and amount]


BOXES = (
    "00",
    "01",
    "02",
    "03",
    "44",
    "45",
    "46",
    "47",
    "48",
    "49",
    "54",
    "55",
    "56",
    "57",
    "59",
    "61",
    "62",
    "63",
    "64",
    "81",
    "82",
    "83",
    "84",
    "85",
    "86",
    "87",
    "88",
)
"""The boxes of the periodic return; 46 and 48 have splits that only the listing shows."""

TO_PAY = ("54", "55", "56", "57", "61", "63")
TO_RECEIVE = ("59", "62", "64")
TOLERANCE = Decimal(62)


def return_box(box: str) -> str:
    """The box of the return behind a split: 46L and 46T are 46, 48s44 is 48."""
    return box[:2]


def return_boxes(amounts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Every box of the return with its sum, splits added up, then 71 or 72."""
    totals = {box: ZERO for box in BOXES}
    for box, amount in amounts.items():
        totals[return_box(box)] = totals.get(return_box(box), ZERO) + amount
    balance = sum((totals[box] for box in TO_PAY), ZERO) - sum(
        (totals[box] for box in TO_RECEIVE), ZERO
    )
    totals["71"], totals["72"] = max(balance, ZERO), max(-balance, ZERO)
    return totals


def plausibility(amounts: Mapping[str, Decimal]) -> list[tuple[str, bool]]:
    """The checks Belgian packages run before a return is sent: (wording, passed).

    Tolerance 62 EUR where the rule has one (belgian report modules share this wording).
    """
    box = return_boxes(amounts)
    per_rate = (box["01"] * 6 + box["02"] * 12 + box["03"] * 21) / 100
    checks = [
        ("no box is negative", all(amount >= 0 for amount in box.values())),
        ("01 × 6 % + 02 × 12 % + 03 × 21 % = 54", abs(per_rate - box["54"]) <= TOLERANCE),
        (
            "(84 + 86 + 88) × 21 % ≥ 55",
            (box["84"] + box["86"] + box["88"]) * 21 / 100 + TOLERANCE >= box["55"],
        ),
        (
            "(85 + 87) × 21 % ≥ 56 + 57",
            (box["85"] + box["87"]) * 21 / 100 + TOLERANCE >= box["56"] + box["57"],
        ),
        (
            "(81 + 82 + 83 + 84 + 85) × 50 % ≥ 59",
            sum((box[name] for name in ("81", "82", "83", "84", "85")), ZERO) / 2 >= box["59"],
        ),
        ("85 × 21 % ≥ 63", box["85"] * 21 / 100 + TOLERANCE >= box["63"]),
        ("49 × 21 % ≥ 64", box["49"] * 21 / 100 + TOLERANCE >= box["64"]),
        ("55 > 0 when 86 or 88 > 0", box["55"] > 0 or not (box["86"] > 0 or box["88"] > 0)),
    ]
    return checks
