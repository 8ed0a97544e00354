"""Open items: matching debit lines with credit lines of one party or account, in part or whole.

A match is one debit line, one credit line and an amount in the currency of the books. Several
payments on an invoice, or several invoices in a payment, are several matches. Removing one leaves
the others alone and is remembered for incremental reading.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from .amounts import ZERO, loaded, stored
from .ledger import Books, as_line


class MatchRefused(ValueError):
    """The two lines cannot be matched for this amount."""


class Matching:
    """The matches of one administration's books."""

    def __init__(self, books: Books):
        self.books = books
        self.store = books.store

    def line(self, book_year: int, journal: str, number: int, sequence: int) -> dict | None:
        """The entry line with its open amount (sign as the line's), or None."""
        row = self.store.row(
            "SELECT e.*, d.book_year, d.journal, d.number, d.period, d.date, d.due_date,"
            " d.currency, d.rate, d.comment, d.reference head_reference, d.kind FROM entry e"
            " JOIN document d ON d.id = e.document WHERE d.administration = ?"
            " AND d.book_year = ? AND d.journal = ? AND d.number = ? AND e.sequence = ?"
            " ORDER BY e.id",
            self.books.administration,
            book_year,
            journal,
            number,
            sequence,
        )
        return self._with_open(row) if row else None

    def line_by_id(self, entry: int) -> dict:
        """The entry line behind an id."""
        return self._with_open(
            self.store.row(
                "SELECT e.*, d.book_year, d.journal, d.number, d.period, d.date, d.due_date,"
                " d.currency, d.rate, d.comment, d.reference head_reference, d.kind FROM entry e"
                " JOIN document d ON d.id = e.document WHERE e.id = ?",
                entry,
            )
        )

    def _with_open(self, row: Any, matched: int | None = None) -> dict:
        line = as_line(row)
        taken = self.books.matched_amount(row["id"]) if matched is None else loaded(matched)
        sign = 1 if line["amount"] > 0 else -1
        line["open"] = line["amount"] - sign * taken
        line["open_document"] = (
            line["open"]
            if line["amount"] == line["document_amount"]
            else line["document_amount"] * line["open"] / line["amount"]
            if line["amount"]
            else line["document_amount"]
        )
        line["open_document"] = round(line["open_document"], 4)
        return line

    def match(self, debit: dict, credit: dict, amount: Decimal) -> None:
        """Match two lines for a positive amount; raises ``MatchRefused``."""
        self._check(debit, credit, amount)
        now = self.books.clock.stamp()
        with self.store.transaction():
            self.store.run(
                "INSERT INTO matching (administration, debit, credit, amount, modified)"
                " VALUES (?, ?, ?, ?, ?) ON CONFLICT (debit, credit) DO UPDATE"
                " SET amount = amount + excluded.amount, modified = excluded.modified",
                self.books.administration,
                debit["id"],
                credit["id"],
                stored(amount),
                now,
            )
            self.books.forget_deletion("matching", self._key(debit, credit))

    @staticmethod
    def _check(debit: dict, credit: dict, amount: Decimal) -> None:
        if amount <= 0:
            raise MatchRefused("the amount must be positive")
        if debit["amount"] <= 0 or credit["amount"] >= 0:
            raise MatchRefused("a debit line is matched with a credit line")
        if debit["account"] != credit["account"] or debit["party"] != credit["party"]:
            raise MatchRefused("both lines must belong to the same relation or account")
        if amount > debit["open"] or amount > -credit["open"]:
            raise MatchRefused(
                f"open amounts are {debit['open']} debit and {-credit['open']} credit"
            )

    @staticmethod
    def _key(debit: dict, credit: dict) -> str:
        return " ".join(
            f"{line['book_year']}/{line['journal']}/{line['number']}/{line['sequence']}"
            for line in (debit, credit)
        )

    def matches(self, condition: str = "", *values: Any) -> list[dict]:
        """Matches with their two lines, oldest change first."""
        rows = self.store.rows(
            "SELECT * FROM matching WHERE administration = ?"
            + (f" AND {condition}" if condition else "")
            + " ORDER BY modified, id",
            self.books.administration,
            *values,
        )
        return [
            {
                "id": row["id"],
                "amount": loaded(row["amount"]),
                "modified": row["modified"],
                "debit": self.line_by_id(row["debit"]),
                "credit": self.line_by_id(row["credit"]),
            }
            for row in rows
        ]

    def remove(self, match: dict) -> None:
        """Undo one match."""
        with self.store.transaction():
            key = self._key(match["debit"], match["credit"])
            told = self.books.told("matching", match, {"amount": match["amount"]})
            self.store.run("DELETE FROM matching WHERE id = ?", match["id"])
            self.books.record_deletion("matching", key, told)

    def remove_line(self, entry: int) -> int:
        """Undo all matches of a line; gives how many there were."""
        found = self.matches("(debit = ? OR credit = ?)", entry, entry)
        for match in found:
            self.remove(match)
        return len(found)

    def remove_document(self, document: int) -> int:
        """Undo all matches of a document's lines; gives how many there were."""
        return sum(self.remove_line(line["id"]) for line in self.books.lines(document))

    def items(self, condition: str = "", *values: Any, only_open: bool = True) -> list[dict]:
        """Party or account lines with what is open of them, oldest document first."""
        rows = self.store.rows(
            "SELECT e.*, d.book_year, d.journal, d.number, d.period, d.date, d.due_date,"
            " d.currency, d.rate, d.comment, d.reference head_reference, d.kind,"
            " (SELECT COALESCE(SUM(m.amount), 0) FROM matching m"
            "  WHERE m.debit = e.id OR m.credit = e.id) matched"
            " FROM entry e JOIN document d ON d.id = e.document WHERE d.administration = ?"
            + (f" AND {condition}" if condition else "")
            + " ORDER BY d.date, e.id",
            self.books.administration,
            *values,
        )
        items = [self._with_open(row, row["matched"]) for row in rows]
        return [item for item in items if item["open"] != ZERO or not only_open]


def delete_booking(
    books: Books, book_year: int, journal: str, number: int, release_number: bool = True
) -> None:
    """Remove a booking as a person can in the application, its matches included.

    With ``release_number`` the journal's last number follows the highest left, so that the number
    of the last booking can be used again.
    """
    with books.store.transaction():
        document = books.document(book_year, journal, number)
        Matching(books).remove_document(document["id"])
        books.remove(document)
        if release_number:
            books.release_numbers(book_year, journal)
