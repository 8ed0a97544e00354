"""Base and VAT of a posted entry per category of EN 16931, for documents without an e-invoice."""

from decimal import Decimal

from odoo.addons.accountable_connect.documents import VatTotal
from odoo.addons.accountable_connect.documents.amounts import to_decimal

# A line without VAT is outside of it, whatever an e-invoice would have to call it.
OUTSIDE = "O"
PRIVATE_SHARE = ("non_deductible_product", "non_deductible_product_total")


def posted_vat(move):
    """``(VatTotal, …)`` as an e-invoice of the document would have them, signed relative to its
    kind. Cash rounding is in none of them."""
    # a private share is in the VAT of the entry, and not in that of the supplier
    whole = not any(line.display_type in PRIVATE_SHARE for line in move.line_ids)
    base_lines, _tax_lines = move._get_rounded_base_and_tax_lines(round_from_tax_lines=whole)
    sums = {}
    for line in base_lines:
        if line["special_type"] in ("cash_rounding", "non_deductible"):
            continue
        for key, base, vat in _parts(move, line):
            bases, vats = sums.get(key, (0.0, 0.0))
            sums[key] = bases + base, vats + vat
    decimals = move.currency_id.decimal_places
    return tuple(
        VatTotal(
            code=code, rate=rate, base=to_decimal(base, decimals), vat=to_decimal(vat, decimals)
        )
        for (code, rate), (base, vat) in sums.items()
    )


def _parts(move, line):
    """``[((category, rate), base, VAT invoiced)]`` of a line."""
    details = line["tax_details"]
    percent = [one for one in details["taxes_data"] if one["tax"].amount_type == "percent"]
    parts = []
    for data in percent:
        tax, key = data["tax"], _key(move, data["tax"])
        if data["is_reverse_charge"]:
            continue  # the other leg of one that is there
        vat = 0.0 if tax.has_negative_factor else data["tax_amount_currency"]
        parts.append((key, data["base_amount_currency"], vat))
    if not parts:
        fixed = sum(one["tax_amount_currency"] for one in details["taxes_data"])
        base = details["total_excluded_currency"] + details["delta_total_excluded_currency"]
        parts.append(((OUTSIDE, Decimal(0)), base + fixed, 0.0))
    return parts


def _key(move, tax):
    customer, supplier = move.commercial_partner_id, move.company_id.partner_id
    if move.is_purchase_document(include_receipts=True):
        customer, supplier = supplier, customer
    common = move.env["account.edi.common"]
    category = common._get_tax_category_code(customer.commercial_partner_id, supplier, tax)
    rate = 0.0 if tax.has_negative_factor else tax.amount
    return category, Decimal(str(round(rate, 4))).normalize() + 0
