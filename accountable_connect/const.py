"""Selections that several models share; Odoo translates their labels with the field."""

from zoneinfo import ZoneInfo

DOCUMENT_KINDS = [
    ("sale", "Customer invoice"),
    ("sale_refund", "Customer credit note"),
    ("purchase", "Vendor bill"),
    ("purchase_refund", "Vendor credit note"),
]
MASTER_DATA_KINDS = [
    ("journal", "Journal"),
    ("vat_code", "VAT code"),
    ("ledger_account", "Ledger account"),
    ("payment_term", "Payment term"),
    ("cost_centre", "Cost centre"),
    ("cost_unit", "Cost unit"),
    ("period", "Period"),
]
ERROR_KINDS = [
    ("temporary", "Temporary"),
    ("limit_reached", "Limit reached"),
    ("authorisation_lost", "Authorisation lost"),
    ("configuration_missing", "Configuration missing"),
    ("data_refused", "Data refused"),
    ("period_closed", "Period closed"),
    ("duplicate", "Duplicate to decide"),
    ("decision", "Booking to decide about"),
    ("outcome_unknown", "Outcome unknown"),
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
# Journal items that become lines of a document; VAT and the party's own item do not.
LINE_TYPES = (
    "product",
    "epd",
    "rounding",
    "discount",
    "non_deductible_product",
    "non_deductible_product_total",
    "non_deductible_tax",
)

# VAT that was typed over where the package computes it: codes of the problem and of the note.
TYPED_SHARE, TYPED_OWED = "typed_share", "typed_owed"

# The day of a limit, and the night in which documents go: packages of Belgium count theirs.
DAY_ZONE = ZoneInfo("Europe/Brussels")
