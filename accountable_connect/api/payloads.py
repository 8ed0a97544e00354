"""JSON bodies whose amounts keep their digits, both ways."""

import json
from datetime import date, datetime
from decimal import Decimal


def to_json(payload) -> bytes:
    """UTF-8 JSON; a ``Decimal`` becomes a number with exactly its digits, a date its ISO text. What
    a JSON number does not keep raises ``ValueError``."""
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


def from_json(content: bytes):
    """Read a JSON body; numbers with a fraction become ``Decimal``. Raises ``ValueError``."""
    return json.loads(content.decode(), parse_float=Decimal, parse_constant=_no_constant)


def _no_constant(name):
    raise ValueError(f"{name} is no number")
