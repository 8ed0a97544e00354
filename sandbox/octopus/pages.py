"""Read-only pages for a bookkeeper: bookings, ledger, trial balance, VAT return, open items."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from ..amounts import loaded
from ..book_pages import (
    Names,
    boxes,
    entry,
    ledger,
    names_of,
    open_items,
    trial_balance,
    vat_return,
)
from ..ledger import Books
from ..page_layout import Raw, asked_number, choice, html, links, money, page, size, table

if TYPE_CHECKING:
    from .service import Octopus

TABS = (("bookings", "Bookings"), ("ledger", "General ledger"), ("trial-balance", "Trial balance"),
        ("vat", "VAT return"), ("open-items", "Open items"), ("relations", "Relations"))
ROUTES = Map([
    Rule("/", endpoint="index"),
    Rule("/dossiers/<int:dossier>", endpoint="tab", defaults={"tab": "bookings"}),
    Rule("/dossiers/<int:dossier>/<tab>", endpoint="tab"),
    Rule("/dossiers/<int:dossier>/files/<int:number>", endpoint="file"),
], redirect_defaults=False, strict_slashes=False)
PER_PAGE = 200


class Pages:
    """The pages of one sandbox."""

    def __init__(self, octopus: Octopus):
        self.octopus = octopus

    def respond(self, request: Request) -> Response:
        """The page of an address, or 404."""
        try:
            endpoint, values = ROUTES.bind_to_environ(request.environ).match()
            with self.octopus.store.lock:
                return getattr(self, f"_{endpoint}")(request, **values)
        except HTTPException as error:
            return html(page("Not found", Raw("<p>There is no such page.</p>")), error.code or 404)

    def _index(self, _request: Request) -> Response:
        rows = []
        for row in self.octopus.store.rows("SELECT * FROM administration ORDER BY id"):
            data = json.loads(row["data"])
            count = len(self.octopus.books(row["id"]).documents())
            link = Raw(f'<a href="/dossiers/{row["id"]}">{escape(row["name"])}</a>')
            rows.append([row["id"], link, data.get("vatNr"), data.get("city"),
                         "disabled" if data.get("disabled") else "", count])
        content = table(("#Dossier", "Company", "VAT number", "City", "", "#Bookings"), rows)
        return html(page("Octopus sandbox", content))

    def _tab(self, request: Request, dossier: int, tab: str) -> Response:
        row = self.octopus.store.row("SELECT * FROM administration WHERE id = ?", dossier)
        views: dict[str, Callable[[Books, Names, Request], Raw]] = {
            "bookings": bookings, "ledger": ledger, "trial-balance": trial_balance,
            "vat": vat_return, "open-items": open_items, "relations": relations}
        if row is None or tab not in views:
            raise NotFound
        books, base = self.octopus.books(dossier), f"/dossiers/{dossier}/"
        tabs = links([(base + name, title) for name, title in TABS], base + tab)
        content = Raw(tabs + views[tab](books, names_of(books), request))
        title = f"{row['name']} · dossier {dossier}"
        return html(page(title, content, Raw('<a href="/">All dossiers</a>')))

    def _file(self, _request: Request, dossier: int, number: int) -> Response:
        found = self.octopus.books(dossier).attachment(number)
        if found is None:
            raise NotFound
        kind = mimetypes.guess_type(found["name"])[0] or "application/octet-stream"
        if kind not in ("application/pdf", "image/png", "image/jpeg"):
            kind = "application/octet-stream"  # nothing a browser would run
        response = Response(found["content"], 200, content_type=kind)
        response.headers.set("Content-Disposition", "attachment", filename=found["name"])
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def bookings(books: Books, names: Names, request: Request) -> Raw:
    """Bookings of a journal with their entry, boxes and files."""
    chosen = request.args.get("journal", "")
    codes = sorted({row["journal"] for row in books.documents()})
    form = (f"<form>{choice('journal', [(code, code) for code in codes], chosen, 'All journals')}"
            " <button>Show</button></form>")
    found = books.documents("(? = '' OR journal = ?)", chosen, chosen)
    chosen_page = asked_number(request, "page") or 1
    rows = found[(chosen_page - 1) * PER_PAGE:chosen_page * PER_PAGE]
    numbers = " ".join(
        f'<a href="?{urlencode({"journal": chosen, "page": number})}">{number}</a>'
        if number != chosen_page else f"<b>{number}</b>"
        for number in range(1, (len(found) - 1) // PER_PAGE + 2)) if len(found) > PER_PAGE else ""
    files: dict[int, list[dict]] = {}
    for row in books.attachments():
        files.setdefault(row["document"], []).append(row)
    return Raw(form + numbers + table(
        ("~Booking", "~Date", "Period", "Relation", "Text", "#Amount", "Entry", "Boxes",
         "Files"), [[
            Raw(f'<b id="{escape(row["journal"])}-{row["number"]}">'
                f"{escape(row['journal'])} {row['number']}</b>"
                + ("<br>by hand" if row["origin"] == "hand" else "")),
            row["date"], row["period"], names.parties.get(row["party"], ""),
            Raw("<br>".join(escape(text) for text in (row["comment"], row["reference"]) if text)),
            Raw(f"{money(loaded(row['total']))} {escape(row['currency'])}"),
            entry(books, row["id"], names), boxes(books, row["id"]),
            _files(books, files.get(row["id"], []))] for row in rows]))


def _files(books: Books, files: list[dict]) -> Raw:
    return Raw("<br>".join(
        f'<a href="/dossiers/{books.administration}/files/{row["id"]}">{escape(row["name"])}</a>'
        f'<br><span class="soft">{size(row["size"])}</span>' for row in files))


def relations(books: Books, _names: Names, _request: Request) -> Raw:
    """Customers and suppliers."""
    return table(("#Number", "Name", "VAT number", "City", "Role", "#External number", ""), [
        [row["id"], row["data"].get("name"), row["data"].get("vatNr"), row["data"].get("city"),
         " and ".join(role for role, field in (("customer", "client"), ("supplier", "supplier"))
                      if row["data"].get(field)),
         row["external_id"] or "", "" if row["active"] else "not active"]
        for row in books.parties()])
