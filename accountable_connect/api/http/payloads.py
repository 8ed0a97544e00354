"""JSON bodies whose amounts keep their digits and whose texts are clean, both ways."""

import json
import re
from datetime import date, datetime
from decimal import Decimal

from ..texts import clean_values, has_controls

# Digits, and how far from the point they stand.
_LONGEST_NUMBER = 60
# Levels of lists and objects; what packages send has a handful.
_DEEPEST = 100
# Digits and point as 1, the sign of an exponent as e, anything else as a blank.
_SIGNS_OF_NUMBERS = bytes(
    ord("1" if chr(byte) in "0123456789." else "e" if chr(byte) in "eE" else " ")
    for byte in range(256)
)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
# What an escape of JSON may hide.
_HIDDEN = re.compile(r"\\u(?:00[0189]|007f|d[89a-f]|fff[ef])", re.IGNORECASE)


def to_json(payload) -> bytes:
    """UTF-8 JSON; a ``Decimal`` becomes a number with exactly its digits, a date its ISO text;
    control characters in texts are left out. What a JSON number does not keep raises
    ``ValueError``."""
    payload = clean_values(payload)
    return json.dumps(payload, ensure_ascii=False, allow_nan=False, default=_written).encode()


def _written(value):
    if isinstance(value, datetime):
        raise TypeError("moments are written by the caller, who knows their clock")
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} is not JSON")
    result = float(value)
    if Decimal(repr(result)) != value:
        raise ValueError(f"{value} has more digits than a JSON number keeps")
    return result


def from_json(content: bytes, cleaned: bool = True):
    """Read a JSON body; numbers with a fraction become ``Decimal``. Raises ``ValueError``, also for
    what nobody can walk through because it is nested too deep.

    :param cleaned: texts come without control characters. False where a text is worth nothing
        when it is changed (tokens); the caller refuses what has them.
    """
    text = content.decode()
    numbers = {"parse_float": Decimal}
    if _may_hold_long_numbers(content):
        numbers = {"parse_float": _number, "parse_int": _whole}
    # some services write control characters as they are, which JSON does not allow
    try:
        values = json.loads(text, strict=False, parse_constant=_no_constant, **numbers)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    if _may_be_deep(content):
        _check_depth(values)
    if cleaned and (has_controls(text) or ("\\u" in text and _HIDDEN.search(text))):
        return clean_values(values)
    return values


def _may_be_deep(content):
    """False for JSON that is certainly not nested too deep, which its brackets outside of texts
    alone tell."""
    if content.count(b"[") + content.count(b"{") <= _DEEPEST:
        return False
    if b"\\" in content:
        return True  # a quotation mark may be part of a text
    outside = b"".join(content.split(b'"')[::2])
    brackets = outside.translate(None, _NO_BRACKETS)
    # each time at most two levels go
    for _levels in range(_DEEPEST // 2):
        brackets = brackets.replace(b"{}", b"").replace(b"[]", b"")
        if not brackets:
            return False
    return True


def _check_depth(values):
    level = [values]
    for _depth in range(_DEEPEST):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise ValueError("it is nested too deep")


def _may_hold_long_numbers(content):
    """False where certainly no number is out of all proportion: digits are few in a row and have no
    exponent. Texts count too, so that it may say True of what has none."""
    signs = content.translate(_SIGNS_OF_NUMBERS)
    return b"1" * _LONGEST_NUMBER in signs or b"1e" in signs


def _number(text):
    """Nothing written by hand or by a program has more digits; who wrote this one out would fill
    the memory."""
    number = Decimal(text)
    if len(text) > _LONGEST_NUMBER or abs(number.adjusted()) > _LONGEST_NUMBER:
        raise ValueError("a number is out of all proportion")
    return number


def _whole(text):
    if len(text) > _LONGEST_NUMBER:
        raise ValueError("a number is out of all proportion")
    return int(text)


def _no_constant(name):
    raise ValueError(f"{name} is no number")


def is_token(text) -> bool:
    """Whether a token can travel in a header: signs of ASCII, without blanks."""
    return isinstance(text, str) and bool(re.fullmatch(r"[\x21-\x7e]+", text))
