"""Texts that a package has to cut, and texts people write in several ways."""

from decimal import Decimal

import pytest
from odoo.addons.accountable_connect.api import texts


@pytest.mark.parametrize(
    ("text", "length", "shown"),
    [
        ("Café", 10, "Café"),
        ("twee  regels\nen  meer", 30, "twee regels en meer"),
        ("abcdef", 3, "abc"),
        ("ab cdef", 3, "ab"),
        ("cafe\u0301 x", 4, "caf"),
        ("ab👩‍👩‍👧‍👦", 4, "ab"),
        ("ok👍🏽", 3, "ok"),
        ("👍" * 5, 3, "👍👍👍"),
        ("", 5, ""),
    ],
)
def test_cut(text, length, shown):
    assert texts.cut(text, length) == shown
    assert len(texts.cut(text, length)) <= length


def test_how_people_write_does_not_count():
    assert texts.comparable(" Bakkerij  DE Straße\n") == texts.comparable("bakkerij de strasse")
    assert texts.bare("be 0999.999.031") == "BE0999999031"
    assert texts.digits("+32 (0)9 123-45") == "320912345"
    assert texts.comparable(None) == texts.bare(None) == texts.digits(None) == ""


@pytest.mark.parametrize(
    ("number", "text"),
    [("21.00", "21"), ("0", "0"), ("100", "100"), ("5.50", "5.5"), ("1E+2", "100"), ("-0", "0")],
)
def test_plain_number(number, text):
    assert texts.plain_number(Decimal(number)) == text


@pytest.mark.parametrize("number", ["1e999999999", "1e-999999", "NaN", "Infinity"])
def test_no_plain_number(number):
    with pytest.raises(ValueError):
        texts.plain_number(Decimal(number))


def test_control_characters_are_left_out():
    assert texts.clean("Jans\0sens\x0bNV\r\n\ttwo") == "Janssens NV\r\n\ttwo"
    assert texts.clean("\ud83d\x80\ufffe") == ""
    assert texts.cut("Jans\0sens\x0b NV", 20) == "Janssens NV"
    assert texts.comparable("Jans\0sens") == texts.comparable("janssens")
    assert texts.clean_values({"a\0": ("b\0", ["c\0", 1, None])}) == {"a": ("b", ["c", 1, None])}
