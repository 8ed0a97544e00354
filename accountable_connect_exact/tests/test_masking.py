"""What an answer repeats of our secrets is masked, however it is written there."""

import json
from html import escape
from urllib.parse import quote, quote_plus

import pytest
import responses
from odoo.addons.accountable_connect.api.errors import (
    AuthorisationLostError,
    OutcomeUnknownError,
    PackageError,
    TemporaryError,
)
from odoo.addons.accountable_connect_exact.api.client import ExactClient

from .stand_ins import NOON, SITE, Budget, Store, fresh_pair

ACCESS = "gAAAA!IAAA+b/c=&d"
CLIENT_SECRET = "sEcr'et\"+/é&="  # noqa: S105
ENTRIES = f"{SITE}/api/v1/500001/salesentry/SalesEntries"
GUID = "6d4f9cd0-0000-4000-8000-00000000000a"
WAYS = {
    "plain": str,
    "address": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "page": escape,
    "slashes": lambda text: text.replace("/", "\\/"),
    "json": lambda text: json.dumps(text)[1:-1],
    "careful json": lambda text: "".join(
        one if one.isalnum() and one.isascii() else f"\\u{ord(one):04X}" for one in text
    ),
}


@pytest.fixture
def client():
    client = ExactClient(
        site=SITE,
        client_id="app-1",
        client_secret=CLIENT_SECRET,
        redirect_uri="https://odoo.example/return",
        tokens=Store({**fresh_pair(), "access_token": ACCESS}),
        budget=Budget(),
        division="500001",
        now=lambda: NOON,
    )
    yield client
    client.close()


def told(error):
    return f"{error} {error.technical} {error.values}"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("secret", [ACCESS, CLIENT_SECRET])
@responses.activate
def test_page_that_repeats_a_secret(client, way, secret):
    written = WAYS[way](secret)
    responses.post(ENTRIES, status=201, body=f"<html>before {written} after</html>")
    with pytest.raises(OutcomeUnknownError) as caught:
        client.post("salesentry/SalesEntries", {})
    assert "before *** after" in told(caught.value)


@pytest.mark.parametrize("way", ["plain", "slashes", "json", "careful json"])
@responses.activate
def test_message_that_repeats_a_secret(client, way):
    written = WAYS[way](ACCESS)
    body = f'{{"error": {{"message": {{"value": "before {written} after"}}}}}}'
    responses.post(ENTRIES, status=400, body=body)
    with pytest.raises(PackageError) as caught:
        client.post("salesentry/SalesEntries", {})
    assert "before *** after" in told(caught.value)
    assert ACCESS not in told(caught.value)


@pytest.mark.parametrize("secret", [ACCESS, CLIENT_SECRET])
@responses.activate
def test_message_that_quotes_the_request(client, secret):
    """JSON in a text of JSON, and the header beside the body."""
    quoted = json.dumps({"Authorization": f"Bearer {secret}"})
    body = {"error": {"message": {"value": quoted}}}
    reason = {"Reason": f"InvalidToken {quote(secret)}"}
    responses.post(ENTRIES, status=403, json=body, headers=reason)
    with pytest.raises(PackageError) as caught:
        client.post("salesentry/SalesEntries", {})
    assert "Bearer ***" in told(caught.value)
    assert "InvalidToken ***" in told(caught.value)


@pytest.mark.parametrize("name", ["server_error", "temporarily_unavailable"])
@responses.activate
def test_trouble_of_the_server_loses_no_sign_in(client, name):
    """OAuth's own words for it: who signed in has nothing to do again."""
    responses.post(f"{SITE}/api/oauth2/token", status=400, json={"error": name})
    with pytest.raises(TemporaryError):
        client.sign_in_with_code("c/0=de")


@responses.activate
def test_code_that_is_repeated(client):
    description = "c/0=de and c%2F0%3Dde"
    body = {"error": "invalid_grant", "error_description": description}
    responses.post(f"{SITE}/api/oauth2/token", status=400, json=body)
    with pytest.raises(AuthorisationLostError) as caught:
        client.sign_in_with_code("c/0=de")
    assert "*** and ***" in told(caught.value)


# A page is no success


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize("status", [200, 201])
@responses.activate
def test_page_instead_of_nothing_is_no_success(client, method, status):
    """A maintenance page or a portal in between answers everything with 200: taken for done, an
    entry that still stands would count as removed, and be booked again."""
    responses.add(
        method,
        f"{ENTRIES}(guid'{GUID}')",
        status=status,
        body="<html>Maintenance</html>",
        content_type="text/html; charset=utf-8",
    )
    with pytest.raises(OutcomeUnknownError):
        if method == "PUT":
            client.put("salesentry/SalesEntries", GUID, {"YourRef": "x"})
        else:
            client.delete("salesentry/SalesEntries", GUID)


@responses.activate
def test_nothing_is_a_success_whatever_its_type(client):
    responses.delete(f"{ENTRIES}(guid'{GUID}')", status=204, content_type="text/html")
    client.delete("salesentry/SalesEntries", GUID)
