"""VAT and registry numbers as people write them, and the one form in which they are compared.

``BE 999.999.130``, ``be0999999130`` and ``0999.999.130`` of a Belgian party are one number; so are
``CHE-530.781.296 TVA`` and ``CHE530781296``, ``GR…`` and ``EL…``, ``XI…`` and ``GB…``.
"""

import re
import unicodedata
from functools import lru_cache

from stdnum.exceptions import ValidationError
from stdnum.util import get_cc_module

from .texts import bare, digits

# Countries whose numbers are written with a prefix, as the prefix is compared.
_PREFIXES = {
    code: code
    for code in (
        "AT BE BG CH CY CZ DE DK EE EL ES FI FR GB HR HU IE IS IT LT LU LV MT NL NO PL PT RO SE SI"
        " SK"
    ).split()
} | {"GR": "EL", "XI": "GB", "IM": "GB", "MC": "FR"}
_LABEL = re.compile(
    r"^(?:BTW|TVA|VAT|MWST|UST|UID|CIF|NIF|NIP|CVR|P\.? ?IVA)\b"
    r"(?:[^0-9A-Z]*(?:IDNR|ID|NUMMER|NUMBER|NR|N)\b)*[^0-9A-Z]*(?=.*\d)"
    r"|^(?:BTW|TVA|VAT|MWST|UST)(?:IDNR|ID|NUMMER|NUMBER|NR)?(?=[A-Z]{2}\d)"
)
_SWISS = re.compile(r"(CHE|CH)?(\d{9})(MWST|TVA|IVA|TPV|VAT)*")
# Parts of the digits, without zeros at their beginning, that no way of grouping them takes apart.
_PARTS = {
    "BE": (slice(0, 3), slice(-3, None)),
    "CH": (slice(0, 3), slice(-3, None)),
    "FI": (slice(0, 2), slice(-4, -1)),
    "FR": (slice(-9, -6), slice(-3, None)),
    "NL": (slice(0, -6), slice(-3, None)),
    "SE": (slice(0, 2), slice(8, 10)),
}
_ANY_PARTS = (slice(0, 2), slice(-2, None))
_FEWEST_DIGITS = 5
_BELGIAN_DIGITS = 10
# The digits of these VAT numbers are the registry number of the company too.
_REGISTRY_IN_VAT_NUMBER = ("BE", "DK", "FI", "FR", "NO", "SE")


@lru_cache(maxsize=4096)
def normal_vat_number(number: str | None, country: str = "") -> str:
    """The number as it is compared: prefix, then letters and digits; "" for what is no number
    (``/``). ``country``, ISO 3166 alpha-2, tells the prefix of a number without one; a number
    without both stays without."""
    text = unicodedata.normalize("NFKC", number or "").upper().strip()
    plain = bare(_LABEL.sub("", text))
    if not digits(plain):
        return ""
    prefix, national = _split(plain, country.strip().upper())
    if not prefix:
        return plain
    return prefix + _NATIONAL.get(prefix, _as_it_is)(_compact(prefix, national))


def same_vat_number(
    number: str | None, country: str, other: str | None, other_country: str
) -> bool | None:
    """Whether two numbers are one; None where one of them is missing. A number without prefix, of a
    party without country, may be of any."""
    one, two = normal_vat_number(number, country), normal_vat_number(other, other_country)
    if not one or not two:
        return None
    if _has_prefix(one) and not _has_prefix(two):
        two = normal_vat_number(other, one[:2])
    elif _has_prefix(two) and not _has_prefix(one):
        one = normal_vat_number(number, two[:2])
    return one == two


def vat_country(number: str | None, country: str = "") -> str:
    """ISO code of the country a number was given in, "" where it does not tell."""
    normal = normal_vat_number(number, country)
    prefix = normal[:2] if _has_prefix(normal) else ""
    return "GR" if prefix == "EL" else prefix


def normal_registry_number(number: str | None, country: str = "") -> str:
    """The digits of a registry number as they are compared within a country."""
    plain = digits(number)
    if country == "FR" and len(plain) == 14:
        plain = plain[:9]  # SIRET: the company, and one of its places
    return plain.lstrip("0")


def registry_in_vat_number(number: str | None, country: str = "") -> str:
    """The registry number a VAT number tells, as it is compared; "" for other countries."""
    normal = normal_vat_number(number, country)
    if not normal.startswith(_REGISTRY_IN_VAT_NUMBER):
        return ""
    if normal.startswith("SE"):
        return normal[2:12]
    return digits(normal[-9:] if normal.startswith("FR") else normal).lstrip("0")


def vat_number_of_registry(number: str, country: str = "") -> str:
    """The VAT number a registry number tells, "" where it tells none; ten digits of a party without
    country are taken for Belgian."""
    country = country or ("BE" if len(number) == _BELGIAN_DIGITS else "")
    if country == "FR" or country not in _REGISTRY_IN_VAT_NUMBER:
        return ""  # a French one has two more signs
    return normal_vat_number(number, country)


def parts(number: str, prefix: str = "") -> tuple[str, ...]:
    """Digits of a VAT number (in its normal form) or registry number that stand together however
    people group it: what a package's search can look for. () for a number that is too short."""
    prefix = prefix or number[:2]
    found = max(re.findall(r"\d+", number), key=len, default="").lstrip("0")
    if len(found) < _FEWEST_DIGITS:
        return ()
    some = (found[one] for one in _PARTS.get(prefix, _ANY_PARTS))
    return tuple(dict.fromkeys(part for part in some if part))


def _split(plain, country):
    """``(prefix, the rest)``; the prefix as it is compared."""
    written = plain[:2]
    if written in _PREFIXES and not _is_national(plain, country):
        return _PREFIXES[written], plain[2:]
    if country in _PREFIXES:
        return _PREFIXES[country], plain
    if plain[0].isdigit() and len(country) == 2:
        return country, plain
    return "", plain


def _is_national(plain, country):
    """Whether letters that look like another country's prefix belong to the number itself."""
    prefix = _PREFIXES.get(country)
    if not prefix or prefix == _PREFIXES[plain[:2]]:
        return False
    module = get_cc_module("GR" if prefix == "EL" else prefix, "vat")
    return bool(module) and module.is_valid(plain)


def _compact(prefix, national):
    module = get_cc_module("GR" if prefix == "EL" else prefix, "vat")
    try:
        return bare(module.compact(national)) if module else national
    except (ValidationError, ValueError, IndexError):
        return national


def _as_it_is(national):
    return national


def _swiss(national):
    found = _SWISS.fullmatch(national.removeprefix("E"))
    return f"E{found[2]}" if found else national


_NATIONAL = {
    "AT": lambda national: national if national.startswith("U") else f"U{national}",
    # without the place of the registry behind it (RPR Gent)
    "BE": lambda national: digits(national).zfill(_BELGIAN_DIGITS),
    "CH": _swiss,
    # with the codes of the tax and the county behind it
    "HU": lambda national: national[:8],
    "NO": lambda national: national.removesuffix("MVA"),
    # the number of the organisation alone
    "SE": lambda national: f"{national}01" if len(national) == 10 else national,
}


def _has_prefix(normal):
    return normal[:2].isalpha()
