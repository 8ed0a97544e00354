"""Pages for a person in the office: documents, thirds, ledger, VAT return, and imports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from ..kit import book_pages, pages
from ..kit.amounts import loaded
from ..kit.pages import Page, Tab, of_journal, table
from ..kit.templating import Link
from . import forms, inspection
from .codes import RESOLUTIONS
from .folder import Folder, UnknownFolder
from .imports import STATUSES

SHOWN = 300  # findings on a page
SEVERITIES = {"fatal": "Fatal", "warning": "Warning", "note": "Note"}
TYPES = {
    "0": "Purchases",
    "1": "Credit notes on purchases",
    "2": "Sales",
    "3": "Credit notes on sales",
    "4": "Financial",
    "5": "Miscellaneous",
}


def documents(folder: Folder, request: Request) -> Page:
    """Documents of a journal with their entry, boxes and files."""
    found, of_forms = of_journal(request, folder.documents())
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
    return Page("documents.html", {**of_forms, "rows": rows, "names": names})


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


def journals(folder: Folder, _request: Request) -> Page:
    """Journals with their type."""
    return table(
        ("~Journal", "#Type", "", "Name", "#Last number"),
        [
            [
                row["code"],
                row["type"],
                TYPES[row["type"]],
                row["names"]["fr" if folder.language == "F" else "nl"],
                row["last_number"] or "",
            ]
            for row in inspection.journals(folder)
        ],
    )


def vat_codes(folder: Folder, _request: Request) -> Page:
    """VAT codes with both user codes and their boxes."""

    def boxes(card: dict) -> str:
        bases = [f"{'−' if sign < 0 else ''}{box}" for box, sign, _cost in card["bases"]]
        legs = [leg[1] for leg in (card["owed"], card["recoverable"]) if leg]
        return " ".join([*bases, *(["|", *legs] if legs else [])])

    return table(
        ("~Code", "~French", "~Dutch", "", "#Rate", "#Deductible", "Boxes", "Of credit notes"),
        [
            [
                row["code"],
                row["users"]["F"],
                row["users"]["N"],
                row["names"]["fr" if folder.language == "F" else "nl"],
                f"{row['rate'].partition('.')[0]} %",
                f"{row['share'].partition('.')[0]} %" if row["typded"] else "",
                boxes(row["invoice"]),
                boxes(row["credit_note"]),
            ]
            for row in inspection.vat_codes(folder)
        ],
    )


def periods(folder: Folder, _request: Request) -> Page:
    """Book years with the state of their periods, to close and open them."""
    return Page("periods.html", {"years": inspection.periods(folder)})


def imports(folder: Folder, _request: Request) -> Page:
    """The imports, the last first."""
    return table(
        ("~When", "What", "~Book year", "~Period", "#Documents", "", "#Fatal", "#Warnings"),
        [
            [
                row["moment"][:16],
                Link(
                    f"/folders/{folder.administration}/imports/{row['import']}",
                    row["source"],
                ),
                row["book_year"],
                f"{row['period']:02}",
                row["documents"],
                STATUSES[row["status"]],
                *_counted(row),
            ]
            for row in reversed(inspection.imports(folder))
        ],
    )


def _counted(row: dict) -> list[int | str]:
    found = Counter(one["severity"] for one in row["findings"])
    return [found["fatal"] or "", found["warning"] or ""]


def _of_books(view: Callable) -> Callable[[Folder, Request], Page]:
    return lambda folder, request: view(folder, book_pages.names_of(folder), request)


class Pages(pages.Pages):
    """The pages of one sandbox."""

    title, folder = "WinBooks sandbox", "folders"
    templates = Path(__file__).with_name("templates")
    columns = ("#Folder", "Company", "Short name", "VAT number", "Language", "#Documents", "")
    tabs = {
        "documents": Tab("Documents", documents),
        "import": Tab("Import", lambda folder, request: Page("import.html")),
        "imports": Tab("Imports", imports),
        "thirds": Tab("Thirds", thirds),
        "ledger": Tab("General ledger", _of_books(book_pages.ledger)),
        "trial-balance": Tab("Trial balance", _of_books(book_pages.trial_balance)),
        "vat": Tab("VAT return", _of_books(book_pages.vat_return)),
        "open-items": Tab("Open items", _of_books(book_pages.open_items)),
        "journals": Tab("Journals", journals),
        "vat-codes": Tab("VAT codes", vat_codes),
        "periods": Tab("Periods", periods),
    }
    missing = (UnknownFolder,)

    def __init__(self, service: Any):
        super().__init__(service)
        place = "/folders/<int:number>"
        for rule in (
            Rule(f"{place}/import", endpoint="import", methods=["GET"]),
            Rule(f"{place}/import", endpoint="test", methods=["POST"]),
            Rule(f"{place}/imports/<int:key>", endpoint="findings", methods=["GET"]),
            Rule(f"{place}/imports/<int:key>", endpoint="execute", methods=["POST"]),
            Rule(f"{place}/periods", endpoint="close", methods=["POST"]),
        ):
            self.routes.add(rule)

    def administrations(self) -> Iterable[list[Any]]:
        for number in self.service.numbers():
            folder = self.service.administration(number)
            lying = sum(not one["tested"] for one in self.service.waiting(number))
            yield [
                number,
                Link(f"/folders/{number}", folder.name),
                folder.short,
                folder.data["vat"],
                folder.language,
                len(folder.documents()),
                Link(f"/folders/{number}/import", f"{lying} to import") if lying else "",
            ]

    def administration(self, number: int) -> tuple[str, Folder]:
        folder = self.service.administration(number)
        return folder.name, folder

    def file(self, number: int, key: str) -> tuple[str, bytes]:
        found = self.service.administration(number).attachment(int(key)) if key.isdigit() else None
        if found is None:
            raise NotFound
        return found["name"], found["content"]

    # Imports

    def _show(self, number: int, here: str, page: Page, status: int = 200) -> Response:
        name, _folder = self.administration(number)
        return self._html(
            page.template,
            status,
            title=f"{name} · folder {number}",
            back="All folders",
            tabs=self.tabs,
            base=f"/folders/{number}/",
            here=here,
            **page.values,
        )

    def _import(self, _request: Request, number: int, wrong: str = "") -> Response:
        folder = self.service.administration(number)
        lying = self.service.waiting(number)
        values = {
            "wrong": wrong,
            "lying": lying,
            "first": next((one["name"] for one in lying if not one["tested"]), ""),
            "years": inspection.periods(folder),
            "directory": folder.data["directory"],
        }
        return self._show(number, "import", Page("import.html", values), 400 if wrong else 200)

    def _findings(self, _request: Request, number: int, key: int, wrong: str = "") -> Response:
        folder = self.service.administration(number)
        try:
            row = self.service.imports.one(key, number)
        except ValueError as error:
            raise NotFound from error
        warnings = [one for one in row["findings"] if one["severity"] == "warning"]
        by_code: dict[str, dict] = {}
        for one in warnings:
            found = by_code.setdefault(one["code"], {"answers": one["answers"], "number": 0})
            found["number"] += 1
        values = {
            "row": row,
            "year": folder.short_of_year(row["book_year"]),
            "said": wrong or forms.said_of(row),
            "wrong": bool(wrong) or row["status"] == "refused",
            "codes": by_code,
            "findings": row["findings"][:SHOWN],
            "more": max(0, len(row["findings"]) - SHOWN),
            "resolutions": RESOLUTIONS,
            "severities": SEVERITIES,
            "open": row["status"] in ("waiting", "ready"),
        }
        page = Page("findings.html", values)
        return self._show(number, "imports", page, 400 if wrong else 200)

    def _test(self, request: Request, number: int) -> Response:
        return self._done(
            request,
            lambda folder: forms.test(self.service, folder, request),
            number,
            lambda words: self._import(request, number, words),
        )

    def _execute(self, request: Request, number: int, key: int) -> Response:
        return self._done(
            request,
            lambda folder: forms.execute(self.service, folder, request, key),
            number,
            lambda words: self._findings(request, number, key, words),
        )

    def _close(self, request: Request, number: int) -> Response:
        return self._done(
            request,
            lambda folder: forms.close(self.service, folder, request),
            number,
            lambda words: self._html(
                "message.html", 400, title="Periods", message=words, wrong=True
            ),
        )

    def _done(
        self,
        request: Request,
        work: Callable[[Folder], Response],
        number: int,
        refused: Callable[[str], Response],
    ) -> Response:
        """Do what a form asks for; what is said against it stands on its page."""
        forms.check_origin(request)
        folder = self.service.administration(number)
        try:
            with self.service.store.transaction():
                return work(folder)
        except forms.SAID as error:
            return refused(str(error))
