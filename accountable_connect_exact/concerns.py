"""What an error of Exact Online concerns, by code: where its button leads."""

from odoo.addons.accountable_connect.api.concerns import CONNECTION, PARTY, RECORD, SIGN_IN
from odoo.addons.accountable_connect.documents import (
    COST_CENTRE,
    JOURNAL,
    LEDGER_ACCOUNT,
    PAYMENT_TERM,
    VAT_CODE,
)

CODES = {
    SIGN_IN: (
        "not_signed_in", "old_refresh_token", "consent_expired", "token_refused", "code_refused",
        "app_refused", "token_unreadable", "address", "sandbox_not_allowed", "scope_missing",
        "division_not_granted", "BlockedUser", "InactiveUser", "BlockedCustomer", "LicenseExpired",
        "callback",
    ),
    # what the accountant gives or opens, and the master data that is read again after it
    CONNECTION: (
        "NoDivisionAccess", "no_division", "no_right", "document_type", "currency_unknown",
        "token_limit", "minute_limit", "daily_limit", "error_budget",
    ),
    JOURNAL: (
        "journal_unknown", "journal_type", "journal_blocked", "rate_not_allowed",
        "vat_code_not_allowed",
    ),
    VAT_CODE: (
        "line_without_vat_code", "vat_code_unknown", "vat_code_blocked", "vat_code_inclusive",
        "vat_code_scope", "vat_code_takes_no_vat", "vat_code_not_charged", "vat_percentage",
        "vat_account", "vat_amount_not_allowed",
    ),
    LEDGER_ACCOUNT: ("account_unknown", "account_type", "account_blocked"),
    PAYMENT_TERM: ("payment_condition_unknown", "payment_condition_missing"),
    COST_CENTRE: ("cost_centre_unknown",),
    PARTY: (
        "party_missing", "party_unknown", "party_blocked", "no_name", "external_number",
        "other_company", "not_customer", "not_supplier",
    ),
    RECORD: (
        # a date, an amount, a period, an analytic account, or a booking that is there already
        "period_closed", "no_period", "date", "number_in_use", "negative_total", "no_lines",
        "processed", "entry_gone", "amount_differs", "kind_differs", "changed_otherwise", "moved",
        "exists", "number", "cost_centre_missing", "cost_unit_missing", "empty_file",
        "file_too_large", "413", "too_much_to_send", "not_found",
        # nothing to put right: it is tried again
        "token_too_early", "token_renewed", "DivisionBlocked", "no_time", "no_connection",
        "no_answer", "no_json", "server_error", "too_large",
    ),
}  # fmt: skip
CONCERNS = {code: concern for concern, codes in CODES.items() for code in codes}
