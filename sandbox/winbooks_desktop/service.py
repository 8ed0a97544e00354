"""The folders of one sandbox over its store: imports, pages and the control endpoint. There is
nothing to call: who hands files over hears nothing, a person imports them."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from werkzeug.wrappers import Request, Response

from ..kit.service import Service
from ..kit.storage import Store
from . import receiving
from .accountant import ACTIONS, Accountant
from .control import Control
from .faults import Faults
from .folder import Folder
from .imports import Imports
from .pages import Pages
from .seed import seed
from .switches import Switches


class NoLimits:
    """Nobody calls, so nothing is counted."""

    def calls(self) -> dict[str, int]:
        """None."""
        return {}

    def forget(self) -> None:
        """Nothing."""


class WinBooks(Service):
    """The sandbox. ``root``: below it each folder has a directory that files are put in."""

    package = "winbooks_desktop"
    actions = ACTIONS

    def __init__(self, store: Store, root: Path):
        super().__init__(store)
        self.root = root
        self.switches = Switches(store)
        self.faults = Faults(store)
        self.limits = NoLimits()
        self.imports = Imports(
            store,
            self.clock,
            self.switches,
            self.administration,
            lambda number: "locked" in self.faults.of(number),
        )
        self.control = Control(self)
        self.pages = Pages(self)
        self.start()
        self.make_directories()

    def fill(self) -> None:
        """Two companies' folders."""
        seed(self.store)

    def reset(self) -> None:
        """From the start."""
        super().reset()
        self.make_directories()

    def make_directories(self) -> None:
        """Those that are not there yet."""
        for number in self.numbers():
            self.directory(number).mkdir(parents=True, exist_ok=True)

    def numbers(self) -> list[int]:
        """The numbers of the folders."""
        return [row["id"] for row in self.store.rows("SELECT id FROM administration ORDER BY id")]

    def administration(self, number: int) -> Folder:
        """The books of a folder; raises ``UnknownFolder``."""
        return Folder(self.store, number)

    def directory(self, number: int) -> Path:
        """Where the files for a folder are put."""
        row = self.store.row("SELECT data FROM administration WHERE id = ?", number)
        return self.root / json.loads(row["data"])["directory"]

    def folders(self) -> list[dict[str, Any]]:
        """The folders themselves."""
        found = [self.administration(number) for number in self.numbers()]
        return [
            {
                "number": folder.administration,
                "name": folder.name,
                "directory_path": str(self.directory(folder.administration)),
                **folder.data,
            }
            for folder in found
        ]

    def waiting(self, number: int) -> list[dict[str, Any]]:
        """What lies below the directory of a folder."""
        rows = self.store.rows("SELECT source FROM import WHERE administration = ?", number)
        sources = {row["source"] for row in rows}
        return [
            {"name": path.name, "tested": path.name in sources}
            for path in receiving.waiting(self.directory(number))
        ]

    def receive(self, answers: Mapping[str, int] | None = None) -> dict[str, list[dict]]:
        """Import what is new for every folder: number → what was done."""
        patience = float(self.switches["patience"])
        return {
            str(number): receiving.receive(
                self.imports,
                self.administration(number),
                self.directory(number),
                self.faults.of(number),
                patience,
                answers,
            )
            for number in self.numbers()
        }

    def accountant(self, number: int) -> Accountant:
        """A person at work in a folder."""
        return Accountant(
            self.administration(number),
            self.imports,
            self.directory(number),
            self.faults.of(number),
        )

    def do(self, action: Callable[..., Any], number: int, values: dict[str, Any]) -> Any:
        """Actions take the accountant; keys name documents."""
        with self.store.transaction():
            accountant = self.accountant(number)
            key = values.pop("key", None)
            if key is not None:
                values |= accountant.named(key)
            named = ("invoices", "invoice", "credit", "document", "other")
            for name in set(named) & set(values):
                values[name] = accountant.named(values[name])
            if "book_year" in values and "book_year" in inspect.signature(action).parameters:
                values["book_year"] = accountant.books.year_named(values["book_year"])["number"]
            return accountant.told(action(accountant, **values))

    def let_in(self, request: Request) -> None:
        """Nobody calls."""

    def work_late(self, request: Request, caller: Any) -> None:
        """Nobody calls."""

    def respond(self, request: Request) -> Response:
        """The control endpoint or a page."""
        if request.path.startswith("/sandbox/"):
            return self.control.respond(request)
        return self.pages.respond(request)
