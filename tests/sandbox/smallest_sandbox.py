"""The smallest sandbox that the kit allows: one company, customers' invoices, and payments by hand.

A package of its own writes what stands here: routes, refusals, switches, demo data, how it books.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from sandbox.kit import accountant, book_pages, control, faults, inspection, pages
from sandbox.kit.accountant import HandLine, Place
from sandbox.kit.amounts import ZERO
from sandbox.kit.ledger import Books, Document, Line
from sandbox.kit.pages import Tab
from sandbox.kit.service import Service
from sandbox.kit.serving import RunningSandbox
from sandbox.kit.storage import Store
from sandbox.kit.switches import Switches
from sandbox.kit.templating import Link
from sandbox.kit.trade import TradeLine, trade_entry
from sandbox.kit.vat import BaseBox, Card, Leg, VatCode

COMPANY, YEAR = 1, 2026
SWITCHES = {"negative_total": ("accept", "A total below zero: `accept` or `refuse` (422).")}


class Refusal(Exception):
    """The service does not do it: status and text."""

    def __init__(self, status: int, text: str):
        super().__init__(text)
        self.status = status


class Accountant(accountant.Accountant):
    """A person at work in the company's books."""

    money_journal, general_journal, opening_account, doubtful_account = "BNK", "GEN", 588888, 407000

    def refusal(self, kind: str, text: str) -> Exception:
        return Refusal(404, text)

    def book_money(self, place: Place, line: HandLine) -> None:
        self._post(
            place, [HandLine(-line.amount, line.control, line.party), HandLine(line.amount, 550001)]
        )

    def book_general(self, place: Place, lines: list[HandLine]) -> None:
        self._post(
            place, [HandLine(row.amount, row.account or row.control, row.party) for row in lines]
        )

    def _post(self, place: Place, lines: list[HandLine]) -> None:
        head = Document(
            place.book_year,
            place.journal,
            place.number,
            "general",
            place.period,
            place.date,
            "EUR",
            1,
            ZERO,
        )
        self.books.post(
            head,
            [
                Line(
                    number,
                    "party" if row.party else "line",
                    row.account,
                    row.amount,
                    row.amount,
                    row.party,
                )
                for number, row in enumerate(lines, 1)
            ],
        )


class Control(control.Control):
    """The control endpoint."""

    reads = {"trial-balance": inspection.trial_balance, "boxes": inspection.vat_boxes}
    routes = Map(
        [
            *control.common_rules(),
            Rule(f"{control.BASE}/companies/<int:number>/<what>", methods=["GET"], endpoint="read"),
            Rule(
                f"{control.BASE}/companies/<int:number>/<action>", methods=["POST"], endpoint="act"
            ),
        ]
    )

    def refused(self, error: Exception) -> dict | None:
        return {"error": str(error)} if isinstance(error, Refusal) else super().refused(error)

    def _state(self, _method: str, _body: dict) -> Any:
        return self.state()


def _tab(view: Any) -> Any:
    return lambda books, request: view(books, book_pages.names_of(books), request)


class Pages(pages.Pages):
    """The pages."""

    title, folder, columns = "Smallest sandbox", "companies", ("#Number", "Name")
    templates = Path(__file__).parent
    tabs = {
        "ledger": Tab("Ledger", _tab(book_pages.ledger)),
        "trial-balance": Tab("Trial balance", _tab(book_pages.trial_balance)),
        "vat": Tab("VAT return", _tab(book_pages.vat_return)),
        "open-items": Tab("Open items", _tab(book_pages.open_items)),
    }
    missing = (ValueError,)

    def administrations(self) -> Any:
        return [[COMPANY, Link(f"/companies/{COMPANY}", "Bakkerij & Zoon")]]

    def administration(self, number: int) -> tuple[str, Books]:
        return "Bakkerij & Zoon", self.service.administration(number)

    def file(self, number: int, key: str) -> tuple[str, bytes]:
        raise ValueError("this company keeps no files")


class Smallest(Service):
    """The service: ``POST /api/invoices``, ``GET /api/invoices``."""

    package = "smallest"
    actions = accountant.ACTIONS

    def __init__(self, store: Store):
        super().__init__(store)
        self.switches = Switches(store, SWITCHES)
        self.faults = faults.Faults(store, self.late)
        self.control, self.pages = Control(self), Pages(self)
        self.start()

    def fill(self) -> None:
        self.store.run("INSERT INTO administration VALUES (?, 'Bakkerij & Zoon', '{}')", COMPANY)
        books = Books(self.store, COMPANY)
        months = [
            (month, f"{YEAR}-{month:02}-01", f"{YEAR}-{month:02}-31") for month in range(1, 13)
        ]
        books.add_book_year(YEAR, {"nl": str(YEAR)}, f"{YEAR}-01-01", f"{YEAR}-12-31", months)
        for number, name in (
            (400000, "Klanten"),
            (550001, "Bank"),
            (700000, "Verkoop"),
            (451000, "Btw"),
        ):
            books.save_account(YEAR, number, {"nl": name})
        for code in ("SAL", "BNK", "GEN"):
            books.save_journal(YEAR, code, code[0], 1, {"nl": code})
        card = Card((BaseBox("03"),), owed=Leg(451000, "54"))
        books.save_vat_code(VatCode("21", "sale", 21, {"nl": "21 %"}, card, card))
        books.save_party(7, 0, True, {"name": "<Klant & Co>"})

    def administration(self, number: int) -> Books:
        if number != COMPANY:
            raise ValueError(f"there is no company {number}")
        return Books(self.store, number)

    def do(self, action: Any, number: int, values: dict[str, Any]) -> Any:
        with self.store.transaction():
            return action(Accountant(self.administration(number)), **values)

    def let_in(self, request: Request) -> dict:
        return {}

    def work_late(self, request: Request, caller: Any) -> None:
        self._invoices(request)

    def respond(self, request: Request) -> Response:
        if request.path.startswith("/sandbox/"):
            return self.control.respond(request)
        if not request.path.startswith("/api/"):
            return self.pages.respond(request)
        return self.faults.behave(
            f"{request.method} invoices",
            request,
            lambda: self._invoices(request),
            lambda fault: Response("", fault["status"]),
        )

    def _invoices(self, request: Request) -> Response:
        books = Books(self.store, COMPANY)
        if request.method == "GET":
            return _json([row["payload"] for row in books.documents("journal = 'SAL'")])
        try:
            with self.store.transaction():
                return _json(self._book(books, json.loads(request.get_data())), 201)
        except Refusal as refusal:
            return _json({"error": str(refusal)}, refusal.status)

    def _book(self, books: Books, sent: dict) -> dict:
        base = accountant.number_of(sent["base"])
        if base < 0 and self.switches["negative_total"] == "refuse":
            raise Refusal(422, "The total is below zero")
        day = dt.date.fromisoformat(sent["date"])
        number = books.journal(YEAR, "SAL")["last_number"] + 1
        code = books.vat_code("21")
        line = TradeLine(1, 700000, base, base * code.rate / 100, code)
        payload = {**sent, "number": number}
        books.post(
            Document(
                YEAR,
                "SAL",
                number,
                "invoice",
                day.month,
                sent["date"],
                "EUR",
                1,
                base + line.vat,
                party=7,
                payload=payload,
            ),
            trade_entry([line], True, False, 7, 400000),
        )
        return payload


def _json(value: Any, status: int = 200) -> Response:
    return Response(json.dumps(value), status, content_type="application/json")


class SandboxServer(RunningSandbox):
    """A running one."""

    inspection = inspection

    def __init__(self, state: str | None = None):
        store = Store(state)
        super().__init__(Smallest(store), store, "127.0.0.1", 0)
