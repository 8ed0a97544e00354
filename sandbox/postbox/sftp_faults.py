"""What goes wrong with SFTP, on order, for whoever uploads.

Before anybody is known (an order is for all):

* ``off``: the connection breaks before its greeting.
* ``wrong_host_key``: another key than the server's own.
* ``refuse_password``, ``refuse_key``: nobody signs in that way.

In the folder of a box, or of all (``box`` left out):

* ``full``: of an upload ``size`` bytes can be written, then "No space left on device".
* ``no_permission``: it can be read, not changed.
* ``folder_gone``: it is not there.
* ``slow``: the answers to the begin of an upload and to RENAME come after ``seconds``.
* ``lost_during_upload``: the connection breaks after ``size`` bytes, which stay.
* ``lost_before_rename``: it breaks in the place of RENAME.
* ``lost_after_rename``: RENAME is done, then it breaks without an answer.

An order is for the next ``count`` times that it goes wrong, or until it is cleared (0);
``folder_gone`` is always until then.
"""

from __future__ import annotations

from typing import Any

from ..kit.storage import Store

BEFORE = ("off", "wrong_host_key", "refuse_password", "refuse_key")
IN_THE_FOLDER = (
    "full",
    "no_permission",
    "folder_gone",
    "slow",
    "lost_during_upload",
    "lost_before_rename",
    "lost_after_rename",
)
KINDS = (*BEFORE, *IN_THE_FOLDER)


class SftpFaults:
    """The orders of one sandbox, oldest first, kept with its state."""

    kinds = KINDS

    def __init__(self, store: Store):
        self.store = store

    def all(self) -> list[dict[str, Any]]:
        """What is ordered and not used up."""
        return self.store.setting("sftp_faults", [])

    def of(self, box: int) -> list[dict[str, Any]]:
        """What is ordered for a box, alone or with all others."""
        return [order for order in self.all() if order["box"] in (None, box)]

    def add(
        self, box: int | None, kind: str, count: int = 0, seconds: float = 0, size: int = 0
    ) -> None:
        """From now on. Raises ``ValueError``."""
        if kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}")
        if float(seconds) < 0 or int(size) < 0 or int(count) < 0:
            raise ValueError("seconds, size and count are 0 or more")
        if kind == "slow" and not float(seconds):
            raise ValueError("slow wants seconds")
        if kind == "folder_gone" and int(count):
            raise ValueError("a folder is gone until it is cleared")
        if kind in BEFORE and box is not None:
            raise ValueError(f"{kind}: nobody knows the box by then")
        order = {"box": box, "kind": kind, "way": "sftp", "count": int(count)}
        order |= {"seconds": float(seconds), "size": int(size)}
        self.store.keep("sftp_faults", [*self.all(), order])

    def clear(self, box: int | None = None) -> None:
        """All is well again, or one box is."""
        left = [order for order in self.all() if box not in (None, order["box"])]
        self.store.keep("sftp_faults", left)

    def is_ordered(self, kind: str, box: int | None = None) -> bool:
        """Whether it goes wrong now; nothing is used up."""
        return any(order["kind"] == kind for order in self.all() if order["box"] in (None, box))

    def take(self, kind: str, box: int | None = None) -> dict[str, Any] | None:
        """The first order of a kind, for all or for this box, used up by one."""
        with self.store.transaction():
            orders = [dict(order) for order in self.all()]
            for number, order in enumerate(orders):
                if order["kind"] != kind or order["box"] not in (None, box):
                    continue
                if order["count"] == 1:
                    del orders[number]
                elif order["count"]:
                    orders[number] = {**order, "count": order["count"] - 1}
                self.store.keep("sftp_faults", orders)
                return order
        return None
