"""Whether two parties are one company, by the numbers that identify it.

Those are the VAT number, and the registry number together with its country. A name, an address or
a city identifies nobody by itself, and contradicts nothing.
"""

from ..documents import Party
from .texts import comparable
from .vat_numbers import (
    normal_registry_number,
    normal_vat_number,
    registry_in_vat_number,
    same_vat_number,
    vat_country,
)

# A name that is shorter was not cut by any package.
SHORTEST_CUT = 20
VAT_NUMBER, REGISTRY_NUMBER = "vat_number", "registry_number"
# Each court, province, state or part of the kingdom gives out registry numbers of its own there.
_LOCAL_REGISTRIES = ("", "DE", "GB", "IT", "US")


def contradictions(one: Party, other: Party) -> frozenset[str]:
    """Which numbers say that these are two. Members of a VAT group have one VAT number and
    registry numbers of their own."""
    found = set()
    same = _same_vat_number(one, other)
    if same is False:
        found.add(VAT_NUMBER)
    # one that stands in the VAT number both have says no more than that
    is_known = same and any(_in_vat_number(party) == _registry(party) for party in (one, other))
    if _are_two_registries(one, other) and not is_known:
        found.add(REGISTRY_NUMBER)
    return frozenset(found)


def agreements(one: Party, other: Party) -> frozenset[str]:
    """Which numbers say that these are one company."""
    found = set()
    same_name = is_same_name(one, other)
    # where the VAT number is that of a group, one of them does not say which member it is
    if _same_vat_number(one, other) and (same_name or not _are_two_registries(one, other)):
        found.add(VAT_NUMBER)
    countries = _registry(one)[0], _registry(other)[0]
    identifies = countries[0] == countries[1] and countries[0] not in _LOCAL_REGISTRIES
    if shares(one, other, REGISTRY_NUMBER) and (identifies or same_name):
        found.add(REGISTRY_NUMBER)
    return frozenset(found)


def shares(one: Party, other: Party, name: str) -> bool:
    """Whether a VAT or registry number (``name``) is the same, whatever speaks against it."""
    if name == VAT_NUMBER:
        return bool(_same_vat_number(one, other))
    (country, number), (other_country, other_number) = _registry(one), _registry(other)
    same_country = country == other_country or "" in (country, other_country)
    return bool(number) and number == other_number and same_country


def is_other_company(held: Party, party: Party, before: Party) -> bool:
    """Whether ``held`` became, or always was, another company than ``party``, which was the same
    as ``before``. A number that was corrected is none: it was the same before, and the name or
    the other number still is."""
    against = contradictions(held, party)
    known = agreements(held, before)
    stays = is_same_name(held, party) or agreements(held, party)
    return bool(against) and not (against <= known and stays)


def is_same_name(one: Party, other: Party) -> bool:
    """Whether the names are the same, one of them as a package had to cut it perhaps."""
    shorter, longer = sorted((comparable(party.name) for party in (one, other)), key=len)
    return shorter == longer or (len(shorter) >= SHORTEST_CUT and longer.startswith(shorter))


def _same_vat_number(one, other):
    return same_vat_number(one.vat_number, one.country, other.vat_number, other.country)


def compared_numbers(party: Party) -> tuple[str, str]:
    """The VAT number and the registry number as ``shares`` compares them, "" where there is none;
    without their countries."""
    return normal_vat_number(party.vat_number, party.country), _registry(party)[1]


def _registry(party):
    """``(country, number)`` as they are compared; of a company whose VAT number has it, that."""
    in_vat_number = _in_vat_number(party)
    country = party.country or vat_country(party.vat_number, party.country)
    number = normal_registry_number(party.registry_number, country)
    if number in ("", in_vat_number[1]):
        return in_vat_number
    return country, number


def _in_vat_number(party):
    country = vat_country(party.vat_number, party.country)
    return country, registry_in_vat_number(party.vat_number, party.country)


def _are_two_registries(one, other):
    """Whether both have a number, and another one, in the registry of one country. Numbers that are
    not of one length are of two registries."""
    (country, number), (other_country, other_number) = _registry(one), _registry(other)
    if not number or not other_number or country != other_country:
        return False
    # zeros at their beginning are gone
    return number != other_number and abs(len(number) - len(other_number)) <= 1
