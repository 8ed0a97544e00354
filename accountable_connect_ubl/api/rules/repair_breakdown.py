"""The VAT breakdown of what has no VAT: one part for each category, with the sum of its lines."""

from decimal import Decimal

from .tree import (
    CENT,
    category_of,
    category_of_line,
    decimal_at,
    found,
    text_at,
)
from .vat_categories import base_of, parts_under

WITHOUT_VAT = {"Z": "Z", "E": "E", "AE": "AE", "K": "IC", "G": "G", "O": "O"}


def right_breakdown(ubl, facts):
    """Odoo writes a part for each exemption reason, where there has to be one for each category;
    and a base that is rounded as a whole, where its lines are rounded one by one."""
    cured = []
    for code, rules in WITHOUT_VAT.items():
        parts = parts_under(ubl, code)
        if not parts or not _is_certain(ubl, code, parts):
            continue
        base = base_of(ubl, code)
        if len(parts) > 1:
            _merge(parts)
            cured.append(f"BR-{rules}-01")
        if decimal_at(parts[0], "cbc:TaxableAmount") != base:
            found(parts[0], "cbc:TaxableAmount").text = f"{base.quantize(CENT)}"
            cured.append(f"BR-{rules}-08")
    return cured


def _is_certain(ubl, code, parts):
    """Only roundings are made up for; where more is missing, a line is."""
    bases = [decimal_at(part, "cbc:TaxableAmount") for part in parts]
    if None in bases or any(decimal_at(part, "cbc:TaxAmount") != 0 for part in parts):
        return False
    codes = {reason_of(part)[0] for part in parts} - {""}
    count = len(ubl.lines) + len(ubl.allowances) + len(ubl.charges)
    return len(codes) < 2 and abs(sum(bases, Decimal(0)) - base_of(ubl, code)) <= CENT * count


def reason_of(part):
    """Code and text of the exemption reason of a part of the breakdown."""
    element = category_of(part)[2]
    return (
        text_at(element, "cbc:TaxExemptionReasonCode"),
        text_at(element, "cbc:TaxExemptionReason"),
    )


def _merge(parts):
    """Into the first, with the reason that has a code or that most of the base has."""
    kept = max(
        parts,
        key=lambda part: (bool(reason_of(part)[0]), abs(decimal_at(part, "cbc:TaxableAmount"))),
    )
    total = sum((decimal_at(part, "cbc:TaxableAmount") for part in parts), Decimal(0))
    parent = kept.getparent()
    for part in parts:
        if part is not kept:
            parent.remove(part)
    parts[:] = [kept]
    found(kept, "cbc:TaxableAmount").text = f"{total.quantize(CENT)}"


def right_charged(ubl, facts):
    """What is invoiced with VAT has the standard category, whatever its tax is called: the others
    have no VAT. A tax of another Member State (OSS) often was copied from one of 0 %."""
    cured = []
    for part in ubl.subtotals:
        code, rate, element = category_of(part)
        charged = code in WITHOUT_VAT and rate and decimal_at(part, "cbc:TaxAmount")
        if not charged or any(category_of(one)[:2] == ("S", rate) for one in ubl.subtotals):
            continue
        same = [category_of_line(line) for line in ubl.lines]
        same += [category_of(one) for one in ubl.allowances + ubl.charges]
        for holder in [element] + [one[2] for one in same if one[:2] == (code, rate)]:
            found(holder, "cbc:ID").text = "S"
        for name in ("cbc:TaxExemptionReasonCode", "cbc:TaxExemptionReason"):
            if (reason := found(element, name)) is not None:
                element.remove(reason)
        cured += [f"BR-{WITHOUT_VAT[code]}-05", f"BR-{WITHOUT_VAT[code]}-09"]
    return cured
