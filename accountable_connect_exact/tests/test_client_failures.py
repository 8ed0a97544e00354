"""The client alone where something breaks or is refused: what is repeated, what is held back."""

import socket
import threading
from datetime import datetime
from urllib.parse import urlsplit

import pytest
import requests
from odoo.addons.accountable_connect.api.errors import (
    AuthorisationLostError,
    ConfigurationMissingError,
    DataRefusedError,
    LimitReachedError,
    OutcomeUnknownError,
    TemporaryError,
)
from odoo.addons.accountable_connect.api.http import transport

from . import client_calls
from .client_calls import ACCOUNTS, ENTRIES, GUID, TOKEN, WRITES, accounts, make_client, post, sent
from .stand_ins import SITE

client, service = client_calls.client, client_calls.service


# What breaks


@pytest.mark.parametrize(
    "broken",
    [
        requests.exceptions.ReadTimeout("read"),
        requests.exceptions.ConnectionError("Connection aborted"),
        requests.exceptions.ChunkedEncodingError("half"),
        requests.exceptions.ContentDecodingError("gzip"),
    ],
)
@pytest.mark.parametrize("method", WRITES)
def test_no_answer(service, client, method, broken):
    call, address = WRITES[method]
    service.add(method, address, body=broken)
    service.get(ACCOUNTS, body=broken)
    with pytest.raises(OutcomeUnknownError) as caught:
        call(client)
    assert caught.value.code == "no_answer"
    assert len(sent(service, method)) == 1
    with pytest.raises(TemporaryError):
        accounts(client)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("method", WRITES)
def test_server_error_on_a_write(service, client, method, status):
    call, address = WRITES[method]
    service.add(method, address, status=status, body="<html>busy</html>")
    with pytest.raises(OutcomeUnknownError):
        call(client)
    assert len(sent(service, method)) == 1


@pytest.mark.parametrize("status", [301, 302, 307])
def test_redirect_is_not_followed(service, client, status):
    service.get(ACCOUNTS, status=status, headers={"Location": "https://evil.example/"})
    service.post(ENTRIES, status=status, headers={"Location": "https://evil.example/"})
    with pytest.raises(TemporaryError):
        accounts(client)
    with pytest.raises(OutcomeUnknownError):
        post(client)
    assert {urlsplit(request.url).hostname for request in sent(service)} == {"exact.example"}


def test_answer_that_is_too_large_is_not_read_whole(service, client):
    service.get(ACCOUNTS, body=b"x" * (33 * transport.MEGABYTE))
    with pytest.raises(TemporaryError) as caught:
        accounts(client)
    assert caught.value.code == "too_large"
    service.post(ENTRIES, status=201, body=b"x" * (5 * transport.MEGABYTE))
    with pytest.raises(OutcomeUnknownError) as caught:
        post(client)
    assert caught.value.code == "too_large"


def test_every_call_has_a_timeout(service, client, monkeypatch):
    seen = []
    original = requests.Session.send

    def send(session, request, **options):
        seen.append((options["timeout"], options["allow_redirects"]))
        return original(session, request, **options)

    monkeypatch.setattr(requests.Session, "send", send)
    service.get(ACCOUNTS, json={"d": []})
    service.post(TOKEN, json={"access_token": "a", "refresh_token": "r", "token_type": "bearer"})
    accounts(client)
    client.sign_in_with_code("code")
    assert seen == [(20.0, False)] * 2


# Tokens


def test_expired_token_is_renewed_once_and_the_write_repeated(service, client):
    client.clock.forward(560)
    service.post(ENTRIES, status=401, headers={"WWW-Authenticate": "access token expired"})
    service.post(ENTRIES, status=201, json={"d": {"EntryID": GUID}})
    service.post(TOKEN, json={"access_token": "a2", "refresh_token": "r2", "expires_in": "600"})
    assert post(client) == {"EntryID": GUID}
    authorisations = [request.headers.get("Authorization") for request in sent(service)]
    assert authorisations == ["Bearer access-1", None, "Bearer a2"]


def test_token_that_is_refused_again_ends_it(service, client):
    service.post(ENTRIES, status=401, headers={"WWW-Authenticate": "expired"})
    service.post(TOKEN, json={"access_token": "a2", "refresh_token": "r2", "expires_in": "600"})
    with pytest.raises(AuthorisationLostError) as caught:
        post(client)
    assert caught.value.code == "token_refused"
    assert len(sent(service)) == 3


def test_withdrawn_consent(service, client):
    service.post(ENTRIES, status=401)
    with pytest.raises(AuthorisationLostError):
        post(client)
    assert len(sent(service)) == 1


def test_no_call_without_a_token(service, client):
    client._chain._tokens.kept.clear()
    with pytest.raises(AuthorisationLostError) as caught:
        accounts(client)
    assert caught.value.code == "not_signed_in"
    assert not sent(service)
    assert not client._budget.calls


def test_signing_in(service, client):
    service.post(TOKEN, json={"access_token": "a2", "refresh_token": "r2", "expires_in": "600"})
    service.get(ACCOUNTS, json={"d": []})
    client.sign_in_with_code("c0de")
    accounts(client)
    assert sent(service)[1].headers["Authorization"] == "Bearer a2"
    assert client._budget.calls == ["POST oauth2/token", "GET crm/Accounts"]
    assert client.authorisation_address("s").startswith(f"{SITE}/api/oauth2/auth?client_id=app-1")


# Limits


def test_calls_are_counted_and_limits_kept(service, client):
    reset = str(int(datetime(2026, 3, 10, 11, 1).timestamp() * 1000))
    told = {"X-RateLimit-Minutely-Remaining": "0", "X-RateLimit-Minutely-Reset": reset}
    service.get(ACCOUNTS, json={"d": []}, headers=told)
    accounts(client)
    assert client._budget.calls == ["GET crm/Accounts"]
    with pytest.raises(LimitReachedError) as caught:
        post(client)
    assert caught.value.code == "minute_limit"
    assert len(sent(service)) == 1
    assert client._budget.calls == ["GET crm/Accounts"]


def test_429_did_nothing(service, client):
    service.post(ENTRIES, status=429, body="Too many requests")
    with pytest.raises(LimitReachedError) as caught:
        post(client)
    assert caught.value.not_before == datetime(2026, 3, 10, 11, 1)
    assert caught.value.request == "POST /api/v1/500001/salesentry/SalesEntries"
    with pytest.raises(LimitReachedError):
        post(client)
    assert len(sent(service)) == 1


def test_endpoint_that_refuses_too_often_rests(service, client):
    service.post(ENTRIES, status=400, json={"error": {"message": {"value": "no"}}})
    service.get(ACCOUNTS, json={"d": []})
    for _try in range(8):
        with pytest.raises(DataRefusedError):
            post(client)
    with pytest.raises(LimitReachedError) as caught:
        post(client)
    assert caught.value.code == "error_budget"
    assert len(sent(service)) == 8
    assert accounts(client) == []


# Over a socket


class Scripted:
    """A server that answers each request with the next of its bytes; None drops the connection."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.site = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while self.answers:
            try:
                connection, _address = self._socket.accept()
            except OSError:
                return
            with connection:
                received = b""
                while b"\r\n\r\n" not in received:
                    received += connection.recv(65536)
                self.requests.append(received.split(b" ")[0].decode())
                answer = self.answers.pop(0)
                if answer:
                    connection.sendall(answer)

    def close(self):
        self._socket.shutdown(socket.SHUT_RDWR)  # wakes who waits for a connection
        self._socket.close()
        self._thread.join(5)


def http(status, body=b"", length=None, extra=b""):
    size = len(body) if length is None else length
    return b"HTTP/1.1 %d X\r\nContent-Length: %d\r\nConnection: close\r\n%b\r\n%b" % (
        status, size, extra, body,
    )  # fmt: skip


@pytest.fixture
def scripted():
    made = []

    def make(*answers):
        server = Scripted(*answers)
        made.append(server)
        return server, make_client(server.site, timeout=5)

    yield make
    for server in made:
        server.close()


GOOD = http(200, b'{"d": [{"ID": "1"}]}')


@pytest.mark.parametrize("first", [None, http(502), http(503), http(504)])
def test_read_is_repeated_once(scripted, first):
    server, client = scripted(first, GOOD)
    assert accounts(client) == [{"ID": "1"}]
    assert server.requests == ["GET", "GET"]


@pytest.mark.parametrize("answer", [None, http(502), http(503, extra=b"Retry-After: 3600\r\n")])
def test_read_that_fails_twice(scripted, answer):
    server, client = scripted(answer, answer, GOOD)
    with pytest.raises(TemporaryError):
        accounts(client)
    assert server.requests == ["GET", "GET"]


@pytest.mark.parametrize("status", [400, 401, 404, 500])
def test_other_answers_to_a_read_are_not_repeated(scripted, status):
    server, client = scripted(http(status, b"x"), GOOD)
    with pytest.raises((TemporaryError, DataRefusedError, ConfigurationMissingError,
                        AuthorisationLostError)):  # fmt: skip
        accounts(client)
    assert server.requests == ["GET"]


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize("first", [None, http(502), http(503), http(504)])
def test_write_is_sent_once(scripted, method, first):
    server, client = scripted(first, http(201, b'{"d": {}}'))
    with pytest.raises(OutcomeUnknownError):
        WRITES[method][0](client)
    assert server.requests == [method]


def test_answer_that_breaks_off(scripted):
    half = http(201, b'{"d": {"EntryID"', length=1000)
    _server, client = scripted(half)
    with pytest.raises(OutcomeUnknownError):
        post(client)
    _server, client = scripted(half, half)
    with pytest.raises(TemporaryError):
        accounts(client)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_change_that_is_done_while_its_body_breaks_off(scripted, method):
    _server, client = scripted(http(200, b"half", length=1000))
    WRITES[method][0](client)


@pytest.mark.parametrize("method", [*WRITES, "GET"])
def test_nobody_listens(method):
    """Nothing was sent, so that even a write may be sent again."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    client = make_client(f"http://127.0.0.1:{port}", timeout=5)
    with pytest.raises(TemporaryError) as caught:
        WRITES[method][0](client) if method in WRITES else accounts(client)
    assert caught.value.code == "no_connection"
