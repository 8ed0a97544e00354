"""The books as plain data, for comparisons and tests; amounts are texts with their decimals."""

from __future__ import annotations

from decimal import Decimal

from ..kit.amounts import loaded
from ..kit.inspection import booked_periods, shown, texts, trial_balance, vat_boxes
from ..kit.ledger import Books
from ..kit.matching import Matching
from . import balancings
from .relations import relation_data


def bookings(books: Books) -> list[dict]:
    """Every booking with its entry, boxes, files and payload."""
    files: dict[int, list[dict]] = {}
    for row in books.attachments():
        files.setdefault(row["document"], []).append(
            {name: row[name] for name in ("id", "name", "sha256", "size")}
        )
    return [
        {
            "bookyearId": row["book_year"],
            "journalKey": row["journal"],
            "documentSequenceNr": row["number"],
            "kind": row["kind"],
            "period": row["period"],
            "documentDate": row["date"],
            "expiryDate": row["due_date"],
            "relationId": row["party"],
            "currencyCode": row["currency"],
            "exchangeRate": row["rate"],
            "amount": shown(loaded(row["total"])),
            "comment": row["comment"],
            "reference": row["reference"],
            "origin": row["origin"],
            "created": row["created"],
            "modified": row["modified"],
            "payload": row["payload"],
            "entry": [_line(line) for line in books.lines(row["id"])],
            "boxes": texts(books.document_boxes(row["id"])),
            "attachments": files.get(row["id"], []),
        }
        for row in books.documents()
    ]


def _line(line: dict) -> dict:
    return {
        "lineSequenceNr": line["sequence"],
        "role": line["role"],
        "account": line["account"],
        "amount": shown(line["amount"]),
        "documentAmount": shown(line["document_amount"]),
        "relationId": line["party"],
        "vatCode": line["vat_code"],
        "text": line["text"],
        "reference": line["reference"],
        "costCentreId": line["cost_centre"],
    }


def boxes_per_period(books: Books) -> dict[str, dict]:
    """Period → boxes, for every period with a booking."""
    return {
        str(period): vat_boxes(books, book_year, period)
        for book_year, period in booked_periods(books)
    }


def open_items(books: Books, only_open: bool = True) -> list[dict]:
    """Customers' and suppliers' lines with their open amounts, debit positive."""
    return [
        {
            **balancings.line_key(item),
            "relationId": item["party"],
            "account": item["account"],
            "documentDate": item["date"],
            "expiryDate": item["due_date"],
            "currencyCode": item["currency"],
            "amount": shown(item["amount"]),
            "open": shown(item["open"]),
            "documentAmount": shown(item["document_amount"]),
            "openDocument": shown(Decimal(item["open_document"])),
            "reference": item["reference"] or item["head_reference"],
            "comment": item["comment"],
        }
        for item in Matching(books).items("e.party IS NOT NULL", only_open=only_open)
    ]


def matches(books: Books) -> list[dict]:
    """All matches."""
    return [
        {
            "debet": balancings.line_key(match["debit"]),
            "credit": balancings.line_key(match["credit"]),
            "amount": shown(match["amount"]),
            "modified": match["modified"],
        }
        for match in Matching(books).matches()
    ]


def attachments(books: Books) -> list[dict]:
    """All files with their booking, size and checksum."""
    return [
        {
            "id": row["id"],
            "bookyearId": row["book_year"],
            "journalKey": row["journal"],
            "documentSequenceNr": row["number"],
            "name": row["name"],
            "sha256": row["sha256"],
            "size": row["size"],
        }
        for row in books.attachments()
    ]


def relations(books: Books) -> list[dict]:
    """All relations, active or not."""
    return [relation_data(row) for row in books.parties()]


def everything(books: Books) -> dict:
    """The whole books of a dossier."""
    return {
        "bookings": bookings(books),
        "trialBalance": trial_balance(books),
        "boxes": vat_boxes(books),
        "boxesPerPeriod": boxes_per_period(books),
        "openItems": open_items(books),
        "matches": matches(books),
        "attachments": attachments(books),
        "relations": relations(books),
    }
