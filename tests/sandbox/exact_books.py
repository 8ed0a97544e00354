"""A division of the Exact sandbox without its protocol, for tests of the books."""

from __future__ import annotations

from decimal import Decimal

from sandbox.exact.accountant import ACTIONS
from sandbox.exact.division import TABLES, Division
from sandbox.exact.resource import Hints
from sandbox.exact.resources import RESOURCES
from sandbox.exact.seed import seed
from sandbox.kit.clock import Clock
from sandbox.kit.demo_data import fill_with_demo_data
from sandbox.kit.storage import Store

SALES, SALES_LINES = "salesentry/SalesEntries", "salesentry/SalesEntryLines"
PURCHASES = "purchaseentry/PurchaseEntries"
TERMS, DELETED = "sync/Cashflow/PaymentTerms", "sync/Deleted"


class Books:
    """Short words for a division's resources; ``amount`` texts become decimals."""

    def __init__(self, code: int = 500001, store: Store | None = None):
        self.store = store or Store(None, TABLES)
        if store is None:
            fill_with_demo_data(
                "exact books", self.store, Clock(self.store), lambda: seed(self.store)
            )
        self.division = Division(self.store, code)
        self.dutch = self.division.country == "NL"

    def rows(self, entity: str, after: int | None = None, **equals) -> list[dict]:
        return list(RESOURCES[entity].rows(self.division, Hints(equals, after)))

    def get(self, entity: str, key) -> dict:
        return RESOURCES[entity].get(self.division, key)

    def create(self, entity: str, **values) -> dict:
        return RESOURCES[entity].create(self.division, values)

    def update(self, entity: str, key, **values) -> None:
        RESOURCES[entity].update(self.division, key, values)

    def delete(self, entity: str, key) -> None:
        RESOURCES[entity].delete(self.division, key)

    def children(self, entity: str, key, collection: str) -> list[dict]:
        return list(RESOURCES[entity].children(self.division, key, collection))

    def act(self, name: str, /, **values):
        return ACTIONS[name](self.division, **values)

    def switch(self, **values) -> None:
        self.store.keep("switches", {**self.store.setting("switches", {}), **values})

    def ledger(self, code: str) -> str:
        return self.division.by_code("financial/GLAccounts", code)["ID"]

    def account(self, **values) -> str:
        return self.create(
            "crm/Accounts",
            **{
                "Name": "Bakkerij Peeters BV",
                "Status": "C",
                "IsSupplier": True,
                "Country": "BE",
                **values,
            },
        )["ID"]

    def line(
        self, amount, code: str | None, account: str | None = None, sale: bool = True, **values
    ) -> dict:
        usual = ("8001", "7001") if self.dutch else ("700000", "604000")
        return {
            "GLAccount": self.ledger(account or usual[0 if sale else 1]),
            "AmountFC": Decimal(str(amount)),
            "VATCode": code,
            **values,
        }

    def sale(self, *lines, customer: str | None = None, **values) -> dict:
        return self.create(
            SALES,
            **{
                "Customer": customer or self.account(),
                "Journal": "70",
                "SalesEntryLines": list(lines),
                **values,
            },
        )

    def bill(self, *lines, supplier: str | None = None, **values) -> dict:
        return self.create(
            PURCHASES,
            **{
                "Supplier": supplier or self.account(),
                "Journal": "60",
                "PurchaseEntryLines": list(lines),
                **values,
            },
        )

    def booked(self, entry: dict) -> dict:
        """Ledger account → amount of an entry, debit positive."""
        amounts: dict[str, Decimal] = {}
        for line in self.rows("financialtransaction/TransactionLines", EntryID=entry["EntryID"]):
            code = line["GLAccountCode"]
            amounts[code] = amounts.get(code, Decimal(0)) + line["AmountDC"]
        return {code: str(amount) for code, amount in sorted(amounts.items())}

    def boxes(self, entry: dict) -> dict:
        document = self.division.books.document_by_identity(entry["EntryID"])
        found = self.division.books.document_boxes(document["id"])
        return {box: str(amount) for box, amount in found.items()}

    def terms(self, entry: dict) -> list[dict]:
        rows = [row for row in self.rows(TERMS) if row["TransactionEntryID"] == entry["EntryID"]]
        return sorted(rows, key=lambda row: (row["Status"], row["DueDate"], row["ID"]))
