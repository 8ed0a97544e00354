"""The boxes of one sandbox over its store: folders that are read, pages and the control endpoint.
There is nothing to call: who delivers writes into a folder, or sends a mail."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import Any

from werkzeug.wrappers import Request, Response

from ..kit.service import Service
from ..kit.storage import Store
from . import folders
from .accountant import ACTIONS
from .boxes import Box
from .control import Control
from .faults import OF_THE_RECEIVER, Faults
from .invoices import bare
from .pages import Pages
from .post_office import PostOffice
from .seed import add_box, seed
from .sftp_office import SftpOffice
from .switches import Switches


class Counted:
    """The files that were read, in the place of calls."""

    def __init__(self, store: Store):
        self.store = store

    def calls(self) -> dict[str, int]:
        """How many were taken and refused."""
        return {
            name: self.store.row(f"SELECT COUNT(*) number FROM {name}")["number"]
            for name in ("received", "refused")
        }

    def forget(self) -> None:
        """The books are what counts them."""


class Postbox(Service):
    """One sandbox; ``root`` is where its folders lie, ``mail_server`` and ``sftp_server``
    (host:port) listen beside it."""

    package = "postbox"
    actions = ACTIONS

    def __init__(self, store: Store, root: Path):
        super().__init__(store)
        self.mail_server = ""
        self.sftp_server = ""
        self.root = root
        self.switches = Switches(store)
        self.limits = Counted(store)
        self.faults = Faults(store, lambda number: self.box(number).folder)
        self.office = PostOffice(store, self.clock, self.switches, self.boxes, self.box)
        self.faults.ways["mail"] = self.office.faults
        self.sftp = SftpOffice(store, self.clock, self.switches, self.boxes)
        self.faults.ways["sftp"] = self.sftp.faults
        self.control = Control(self)
        self.pages = Pages(self)
        self.start()
        self.make_folders()

    def fill(self) -> None:
        """A company with a box at each receiver, and another one."""
        seed(self.store)

    def reset(self) -> None:
        """From the start, with folders that work."""
        if self.store.setting("seeded"):
            self.faults.clear()
        super().reset()
        self.sftp.keep_keys()
        self.make_folders()

    def make_folders(self) -> None:
        """Those that are not there yet; one that was taken away stays so."""
        for box in self.boxes():
            if "gone" not in self.faults.of(box.number):
                box.folder.mkdir(parents=True, exist_ok=True)

    def boxes(self) -> list[Box]:
        """All of them."""
        rows = self.store.rows("SELECT id FROM administration ORDER BY id")
        return [self.box(row["id"]) for row in rows]

    def box(self, number: int) -> Box:
        """One; raises ``ValueError`` when there is none."""
        row = self.store.row("SELECT * FROM administration WHERE id = ?", number)
        if row is None:
            raise ValueError(f"there is no box {number}")
        data = json.loads(row["data"])
        paces = {
            order["kind"]
            for order in self.store.setting("faults", [])
            if order["box"] == number and order["kind"] in OF_THE_RECEIVER
        }
        return Box(
            store=self.store,
            clock=self.clock,
            number=number,
            name=row["name"],
            folder=self.root / data["folder"],
            receiver_key=data["receiver"],
            vat=data["vat"],
            pace=next(iter(sorted(paces)), "at_once"),
        )

    administration = box

    def add(self, number: int, name: str, folder: str, receiver: str, vat: str) -> Box:
        """One more box."""
        if PurePath(folder).name != folder or folder.startswith("."):
            raise ValueError("a folder below that of the sandbox")
        with self.store.transaction():
            if self.store.row("SELECT 1 FROM administration WHERE id = ?", number):
                raise ValueError(f"there is a box {number} already")
            add_box(self.store, number, name, folder, receiver, bare(vat))
        self.make_folders()
        return self.box(number)

    def receive(self) -> int:
        """One look at every folder; gives how many files were taken or refused."""
        patience = float(self.switches["patience"])
        return sum(folders.read_box(box, patience) for box in self.boxes())

    def do(self, action: Callable[..., Any], number: int, values: dict[str, Any]) -> Any:
        """Actions take the box."""
        return action(self.box(number), **values)

    def let_in(self, request: Request) -> None:
        """Nobody calls."""

    def work_late(self, request: Request, caller: Any) -> None:
        """Nobody calls."""

    def respond(self, request: Request) -> Response:
        """The control endpoint or a page."""
        if request.path.startswith("/sandbox/"):
            return self.control.respond(request)
        return self.pages.respond(request)
