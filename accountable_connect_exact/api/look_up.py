"""Entries that could be a document: asked for several documents in one call.

::

    soon       bill 1 · bill 2 · … · bill 9 · bill 10 · …
               └──── one call for bill 1 ───┘ └─ one call for bill 10

Each answer is given once, and only while it is fresh: whoever asks again, or late, asks Exact anew.
"""

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import quote

from odoo.addons.accountable_connect.documents import Document

from . import mapping, wire
from .answers import documented_form
from .client import ExactClient
from .numbers import within

# Of a filter as it stands in an address; addresses below 2,000 characters are taken everywhere.
LONGEST = 1500
FRESH = timedelta(seconds=30)


class LookUp:
    """``soon``: what will be asked for; ``entries`` asks."""

    def __init__(self, client: ExactClient):
        self.client = client
        self._soon: list[tuple] = []
        self._read: dict[tuple, tuple] = {}

    def soon(self, sought: Iterable[tuple[Document, str]]) -> None:
        """Documents with the keys of their parties, in the order they will be asked for. Replaces
        what was told and read before."""
        self._soon = [_question(*one) for one in sought if wire.is_guid(one[1])]
        self._read = {}

    def entries(self, document: Document, party_key: str) -> list[dict]:
        """Rows of the party's entries of the document's date or reference. No call when one for an
        earlier document brought them."""
        question = _question(document, party_key)
        read_at, rows = self._read.pop(question, (None, []))
        now = self.client.now()
        if read_at and read_at <= now <= read_at + FRESH:
            return rows
        together = self._together(question)
        rows = self._ask(together)
        for other in together[1:]:
            self._read[other] = now, _of_party(rows, other)
        return _of_party(rows, question)

    def entries_or_number(
        self, document: Document, party_key: str, series: str, number: int
    ) -> list[dict]:
        """The same, asked anew, with the entry that has this number, whoever's it is."""
        side, _party_key, condition = _question(document, party_key)
        rows = self.client.get_list(
            side.entries,
            select=mapping.entry_fields(side),
            filter=f"({condition}) or ({within(series, number)})",
        )
        return list(rows)

    def _together(self, question):
        """The question and those that follow it, as many as an address holds."""
        if question not in self._soon:
            return [question]
        self._soon = self._soon[self._soon.index(question) :]
        count, length = 0, 0
        for side, _party_key, condition in self._soon:
            length += len(quote(f" or ({condition})", safe="$,'()/"))
            if count and (side is not question[0] or length > LONGEST):
                break
            count += 1
        together, self._soon = self._soon[:count], self._soon[count:]
        return together

    def _ask(self, questions):
        side = questions[0][0]
        conditions = dict.fromkeys(condition for _side, _party_key, condition in questions)
        joined = " or ".join(f"({one})" for one in conditions) if len(conditions) > 1 else None
        rows = self.client.get_list(
            side.entries,
            select=mapping.entry_fields(side),
            filter=joined or next(iter(conditions)),
        )
        return list(rows)


def _question(document, party_key):
    return mapping.side_of(document), party_key, mapping.find_filter(document, party_key)


def _of_party(rows, question):
    side, party_key, _condition = question
    with documented_form(side.entries):
        return [row for row in rows if (row.get(side.party) or "").lower() == party_key.lower()]
