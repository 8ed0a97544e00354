"""Values on the wire and in Python.

Out: dates as ``/Date(ms)/``, the local wall clock written as if it were UTC; Int64 as text;
doubles as numbers; guids in lower case; fixed-width codes filled up with blanks; binary never.
In: what JSON holds, checked against the type of its property. In addresses and queries: the
literals of OData 2 (``guid'…'``, ``datetime'…'``, ``123L``, ``'O''Hara'``).

A date whose time is midnight reaches a resource as ``date``, any other as naive ``datetime``.

What the service's documentation leaves open, and the choice made:

* A text where a number, a boolean or a date is expected is taken when it reads as one (``"12.5"``),
  a number where a text is expected as its digits (``15``), 0 and 1 where a boolean is expected; a
  fraction for a whole number is refused with 400, ``3.0`` is not.
* Guids may stand in braces; base64 may be broken into lines.
* Of a date that ends in ``Z`` the clock stands as it is written, as clients rely on it for the day;
  one with an offset (``+01:00``) is put into local time. ``/Date(ms)/`` is taken.
* Whether a text is too long is left to the books: lengths are not published.
* Amounts of 10^15 and more are refused with 400.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from ..kit.clock import to_belgian_time
from .entities import Property
from .errors import STREAM, TOP_LEVEL, Refusal

EPOCH = dt.datetime(1970, 1, 1)
LARGEST = Decimal(10) ** 15

WHOLE = {
    "Byte": (0, 255),
    "Int16": (-(2**15), 2**15 - 1),
    "Int32": (-(2**31), 2**31 - 1),
    "Int64": (-(2**63), 2**63 - 1),
}
NUMBERS = (*WHOLE, "Double")

_GUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_MOMENT = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?"
    r"(Z|[+-]\d{2}:\d{2})?)?",
    re.ASCII,
)
_TICKS = re.compile(r"/Date\((-?\d{1,15})\)/", re.ASCII)
_NUMBER = re.compile(r"\s*-?\d{1,400}(?:\.\d{0,400})?(?:[eE][+-]?\d{1,4})?\s*", re.ASCII)


# Out


def date_text(value: dt.date) -> str:
    """A date or naive local moment as ``/Date(ms)/``."""
    elapsed = as_moment(value) - EPOCH
    return f"/Date({elapsed // dt.timedelta(milliseconds=1)})/"


def number(value: Decimal | int | float) -> int | float:
    """A double as JSON writes it: without a fraction when it has none."""
    as_float = float(value)
    return int(as_float) if as_float.is_integer() else as_float


def padder(one: Property) -> Callable[[str], str]:
    """What fills a code up to its fixed width."""
    width = one.width
    if one.side == "left":
        return lambda text: text.rjust(width)
    return lambda text: text.ljust(width)


_WRITERS: dict[str, Callable[[Any], Any]] = {
    "String": str,
    "Guid": str.lower,
    "Boolean": bool,
    "Byte": int,
    "Int16": int,
    "Int32": int,
    "Int64": str,
    "Double": number,
    "DateTime": date_text,
    "Binary": lambda _value: None,
    "Complex": lambda value: value,
}


def writer(one: Property) -> Callable[[Any], Any]:
    """What turns a value of a property, not None, into JSON."""
    return padder(one) if one.width else _WRITERS[one.type]


def literal(kind: str, value: Any) -> str:
    """A value as in an address, a ``$filter`` or a ``$skiptoken``, not encoded."""
    if value is None:
        return "null"
    if kind == "Guid":
        return f"guid'{str(value).lower()}'"
    if kind == "String":
        return "'" + str(value).replace("'", "''") + "'"
    if kind == "DateTime":
        moment = as_moment(value)
        whole = moment.microsecond % 1000 == 0
        exact = "milliseconds" if moment.microsecond and whole else "auto"
        return f"datetime'{moment.isoformat(timespec=exact)}'"
    if kind == "Boolean":
        return "true" if value else "false"
    if kind == "Int64":
        return f"{int(value)}L"
    if kind == "Double":
        return format(Decimal(value), "f")
    return str(int(value))


# In


def is_guid(text: str) -> bool:
    """Whether a text is a guid as the service writes it."""
    return bool(_GUID.fullmatch(text))


def as_moment(value: dt.date) -> dt.datetime:
    """A date as its midnight; a moment as it is."""
    if isinstance(value, dt.datetime):
        return value
    return dt.datetime(value.year, value.month, value.day)


def parse_moment(text: str) -> dt.datetime:
    """``2026-03-05``, with or without a time and a zone, as local wall clock. Raises
    ``ValueError``."""
    match = _MOMENT.fullmatch(text)
    if not match:
        raise ValueError(f"{text[:50]!r} is no date")
    *numbers, fraction, zone = match.groups()
    parts = [int(part) if part else 0 for part in numbers]
    moment = dt.datetime(*parts, int((fraction or "0").ljust(6, "0")[:6]))
    if zone in (None, "Z"):
        return moment
    offset = dt.timedelta(hours=int(zone[1:3]), minutes=int(zone[4:]))
    try:
        moment = moment.replace(tzinfo=dt.timezone(offset if zone[0] == "+" else -offset))
        return to_belgian_time(moment.astimezone(dt.UTC))
    except OverflowError as error:
        raise ValueError(f"{text[:50]!r} is no date") from error


def moment_of_ticks(text: str) -> dt.datetime:
    """``/Date(ms)/`` as the local wall clock it stands for. Raises ``OverflowError``."""
    return EPOCH + dt.timedelta(milliseconds=int(_TICKS.fullmatch(text)[1]))


def comparable(one: Property) -> Callable[[Any], Any]:
    """What turns a value of a row into what is compared and sorted: codes with the blanks in
    front but not those behind, as the database does."""
    if one.type == "String":
        if one.side == "left":
            return lambda value: value.rjust(one.width)
        return lambda value: value.rstrip(" ")
    if one.type == "Guid":
        return str.lower
    if one.type == "DateTime":
        return as_moment
    if one.type == "Double":
        return Decimal
    if one.type == "Boolean":
        return bool
    return int


def parse_object(text: bytes) -> dict:
    """The object of a request body. Raises ``Refusal`` 400."""
    try:
        body = json.loads(text.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_none)
    except (ValueError, RecursionError, InvalidOperation) as error:
        raise Refusal(400, TOP_LEVEL) from error
    if not isinstance(body, dict):
        raise Refusal(400, TOP_LEVEL)
    return body


def _none(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _text(value: Any) -> str:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return format(_decimal(value), "f")
    return _string(value)


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(value)
    value.encode()  # half a surrogate pair is a JSON escape but no text
    return value


def _guid(value: Any) -> str:
    text = _string(value)
    if text[:1] + text[-1:] == "{}":
        text = text[1:-1]
    if not is_guid(text):
        raise ValueError(value)
    return text.lower()


def _boolean(value: Any) -> bool:
    if isinstance(value, int) and value in (0, 1):
        return bool(value)
    return {"true": True, "false": False}[_string(value).strip().lower()]


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool):
        raise ValueError(value)
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            raise ValueError(value)
        value = value.strip()
    read = Decimal(value)
    if not read.is_finite() or abs(read) >= LARGEST:
        raise ValueError(value)
    return read


def _whole(kind: str) -> Callable[[Any], int]:
    least, most = WHOLE[kind]

    def read(value: Any) -> int:
        if (
            isinstance(value, bool)
            or isinstance(value, str)
            and not re.fullmatch(r"-?\d{1,19}", value, re.ASCII)
        ):
            raise ValueError(value)
        whole = int(_decimal(value) if isinstance(value, Decimal) else value)
        if isinstance(value, Decimal) and whole != value:
            raise ValueError(value)
        if not least <= whole <= most:
            raise ValueError(value)
        return whole

    return read


def _moment(value: Any) -> dt.date:
    read = (
        moment_of_ticks(value) if _TICKS.fullmatch(_string(value)) else parse_moment(value.strip())
    )
    return read.date() if read.time() == dt.time() else read


def _binary(value: Any) -> bytes:
    return base64.b64decode(re.sub("[\r\n]", "", _string(value)), validate=True)


_READERS: dict[str, Callable[[Any], Any]] = {
    "String": _text,
    "Guid": _guid,
    "Boolean": _boolean,
    "Double": _decimal,
    "DateTime": _moment,
    "Binary": _binary,
    **{kind: _whole(kind) for kind in WHOLE},
}


def from_body(one: Property, value: Any, kind: str = "") -> Any:
    """A value of a request body in Python. Raises ``Refusal`` 400 when it is not of its type."""
    if value is None:
        return None
    kind = kind or one.type
    try:
        return _READERS[kind](value)
    except (ValueError, KeyError, TypeError, ArithmeticError) as error:
        named = "Byte[]" if kind == "Binary" else kind
        raise Refusal(
            400,
            (
                f"{STREAM}Error encountered in converting the value from request payload for "
                f"property '{one.name}' to type '{named}', which is the property's expected type. "
                "See inner exception for more detail."
            ),
        ) from error
