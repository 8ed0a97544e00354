"""What an error of a delivery concerns, by code: where its button leads."""

from odoo.addons.accountable_connect.api.concerns import CONNECTION, RECORD

CODES = {
    CONNECTION: ("forwards_sales", "no_receiver", "shared_address", "shared_address_other"),
    RECORD: (
        "not_an_e_invoice", "goes_as_pdf", "no_electronic_address", "receipt", "pdf_failed",
        "no_file", "several_files", "original_differs", "same_number", "annex_left_out",
        "file_empty", "file_too_large", "file_type", "file_differs", "file_password", "file_dtd",
        "file_damaged",
    ),
}  # fmt: skip
CONCERNS = {code: concern for concern, codes in CODES.items() for code in codes}
