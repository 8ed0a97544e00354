"""The receiver's side of documents that were delivered: what the postbox read in their bytes."""

from __future__ import annotations

from decimal import Decimal

from tooling.books.delivered import Delivered


def key_of(row: dict) -> str:
    """What tells a document from others on both sides: a sale by our number, a bill by whose it is
    and its number there; a file by its bytes."""
    if row["kind"] == "file":
        return f"file/{row['sha256']}"
    if row["side"] == "sale" and not row["self_billed"]:
        return f"sale/{row['number']}"
    other = row["seller"] if row["side"] == "purchase" else row["buyer"]
    writer = "ours" if row["side"] == "purchase" and row["self_billed"] else other["vat"]
    return f"{row['side']}/{writer}/{row['number']}"


def kind_of(row: dict) -> str:
    """As the kinds of neutral documents are called."""
    return row["side"] + ("_refund" if row["kind"] == "credit_note" else "")


def delivered(books: dict) -> list[Delivered]:
    """Each document of a box; ``books`` as the control endpoint gives them."""
    found = []
    for row in books["received"]:
        if row["kind"] == "file":
            found.append(Delivered(key_of(row), row["name"], files=[row["sha256"]], as_file=True))
            continue
        found.append(
            Delivered(
                key_of(row),
                f"{row['number']} ({row['name']})",
                kind_of(row),
                row["currency"],
                Decimal(row["payable"]),
                {_category(part): Decimal(part["base"]) for part in row["vat"]},
                {_category(part): Decimal(part["vat"]) for part in row["vat"]},
                [row["sha256"]],
            )
        )
    return found


def _category(part: dict) -> str:
    return f"{part['category']} {part['rate']}"
