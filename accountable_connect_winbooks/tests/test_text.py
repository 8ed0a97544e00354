"""Values on their way into a file."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.addons.accountable_connect.api.errors import DataRefusedError
from odoo.addons.accountable_connect_winbooks.api.layout import ACT, CSF
from odoo.addons.accountable_connect_winbooks.api.text import (
    plain,
    record,
    shortened,
    split_in_two,
)

EXAMPLES = settings(max_examples=60)


def cell(name, value, fields=ACT):
    """What stands in the file of one value."""
    line = record(fields, {name: value}).decode("cp1252")
    place = [field.name for field in fields].index(name)
    return line[1:-3].split('","')[place]


def refused(name, value):
    with pytest.raises(DataRefusedError) as caught:
        record(ACT, {name: value})
    return caught.value.code, caught.value.values["field"]


def test_the_fields_and_their_widths():
    assert len(ACT) == 38
    assert len(CSF) == 25
    assert record(ACT, {}) == b",".join([b'""'] * 38) + b"\r\n"
    widths = {field.name: field.width for field in ACT}
    assert [widths[name] for name in ("ACCOUNTGL", "COMMENT", "COMMENTEXT", "DBKCODE")] == [
        8,
        40,
        35,
        6,
    ]
    assert (widths["ACCOUNTRP"], widths["DOCNUMBER"], widths["AMOUNTEUR"]) == (10, 8, 17)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Een "mooie" tafel', "Een 'mooie' tafel"),
        ("twee\r\nregels\ten een tab", "twee regels en een tab"),
        ("Café Ünïted — 5 €", "Café Ünïted — 5 €"),
        ("Łukasz Żółw", "Lukasz Zólw"),
        ("İstanbul ığş", "Istanbul igs"),
        ("Čeština řžýěď", "Ceština ržýed"),
        ("Ștefan Țurcanu", "Stefan Turcanu"),
        ("e\u0301te\u0301", "été"),
        ("½ m² à 10 ‰", "½ m² à 10 ‰"),
        ("blauw\u200b zacht\u00adjes", "blauw zachtjes"),
        ("5 − 3 ≤ 2", "5 - 3 <= 2"),
        ("ﬁets № 3", "fiets No 3"),
        ("klaar 👍🏽 nu", "klaar nu"),
        ("Αθήνα Ψωμί Οδός", "Athina Psomi Odos"),
        ("София Щерев Юлия", "Sofiya Shterev Yuliya"),
        ("中文 Co", "?? Co"),
        ("breed＂", "breed'"),
        ("a,b;c", "a,b;c"),
        ("", ""),
        (None, ""),
    ],
)
def test_texts_of_letters_that_do_not_fit(text, expected):
    assert plain(text) == expected


@EXAMPLES
@given(st.text(max_size=80))
def test_every_text_fits_and_stays_what_it_is(text):
    once = plain(text)
    once.encode("cp1252")
    assert plain(once) == once
    assert not set('"\r\n\t') & set(once)
    for width in (10, 40):
        short = shortened(text, width)
        assert len(short) <= width
        assert shortened(short, width) == short


@EXAMPLES
@given(st.text(alphabet="ab é", max_size=120))
def test_a_text_over_two_fields_loses_nothing_that_fits(text):
    first, second = split_in_two(text, 40)
    assert len(first) <= 40
    assert len(second) <= 40
    assert plain(text).replace(" ", "").startswith((first + second).replace(" ", ""))


def test_dates_amounts_and_flags():
    assert cell("DATE", date(2026, 2, 28)) == "20260228"
    assert cell("DATE", None) == ""
    assert cell("AMOUNTEUR", Decimal("-1234.5")) == "-1234.50"
    assert cell("AMOUNTEUR", Decimal("-0.00")) == "0.00"
    assert cell("AMOUNTEUR", Decimal("1E+3")) == "1000.00"
    assert cell("AMOUNTEUR", Decimal("9999999999999.99")) == "9999999999999.99"
    assert cell("CURRATE", Decimal("1.0850")) == "1.08500"
    assert cell("CURRATE", Decimal("0.123456789")) == "0.12346"
    assert cell("ISDOC", True) == "T"


def test_a_text_is_cut_and_a_code_is_not():
    assert cell("COMMENT", "x" * 41) == "x" * 40
    assert refused("DBKCODE", "VERKOOP") == ("too_long", "DBKCODE")
    assert refused("ACCOUNTGL", "700000000") == ("too_long", "ACCOUNTGL")
    assert refused("AMOUNTEUR", Decimal("99999999999999.99")) == ("too_long", "AMOUNTEUR")


@pytest.mark.parametrize("code", ['A"B', "A\nB", " A", "Ż1", "A?"])
def test_a_code_is_never_changed(code):
    assert refused("DBKCODE", code) == ("CAR_ERR", "DBKCODE")


def test_more_than_two_decimals_are_refused():
    assert refused("AMOUNTEUR", Decimal("1.005")) == ("DEC_ERR", "AMOUNTEUR")
