"""What goes wrong with a folder, on order, for whoever writes into it; other ways into a box have
faults of their own.

* ``read_only``: nothing can be made in it.
* ``full``: its disk has 16 kB left.
* ``gone``: it is not there.
* ``slow``, ``leaves``, ``off``: how the receiver reads it (see ``boxes``).
"""

from __future__ import annotations

import array
import fcntl
import os
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from ..kit.storage import Store

OF_THE_FOLDER = ("read_only", "full", "gone")
OF_THE_RECEIVER = ("slow", "leaves", "off")
# Linux: flags of a file, and the one that lets nobody change it, not even the administrator.
GET_FLAGS, SET_FLAGS, UNCHANGEABLE = 0x80086601, 0x40086602, 0x10
FOLDER = 0o755


class Way(Protocol):
    """What goes wrong on another way into a box. An order has ``way``, the name of that."""

    kinds: tuple[str, ...]

    def all(self) -> list[dict]:
        """What is ordered."""

    def add(self, box: int | None, kind: str, **values: Any) -> None:
        """From now on. Raises ``ValueError``."""

    def clear(self, box: int | None = None) -> None:
        """All is well again, or one box is."""


class Faults:
    """The orders of one sandbox, kept with its state; ``folder`` gives that of a box. ``ways``:
    name → the faults of another way."""

    kinds = (*OF_THE_FOLDER, *OF_THE_RECEIVER)

    def __init__(self, store: Store, folder: Callable[[int], Path]):
        self.store = store
        self.folder = folder
        self.ways: dict[str, Way] = {}

    def all(self) -> list[dict]:
        """What is ordered, of each way."""
        return [*self._orders(), *(order for way in self.ways.values() for order in way.all())]

    def _orders(self) -> list[dict]:
        return self.store.setting("faults", [])

    def of(self, box: int) -> set[str]:
        """What is wrong with the folder of a box."""
        return {order["kind"] for order in self._orders() if order["box"] == box}

    def add(self, box: int | None = None, kind: str = "", way: str = "", **values: Any) -> None:
        """From now on. ``way`` is "folder" or that of ``ways``, and needed only for a kind that
        several have: without it the folder comes first. Raises ``ValueError`` where this machine
        cannot do it."""
        kinds = {"folder": self.kinds, **{name: one.kinds for name, one in self.ways.items()}}
        way = way or next((name for name, known in kinds.items() if kind in known), "folder")
        if kind not in kinds.get(way, ()):
            known = [f"{name}: {', '.join(found)}" for name, found in kinds.items()]
            raise ValueError(f"kind is one of {'; '.join(known)}")
        if way in self.ways:
            self.ways[way].add(box, kind, **values)
        elif box is None or values:
            raise ValueError("a folder's fault has a box and a kind")
        else:
            self._add(box, kind)

    def _add(self, box: int, kind: str) -> None:
        if kind in self.of(box):
            return
        folder = self.folder(box)
        if kind in OF_THE_FOLDER:
            if self.of(box) & set(OF_THE_FOLDER):
                raise ValueError("this folder has a fault already")
            BREAK[kind](folder)
        self.store.keep("faults", [*self._orders(), {"box": box, "kind": kind}])

    def clear(self, box: int | None = None) -> None:
        """Everything works again, or one box does."""
        for order in self._orders():
            if box in (None, order["box"]) and order["kind"] in OF_THE_FOLDER:
                MEND[order["kind"]](self.folder(order["box"]))
        self.store.keep(
            "faults", [order for order in self._orders() if box not in (None, order["box"])]
        )
        for way in self.ways.values():
            way.clear(box)


def _make_read_only(folder: Path) -> None:
    folder.chmod(0o555)
    if _can_write(folder):  # the machine's administrator
        _set_unchangeable(folder, True)
    if _can_write(folder):
        _end_read_only(folder)
        raise ValueError("no folder of this machine can be read-only for the administrator")


def _end_read_only(folder: Path) -> None:
    _set_unchangeable(folder, False)
    folder.chmod(FOLDER)


def _can_write(folder: Path) -> bool:
    with suppress(OSError), tempfile.TemporaryFile(dir=folder):
        return True
    return False


def _set_unchangeable(folder: Path, wanted: bool) -> None:
    with suppress(OSError):  # no right to, or a file system without flags
        number = os.open(folder, os.O_RDONLY)
        try:
            flags = array.array("l", [0])
            fcntl.ioctl(number, GET_FLAGS, flags)
            flags[0] = flags[0] | UNCHANGEABLE if wanted else flags[0] & ~UNCHANGEABLE
            fcntl.ioctl(number, SET_FLAGS, flags)
        finally:
            os.close(number)


def _make_full(folder: Path) -> None:
    if _run("mount", "-t", "tmpfs", "-o", "size=16k,mode=755", "none", str(folder)):
        raise ValueError("only who may mount can make a folder full")


def _end_full(folder: Path) -> None:
    _run("umount", "-l", str(folder))


def _run(*command: str) -> int:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode
    except FileNotFoundError:
        return 1


def _take_away(folder: Path) -> None:
    folder.rename(_elsewhere(folder))


def _bring_back(folder: Path) -> None:
    if not folder.exists() and _elsewhere(folder).exists():
        _elsewhere(folder).rename(folder)


def _elsewhere(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.gone")


BREAK: dict[str, Callable[[Path], Any]] = {
    "read_only": _make_read_only,
    "full": _make_full,
    "gone": _take_away,
}
MEND: dict[str, Callable[[Path], Any]] = {
    "read_only": _end_read_only,
    "full": _end_full,
    "gone": _bring_back,
}
