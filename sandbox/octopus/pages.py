"""Read-only pages for a bookkeeper: bookings, ledger, trial balance, VAT return, open items.

Plain HTML made here, everything escaped; amounts as Belgians write them (1.234,56).
"""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Callable, Iterable
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from ..amounts import ZERO, loaded
from ..ledger import Books
from ..matching import Matching
from ..vat import plausibility, return_boxes

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
BOX_NAMES = {
    "00": "Supplies under a special scheme, 0 %", "01": "Supplies at 6 %",
    "02": "Supplies at 12 %", "03": "Supplies at 21 %", "44": "Services to the EU",
    "45": "Co-contractor", "46": "Goods to the EU", "47": "Export and other exempt supplies",
    "48": "Credit notes on 44 and 46", "49": "Other credit notes issued",
    "54": "VAT due on 01, 02 and 03", "55": "VAT due on 86 and 88",
    "56": "VAT due on 87, import apart", "57": "VAT due on import", "59": "Deductible VAT",
    "61": "Corrections in favour of the State", "62": "Corrections in our favour",
    "63": "VAT to pay back on credit notes received", "64": "VAT back on credit notes issued",
    "71": "To pay to the State", "72": "To get from the State",
    "81": "Goods for resale, raw materials", "82": "Services and sundry goods",
    "83": "Investments", "84": "Credit notes on 86 and 88", "85": "Other credit notes received",
    "86": "Goods from the EU", "87": "Other purchases where we owe the VAT",
    "88": "Services from the EU"}
STYLE = """
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem;
color:#1d2733;background:#fbfbf9}h1{font-size:1.4rem;margin:0 0 .2rem}h2{font-size:1.1rem;
margin:1.6rem 0 .4rem}nav{margin:1rem 0;border-bottom:1px solid #c9d1d6}nav a{display:inline-block;
padding:.4rem .9rem;text-decoration:none;color:#1f5f7a}nav a.here{border-bottom:3px solid #1f5f7a;
font-weight:600}table{border-collapse:collapse;width:100%;background:#fff}th,td{padding:.3rem .6rem;
border-bottom:1px solid #e4e8ea;text-align:left;vertical-align:top}th{background:#eef2f3;
font-weight:600}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tr.sum td{font-weight:600;border-top:2px solid #9fb0b8}td.d{white-space:nowrap}
table.in{background:none;width:100%}table.in td{border:0;padding:0 .5rem 0 0}
.side{display:flex;gap:2.5rem;flex-wrap:wrap}.side>table{width:34rem}ul{margin:.2rem 0;padding:0;
list-style:none}.no{color:#a3261b}.yes{color:#22693a}
.soft{color:#64727b}form{margin:.6rem 0}select,input{font:inherit;padding:.15rem .3rem}"""


PER_PAGE = 200


class Raw(str):
    """Markup that is already escaped."""


def money(amount: Decimal | None) -> Raw:
    """An amount with comma and thousands points; nothing for zero."""
    if not amount:
        return Raw("")
    text = f"{amount:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return Raw(escape(text.replace("-", "−")))


def markup(value: Any) -> str:
    """A value for a cell, escaped unless it is markup."""
    return value if isinstance(value, Raw) else escape("" if value is None else str(value))


def table(columns: Iterable[str], rows: Iterable[Iterable[Any]], total: Iterable[Any] = ()) -> Raw:
    """A table; a column whose name starts with ``#`` is right aligned, with ``~`` never broken."""
    columns, rows = list(columns), [list(row) for row in rows]
    if not rows:
        return Raw('<p class="soft">Nothing here yet.</p>')
    kinds = {"#": ' class="n"', "~": ' class="d"'}
    classes = [kinds.get(name[:1], "") for name in columns]
    head = "".join(f"<th{kind}>{escape(name.lstrip('#~'))}</th>"
                   for name, kind in zip(columns, classes, strict=True))

    def line(row: Iterable[Any], kind: str = "") -> str:
        cells = "".join(f"<td{style}>{markup(value)}</td>"
                        for value, style in zip(row, classes, strict=True))
        return f"<tr{kind}>{cells}</tr>"
    body = "".join(line(row) for row in rows)
    total = list(total)
    foot = line(total, ' class="sum"') if total else ""
    return Raw(f"<table><thead><tr>{head}</tr></thead><tbody>{body}{foot}</tbody></table>")


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
            return Response(self._page("Not found", Raw("<p>There is no such page.</p>")),
                            error.code or 404, content_type="text/html; charset=utf-8")

    def _index(self, _request: Request) -> Response:
        rows = []
        for row in self.octopus.store.rows("SELECT * FROM administration ORDER BY id"):
            data = json.loads(row["data"])
            count = len(self.octopus.books(row["id"]).documents())
            link = Raw(f'<a href="/dossiers/{row["id"]}">{escape(row["name"])}</a>')
            rows.append([row["id"], link, data.get("vatNr"), data.get("city"),
                         "disabled" if data.get("disabled") else "", count])
        content = table(("#Dossier", "Company", "VAT number", "City", "", "#Bookings"), rows)
        return _html(self._page("Octopus sandbox", content))

    def _tab(self, request: Request, dossier: int, tab: str) -> Response:
        row = self.octopus.store.row("SELECT * FROM administration WHERE id = ?", dossier)
        views: dict[str, Callable[[Books, Request], Raw]] = {
            "bookings": bookings, "ledger": ledger, "trial-balance": trial_balance,
            "vat": vat_return, "open-items": open_items, "relations": relations}
        if row is None or tab not in views:
            raise NotFound
        links = "".join(
            f'<a href="/dossiers/{dossier}/{name}"{" class=here" if name == tab else ""}>'
            f"{escape(title)}</a>" for name, title in TABS)
        content = Raw(f"<nav>{links}</nav>{views[tab](self.octopus.books(dossier), request)}")
        title = f"{row['name']} · dossier {dossier}"
        return _html(self._page(title, content, Raw('<a href="/">All dossiers</a>')))

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

    @staticmethod
    def _page(title: str, content: Raw, above: str = "") -> str:
        return (f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>'
                f"{escape(title)}</title><style>{STYLE}</style></head><body>{above}"
                f"<h1>{escape(title)}</h1>{content}</body></html>")


def _html(text: str) -> Response:
    return Response(text, 200, content_type="text/html; charset=utf-8", headers={
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"})


def _number(request: Request, name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isdigit() else None


def _choice(name: str, options: Iterable[tuple[Any, str]], chosen: Any, everything: str) -> Raw:
    shown = "".join(
        f'<option value="{escape(str(value))}"{" selected" if str(value) == str(chosen) else ""}>'
        f"{escape(text)}</option>" for value, text in [("", everything), *options])
    return Raw(f'<select name="{name}">{shown}</select>')


def _span(books: Books, request: Request) -> tuple[Raw, int | None, int | None]:
    """A form to choose a book year and period, and what is chosen."""
    year, period = _number(request, "year"), _number(request, "period")
    years = [(row["number"], row["names"]["nl"]) for row in books.book_years()]
    periods = [(row["number"], str(row["number"])) for number, _name in years
               for row in books.periods(number)]
    form = (f"<form>{_choice('year', years, year, 'All book years')} "
            f"{_choice('period', periods, period, 'All periods')} <button>Show</button></form>")
    return Raw(form), year, period


def _names(books: Books) -> dict[int, str]:
    return {row["number"]: row["names"]["nl"]
            for year in books.book_years() for row in books.accounts(year["number"])}


def _party_names(books: Books) -> dict[int, str]:
    return {row["id"]: row["data"].get("name", "") for row in books.parties()}


def bookings(books: Books, request: Request) -> Raw:
    """Bookings of a journal with their entry, boxes and files."""
    chosen = request.args.get("journal", "")
    codes = sorted({row["journal"] for row in books.documents()})
    form = (f"<form>{_choice('journal', [(code, code) for code in codes], chosen, 'All journals')}"
            " <button>Show</button></form>")
    found = books.documents("(? = '' OR journal = ?)", chosen, chosen)
    page = _number(request, "page") or 1
    rows = found[(page - 1) * PER_PAGE:page * PER_PAGE]
    links = " ".join(
        f'<a href="?{urlencode({"journal": chosen, "page": number})}">{number}</a>'
        if number != page else f"<b>{number}</b>"
        for number in range(1, (len(found) - 1) // PER_PAGE + 2)) if len(found) > PER_PAGE else ""
    parties, accounts = _party_names(books), _names(books)
    files: dict[int, list[dict]] = {}
    for row in books.attachments():
        files.setdefault(row["document"], []).append(row)
    return Raw(form + links + table(
        ("~Booking", "~Date", "Period", "Relation", "Text", "#Amount", "Entry", "Boxes",
         "Files"), [[
            Raw(f'<b id="{escape(row["journal"])}-{row["number"]}">'
                f"{escape(row['journal'])} {row['number']}</b>"
                + ("<br>by hand" if row["origin"] == "hand" else "")),
            row["date"], row["period"], parties.get(row["party"], ""),
            Raw("<br>".join(escape(text) for text in (row["comment"], row["reference"]) if text)),
            Raw(f"{money(loaded(row['total']))} {escape(row['currency'])}"),
            _entry(books, row["id"], accounts), _boxes(books, row["id"]),
            _files(books, files.get(row["id"], []))] for row in rows]))


def _entry(books: Books, document: int, accounts: dict[int, str]) -> Raw:
    return _inner((
        Raw(f'<span title="{escape(accounts.get(line["account"], ""))}">{line["account"]}</span>'),
        money(line["amount"]),
        Raw(f'<span class="soft">{escape(line["vat_code"] or "")}</span>'))
        for line in books.lines(document))


def _inner(rows: Iterable[tuple[Any, ...]]) -> Raw:
    """A table inside a cell; its second column is right aligned."""
    return Raw('<table class="in">' + "".join(
        "<tr>" + "".join(f"<td{' class=n' if index == 1 else ''}>{markup(value)}</td>"
                         for index, value in enumerate(row)) + "</tr>" for row in rows)
        + "</table>")


def _boxes(books: Books, document: int) -> Raw:
    return _inner((box, money(amount)) for box, amount in books.document_boxes(document).items())


def _files(books: Books, files: list[dict]) -> Raw:
    return Raw("<br>".join(
        f'<a href="/dossiers/{books.administration}/files/{row["id"]}">{escape(row["name"])}</a>'
        f'<br><span class="soft">{_size(row["size"])}</span>' for row in files))


def _size(number: int) -> str:
    return f"{number} bytes" if number < 10_000 else f"{number // 1024} kB"


def ledger(books: Books, request: Request) -> Raw:
    """Lines of one ledger account with a running balance."""
    names, account = _names(books), _number(request, "account")
    used = [(number, f"{number} {names.get(number, '')}") for number in books.trial_balance()]
    if account is None and used:
        account = used[0][0]
    form = (f"<form>{_choice('account', used, account, 'Choose an account')} "
            "<button>Show</button></form>")
    parties, balance, rows = _party_names(books), ZERO, []
    for line in books.account_lines(account) if account else []:
        balance += line["amount"]
        rows.append([
            line["date"], f"{line['journal']} {line['number']}", line["period"],
            parties.get(line["party"], ""), line["text"] or line["comment"],
            money(max(line["amount"], ZERO)), money(max(-line["amount"], ZERO)), money(balance)])
    return Raw(form + table(("~Date", "~Booking", "Period", "Relation", "Text", "#Debit",
                             "#Credit", "#Balance"), rows))


def trial_balance(books: Books, request: Request) -> Raw:
    """Debit, credit and balance of every account used."""
    form, year, period = _span(books, request)
    names, rows = _names(books), books.trial_balance(year, period)
    totals = [sum((row[name] for row in rows.values()), ZERO)
              for name in ("debit", "credit", "balance")]
    return Raw(form + table(("Account", "Description", "#Debit", "#Credit", "#Balance"), [
        [Raw(f'<a href="ledger?account={number}">{number}</a>'), names.get(number, ""),
         money(row["debit"]), money(row["credit"]), money(row["balance"])]
        for number, row in rows.items()],
        ("", "Total", money(totals[0]), money(totals[1]), money(totals[2]) or "0,00")))


def vat_return(books: Books, request: Request) -> Raw:
    """Boxes and plausibility checks per period with bookings."""
    form, year, period = _span(books, request)
    parts = [form]
    for row in books.store.rows(
            "SELECT DISTINCT book_year, period FROM document WHERE administration = ?"
            " ORDER BY book_year, period", books.administration):
        if year not in (None, row["book_year"]) or period not in (None, row["period"]):
            continue
        amounts = books.vat_boxes(row["book_year"], row["period"])
        boxes = [[box, BOX_NAMES.get(box, ""), money(amount)]
                 for box, amount in return_boxes(amounts).items() if amount]
        splits = [["", f"of which {box}", money(amount)] for box, amount in amounts.items()
                  if len(box) > 2]
        checks = "".join(
            f'<li class="{"yes" if passed else "no"}">{"✓" if passed else "✗"} {escape(rule)}</li>'
            for rule, passed in plausibility(amounts))
        parts.append(f"<h2>Period {row['period']}</h2><div class=side>"
                     f"{table(('~Box', 'Content', '#Amount'), boxes + splits)}"
                     f"<ul>{checks}</ul></div>")
    return Raw("".join(parts) if len(parts) > 1 else form + table((), []))


def open_items(books: Books, _request: Request) -> Raw:
    """What customers and suppliers still owe or get."""
    parties = _party_names(books)
    items = Matching(books).items("e.party IS NOT NULL")
    total = sum((item["open"] for item in items), ZERO)
    return table(("Relation", "~Booking", "~Date", "~Due", "Reference", "#Amount", "#Open"), [
        [parties.get(item["party"], ""), f"{item['journal']} {item['number']}", item["date"],
         item["due_date"], item["reference"] or item["head_reference"], money(item["amount"]),
         money(item["open"])] for item in sorted(
            items, key=lambda item: (parties.get(item["party"], ""), item["date"]))],
        ("Total", "", "", "", "", "", money(total)))


def relations(books: Books, _request: Request) -> Raw:
    """Customers and suppliers."""
    return table(("#Number", "Name", "VAT number", "City", "Role", "#External number", ""), [
        [row["id"], row["data"].get("name"), row["data"].get("vatNr"), row["data"].get("city"),
         " and ".join(role for role, field in (("customer", "client"), ("supplier", "supplier"))
                      if row["data"].get(field)),
         row["external_id"] or "", "" if row["active"] else "not active"]
        for row in books.parties()])
