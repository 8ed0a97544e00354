"""A list of parties in which those that share a number with one are found without comparing it with
each of them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Generic, TypeVar

from ..documents import Party
from .identity import compared_numbers
from .vat_numbers import vat_country

Entry = TypeVar("Entry")


class NumberIndex(Generic[Entry]):
    """``entries``: parties, each with what is to be found."""

    def __init__(self, entries: Iterable[tuple[Party, Entry]]):
        self._entries: list[Entry] = []
        self._places: dict[str, list[int]] = defaultdict(list)
        # a number without its country may be written in any country's way
        self._of_any_country: list[int] = []
        for place, (party, entry) in enumerate(entries):
            self._entries.append(entry)
            numbers = compared_numbers(party)
            for number in filter(None, numbers):
                self._places[number].append(place)
            if _is_of_any_country(party, numbers):
                self._of_any_country.append(place)

    def that_may_share(self, party: Party) -> list[Entry]:
        """Every entry whose VAT or registry number is the party's (``identity.shares``), in their
        order; a few others may be among them."""
        numbers = compared_numbers(party)
        if _is_of_any_country(party, numbers):
            return list(self._entries)
        places = set(self._of_any_country) if numbers[0] else set()
        for number in filter(None, numbers):
            places.update(self._places.get(number, ()))
        return [self._entries[place] for place in sorted(places)]


def _is_of_any_country(party, numbers):
    """Whether its VAT number does not tell in which country it was given."""
    return bool(numbers[0]) and not vat_country(party.vat_number, party.country)
