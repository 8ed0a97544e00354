"""Order of the checks, rights, headers, addresses, functions and XML around the protocol."""

from __future__ import annotations

import datetime as dt
import re
from xml.etree import ElementTree

import pytest
import requests
from exact_client import DIVISION, TIMEOUT, Client

SCOPE = "Organization administration"
SIX = [
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-RateLimit-Minutely-Limit",
    "X-RateLimit-Minutely-Remaining",
    "X-RateLimit-Minutely-Reset",
]


@pytest.fixture
def app(exact):
    return Client(exact)


def text(answer):
    return answer.json()["error"]["message"]["value"]


# The user and the divisions -------------------------------------------------------------------


def test_me(exact, app):
    answer = app.call(
        "GET",
        "/api/v1/current/Me",
        **{
            "$select": "CurrentDivision,UserID,FullName,LanguageCode,ServerTime,"
            "ServerUtcOffset,Legislation"
        },
    )
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json;charset=utf-8"
    [row] = answer.json()["d"]["results"]
    assert row["CurrentDivision"] == DIVISION and row["FullName"] == "Els Vandersmissen"
    assert row["LanguageCode"] == "nl-BE" and isinstance(row["Legislation"], str)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", row["ServerTime"])
    assert row["ServerUtcOffset"] in (3600, 7200)
    assert "Email" not in row
    assert not set(SIX) & set(answer.headers)


def test_summer_time_of_the_server(exact, app):
    app.ordered("/clock", now="2027-07-01T10:00:00+00:00")
    [row] = Client(exact).get("/api/v1/current/Me")
    assert (row["ServerTime"], row["ServerUtcOffset"]) == ("2027-07-01T12:00:00", 7200)


def test_divisions(exact, app):
    rows = app.get("system/Divisions", division=1)  # the number in the address is not checked
    assert [row["Code"] for row in rows] == [500001, 500002, 600001]
    first = rows[0]
    assert first["Description"] == "Vandersmissen Bureaustoelen BV" and first["Country"] == "BE "
    assert isinstance(first["Hid"], str) and first["BlockingStatus"] == 0
    assert first["Current"] is True and rows[1]["Current"] is False
    assert first["__metadata"]["uri"].endswith("/system/Divisions(500001)")
    assert app.get("system/Divisions(500002)")["VATNumber"] == "BE0999999130"


def test_the_other_lists_of_divisions(exact):
    app = Client(exact, "bookkeeper")
    assert [row["Code"] for row in app.get("system/Divisions")] == [500001]
    assert [row["Code"] for row in app.get("system/AllDivisions")] == [500001, 500002]
    everything = Client(exact)
    assert [row["Code"] for row in everything.get("hrm/Divisions", division=600001)] == [600001]


def test_divisions_outside_user_and_consent(exact):
    app = Client(exact, "bookkeeper")
    answer = app.call("GET", "financial/Journals", division=500002)
    assert (answer.status_code, answer.headers["Reason"]) == (403, "NoDivisionAccess")
    assert app.call("GET", "financial/Journals", division=999999).status_code == 403
    app = Client(exact, division=["500001"])
    answer = app.call("GET", "financial/Journals", division=500002)
    assert answer.status_code == 403
    assert text(answer) == "Forbidden - User division is not within division scope"


@pytest.mark.parametrize("state", ["blocked", "inactive"])
def test_blocked_and_inactive_users(app, state):
    app.ordered("/users/accountant", **{state: True})
    for path in ("/api/v1/current/Me", "financial/Journals"):
        answer = app.call("GET", path)
        assert (answer.status_code, answer.headers["Reason"]) == (403, f"{state.capitalize()}User")


@pytest.mark.parametrize("reason", ["BlockedCustomer", "LicenseExpired"])
def test_licences(app, reason):
    app.ordered(f"/divisions/{DIVISION}", licence=reason)
    answer = app.call("GET", "financial/Journals")
    assert (answer.status_code, answer.headers["Reason"]) == (403, reason)
    app.ordered(f"/divisions/{DIVISION}", licence=None)
    assert app.call("GET", "financial/Journals").status_code == 200


def test_a_blocked_division(exact, app):
    exact.act(DIVISION, "block", status=1)
    answer = app.call("GET", "financial/Journals")
    assert (answer.status_code, answer.headers["Reason"]) == (403, "DivisionBlocked")
    assert app.get("system/Divisions")[0]["BlockingStatus"] == 1
    exact.act(DIVISION, "block", status=0)
    assert app.call("GET", "financial/Journals").status_code == 200


def test_scopes_of_the_app(app):
    app.ordered("/app", without_scopes=[SCOPE])
    answer = app.call("GET", "system/Divisions")
    assert answer.status_code == 403
    assert text(answer) == (
        "Forbidden - Application Scope Violated. Cannot read 'organization.administration' scope."
    )
    assert app.call("GET", "financial/Journals").status_code == 200
    assert app.call("GET", "/api/v1/current/Me").status_code == 200


def test_rights_of_the_user(exact, app):
    app.ordered("/users/accountant", rights={"salesentry/*": ["GET"], "financial/*": []})

    def has(endpoint, action):
        answer = app.call(
            "GET", "users/UserHasRights", endpoint=f"'{endpoint}'", action=f"'{action}'"
        )
        return answer.json()["d"]["UserHasRights"]

    assert has("salesentry/SalesEntries", "GET") is True
    assert has("salesentry/SalesEntries", "POST") is False
    assert has("crm/Accounts", "DELETE") is True
    assert app.call("POST", "salesentry/SalesEntries", json={}).status_code == 403
    assert app.call("GET", "financial/Journals").status_code == 403
    exact.exact.switches.set({"missing_rights": "empty"})
    assert app.get("financial/Journals") == []


# Order of the checks --------------------------------------------------------------------------


def test_the_token_comes_first(app):
    app.tokens["access_token"] = "none"
    for path in ("nothing/AtAll", "crm/Accounts?$filter=((", "/api/v1/x/y"):
        assert app.call("GET", path).status_code == 401
    assert app.call("GET", "crm/Accounts", division=999999).status_code == 401


def test_rights_before_quota_before_the_query(exact, app):
    exact.exact.switches.set({"rate_limits": True, "calls_per_minute": 1})
    exact.exact.clock.set(exact.exact.clock.now().replace(second=1))
    assert app.call("GET", "crm/Accounts", **{"$top": "1"}).status_code == 200
    assert app.call("GET", "crm/Accounts", **{"$filter": "(("}).status_code == 429
    assert app.call("GET", "crm/Accounts", division=999999).status_code == 403
    exact.exact.clock.advance(60)
    answer = app.call("GET", "crm/Accounts", **{"$filter": "(("})
    assert (answer.status_code, text(answer)) == (400, "Bad Request - Error in query syntax.")


def test_headers_of_the_quota(exact, app):
    answer = app.call("GET", "financial/Journals")
    values = [int(answer.headers[name]) for name in SIX]
    assert values[:2] == [5000, 4999] and values[3:5] == [60, 59]
    assert values[2] % 86_400_000 == 0 and values[5] % 60_000 == 0
    assert app.call("GET", "financial/Journals").headers[SIX[1]] == "4998"
    assert app.call("GET", "financial/Journals", division=500002).headers[SIX[1]] == "4999"
    assert (
        app.call("GET", "crm/Accounts(guid'00000000-0000-0000-0000-000000000000')").headers[SIX[1]]
        == "4997"
    )  # errors count and carry them too


def test_a_429_has_the_headers_of_its_limit_only(exact, app):
    exact.exact.clock.set(exact.exact.clock.now().replace(second=1))
    exact.exact.switches.set({"rate_limits": True, "calls_per_minute": 2})
    answers = [app.call("GET", "financial/Journals") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [name for name in SIX if name in answers[2].headers] == SIX[3:]
    assert answers[2].content == b"" and "Retry-After" not in answers[2].headers
    exact.exact.switches.set({"calls_per_day": 2})
    assert [name for name in SIX if name in app.call("GET", "financial/Journals").headers] == SIX[
        :3
    ]


def test_too_many_errors_block_the_endpoint(exact, app):
    exact.exact.switches.set({"error_velocity": True})
    address = "crm/Accounts(guid'00000000-0000-0000-0000-000000000000')"
    assert [app.call("GET", address).status_code for _ in range(12)] == [404] * 11 + [403]
    assert app.call("GET", "crm/Accounts").status_code == 403
    assert app.call("GET", "financial/Journals").status_code == 200
    exact.exact.clock.advance(3601)
    app.refresh()
    assert app.call("GET", "crm/Accounts").status_code == 200


# Addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/500001",
        "/api/v1/500001/",
        "/api/v1/500001/crm/Nothing",
        "/api/v2/500001/crm/Accounts",
        "/api/v1/500001/crm/Accounts(guid'00000000-0000-0000-0000-000000000000')/Nothing",
        "/api/v1/division/crm/Accounts",
        "/api/v1/500001/CRM/accounts",
    ],
)
def test_addresses_that_name_nothing(app, path):
    answer = app.call("GET", path)
    assert answer.status_code == 404 and "Resource not found" in text(answer)


def test_beta_addresses(app):
    assert app.call("GET", f"/api/v1/beta/{DIVISION}/financial/Journals").status_code == 200


def test_an_encoded_address(app):
    key = app.post("crm/Accounts", {"Name": "Klant"})["ID"]
    assert app.call("GET", f"crm/Accounts%28guid%27{key}%27%29").json()["d"]["Name"] == "Klant"


def test_methods_that_an_entity_does_not_have(app):
    assert app.call("DELETE", "financial/Journals").status_code == 405
    assert app.call("POST", "/api/v1/current/Me", json={}).status_code == 405


def test_a_body_must_be_json(app):
    answer = requests.post(
        f"{app.root}/api/v1/{DIVISION}/crm/Accounts",
        data={"Name": "Klant"},
        timeout=TIMEOUT,
        headers={
            "Authorization": f"Bearer {app.tokens['access_token']}",
            "Accept": "application/json",
        },
    )
    assert answer.status_code == 415


# Functions ------------------------------------------------------------------------------------


def test_sync_timestamp(exact, app):
    path = "read/sync/Sync/SyncTimestamp"
    app.post("crm/Accounts", {"Name": "Eerste"})
    exact.exact.clock.advance(7200)
    app.refresh()
    middle = exact.exact.clock.stamp()[:19].replace(" ", "T")
    exact.exact.clock.advance(60)
    app.post("crm/Accounts", {"Name": "Tweede"})
    answer = app.call("GET", path, modified=f"datetime'{middle}'", endPoint="'Accounts'")
    assert set(answer.json()["d"]) == {"TimeStampAsBigInt", "Modified", "API"}
    assert answer.json()["d"]["API"] == "Accounts"
    version = answer.json()["d"]["TimeStampAsBigInt"]
    assert isinstance(version, str)
    [before] = app.get(
        "sync/CRM/Accounts",
        **{"$filter": f"Timestamp gt {int(version) - 1}L", "$select": "Name,Modified"},
    )[:1]
    assert before["Name"] == "Eerste"
    assert answer.json()["d"]["Modified"] == before["Modified"]
    rows = app.get(
        "sync/CRM/Accounts", **{"$filter": f"Timestamp gt {version}L", "$select": "Name"}
    )
    assert [row["Name"] for row in rows] == ["Tweede"]
    for query in (
        {},
        {"modified": f"datetime'{middle}'", "endPoint": "'Nothing'"},
        {"modified": "datetime'yesterday'", "endPoint": "'Accounts'"},
    ):
        assert app.call("GET", path, **query).status_code == 400


# XML ------------------------------------------------------------------------------------------

ATOM = "{http://www.w3.org/2005/Atom}"
DATA = "{http://schemas.microsoft.com/ado/2007/08/dataservices}"
METADATA = "{http://schemas.microsoft.com/ado/2007/08/dataservices/metadata}"


@pytest.mark.parametrize("accept", ["*/*", "application/atom+xml", ""])
def test_answers_are_atom_unless_json_is_asked_for(app, accept):
    answer = app.call("GET", "financial/Journals", accept=accept)
    assert answer.headers["Content-Type"] == "application/atom+xml;charset=utf-8"
    feed = ElementTree.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    codes = [element.text for element in feed.iter(f"{DATA}Code")]
    assert "70" in codes
    assert any(element.get(f"{METADATA}null") == "true" for element in feed.iter())


def test_atom_has_the_milliseconds_without_zeros_behind(exact, app):
    exact.exact.clock.set(dt.datetime(2026, 6, 25, 14, 21, 4, 260_000, tzinfo=dt.UTC))
    app.tokens = app.exchange(app.browser.code()).json()
    app.post("crm/Accounts", {"Name": "Klant"})
    answer = app.call("GET", "crm/Accounts", accept="", _filter="Name eq 'Klant'")
    [entry] = ElementTree.fromstring(answer.text).iter(f"{DATA}Created")
    assert entry.text == "2026-06-25T16:21:04.26"


def test_atom_of_a_function(app):
    answer = app.call(
        "GET",
        "read/sync/Sync/SyncTimestamp",
        accept="*/*",
        modified="datetime'2026-01-01'",
        endPoint="'Accounts'",
    )
    found = ElementTree.fromstring(answer.content).iter()
    assert {
        one.tag.removeprefix(DATA): (one.text, one.get(f"{METADATA}type"))
        for one in found
        if one.tag.startswith(DATA)
    } == {
        "TimeStampAsBigInt": ("1", "Edm.Int64"),
        "API": ("Accounts", None),
        "Modified": ("2026-01-01T00:00:00", "Edm.DateTime"),
    }


def test_atom_of_one_row_and_of_an_error(app):
    key = app.post("crm/Accounts", {"Name": "A & <B>"})["ID"]
    entry = ElementTree.fromstring(
        app.call("GET", f"crm/Accounts(guid'{key}')", accept="*/*").content
    )
    assert entry.tag == f"{ATOM}entry" and entry.find(f".//{DATA}Name").text == "A & <B>"
    answer = app.call("GET", "crm/Accounts", accept="*/*", **{"$filter": "(("})
    assert answer.headers["Content-Type"] == "application/xml;charset=utf-8"
    error = ElementTree.fromstring(answer.content)
    assert error.find(f"{METADATA}message").text == "Bad Request - Error in query syntax."


def test_json_by_the_query(app):
    answer = app.call("GET", "financial/Journals", accept="*/*", **{"$format": "json"})
    assert answer.json()["d"]["results"]


# Faults of our own ----------------------------------------------------------------------------


def test_a_mistake_of_the_sandbox_answers_as_the_service_would(exact, app, monkeypatch, caplog):
    from sandbox.exact.resources import RESOURCES

    def broken(*_values):
        raise RuntimeError("broken")

    monkeypatch.setattr(type(RESOURCES["crm/Accounts"]), "create", broken)
    answer = app.call("POST", "crm/Accounts", json={"Name": "Klant"})
    assert answer.status_code == 500 and "A problem has occurred" in text(answer)
    assert "broken" in caplog.text


def test_a_refused_write_leaves_nothing(exact, app, monkeypatch):
    from sandbox.exact.resource import BusinessError
    from sandbox.exact.resources import RESOURCES

    create = type(RESOURCES["crm/Accounts"]).create

    def too_late(resource, division, values):
        create(resource, division, values)
        raise BusinessError("processed")

    monkeypatch.setattr(type(RESOURCES["crm/Accounts"]), "create", too_late)
    assert app.call("POST", "crm/Accounts", json={"Name": "Klant"}).status_code == 500
    assert [row["Name"] for row in app.get("crm/Accounts")] == ["Vandersmissen Bureaustoelen BV"]
