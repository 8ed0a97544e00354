"""The neutral words in which the core speaks to a package: plain, frozen, free of Odoo."""

from .delivery import Delivery, VatTotal
from .document import (
    PURCHASE,
    PURCHASE_REFUND,
    SALE,
    SALE_REFUND,
    Document,
    DocumentError,
    File,
    Instalment,
    Line,
    StoredFile,
)
from .master_data import (
    COST_AXES,
    COST_CENTRE,
    COST_UNIT,
    JOURNAL,
    LEDGER_ACCOUNT,
    MASTER_DATA_KINDS,
    PAYMENT_TERM,
    PERIOD,
    VAT_CODE,
    MasterItem,
)
from .party import ContactPerson, Party
from .problem import Problem
from .settlement import OpenItem, Settlement, SettlementChanges

__all__ = [
    "COST_AXES",
    "COST_CENTRE",
    "COST_UNIT",
    "JOURNAL",
    "LEDGER_ACCOUNT",
    "MASTER_DATA_KINDS",
    "PAYMENT_TERM",
    "PERIOD",
    "PURCHASE",
    "PURCHASE_REFUND",
    "SALE",
    "SALE_REFUND",
    "VAT_CODE",
    "ContactPerson",
    "Delivery",
    "Document",
    "DocumentError",
    "File",
    "Instalment",
    "Line",
    "MasterItem",
    "OpenItem",
    "Party",
    "Problem",
    "Settlement",
    "SettlementChanges",
    "VatTotal",
]
