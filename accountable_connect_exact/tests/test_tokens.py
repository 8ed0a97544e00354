"""The chain of tokens: its windows, its order, and every way it could break."""

import threading
from urllib.parse import parse_qs, urlsplit

import pytest
from odoo.addons.accountable_connect.api.errors import (
    AuthorisationLostError,
    LimitReachedError,
    TemporaryError,
)
from odoo.addons.accountable_connect.api.http.transport import NoAnswer, NothingSent
from odoo.addons.accountable_connect.api.oauth_tokens import TokenChain
from odoo.addons.accountable_connect_exact.api.oauth import OAUTH

from .stand_ins import NOON, OLD, SECRET, TOO_EARLY, Clock, Store, TokenServer, answer, fresh_pair


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def server(clock):
    return TokenServer(clock)


@pytest.fixture
def store():
    return Store(fresh_pair())


@pytest.fixture
def chain(server, store, clock):
    return make_chain(server, store, clock)


def make_chain(server, store, clock, count=lambda: None):
    return TokenChain(
        OAUTH,
        server,
        client_id="app-1",
        client_secret=SECRET,
        redirect_uri="https://odoo.example/return",
        tokens=store,
        count=count,
        now=clock,
    )


# Signing in


def test_address_of_consent(chain):
    parts = urlsplit(chain.authorisation_address("state+/="))
    assert parts._replace(query="").geturl() == "https://exact.example/api/oauth2/auth"
    assert {name: values[0] for name, values in parse_qs(parts.query).items()} == {
        "client_id": "app-1",
        "redirect_uri": "https://odoo.example/return",
        "response_type": "code",
        "state": "state+/=",
        "force_login": "0",
    }


def test_address_of_consent_of_a_sandbox_without_https(server, store, clock):
    server.site = "http://127.0.0.1:8080"
    address = make_chain(server, store, clock).authorisation_address("s")
    assert address.startswith("http://127.0.0.1:8080/api/oauth2/auth?")


def test_code_is_exchanged_for_the_first_pair(server, clock):
    store = Store()
    chain = make_chain(server, store, clock)
    chain.sign_in("c0de+/%=")
    assert server.requests == [
        {
            "grant_type": "authorization_code",
            "code": "c0de+/%=",
            "redirect_uri": "https://odoo.example/return",
            "client_id": "app-1",
            "client_secret": SECRET,
        }
    ]
    assert store.pair == fresh_pair(number=2)
    assert chain.access_token() == "access-2"


@pytest.mark.parametrize(
    ("prepared", "code"),
    [
        (answer(400, b"Bad Request"), "code_refused"),
        (answer(400, {"error": "invalid_grant"}), "code_refused"),
        (
            answer(
                400,
                {
                    "error": "invalid_request",
                    "error_description": "The authorization code expired at 10/11/2022.",
                },
            ),
            "code_refused",
        ),
        (answer(400, {"error": "invalid_request"}), "app_refused"),
        (answer(401, {"error": "invalid_client"}), "app_refused"),
    ],
)
def test_code_is_refused(server, clock, prepared, code):
    store = Store()
    server.answers = [prepared]
    with pytest.raises(AuthorisationLostError) as caught:
        make_chain(server, store, clock).sign_in("c0de")
    assert caught.value.code == code
    assert not store.kept


@pytest.mark.parametrize("odd", ["a\0b", "a b", "a\r\nX: y", "é"])
@pytest.mark.parametrize("name", ["access_token", "refresh_token"])
def test_token_with_odd_characters_is_refused_in_words(server, store, clock, chain, name, odd):
    """PostgreSQL takes no NUL, and no header takes an end of a line."""
    pair = {"access_token": "a", "refresh_token": "r", "expires_in": "600", name: odd}
    before = dict(store.pair)
    for ask in (lambda: chain.sign_in("c0de"), chain.access_token):
        server.answers = [answer(200, pair)]
        clock.forward(700)
        with pytest.raises(AuthorisationLostError) as caught:
            ask()
        assert caught.value.code == "token_unreadable"
        assert odd not in f"{caught.value} {caught.value.technical}"
    assert store.pair == before


def test_signing_in_again_mends_a_lost_chain(server, store, chain):
    store.kept["oauth"]["lost"] = "old_refresh_token"
    with pytest.raises(AuthorisationLostError):
        chain.access_token()
    chain.sign_in("c0de")
    assert chain.access_token() == "access-2"
    assert "lost" not in store.pair


def test_nobody_signed_in(server, clock):
    with pytest.raises(AuthorisationLostError) as caught:
        make_chain(server, Store(), clock).access_token()
    assert caught.value.code == "not_signed_in"
    assert not server.requests


# When a token is refreshed


@pytest.mark.parametrize(("age", "number"), [(0, 1), (569, 1), (570, 2), (599, 2), (2_000_000, 2)])
def test_token_is_used_until_the_window_opens(server, chain, clock, age, number):
    clock.forward(age)
    assert chain.access_token() == f"access-{number}"
    assert len(server.requests) == number - 1


def test_refresh_sends_what_the_app_is(server, chain, clock):
    clock.forward(570)
    chain.access_token()
    assert server.requests == [
        {
            "grant_type": "refresh_token",
            "refresh_token": "refresh-1",
            "client_id": "app-1",
            "client_secret": SECRET,
        }
    ]


def test_new_pair_is_stored_before_it_is_used(server, store, chain, clock):
    clock.forward(570)
    assert chain.access_token() == store.pair["access_token"] == "access-2"
    assert store.pair["refresh_token"] == "refresh-2"
    assert store.pair["expires_in"] == 600


def test_slow_answer_shortens_the_use_and_not_the_wait(server, store, clock):
    """Expiry counts from the question, the window from the answer."""
    server.waits = 12
    chain = make_chain(server, Store(), clock)
    chain.sign_in("c0de")
    clock.moment = NOON
    clock.forward(12 + 569)
    assert chain.access_token() == "access-2"
    clock.forward(1)
    server.waits = 0
    assert chain.access_token() == "access-3"


def test_no_request_begins_with_less_than_five_seconds(server, store, chain, clock):
    store.kept["oauth"]["answered_at"] = "2026-03-10T11:00:40+00:00"
    clock.forward(594)
    assert chain.access_token() == "access-1"
    clock.forward(1)
    assert chain.access_token() == "access-2"


def test_calls_are_counted(server, store, clock):
    counted = []
    chain = make_chain(server, store, clock, count=lambda: counted.append(1))
    chain.access_token()
    assert not counted
    clock.forward(570)
    chain.access_token()
    assert counted == [1]


# Too early


def test_too_early_keeps_the_token_and_asks_again_later(server, store, chain, clock):
    server.issued = NOON.replace(second=8)  # the server's clock is eight seconds behind
    clock.forward(572)
    assert chain.access_token() == "access-1"
    assert chain.access_token() == "access-1"
    clock.forward(24)
    assert chain.access_token() == "access-1"
    assert len(server.requests) == 1
    clock.forward(1)
    assert chain.access_token() == "access-2"
    assert [fields["refresh_token"] for fields in server.requests] == ["refresh-1"] * 2


def test_too_early_is_known_to_other_workers(server, store, chain, clock):
    server.issued = NOON.replace(second=8)
    clock.forward(572)
    chain.access_token()
    assert make_chain(server, store, clock).access_token() == "access-1"
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [400, 401])
def test_too_early_without_the_header(server, chain, clock, status):
    clock.forward(570)
    server.answers = [answer(status, TOO_EARLY)]
    assert chain.access_token() == "access-1"


def test_clock_that_was_put_back(server, store, chain, clock):
    clock.forward(-3600)
    server.answers = [answer(400, TOO_EARLY, Reason="TooEarlyToRefreshTokens")]
    assert chain.access_token() == "access-1"
    assert server.answers == []  # Exact's clock was asked, ours tells nothing


# What breaks a chain


def test_lost_answer_is_temporary_and_the_same_token_is_tried_again(server, store, chain, clock):
    clock.forward(570)
    server.answers = [NoAnswer("no answer (ReadTimeout)")]  # it never arrived over there
    with pytest.raises(TemporaryError) as caught:
        chain.access_token()
    assert caught.value.code == "no_answer"
    assert store.pair == fresh_pair()
    assert chain.access_token() == "access-2"


def test_lost_answer_with_a_new_token_breaks_the_chain(server, store, chain, clock):
    clock.forward(570)
    server.lose = 1
    with pytest.raises(TemporaryError):
        chain.access_token()
    with pytest.raises(AuthorisationLostError) as caught:
        chain.access_token()
    assert caught.value.code == "old_refresh_token"
    assert len(server.requests) == 2
    # nobody asks again, also no other worker
    for again in (chain, make_chain(server, store, clock)):
        with pytest.raises(AuthorisationLostError) as caught:
            again.access_token()
        assert caught.value.code == "old_refresh_token"
    assert len(server.requests) == 2


def test_old_token_while_another_database_process_won(server, store, chain, clock):
    clock.forward(570)

    def win(*args, **kwargs):
        store.kept["oauth"] = fresh_pair(clock(), number=7)
        return answer(401, OLD)

    server.send = win
    assert chain.access_token() == "access-7"
    assert "lost" not in store.pair


EXPIRED = {
    "error": "invalid_request",
    "error_description": "The refresh token expired at 10/11/2022 9:18:20 PM and it is now"
    " 10/28/2022 4:15:50 PM.",
}


@pytest.mark.parametrize(
    "body",
    [
        {"error": "invalid_grant"},
        {"error": "invalid_grant", "error_description": "Unknown token"},
        EXPIRED,
        {**EXPIRED, "error_description": "Refresh token has expired"},
        {**EXPIRED, "error_description": "An expired refresh token was sent"},
        {**EXPIRED, "error_description": "The refresh token was revoked."},
    ],
)
@pytest.mark.parametrize("status", [400, 401])
def test_expired_consent(server, store, chain, clock, status, body):
    clock.forward(570)
    server.answers = [answer(status, body)]
    with pytest.raises(AuthorisationLostError) as caught:
        chain.access_token()
    assert caught.value.code == store.pair["lost"] == "consent_expired"
    assert "refresh-1" not in (caught.value.technical or "")


def test_expired_token_while_another_worker_won(server, store, chain, clock):
    clock.forward(570)

    def win(*args, **kwargs):
        store.kept["oauth"] = fresh_pair(clock(), number=7)
        return answer(400, EXPIRED)

    server.send = win
    assert chain.access_token() == "access-7"
    assert "lost" not in store.pair


@pytest.mark.parametrize(
    "description",
    [
        None,
        "The client secret has expired.",
        "The client secret expired, the refresh token cannot be used.",
        "Missing parameter: refresh_token",
        "The refresh token is malformed",
        "App is not registered",
    ],
)
def test_wrong_app_leaves_the_chain_alive(server, store, chain, clock, description):
    clock.forward(570)
    body = {"error": "invalid_request", "error_description": description}
    server.answers = [answer(400, {name: text for name, text in body.items() if text})]
    with pytest.raises(AuthorisationLostError) as caught:
        chain.access_token()
    assert caught.value.code == "app_refused"
    assert store.pair == fresh_pair()
    assert chain.access_token() == "access-2"


@pytest.mark.parametrize(
    "prepared",
    [
        NothingSent("no connection", code="no_connection"),
        NoAnswer("too large", code="too_large"),
        answer(200, b""),
        answer(200, b"<html>"),
        answer(200, b"[1]"),
        answer(200, b"null"),
        answer(200, {"access_token": 5}),
        answer(200, {"access_token": "alone"}),
        answer(302, b""),
        answer(400, b"<html>Bad gateway</html>"),
        answer(500, {"error": "server_error"}),
        answer(503, b"Service Unavailable"),
        answer(200, b"[" * 100_000),
    ],
)
def test_senseless_answer_is_temporary(server, store, chain, clock, prepared):
    clock.forward(570)
    server.answers = [prepared]
    with pytest.raises(TemporaryError):
        chain.access_token()
    assert store.pair == fresh_pair()
    assert chain.access_token() == "access-2"


@pytest.mark.parametrize("status", [200, 202, 400, 500])
def test_new_refresh_token_is_stored_whatever_the_status(server, store, chain, clock, status):
    clock.forward(570)
    server.number = 2
    server.issued = clock()
    server.answers = [answer(status, server.body())]
    assert chain.access_token() == "access-2"
    assert store.pair["refresh_token"] == "refresh-2"


def test_new_refresh_token_without_an_access_token(server, store, chain, clock):
    clock.forward(570)
    server.number = 2
    server.answers = [answer(500, {"error": "server_error", "refresh_token": "refresh-2"})]
    with pytest.raises(TemporaryError):
        chain.access_token()
    assert store.pair["refresh_token"] == "refresh-2"
    assert chain.access_token() == "access-3"


@pytest.mark.expects_log("odoo.addons.accountable_connect")
def test_storing_is_tried_three_times(server, store, chain, clock):
    clock.forward(570)
    save, tries = store.save, []

    def busy(name, values):
        tries.append(values["refresh_token"])
        if len(tries) < 3:
            raise TemporaryError("The sign-in is being changed by somebody")
        save(name, values)

    store.save = busy
    assert chain.access_token() == "access-2"
    assert tries == ["refresh-2"] * 3
    tries.clear()
    clock.forward(570)

    def never(name, values):
        raise TemporaryError("busy")

    store.save = never
    with pytest.raises(TemporaryError):
        chain.access_token()


def test_token_endpoint_has_a_limit(server, store, chain, clock):
    clock.forward(570)
    server.answers = [answer(429)]
    with pytest.raises(LimitReachedError) as caught:
        chain.access_token()
    assert caught.value.code == "token_limit"
    assert caught.value.not_before == clock().replace(tzinfo=None, minute=24, second=30)


def test_no_secret_in_an_error(server, store, chain, clock):
    clock.forward(570)
    server.answers = [
        answer(400, {"error": "invalid_request", "error_description": f"{SECRET} refresh-1 no"})
    ]
    with pytest.raises(AuthorisationLostError) as caught:
        chain.access_token()
    told = f"{caught.value} {caught.value.technical} {caught.value.values}"
    assert "*** *** no" in told
    assert SECRET not in told and "refresh-1" not in told


def test_no_code_in_an_error(server, clock):
    server.answers = [
        answer(400, {"error": "invalid_grant", "error_description": "c0de is unknown"})
    ]
    with pytest.raises(AuthorisationLostError) as caught:
        make_chain(server, Store(), clock).sign_in("c0de")
    assert "c0de" not in f"{caught.value} {caught.value.technical}"


# A token that is refused


def test_refused_token_is_renewed_when_old_enough(server, store, chain, clock):
    clock.forward(575)
    assert chain.renewed("access-1", says_expired=False) == "access-2"


def test_refused_young_token_means_that_consent_was_withdrawn(server, chain, clock):
    clock.forward(100)
    with pytest.raises(AuthorisationLostError) as caught:
        chain.renewed("access-1", says_expired=False)
    assert caught.value.code == "token_refused"
    assert not server.requests


def test_refused_young_token_that_expired_over_there(server, chain, clock):
    server.issued = NOON.replace(hour=10)
    clock.forward(100)
    assert chain.renewed("access-1", says_expired=True) == "access-2"


def test_refused_token_and_too_early(server, chain, clock):
    clock.forward(100)
    with pytest.raises(TemporaryError) as caught:
        chain.renewed("access-1", says_expired=True)
    assert caught.value.code == "token_too_early"


def test_refused_token_that_another_worker_renewed(server, store, chain, clock):
    chain.access_token()
    store.kept["oauth"] = fresh_pair(number=9)
    assert chain.renewed("access-1", says_expired=True) == "access-9"
    assert not server.requests


# Workers at once


def at_once(workers, server, store, clock, ask):
    """What each of several workers gets. The first answer comes only when all of them want the
    lock: none is late by chance."""

    def wait_for_all():
        for _worker in range(workers):
            assert store.asked_for_lock.acquire(timeout=10)

    server.before = wait_for_all
    start, found = threading.Barrier(workers), []

    def work():
        chain = make_chain(server, store, clock)
        start.wait(10)
        found.append(ask(chain))

    threads = [threading.Thread(target=work) for _number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


@pytest.mark.parametrize("workers", [2, 8])
@pytest.mark.parametrize(
    "ask",
    [
        lambda chain: chain.access_token(),
        lambda chain: chain.renewed("access-1", says_expired=True),
    ],
)
def test_workers_at_once_refresh_once(server, store, clock, workers, ask):
    clock.forward(580)
    assert at_once(workers, server, store, clock, ask) == ["access-2"] * workers
    assert len(server.requests) == 1
    assert len(store.saved) == 1


def test_chain_over_days(server, store, clock):
    """Two workers in turn, at any distance: every refresh token is used once, in order."""
    chains = [make_chain(server, store, clock) for _number in range(2)]
    for step in range(300):
        chains[step % 2].access_token()
        clock.forward([7, 300, 569, 570, 599, 600, 86_400][step % 7])
    used = [fields["refresh_token"] for fields in server.requests]
    assert used == [f"refresh-{number}" for number in range(1, len(used) + 1)]
    assert len(used) > 100
