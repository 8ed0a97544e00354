"""The books of a folder as plain data; amounts are texts with their decimals."""

from __future__ import annotations

import json
from typing import Any

from ..kit.amounts import loaded
from ..kit.inspection import booked_periods, shown, texts, trial_balance, vat_boxes
from ..kit.matching import Matching
from .folder import Folder, share_of
from .layout import KINDS, rank_of
from .receiving import told

TYPES = {kind: number for number, kind in KINDS.items()}
STATES = ("open", "locked", "validated")

__all__ = ["everything", "trial_balance", "vat_boxes"]


def key_of(folder: Folder, document: dict) -> str:
    """Type, journal, short name of the book year and number of a document."""
    year = folder.short_of_year(document["book_year"])
    return f"{TYPES[document['kind']]}/{document['journal']}/{year}/{document['number']}"


def documents(folder: Folder) -> list[dict]:
    """Every document with its entry, its boxes and its files."""
    files: dict[int, list[dict]] = {}
    for row in folder.attachments():
        files.setdefault(row["document"], []).append(
            {name: row[name] for name in ("id", "name", "sha256", "size")}
        )
    years = {row["number"]: row["data"]["short"] for row in folder.book_years()}
    found = []
    for row in folder.documents():
        kind = TYPES[row["kind"]]
        found.append(
            {
                "key": f"{kind}/{row['journal']}/{years[row['book_year']]}/{row['number']}",
                "kind": row["kind"],
                "type": kind,
                "journal": row["journal"],
                "book_year": years[row["book_year"]],
                "rank": rank_of(row["book_year"]),
                "period": row["period"],
                "number": row["number"],
                "date": row["date"],
                "document_date": row["payload"].get("document_date") or row["date"],
                "due_date": row["due_date"],
                "third": row["party"],
                "currency": row["currency"],
                "rate": row["rate"],
                "total": shown(loaded(row["total"])),
                "comment": row["comment"],
                "reference": row["reference"],
                "origin": row["origin"],
                "records": row["payload"].get("records", []),
                "entry": [_line(line) for line in folder.lines(row["id"])],
                "boxes": texts(folder.document_boxes(row["id"])),
                "files": files.get(row["id"], []),
            }
        )
    return found


def _line(line: dict) -> dict:
    return {
        "line": line["sequence"],
        "role": line["role"],
        "account": line["account"],
        "third": line["party"],
        "amount": shown(line["amount"]),
        "document_amount": shown(line["document_amount"]),
        "vat_code": line["vat_code"],
        "text": line["text"],
        "reference": line["reference"],
    }


def boxes_per_period(folder: Folder) -> dict[str, dict]:
    """Book year and period → boxes, for every period with a document."""
    return {
        f"{folder.short_of_year(year)}/{period:02}": vat_boxes(folder, year, period)
        for year, period in booked_periods(folder)
    }


def open_items(folder: Folder, only_open: bool = True) -> list[dict]:
    """Lines of customers and suppliers with what is open of them, debit positive."""
    return [
        {
            "key": key_of(folder, item),
            "line": item["sequence"],
            "third": item["party"],
            "account": item["account"],
            "date": item["date"],
            "due_date": item["due_date"],
            "amount": shown(item["amount"]),
            "open": shown(item["open"]),
            "reference": item["reference"] or item["head_reference"],
        }
        for item in Matching(folder).items("e.party IS NOT NULL", only_open=only_open)
    ]


def matches(folder: Folder) -> list[dict]:
    """All matches."""
    return [
        {
            "debit": key_of(folder, match["debit"]),
            "credit": key_of(folder, match["credit"]),
            "amount": shown(match["amount"]),
            "modified": match["modified"],
        }
        for match in Matching(folder).matches()
    ]


def thirds(folder: Folder) -> list[dict]:
    """Customers and suppliers with the fields of CSF."""
    return [row["data"] for row in folder.parties()]


def attachments(folder: Folder) -> list[dict]:
    """Files with the key of their document, size and checksum."""
    keys = {row["id"]: key_of(folder, row) for row in folder.documents()}
    return [
        {
            "id": row["id"],
            "key": keys[row["document"]],
            "name": row["name"],
            "sha256": row["sha256"],
            "size": row["size"],
        }
        for row in folder.attachments()
    ]


def journals(folder: Folder) -> list[dict]:
    """The journals of the last book year, with their type."""
    return [
        {
            "code": row["code"],
            "type": row["kind"],
            "subtype": row["data"]["subtype"],
            "names": row["names"],
            "last_number": row["last_number"],
        }
        for row in folder.journals(folder.book_years()[-1]["number"])
    ]


def vat_codes(folder: Folder) -> list[dict]:
    """The VAT codes with both user codes and their boxes."""
    return [
        {
            "code": code.code,
            "users": code.data["users"],
            "side": code.side,
            "rate": str(code.rate),
            "names": code.names,
            "typded": code.data["typded"],
            "share": str(share_of(code, False)) if code.side == "purchase" else None,
            "reverse_charge": code.invoice.reverse_charge,
            "invoice": code.invoice.as_data(),
            "credit_note": code.credit_note.as_data(),
            "invented": code.data["invented"],
        }
        for code in folder.vat_codes()
    ]


def accounts(folder: Folder) -> list[dict]:
    """The general accounts of the last book year."""
    return [
        {
            "number": row["number"],
            "names": row["names"],
            "central": row["data"].get("central", ""),
        }
        for row in folder.accounts(folder.book_years()[-1]["number"])
    ]


def periods(folder: Folder) -> list[dict]:
    """Book years with their rank, and the state of their periods."""
    return [
        {
            "book_year": year["data"]["short"],
            "rank": rank_of(year["number"]),
            "from": year["start"],
            "to": year["finish"],
            "closed": bool(year["closed"]),
            "periods": [
                {
                    "rank": f"{row['number']:02}",
                    "from": row["start"],
                    "to": row["finish"],
                    "state": STATES[row["closed"]],
                }
                for row in folder.periods(year["number"])
            ],
        }
        for year in folder.book_years()
    ]


def imports(folder: Folder) -> list[dict[str, Any]]:
    """The imports with their findings, the first first."""
    found = []
    for row in folder.store.rows(
        "SELECT * FROM import WHERE administration = ? ORDER BY id", folder.administration
    ):
        values = dict(row)
        for name in ("files", "findings", "answers"):
            values[name] = json.loads(values[name])
        found.append({**told(values), "book_year": folder.short_of_year(row["book_year"])})
    return found


def refused(folder: Folder) -> list[dict[str, Any]]:
    """The imports that were refused, with what is fatal."""
    return [
        {
            **row,
            "findings": [one for one in row["findings"] if one["severity"] == "fatal"],
        }
        for row in imports(folder)
        if row["status"] == "refused"
    ]


def everything(folder: Folder) -> dict:
    """The whole books of a folder."""
    return {
        "documents": documents(folder),
        "trial_balance": trial_balance(folder),
        "boxes": vat_boxes(folder),
        "boxes_per_period": boxes_per_period(folder),
        "open_items": open_items(folder),
        "matches": matches(folder),
        "thirds": thirds(folder),
        "attachments": attachments(folder),
        "imports": imports(folder),
    }


READS = {
    "books": everything,
    "documents": documents,
    "thirds": thirds,
    "trial-balance": trial_balance,
    "boxes": boxes_per_period,
    "open-items": open_items,
    "matches": matches,
    "attachments": attachments,
    "journals": journals,
    "vat-codes": vat_codes,
    "accounts": accounts,
    "periods": periods,
    "imports": imports,
    "refused": refused,
}
