"""The web service: routes, token check, limits, body check, the handler, its answer.

Checks come in this order: path and method, ordered faults, token, daily limit, query, body, then
the handler's own. Unknown paths are 404, a wrong method 405, both with an ErrorResult.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from ..kit.ledger import Books
from ..kit.operations import Invalid, Unparsable, given_query, parse_query
from ..kit.service import Service
from ..kit.storage import Store
from . import (
    balancings,
    buy_sell,
    catalogue,
    file_sync,
    financial,
    journals,
    ledger_lines,
    master_data,
    relations,
    reports,
    sessions,
    years,
)
from .accountant import ACTIONS, Accountant
from .authentication import Authentication
from .calls import HANDLERS, Answer, Call
from .contract import OPERATIONS, TABLE, status_of_unparsable
from .control import Control
from .errors import Refusal, error_body
from .faults import Faults, false_answer
from .limits import Limits
from .pages import Pages
from .seed import seed
from .switches import Switches

BASE = "/octopus-rest-api/v1"
SUBJECTS = (
    balancings,
    buy_sell,
    catalogue,
    financial,
    journals,
    ledger_lines,
    master_data,
    relations,
    reports,
    sessions,
    years,
)
KINDS_OF_TOKEN = {"Token": "login", "dossierToken": "dossier"}
REPORT_QUERIES = (
    "HistoryAccountQueryData",
    "OpenAccountQueryData",
    "HistoryRelationQueryData",
    "OpenRelationQueryData",
    "HistoryCostCentreQueryData",
)


def _rule(name: str, operation: dict) -> Rule:
    path = re.sub(r"\{(journalKey|journalTypeCode)\}", r"<\1>", operation["path"])
    path = re.sub(r"\{(\w+)\}", r"<int(signed=True):\1>", path)
    return Rule(BASE + path, methods=[operation["method"]], endpoint=name)


ROUTES = Map(
    [_rule(name, operation) for name, operation in OPERATIONS.items()],
    strict_slashes=True,
    merge_slashes=False,
)


class Octopus(Service):
    """One sandbox of the service, as a WSGI application over a store."""

    package = "octopus"
    actions = ACTIONS

    def __init__(self, store: Store):
        super().__init__(store)
        self.switches = Switches(store)
        self.authentication = Authentication(store, self.clock, self.switches)
        self.limits = Limits(store, self.clock, self.switches)
        self.faults = Faults(store, self.late)
        self.control = Control(self)
        self.pages = Pages(self)
        self.file_sync = file_sync.FileSync(self.authentication, self.books)
        self.start()

    def fill(self) -> None:
        """Two dossiers with their login, and two that are hidden."""
        seed(self.store)

    def administration(self, number: int) -> Books:
        """The books of a dossier; raises ``ValueError`` when there is no such dossier."""
        if not self.store.row("SELECT 1 FROM administration WHERE id = ?", number):
            raise ValueError(f"dossier {number} does not exist")
        return self.books(number)

    def do(self, action: Callable[..., Any], number: int, values: dict[str, Any]) -> Any:
        """Actions take the accountant of a dossier."""
        with self.store.transaction():
            books = self.administration(number)
            return action(Accountant(books, self.authentication, self.switches), **values)

    def books(self, dossier: int) -> Books:
        """The books of a dossier."""
        books = Books(self.store, dossier)
        books.describe = {
            "matching": lambda match: balancings.as_data(books, match),
            "journal": lambda row: journals.common_data(row)["journalKeyServiceData"],
            "account": master_data.account_data,
            "party": relations.relation_data,
        }
        return books

    def respond(self, request: Request) -> Response:
        """The control endpoint, a page or the web service."""
        if request.path.startswith("/sandbox/"):
            return self.control.respond(request)
        if request.path.startswith(file_sync.BASE):
            return self.file_sync.respond(request)
        if request.method == "GET" and not request.path.startswith(BASE):
            return self.pages.respond(request)
        answer = self._serve(request)
        response = Response(answer.content(), answer.status)
        if answer.body is None:
            response.headers.pop("Content-Type", None)
        else:
            response.headers["Content-Type"] = answer.content_type
        return response

    def _serve(self, request: Request) -> Answer:
        try:
            name, path = ROUTES.bind_to_environ(request.environ).match()
        except HTTPException as error:
            return Answer(error.code or 404, {"technicalInfo": f"{error.name}: {request.path}"})
        body = request.get_data()
        return self.faults.behave(
            name, request, lambda: self.answer(name, path, request, body), false_answer
        )

    def let_in(self, request: Request) -> dict | None:
        """The claims of a call's token, {} where the operation wants none."""
        name, _path = ROUTES.bind_to_environ(request.environ).match()
        try:
            return self._claims(name, request.headers)
        except Refusal:
            return None

    def work_late(self, request: Request, caller: dict) -> None:
        """An operation of the web service."""
        name, path = ROUTES.bind_to_environ(request.environ).match()
        self.answer(name, path, request, request.get_data(), caller)

    def answer(
        self, name: str, path: dict, request: Request, body: bytes, claims: dict | None = None
    ) -> Answer:
        """Run one operation; refusals become answers. ``claims``: those of a token that was looked
        at before."""
        operation = OPERATIONS[name]
        call = Call(
            name,
            self.authentication,
            self.switches,
            request.remote_addr or "",
            request.headers,
            path,
        )
        try:
            call.claims = self._claims(name, request.headers) if claims is None else claims
            self._check_dossier(call, operation)
            self.limits.count(
                name,
                operation["per_day"],
                self._owner(call),
                searching=bool(given_query(operation, request.args)),
            )
            call.query = parse_query(operation, request.args)
            self._read_body(call, operation, body)
            if name == "authenticateUser":  # a refused login still raises its counter
                return HANDLERS[name](call)
            with self.store.transaction():
                return HANDLERS[name](call)
        except Refusal as refusal:
            return Answer(refusal.status, error_body(refusal, call.language))
        except Invalid as error:
            return Answer(400, {"technicalInfo": str(error)})
        except Unparsable as error:
            return Answer(status_of_unparsable(operation), {"technicalInfo": str(error)})
        except ArithmeticError as error:  # a number no column and no rounding can hold
            return Answer(400, {"technicalInfo": f"Number out of range: {error}"})

    def _claims(self, name: str, headers: Mapping[str, str]) -> dict:
        header = OPERATIONS[name].get("token")
        if header not in KINDS_OF_TOKEN:
            return {}
        return self.authentication.claims(headers.get(header), KINDS_OF_TOKEN[header])

    def _check_dossier(self, call: Call, operation: dict) -> None:
        if operation.get("token") != "dossierToken":
            return
        call.language = call.claims["language"]
        if call.claims["dossier"] != call.path["dossierId"]:
            raise Refusal(401, -3, "The access token belongs to another dossier")
        call.books = self.books(call.path["dossierId"])

    @staticmethod
    def _owner(call: Call) -> str:
        if "dossierId" in call.path:
            return f"dossier {call.path['dossierId']}"
        return f"user {call.claims['user']}" if call.claims else f"address {call.address}"

    def _read_body(self, call: Call, operation: dict, body: bytes) -> None:
        schema = operation.get("body")
        if not schema:
            return
        if schema == "binary":
            call.body = body
            return
        try:
            call.body = TABLE.parse_body(body, schema, self.switches["unknown_fields"] == "refuse")
        except Invalid as error:
            if schema in REPORT_QUERIES:
                raise Unparsable(str(error)) from error
            raise
