"""Misbehaviour on order, as every sandbox has it; calls are named by their operation."""

from __future__ import annotations

from ..kit import faults
from .calls import Answer


class Faults(faults.Faults):
    """The orders of one sandbox, oldest first."""

    def add(
        self,
        operation: str,
        kind: str,
        count: int = 1,
        skip: int = 0,
        status: int = 503,
        seconds: float = 0,
        work: bool = False,
    ) -> None:
        """Order a fault for the next ``count`` calls that match, after ``skip`` good ones.

        ``operation`` is a name or pattern (``insert*``). With ``work`` the false answers (html,
        garbage, empty, huge, status) come after the work was done.
        """
        self.order(operation, kind, count, skip, status, seconds, work)


def false_answer(fault: dict) -> Answer:
    """The answer of a fault that answers something wrong."""
    if fault["kind"] == "status":
        return Answer(
            fault["status"], {"technicalInfo": f"Sandbox fault: status {fault['status']}"}
        )
    return Answer(*faults.false_content(fault, b'{"token": "eyJ'))
