"""A customer or supplier as the values of a record of CSF."""

import re

from odoo.addons.accountable_connect.api.texts import bare, digits
from odoo.addons.accountable_connect.api.vat_numbers import normal_vat_number
from odoo.addons.accountable_connect.documents import Party
from odoo.addons.accountable_connect.documents.party import (
    DOMESTIC_PRIVATE,
    EU_PRIVATE,
    NOT_SUBJECT,
    OTHER_PRIVATE,
)

from .layout import CSF
from .text import plain, shortened, split_in_two

# VATCAT
LIABLE, NOT_LIABLE, UNDETERMINED = "1", "3", "0"
LANGUAGES = {"nl": "N", "fr": "F", "en": "E"}
PRIVATE = frozenset({DOMESTIC_PRIVATE, EU_PRIVATE, OTHER_PRIVATE, NOT_SUBJECT})
WIDTHS = {field.name: field.width for field in CSF}
# How a country's VAT numbers are grouped: the lengths of the groups, and what stands between them.
# The others stand bare, as the pictures of WinBooks have them.
GROUPS = {
    "BE": (((4, 3, 3), "."),),
    "DK": (((2, 2, 2, 2), " "),),
    "FR": (((2, 9), " "),),
    "GB": (((3, 4, 2), " "), ((3, 4, 2, 3), " ")),
}
# Countries whose numbers WinBooks or the listings know.
COUNTRIES = frozenset(
    "AT BE BG CY CZ DE DK EE EL ES FI FR GB HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI".split()
)
_BELGIAN_IBAN = re.compile(r"BE\d{2}(\d{3})(\d{7})(\d{2})")


def third_row(party: Party, number: str, kind: str) -> tuple[str, ...]:
    """The first 25 values of its record, as they are written.

    Left empty is what belongs to the accountant (payment term, central account, VAT code, category,
    account of the costs) or to a table of the folder that we do not know.

    :param number: NUMBER, at most ten signs
    :param kind: TYPE, ``1`` customer or ``2`` supplier
    """
    country, vat_number = _country_and_vat_number(party)
    name1, name2 = split_in_two(party.name, WIDTHS["NAME1"])
    address1, address2 = split_in_two(party.street, WIDTHS["ADRESS1"])
    values = {
        "NUMBER": number,
        "TYPE": kind,
        "NAME1": name1,
        "NAME2": name2,
        "ADRESS1": address1,
        "ADRESS2": address2,
        "VATCAT": _vat_category(party, vat_number),
        "COUNTRY": country,
        "VATNUMBER": vat_number,
        "TELNUMBER": shortened(party.phone, WIDTHS["TELNUMBER"]),
        "BNKACCNT": bank_account(party.iban),
        "ZIPCODE": shortened(party.postal_code, WIDTHS["ZIPCODE"]),
        "CITY": shortened(party.city, WIDTHS["CITY"]),
        "LANG": LANGUAGES.get(party.language, ""),
        "CURRENCY": party.currency,
    }
    return tuple(values.get(field.name, "") for field in CSF)


def vat_picture(number: str, country: str) -> str:
    """A VAT number without its prefix as WinBooks shows those of a country; one that does not fit
    the picture stands bare.

    :param country: the prefix as VAT numbers have it (``EL``)
    """
    for lengths, mark in GROUPS.get("GB" if country == "XI" else country, ()):
        if len(number) == sum(lengths):
            ends = [sum(lengths[: place + 1]) for place in range(len(lengths))]
            starts = [0, *ends[:-1]]
            return mark.join(number[start:end] for start, end in zip(starts, ends, strict=True))
    return number


def bank_account(iban: str) -> str:
    """A Belgian account in the form WinBooks checks; others have no place in these fields."""
    found = _BELGIAN_IBAN.fullmatch(bare(iban))
    return "-".join(found.groups()) if found else ""


def _country_and_vat_number(party):
    """COUNTRY says how VATNUMBER is checked: where a party has the number of another country than
    that of its address, the number's."""
    country = plain(party.country).upper()
    country = {"GR": "EL"}.get(country, country)
    number = normal_vat_number(party.vat_number, party.country)
    prefix, rest = number[:2], number[2:]
    written = bare(party.vat_number)[:2]
    if written == "XI":
        # compared as a British one, and not taxed as one
        prefix = "XI"
    if prefix not in COUNTRIES or not digits(rest):
        return country, ""
    picture = vat_picture(rest, prefix)
    return (prefix, picture) if len(picture) <= WIDTHS["VATNUMBER"] else (country, "")


def _vat_category(party, vat_number):
    """A number that is written makes a party liable, whatever else is known of it."""
    if vat_number:
        return LIABLE
    return NOT_LIABLE if party.vat_status in PRIVATE else UNDETERMINED
