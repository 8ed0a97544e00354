"""The control endpoint ``/sandbox/control``: JSON, loopback only, no authentication.

It reads the books, orders faults, changes app, users and consents, and does what people do in the
application. Routes and bodies stand in sandbox/README.md; ``GET /sandbox/control/`` lists them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from .. import control
from . import accountant, inspection
from .division import Division
from .errors import message
from .files import content_of
from .resource import BusinessError, Missing

READS: dict[str, Callable[[Division], Any]] = {
    "books": inspection.everything, "entries": inspection.entries,
    "trial-balance": inspection.trial_balance, "boxes": inspection.boxes_per_period,
    "open-items": inspection.open_items, "terms": inspection.terms,
    "attachments": inspection.attachments, "accounts": inspection.accounts,
    "vat-codes": inspection.vat_codes,
}
BASE = control.BASE
ROUTES = Map([
    *control.common_rules(),
    Rule(f"{BASE}/app", methods=["GET", "POST"], endpoint="app"),
    Rule(f"{BASE}/users/<name>", methods=["GET", "POST"], endpoint="user"),
    Rule(f"{BASE}/tokens/expire", methods=["POST"], endpoint="expire"),
    Rule(f"{BASE}/consents", methods=["GET"], endpoint="consents"),
    Rule(f"{BASE}/consents/revoke", methods=["POST"], endpoint="revoke"),
    Rule(f"{BASE}/webhooks", methods=["GET"], endpoint="webhooks"),
    Rule(f"{BASE}/divisions/<int:number>", methods=["GET", "POST"], endpoint="division"),
    Rule(f"{BASE}/divisions/<int:number>/<what>", methods=["GET"], endpoint="read"),
    Rule(f"{BASE}/divisions/<int:number>/attachments/<key>", methods=["GET"],
         endpoint="attachment"),
    Rule(f"{BASE}/divisions/<int:number>/<action>", methods=["POST"], endpoint="act"),
])


class Control(control.Control):
    """The control endpoint of one sandbox."""

    routes = ROUTES

    def refused(self, error: Exception) -> dict | None:
        """What the books refuse comes with the name of its message."""
        if isinstance(error, BusinessError):
            return {"error": message(error.name, "en", *error.details), "name": error.name}
        if isinstance(error, Missing):
            return {"error": f"does not exist: {error}"}
        return super().refused(error)

    def _index(self, _method: str, _body: dict) -> Any:
        return self.index(READS, accountant.ACTIONS)

    def _state(self, _method: str, _body: dict) -> Any:
        service = self.service
        return {"now": service.clock.now().isoformat(), "stamp": service.clock.stamp(),
                "switches": service.switches.all(), "faults": service.faults.all(),
                "app": service.identity.app,
                "users": {name: service.identity.shown(name)
                          for name in service.identity.users()},
                "consents": service.oauth.consents(), "divisions": sorted(service.divisions())}

    def _calls(self, method: str, _body: dict) -> Any:
        if method == "DELETE":
            self.service.limits.forget()
        owners: dict[str, dict[str, int]] = {}
        for row in self.service.store.rows(
                "SELECT owner, operation, SUM(number) total FROM call"
                " GROUP BY owner, operation ORDER BY owner, operation"):
            owners.setdefault(row["owner"], {})[row["operation"]] = row["total"]
        return {"total": self.service.limits.calls(), "owners": owners}

    def _clock(self, method: str, body: dict) -> Any:
        shown = super()._clock(method, body)
        self.service.webhooks.wake()
        return shown

    def _app(self, method: str, body: dict) -> Any:
        identity = self.service.identity
        return identity.change_app(**body) if method == "POST" else identity.app

    def _user(self, method: str, body: dict, name: str) -> Any:
        identity = self.service.identity
        return identity.change_user(name, **body) if method == "POST" else identity.shown(name)

    def _expire(self, _method: str, body: dict) -> Any:
        self.service.oauth.expire(**body)
        return {}

    def _consents(self, _method: str, _body: dict) -> Any:
        return self.service.oauth.consents()

    def _revoke(self, _method: str, body: dict) -> Any:
        return {"changed": self.service.oauth.revoke(**body)}

    def _webhooks(self, _method: str, _body: dict) -> Any:
        return self.service.webhooks.deliveries()

    def _division(self, method: str, body: dict, number: int) -> Any:
        division = self.service.division(number)
        if set(body) - {"licence"}:
            raise ValueError("a division has licence")
        if method == "POST" and "licence" in body:
            self.service.identity.change_licence(number, body["licence"])
        return {**division.info, "licence": self.service.identity.licence(number)}

    def _read(self, _method: str, _body: dict, number: int, what: str) -> Any:
        if what not in READS:
            raise ValueError(f"read one of {', '.join(sorted(READS))}")
        return READS[what](self.service.division(number))

    def _attachment(self, _method: str, _body: dict, number: int, key: str) -> Any:
        return Response(content_of(self.service.division(number), key), 200,
                        content_type="application/octet-stream")

    def _act(self, _method: str, body: dict, number: int, action: str) -> Any:
        return self.service.act(number, action, **body)
