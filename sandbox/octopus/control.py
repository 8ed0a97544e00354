"""The control endpoint ``/sandbox/control``: JSON, loopback only, no authentication.

It reads the books, orders faults and does what an accountant does in the application. Routes and
bodies stand in sandbox/README.md; ``GET /sandbox/control/`` lists them.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from ..ledger import Books
from . import accountant, inspection
from .errors import Refusal

if TYPE_CHECKING:
    from .service import Octopus

READS: dict[str, Callable[[Books], Any]] = {
    "books": inspection.everything, "bookings": inspection.bookings,
    "trial-balance": inspection.trial_balance, "boxes": inspection.boxes_per_period,
    "open-items": inspection.open_items, "matches": inspection.matches,
    "attachments": inspection.attachments, "relations": inspection.relations,
}

ROUTES = Map([
    Rule("/sandbox/control/", methods=["GET"], endpoint="index"),
    Rule("/sandbox/control/state", methods=["GET"], endpoint="state"),
    Rule("/sandbox/control/calls", methods=["GET", "DELETE"], endpoint="calls"),
    Rule("/sandbox/control/faults", methods=["GET", "POST", "DELETE"], endpoint="faults"),
    Rule("/sandbox/control/switches", methods=["GET", "POST"], endpoint="switches"),
    Rule("/sandbox/control/clock", methods=["GET", "POST"], endpoint="clock"),
    Rule("/sandbox/control/tokens/expire", methods=["POST"], endpoint="expire"),
    Rule("/sandbox/control/reset", methods=["POST"], endpoint="reset"),
    Rule("/sandbox/control/users/<name>", methods=["POST"], endpoint="user"),
    Rule("/sandbox/control/dossiers/<int:dossier>", methods=["POST"], endpoint="dossier"),
    Rule("/sandbox/control/dossiers/<int:dossier>/<what>", methods=["GET"], endpoint="read"),
    Rule("/sandbox/control/dossiers/<int:dossier>/attachments/<int:number>", methods=["GET"],
         endpoint="attachment"),
    Rule("/sandbox/control/dossiers/<int:dossier>/<path:action>", methods=["POST"],
         endpoint="act"),
])


class Control:
    """The control endpoint of one sandbox."""

    def __init__(self, octopus: Octopus):
        self.octopus = octopus

    def respond(self, request: Request) -> Response:
        """Answer a call; 404 from anywhere but this machine."""
        if not ipaddress.ip_address(request.remote_addr or "0.0.0.0").is_loopback:
            return Response("Not found", 404)
        try:
            endpoint, values = ROUTES.bind_to_environ(request.environ).match()
            body = json.loads(request.get_data() or b"{}")
            with self.octopus.store.transaction():
                result = getattr(self, f"_{endpoint}")(request.method, body, **values)
        except HTTPException as error:
            return _json({"error": f"{error.code} {error.name}"}, error.code or 404)
        except Refusal as refusal:
            return _json({"error": refusal.technical, "errorCode": refusal.code}, 400)
        except (KeyError, TypeError, ValueError, ArithmeticError) as error:
            return _json({"error": f"{type(error).__name__}: {error}"}, 400)
        return result if isinstance(result, Response) else _json(result)

    def _index(self, _method: str, _body: dict) -> Any:
        return {"routes": sorted(f"{' '.join(sorted(rule.methods - {'HEAD', 'OPTIONS'}))} {rule}"
                                 for rule in ROUTES.iter_rules()),
                "reads": sorted(READS), "actions": sorted(accountant.ACTIONS)}

    def _state(self, _method: str, _body: dict) -> Any:
        octopus = self.octopus
        return {"now": octopus.clock.now().isoformat(), "stamp": octopus.clock.stamp(),
                "switches": octopus.switches.all(), "faults": octopus.faults.all(),
                "users": {name: {**user, "password": "***"}
                          for name, user in octopus.authentication.users().items()},
                "dossiers": [row["id"] for row in octopus.store.rows(
                    "SELECT id FROM administration ORDER BY id")]}

    def _calls(self, method: str, _body: dict) -> Any:
        if method == "DELETE":
            self.octopus.limits.forget()
        rows = self.octopus.store.rows("SELECT DISTINCT owner FROM call ORDER BY owner")
        return {"total": self.octopus.limits.calls(),
                "owners": {row["owner"]: self.octopus.limits.calls(row["owner"]) for row in rows}}

    def _faults(self, method: str, body: dict) -> Any:
        if method == "DELETE":
            self.octopus.faults.clear()
        elif method == "POST":
            self.octopus.faults.add(**body)
        return self.octopus.faults.all()

    def _switches(self, method: str, body: dict) -> Any:
        if method == "POST":
            self.octopus.switches.set(body)
        return self.octopus.switches.all()

    def _clock(self, method: str, body: dict) -> Any:
        clock = self.octopus.clock
        if method == "POST":
            if body.get("real"):
                clock.reset()
            if "now" in body:
                clock.set(dt.datetime.fromisoformat(body["now"]))
            clock.advance(float(body.get("advance", 0)))
        return {"now": clock.now().isoformat(), "stamp": clock.stamp()}

    def _expire(self, _method: str, _body: dict) -> Any:
        self.octopus.authentication.expire_all()
        return {}

    def _reset(self, _method: str, _body: dict) -> Any:
        self.octopus.reset()
        return {}

    def _user(self, _method: str, body: dict, name: str) -> Any:
        allowed = {"password", "webservice", "dossiers", "failed"}
        if set(body) - allowed:
            raise ValueError(f"a user has {', '.join(sorted(allowed))}")
        self.octopus.authentication.change_user(name, **body)
        return {}

    def _books(self, dossier: int) -> Books:
        books = self.octopus.books(dossier)
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
        result = accountant.ACTIONS[action](self._books(dossier), self.octopus, **body)
        return {} if result is None else result


def _json(value: Any, status: int = 200) -> Response:
    return Response(json.dumps(value, sort_keys=True, ensure_ascii=False), status,
                    content_type="application/json")
