"""Master data of one administration: book years, periods, chart, journals, VAT codes, parties.

Keys are those people use: book year number, period number, account number, journal and VAT code.
Names are kept by language (nl, fr, en, de).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from .amounts import loaded, stored
from .clock import Clock
from .storage import Store
from .vat import Card, VatCode


def plain(value: Any) -> Any:
    """JSON for what ``json`` does not know: decimals become numbers."""
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} cannot be stored as JSON")


class MasterData:
    """What an administration is set up with.

    ``describe``: "account", "journal", "party" or "matching" → what the package tells of a row of
    that kind once it is removed.
    """

    describe: Mapping[str, Callable[[Mapping], Mapping]] = {}

    def __init__(self, store: Store, administration: int):
        self.store = store
        self.administration = administration
        self.clock = Clock(store)

    # Reading ----------------------------------------------------------------------------------

    def _all(self, table: str, condition: str = "", *values: Any, order: str = "1") -> list[dict]:
        statement = f"SELECT * FROM {table} WHERE administration = ?"
        if condition:
            statement += f" AND {condition}"
        rows = self.store.rows(f"{statement} ORDER BY {order}", self.administration, *values)
        return [self._decoded(row) for row in rows]

    def _one(self, table: str, condition: str, *values: Any) -> dict | None:
        row = self.store.row(
            f"SELECT * FROM {table} WHERE administration = ? AND {condition}",
            self.administration,
            *values,
        )
        return self._decoded(row) if row else None

    @staticmethod
    def _decoded(row: Any) -> dict:
        found = dict(row)
        for name in ("names", "data", "payload"):
            if name in found:
                found[name] = json.loads(found[name])
        return found

    def book_years(self) -> list[dict]:
        """Book years in order."""
        return self._all("book_year", order="start")

    def book_year(self, number: int) -> dict | None:
        """One book year."""
        return self._one("book_year", "number = ?", number)

    def periods(self, book_year: int) -> list[dict]:
        """Periods of a book year in order."""
        return self._all("period", "book_year = ?", book_year, order="start")

    def period(self, book_year: int, number: int) -> dict | None:
        """One period."""
        return self._one("period", "book_year = ? AND number = ?", book_year, number)

    def accounts(self, book_year: int) -> list[dict]:
        """The chart of a book year."""
        return self._all("account", "book_year = ?", book_year, order="number")

    def account(self, book_year: int, number: int) -> dict | None:
        """One ledger account of a book year."""
        return self._one("account", "book_year = ? AND number = ?", book_year, number)

    def journals(self, book_year: int) -> list[dict]:
        """Journals of a book year."""
        return self._all("journal", "book_year = ?", book_year, order="kind, sequence")

    def journal(self, book_year: int, code: str) -> dict | None:
        """One journal of a book year."""
        return self._one("journal", "book_year = ? AND code = ?", book_year, code)

    def vat_codes(self) -> list[VatCode]:
        """All VAT codes."""
        return [self._vat_code(row) for row in self._all("vat_code", order="side DESC, code")]

    def vat_code(self, code: str) -> VatCode | None:
        """One VAT code."""
        row = self._one("vat_code", "code = ?", code)
        return self._vat_code(row) if row else None

    @staticmethod
    def _vat_code(row: Mapping) -> VatCode:
        return VatCode(
            row["code"],
            row["side"],
            loaded(row["rate"]),
            row["names"],
            Card.from_data(json.loads(row["invoice"])),
            Card.from_data(json.loads(row["credit_note"])),
            bool(row["active"]),
            row["data"],
        )

    def cost_centres(self) -> list[dict]:
        """All cost centres."""
        return self._all("cost_centre", order="id")

    def cost_centre(self, number: int) -> dict | None:
        """One cost centre."""
        return self._one("cost_centre", "id = ?", number)

    def parties(self) -> list[dict]:
        """All customers and suppliers."""
        return self._all("party", order="id")

    def party(self, number: int) -> dict | None:
        """One customer or supplier."""
        return self._one("party", "id = ?", number)

    def party_by_external_id(self, external_id: int) -> dict | None:
        """The party with an outside program's number."""
        return self._one("party", "external_id = ? ORDER BY id", external_id)

    # Writing ----------------------------------------------------------------------------------

    def add_book_year(
        self,
        number: int,
        names: Mapping[str, str],
        start: str,
        finish: str,
        periods: Iterable[tuple[int, str, str]],
        data: Mapping | None = None,
    ) -> None:
        """A book year with its periods (number, first day, last day)."""
        with self.store.transaction():
            self.store.run(
                "INSERT INTO book_year VALUES (?, ?, ?, ?, ?, 0, ?)",
                self.administration,
                number,
                json.dumps(dict(names)),
                start,
                finish,
                json.dumps(dict(data or {})),
            )
            self.store.run_many(
                "INSERT INTO period VALUES (?, ?, ?, ?, ?, 0)",
                [(self.administration, number, *period) for period in periods],
            )

    def save_account(
        self,
        book_year: int,
        number: int,
        names: Mapping[str, str],
        bookable: bool = True,
        deductible: Decimal | None = None,
        data: Mapping | None = None,
    ) -> None:
        """Insert or replace a ledger account of a book year; one that was removed exists again."""
        self.forget_deletion("account", f"{book_year}/{number}")
        self.store.run(
            "INSERT OR REPLACE INTO account VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            self.administration,
            book_year,
            number,
            json.dumps(dict(names)),
            int(bookable),
            None if deductible is None else stored(deductible),
            json.dumps(dict(data or {})),
            self.clock.stamp(),
        )

    def save_journal(
        self,
        book_year: int,
        code: str,
        kind: str,
        sequence: int,
        names: Mapping[str, str],
        account: int | None = None,
        currency: str | None = None,
        data: Mapping | None = None,
    ) -> None:
        """Insert a journal, or change its names, account, currency and data; one that was removed
        exists again."""
        self.forget_deletion("journal", f"{book_year}/{code}")
        self.store.run(
            "INSERT INTO journal (administration, book_year, code, kind, sequence, names, account,"
            " currency, data, modified) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET names = excluded.names, account = excluded.account,"
            " currency = excluded.currency, data = excluded.data, modified = excluded.modified",
            self.administration,
            book_year,
            code,
            kind,
            sequence,
            json.dumps(dict(names)),
            account,
            currency,
            json.dumps(dict(data or {})),
            self.clock.stamp(),
        )

    def change_journal(self, book_year: int, code: str, **values: Any) -> None:
        """Set columns of a journal such as closed, protected_period, open_by, last_number."""
        values["modified"] = self.clock.stamp()
        columns = ", ".join(f"{name} = ?" for name in values)
        self.store.run(
            f"UPDATE journal SET {columns} WHERE administration = ? AND book_year = ? AND code = ?",
            *values.values(),
            self.administration,
            book_year,
            code,
        )

    def save_vat_code(self, code: VatCode) -> None:
        """Insert or replace a VAT code with its cards."""
        self.store.run(
            "INSERT OR REPLACE INTO vat_code VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self.administration,
            code.code,
            code.side,
            stored(code.rate),
            json.dumps(dict(code.names)),
            json.dumps(code.invoice.as_data()),
            json.dumps(code.credit_note.as_data()),
            int(code.active),
            json.dumps(dict(code.data)),
        )

    def remove_journal(self, row: Mapping) -> None:
        """Take a journal out of its book year, and tell so."""
        self._remove("journal", "code", row["code"], row["book_year"])
        key = f"{row['book_year']}/{row['code']}"
        self.record_deletion("journal", key, self.told("journal", row, {"code": row["code"]}))

    def remove_account(self, row: Mapping) -> None:
        """Take a ledger account out of its book year, and tell so."""
        self._remove("account", "number", row["number"], row["book_year"])
        key = f"{row['book_year']}/{row['number']}"
        self.record_deletion("account", key, self.told("account", row, {"number": row["number"]}))

    def remove_accounts(self) -> None:
        """Take every ledger account out of the books, of all book years."""
        self.store.run("DELETE FROM account WHERE administration = ?", self.administration)

    def remove_vat_code(self, code: str) -> None:
        """Take a VAT code out of the books."""
        self._remove("vat_code", "code", code)

    def remove_party(self, row: Mapping) -> None:
        """Take a customer or supplier out of the books, and tell so."""
        self._remove("party", "id", row["id"])
        self.record_deletion("party", str(row["id"]), self.told("party", row, {"id": row["id"]}))

    def _remove(self, table: str, column: str, key: Any, book_year: int | None = None) -> None:
        condition, values = "", []
        if book_year is not None:
            condition, values = " AND book_year = ?", [book_year]
        self.store.run(
            f"DELETE FROM {table} WHERE administration = ? AND {column} = ?{condition}",
            self.administration,
            key,
            *values,
        )

    def close_period(self, book_year: int, number: int, closed: bool = True) -> None:
        """Close a period of a book year, or open it again."""
        self.store.run(
            "UPDATE period SET closed = ?"
            " WHERE administration = ? AND book_year = ? AND number = ?",
            int(closed),
            self.administration,
            book_year,
            number,
        )

    def close_book_year(self, number: int, closed: bool = True) -> None:
        """Close a book year, or open it again."""
        self.store.run(
            "UPDATE book_year SET closed = ? WHERE administration = ? AND number = ?",
            int(closed),
            self.administration,
            number,
        )

    def save_cost_centre(self, number: int, names: Mapping[str, str], closed: bool = False) -> None:
        """Insert or replace a cost centre."""
        self.store.run(
            "INSERT OR REPLACE INTO cost_centre VALUES (?, ?, ?, ?)",
            self.administration,
            number,
            json.dumps(dict(names)),
            int(closed),
        )

    def save_party(
        self, number: int, external_id: int, active: bool, data: Mapping[str, Any]
    ) -> None:
        """Insert or replace a party; ``data`` is the package's own record."""
        self.store.run(
            "INSERT OR REPLACE INTO party VALUES (?, ?, ?, ?, ?, ?)",
            self.administration,
            number,
            external_id,
            int(active),
            json.dumps(data, default=plain),
            self.clock.stamp(),
        )

    def next_party(self) -> int:
        """A party number that was never used."""
        number = self.store.setting(f"party.{self.administration}", 0) + 1
        self.store.keep(f"party.{self.administration}", number)
        return number

    # What was removed -------------------------------------------------------------------------

    def told(self, kind: str, row: Mapping, otherwise: Mapping) -> Mapping:
        """What the package tells of a row that is removed (see ``describe``)."""
        return self.describe[kind](row) if kind in self.describe else otherwise

    def record_deletion(self, kind: str, key: str, data: Mapping) -> None:
        """Remember what was removed, for incremental reading."""
        self.store.run(
            "INSERT INTO deletion (administration, kind, key, data, modified)"
            " VALUES (?, ?, ?, ?, ?)",
            self.administration,
            kind,
            key,
            json.dumps(data, default=plain),
            self.clock.stamp(),
        )

    def deletions(self, kind: str, since: str, until: str = "9999") -> list[dict]:
        """What was removed in a time span: key and data."""
        return self._all(
            "deletion",
            "kind = ? AND modified >= ? AND modified <= ?",
            kind,
            since,
            until,
            order="id",
        )

    def forget_deletion(self, kind: str, key: str) -> None:
        """The removed thing exists again."""
        self.store.run(
            "DELETE FROM deletion WHERE administration = ? AND kind = ? AND key = ?",
            self.administration,
            kind,
            key,
        )
