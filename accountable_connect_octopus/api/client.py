"""Client of the Octopus REST service, version 1: HTTP, tokens, limits and typed errors.

Authentication takes three steps, each with a header of its own: the software house's id and the
user's password give a token; the token and a dossier give the dossier's token; that opens all that
is under the dossier. Both tokens live ten minutes, state no expiry, and the dossier's costs one of
150 calls a day, so both are kept between runs.

A wrong password raises a counter of the user and the address at Octopus. One that was refused is
remembered (as a slow hash) and not sent a second time until a person tests the sign-in.

404 means *nothing*, also for lists.
"""

from datetime import timedelta
from urllib.parse import urlencode

from odoo.addons.accountable_connect.api.contract import TokenStore
from odoo.addons.accountable_connect.api.errors import (
    AuthorisationLostError,
    ConfigurationMissingError,
)
from odoo.addons.accountable_connect.api.http.json_client import Call, JsonClient
from odoo.addons.accountable_connect.api.http.masking import masked
from odoo.addons.accountable_connect.api.http.payloads import from_json, is_token
from odoo.addons.accountable_connect.api.http.refused_token import TokenRefused, with_token
from odoo.addons.accountable_connect.api.http.session_tokens import RefusedPassword, SessionTokens
from odoo.addons.accountable_connect.api.texts import clean_values

from . import operations
from .operations import WRITE, Operation
from .refusals import limit_reached, no_usable_answer, refusal

BASE_ADDRESS = "https://service.inaras.be/octopus-rest-api/v1"
TOKEN_LIFE = timedelta(minutes=9, seconds=30)
SECRET_HEADERS = ("softwareHouseUuid", "Token", "dossierToken")
SIGN_IN = "authentication"
LANGUAGES = {"nl": 1, "fr": 2, "en": 3, "de": 4}


class OctopusClient(JsonClient):
    """Calls of one sign-in, and of one dossier when ``dossier`` is given; ``options`` are those of
    ``JsonClient``."""

    package = "Octopus"

    def __init__(
        self,
        *,
        software_house: str,
        user: str,
        password: str,
        tokens: TokenStore,
        address: str = BASE_ADDRESS,
        dossier: str | None = None,
        language: str = "en",
        **options,
    ):
        super().__init__(address, **options)
        self.software_house = software_house
        self.user = user
        self.password = password
        self.dossier = dossier
        self.language = language
        self._tokens = tokens
        self._sessions = SessionTokens(
            tokens, lambda: {"user": self.user, "address": self.site}, TOKEN_LIFE, self.now
        )

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
        """Sign in again, also with a password that was refused before: a person asks for it."""
        with self._tokens.lock(SIGN_IN):
            self._authenticate()

    # Tokens

    def _authentication_token(self, refused=None):
        return self._sessions.get(SIGN_IN, self._authenticate_unless_refused, refused)

    def _authenticate_unless_refused(self):
        if self._refused_password().is_known():
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
            self._refused_password().remember()
            raise refused.error from refused
        if answer is None:
            raise ConfigurationMissingError(f"No Octopus at {self.site}", code="address")
        token = self._token_in(answer, "token", operations.AUTHENTICATE)
        self._refused_password().forget()
        return self._sessions.keep(SIGN_IN, token, asked_at)

    def _dossier_token(self, refused=None):
        if not self.dossier:
            raise ConfigurationMissingError("No Octopus dossier is chosen", code="no_dossier")
        name = f"dossier {self.dossier}"
        # The sign-in's token comes first: two locks are never held at once.
        return self._sessions.valid(name, refused) or self._with_sign_in(
            lambda sign_in: self._sessions.get(name, lambda: self._connect(name, sign_in), refused)
        )

    def _connect(self, name, sign_in):
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
        return self._sessions.keep(name, token, asked_at)

    def _token_in(self, answer, key, operation):
        token = answer.get(key)
        if not isinstance(token, str) or not token:
            raise no_usable_answer(operation, "no token in the answer", code="no_json")
        if not is_token(token):
            raise no_usable_answer(operation, "the token is none", code="token_unreadable")
        return token

    def _refused_password(self):
        return RefusedPassword(
            self._tokens, self.password, (self.site, self.software_house, self.user)
        )

    # One exchange

    def _exchange(self, operation, headers, *, query=None, body=None, values=None, path=None):
        """Send one request and read its answer. Raises ``TokenRefused`` for 401 and a
        ``PackageError`` for everything else that is not success; returns None for *nothing*."""
        path = operation.path.format(dossier=self.dossier, **(path or {}))
        request = f"{operation.method} {path}"
        call = Call(
            name=operation.name,
            method=operation.method,
            address=self.site + path + (f"?{urlencode(clean_values(query))}" if query else ""),
            request=request,
            writes=operation.nature == WRITE,
            body=self._written(operation.name, body, request=request),
            values=values or {},
            largest=operation.largest,
            reads_body=operation.answer is not None,
            per_day=operation.per_day,
        )
        headers = {**headers, "Accept": "application/json"}
        if call.body is not None:
            headers["Content-Type"] = "application/json"
        answer = self._send(call, headers)
        if answer.status in operation.success and operation.answer is None:
            # It is done, whatever the body may hold.
            return None
        sent = [headers.get(name) for name in SECRET_HEADERS]
        return self._answer(operation, call, answer, sent)

    def _masked(self, content, sent=()):
        return masked(content, [self.password, self.software_house, *self._sessions.known(), *sent])

    def _answer(self, operation, call, answered, sent):
        status, content = answered.status, answered.content
        try:
            cleaned = operation not in operations.GIVING_TOKENS
            answer = from_json(content, cleaned) if content else None
        except ValueError as error:
            if status not in (401, 429):
                raise self._no_json(operation, call, answered, sent) from error
            answer = None
        if status in operation.success:
            if not self._fits(answer, operation.answer) and status != 204:
                raise self._no_json(operation, call, answered, sent)
            return answer
        if status == 404 and operation.nature == operations.READ:
            return None
        if status == 429:
            raise limit_reached(call, self.now(), answered.headers.get("Retry-After", ""))
        error = refusal(
            operation,
            call,
            status,
            answer if isinstance(answer, dict) else {},
            lambda text: self._masked(text.encode(errors="replace"), sent).decode(errors="replace"),
        )
        if status == 401:
            raise TokenRefused(error)
        raise error

    @staticmethod
    def _fits(answer, kind):
        if kind is list:
            return isinstance(answer, list) and all(isinstance(row, dict) for row in answer)
        return isinstance(answer, kind)

    def _no_json(self, operation, call, answered, sent):
        error = self._unusable(
            call,
            f"status {answered.status}, but the answer is not what is documented",
            answered.content,
            sent=sent,
        )
        # Its beginning is for managers; a token that it brings is not.
        if operation in operations.GIVING_TOKENS and "token" in error.technical.lower():
            error.technical = ""
        return error
