"""Consent in a browser, codes, tokens and the refresh chain."""

from __future__ import annotations

import datetime as dt
import html
import threading
from urllib.parse import urlencode

import pytest
import requests
from exact_client import (
    CLIENT_ID,
    REDIRECT,
    TIMEOUT,
    Browser,
    Client,
    Form,
    returned,
)


@pytest.fixture
def browser(exact):
    return Browser(exact.root)


@pytest.fixture
def app(exact):
    return Client(exact)


def me(app):
    return app.call("GET", "/api/v1/current/Me")


# The browser ----------------------------------------------------------------------------------


def test_from_login_to_tokens(exact, browser):
    page = browser.get(browser.address())
    assert page.status_code == 200 and "<label>Password" in page.text
    assert Form(page.text).buttons == ["login"]
    consent = browser.log_in()
    assert Form(consent.text).buttons == ["allow", "refuse"]
    assert [value for name, value in Form(consent.text).fields if name == "division"] == [
        "500001",
        "500002",
        "600001",
    ]
    back = returned(browser.send(consent, "allow", division=["500001", "600001"]))
    assert back["state"] == "of/my+own&=" and set(back) == {"code", "state"}
    app = Client.__new__(Client)
    app.root, app.division = exact.root, 500001
    answer = app.exchange(back["code"])
    assert answer.status_code == 200
    app.tokens = answer.json()
    assert app.tokens["token_type"] == "bearer" and app.tokens["expires_in"] == "600"
    assert me(app).json()["d"]["results"][0]["UserName"] == "accountant"
    assert [row["Code"] for row in app.get("system/Divisions", division=1)] == [500001, 600001]


def test_the_browser_stays_logged_in_unless_forced(browser):
    browser.log_in()
    assert Form(browser.get(browser.address()).text).buttons == ["allow", "refuse"]
    assert Form(browser.get(browser.address(force_login="1")).text).buttons == ["login"]
    consent = browser.log_in("bookkeeper", force_login="1")
    assert "Marc Lambert" in consent.text


def test_wrong_password_stays_on_the_form(browser):
    page = browser.log_in(password="wrong")
    assert page.status_code == 200 and 'role="alert"' in page.text
    assert Form(page.text).buttons == ["login"]


def test_refusal_goes_back_with_an_error(browser):
    back = returned(browser.send(browser.log_in(), "refuse"))
    assert back == {"error": "access_denied", "state": "of/my+own&="}


def test_no_division_chosen_asks_again(browser):
    page = browser.send(browser.log_in(), "allow", division=[])
    assert page.status_code == 200 and "at least one division" in page.text


def test_divisions_of_others_are_not_granted(exact):
    app = Client(exact, "bookkeeper", division=["500001", "600001"])
    assert [row["Code"] for row in app.get("system/Divisions")] == [500001]


def test_a_private_app_gets_every_division(exact):
    exact.exact.switches.set({"published_app": False})
    app = Client(exact)
    assert len(app.get("system/Divisions")) == 3


def test_the_consent_form_needs_its_own_token(browser):
    consent = browser.log_in()
    page = browser.send(consent, "allow", form="guessed")
    assert page.status_code == 200 and Form(page.text).buttons == ["login"]


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ({"client_id": "unknown"}, "not known"),
        ({"response_type": "token"}, "response type"),
        (
            {"redirect_uri": "https://elsewhere.example/cb"},
            "Callback URI 'https://elsewhere.example/cb' is not valid",
        ),
        ({"redirect_uri": "http://[broken"}, "is not valid"),
        ({"redirect_uri": ""}, "is not valid"),
    ],
)
def test_errors_of_the_app_stay_on_a_page(browser, asked, text):
    page = browser.get(browser.address(**asked))
    assert page.status_code == 400 and text in html.unescape(page.text)
    assert "Location" not in page.headers


def test_a_page_escapes_what_the_app_sends(browser):
    page = browser.get(browser.address(client_id="<script>alert(1)</script>"))
    assert "<script>" not in page.text


def test_client_id_with_braces_and_capitals(browser):
    page = browser.get(browser.address(client_id="{" + CLIENT_ID.upper() + "}"))
    assert Form(page.text).buttons == ["login"]


def test_registered_redirect_uris_match_exactly(exact, browser):
    exact.exact.identity.change_app(redirect_uris=[REDIRECT])
    assert browser.get(browser.address()).status_code == 200
    for other in (REDIRECT + "/", REDIRECT.replace("http:", "https:"), REDIRECT + "?a=1"):
        assert browser.get(browser.address(redirect_uri=other)).status_code == 400


def test_approval_without_pages(exact, browser):
    exact.exact.switches.set({"auto_approve": True})
    assert set(returned(browser.get(browser.address()))) == {"code", "state"}


def test_a_blocked_user_is_logged_out(exact, browser):
    browser.log_in()
    exact.exact.identity.change_user("accountant", blocked=True)
    assert Form(browser.get(browser.address()).text).buttons == ["login"]
    page = browser.log_in()
    assert "may not log in" in page.text


# Codes ----------------------------------------------------------------------------------------


def test_a_code_works_once(app):
    code = app.browser.code()
    assert app.exchange(code).status_code == 200
    again = app.exchange(code)
    assert (again.status_code, again.text) == (400, "Bad Request")
    assert again.headers["Content-Type"].startswith("text/plain")


def test_a_code_lives_briefly(exact, app):
    code = app.browser.code()
    exact.exact.clock.advance(181)
    assert app.exchange(code).status_code == 400


def test_a_code_belongs_to_its_redirect_uri(app):
    answer = app.token(
        grant_type="authorization_code", code=app.browser.code(), redirect_uri=REDIRECT + "/"
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_unknown_code(app):
    assert app.exchange("stampBE001.none").text == "Bad Request"


@pytest.mark.parametrize(
    "form",
    [
        {"client_secret": "wrong"},
        {"client_id": "wrong"},
        {"grant_type": ""},
        {"grant_type": "refresh_token", "refresh_token": ""},
    ],
)
def test_malformed_token_calls(app, form):
    answer = app.token(
        **{"grant_type": "refresh_token", "refresh_token": app.tokens["refresh_token"], **form}
    )
    assert answer.status_code == 400
    assert answer.json()["error"] in ("invalid_request", "unsupported_grant_type")


def test_the_token_endpoint_takes_forms_by_post_only(app):
    address = f"{app.root}/api/oauth2/token"
    assert requests.get(address, timeout=TIMEOUT).status_code == 405
    answer = requests.post(address, json={"grant_type": "refresh_token"}, timeout=TIMEOUT)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})


def test_tokens_have_to_be_encoded_in_a_form(exact, app):
    exact.exact.clock.advance(571)
    raw = f"grant_type=refresh_token&refresh_token={app.tokens['refresh_token']}&" + urlencode(
        {"client_id": CLIENT_ID, "client_secret": "sandbox-secret"}
    )
    answer = requests.post(
        f"{app.root}/api/oauth2/token",
        raw,
        timeout=TIMEOUT,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.json() == {"error": "invalid_grant"}
    assert app.refresh().status_code == 200


# Access and refresh tokens --------------------------------------------------------------------


def test_missing_and_false_tokens(exact, app):
    answer = requests.get(f"{exact.root}/api/v1/current/Me", timeout=TIMEOUT)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    app.tokens["access_token"] = "gAAAAfalse"
    answer = me(app)
    assert answer.status_code == 401 and "not valid" in answer.headers["WWW-Authenticate"]


def test_an_access_token_lives_ten_minutes(exact, app):
    exact.exact.clock.advance(599)
    assert me(app).status_code == 200
    exact.exact.clock.advance(2)
    answer = me(app)
    assert answer.status_code == 401
    assert "access token expired" in answer.headers["WWW-Authenticate"]
    assert app.refresh().status_code == 200 and me(app).status_code == 200


@pytest.mark.parametrize("status", [400, 401])
def test_a_refresh_too_early(exact, app, status):
    exact.exact.switches.set({"early_refresh_status": status})
    exact.exact.clock.advance(565)
    answer = app.refresh()
    assert answer.status_code == status
    assert answer.json() == {
        "error": "access_denied",
        "error_description": "Rate limit exceeded: access_token not expired",
    }
    assert answer.headers["Reason"] == (
        "TooEarlyToRefreshTokens: Rate limit exceeded: access_token not expired"
    )
    exact.exact.clock.advance(6)
    assert app.refresh().status_code == 200  # the refresh token has stayed valid


def test_refresh_tokens_rotate_and_work_once(exact, app):
    old = dict(app.tokens)
    exact.exact.clock.advance(571)
    assert app.refresh().json()["expires_in"] == "600"
    assert app.tokens["refresh_token"] != old["refresh_token"]
    answer = app.token(grant_type="refresh_token", refresh_token=old["refresh_token"])
    assert answer.status_code == 401
    assert answer.json() == {
        "error": "unauthorized_client",
        "error_description": "Old refresh token used.",
    }
    fresh, app.tokens = app.tokens, old
    assert me(app).status_code == 200  # the old access token lives on until its end
    app.tokens = fresh
    exact.exact.clock.advance(571)
    assert app.refresh().status_code == 200  # nor does the reuse hurt the chain


def test_the_old_access_token_may_die(exact, app):
    exact.exact.switches.set({"old_access_token": "dies"})
    old = dict(app.tokens)
    exact.exact.clock.advance(571)
    app.refresh()
    app.tokens = old
    assert me(app).status_code == 401


def test_one_of_two_parallel_refreshes_wins(exact, app):
    exact.exact.clock.advance(571)
    barrier, answers = threading.Barrier(4), []

    def refresh():
        barrier.wait()
        answers.append(
            app.token(
                grant_type="refresh_token", refresh_token=app.tokens["refresh_token"]
            ).status_code
        )

    threads = [threading.Thread(target=refresh) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 401, 401, 401]


def test_a_chain_lives_thirty_days_from_its_last_refresh(exact, app):
    for _month in range(3):
        exact.exact.clock.advance(29 * 86400)
        assert app.refresh().status_code == 200
    exact.exact.clock.advance(30 * 86400 + 1)
    answer = app.refresh()
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_request"


def test_an_expired_refresh_token_says_since_when(exact, app):
    exact.exact.clock.set(dt.datetime(2022, 9, 11, 21, 18, 20, tzinfo=dt.UTC))
    app.tokens = app.exchange(app.browser.code()).json()
    exact.exact.clock.set(dt.datetime(2022, 10, 28, 4, 5, 50, tzinfo=dt.UTC))
    answer = app.refresh()
    assert (answer.status_code, answer.json()) == (
        400,
        {
            "error": "invalid_request",
            "error_description": "The refresh token expired at 10/11/2022 9:18:20 PM and it is now"
            " 10/28/2022 4:05:50 AM.",
        },
    )


def test_token_calls_have_a_daily_maximum(exact, app):
    exact.exact.clock.set(exact.exact.clock.now().replace(hour=9))
    exact.exact.switches.set({"token_calls_per_day": 4})
    app.tokens = app.exchange(app.browser.code()).json()  # the second call, app had the first
    assert [app.refresh().status_code for _ in range(4)] == [400, 400, 429, 429]
    exact.exact.clock.advance(86400)
    assert app.refresh().status_code == 200


def test_a_lost_answer_takes_the_chain_with_it(exact, app):
    exact.exact.clock.advance(571)
    exact.exact.faults.add("token", "lost-token")
    with pytest.raises(requests.ConnectionError):
        app.refresh()
    assert app.refresh().json()["error_description"] == "Old refresh token used."


# Consents -------------------------------------------------------------------------------------


def test_a_revoked_consent(exact, app):
    assert app.ordered("/consents/revoke", user="accountant") == {"changed": 1}
    assert me(app).status_code == 401
    exact.exact.clock.advance(571)
    assert app.refresh().json() == {"error": "invalid_grant"}
    assert Client(exact).refresh().json()["error"] == "access_denied"  # a new consent helps


def test_a_division_withdrawn_from_the_consent(app):
    app.ordered("/consents/revoke", division=500001)
    answer = app.call("GET", "financial/Journals")
    assert answer.status_code == 403
    assert answer.json()["error"]["message"]["value"] == (
        "Forbidden - User division is not within division scope"
    )
    assert "Reason" not in answer.headers
    assert [row["Code"] for row in app.get("system/Divisions")] == [500002, 600001]


def test_tokens_expired_by_hand(app):
    app.ordered("/tokens/expire")
    assert me(app).status_code == 401
    assert app.refresh().status_code == 200
    assert me(app).status_code == 200
    app.ordered("/tokens/expire", refresh=True)
    answer = app.refresh().json()
    assert answer["error"] == "invalid_request"
    assert answer["error_description"].startswith("The refresh token expired at ")


def test_a_new_consent_leaves_the_older_chain_alone(exact, app):
    Client(exact)
    exact.exact.clock.advance(571)
    assert app.refresh().status_code == 200
