"""Which party of an administration is which contact of Odoo, for a whole address book at once."""

from collections import defaultdict
from dataclasses import dataclass

from ..documents import Party
from .contract import StoredParty
from .vat_families import normalise

EXTERNAL_NUMBER = "external_number"
VAT_NUMBER = "vat_number"
REGISTRY_NUMBER = "registry_number"
NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactMatch:
    """``party`` of Odoo and what it probably is in the administration.

    ``reason`` names what is equal; ``sure`` is False when a person has to look: only the name is
    equal, several have the same number, or another contact has the party already.
    """

    party: Party
    stored: StoredParty
    reason: str
    sure: bool


def match_contacts(parties: list[Party], stored: list[StoredParty]) -> list[ContactMatch]:
    """Matches of the parties that have one, in the order given.

    VAT number first, then registry number, then the number we gave, then the exact name (case,
    accents and punctuation do not count). A number that several have gives no sure match.
    """
    active = [entry for entry in stored if entry.active]
    index = {reason: _index(active, reason) for reason in (*_NUMBERS, NAME)}
    wanted = {reason: _count(parties, reason) for reason in (*_NUMBERS, NAME)}
    matches = []
    for party in parties:
        match = _match(party, index, wanted)
        if match:
            matches.append(match)
    return _without_doubles(matches)


_NUMBERS = (VAT_NUMBER, REGISTRY_NUMBER, EXTERNAL_NUMBER)


def _match(party, index, wanted):
    for reason in _NUMBERS:
        value = _value(party, reason)
        found = index[reason].get(value, ()) if value else ()
        if found:
            sure = len(found) == 1 and wanted[reason][value] == 1
            return ContactMatch(party=party, stored=found[0], reason=reason, sure=sure)
    found = index[NAME].get(_value(party, NAME), ())
    if not found or (party.vat_number and found[0].party.vat_number):
        # Two VAT numbers that differ under one name are two companies.
        return None
    return ContactMatch(party=party, stored=found[0], reason=NAME, sure=False)


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
        value = _value(entry.party, reason)
        if value:
            index[value].append(entry)
    return index


def _count(parties, reason):
    counts = defaultdict(int)
    for party in parties:
        counts[_value(party, reason)] += 1
    return counts


def _value(party, reason):
    if reason == NAME:
        return normalise(party.name)
    return getattr(party, reason)
