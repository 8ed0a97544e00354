"""What Odoo knows of a document and its e-invoice does not say."""

from odoo.addons.accountable_connect.documents.amounts import to_decimal
from odoo.addons.accountable_connect.models.master_data.tax_profile import repartition_lines

from ..api.rules.facts import TaxFact, UblFacts
from .objections import buyer_of, vat_tax_of


def ubl_facts(move):
    """:return: :class:`UblFacts` of a document we wrote"""
    company = move.company_id
    return UblFacts(
        payable=to_decimal(move.amount_total, move.currency_id.decimal_places),
        country=(company.account_fiscal_country_id or company.country_id).code or "",
        lines=tuple(_fact(vat_tax_of(line)) for line in invoice_lines(move)),
        amounts=tuple(_amount(move, line) for line in invoice_lines(move)),
        buyer_country=buyer_of(move).country_id.code or "",
    )


def invoice_lines(move):
    """The journal items behind the lines of the e-invoice, in the order in which Odoo writes
    them."""
    return move.line_ids.filtered(lambda line: line.display_type == "product")


def _fact(tax):
    if not tax:
        return None
    # of invoices: all credit notes share a box, whatever they are about
    base = repartition_lines(tax, "invoice").filtered(lambda line: line.repartition_type == "base")
    if tax.country_id != tax.company_id.account_fiscal_country_id:
        base = base.browse()  # its boxes are those of another return
    return TaxFact(
        filled_in=tax.ubl_cii_tax_category_code or "",
        boxes=frozenset(name.strip("+-") for name in base.tag_ids.mapped("name")),
        owed_by_buyer=tax.has_negative_factor,
        reason_code=tax.ubl_cii_tax_exemption_reason_code or "",
    )


def _amount(move, line):
    """As posted, in the sign of the document; None of a line with fixed taxes, which an e-invoice
    has in the amount of the line."""
    if any(tax.amount_type != "percent" for tax in line.tax_ids.flatten_taxes_hierarchy()):
        return None
    amount = move.direction_sign * line.amount_currency
    return to_decimal(amount, move.currency_id.decimal_places)
