"""Read-only pages for a bookkeeper: bookings, ledger, trial balance, VAT return, open items."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape

from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from ..kit import pages
from ..kit.amounts import loaded
from ..kit.book_pages import (
    Names,
    boxes,
    entry,
    ledger,
    names_of,
    open_items,
    trial_balance,
    vat_return,
)
from ..kit.ledger import Books
from ..kit.page_layout import Raw, html, links, money, page, size, table

TABS = (
    ("bookings", "Bookings"),
    ("ledger", "General ledger"),
    ("trial-balance", "Trial balance"),
    ("vat", "VAT return"),
    ("open-items", "Open items"),
    ("relations", "Relations"),
)
ROUTES = Map(
    [
        Rule("/", endpoint="index"),
        Rule("/dossiers/<int:dossier>", endpoint="tab", defaults={"tab": "bookings"}),
        Rule("/dossiers/<int:dossier>/<tab>", endpoint="tab"),
        Rule("/dossiers/<int:dossier>/files/<int:number>", endpoint="file"),
    ],
    redirect_defaults=False,
    strict_slashes=False,
)


class Pages(pages.Pages):
    """The pages of one sandbox."""

    routes = ROUTES

    def _index(self, _request: Request) -> Response:
        rows = []
        for row in self.service.store.rows("SELECT * FROM administration ORDER BY id"):
            data = json.loads(row["data"])
            count = len(self.service.books(row["id"]).documents())
            link = Raw(f'<a href="/dossiers/{row["id"]}">{escape(row["name"])}</a>')
            rows.append(
                [
                    row["id"],
                    link,
                    data.get("vatNr"),
                    data.get("city"),
                    "disabled" if data.get("disabled") else "",
                    count,
                ]
            )
        content = table(("#Dossier", "Company", "VAT number", "City", "", "#Bookings"), rows)
        return html(page("Octopus sandbox", content))

    def _tab(self, request: Request, dossier: int, tab: str) -> Response:
        row = self.service.store.row("SELECT * FROM administration WHERE id = ?", dossier)
        views: dict[str, Callable[[Books, Names, Request], Raw]] = {
            "bookings": bookings,
            "ledger": ledger,
            "trial-balance": trial_balance,
            "vat": vat_return,
            "open-items": open_items,
            "relations": relations,
        }
        if row is None or tab not in views:
            raise NotFound
        books, base = self.service.books(dossier), f"/dossiers/{dossier}/"
        tabs = links([(base + name, title) for name, title in TABS], base + tab)
        content = Raw(tabs + views[tab](books, names_of(books), request))
        title = f"{row['name']} · dossier {dossier}"
        return html(page(title, content, Raw('<a href="/">All dossiers</a>')))

    def _file(self, _request: Request, dossier: int, number: int) -> Response:
        found = self.service.books(dossier).attachment(number)
        if found is None:
            raise NotFound
        return pages.download(found["name"], found["content"])


def bookings(books: Books, names: Names, request: Request) -> Raw:
    """Bookings of a journal with their entry, boxes and files."""
    form, rows = pages.of_journal(request, books.documents())
    files: dict[int, list[dict]] = {}
    for row in books.attachments():
        files.setdefault(row["document"], []).append(row)
    return Raw(
        form
        + table(
            (
                "~Booking",
                "~Date",
                "Period",
                "Relation",
                "Text",
                "#Amount",
                "Entry",
                "Boxes",
                "Files",
            ),
            [
                [
                    Raw(
                        f'<b id="{escape(row["journal"])}-{row["number"]}">'
                        f"{escape(row['journal'])} {row['number']}</b>"
                        + ("<br>by hand" if row["origin"] == "hand" else "")
                    ),
                    row["date"],
                    row["period"],
                    names.parties.get(row["party"], ""),
                    Raw(
                        "<br>".join(
                            escape(text) for text in (row["comment"], row["reference"]) if text
                        )
                    ),
                    Raw(f"{money(loaded(row['total']))} {escape(row['currency'])}"),
                    entry(books, row["id"], names),
                    boxes(books, row["id"]),
                    _files(books, files.get(row["id"], [])),
                ]
                for row in rows
            ],
        )
    )


def _files(books: Books, files: list[dict]) -> Raw:
    return Raw(
        "<br>".join(
            f'<a href="/dossiers/{books.administration}/files/{row["id"]}">'
            f"{escape(row['name'])}</a>"
            f'<br><span class="soft">{size(row["size"])}</span>'
            for row in files
        )
    )


def relations(books: Books, _names: Names, _request: Request) -> Raw:
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
