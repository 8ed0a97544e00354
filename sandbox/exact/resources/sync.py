"""Reading by row version (``sync/…``), in bulk (``bulk/…``), and what was removed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..division import Division
from ..resource import Hints, Missing, Resource, Row
from . import accounts, cashflow, documents, master_data
from .base import Records

_SINGLE = {
    resource.entity: resource
    for module in (accounts, master_data, documents)
    for resource in module.RESOURCES
    if isinstance(resource, Records)
}
BULK = {
    "bulk/Financial/GLAccounts": "financial/GLAccounts",
    "bulk/CRM/Accounts": "crm/Accounts",
    "bulk/CRM/Contacts": "crm/Contacts",
    "bulk/CRM/Addresses": "crm/Addresses",
    "bulk/Documents/Documents": "documents/Documents",
    "bulk/Documents/DocumentAttachments": "documents/DocumentAttachments",
}
SYNC = {name.replace("bulk/", "sync/"): entity for name, entity in BULK.items()}


class Bulk(Resource):
    """The rows of a single entity, under another address."""

    def __init__(self, entity: str, single: str):
        self.entity, self.single = entity, _SINGLE[single]

    def rows(self, division: Division, hints: Hints) -> Iterable[Row]:
        return self.single.rows(division, hints)

    def get(self, division: Division, key: Any) -> Row:
        return self.single.get(division, key)

    def children(self, division: Division, key: Any, collection: str) -> Iterable[Row]:
        return self.single.children(division, key, collection)


class Sync(Bulk):
    """The rows of a single entity above a row version, in its order."""

    def rows(self, division: Division, hints: Hints) -> Iterable[Row]:
        for row in division.changed(self.single.entity, hints.after or 0):
            yield self.single.shown(division, row)

    def get(self, division: Division, key: Any) -> Row:
        for row in division.changed(self.single.entity, int(key) - 1):
            if row["Timestamp"] == int(key):
                return self.single.shown(division, row)
            break
        raise Missing(f"{self.entity} {key}")


class SyncTerms(Resource):
    """Terms of both sides above a row version."""

    entity = "sync/Cashflow/PaymentTerms"

    def rows(self, division: Division, hints: Hints) -> Iterable[Row]:
        return cashflow.changed_terms(division, hints.after or 0)

    def get(self, division: Division, key: Any) -> Row:
        for row in cashflow.read_terms(division, "AND t.version = ?", int(key)):
            return row
        raise Missing(f"{self.entity} {key}")


class Deleted(Resource):
    """What was removed in the last two months."""

    entity = "sync/Deleted"

    def rows(self, division: Division, hints: Hints) -> Iterable[Row]:
        return division.removed(hints.after or 0)

    def get(self, division: Division, key: Any) -> Row:
        for row in division.removed(int(key) - 1):
            if row["Timestamp"] == int(key):
                return row
        raise Missing(f"{self.entity} {key}")


RESOURCES = (
    *(Bulk(*pair) for pair in BULK.items()),
    *(Sync(*pair) for pair in SYNC.items()),
    SyncTerms(),
    Deleted(),
)
