"""Logins and tokens: signed JWTs that live ten minutes by the sandbox's clock.

Tokens hold user, dossier and locale, so nothing is kept per session (the service is stateless).
Choices where the reference is silent: a user without the webservice module gets 401 with -1; a
login is refused for its software house before its password is looked at; a login without user or
password is a failed one; a failed login raises a counter per user and address and a good one clears
it; an unknown dossier is 404, one without access 403 (-3), a disabled one 403 (-5).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping

from ..kit.clock import Clock
from ..kit.storage import Store
from .errors import LANGUAGES, Refusal
from .switches import Switches


def _part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


class Authentication:
    """Logins of one sandbox."""

    def __init__(self, store: Store, clock: Clock, switches: Switches):
        self.store = store
        self.clock = clock
        self.switches = switches

    def _secret(self) -> bytes:
        secret = self.store.setting("token.secret")
        if secret is None:
            secret = secrets.token_hex(32)
            self.store.keep("token.secret", secret)
        return bytes.fromhex(secret)

    def _signature(self, content: str) -> str:
        return _part(hmac.new(self._secret(), content.encode(), hashlib.sha256).digest())

    def token(self, **claims: object) -> str:
        """A signed token with its lifetime."""
        now = int(self.clock.now().timestamp())
        claims.update(
            iat=now,
            exp=now + int(self.switches["token_minutes"] * 60),
            jti=secrets.token_hex(8),
            generation=self.store.setting("token.generation", 0),
        )
        content = ".".join(
            _part(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims)
        )
        return f"{content}.{self._signature(content)}"

    def claims(self, token: str | None, kind: str) -> dict:
        """What a token says; 401 when it is empty, false, of another kind or expired."""
        if not token:
            raise Refusal(401, -79, "Empty access token")
        content, _, signature = token.rpartition(".")
        if not content or not hmac.compare_digest(
            self._signature(content).encode(), signature.encode()
        ):
            raise Refusal(401, -2, "Invalid access token")
        claims = json.loads(_bytes(content.split(".")[1]))
        if claims["kind"] != kind:
            raise Refusal(401, -2, f"This is not a {kind} token")
        if claims["exp"] <= self.clock.now().timestamp() or claims[
            "generation"
        ] != self.store.setting("token.generation", 0):
            raise Refusal(401, -2, "Access token has expired")
        self.check_user(claims["user"])
        return claims

    def expire_all(self) -> None:
        """Every token given so far is expired from now on."""
        self.store.keep("token.generation", self.store.setting("token.generation", 0) + 1)

    def users(self) -> dict[str, dict]:
        """Users by name: password, webservice, dossiers, failed logins by address."""
        return self.store.setting("users", {})

    def change_user(self, name: str, **values: object) -> None:
        """Change a user's password, webservice module, dossiers or failed logins."""
        users = self.users()
        users[name] = {
            **users.get(name, {"failed": {}, "webservice": True, "dossiers": []}),
            **values,
        }
        self.store.keep("users", users)

    def check_user(self, name: str) -> None:
        """401 when the user's webservice module is not active."""
        user = self.users().get(name)
        if not user or not user["webservice"]:
            raise Refusal(401, -1, f"The webservice module of user {name} is not active")

    def check_software_house(self, uuid: str | None) -> None:
        """401 (-68) for a missing or unknown software house."""
        if not uuid or uuid.strip().lower() not in self.store.setting("software_houses", []):
            raise Refusal(401, -68, "Unknown software house")

    def login(self, credentials: Mapping[str, str], address: str) -> str:
        """The login token of user and password."""
        name, password = credentials.get("user"), credentials.get("password", "")
        user = self.users().get(name) if name else None
        failed = (user or {}).get("failed", {}).get(address, 0)
        limit = self.switches["failed_logins_before_block"]
        blocked = bool(limit) and failed >= limit
        if (
            blocked
            or not user
            or not hmac.compare_digest(user["password"].encode(), password.encode())
        ):
            raise self._failed_login(name, user, address, failed + 1)
        self.check_user(name)
        if failed:
            self.change_user(name, failed={**user["failed"], address: 0})
        return self.token(kind="login", user=name)

    def _failed_login(
        self, name: str | None, user: dict | None, address: str, failed: int
    ) -> Refusal:
        if user and name:
            self.change_user(name, failed={**user["failed"], address: failed})
        return Refusal(
            401,
            None,
            "Incrementing failed login attempt count for user "
            f"{name or 'null'}, IP address {address}. ",
        )

    def visible_dossiers(self, user: str) -> list[int]:
        """Dossiers a user may see, the two special ones included when switched on."""
        found = list(self.users()[user]["dossiers"])
        for switch, dossier in (("show_disabled_dossier", 70125), ("show_empty_dossier", 70126)):
            if self.switches[switch]:
                found.append(dossier)
        return found

    def connect(self, user: str, dossier: int, locale: int) -> str:
        """The token of one dossier."""
        row = self.store.row("SELECT data FROM administration WHERE id = ?", dossier)
        if row is None:
            raise Refusal(404, -3, f"Dossier {dossier} does not exist")
        data = json.loads(row["data"])
        if dossier not in self.visible_dossiers(user):
            raise Refusal(403, -3, f"User {user} has no access to dossier {dossier}")
        if data.get("disabled"):
            raise Refusal(403, -5, f"Dossier {dossier} is disabled")
        if data.get("webservice") is False:
            raise Refusal(403, -3, f"The webservice module of dossier {dossier} is not active")
        return self.token(
            kind="dossier",
            user=user,
            dossier=dossier,
            language=LANGUAGES.get(locale, data.get("language", "nl")),
        )
