"""Notifications: what is signed, and asking for them."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.accountable_connect.api.errors import (
    DataRefusedError,
    DuplicateError,
    MayArriveError,
    OutcomeUnknownError,
)
from odoo.addons.accountable_connect_exact.api import webhook
from odoo.addons.accountable_connect_exact.const import TOPICS

from .webhook_example import CONTENT, HASH, SECRET, notification

ADDRESS = "https://odoo.example/hook"


def signed(content, secret=SECRET):
    return hmac.new(secret.encode(), content.encode(), hashlib.sha256).hexdigest().upper()


def test_documented_example():
    assert webhook.is_signed(notification(), SECRET)
    assert webhook.administration_of(notification()) == "500001"


def test_hash_in_small_letters():
    assert webhook.is_signed(notification(code=HASH.lower()), SECRET)


@pytest.mark.parametrize("secret", ["", "webhook-secret ", "other"])
def test_other_secret(secret):
    assert not webhook.is_signed(notification(), secret)


def test_empty_secret_signs_nothing():
    assert not webhook.is_signed(notification(code=signed(CONTENT, "")), "")


@pytest.mark.parametrize(
    "changed",
    [
        CONTENT.replace("500001", "500002"),
        CONTENT.replace(":500001", ": 500001"),
        CONTENT.replace("Update", "Delete"),
        CONTENT.replace('"Topic"', '"\\u0054opic"'),
    ],
)
def test_changed_content(changed):
    """Also a change that means the same."""
    assert changed != CONTENT
    assert not webhook.is_signed(notification(changed), SECRET)


@pytest.mark.parametrize(
    "content",
    [
        '{ "Topic" : "Accounts" ,\r\n\t"Division" : 1 }',
        '{"Topic":"A}\\"{","Division":1,"Nested":{"a":[{"b":"}"}]}}',
        '{"Topic":"Caf\\u00e9 é 🌞","Division":1,"Number":1.50}',
    ],
)
@pytest.mark.parametrize("form", ['{{"Content":{0},"HashCode":"{1}"}}',
                                  ' {{ "HashCode" : "{1}",\n "Content" :  {0} \n}}\n'])  # fmt: skip
def test_raw_bytes_are_signed(content, form):
    assert webhook.is_signed(form.format(content, signed(content)).encode(), SECRET)


@pytest.mark.parametrize(
    "senseless",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"Content":{}}',
        b'{"HashCode":"A"}',
        b'{"Content":{},"HashCode":5}',
        b'{"Content":"text","HashCode":"A"}',
        b'{"Content":{},"HashCode":"\\ud800"}',
        b'{"Content":{},"HashCode":"A"} x',
        b'{"Content":{},"HashCode":"A",}',
        b'{"Content":{},"Content":{},"HashCode":"A"}',
        b'{"Content":' + b'{"a":' * 20_000,
        b'{"Content":{},"HashCode":"' + b"A" * 70_000 + b'"}',
        notification()[:-1],
    ],
)
def test_senseless_body(senseless):
    assert not webhook.is_signed(senseless, SECRET)
    assert webhook.administration_of(senseless) == ""


def test_content_that_comes_twice_is_refused():
    """One is signed, the other read: neither counts."""
    for first, second in ((CONTENT, '{"Division":1}'), ('{"Division":1}', CONTENT)):
        double = f'{{"Content":{first},"Content":{second},"HashCode":"{HASH}"}}'
        assert not webhook.is_signed(double.encode(), SECRET)
        assert not webhook.administration_of(double.encode())


@pytest.mark.parametrize("division", ['"500001"', "true", "null", "5.5", "[1]"])
def test_division_that_is_no_number(division):
    assert (
        webhook.administration_of(notification(f'{{"Topic":"Accounts","Division":{division}}}'))
        == ""
    )


@given(st.binary())
def test_any_body_is_survived(content):
    assert not webhook.is_signed(content, SECRET)


@given(st.dictionaries(st.text(), st.integers() | st.text()), st.text(min_size=1))
def test_whatever_is_signed_is_recognised(values, secret):
    content = json.dumps(values)
    secret = secret.encode(errors="replace").decode()
    assert webhook.is_signed(notification(content, signed(content, secret)), secret)
    assert not webhook.is_signed(notification(content, signed(content, secret + "x")), secret)


# Asking for them


class Exact:
    """What of a client is needed here."""

    def __init__(self, *rows):
        self.rows = [dict(row, ID=f"id-{number}") for number, row in enumerate(rows)]
        self.refused = None
        self.known = {}
        self.moment = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)

    def now(self):
        return self.moment

    def recall(self, name):
        return self.known.get(name, {})

    def remember(self, name, values):
        self.known[name] = values

    def get_list(self, entity, *, select):
        assert entity == "webhooks/WebhookSubscriptions"
        return iter([{name: row[name] for name in select.split(",")} for row in self.rows])

    def post(self, entity, body, *, values=None):
        if self.refused:
            self.refused()
        if any(row["Topic"] == body["Topic"] for row in self.rows):
            raise DuplicateError("Data already exists", code="exists")
        self.rows.append(dict(body, ID=f"id-{len(self.rows)}"))

    def delete(self, entity, key):
        if not any(row["ID"] == key for row in self.rows):
            raise DataRefusedError("gone", code="not_found")
        self.rows = [row for row in self.rows if row["ID"] != key]

    @property
    def told(self):
        return {(row["Topic"], row["CallbackURL"]) for row in self.rows}


def test_subscribing_twice_changes_nothing():
    exact = Exact()
    webhook.subscribe(exact, ADDRESS)
    assert exact.told == {(topic, ADDRESS) for topic in TOPICS}
    before = list(exact.rows)
    webhook.subscribe(exact, ADDRESS)
    assert exact.rows == before


def test_topic_that_is_told_elsewhere():
    exact = Exact({"Topic": TOPICS[0], "CallbackURL": "https://other.example"})
    with pytest.raises(DuplicateError):
        webhook.subscribe(exact, ADDRESS)


def test_somebody_subscribed_at_the_same_moment():
    exact = Exact()

    def at_once():
        if not exact.rows:
            exact.rows.append({"ID": "id-x", "Topic": TOPICS[0], "CallbackURL": ADDRESS})

    exact.refused = at_once
    webhook.subscribe(exact, ADDRESS)
    assert exact.told == {(topic, ADDRESS) for topic in TOPICS}


def test_unsubscribing_leaves_those_of_others():
    exact = Exact({"Topic": "Items", "CallbackURL": "https://other.example"})
    webhook.subscribe(exact, ADDRESS)
    webhook.unsubscribe(exact, ADDRESS)
    assert exact.told == {("Items", "https://other.example")}


def test_subscription_without_an_answer_is_not_asked_for_a_second_time():
    """It may arrive later; so nobody subscribes again, nor believes that it is ended."""
    exact = Exact()

    def lose():
        raise OutcomeUnknownError("no answer")

    exact.refused = lose
    with pytest.raises(OutcomeUnknownError):
        webhook.subscribe(exact, ADDRESS)
    exact.refused = None
    for ask in (webhook.subscribe, webhook.unsubscribe, webhook.subscribe):
        with pytest.raises(MayArriveError) as caught:
            ask(exact, ADDRESS)
        assert caught.value.not_before == datetime(2026, 3, 10, 11, 10)
        exact.moment += timedelta(minutes=2)
    assert exact.rows == []
    exact.moment += timedelta(minutes=4)
    webhook.subscribe(exact, ADDRESS)
    assert exact.told == {(topic, ADDRESS) for topic in TOPICS}
    webhook.unsubscribe(exact, ADDRESS)
    assert exact.told == set()
