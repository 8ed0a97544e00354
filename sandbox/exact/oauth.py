"""Consents, codes and tokens: what Exact Online has of its own in the authorization code grant.

Choices where the reference is silent:

* a code belongs to its client and redirect URI; another URI at the exchange is ``invalid_grant``;
* every consent starts a chain of its own, an older chain of the same user lives on;
* a refresh token that is unknown, or of a revoked consent, is ``invalid_grant``, the access token
  of a revoked consent 401;
* an expired refresh token is ``invalid_request`` with both moments in words, as two users report;
  that they are UTC is a choice, and that it is told before "used";
* an early refresh is checked after "used", so the loser of two parallel refreshes hears "used"; its
  ``Reason`` repeats what the description says;
* token calls count per user and day (UTC) once the code or refresh token is known, refused or not.

Tokens hold characters that a form has to encode, as real ones do.
"""

from __future__ import annotations

import base64
import datetime as dt
import secrets
from typing import Any

from ..kit.clock import Clock
from ..kit.oauth import REFUSED, BadToken, OAuthServer, TokenError
from ..kit.storage import Store
from .errors import Refusal
from .identity import Identity
from .switches import Switches

TOO_EARLY = "Rate limit exceeded: access_token not expired"
TOO_EARLY_REASON = f"TooEarlyToRefreshTokens: {TOO_EARLY}"
BAD_TOKENS = {
    "missing": "Bearer",
    "invalid": 'Bearer error="invalid_token", error_description="access token is not valid"',
    "expired": 'Bearer error="invalid_token", error_description="access token expired"',
}


class OAuth(OAuthServer):
    """Consents and tokens of one sandbox."""

    refused = {
        **REFUSED,
        "client": (400, "invalid_request"),
        "code_unknown": (400, None, "Bad Request"),
        "code_over": (400, None, "Bad Request"),
        "refresh_used": (401, "unauthorized_client", "Old refresh token used."),
    }

    def __init__(self, store: Store, clock: Clock, switches: Switches, identity: Identity):
        super().__init__(store, clock, switches)
        self.identity = identity

    @property
    def app(self) -> dict:
        return self.identity.app

    def refusal(self, why: str, **facts: Any) -> TokenError:
        if why == "refresh_early":
            status = self.switches["early_refresh_status"]
            return TokenError(status, "access_denied", TOO_EARLY, TOO_EARLY_REASON)
        if why == "refresh_expired":
            end, now = _in_words(facts["expired"]), _in_words(self.now())
            text = f"The refresh token expired at {end} and it is now {now}."
            return TokenError(400, "invalid_request", text)
        return super().refusal(why, **facts)

    def new_code(self) -> str:
        return f"stampBE001.{_random(48)}!IAAA/{secrets.token_urlsafe(6)}"

    def new_access_token(self) -> str:
        return "gAAAA" + secrets.token_urlsafe(120)

    def new_refresh_token(self) -> str:
        return f"nGvr.{_random(60)}!IAAA{_random(90)}"

    def is_client(self, client_id: str) -> bool:
        """Whether the app exists; braces and case do not count."""
        return client_id.strip("{}").lower() == self.app["client_id"].lower()

    def consent(self, user: str, divisions: list[int]) -> str:
        """The user allows the app some divisions; gives the consent's number."""
        return self.keep_consent(user, divisions=sorted(divisions))

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

    def grant(self, authorization: str | None) -> dict:
        """The consent behind an ``Authorization`` header; raises ``Refusal`` (401)."""
        try:
            return self.consent_behind(authorization)
        except BadToken as error:
            raise Refusal(401, "", {"WWW-Authenticate": BAD_TOKENS[error.why]}) from None


def _in_words(moment: float) -> str:
    """Seconds since 1970 as the service writes them in a sentence: 10/11/2022 9:18:20 PM."""
    at = dt.datetime.fromtimestamp(moment, dt.UTC)
    return f"{at.month}/{at.day}/{at.year} {at.hour % 12 or 12}:{at:%M:%S} {at:%p}"


def _random(length: int) -> str:
    """Random characters, + and / among them."""
    return base64.b64encode(secrets.token_bytes(length)).decode()[: length - 2] + "+/"
