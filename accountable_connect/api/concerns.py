"""What an error of a package concerns, so that its button leads there.

A package says it by code (``_get_concerns`` of its connection): one of the words below, or a kind
of master data. Then ``CODE_IN`` names which value of the error is the code; where that is not
given, it is looked for in what the package says (``detail``).
"""

import re

from ..documents import (
    COST_CENTRE,
    COST_UNIT,
    JOURNAL,
    LEDGER_ACCOUNT,
    PAYMENT_TERM,
    VAT_CODE,
)

# The document, or the contact that is brought up to date, itself.
RECORD = "record"
PARTY = "party"
SIGN_IN = "sign_in"
# The settings of the connection, or what only its administration has.
CONNECTION = "connection"

CODE_IN = {
    JOURNAL: "journal",
    VAT_CODE: "vat_code",
    LEDGER_ACCOUNT: "account",
    PAYMENT_TERM: "payment_term",
    COST_CENTRE: "cost_centre",
    COST_UNIT: "cost_unit",
}
CONCERNS = frozenset({RECORD, PARTY, SIGN_IN, CONNECTION, *CODE_IN})


def names_code(text: str, code: str) -> bool:
    """Whether a text of a package names a code, as a word of its own."""
    return bool(code) and bool(re.search(rf"(?<![\w.-]){re.escape(code)}(?![\w-])", text or ""))
