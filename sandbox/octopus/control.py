"""The control endpoint ``/sandbox/control``: JSON, loopback only, no authentication.

It reads the books, orders faults and does what an accountant does in the application. Routes and
bodies stand in sandbox/README.md; ``GET /sandbox/control/`` lists them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Map, Rule

from ..kit import control
from ..kit.ledger import Books
from . import accountant, inspection
from .errors import Refusal

READS: dict[str, Callable[[Books], Any]] = {
    "books": inspection.everything,
    "bookings": inspection.bookings,
    "trial-balance": inspection.trial_balance,
    "boxes": inspection.boxes_per_period,
    "open-items": inspection.open_items,
    "matches": inspection.matches,
    "attachments": inspection.attachments,
    "relations": inspection.relations,
}
BASE = control.BASE
ROUTES = Map(
    [
        *control.common_rules(),
        Rule(f"{BASE}/tokens/expire", methods=["POST"], endpoint="expire"),
        Rule(f"{BASE}/users/<name>", methods=["POST"], endpoint="user"),
        Rule(f"{BASE}/dossiers/<int:number>", methods=["POST"], endpoint="dossier"),
        Rule(f"{BASE}/dossiers/<int:number>/<what>", methods=["GET"], endpoint="read"),
        Rule(
            f"{BASE}/dossiers/<int:number>/attachments/<int:file>",
            methods=["GET"],
            endpoint="attachment",
        ),
        Rule(f"{BASE}/dossiers/<int:number>/<path:action>", methods=["POST"], endpoint="act"),
    ]
)


class Control(control.Control):
    """The control endpoint of one sandbox."""

    routes = ROUTES
    reads = READS

    def refused(self, error: Exception) -> dict | None:
        """A refusal of the books also has its code."""
        if isinstance(error, Refusal):
            return {"error": error.technical, "errorCode": error.code}
        return super().refused(error)

    def _state(self, _method: str, _body: dict) -> Any:
        octopus = self.service
        return {
            **self.state(),
            "users": {
                name: {**user, "password": "***"}
                for name, user in octopus.authentication.users().items()
            },
            "dossiers": [
                row["id"] for row in octopus.store.rows("SELECT id FROM administration ORDER BY id")
            ],
        }

    def _expire(self, _method: str, _body: dict) -> Any:
        self.service.authentication.expire_all()
        return {}

    def _user(self, _method: str, body: dict, name: str) -> Any:
        allowed = {"password", "webservice", "dossiers", "failed"}
        if set(body) - allowed:
            raise ValueError(f"a user has {', '.join(sorted(allowed))}")
        self.service.authentication.change_user(name, **body)
        return {}

    def _dossier(self, _method: str, body: dict, number: int) -> Any:
        return accountant.change_dossier(self.service.administration(number), **body)

    def _attachment(self, _method: str, _body: dict, number: int, file: int) -> Any:
        found = self.service.administration(number).attachment(file)
        if found is None:
            raise ValueError(f"file {file} does not exist")
        return control.as_file(found["content"])
