"""The named list: differences that may stand between Odoo's books and a package's, and no others.

Four sorts. *Corrections* (D… Belgian, N… Dutch) are places where Odoo's tax template posts
something else than an accountant books; they name their taxes and kinds and change only the boxes
they list.
*Rounding* (R…) is where the package computes an amount itself from a rate, a percentage or an
exchange rate; where somebody typed the VAT over in Odoo, that is R3, and never R1 or R2.
*Decisions* (E…) are where the package takes from its own books what Odoo takes from the tax.
*Cost of goods* (C1) is what Odoo books beside an invoice and no package gets with one.
Each is predicted for every document from its own lines, to the cent: an amount that is not exactly
the predicted one is a difference without a name.

A zero credit note becomes an invoice with turned lines in Octopus; it has no boxes to correct.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from tooling.books.figures import VAT_ACCOUNTS, ZERO, Amounts, Booking, PackageLine, TaxPosting, add

CENT = Decimal("0.01")
HALF_CENT = Decimal("0.005")
CLASS_BOXES = ("81", "82", "83")
RATE_TOLERANCE = Decimal("0.000001")


@dataclass(frozen=True)
class Correction:
    """``applies`` gets the posting and whether it is a credit note; ``change`` makes it right."""

    name: str
    reason: str
    taxes: str
    refund: bool | None
    change: Callable[[TaxPosting], TaxPosting]

    def applies(self, tax: TaxPosting, refund: bool) -> bool:
        """Whether this tax on this kind of document is on the list."""
        return self.refund in (None, refund) and re.fullmatch(self.taxes, tax.name) is not None


@dataclass
class Difference:
    """What one name explains of one document: package minus Odoo, per account and box."""

    name: str
    reason: str
    document: str
    accounts: Amounts = field(default_factory=dict)
    boxes: Amounts = field(default_factory=dict)

    def is_nothing(self) -> bool:
        """No amount at all."""
        return not (any(self.accounts.values()) or any(self.boxes.values()))

    def is_within(self, limit: Decimal) -> bool:
        """No amount larger than the limit."""
        return all(
            abs(amount) <= limit for amount in (*self.accounts.values(), *self.boxes.values())
        )


def _paid_back_in_its_own_boxes(tax: TaxPosting) -> TaxPosting:
    if not tax.reverse_charge:
        return tax
    return replace(tax, deductible_boxes={"63": 1}, owed_boxes={"62": 1})


def _services_in_56(tax: TaxPosting) -> TaxPosting:
    return replace(
        tax,
        owed_boxes={("56" if box == "57" else box): sign for box, sign in tax.owed_boxes.items()},
    )


def _without_cost(*boxes: str) -> Callable[[TaxPosting], TaxPosting]:
    def change(tax):
        return replace(
            tax, cost_boxes={box: sign for box, sign in tax.cost_boxes.items() if box not in boxes}
        )

    return change


def _goods_for_investment(tax: TaxPosting) -> TaxPosting:
    other = {"82": "83", "88": "86"}

    def renamed(boxes):
        return {other.get(box, box): sign for box, sign in boxes.items()}

    return replace(tax, base_boxes=renamed(tax.base_boxes), cost_boxes=renamed(tax.cost_boxes))


def _credit_note_in_1a(tax: TaxPosting) -> TaxPosting:
    def renamed(boxes):
        return {box.replace("1c", "1a"): sign for box, sign in boxes.items()}

    return replace(
        tax,
        base_boxes=renamed(tax.base_boxes),
        owed_boxes=renamed(tax.owed_boxes),
        deductible_boxes=renamed(tax.deductible_boxes),
    )


HALF_DEDUCTIBLE_EU = r"IN-V82-21-EU-(G-D50|G-D35|S-D50|G-D35-ALRD-IN-BE)"
CORRECTIONS = (
    Correction(
        "D1",
        "the credit note swaps the accounts of VAT owed and deducted and puts one of "
        "them in 62; right: 62 = VAT no longer owed, 63 = deduction paid back",
        HALF_DEDUCTIBLE_EU,
        True,
        _paid_back_in_its_own_boxes,
    ),
    Correction(
        "D3",
        "credit notes under reverse charge reach no box; right: 62 = VAT no longer "
        "owed, 63 = deduction paid back",
        r"IN-V8[123]-(21|12|06)-(CC|EU|EU-S|EU-G|ROW-CC)",
        True,
        _paid_back_in_its_own_boxes,
    ),
    Correction(
        "D4",
        "services from outside the EU stand in 57 (import of goods); right: 56",
        r"IN-V82-(21|12|06)-ROW-CC",
        False,
        _services_in_56,
    ),
    Correction(
        "D6",
        "88 holds VAT that became cost; right: 88 = base",
        "IN-V82-21-EU-S-D50",
        None,
        _without_cost("88", "84"),
    ),
    Correction(
        "D7",
        "a car from another Member State stands in 82 and 88; right: 83 and 86",
        "IN-V83-277-ROW-CC",
        None,
        _goods_for_investment,
    ),
    Correction(
        "D7",
        "its credit note puts the VAT that became cost in 62; right: 62 = VAT no "
        "longer owed, 63 = deduction paid back",
        "IN-V83-277-ROW-CC",
        True,
        _paid_back_in_its_own_boxes,
    ),
    Correction(
        "N1",
        "its credit note stands in 1c, the invoice in 1a; right: 1a both times",
        r"btw_overig(_d)?",
        True,
        _credit_note_in_1a,
    ),
)
OWED = ("R1", "the package computes VAT under reverse charge from its code's rate, per line")
SHARE = ("R2", "the package computes the deductible part from a percentage, half-up")
CURRENCY = ("R3", "the package converts foreign currency itself, amount by amount")
TYPED = (
    "R3",
    "VAT was changed by hand: the package takes the deductible share of the VAT on the bill, and "
    "computes VAT under reverse charge from its code's rate",
)
WHOLE_BASE = (
    "E2",
    "under reverse charge the package declares the whole base, and VAT that is not "
    "deducted with it; Odoo leaves out a private share and VAT on other accounts",
)
ACCOUNT = (
    "E1",
    "the class of the ledger account decides between 81, 82 and 83 in the package, in "
    "Odoo the tax does; an account without a class feeds none",
)
COST_OF_GOODS = (
    "C1",
    "cost of goods sold, which Odoo adds where it values the stock itself: no "
    "part of the invoice, and not sent",
)
ELSEWHERE = (
    "S1",
    "settled by a miscellaneous entry (doubtful, written off): shown in Odoo, not booked as money",
)


def predicted(odoo: Booking, package: Booking) -> list[Difference]:
    """The named differences of one document, in the order of the list."""
    differences = []
    right = []
    classes = package.purchase_boxes
    for tax in odoo.taxes:
        for correction in CORRECTIONS:
            if correction.applies(tax, odoo.is_refund):
                changed = correction.change(tax)
                found = Difference(correction.name, correction.reason, odoo.label)
                for sign, posting in ((1, changed), (-1, tax)):
                    for box, amount in boxes_of(posting).items():
                        add(found.boxes, box, sign * amount)
                differences.append(found)
                tax = changed
        if tax.reverse_charge and (tax.private or tax.elsewhere):
            changed = _with_whole_base(tax)
            found = Difference(*WHOLE_BASE, odoo.label)
            for sign, posting in ((1, changed), (-1, tax)):
                for box, amount in boxes_of(posting).items():
                    add(found.boxes, box, sign * amount)
            differences.append(found)
            tax = changed
        right.append(tax)
        if classes is not None:
            found = Difference(*ACCOUNT, odoo.label)
            for sign, chosen in ((1, classes), (-1, None)):
                for box, amount in boxes_of(tax, chosen).items():
                    add(found.boxes, box, sign * amount)
            differences.append(found)
    differences += rounding(odoo, package, right)
    differences.append(
        Difference(
            *COST_OF_GOODS,
            odoo.label,
            accounts={account: -amount for account, amount in odoo.cost_of_goods.items()},
        )
    )
    return [difference for difference in differences if not difference.is_nothing()]


def _with_whole_base(tax: TaxPosting) -> TaxPosting:
    """As a package books it by lines with the code: the private share on its account, and what is
    moved to another account afterwards still with the cost."""
    base, cost = dict(tax.base), dict(tax.cost)
    for account, amount in tax.private.items():
        add(base, account, amount)
        add(cost, account, tax.private_vat)
    left = sum(tax.elsewhere.values(), ZERO)
    whole = sum(tax.base.values(), ZERO)
    for account, amount in tax.base.items():
        add(cost, account, half_up(left * amount / whole) if whole else ZERO)
    signs = {box: sign for box, sign in tax.base_boxes.items() if box in CLASS_BOXES}
    return replace(tax, base=base, cost=cost, elsewhere={}, cost_boxes={**signs, **tax.cost_boxes})


def boxes_of(tax: TaxPosting, classes: dict[str, str] | None = None) -> Amounts:
    """What a posting puts in each box; ``classes`` are a package's ``purchase_boxes``."""
    boxes: Amounts = {}
    for signs, amounts in ((tax.base_boxes, tax.base), (tax.cost_boxes, tax.cost)):
        for account, amount in amounts.items():
            # A code may stand for taxes of several classes: the account's box is one all the same.
            for box, sign in {
                _class_box(box, account, classes): sign for box, sign in signs.items()
            }.items():
                if box:
                    add(boxes, box, sign * amount)
    for box, sign in tax.deductible_boxes.items():
        add(boxes, box, sign * tax.deductible)
    for box, sign in tax.owed_boxes.items():
        add(boxes, box, sign * tax.owed)
    return boxes


def _class_box(box, account, classes):
    return box if classes is None or box not in CLASS_BOXES else classes.get(account)


# Rounding


@dataclass
class Figures:
    """Company currency, relative to the kind, of the lines of one code (or of none)."""

    base: Amounts = field(default_factory=dict)
    cost: Amounts = field(default_factory=dict)
    vat: Decimal = ZERO
    deductible: Decimal = ZERO
    owed: Decimal = ZERO


def half_up(amount: Decimal) -> Decimal:
    """To the cent, halves away from zero."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def package_figures(lines: Iterable[PackageLine], rate: Decimal, sale: bool) -> Figures:
    """What a package makes of the lines it received: every amount converted by itself."""
    figures = Figures()
    for line in lines:
        add(figures.base, line.account, half_up(line.base * rate))
        vat = ZERO if line.reverse_charge else half_up(line.vat * rate)
        figures.vat += vat
        if sale or line.code is None:
            continue
        owed = half_up(half_up(line.base * line.rate / 100) * rate) if line.reverse_charge else ZERO
        deductible = half_up((vat + owed) * line.share / 100)
        figures.owed += owed
        figures.deductible += deductible
        add(figures.cost, line.account, vat + owed - deductible)
    return figures


def rounding(odoo: Booking, package: Booking, taxes: list[TaxPosting]) -> list[Difference]:
    """Cents between the package's own arithmetic and the posted entry, per VAT code.

    Every rounding moves half a cent at most: one for each base in Odoo and each line in the package
    (in foreign currency: for each journal item). More than that is no rounding and gets no name.
    """
    if not package.lines:  # it works nothing out: booked as it was given
        return []
    if odoo.currency != package.currency or abs(package.rate / odoo.rate - 1) > RATE_TOLERANCE:
        return []
    foreign = odoo.rate != 1
    differences = []
    for code in sorted({tax.code for tax in taxes if tax.code}):
        lines = [line for line in package.lines if line.code == code]
        same = [tax for tax in taxes if tax.code == code]
        found = _rounding_of_code(odoo, package, same, lines)
        roundings = len(lines) + sum(tax.items for tax in same)
        limit = _limit(odoo, package) if foreign else HALF_CENT * roundings
        if found and found.is_within(limit + sum((tax.typed for tax in same), ZERO)):
            differences.append(found)
    if foreign:
        found = _rounding_without_code(odoo, package, taxes)
        if found.is_within(_limit(odoo, package)):
            differences.append(found)
    return differences


def _limit(odoo, package) -> Decimal:
    """The most that converting a document amount by amount can move."""
    return HALF_CENT * (2 * len(package.lines) + odoo.items)


def _rounding_of_code(odoo, package, taxes, lines) -> Difference | None:
    """The cents of one code; None where they are not the package's own arithmetic."""
    foreign = odoo.rate != 1
    theirs = package_figures(lines, package.rate, odoo.is_sale)
    change = TaxPosting("", None, False, base=dict(theirs.base), cost=dict(theirs.cost))
    change.deductible = theirs.vat if odoo.is_sale else theirs.deductible
    change.owed = theirs.owed
    for tax in taxes:
        for account, amount in tax.base.items():
            add(change.base, account, -amount)
        for account, amount in tax.cost.items():
            add(change.cost, account, -amount)
        change.deductible -= tax.deductible
        change.owed -= tax.owed
        for boxes in ("base_boxes", "cost_boxes", "deductible_boxes", "owed_boxes"):
            getattr(change, boxes).update(getattr(tax, boxes))
    if not foreign and (any(change.base.values()) or not _computes(taxes, lines)):
        return None
    if any(tax.typed for tax in taxes):
        name, reason = TYPED
    else:
        name, reason = CURRENCY if foreign else (OWED if taxes[0].reverse_charge else SHARE)
    found = Difference(name, reason, odoo.label, boxes=boxes_of(change, package.purchase_boxes))
    for amounts in (change.base, change.cost):
        for account, amount in amounts.items():
            add(found.accounts, account, odoo.side * amount)
    add(found.accounts, VAT_ACCOUNTS, odoo.side * (change.deductible - change.owed))
    return _with_party(odoo, found, foreign)


def _computes(taxes, lines) -> bool:
    """Whether the package works out an amount of these lines itself, company currency."""
    return any(tax.reverse_charge for tax in taxes) or any(
        ZERO < line.share < 100 for line in lines
    )


def _with_party(odoo, found, foreign) -> Difference | None:
    """What does not balance is on the party's account: in foreign currency only."""
    party = -sum(found.accounts.values(), ZERO)
    if party and not foreign:
        return None
    if party:
        add(found.accounts, odoo.party_account, party)
    return found


def _rounding_without_code(odoo, package, taxes) -> Difference:
    """Lines outside the return, converted by the package; it may have a code for them."""
    codes = {tax.code for tax in taxes}
    theirs = package_figures(
        [line for line in package.lines if line.code is None or line.code not in codes],
        package.rate,
        True,
    )
    posted: Amounts = {}
    for account, amount in odoo.accounts.items():
        if account not in (VAT_ACCOUNTS, odoo.party_account):
            add(posted, account, odoo.side * amount)
    for tax in taxes:
        for account, amount in (*tax.base.items(), *tax.cost.items()):
            add(posted, account, -amount)
    found = Difference(*CURRENCY, odoo.label)
    for account in {*theirs.base, *posted}:
        add(
            found.accounts,
            account,
            odoo.side * (theirs.base.get(account, ZERO) - posted.get(account, ZERO)),
        )
    return _with_party(odoo, found, True)
