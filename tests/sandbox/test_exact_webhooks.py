"""Subscriptions with their validation, notifications with their signature, retries."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import http.server
import json
import threading
import time

import pytest
from exact_client import CLIENT_ID, DIVISION, Client

from sandbox.exact.webhooks import signature

PATH = "webhooks/WebhookSubscriptions"
EXAMPLE = (
    b'{"Topic":"SalesEntries","ClientId":"11111111-2222-3333-4444-555555555555",'
    b'"Division":500001,"Action":"Update","Key":"aaaaaaaa-0000-4000-8000-000000000001",'
    b'"ExactOnlineEndpoint":"https://start.exactonline.be/api/v1/500001/salesentry/'
    b"SalesEntries(guid'aaaaaaaa-0000-4000-8000-000000000001')\","
    b'"EventCreatedOn":"2026-03-05T10:15:30.123"}'
)


class Receiver:
    """An address that notes what is posted to it; ``statuses`` are its next answers, then 200."""

    def __init__(self):
        self.bodies: list[bytes] = []
        self.statuses: list[int] = []
        self.arrived = threading.Condition()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                with receiver.arrived:  # noted before the sender can go on
                    receiver.bodies.append(body)
                    receiver.arrived.notify_all()
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_details):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/exact/webhook?id=7"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def wait(self, number: int) -> list[dict]:
        """The notifications once there are so many posts, the validation counted too."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.bodies) >= number, timeout=20)
        return [json.loads(body)["Content"] for body in self.bodies if body]


@pytest.fixture
def receiver():
    running = Receiver()
    yield running
    running.server.shutdown()
    running.server.server_close()


@pytest.fixture
def app(exact):
    return Client(exact)


def waiting(exact):
    return exact.exact.webhooks.deliveries()["waiting"]


def tried(exact, number):
    """The tries, once there are so many."""
    for _wait in range(2000):
        tries = exact.exact.webhooks.deliveries()["tries"]
        if len(tries) >= number:
            return tries
        time.sleep(0.01)
    raise AssertionError(exact.exact.webhooks.deliveries())


def test_the_signature_of_the_reference():
    assert signature(EXAMPLE, "webhook-secret") == (
        "2072BE45155CEEBD5E80DCA7F6C6DBA5744EABEF7447761CC1E0A46FFAC9CBB1"
    )


def test_a_new_subscription_is_validated_with_an_empty_post(app, receiver):
    row = app.post(PATH, {"CallbackURL": receiver.url, "Topic": "Accounts"})
    assert receiver.bodies == [b""]
    assert row["Topic"] == "Accounts" and row["Division"] == DIVISION
    assert app.get(PATH)[0]["ID"] == row["ID"]
    assert app.get(PATH, division=500002) == []


def test_a_subscription_reads_as_on_record(exact, app, receiver):
    exact.exact.identity.change_app(name="Boekhouding")
    exact.exact.clock.set(dt.datetime(2026, 3, 5, 10, 15, 30, 123_456, tzinfo=dt.UTC))
    app.tokens = app.exchange(app.browser.code()).json()
    row = app.post(PATH, {"CallbackURL": receiver.url, "Topic": "Accounts"})
    for read in (row, app.get(PATH)[0]):
        assert read["__metadata"]["type"] == "Exact.Web.Api.Models.Webhooks.WebhookSubscription"
        assert (read["ClientID"], read["Description"]) == (None, "Boekhouding")
        assert read["Created"] == "/Date(1772709330123)/"
    app.post("crm/Accounts", {"Name": "Klant"})
    assert receiver.wait(2)[0]["ClientId"] == CLIENT_ID


def test_the_address_may_be_tried_after_the_answer(exact, app, receiver):
    exact.exact.switches.set({"webhook_validation": "after"})
    values = {"CallbackURL": receiver.url, "Topic": "Accounts"}
    row = app.post(PATH, values)
    assert tried(exact, 1)[0]["status"] == 200 and receiver.bodies == [b""]
    assert [found["ID"] for found in app.get(PATH)] == [row["ID"]]
    receiver.statuses = [404]
    assert app.call("POST", PATH, json={**values, "Topic": "GLAccounts"}).status_code == 201
    tried(exact, 2)
    assert [found["ID"] for found in app.get(PATH)] == [row["ID"]]
    assert waiting(exact) == []  # it is not tried again


@pytest.mark.parametrize("status", [500, 302, 404])
def test_an_address_that_does_not_answer_well(app, receiver, status):
    receiver.statuses = [status]
    answer = app.call("POST", PATH, json={"CallbackURL": receiver.url, "Topic": "Accounts"})
    assert answer.status_code == 500
    assert answer.json()["error"]["message"]["value"] == (
        f"Invalid: Post to callback URL endpoint returns {status}"
    )
    assert app.get(PATH) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://odoo.example/webhook",
        "http://192.0.2.1/",
        "file:///x",
        "http://127.0.0.1:1/",
        "http://[broken",
        "no address",
    ],
)
def test_only_addresses_of_this_machine(app, url):
    answer = app.call("POST", PATH, json={"CallbackURL": url, "Topic": "Accounts"})
    assert answer.status_code == 500
    assert "Post to callback URL endpoint returns" in answer.json()["error"]["message"]["value"]


def test_the_callback_has_the_host_of_the_redirect_uri(exact, app, receiver):
    exact.exact.identity.change_app(redirect_uris=["https://odoo.localhost/exact/callback"])
    values = {"CallbackURL": receiver.url, "Topic": "Accounts"}
    assert app.call("POST", PATH, json=values).status_code == 500
    assert receiver.bodies == []
    exact.exact.switches.set({"webhook_same_host": False})
    assert app.call("POST", PATH, json=values).status_code == 201


def test_one_subscription_per_division_and_topic(exact, app, receiver):
    values = {"CallbackURL": receiver.url, "Topic": "Accounts"}
    first = app.post(PATH, values)
    exact.exact.identity.change_user("accountant", language="en-GB")
    answer = app.call("POST", PATH, json=values)
    assert answer.status_code == 500
    assert answer.json()["error"]["message"]["value"] == "Data already exists"
    assert app.call("POST", PATH, json={**values, "Topic": "GLAccounts"}).status_code == 201
    assert app.call("POST", PATH, json=values, division=500002).status_code == 201
    assert app.call("DELETE", f"{PATH}(guid'{first['ID']}')").status_code == 204
    assert app.call("POST", PATH, json=values).status_code == 201


def test_unknown_topic_and_missing_address(app, receiver):
    for values in ({"CallbackURL": receiver.url, "Topic": "Weather"}, {"Topic": "Accounts"}):
        assert app.call("POST", PATH, json=values).status_code == 500
    assert receiver.bodies == []


def test_changing_the_address_validates_the_new_one(app, receiver):
    row = app.post(PATH, {"CallbackURL": receiver.url, "Topic": "Accounts"})
    address = f"{PATH}(guid'{row['ID']}')"
    assert app.call("PUT", address, json={"CallbackURL": receiver.url + "8"}).status_code == 204
    assert receiver.bodies == [b"", b""]
    assert app.get(address)["CallbackURL"] == receiver.url + "8"
    receiver.statuses = [503]
    assert app.call("PUT", address, json={"CallbackURL": receiver.url}).status_code == 500
    assert app.get(address)["CallbackURL"] == receiver.url + "8"


def test_writes_are_notified_with_a_signature(exact, app, receiver):
    app.post(PATH, {"CallbackURL": receiver.url, "Topic": "Accounts"})
    key = app.post("crm/Accounts", {"Name": "Café Zoë", "Status": "C"})["ID"]
    address = f"crm/Accounts(guid'{key}')"
    assert app.call("PUT", address, json={"Name": "Zoë & Co"}).status_code == 204
    assert app.call("DELETE", address).status_code == 204
    contents = receiver.wait(4)
    assert [content["Action"] for content in contents] == ["Create", "Update", "Delete"]
    assert {content["Key"] for content in contents} == {key}
    first = contents[0]
    assert list(first) == [
        "Topic",
        "ClientId",
        "Division",
        "Action",
        "Key",
        "ExactOnlineEndpoint",
        "EventCreatedOn",
    ]
    assert first["ExactOnlineEndpoint"] == f"{exact.root}/api/v1/{DIVISION}/{address}"
    body = receiver.bodies[1]
    raw, _, code = body.partition(b',"HashCode":"')
    content = raw.removeprefix(b'{"Content":')
    expected = hmac.new(b"webhook-secret", content, hashlib.sha256).hexdigest().upper()
    assert code == expected.encode() + b'"}' and content in body


def test_refused_writes_and_readings_notify_nobody(exact, app, receiver):
    app.post(PATH, {"CallbackURL": receiver.url, "Topic": "Accounts"})
    assert app.call("POST", "crm/Accounts", json={"Status": "C"}).status_code == 500
    app.get("crm/Accounts")
    assert waiting(exact) == [] and exact.exact.webhooks.deliveries()["tries"] == []


def test_what_people_do_is_notified_too(exact, app, receiver):
    app.post(PATH, {"CallbackURL": receiver.url, "Topic": "Accounts"})
    key = app.post("crm/Accounts", {"Name": "Klant", "Status": "C"})["ID"]
    exact.act(DIVISION, "account", account=key, Name="Klant BV")
    assert [content["Action"] for content in receiver.wait(3)] == ["Create", "Update"]


def test_failed_notifications_are_repeated_by_the_sandbox_clock(exact, app, receiver):
    app.post(PATH, {"CallbackURL": receiver.url, "Topic": "Accounts"})
    exact.exact.clock.set(exact.exact.clock.now())
    receiver.statuses = [500, 503]
    app.post("crm/Accounts", {"Name": "Klant", "Status": "C"})
    assert tried(exact, 1)[0]["status"] == 500
    app.ordered("/clock", advance=119)
    assert len(waiting(exact)) == 1
    app.ordered("/clock", advance=2)
    assert tried(exact, 2)[1]["status"] == 503
    app.ordered("/clock", advance=241)
    assert tried(exact, 3)[2]["status"] == 200
    assert waiting(exact) == [] and len(receiver.bodies) == 4


def test_after_ten_retries_a_notification_is_given_up(exact, app, receiver):
    app.post(PATH, {"CallbackURL": receiver.url, "Topic": "Accounts"})
    exact.exact.clock.set(exact.exact.clock.now())
    receiver.statuses = [500] * 20
    app.post("crm/Accounts", {"Name": "Klant", "Status": "C"})
    for number in range(1, 12):
        tried(exact, number)
        app.ordered("/clock", advance=2**number * 60 + 1)
    assert waiting(exact) == [] and len(exact.exact.webhooks.deliveries()["tries"]) == 11
