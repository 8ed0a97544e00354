"""What an error of Octopus concerns, by code: where its button leads."""

from odoo.addons.accountable_connect.api.concerns import CONNECTION, PARTY, RECORD, SIGN_IN
from odoo.addons.accountable_connect.documents import (
    COST_CENTRE,
    JOURNAL,
    LEDGER_ACCOUNT,
    VAT_CODE,
)

CODES = {
    SIGN_IN: (
        "-1", "-2", "-68", "401", "refused", "token_unreadable", "address", "sandbox_not_allowed",
    ),
    # what the accountant gives or opens, and the master data that is read again after it
    CONNECTION: ("-3", "-5", "-9", "-19", "no_dossier"),
    JOURNAL: ("-10", "-29", "-38"),
    VAT_CODE: ("-22", "-30", "-75"),
    LEDGER_ACCOUNT: ("-21", "-50"),
    COST_CENTRE: ("-40", "-41"),
    PARTY: ("-7", "-16", "party_unknown", "external_number", "other_company"),
    RECORD: (
        # a date, an amount, a period, or a booking that is there already
        "-11", "-12", "-13", "-14", "-15", "-17", "-18", "-20", "-23", "-24", "-34", "-35",
        "book_year_closed", "no_period", "negative_total", "moved", "number", "empty_file", "413",
        "too_much_to_send",
        # nothing to put right: it is tried again
        "-51", "no_connection", "no_answer", "no_json", "no_time", "too_large",
    ),
}  # fmt: skip
CONCERNS = {code: concern for concern, codes in CODES.items() for code in codes}
