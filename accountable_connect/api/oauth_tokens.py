"""Signing in with OAuth: one consent, then a chain of tokens, each of which brings the next.

A chain that breaks needs a person, so each rule here guards against one way to break it:

* Refresh on demand, under ``TokenStore.lock``, after reading the store again: whoever comes second
  finds the new pair there. Nothing does it by a timer.
* The age is measured twice, because an answer takes time: the life from when it was asked for, the
  moment before which a refresh is refused (``use_for``) from when the answer came.
* *Too early* means that the server holds the token for younger than we do: it is used a little
  longer, then a refresh is asked for again. The refresh token is unharmed.
* A new refresh token is stored before anything else, whatever the status of its answer: the old one
  is dead.
* No answer: temporary. The same refresh token is tried again later; when the lost answer held a new
  one, the server says so.
* Refused as used or expired (``OAuthPolicy.refusals``): the store is read once more; when another
  worker has won, its tokens are used, else the chain is lost, which is stored so that nobody asks
  again. Any other refusal is about the app: nothing is lost.
* 401 with a token: one refresh when it is old enough or the server says it expired, one repetition;
  otherwise the consent was withdrawn.

What differs from vendor to vendor stands in one ``OAuthPolicy``.
"""

import hashlib
import logging
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote_plus, urlencode

from .contract import TokenStore
from .errors import AuthorisationLostError, LimitReachedError, PackageError, TemporaryError
from .http.masking import masked
from .http.payloads import from_json, is_token
from .http.transport import Answer, Transport, TransportError

_logger = logging.getLogger(__name__)

NAME = "oauth"
CODE, REFRESH = "authorization_code", "refresh_token"
LEAST_LEFT = timedelta(seconds=5)
GOOD_AFTER_TOO_EARLY = timedelta(seconds=25)
CLOCK_TOLERANCE = timedelta(minutes=1)
# What OAuth calls a problem of the server: nothing is lost.
PASSING = ("server_error", "temporarily_unavailable")
_SAVE_TRIES = 3
_LARGEST = 64 * 1024


# How an app proves who it is: headers and fields of a request to the token endpoint.


def in_body(client_id: str, client_secret: str) -> tuple[dict, dict]:
    return {}, {"client_id": client_id, "client_secret": client_secret}


def basic(client_id: str, client_secret: str) -> tuple[dict, dict]:
    both = f"{quote_plus(client_id)}:{quote_plus(client_secret)}"
    return {"Authorization": "Basic " + b64encode(both.encode()).decode()}, {}


def public(client_id: str, client_secret: str) -> tuple[dict, dict]:
    """An app without a secret."""
    return {}, {"client_id": client_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An answer of the token endpoint after which somebody signs in again.

    ``pattern`` is sought in OAuth's ``error`` and ``error_description``, a blank between, without
    regard to case; both are "" where the answer has none. ``grant`` "": of any request.
    """

    code: str
    pattern: str
    grant: str = ""


# Those of the standard.
REFUSALS = (
    Refusal(code="code_refused", pattern="^$|^invalid_grant\\b", grant=CODE),
    Refusal(code="consent_expired", pattern="^invalid_grant\\b", grant=REFRESH),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthPolicy:
    """What is special about a vendor's OAuth.

    ``authorise``, ``token``: paths below the site of the transport. ``parameters``: what the first
    one gets besides those of the standard. ``life``: seconds of an access token, where the answer
    does not say. ``use_for``: not refreshed before, where the vendor refuses that; None: until it
    ends. ``is_too_early``: whether an answer says so. ``rotates``: a refresh token works once; else
    an answer without one leaves the old one in force. ``longest_rest``: renewed after so long
    without use, because the chain would end; None: it does not. ``limit_wait``: after too many
    requests.
    """

    vendor: str
    authorise: str
    token: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    scope: str = ""
    client_authentication: Callable[[str, str], tuple[dict, dict]] = in_body
    pkce: bool = False
    life: int = 3600
    use_for: timedelta | None = None
    is_too_early: Callable[[Answer], bool] = lambda answer: False
    rotates: bool = True
    longest_rest: timedelta | None = None
    limit_wait: timedelta = timedelta(minutes=15)
    refusals: tuple[Refusal, ...] = REFUSALS


class TokenChain:
    """The tokens of one sign-in. ``count`` is called before each request to the token endpoint;
    ``now`` gives the moment with its zone."""

    def __init__(
        self,
        policy: OAuthPolicy,
        transport: Transport,
        *,
        client_id: str,
        client_secret: str,
        redirect_uri: str,
        tokens: TokenStore,
        count: Callable[[], None],
        now: Callable[[], datetime],
    ):
        self._policy = policy
        self._request = f"POST {policy.token}"
        self._transport = transport
        self._client_id = client_id
        self._client_secret = client_secret
        self._redirect_uri = redirect_uri
        self._tokens = tokens
        self._count = count
        self._now = now
        self._known: dict = {}

    def authorisation_address(self, state: str, verifier: str = "") -> str:
        """Where a browser goes to sign in and consent. ``verifier``: a secret of this question,
        with ``pkce``."""
        parameters = {
            "client_id": self._client_id,
            "redirect_uri": self._redirect_uri,
            "response_type": "code",
            "state": state,
            **self._policy.parameters,
        }
        if self._policy.scope:
            parameters["scope"] = self._policy.scope
        if self._policy.pkce:
            challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
            parameters["code_challenge"] = challenge.decode().rstrip("=")
            parameters["code_challenge_method"] = "S256"
        return f"{self._transport.site}{self._policy.authorise}?{urlencode(parameters)}"

    def sign_in(self, code: str, verifier: str = "") -> None:
        """Exchange the code of the return for the first pair. A code works once."""
        fields = {"code": code, "redirect_uri": self._redirect_uri}
        if self._policy.pkce:
            fields["code_verifier"] = verifier
        with self._tokens.lock(NAME):
            asked_at = self._now()
            answer = self._ask(CODE, fields)
            if not self._keep_pair(answer, asked_at, {}):
                raise self._refusal(answer, CODE, code)

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
                raise self._lost("does not take the token any more", "token_refused")
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
            raise self._lost("nobody signed in", "not_signed_in")
        if self._known.get("lost"):
            raise self._lost("the chain of tokens is broken", self._known["lost"])

    def _usable(self, pair):
        if not pair.get("access_token"):
            return False
        issued = datetime.fromisoformat(pair["issued_at"])
        answered = datetime.fromisoformat(pair.get("answered_at") or pair["issued_at"])
        end = issued + timedelta(seconds=pair["expires_in"]) - LEAST_LEFT
        if self._policy.use_for:
            end = min(end, answered + self._policy.use_for)
        if pair.get("kept_until"):
            end = max(end, datetime.fromisoformat(pair["kept_until"]))
        # a moment in the future: the clock was put back, its measure is of no use
        return issued - CLOCK_TOLERANCE <= self._now() < end

    def _refresh(self, refused=None):
        """Use the refresh token, which the lock and the store say is nobody else's."""
        used = self._known
        asked_at = self._now()
        answer = self._ask(REFRESH, {"refresh_token": used["refresh_token"]})
        if self._keep_pair(answer, asked_at, used):
            return self._known["access_token"]
        if self._policy.is_too_early(answer):
            return self._keep_until_later(asked_at, refused)
        error = self._refusal(answer, REFRESH)
        if error.code in {one.code for one in self._policy.refusals}:
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
            raise self._lost("a token has characters that no token has", "token_unreadable")
        if access and not refresh and not self._policy.rotates:
            refresh = before.get("refresh_token")
        if refresh and (access or refresh != before.get("refresh_token")):
            self._save(
                {
                    "access_token": access,
                    "refresh_token": refresh,
                    "issued_at": asked_at.astimezone(UTC).isoformat(),
                    "answered_at": self._now().astimezone(UTC).isoformat(),
                    "expires_in": self._seconds(given.get("expires_in")),
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
                    _logger.error(
                        "%s: new tokens of a sign-in could not be stored", self._policy.vendor
                    )
                    raise

    def _keep_until_later(self, asked_at, refused):
        used = self._known
        if not used.get("access_token") or used["access_token"] == refused:
            what = "refuses the token and a new one before its time"
            raise self._error(TemporaryError, what, "token_too_early")
        self._save({**used, "kept_until": (asked_at + GOOD_AFTER_TOO_EARLY).isoformat()})
        return used["access_token"]

    def _after_old_token(self, used, error):
        stored = self._tokens.load(NAME) or {}
        if stored.get("refresh_token") and stored["refresh_token"] != used["refresh_token"]:
            self._known = stored
            if self._usable(stored):
                return stored["access_token"]
            what = "another worker renewed the tokens"
            raise self._error(TemporaryError, what, "token_renewed")
        self._save({**used, "access_token": "", "lost": error.code})
        raise error

    def _seconds(self, value):
        """``expires_in``, which some write as text."""
        try:
            return min(max(int(value), 1), self._policy.life * 6)
        except (TypeError, ValueError):
            return self._policy.life

    # The token endpoint

    def _ask(self, grant, fields) -> Answer:
        self._count()
        headers, proof = self._policy.client_authentication(self._client_id, self._client_secret)
        headers |= {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            return self._transport.send(
                "POST",
                self._transport.site + self._policy.token,
                headers=headers,
                data=urlencode({"grant_type": grant, **fields, **proof}).encode(),
                largest=_LARGEST,
            )
        except TransportError as error:
            text = str(error)
            raise self._error(TemporaryError, text, error.code, technical=text) from error

    def _refusal(self, answer: Answer, grant, code="") -> PackageError:
        """The error for an answer without a pair. The text of the answer is never quoted beyond
        OAuth's own words: it may repeat what we sent."""
        if answer.status == 429:
            not_before = (self._now() + self._policy.limit_wait).astimezone(UTC)
            return self._error(
                LimitReachedError,
                "too many token calls",
                "token_limit",
                not_before=not_before.replace(tzinfo=None),
                whole=True,
            )
        name, description = _oauth_error(answer)
        said = f"{name} {description}".strip()
        technical = self.masked(f"{answer.status} {said}".strip().encode(), code).decode()[:600]
        is_refused = 400 <= answer.status < 500 and name not in PASSING
        for refusal in self._policy.refusals if is_refused else ():
            if refusal.grant in ("", grant) and re.search(refusal.pattern, said, re.IGNORECASE):
                return self._lost(technical, refusal.code, technical=technical)
        if is_refused and (name or grant == CODE):
            return self._lost(technical, "app_refused", technical=technical)
        what = f"no usable answer ({answer.status})"
        return self._error(TemporaryError, what, "no_json", technical=technical)

    def _lost(self, what, code, **values):
        return self._error(AuthorisationLostError, what, code, **values)

    def _error(self, kind, what, code, **values) -> PackageError:
        text = f"{self._policy.vendor}, tokens: {what}"
        return kind(text, code=code, request=self._request, **values)


def _oauth_error(answer):
    """``error`` and ``error_description`` of the answer, "" where it is none of OAuth's."""
    try:
        given = from_json(answer.content)
    except ValueError:
        return "", ""
    if not isinstance(given, dict) or not given.get("error"):
        return "", ""
    return str(given["error"])[:100], str(given.get("error_description") or "")[:4000]


def _text(value):
    return value if isinstance(value, str) else ""
