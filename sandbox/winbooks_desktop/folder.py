"""The books of one company in WinBooks, and what a test of an import has to know of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..kit.amounts import stored
from ..kit.ledger import Books, Line, UnbalancedEntry
from ..kit.storage import Store
from ..kit.vat import VatCode
from .layout import CUSTOMER, rank_of

ACCOUNT_LENGTH = 6
OPEN, LOCKED, VALIDATED = range(3)
DEFAULT_CENTRALS = {"1": "C1", "2": "S1"}
# What an account of customers or suppliers begins with.
CENTRAL_CLASSES = {"1": "40", "2": "44"}


class UnknownFolder(ValueError):
    """There is no such folder, book year or period."""


class Folder(Books):
    """The books of one folder."""

    def __init__(self, store: Store, number: int):
        super().__init__(store, number)
        row = store.row("SELECT * FROM administration WHERE id = ?", number)
        if row is None:
            raise UnknownFolder(f"there is no folder {number}")
        self.name = row["name"]
        self.data = json.loads(row["data"])

    @property
    def short(self) -> str:
        """The short name, by which it is opened."""
        return self.data["short"]

    @property
    def language(self) -> str:
        """F or N: whose user codes are read."""
        return self.data["language"]

    def short_of_year(self, number: int) -> str:
        """The short name of a book year."""
        return self.book_year(number)["data"]["short"]

    def year_named(self, named: str | int) -> dict:
        """A book year by its short name, rank or number; raises ``UnknownFolder``."""
        text = str(named).strip()
        for row in self.book_years():
            if text in (row["data"]["short"], rank_of(row["number"])):
                return row
        for row in self.book_years():
            if text == str(row["number"]):
                return row
        raise UnknownFolder(f"there is no book year {named}")

    # Customers and suppliers

    def third(self, kind: str, number: str) -> dict | None:
        """A customer (1) or supplier (2)."""
        return self.party(third_key(kind, number))

    def save_third(self, kind: str, number: str, record: Mapping[str, str]) -> None:
        """Keep a record of a customer or supplier."""
        name = record.get("NAME1") or number
        data = {"NUMBER": number, "TYPE": kind, "name": name, **record}
        self.save_party(third_key(kind, number), 0, True, data)

    # Documents

    def add_lines(self, document: Mapping, lines: Iterable[Line]) -> None:
        """Book lines beside those that a document has; raises ``UnbalancedEntry``."""
        lines = list(lines)
        total = sum((line.amount for line in lines), Decimal(0))
        if total:
            raise UnbalancedEntry(f"debit and credit differ {total}")
        with self.store.transaction():
            self._store_lines(document["id"], lines)
            more = sum((line.amount for line in lines if line.role == "party"), Decimal(0))
            self.store.run(
                "UPDATE document SET total = total + ?, modified = ? WHERE id = ?",
                stored(more),
                self.clock.stamp(),
                document["id"],
            )

    # What a test needs

    def known(self, book_year: int) -> Known:
        """Everything at once."""
        return Known(
            journals={row["code"]: row for row in self.journals(book_year)},
            accounts={str(row["number"]): row["data"] for row in self.accounts(book_year)},
            vat_codes={code.code: code for code in self.vat_codes()},
            years={row["number"]: row for row in self.book_years()},
            periods={
                (row["number"], period["number"]): period
                for row in self.book_years()
                for period in self.periods(row["number"])
            },
            thirds={row["id"]: row["data"] for row in self.parties()},
            documents={
                (row["book_year"], row["journal"], row["number"]): row["period"]
                for row in self.store.rows(
                    "SELECT book_year, journal, number, period FROM document"
                    " WHERE administration = ?",
                    self.administration,
                )
            },
            language=self.language,
        )


@dataclass(frozen=True)
class Known:
    """What stands in a folder while a test runs."""

    journals: Mapping[str, dict]
    accounts: Mapping[str, Mapping[str, Any]]
    vat_codes: Mapping[str, VatCode]
    years: Mapping[int, dict]
    periods: Mapping[tuple[int, int], dict]
    thirds: Mapping[Any, Mapping[str, Any]]
    documents: Mapping[tuple[int, str, int], int]
    language: str

    def central(self, name: str) -> str:
        """The account of a central id, "" where there is none."""
        return next(
            (number for number, data in self.accounts.items() if data.get("central") == name), ""
        )

    def central_of_third(self, kind: str, number: str) -> str:
        """The central account of a customer or supplier."""
        record = self.thirds.get(third_key(kind, number), {})
        return record.get("CENTRAL") or self.central(DEFAULT_CENTRALS[kind])

    def vat_code(self, named: str, sale: bool | None) -> VatCode | None:
        """A VAT code by its internal code, or by the user's one of this folder's language."""
        if named in self.vat_codes:
            return self.vat_codes[named]
        for code in self.vat_codes.values():
            right_side = sale is None or (code.side == "sale") == sale
            if right_side and code.data["users"][self.language].upper() == named.upper():
                return code
        return None


def third_key(kind: str, number: str) -> str:
    """How a customer or supplier is named in the books."""
    return f"{kind}/{number}"


def role_of(kind: str) -> str:
    """A customer or a supplier, in words."""
    return "customer" if kind == CUSTOMER else "supplier"


def share_of(code: VatCode, refund: bool) -> Decimal:
    """The share of a purchase's VAT that is deductible, in percent."""
    leg = code.card(refund).recoverable
    return leg.share if leg else Decimal(0)
