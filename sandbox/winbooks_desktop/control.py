"""The control endpoint ``/sandbox/control``: the books of a folder, faults, what people do."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import Map, Rule

from ..kit import control
from . import inspection

BASE = control.BASE
ROUTES = Map(
    [
        *control.common_rules(),
        Rule(f"{BASE}/receive", methods=["POST"], endpoint="receive"),
        Rule(f"{BASE}/folders/<int:number>/faults", methods=["DELETE"], endpoint="mend"),
        Rule(
            f"{BASE}/folders/<int:number>/attachments/<int:file>", methods=["GET"], endpoint="file"
        ),
        Rule(f"{BASE}/folders/<int:number>/<what>", methods=["GET"], endpoint="read"),
        Rule(f"{BASE}/folders/<int:number>/<action>", methods=["POST"], endpoint="act"),
    ]
)


class Control(control.Control):
    """The control endpoint of one sandbox."""

    routes = ROUTES
    reads = inspection.READS

    def _state(self, _method: str, _body: dict) -> Any:
        return {**self.state(), "folders": self.service.folders(), "root": str(self.service.root)}

    def _receive(self, _method: str, body: dict) -> Any:
        return self.service.receive(**body)

    def _mend(self, _method: str, _body: dict, number: int) -> Any:
        self.service.faults.clear(number)
        return self.service.faults.all()

    def _read(self, _method: str, _body: dict, number: int, what: str) -> Any:
        if what == "waiting":
            return self.service.waiting(number)
        return super()._read(_method, _body, number, what)

    def _file(self, _method: str, _body: dict, number: int, file: int) -> Any:
        found = self.service.administration(number).attachment(file)
        if found is None:
            raise ValueError(f"there is no file {file}")
        return control.as_file(found["content"])
