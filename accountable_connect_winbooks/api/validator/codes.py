"""What is fatal: an import in which one of these is found stops as a whole. For the others the
operator is asked, and can go on."""

FATAL, WARNING = True, False

# The codes of WinBooks' own list that only its import can find, and why.
ONLY_THE_IMPORT = {
    "ANA_BAL": "no analytical entries are written",
    "ANF_MOD": "no analytical accounts are written",
    "ANT_ST1": "no analytical entries are written",
    "ANT_ST2": "no analytical entries are written",
    "ANT_ZON": "no analytical entries are written",
    "DBK_ANT": "no analytical entries are written",
    "DBT_ANT": "no analytical entries are written",
    "DOC_ANA": "no analytical entries are written",
    "DOC_LCK": "which documents were validated is not known here",
    "DOC_SIM": "which simulations there are is not known here",
    "FILE_REV": "WinBooks names it without saying what it checks",
    "MEM_DIFF": "no memos are written",
    "SEQ_RUPT": "which numbers are booked already is not known here",
}

# WinBooks' own list.
LINKER = {
    "ACC_FLD": FATAL,
    "ACC_MISS": WARNING,
    "ACC_MOD": WARNING,
    "ACN_MIS": FATAL,
    "ANA_BAL": FATAL,
    "ANF_MOD": WARNING,
    "ANT_ST1": FATAL,
    "ANT_ST2": FATAL,
    "ANT_ZON": FATAL,
    "BAD_DATE": FATAL,
    "BKC_ERR": WARNING,
    "CAR_ERR": FATAL,
    "CAR_SPA": FATAL,
    "CID_ERR": FATAL,
    "CUR_ERR": WARNING,
    "DBK_ANT": FATAL,
    "DBK_EMP": FATAL,
    "DBK_ERR": FATAL,
    "DBK_MISS": FATAL,
    "DBK_TYP": FATAL,
    "DBK_TYP2": FATAL,
    "DBT_ANT": FATAL,
    "DEC_ERR": FATAL,
    "DOC_ANA": WARNING,
    "DOC_BAL": FATAL,
    "DOC_EXI": FATAL,
    "DOC_LCK": FATAL,
    "DOC_NUM": WARNING,
    "DOC_SIM": WARNING,
    "FILE_REV": FATAL,
    "FLD_MISS": FATAL,
    "LANG_ERR": WARNING,
    "LEN_ACCO": FATAL,
    "LOCKPER": FATAL,
    "MAT_ERR": WARNING,
    "MEM_DIFF": WARNING,
    "NAM_ERR": WARNING,
    "NOT_FILL": FATAL,
    "OPE_MIS": FATAL,
    "OUT_DAT": WARNING,
    "SEQ_RUPT": WARNING,
}

# Rules of the files themselves.
FILES = {
    "byte_order_mark": FATAL,
    "control_character": FATAL,
    "empty_line": FATAL,
    "header_row": FATAL,
    "line_end": FATAL,
    "no_entries": FATAL,
    "not_a_flag": FATAL,
    "not_a_number": FATAL,
    "not_cp1252": FATAL,
    "quote": FATAL,
    "too_long": FATAL,
    "utf_8": WARNING,
}

# Rules of records and documents for which WinBooks' list has no code.
DOCUMENTS = {
    "book_year": FATAL,
    "book_year_or_period": FATAL,
    "currency": FATAL,
    "document_number": FATAL,
    "equal_lines": WARNING,
    "line_not_allowed": FATAL,
    "line_type": FATAL,
    "no_third": FATAL,
    "period": FATAL,
    "place_changed": FATAL,
    "several_book_years": FATAL,
    "several_periods": FATAL,
    "third_totals": WARNING,
    "third_twice": WARNING,
    "third_type": FATAL,
    "two_thirds": FATAL,
    "vat_amount": WARNING,
    "vat_base_sign": FATAL,
    "vat_category": FATAL,
    "vat_code_unknown": FATAL,
    "vat_number": WARNING,
    "zero_vat": FATAL,
}

WEIGHTS = {**LINKER, **FILES, **DOCUMENTS}
