"""Whose books an administration holds: compared with a company by the numbers that identify it.

Both sides are a :class:`Party`, of which the name, the VAT number, the registry number and the
country count.
"""

from collections.abc import Sequence
from dataclasses import replace

from ..documents import Party
from . import identity
from .identity import REGISTRY_NUMBER, VAT_NUMBER
from .texts import digits
from .vat_numbers import normal_registry_number, normal_vat_number

SAME = "same"
OTHER = "other"
UNKNOWN = "unknown"  # one side has no number, or they have none that could be compared

# A Dutch company has a KvK number of eight digits; RSIN, of nine, is the number its VAT number
# begins with, unless it belongs to a fiscal unity: then that is the number of the unity.
_RSIN_DIGITS = 9


def whose_books(company: Party, administration: Party) -> str:
    """``SAME``, ``OTHER`` or ``UNKNOWN``. A number of the company itself (enterprise number, KvK,
    RSIN) decides before a VAT number, which several companies may share."""
    company, administration = _as_compared(company, administration)
    one, other = _without_rsin(company), _without_rsin(administration)
    if REGISTRY_NUMBER in identity.agreements(one, other) or _share_rsin(company, administration):
        return SAME
    both_state_one = _stated_rsin(company) and _stated_rsin(administration)
    if identity.contradictions(one, other) or both_state_one:
        return OTHER
    return SAME if identity.shares(one, other, VAT_NUMBER) else UNKNOWN


def choose_books(company: Party, administrations: Sequence[Party]) -> int | None:
    """The place in the list of the only one that holds the books of the company, None when there is
    no such one or a person has to choose. Of several with one VAT number the registry number
    tells; a name does not, for two years or two members of a group may be called alike."""
    found = [
        place
        for place, administration in enumerate(administrations)
        if whose_books(company, administration) == SAME
    ]
    if len(found) > 1:
        found = [place for place in found if _is_registered_as(company, administrations[place])]
    return found[0] if len(found) == 1 else None


def bare_number(party: Party) -> str:
    """The number by which a person knows the company, in one form; "" when it has none."""
    number = _vat_number(party)
    return number or normal_registry_number(party.registry_number, party.country)


def shown_number(party: Party) -> str:
    """That number for people: the VAT number with its prefix, and a registry number that is not in
    it; "" when it has none."""
    vat_number = _vat_number(party)
    registry = digits(party.registry_number)
    if registry.lstrip("0") and registry.lstrip("0") not in vat_number:
        return ", ".join(filter(None, (vat_number, registry)))
    return vat_number


def _is_registered_as(company, administration):
    company, administration = _as_compared(company, administration)
    one, other = _without_rsin(company), _without_rsin(administration)
    return identity.shares(one, other, REGISTRY_NUMBER) or _share_rsin(company, administration)


def _as_compared(one, other):
    """Numbers of a side without a country are read as those of the other side's."""
    both = (
        one if one.country else replace(one, country=other.country),
        other if other.country else replace(other, country=one.country),
    )
    return tuple(replace(party, vat_number=_vat_number(party)) for party in both)


def _vat_number(party):
    """In one form; a Dutch one of nine digits alone is the first with them."""
    number = normal_vat_number(party.vat_number, party.country)
    if number.startswith("NL") and number[2:].isdigit():
        return f"NL{number[-_RSIN_DIGITS:]}B01"
    return number


def _stated_rsin(party):
    """An RSIN that stands in the place of the registry number, else ""."""
    number = digits(party.registry_number)
    return number if party.country == "NL" and len(number) == _RSIN_DIGITS else ""


def _without_rsin(party):
    return replace(party, registry_number="") if _stated_rsin(party) else party


def _share_rsin(one, other):
    """Whether an RSIN that one side states is stated, or stands in the VAT number, on the other."""
    pairs = ((one, other), (other, one))
    return any(
        rsin and rsin in (_stated_rsin(there), _rsin_in_vat_number(there))
        for rsin, there in ((_stated_rsin(here), there) for here, there in pairs)
    )


def _rsin_in_vat_number(party):
    number = normal_vat_number(party.vat_number, party.country)
    return number[2 : 2 + _RSIN_DIGITS] if number.startswith("NL") else ""
