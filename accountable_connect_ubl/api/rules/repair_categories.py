"""VAT categories that nobody filled in: what Odoo guesses passes, and can be wrong.

Without a category on the tax, Odoo calls every domestic tax of 0 % exempt (E), also a reverse
charge, and every foreign one a supply within the Union or an export. The box of the Belgian VAT
return in which the tax was booked tells which it is.
"""

from decimal import Decimal

from odoo.addons.accountable_connect.documents.sentence import SentencesOf

from .rule import Breach, line_place
from .tree import CENT, NAMESPACES, category_of, category_of_line, decimal_at, found
from .vat_categories import base_of, parts_under

_lt = SentencesOf(__name__)

# Business term of the VAT category of a line: what nobody knows has no rule of its own.
UNKNOWN_CATEGORY = "BT-151"

# Boxes of the base of sales in the Belgian return, as Odoo's chart of accounts pairs them.
BELGIAN_BOXES = {
    "00": ("E", ""),
    "44": ("K", "VATEX-EU-IC"),
    "45": ("AE", "VATEX-EU-AE"),
    "46": ("K", "VATEX-EU-IC"),
    "46L": ("K", "VATEX-EU-IC"),
    "46T": ("K", "VATEX-EU-IC"),
    "47": ("G", "VATEX-EU-G"),
}


def booked_category(fact, country):
    """:return: (category, code of the exemption reason) of a line without VAT as it was booked, or
    None where that is not known"""
    if fact.filled_in:
        return fact.filled_in, fact.reason_code
    if country != "BE":
        return None
    told = {BELGIAN_BOXES[box] for box in fact.boxes if box in BELGIAN_BOXES}
    return told.pop() if len(told) == 1 else None


def _guessed(ubl, facts):
    """Lines without VAT whose tax has no category: (number, line, fact)."""
    for number, (line, fact) in enumerate(zip(ubl.lines, facts.lines, strict=False), 1):
        code, rate, element = category_of_line(line)
        if fact is None or element is None or fact.filled_in:
            continue
        if fact.owed_by_buyer and code == "AE":
            # self-billed, with opposite legs, between parties of one country
            continue
        if not rate:
            yield number, line, fact


def right_categories(ubl, facts):
    """Lines get the category in which they were booked, and the breakdown follows."""
    moves = []
    for _number, line, fact in _guessed(ubl, facts):
        booked = booked_category(fact, facts.country)
        written = category_of_line(line)[0]
        if booked and booked[0] != written:
            moves.append((line, written, *booked))
    touched = {code for _line, *codes in moves for code in codes[:2]}
    adjusted = {category_of(one)[0] for one in ubl.allowances + ubl.charges}
    if not moves or "O" in touched or touched & adjusted:
        # of a discount of the document nobody knows which line it belongs to
        return []
    if any(
        decimal_at(part, "cbc:TaxAmount") for code in touched for part in parts_under(ubl, code)
    ):
        return []
    for line, _written, code, _reason in moves:
        found(category_of_line(line)[2], "cbc:ID").text = code
    reasons = {code: reason for _line, _written, code, reason in moves}
    for code in sorted(touched):
        _right_part(ubl, code, reasons.get(code, ""), moves)
    return [UNKNOWN_CATEGORY]


def _right_part(ubl, code, reason, moves):
    """The part of the breakdown for a category: gone, changed or new."""
    parts, base = parts_under(ubl, code), base_of(ubl, code)
    if not any(category_of_line(line)[0] == code for line in ubl.lines):
        for part in parts:
            part.getparent().remove(part)
        return
    if not parts:
        parts = [_new_part(ubl, code, reason)]
    found(parts[0], "cbc:TaxableAmount").text = f"{base.quantize(CENT)}"


def _new_part(ubl, code, reason):
    """A part without VAT at the end of the breakdown."""
    total = found(ubl.root, "cac:TaxTotal[cac:TaxSubtotal]")
    if total is None:
        total = found(ubl.root, "cac:TaxTotal")
    part = _add(total, "cac:TaxSubtotal")
    _add(part, "cbc:TaxableAmount", "0.00").set("currencyID", ubl.currency)
    _add(part, "cbc:TaxAmount", f"{Decimal(0).quantize(CENT)}").set("currencyID", ubl.currency)
    category = _add(part, "cac:TaxCategory")
    _add(category, "cbc:ID", code)
    _add(category, "cbc:Percent", "0.0")
    if reason:
        _add(category, "cbc:TaxExemptionReasonCode", reason)
    else:
        _add(category, "cbc:TaxExemptionReason", "Exempt from tax")
    _add(_add(category, "cac:TaxScheme"), "cbc:ID", "VAT")
    return part


def _add(parent, name, text=None):
    prefix, _, local = name.partition(":")
    made = parent.makeelement(f"{{{NAMESPACES[prefix]}}}{local}")
    parent.append(made)
    made.text = text
    return made


def unknown_categories(ubl, facts):
    """Lines without VAT of which nobody says why: no rule of EN 16931 asks, but it is a guess."""
    for number, line, fact in _guessed(ubl, facts):
        booked = booked_category(fact, facts.country)
        if booked is None or booked[0] != category_of_line(line)[0]:
            yield Breach(
                _lt(
                    "It is not known why no VAT is invoiced: fill in the tax category code on the"
                    " tax."
                ),
                line_place(number),
            )
