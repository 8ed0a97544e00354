"""How Exact Online writes values: dates, keys, literals of a filter, padded codes.

Moments are the wall clock of the country, without a zone and without a trace of summer time: the
number in ``/Date(…)/`` counts milliseconds as if that clock were UTC. So they are read as naive
values, and a date (midnight) is right without any zone.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from urllib.parse import quote, urlencode
from uuid import UUID

from odoo.addons.accountable_connect.api.texts import clean

_MOST_DIGITS = 30
_EPOCH = datetime(1970, 1, 1)
_MILLISECOND = timedelta(milliseconds=1)
_DATE = re.compile(r"/Date\((-?\d{1,15})\)/")
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# Columns of fixed width come back with blanks: account codes on the left, VAT codes, countries and
# languages on the right.
_PADDED_ENDINGS = ("Code", "Country", "Language", "Legislation")


# Reading


def read_moment(value) -> datetime | None:
    """``/Date(ms)/`` (or ISO text without a zone) as the naive wall clock of the country; None for
    None. Raises ``ValueError``."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError(f"no moment: {value!r}")
    found = _DATE.fullmatch(value)
    if not found:
        return datetime.fromisoformat(value).replace(tzinfo=None)
    try:
        return _EPOCH + int(found[1]) * _MILLISECOND
    except OverflowError as error:
        raise ValueError(f"no moment: {value}") from error


def read_date(value) -> date | None:
    """The calendar day of a moment; None for None. Raises ``ValueError``."""
    moment = read_moment(value)
    return moment.date() if moment else None


def read_number(value) -> Decimal | None:
    """A number (or a number written as text) as ``Decimal``; None for None. Raises
    ``ValueError``."""
    if value is None:
        return None
    try:
        number = Decimal(value) if isinstance(value, str | int | Decimal) else None
    except InvalidOperation:
        number = None
    if (
        number is None
        or isinstance(value, bool)
        or not number.is_finite()
        or (number.adjusted() > _MOST_DIGITS)
    ):
        raise ValueError(f"no number: {value!r}")
    return number


def read_integer(value) -> int | None:
    """A whole number; 64-bit ones come as text. None for None. Raises ``ValueError``."""
    number = read_number(value)
    if number is None:
        return None
    if number != int(number):
        raise ValueError(f"no whole number: {value!r}")
    return int(number)


def plain(row: dict) -> dict:
    """A row without its wrapping: no ``__metadata``; an expanded collection is a list of plain
    rows, one that was not expanded is left out; codes without padding."""
    result = {}
    for name, value in row.items():
        if name == "__metadata":
            continue
        if isinstance(value, dict):
            if "__deferred" in value:
                continue
            inner = value.get("results")
            value = inner if isinstance(inner, list) else plain(value)
        if isinstance(value, list):
            value = [plain(item) if isinstance(item, dict) else item for item in value]
        elif isinstance(value, str) and name.endswith(_PADDED_ENDINGS):
            value = value.strip()
        result[name] = value
    return result


# Writing


def write_date(value: date) -> str:
    """A calendar day in a body."""
    return date(value.year, value.month, value.day).isoformat()


# Literals of a filter and keys


def is_guid(value) -> bool:
    """Whether this text is a Guid."""
    return isinstance(value, str) and bool(_GUID.fullmatch(value))


def guid(value: str) -> str:
    """``guid'…'``. Raises ``ValueError`` for what is none."""
    if not is_guid(value):
        raise ValueError(f"no Guid: {value!r}")
    return f"guid'{UUID(value)}'"


def text(value: str) -> str:
    """``'…'``, quotes doubled, without control characters."""
    return "'" + clean(str(value)).replace("'", "''") + "'"


def day(value: date) -> str:
    """``datetime'2026-03-05'``."""
    return f"datetime'{write_date(value)}'"


def long(value: int) -> str:
    """``137438953472L``."""
    return f"{int(value)}L"


def any_of(field: str, literals: Iterable[str]) -> str:
    """``(field eq a or field eq b)``; at most some forty Guids fit an address. Raises
    ``ValueError`` for none."""
    parts = [f"{field} eq {literal}" for literal in literals]
    if not parts:
        raise ValueError(f"nothing to compare {field} with")
    return f"({' or '.join(parts)})"


def key(value) -> str:
    """The key of an address: ``(guid'…')``, ``(500001)`` or ``('EUR')``."""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"({value})"
    literal = guid(value) if is_guid(value) else text(value)
    return f"({quote(literal, safe=chr(39))})"


def query(**options) -> str:
    """The query of an address: ``select`` becomes ``$select``; empty options are left out."""
    given = {f"${name}": value for name, value in options.items() if value not in (None, "")}
    return urlencode(given, quote_via=quote, safe="$,'()/")
