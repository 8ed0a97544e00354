"""A profile as a file that goes from one database to another: read strictly, written plainly."""

import json
import math
import re

from odoo.addons.accountable_connect.api.texts import has_controls

from .names import ENDINGS, pattern_fault

FORMAT = "accountable-connect-receiver-1"
LARGEST = 1 << 16
LONGEST_TEXT = 2000
LONGEST_NAME = 100
CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")
# Key → what it holds.
SWITCHES = (
    "pdf_beside",
    "annexes",
    "pdf_alone",
    "zip_allowed",
    "locked_pdf",
    "forwards_to_customer",
)
KINDS = {
    "format": str,
    "name": str,
    "code": str,
    "notes": str,
    "file_name": str,
    "files": list,
    "largest_mb": (int, float),
    **dict.fromkeys(SWITCHES, bool),
}
NEEDED = ("format", "name", "code", "file_name", "files")
MEDIA_TYPES = {ending: media_type for media_type, ending in ENDINGS.items()}
OTHER_ENDINGS = {"jpeg": "jpg", "tiff": "tif", "heif": "heic"}


class ProfileFileError(Exception):
    """A file that is no profile.

    ``code`` says why: ``too_large``, ``unreadable`` (not JSON, or not of a receiver),
    ``unknown_key``, ``missing_key``, ``wrong_value``; ``key`` names the line where it is one.
    """

    def __init__(self, code, key=""):
        super().__init__(code, key)
        self.code, self.key = code, key


def media_types_of(endings: str) -> tuple[list[str], list[str]]:
    """``"xml, PDF"`` → the media types, and the words that are no ending we know."""
    words = [word.strip().strip(".").lower() for word in re.split(r"[,;\s]+", endings or "")]
    words = [OTHER_ENDINGS.get(word, word) for word in words if word]
    known = [MEDIA_TYPES[word] for word in words if word in MEDIA_TYPES]
    return list(dict.fromkeys(known)), [word for word in words if word not in MEDIA_TYPES]


def written(values: dict) -> bytes:
    """The file of a profile. ``values``: the keys of :data:`KINDS`, without ``format``."""
    rows = {"format": FORMAT, **{key: values[key] for key in KINDS if key in values}}
    return (json.dumps(rows, indent=2, ensure_ascii=False) + "\n").encode()


def read(content: bytes) -> dict:
    """The values of a file that :func:`written` made, or that a person wrote like one.

    Raises :class:`ProfileFileError` unless every key is known, of its kind and within bounds.
    """
    if len(content) > LARGEST:
        raise ProfileFileError("too_large")
    try:
        rows = json.loads(
            content.decode("utf-8-sig"), object_pairs_hook=_each_once, parse_constant=_no_number
        )
    except (ValueError, RecursionError) as error:
        raise ProfileFileError("unreadable") from error
    if not isinstance(rows, dict) or rows.get("format") != FORMAT:
        raise ProfileFileError("unreadable")
    for key, value in rows.items():
        if key not in KINDS:
            raise ProfileFileError("unknown_key", str(key)[:LONGEST_NAME])
        if not isinstance(value, KINDS[key]) or (
            isinstance(value, bool) and KINDS[key] is not bool
        ):
            raise ProfileFileError("wrong_value", key)
    for key in NEEDED:
        if key not in rows:
            raise ProfileFileError("missing_key", key)
    for key, good in _bounds(rows):
        if not good:
            raise ProfileFileError("wrong_value", key)
    return {key: value for key, value in rows.items() if key != "format"}


def _bounds(rows):
    """Key, and whether its value is within bounds."""
    yield "name", 0 < len(rows["name"].strip()) <= LONGEST_NAME and rows["name"].isprintable()
    yield "code", CODE.fullmatch(rows["code"]) is not None
    notes = rows.get("notes", "")
    yield "notes", len(notes) <= LONGEST_TEXT and not has_controls(notes)
    yield "file_name", not pattern_fault(rows["file_name"])
    yield (
        "files",
        rows["files"]
        and all(isinstance(one, str) and one in MEDIA_TYPES for one in rows["files"])
        and len(set(rows["files"])) == len(rows["files"]),
    )
    largest = rows.get("largest_mb", 0)
    yield "largest_mb", 0 <= largest <= 1024 and math.isfinite(largest)
    for switch in ("pdf_beside", "pdf_alone"):
        yield switch, not rows.get(switch) or "pdf" in rows["files"]


def _each_once(pairs):
    rows = dict(pairs)
    if len(rows) != len(pairs):
        raise ValueError("a key stands twice")
    return rows


def _no_number(word):
    raise ValueError(word)
