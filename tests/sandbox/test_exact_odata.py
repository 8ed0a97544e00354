"""Requests and answers of the protocol, over rows in memory."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.exact.entities import ENTITIES
from sandbox.exact.odata import Call, answer, function_answer
from sandbox.exact.resource import BusinessError, Missing, Resource

SITE = "http://127.0.0.1:8091"
SELECT = "Please add a $select or a $top=1 statement to the query string."
STREAM = "Error processing request stream. "
ENTRY = "5e000000-0000-4000-8000-000000000042"
CUSTOMER = "3c3c1b0e-0000-4000-8000-000000000001"


def guid(number):
    return f"{number:08x}-0000-4000-8000-000000000000"


class Rows(Resource):
    """Rows in memory; what was asked and written stays to be looked at."""

    def __init__(self, rows=(), lines=(), key="ID", error=None):
        self.all, self.lines, self.key, self.error = list(rows), list(lines), key, error
        self.hints, self.written, self.read = None, [], 0

    def rows(self, division, hints):
        self.hints = hints
        for row in self.all:
            if hints.after is None or row["Timestamp"] > hints.after:
                self.read += 1
                yield row

    def get(self, division, key):
        for row in self.all:
            if row[self.key] == key:
                return row
        raise Missing

    def create(self, division, values):
        if self.error:
            raise self.error
        self.written.append(values)
        return {self.key: ENTRY, **values}

    def update(self, division, key, values):
        self.get(division, key)
        self.written.append((key, values))

    def delete(self, division, key):
        self.get(division, key)
        if self.error:
            raise self.error
        self.written.append(key)

    def children(self, division, key, collection):
        return [row for row in self.lines if row["EntryID"] == key]


def ask(name, resource, query="", method="GET", key=None, body=None, **more):
    text = b"" if body is None else json.dumps(body, default=float).encode()
    return answer(
        Call(
            SITE,
            ENTITIES[name],
            method,
            500001,
            key=key,
            query=query,
            body=more.pop("text", text),
            **more,
        ),
        resource,
    )


def refused(given, status):
    assert given.status == status, given
    assert given.body["error"]["code"] == "" and given.body["error"]["message"]["lang"] == ""
    assert given.key is None
    return given.body["error"]["message"]["value"]


def following(given):
    return given.body["d"]["__next"].partition("?")[2]


def accounts(number):
    return Rows(
        {
            "ID": guid(one),
            "Code": str(one),
            "Name": f"n{one % 7}",
            "Modified": dt.datetime(2026, 3, 1 + one % 5, 10, 30),
        }
        for one in range(number)
    )


# Lists


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


def entries(lines=2):
    row = {
        "EntryID": ENTRY,
        "AmountDC": Decimal("1263.00"),
        "EntryDate": dt.date(2026, 3, 5),
        "Journal": "70",
    }
    return Rows(
        [row],
        [
            {
                "ID": guid(one),
                "EntryID": ENTRY,
                "LineNumber": one,
                "AmountFC": Decimal("0.50"),
                "VATCode": "21",
            }
            for one in reversed(range(lines))
        ],
        key="EntryID",
    )


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


def sales_entry(**more):
    return {
        "Journal": "70",
        "Customer": CUSTOMER,
        "EntryDate": "2026-03-05",
        "YourRef": "INV/1",
        "SalesEntryLines": [{"GLAccount": CUSTOMER.upper(), "AmountFC": 1000.5, "VATCode": "21"}],
        **more,
    }


def test_a_post_with_lines():
    resource = Rows(key="EntryID")
    given = ask("salesentry/SalesEntries", resource, method="POST", body=sales_entry())
    assert given.status == 201
    assert given.key == ENTRY
    assert given.headers["Location"] == given.body["d"]["__metadata"]["uri"]
    assert given.body["d"]["YourRef"] == "INV/1"
    assert "__deferred" in given.body["d"]["SalesEntryLines"]
    assert resource.written == [
        {
            "Journal": "70",
            "Customer": CUSTOMER,
            "EntryDate": dt.date(2026, 3, 5),
            "YourRef": "INV/1",
            "SalesEntryLines": [
                {"GLAccount": CUSTOMER, "AmountFC": Decimal("1000.5"), "VATCode": "21"}
            ],
        }
    ]


def test_read_only_properties_are_ignored():
    resource = Rows(key="EntryID")
    body = sales_entry(Type=21, EntryID=guid(5), AmountDC="no number", Status=None, __metadata={})
    body["SalesEntryLines"][0].update(AmountDC=5, LineNumber=3)
    assert ask("salesentry/SalesEntries", resource, method="POST", body=body).status == 201
    assert set(resource.written[0]) == set(sales_entry())
    assert set(resource.written[0]["SalesEntryLines"][0]) == {"GLAccount", "AmountFC", "VATCode"}


def test_an_amount_may_lack():
    resource = Rows(key="EntryID")
    line = {"GLAccount": CUSTOMER, "AmountDC": 100}
    given = ask(
        "salesentry/SalesEntries", resource, method="POST", body=sales_entry(SalesEntryLines=[line])
    )
    assert given.status == 201
    assert resource.written[0]["SalesEntryLines"] == [{"GLAccount": CUSTOMER}]


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (
            {"Foo": 1},
            f"{STREAM}The property name 'Foo' specified for type "
            "'Exact.Web.Api.Models.SalesEntry' is not valid.",
        ),
        (
            {"SalesEntryLines": [{"Foo": 1}]},
            f"{STREAM}The property name 'Foo' specified for type "
            "'Exact.Web.Api.Models.SalesEntryLine' is not valid.",
        ),
        (
            {"SalesEntryLines": {"results": []}},
            f"{STREAM}The request should be a valid top-level resource object.",
        ),
        (
            {"SalesEntryLines": [1]},
            f"{STREAM}The request should be a valid top-level resource object.",
        ),
        (
            {"Customer": "70"},
            f"{STREAM}Error encountered in converting the value from request payload "
            "for property 'Customer' to type 'Guid', which is the property's "
            "expected type. See inner exception for more detail.",
        ),
    ],
)
def test_a_body_of_the_wrong_form(changes, text):
    resource = Rows(key="EntryID")
    given = ask("salesentry/SalesEntries", resource, method="POST", body=sales_entry(**changes))
    assert refused(given, 400) == text
    assert not resource.written


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"Customer": None}, "Verplicht: Klant"),
        ({"Journal": ""}, "Verplicht: Dagboek"),
        ({"SalesEntryLines": []}, "Verplicht: Regels"),
        ({"SalesEntryLines": [{"AmountFC": 1}]}, "Verplicht: Grootboekrekening"),
        ({"Customer": None, "Journal": None}, "Verplicht: Klant\r\nVerplicht: Dagboek"),
    ],
)
def test_what_is_mandatory_and_missing(changes, text):
    given = ask(
        "salesentry/SalesEntries", Rows(key="EntryID"), method="POST", body=sales_entry(**changes)
    )
    assert refused(given, 500) == text


def test_a_line_alone_names_its_entry():
    line = {"GLAccount": CUSTOMER, "AmountFC": 1}
    alone = ask("salesentry/SalesEntryLines", Rows(), method="POST", body=line, language="en-GB")
    assert refused(alone, 500) == "Mandatory: Entry"
    assert (
        ask(
            "salesentry/SalesEntryLines", Rows(), method="POST", body={**line, "EntryID": ENTRY}
        ).status
        == 201
    )


def test_one_name_of_a_contact_is_enough():
    for name in ("FirstName", "LastName"):
        given = ask("crm/Contacts", Rows(), method="POST", body={"Account": CUSTOMER, name: "x"})
        assert given.status == 201
    none = ask("crm/Contacts", Rows(), method="POST", body={"Account": CUSTOMER})
    assert refused(none, 500) == "Verplicht: Achternaam"


def test_a_thin_answer_for_relations():
    body = {"Name": "Bakkerij Peeters BV", "Status": "C"}
    thin = ask("crm/Accounts", Rows(), method="POST", body=body)
    assert (thin.status, thin.body["d"]["ID"], thin.body["d"]["Name"]) == (201, ENTRY, None)
    assert thin.body["d"]["__metadata"]["uri"].endswith(f"crm/Accounts(guid'{ENTRY}')")
    assert set(thin.body["d"]) == {"__metadata", *ENTITIES["crm/Accounts"].properties}
    whole = ask("crm/Accounts", Rows(), method="POST", body=body, prefer="return=representation")
    assert whole.body["d"]["Name"] == body["Name"]
    assert whole.headers["Preference-Applied"] == "return=representation"
    off = ask("crm/Accounts", Rows(), method="POST", body=body, switches={"thin_answers": False})
    assert off.body["d"]["Name"] == body["Name"]


def test_a_file_goes_in_and_does_not_come_back():
    resource = Rows()
    given = ask(
        "documents/DocumentAttachments",
        resource,
        method="POST",
        body={"Document": CUSTOMER, "FileName": "a.pdf", "Attachment": "QQ=="},
    )
    assert resource.written[0]["Attachment"] == b"A"
    assert given.body["d"]["Attachment"] is None
    given = ask(
        "documents/DocumentAttachments",
        resource,
        method="POST",
        body={"Document": CUSTOMER, "FileName": "a.pdf", "Attachment": "%"},
    )
    assert refused(given, 400).startswith(
        f"{STREAM}Error encountered in converting the value from request payload for property "
        "'Attachment' to type 'Byte[]'"
    )


def test_a_put_changes_what_was_sent():
    resource = entries()
    given = ask(
        "salesentry/SalesEntries",
        resource,
        method="PUT",
        key=f"guid'{ENTRY}'",
        body={
            "Description": None,
            "AmountDC": 5,
            "DueDate": "2026-04-04T10:00",
            "SalesEntryLines": {"__deferred": {}},
        },
    )
    assert (given.status, given.body, given.key) == (204, None, ENTRY)
    assert resource.written == [
        (ENTRY, {"Description": None, "DueDate": dt.datetime(2026, 4, 4, 10)})
    ]


def test_a_put_carries_no_lines_and_clears_nothing_mandatory():
    resource = entries()
    for body, status, text in [
        (sales_entry(), 400, f"{STREAM}Binding to new entities "),
        ({"Customer": None}, 500, "Verplicht: Klant"),
        ({"Foo": 1}, 400, STREAM),
    ]:
        given = ask(
            "salesentry/SalesEntries", resource, method="PUT", key=f"guid'{ENTRY}'", body=body
        )
        assert refused(given, status).startswith(text)
    refused(
        ask(
            "salesentry/SalesEntries",
            resource,
            method="PUT",
            key=f"guid'{guid(1)}'",
            body={"Description": "x"},
        ),
        404,
    )
    assert not resource.written


def test_a_delete():
    resource = entries()
    given = ask("salesentry/SalesEntries", resource, method="DELETE", key=f"guid'{ENTRY}'")
    assert (given.status, given.body, given.key, resource.written) == (204, None, ENTRY, [ENTRY])
    refused(ask("salesentry/SalesEntries", resource, method="DELETE", key=f"guid'{guid(1)}'"), 404)


def test_a_rule_of_the_books_is_told_in_the_user_s_language():
    error = BusinessError("period_closed", "2025", "12")
    resource = Rows(key="EntryID", error=error)
    for language, text in [
        ("nl-BE", "Periode is afgesloten: [2025] - [12]"),
        ("fr", "La période est clôturée : [2025] - [12]"),
        ("it", "Period is closed: [2025] - [12]"),
    ]:
        given = ask(
            "salesentry/SalesEntries",
            resource,
            method="POST",
            body=sales_entry(),
            language=language,
        )
        assert refused(given, 500) == text


@pytest.mark.parametrize(
    ("name", "method", "key", "allowed"),
    [
        ("vat/VatPercentages", "POST", None, "GET"),
        ("crm/Accounts", "PUT", None, "GET, POST"),
        ("crm/Accounts", "POST", f"guid'{ENTRY}'", "GET, PUT, DELETE"),
        ("cashflow/PaymentConditions", "DELETE", f"guid'{ENTRY}'", "GET"),
        ("crm/Accounts", "PATCH", f"guid'{ENTRY}'", "GET, PUT, DELETE"),
    ],
)
def test_a_method_that_an_entity_does_not_have(name, method, key, allowed):
    given = ask(name, Rows(), method=method, key=key, body={})
    refused(given, 405)
    assert given.headers["Allow"] == allowed


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
