"""Consents, codes and tokens: the rules of the authorization code grant.

Everything is kept in the store, so that a restart keeps a chain alive. Times are seconds of the
sandbox's clock. Choices where the reference is silent:

* a code belongs to its client and redirect URI; another URI at the exchange is ``invalid_grant``;
* every consent starts a chain of its own, an older chain of the same user lives on;
* a refresh token that is unknown, or of a revoked consent, is ``invalid_grant``, the access token
  of a revoked consent 401;
* an expired refresh token is ``invalid_request`` with both moments in words, as two users report;
  that they are UTC is a choice, and that it is told before "used";
* an early refresh is checked after "used", so the loser of two parallel refreshes hears "used"; its
  ``Reason`` repeats what the description says;
* token calls count per user and day (UTC) once the code or refresh token is known, refused or not;
* client id and secret may stand in an ``Authorization: Basic`` header instead of the form, as RFC
  6749 has it; what the form says counts before it.

Tokens hold characters that a form has to encode, as real ones do.
"""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import ipaddress
import json
import secrets
from typing import Any
from urllib.parse import unquote_plus, urlsplit

from werkzeug.wrappers import Request, Response

from ..kit.clock import Clock
from ..kit.storage import Store
from .errors import Refusal
from .identity import Identity
from .switches import Switches

TOO_EARLY = "Rate limit exceeded: access_token not expired"
TOO_EARLY_REASON = f"TooEarlyToRefreshTokens: {TOO_EARLY}"
FORM = "application/x-www-form-urlencoded"


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


class OAuth:
    """Consents and tokens of one sandbox."""

    def __init__(self, store: Store, clock: Clock, switches: Switches, identity: Identity):
        self.store = store
        self.clock = clock
        self.switches = switches
        self.identity = identity

    def now(self) -> float:
        """Seconds since 1970 by the sandbox's clock."""
        return self.clock.now().timestamp()

    # What an authorization asks -----------------------------------------------------------------

    def is_client(self, client_id: str) -> bool:
        """Whether the app exists; braces and case do not count."""
        return client_id.strip("{}").lower() == self.identity.app["client_id"].lower()

    def is_redirect_uri(self, uri: str) -> bool:
        """Exact match with a registered one; none registered: any address of this machine."""
        registered = self.identity.app["redirect_uris"]
        if registered:
            return uri in registered
        try:
            parts = urlsplit(uri)
            return parts.scheme in ("http", "https") and is_loopback(parts.hostname)
        except ValueError:
            return False

    # Consents -----------------------------------------------------------------------------------

    def consents(self) -> dict[str, dict]:
        """Consents by number: user, divisions, revoked."""
        return self.store.setting("oauth.consents", {})

    def consent(self, user: str, divisions: list[int]) -> str:
        """The user allows the app some divisions; gives the consent's number."""
        number = str(len(self.consents()) + 1)
        self.store.keep(
            "oauth.consents",
            {
                **self.consents(),
                number: {"user": user, "divisions": sorted(divisions), "revoked": False},
            },
        )
        return number

    def revoke(self, user: str | None = None, division: int | None = None) -> int:
        """Withdraw consents (of a user), or only one division from them; gives how many."""
        changed, consents = 0, {}
        for number, consent in self.consents().items():
            if user in (None, consent["user"]) and not consent["revoked"]:
                changed += 1
                consent = (
                    {**consent, "revoked": True}
                    if division is None
                    else {
                        **consent,
                        "divisions": [kept for kept in consent["divisions"] if kept != division],
                    }
                )
            consents[number] = consent
        self.store.keep("oauth.consents", consents)
        return changed

    # Codes and tokens ---------------------------------------------------------------------------

    def code(self, consent: str, redirect_uri: str) -> str:
        """A new authorization code."""
        code = f"stampBE001.{_random(48)}!IAAA/{secrets.token_urlsafe(6)}"
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

    def grant(self, authorization: str | None) -> dict:
        """The consent behind an ``Authorization`` header; raises ``Refusal`` (401)."""
        kind, _, token = (authorization or "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise Refusal(401, "", {"WWW-Authenticate": "Bearer"})
        found = self.store.setting(f"oauth.access.{token}")
        consent = found and self.consents().get(found["consent"])
        if not consent or consent["revoked"]:
            raise _bad_token("access token is not valid")
        if (
            found["dead"]
            or found["expires"] <= self.now()
            or found["generation"] != self.store.setting("oauth.generation", 0)
        ):
            raise _bad_token("access token expired")
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
        if request.mimetype != FORM or not self._is_app(form):
            raise TokenError(400, "invalid_request")
        grant = {"authorization_code": self._exchange, "refresh_token": self._refresh}.get(
            form.get("grant_type", "")
        )
        if grant is None:
            raise TokenError(
                400, "unsupported_grant_type" if "grant_type" in form else "invalid_request"
            )
        try:
            return grant(form)
        except TokenError as error:
            return error.response()  # the counter of calls stays raised

    def _is_app(self, form: Any) -> bool:
        return self.is_client(form.get("client_id", "")) and hmac.compare_digest(
            self.identity.app["client_secret"].encode(), form.get("client_secret", "").encode()
        )

    def _exchange(self, form: Any) -> dict:
        name = f"oauth.code.{form.get('code', '')}"
        found = self.store.setting(name)
        if not found:
            raise TokenError(400, None, "Bad Request")
        consent = self._count(found["consent"])
        if found["used"] or found["expires"] <= self.now():
            raise TokenError(400, None, "Bad Request")
        if found["redirect_uri"] != form.get("redirect_uri"):
            raise TokenError(400, "invalid_grant")
        self.store.keep(name, {**found, "used": True})
        if consent["revoked"]:
            raise TokenError(400, "invalid_grant")
        return self._issue(found["consent"])

    def _refresh(self, form: Any) -> dict:
        if not form.get("refresh_token"):
            raise TokenError(400, "invalid_request")
        name = f"oauth.refresh.{form['refresh_token']}"
        found = self.store.setting(name)
        if not found:
            raise TokenError(400, "invalid_grant")
        consent = self._count(found["consent"])
        if consent["revoked"]:
            raise TokenError(400, "invalid_grant")
        self._check_expiry(found)
        if found["used"]:
            raise TokenError(401, "unauthorized_client", "Old refresh token used.")
        # An access token that was expired by hand may be renewed at once.
        if self.now() - found["issued"] < self.switches["refresh_after_seconds"] and found[
            "access_generation"
        ] == self.store.setting("oauth.generation", 0):
            raise TokenError(
                self.switches["early_refresh_status"], "access_denied", TOO_EARLY, TOO_EARLY_REASON
            )
        self.store.keep(name, {**found, "used": True})
        if self.switches["old_access_token"] == "dies":
            old = self.store.setting(f"oauth.access.{found['access']}")
            self.store.keep(f"oauth.access.{found['access']}", {**old, "dead": True})
        return self._issue(found["consent"])

    def _check_expiry(self, refresh: dict) -> None:
        """Raises ``TokenError`` for a refresh token past its end, or expired by hand."""
        by_hand = refresh["generation"] != self.store.setting("oauth.refresh_generation", 0)
        if refresh["expires"] <= self.now() or by_hand:
            end = min(refresh["expires"], self.now())
            raise TokenError(
                400,
                "invalid_request",
                (
                    f"The refresh token expired at {_in_words(end)} and it is now"
                    f" {_in_words(self.now())}."
                ),
            )

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
            raise TokenError(429, None, "Too Many Requests")
        return consent

    def _issue(self, consent: str) -> dict:
        access = "gAAAA" + secrets.token_urlsafe(120)
        refresh = f"nGvr.{_random(60)}!IAAA{_random(90)}"
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


def _in_words(moment: float) -> str:
    """Seconds since 1970 as the service writes them in a sentence: 10/11/2022 9:18:20 PM."""
    at = dt.datetime.fromtimestamp(moment, dt.UTC)
    return f"{at.month}/{at.day}/{at.year} {at.hour % 12 or 12}:{at:%M:%S} {at:%p}"


def _bad_token(text: str) -> Refusal:
    return Refusal(
        401, "", {"WWW-Authenticate": f'Bearer error="invalid_token", error_description="{text}"'}
    )


def _random(length: int) -> str:
    """Random characters, + and / among them."""
    return base64.b64encode(secrets.token_bytes(length)).decode()[: length - 2] + "+/"
