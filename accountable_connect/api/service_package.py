"""The part of the contract that every package with a service of its own fulfils in one way."""

from ..documents import Party
from .contract import Package, PartyChanges, StoredDocument, StoredParty
from .http.json_client import JsonClient
from .party_book import PartyBook


class ServicePackage(Package):
    """One client, one book of parties."""

    def __init__(self, client: JsonClient, parties: PartyBook):
        self.client = client
        self.parties = parties
        self._left_out: list[StoredDocument] = []

    def close(self) -> None:
        self.client.close()

    def find_parties(self, party: Party) -> list[StoredParty]:
        return self.parties.find(party)

    def save_party(
        self, party: Party, key: str | None, *, sent: Party | None = None
    ) -> StoredParty:
        return self.parties.save(party, key, sent)

    def parties_changed_since(self, cursor: str) -> PartyChanges:
        return self.parties.changed_since(cursor)

    def left_out(self) -> list[StoredDocument]:
        return self._left_out
