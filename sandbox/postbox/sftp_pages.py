"""The page of SFTP of a box: how one gets to its folder, what happened, and what is to go wrong."""

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

KINDS = {
    "off": "Nobody answers",
    "wrong_host_key": "Another host key",
    "refuse_password": "Refuses passwords",
    "refuse_key": "Refuses keys",
    "full": "Disk full",
    "no_permission": "No permission",
    "folder_gone": "Folder gone",
    "slow": "Slow",
    "lost_during_upload": "Lost during an upload",
    "lost_before_rename": "Lost before the rename",
    "lost_after_rename": "Lost after the rename",
}
HAPPENED = {
    "session": "Signed in",
    "refused": "Sign-in refused",
    "upload": "Uploaded",
    "rename": "Renamed",
    "lost": "Connection lost",
}
COLUMNS = ("~When", "~User", "~What", "File", "#Size")
LASTING = ("folder_gone",)


def rules(place: str) -> list[Rule]:
    """The routes below a box."""
    return [
        Rule(f"{place}/sftp", endpoint="sftp", methods=["GET"]),
        Rule(f"{place}/sftp", endpoint="sftp_order", methods=["POST"]),
    ]


class SftpPages:
    """What the pages of a postbox do with SFTP; mixed into them."""

    service: Any
    tabs: Any

    def _sftp(self, _request: Request, number: int, wrong: str = "") -> Response:
        name, box = self.administration(number)
        office = self.service.sftp
        return self._html(
            "sftp.html",
            400 if wrong else 200,
            title=f"{name} · box {number}",
            back="All boxes",
            tabs=self.tabs,
            base=f"/boxes/{number}/",
            here="sftp",
            wrong=wrong,
            access=self._access(box),
            kinds=KINDS.items(),
            orders=[_order(one) for one in office.faults.of(number)],
            columns=COLUMNS,
            rows=[_row(one) for one in reversed(self._happened(box))][:PER_PAGE],
        )

    def _access(self, box: Box) -> list[tuple[str, str]]:
        """What a person types, and what is compared."""
        office = self.service.sftp
        user = next(user for user in office.users() if box.folder.name in user.boxes)
        host, _colon, port = self.service.sftp_server.rpartition(":")
        return [
            ("Host", host),
            ("Port", port),
            ("User", user.name),
            ("Password", user.password),
            ("Host key", office.fingerprint),
            ("Folder", f"/{box.folder.name}"),
        ]

    def _happened(self, box: Box) -> list[dict[str, Any]]:
        """In the folder of a box, and at the door."""
        user = self._access(box)[2][1]
        known = [one.name for one in self.service.sftp.users()]
        return [
            row
            for row in self.service.sftp.log()
            if row["box"] == box.number
            or (row["box"] is None and (row["user"] == user or row["user"] not in known))
        ]

    def _sftp_order(self, request: Request, number: int) -> Response:
        """Do what a form of the page asks for."""
        origin = request.headers.get("Origin")
        if origin and urlsplit(origin).netloc != request.host:
            raise Forbidden
        self.administration(number)
        asked, faults = request.form, self.service.sftp.faults
        try:
            with self.service.store.transaction():
                if kind := asked.get("kind", ""):
                    faults.add(
                        None if kind in BEFORE else number,
                        kind,
                        count=0 if kind in LASTING else int(asked.get("count") or 0),
                        seconds=float(asked.get("seconds") or 0) if kind == "slow" else 0,
                        size=int(asked.get("size") or 0),
                    )
                elif asked.get("do") == "clear":
                    faults.clear()
        except ValueError as error:
            return self._sftp(request, number, str(error))
        return redirect(f"/boxes/{number}/sftp", 303)


def _row(row: dict[str, Any]) -> list[Any]:
    what = HAPPENED[row["what"]] + (f" (by {row['by']})" if "by" in row else "")
    names = [row.get("path", ""), f"→ {row['name']}" if "name" in row else ""]
    bytes_ = size(row["size"]) if "size" in row else ""
    return [row["moment"][:19], row["user"], what, lines(names), bytes_]


def _order(order: dict[str, Any]) -> str:
    often = f"the next {order['count']} times" if order["count"] else "until it is ended"
    after = f" after {order['size']} bytes" if order["size"] else ""
    whose = "" if order["box"] else ", for everybody"
    return f"{KINDS[order['kind']]}{after}: {often}{whose}"
