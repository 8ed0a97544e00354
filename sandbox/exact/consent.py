"""The pages a browser walks through: log in, choose divisions, allow or refuse.

``/api/oauth2/auth`` shows the login form (or the consent at once, when the browser is logged in
and ``force_login`` is not 1), then the consent form. Both forms go back to the same address with
what the app asked. A refusal returns ``error=access_denied`` and the state. Errors of the app
(client, redirect URI, response type) stay on a page here, with status 400, as nothing tells where
else to go.
"""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Request, Response

from ..kit.templating import html
from .identity import USER, Identity
from .oauth import OAuth

PATH = "/api/oauth2/auth"
COOKIE = "exact_sandbox_login"
TEMPLATES = Path(__file__).with_name("templates")


class Consent:
    """The authorization pages of one sandbox; ``names`` gives division → name."""

    def __init__(self, oauth: OAuth, names: Any):
        self.oauth = oauth
        self.identity: Identity = oauth.identity
        self.names = names

    def respond(self, request: Request) -> Response:
        """The page, or the way back to the app."""
        if request.method not in ("GET", "HEAD", "POST"):
            return _error("Method not allowed", 405)
        asked = request.args
        wrong = self._wrong(asked)
        if wrong:
            return _error(wrong)
        with self.oauth.store.transaction():
            if self.oauth.switches["auto_approve"]:
                return self._allow(asked, USER, self.identity.user(USER)["divisions"])
            session = self._session(request)
            if request.method == "POST":
                return self._posted(request, session)
            if session is None or asked.get("force_login") == "1":
                return _login_form(asked)
            return self._consent_form(asked, session)

    def _wrong(self, asked: Any) -> str | None:
        """What the app asked wrongly, None when it is fine."""
        if not self.oauth.is_client(asked.get("client_id", "")):
            return f"The application '{asked.get('client_id', '')}' is not known."
        uri = asked.get("redirect_uri", "")
        if not self.oauth.is_redirect_uri(uri):
            return f"Callback URI '{uri}' is not valid"
        if asked.get("response_type") != "code":
            return "The response type must be 'code'."
        return None

    def _session(self, request: Request) -> dict | None:
        """Who is logged in with this browser: user and the forms' token."""
        cookie = request.cookies.get(COOKIE)
        session = self.oauth.store.setting(f"oauth.session.{cookie}") if cookie else None
        if session:
            user = self.identity.users().get(session["user"])
            if not user or user["blocked"] or user["inactive"]:
                return None
        return session

    def _posted(self, request: Request, session: dict | None) -> Response:
        action = request.form.get("action")
        if action == "login":
            return self._log_in(request)
        if session is None or not hmac.compare_digest(
            session["form"].encode(), request.form.get("form", "").encode()
        ):
            return _login_form(request.args, "Please log in again.")
        if action == "refuse":
            return _back(request.args, error="access_denied")
        if action != "allow":
            return _error("The form was not understood.")
        reachable = self.identity.user(session["user"])["divisions"]
        chosen = [int(code) for code in request.form.getlist("division") if code.isdigit()]
        if not self.oauth.switches["published_app"]:
            chosen = reachable
        chosen = [code for code in chosen if code in reachable]
        if not chosen:
            return self._consent_form(request.args, session, "Choose at least one division.")
        return self._allow(request.args, session["user"], chosen)

    def _log_in(self, request: Request) -> Response:
        name = request.form.get("user", "")
        wrong = self.identity.log_in(name, request.form.get("password", ""))
        if wrong:
            return _login_form(request.args, wrong, name)
        cookie = secrets.token_urlsafe(32)
        self.oauth.store.keep(
            f"oauth.session.{cookie}", {"user": name, "form": secrets.token_urlsafe(16)}
        )
        kept = [
            (key, value) for key, value in request.args.items(multi=True) if key != "force_login"
        ]
        response = Response(b"", 303, headers={"Location": f"{PATH}?{urlencode(kept)}"})
        response.set_cookie(COOKIE, cookie, path="/api/oauth2", httponly=True, samesite="Lax")
        return response

    def _allow(self, asked: Any, user: str, divisions: list[int]) -> Response:
        consent = self.oauth.consent(user, divisions)
        return _back(asked, code=self.oauth.code(consent, asked["redirect_uri"]))

    def _consent_form(self, asked: Any, session: dict, wrong: str = "") -> Response:
        return _form(
            "consent.html",
            "Allow access",
            asked,
            wrong,
            app=self.identity.app["name"],
            user=self.identity.user(session["user"]),
            names=self.names(),
            may_choose=self.oauth.switches["published_app"],
            form=session["form"],
        )


def _login_form(asked: Any, wrong: str = "", name: str = "") -> Response:
    return _form("login.html", "Log in to Exact Online", asked, wrong, name=name)


def _form(template: str, title: str, asked: Any, wrong: str, **values: Any) -> Response:
    address = f"{PATH}?{urlencode(list(asked.items(multi=True)))}"
    return html(TEMPLATES, template, title=title, address=address, wrong=wrong, **values)


def _error(text: str, status: int = 400) -> Response:
    return html(TEMPLATES, "message.html", status, title="Exact Online", message=text, wrong=True)


def _back(asked: Any, **values: str) -> Response:
    """To the app's redirect URI, the state unchanged."""
    if "state" in asked:
        values["state"] = asked["state"]
    uri = asked["redirect_uri"]
    return Response(
        b"", 302, headers={"Location": f"{uri}{'&' if '?' in uri else '?'}{urlencode(values)}"}
    )
