"""Client of the Octopus REST service, version 1: HTTP, tokens, limits and typed errors.

Authentication takes three steps, each with a header of its own: the software house's id and the
user's password give a token; the token and a dossier give the dossier's token; that opens all that
is under the dossier. Both tokens live ten minutes, tell no expiry, and the dossier's costs one of
150 calls a day, so both are kept between runs.

A wrong password raises a counter of the user and the address at Octopus. One that was refused is
remembered (as a slow hash) and not sent a second time until somebody tests the sign-in himself.

404 means *nothing*, also for lists.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from odoo.addons.accountable_connect.api.contract import CallBudget, TokenStore
from odoo.addons.accountable_connect.api.errors import (
    AuthorisationLostError,
    ConfigurationMissingError,
    DataRefusedError,
)
from odoo.addons.accountable_connect.api.http.masking import masked, masked_text
from odoo.addons.accountable_connect.api.http.payloads import from_json, is_token, to_json
from odoo.addons.accountable_connect.api.http.transport import Bounds, Broken, Transport
from odoo.addons.accountable_connect.api.renewal import TokenRefused, with_token
from odoo.addons.accountable_connect.api.texts import clean_values

from . import operations
from .operations import WRITE, Operation
from .refusals import limit_reached, no_usable_answer, refusal

BASE_ADDRESS = "https://service.inaras.be/octopus-rest-api/v1"
TOKEN_LIFE = timedelta(minutes=9, seconds=30)
SECRET_HEADERS = ("softwareHouseUuid", "Token", "dossierToken")
LANGUAGES = {"nl": 1, "fr": 2, "en": 3, "de": 4}


class OctopusClient:
    """Calls of one sign-in, and of one dossier when ``dossier`` is given.

    ``timeout`` is in seconds, for connecting and for each wait on data; a call that takes longer
    than twice that, and what it sends, is given up. ``now`` gives the present moment with its zone;
    ``bounds`` are those of the server.
    """

    def __init__(
        self,
        *,
        software_house: str,
        user: str,
        password: str,
        tokens: TokenStore,
        budget: CallBudget,
        address: str = BASE_ADDRESS,
        dossier: str | None = None,
        language: str = "en",
        timeout: float = 20.0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        bounds: Bounds | None = None,
    ):
        self.address = address.rstrip("/")
        self.software_house = software_house
        self.user = user
        self.password = password
        self.dossier = dossier
        self.language = language
        self.now = now
        self._tokens = tokens
        self._budget = budget
        self._transport = Transport("Octopus", self.address, timeout, bounds=bounds)
        self._known_tokens: dict[str, dict] = {}

    # What the package calls

    def call(
        self, operation: Operation, *, query=None, body=None, headers=None, values=None, **path
    ):
        """One call under the dossier. ``path`` fills the operation's path, ``values`` go into an
        error for its sentence. Returns the parsed answer, None for nothing. An expired token is
        renewed once; a 401 did nothing, so that even a write may follow it."""
        token = self._dossier_token()
        arguments = {"query": query, "body": body, "values": values, "path": path}
        return with_token(
            token,
            lambda _refused: self._dossier_token(refused=token),
            lambda valid: self._exchange(
                operation, {**(headers or {}), "dossierToken": valid}, **arguments
            ),
        )

    def call_sign_in(self, operation: Operation, *, query=None):
        """One call with the sign-in's token only."""
        return self._with_sign_in(
            lambda sign_in: self._exchange(operation, {"Token": sign_in}, query=query)
        )

    def _with_sign_in(self, call):
        token = self._authentication_token()
        return with_token(token, lambda _refused: self._authentication_token(refused=token), call)

    def test_sign_in(self) -> None:
        """Sign in anew, also with a password that was refused before: a person asks for it."""
        with self._tokens.lock("authentication"):
            self._authenticate()

    def close(self) -> None:
        self._transport.close()

    # Tokens

    def _valid_token(self, name, refused):
        """The token of this name unless it expired or was ``refused``; the store is asked only when
        the one known here does not do."""
        if not self._is_valid(self._known_tokens.get(name), refused):
            self._known_tokens[name] = self._tokens.load(name) or {}
        kept = self._known_tokens[name]
        return kept["token"] if self._is_valid(kept, refused) else None

    def _is_valid(self, kept, refused):
        return (
            bool(kept)
            and kept.get("token") not in (None, refused)
            and (kept.get("user"), kept.get("address")) == (self.user, self.address)
            and datetime.fromisoformat(kept["expires_at"]) > self.now()
        )

    def _keep_token(self, name, token, asked_at):
        self._known_tokens[name] = {
            "token": token,
            "user": self.user,
            "address": self.address,
            "expires_at": (asked_at + TOKEN_LIFE).isoformat(),
        }
        self._tokens.save(name, self._known_tokens[name])
        return token

    def _authentication_token(self, refused=None):
        token = self._valid_token("authentication", refused)
        if token:
            return token
        with self._tokens.lock("authentication"):
            token = self._valid_token("authentication", refused)
            if token:
                return token
            kept = self._tokens.load("refused") or {}
            if kept.get("credentials") and kept["credentials"] == self._credentials_hash():
                raise AuthorisationLostError(
                    "Octopus refused this password before; it is not sent again", code="refused"
                )
            return self._authenticate()

    def _authenticate(self):
        asked_at = self.now()
        try:
            answer = self._exchange(
                operations.AUTHENTICATE,
                {"softwareHouseUuid": self.software_house},
                body={"user": self.user, "password": self.password},
            )
        except TokenRefused as refused:
            self._tokens.save("refused", {"credentials": self._credentials_hash()})
            raise refused.error from refused
        if answer is None:
            raise ConfigurationMissingError(f"No Octopus at {self.address}", code="address")
        token = self._token_in(answer, "token", operations.AUTHENTICATE)
        if self._tokens.load("refused"):
            self._tokens.save("refused", {})
        return self._keep_token("authentication", token, asked_at)

    def _dossier_token(self, refused=None):
        if not self.dossier:
            raise ConfigurationMissingError("No Octopus dossier is chosen", code="no_dossier")
        name = f"dossier {self.dossier}"
        token = self._valid_token(name, refused)
        if token:
            return token
        # The sign-in's token comes first: two locks are never held at once.
        return self._with_sign_in(lambda sign_in: self._connect(name, sign_in, refused))

    def _connect(self, name, sign_in, refused):
        with self._tokens.lock(name):
            token = self._valid_token(name, refused)
            if token:
                return token
            asked_at = self.now()
            answer = self._exchange(
                operations.CONNECT,
                {"Token": sign_in},
                query={"dossierId": self.dossier, "localeId": LANGUAGES.get(self.language, 3)},
                values={"dossier": self.dossier},
            )
            if answer is None:
                raise ConfigurationMissingError(
                    f"Octopus has no dossier {self.dossier}",
                    code=-3,
                    values={"dossier": self.dossier},
                )
            # The answer's key is written Dossiertoken, the header dossierToken.
            token = self._token_in(answer, "Dossiertoken", operations.CONNECT)
            return self._keep_token(name, token, asked_at)

    def _token_in(self, answer, key, operation):
        token = answer.get(key)
        if not isinstance(token, str) or not token:
            raise no_usable_answer(operation, "no token in the answer", code="no_json")
        if not is_token(token):
            raise no_usable_answer(operation, "the token is none", code="token_unreadable")
        return token

    def _credentials_hash(self):
        salt = f"{self.address} {self.software_house} {self.user}".encode()
        return hashlib.pbkdf2_hmac("sha256", self.password.encode(), salt, 100_000).hex()

    # One exchange

    def _exchange(self, operation, headers, *, query=None, body=None, values=None, path=None):
        """Send one request and read its answer. Raises ``TokenRefused`` for 401 and a
        ``PackageError`` for everything else that is not success; returns None for *nothing*."""
        address = operation.path.format(dossier=self.dossier, **(path or {}))
        request = f"{operation.method} {address}"
        data = self._body(operation, body, request)
        headers = {**headers, "Accept": "application/json"}
        if data is not None:
            headers = {**headers, "Content-Type": "application/json"}
        self._budget.spend(operation.name, operation.per_day)
        try:
            answer = self._transport.send(
                operation.method,
                self.address + address + (f"?{urlencode(clean_values(query))}" if query else ""),
                headers=headers,
                data=data,
                largest=operation.largest,
                body_needed=operation.answer is not None,
            )
        except Broken as error:
            raise error.told(
                f"Octopus, {operation.name}",
                written=operation.nature == WRITE,
                request=request,
                values=dict(values or {}),
            ) from error
        if answer.status in operation.success and operation.answer is None:
            # It is done, whatever the body may hold.
            return None
        return self._answer(operation, answer, request, values or {}, self._secrets(headers))

    def _body(self, operation, body, request):
        try:
            return None if body is None else to_json(body)
        except ValueError as error:
            raise DataRefusedError(
                f"Octopus, {operation.name}: {error}", code="number", request=request
            ) from error

    def _secrets(self, headers):
        """What no error may quote: all that proves who we are, also what was just sent."""
        sent = [headers.get(name) for name in SECRET_HEADERS]
        known = [kept.get("token") for kept in self._known_tokens.values()]
        return [self.password, self.software_house, *sent, *known]

    def _answer(self, operation, answered, request, values, secrets):
        status, content = answered.status, answered.content
        try:
            cleaned = operation not in operations.GIVING_TOKENS
            answer = from_json(content, cleaned) if content else None
        except ValueError as error:
            if status not in (401, 429):
                raise self._no_json(operation, status, content, request, secrets) from error
            answer = None
        if status in operation.success:
            if not self._fits(answer, operation.answer) and status != 204:
                raise self._no_json(operation, status, content, request, secrets)
            return answer
        if status == 404 and operation.nature == operations.READ:
            return None
        if status == 429:
            retry_after = answered.headers.get("Retry-After", "")
            raise limit_reached(
                operation, self.now(), retry_after, code=status, values=values, request=request
            )
        details = answer if isinstance(answer, dict) else {}
        error = refusal(
            operation, status, details, request, values, lambda text: masked_text(text, secrets)
        )
        if status == 401:
            raise TokenRefused(error)
        raise error

    @staticmethod
    def _fits(answer, kind):
        if kind is list:
            return isinstance(answer, list) and all(isinstance(row, dict) for row in answer)
        return isinstance(answer, kind)

    def _no_json(self, operation, status, content, request, secrets):
        # Its beginning is for managers; a token that it brings is not.
        text = masked(content, secrets)[:2000].decode(errors="replace")
        if operation in operations.GIVING_TOKENS and "token" in text.lower():
            text = ""
        return no_usable_answer(
            operation,
            f"status {status}, but the answer is not what is documented",
            code="no_json",
            technical=text,
            request=request,
        )
