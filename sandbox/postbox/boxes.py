"""A box: the folder of one company at one receiver, and the books of what came.

Its books are made of the bytes that lay in the folder, and of nothing else.
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
import sqlite3
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..kit.clock import Clock
from ..kit.storage import Store
from . import contents, invoices
from .receivers import PDF, RECEIVERS, XML, Receiver
from .refusal import Refused

TABLES = """
CREATE TABLE received (
    id INTEGER PRIMARY KEY AUTOINCREMENT, box INTEGER NOT NULL, moment TEXT NOT NULL,
    name TEXT NOT NULL, base_name TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL,
    kind TEXT NOT NULL, seller TEXT NOT NULL DEFAULT '', number TEXT NOT NULL DEFAULT '',
    data TEXT NOT NULL, content BLOB NOT NULL);
CREATE INDEX received_document ON received (box, seller, number);
CREATE INDEX received_bytes ON received (box, sha256);
CREATE INDEX received_name ON received (box, base_name);
CREATE TABLE refused (
    id INTEGER PRIMARY KEY AUTOINCREMENT, box INTEGER NOT NULL, moment TEXT NOT NULL,
    name TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL,
    code TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE seen (box INTEGER NOT NULL, file TEXT NOT NULL, PRIMARY KEY (box, file));
"""
# How fast a receiver is: at once; when a file lies there unchanged for a while; it takes files and
# leaves them where they are; it is switched off.
PACES = ("at_once", "slow", "leaves", "off")


@dataclass(frozen=True)
class Box:
    """One box, as it stands in the state."""

    store: Store
    clock: Clock
    number: int
    name: str
    folder: Path
    receiver_key: str
    vat: str
    pace: str

    @property
    def receiver(self) -> Receiver:
        """What it takes."""
        return RECEIVERS[self.receiver_key]

    # Taking files

    def take(self, name: str, content: bytes, place: str) -> str:
        """Book what lies under a name, all of it or nothing; ``place`` tells this very file from
        every other, so that one that is found again is not taken again. Gives the code of a
        refusal, "" when it was taken."""
        with self.store.transaction():
            if self._has_seen(place):
                return ""
            self.store.run("INSERT INTO seen VALUES (?, ?)", self.number, place)
            try:
                with self._savepoint():
                    self._book(name, content)
            except Refused as refusal:
                self.refuse(name, content, refusal)
                return refusal.code
        return ""

    def refuse(self, name: str, content: bytes, refusal: Refused, size: int | None = None) -> None:
        """Note what is not taken and why."""
        self.store.run(
            "INSERT INTO refused (box, moment, name, sha256, size, code, reason)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            self.number,
            self.clock.stamp(),
            name,
            hashlib.sha256(content).hexdigest(),
            len(content) if size is None else size,
            refusal.code,
            str(refusal),
        )

    def refuse_unread(self, name: str, size: int, place: str, refusal: Refused) -> None:
        """The same for a file that is not even read."""
        with self.store.transaction():
            if not self._has_seen(place):
                self.store.run("INSERT INTO seen VALUES (?, ?)", self.number, place)
                self.refuse(name, b"", refusal, size)

    def _has_seen(self, place: str) -> bool:
        return bool(
            self.store.row("SELECT 1 FROM seen WHERE box = ? AND file = ?", self.number, place)
        )

    def _savepoint(self) -> _Savepoint:
        return _Savepoint(self.store)

    def _book(self, name: str, content: bytes) -> None:
        receiver = self.receiver
        if not content:
            raise Refused("empty", "The file is empty")
        if receiver.largest and len(content) > receiver.largest:
            raise Refused("too_large", too_large(receiver))
        kind = contents.kind_of(content)
        if kind == contents.ZIP:
            if not receiver.unpacks:
                raise Refused("kind", f"{receiver.name} takes no ZIP")
            for inner, inside in contents.unpacked(content, receiver.largest):
                if contents.kind_of(inside) == contents.ZIP:
                    raise Refused("zip_in_zip", "A ZIP within a ZIP is not taken")
                self._book(f"{name}/{inner}", inside)
            return
        if kind not in receiver.takes:
            raise Refused("kind", f"{receiver.name} takes no {kind or 'files of this kind'}")
        if kind == XML:
            self._book_invoice(name, content)
        else:
            self._book_file(name, content, kind)

    def _book_invoice(self, name: str, content: bytes) -> None:
        found = invoices.read(content)
        if found.checks and self.receiver.vat_on_lines:
            raise Refused("line_without_vat", f"Line {found.checks[0]} has no VAT")
        if found.total < 0 and not self.receiver.negative:
            raise Refused("negative", "An invoice below zero is not taken")
        side = self._side(found)
        seller = found.seller.vat or found.seller.name
        if self._is_there(seller, found.number):
            raise Refused("duplicate", f"{found.number} of {seller} is there already")
        data = _as_data(found, side)
        if self.receiver.merges:
            data["annexes"] += self._files_beside(name)
        self._keep(name, content, found.kind, seller, found.number, data)

    def _is_there(self, seller: str, number: str) -> bool:
        """Whether the books have a document already."""
        return bool(
            self.store.row(
                "SELECT 1 FROM received WHERE box = ? AND seller = ? AND number = ?",
                self.number,
                seller,
                number,
            )
        )

    def _files_beside(self, name: str) -> list[dict[str, Any]]:
        """What came before as a document of its own and belongs to this e-invoice."""
        rows = self.store.rows(
            "SELECT id, name, content FROM received"
            " WHERE box = ? AND base_name = ? AND kind = 'file'",
            self.number,
            base_name(name),
        )
        for row in rows:
            self.store.run("DELETE FROM received WHERE id = ?", row["id"])
        return [_beside(row["name"], row["content"]) for row in rows]

    def _side(self, found: invoices.Invoice) -> str:
        if found.seller.is_one(self.vat):
            return "sale"
        if found.buyer.is_one(self.vat):
            return "purchase"
        raise Refused("other_company", f"Neither {found.seller.name} nor {found.buyer.name} is it")

    def _book_file(self, name: str, content: bytes, kind: str) -> None:
        receiver = self.receiver
        if kind == PDF and not receiver.locked_pdf and contents.is_locked(content):
            raise Refused("locked", "The PDF asks for a password")
        if receiver.merges and kind == PDF:
            document = self.store.row(
                "SELECT id, data FROM received WHERE box = ? AND base_name = ? AND kind != 'file'",
                self.number,
                base_name(name),
            )
            if document:
                self._add_annex(document, name, content)
                return
        self._keep(name, content, "file", "", "", {"type": kind})

    def _add_annex(self, document: sqlite3.Row, name: str, content: bytes) -> None:
        data = json.loads(document["data"])
        data["annexes"].append(_beside(name, content))
        self.store.run(
            "UPDATE received SET data = ? WHERE id = ?", json.dumps(data), document["id"]
        )

    def _keep(
        self, name: str, content: bytes, kind: str, seller: str, number: str, data: dict
    ) -> None:
        self.store.run(
            "INSERT INTO received (box, moment, name, base_name, sha256, size, kind, seller,"
            " number, data, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self.number,
            self.clock.stamp(),
            name,
            base_name(name),
            hashlib.sha256(content).hexdigest(),
            len(content),
            kind,
            seller,
            number,
            json.dumps(data),
            content,
        )

    # Looking

    def documents(self) -> list[dict[str, Any]]:
        """What was taken, the first first."""
        rows = self.store.rows(
            "SELECT id, moment, name, sha256, size, kind, number, data FROM received"
            " WHERE box = ? ORDER BY id",
            self.number,
        )
        return [{**dict(row), **json.loads(row["data"])} | {"data": None} for row in rows]

    def refusals(self) -> list[dict[str, Any]]:
        """What was not, and why."""
        return [
            dict(row)
            for row in self.store.rows(
                "SELECT id, moment, name, sha256, size, code, reason FROM refused"
                " WHERE box = ? ORDER BY id",
                self.number,
            )
        ]

    def content(self, document: int) -> tuple[str, bytes] | None:
        """Name and bytes of what was taken."""
        row = self.store.row(
            "SELECT name, content FROM received WHERE box = ? AND id = ?", self.number, document
        )
        return (row["name"], row["content"]) if row else None


class _Savepoint:
    """What is done within, all or nothing, in a transaction that goes on."""

    def __init__(self, store: Store):
        self.store = store

    def __enter__(self) -> None:
        self.store.run("SAVEPOINT taking")

    def __exit__(self, kind: object, *_error: object) -> None:
        if kind is not None:
            self.store.run("ROLLBACK TO taking")
        self.store.run("RELEASE taking")


def _beside(name: str, content: bytes) -> dict[str, Any]:
    return {
        "name": name,
        "media_type": mimetypes.guess_type(name)[0] or "application/pdf",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "beside": True,
    }


def base_name(name: str) -> str:
    """A name without its ending and what it was packed in."""
    return name.rpartition("/")[2].rpartition(".")[0].lower()


def too_large(receiver: Receiver) -> str:
    """What a receiver says of a file beyond its limit."""
    return f"The file is larger than {receiver.largest // 1024 // 1024} MB"


def _as_data(found: invoices.Invoice, side: str) -> dict[str, Any]:
    return {
        "side": side,
        "type": found.type,
        "self_billed": found.self_billed,
        "date": found.date,
        "currency": found.currency,
        "seller": {"name": found.seller.name, "vat": found.seller.vat},
        "buyer": {"name": found.buyer.name, "vat": found.buyer.vat},
        # who could not be reached by Peppol
        "without_address": [one.name for one in (found.seller, found.buyer) if not one.address],
        "total": str(found.total),
        "payable": str(found.payable),
        "vat": [
            {
                "category": part.category,
                "rate": plain(part.rate),
                "base": str(part.base),
                "vat": str(part.vat),
            }
            for part in found.vat
        ],
        "lines": found.lines,
        "corrects": list(found.corrects),
        "annexes": list(found.annexes),
    }


def plain(rate: Decimal) -> str:
    """A rate without zeros at its end: 21, 5.5."""
    return f"{rate.normalize():f}"
