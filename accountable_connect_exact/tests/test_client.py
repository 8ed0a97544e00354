"""The client alone, against prepared answers: what is asked, repeated and kept."""

import json
import re
import socket
import threading
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses
from odoo.addons.accountable_connect.api.errors import (
    AuthorisationLostError,
    ConfigurationMissingError,
    DataRefusedError,
    LimitReachedError,
    OutcomeUnknownError,
    TemporaryError,
)
from odoo.addons.accountable_connect_exact.api import transport
from odoo.addons.accountable_connect_exact.api.client import ExactClient, is_safe_site

from .stand_ins import SECRET, SITE, Budget, Clock, Store, fresh_pair

API = f"{SITE}/api/v1"
ACCOUNTS = f"{API}/500001/crm/Accounts"
ENTRIES = f"{API}/500001/salesentry/SalesEntries"
TOKEN = f"{SITE}/api/oauth2/token"
GUID = "6d4f9cd0-0000-4000-8000-00000000000a"
KEYED = f"{ENTRIES}(guid'{GUID}')"


@pytest.fixture
def service():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as service:
        yield service


@pytest.fixture
def client():
    client = make_client(SITE)
    yield client
    client.close()


def make_client(site, **options):
    clock = Clock()
    client = ExactClient(
        site=site,
        client_id="app-1",
        client_secret=SECRET,
        redirect_uri="https://odoo.example/return",
        tokens=Store(fresh_pair()),
        budget=Budget(),
        now=clock,
        **{"division": "500001", **options},
    )
    client.clock = clock
    return client


def accounts(client, **options):
    return list(client.get_list("crm/Accounts", select="ID", **options))


def post(client):
    return client.post("salesentry/SalesEntries", {"Journal": "70"}, values={"journal": "70"})


def put(client):
    return client.put("salesentry/SalesEntries", GUID, {"YourRef": "x"})


def delete(client):
    return client.delete("salesentry/SalesEntries", GUID)


WRITES = {"POST": (post, ENTRIES), "PUT": (put, KEYED), "DELETE": (delete, KEYED)}


def sent(service, method=None):
    return [
        call.request for call in service.calls if method in (None, call.request.method)
    ]


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


def test_one_row(service, client):
    row = {"__metadata": {}, "ID": GUID, "Country": "BE "}
    service.get(f"{ACCOUNTS}(guid'{GUID}')", json={"d": row})
    found = client.get_one("crm/Accounts", GUID.upper(), select="ID,Country")
    assert found == {"ID": GUID, "Country": "BE"}


def test_one_row_that_is_not_there(service, client):
    address = f"{ACCOUNTS}(guid'{GUID}')"
    error = {"error": {"code": "", "message": {"lang": "", "value": "Not found"}}}
    service.get(address, status=404, json=error)
    assert client.get_one("crm/Accounts", GUID, select="ID") is None
    service.replace(responses.GET, address, status=404, body="")
    assert client.get_one("crm/Accounts", GUID, select="ID") is None
    service.replace(responses.GET, address, status=404, body="<html>gateway</html>")
    with pytest.raises(TemporaryError):
        client.get_one("crm/Accounts", GUID, select="ID")


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


# Secrets


@pytest.mark.parametrize(
    ("site", "safe"),
    [
        (SITE, True),
        ("https://start.exactonline.co.uk", True),
        ("http://127.0.0.1:8080", True),
        ("http://localhost:1", True),
        ("http://[::1]:8080", True),
        ("http://exact.example", False),
        ("http://127.0.0.1.evil.example", False),
        ("http://192.168.1.5:8080", False),
        ("https://user:x@exact.example", False),
        ("https://exact.example/?a", False),
        ("ftp://exact.example", False),
        ("exact.example", False),
        ("https://[x", False),
        ("https://x:y", False),
        ("", False),
    ],
)
def test_secrets_travel_encrypted_or_not_at_all(service, site, safe):
    client = make_client(site)
    assert is_safe_site(site) is safe
    if not safe:
        for call in (
            lambda: accounts(client),
            lambda: post(client),
            lambda: client.sign_in_with_code("c0de"),
            lambda: client.authorisation_address("s"),
        ):
            with pytest.raises(ConfigurationMissingError) as caught:
                call()
            assert caught.value.code == "address"


def test_nothing_secret_is_logged(service, client, caplog):
    caplog.set_level("DEBUG")
    # Odoo sets a level of its own where it runs the tests.
    caplog.set_level("DEBUG", logger="odoo.addons.accountable_connect_exact")
    client.clock.forward(580)
    service.post(TOKEN, json={"access_token": "a-2", "refresh_token": "r-2", "expires_in": "600"})
    service.get(ACCOUNTS, json={"d": []})
    client.sign_in_with_code("c0de")
    accounts(client, filter="VATNumber eq 'BE0403170701'")
    assert "GET /api/v1/500001/crm/Accounts: 200" in caplog.text
    assert "POST /api/oauth2/token: 200" in caplog.text
    ours = "\n".join(
        record.getMessage() for record in caplog.records if record.name.startswith("odoo")
    )
    for secret in (SECRET, "a-2", "r-2", "refresh-1", "access-1", "c0de", "BE0403170701"):
        assert secret not in ours
    for secret in (SECRET, "a-2", "r-2", "refresh-1", "access-1", "c0de"):
        assert secret not in caplog.text


@pytest.mark.parametrize("status", [200, 201, 400, 403, 500, 502])
def test_answer_that_echoes_a_secret_is_masked(service, client, status):
    echo = f"access-1 refresh-1 {SECRET} told"
    service.post(ENTRIES, status=status, body=echo)
    service.get(ACCOUNTS, status=status, json={"error": {"message": {"value": echo}}})
    for call in (accounts, post):
        with pytest.raises((DataRefusedError, TemporaryError, OutcomeUnknownError,
                            ConfigurationMissingError)) as caught:  # fmt: skip
            call(client)
        told = f"{caught.value} {caught.value.technical} {caught.value.values}"
        assert "*** *** *** told" in told
        assert not re.search(f"access-1|refresh-1|{SECRET}", told)


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
