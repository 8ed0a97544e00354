"""One record as bytes: every value between quotes, in the one-byte letters of Western Windows."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from odoo.addons.accountable_connect.api.errors import DataRefusedError
from odoo.addons.accountable_connect.api.texts import cut, one_line

from .layout import AMOUNT, CODE, DATE, RATE, TEXT, Field
from .letters import LETTERS

ENCODING = "cp1252"
LINE_END = b"\r\n"
UNKNOWN = "?"
_PLAIN = re.compile(r"[ !#-~]*")


def plain(text: str | None) -> str:
    """A text on one line, without quotes, of letters that the files can hold.

    Accents the code page has are kept, others fall off their letter; Greek and Cyrillic are written
    in Latin letters, a letter of another script becomes ``?``, a sign that is no letter goes. The
    quote becomes an apostrophe: nobody says that a doubled one would be understood.
    """
    text = one_line(text)
    if _PLAIN.fullmatch(text):
        return text
    text = unicodedata.normalize("NFC", text).replace('"', "'")
    return " ".join("".join(map(_fitting, text)).split())


def _fitting(letter):
    if unicodedata.category(letter) == "Cf":
        return ""
    if _fits(letter):
        return letter
    if letter in LETTERS:
        return LETTERS[letter]
    apart = unicodedata.normalize("NFKD", letter)
    kept = "".join(LETTERS.get(one, one) for one in apart if not unicodedata.combining(one))
    if kept and _fits(kept):
        return kept.replace('"', "'")
    return UNKNOWN if unicodedata.category(letter)[0] in "LN" else ""


def _fits(text):
    try:
        text.encode(ENCODING)
    except UnicodeEncodeError:
        return False
    return True


def shortened(text: str | None, width: int) -> str:
    """The beginning of a text that fits, as it is written."""
    return cut(plain(text), width)


def split_in_two(text: str | None, width: int) -> tuple[str, str]:
    """A text over two fields, parted between words where it can be; what is longer still is cut."""
    text = plain(text)
    if len(text) <= width:
        return text, ""
    end = text.rfind(" ", 0, width + 1)
    if end <= 0:
        end = width
    return text[:end].rstrip(), cut(text[end:], width)


def record(fields: Sequence[Field], values: Mapping[str, object]) -> bytes:
    """A line of a file with its line end. What ``values`` does not name stays empty.

    :raises DataRefusedError: ``too_long``, ``CAR_ERR`` or ``DEC_ERR``; ``values`` names the field
        and what was to stand there. A code is never cut or changed: it would be another one.
    """
    cells = [_cell(field, values.get(field.name)) for field in fields]
    return ('"' + '","'.join(cells) + '"').encode(ENCODING) + LINE_END


def _cell(field, value):
    if value is None or value == "":
        return ""
    if field.kind == TEXT:
        return shortened(value, field.width)
    if field.kind in (AMOUNT, RATE):
        return _number(field, value)
    if field.kind == DATE:
        text = f"{value:%Y%m%d}" if isinstance(value, date) else value
    elif field.kind == CODE:
        text = value
    else:
        text = "T" if value is True else "F"
    if text != plain(text) or UNKNOWN in text:
        raise _refused("CAR_ERR", field, value)
    return _within(field, text)


def _number(field, value):
    value = Decimal(value)
    text = f"{value:.{field.decimals}f}"
    if field.kind == AMOUNT and Decimal(text) != value:
        raise _refused("DEC_ERR", field, value)
    # a column has three decimals, and is filled from the right
    spare = 3 - field.decimals if field.kind == AMOUNT else 0
    if len(text) > field.width - spare:
        raise _refused("too_long", field, value)
    return text.removeprefix("-") if not value else text


def _within(field, text):
    if len(text) > field.width:
        raise _refused("too_long", field, text)
    return text


def _refused(code, field, value):
    return DataRefusedError(
        f"{field.name}: {code}",
        code=code,
        values={
            "field": field.name,
            "value": str(value),
            "width": field.width,
            "decimals": field.decimals,
        },
    )
