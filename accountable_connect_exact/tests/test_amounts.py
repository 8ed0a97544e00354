"""Amounts down to the cent: Exact's are doubles, and may carry what is left of their arithmetic."""

from decimal import Decimal

import pytest
from odoo.addons.accountable_connect_exact.api.mapping import money

from .books import DOCUMENTS, PARTY
from .prepared_package import answer, package


def doubled(body):
    """The answer to an entry with a total as sums of doubles leave it."""
    row = answer(body)
    noise = Decimal("0.00000000000023") if row["AmountFC"] > 0 else Decimal("-0.00000000000023")
    return {**row, "AmountFC": row["AmountFC"] + noise}


@pytest.mark.parametrize("name", ["sale", "sale_refund", "sale_in_dollars"])
def test_total_of_doubles_is_not_taken_back(name):
    """It is booked to the cent; taken back, it would never be booked at all."""
    exact = package(**{"salesentry/SalesEntries": doubled})
    stored = exact.create_document(DOCUMENTS[name], PARTY)
    assert stored.total == DOCUMENTS[name].total
    assert exact.client.made == ["POST salesentry/SalesEntries"]


@pytest.mark.parametrize(
    ("told", "amount"),
    [
        ("1262.9900000000002", "1262.99"),
        ("1262.9899999999998", "1262.99"),
        ("-0.00000000000001", "0.00"),
        ("12.1250000000001", "12.125"),
        ("12.1249", "12.1249"),
        ("1262.984", "1262.984"),
        ("12345678901234567.89", "12345678901234567.89"),
        ("7", "7.00"),
    ],
)
def test_what_arithmetic_left_is_dropped_and_nothing_else(told, amount):
    assert str(money(Decimal(told))) == amount
