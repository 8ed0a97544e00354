"""Misbehaviour on order, as every sandbox has it, and what Exact Online itself is known for.

A call is named by its method and resource (``POST salesentry/SalesEntries``,
``GET crm/Accounts``, ``GET current/Me``), the token endpoint is ``token``; an order's ``pattern``
may hold ``*`` (``POST *entry/*Entries``, ``*``).

Further kinds: ``lost-token`` rotates the refresh token and then drops the connection, so that the
new one is issued to nobody; ``business`` answers 500 with ``text`` in the shape of a business
error; ``too-many`` answers 429 without any header of the quota. A slow answer is ``delay`` with
``seconds``. A fault before the work counts neither for the quota nor for the error velocity.
"""

from __future__ import annotations

import json

from werkzeug.wrappers import Response

from ..kit import faults

BUSINESS_TEXT = "A problem has occurred. The cause of this issue will be investigated."


class Faults(faults.Faults):
    """The orders of one sandbox, oldest first."""

    named = "pattern"
    kinds = (*faults.KINDS, "lost-token", "business", "too-many")

    def add(
        self,
        pattern: str,
        kind: str,
        count: int = 1,
        skip: int = 0,
        status: int = 503,
        seconds: float = 0,
        work: bool = False,
        text: str = BUSINESS_TEXT,
    ) -> None:
        """Order a fault for the next ``count`` calls that match, after ``skip`` good ones.

        With ``work`` the false answers come after the work was done; ``text`` is the message of
        ``business`` and of ``status``.
        """
        if kind == "lost-token":
            pattern, kind = "token", "after"
        self.order(pattern, kind, count, skip, status, seconds, work, text=text)


def false_answer(fault: dict) -> Response:
    """The answer of a fault that answers something wrong."""
    if fault["kind"] == "too-many":
        return Response(b"", 429, content_type="text/plain")
    if fault["kind"] in ("status", "business"):
        status = 500 if fault["kind"] == "business" else fault["status"]
        return Response(
            json.dumps({"error": {"code": "", "message": {"lang": "", "value": fault["text"]}}}),
            status,
            content_type="application/json;charset=utf-8",
        )
    status, content, kind = faults.false_content(fault, b'{"d":{"results":[{"__metadata')
    return Response(content, status, content_type=kind)
