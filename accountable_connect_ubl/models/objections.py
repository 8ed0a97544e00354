"""What is wrong with an e-invoice, and the record in which it is put right."""

from odoo.addons.accountable_connect.documents.sentence import Sentence

from ..api.rules import UNKNOWN_CATEGORY

ODOO = "account_edi_ubl_cii"
# Odoo's keys that concern what stands on a line.
OF_LINES = {
    "tax_on_line": lambda line: not line.tax_ids,
    "cen_en16931_item_name": lambda line: not (line.name or line.product_id),
    "cen_en16931_tax_line": lambda line: (
        len(line.tax_ids.filtered(lambda tax: tax.amount_type != "fixed")) != 1
    ),
}


def odoo_sentence(text):
    """What Odoo said in English, read by each person in their language as far as Odoo has it."""
    return Sentence({"module": ODOO, "source": text})


def cause_of_objection(key, move):
    """The record to open for an objection of Odoo, by its key."""
    if key in OF_LINES or key.startswith("ubl20_invoice"):
        return move
    if "delivery" in key:
        return move.partner_shipping_id or move.partner_id
    if "customer" in key or key.startswith(("nl_r_004", "nl_r_005")):
        return buyer_of(move)
    if "supplier" in key or key.startswith(("nl_r_002", "nl_r_003", "no_r_001")):
        return seller_of(move)
    return move


def lines_of_objection(key, move):
    """The lines of the document that it concerns."""
    lines = move.invoice_line_ids.filtered(lambda line: line.display_type == "product")
    wrong = OF_LINES.get(key)
    return lines.filtered(wrong) if wrong else lines.browse()


def seller_of(move):
    """The contact in whose name the document is."""
    is_bill = move.is_purchase_document(include_receipts=True)
    return move.partner_id if is_bill else move.company_id.partner_id


def buyer_of(move):
    is_bill = move.is_purchase_document(include_receipts=True)
    return move.company_id.partner_id if is_bill else move.partner_id


def vat_tax_of(line):
    """The VAT of a line, empty where it has none or several."""
    taxes = line.tax_ids.flatten_taxes_hierarchy().filtered(
        lambda tax: tax.amount_type == "percent"
    )
    return taxes if len(taxes) == 1 else taxes.browse()


def cause_of_finding(finding, move, lines):
    """The record to open for a finding of the rules, by its place.

    :param lines: the journal items behind the lines of the e-invoice, in their order
    """
    place, _, number = finding.place.partition(" ")
    if place == "line" and 0 < int(number) <= len(lines):
        tax = vat_tax_of(lines[int(number) - 1])
        return tax if tax and _is_about_vat(finding) else move
    if place == "vat":
        taxes = lines.tax_ids.flatten_taxes_hierarchy()
        return taxes if len(taxes) == 1 else move
    if place == "seller":
        return seller_of(move)
    if place == "buyer":
        return buyer_of(move)
    if place == "delivery":
        return move.partner_shipping_id or move.partner_id
    return move


def _is_about_vat(finding):
    """Whether a rule of EN 16931 is one of VAT: BR-S-05, BR-AE-08, BR-CO-04, …; or whether nobody
    said why there is none."""
    if finding.rule == UNKNOWN_CATEGORY:
        return True
    _, _, rest = finding.rule.partition("BR-")
    return rest.partition("-")[0] in ("S", "Z", "E", "AE", "IC", "G", "O", "L", "M", "AF", "AG")
