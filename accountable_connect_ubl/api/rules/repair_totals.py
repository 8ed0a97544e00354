"""Totals that do not add up although the lines, the VAT and the amount to pay are right."""

from decimal import Decimal

from .codes import AMOUNTS
from .totals import summed
from .tree import CENT, decimal_of, found, rounded, text_of

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
    payable = ubl.total("PayableAmount")
    if totals is None or len(taxes) != 1 or payable is None:
        return []
    lines = rounded(summed(ubl.lines, "cbc:LineExtensionAmount"))
    allowances, charges = rounded(summed(ubl.allowances)), rounded(summed(ubl.charges))
    without = lines - allowances + charges
    with_vat = without + (decimal_of(taxes[0]) or Decimal(0))
    paid = ubl.total("PrepaidAmount") or Decimal(0)
    rounding = ubl.total("PayableRoundingAmount") or Decimal(0)
    if with_vat - paid + rounding != payable:
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
