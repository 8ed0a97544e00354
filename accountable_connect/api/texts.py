"""Texts on their way into a package with fields of limited length, and texts people compare."""

import re
from decimal import Decimal

# Control characters without a meaning in a text, and halves of a sign: PostgreSQL, JSON and XML
# refuse one or the other.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Those that part two words.
_PARTING = "\x0b\x0c\x1c\x1d\x1e\x1f\x85"
# Emoji and other signs are put together of several code points that must not be cut apart.
_JOINER = "\u200d"
_VARIATIONS = ("\ufe0e", "\ufe0f")


def clean(text: str) -> str:
    """The text without control characters, but for tabs and ends of a line."""
    if not has_controls(text):
        return text
    return _CONTROLS.sub(lambda found: " " if found[0] in _PARTING else "", text)


def has_controls(text: str) -> bool:
    """Whether ``clean`` changes it."""
    # what can be printed has none, and that is known far sooner
    return not text.isprintable() and bool(_CONTROLS.search(text))


def clean_values(value):
    """Plain values (dictionaries, lists, texts …) with every text in them ``clean``."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean_values(name): clean_values(one) for name, one in value.items()}
    if isinstance(value, list):
        return [clean_values(one) for one in value]
    if isinstance(value, tuple):
        return tuple(clean_values(one) for one in value)
    return value


def cut(text: str, length: int) -> str:
    """The first ``length`` characters on one line, without half an emoji or a lost accent at the
    end."""
    text = one_line(text)
    if len(text) <= length:
        return text
    end = length
    while end > 0 and belongs_to_previous(text, end):
        end -= 1
    return text[:end].rstrip()


def one_line(text: str | None) -> str:
    """One blank between words, none around them, no control characters."""
    return " ".join(clean(text or "").split())


def belongs_to_previous(text: str, position: int) -> bool:
    """Whether the character at this position (1 or more) makes one sign with the one before it."""
    character = text[position]
    combining = "\u0300" <= character <= "\u036f" or "\U0001f3fb" <= character <= "\U0001f3ff"
    joined = _JOINER in (character, text[position - 1])
    return combining or joined or character in _VARIATIONS


def comparable(name: str | None) -> str:
    """A name as it is compared: case and blanks do not count."""
    return one_line(name).casefold()


def bare(number: str | None) -> str:
    """Letters and digits of a VAT number or an IBAN, in capitals: how people punctuate it does not
    count."""
    return re.sub(r"[^0-9A-Z]", "", (number or "").upper())


def digits(number: str | None) -> str:
    """The digits of a registry or telephone number."""
    return re.sub(r"\D", "", number or "")


def plain_number(number: Decimal) -> str:
    """A rate or share as master data holds it: no zeros at its end, no exponent. Raises
    ``ValueError`` for what is none, which written out would fill the memory."""
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise ValueError("no rate or share")
    return f"{number.normalize() + 0:f}"  # no -0
