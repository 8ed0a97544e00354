"""Every entity of a division: ``RESOURCES`` maps an entity's address to its resource."""

from __future__ import annotations

from ..resource import Resource
from . import accounts, cashflow, documents, entries, ledger, master_data, sync

RESOURCES: dict[str, Resource] = {
    resource.entity: resource
    for module in (accounts, master_data, entries, ledger, cashflow, documents, sync)
    for resource in module.RESOURCES
}
