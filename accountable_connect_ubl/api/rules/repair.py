"""Puts right what Odoo writes against the rules and what has one certain answer.

Never the amount to pay: a repair after which it would be another one is not made, and what is wrong
stays a finding.
"""

from .repair_breakdown import right_breakdown
from .repair_categories import right_categories
from .repair_elements import (
    buyer_has_country,
    no_codes_in_notes,
    no_empty_elements,
    no_half_tax_numbers,
    no_negative_prices,
    no_wrong_percentages,
    no_wrong_reason_codes,
    no_zero_adjustments,
    right_class_lists,
)
from .repair_totals import right_decimals, right_totals
from .tree import NotAnEInvoice, Ubl, parsed, rounded, written

# In this order: each reads what those before it wrote.
REPAIRS = (
    no_empty_elements,
    no_half_tax_numbers,
    buyer_has_country,
    no_wrong_reason_codes,
    right_class_lists,
    no_codes_in_notes,
    no_negative_prices,
    right_decimals,
    no_zero_adjustments,
    no_wrong_percentages,
    right_categories,
    right_breakdown,
    right_totals,
)


def repaired(xml, facts):
    """
    :param xml: bytes of an Invoice or CreditNote
    :param facts: :class:`UblFacts`
    :return: (bytes, ids of the rules that what was changed was against); the same bytes where
        nothing was changed
    """
    try:
        root = parsed(xml)
    except NotAnEInvoice:
        return xml, []
    payable = payable_of(root)
    cured = []
    for repair in REPAIRS:
        cured += [id for id in repair(Ubl(root), facts) if id not in cured]
    if not cured or payable_of(root) != payable:
        return xml, []
    return written(root), cured


def payable_of(root):
    amount = Ubl(root).total("PayableAmount")
    return None if amount is None else rounded(amount)
