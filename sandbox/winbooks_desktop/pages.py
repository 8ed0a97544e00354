"""Pages for a person in the office: documents, thirds, ledger, VAT return, imports."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request

from ..kit import book_pages, pages
from ..kit.amounts import loaded
from ..kit.pages import Page, Tab, of_journal, table
from ..kit.templating import Link
from . import inspection
from .folder import Folder, UnknownFolder


def documents(folder: Folder, request: Request) -> Page:
    """Documents of a journal with their entry, boxes and files."""
    found, forms = of_journal(request, folder.documents())
    files: dict[int, list[dict]] = {}
    for row in folder.attachments():
        files.setdefault(row["document"], []).append(row)
    names = book_pages.names_of(folder)
    years = {row["number"]: row["data"]["short"] for row in folder.book_years()}
    rows = [
        {
            **row,
            "year": years[row["book_year"]],
            "document_date": row["payload"].get("document_date") or row["date"],
            "amount": loaded(row["total"]),
            "entry": book_pages.entry(folder, row["id"], names),
            "boxes": folder.document_boxes(row["id"]),
            "files": files.get(row["id"], []),
        }
        for row in found
    ]
    return Page("documents.html", {**forms, "rows": rows, "names": names})


def thirds(folder: Folder, _request: Request) -> Page:
    """Customers and suppliers."""
    return table(
        ("~Number", "", "Name", "~VAT number", "", "City", "~Payment", "Central account"),
        [
            [
                row["NUMBER"],
                "Customer" if row["TYPE"] == "1" else "Supplier",
                row.get("NAME1", ""),
                row.get("VATNUMBER", ""),
                row.get("COUNTRY", ""),
                row.get("CITY", ""),
                row.get("PAYCODE", ""),
                row.get("CENTRAL", ""),
            ]
            for row in inspection.thirds(folder)
        ],
    )


def _of_books(view: Callable) -> Callable[[Folder, Request], Page]:
    return lambda folder, request: view(folder, book_pages.names_of(folder), request)


class Pages(pages.Pages):
    """The pages of one sandbox."""

    title, folder = "WinBooks sandbox", "folders"
    templates = Path(__file__).with_name("templates")
    columns = ("#Folder", "Company", "Short name", "VAT number", "Language", "#Documents")
    tabs = {
        "documents": Tab("Documents", documents),
        "thirds": Tab("Thirds", thirds),
        "ledger": Tab("General ledger", _of_books(book_pages.ledger)),
        "trial-balance": Tab("Trial balance", _of_books(book_pages.trial_balance)),
        "vat": Tab("VAT return", _of_books(book_pages.vat_return)),
        "open-items": Tab("Open items", _of_books(book_pages.open_items)),
    }
    missing = (UnknownFolder,)

    def administrations(self) -> Iterable[list[Any]]:
        for number in self.service.numbers():
            folder = self.service.administration(number)
            yield [
                number,
                Link(f"/folders/{number}", folder.name),
                folder.short,
                folder.data["vat"],
                folder.language,
                len(folder.documents()),
            ]

    def administration(self, number: int) -> tuple[str, Folder]:
        folder = self.service.administration(number)
        return folder.name, folder

    def file(self, number: int, key: str) -> tuple[str, bytes]:
        found = self.service.administration(number).attachment(int(key)) if key.isdigit() else None
        if found is None:
            raise NotFound
        return found["name"], found["content"]
