"""Odoo's side of documents that are delivered as they are: figures of the posted journal items, and
the files that came with bills. Neither the delivery nor its files are used: they are tested here.
"""

import hashlib
from decimal import Decimal

from odoo.addons.accountable_connect.const import KIND_BY_MOVE_TYPE

from tooling.books.delivered import ZERO, Delivered
from tooling.books.odoo_side import amount

# Categories of EN 16931 that never have VAT: their rate is 0 there, whatever is self-assessed here.
WITHOUT_VAT = {"AE", "K", "G", "E", "Z", "O"}
# What stands in the entry and in no VAT total: a rounding, what is paid, cost of goods.
NO_PART = {"payment_term", "rounding", "cogs", "line_section", "line_subsection", "line_note"}
NO_TAX = ("E", ZERO)


def delivered(moves) -> list[Delivered]:
    """Each of these posted documents."""
    return [_document(move) for move in moves]


def _document(move) -> Delivered:
    kind = KIND_BY_MOVE_TYPE[move.move_type]
    sign = move.direction_sign
    base, vat = {}, {}
    for item in move.line_ids:
        # a rounding that Odoo puts into the VAT is VAT
        if item.display_type in NO_PART and not item.tax_line_id:
            continue
        value = sign * amount(item.amount_currency, item.currency_id)
        taxes = item.tax_ids.flatten_taxes_hierarchy().filtered(_is_vat)
        if item.tax_line_id and _is_vat(item.tax_line_id):
            _add(vat, _key(item.tax_line_id), value)
        else:
            _add(base, _key(taxes[:1]), value)
    total = sum(
        sign * -amount(item.amount_currency, item.currency_id)
        for item in move.line_ids
        if item.display_type == "payment_term"
    )
    found = Delivered(
        key=_key_of(move, kind),
        label=move.name,
        kind=kind,
        currency=move.currency_id.name,
        total=total,
        base=base,
        vat={key: value for key, value in vat.items() if value},
        number=move.name,
    )
    if _is_self_billing(move):
        found.as_file = False
    elif move.is_purchase_document(include_receipts=True):
        files = _files(move)
        found.as_file = not any(_is_e_invoice(file) for file in files)
        found.files = [hashlib.sha256(file.raw).hexdigest() for file in files if file.raw]
    else:
        found.as_file = move.move_type == "out_receipt" or any(
            len(line.tax_ids.flatten_taxes_hierarchy().filtered(_is_vat)) != 1
            for line in move.invoice_line_ids
            if line.display_type == "product"
        )
    return found


def _key_of(move, kind):
    if kind.startswith("sale"):
        return f"sale/{move.name}"
    if _is_self_billing(move):
        return f"purchase/ours/{move.name}"
    return f"purchase/{move.commercial_partner_id.vat or ''}/{move.ref}"


def _is_self_billing(move):
    """A bill that we write for the supplier."""
    return move.is_purchase_document() and move.journal_id.is_self_billing


def _is_vat(tax):
    return tax.amount_type == "percent"


def _key(tax):
    """Category and rate, as the receiver writes them."""
    if not tax:
        category, rate = NO_TAX
    else:
        category = tax.ubl_cii_tax_category_code or ("S" if tax.amount else "E")
        if category in WITHOUT_VAT and tax.amount and not tax.has_negative_factor:
            category = "S"  # VAT is invoiced, whatever its tax is called
        rate = ZERO if category in WITHOUT_VAT else Decimal(str(tax.amount))
    return f"{category} {rate.normalize():f}"


def _add(amounts, key, value):
    amounts[key] = amounts.get(key, ZERO) + value


def _files(move):
    """What came with a bill, the main one first."""
    files = move.env["ir.attachment"].search(
        [("res_model", "=", "account.move"), ("res_id", "=", move.id), ("res_field", "=", False)]
    )
    main = move.message_main_attachment_id
    return main | files


def _is_e_invoice(file):
    return file.mimetype in ("application/xml", "text/xml") or file.name.lower().endswith(".xml")
