"""What goes wrong with a mail, on order, for whoever sends it.

* ``greylist``: 450 the first time a sender writes to a recipient, taken the second time.
* ``too_large``: 552. ``unknown_sender``: 550. ``full``: 452.
* ``service_off``: 421, and the connection ends.
* ``lost_before_dot``: the connection ends in the place of 354, or after ``size`` bytes of the mail;
  nothing is kept.
* ``lost_after_dot``: the mail is kept, then the connection ends without an answer.
* ``bounce``: 250, then a report that it was not delivered (``words``: what the receiver says).
* ``slow``: every answer from RCPT on comes after ``seconds``, or that to the mail only (``at``
  "data"), which is kept by then.

An order is for a box or for all (``box`` left out), for the next ``count`` mails or until it is
cleared (0). ``at``: ``connect``, ``mail``, ``rcpt`` or ``data``, where the answer comes; those
before ``rcpt`` know no box.
"""

from __future__ import annotations

from typing import Any

from ..kit.storage import Store

ANSWERS = {
    "greylist": "450 4.7.1 <{recipient}>: Recipient address rejected: Greylisted",
    "too_large": "552 5.3.4 Message size exceeds fixed limit",
    "unknown_sender": "550 5.7.1 <{sender}>: Sender address rejected: not known here",
    "full": "452 4.2.2 <{recipient}>: Mailbox full",
    "service_off": "421 4.3.2 Service not available, closing transmission channel",
}
# Where an answer comes when the order does not say; at the mail, else.
AT = dict.fromkeys(("greylist", "unknown_sender", "full", "service_off", "slow"), "rcpt")
STAGES = ("connect", "mail", "rcpt", "data")
KINDS = (*ANSWERS, "lost_before_dot", "lost_after_dot", "bounce", "slow")
BOUNCE = (
    "550 5.1.1 <{recipient}>: Recipient address rejected: User unknown in virtual mailbox table"
)


class MailFaults:
    """The orders of one sandbox, oldest first, kept with its state."""

    kinds = KINDS

    def __init__(self, store: Store):
        self.store = store

    def all(self) -> list[dict[str, Any]]:
        """What is ordered and not used up."""
        return self.store.setting("mail_faults", [])

    def of(self, box: int) -> list[dict[str, Any]]:
        """What is ordered for a box, alone or with all others."""
        return [order for order in self.all() if order["box"] in (None, box)]

    def add(
        self,
        box: int | None,
        kind: str,
        count: int = 0,
        at: str = "",
        seconds: float = 0,
        size: int = 0,
        words: str = "",
    ) -> None:
        """From now on. Raises ``ValueError``."""
        if kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}")
        if float(seconds) < 0 or int(size) < 0 or int(count) < 0:
            raise ValueError("seconds, size and count are 0 or more")
        if kind == "slow" and not float(seconds):
            raise ValueError("slow wants seconds")
        if at and at not in STAGES:
            raise ValueError(f"at is one of {', '.join(STAGES)}")
        if not at:
            at = AT.get(kind, "data")
            if box is None and kind == "service_off":
                at = "connect"
        if at in ("connect", "mail") and box is not None:
            raise ValueError(f"at {at} nobody knows the box")
        order = {"box": box, "kind": kind, "way": "mail", "count": int(count)}
        order |= {"at": at, "seconds": float(seconds)}
        order |= {"size": int(size), "words": str(words)}
        self.store.keep("mail_faults", [*self.all(), order])

    def clear(self, box: int | None = None) -> None:
        """All is well again, or one box is; what was greylisted is forgotten."""
        left = [order for order in self.all() if box not in (None, order["box"])]
        self.store.keep("mail_faults", left)
        self.store.keep("greylisted", None)

    def take(self, kind: str, boxes: list[int | None]) -> dict[str, Any] | None:
        """The first order of a kind for one of these boxes, used up by one."""
        with self.store.transaction():
            for number, order in enumerate(self.all()):
                if order["kind"] == kind and (order["box"] is None or order["box"] in boxes):
                    self._use(number)
                    return order
        return None

    def answer(self, at: str, box: int | None, sender: str, recipient: str) -> str:
        """What is answered instead of the truth, "" when nothing is ordered."""
        with self.store.transaction():
            for number, order in enumerate(self.all()):
                kind = order["kind"]
                if kind not in ANSWERS or order["at"] != at or order["box"] not in (None, box):
                    continue
                if kind == "greylist" and not self._is_first(sender, recipient):
                    continue
                self._use(number)
                said = order["words"] or ANSWERS[kind]
                return said.replace("{sender}", sender).replace("{recipient}", recipient)
        return ""

    def seconds(self, box: int | None) -> float:
        """How long the answer to a recipient waits."""
        return max(
            (
                order["seconds"]
                for order in self.all()
                if order["kind"] == "slow" and order["at"] == "rcpt" and order["box"] in (None, box)
            ),
            default=0,
        )

    def _is_first(self, sender: str, recipient: str) -> bool:
        pairs = self.store.setting("greylisted", [])
        pair = [sender.lower(), recipient]
        if pair in pairs:
            return False
        self.store.keep("greylisted", [*pairs, pair])
        return True

    def _use(self, number: int) -> None:
        orders = [dict(order) for order in self.all()]
        if orders[number]["count"] == 1:
            del orders[number]
        elif orders[number]["count"]:
            orders[number]["count"] -= 1
        self.store.keep("mail_faults", orders)
