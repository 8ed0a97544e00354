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


def masked(content: bytes, secrets: Iterable[str | None]) -> bytes:
    """The beginning of the content (64 kB) without any of these secrets, in whatever way a page, an
    address, JSON, JSON in a text of JSON, or a header writes it."""
    content = content[:_LOOKED_AT]
    # the longest first: one may be a part of another
    for secret in sorted({one for one in secrets if one}, key=lambda one: (-len(one), one)):
        content = _any_writing(secret).sub(MASK.encode(), content)
    return content


def masked_text(text: str, secrets: Iterable[str | None]) -> str:
    """A text without any of these secrets, as ``masked``."""
    return masked(text.encode(errors="replace"), secrets).decode(errors="replace")


@lru_cache(maxsize=64)
def _any_writing(secret):
    """Finds a text as it is, percent-encoded, with the escapes of JSON and HTML, and in base64."""
    ways = ["".join(_writings(character) for character in secret)]
    for encoding in ("utf-8", "latin-1"):
        content = secret.encode(encoding, errors="replace")
        ways += [f"[A-Za-z0-9+/_-]*{core}[A-Za-z0-9+/_-]*=*" for core in _in_base64(content)]
    return re.compile("|".join(dict.fromkeys(ways)).encode())


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
