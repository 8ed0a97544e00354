"""What the files of a delivered document are called."""

import hashlib
import re
import unicodedata
from collections.abc import Collection

# {type} of the pattern, by kind of document.
TYPES = {"sale": "INV", "sale_refund": "CN", "purchase": "BILL", "purchase_refund": "BILLCN"}
PLACES = frozenset({"type", "vat", "number"})
ENDINGS = {
    "application/xml": "xml",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "image/bmp": "bmp",
    "image/gif": "gif",
    "image/heic": "heic",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/tiff": "tif",
    "image/webp": "webp",
    "text/csv": "csv",
    "text/plain": "txt",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
}
# Other words for the same, as programs that make attachments use them.
SAME = {
    "text/xml": "application/xml",
    "application/x-pdf": "application/pdf",
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/tif": "image/tiff",
    "image/heif": "image/heic",
    "image/x-ms-bmp": "image/bmp",
    "application/x-zip-compressed": "application/zip",
}
PLACE = re.compile(r"\{([^{}]*)\}")
NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_-]+")
# Letters that do not fall apart into a letter and its accent.
LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"}
)
# What a file cannot be called on Windows, whatever its ending.
RESERVED = re.compile(r"(?:con|prn|aux|nul|conin|conout|(?:com|lpt)\d)", re.IGNORECASE)
# Without its ending. File systems take 255 in all, a channel and a ZIP's folder add theirs, and
# programs on Windows take 260 for the whole path.
LONGEST = 100
DIGITS_OF_MARK = 8


def media_type_of(declared: str) -> str:
    """A media type in the one way we write it, parameters (``; charset=…``) left out."""
    plain = (declared or "").partition(";")[0].strip().lower()
    return SAME.get(plain, plain)


def pattern_fault(pattern: str) -> str:
    """What is wrong with a pattern of file names, as a code; "" when nothing is.

    ``name_place``: it has a place we do not know; ``name_number``: without ``{number}`` all
    documents would be called the same; ``name_sign``: letters that no file name of ours has.
    """
    places = PLACE.findall(pattern)
    if set(places) - PLACES:
        return "name_place"
    if "number" not in places:
        return "name_number"
    rest = PLACE.sub("", pattern)
    if NOT_IN_A_NAME.search(rest) or len(rest) > LONGEST // 2:
        return "name_sign"
    return ""


def file_name(
    profile, kind: str, seller_vat: str, number: str, media_type: str, taken: Collection[str]
) -> str:
    """The name of a document's file: ASCII letters, digits, ``_`` and ``-``, then its ending.

    The same arguments give the same name. No two documents get names that differ only in capitals
    or in their ending: a receiver takes files that are called alike for one document. The second
    file of one document is called by :func:`beside` instead.

    :param profile: its ``file_name`` is the pattern
    :param taken: names that are in use already
    """
    values = {"type": TYPES[kind], "vat": seller_vat, "number": number}
    base = PLACE.sub(lambda place: _in_ascii(values[place[1]]), profile.file_name)
    base = re.sub(r"_{2,}", "_", NOT_IN_A_NAME.sub("-", base)).strip("-_")
    lost = _has_letters(number) and not _in_ascii(number)
    if lost or len(base) > LONGEST:
        mark = hashlib.sha256(f"{seller_vat}\n{number}".encode(errors="replace")).hexdigest()
        base = f"{base[: LONGEST - DIGITS_OF_MARK - 1]}-{mark[:DIGITS_OF_MARK]}".lstrip("-")
    if not base or RESERVED.fullmatch(base):
        base = f"{TYPES[kind]}-{base}".rstrip("-")
    used = {name.rpartition(".")[0].lower() or name.lower() for name in taken}
    free, count = base, 1
    while free.lower() in used:
        count += 1
        free = f"{base}-{count}"
    return f"{free}.{_ending(media_type)}"


def beside(name: str, media_type: str) -> str:
    """The name of a second file of the same document: only its ending is another one."""
    return f"{name.rpartition('.')[0]}.{_ending(media_type)}"


def _ending(media_type):
    return ENDINGS.get(media_type_of(media_type), "bin")


def _has_letters(text):
    return any(not letter.isspace() for letter in text or "")


def _in_ascii(text):
    """Letters without their accents; every other run of signs becomes one hyphen."""
    apart = unicodedata.normalize("NFKD", (text or "").translate(LETTERS))
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return NOT_IN_A_NAME.sub("-", plain).strip("-_")
