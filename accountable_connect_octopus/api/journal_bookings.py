"""The bookings of one journal in one book year, by number: read once, looked at one by one."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from odoo.addons.accountable_connect.api.contract import StoredDocument
from odoo.addons.accountable_connect.api.matching import plain_reference
from odoo.addons.accountable_connect.documents import Document

from . import mapping


class JournalBookings:
    """``rows`` are those of Octopus, ``year`` is what people call the book year. A journal holds
    all bookings of a year and a document concerns few of them: a row becomes a ``StoredDocument``
    when it is asked for."""

    def __init__(self, rows: Iterable[dict], year: str):
        self._year = year
        self._rows = {row["documentSequenceNr"]: row for row in rows}
        self._stored: dict[int, StoredDocument] = {}
        self._by_mark: dict[str, list[int]] = defaultdict(list)
        self._by_date: dict[str, dict[date, list[int]]] = defaultdict(lambda: defaultdict(list))
        # made for a party when it is asked for: this takes longer than all the rest
        self._by_reference: dict[str, dict[str, list[int]]] = {}
        for number, row in self._rows.items():
            self._index(number, row)

    def _index(self, number, row):
        if mark := mapping.own_mark(row):
            self._by_mark[mark].append(number)
        day = date.fromisoformat(row["documentDate"])
        self._by_date[mapping.party_key_of(row)][day].append(number)

    def row(self, number: int) -> dict:
        """The booking as Octopus has it, ``{}`` of none."""
        return self._rows.get(number, {})

    def get(self, number: int) -> StoredDocument | None:
        """The booking under a number."""
        if number not in self._stored and number in self._rows:
            self._stored[number] = mapping.stored_document(self._rows[number], self._year)
        return self._stored.get(number)

    def all(self) -> list[StoredDocument]:
        """Every booking."""
        return [self.get(number) for number in self._rows]

    def put(self, row: dict, stored: StoredDocument) -> None:
        """A booking as it was just written."""
        number = row["documentSequenceNr"]
        self._rows[number], self._stored[number] = row, stored
        # what it was before leads to it too, and is compared with what it is now
        self._index(number, row)
        self._by_reference.pop(mapping.party_key_of(row), None)

    def which_could_be(
        self, document: Document, party_key: str, number: int | None
    ) -> list[StoredDocument]:
        """Among these are all that ``matching.sort_out`` finds or leaves out: those with the mark
        of the document or under the number asked for, and of its party those with the same
        reference, or with the same date and total."""
        reference = plain_reference(document.reference)
        numbers = {number} & self._rows.keys()
        numbers.update(self._by_mark.get(document.own_reference, ()))
        # a booking without a party may be anybody's
        for key in {party_key, ""} if party_key else list(self._by_date):
            numbers.update(
                one
                for one in self._by_date.get(key, {}).get(document.document_date, ())
                if self._looks_like(self._rows[one], document, reference)
            )
            if reference:
                numbers.update(self._references(key).get(reference, ()))
        return [self.get(one) for one in sorted(numbers)]

    @staticmethod
    def _looks_like(row, document, reference):
        """Whether a booking of the party and the date may be the document: a bill of ours with
        another reference is another bill."""
        if mapping.booked_total(row) != document.total:
            return False
        if document.is_sale or not reference or not mapping.own_mark(row):
            return True
        return plain_reference(row.get("reference", "")) in ("", reference)

    def _references(self, party_key):
        """``{plain reference: numbers}`` of a party."""
        if party_key not in self._by_reference:
            found = self._by_reference[party_key] = defaultdict(list)
            for numbers in self._by_date.get(party_key, {}).values():
                for number in numbers:
                    reference = self._rows[number].get("reference", "")
                    found[plain_reference(reference)].append(number)
        return self._by_reference[party_key]
