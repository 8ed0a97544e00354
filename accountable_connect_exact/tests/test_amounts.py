"""Amounts down to the cent, and what they are amounts of."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from odoo.addons.accountable_connect.api.errors import DataRefusedError
from odoo.addons.accountable_connect_exact.api.mapping import money

from .books import DOCUMENTS, PARTY, document, line
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


def test_yen_have_no_cents_and_are_the_same_amount():
    yen = document(
        "sale",
        line("700000", "GV", "184500", "0", base_company="1000.00"),
        currency="JPY",
        rate=Decimal("184.5"),
    )
    exact = package(
        **{
            "salesentry/SalesEntries": lambda body: {
                **answer(body),
                "AmountFC": Decimal("184500.0"),
                "AmountDC": Decimal("1000.00"),
                "Currency": "JPY",
            }
        }
    )
    assert exact.create_document(yen, PARTY).total == yen.total
    assert exact.client.made == ["POST salesentry/SalesEntries"]


# What they are amounts of

DOLLARS = DOCUMENTS["sale_in_dollars"]


def test_other_currency_is_taken_back():
    """As many euros as it had dollars are not the same amount."""
    exact = package(**{"salesentry/SalesEntries": lambda body: {**answer(body), "Currency": "EUR"}})
    with pytest.raises(DataRefusedError) as caught:
        exact.create_document(DOLLARS, PARTY)
    assert caught.value.code == "amount_differs"
    assert str(caught.value.values["booked"]) == "1210.00 EUR"
    assert str(caught.value.values["total"]) == "1210.00 USD"
    assert exact.client.made[-1] == "DELETE salesentry/SalesEntries"


def in_euros(factor):
    """An answer whose company total is the amount times this."""

    def booked(body):
        row = answer(body)
        company = (row["AmountFC"] * factor).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return {**row, "AmountDC": company}

    return {"salesentry/SalesEntries": booked}


def test_rate_that_is_taken_upside_down_is_seen():
    """Nobody says in which direction Exact counts: every amount in euros would be wrong."""
    exact = package(**in_euros(DOLLARS.rate))
    with pytest.raises(DataRefusedError) as caught:
        exact.create_document(DOLLARS, PARTY)
    assert str(caught.value.values["booked"]) == "1312.85 EUR"
    assert str(caught.value.values["total"]) == f"{DOLLARS.total_company} EUR"


@pytest.mark.parametrize("own", ["1", "0.98", "1.03"])
def test_rate_of_its_own_is_no_difference(own):
    exact = package(**in_euros(Decimal(own) / DOLLARS.rate))
    assert exact.create_document(DOLLARS, PARTY).total == DOLLARS.total


def test_company_total_of_a_document_in_euros_says_nothing():
    exact = package(**in_euros(Decimal("1.5")))
    assert exact.create_document(DOCUMENTS["sale"], PARTY).total == DOCUMENTS["sale"].total
