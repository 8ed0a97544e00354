"""The books as plain data, for comparisons and tests; amounts are texts with their decimals."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ..amounts import loaded
from ..ledger import Books
from ..matching import Matching
from ..vat import plausibility, return_boxes
from . import balancings
from .relations import relation_data


def shown(amount: Decimal) -> str:
    """An amount as text: 1210.00."""
    return f"{amount:.2f}" if amount == round(amount, 2) else str(amount)


def _texts(amounts: Mapping[Any, Decimal]) -> dict[str, str]:
    return {str(name): shown(amount) for name, amount in amounts.items()}


def bookings(books: Books) -> list[dict]:
    """Every booking with its entry, boxes, files and payload."""
    files: dict[int, list[dict]] = {}
    for row in books.attachments():
        files.setdefault(row["document"], []).append(
            {name: row[name] for name in ("id", "name", "sha256", "size")})
    return [{
        "bookyearId": row["book_year"], "journalKey": row["journal"],
        "documentSequenceNr": row["number"], "kind": row["kind"], "period": row["period"],
        "documentDate": row["date"], "expiryDate": row["due_date"], "relationId": row["party"],
        "currencyCode": row["currency"], "exchangeRate": row["rate"],
        "amount": shown(loaded(row["total"])), "comment": row["comment"],
        "reference": row["reference"], "origin": row["origin"], "created": row["created"],
        "modified": row["modified"], "payload": row["payload"],
        "entry": [_line(line) for line in books.lines(row["id"])],
        "boxes": _texts(books.document_boxes(row["id"])),
        "attachments": files.get(row["id"], []),
    } for row in books.documents()]


def _line(line: dict) -> dict:
    return {"lineSequenceNr": line["sequence"], "role": line["role"], "account": line["account"],
            "amount": shown(line["amount"]), "documentAmount": shown(line["document_amount"]),
            "relationId": line["party"], "vatCode": line["vat_code"], "text": line["text"],
            "reference": line["reference"], "costCentreId": line["cost_centre"]}


def trial_balance(books: Books, book_year: int | None = None,
                  period: int | None = None) -> dict[str, str]:
    """Account → balance, debit positive."""
    return {str(account): shown(row["balance"])
            for account, row in books.trial_balance(book_year, period).items()}


def vat_boxes(books: Books, book_year: int | None = None, period: int | None = None) -> dict:
    """Boxes as posted (splits apart), the return's boxes, and the checks."""
    amounts = books.vat_boxes(book_year, period)
    return {"boxes": _texts(amounts),
            "return": {box: shown(amount) for box, amount in return_boxes(amounts).items()
                       if amount},
            "checks": [{"rule": rule, "passed": passed} for rule, passed in plausibility(amounts)]}


def boxes_per_period(books: Books) -> dict[str, dict]:
    """Period → boxes, for every period with a booking."""
    rows = books.store.rows(
        "SELECT DISTINCT book_year, period FROM document WHERE administration = ?"
        " ORDER BY book_year, period", books.administration)
    return {str(row["period"]): vat_boxes(books, row["book_year"], row["period"]) for row in rows}


def open_items(books: Books, only_open: bool = True) -> list[dict]:
    """Customers' and suppliers' lines with their open amounts, debit positive."""
    return [{**balancings.line_key(item), "relationId": item["party"],
             "account": item["account"], "documentDate": item["date"],
             "expiryDate": item["due_date"], "currencyCode": item["currency"],
             "amount": shown(item["amount"]), "open": shown(item["open"]),
             "documentAmount": shown(item["document_amount"]),
             "openDocument": shown(Decimal(item["open_document"])),
             "reference": item["reference"] or item["head_reference"], "comment": item["comment"]}
            for item in Matching(books).items("e.party IS NOT NULL", only_open=only_open)]


def matches(books: Books) -> list[dict]:
    """All matches."""
    return [{"debet": balancings.line_key(match["debit"]),
             "credit": balancings.line_key(match["credit"]), "amount": shown(match["amount"]),
             "modified": match["modified"]} for match in Matching(books).matches()]


def attachments(books: Books) -> list[dict]:
    """All files with their booking, size and checksum."""
    return [{"id": row["id"], "bookyearId": row["book_year"], "journalKey": row["journal"],
             "documentSequenceNr": row["number"], "name": row["name"], "sha256": row["sha256"],
             "size": row["size"]} for row in books.attachments()]


def relations(books: Books) -> list[dict]:
    """All relations, active or not."""
    return [relation_data(row) for row in books.parties()]


def everything(books: Books) -> dict:
    """The whole books of a dossier."""
    return {"bookings": bookings(books), "trialBalance": trial_balance(books),
            "boxes": vat_boxes(books), "boxesPerPeriod": boxes_per_period(books),
            "openItems": open_items(books), "matches": matches(books),
            "attachments": attachments(books), "relations": relations(books)}
