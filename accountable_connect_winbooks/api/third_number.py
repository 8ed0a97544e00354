"""The number of a customer or supplier in WinBooks, where nobody told it."""

import re
import unicodedata
from collections.abc import Iterator

LONGEST = 10
_UNKNOWN = "THIRD"
# What no decomposition turns into A to Z.
_LETTERS = str.maketrans({"Œ": "OE", "Æ": "AE", "Ø": "O", "Ł": "L", "Đ": "D", "Þ": "TH"})


def plain(text: str) -> str:
    """Upper case A to Z and digits, without anything else."""
    text = (text or "").upper().translate(_LETTERS)
    text = unicodedata.normalize("NFKD", text)
    return re.sub(r"[^A-Z0-9]", "", text)


def is_number(text: str) -> bool:
    """Whether it can be a NUMBER of WinBooks: at most ten letters, digits, ``_``, or blanks inside
    it, as folders have them."""
    return bool(re.fullmatch(r"[A-Z0-9_](?:[A-Z0-9_ ]{0,8}[A-Z0-9_])?", text))


def candidates(reference: str, vat_number: str, name: str) -> Iterator[str]:
    """Numbers to try, the best one first, without end: the reference of the contact where it fits,
    else the digits of its VAT number, else the beginning of its name; then the same with a count
    at its end."""
    reference = plain(reference)
    digits = re.sub(r"\D", "", vat_number or "")
    if 0 < len(reference) <= LONGEST:
        first = reference
    elif 8 <= len(digits) <= LONGEST:
        first = digits
    else:
        first = plain(name)[:LONGEST] or _UNKNOWN
    yield first
    count = 2
    while True:
        end = str(count)
        yield first[: LONGEST - len(end)] + end
        count += 1
