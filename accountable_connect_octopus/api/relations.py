"""Customers and suppliers of a dossier: finding, saving, and what changed."""

import logging

from odoo.addons.accountable_connect.api.contact_matching import likeness
from odoo.addons.accountable_connect.api.contract import PartyChanges, StoredParty
from odoo.addons.accountable_connect.api.errors import LimitReachedError
from odoo.addons.accountable_connect.api.number_index import NumberIndex
from odoo.addons.accountable_connect.api.party_book import PartyBook
from odoo.addons.accountable_connect.api.texts import cut
from odoo.addons.accountable_connect.api.vat_numbers import vat_number_of_registry
from odoo.addons.accountable_connect.documents import Party

from .. import const
from . import mapping, operations, reading
from .answers import documented_form
from .client import OctopusClient

_logger = logging.getLogger(__name__)


class Relations(PartyBook):
    """The relations of a dossier; a list of all is read once a run."""

    noun = "Relation"
    name_length = const.NAME_LENGTH

    def __init__(self, client: OctopusClient):
        super().__init__()
        self.client = client
        self._all_read: list[dict] | None = None
        self._all_by_number: NumberIndex[dict] | None = None

    def stored(self, row):
        return mapping.stored_party(row)

    def our_number(self, row):
        return self.stored(row).party.external_number

    def key_of(self, row):
        return mapping.relation_key(row)

    def reading(self):
        return documented_form(operations.FIND_RELATIONS)

    def rows_to_change(self, party, key):
        query = {"extRelationId": party.external_number}
        return self._search(query | ({"relationId": int(key)} if key else {}))

    def find(self, party: Party) -> list[StoredParty]:
        """One search on number, name and VAT number; Octopus gives what meets one of them, so every
        hit is looked at again. A second one finds a VAT number that was typed without dots, a list
        of all relations one that was typed in any other way."""
        registry = party.registry_number
        number = party.vat_number or vat_number_of_registry(registry, party.country)
        written = mapping.vat_number_in_octopus(number)
        query = {
            "extRelationId": party.external_number,
            "name": cut(party.name, const.NAME_LENGTH),
            "vatNr": written,
        }
        rows = self._search({name: value for name, value in query.items() if value})
        with self.reading():
            if written != number and not any(self._rank(row, party) == 1 for row in rows):
                rows += self._search({"vatNr": number})
            if number and not any(self._rank(row, party) in (0, 1) for row in rows):
                rows += [row for row in self._with_number(party) if self._rank(row, party) == 1]
            return self.best_first(rows, party)

    def save(self, party: Party, key: str | None, sent: Party | None) -> StoredParty:
        """Create or change: one call to look, and one to write."""
        stored = self.row_to_change(party, key, sent if key else None)
        with self.reading():
            known_key = key or (stored and self.key_of(stored))
        answer = self.client.call(
            operations.SAVE_RELATION,
            body=mapping.relation_payload(party, known_key, stored),
            values={"concerns": "party", "party": party.name},
        )
        self.forget(party)
        with documented_form(operations.SAVE_RELATION):
            # 204, an existing relation, has no body.
            return StoredParty(key=known_key or self.key_of(answer or {}), party=party)

    def changed_since(self, cursor: str) -> PartyChanges:
        since, asked_at = reading.since(cursor), self.client.now()
        query = {"modifiedTimeStamp": since} if since else None
        answer = self.client.call(operations.CHANGED_RELATIONS, query=query) or {}
        with documented_form(operations.CHANGED_RELATIONS):
            return PartyChanges(
                parties=tuple(self.stored(row) for row in answer.get("modified", ())),
                removed=tuple(self.key_of(row) for row in answer.get("deleted", ())),
                cursor=reading.cursor(asked_at),
            )

    def _rank(self, row, party):
        return likeness(self.stored(row).party, party, const.NAME_LENGTH)

    def _with_number(self, party):
        """Of every relation those that may have a number of the party's."""
        rows = self._all()
        if self._all_by_number is None:
            self._all_by_number = NumberIndex((self.stored(row).party, row) for row in rows)
        return self._all_by_number.that_may_share(party)

    def _all(self):
        """Every relation; none when there are no such calls left today."""
        if self._all_read is None:
            try:
                answer = self.client.call(operations.ALL_RELATIONS) or {}
            except LimitReachedError as error:
                _logger.info("Not all relations are read: %s", error)
                answer = {}
            self._all_read = list(answer.get("modified", ()))
        return self._all_read

    def _search(self, query):
        return list(self.client.call(operations.FIND_RELATIONS, query=query) or ())
