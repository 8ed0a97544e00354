"""The books of one division: the neutral ledger, and rows that carry a guid and a row version.

Master data, contacts, documents and the heads and lines of entries are *records*: dictionaries of
the properties of their entity, kept under the entity's address (``crm/Accounts``). The ledger lines
of an entry are the neutral books' own; their ``identity`` is the guid of the transaction line.
Payment terms have a table (see ``terms.py``).

Every change gives a row the next number of one counter of the division, its ``Timestamp``. What is
removed is told by ``sync/Deleted`` for two months. Times are local wall time of the sandbox clock.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from ..kit.ledger import Books
from ..kit.storage import Store
from .resource import BusinessError, Missing, Row
from .switches import Switches

TABLES = """
CREATE TABLE record (
    administration INTEGER NOT NULL, entity TEXT NOT NULL, id TEXT NOT NULL, code TEXT,
    parent TEXT, data TEXT NOT NULL, version INTEGER NOT NULL,
    PRIMARY KEY (administration, entity, id));
CREATE INDEX record_version ON record (administration, entity, version);
CREATE INDEX record_code ON record (administration, entity, code, parent);
CREATE INDEX record_parent ON record (administration, entity, parent);
CREATE TABLE file_content (id TEXT PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE term (
    administration INTEGER NOT NULL, id TEXT NOT NULL PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    sequence INTEGER NOT NULL, part TEXT NOT NULL, line_type INTEGER NOT NULL,
    account TEXT NOT NULL, party TEXT, amount INTEGER NOT NULL, document_amount INTEGER NOT NULL,
    due_date TEXT, status INTEGER NOT NULL DEFAULT 20, fully_paid INTEGER NOT NULL DEFAULT 0,
    last_payment_date TEXT, end_date TEXT, end_year INTEGER, end_period INTEGER,
    matched_with TEXT, data TEXT NOT NULL DEFAULT '{}', version INTEGER NOT NULL);
CREATE INDEX term_version ON term (administration, version);
CREATE INDEX term_document ON term (document);
CREATE INDEX term_match ON term (matched_with) WHERE matched_with IS NOT NULL;
CREATE TABLE removed (
    administration INTEGER NOT NULL, version INTEGER NOT NULL, id TEXT NOT NULL,
    entity_type INTEGER NOT NULL, entity_key TEXT NOT NULL, removed_by TEXT NOT NULL,
    removed_at TEXT NOT NULL, PRIMARY KEY (administration, version));
"""
"""Tables beside those of the neutral books: ``Store(path, TABLES)``."""

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "exact-sandbox")
NOBODY = ("00000000-0000-0000-0000-000000000000", "Sandbox")
FIRST_VERSION = 1000

# EntityType codes of sync/Deleted.
DELETED_TYPES = {
    "financialtransaction/TransactionLines": 1,
    "crm/Accounts": 2,
    "crm/Addresses": 3,
    "documents/DocumentAttachments": 4,
    "crm/Contacts": 5,
    "documents/Documents": 6,
    "financial/GLAccounts": 7,
    "cashflow/PaymentTerms": 10,
    "crm/BankAccounts": 48,
}
# The property that rows of an entity are looked up by, beside their guid, and the one they hang on.
CODES = {
    "crm/Accounts": "Code",
    "salesentry/SalesEntries": "YourRef",
    "purchaseentry/PurchaseEntries": "YourRef",
    "documents/DocumentAttachments": "FileName",
    "crm/BankAccounts": "BankAccount",
    "documents/Documents": "Subject",
    "vat/VatPercentages": "LineNumber",
    "financial/ExchangeRates": "SourceCurrency",
}
PARENTS = {
    "crm/Contacts": "Account",
    "crm/BankAccounts": "Account",
    "crm/Addresses": "Account",
    "vat/VatPercentages": "VATCodeID",
    "documents/DocumentAttachments": "Document",
    "documents/Documents": "FinancialTransactionEntryID",
    "salesentry/SalesEntries": "Customer",
    "purchaseentry/PurchaseEntries": "Supplier",
    "salesentry/SalesEntryLines": "EntryID",
    "purchaseentry/PurchaseEntryLines": "EntryID",
    "generaljournalentry/GeneralJournalEntryLines": "EntryID",
    "financialtransaction/BankEntryLines": "EntryID",
    "financialtransaction/CashEntryLines": "EntryID",
    "cashflow/DirectDebitMandates": "Account",
}
KEYS = {
    "salesentry/SalesEntries": "EntryID",
    "purchaseentry/PurchaseEntries": "EntryID",
    "generaljournalentry/GeneralJournalEntries": "EntryID",
    "financialtransaction/BankEntries": "EntryID",
    "financialtransaction/CashEntries": "EntryID",
    "general/Currencies": "Code",
}


def _tagged(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {"~n": str(value)}
    if isinstance(value, dt.datetime):
        return {"~t": value.isoformat()}
    if isinstance(value, dt.date):
        return {"~d": value.isoformat()}
    raise TypeError(f"{type(value).__name__} cannot be kept in a record")


def _untagged(found: dict) -> Any:
    if len(found) == 1:
        if "~n" in found:
            return Decimal(found["~n"])
        if "~d" in found:
            return dt.date.fromisoformat(found["~d"])
        if "~t" in found:
            return dt.datetime.fromisoformat(found["~t"])
    return found


_DECODER = json.JSONDecoder(object_hook=_untagged)


def encode(values: Mapping) -> str:
    """A record as JSON that keeps decimals, dates and moments."""
    return json.dumps(values, default=_tagged)


def decode(text: str) -> dict:
    """The record behind ``encode``."""
    return _DECODER.decode(text)


def in_milliseconds(moment: dt.datetime) -> dt.datetime:
    """A moment as the service keeps it."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def as_day(value: Any) -> dt.date | None:
    """The calendar day of a date, a moment or an ISO text; None stays None."""
    if value is None or value == "":
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value)[:10])


class Division:
    """One division by its code; ``user`` (guid, full name) is whoever the changes belong to."""

    def __init__(self, store: Store, code: int, user: tuple[str, str] = NOBODY):
        self.store = store
        self.code = code
        self.user = user
        self.books = Books(store, code)

    # The division itself ----------------------------------------------------------------------

    @property
    def info(self) -> dict:
        """Name and data: country, language, currency, address, VAT number, moved_at …"""
        row = self.store.row("SELECT name, data FROM administration WHERE id = ?", self.code)
        if row is None:
            raise Missing(f"division {self.code}")
        return {"name": row["name"], **json.loads(row["data"])}

    def change_info(self, **values: Any) -> None:
        """Set data of the division."""
        data = {**self.info, **values}
        name = data.pop("name")
        self.store.run(
            "UPDATE administration SET name = ?, data = ? WHERE id = ?",
            name,
            json.dumps(data),
            self.code,
        )

    @property
    def country(self) -> str:
        """BE or NL."""
        return self.info["country"]

    @property
    def currency(self) -> str:
        """Currency of the books."""
        return self.info.get("currency", "EUR")

    def switch(self, name: str) -> Any:
        """A switch of the sandbox."""
        return Switches(self.store)[name]

    def now(self) -> dt.datetime:
        """The moment in local wall time, in milliseconds, without zone."""
        return in_milliseconds(self.books.clock.local())

    def today(self) -> dt.date:
        """The day in local time."""
        return self.now().date()

    def guid(self, entity: str, key: Any) -> str:
        """The guid of seeded data: the same in every sandbox, another one in every division."""
        return str(uuid.uuid5(NAMESPACE, f"{self.code}/{entity}/{key}"))

    # Row versions -----------------------------------------------------------------------------

    def next_version(self, count: int = 1) -> int:
        """The first of ``count`` new row versions."""
        name = f"version.{self.code}"
        with self.store.transaction():
            first = self.store.setting(name, FIRST_VERSION) + 1
            self.store.keep(name, first + count - 1)
        return first

    @property
    def version(self) -> int:
        """The highest row version given out."""
        return self.store.setting(f"version.{self.code}", FIRST_VERSION)

    def tell_removed(self, entity: str, keys: Iterable[str]) -> None:
        """Write removed rows in the log of ``sync/Deleted``, where the entity is told there."""
        if entity not in DELETED_TYPES:
            return
        now = self.now().isoformat()
        for key in keys:
            self.store.run(
                "INSERT INTO removed VALUES (?, ?, ?, ?, ?, ?, ?)",
                self.code,
                self.next_version(),
                str(uuid.uuid4()),
                DELETED_TYPES[entity],
                key,
                self.user[0],
                now,
            )

    def removed(self, after: int = 0) -> list[Row]:
        """The log of the last two months, oldest first."""
        since = (self.now() - dt.timedelta(days=61)).isoformat()
        return [
            {
                "Timestamp": row["version"],
                "ID": row["id"],
                "EntityType": row["entity_type"],
                "EntityKey": row["entity_key"],
                "DeletedBy": row["removed_by"],
                "DeletedDate": dt.datetime.fromisoformat(row["removed_at"]),
                "Division": self.code,
            }
            for row in self.store.rows(
                "SELECT * FROM removed WHERE administration = ? AND version > ? AND removed_at >= ?"
                " ORDER BY version",
                self.code,
                after,
                since,
            )
        ]

    # Records ----------------------------------------------------------------------------------

    def _row(self, entity: str, found: Any) -> Row:
        row = decode(found["data"])
        row[KEYS.get(entity, "ID")] = found["id"]
        row["Timestamp"] = found["version"]
        row["Division"] = self.code
        return row

    def find(self, entity: str, key: Any) -> Row | None:
        """A record by its guid (general/Currencies: its code)."""
        if not key:
            return None
        found = self.store.row(
            "SELECT * FROM record WHERE administration = ? AND entity = ? AND id = ?",
            self.code,
            entity,
            str(key).lower() if entity != "general/Currencies" else key,
        )
        return self._row(entity, found) if found else None

    def get(self, entity: str, key: Any) -> Row:
        """A record by its guid. Raises ``Missing``."""
        row = self.find(entity, key)
        if row is None:
            raise Missing(f"{entity} {key}")
        return row

    def by_code(self, entity: str, code: Any) -> Row | None:
        """The first record with a code (see ``CODES`` for what the code of an entity is)."""
        if code is None or str(code).strip() == "":
            return None
        found = self.store.row(
            "SELECT * FROM record WHERE administration = ? AND entity = ? AND code = ?"
            " ORDER BY version",
            self.code,
            entity,
            str(code).strip(),
        )
        return self._row(entity, found) if found else None

    def all(self, entity: str, parent: str | None = None, code: str | None = None) -> list[Row]:
        """The records of an entity in order of their guid, optionally of one parent or code."""
        condition, values = "", []
        if parent is not None:
            condition, values = " AND parent = ?", [parent]
        if code is not None:
            condition, values = f"{condition} AND code = ?", [*values, code]
        return [
            self._row(entity, found)
            for found in self.store.rows(
                "SELECT * FROM record WHERE administration = ? AND entity = ?"
                f"{condition} ORDER BY id",
                self.code,
                entity,
                *values,
            )
        ]

    def having(self, entity: str, name: str, value: str) -> list[Row]:
        """The records of an entity with a text in one of its properties."""
        return [
            self._row(entity, found)
            for found in self.store.rows(
                "SELECT * FROM record WHERE administration = ? AND entity = ?"
                " AND json_extract(data, ?) = ? ORDER BY id",
                self.code,
                entity,
                f"$.{name}",
                value,
            )
        ]

    def changed(self, entity: str, after: int = 0, size: int = 1200) -> Iterator[Row]:
        """The records of an entity above a row version, in its order, read in blocks."""
        while True:
            block = self.store.rows(
                "SELECT * FROM record WHERE administration = ? AND entity = ? AND version > ?"
                " ORDER BY version LIMIT ?",
                self.code,
                entity,
                after,
                size,
            )
            for found in block:
                yield self._row(entity, found)
            if len(block) < size:
                return
            after = block[-1]["version"]

    def add(self, entity: str, values: Mapping, key: str | None = None) -> Row:
        """A new record with guid, audit properties and row version."""
        now = self.now()
        row = {
            **values,
            "Created": now,
            "Creator": self.user[0],
            "CreatorFullName": self.user[1],
            "Modified": now,
            "Modifier": self.user[0],
            "ModifierFullName": self.user[1],
        }
        return self._store(entity, key or str(uuid.uuid4()), row)

    def change(self, entity: str, key: str, **values: Any) -> Row:
        """Set properties of a record: a new row version and moment of change. ``Missing``."""
        row = {
            **self.get(entity, key),
            **values,
            "Modified": self.now(),
            "Modifier": self.user[0],
            "ModifierFullName": self.user[1],
        }
        return self._store(entity, str(key).lower(), row)

    def _store(self, entity: str, key: str, row: Row) -> Row:
        kept = {
            name: value
            for name, value in row.items()
            if name not in ("Timestamp", "Division")
            and value is not None
            and not isinstance(value, bytes)
        }
        code, parent = row.get(CODES.get(entity, "Code")), row.get(PARENTS.get(entity, ""))
        with self.store.transaction():
            version = self.next_version()
            self.store.run(
                "INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?, ?, ?)",
                self.code,
                entity,
                key,
                None if code is None else str(code).strip(),
                parent,
                encode(kept),
                version,
            )
        return {**kept, KEYS.get(entity, "ID"): key, "Timestamp": version, "Division": self.code}

    def remove(self, entity: str, key: str) -> None:
        """Remove a record and tell so. Raises ``Missing``."""
        self.get(entity, key)
        with self.store.transaction():
            self.store.run(
                "DELETE FROM record WHERE administration = ? AND entity = ? AND id = ?",
                self.code,
                entity,
                str(key).lower(),
            )
            self.tell_removed(entity, [str(key).lower()])

    # References -------------------------------------------------------------------------------

    def reference(self, entity: str, key: Any, label: str) -> Row:
        """The record a guid of a request refers to. ``BusinessError`` invalid_reference."""
        row = self.find(entity, key)
        if row is None:
            raise BusinessError("invalid_reference", label)
        return row

    def code_reference(self, entity: str, code: Any, label: str) -> Row | None:
        """The record a code refers to; None for no code. ``BusinessError`` invalid_reference."""
        if code is None or str(code).strip() == "":
            return None
        row = self.by_code(entity, code)
        if row is None:
            raise BusinessError("invalid_reference", label)
        return row

    # Periods ----------------------------------------------------------------------------------

    def period_of(self, day: dt.date) -> tuple[int, int] | None:
        """Financial year and period that enclose a day, or None."""
        row = self.store.row(
            "SELECT book_year, number FROM period WHERE administration = ? AND start <= ?"
            " AND finish >= ?",
            self.code,
            str(day),
            str(day),
        )
        return (row["book_year"], row["number"]) if row else None

    def close_period(
        self, year: int, period: int | None = None, journal: str | None = None, closed: bool = True
    ) -> None:
        """Close or open a period, or a whole year, for one journal or all journals."""
        periods = [period] if period else [row["number"] for row in self.books.periods(year)]
        journals = [journal] if journal else [row["Code"] for row in self.all("financial/Journals")]
        kept = set(self.store.setting(f"closed.{self.code}", []))
        changed = {f"{code}/{year}/{number}" for code in journals for number in periods}
        self.store.keep(f"closed.{self.code}", sorted(kept | changed if closed else kept - changed))

    def is_closed(self, journal: str, year: int, period: int) -> bool:
        """Is a period closed for a journal?"""
        return f"{journal}/{year}/{period}" in self.store.setting(f"closed.{self.code}", [])

    # Moving -----------------------------------------------------------------------------------

    def move(self) -> None:
        """Another database: every row gets a new version from the start, the log is lost."""
        with self.store.transaction():
            self.store.keep(f"version.{self.code}", FIRST_VERSION // 2)
            self.store.run("DELETE FROM removed WHERE administration = ?", self.code)
            for statement, update in (
                (
                    "SELECT rowid FROM record WHERE administration = ? ORDER BY version",
                    "UPDATE record SET version = ? WHERE rowid = ?",
                ),
                (
                    "SELECT e.id rowid FROM entry e JOIN document d ON d.id = e.document"
                    " WHERE d.administration = ? ORDER BY e.version",
                    "UPDATE entry SET version = ? WHERE id = ?",
                ),
                (
                    "SELECT rowid FROM term WHERE administration = ? ORDER BY version",
                    "UPDATE term SET version = ? WHERE rowid = ?",
                ),
            ):
                rows = self.store.rows(statement, self.code)
                first = self.next_version(max(len(rows), 1))
                self.store.run_many(
                    update, [(first + index, row["rowid"]) for index, row in enumerate(rows)]
                )
            self.change_info(moved_at=self.now().isoformat())
