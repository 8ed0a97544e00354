"""A division's books as plain data, for comparisons and tests.

Amounts are texts with their decimals; ledger amounts are in the division's currency and debit
positive, heads carry the sign the service gives them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal
from typing import Any

from ..kit import inspection
from ..kit.amounts import loaded
from ..kit.inspection import shown, texts
from ..kit.matching import Matching
from .chart import CLASS_BOXES
from .division import Division
from .entry_families import PURCHASES, SALES
from .resource import Row
from .resources.ledger import ENTRY_ENTITIES

TERM_COLUMNS = (
    "id",
    "status",
    "due_date",
    "last_payment_date",
    "end_date",
    "end_year",
    "end_period",
    "version",
)


def plain(row: Row) -> dict:
    """A record as JSON can hold it: amounts and dates become texts."""
    return {
        name: str(value)
        if isinstance(value, Decimal)
        else value.isoformat()
        if isinstance(value, dt.date)
        else value
        for name, value in row.items()
    }


def heads(division: Division) -> dict[str, Row]:
    """EntryID → head, of all entries."""
    return {row["EntryID"]: row for entity in ENTRY_ENTITIES for row in division.all(entity)}


def entries(division: Division) -> list[dict]:
    """Every entry with its ledger lines, boxes and files, in order of year, journal, number."""
    known, files, vat = heads(division), _files_by_document(division), _vat_of_lines(division)
    lines = _grouped(
        division,
        "SELECT e.* FROM entry e JOIN document d ON d.id = e.document"
        " WHERE d.administration = ? ORDER BY e.id",
        "document",
    )
    boxes = _grouped(
        division,
        "SELECT b.* FROM box_amount b JOIN document d"
        " ON d.id = b.document WHERE d.administration = ?",
        "document",
    )
    found = []
    for document in division.books.documents():
        head = known[document["identity"]]
        found.append(
            {
                "entry": document["identity"],
                "journal": document["journal"],
                "entry_number": document["number"],
                "year": document["book_year"],
                "period": document["period"],
                "kind": document["kind"],
                "type": head.get("Type"),
                "date": document["date"],
                "due_date": document["due_date"],
                "account": document["party"],
                "currency": document["currency"],
                "rate": document["rate"],
                "amount_fc": shown(loaded(document["total"])),
                "amount_dc": shown(Decimal(head.get("AmountDC", loaded(document["total"])))),
                "your_ref": head.get("YourRef"),
                "description": head.get("Description"),
                "payment_reference": head.get("PaymentReference"),
                "payment_condition": head.get("PaymentCondition"),
                "external_link": head.get("ExternalLinkReference"),
                "status": head["Status"],
                "document": head.get("Document"),
                "lines": [
                    _line(row, vat.get((document["identity"], row["sequence"])))
                    for row in lines.get(document["id"], [])
                ],
                "boxes": texts(_summed(boxes.get(document["id"], []))),
                "files": files.get(head.get("Document"), []),
            }
        )
    return found


def _grouped(division: Division, statement: str, column: str) -> dict[int, list]:
    groups: dict[int, list] = {}
    for row in division.store.rows(statement, division.code):
        groups.setdefault(row[column], []).append(row)
    return groups


def _summed(rows: list) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = {}
    for row in rows:
        totals[row["box"]] = totals.get(row["box"], Decimal(0)) + loaded(row["amount"])
    return {box: totals[box] for box in sorted(totals) if totals[box]}


def _vat_of_lines(division: Division) -> dict[tuple[str, int], Decimal]:
    """Entry and number of a line → its VAT in the entry's currency, with the line's sign."""
    return {
        (row["EntryID"], row["LineNumber"]): row["VATAmountFC"]
        for family in (SALES, PURCHASES)
        for row in division.all(family.line_entity)
    }


def _line(row: Any, vat: Decimal | None) -> dict:
    base = row["role"] == "base"
    return {
        "id": row["identity"],
        "sequence": row["sequence"],
        "account": row["account"],
        "amount": shown(loaded(row["amount"])),
        "document_amount": shown(loaded(row["document_amount"])),
        "role": row["role"],
        "vat_code": row["vat_code"],
        "cost_centre": row["cost_centre"],
        "cost_unit": row["cost_unit"],
        "party": row["party"],
        "text": row["text"],
        "vat_amount_fc": shown(vat) if base and vat is not None else None,
        "deductible": None if row["deductible"] is None else shown(loaded(row["deductible"])),
    }


def _files_by_document(division: Division) -> dict[str, list[dict]]:
    files: dict[str, list[dict]] = {}
    for row in attachments(division):
        files.setdefault(row["document"], []).append({"name": row["name"], "sha256": row["sha256"]})
    return files


def attachments(division: Division) -> list[dict]:
    """All files with document, size, checksum and the entry they hang on, in order of making."""
    documents = {row["ID"]: row for row in division.all("documents/Documents")}
    found = []
    for row in division.changed("documents/DocumentAttachments"):
        content = division.store.row("SELECT content FROM file_content WHERE id = ?", row["ID"])
        found.append(
            {
                "id": row["ID"],
                "name": row["FileName"],
                "size": row["FileSize"],
                "sha256": hashlib.sha256(content["content"]).hexdigest(),
                "document": row["Document"],
                "subject": documents[row["Document"]]["Subject"],
                "entry": documents[row["Document"]].get("FinancialTransactionEntryID"),
            }
        )
    return found


def trial_balance(
    division: Division, year: int | None = None, period: int | None = None
) -> dict[str, str]:
    """Ledger account → balance, debit positive."""
    return inspection.trial_balance(division.books, year, period)


def vat_boxes(division: Division, year: int | None = None, period: int | None = None) -> dict:
    """Boxes as posted (splits apart); for Belgium the boxes of the return and its checks."""
    if division.country == "BE":
        return inspection.vat_boxes(division.books, year, period)
    boxes = texts(division.books.vat_boxes(year, period))
    return {"boxes": boxes, "return": boxes, "checks": []}


def boxes_per_period(division: Division) -> dict[str, dict]:
    """Period (2026-03) → boxes, for every period with an entry."""
    return {
        f"{year}-{period:02}": vat_boxes(division, year, period)
        for year, period in inspection.booked_periods(division.books)
    }


def open_items(division: Division, only_open: bool = True) -> list[dict]:
    """Customers' and suppliers' ledger lines with what is open of them, debit positive."""
    entry_ids = {row["id"]: row["identity"] for row in division.books.documents()}
    return [
        {
            "entry": entry_ids[item["document"]],
            "journal": item["journal"],
            "entry_number": item["number"],
            "year": item["book_year"],
            "account": item["party"],
            "ledger_account": item["account"],
            "date": item["date"],
            "due_date": item["due_date"],
            "currency": item["currency"],
            "amount": shown(item["amount"]),
            "open": shown(item["open"]),
            "amount_fc": shown(item["document_amount"]),
            "open_fc": shown(Decimal(item["open_document"])),
            "reference": item["head_reference"],
        }
        for item in Matching(division.books).items(
            "e.document IN (SELECT document FROM term) AND EXISTS (SELECT 1 FROM term t WHERE"
            " t.document = e.document AND t.sequence = e.sequence)",
            only_open=only_open,
        )
    ]


def terms(division: Division) -> list[dict]:
    """All payment terms with ledger amounts, oldest change first."""
    return [
        {
            **{name: row[name] for name in TERM_COLUMNS},
            "entry": row["identity"],
            "journal": row["journal"],
            "entry_number": row["number"],
            "line_type": row["line_type"],
            "account": row["party"],
            "amount": shown(loaded(row["amount"])),
            "amount_fc": shown(loaded(row["document_amount"])),
            "fully_paid": bool(row["fully_paid"]),
            "matched_with": row["matched_with"],
        }
        for row in division.store.rows(
            "SELECT t.*, d.identity, d.journal, d.number FROM term t JOIN document d"
            " ON d.id = t.document WHERE t.administration = ? ORDER BY t.version",
            division.code,
        )
    ]


def accounts(division: Division) -> list[dict]:
    """All relations, with their bank accounts."""
    return [
        {
            **plain(row),
            "bank_accounts": [
                plain(bank) for bank in division.all("crm/BankAccounts", parent=row["ID"])
            ],
        }
        for row in division.all("crm/Accounts")
    ]


def vat_codes(division: Division) -> list[dict]:
    """All VAT codes with the boxes they feed, in order of code."""
    return sorted((plain(row) for row in division.all("vat/VATCodes")), key=lambda row: row["Code"])


def purchase_boxes(division: Division) -> dict[str, str]:
    """Ledger account → the box that its class puts purchases in; accounts without a class have
    none."""
    return {
        row["Code"]: CLASS_BOXES[row["VATGLAccountType"]]
        for row in division.all("financial/GLAccounts")
        if row.get("VATGLAccountType")
    }


def everything(division: Division) -> dict:
    """The whole books of a division."""
    return {
        "entries": entries(division),
        "trial_balance": trial_balance(division),
        "boxes": vat_boxes(division),
        "boxes_per_period": boxes_per_period(division),
        "open_items": open_items(division),
        "terms": terms(division),
        "attachments": attachments(division),
        "accounts": accounts(division),
        "vat_codes": vat_codes(division),
        "purchase_boxes": purchase_boxes(division),
    }
