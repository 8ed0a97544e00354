"""The control endpoint ``/sandbox/control``: JSON, loopback only, no authentication.

It reads the books, orders faults and does what an accountant does in the application. Routes and
bodies stand in sandbox/README.md; ``GET /sandbox/control/`` lists them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from .. import control
from ..ledger import Books
from . import accountant, inspection
from .errors import Refusal

READS: dict[str, Callable[[Books], Any]] = {
    "books": inspection.everything, "bookings": inspection.bookings,
    "trial-balance": inspection.trial_balance, "boxes": inspection.boxes_per_period,
    "open-items": inspection.open_items, "matches": inspection.matches,
    "attachments": inspection.attachments, "relations": inspection.relations,
}

ROUTES = Map([
    *control.common_rules(),
    Rule("/sandbox/control/tokens/expire", methods=["POST"], endpoint="expire"),
    Rule("/sandbox/control/users/<name>", methods=["POST"], endpoint="user"),
    Rule("/sandbox/control/dossiers/<int:dossier>", methods=["POST"], endpoint="dossier"),
    Rule("/sandbox/control/dossiers/<int:dossier>/<what>", methods=["GET"], endpoint="read"),
    Rule("/sandbox/control/dossiers/<int:dossier>/attachments/<int:number>", methods=["GET"],
         endpoint="attachment"),
    Rule("/sandbox/control/dossiers/<int:dossier>/<path:action>", methods=["POST"],
         endpoint="act"),
])


class Control(control.Control):
    """The control endpoint of one sandbox."""

    routes = ROUTES

    def refused(self, error: Exception) -> dict | None:
        """A refusal of the books also has its code."""
        if isinstance(error, Refusal):
            return {"error": error.technical, "errorCode": error.code}
        return super().refused(error)

    def _index(self, _method: str, _body: dict) -> Any:
        return self.index(READS, accountant.ACTIONS)

    def _state(self, _method: str, _body: dict) -> Any:
        octopus = self.service
        return {"now": octopus.clock.now().isoformat(), "stamp": octopus.clock.stamp(),
                "switches": octopus.switches.all(), "faults": octopus.faults.all(),
                "users": {name: {**user, "password": "***"}
                          for name, user in octopus.authentication.users().items()},
                "dossiers": [row["id"] for row in octopus.store.rows(
                    "SELECT id FROM administration ORDER BY id")]}

    def _calls(self, method: str, _body: dict) -> Any:
        if method == "DELETE":
            self.service.limits.forget()
        rows = self.service.store.rows("SELECT DISTINCT owner FROM call ORDER BY owner")
        return {"total": self.service.limits.calls(),
                "owners": {row["owner"]: self.service.limits.calls(row["owner"]) for row in rows}}

    def _expire(self, _method: str, _body: dict) -> Any:
        self.service.authentication.expire_all()
        return {}

    def _user(self, _method: str, body: dict, name: str) -> Any:
        allowed = {"password", "webservice", "dossiers", "failed"}
        if set(body) - allowed:
            raise ValueError(f"a user has {', '.join(sorted(allowed))}")
        self.service.authentication.change_user(name, **body)
        return {}

    def _books(self, dossier: int) -> Books:
        books = self.service.books(dossier)
        if not books.store.row("SELECT 1 FROM administration WHERE id = ?", dossier):
            raise ValueError(f"dossier {dossier} does not exist")
        return books

    def _dossier(self, _method: str, body: dict, dossier: int) -> Any:
        return accountant.change_dossier(self._books(dossier), **body)

    def _read(self, _method: str, _body: dict, dossier: int, what: str) -> Any:
        if what not in READS:
            raise ValueError(f"read one of {', '.join(sorted(READS))}")
        return READS[what](self._books(dossier))

    def _attachment(self, _method: str, _body: dict, dossier: int, number: int) -> Any:
        found = self._books(dossier).attachment(number)
        if found is None:
            raise ValueError(f"file {number} does not exist")
        return Response(found["content"], 200, content_type="application/octet-stream")

    def _act(self, _method: str, body: dict, dossier: int, action: str) -> Any:
        if action not in accountant.ACTIONS:
            raise ValueError(f"act one of {', '.join(sorted(accountant.ACTIONS))}")
        result = accountant.ACTIONS[action](self._books(dossier), self.service, **body)
        return {} if result is None else result
