"""Secrets and tokens as the database holds them: encrypted where the server's configuration file
has a key.

While a key is being changed the file holds two, the new one first. What is stored is read with
either, and written with the first. What was stored before there was a key is read as it is.
"""

import re

from cryptography.fernet import Fernet, InvalidToken

# Marks an encrypted value, so that a key may be given later without losing what is stored.
ENCRYPTED = "fernet:"
# Values beside a token that are no secrets, and that the database may be asked for: whose it is,
# when something happened, that it is lost.
_NO_SECRETS = re.compile(r"user|address|lost|\w+_(?:at|until)")

MISSING, MALFORMED, OTHER = "missing", "malformed", "other"


class Unreadable(Exception):
    """``reason``: the configuration has no key, a malformed one, or another one."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


class Keys:
    """The keys of a configuration file, separated by blanks, commas or lines. ``is_malformed``: one
    of them is none; the others are used."""

    def __init__(self, text: str):
        self._ciphers = []
        self.is_malformed = False
        for key in filter(None, re.split(r"[\s,]+", text)):
            try:
                self._ciphers.append(Fernet(key))
            except ValueError:
                self.is_malformed = True

    def encrypted(self, value: str) -> str:
        """As it is stored; plain without a key that can be used."""
        if not value or not self._ciphers:
            return value
        return ENCRYPTED + self._ciphers[0].encrypt(value.encode()).decode()

    def plain(self, stored: str) -> str:
        """What was stored. Raises ``Unreadable``."""
        if not stored.startswith(ENCRYPTED):
            return stored
        for cipher in self._ciphers:
            try:
                return self._decrypted(cipher, stored)
            except InvalidToken:
                continue
        reason = OTHER if self._ciphers else MISSING
        raise Unreadable(MALFORMED if self.is_malformed else reason)

    def anew(self, stored: str | None) -> str | None:
        """As it would be stored now; itself where that changes nothing, or nobody can read it."""
        if not stored or not self._ciphers:
            return stored
        try:
            plain = self.plain(stored)
        except Unreadable:
            return stored
        return stored if self._is_present(stored) else self.encrypted(plain)

    def _is_present(self, stored):
        """Whether it is encrypted with the first key."""
        if not stored.startswith(ENCRYPTED):
            return False
        try:
            self._decrypted(self._ciphers[0], stored)
        except InvalidToken:
            return False
        return True

    @staticmethod
    def _decrypted(cipher, stored):
        return cipher.decrypt(stored.removeprefix(ENCRYPTED).encode()).decode()

    # Tokens: values of JSON

    def plain_values(self, values: dict) -> dict:
        """What a token store was given. Raises ``Unreadable``."""
        return self._each_text(values, self.plain)

    def values_anew(self, values: dict) -> dict:
        """As ``anew``; moments stay readable."""
        return self._each_text(values, self.anew)

    def tokens_anew(self, tokens: dict | None) -> dict:
        """All that a row holds of tokens, ``{name: values}``, as ``values_anew``."""
        return {
            name: self.values_anew(values) if isinstance(values, dict) else values
            for name, values in (tokens or {}).items()
        }

    @staticmethod
    def _each_text(values, change):
        return {
            name: change(value) if _is_secret(name, value) else value
            for name, value in values.items()
        }


def secret_texts(values: dict) -> list[str]:
    """Those of the values of a token store that nobody may see, as they are stored."""
    return [value for name, value in values.items() if _is_secret(name, value)]


def _is_secret(name, value):
    return isinstance(value, str) and not _NO_SECRETS.fullmatch(name)
