"""Which party of an administration is which contact of Odoo.

``match_contacts`` asks for a whole address book, where a person decides what is doubtful;
``choose_party`` for one contact that is about to be saved, where nobody is asked. Both have one
rule for what is certain.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace

from ..documents import Party
from .contract import StoredParty
from .identity import (
    REGISTRY_NUMBER,
    VAT_NUMBER,
    agreements,
    contradictions,
    is_same_name,
    shares,
)
from .texts import comparable, cut, digits
from .vat_families import normalise
from .vat_numbers import normal_registry_number, normal_vat_number, registry_in_vat_number

EXTERNAL_NUMBER = "external_number"
NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactMatch:
    """``party`` of Odoo and what it probably is in the administration.

    ``reason`` names what is equal; ``sure`` is False when a person has to look: only the name is
    equal, several have the same number, another number contradicts, or another contact has the
    party already.
    """

    party: Party
    stored: StoredParty
    reason: str
    sure: bool


def match_contacts(parties: list[Party], stored: list[StoredParty]) -> list[ContactMatch]:
    """Matches of the parties that have one, in the order given.

    VAT number first, then registry number, then the number we gave, then the exact name (case,
    accents and punctuation do not count). A number that several have gives no sure match, nor does
    one beside another that contradicts it. Where only contradictions are left there is no match.
    """
    active = [entry for entry in stored if entry.active]
    index = {reason: _index(active, reason) for reason in _REASONS}
    values = [{reason: _values(party, reason) for reason in _REASONS} for party in parties]
    wanted = {reason: _count(one[reason] for one in values) for reason in _REASONS}
    numbers = {party.external_number for party in parties}
    found = [
        _best_match(party, own, index, wanted, numbers)
        for party, own in zip(parties, values, strict=True)
    ]
    used = {match.stored.key for match, contradicted in found if match and not contradicted}
    return _without_doubles(
        [
            match
            for match, contradicted in found
            if match and not (contradicted and match.stored.key in used)
        ]
    )


# From the one that says most.
_REASONS = (VAT_NUMBER, REGISTRY_NUMBER, EXTERNAL_NUMBER, NAME)


def _best_match(party, values, index, wanted, numbers):
    """``(match, whether a number contradicts it)``: by the first reason for which one is found that
    nothing contradicts, else by the first number, for a person to look at; ``(None, False)``."""
    contradicted = None
    for reason in _REASONS:
        found = _found(index[reason], party, values[reason], reason)
        fitting = [one for one in found if not contradictions(one.party, party)]
        if fitting:
            sure = len(found) == 1
            sure = sure and all(wanted[reason][value] <= 1 for value in values[reason])
            sure = sure and _is_certain(fitting[0].party, party, reason)
            sure = sure and not _is_anothers(fitting[0].party, party, numbers)
            return ContactMatch(party=party, stored=fitting[0], reason=reason, sure=sure), False
        if found and not contradicted and reason in (VAT_NUMBER, REGISTRY_NUMBER):
            contradicted = ContactMatch(party=party, stored=found[0], reason=reason, sure=False)
    return contradicted, bool(contradicted)


def _is_certain(stored, party, reason):
    """Whether the reason says all: not a name, the VAT number of a group, a registry number without
    its country, or our number on somebody else."""
    if reason == EXTERNAL_NUMBER:
        same_number = stored.external_number == party.external_number
        return same_number and not is_somebody_else(stored, party)
    return reason in agreements(stored, party)


def _is_anothers(stored, party, numbers):
    """Whether it carries the number of another of our contacts."""
    return stored.external_number != party.external_number and stored.external_number in numbers


def _found(index, party, values, reason):
    """Those with the same value, each once."""
    found = {one.key: one for value in values for one in index.get(value, ())}
    if reason in (VAT_NUMBER, REGISTRY_NUMBER):
        return [one for one in found.values() if shares(one.party, party, reason)]
    return list(found.values())


def _without_doubles(matches):
    """Two contacts on one party: neither is sure."""
    users = defaultdict(int)
    for match in matches:
        users[match.stored.key] += 1
    return [
        match if users[match.stored.key] == 1 else replace(match, sure=False) for match in matches
    ]


def _index(stored, reason):
    index = defaultdict(list)
    for entry in stored:
        for value in _values(entry.party, reason):
            index[value].append(entry)
    return index


def _count(sets):
    """How many of these sets have a value."""
    return Counter(value for values in sets for value in values)


def _values(party, reason):
    """What has to be equal, "" left out. A VAT number is looked for without its prefix too, because
    it may have none there, nor zeros at its beginning; a registry number without its country."""
    if reason == NAME:
        values = {normalise(party.name)}
    elif reason == VAT_NUMBER:
        number = normal_vat_number(party.vat_number, party.country)
        values = {number, digits(number).lstrip("0")}
    elif reason == REGISTRY_NUMBER:
        values = {
            normal_registry_number(party.registry_number, party.country),
            registry_in_vat_number(party.vat_number, party.country),
        }
    else:
        values = {party.external_number}
    return values - {"", 0}


def choose_party(found: list[StoredParty], party: Party, taken: set[str]) -> StoredParty | None:
    """The one that is certainly this party, or None: then a new one is made.

    ``taken``: keys that belong to other partners. The external number decides, unless it is plainly
    somebody else's (two databases number their contacts alike); then the VAT number and the
    registry number where exactly one has it and no other number contradicts; a name is enough only
    together with the address, because two people may have one name.
    """
    for stored in found:
        if _is_certain(stored.party, party, EXTERNAL_NUMBER):
            return stored
    free = [
        stored
        for stored in found
        if stored.key not in taken and stored.active and not contradictions(stored.party, party)
    ]
    for reason in (VAT_NUMBER, REGISTRY_NUMBER):
        same = [stored for stored in free if _is_certain(stored.party, party, reason)]
        if same:
            return same[0] if len(same) == 1 else None
    same = [
        stored
        for stored in free
        if not party.vat_number
        and not stored.party.vat_number
        and party.postal_code
        and _place(stored.party) == _place(party)
    ]
    return same[0] if len(same) == 1 else None


def likeness(stored: Party, party: Party, name_length: int) -> int | None:
    """How a party found by search resembles ours: 0 our number, 1 VAT or registry number, 2 exact
    name, also as cut to the length of the package's field; None when it does not."""
    if stored.external_number == party.external_number:
        return 0
    if shares(stored, party, VAT_NUMBER) or shares(stored, party, REGISTRY_NUMBER):
        return 1
    names = (comparable(party.name), comparable(cut(party.name, name_length)))
    return 2 if comparable(stored.name) in names else None


def is_somebody_else(stored: Party, party: Party) -> bool:
    """Whether two parties with one external number are two: their VAT or registry numbers differ,
    or, where these say nothing, their names."""
    if contradictions(stored, party):
        return True
    if agreements(stored, party):
        return False
    return not is_same_name(stored, party)


def _place(party: Party) -> tuple[str, ...]:
    return tuple(
        text.casefold().strip()
        for text in (party.name, party.street, party.postal_code, party.country)
    )
