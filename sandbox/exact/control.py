"""The control endpoint ``/sandbox/control``: JSON, loopback only, no authentication.

It reads the books, orders faults, changes app, users and consents, and does what people do in the
application. Routes and bodies stand in sandbox/README.md; ``GET /sandbox/control/`` lists them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Map, Rule

from ..kit import control
from . import inspection
from .division import Division
from .errors import message
from .files import content_of
from .resource import BusinessError, Missing

READS: dict[str, Callable[[Division], Any]] = {
    "books": inspection.everything,
    "entries": inspection.entries,
    "trial-balance": inspection.trial_balance,
    "boxes": inspection.boxes_per_period,
    "open-items": inspection.open_items,
    "terms": inspection.terms,
    "attachments": inspection.attachments,
    "accounts": inspection.accounts,
    "vat-codes": inspection.vat_codes,
}
BASE = control.BASE
ROUTES = Map(
    [
        *control.common_rules(),
        Rule(f"{BASE}/app", methods=["GET", "POST"], endpoint="app"),
        Rule(f"{BASE}/users/<name>", methods=["GET", "POST"], endpoint="user"),
        Rule(f"{BASE}/tokens/expire", methods=["POST"], endpoint="expire"),
        Rule(f"{BASE}/consents", methods=["GET"], endpoint="consents"),
        Rule(f"{BASE}/consents/revoke", methods=["POST"], endpoint="revoke"),
        Rule(f"{BASE}/webhooks", methods=["GET"], endpoint="webhooks"),
        Rule(f"{BASE}/divisions/<int:number>", methods=["GET", "POST"], endpoint="division"),
        Rule(f"{BASE}/divisions/<int:number>/<what>", methods=["GET"], endpoint="read"),
        Rule(
            f"{BASE}/divisions/<int:number>/attachments/<key>",
            methods=["GET"],
            endpoint="attachment",
        ),
        Rule(f"{BASE}/divisions/<int:number>/<action>", methods=["POST"], endpoint="act"),
    ]
)


class Control(control.Control):
    """The control endpoint of one sandbox."""

    routes = ROUTES
    reads = READS

    def refused(self, error: Exception) -> dict | None:
        """What the books refuse comes with the name of its message."""
        if isinstance(error, BusinessError):
            return {"error": message(error.name, "en", *error.details), "name": error.name}
        if isinstance(error, Missing):
            return {"error": f"does not exist: {error}"}
        return super().refused(error)

    def _state(self, _method: str, _body: dict) -> Any:
        service = self.service
        return {
            **self.state(),
            "app": service.identity.app,
            "users": {name: service.identity.shown(name) for name in service.identity.users()},
            "consents": service.oauth.consents(),
            "divisions": sorted(service.divisions()),
        }

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

    def _attachment(self, _method: str, _body: dict, number: int, key: str) -> Any:
        return control.as_file(content_of(self.service.division(number), key))
