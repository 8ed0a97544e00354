"""What is expected of WinBooks on the desktop, which computes nothing: every amount is the one that
Odoo posted."""

from odoo.addons.accountable_connect.tests.worked_documents import OSS_TAX

from tests.books.expected import Expected

EXPECTED = {
    "BE": Expected(
        names=frozenset({"D1", "D3", "D4", "D6", "D7", "E2"}),
        matrix_names=frozenset({"D1", "D3", "D4", "D6", "D7"}),
        worked_codes={(OSS_TAX, "sale"): "231000"},
        # amounts have two decimals there
        large_currencies=frozenset({"IDR", "USD", "JPY"}),
    ),
}
