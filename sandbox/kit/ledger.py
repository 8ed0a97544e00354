"""Double-entry books of one administration, neutral to any package.

Amounts are ``Decimal``: ``amount`` in the currency of the books, debit positive and credit
negative; ``document_amount`` the same in the document's currency. A document is stored with its
entry lines in one transaction and refused when the lines do not add up to zero.

Keys are those people use: book year number, journal code, document number, account number.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from .amounts import ZERO, loaded, stored
from .master_data import MasterData, plain


class UnbalancedEntry(ValueError):
    """The lines of an entry do not add up to zero."""


class MatchedDocument(ValueError):
    """A matched line would disappear or become smaller than what is matched with it."""


@dataclass(frozen=True)
class Line:
    """One line of an entry.

    ``sequence`` is the position people and packages refer to (-1 the party of a trade document);
    ``role`` is party, base, deductible, owed, cost, bank or line; ``boxes`` are VAT boxes.
    ``identity`` is the package's own name of the line and ``version`` its row version, where the
    package has them.
    """

    sequence: int
    role: str
    account: int | str
    amount: Decimal
    document_amount: Decimal
    party: int | str | None = None
    text: str | None = None
    reference: str | None = None
    vat_code: str | None = None
    deductible: Decimal | None = None
    cost_centre: int | str | None = None
    boxes: tuple[tuple[str, Decimal], ...] = ()
    cost_unit: str | None = None
    identity: str | None = None
    version: int = 0


@dataclass(frozen=True)
class Document:
    """The head of a booking; ``payload`` is what the package shows when it is read back and
    ``identity`` its own name of the booking."""

    book_year: int
    journal: str
    number: int
    kind: str
    period: int
    date: str
    currency: str
    rate: Decimal
    total: Decimal
    due_date: str | None = None
    party: int | str | None = None
    comment: str | None = None
    reference: str | None = None
    origin: str = "service"
    payload: Mapping[str, Any] = field(default_factory=dict)
    identity: str | None = None

    @property
    def key(self) -> tuple[int, str, int]:
        """Book year, journal, number."""
        return self.book_year, self.journal, self.number


class Books(MasterData):
    """The books of one administration in a store."""

    # Documents --------------------------------------------------------------------------------

    def document(self, book_year: int, journal: str, number: int) -> dict | None:
        """One booking's head with its ``id`` and ``payload``."""
        return self._one(
            "document", "book_year = ? AND journal = ? AND number = ?", book_year, journal, number
        )

    def document_by_identity(self, identity: str) -> dict | None:
        """One booking's head by the package's own name of it."""
        return self._one("document", "identity = ?", identity)

    def documents(self, condition: str = "", *values: Any) -> list[dict]:
        """Booking heads in order of book year, journal and number."""
        return self._all("document", condition, *values, order="book_year, journal, number")

    def lines(self, document: int) -> list[dict]:
        """Entry lines of a document; amounts are ``Decimal``."""
        return [
            as_line(row)
            for row in self.store.rows(
                "SELECT * FROM entry WHERE document = ? ORDER BY id", document
            )
        ]

    def document_boxes(self, document: int) -> dict[str, Decimal]:
        """VAT boxes of one document."""
        return {
            row["box"]: loaded(row["total"])
            for row in self.store.rows(
                "SELECT box, SUM(amount) total FROM box_amount WHERE document = ?"
                " GROUP BY box HAVING total <> 0 ORDER BY box",
                document,
            )
        }

    def post(self, document: Document, lines: Iterable[Line]) -> int:
        """Store a document with its entry; raises ``UnbalancedEntry``. Gives its id."""
        lines = list(lines)
        self._check_balance(document, lines)
        with self.store.transaction():
            now = self.clock.stamp()
            cursor = self.store.run(
                "INSERT INTO document (administration, book_year, journal, number, kind, period,"
                " date, due_date, party, currency, rate, total, comment, reference, origin,"
                " payload, identity, created, modified)"
                " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                self.administration,
                document.book_year,
                document.journal,
                document.number,
                document.kind,
                document.period,
                document.date,
                document.due_date,
                document.party,
                document.currency,
                str(document.rate),
                stored(document.total),
                document.comment,
                document.reference,
                document.origin,
                json.dumps(document.payload, default=plain),
                document.identity,
                now,
                now,
            )
            self._store_lines(cursor.lastrowid, lines)
            self.forget_deletion("booking", self._deletion_key(*document.key))
            self.store.run(
                "UPDATE journal SET last_number = MAX(last_number, ?) WHERE administration = ?"
                " AND book_year = ? AND code = ?",
                document.number,
                self.administration,
                document.book_year,
                document.journal,
            )
        return cursor.lastrowid

    @staticmethod
    def _check_balance(document: Document, lines: list[Line]) -> None:
        total = sum((line.amount for line in lines), ZERO)
        if total:
            raise UnbalancedEntry(
                f"{document.journal} {document.number}: debit and credit differ {total}"
            )

    def _store_lines(self, document: int, lines: list[Line]) -> None:
        self.store.run_many(
            "INSERT INTO entry (document, sequence, role, account, party, amount, document_amount,"
            " text, reference, vat_code, deductible, cost_centre, cost_unit, identity, version)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    document,
                    line.sequence,
                    line.role,
                    line.account,
                    line.party,
                    stored(line.amount),
                    stored(line.document_amount),
                    line.text,
                    line.reference,
                    line.vat_code,
                    None if line.deductible is None else stored(line.deductible),
                    line.cost_centre,
                    line.cost_unit,
                    line.identity,
                    line.version,
                )
                for line in lines
            ],
        )
        self.store.run_many(
            "INSERT INTO box_amount VALUES (?, ?, ?, ?)",
            [
                (document, line.sequence, box, stored(amount))
                for line in lines
                for box, amount in line.boxes
            ],
        )

    def replace(self, document: Document, lines: Iterable[Line]) -> None:
        """Change a stored document; its number, files and matches stay.

        Raises ``MatchedDocument`` when a matched line disappears, changes side, account or party,
        or becomes smaller than its matches.
        """
        lines = list(lines)
        self._check_balance(document, lines)
        with self.store.transaction():
            stored_document = self.document(*document.key)
            kept = self._kept_matches(stored_document["id"], lines)
            self.store.run("DELETE FROM box_amount WHERE document = ?", stored_document["id"])
            self.store.run(
                "DELETE FROM entry WHERE document = ? AND id NOT IN (SELECT debit FROM matching)"
                " AND id NOT IN (SELECT credit FROM matching)",
                stored_document["id"],
            )
            self._store_lines(stored_document["id"], lines)
            for old, new in kept.items():
                self._move_matches(old, stored_document["id"], new)
            self.store.run(
                "UPDATE document SET kind = ?, period = ?, date = ?, due_date = ?, party = ?,"
                " currency = ?, rate = ?, total = ?, comment = ?, reference = ?, payload = ?,"
                " modified = ? WHERE id = ?",
                document.kind,
                document.period,
                document.date,
                document.due_date,
                document.party,
                document.currency,
                str(document.rate),
                stored(document.total),
                document.comment,
                document.reference,
                json.dumps(document.payload, default=plain),
                self.clock.stamp(),
                stored_document["id"],
            )

    def _kept_matches(self, document: int, lines: list[Line]) -> dict[int, Line]:
        """Old entry id → the new line that takes over its matches."""
        kept = {}
        for old in self.lines(document):
            matched = self.matched_amount(old["id"])
            if not matched:
                continue
            new = next(
                (
                    line
                    for line in lines
                    if line.sequence == old["sequence"]
                    and line.role == old["role"]
                    and line.account == old["account"]
                    and line.party == old["party"]
                ),
                None,
            )
            if new is None or new.amount * old["amount"] <= 0 or abs(new.amount) < matched:
                raise MatchedDocument("a matched line would change: remove its matches first")
            kept[old["id"]] = new
        return kept

    def _move_matches(self, old: int, document: int, line: Line) -> None:
        new = self.store.row(
            "SELECT MAX(id) id FROM entry WHERE document = ? AND sequence = ? AND role = ?",
            document,
            line.sequence,
            line.role,
        )["id"]
        self.store.run("UPDATE matching SET debit = ? WHERE debit = ?", new, old)
        self.store.run("UPDATE matching SET credit = ? WHERE credit = ?", new, old)
        self.store.run("DELETE FROM entry WHERE id = ?", old)

    def remove(self, document: Mapping) -> None:
        """Take out a booking that has no matches (any more), and tell so."""
        self.store.run("DELETE FROM document WHERE id = ?", document["id"])
        self.record_deleted_booking(document)

    def release_numbers(self, book_year: int, journal: str) -> None:
        """The journal goes on after the highest number that is left."""
        self.change_journal(
            book_year,
            journal,
            last_number=self.store.row(
                "SELECT COALESCE(MAX(number), 0) last FROM document"
                " WHERE administration = ? AND book_year = ? AND journal = ?",
                self.administration,
                book_year,
                journal,
            )["last"],
        )

    @staticmethod
    def _deletion_key(book_year: int, journal: str, number: int) -> str:
        return f"{book_year}/{journal}/{number}"

    def record_deleted_booking(self, document: Mapping) -> None:
        """Remember that the number of a booking is used no more."""
        key = (document["book_year"], document["journal"], document["number"])
        self.record_deletion(
            "booking",
            self._deletion_key(*key),
            {"book_year": key[0], "journal": key[1], "number": key[2], "kind": document["kind"]},
        )

    def renumber(self, document: Mapping, number: int, payload: Mapping) -> None:
        """Give a booking another free number; the old one counts as deleted."""
        self.store.run(
            "UPDATE document SET number = ?, payload = ?, modified = ? WHERE id = ?",
            number,
            json.dumps(payload, default=plain),
            self.clock.stamp(),
            document["id"],
        )
        self.record_deleted_booking(document)
        self.forget_deletion(
            "booking", self._deletion_key(document["book_year"], document["journal"], number)
        )

    # Files ------------------------------------------------------------------------------------

    def attach(self, document: int, name: str, content: bytes) -> None:
        """Keep a file with a booking."""
        self.store.run(
            "INSERT INTO attachment (document, name, sha256, content, created)"
            " VALUES (?, ?, ?, ?, ?)",
            document,
            name,
            hashlib.sha256(content).hexdigest(),
            content,
            self.clock.stamp(),
        )

    def attachments(self, document: int | None = None) -> list[dict]:
        """Files of one booking or of all, without their content."""
        condition = "AND a.document = ?" if document else ""
        return [
            dict(row)
            for row in self.store.rows(
                "SELECT a.id, a.document, a.name, a.sha256, LENGTH(a.content) size, a.created,"
                " d.book_year, d.journal, d.number FROM attachment a JOIN document d"
                f" ON d.id = a.document WHERE d.administration = ? {condition} ORDER BY a.id",
                self.administration,
                *([document] if document else []),
            )
        ]

    def attachment(self, number: int) -> dict | None:
        """One file with its content."""
        row = self.store.row(
            "SELECT a.* FROM attachment a JOIN document d ON d.id = a.document"
            " WHERE d.administration = ? AND a.id = ?",
            self.administration,
            number,
        )
        return dict(row) if row else None

    # Figures ----------------------------------------------------------------------------------

    def matched_amount(self, entry: int) -> Decimal:
        """What is matched with an entry line, without sign."""
        return loaded(
            self.store.row(
                "SELECT COALESCE(SUM(amount), 0) total FROM matching WHERE debit = ? OR credit = ?",
                entry,
                entry,
            )["total"]
        )

    def trial_balance(
        self, book_year: int | None = None, period: int | None = None
    ) -> dict[int | str, dict[str, Decimal]]:
        """Account → debit, credit and balance, optionally of one book year or period."""
        condition, values = self._span(book_year, period)
        return {
            row["account"]: {
                "debit": loaded(row["debit"]),
                "credit": loaded(row["credit"]),
                "balance": loaded(row["debit"] - row["credit"]),
            }
            for row in self.store.rows(
                "SELECT e.account, SUM(MAX(e.amount, 0)) debit, SUM(MAX(-e.amount, 0)) credit"
                " FROM entry e JOIN document d ON d.id = e.document"
                f" WHERE d.administration = ? {condition} GROUP BY e.account ORDER BY e.account",
                self.administration,
                *values,
            )
        }

    def vat_boxes(
        self, book_year: int | None = None, period: int | None = None
    ) -> dict[str, Decimal]:
        """Box → amount (splits such as 46L apart), optionally of one book year or period."""
        condition, values = self._span(book_year, period)
        return {
            row["box"]: loaded(row["total"])
            for row in self.store.rows(
                "SELECT b.box, SUM(b.amount) total FROM box_amount b JOIN document d"
                f" ON d.id = b.document WHERE d.administration = ? {condition}"
                " GROUP BY b.box HAVING total <> 0 ORDER BY b.box",
                self.administration,
                *values,
            )
        }

    @staticmethod
    def _span(book_year: int | None, period: int | None) -> tuple[str, list[int]]:
        condition, values = "", []
        if book_year is not None:
            condition, values = "AND d.book_year = ?", [book_year]
        if period is not None:
            condition, values = f"{condition} AND d.period = ?", [*values, period]
        return condition, values

    def account_lines(self, account: int | str, condition: str = "", *values: Any) -> list[dict]:
        """Lines of a ledger account with the head of their document, oldest first."""
        return [
            as_line(row)
            for row in self.store.rows(
                "SELECT e.*, d.book_year, d.journal, d.number, d.period, d.date, d.currency,"
                " d.comment FROM entry e JOIN document d ON d.id = e.document"
                f" WHERE d.administration = ? AND e.account = ? {condition}"
                " ORDER BY d.date, e.id",
                self.administration,
                account,
                *values,
            )
        ]


def period_of(periods: Iterable[Mapping], day: str | dt.date) -> int | None:
    """The number of the period that encloses a day."""
    day = str(day)
    return next(
        (period["number"] for period in periods if period["start"] <= day <= period["finish"]), None
    )


def as_line(row: Any) -> dict:
    """An entry line as its row holds it; amounts and the deductible share are ``Decimal``."""
    found = dict(row)
    found["amount"] = loaded(row["amount"])
    found["document_amount"] = loaded(row["document_amount"])
    if row["deductible"] is not None:
        found["deductible"] = loaded(row["deductible"])
    return found
