"""All rules, in the order in which they are asked."""

from .codes import CODES
from .identifiers import IDENTIFIERS
from .mandatory import MANDATORY
from .mandatory_parts import PARTS
from .netherlands import NETHERLANDS
from .peppol import PEPPOL
from .syntax import SYNTAX
from .totals import TOTALS
from .vat_categories import VAT_CATEGORIES

SUBJECTS = {
    "What has to be there": (*MANDATORY, *PARTS),
    "Totals and decimals": TOTALS,
    "VAT categories": VAT_CATEGORIES,
    "Codes": CODES,
    "Peppol BIS Billing 3.0": PEPPOL,
    "Numbers of parties": IDENTIFIERS,
    "Sellers in the Netherlands": NETHERLANDS,
    "The XML": SYNTAX,
}

RULES = tuple(rule for table in SUBJECTS.values() for rule in table)
