"""Read-only pages for a bookkeeper: bookings, ledger, trial balance, VAT return, open items."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request

from ..kit import book_pages, pages
from ..kit.amounts import loaded
from ..kit.ledger import Books
from ..kit.pages import Page, Tab, of_journal, table
from ..kit.templating import Link


def bookings(books: Books, request: Request) -> Page:
    """Bookings of a journal with their entry, boxes and files."""
    found, forms = of_journal(request, books.documents())
    files: dict[int, list[dict]] = {}
    for row in books.attachments():
        files.setdefault(row["document"], []).append(row)
    names = book_pages.names_of(books)
    rows = [
        {
            **row,
            "amount": loaded(row["total"]),
            "entry": book_pages.entry(books, row["id"], names),
            "boxes": books.document_boxes(row["id"]),
            "files": files.get(row["id"], []),
        }
        for row in found
    ]
    return Page("bookings.html", {**forms, "rows": rows, "names": names})


def relations(books: Books, _request: Request) -> Page:
    """Customers and suppliers."""
    return table(
        ("#Number", "Name", "VAT number", "City", "Role", "#External number", ""),
        [
            [
                row["id"],
                row["data"].get("name"),
                row["data"].get("vatNr"),
                row["data"].get("city"),
                " and ".join(
                    role
                    for role, field in (("customer", "client"), ("supplier", "supplier"))
                    if row["data"].get(field)
                ),
                row["external_id"] or "",
                "" if row["active"] else "not active",
            ]
            for row in books.parties()
        ],
    )


def _of_books(view: Callable) -> Callable[[Books, Request], Page]:
    return lambda books, request: view(books, book_pages.names_of(books), request)


class Pages(pages.Pages):
    """The pages of one sandbox."""

    title, folder = "Octopus sandbox", "dossiers"
    templates = Path(__file__).with_name("templates")
    columns = ("#Dossier", "Company", "VAT number", "City", "", "#Bookings")
    tabs = {
        "bookings": Tab("Bookings", bookings),
        "ledger": Tab("General ledger", _of_books(book_pages.ledger)),
        "trial-balance": Tab("Trial balance", _of_books(book_pages.trial_balance)),
        "vat": Tab("VAT return", _of_books(book_pages.vat_return)),
        "open-items": Tab("Open items", _of_books(book_pages.open_items)),
        "relations": Tab("Relations", relations),
    }

    def administrations(self) -> Iterable[list[Any]]:
        for row in self.service.store.rows("SELECT * FROM administration ORDER BY id"):
            data = json.loads(row["data"])
            yield [
                row["id"],
                Link(f"/dossiers/{row['id']}", row["name"]),
                data.get("vatNr"),
                data.get("city"),
                "disabled" if data.get("disabled") else "",
                len(self.service.books(row["id"]).documents()),
            ]

    def administration(self, number: int) -> tuple[str, Books]:
        row = self.service.store.row("SELECT name FROM administration WHERE id = ?", number)
        if row is None:
            raise NotFound
        return row["name"], self.service.books(number)

    def file(self, number: int, key: str) -> tuple[str, bytes]:
        found = self.service.books(number).attachment(int(key)) if key.isdigit() else None
        if found is None:
            raise NotFound
        return found["name"], found["content"]
