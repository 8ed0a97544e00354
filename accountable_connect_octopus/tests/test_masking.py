"""What an answer of Octopus repeats of our secrets is masked, and numbers have a measure."""

import base64
import json

import pytest
import responses
from odoo.addons.accountable_connect.api.errors import (
    DataRefusedError,
    LimitReachedError,
    NumberTakenError,
    PackageError,
    TemporaryError,
)

from . import client_calls
from .client_calls import BASE, BOOKINGS, insert, read

service = client_calls.service
client = client_calls.client


BASIC = base64.b64encode(b"U1:s3cr&tWord").decode()
ECHOES = {
    "sentence": "password s3cr&tWord",
    "quoted request": json.dumps({"user": "U1", "password": "s3cr&tWord"}),
    "form": "user=U1&password=s3cr%26tWord",
    "basic": f"Authorization: Basic {BASIC}",
    "tokens": "Token t0ken-of-user dossierToken t0ken-of-dossier",
    "software house": "softwareHouseUuid 5of7-h0use",
}


@pytest.mark.parametrize("echo", ECHOES)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 500])
@pytest.mark.parametrize("property_", ["errorMessage", "technicalInfo"])
def test_json_error_that_echoes_a_secret_is_masked(service, client, status, echo, property_):
    client.password, client.software_house = "s3cr&tWord", "5of7-h0use"
    service.replace(responses.POST, f"{BASE}/authentication", json={"token": "t0ken-of-user"})
    service.replace(responses.POST, f"{BASE}/dossiers", json={"Dossiertoken": "t0ken-of-dossier"})
    body = {"errorCode": -13, property_: f"no: {ECHOES[echo]} Last Document = 6."}
    service.post(BOOKINGS, status=status, json=body)
    with pytest.raises(PackageError) as caught:
        insert(client)
    error = caught.value
    told = f"{error} {error.technical} {error.values}"
    assert "***" in told
    for secret in ("s3cr", "t0ken", "h0use", BASIC):
        assert secret not in told
    if status == 400 and property_ == "technicalInfo":
        assert error.last_number == 6


@pytest.mark.parametrize("status", [400, 401, 500])
def test_refused_sign_in_that_echoes_the_password_is_masked(service, client, status):
    body = {"errorCode": -1, "errorMessage": "U1 s3cret", "technicalInfo": "user U1/s3cret"}
    service.replace(responses.POST, f"{BASE}/authentication", status=status, json=body)
    with pytest.raises(PackageError) as caught:
        client.test_sign_in()
    error = caught.value
    assert "U1 ***" in error.technical
    assert "s3cret" not in f"{error} {error.technical} {error.values}"


def test_secret_that_looks_like_a_code(service, client):
    """What decides what follows is read before anything is masked."""
    client.password = "13"
    body = {"errorCode": -13, "errorMessage": "no", "technicalInfo": "Last Document = 13."}
    service.post(BOOKINGS, status=400, json=body)
    with pytest.raises(NumberTakenError) as caught:
        insert(client)
    assert caught.value.last_number == 13
    assert "13." not in caught.value.technical


def test_token_in_an_answer_that_is_cut_off_is_not_quoted(service, client):
    service.replace(responses.POST, f"{BASE}/authentication", body='{"token":"t0ken')
    with pytest.raises(TemporaryError) as caught:
        client.test_sign_in()
    assert "t0ken" not in f"{caught.value} {caught.value.technical}"


# Numbers


@pytest.mark.parametrize("code", ["9" * 5000, [1], {"a": 1}, True, 1.5, "x", 10**50])
def test_code_that_is_none(service, client, code):
    service.post(BOOKINGS, status=400, json={"errorCode": code, "errorMessage": "no"})
    with pytest.raises(DataRefusedError) as caught:
        insert(client)
    assert caught.value.values["detail"] == "no"


@pytest.mark.parametrize("number", ["9" * 5000, "²"])
def test_numbers_out_of_all_proportion(service, client, number):
    said = {"errorCode": -13, "technicalInfo": f"Last Document = {number}."}
    service.post(BOOKINGS, status=400, json=said)
    with pytest.raises(NumberTakenError) as caught:
        insert(client)
    assert caught.value.last_number is None
    service.get(f"{BASE}/dossiers/70123/vatcodes", status=429, headers={"Retry-After": number})
    with pytest.raises(LimitReachedError):
        read(client)
