"""Writing over the protocol, rows in memory: bodies, what is mandatory, changes, refusals."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from exact_rows import (
    CUSTOMER,
    ENTRY,
    STREAM,
    Rows,
    ask,
    entries,
    guid,
    refused,
)

from sandbox.exact.entities import ENTITIES
from sandbox.exact.resource import BusinessError


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
