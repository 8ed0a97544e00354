"""Finding the parties of an administration, and the one that is to be changed.

The same for every package that keeps our number with a party: what is found is looked at again,
because a name may be anybody's; our number on somebody else's party stops; and a party that became
another company is not overwritten.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import ClassVar

from ..documents import Party
from .contact_matching import is_somebody_else, likeness
from .contract import PartyChanges, StoredParty
from .errors import DataRefusedError, DuplicateError
from .identity import is_other_company


class PartyBook(ABC):
    """Customers and suppliers. A ``row`` is a party as the package gives it."""

    # What a row is called in the log.
    noun: ClassVar[str]
    # The longest name the package keeps.
    name_length: ClassVar[int]

    def __init__(self):
        # Our number → the row that has it (None: nobody), where a search of this run found out.
        self._holders: dict[int, dict | None] = {}

    @abstractmethod
    def find(self, party: Party) -> list[StoredParty]:
        """As ``Package.find_parties``."""

    @abstractmethod
    def save(self, party: Party, key: str | None, sent: Party | None) -> StoredParty:
        """As ``Package.save_party``."""

    @abstractmethod
    def changed_since(self, cursor: str) -> PartyChanges:
        """As ``Package.parties_changed_since``."""

    @abstractmethod
    def stored(self, row: dict) -> StoredParty:
        """A row as a party."""

    @abstractmethod
    def our_number(self, row: dict) -> int:
        """Our number on a row, 0 for none."""

    @abstractmethod
    def key_of(self, row: dict) -> str:
        """The key of a row."""

    @abstractmethod
    def rows_to_change(self, party: Party, key: str | None) -> Iterable[dict]:
        """The rows that have the party's number, and the one under the key; asks the package."""

    @abstractmethod
    def reading(self) -> AbstractContextManager:
        """A context in which rows are read (``documented_form``)."""

    def best_first(self, rows: Iterable[dict], party: Party) -> list[StoredParty]:
        """Those that are or could be the party. What a search found, of which it is remembered who
        has our number."""
        found = {}
        self._holders[party.external_number] = None
        for row in rows:
            stored = self.stored(row)
            rank = likeness(stored.party, party, self.name_length)
            if rank is not None:
                found[stored.key] = (rank, not stored.active, stored.key, stored)
            if rank == 0:
                self._holders[party.external_number] = row
        ranked = sorted(found.values(), key=lambda entry: entry[:3])
        return [stored for *_order, stored in ranked]

    def forget(self, party: Party) -> None:
        """What a search found out holds no longer."""
        self._holders.pop(party.external_number, None)

    def row_to_change(self, party: Party, key: str | None, sent: Party | None) -> dict | None:
        """The row that is to be changed, None for a new one; see ``Package.save_party``. Raises
        DataRefusedError ``PARTY_GONE``, and DuplicateError where our number stands on somebody
        else's, or where the party became another company."""
        number, values = party.external_number, {"concerns": "party", "party": party.name}
        if key is None and number in self._holders:
            holder, target = self._holders[number], None
        else:
            with self.reading():
                rows = list(self.rows_to_change(party, key))
                target = next((row for row in rows if self.key_of(row) == key), None)
                holder = next((row for row in rows if self.our_number(row) == number), None)
        if key and target is None:
            raise DataRefusedError(
                f"{self.noun} {key} does not exist any more",
                code=DataRefusedError.PARTY_GONE,
                values=values,
            )
        with self.reading():
            self._check_holder(holder, target, party, values)
            if target is not None and sent:
                self._check_company(target, party, sent, values)
        return holder if target is None else target

    def _check_holder(self, holder, target, party, values):
        if holder is None or (target and self.key_of(holder) == self.key_of(target)):
            return
        held = self.stored(holder)
        if target is not None or is_somebody_else(held.party, party):
            raise DuplicateError(
                f"External number {party.external_number} belongs to {self.noun} {held.key}",
                code="external_number",
                values=values | {"number": party.external_number},
                candidates=[held],
            )

    def _check_company(self, row, party, sent, values):
        held = self.stored(row)
        if is_other_company(held.party, party, sent):
            raise DuplicateError(
                f"{self.noun} {held.key} is another company now",
                code=DuplicateError.OTHER_COMPANY,
                values=values | {"held": held.party.name},
                candidates=[held],
            )
