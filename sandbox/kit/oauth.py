"""An OAuth 2 server of any sandbox: consents, codes and tokens of the authorization code grant.

Everything is kept in the store, so that a restart keeps a chain alive. Times are seconds of the
sandbox's clock. A refresh token works once. Client id and secret may stand in an ``Authorization:
Basic`` header instead of the form, as RFC 6749 has it; what the form says counts before it.

Switches that a package has for it: ``code_seconds``, ``token_seconds``, ``refresh_after_seconds``,
``refresh_days``, ``old_access_token`` (``lives`` or ``dies``) and ``token_calls_per_day``.
"""

from __future__ import annotations

import hmac
import ipaddress
import json
import secrets
from typing import Any
from urllib.parse import unquote_plus, urlsplit

from werkzeug.wrappers import Request, Response

from .clock import Clock
from .storage import Store
from .switches import Switches

FORM = "application/x-www-form-urlencoded"
# Why the token endpoint refuses → status, error, and where it matters a description.
REFUSED: dict[str, tuple] = {
    "form": (400, "invalid_request"),
    "client": (401, "invalid_client"),
    "grant_type_missing": (400, "invalid_request"),
    "grant_type": (400, "unsupported_grant_type"),
    "code_unknown": (400, "invalid_grant"),
    "code_over": (400, "invalid_grant"),
    "redirect_uri": (400, "invalid_grant"),
    "revoked": (400, "invalid_grant"),
    "refresh_missing": (400, "invalid_request"),
    "refresh_unknown": (400, "invalid_grant"),
    "refresh_expired": (400, "invalid_grant"),
    "refresh_used": (400, "invalid_grant"),
    "refresh_early": (400, "access_denied"),
    "too_many": (429, None, "Too Many Requests"),
}


class BadToken(Exception):
    """No access token that works: ``why`` is ``missing``, ``invalid`` or ``expired``."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


class TokenError(Exception):
    """An error answer of the token endpoint: JSON, or plain text when ``error`` is None."""

    def __init__(self, status: int, error: str | None, description: str = "", reason: str = ""):
        super().__init__(status, error, description)
        self.status = status
        self.error = error
        self.description = description
        self.reason = reason

    def response(self) -> Response:
        """The answer as it is sent."""
        if self.error is None:
            return Response(self.description, self.status, content_type="text/plain")
        body = {"error": self.error}
        if self.description:
            body["error_description"] = self.description
        response = _json(body, self.status)
        if self.reason:
            response.headers["Reason"] = self.reason
        return response


def _json(body: dict, status: int = 200) -> Response:
    return Response(
        json.dumps(body),
        status,
        content_type="application/json; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )


def is_loopback(host: str | None) -> bool:
    """Whether a host name means this machine."""
    if host == "localhost" or (host or "").endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


class OAuthServer:
    """Consents and tokens of one sandbox. ``switches``: see above; the app is what ``app`` gives:
    ``client_id``, ``client_secret``, ``redirect_uris``. A package says how its tokens look."""

    refused = REFUSED

    def __init__(self, store: Store, clock: Clock, switches: Switches):
        self.store = store
        self.clock = clock
        self.switches = switches

    @property
    def app(self) -> dict:
        """The registered app."""
        raise NotImplementedError

    def refusal(self, why: str, **_facts: Any) -> TokenError:
        """The answer of the token endpoint for a reason of ``REFUSED``; an expired refresh token
        comes with its end as ``expired``."""
        return TokenError(*self.refused[why])

    def new_code(self) -> str:
        """An authorization code."""
        return secrets.token_urlsafe(32)

    def new_access_token(self) -> str:
        """An access token."""
        return secrets.token_urlsafe(64)

    def new_refresh_token(self) -> str:
        """A refresh token."""
        return secrets.token_urlsafe(64)

    def now(self) -> float:
        """Seconds since 1970 by the sandbox's clock."""
        return self.clock.now().timestamp()

    # What an authorization asks -----------------------------------------------------------------

    def is_client(self, client_id: str) -> bool:
        """Whether the app exists."""
        return client_id == self.app["client_id"]

    def is_redirect_uri(self, uri: str) -> bool:
        """The same text as a registered one; none registered: any address of this machine."""
        registered = self.app["redirect_uris"]
        if registered:
            return uri in registered
        try:
            parts = urlsplit(uri)
            return parts.scheme in ("http", "https") and is_loopback(parts.hostname)
        except ValueError:
            return False

    # Consents -----------------------------------------------------------------------------------

    def consents(self) -> dict[str, dict]:
        """Consents by number: user, what was granted, revoked."""
        return self.store.setting("oauth.consents", {})

    def keep_consent(self, user: str, **granted: Any) -> str:
        """The user allows the app something; gives the consent's number. Every consent starts a
        chain of its own."""
        number = str(len(self.consents()) + 1)
        consent = {"user": user, **granted, "revoked": False}
        self.store.keep("oauth.consents", {**self.consents(), number: consent})
        return number

    # Codes and tokens ---------------------------------------------------------------------------

    def code(self, consent: str, redirect_uri: str) -> str:
        """A new authorization code."""
        code = self.new_code()
        self.store.keep(
            f"oauth.code.{code}",
            {
                "consent": consent,
                "redirect_uri": redirect_uri,
                "used": False,
                "expires": self.now() + self.switches["code_seconds"],
            },
        )
        return code

    def consent_behind(self, authorization: str | None) -> dict:
        """The consent behind an ``Authorization`` header; raises ``BadToken``."""
        kind, _, token = (authorization or "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise BadToken("missing")
        found = self.store.setting(f"oauth.access.{token}")
        consent = found and self.consents().get(found["consent"])
        if not consent or consent["revoked"]:
            raise BadToken("invalid")
        if (
            found["dead"]
            or found["expires"] <= self.now()
            or found["generation"] != self.store.setting("oauth.generation", 0)
        ):
            raise BadToken("expired")
        return consent

    def expire(self, refresh: bool = False) -> None:
        """Every access token given so far is expired; with ``refresh`` every refresh token too."""
        name = "oauth.refresh_generation" if refresh else "oauth.generation"
        self.store.keep(name, self.store.setting(name, 0) + 1)
        if refresh:
            self.expire()

    def token(self, request: Request) -> Response:
        """The token endpoint."""
        if request.method != "POST":
            return Response("Method Not Allowed", 405, content_type="text/plain")
        try:
            with self.store.transaction():
                answer = self._token(request)
        except TokenError as error:
            return error.response()
        return answer if isinstance(answer, Response) else _json(answer)

    def _token(self, request: Request) -> dict | Response:
        form = {**_basic(request), **request.form.to_dict()}
        if request.mimetype != FORM:
            raise self.refusal("form")
        if not self._is_app(form):
            raise self.refusal("client")
        grant = {"authorization_code": self._exchange, "refresh_token": self._refresh}.get(
            form.get("grant_type", "")
        )
        if grant is None:
            raise self.refusal("grant_type" if "grant_type" in form else "grant_type_missing")
        try:
            return grant(form)
        except TokenError as error:
            return error.response()  # the counter of calls stays raised

    def _is_app(self, form: Any) -> bool:
        return self.is_client(form.get("client_id", "")) and hmac.compare_digest(
            self.app["client_secret"].encode(), form.get("client_secret", "").encode()
        )

    def _exchange(self, form: Any) -> dict:
        name = f"oauth.code.{form.get('code', '')}"
        found = self.store.setting(name)
        if not found:
            raise self.refusal("code_unknown")
        consent = self._count(found["consent"])
        if found["used"] or found["expires"] <= self.now():
            raise self.refusal("code_over")
        if found["redirect_uri"] != form.get("redirect_uri"):
            raise self.refusal("redirect_uri")
        self.store.keep(name, {**found, "used": True})
        if consent["revoked"]:
            raise self.refusal("revoked")
        return self._issue(found["consent"])

    def _refresh(self, form: Any) -> dict:
        if not form.get("refresh_token"):
            raise self.refusal("refresh_missing")
        name = f"oauth.refresh.{form['refresh_token']}"
        found = self.store.setting(name)
        if not found:
            raise self.refusal("refresh_unknown")
        consent = self._count(found["consent"])
        if consent["revoked"]:
            raise self.refusal("revoked")
        self._check_expiry(found)
        if found["used"]:
            raise self.refusal("refresh_used")
        # An access token that was expired by hand may be renewed at once.
        if self.now() - found["issued"] < self.switches["refresh_after_seconds"] and found[
            "access_generation"
        ] == self.store.setting("oauth.generation", 0):
            raise self.refusal("refresh_early")
        self.store.keep(name, {**found, "used": True})
        if self.switches["old_access_token"] == "dies":
            old = self.store.setting(f"oauth.access.{found['access']}")
            self.store.keep(f"oauth.access.{found['access']}", {**old, "dead": True})
        return self._issue(found["consent"])

    def _check_expiry(self, refresh: dict) -> None:
        """Raises ``TokenError`` for a refresh token past its end, or expired by hand."""
        by_hand = refresh["generation"] != self.store.setting("oauth.refresh_generation", 0)
        if refresh["expires"] <= self.now() or by_hand:
            raise self.refusal("refresh_expired", expired=min(refresh["expires"], self.now()))

    def _count(self, number: str) -> dict:
        """Count a token call of the consent's user; 429 beyond the day's maximum."""
        consent = self.consents()[number]
        day = self.clock.now().strftime("%Y-%m-%d")
        calls = self.store.row(
            "INSERT INTO call VALUES (?, ?, 'token', 1) ON CONFLICT DO UPDATE"
            " SET number = number + 1 RETURNING number",
            day,
            f"user {consent['user']}",
        )["number"]
        limit = self.switches["token_calls_per_day"]
        if limit and calls > limit:
            raise self.refusal("too_many")
        return consent

    def _issue(self, consent: str) -> dict:
        access, refresh = self.new_access_token(), self.new_refresh_token()
        now, seconds = self.now(), self.switches["token_seconds"]
        generation = self.store.setting("oauth.generation", 0)
        self.store.keep(
            f"oauth.access.{access}",
            {"consent": consent, "expires": now + seconds, "generation": generation, "dead": False},
        )
        self.store.keep(
            f"oauth.refresh.{refresh}",
            {
                "consent": consent,
                "issued": now,
                "used": False,
                "access": access,
                "access_generation": generation,
                "expires": now + self.switches["refresh_days"] * 86400,
                "generation": self.store.setting("oauth.refresh_generation", 0),
            },
        )
        return {
            "access_token": access,
            "token_type": "bearer",
            "expires_in": str(seconds),
            "refresh_token": refresh,
        }


def _basic(request: Request) -> dict[str, str]:
    """Client id and secret of an ``Authorization: Basic`` header, encoded as in a form."""
    given = request.authorization
    if given is None or given.type != "basic":
        return {}
    return {
        "client_id": unquote_plus(given.username or ""),
        "client_secret": unquote_plus(given.password or ""),
    }
