"""Tokens that a service gives for a short while against credentials, kept between runs.

Nothing renews such a token: where it ended another one is asked for, under the lock of its
name, after reading the store again. A password that was refused is remembered, so that nobody tries
it again: many services count wrong ones, and block a user after a few.
"""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from ..contract import TokenStore

REFUSED = "refused"


class SessionTokens:
    """The tokens of one sign-in, by name. ``owner`` gives the values a token belongs to: it
    is not used with others. ``life``: how long one is used, from when it was asked for."""

    def __init__(
        self,
        store: TokenStore,
        owner: Callable[[], dict[str, str]],
        life: timedelta,
        now: Callable[[], datetime],
    ):
        self.store = store
        self._owner = owner
        self._life = life
        self._now = now
        self._known: dict[str, dict] = {}

    def get(self, name: str, ask: Callable[[], str], refused: str | None = None) -> str:
        """The token of this name unless it ended or was ``refused``, else what ``ask`` keeps."""
        token = self.valid(name, refused)
        if token:
            return token
        with self.store.lock(name):
            return self.valid(name, refused) or ask()

    def valid(self, name: str, refused: str | None = None) -> str | None:
        """The same without asking for one; the store is read only when the token known here does
        not do."""
        if not self._is_valid(self._known.get(name), refused):
            self._known[name] = self.store.load(name) or {}
        kept = self._known[name]
        return kept["token"] if self._is_valid(kept, refused) else None

    def keep(self, name: str, token: str, asked_at: datetime) -> str:
        """Store a token that was just given."""
        self._known[name] = {
            "token": token,
            **self._owner(),
            "expires_at": (asked_at + self._life).isoformat(),
        }
        self.store.save(name, self._known[name])
        return token

    def known(self) -> list[str | None]:
        """Every token this object came across, for masking."""
        return [kept.get("token") for kept in self._known.values()]

    def _is_valid(self, kept, refused):
        return (
            bool(kept)
            and kept.get("token") not in (None, refused)
            and all(kept.get(name) == value for name, value in self._owner().items())
            and datetime.fromisoformat(kept["expires_at"]) > self._now()
        )


class RefusedPassword:
    """Whether a password was refused before, kept as a slow hash. ``belongs_to``: where and by whom
    it is used."""

    def __init__(self, store: TokenStore, password: str, belongs_to: Iterable[str]):
        self._store = store
        self._password = password
        self._salt = " ".join(belongs_to).encode()

    def is_known(self) -> bool:
        kept = self._store.load(REFUSED) or {}
        return bool(kept.get("credentials")) and kept["credentials"] == self._hash()

    def remember(self) -> None:
        self._store.save(REFUSED, {"credentials": self._hash()})

    def forget(self) -> None:
        """A password was taken."""
        if self._store.load(REFUSED):
            self._store.save(REFUSED, {})

    def _hash(self):
        return hashlib.pbkdf2_hmac("sha256", self._password.encode(), self._salt, 100_000).hex()
