"""Puts right what Odoo writes against the rules and what has one certain answer.

Never the amount to pay: a repair after which it would be another one is not made, and what is wrong
stays a finding.
"""

from . import code_lists as lists
from .peppol import empty_elements
from .repair_categories import right_categories
from .repair_totals import right_decimals, right_totals
from .tree import (
    NotAnEInvoice,
    Ubl,
    found,
    is_allowance,
    is_charge,
    parsed,
    text_at,
    text_of,
    written,
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
    payable = Ubl(root).total("PayableAmount")
    cured = []
    for repair in REPAIRS:
        # what one repair changed, the next one reads
        cured += [id for id in repair(Ubl(root), facts) if id not in cured]
    if not cured or Ubl(root).total("PayableAmount") != payable:
        return xml, []
    return written(root), cured


def no_empty_elements(ubl, facts):
    """They say nothing: they go, and what is empty without them."""
    changed = False
    while empty := [one for one in empty_elements(ubl.root) if one is not ubl.root]:
        for element in empty:
            remove(element)
        changed = True
    return ["PEPPOL-EN16931-R008"] if changed else []


def remove(element):
    """With the white space behind it."""
    element.getparent().remove(element)


def no_half_tax_numbers(ubl, facts):
    """Odoo writes the scheme of a tax number for a party that has none."""
    changed = False
    for scheme in ubl.named("cac:PartyTaxScheme"):
        if found(scheme, "cbc:CompanyID") is None or found(scheme, "cac:TaxScheme/cbc:ID") is None:
            remove(scheme)
            changed = True
    return ["UBL-SR-53"] if changed else []


def no_wrong_reason_codes(ubl, facts):
    """What a fixed tax (Recupel, excise) gives back on a returned item is an allowance, but Odoo
    gives it the reason code of a charge. The reason stands beside it as text, so the code goes."""
    cured = set()
    for one in ubl.named("cac:AllowanceCharge"):
        code = found(one, "cbc:AllowanceChargeReasonCode")
        if code is None or not text_at(one, "cbc:AllowanceChargeReason"):
            continue
        if is_allowance(one) and text_of(code) not in lists.ALLOWANCE_REASONS:
            cured |= {"BR-CL-19", "PEPPOL-EN16931-CL002"}
            remove(code)
        elif is_charge(one) and text_of(code) not in lists.CHARGE_REASONS:
            cured |= {"BR-CL-20", "PEPPOL-EN16931-CL003"}
            remove(code)
    return sorted(cured)


REPAIRS = (
    no_empty_elements,
    no_half_tax_numbers,
    no_wrong_reason_codes,
    right_decimals,
    right_categories,
    right_totals,
)
