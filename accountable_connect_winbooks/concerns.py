"""What is found in a file concerns, by code: where its button leads."""

from odoo.addons.accountable_connect.api.concerns import CONNECTION, PARTY, RECORD
from odoo.addons.accountable_connect.documents import JOURNAL, LEDGER_ACCOUNT, VAT_CODE

CODES = {
    CONNECTION: (
        "CID_ERR", "DOC_BAL", "book_year", "book_year_or_period", "period", "no_entries",
        "owed_vat_account", "vat_base_sign",
    ),
    PARTY: (
        "ACC_MISS", "ACC_MOD", "BKC_ERR", "LANG_ERR", "NAM_ERR", "third_twice", "third_type",
        "vat_category", "vat_number",
    ),
    JOURNAL: ("DBK_EMP", "DBK_ERR", "DBK_MISS", "DBK_TYP", "line_not_allowed"),
    LEDGER_ACCOUNT: ("ACN_MIS", "LEN_ACCO"),
    VAT_CODE: ("owed_vat_not_deducted", "vat_code_unknown"),
    RECORD: (
        "ACC_FLD", "BAD_DATE", "CAR_ERR", "CAR_SPA", "CUR_ERR", "DBK_TYP2", "DEC_ERR", "DOC_EXI",
        "DOC_NUM", "FLD_MISS", "LOCKPER", "MAT_ERR", "NOT_FILL", "OPE_MIS", "OUT_DAT",
        "byte_order_mark", "control_character", "currency", "currency_decimals",
        "document_number", "empty_line",
        "equal_lines", "header_row", "line_end", "line_type", "no_third", "not_a_flag",
        "not_a_number", "not_cp1252", "place_changed", "quote", "several_book_years",
        "several_periods",
        "third_totals", "too_long", "two_thirds", "utf_8", "vat_amount",
        "vat_without_code", "zero_total",
        "zero_vat",
    ),
}  # fmt: skip
CONCERNS = {code: concern for concern, codes in CODES.items() for code in codes}
