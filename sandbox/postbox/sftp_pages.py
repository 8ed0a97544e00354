"""The page of SFTP of a box: how to get in, what was done there, and what is to go wrong."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from werkzeug.exceptions import Forbidden
from werkzeug.routing import Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from ..kit.pages import PER_PAGE
from ..kit.templating import lines, size
from .boxes import Box
from .sftp_faults import BEFORE
from .sftp_office import User

KINDS = {
    "wrong_host_key": "Another host key",
    "refuse_password": "Password refused",
    "refuse_key": "Key refused",
    "no_permission": "No permission",
    "folder_gone": "Folder gone",
    "full": "Disk full",
    "slow": "Slow",
    "lost_during_upload": "Lost during upload",
    "lost_before_rename": "Lost before the rename",
    "lost_after_rename": "Lost after the rename",
    "off": "Server off",
}
WHAT = {
    "session": "Signed in",
    "refused": "Not let in",
    "upload": "Uploaded",
    "rename": "Renamed",
    "lost": "Connection lost",
}
COLUMNS = ("~When", "User", "What", "Name", "#Size")


def rules(place: str) -> list[Rule]:
    """The routes below a box."""
    return [
        Rule(f"{place}/sftp", endpoint="sftp", methods=["GET"]),
        Rule(f"{place}/sftp", endpoint="sftp_order", methods=["POST"]),
    ]


class SftpPages:
    """What the pages of a postbox show of SFTP; mixed into them."""

    service: Any
    tabs: Any

    def _sftp(self, _request: Request, number: int, wrong: str = "") -> Response:
        name, box = self.administration(number)
        office = self.service.sftp
        user = _user(office.users(), box)
        done = [
            row
            for row in office.log()
            if row["box"] == number or (row["box"] is None and row["user"] == user.name)
        ]
        return self._html(
            "sftp.html",
            400 if wrong else 200,
            title=f"{name} · box {number}",
            back="All boxes",
            tabs=self.tabs,
            base=f"/boxes/{number}/",
            here="sftp",
            wrong=wrong,
            facts=[
                ("Server", self.service.sftp_server),
                ("Host key", office.fingerprint),
                ("User", user.name),
                ("Password", user.password),
                ("Folder", box.folder.name),
            ],
            key=office.key_text(user.name),
            kinds=KINDS.items(),
            orders=[_order(one) for one in office.faults.of(number)],
            columns=COLUMNS,
            rows=[_row(one) for one in reversed(done[-PER_PAGE:])],
        )

    def _sftp_order(self, request: Request, number: int) -> Response:
        """Do what a form of the page asks for."""
        origin = request.headers.get("Origin")
        if origin and urlsplit(origin).netloc != request.host:
            raise Forbidden
        self.administration(number)
        asked, faults = request.form, self.service.sftp.faults
        try:
            with self.service.store.transaction():
                if asked.get("kind"):
                    kind = asked["kind"]
                    faults.add(
                        None if kind in BEFORE else number,
                        kind,
                        count=0 if kind == "folder_gone" else int(asked.get("count") or 0),
                        seconds=float(asked.get("seconds") or 0) if kind == "slow" else 0,
                    )
                elif asked.get("do") == "clear":
                    faults.clear()
        except ValueError as error:
            return self._sftp(request, number, str(error))
        return redirect(f"/boxes/{number}/sftp", 303)


def _user(users: list[User], box: Box) -> User:
    """Who sees the folder of a box."""
    return next(user for user in users if box.folder.name in user.boxes)


def _row(one: dict[str, Any]) -> list[Any]:
    what = WHAT.get(one["what"], one["what"])
    if one.get("by"):
        what = f"{what}, by {one['by']}"
    names = lines([one.get("path", ""), one.get("name", "")])
    shown = size(one["size"]) if "size" in one else ""
    return [one["moment"][:16], one["user"], what, names, shown]


def _order(order: dict[str, Any]) -> str:
    often = f"the next {order['count']} times" if order["count"] else "until it is ended"
    whose = "" if order["box"] else ", of all boxes"
    return f"{KINDS[order['kind']]}: {often}{whose}"
