"""Which payments of an administration Odoo has already."""

from datetime import date
from decimal import Decimal

import pytest
from odoo.addons.accountable_connect.api.allocation import EQUAL, SUM, Paid, known_payments


def paid(*amounts, start="a"):
    """Payments ``a``, ``b`` … on the first, second … of March."""
    return [
        Paid(
            key=chr(ord(start) + number),
            amounts=tuple(Decimal(one) for one in (amount if type(amount) is tuple else (amount,))),
            date=date(2026, 3, number + 1),
        )
        for number, amount in enumerate(amounts)
    ]


@pytest.mark.parametrize(
    ("settled", "in_odoo", "known"),
    [
        (["500"], ["500"], {"a": EQUAL}),
        (["500", "500"], ["500"], {"a": EQUAL}),
        (["500"], ["500", "500"], {"a": EQUAL}),
        (["500", "500"], ["500", "500"], {"a": EQUAL, "b": EQUAL}),
        (["500"], ["300"], {}),
        (["300", "200"], ["500"], {"a": SUM, "b": SUM}),
        (["500"], ["300", "200"], {"a": SUM}),
        (["500", "100"], ["300", "200"], {"a": SUM}),
        (["300", "200", "100"], ["500"], {"a": SUM, "b": SUM}),
        (["300", "250"], ["400", "150"], {"a": SUM, "b": SUM}),
        (["300"], [], {}),
        ([], ["300"], {}),
        # 10.00 was written off with it
        (["1200"], [("1210", "1200")], {"a": EQUAL}),
        (["10"] * 12, ["120"], dict.fromkeys("abcdefghijkl", SUM)),
        (["10"] * 12, ["110"], {}),
    ],
)
def test_known_payments(settled, in_odoo, known):
    assert known_payments(paid(*settled), paid(*in_odoo, start="A")) == known


def test_the_nearest_in_time_is_the_same():
    in_odoo = [Paid(key="A", amounts=(Decimal(500),), date=date(2026, 3, 2))]
    assert known_payments(paid("500", "500"), in_odoo) == {"b": EQUAL}


def test_cents_of_a_conversion():
    assert known_payments(paid("99.99"), paid("100.00", start="A"), Decimal("0.01")) == {"a": EQUAL}
    assert known_payments(paid("99.99"), paid("100.00", start="A")) == {}
