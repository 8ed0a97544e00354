"""The control endpoint ``/sandbox/control`` of any sandbox: JSON, loopback only, no login.

A package's own control names its routes and adds a method per endpoint of them; clock, switches,
faults, calls, reset, reading the books and what people do are the same everywhere.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

BASE = "/sandbox/control"


def common_rules() -> list[Rule]:
    """The routes that every package's control has."""
    return [
        Rule(f"{BASE}/", methods=["GET"], endpoint="index"),
        Rule(f"{BASE}/state", methods=["GET"], endpoint="state"),
        Rule(f"{BASE}/calls", methods=["GET", "DELETE"], endpoint="calls"),
        Rule(f"{BASE}/faults", methods=["GET", "POST", "DELETE"], endpoint="faults"),
        Rule(f"{BASE}/switches", methods=["GET", "POST"], endpoint="switches"),
        Rule(f"{BASE}/clock", methods=["GET", "POST"], endpoint="clock"),
        Rule(f"{BASE}/reset", methods=["POST"], endpoint="reset"),
    ]


class Control:
    """The control endpoint of one sandbox, whose ``service`` (a ``Service``) has switches, faults
    and limits. ``reads``: name → what is read of an administration's books."""

    routes: Map
    reads: Mapping[str, Callable[[Any], Any]]

    def __init__(self, service: Any):
        self.service = service

    def respond(self, request: Request) -> Response:
        """Answer a call; 404 from anywhere but this machine."""
        if not ipaddress.ip_address(request.remote_addr or "0.0.0.0").is_loopback:
            return Response("Not found", 404)
        try:
            endpoint, values = self.routes.bind_to_environ(request.environ).match()
            body = json.loads(request.get_data() or b"{}")
            if body is None:
                body = {}
            if not isinstance(body, dict):
                raise ValueError("the body is no JSON object")
            with self.service.store.transaction():
                result = getattr(self, f"_{endpoint}")(request.method, body, **values)
        except HTTPException as error:
            return as_json({"error": f"{error.code} {error.name}"}, error.code or 404)
        except Exception as error:
            refused = self.refused(error)
            if refused is None:
                raise
            return as_json(refused, 400)
        return result if isinstance(result, Response) else as_json(result)

    def refused(self, error: Exception) -> dict | None:
        """What the caller did wrong, as JSON; None when the error is ours."""
        if isinstance(error, (LookupError, TypeError, ValueError, ArithmeticError)):
            return {"error": f"{type(error).__name__}: {error}"}
        return None

    def state(self) -> dict:
        """What every sandbox tells of its state; a package adds its own."""
        service = self.service
        return {
            "now": service.clock.now().isoformat(),
            "stamp": service.clock.stamp(),
            "switches": service.switches.all(),
            "faults": service.faults.all(),
            "late": [{"call": kept["call"], "due": kept["due"]} for kept in service.late.all()],
        }

    def _index(self, _method: str, _body: dict) -> Any:
        return {
            "routes": sorted(
                f"{' '.join(sorted(rule.methods - {'HEAD', 'OPTIONS'}))} {rule}"
                for rule in self.routes.iter_rules()
            ),
            "reads": sorted(self.reads),
            "actions": sorted(self.service.actions),
        }

    def _calls(self, method: str, _body: dict) -> Any:
        if method == "DELETE":
            self.service.limits.forget()
        owners: dict[str, dict[str, int]] = {}
        for row in self.service.store.rows(
            "SELECT owner, operation, SUM(number) total FROM call"
            " GROUP BY owner, operation ORDER BY owner, operation"
        ):
            owners.setdefault(row["owner"], {})[row["operation"]] = row["total"]
        return {"total": self.service.limits.calls(), "owners": owners}

    def _read(self, _method: str, _body: dict, number: int, what: str) -> Any:
        if what not in self.reads:
            raise ValueError(f"read one of {', '.join(sorted(self.reads))}")
        return self.reads[what](self.service.administration(number))

    def _act(self, _method: str, body: dict, number: int, action: str) -> Any:
        return self.service.act(number, action, **body)

    def _faults(self, method: str, body: dict) -> Any:
        if method == "DELETE":
            self.service.faults.clear()
        elif method == "POST":
            self.service.faults.add(**body)
        return self.service.faults.all()

    def _switches(self, method: str, body: dict) -> Any:
        if method == "POST":
            self.service.switches.set(body)
        return self.service.switches.all()

    def _clock(self, method: str, body: dict) -> Any:
        clock = self.service.clock
        if method == "POST":
            if body.get("real"):
                clock.reset()
            if "now" in body:
                clock.set(dt.datetime.fromisoformat(body["now"]))
            clock.advance(float(body.get("advance", 0)))
        return {"now": clock.now().isoformat(), "stamp": clock.stamp()}

    def _reset(self, _method: str, _body: dict) -> Any:
        self.service.reset()
        return {}


def as_json(value: Any, status: int = 200) -> Response:
    """An answer of the control endpoint."""
    return Response(
        json.dumps(value, sort_keys=True, ensure_ascii=False),
        status,
        content_type="application/json",
    )


def as_file(content: bytes) -> Response:
    """The content of a file as an answer of the control endpoint."""
    return Response(content, 200, content_type="application/octet-stream")
