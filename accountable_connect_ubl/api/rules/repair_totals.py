"""Totals that do not add up although the lines, the VAT and the amount to pay are right."""

from decimal import Decimal

from .codes import AMOUNTS
from .peppol import SLACK, line_amount
from .totals import summed
from .tree import CENT, category_of, decimal_of, found, rounded, text_of
from .vat_categories import base_of

# What a sum of binary fractions may be off.
DUST = Decimal("0.0001")


def right_decimals(ubl, facts):
    """Sums of floats with a tail of digits, to the cent they stand for."""
    changed = False
    for element in ubl.named(*(name for name in AMOUNTS if name != "cbc:PriceAmount")):
        text = text_of(element)
        amount = decimal_of(element)
        if amount is None or len(text.partition(".")[2]) <= 2:
            continue
        if abs(amount - rounded(amount)) < DUST:
            element.text = f"{rounded(amount).quantize(CENT)}"
            changed = True
    return ["BR-DEC"] if changed else []


def right_totals(ubl, facts):
    """The totals of lines, allowances and charges, and those without and with VAT, from their
    parts. Odoo leaves allowances and charges out of the total without VAT."""
    totals = ubl.totals
    taxes = ubl.tax_totals_in(ubl.currency)
    if totals is None or len(taxes) != 1:
        return []
    lines = ubl_lines(ubl)
    allowances, charges = rounded(summed(ubl.allowances)), rounded(summed(ubl.charges))
    without = lines - allowances + charges
    with_vat = without + (decimal_of(taxes[0]) or Decimal(0))
    if not fits(ubl, lines):
        return []
    cured = []
    for rule, name, amount in (
        ("BR-CO-10", "LineExtensionAmount", lines),
        ("BR-CO-11", "AllowanceTotalAmount", allowances),
        ("BR-CO-12", "ChargeTotalAmount", charges),
        ("BR-CO-13", "TaxExclusiveAmount", without),
        ("BR-CO-15", "TaxInclusiveAmount", with_vat),
    ):
        element = found(totals, f"cbc:{name}")
        if element is not None and decimal_of(element) != amount:
            element.text = f"{amount.quantize(CENT)}"
            cured.append(rule)
    return cured


def posted_amounts(ubl, facts):
    """Lines as they were posted. A company that rounds VAT per line posts other cents than Odoo
    writes, which rounds the whole document; and then the amount to pay does not fit."""
    if len(facts.amounts) != len(ubl.lines) or None in facts.amounts or fits(ubl, ubl_lines(ubl)):
        return []
    slack = all(
        abs(line_amount(ubl, line) - amount) <= SLACK
        for line, amount in zip(ubl.lines, facts.amounts, strict=True)
    )
    if not slack or not fits(ubl, sum(facts.amounts, Decimal(0))):
        return []
    for line, amount in zip(ubl.lines, facts.amounts, strict=True):
        found(line, "cbc:LineExtensionAmount").text = f"{amount.quantize(CENT)}"
    for part in ubl.subtotals:
        code, rate, _element = category_of(part)
        base = base_of(ubl, code, rate)
        found(part, "cbc:TaxableAmount").text = f"{base.quantize(CENT)}"
    return ["BR-CO-16"]


def ubl_lines(ubl):
    return rounded(summed(ubl.lines, "cbc:LineExtensionAmount"))


def fits(ubl, lines):
    """Whether the amount to pay follows from these lines."""
    taxes = ubl.tax_totals_in(ubl.currency)
    payable = ubl.total("PayableAmount")
    if len(taxes) != 1 or payable is None:
        return False
    total = lines - rounded(summed(ubl.allowances)) + rounded(summed(ubl.charges))
    total += decimal_of(taxes[0]) or Decimal(0)
    paid = ubl.total("PrepaidAmount") or Decimal(0)
    return total - paid + (ubl.total("PayableRoundingAmount") or Decimal(0)) == payable
