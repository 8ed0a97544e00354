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
from html import escape
from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Request, Response

from ..kit.page_layout import Raw, html, page
from .identity import USER, Identity
from .oauth import OAuth

PATH = "/api/oauth2/auth"
COOKIE = "exact_sandbox_login"
STYLE = """main{max-width:26rem}label{display:block;margin:.7rem 0}
label.of input{width:auto;margin-right:.5rem}main input{width:100%;box-sizing:border-box;
padding:.4rem}fieldset{border:1px solid #c9d1d6;margin:1rem 0;padding:.2rem 1rem}
button{font:inherit;padding:.45rem 1.2rem;margin-right:.6rem}
.mark{background:#fff3cd;border:1px solid #d9b64c;padding:.5rem .8rem;max-width:26rem}"""


# So that nobody takes these pages for the real ones, or enters a real password.
MARK = (
    '<p class="mark">Sandbox. This is not Exact Online: nothing you enter here leaves this '
    "machine.</p>"
)


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
        user, names = self.identity.user(session["user"]), self.names()
        boxes = "".join(
            f'<label class="of"><input type="checkbox" name="division" value="{code}" checked>'
            f"{code} {escape(names.get(code, ''))}</label>"
            for code in user["divisions"]
        )
        if not self.oauth.switches["published_app"]:
            boxes = "<p>All your divisions.</p>"
        return _form_page(
            "Allow access",
            asked,
            wrong,
            f"<p><b>{escape(self.identity.app['name'])}</b> asks to work in Exact Online for "
            f"<b>{escape(user['full_name'])}</b>.</p>"
            f"<fieldset><legend>Divisions</legend>{boxes}</fieldset>"
            f'<input type="hidden" name="form" value="{session["form"]}">'
            '<button name="action" value="allow">Allow</button>'
            '<button name="action" value="refuse">Refuse</button>',
        )


def _login_form(asked: Any, wrong: str = "", name: str = "") -> Response:
    return _form_page(
        "Log in to Exact Online",
        asked,
        wrong,
        f'<label>User name<input name="user" value="{escape(name)}" autocomplete="username" '
        "required autofocus></label>"
        '<label>Password<input name="password" type="password" autocomplete="current-password" '
        "required></label>"
        '<button name="action" value="login">Log in</button>',
    )


def _form_page(title: str, asked: Any, wrong: str, fields: str) -> Response:
    address = escape(f"{PATH}?{urlencode(list(asked.items(multi=True)))}")
    alert = f'<p class="no" role="alert">{escape(wrong)}</p>' if wrong else ""
    return html(
        page(
            title,
            Raw(
                f'{MARK}<main>{alert}<form method="post" action="{address}">{fields}</form></main>'
            ),
            style=STYLE,
        )
    )


def _error(text: str, status: int = 400) -> Response:
    return html(page("Exact Online", Raw(f'<p class="no" role="alert">{escape(text)}</p>')), status)


def _back(asked: Any, **values: str) -> Response:
    """To the app's redirect URI, the state unchanged."""
    if "state" in asked:
        values["state"] = asked["state"]
    uri = asked["redirect_uri"]
    return Response(
        b"", 302, headers={"Location": f"{uri}{'&' if '?' in uri else '?'}{urlencode(values)}"}
    )
