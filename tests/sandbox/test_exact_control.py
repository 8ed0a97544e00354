"""Faults on order, switches, clock, app and users over the control endpoint; the pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import requests
from exact_client import CLIENT_ID, DIVISION, TIMEOUT, Client

from sandbox.exact.switches import SWITCHES

ACCOUNTS = "crm/Accounts"


@pytest.fixture
def app(exact):
    return Client(exact)


def fault(app, pattern, kind, **more):
    app.ordered("/faults", pattern=pattern, kind=kind, **more)


def names(app):
    return [row["Name"] for row in app.get(ACCOUNTS)]


# Faults ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "made"), [("after", 1), ("before", 0)])
def test_dropped_answers(app, kind, made):
    fault(app, "POST crm/Accounts", kind)
    with pytest.raises(requests.ConnectionError):
        app.call("POST", ACCOUNTS, json={"Name": "Klant"})
    assert names(app).count("Klant") == made
    assert app.call("POST", ACCOUNTS, json={"Name": "Klant"}).status_code == 201


@pytest.mark.parametrize(
    ("kind", "status", "start"),
    [
        ("status", 503, b'{"error"'),
        ("html", 503, b"<!DOCTYPE html>"),
        ("garbage", 200, b'{"d"'),
        ("empty", 200, b""),
        ("huge", 200, b'["xxx'),
        ("too-many", 429, b""),
        ("business", 500, b'{"error"'),
    ],
)
def test_false_answers(app, kind, status, start):
    fault(app, "POST crm/*", kind)
    answer = app.call("POST", ACCOUNTS, json={"Name": "Klant"})
    assert answer.status_code == status and answer.content.startswith(start)
    assert not [name for name in answer.headers if name.startswith("X-RateLimit")]
    assert "Klant" not in names(app)


def test_a_false_answer_after_the_work(app):
    fault(app, "POST crm/Accounts", "status", status=502, work=True)
    assert app.call("POST", ACCOUNTS, json={"Name": "Klant"}).status_code == 502
    assert "Klant" in names(app)


def test_the_text_of_a_business_error(app):
    fault(app, "GET crm/Accounts", "business", text="Periode is afgesloten: [2025] - [12]")
    answer = app.call("GET", ACCOUNTS)
    assert answer.status_code == 500
    assert answer.json() == {
        "error": {
            "code": "",
            "message": {"lang": "", "value": "Periode is afgesloten: [2025] - [12]"},
        }
    }


def test_count_and_skip(app):
    fault(app, "GET crm/Accounts", "status", status=429, count=2, skip=1)
    assert [app.call("GET", ACCOUNTS).status_code for _ in range(4)] == [200, 429, 429, 200]
    assert app.control("GET", "/faults").json() == []


def test_the_pattern_names_the_resource_without_its_key(app):
    key = app.post(ACCOUNTS, {"Name": "Klant"})["ID"]
    fault(app, "PUT crm/Accounts", "status", status=500)
    fault(app, "GET crm/Accounts", "status", status=504)
    address = f"{ACCOUNTS}(guid'{key}')"
    assert app.call("PUT", address, json={"Name": "B"}).status_code == 500
    assert app.call("GET", address).status_code == 504
    assert app.call("GET", address).json()["d"]["Name"] == "Klant"


def test_slow_answers_and_clear(app, monkeypatch):
    waits = []
    monkeypatch.setattr("sandbox.kit.faults.time.sleep", waits.append)
    fault(app, "GET *", "delay", seconds=30)
    assert app.call("GET", ACCOUNTS).status_code == 200 and waits == [30.0]
    fault(app, "*", "status")
    assert app.control("DELETE", "/faults").json() == []
    assert app.call("GET", ACCOUNTS).status_code == 200


def test_the_token_endpoint_fails_on_order(app):
    app.ordered("/clock", advance=571)
    fault(app, "token", "status", status=502)
    assert app.refresh().status_code == 502
    fault(app, "token", "before")
    with pytest.raises(requests.ConnectionError):
        app.refresh()
    assert app.refresh().status_code == 200


# Control --------------------------------------------------------------------------------------


def test_index_and_state(app):
    index = app.control("GET", "/").json()
    assert "GET POST /sandbox/control/app" in index["routes"]
    assert {"entries", "terms", "books"} <= set(index["reads"])
    assert {"pay", "unmatch", "set-off", "process"} <= set(index["actions"])
    state = app.control("GET", "/state").json()
    assert state["app"]["client_id"] == CLIENT_ID and state["divisions"] == [500001, 500002, 600001]
    assert state["users"]["accountant"]["password"] == "***"
    assert state["consents"]["1"]["user"] == "accountant"


def test_calls_are_counted(exact, app):
    app.call("GET", ACCOUNTS)
    app.call("GET", ACCOUNTS, division=500002)
    calls = app.control("GET", "/calls").json()
    assert calls["total"] == {"GET crm/Accounts": 2, "token": 1} == exact.calls()
    assert calls["owners"][f"{CLIENT_ID} {DIVISION}"] == {"GET crm/Accounts": 1}
    assert app.control("DELETE", "/calls").json()["total"] == {}


def test_app_and_users(exact, app):
    assert app.ordered("/app", redirect_uris=["https://odoo.example/x"])["redirect_uris"] == [
        "https://odoo.example/x"
    ]
    assert app.ordered("/users/newcomer", divisions=[500002], password="p")["divisions"] == [500002]
    assert exact.exact.identity.log_in("newcomer", "p") is None
    assert app.control("GET", "/users/newcomer").json()["password"] == "***"


def test_reset(exact, app):
    app.post(ACCOUNTS, {"Name": "Klant"})
    app.ordered("/switches", rate_limits=True, calls_per_minute=3)
    app.ordered("/reset")
    assert exact.exact.switches["calls_per_minute"] == 60
    assert app.call("GET", ACCOUNTS).status_code == 401
    assert "Klant" not in names(Client(exact))


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/app", {"colour": "red"}),
        ("POST", "/users/x", {"colour": "red"}),
        ("GET", "/users/nobody", None),
        ("POST", "/switches", {"colour": 1}),
        ("POST", "/faults", {"pattern": "*", "kind": "odd"}),
        ("POST", "/faults", {"kind": "after"}),
        ("POST", "/clock", {"now": "soon"}),
        ("GET", "/divisions/1", None),
        ("POST", f"/divisions/{DIVISION}", {"licence": "Other"}),
        ("POST", f"/divisions/{DIVISION}", {"colour": 1}),
        ("GET", f"/divisions/{DIVISION}/weather", None),
        ("GET", "/divisions/1/books", None),
        ("POST", f"/divisions/{DIVISION}/dance", {}),
        ("POST", "/consents/revoke", {"colour": 1}),
        ("POST", f"/divisions/{DIVISION}/pay", {"colour": 1}),
    ],
)
def test_errors_of_the_caller(app, method, path, body):
    answer = app.control(method, path, body)
    assert answer.status_code == 400 and answer.json()["error"], answer.text


def test_unknown_routes(app):
    assert app.control("GET", "/nothing").status_code == 404
    assert app.control("GET", "/reset").status_code == 405


def test_every_read_of_an_empty_division(app):
    for what in app.control("GET", "/").json()["reads"]:
        assert app.control("GET", f"/divisions/600001/{what}").status_code == 200, what


# Pages ----------------------------------------------------------------------------------------


def page(app, path):
    answer = requests.get(app.root + path, timeout=TIMEOUT)
    return answer.status_code, answer.text


def test_pages_show_the_divisions(app):
    status, text = page(app, "/")
    assert status == 200 and 'href="/divisions/500001"' in text and "Atelier Lambert" in text


def test_pages_escape_everything(app):
    app.post(ACCOUNTS, {"Name": "<script>alert(1)</script>", "Status": "C"})
    status, text = page(app, f"/divisions/{DIVISION}/accounts")
    assert status == 200 and "<script>" not in text and "&lt;script&gt;" in text


@pytest.mark.parametrize(
    "tab",
    [
        "",
        "/entries",
        "/ledger",
        "/trial-balance",
        "/vat",
        "/open-items",
        "/terms",
        "/accounts",
        "/files",
    ],
)
def test_pages_of_empty_books(app, tab):
    status, text = page(app, f"/divisions/{DIVISION}{tab}")
    assert status == 200 and len(re.findall(r"class=here", text)) == 1


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/divisions/1", "/divisions/500001/weather", "/divisions/500001/files/none"],
)
def test_pages_that_do_not_exist(app, path):
    assert page(app, path)[0] == 404


def test_pages_take_no_post(app):
    assert requests.post(app.root + "/divisions/500001", timeout=TIMEOUT).status_code == 405


# Documentation --------------------------------------------------------------------------------


def test_the_readme_names_every_switch_and_action(app):
    text = (Path(__file__).resolve().parents[2] / "sandbox" / "README.md").read_text()
    for name, (default, meaning) in SWITCHES.items():
        assert f"| `{name}` | `{default}` | {meaning} |" in text, name
    for name in app.control("GET", "/").json()["actions"]:
        assert re.search(rf"^\| .*`{name}`", text, re.MULTILINE), name
