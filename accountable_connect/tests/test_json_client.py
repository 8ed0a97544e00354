"""The client packages share, in a made-up one: what is counted, sent, quoted and followed."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import responses
from odoo.addons.accountable_connect.api.errors import (
    DataRefusedError,
    LimitReachedError,
    OutcomeUnknownError,
    TemporaryError,
)
from odoo.addons.accountable_connect.api.http import json_client
from odoo.addons.accountable_connect.api.http.json_client import Call, JsonClient
from odoo.addons.accountable_connect.api.http.payloads import from_json
from odoo.addons.accountable_connect.api.http.session_tokens import RefusedPassword, SessionTokens
from requests.exceptions import ReadTimeout

from .memory_stores import MemoryTokens

SITE = "https://ledger.example"
LIST = f"{SITE}/api/entries"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


class Budget:
    def __init__(self):
        self.calls = []

    def spend(self, operation, limit):
        self.calls.append((operation, limit))
        if limit is not None and len(self.calls) > limit:
            raise LimitReachedError("used up", not_before=NOON.replace(tzinfo=None))


class LedgerClient(JsonClient):
    """A made-up package: lists in pages, one write."""

    package = "Ledger"
    root = "/api/"

    def entries(self):
        def read(page):
            answer = from_json(self._send(page, {}).content)
            return answer["rows"], answer.get("next")

        return self._pages(self.call("GET", LIST), read)

    def book(self, body):
        return self._send(self.call("POST", LIST, body=self._written("book", body)), {})

    def call(self, method, address, **options):
        writes = method != "GET"
        name = "book" if writes else "entries"
        request = f"{method} {address}"
        return Call(
            name=name, method=method, address=address, request=request, writes=writes, **options
        )

    def _masked(self, content, sent=()):
        return super()._masked(content, ["s3cret-word", *sent])


@pytest.fixture
def service():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as service:
        yield service


@pytest.fixture
def client():
    client = LedgerClient(f"{SITE}/", budget=Budget(), now=lambda: NOON)
    yield client
    client.close()


def test_pages(service, client):
    service.get(LIST, json={"rows": [{"id": 1}], "next": "/api/entries/2"})
    service.get(f"{LIST}/2", json={"rows": [{"id": 2}]})
    assert [row["id"] for row in client.entries()] == [1, 2]
    assert client._budget.calls == [("entries", None)] * 2


def test_page_is_read_when_it_is_needed(service, client):
    service.get(LIST, json={"rows": [{"id": 1}], "next": "/api/entries/2"})
    assert next(client.entries()) == {"id": 1}
    assert len(service.calls) == 1


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/api/entries/2",
        "http://ledger.example/api/entries/2",
        "https://ledger.example:444/api/entries/2",
        "/entries/2",
        "/api/../entries/2",
        7,
        LIST,
    ],
)
def test_page_elsewhere_or_the_same(service, client, link):
    service.get(LIST, json={"rows": [], "next": link})
    with pytest.raises(TemporaryError) as caught:
        list(client.entries())
    assert caught.value.code == "no_json"
    assert len(service.calls) == 1


def test_pages_without_an_end(service, client, monkeypatch):
    monkeypatch.setattr(json_client, "MOST_PAGES", 3)
    for number in range(5):
        address = f"{LIST}/{number}" if number else LIST
        service.get(address, json={"rows": [], "next": f"/api/entries/{number + 1}"})
    with pytest.raises(TemporaryError):
        list(client.entries())
    assert len(service.calls) == 3


def test_write_is_sent_once(service, client):
    service.post(LIST, body=ReadTimeout())
    with pytest.raises(OutcomeUnknownError) as caught:
        client.book({"total": Decimal("12.10")})
    assert caught.value.request == f"POST {LIST}"
    assert [call.request.body for call in service.calls] == [b'{"total": 12.1}']


def test_read_is_repeated(service, client):
    service.get(LIST, body=ReadTimeout())
    service.get(LIST, json={"rows": []})
    assert list(client.entries()) == []
    assert client._budget.calls == [("entries", None)]


def test_amount_that_json_does_not_keep(client):
    with pytest.raises(DataRefusedError) as caught:
        client.book({"total": Decimal("1234567890123456789.01")})
    assert caught.value.code == "number"
    assert not client._budget.calls


def test_limit_of_the_day(service, client):
    service.get(LIST, json={})
    call = client.call("GET", LIST, per_day=1)
    client._send(call, {})
    with pytest.raises(LimitReachedError):
        client._send(call, {})
    assert len(service.calls) == 1


def test_what_is_quoted_of_an_answer(client):
    content = b"<p>s3cret-word of tok-123456</p>" + b"x" * 5000
    error = client._unusable(client.call("POST", LIST), "a page", content, sent=["tok-123456"])
    assert isinstance(error, OutcomeUnknownError)
    assert error.technical.startswith("a page <p>*** of ***</p>xx")
    assert len(error.technical) < 2100


# Tokens of a session


def sessions(store, moment, user="u"):
    return SessionTokens(store, lambda: {"user": user}, timedelta(minutes=9), lambda: moment)


def test_session_token_is_kept_until_it_ends():
    store, asked = MemoryTokens(), []

    def ask(of):
        asked.append(of)
        return of.keep("main", f"t{len(asked)}", NOON)

    first = sessions(store, NOON)
    assert first.get("main", lambda: ask(first)) == "t1"
    # another worker, a while later
    second = sessions(store, NOON + timedelta(minutes=8, seconds=59))
    assert second.get("main", lambda: ask(second)) == "t1"
    third = sessions(store, NOON + timedelta(minutes=9))
    assert third.valid("main") is None
    assert third.get("main", lambda: ask(third)) == "t2"
    assert store.locked == ["main", "main"]
    assert third.known() == ["t2"]


def test_session_token_that_was_refused_or_is_anothers():
    store = MemoryTokens()
    sessions(store, NOON).keep("main", "t1", NOON)
    assert sessions(store, NOON).valid("main") == "t1"
    assert sessions(store, NOON).valid("main", refused="t1") is None
    assert sessions(store, NOON, user="v").valid("main") is None


def test_refused_password():
    store = MemoryTokens()
    password = RefusedPassword(store, "s3cret", (SITE, "u"))
    assert not password.is_known()
    password.remember()
    assert password.is_known()
    assert "s3cret" not in str(store.kept)
    assert not RefusedPassword(store, "another", (SITE, "u")).is_known()
    assert not RefusedPassword(store, "s3cret", (SITE, "v")).is_known()
    password.forget()
    assert not password.is_known()
