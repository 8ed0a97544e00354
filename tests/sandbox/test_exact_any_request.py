"""Whatever a caller sends, the service answers as it would: no crash, and books that add up."""

from __future__ import annotations

import json
from decimal import Decimal
from xml.etree import ElementTree

import pytest
import requests
from exact_client import DIVISION, TIMEOUT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.exact.entities import ENTITIES

CRASH = "A problem has occurred"
NOBODY = "00000000-0000-0000-0000-000000000000"
TEXTS = st.sampled_from(
    [
        "",
        " ",
        "70",
        "21",
        "EUR",
        "BE",
        "C",
        "2026-03-05",
        "é😀",
        "x" * 300,
        "'; DROP TABLE entry; --",
        "\u0000",
        "\ud800",
        "guid'x'",
        "-1",
        "1e400",
    ]
)
NUMBERS = st.sampled_from([0, 1, -1, 20, 8.123456789, -0.005, 1e-300, 1e15, -1e300, 2**63, 2**31])
ANYTHING = st.one_of(TEXTS, NUMBERS, st.booleans(), st.none(), st.just([]), st.just({}))
CALM = {
    "deadline": None,
    "database": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}
WRITTEN = sorted(name for name, entity in ENTITIES.items() if "POST" in entity.methods)
READ = sorted(
    name for name, entity in ENTITIES.items() if "GET" in entity.methods and name != "current/Me"
)


@pytest.fixture(scope="module")
def known(app):
    """Values that mean something, by property."""
    ledger = {
        row["Code"]: row["ID"]
        for row in app.get("bulk/Financial/GLAccounts", **{"$select": "ID,Code"})
    }
    party = app.post("crm/Accounts", {"Name": "Beide", "Status": "C", "IsSupplier": True})["ID"]
    document = app.post("documents/Documents", {"Subject": "x", "Type": 10})["ID"]
    return {
        "GLAccount": [ledger["700000"], ledger["604000"], ledger["499000"]],
        "Customer": [party],
        "Supplier": [party],
        "Account": [party],
        "Document": [document],
        "Journal": ["70", "60"],
        "JournalCode": ["50", "30", "90"],
        "VATCode": ["21", "A21", "E21"],
        "Currency": ["EUR", "USD"],
        "Rate": [1, 0.9],
        "PaymentCondition": ["30", "2T"],
        "YourRef": ["F 1"],
        "Type": [10, 20],
        "Name": ["x"],
        "SourceCurrency": ["USD"],
        "CallbackURL": ["http://127.0.0.1:1/"],
        "EntryNumber": [26700001, 1],
        "ReportingYear": [2026],
        "ReportingPeriod": [1, 12],
        "VATNonDeductiblePercentage": [0, 0.5, 1],
        "CostCenter": ["SALES"],
    }


def plausible(one, known):
    """Values that a property may well take."""
    if one.name in known:
        return st.sampled_from(known[one.name])
    return {
        "Guid": st.just(NOBODY),
        "Boolean": st.booleans(),
        "Binary": st.just("QQ=="),
        "Double": st.integers(-(10**6), 10**6).map(lambda cents: cents / 100),
        "DateTime": st.sampled_from(["2026-03-05", "2026-12-31T00:00:00"]),
    }.get(
        one.type,
        st.sampled_from([0, 1])
        if "Int" in one.type or one.type == "Byte"
        else st.sampled_from(["x", "Omschrijving"]),
    )


@st.composite
def values(draw, name: str, known, depth: int = 0):
    """A body that an entity may well take, with a few properties of anything at all."""
    properties = {one.name: one for one in ENTITIES[name].properties.values() if one.post}
    columns = {one: field for one, field in properties.items() if not field.is_collection}
    wanted = {
        one
        for one in columns
        if columns[one].mandatory and one != "EntryID" or one in ("AmountFC", "VATCode")
    }
    if not columns:
        return {}
    wanted |= set(draw(st.lists(st.sampled_from(sorted(columns)), max_size=3)))
    body = {one: draw(plausible(columns[one], known)) for one in sorted(wanted)}
    for one, field in properties.items():
        if field.is_collection and field.of in ENTITIES and not depth:
            body[one] = draw(st.lists(values(field.of, known, 1), min_size=1, max_size=3))
    for one in (
        draw(st.lists(st.sampled_from(sorted(properties)), max_size=2 - depth))
        if draw(st.booleans())
        else ()
    ):
        body[one] = draw(ANYTHING)
    return body


def check(answer):
    """An answer that the service could have given, in its form."""
    assert answer.status_code in (200, 201, 204, 400, 403, 404, 405, 500), answer.text
    if answer.status_code >= 400:
        text = answer.json()["error"]["message"]["value"]
        assert text and CRASH not in text
    elif answer.content:
        assert "d" in answer.json()


@pytest.mark.parametrize("name", WRITTEN)
@settings(max_examples=15, **CALM)
@given(data=st.data())
def test_any_body_gets_an_answer_of_the_service(app, known, name, data):
    body = json.dumps(data.draw(values(name, known)))
    check(
        requests.post(
            f"{app.root}/api/v1/{DIVISION}/{name}",
            body,
            timeout=TIMEOUT,
            headers={
                "Authorization": f"Bearer {app.tokens['access_token']}",
                "Accept": "application/json",
                "Content-Type": "application/json",
            },
        )
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff",
        b'{"a":NaN}',
        b'"text"',
        b'{"Name":"a","Name":"b"}',
        b"[" * 5000,
    ],
)
def test_bodies_that_are_no_object(app, body):
    check(
        requests.post(
            f"{app.root}/api/v1/{DIVISION}/crm/Accounts",
            body,
            timeout=TIMEOUT,
            headers={
                "Authorization": f"Bearer {app.tokens['access_token']}",
                "Accept": "application/json",
                "Content-Type": "application/json",
            },
        )
    )


OPERANDS = st.sampled_from(
    [
        "ID",
        "Code",
        "Name",
        "Timestamp",
        "Nothing",
        "1",
        "1L",
        "-1.5",
        "null",
        "true",
        "'x'",
        "'it''s'",
        "guid'" + NOBODY + "'",
        "guid'x'",
        "datetime'2026-03-05'",
        "datetime'x'",
        "Modified",
        "trim(Code)",
        "substringof('a',Name)",
        "tolower(Name)",
        "startswith(Code,'7')",
        "(",
    ]
)
CONDITIONS = st.recursive(
    st.tuples(OPERANDS, st.sampled_from(["eq", "ne", "gt", "ge", "lt", "le", "is"]), OPERANDS).map(
        " ".join
    ),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(" ".join),
        inner.map("({})".format),
        inner.map("not {}".format),
    ),
    max_leaves=4,
)
QUERIES = st.fixed_dictionaries(
    {},
    optional={
        "$filter": CONDITIONS,
        "$select": st.sampled_from(["ID", "ID,Code", "Nothing", "", "*", "ID,"]),
        "$top": st.sampled_from(["0", "1", "100", "-1", "x"]),
        "$skip": st.sampled_from(["0", "1", "x"]),
        "$orderby": st.sampled_from(["ID", "Code desc", "Modified asc,ID", "Nothing", "ID up"]),
        "$skiptoken": st.sampled_from(["x", f"guid'{NOBODY}'", "1L"]),
        "$expand": st.sampled_from(["Nothing", "SalesEntryLines", ""]),
        "$inlinecount": st.sampled_from(["allpages", "none", "x"]),
        "$odd": st.just("1"),
    },
)


@pytest.mark.parametrize("name", READ)
@settings(max_examples=12, **CALM)
@given(query=QUERIES)
def test_any_query_gets_an_answer_of_the_service(app, name, query):
    check(app.call("GET", name, **query))


@settings(max_examples=40, **CALM)
@given(st.text(max_size=40))
def test_any_address(app, text):
    answer = requests.get(
        f"{app.root}/api/v1/{DIVISION}/crm/" + requests.utils.quote(text, ""),
        timeout=TIMEOUT,
        headers={
            "Authorization": f"Bearer {app.tokens['access_token']}",
            "Accept": "application/json",
        },
    )
    assert answer.status_code in (200, 400, 404)


def test_atom_holds_any_text(app):
    key = app.post("crm/Accounts", {"Name": "a\u0001\u000b\ufffe]]>é😀", "Status": "C"})["ID"]
    answer = app.call("GET", f"crm/Accounts(guid'{key}')", accept="*/*")
    assert answer.status_code == 200 and ElementTree.fromstring(answer.content) is not None


def test_the_books_still_add_up(shared_exact):
    """Last: after everything above, what was taken is in balance."""
    entries = shared_exact.entries(DIVISION)
    assert entries
    for entry in entries:
        assert sum(Decimal(line["amount"]) for line in entry["lines"]) == 0, entry
    assert sum(map(Decimal, shared_exact.trial_balance(DIVISION).values())) == 0
    for page in (
        "entries",
        "ledger",
        "trial-balance",
        "vat",
        "open-items",
        "terms",
        "accounts",
        "files",
    ):
        address = f"{shared_exact.root}/divisions/{DIVISION}/{page}"
        assert requests.get(address, timeout=TIMEOUT).status_code == 200
