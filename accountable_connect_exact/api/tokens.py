"""The chain of tokens: one consent, then every refresh token is used once and brings the next.

A chain that breaks needs a person, so each rule here guards against one way to break it. The life
of an access token, in seconds since it was issued::

    0                                        570      595  600
    ├── used by every worker ────────────────┼────────┼────┼──────────────────► 30 days
    │                                        │        │    │
    │   a refresh is refused (too early)     │ the first who needs it refreshes it, whenever
    │                                        │        │    │ that is; nothing does it by a timer
    │                                        │        └ no request begins with less than 5 s left

* Refresh on demand, under ``TokenStore.lock``, after reading the store again: whoever comes second
  finds the new pair there.
* The age is measured twice, because an answer takes time: until 570 from when the answer came (so
  that a refresh is hardly ever too early), until 595 from when it was asked for.
* *Too early* means that the server holds the token for younger than 570, so that it lives another
  30 s at least whatever our clock says: it is used for 25 s more, then a refresh is asked for
  again. The refresh token is unharmed.
* A new refresh token is stored before anything else, whatever the status of its answer: the old one
  is dead.
* No answer: temporary. The same refresh token is tried again later; when the lost answer held a new
  one, the server says so.
* *Old refresh token used*, or *expired* (``invalid_grant``, or ``invalid_request`` with that
  sentence): the store is read once more; when another worker has won, its tokens are used, else the
  chain is lost, which is stored so that nobody asks again. Any other ``invalid_request`` is about
  the app: nothing is lost.
* 401 with a token: one refresh when it is old enough or the server says it expired, one repetition;
  otherwise the consent was withdrawn.

Source of the figures: the vendor's pages on OAuth and what its users report.
"""

import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from oauthlib.common import add_params_to_uri
from oauthlib.oauth2 import OAuth2Error, WebApplicationClient
from odoo.addons.accountable_connect.api.contract import TokenStore
from odoo.addons.accountable_connect.api.errors import (
    AuthorisationLostError,
    LimitReachedError,
    PackageError,
    TemporaryError,
)
from odoo.addons.accountable_connect.api.http.masking import masked
from odoo.addons.accountable_connect.api.http.payloads import from_json, is_token
from odoo.addons.accountable_connect.api.http.transport import Answer, Transport, TransportError

_logger = logging.getLogger(__name__)

NAME = "oauth"
AUTHORISE_PATH = "/api/oauth2/auth"
TOKEN_PATH = "/api/oauth2/token"  # noqa: S105
REQUEST = f"POST {TOKEN_PATH}"
LIFE = 600
REFUSED_UNTIL = timedelta(seconds=570)
LEAST_LEFT = timedelta(seconds=5)
GOOD_AFTER_TOO_EARLY = timedelta(seconds=25)
CLOCK_TOLERANCE = timedelta(minutes=1)
# 200 token calls a day per app and user; nothing tells when the count starts again.
LIMIT_WAIT = timedelta(minutes=15)
# What OAuth calls a problem of the server: nothing is lost.
PASSING = ("server_error", "temporarily_unavailable")
# An expired refresh token is told as ``invalid_request``, which is the word for a wrong app too.
_ENDED = r"(?:has |is |was |has been )?(?:expired|revoked|withdrawn|no longer valid)"
_REFRESH_TOKEN_ENDED = re.compile(
    rf"\brefresh[ _]token {_ENDED}\b|\b(?:expired|revoked) refresh[ _]token\b", re.IGNORECASE
)
_CODE_ENDED = re.compile(
    rf"\bcode {_ENDED}\b|\bexpired (?:authori[sz]ation )?code\b", re.IGNORECASE
)
_SAVE_TRIES = 3
_LARGEST = 64 * 1024


class TokenChain:
    """The tokens of one sign-in. ``count`` is called before each request to the token endpoint;
    ``now`` gives the moment with its zone."""

    def __init__(
        self,
        transport: Transport,
        *,
        client_id: str,
        client_secret: str,
        redirect_uri: str,
        tokens: TokenStore,
        count: Callable[[], None],
        now: Callable[[], datetime],
    ):
        self._transport = transport
        self._app = WebApplicationClient(client_id)
        self._client_secret = client_secret
        self._redirect_uri = redirect_uri
        self._tokens = tokens
        self._count = count
        self._now = now
        self._known: dict = {}

    def authorisation_address(self, state: str) -> str:
        """Where a browser goes to sign in and consent."""
        parameters = {
            "client_id": self._app.client_id,
            "redirect_uri": self._redirect_uri,
            "response_type": "code",
            "state": state,
            "force_login": "0",
        }
        return add_params_to_uri(self._transport.site + AUTHORISE_PATH, list(parameters.items()))

    def sign_in(self, code: str) -> None:
        """Exchange the code of the return for the first pair. A code works once."""
        body = self._app.prepare_request_body(
            code=code, redirect_uri=self._redirect_uri, client_secret=self._client_secret
        )
        with self._tokens.lock(NAME):
            asked_at = self._now()
            answer = self._post(body)
            if not self._keep_pair(answer, asked_at, {}):
                raise self._refusal(answer, code=code, exchange=True)

    def access_token(self) -> str:
        """A token with at least five seconds left. Raises AuthorisationLostError, TemporaryError or
        LimitReachedError."""
        if not self._usable(self._known):
            self._load()
        if self._usable(self._known):
            return self._known["access_token"]
        with self._tokens.lock(NAME):
            self._load()
            if self._usable(self._known):
                return self._known["access_token"]
            return self._refresh()

    def renewed(self, refused: str, *, says_expired: bool) -> str:
        """Another token after a 401 with ``refused``; ``says_expired``: the server gave that as the
        reason. Raises AuthorisationLostError when there can be none."""
        with self._tokens.lock(NAME):
            self._load()
            if self._known.get("access_token") != refused and self._usable(self._known):
                return self._known["access_token"]
            if self._usable(self._known) and not says_expired:
                raise AuthorisationLostError(
                    "Exact does not take the token any more", code="token_refused", request=REQUEST
                )
            return self._refresh(refused)

    def masked(self, content: bytes, *more: str) -> bytes:
        """The content without any secret of ours (or ``more``) it may repeat."""
        secrets = [self._client_secret, *more]
        secrets += [self._known.get(name) for name in ("access_token", "refresh_token")]
        return masked(content, secrets)

    # The pair

    def _load(self):
        """Read the store into what is known. Raises AuthorisationLostError when there is no
        chain."""
        self._known = self._tokens.load(NAME) or {}
        if not self._known.get("refresh_token"):
            raise AuthorisationLostError("Nobody signed in at Exact", code="not_signed_in")
        if self._known.get("lost"):
            raise AuthorisationLostError(
                "The chain of tokens is broken", code=self._known["lost"], request=REQUEST
            )

    def _usable(self, pair):
        if not pair.get("access_token"):
            return False
        issued = datetime.fromisoformat(pair["issued_at"])
        answered = datetime.fromisoformat(pair.get("answered_at") or pair["issued_at"])
        end = issued + timedelta(seconds=pair["expires_in"]) - LEAST_LEFT
        end = min(end, answered + REFUSED_UNTIL)
        if pair.get("kept_until"):
            end = max(end, datetime.fromisoformat(pair["kept_until"]))
        # a moment in the future: the clock was put back, its measure is of no use
        return issued - CLOCK_TOLERANCE <= self._now() < end

    def _refresh(self, refused=None):
        """Use the refresh token, which the lock and the store say is nobody else's."""
        used = self._known
        body = self._app.prepare_refresh_body(
            refresh_token=used["refresh_token"],
            client_id=self._app.client_id,
            client_secret=self._client_secret,
        )
        asked_at = self._now()
        answer = self._post(body)
        if self._keep_pair(answer, asked_at, used):
            return self._known["access_token"]
        if _is_too_early(answer):
            return self._keep_until_later(asked_at, refused)
        error = self._refusal(answer)
        if error.code in ("old_refresh_token", "consent_expired"):
            return self._after_old_token(used, error)
        raise error

    def _keep_pair(self, answer: Answer, asked_at, before):
        """Store what the answer holds, whatever its status; True when it is a whole pair."""
        try:
            given = from_json(answer.content, cleaned=False)
        except ValueError:
            return False
        if not isinstance(given, dict):
            return False
        access, refresh = (_text(given.get(name)) for name in ("access_token", "refresh_token"))
        if not all(is_token(token) for token in (access, refresh) if token):
            raise AuthorisationLostError(
                "Exact: a token has characters that no token has",
                code="token_unreadable",
                request=REQUEST,
            )
        if refresh and (access or refresh != before.get("refresh_token")):
            self._save(
                {
                    "access_token": access,
                    "refresh_token": refresh,
                    "issued_at": asked_at.astimezone(UTC).isoformat(),
                    "answered_at": self._now().astimezone(UTC).isoformat(),
                    "expires_in": _seconds(given.get("expires_in")),
                }
            )
        return bool(access and refresh)

    def _save(self, pair):
        """Store durably. A pair that is not stored is lost with this worker, so it is tried several
        times."""
        self._known = pair
        for attempt in range(1, _SAVE_TRIES + 1):
            try:
                self._tokens.save(NAME, pair)
                return
            except TemporaryError:
                if attempt == _SAVE_TRIES:
                    _logger.error("Exact: new tokens of a sign-in could not be stored")
                    raise

    def _keep_until_later(self, asked_at, refused):
        used = self._known
        if not used.get("access_token") or used["access_token"] == refused:
            raise TemporaryError(
                "Exact refuses the token and a new one before its time",
                code="token_too_early",
                request=REQUEST,
            )
        self._save({**used, "kept_until": (asked_at + GOOD_AFTER_TOO_EARLY).isoformat()})
        return used["access_token"]

    def _after_old_token(self, used, error):
        stored = self._tokens.load(NAME) or {}
        if stored.get("refresh_token") and stored["refresh_token"] != used["refresh_token"]:
            self._known = stored
            if self._usable(stored):
                return stored["access_token"]
            raise TemporaryError("Another worker renewed the tokens", code="token_renewed")
        self._save({**used, "access_token": "", "lost": error.code})
        raise error

    # The token endpoint

    def _post(self, body) -> Answer:
        self._count()
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            return self._transport.send(
                "POST",
                self._transport.site + TOKEN_PATH,
                headers=headers,
                data=body.encode(),
                largest=_LARGEST,
            )
        except TransportError as error:
            raise TemporaryError(
                f"Exact, tokens: {error}", code=error.code, technical=str(error), request=REQUEST
            ) from error

    def _refusal(self, answer: Answer, code="", exchange=False) -> PackageError:
        """The error for an answer without a pair. The text of the answer is never quoted beyond
        OAuth's own words: it may repeat what we sent."""
        if answer.status == 429:
            not_before = (self._now() + LIMIT_WAIT).astimezone(UTC).replace(tzinfo=None)
            return LimitReachedError(
                "Exact: too many token calls",
                not_before=not_before,
                whole=True,
                code="token_limit",
                request=REQUEST,
            )
        name, description = self._oauth_error(answer)
        technical = f"{answer.status} {name} {description}".strip()
        technical = self.masked(technical.encode(), code).decode()[:600]
        kwargs = {"technical": technical, "request": REQUEST}
        passing = name in PASSING or (not name and not exchange)
        if passing or not 400 <= answer.status < 500:
            text = f"Exact, tokens: no usable answer ({answer.status})"
            return TemporaryError(text, code="no_json", **kwargs)
        text = f"Exact, tokens: {technical}"
        if "old refresh token" in description.lower():
            return AuthorisationLostError(text, code="old_refresh_token", **kwargs)
        if exchange and (name in ("", "invalid_grant") or _CODE_ENDED.search(description)):
            return AuthorisationLostError(text, code="code_refused", **kwargs)
        if not exchange and (name == "invalid_grant" or _REFRESH_TOKEN_ENDED.search(description)):
            return AuthorisationLostError(text, code="consent_expired", **kwargs)
        return AuthorisationLostError(text, code="app_refused", **kwargs)

    def _oauth_error(self, answer):
        """``error`` and ``error_description`` of the answer, "" where it is none of OAuth's."""
        try:
            if isinstance(from_json(answer.content), dict):
                self._app.parse_request_body_response(answer.content.decode())
        except OAuth2Error as error:
            if error.error and error.error != "missing_token":
                return str(error.error)[:100], str(error.description or "")[:4000]
        except (TypeError, ValueError):
            return "", ""
        return "", ""


def _is_too_early(answer):
    reason = answer.headers.get("Reason", "").lower()
    return answer.status in (400, 401, 403) and (
        reason.startswith("tooearly") or b"access_token not expired" in answer.content
    )


def _text(value):
    return value if isinstance(value, str) else ""


def _seconds(value):
    """``expires_in`` comes as text."""
    try:
        return min(max(int(value), 1), LIFE * 6)
    except (TypeError, ValueError):
        return LIFE
