"""What goes wrong with a folder, on order, for whoever hands files over.

* ``locked``: somebody else works in it, so that it cannot be opened.
* ``read_error``: its directory cannot be read.
* ``half``: of every file the first half is there.
* ``slow``: files are taken when they lie there for ``patience`` seconds.
* ``off``: nobody looks.
"""

from __future__ import annotations

from ..kit.storage import Store

KINDS = ("locked", "read_error", "half", "slow", "off")


class Faults:
    """The orders of one sandbox, kept with its state until they are ended."""

    kinds = KINDS

    def __init__(self, store: Store):
        self.store = store

    def all(self) -> list[dict]:
        """What is ordered."""
        return self.store.setting("faults", [])

    def of(self, folder: int) -> set[str]:
        """What is wrong with a folder."""
        return {order["kind"] for order in self.all() if order["folder"] == folder}

    def add(self, folder: int, kind: str) -> None:
        """From now on."""
        if kind not in self.kinds:
            raise ValueError(f"kind is one of {', '.join(self.kinds)}")
        if kind not in self.of(folder):
            self.store.keep("faults", [*self.all(), {"folder": folder, "kind": kind}])

    def clear(self, folder: int | None = None) -> None:
        """Everything works again, or one folder does."""
        left = [order for order in self.all() if folder not in (None, order["folder"])]
        self.store.keep("faults", left)
