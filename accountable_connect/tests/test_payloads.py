"""JSON bodies: amounts keep their digits, and what is no JSON is not read."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.accountable_connect.api.http import payloads
from odoo.addons.accountable_connect.api.http.payloads import from_json, is_token, to_json


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


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"NaN",
        b'{"a": Infinity}',
        b"\xff",
        b"<html>",
        b"1e999999999",
        b"1e-999999999",
        b"0e999999999",
        b"9" * 400,
        b"0." + b"9" * 400,
        b"[" * 101 + b"]" * 101,
        b'{"a":' * 400 + b"1" + b"}" * 400,
        # brackets in texts hide no depth
        b'["]",' * 400 + b"1" + b',"["]' * 400,
        b'{"}":' * 400 + b"1" + b',"{":0}' * 400,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_no_json(content):
    with pytest.raises(ValueError):
        from_json(content)


def test_depth_of_what_packages_send():
    assert from_json(b'[{"a":' * 40 + b"1" + b"}]" * 40)


@pytest.mark.parametrize("opened", [b"[", b'{"a":', b'[{"a":', b'[[{"a":'])
def test_deepest_that_is_read(opened):
    def nested(levels):
        names = {ord("["): b"[", ord("{"): b'{"a":'}
        order = [one for one in opened if one in names]
        wanted = [order[place % len(order)] for place in range(levels)]
        closed = b"".join(b"]" if one == ord("[") else b"}" for one in reversed(wanted))
        return b"".join(names[one] for one in wanted) + b"1" + closed

    assert from_json(nested(100))
    with pytest.raises(ValueError):
        from_json(nested(101))
    # brackets in a text say nothing
    assert from_json(b'["' + b"[" * 200 + b'", ' + nested(99) + b"]")


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("after", ["", "7", ".7", "e5", "E-5", ".7e+70"])
@pytest.mark.parametrize("digits", [1, 40, 58, 59, 60, 61])
def test_numbers_are_read_alike_by_both_ways(monkeypatch, digits, after, sign):
    content = f"[{sign}{'7' * digits}{after}]".encode()
    monkeypatch.setattr(payloads, "_may_hold_long_numbers", lambda _content: True)
    try:
        expected = from_json(content)
    except ValueError:
        expected = None
    monkeypatch.undo()
    if expected is None:
        with pytest.raises(ValueError):
            from_json(content)
    else:
        assert from_json(content) == expected
        assert type(from_json(content)[0]) is type(expected[0])


@pytest.mark.parametrize("text", ["]", "]]}", "[", 'a"]', "\\", '\\"]['])
def test_brackets_in_texts_hide_no_depth(text):
    written = to_json(text)
    with pytest.raises(ValueError):
        from_json((b"[" + written + b",") * 101 + b"1" + b"]" * 101)
    assert from_json((b"[" + written + b",") * 99 + b"1" + b"]" * 99)


def test_an_ordinary_answer_is_not_walked_through(monkeypatch):
    for name in ("_check_depth", "_number", "_whole"):
        monkeypatch.setattr(payloads, name, None)
    rows = [{"lines": [{"account": {"id": 1}, "amount": Decimal("12.34")}]}] * 1000
    assert from_json(to_json(rows)) == rows


def test_body():
    body = {"date": date(2026, 3, 5), "name": "Café 🌞", "amount": Decimal("-12.10")}
    assert to_json(body) == '{"date": "2026-03-05", "name": "Café 🌞", "amount": -12.1}'.encode()
    for moment in (datetime(2026, 3, 5), object()):
        with pytest.raises(TypeError):
            to_json({"moment": moment})


@pytest.mark.parametrize(
    "written", [b"\\u0000", b"\\u0001", b"\\u009F", b"\\ud800", b"\x00", b"\x7f"]
)
def test_control_characters_stay_outside(written):
    """PostgreSQL refuses some of them, with an error that would stop everything."""
    content = b'{"na%bme": ["Jans%bsens", {"n": 1.50}]}' % (written, written)
    assert from_json(content) == {"name": ["Janssens", {"n": Decimal("1.50")}]}


def test_what_belongs_to_a_text_stays():
    content = b'["a\\r\\n\\tb", "\\ud83c\\udf1e", "caf\\u00e9"]'
    assert from_json(content) == ["a\r\n\tb", "🌞", "café"]


def test_token_is_read_as_it_is():
    """A changed one is worth nothing: whoever asks for it refuses it."""
    token = from_json(b'{"token": "a\\u0000b"}', cleaned=False)["token"]
    assert token == "a\0b"
    assert not is_token(token)
    assert is_token("a.b-c_d~e+f/=")
    for odd in ("", None, "a b", "a\r\nX: y", "é", 5):
        assert not is_token(odd)


@pytest.mark.parametrize("odd", ["\0", "\x01", "\x9f", "\ud800"])
def test_control_characters_are_not_sent(odd):
    """The package's own parser refuses them, or the encoding does."""
    assert to_json({"name": f"Jans{odd}sens", "lines": [{"text": odd}]}) == (
        b'{"name": "Janssens", "lines": [{"text": ""}]}'
    )
