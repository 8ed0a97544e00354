"""Misbehaviour on order: what the next calls of an operation get instead of, or after, their work.

Kinds: ``after`` does the work, then drops the connection without an answer; ``before`` drops it
without doing anything; ``status`` answers a status code with an ErrorResult; ``html``, ``garbage``,
``empty`` and ``huge`` (10 MB) answer something that is not the documented JSON, without doing the
work; ``delay`` waits and then behaves. ``seconds`` makes any kind wait first.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from ..storage import Store
from .calls import Answer

KINDS = ("after", "before", "status", "html", "garbage", "empty", "huge", "delay")
HUGE = 10 * 1024 * 1024
PAGE = (b"<!DOCTYPE html><html><head><title>503</title></head>"
        b"<body>Service unavailable</body></html>")


class Faults:
    """The orders of one sandbox, oldest first."""

    def __init__(self, store: Store):
        self.store = store

    def all(self) -> list[dict]:
        """Orders not used up."""
        return self.store.setting("faults", [])

    def add(self, operation: str, kind: str, count: int = 1, skip: int = 0, status: int = 503,
            seconds: float = 0, work: bool = False) -> None:
        """Order a fault for the next ``count`` calls that match, after ``skip`` good ones.

        ``operation`` is a name or pattern (``insert*``). With ``work`` the false answers (html,
        garbage, empty, huge, status) come after the work was done.
        """
        if kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}")
        self.store.keep("faults", [*self.all(), {
            "operation": operation, "kind": kind, "count": int(count), "skip": int(skip),
            "status": int(status), "seconds": float(seconds), "work": bool(work)}])

    def clear(self) -> None:
        """Behave again."""
        self.store.keep("faults", [])

    def take(self, operation: str) -> dict | None:
        """The fault this call gets, which is then used up by one."""
        if not self.all():
            return None
        with self.store.transaction():
            orders = [dict(order) for order in self.all()]
            for order in orders:
                if not fnmatchcase(operation, order["operation"]):
                    continue
                taken = order["skip"] <= 0
                order["count" if taken else "skip"] -= 1
                self.store.keep("faults", [left for left in orders if left["count"] > 0])
                return dict(order) if taken else None
        return None


def false_answer(fault: dict) -> Answer:
    """The answer of a fault that answers something wrong."""
    kind, status = fault["kind"], fault["status"]
    if kind == "status":
        return Answer(status, {"technicalInfo": f"Sandbox fault: status {status}"})
    if kind == "html":
        return Answer(status, PAGE, "text/html; charset=utf-8")
    if kind == "garbage":
        return Answer(200, b'{"token": "eyJ', "application/json")
    if kind == "empty":
        return Answer(200, b"", "application/json")
    return Answer(200, b'["' + b"x" * HUGE + b'"]', "application/json")
