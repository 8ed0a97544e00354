"""Read-only pages for a bookkeeper: entries, ledger, VAT return, open items, terms, accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from werkzeug.wrappers import Request

from ..kit import book_pages, pages
from ..kit.pages import Page, Tab, of_journal, table
from ..kit.templating import Link, amount, size
from . import inspection
from .division import Division
from .files import content_of
from .resource import Missing

STATUS = {0: "void", 5: "rejected", 20: "open", 30: "selected", 40: "processed", 50: "matched"}


def _names(division: Division) -> dict[str, str]:
    return {row["ID"]: row.get("Name", "") for row in division.all("crm/Accounts")}


def entries(division: Division, request: Request) -> Page:
    """Entries of a journal with their lines, boxes and files."""
    found, forms = of_journal(request, inspection.entries(division))
    rows = [
        {
            **row,
            "lines": [{**line, "amount": Decimal(line["amount"])} for line in row["lines"]],
            "boxes": {box: Decimal(held) for box, held in row["boxes"].items()},
        }
        for row in found
    ]
    return Page("entries.html", {**forms, "rows": rows, "names": _names(division)})


def _of_books(view: Callable) -> Callable[[Division, Request], Page]:
    def shown(division: Division, request: Request) -> Page:
        accounts = {row["Code"]: row["Description"] for row in division.all("financial/GLAccounts")}
        return view(division.books, book_pages.Names(accounts, _names(division)), request)

    return shown


def vat_return(division: Division, request: Request) -> Page:
    """The Belgian return with its checks; elsewhere the boxes of every period."""
    if division.country == "BE":
        return _of_books(book_pages.vat_return)(division, request)
    return Page(
        "periods.html",
        {
            "periods": {
                period: [[box, Decimal(held)] for box, held in found["boxes"].items()]
                for period, found in inspection.boxes_per_period(division).items()
            }
        },
    )


def open_items(division: Division, _request: Request) -> Page:
    """What customers and suppliers still owe or get, invoice by invoice."""
    return _plain(inspection.open_items(division))


def terms(division: Division, _request: Request) -> Page:
    """Payment terms with what closed them."""
    return _plain(inspection.terms(division))


def accounts(division: Division, _request: Request) -> Page:
    """Customers and suppliers."""
    return table(
        ("#Code", "Name", "VAT number", "City", "Country", "Role", "Search code"),
        [
            [
                str(row.get("Code") or "").strip(),
                row.get("Name"),
                row.get("VATNumber"),
                row.get("City"),
                row.get("Country"),
                _role(row),
                row.get("SearchCode"),
            ]
            for row in division.all("crm/Accounts")
        ],
    )


def _role(row: dict) -> str:
    roles = (("customer", row.get("Status") == "C"), ("supplier", row.get("IsSupplier")))
    return " and ".join(role for role, has in roles if has)


def files(division: Division, _request: Request) -> Page:
    """Attachments of documents."""
    documents = {row["ID"]: row for row in division.all("documents/Documents")}
    rows = []
    for row in division.all("documents/DocumentAttachments"):
        document = documents.get(row["Document"], {})
        rows.append(
            [
                Link(f"/divisions/{division.code}/files/{row['ID']}", row["FileName"]),
                size(int(row.get("FileSize") or 0)),
                document.get("Subject"),
                document.get("Type"),
                document.get("DocumentDate"),
            ]
        )
    return table(("File", "#Size", "Document", "#Type", "~Date"), rows)


def _plain(rows: list[dict]) -> Page:
    """Rows of an inspection as a table: their own names as titles, amounts on the right."""
    columns = [
        name for name in (rows[0] if rows else ()) if not isinstance(rows[0][name], (dict, list))
    ]
    amounts = {name for name in columns if "amount" in name or name in ("open", "open_fc")}
    titles = [
        ("#" if name in amounts else "~" if "date" in name else "")
        + name.replace("_", " ").capitalize()
        for name in columns
    ]

    def shown(name: str, value: Any) -> Any:
        if name in amounts:
            return amount(value)
        return STATUS.get(value, value) if name == "status" else value

    return table(titles, [[shown(name, row[name]) for name in columns] for row in rows])


class Pages(pages.Pages):
    """The pages of one sandbox."""

    title, folder = "Exact Online sandbox", "divisions"
    templates = Path(__file__).with_name("templates")
    columns = ("#Division", "Company", "VAT number", "City", "Country", "", "#Entries")
    tabs = {
        "entries": Tab("Entries", entries),
        "ledger": Tab("General ledger", _of_books(book_pages.ledger)),
        "trial-balance": Tab("Trial balance", _of_books(book_pages.trial_balance)),
        "vat": Tab("VAT return", vat_return),
        "open-items": Tab("Open items", open_items),
        "terms": Tab("Payment terms", terms),
        "accounts": Tab("Accounts", accounts),
        "files": Tab("Files", files),
    }
    missing = (Missing,)

    def administrations(self) -> Iterable[list[Any]]:
        for code, row in self.service.divisions().items():
            yield [
                code,
                Link(f"/divisions/{code}", row["Description"]),
                row["VATNumber"],
                row["City"],
                row["Country"],
                "blocked" if row["BlockingStatus"] else "",
                len(self.service.division(code).books.documents()),
            ]

    def administration(self, number: int) -> tuple[str, Division]:
        division = self.service.division(number)
        return division.info["name"], division

    def file(self, number: int, key: str) -> tuple[str, bytes]:
        division = self.service.division(number)
        content = content_of(division, key)
        return division.get("documents/DocumentAttachments", key)["FileName"], content
