"""Secrets that an answer repeats, made unreadable before anybody sees it."""

import html
import json
import re
from collections.abc import Iterable
from urllib.parse import quote


def masked(content: bytes, secrets: Iterable[str | None]) -> bytes:
    """The content without any of these secrets, in whatever way a page, an address or JSON writes
    it."""
    for secret in filter(None, secrets):
        content = _any_writing(secret).sub(b"***", content)
    return content


def _any_writing(secret):
    """Finds a text as it is, percent-encoded, and with the escapes of JSON and HTML."""
    return re.compile("".join(_writings(character) for character in secret).encode())


def _writings(character):
    if character.isascii() and character.isalnum():
        return character
    encoded, code = quote(character, safe=""), f"{ord(character):04x}"
    ways = {character, "\\" + character, json.dumps(character)[1:-1], html.escape(character)}
    ways |= {encoded, encoded.lower(), f"\\u{code}", f"\\u{code.upper()}"}
    return f"(?:{'|'.join(re.escape(way) for way in sorted(ways, key=len, reverse=True))})"
