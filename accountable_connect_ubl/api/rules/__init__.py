"""The rules of EN 16931 and of Peppol BIS Billing 3.0 that decide what leaves.

:func:`findings` says what in an e-invoice is against them, :func:`repaired` puts right what has one
certain answer. Plain Python: no Odoo, no network.
"""

from .check import findings
from .facts import TaxFact, UblFacts
from .repair import repaired
from .repair_categories import UNKNOWN_CATEGORY
from .rule import Finding
from .table import RULES
