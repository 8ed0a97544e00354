"""What sales entries and purchase entries differ in."""

from __future__ import annotations

from dataclasses import dataclass

from . import heads


@dataclass(frozen=True)
class Family:
    """Sales or purchase entries: their entities, the relation's property and the two types."""

    sale: bool
    entity: str
    line_entity: str
    collection: str
    party: str
    journal: int
    kinds: tuple[int, int]

    @property
    def line_type(self) -> int:
        """20 receivable or 22 payable."""
        return 20 if self.sale else 22


SALES = Family(
    True,
    "salesentry/SalesEntries",
    "salesentry/SalesEntryLines",
    "SalesEntryLines",
    "Customer",
    heads.SALES,
    (20, 21),
)
PURCHASES = Family(
    False,
    "purchaseentry/PurchaseEntries",
    "purchaseentry/PurchaseEntryLines",
    "PurchaseEntryLines",
    "Supplier",
    heads.PURCHASE,
    (30, 31),
)
