"""What is expected of Octopus."""

from decimal import Decimal

from odoo.addons.accountable_connect.tests.worked_documents import OSS_TAX

from tests.books.expected import Expected

EXPECTED = {
    "BE": Expected(
        names=frozenset({"D1", "D3", "D4", "D6", "D7", "E2", "R1", "R2", "R3"}),
        matrix_names=frozenset({"D1", "D3", "D4", "D6", "D7", "R2"}),
        worked_codes={
            (OSS_TAX, "sale"): "EX",
            ("V83-277-ROW-CC", "purchase"): "IE21",
            ("TVA-21-inclus-dans-prix", "purchase"): "D21",
        },
        large_currencies=frozenset({"IDR", "USD", "JPY", "KWD"}),
        rupiah=Decimal("62060.31"),
        other_journal="V3",
        left_when_moved=({"49": 100, "64": 21},),
        renumbers=True,
    ),
}
