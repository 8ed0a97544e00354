"""The client alone, against prepared answers: what is repeated and kept, what an answer means."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import requests
import responses
from odoo.addons.accountable_connect.api.errors import (
    AuthorisationLostError,
    ConfigurationMissingError,
    DataRefusedError,
    LimitReachedError,
    NumberTakenError,
    OutcomeUnknownError,
    PackageError,
    PeriodClosedError,
    TemporaryError,
)
from odoo.addons.accountable_connect_octopus.api import operations
from odoo.addons.accountable_connect_octopus.api.refusals import (
    LONGEST_DETAIL,
    last_number_in,
    next_belgian_midnight,
)

from . import client_calls
from .client_calls import BASE, BOOKINGS, DOSSIER, NOON, insert, read, sent

service = client_calls.service
client = client_calls.client


# Three steps


def test_three_steps_with_their_headers(service, client):
    service.get(f"{DOSSIER}/vatcodes", json=[{"code": "21"}])
    assert read(client) == [{"code": "21"}]
    first, second, third = (call.request for call in service.calls)
    assert first.headers["softwareHouseUuid"] == "uuid"
    assert json.loads(first.body) == {"user": "U1", "password": "s3cret"}
    assert second.headers["Token"] == "sign-in"
    assert "dossierId=70123" in second.url and "localeId=2" in second.url
    assert third.headers["dossierToken"] == "dossier"


def test_tokens_are_kept_for_nine_minutes_and_a_half(service, client):
    service.get(f"{DOSSIER}/vatcodes", json=[])
    read(client)
    client.moment = NOON + timedelta(minutes=9, seconds=29)
    read(client)
    assert len(sent(service, "POST", f"{BASE}/dossiers")) == 1
    client.moment = NOON + timedelta(minutes=9, seconds=30)
    read(client)
    assert len(sent(service, "POST", f"{BASE}/dossiers")) == 2
    assert len(sent(service, "POST", f"{BASE}/authentication")) == 2


def test_token_store_is_asked_once_a_run(service, client):
    service.get(f"{DOSSIER}/vatcodes", json=[])
    read(client)
    client._tokens.kept.clear()
    read(client)
    assert len(sent(service, "POST", f"{BASE}/dossiers")) == 1


def test_token_that_another_worker_renewed_is_taken(service, client):
    service.get(f"{DOSSIER}/vatcodes", json=[])
    read(client)
    service.replace(responses.GET, f"{DOSSIER}/vatcodes", status=401, json={"errorCode": -2})
    service.get(f"{DOSSIER}/vatcodes", json=[])
    other = {**client._tokens.kept["dossier 70123"], "token": "newer"}
    client._tokens.kept["dossier 70123"] = other
    assert read(client) == []
    assert service.calls[-1].request.headers["dossierToken"] == "newer"
    assert len(sent(service, "POST", f"{BASE}/dossiers")) == 1


def test_token_of_another_user_or_address_is_not_used(service, client):
    service.get(f"{DOSSIER}/vatcodes", json=[])
    read(client)
    client.user = "U2"
    read(client)
    assert len(sent(service, "POST", f"{BASE}/authentication")) == 2


def test_token_of_another_dossier_is_not_used(service, client):
    service.get(f"{DOSSIER}/vatcodes", json=[])
    service.get(f"{BASE}/dossiers/70124/vatcodes", json=[])
    read(client)
    client.dossier = "70124"
    read(client)
    assert len(sent(service, "POST", f"{BASE}/dossiers")) == 2
    assert len(sent(service, "POST", f"{BASE}/authentication")) == 1


def test_expired_token_is_renewed_once_and_the_write_repeated(service, client):
    service.post(BOOKINGS, status=401, json={"errorCode": -2})
    service.post(BOOKINGS, status=201)
    insert(client)
    assert len(sent(service, "POST", BOOKINGS)) == 2
    assert len(sent(service, "POST", f"{BASE}/dossiers")) == 2


def test_sign_in_token_that_expired_too(service, client):
    service.replace(responses.POST, f"{BASE}/dossiers", status=401, json={"errorCode": -2})
    service.post(f"{BASE}/dossiers", json={"Dossiertoken": "dossier"})
    service.get(f"{DOSSIER}/vatcodes", json=[])
    assert read(client) == []
    assert len(sent(service, "POST", f"{BASE}/authentication")) == 2


def test_token_that_is_refused_again_ends_it(service, client):
    service.post(BOOKINGS, status=401, json={"errorCode": -79, "technicalInfo": "Empty access"})
    with pytest.raises(AuthorisationLostError):
        insert(client)
    assert len(sent(service, "POST", BOOKINGS)) == 2


def test_refused_password_is_sent_once(service, client):
    service.replace(
        responses.POST, f"{BASE}/authentication", status=401, json={"technicalInfo": "counter 1"}
    )
    for _try in range(3):
        with pytest.raises(AuthorisationLostError):
            read(client)
    assert len(sent(service, "POST", f"{BASE}/authentication")) == 1
    # a person may try it again
    with pytest.raises(AuthorisationLostError):
        client.test_sign_in()
    assert len(sent(service, "POST", f"{BASE}/authentication")) == 2
    assert "s3cret" not in json.dumps(client._tokens.kept)


def test_new_password_is_tried(service, client):
    service.replace(responses.POST, f"{BASE}/authentication", status=401, json={})
    with pytest.raises(AuthorisationLostError):
        read(client)
    service.replace(responses.POST, f"{BASE}/authentication", json={"token": "sign-in"})
    service.get(f"{DOSSIER}/vatcodes", json=[])
    client.password = "another"
    assert read(client) == []


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (403, -3, ConfigurationMissingError),
        (403, -5, ConfigurationMissingError),
        (403, None, ConfigurationMissingError),
        (404, None, ConfigurationMissingError),
        (503, None, TemporaryError),
    ],
)
def test_dossier_is_refused(service, client, status, code, error):
    body = {"errorCode": code} if code else {}
    service.replace(responses.POST, f"{BASE}/dossiers", status=status, json=body)
    with pytest.raises(error):
        read(client)


def test_without_dossier(service, client):
    client.dossier = None
    with pytest.raises(ConfigurationMissingError):
        read(client)
    assert not service.calls


# What an answer means


def test_404_is_nothing(service, client):
    service.get(f"{DOSSIER}/vatcodes", status=404, json={"technicalInfo": "nothing"})
    assert read(client) is None
    service.replace(responses.GET, f"{DOSSIER}/vatcodes", status=404, body="")
    assert read(client) is None


def test_404_page_is_not_nothing(service, client):
    """A wrong address must not look like an empty administration."""
    service.get(f"{DOSSIER}/vatcodes", status=404, body="<html>Not found</html>")
    with pytest.raises(TemporaryError):
        read(client)


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, -9, ConfigurationMissingError),
        (400, -10, ConfigurationMissingError),
        (403, -11, PeriodClosedError),
        (403, -12, TemporaryError),
        (403, None, TemporaryError),
        (400, -13, NumberTakenError),
        (400, -14, PeriodClosedError),
        (400, -15, PeriodClosedError),
        (400, -16, DataRefusedError),
        (400, -21, ConfigurationMissingError),
        (400, -22, ConfigurationMissingError),
        (400, -23, DataRefusedError),
        (400, -24, DataRefusedError),
        (400, -75, ConfigurationMissingError),
        (400, -12345, DataRefusedError),
        (400, None, DataRefusedError),
        (413, None, DataRefusedError),
        (500, None, OutcomeUnknownError),
        (500, -24, OutcomeUnknownError),
        (502, None, OutcomeUnknownError),
        (302, None, OutcomeUnknownError),
        (200, None, OutcomeUnknownError),
    ],
)
def test_error_of_an_insert(service, client, status, code, error):
    body = {"technicalInfo": "detail"} | ({"errorCode": code, "errorMessage": "w"} if code else {})
    service.post(BOOKINGS, status=status, json=body)
    with pytest.raises(error) as caught:
        insert(client)
    assert type(caught.value) is error
    assert len(sent(service, "POST", BOOKINGS)) == 1
    assert caught.value.request == "POST /dossiers/70123/buysellbookings"
    if code and status < 500:
        assert caught.value.code == str(code)
        assert caught.value.values["detail"] == "w"


@pytest.mark.parametrize(
    ("technical", "number"),
    [
        ("Dossier 1 Last Document = 6.  New Document = 1.", 6),
        ("Last Document  : 5", 5),
        ("Last Document = 0. New Document = 3.", 0),
        ("something else 7", None),
        ("", None),
    ],
)
def test_last_number_in_a_refusal(service, client, technical, number):
    service.post(BOOKINGS, status=400, json={"errorCode": -13, "technicalInfo": technical})
    with pytest.raises(NumberTakenError) as caught:
        insert(client)
    assert caught.value.last_number == number == last_number_in(technical)


def test_booked_whatever_the_body_says(service, client):
    service.post(BOOKINGS, status=201, body="<html>broken proxy</html>")
    assert insert(client) is None


@pytest.mark.parametrize("body", ["", "<html></html>", "{", "[1, 2]", '"text"', "null", '{"a": 1}'])
def test_list_that_is_none(service, client, body):
    service.get(f"{DOSSIER}/vatcodes", body=body)
    with pytest.raises(TemporaryError):
        read(client)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_server_error_on_a_read_is_temporary(service, client, status):
    service.get(f"{DOSSIER}/vatcodes", status=status, body="<html>busy</html>")
    with pytest.raises(TemporaryError):
        read(client)


def test_limit_reached_until_midnight_in_belgium(service, client):
    service.post(BOOKINGS, status=429, json={"technicalInfo": "Maximum reached"})
    with pytest.raises(LimitReachedError) as caught:
        insert(client)
    assert caught.value.not_before == datetime(2026, 3, 10, 23, 0)


def test_limit_reached_with_a_waiting_time(service, client):
    service.post(BOOKINGS, status=429, headers={"Retry-After": "90"})
    with pytest.raises(LimitReachedError) as caught:
        insert(client)
    assert caught.value.not_before == datetime(2026, 3, 10, 11, 1, 30)


@pytest.mark.parametrize(
    ("now", "midnight"),
    [
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), datetime(2026, 7, 1, 22, 0)),
        (datetime(2026, 7, 1, 22, 1, tzinfo=UTC), datetime(2026, 7, 2, 22, 0)),
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 3, 29, 22, 0)),
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), datetime(2026, 10, 25, 23, 0)),
    ],
)
def test_midnight_around_summer_time(now, midnight):
    assert next_belgian_midnight(now) == midnight


# What breaks


@pytest.mark.parametrize(
    "broken",
    [
        requests.exceptions.ReadTimeout("read"),
        requests.exceptions.ConnectionError("Connection aborted"),
        requests.exceptions.ChunkedEncodingError("half"),
        # of the answer: the request had arrived
        requests.exceptions.InvalidHeader("two lengths"),
    ],
)
def test_no_answer(service, client, broken):
    service.post(BOOKINGS, body=broken)
    service.get(f"{DOSSIER}/vatcodes", body=broken)
    with pytest.raises(OutcomeUnknownError):
        insert(client)
    with pytest.raises(TemporaryError):
        read(client)
    assert len(sent(service, "POST", BOOKINGS)) == 1


@pytest.mark.parametrize("address", ["octopus", "ftp://octopus.example", "http://", "https://[x"])
def test_senseless_address(client, address):
    client.site = address
    with pytest.raises(ConfigurationMissingError):
        read(client)


def test_answer_that_is_too_large_is_not_read_whole(service, client):
    service.get(f"{DOSSIER}/relations/modified", body=b"x" * (33 * 1024 * 1024))
    with pytest.raises(TemporaryError) as caught:
        client.call(operations.CHANGED_RELATIONS)
    assert caught.value.code == "too_large"


def test_every_call_has_a_timeout_and_follows_no_redirect(service, client, monkeypatch):
    seen = []
    original = requests.Session.send

    def send(session, request, **options):
        seen.append((options["timeout"], options["allow_redirects"]))
        return original(session, request, **options)

    monkeypatch.setattr(requests.Session, "send", send)
    service.get(f"{DOSSIER}/vatcodes", json=[])
    read(client)
    assert seen == [(20.0, False)] * 3


def test_calls_are_counted_before_they_are_made(service, client):
    def refuse(operation, limit):
        raise LimitReachedError("no more", not_before=datetime(2026, 3, 11))

    client._budget.spend = refuse
    with pytest.raises(LimitReachedError):
        read(client)
    assert not service.calls


def test_limits_of_the_vendor(service, client):
    service.get(f"{DOSSIER}/vatcodes", json=[])
    service.post(BOOKINGS, status=201)
    read(client)
    insert(client)
    assert client._budget.calls == [
        ("authenticateUser", None),
        ("connectDossier", 150),
        ("getVatCodes", 2),
        ("insertBuySellBooking", 400),
    ]


def test_nothing_secret_is_logged(service, client, caplog):
    caplog.set_level("DEBUG", logger="odoo.addons")
    caplog.set_level("DEBUG", logger="urllib3")
    service.post(BOOKINGS, status=400, json={"errorCode": -24, "technicalInfo": "no"})
    with pytest.raises(DataRefusedError):
        insert(client)
    assert "POST /v1/dossiers/70123/buysellbookings: 400" in caplog.text
    for secret in ("s3cret", "sign-in", "uuid"):
        assert secret not in caplog.text


@pytest.mark.parametrize("echo", ["s3cr&t", "s3cr&amp;t", "s3cr%26t", "s3cr\\u0026t"])
def test_answer_that_echoes_the_password_is_masked(service, client, echo):
    client.password = "s3cr&t"
    service.replace(responses.POST, f"{BASE}/authentication", body=f"<html>U1 {echo}</html>")
    with pytest.raises(TemporaryError) as caught:
        client.test_sign_in()
    assert "U1 ***" in caught.value.technical


# Numbers


def test_amount_with_too_many_digits_is_refused(service, client):
    with pytest.raises(DataRefusedError):
        client.call(operations.INSERT_BOOKING, body={"amount": Decimal("12345678901234567.89")})
    assert not sent(service, "POST", BOOKINGS)


# Control characters


@pytest.mark.parametrize("path", ["authentication", "dossiers"])
def test_token_with_odd_characters_is_refused_in_words(service, client, path):
    """A changed token is worth nothing, and the database takes no NUL."""
    answer = {"token": "to\0ken", "Dossiertoken": "to\0ken"}
    service.replace(responses.POST, f"{BASE}/{path}", json=answer)
    with pytest.raises(TemporaryError) as caught:
        read(client)
    assert caught.value.code == "token_unreadable"
    assert "to\0ken" not in json.dumps(client._tokens.kept)


@pytest.mark.parametrize("json_body", [True, False])
def test_refusal_with_control_characters_can_be_stored(service, client, json_body):
    body = {"errorCode": -24, "errorMessage": "no\0t", "technicalInfo": "\x01x"}
    content = json.dumps(body) if json_body else "<html>\0 no"
    service.post(BOOKINGS, status=400, body=content)
    with pytest.raises(PackageError) as caught:
        insert(client)
    error = caught.value
    assert "\0" not in f"{error} {error.technical} {error.values}"
    assert not json_body or error.values["detail"] == "not"


def test_endless_refusal_is_cut(service, client):
    """It is stored with the item and shown beside the field."""
    body = {"errorCode": -24, "errorMessage": "x" * 200000, "technicalInfo": "y" * 200000}
    service.post(BOOKINGS, status=400, json=body)
    with pytest.raises(PackageError) as caught:
        insert(client)
    error = caught.value
    assert len(error.values["detail"]) == LONGEST_DETAIL
    assert len(f"{error} {error.technical}") < 4 * LONGEST_DETAIL
