"""Secrets travel encrypted, and stand in no log and no message."""

import re

import pytest
from odoo.addons.accountable_connect.api.errors import (
    ConfigurationMissingError,
    DataRefusedError,
    OutcomeUnknownError,
    TemporaryError,
)

from . import client_calls
from .client_calls import ACCOUNTS, ENTRIES, TOKEN, accounts, make_client, post
from .stand_ins import SECRET, SITE

client, service = client_calls.client, client_calls.service


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
    caplog.set_level("DEBUG", logger="odoo.addons")
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
