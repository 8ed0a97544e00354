"""Nothing answered is lost: tokens, consents, webhooks and books survive a restart and a kill."""

from __future__ import annotations

import signal
from types import SimpleNamespace

import pytest
import requests
from exact_client import CLIENT_ID, DIVISION, Client
from sandbox_program import Program

from sandbox.exact import serve


def moved(app, server):
    """The same client at another address of the sandbox."""
    app.root = app.browser.root = server.root
    return app


def test_the_program_says_how_to_sign_in(tmp_path):
    program = Program("exact", tmp_path / "state.sqlite")
    assert {name: program.shown[name] for name in ("client id", "client secret", "user")} == {
        "client id": CLIENT_ID,
        "client secret": "sandbox-secret",
        "user": "accountant",
    }
    app = Client(SimpleNamespace(root=program.root))
    assert app.get("/api/v1/current/Me")[0]["CurrentDivision"] == DIVISION
    assert program.stop(signal.SIGTERM) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["state.sqlite"]


def test_a_restart_keeps_everything(tmp_path):
    state = str(tmp_path / "state.sqlite")
    with serve(state=state, switches={"rate_limits": False}) as server:
        app = Client(server, division=["500001"])
        key = app.post("crm/Accounts", {"Name": "Klant"})["ID"]
        code = app.browser.code()
        old = app.tokens["refresh_token"]
        server.exact.clock.advance(571)
        app.refresh()
        app.ordered("/users/accountant", language="fr-BE")
    with serve(state=state) as server:
        moved(app, server)
        assert app.get(f"crm/Accounts(guid'{key}')")["Name"] == "Klant"
        assert server.exact.switches["rate_limits"] is False
        assert app.get("/api/v1/current/Me")[0]["LanguageCode"] == "fr-BE"
        assert app.call("GET", "crm/Accounts", division=500002).status_code == 403
        assert app.token(grant_type="refresh_token", refresh_token=old).json() == {
            "error": "unauthorized_client",
            "error_description": "Old refresh token used.",
        }
        assert app.exchange(code).status_code == 400  # it lives three minutes only
        server.exact.clock.advance(571)
        assert app.refresh().status_code == 200


def test_a_code_and_a_login_survive(tmp_path):
    state = str(tmp_path / "state.sqlite")
    with serve(state=state) as server:
        app = Client(server)
        code = app.browser.code()
    with serve(state=state) as server:
        moved(app, server)
        assert app.exchange(code).status_code == 200
        assert "Allow" in app.browser.get(app.browser.address()).text


def test_notifications_wait_for_the_next_start(tmp_path):
    state = str(tmp_path / "state.sqlite")
    with serve(state=state) as server:
        app = Client(server)
        server.exact.webhooks.stop()
        server.exact.webhooks.keep_subscriptions(
            DIVISION,
            [
                {
                    "ID": "x",
                    "CallbackURL": "http://127.0.0.1:1/",
                    "Topic": "Accounts",
                    "ClientID": CLIENT_ID,
                    "Created": server.exact.clock.local(),
                }
            ],
        )
        app.post("crm/Accounts", {"Name": "Klant"})
        [waiting] = server.exact.webhooks.deliveries()["waiting"]
    with serve(state=state) as server:
        assert waiting["id"] in {
            item["id"] for item in server.exact.webhooks.deliveries()["waiting"]
        }


def test_a_kill_loses_no_token_and_no_answered_write(tmp_path):
    state = tmp_path / "state.sqlite"
    program = Program("exact", state)
    app = Client(program)
    for number in range(3):
        app.post("crm/Accounts", {"Name": f"Klant {number}"})
    app.ordered("/clock", advance=571)
    assert app.refresh().status_code == 200
    program.stop(signal.SIGKILL)
    program = Program("exact", state)
    try:
        moved(app, program)
        names = [row["Name"] for row in app.get("crm/Accounts")]
        assert {"Klant 0", "Klant 1", "Klant 2"} <= set(names)
        app.ordered("/clock", advance=571)
        assert app.refresh().status_code == 200
    finally:
        program.stop(signal.SIGKILL)


def test_a_kill_between_rotation_and_answer_loses_the_chain(tmp_path):
    state = str(tmp_path / "state.sqlite")
    with serve(state=state) as server:
        app = Client(server)
        app.ordered("/clock", advance=571)
        server.exact.faults.add("token", "after")
        with pytest.raises(requests.ConnectionError):
            app.refresh()
    with serve(state=state) as server:
        answer = moved(app, server).refresh()
        assert answer.json()["error_description"] == "Old refresh token used."
