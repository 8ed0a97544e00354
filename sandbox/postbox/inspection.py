"""What the books of a box show as plain data: amounts are texts with their decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ..kit.inspection import shown
from . import folders, mailboxes
from .boxes import Box


def everything(box: Box) -> dict[str, Any]:
    """All of it."""
    return {
        "box": described(box),
        "received": received(box),
        "refused": refused(box),
        "totals": totals(box),
        "waiting": waiting(box),
    }


def described(box: Box) -> dict[str, Any]:
    """The box itself."""
    return {
        "number": box.number,
        "name": box.name,
        "folder": str(box.folder),
        "receiver": box.receiver_key,
        "vat": box.vat,
        "pace": box.pace,
        "addresses": (
            {side: mailboxes.address(box, side) for side in mailboxes.SIDES}
            if mailboxes.has_mail(box.receiver_key)
            else {}
        ),
    }


def received(box: Box) -> list[dict[str, Any]]:
    """What was taken: e-invoices with party, number, totals and VAT, other files as they are."""
    return box.documents()


def refused(box: Box) -> list[dict[str, Any]]:
    """What was not taken, with the reason."""
    return box.refusals()


def waiting(box: Box) -> list[dict[str, Any]]:
    """What lies in the folder."""
    return [
        {"name": name, "size": size, "looked_at": looked_at}
        for name, size, looked_at in folders.lying(box)
    ]


def totals(box: Box) -> list[dict[str, Any]]:
    """Number of documents, base and VAT per side, kind, currency, category and rate."""
    found: dict[tuple, list] = {}
    for document in box.documents():
        for part in document.get("vat", ()):
            key = (
                document["side"],
                document["kind"],
                document["currency"],
                part["category"],
                part["rate"],
            )
            row = found.setdefault(key, [0, Decimal(0), Decimal(0)])
            row[0] += 1
            row[1] += Decimal(part["base"])
            row[2] += Decimal(part["vat"])
    names = ("side", "kind", "currency", "category", "rate")
    return [
        {**dict(zip(names, key, strict=True)), "documents": count}
        | {"base": shown(base), "vat": shown(vat)}
        for key, (count, base, vat) in sorted(found.items())
    ]
