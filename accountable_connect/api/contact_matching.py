"""Which party of an administration is which contact of Odoo, for a whole address book at once."""

from collections import defaultdict
from dataclasses import dataclass

from ..documents import Party
from .contract import StoredParty
from .identity import REGISTRY_NUMBER, VAT_NUMBER, agreements, contradictions, shares
from .matching import is_somebody_else
from .texts import digits
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
    index = {reason: _index(active, reason) for reason in (*_NUMBERS, NAME)}
    wanted = {reason: _count(parties, reason) for reason in (*_NUMBERS, NAME)}
    numbers = {party.external_number for party in parties}
    found = [_match(party, index, wanted, numbers) for party in parties]
    used = {match.stored.key for match, contradicted in found if match and not contradicted}
    return _without_doubles(
        [
            match
            for match, contradicted in found
            if match and not (contradicted and match.stored.key in used)
        ]
    )


_NUMBERS = (VAT_NUMBER, REGISTRY_NUMBER, EXTERNAL_NUMBER)


def _match(party, index, wanted, numbers):
    """``(match, whether a number contradicts it)``: by the first reason for which one is found that
    nothing contradicts, else by the first number, for a person to look at; ``(None, False)``."""
    contradicted = None
    for reason in (*_NUMBERS, NAME):
        found = _found(index[reason], party, reason)
        fitting = [one for one in found if not contradictions(one.party, party)]
        if fitting:
            sure = len(found) == 1 and _is_wanted_once(wanted[reason], party, reason)
            sure = sure and _is_certain(fitting[0].party, party, reason, numbers)
            return ContactMatch(party=party, stored=fitting[0], reason=reason, sure=sure), False
        if found and not contradicted and reason in (VAT_NUMBER, REGISTRY_NUMBER):
            contradicted = ContactMatch(party=party, stored=found[0], reason=reason, sure=False)
    return contradicted, bool(contradicted)


def _is_certain(stored, party, reason, numbers):
    """Whether the reason says all: not a name, the VAT number of a group, a registry number without
    its country, or an account that carries the number of another of our contacts."""
    if stored.external_number != party.external_number and stored.external_number in numbers:
        return False
    if reason == EXTERNAL_NUMBER:
        return not is_somebody_else(stored, party)
    return reason in agreements(stored, party)


def _found(index, party, reason):
    """Those with the same value, each once."""
    found = {one.key: one for value in _values(party, reason) for one in index.get(value, ())}
    if reason in (VAT_NUMBER, REGISTRY_NUMBER):
        return [one for one in found.values() if shares(one.party, party, reason)]
    return list(found.values())


def _is_wanted_once(counts, party, reason):
    return all(counts[value] <= 1 for value in _values(party, reason))


def _without_doubles(matches):
    """Two contacts on one party: neither is sure."""
    users = defaultdict(int)
    for match in matches:
        users[match.stored.key] += 1
    return [
        match
        if users[match.stored.key] == 1
        else ContactMatch(party=match.party, stored=match.stored, reason=match.reason, sure=False)
        for match in matches
    ]


def _index(stored, reason):
    index = defaultdict(list)
    for entry in stored:
        for value in _values(entry.party, reason):
            index[value].append(entry)
    return index


def _count(parties, reason):
    counts = defaultdict(int)
    for party in parties:
        for value in _values(party, reason):
            counts[value] += 1
    return counts


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
