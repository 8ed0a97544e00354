"""E-mail addresses, telephone numbers and the like out of fields in which people write anything.

Each function gives one value, whole, as it was written, or "": half a number or half an address
is somebody else's. ``length`` is the room a package has for it; None: any.
"""

import re

from .texts import bare, clean, digits, one_line

# What stands behind so many characters of a field nobody looks for.
_LOOKED_AT = 1000

# No e-mail address is longer (RFC 5321, with the correction of errata 1690).
_LONGEST_EMAIL = 254
_LABEL = r"[^\W_]+(?:-+[^\W_]+)*"
_EMAIL = re.compile(
    r"(?<![\w.@])"
    # quotes and other signs that may begin an address stand around it, where people write them
    r"[A-Za-z0-9_][A-Za-z0-9!#$%&'*+=?^_`{}~-]*(?:\.[A-Za-z0-9!#$%&'*+=?^_`{}~-]+)*"
    rf"@{_LABEL}(?:\.{_LABEL})*(?![\w@])"
)
# A name in quotes or a remark in brackets is no address, even where it looks like one, unless there
# is no other.
_NAME = re.compile(r'"[^"]*"|\([^)]*\)')

# ITU-T E.164 allows fifteen digits, the country's included. Fewer than six are an extension, an
# area code or a short number; with eight a number may be complete.
_FEWEST_DIGITS, _MOST_DIGITS = 6, 15
_COMPLETE = 8
# Between two numbers; a word is one too ("or", "fax", "tel 2:"), and a remark in brackets.
_BETWEEN = re.compile(r"\([^()]*[^\W\d_][^()]*\)|[;|&\n\r\t]+|[^\W\d_]+[.:]*(?:\s*\d\s*:)?")
# Inside a number, or between two.
_PERHAPS_BETWEEN = re.compile(r"[,/\\–]|\s-\s|(?=\+)")
# Before the last digits of another number (".. 67 / 68"); without blanks it may be inside one.
_BEFORE_ENDING = re.compile(r"\s[/\\–-]\s|,")
_ENDING = re.compile(r"[/\\–]\s*\d{1,3}$")
_LONGEST_ENDING = 3
_TRUNK_ZERO = re.compile(r"\(\s*0\s*\)")

_BETWEEN_SITES = re.compile(r"[\s;|]+|,(?=\s|www\.|https?:)")
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
# The longest registry number in Europe is a French SIRET.
_LONGEST_REGISTRY_NUMBER = 14


def that_fits(text: str, length: int) -> str:
    """The text, or "" where there is no room for all of it."""
    return text if len(text) <= length else ""


def email_address(text: str | None, length: int | None = None) -> str:
    """The first bare address: ``"Office" <a@x.example>; b@x.example`` → ``a@x.example``."""
    written = clean(text or "")[:_LOOKED_AT]
    found = _EMAIL.search(_NAME.sub(" ", written)) or _EMAIL.search(written)
    return that_fits(found[0], length or _LONGEST_EMAIL) if found else ""


def phone_number(text: str | None, length: int | None = None) -> str:
    """The first telephone number; with words around it where there is only one, and room."""
    written = one_line(text)
    numbers = _numbers(clean(text or "")[:_LOOKED_AT])
    if len(numbers) == 1 and (length is None or len(written) <= length):
        return written
    for number in numbers:
        for one in (number, _compact(number)):
            if one and (length is None or len(one) <= length):
                return one
    return ""


def web_address(text: str | None, length: int | None = None) -> str:
    """The first address of a website."""
    sites = [site.strip(",") for site in _BETWEEN_SITES.split(clean(text or "").strip())]
    first = next(filter(None, sites), "")
    return that_fits(first, length or len(first))


def bank_identifier(text: str | None) -> str:
    """A BIC, of eight or eleven signs (ISO 9362)."""
    number = bare(text)
    return number if _BIC.fullmatch(number) else ""


def registry_number(text: str | None) -> str:
    """The digits of the first registry number: ``0477.472.701, RPR Gent 2`` → ``0477472701``."""
    first = digits(re.split(r"[,;|\n]|\s/\s", text or "")[0])
    number = first if len(first) >= _COMPLETE else digits(text)
    return that_fits(number, _LONGEST_REGISTRY_NUMBER)


def _numbers(text):
    """The complete numbers in a text, as they are written; none where two cannot be told apart."""
    groups = [group for piece in _BETWEEN.split(text) for group in _grouped(piece)]
    long = [group for group in groups if len(digits(group)) >= _FEWEST_DIGITS]
    if len(long) == 1 and len(groups) > 1 and digits(groups[0]) != digits(long[0]):
        return []  # what stands before it may be its beginning
    if not long:
        # a short one, as of the emergency services
        return groups if len(groups) == 1 and len(digits(groups[0])) > 2 else []
    return [group for group in long if len(_dialled(group)) <= _MOST_DIGITS]


def _grouped(piece):
    """Numbers between two separators that are none for sure: another one begins where one is
    complete and what follows begins like one."""
    groups, start = [], 0
    for found in _PERHAPS_BETWEEN.finditer(piece):
        before, after = piece[start : found.start()], piece[found.end() :]
        following = _PERHAPS_BETWEEN.split(after.lstrip("+"))[0]
        begins = after.lstrip(" (").startswith(("0", "+")) or len(digits(following)) >= _COMPLETE
        begins = begins or _is_ending_of_another(piece, found)
        if begins and len(_dialled(before)) >= _COMPLETE:
            groups.append(before)
            start = found.end()
    groups.append(piece[start:])
    trimmed = [re.sub(r"^[^\d+(]+|[^\d)]+$", "", group) for group in groups]
    return [group.strip() for group in trimmed if digits(group)]


def _is_ending_of_another(piece, found):
    """Whether only the last digits of a second number follow ("67 / 68")."""
    stands_apart = _BEFORE_ENDING.search(piece)
    short = len(digits(piece[found.end() :])) <= _LONGEST_ENDING
    return short and bool(stands_apart) and stands_apart.end() >= found.end()


def _dialled(number):
    """Its digits without the prefix for calls abroad, and without the zero nobody dials then."""
    abroad = re.match(r"\D*(?:\+|00)", number)
    figures = digits(_TRUNK_ZERO.sub("", number) if abroad else number)
    return figures[2:] if figures.startswith("00") else figures


def _compact(number):
    """As it is dialled, with nothing between its digits; "" where the last ones may be the ending
    of a second number."""
    if _ENDING.search(number) and len(_dialled(_ENDING.sub("", number))) >= _COMPLETE:
        return ""
    abroad = re.match(r"\D*(?:\+|00)", number)
    return f"+{_dialled(number)}" if abroad else _dialled(number)
