"""What goes wrong with a folder, on order, for whoever writes into it.

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
from typing import Any

from ..kit.storage import Store

OF_THE_FOLDER = ("read_only", "full", "gone")
OF_THE_RECEIVER = ("slow", "leaves", "off")
# Linux: flags of a file, and the one that lets nobody change it, not even the administrator.
GET_FLAGS, SET_FLAGS, UNCHANGEABLE = 0x80086601, 0x40086602, 0x10
FOLDER = 0o755


class Faults:
    """The orders of one sandbox, kept with its state; ``folder`` gives that of a box."""

    kinds = (*OF_THE_FOLDER, *OF_THE_RECEIVER)

    def __init__(self, store: Store, folder: Callable[[int], Path]):
        self.store = store
        self.folder = folder

    def all(self) -> list[dict]:
        """What is ordered."""
        return self.store.setting("faults", [])

    def of(self, box: int) -> set[str]:
        """What is wrong with a box."""
        return {order["kind"] for order in self.all() if order["box"] == box}

    def add(self, box: int, kind: str) -> None:
        """From now on. Raises ``ValueError`` where this machine cannot do it."""
        if kind not in self.kinds:
            raise ValueError(f"kind is one of {', '.join(self.kinds)}")
        if kind in self.of(box):
            return
        folder = self.folder(box)
        if kind in OF_THE_FOLDER:
            if self.of(box) & set(OF_THE_FOLDER):
                raise ValueError("this folder has a fault already")
            BREAK[kind](folder)
        self.store.keep("faults", [*self.all(), {"box": box, "kind": kind}])

    def clear(self, box: int | None = None) -> None:
        """Everything works again, or one box does."""
        for order in self.all():
            if box in (None, order["box"]) and order["kind"] in OF_THE_FOLDER:
                MEND[order["kind"]](self.folder(order["box"]))
        self.store.keep(
            "faults", [order for order in self.all() if box not in (None, order["box"])]
        )


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
