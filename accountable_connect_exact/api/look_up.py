"""Entries that could be a document: asked for several documents in one call."""

from collections.abc import Iterable
from urllib.parse import quote

from odoo.addons.accountable_connect.api.announced_look_ups import AnnouncedLookUps
from odoo.addons.accountable_connect.documents import Document

from . import mapping, wire
from .answers import documented_form
from .client import ExactClient
from .numbers import within

# Of a filter as it stands in an address; addresses below 2,000 characters are taken everywhere.
LONGEST = 1500


class LookUp:
    """Questions are a side, the key of a party, and the filter that finds entries."""

    def __init__(self, client: ExactClient):
        self.client = client
        self._questions = AnnouncedLookUps(self._ask, _fit_together, lambda: self.client.now())

    def announce(self, sought: Iterable[tuple[Document, str]]) -> None:
        """Documents with the keys of their parties, in the order they will be asked for."""
        self._questions.announce(_question(*one) for one in sought if wire.is_guid(one[1]))

    def entries(self, document: Document, party_key: str) -> list[dict]:
        """Rows of the party's entries of the document's date or reference. No call when one for an
        earlier document brought them."""
        return self._questions.answer(_question(document, party_key))

    def entries_or_number(
        self, document: Document, party_key: str, series: str, number: int
    ) -> list[dict]:
        """The same, asked for in any case, with the entry that has this number, whoever's it is."""
        side, _party_key, condition = _question(document, party_key)
        rows = self.client.get_list(
            side.entries,
            select=mapping.entry_fields(side),
            filter=f"({condition}) or ({within(series, number)})",
        )
        return list(rows)

    def _ask(self, questions):
        side = questions[0][0]
        conditions = list(dict.fromkeys(condition for _side, _party_key, condition in questions))
        joined = " or ".join(f"({one})" for one in conditions)
        rows = self.client.get_list(
            side.entries,
            select=mapping.entry_fields(side),
            filter=joined if len(conditions) > 1 else conditions[0],
        )
        rows = list(rows)
        return [_of_party(rows, question) for question in questions]


def _fit_together(questions):
    side = questions[0][0]
    length = sum(len(quote(f" or ({one})", safe="$,'()/")) for _side, _party_key, one in questions)
    return length <= LONGEST and all(one[0] is side for one in questions)


def _question(document, party_key):
    return mapping.side_of(document), party_key, mapping.find_filter(document, party_key)


def _of_party(rows, question):
    side, party_key, _condition = question
    with documented_form(side.entries):
        return [row for row in rows if (row.get(side.party) or "").lower() == party_key.lower()]
