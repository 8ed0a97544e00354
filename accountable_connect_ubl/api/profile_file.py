"""A profile as a file that goes from one database to another: read strictly, written plainly."""

import json
import math
import re

from odoo.addons.accountable_connect.api.texts import has_controls

from .letter import MailRules, is_pattern, text_fault, word_fault
from .names import ENDINGS, pattern_fault

FORMAT = "accountable-connect-receiver-1"
LARGEST = 1 << 16
MEGABYTE = 1024 * 1024
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
# By which ways it is known to take documents.
WAYS = ("takes_download", "takes_folder", "takes_sftp", "takes_mail")
MAIL_SWITCHES = ("word_in_address", "address_per_kind", "knows_senders", "mail_pdf_beside")
MAIL_TEXTS = (
    "mail_subject",
    "mail_note",
    "word_sales",
    "word_bills",
    "address_pattern",
    "shared_address",
)
MAIL_COUNTS = ("mails_per_hour", "mails_per_day")
LARGEST_MEGABYTES = 1024
MOST_MAILS = 100_000
KINDS = {
    "format": str,
    "name": str,
    "code": str,
    "notes": str,
    "file_name": str,
    "files": list,
    "largest_mb": (int, float),
    **dict.fromkeys(SWITCHES, bool),
    "package": str,
    **dict.fromkeys(WAYS, bool),
    **dict.fromkeys(MAIL_TEXTS, str),
    **dict.fromkeys(MAIL_SWITCHES, bool),
    "largest_mail_mb": (int, float),
    **dict.fromkeys(MAIL_COUNTS, int),
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
    yield "largest_mb", 0 <= largest <= LARGEST_MEGABYTES and math.isfinite(largest)
    yield "largest_mail_mb", is_mail_limit(rows.get("largest_mail_mb", 0))
    for switch in ("pdf_beside", "pdf_alone", "mail_pdf_beside"):
        yield switch, not rows.get(switch) or "pdf" in rows["files"]
    yield "package", not rows.get("package") or CODE.fullmatch(rows["package"]) is not None
    yield "takes_download", any(rows.get(way, True) for way in WAYS)
    yield from _bounds_of_mail(rows)


def _bounds_of_mail(rows):
    for key in ("mail_subject", "mail_note"):
        yield key, not text_fault(rows.get(key, ""))
    for key in ("address_pattern", "shared_address"):
        yield key, not rows.get(key) or is_pattern(rows[key])
    for key in MAIL_COUNTS:
        yield key, 0 <= rows.get(key, 0) <= MOST_MAILS
    fault = word_fault(mail_rules(rows))
    for key in ("word_sales", "word_bills"):
        wrong = bool(word_fault(MailRules(word_sales=rows.get(key, ""))))
        yield key, not wrong and not (fault == "word_missing" and not rows.get(key))


def is_mail_limit(megabytes: float) -> bool:
    """0 for none, and never less than the head of an e-mail takes."""
    return megabytes == 0 or 1 <= megabytes <= LARGEST_MEGABYTES


def mail_rules(values) -> MailRules:
    """The rules in the values of a file, or of a row with the same keys; what is missing is as if
    it were empty."""
    megabytes = values.get("largest_mail_mb") or 0
    return MailRules(
        subject=values.get("mail_subject") or "",
        note=values.get("mail_note") or "",
        pdf_beside=values.get("mail_pdf_beside") or False,
        largest=int(megabytes * MEGABYTE),
        per_hour=values.get("mails_per_hour") or 0,
        per_day=values.get("mails_per_day") or 0,
        **{key: values.get(key) or "" for key in MAIL_TEXTS if not key.startswith("mail_")},
        **{key: values.get(key) or False for key in MAIL_SWITCHES if not key.startswith("mail_")},
    )


def _each_once(pairs):
    rows = dict(pairs)
    if len(rows) != len(pairs):
        raise ValueError("a key stands twice")
    return rows


def _no_number(word):
    raise ValueError(word)
