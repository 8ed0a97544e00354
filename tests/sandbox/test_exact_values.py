"""Values between Python and the wire."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.exact import values
from sandbox.exact.entities import ENTITIES, Property
from sandbox.exact.errors import Refusal

ENTRY = ENTITIES["salesentry/SalesEntries"].properties


def of(kind, **more):
    return Property("Some", kind, **more)


def refusal(kind, value):
    with pytest.raises(Refusal) as refused:
        values.from_body(of(kind), value)
    assert refused.value.status == 400
    return refused.value.text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (dt.date(2026, 3, 5), "/Date(1772668800000)/"),
        (dt.datetime(2026, 6, 25, 16, 14, 12, 345678), "/Date(1782404052345)/"),
        (dt.date(1969, 12, 31), "/Date(-86400000)/"),
    ],
)
def test_dates_are_the_local_wall_clock(value, text):
    assert values.date_text(value) == text


@given(st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2200, 1, 1)))
def test_a_date_written_is_read_back(moment):
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    read = values.from_body(of("DateTime"), values.date_text(moment))
    assert values.as_moment(read) == moment
    assert values.parse_moment(moment.isoformat()) == moment


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        ("Int64", 137438953472, "137438953472"),
        ("Int32", 20, 20),
        ("Byte", True, 1),
        ("Double", Decimal("1263.00"), 1263),
        ("Double", Decimal("0.21"), 0.21),
        ("Double", Decimal("-12.5"), -12.5),
        ("Boolean", False, False),
        ("Guid", "6D4F9CD0-0000-4000-8000-000000000001", "6d4f9cd0-0000-4000-8000-000000000001"),
        ("Binary", b"content", None),
        ("String", "é", "é"),
    ],
)
def test_what_goes_out(kind, value, written):
    found = values.writer(of(kind))(value)
    assert found == written and type(found) is type(written)


def test_codes_are_filled_up():
    assert values.writer(ENTITIES["crm/Accounts"].properties["Code"])("11") == " " * 16 + "11"
    assert values.writer(ENTITIES["vat/VATCodes"].properties["Code"])("VB") == "VB "


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (
            "Guid",
            "6D4F9CD0-0000-4000-8000-000000000001",
            "guid'6d4f9cd0-0000-4000-8000-000000000001'",
        ),
        ("String", "O'Hara", "'O''Hara'"),
        ("Int64", 123, "123L"),
        ("Int32", 500001, "500001"),
        ("DateTime", dt.date(2026, 3, 5), "datetime'2026-03-05T00:00:00'"),
        ("Boolean", True, "true"),
        ("Double", Decimal("1E+2"), "100"),
        ("String", None, "null"),
    ],
)
def test_literals(kind, value, text):
    assert values.literal(kind, value) == text


@pytest.mark.parametrize(
    ("kind", "given", "read"),
    [
        ("DateTime", "2026-03-05", dt.date(2026, 3, 5)),
        ("DateTime", "2026-03-05T00:00", dt.date(2026, 3, 5)),
        ("DateTime", "2026-03-05T00:00:00", dt.date(2026, 3, 5)),
        ("DateTime", "2026-03-05T10:11:12.5", dt.datetime(2026, 3, 5, 10, 11, 12, 500000)),
        ("DateTime", "/Date(1772668800000)/", dt.date(2026, 3, 5)),
        ("Double", 100, Decimal(100)),
        ("Double", "12.50", Decimal("12.50")),
        ("Double", Decimal("0.21"), Decimal("0.21")),
        ("Int32", "20", 20),
        ("Int64", "5", 5),
        ("Boolean", "true", True),
        ("Boolean", False, False),
        ("Binary", "QQ==", b"A"),
        ("Guid", "6D4F9CD0-0000-4000-8000-000000000001", "6d4f9cd0-0000-4000-8000-000000000001"),
        ("Guid", "{6D4F9CD0-0000-4000-8000-000000000001}", "6d4f9cd0-0000-4000-8000-000000000001"),
        ("DateTime", "2026-03-05T00:00:00Z", dt.date(2026, 3, 5)),
        ("DateTime", "2026-03-05T10:11:12.500Z", dt.datetime(2026, 3, 5, 10, 11, 12, 500000)),
        ("DateTime", "2026-03-04T23:00:00+00:00", dt.date(2026, 3, 5)),
        ("DateTime", "2026-07-05T00:00:00+02:00", dt.date(2026, 7, 5)),
        ("Int32", Decimal("5.0"), 5),
        ("Boolean", 1, True),
        ("Boolean", 0, False),
        ("String", 15, "15"),
        ("String", Decimal("1.50"), "1.50"),
        ("String", "", ""),
        ("String", None, None),
        ("Int32", None, None),
    ],
)
def test_what_comes_in(kind, given, read):
    found = values.from_body(of(kind), given)
    assert found == read and type(found) is type(read)


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("DateTime", "2026-02-30"),
        ("DateTime", "05/03/2026"),
        ("DateTime", "2026-03-05Z"),
        ("DateTime", "2026-03-05T00:00:00+99:00"),
        ("DateTime", "0001-01-01T00:00:00+01:00"),
        ("DateTime", 20260305),
        ("DateTime", ""),
        ("DateTime", "/Date(999999999999999)/"),
        ("DateTime", "٢٠٢٦-03-05"),
        ("Double", "twelve"),
        ("Double", True),
        ("Double", Decimal("1e400")),
        ("Double", "NaN"),
        ("Double", []),
        ("Double", 10**15),
        ("Int32", Decimal("5.5")),
        ("Int32", 2**31),
        ("Int16", 40000),
        ("Byte", -1),
        ("Byte", 256),
        ("Int32", True),
        ("Int32", ""),
        ("Boolean", 2),
        ("Boolean", "1"),
        ("Boolean", "ja"),
        ("Guid", ""),
        ("Guid", "70"),
        ("Guid", 5),
        ("Guid", "{6D4F9CD0-0000-4000-8000-000000000001"),
        ("String", True),
        ("String", {}),
        ("String", "\ud800"),
        ("Binary", "*"),
        ("Binary", "QQ"),
        ("Int64", {}),
        ("Int64", "1" * 30),
    ],
)
def test_what_is_not_of_its_type(kind, given):
    assert "'Some'" in refusal(kind, given)


def test_the_words_of_a_type_error():
    assert refusal("Binary", "no base64").startswith(
        "Error processing request stream. Error encountered in converting the value from request "
        "payload for property 'Some' to type 'Byte[]'"
    )


@given(
    st.sampled_from(
        [
            "String",
            "Guid",
            "Boolean",
            "Byte",
            "Int16",
            "Int32",
            "Int64",
            "Double",
            "DateTime",
            "Binary",
        ]
    ),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.text()
        | st.decimals()
        | st.sampled_from(["/Date(1)/", "2026-03-05", "1e5", " 5 "]),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=5,
    ),
)
def test_anything_is_read_or_refused(kind, given):
    try:
        read = values.from_body(of(kind), given)
    except Refusal as refused:
        assert refused.status == 400
    else:
        if read is not None:
            json.dumps(values.writer(of(kind))(read)).encode()


@given(
    st.binary(max_size=60)
    | st.text(max_size=60).map(str.encode)
    | st.sampled_from([b"[" * 100000, b"1" * 5000, b'{"a":NaN}', b"null", b"[]", b'"x"'])
)
def test_any_body_is_an_object_or_refused(body):
    try:
        assert isinstance(values.parse_object(body), dict)
    except Refusal as refused:
        assert (refused.status, refused.text) == (
            400,
            (
                "Error processing request stream. The request should be a valid top-level resource "
                "object."
            ),
        )
