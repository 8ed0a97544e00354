"""Secrets that an answer repeats, made unreadable before anybody sees it."""

import base64
import html
import json
import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote

MASK = "***"
# Of a body only the beginning is ever shown; a secret that is cut apart at this end is not.
_LOOKED_AT = 64 * 1024
# In base64 fewer characters stand for too many texts.
_FEWEST = 6
_BASE64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_")


def masked(content: bytes, secrets: Iterable[str | None]) -> bytes:
    """The beginning of the content (64 kB) without any of these secrets, in whatever way a page, an
    address, JSON, JSON in a text of JSON, or a header writes it."""
    content = content[:_LOOKED_AT]
    # the longest first: one may be a part of another
    for secret in sorted({one for one in secrets if one}, key=lambda one: (-len(one), one)):
        content = _without_base64(secret, content)
        content = _any_writing(secret).sub(MASK.encode(), content)
    return content


def masked_text(text: str, secrets: Iterable[str | None]) -> str:
    """A text without any of these secrets, as ``masked``."""
    return masked(text.encode(errors="replace"), secrets).decode(errors="replace")


@lru_cache(maxsize=64)
def _any_writing(secret):
    """Finds a text as it is, percent-encoded, and with the escapes of JSON and HTML."""
    return re.compile("".join(_writings(character) for character in secret).encode())


def _without_base64(secret, content):
    """Without what base64 makes of the secret, and all that was encoded together with it. A pattern
    that begins with any number of characters would try each of them as its beginning: an answer
    that is base64 as a whole would take minutes."""
    cores = _any_base64(secret)
    if not cores:
        return content
    parts, done = [], 0
    for found in cores.finditer(content):
        start, end = found.span()
        if start < done:
            continue
        while start > done and content[start - 1] in _BASE64:
            start -= 1
        while end < len(content) and content[end] in _BASE64:
            end += 1
        while content[end : end + 1] == b"=":
            end += 1
        parts += [content[done:start], MASK.encode()]
        done = end
    return b"".join([*parts, content[done:]])


@lru_cache(maxsize=64)
def _any_base64(secret):
    """Finds what base64 makes of a secret; None for one that is too short."""
    cores = [
        core
        for encoding in ("utf-8", "latin-1")
        for core in _in_base64(secret.encode(encoding, errors="replace"))
    ]
    return re.compile("|".join(dict.fromkeys(cores)).encode()) if cores else None


def _writings(character):
    if character.isascii() and character.isalnum():
        return character
    # what is encoded once more has its percent sign, or its backslashes, encoded
    percent = quote(character, safe="").replace("%", "%(?:25)*")
    units = character.encode("utf-16-be", errors="surrogatepass").hex()
    escapes = "".join(rf"\\{{1,8}}u{units[at : at + 4]}" for at in range(0, len(units), 4))
    ways = [
        rf"(?i:{percent})" if "%" in percent else re.escape(percent),
        rf"(?i:{escapes})",
        rf"(?i:&#(?:0*{ord(character)}|x0*{ord(character):x});)",
        re.escape(html.escape(character)),
        rf"\\{{0,8}}{re.escape(json.dumps(character, ensure_ascii=False)[1:-1].lstrip(chr(92)))}",
        rf"\\{{0,8}}{re.escape(character)}",
    ]
    if character == " ":
        ways.append(r"\+")
    return f"(?:{'|'.join(dict.fromkeys(ways))})"


def _in_base64(content):
    """What base64 makes of the content for sure, whatever stands before and after it."""
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + content).decode().rstrip("=")
        # characters that the neighbours have a part in
        first = (0, 2, 3)[before]
        last = len(encoded) - (1 if (before + len(content)) % 3 else 0)
        core = encoded[first:last]
        if len(core) >= _FEWEST:
            yield core.replace("+", "[+-]").replace("/", "[/_]")
