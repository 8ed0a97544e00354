"""Puts right what Odoo writes against the rules and what has one certain answer.

Never the amount to pay: a repair after which it would be another one is not made, and what is wrong
stays a finding.
"""

from .repair_breakdown import WITHOUT_VAT, right_breakdown, right_charged
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
    supply_has_day,
)
from .repair_totals import posted_amounts, right_decimals, right_totals
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
    right_charged,
    right_categories,
    supply_has_day,
    right_breakdown,
    posted_amounts,
    right_totals,
)

# What is done about a rule, in words for people: the page of the rules has them.
REPAIRED = {
    "PEPPOL-EN16931-R008": "what is empty goes",
    "UBL-SR-53": "half a tax number goes",
    "BR-10": "the country comes from the customer",
    "BR-11": "the country comes from the customer",
    "BR-IC-11": "the date of the invoice, as Odoo has it for other countries of the Union",
    "BR-CL-19": "the code goes, the reason stays as text",
    "BR-CL-20": "the code goes, the reason stays as text",
    "PEPPOL-EN16931-CL002": "the code goes, the reason stays as text",
    "PEPPOL-EN16931-CL003": "the code goes, the reason stays as text",
    "BR-CL-13": "CPV and UNSPSC get their codes",
    "BR-CL-08": "spaces keep it a text",
    "BR-27": "the sign goes to the quantity",
    "BR-CO-11": "a discount of 0.00 goes; the total follows",
    "PEPPOL-EN16931-R040": "base and percentage go, the amount stays",
    "BR-CO-10": "the total follows its parts",
    "BR-CO-12": "the total follows its parts",
    "BR-CO-13": "the total follows its parts",
    "BR-CO-16": "a company that rounds per line: lines as they were posted",
    "BR-CO-15": "the total follows its parts",
    **{f"BR-{rules}-01": "parts of one category become one" for rules in WITHOUT_VAT.values()},
    **{f"BR-{rules}-05": "a rate above 0 is a standard rate" for rules in WITHOUT_VAT.values()},
    **{f"BR-{rules}-09": "a rate above 0 is a standard rate" for rules in WITHOUT_VAT.values()},
    **{f"BR-{rules}-08": "a rounding is taken up" for rules in WITHOUT_VAT.values()},
}
# A tail of digits that a sum of floats leaves goes, whichever amount has it.
DECIMALS = "BR-DEC"


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
