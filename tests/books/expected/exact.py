"""What is expected of Exact Online."""

from odoo.addons.accountable_connect.tests.worked_documents import OSS_TAX

from tests.books.expected import Expected

EXPECTED = {
    "BE": Expected(
        names=frozenset({"D1", "D3", "D4", "D6", "D7", "E1", "E2", "R1", "R2", "R3"}),
        matrix_names=frozenset({"D1", "D3", "D4", "D6", "D7", "R2"}),
        worked_codes={
            (OSS_TAX, "sale"): "EXP",
            ("V83-277-ROW-CC", "purchase"): "E21",
            ("TVA-21-inclus-dans-prix", "purchase"): "A21",
        },
        # P29: import VAT straight on the VAT account, on which the package books no line.
        refused_documents=frozenset({"S35", "P29"}),
        large_currencies=frozenset({"USD", "JPY"}),
        other_journal="71",
        matched_is_final=True,
    ),
    "NL": Expected(names=frozenset({"E2", "N1", "R1"})),
}
