"""Misbehaviour on order: what the next calls get instead of, or after, their work.

Kinds of every package: ``after`` does the work, then drops the connection without an answer;
``before`` drops it without doing anything; ``status`` answers a status code; ``html``, ``garbage``,
``empty`` and ``huge`` (10 MB) answer something that is not the documented JSON, without doing the
work; ``delay`` waits and then behaves. ``seconds`` makes any kind wait first; with ``work`` the
false answers come after the work was done. ``late`` drops the connection at once and does the work
when the sandbox's clock has passed ``seconds`` (1 to 900), see ``late``; nobody waits for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any, TypeVar

from werkzeug.wrappers import Request

from .late import LONGEST, SHORTEST, Late
from .serving import ConnectionDropped
from .storage import Store

KINDS = ("after", "before", "status", "html", "garbage", "empty", "huge", "delay", "late")
HUGE = 10 * 1024 * 1024
PAGE = (
    b"<!DOCTYPE html><html><head><title>503</title></head><body>Service unavailable</body></html>"
)
T = TypeVar("T")


class Faults:
    """The orders of one sandbox, oldest first. A package names its calls under ``named``."""

    named = "operation"
    kinds: tuple[str, ...] = KINDS

    def __init__(self, store: Store, late: Late):
        self.store = store
        self.late = late

    def all(self) -> list[dict]:
        """Orders not used up."""
        return self.store.setting("faults", [])

    def order(
        self,
        pattern: str,
        kind: str,
        count: int = 1,
        skip: int = 0,
        status: int = 503,
        seconds: float = 0,
        work: bool = False,
        **more: Any,
    ) -> None:
        """Order a fault for the next ``count`` calls that match, after ``skip`` good ones."""
        if kind not in self.kinds:
            raise ValueError(f"kind is one of {', '.join(self.kinds)}")
        if float(seconds) < 0:
            raise ValueError("seconds are 0 or more")
        if kind == "late" and not SHORTEST <= float(seconds) <= LONGEST:
            raise ValueError(f"late wants {SHORTEST} to {LONGEST} seconds")
        self.store.keep(
            "faults",
            [
                *self.all(),
                {
                    self.named: pattern,
                    "kind": kind,
                    "count": int(count),
                    "skip": int(skip),
                    "status": int(status),
                    "seconds": float(seconds),
                    "work": bool(work),
                    **more,
                },
            ],
        )

    def add(self, pattern: str, kind: str, **values: Any) -> None:
        """Order a fault as the control endpoint takes it; a package may have other words."""
        self.order(pattern, kind, **values)

    def clear(self) -> None:
        """Behave again."""
        self.store.keep("faults", [])

    def take(self, call: str) -> dict | None:
        """The fault this call gets, which is then used up by one."""
        if not self.all():
            return None
        with self.store.transaction():
            orders = [dict(order) for order in self.all()]
            for order in orders:
                if not fnmatchcase(call, order[self.named]):
                    continue
                taken = order["skip"] <= 0
                order["count" if taken else "skip"] -= 1
                self.store.keep("faults", [left for left in orders if left["count"] > 0])
                return dict(order) if taken else None
        return None

    def behave(
        self, call: str, request: Request, work: Callable[[], T], false_answer: Callable[[dict], T]
    ) -> T:
        """Do the work of a call, or what was ordered; raises ``ConnectionDropped``."""
        fault = self.take(call)
        if fault is None:
            return work()
        kind = fault["kind"]
        if kind == "late":
            self.late.keep(call, request, fault["seconds"])
            raise ConnectionDropped("dropped before the work, which is done later")
        time.sleep(fault["seconds"])
        if kind == "before":
            raise ConnectionDropped("dropped before the work")
        if kind not in ("after", "delay") and not fault["work"]:
            return false_answer(fault)
        answer = work()
        if kind == "after":
            raise ConnectionDropped("dropped after the work")
        return answer if kind == "delay" else false_answer(fault)


def false_content(fault: dict, start: bytes) -> tuple[int, bytes, str]:
    """Status, body and content type of html, garbage, empty and huge; ``start`` is how the
    package's JSON begins, cut off."""
    if fault["kind"] == "html":
        return fault["status"], PAGE, "text/html; charset=utf-8"
    if fault["kind"] == "garbage":
        return 200, start, "application/json"
    if fault["kind"] == "empty":
        return 200, b"", "application/json"
    return 200, b'["' + b"x" * HUGE + b'"]', "application/json"
