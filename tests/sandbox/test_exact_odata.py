"""Reading over the protocol, rows in memory: pages, filters, counts, keys, functions."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from exact_rows import (
    CUSTOMER,
    ENTRY,
    SELECT,
    SITE,
    Rows,
    accounts,
    ask,
    entries,
    following,
    guid,
    refused,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.exact.odata import function_answer


def test_a_list_comes_in_pages_of_sixty():
    given = ask("crm/Accounts", accounts(130), "$select=ID,Code")
    rows, last = given.body["d"]["results"], guid(59)
    assert given.status == 200
    assert given.headers["Content-Type"] == "application/json;charset=utf-8"
    assert len(rows) == 60
    assert rows[1] == {
        "__metadata": {
            "uri": f"{SITE}/api/v1/500001/crm/Accounts(guid'{guid(1)}')",
            "type": "Exact.Web.Api.Models.Account",
        },
        "ID": guid(1),
        "Code": " " * 17 + "1",
    }
    assert given.body["d"]["__next"] == (
        f"{SITE}/api/v1/500001/crm/Accounts?$select=ID,Code&$skiptoken=guid'{last}'"
    )
    second = ask("crm/Accounts", accounts(130), following(given))
    third = ask("crm/Accounts", accounts(130), following(second))
    assert [row["ID"] for row in second.body["d"]["results"]] == [guid(n) for n in range(60, 120)]
    assert len(third.body["d"]["results"]) == 10
    assert "__next" not in third.body["d"]


def test_a_full_last_page_has_no_next():
    assert "__next" not in ask("crm/Accounts", accounts(60)).body["d"]


def test_a_top_within_the_page_gives_a_bare_array():
    assert len(ask("crm/Accounts", accounts(130), "$top=60").body["d"]) == 60
    assert ask("crm/Accounts", accounts(130), "$top=0").body["d"] == []


def test_a_top_of_a_hundred_gives_sixty_and_the_other_forty_behind():
    first = ask("crm/Accounts", accounts(130), "$top=100&$orderby=Name desc")
    assert len(first.body["d"]["results"]) == 60
    assert "$top=40&$skiptoken=" in following(first)
    second = ask("crm/Accounts", accounts(130), following(first))
    assert len(second.body["d"]["results"]) == 40
    assert "__next" not in second.body["d"]


@pytest.mark.parametrize(
    "order", ["Name desc,Modified", "Modified desc", "Code", "ID desc", "Email desc,Name"]
)
def test_pages_in_an_order_hold_every_row_once(order):
    resource, query, seen = accounts(150), f"$orderby={order}&$select=ID,Name,Code", []
    while query:
        given = ask("crm/Accounts", resource, query)
        seen += given.body["d"]["results"]
        query = following(given) if "__next" in given.body["d"] else ""
    assert len({row["ID"] for row in seen}) == len(seen) == 150
    if order == "Name desc,Modified":
        assert [row["Name"] for row in seen] == sorted((row["Name"] for row in seen), reverse=True)
    if order == "ID desc":
        assert [row["ID"] for row in seen] == [guid(one) for one in reversed(range(150))]


def test_the_place_of_a_next_page_holds_the_values_of_the_order():
    given = ask("crm/Accounts", accounts(61), "$orderby=Modified asc&$select=ID")
    last = given.body["d"]["results"][-1]["ID"]
    assert following(given).endswith(f"$skiptoken=datetime'2026-03-05T10%3A30%3A00',guid'{last}'")


def test_rows_are_skipped_once():
    first = ask("crm/Accounts", accounts(130), "$skip=10")
    second = ask("crm/Accounts", accounts(130), following(first))
    ids = [row["ID"] for given in (first, second) for row in given.body["d"]["results"]]
    assert ids == [guid(one) for one in range(10, 130)]


def test_a_filter_and_its_count():
    given = ask(
        "crm/Accounts", accounts(130), "$filter=Name%20eq%20'n3'&$top=0&$inlinecount=allpages"
    )
    assert given.body == {"d": {"results": [], "__count": "19"}}
    given = ask("crm/Accounts", accounts(130), "$filter=trim(Code)%20eq%20'17'&$select=ID")
    assert [row["ID"] for row in given.body["d"]["results"]] == [guid(17)]


def test_a_list_that_demands_a_select():
    for name in (
        "purchaseentry/PurchaseEntries",
        "bulk/CRM/Accounts",
        "cashflow/Receivables",
        "cashflow/DirectDebitMandates",
    ):
        key = "EntryID" if "Entries" in name else "ID"
        resource = Rows([{key: guid(1)}], key=key)
        assert refused(ask(name, resource, "$filter=true"), 400) == SELECT
        assert refused(ask(name, resource, "$top=2"), 400) == SELECT
        assert ask(name, resource, "$top=1").status == 200
        assert ask(name, resource, f"$select={key}").status == 200
        assert ask(name, resource, key=f"guid'{guid(1)}'").status == 200
        assert ask(name, resource, switches={"select_mandatory": False}).status == 200


def test_sales_entries_demand_a_select_only_when_all_are_asked_for():
    name, resource = "salesentry/SalesEntries", Rows([{"EntryID": guid(1)}], key="EntryID")
    for query in ("", "$orderby=EntryID", "$skip=1"):
        assert refused(ask(name, resource, query), 400) == SELECT
    for query in ("$filter=true", "$top=2", "$top=100", "$top=1", "$select=EntryID"):
        assert ask(name, resource, query).status == 200
    assert refused(ask("purchaseentry/PurchaseEntries", resource, "$filter=true"), 400) == SELECT


def test_me_is_always_in_results():
    me = Rows(
        [
            {
                "UserID": guid(1),
                "Legislation": 128,
                "ServerUtcOffset": Decimal("7200"),
                "DivisionCustomerCode": "1",
            }
        ],
        key="UserID",
    )
    rows = ask("current/Me", me, "$top=1").body["d"]["results"]
    assert rows[0]["Legislation"] == "128"
    assert rows[0]["ServerUtcOffset"] == 7200
    assert rows[0]["DivisionCustomerCode"] == " " * 17 + "1"
    assert rows[0]["Email"] is None


# Sync

TERMS = "sync/Cashflow/PaymentTerms"


def terms(number):
    return Rows(
        ({"Timestamp": 137438953472 + one, "ID": guid(one), "Status": 20} for one in range(number)),
        key="Timestamp",
    )


def test_a_sync_is_read_by_thousands_and_no_further_than_needed():
    resource, query, seen = terms(2500), "$filter=Timestamp gt 1&$select=ID,Timestamp&$top=5", []
    while query:
        resource.read = 0
        given = ask(TERMS, resource, query)
        assert resource.read <= 1001
        seen += given.body["d"]["results"]
        query = following(given) if "__next" in given.body["d"] else ""
    assert [row["Timestamp"] for row in seen] == [str(137438953472 + n) for n in range(2500)]


def test_a_sync_goes_on_behind_a_timestamp():
    resource = terms(2000)
    given = ask(TERMS, resource, f"$filter=Timestamp gt {137438953472 + 1990}L")
    assert resource.hints.after == 137438953472 + 1990
    rows = given.body["d"]["results"]
    assert len(rows) == 9
    assert rows[0]["__metadata"]["uri"] == (
        f"{SITE}/api/v1/500001/sync/Cashflow/PaymentTerms({137438953472 + 1991}L)"
    )
    nothing = ask(TERMS, resource, f"$filter=Timestamp gt {137438953472 + 1999}L")
    assert nothing.body == {"d": {"results": []}}


def test_a_count_is_of_all_pages():
    first = ask(TERMS, terms(1500), "$inlinecount=allpages&$select=ID")
    second = ask(TERMS, terms(1500), following(first))
    assert len(second.body["d"]["results"]) == 500
    assert {first.body["d"]["__count"], second.body["d"]["__count"]} == {"1500"}


def test_a_sync_refuses_another_filter():
    given = ask(TERMS, terms(1), "$filter=Status eq 50")
    assert refused(given, 400) == "Bad Request - Error in query syntax."


# One row, its lines


def test_one_row_by_its_key():
    given = ask("salesentry/SalesEntries", entries(), key=f"guid'{ENTRY.upper()}'")
    row = given.body["d"]
    assert row["EntryID"] == ENTRY
    assert row["AmountDC"] == 1263
    assert row["EntryDate"] == "/Date(1772668800000)/"
    assert row["YourRef"] is None
    assert row["SalesEntryLines"] == {
        "__deferred": {
            "uri": (f"{SITE}/api/v1/500001/salesentry/SalesEntries(guid'{ENTRY}')/SalesEntryLines")
        }
    }


def test_a_row_that_is_not_there():
    assert "SalesEntries" in refused(
        ask("salesentry/SalesEntries", entries(), key=f"guid'{guid(9)}'"), 404
    )
    refused(ask("salesentry/SalesEntries", entries(), key=ENTRY), 400)
    refused(ask("salesentry/SalesEntries", entries(), "$filter=true", key=f"guid'{ENTRY}'"), 400)


def test_lines_behind_the_deferred_address():
    given = ask(
        "salesentry/SalesEntries",
        entries(70),
        "$select=ID,VATCode",
        key=f"guid'{ENTRY}'",
        collection="SalesEntryLines",
    )
    rows = given.body["d"]["results"]
    assert rows[0] == {
        "__metadata": {
            "uri": f"{SITE}/api/v1/500001/salesentry/SalesEntryLines(guid'{guid(69)}')",
            "type": "Exact.Web.Api.Models.SalesEntryLine",
        },
        "ID": guid(69),
        "VATCode": "21 ",
    }
    again = ask(
        "salesentry/SalesEntries",
        entries(70),
        following(given),
        key=f"guid'{ENTRY}'",
        collection="SalesEntryLines",
    )
    assert [row["ID"] for row in again.body["d"]["results"]] == [
        guid(one) for one in reversed(range(10))
    ]


def test_lines_expanded():
    given = ask(
        "salesentry/SalesEntries",
        entries(),
        key=f"guid'{ENTRY}'",
        query=("$select=EntryID,SalesEntryLines/AmountFC&$expand=SalesEntryLines"),
    )
    assert set(given.body["d"]) == {"__metadata", "EntryID", "SalesEntryLines"}
    rows = given.body["d"]["SalesEntryLines"]["results"]
    assert [set(row) for row in rows] == [{"__metadata", "AmountFC"}] * 2
    whole = ask("salesentry/SalesEntries", entries(), "$expand=SalesEntryLines&$top=1")
    assert whole.body["d"][0]["SalesEntryLines"]["results"][0]["LineNumber"] == 1
    many = ask("salesentry/SalesEntries", entries(61), "$expand=SalesEntryLines&$top=1")
    lines = many.body["d"][0]["SalesEntryLines"]
    assert len(lines["results"]) == 60
    assert lines["__next"].startswith(
        f"{SITE}/api/v1/500001/salesentry/SalesEntries(guid'{ENTRY}')/SalesEntryLines?"
    )


# Writing


def test_a_function():
    assert function_answer({"UserHasRights": True}).body == {"d": {"UserHasRights": True}}


NAMES = st.sampled_from(
    [
        "EntryID",
        "Journal",
        "Customer",
        "EntryDate",
        "Rate",
        "EntryNumber",
        "SalesEntryLines",
        "Reversal",
        "GLAccount",
        "AmountFC",
        "Foo",
        "Type",
    ]
)
THINGS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["2026-03-05", CUSTOMER, "/Date(5)/", "70", "1e9"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.dictionaries(NAMES, THINGS, max_size=6) | THINGS, st.sampled_from(["POST", "PUT"]))
def test_any_body_gets_an_answer(body, method):
    key = f"guid'{ENTRY}'" if method == "PUT" else None
    given = ask(
        "salesentry/SalesEntries", entries(), method=method, key=key, text=json.dumps(body).encode()
    )
    assert given.status in (201, 204, 400, 500)
    json.dumps(given.body).encode()


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "$select=ID",
                "$select=ID,Name",
                "$top=3",
                "$top=70",
                "$skip=5",
                "$orderby=Name desc",
                "$orderby=Email,Code",
                "$filter=Name eq 'n3'",
                "$filter=Email eq null",
                "$expand=BankAccounts",
                "$inlinecount=allpages",
                "$skiptoken=null",
                f"$skiptoken=guid'{guid(3)}'",
                f"$skiptoken='n3',guid'{guid(3)}'",
                f"$skiptoken=null,'5',guid'{guid(3)}'",
                "$x=1",
                "y=2",
            ]
        ),
        max_size=4,
    ).map("&".join)
    | st.text(max_size=20)
)
def test_any_query_gets_an_answer(query):
    class Accounts(Rows):
        def children(self, division, key, collection):
            return [{"ID": key}]

    for key in (None, f"guid'{guid(3)}'"):
        given = ask("crm/Accounts", Accounts(accounts(80).all), query, key=key)
        assert given.status in (200, 400)
        json.dumps(given.body).encode()
