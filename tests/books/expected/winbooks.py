"""What is expected of WinBooks on the desktop, which computes nothing: every amount is the one that
Odoo posted."""

from odoo.addons.accountable_connect.tests.worked_documents import OSS_TAX

from tests.books.expected import Expected

EXPECTED = {
    "BE": Expected(
        names=frozenset({"D1", "D3", "D4", "D6", "D7", "E2"}),
        matrix_names=frozenset({"D1", "D3", "D4", "D6", "D7"}),
        worked_codes={
            (OSS_TAX, "sale"): "231000",
            ("V83-277-ROW-CC", "purchase"): "123504",
            ("V82-21-EU-G-D35-ALRD-IN-BE", "purchase"): "112404",
        },
        # A total of zero; a private share under reverse charge, whose code is deductible in full.
        refused_documents=frozenset({"S35", "S45", "P55", "P56"}),
        self_billing_journal="AANK",
        # amounts have two decimals there
        large_currencies=frozenset({"IDR", "USD", "JPY"}),
    ),
}
