"""JSON bodies: amounts keep their digits, and what is no JSON is not read."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.accountable_connect.api.payloads import from_json, to_json


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_amounts_keep_their_digits(amount):
    (back,) = from_json(to_json([amount]))
    # a number without a fraction comes back as an int
    assert Decimal(back) == amount


@pytest.mark.parametrize("text", ["0.10", "1316.00", "98765432.10", "-0.01", "1234567.891"])
def test_fractions_come_back_as_decimal(text):
    back = from_json(to_json({"amount": Decimal(text)}))["amount"]
    assert isinstance(back, Decimal) and back == Decimal(text)


def test_amount_with_too_many_digits():
    with pytest.raises(ValueError):
        to_json({"amount": Decimal("12345678901234567.89")})
    with pytest.raises(ValueError):
        to_json({"amount": float("nan")})


@pytest.mark.parametrize("content", [b"", b"{", b"NaN", b'{"a": Infinity}', b"\xff", b"<html>"])
def test_no_json(content):
    with pytest.raises(ValueError):
        from_json(content)


def test_body():
    body = {"date": date(2026, 3, 5), "name": "Café 🌞", "amount": Decimal("-12.10")}
    assert to_json(body) == '{"date": "2026-03-05", "name": "Café 🌞", "amount": -12.1}'.encode()
    for moment in (datetime(2026, 3, 5), object()):
        with pytest.raises(TypeError):
            to_json({"moment": moment})
