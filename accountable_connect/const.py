"""Selections that several models share."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

DOCUMENT_KINDS = [
    ("sale", _lt("Customer invoice")),
    ("sale_refund", _lt("Customer credit note")),
    ("purchase", _lt("Vendor bill")),
    ("purchase_refund", _lt("Vendor credit note")),
]
MASTER_DATA_KINDS = [
    ("journal", _lt("Journal")),
    ("vat_code", _lt("VAT code")),
    ("ledger_account", _lt("Ledger account")),
    ("payment_term", _lt("Payment term")),
    ("cost_centre", _lt("Cost centre")),
    ("period", _lt("Period")),
]
ERROR_KINDS = [
    ("temporary", _lt("Temporary")),
    ("limit_reached", _lt("Limit reached")),
    ("authorisation_lost", _lt("Authorisation lost")),
    ("configuration_missing", _lt("Configuration missing")),
    ("data_refused", _lt("Data refused")),
    ("period_closed", _lt("Period closed")),
    ("duplicate", _lt("Duplicate to decide")),
    ("outcome_unknown", _lt("Outcome unknown")),
]
# Odoo's move types by the kind of document they become; receipts are documents of the same kind.
KIND_BY_MOVE_TYPE = {
    "out_invoice": "sale",
    "out_receipt": "sale",
    "out_refund": "sale_refund",
    "in_invoice": "purchase",
    "in_receipt": "purchase",
    "in_refund": "purchase_refund",
}
