"""Read-only pages for a bookkeeper: entries, ledger, VAT return, open items, terms, accounts."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from html import escape
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from ..kit import book_pages, pages
from ..kit.page_layout import Raw, html, inner, links, money, page, size, table
from . import inspection
from .division import Division
from .files import content_of
from .resource import Missing

TABS = (
    ("entries", "Entries"),
    ("ledger", "General ledger"),
    ("trial-balance", "Trial balance"),
    ("vat", "VAT return"),
    ("open-items", "Open items"),
    ("terms", "Payment terms"),
    ("accounts", "Accounts"),
    ("files", "Files"),
)
ROUTES = Map(
    [
        Rule("/", endpoint="index", methods=["GET"]),
        Rule(
            "/divisions/<int:number>", endpoint="tab", methods=["GET"], defaults={"tab": "entries"}
        ),
        Rule("/divisions/<int:number>/<tab>", endpoint="tab", methods=["GET"]),
        Rule("/divisions/<int:number>/files/<key>", endpoint="file", methods=["GET"]),
    ],
    redirect_defaults=False,
    strict_slashes=False,
)
STATUS = {0: "void", 5: "rejected", 20: "open", 30: "selected", 40: "processed", 50: "matched"}


class Pages(pages.Pages):
    """The pages of one sandbox."""

    routes = ROUTES
    missing = (Missing,)

    def _index(self, _request: Request) -> Response:
        rows = []
        for code, row in self.service.divisions().items():
            link = Raw(f'<a href="/divisions/{code}">{escape(row["Description"])}</a>')
            rows.append(
                [
                    code,
                    link,
                    row["VATNumber"],
                    row["City"],
                    row["Country"],
                    "blocked" if row["BlockingStatus"] else "",
                    len(self.service.division(code).books.documents()),
                ]
            )
        return html(
            page(
                "Exact Online sandbox",
                table(
                    ("#Division", "Company", "VAT number", "City", "Country", "", "#Entries"), rows
                ),
            )
        )

    def _tab(self, request: Request, number: int, tab: str) -> Response:
        division = self.service.division(number)
        if tab not in VIEWS:
            raise NotFound
        base = f"/divisions/{number}/"
        tabs = links([(base + name, title) for name, title in TABS], base + tab)
        return html(
            page(
                f"{division.info['name']} · division {number}",
                Raw(tabs + VIEWS[tab](division, request)),
                Raw('<a href="/">All divisions</a>'),
            )
        )

    def _file(self, _request: Request, number: int, key: str) -> Response:
        division = self.service.division(number)
        content = content_of(division, key)
        return pages.download(
            division.get("documents/DocumentAttachments", key)["FileName"], content
        )


def _money(text: Any) -> Raw:
    return money(Decimal(text)) if text not in (None, "") else Raw("")


def _names(division: Division) -> dict[str, str]:
    return {row["ID"]: row.get("Name", "") for row in division.all("crm/Accounts")}


def _soft(text: Any) -> Raw:
    return Raw(f'<span class="soft">{escape(str(text or ""))}</span>')


def entries(division: Division, request: Request) -> Raw:
    """Entries of a journal with their lines, boxes and files."""
    form, found = pages.of_journal(request, inspection.entries(division))
    names = _names(division)
    return Raw(
        form
        + table(
            ("~Entry", "~Date", "Period", "Account", "Text", "#Amount", "Lines", "Boxes", "Files"),
            [_entry(row, names) for row in found],
        )
    )


def _entry(row: dict, names: dict[str, str]) -> list:
    number = f"{row['journal']} {row['year']}/{row['entry_number']}"
    return [
        Raw(
            f'<b id="{escape(row["entry"])}">{escape(number)}</b>'
            f"<br>{_soft(row['kind'].replace('_', ' '))}"
        ),
        row["date"],
        f"{row['year']}-{row['period']:02}",
        names.get(row["account"], ""),
        Raw("<br>".join(escape(text) for text in (row["description"], row["your_ref"]) if text)),
        Raw(f"{_money(row['amount_fc'])} {escape(row['currency'])}"),
        inner(
            (line["account"], _money(line["amount"]), _soft(line["vat_code"]))
            for line in row["lines"]
        ),
        inner((box, _money(amount)) for box, amount in row["boxes"].items()),
        Raw("<br>".join(escape(file["name"]) for file in row["files"])),
    ]


def _books(view: Callable) -> Callable[[Division, Request], Raw]:
    def shown(division: Division, request: Request) -> Raw:
        accounts = {row["Code"]: row["Description"] for row in division.all("financial/GLAccounts")}
        return view(division.books, book_pages.Names(accounts, _names(division)), request)

    return shown


def vat_return(division: Division, request: Request) -> Raw:
    """The Belgian return with its checks; elsewhere the boxes of every period."""
    if division.country == "BE":
        return _books(book_pages.vat_return)(division, request)
    return Raw(
        "".join(
            f"<h2>Period {escape(period)}</h2>"
            + table(
                ("~Box", "#Amount"),
                [[box, _money(amount)] for box, amount in found["boxes"].items()],
            )
            for period, found in inspection.boxes_per_period(division).items()
        )
    ) or table((), [])


def open_items(division: Division, _request: Request) -> Raw:
    """What customers and suppliers still owe or get, invoice by invoice."""
    return _plain(inspection.open_items(division))


def terms(division: Division, _request: Request) -> Raw:
    """Payment terms with what closed them."""
    return _plain(inspection.terms(division))


def accounts(division: Division, _request: Request) -> Raw:
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


def files(division: Division, _request: Request) -> Raw:
    """Attachments of documents."""
    documents = {row["ID"]: row for row in division.all("documents/Documents")}
    rows = []
    for row in division.all("documents/DocumentAttachments"):
        link = (
            f'<a href="/divisions/{division.code}/files/{row["ID"]}">{escape(row["FileName"])}</a>'
        )
        document = documents.get(row["Document"], {})
        rows.append(
            [
                Raw(link),
                size(int(row.get("FileSize") or 0)),
                document.get("Subject"),
                document.get("Type"),
                document.get("DocumentDate"),
            ]
        )
    return table(("File", "#Size", "Document", "#Type", "~Date"), rows)


def _plain(rows: list[dict]) -> Raw:
    """Rows of an inspection as a table: their own names as titles, amounts on the right."""
    if not rows:
        return table((), [])
    columns = [name for name in rows[0] if not isinstance(rows[0][name], (dict, list))]
    amounts = {name for name in columns if "amount" in name or name in ("open", "open_fc")}
    titles = [
        ("#" if name in amounts else "~" if "date" in name else "")
        + name.replace("_", " ").capitalize()
        for name in columns
    ]
    return table(
        titles,
        [
            [
                _money(row[name])
                if name in amounts
                else STATUS.get(row[name], row[name])
                if name == "status"
                else row[name]
                for name in columns
            ]
            for row in rows
        ],
    )


VIEWS: dict[str, Callable[[Division, Request], Raw]] = {
    "entries": entries,
    "ledger": _books(book_pages.ledger),
    "trial-balance": _books(book_pages.trial_balance),
    "vat": vat_return,
    "open-items": open_items,
    "terms": terms,
    "accounts": accounts,
    "files": files,
}
