"""Values on the wire: read as written, whatever stands in them."""

import json
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.accountable_connect.api.texts import clean
from odoo.addons.accountable_connect_exact.api import wire

GUID = "6D4F9CD0-0000-4000-8000-00000000000A"


# Moments


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("/Date(1772668800000)/", datetime(2026, 3, 5)),
        ("/Date(1782404052617)/", datetime(2026, 6, 25, 16, 14, 12, 617000)),
        ("/Date(-86400000)/", datetime(1969, 12, 31)),
        ("/Date(0)/", datetime(1970, 1, 1)),
        ("2026-06-25T16:16:40", datetime(2026, 6, 25, 16, 16, 40)),
        (None, None),
    ],
)
def test_moment(value, moment):
    assert wire.read_moment(value) == moment
    assert wire.read_date(value) == (moment and moment.date())


@pytest.mark.parametrize("value", ["", "/Date()/", "/Date(999999999999999)/", 5, [], "yesterday"])
def test_no_moment(value):
    with pytest.raises(ValueError):
        wire.read_moment(value)


@given(st.dates())
def test_every_day_comes_back(day):
    milliseconds = (datetime(day.year, day.month, day.day) - datetime(1970, 1, 1)) // timedelta(
        milliseconds=1
    )
    assert wire.read_date(f"/Date({milliseconds})/") == day
    assert date.fromisoformat(wire.write_date(day)) == day


# Numbers


@pytest.mark.parametrize(
    ("value", "number"),
    [("137438953472", 137438953472), (20, 20), (Decimal("3.0"), 3), ("-1", -1), (None, None)],
)
def test_integer(value, number):
    assert wire.read_integer(value) == number


@pytest.mark.parametrize("value", ["", "x", True, [], "1.5", Decimal("NaN"), Decimal("1E+999999")])
def test_no_integer(value):
    with pytest.raises(ValueError):
        wire.read_integer(value)


# Literals


def unquoted(literal):
    """What the service reads from a text literal."""
    assert re.fullmatch(r"'(?:[^']|'')*'", literal, re.DOTALL)
    return literal[1:-1].replace("''", "'")


@given(st.text())
def test_text_is_one_literal(value):
    assert unquoted(wire.text(value)) == clean(value)


@given(st.text(), st.text())
def test_text_never_ends_a_literal_early(first, second):
    """Two conditions stay two, whatever stands in them."""
    condition = f"A eq {wire.text(first)} and B eq {wire.text(second)}"
    found = re.fullmatch(r"A eq ('(?:[^']|'')*') and B eq ('(?:[^']|'')*')", condition, re.DOTALL)
    assert [unquoted(literal) for literal in found.groups()] == [
        clean(first),
        clean(second),
    ]


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",))))
def test_query_keeps_every_character(value):
    query = wire.query(select="ID", filter=f"Name eq {wire.text(value)}")
    assert query.isascii() and not re.search(r"[\s#+<>]", query)
    found = parse_qs(query, keep_blank_values=True, strict_parsing=True)
    assert found == {"$select": ["ID"], "$filter": [f"Name eq {wire.text(value)}"]}


def test_query_leaves_out_what_is_empty():
    assert wire.query(select="ID,Code", filter="", orderby="", top=None) == "$select=ID,Code"
    assert wire.query(select="ID", top=0) == "$select=ID&$top=0"
    assert wire.query(orderby="Modified asc") == "$orderby=Modified%20asc"


def test_literals():
    assert wire.guid(GUID) == "guid'6d4f9cd0-0000-4000-8000-00000000000a'"
    assert wire.day(date(2026, 3, 5)) == "datetime'2026-03-05'"
    assert wire.long(137438953472) == "137438953472L"
    assert wire.any_of("Code", ["'1'", "'2'"]) == "(Code eq '1' or Code eq '2')"


@pytest.mark.parametrize(
    "value",
    ["", "x", GUID + "'", f"{{{GUID}}}", GUID.replace("-", ""), f"urn:uuid:{GUID}", None, 5],
)
def test_no_guid(value):
    with pytest.raises(ValueError):
        wire.guid(value)


def test_nothing_to_compare_with():
    with pytest.raises(ValueError):
        wire.any_of("Code", [])


@pytest.mark.parametrize(
    ("value", "key"),
    [
        (GUID, "(guid'6d4f9cd0-0000-4000-8000-00000000000a')"),
        (500001, "(500001)"),
        ("EUR", "('EUR')"),
        ("a/b?c#d'e", "('a%2Fb%3Fc%23d''e')"),
    ],
)
def test_key(value, key):
    assert wire.key(value) == key


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), min_size=1))
def test_key_stays_in_its_place(value):
    key = wire.key(value)
    assert not re.search(r"[/?#\s]", key)
    assert wire.is_guid(value) or unquoted(unquote(key)[1:-1]) == clean(value)


# Rows


def test_plain_row():
    row = {
        "__metadata": {"uri": "u", "type": "Exact.Web.Api.Models.Account"},
        "Code": "           0000011",
        "VATCode": "VB ",
        "Country": "BE ",
        "Language": "NL        ",
        "Name": " Bakkerij ",
        "Remarks": None,
        "BankAccounts": {"__deferred": {"uri": "u"}},
        "SalesEntryLines": {"results": [{"__metadata": {}, "VATCode": "21 ", "AmountFC": 5}]},
        "Other": [{"AccountCode": " 1"}],
    }
    assert wire.plain(row) == {
        "Code": "0000011",
        "VATCode": "VB",
        "Country": "BE",
        "Language": "NL",
        "Name": " Bakkerij ",
        "Remarks": None,
        "SalesEntryLines": [{"VATCode": "21", "AmountFC": 5}],
        "Other": [{"AccountCode": "1"}],
    }
    assert json.dumps(row)  # nothing is taken out of the row itself
    assert "__metadata" in row
