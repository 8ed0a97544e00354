"""The control endpoint ``/sandbox/control``: what a box received, faults, what a person does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Map, Rule

from ..kit import control
from . import inspection
from .boxes import Box

READS: dict[str, Callable[[Box], Any]] = {
    "books": inspection.everything,
    "received": inspection.received,
    "refused": inspection.refused,
    "totals": inspection.totals,
    "waiting": inspection.waiting,
}
BASE = control.BASE
ROUTES = Map(
    [
        *control.common_rules(),
        Rule(f"{BASE}/boxes", methods=["POST"], endpoint="add"),
        Rule(f"{BASE}/boxes/<int:number>/faults", methods=["DELETE"], endpoint="mend"),
        Rule(f"{BASE}/boxes/<int:number>/files/<int:file>", methods=["GET"], endpoint="file"),
        Rule(f"{BASE}/mails", methods=["GET"], endpoint="mails"),
        Rule(f"{BASE}/mails/<int:mail>", methods=["GET"], endpoint="mail"),
        Rule(f"{BASE}/bounces", methods=["GET"], endpoint="bounces"),
        Rule(f"{BASE}/bounces/<int:bounce>", methods=["GET"], endpoint="bounce"),
        Rule(f"{BASE}/sftp_log", methods=["GET", "DELETE"], endpoint="sftp_log"),
        Rule(f"{BASE}/boxes/<int:number>/sftp_log", methods=["GET"], endpoint="sftp_log"),
        Rule(f"{BASE}/boxes/<int:number>/mails", methods=["GET"], endpoint="mails"),
        Rule(f"{BASE}/boxes/<int:number>/bounces", methods=["GET"], endpoint="bounces"),
        Rule(f"{BASE}/boxes/<int:number>/<what>", methods=["GET"], endpoint="read"),
        Rule(f"{BASE}/boxes/<int:number>/<action>", methods=["POST"], endpoint="act"),
    ]
)


class Control(control.Control):
    """The control endpoint of one sandbox."""

    routes = ROUTES
    reads = READS

    def _state(self, _method: str, _body: dict) -> Any:
        boxes = [inspection.described(box) for box in self.service.boxes()]
        places = {"root": str(self.service.root), "mail_server": self.service.mail_server}
        return {**self.state(), **places, **self._sftp(), "boxes": boxes}

    def _sftp(self) -> dict[str, Any]:
        """How the first company signs in, and all users with their passwords."""
        office = self.service.sftp
        users = office.users()
        return {
            "sftp_server": self.service.sftp_server,
            "sftp_user": users[0].name,
            "sftp_password": users[0].password,
            "sftp_key": office.key_text(users[0].name),
            "sftp_host_key": office.host_key,
            "sftp_users": {user.name: user.password for user in users},
        }

    def _sftp_log(self, method: str, _body: dict, number: int | None = None) -> Any:
        if method == "DELETE":
            self.service.sftp.forget()
        return self.service.sftp.log(number)

    def _add(self, _method: str, body: dict) -> Any:
        return inspection.described(self.service.add(**body))

    def _mend(self, _method: str, _body: dict, number: int) -> Any:
        self.service.faults.clear(number)
        return self.service.faults.all()

    def _mails(self, _method: str, _body: dict, number: int | None = None) -> Any:
        return self.service.office.mails(number)

    def _mail(self, _method: str, _body: dict, mail: int) -> Any:
        return control.as_file(self.service.office.mail(mail))

    def _bounces(self, _method: str, _body: dict, number: int | None = None) -> Any:
        return self.service.office.bounces(number)

    def _bounce(self, _method: str, _body: dict, bounce: int) -> Any:
        return control.as_file(self.service.office.bounce(bounce))

    def _file(self, _method: str, _body: dict, number: int, file: int) -> Any:
        found = self.service.administration(number).content(file)
        if found is None:
            raise ValueError(f"there is no document {file}")
        return control.as_file(found[1])
