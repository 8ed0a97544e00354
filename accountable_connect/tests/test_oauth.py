"""The chain of tokens with vendors who differ: rotation, proof of the app, PKCE, what ends it."""

import hashlib
import json
from base64 import b64decode, urlsafe_b64encode
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from odoo.addons.accountable_connect.api import oauth_tokens
from odoo.addons.accountable_connect.api.errors import AuthorisationLostError, TemporaryError
from odoo.addons.accountable_connect.api.http.transport import NoAnswer

from .stand_ins import Clock, Store, answer, fresh_pair

ROTATING = oauth_tokens.OAuthPolicy(
    vendor="Rotor", authorise="/connect/authorize", token="/connect/token"
)
LASTING = replace(ROTATING, vendor="Lasting", rotates=False)


class Server:
    """A token endpoint: gives what ``answers`` says, keeps what it was asked."""

    site = "https://login.vendor.example"

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []

    def send(self, method, address, *, headers, data, largest):
        assert (method, address) == ("POST", f"{self.site}/connect/token")
        fields = {name: values[0] for name, values in parse_qs(data.decode()).items()}
        self.requests.append((headers, fields))
        prepared = self.answers.pop(0)
        if isinstance(prepared, Exception):
            raise prepared
        return prepared


def tokens(number, **values):
    """An answer with an access token, and what else is given."""
    return answer(200, {"access_token": f"access-{number}", "expires_in": 3600, **values})


def make_chain(policy, store, *answers):
    server = Server(*answers)
    chain = oauth_tokens.TokenChain(
        policy,
        server,
        client_id="app 1",
        client_secret="s3cret:/",
        redirect_uri="https://odoo.example/return",
        tokens=store,
        count=lambda: None,
        now=store.clock,
    )
    return chain, server


@pytest.fixture
def store():
    """A pair of which the access token has ended."""
    store = Store(fresh_pair())
    store.clock = Clock()
    store.clock.forward(700)
    return store


# Life


@pytest.mark.parametrize(
    ("given", "kept"),
    [(900, 900), ("900", 900), (0, 1), (-5, 1), (10**9, 3600), (None, 600), ("soon", 600)],
)
def test_life_of_a_token_is_what_was_said_within_reason(store, given, kept):
    """One said to live for years would be used long after the service forgot it."""
    given_pair = tokens(2, refresh_token="refresh-2", expires_in=given)
    chain, _server = make_chain(replace(ROTATING, life=600), store, given_pair)
    chain.access_token()
    assert store.pair["expires_in"] == kept


# Rotation


def test_answer_without_a_refresh_token_keeps_one_that_lasts(store):
    chain, server = make_chain(LASTING, store, tokens(2), tokens(3))
    assert chain.access_token() == "access-2"
    assert (store.pair["access_token"], store.pair["refresh_token"]) == ("access-2", "refresh-1")
    store.clock.forward(3600)
    assert chain.access_token() == "access-3"
    assert [fields["refresh_token"] for _headers, fields in server.requests] == ["refresh-1"] * 2


def test_one_that_lasts_may_be_replaced(store):
    chain, server = make_chain(LASTING, store, tokens(2, refresh_token="refresh-2"), tokens(3))
    chain.access_token()
    store.clock.forward(3600)
    chain.access_token()
    assert server.requests[1][1]["refresh_token"] == store.pair["refresh_token"] == "refresh-2"


def test_lost_answer_breaks_no_chain_that_lasts(store):
    chain, _server = make_chain(LASTING, store, NoAnswer("no answer"), tokens(2))
    with pytest.raises(TemporaryError):
        chain.access_token()
    assert chain.access_token() == "access-2"


def test_code_without_a_refresh_token_is_no_chain():
    """Somebody consented to less than was asked for."""
    store = Store()
    store.clock = Clock()
    for policy in (LASTING, ROTATING):
        chain, _server = make_chain(policy, store, tokens(1))
        with pytest.raises(TemporaryError):
            chain.sign_in("c0de")
        assert not store.kept


def test_answer_without_the_next_one_is_no_answer_where_they_rotate(store):
    before = dict(store.pair)
    chain, _server = make_chain(ROTATING, store, tokens(2))
    with pytest.raises(TemporaryError) as caught:
        chain.access_token()
    assert (caught.value.code, store.pair) == ("no_json", before)


@pytest.mark.parametrize("policy", [ROTATING, LASTING])
def test_refused_refresh_token_is_lost_for_everybody(store, policy):
    refused = answer(400, {"error": "invalid_grant"})
    chain, _server = make_chain(policy, store, refused)
    for ask in (chain, make_chain(policy, store)[0]):
        with pytest.raises(AuthorisationLostError) as caught:
            ask.access_token()
        assert caught.value.code == store.pair["lost"] == "consent_expired"


# The life of a token


def test_used_until_it_ends(store):
    chain, server = make_chain(ROTATING, store, tokens(2, refresh_token="refresh-2"))
    chain.access_token()
    store.clock.forward(3594)
    assert chain.access_token() == "access-2"
    assert len(server.requests) == 1


@pytest.mark.parametrize(("given", "seconds"), [("900", 900), (None, 3600), ("x", 3600), (0, 1)])
def test_life_of_a_token(store, given, seconds):
    chain, _server = make_chain(
        ROTATING, store, tokens(2, refresh_token="refresh-2", expires_in=given)
    )
    chain.access_token()
    assert store.pair["expires_in"] == seconds


def test_refreshed_no_sooner_than_the_vendor_wants(store):
    policy = replace(ROTATING, use_for=timedelta(seconds=100))
    chain, server = make_chain(policy, store, tokens(2, refresh_token="r-2"), NoAnswer("no answer"))
    chain.access_token()
    store.clock.forward(99)
    assert chain.access_token() == "access-2"
    store.clock.forward(1)
    with pytest.raises(TemporaryError):
        chain.access_token()
    assert len(server.requests) == 2


# What is asked, and with what proof


def asked(policy, **options):
    """Headers and fields of the exchange of a code."""
    store = Store()
    store.clock = Clock()
    chain, server = make_chain(policy, store, tokens(1, refresh_token="refresh-1"))
    chain.sign_in("c0de", **options)
    assert store.pair["refresh_token"] == "refresh-1"
    return server.requests[0]


def test_proof_of_the_app():
    headers, fields = asked(ROTATING)
    assert "Authorization" not in headers
    assert (fields["client_id"], fields["client_secret"]) == ("app 1", "s3cret:/")

    headers, fields = asked(replace(ROTATING, client_authentication=oauth_tokens.basic))
    # RFC 6749, 2.3.1: both are encoded as a form is
    assert b64decode(headers["Authorization"].removeprefix("Basic ")) == b"app+1:s3cret%3A%2F"
    assert not {"client_id", "client_secret"} & fields.keys()

    headers, fields = asked(replace(ROTATING, client_authentication=oauth_tokens.public))
    assert "Authorization" not in headers
    assert (fields["client_id"], "client_secret" in fields) == ("app 1", False)


def test_address_of_consent():
    store = Store()
    store.clock = Clock()
    policy = replace(ROTATING, scope="openid offline_access", parameters={"prompt": "login"})
    address = urlsplit(make_chain(policy, store)[0].authorisation_address("state"))
    assert address.path == "/connect/authorize"
    assert {name: values[0] for name, values in parse_qs(address.query).items()} == {
        "client_id": "app 1",
        "redirect_uri": "https://odoo.example/return",
        "response_type": "code",
        "state": "state",
        "scope": "openid offline_access",
        "prompt": "login",
    }


def test_proof_of_who_asked():
    policy = replace(ROTATING, pkce=True)
    store = Store()
    store.clock = Clock()
    address = make_chain(policy, store)[0].authorisation_address("state", "verifier")
    query = parse_qs(urlsplit(address).query)
    expected = urlsafe_b64encode(hashlib.sha256(b"verifier").digest()).decode().rstrip("=")
    assert (query["code_challenge"], query["code_challenge_method"]) == ([expected], ["S256"])
    _headers, fields = asked(policy, verifier="verifier")
    assert fields["code_verifier"] == "verifier"


# What ends it


def test_refusals_are_those_of_the_vendor(store):
    """Of one that says nothing of OAuth's, too."""
    policy = replace(
        ROTATING,
        refusals=(oauth_tokens.Refusal(code="withdrawn", pattern="", grant=oauth_tokens.REFRESH),),
    )
    chain, _server = make_chain(policy, store, answer(403, b"<html>no</html>"))
    with pytest.raises(AuthorisationLostError) as caught:
        chain.access_token()
    assert caught.value.code == store.pair["lost"] == "withdrawn"


def test_wrong_app_loses_nothing(store):
    refused = answer(401, {"error": "invalid_client", "error_description": "s3cret:/ is wrong"})
    chain, _server = make_chain(ROTATING, store, refused, tokens(2, refresh_token="refresh-2"))
    with pytest.raises(AuthorisationLostError) as caught:
        chain.access_token()
    assert caught.value.code == "app_refused"
    assert "s3cret" not in json.dumps([str(caught.value), caught.value.technical])
    assert chain.access_token() == "access-2"
