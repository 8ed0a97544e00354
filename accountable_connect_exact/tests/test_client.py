"""The client alone, against prepared answers: what is asked, and what is made of the answers."""

import json
from datetime import date
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
import responses
from odoo.addons.accountable_connect.api.errors import (
    ConfigurationMissingError,
    DataRefusedError,
    OutcomeUnknownError,
    TemporaryError,
)

from . import client_calls
from .client_calls import (
    ACCOUNTS,
    API,
    ENTRIES,
    GUID,
    KEYED,
    WRITES,
    accounts,
    delete,
    post,
    put,
    sent,
)

client, service = client_calls.client, client_calls.service


# Reading


def test_list(service, client):
    service.get(ACCOUNTS, json={"d": {"results": [{"ID": "a", "Code": "     11"}]}})
    rows = client.get_list(
        "crm/Accounts",
        select="ID,Code",
        filter="trim(Code) eq '11' and Name eq 'O''Hara & Söhne'",
        order_by="Modified asc",
        top=5,
    )
    assert list(rows) == [{"ID": "a", "Code": "11"}]
    (request,) = sent(service)
    assert request.headers["Authorization"] == "Bearer access-1"
    assert request.headers["Accept"] == "application/json"
    assert "Prefer" not in request.headers
    assert parse_qs(urlsplit(request.url).query) == {
        "$select": ["ID,Code"],
        "$filter": ["trim(Code) eq '11' and Name eq 'O''Hara & Söhne'"],
        "$orderby": ["Modified asc"],
        "$top": ["5"],
    }


def test_next_pages_are_followed_as_written(service, client):
    second = f"{ACCOUNTS}?$select=ID&$skiptoken=datetime'2018-09-21T04%3A18%3A55.617',guid'a%20b'"
    service.get(
        ACCOUNTS,
        json={"d": {"results": [{"ID": "1"}], "__next": second}},
        match=[responses.matchers.query_param_matcher({"$select": "ID"})],
    )
    service.get(second, json={"d": {"results": [{"ID": "2"}]}})
    assert accounts(client) == [{"ID": "1"}, {"ID": "2"}]
    assert sent(service)[1].url == second


def test_bare_array(service, client):
    service.get(ACCOUNTS, json={"d": [{"ID": "1"}, {"ID": "2"}]})
    assert accounts(client, top=2) == [{"ID": "1"}, {"ID": "2"}]


def test_top_is_kept_where_the_service_ignores_it(service, client):
    rows = [{"ID": str(number)} for number in range(60)]
    service.get(ACCOUNTS, json={"d": {"results": rows, "__next": ACCOUNTS + "?$skiptoken=1"}})
    assert len(accounts(client, top=10)) == 10
    assert len(sent(service)) == 1


def test_pages_are_fetched_when_needed(service, client):
    service.get(ACCOUNTS, json={"d": {"results": [{"ID": "1"}], "__next": ACCOUNTS + "?p=2"}})
    rows = client.get_list("crm/Accounts", select="ID")
    assert not sent(service)
    next(rows)
    assert len(sent(service)) == 1


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/api/v1/500001/crm/Accounts?$skiptoken=1",
        "http://exact.example/api/v1/500001/crm/Accounts",
        "https://exact.example:444/api/v1/500001/crm/Accounts",
        "https://exact.example@evil.example/api/v1/",
        "https://user@exact.example/api/v1/500001/crm/Accounts",
        "https://exact.example.evil.example/api/v1/500001/crm/Accounts",
        "//evil.example/api/v1/500001/crm/Accounts",
        "https://exact.example/docs/page",
        "https://[x/api/v1/",
        "https://exact.example\\@evil.example/api/v1/x",
        "https://evil.example\\@exact.example/api/v1/x",
        "\\\\evil.example/api/v1/x",
        "https://exact.example/api/v1/../oauth2/token",
        "https://exact.example/api/v1/%2e%2e/x",
        "https://exact.example/api/v1/x\r\nX: y",
        "https://exact.example:x/api/v1/",
        5,
        {},
    ],
)
def test_next_page_elsewhere_is_not_fetched(service, client, elsewhere):
    """The token goes with the call."""
    service.get(ACCOUNTS, json={"d": {"results": [], "__next": elsewhere}})
    with pytest.raises(TemporaryError) as caught:
        accounts(client)
    assert caught.value.code == "no_json"
    assert len(sent(service)) == 1


def test_page_that_leads_to_itself(service, client):
    address = ACCOUNTS + "?$skiptoken=1"
    service.get(ACCOUNTS, json={"d": {"results": [], "__next": address}})
    with pytest.raises(TemporaryError):
        accounts(client)
    assert len(sent(service)) == 2


def test_me(service, client):
    service.get(
        f"{API}/current/Me", json={"d": {"results": [{"UserID": GUID, "CurrentDivision": 5}]}}
    )
    client.division = ""
    assert client.get_me() == {"UserID": GUID, "CurrentDivision": 5}


@pytest.mark.parametrize("rows", [[], [{}, {}]])
def test_not_one_user(service, client, rows):
    service.get(f"{API}/current/Me", json={"d": {"results": rows}})
    with pytest.raises(TemporaryError):
        client.get_me()


def test_other_division(service, client):
    service.get(f"{API}/600001/system/Divisions", json={"d": {"results": [{"Code": 500001}]}})
    found = client.get_list("system/Divisions", select="Code", division="600001")
    assert list(found) == [{"Code": 500001}]


@pytest.mark.parametrize("division", ["", "abc", "1/../2", "²"])
def test_no_division(service, client, division):
    client.division = division
    with pytest.raises(ConfigurationMissingError) as caught:
        client.get_list("crm/Accounts", select="ID")
    assert caught.value.code == "no_division"


@pytest.mark.parametrize(
    "content",
    ["", "<html></html>", "{", "[]", "null", "{}", '{"d": 5}', '{"d": {"results": {}}}',
     '{"d": [5]}', '{"d": {}}', '{"d": {"results": [null]}}', "[" * 100_000, '{"d": NaN}'],
)  # fmt: skip
def test_list_of_another_form(service, client, content):
    service.get(ACCOUNTS, body=content)
    with pytest.raises(TemporaryError) as caught:
        accounts(client)
    assert caught.value.code == "no_json"


def test_numbers_keep_their_digits(service, client):
    service.get(ACCOUNTS, body='{"d": [{"AmountFC": 1234567.10, "Rate": 0.21}]}')
    assert accounts(client) == [{"AmountFC": Decimal("1234567.10"), "Rate": Decimal("0.21")}]


# Writing


def test_post(service, client):
    answer = {
        "EntryID": GUID,
        "AmountFC": 1263.5,
        "Lines": {"__deferred": {"uri": "u"}},
        "SalesEntryLines": {"results": [{"VATCode": "21 "}]},
    }
    service.post(ENTRIES, status=201, json={"d": answer})
    found = client.post(
        "salesentry/SalesEntries",
        {"EntryDate": date(2026, 3, 5), "SalesEntryLines": [{"AmountFC": Decimal("-10.10")}]},
    )
    assert found == {
        "EntryID": GUID,
        "AmountFC": Decimal("1263.5"),
        "SalesEntryLines": [{"VATCode": "21"}],
    }
    (request,) = sent(service)
    assert request.headers["Prefer"] == "return=representation"
    assert request.headers["Content-Type"] == "application/json"
    assert json.loads(request.body) == {
        "EntryDate": "2026-03-05",
        "SalesEntryLines": [{"AmountFC": -10.1}],
    }


def test_post_that_is_answered_with_200(service, client):
    service.post(ENTRIES, status=200, json={"d": {"EntryID": GUID}})
    assert post(client) == {"EntryID": GUID}


@pytest.mark.parametrize(
    "content", ["", "<html></html>", "{", "[]", '{"d": []}', '{"d": [{}, {}]}', '{"d": null}']
)
@pytest.mark.parametrize("status", [200, 201, 204])
def test_post_without_its_row(service, client, status, content):
    """Something was booked, and nothing says what."""
    service.post(ENTRIES, status=status, body=content)
    with pytest.raises(OutcomeUnknownError):
        post(client)
    assert len(sent(service)) == 1


def test_put_and_delete(service, client):
    service.put(KEYED, status=204)
    service.delete(KEYED, status=204)
    assert put(client) is None
    assert delete(client) is None
    assert json.loads(sent(service)[0].body) == {"YourRef": "x"}
    assert sent(service)[1].body is None


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_done_whatever_the_body_says(service, client, method):
    service.add(method, KEYED, status=200, body="<html>broken proxy</html>")
    WRITES[method][0](client)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_row_to_change_is_gone(service, client, method):
    service.add(method, KEYED, status=404, json={"error": {"message": {"value": "no"}}})
    with pytest.raises(DataRefusedError) as caught:
        WRITES[method][0](client)
    assert caught.value.code == "not_found"


def test_amount_with_too_many_digits_is_not_sent(service, client):
    with pytest.raises(DataRefusedError) as caught:
        client.post("salesentry/SalesEntries", {"AmountFC": Decimal("12345678901234567.89")})
    assert caught.value.code == "number"
    assert not sent(service)


def test_refusal_names_its_record(service, client):
    text = "Ongeldige referentie: Btw-code"
    service.post(ENTRIES, status=500, json={"error": {"message": {"value": text}}})
    with pytest.raises(ConfigurationMissingError) as caught:
        post(client)
    error = caught.value
    assert error.code == "vat_code_unknown"
    assert error.values == {"journal": "70", "detail": text}
    assert error.request == "POST /api/v1/500001/salesentry/SalesEntries"
    assert len(sent(service)) == 1
