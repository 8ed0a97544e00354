"""Calls that nobody waits for any more and whose work is still to be done: a slow service.

Kept with the books, so a restart loses none. They are done as soon as the clock has passed their
moment and anybody calls, looks or acts, before he sees anything; what they write bears that moment.
Who called was made sure of when the call came in, as a service does: his token may be old by now.
A call is done at most once: one that is killed at its work is not done again.
"""

from __future__ import annotations

import base64
import datetime as dt
import logging
import threading
from collections.abc import Callable
from typing import Any

from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from .clock import Clock
from .storage import Store

NAME = "late"
SHORTEST, LONGEST = 1, 900
_logger = logging.getLogger(__name__)


class Late:
    """The late calls of one sandbox. ``let_in`` tells the caller of a request, as JSON can hold it,
    None when he is refused; ``work`` does what a request asks for, for that caller."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        let_in: Callable[[Request], Any],
        work: Callable[[Request, Any], object],
    ):
        self.store = store
        self.clock = clock
        self.let_in = let_in
        self.work = work
        self._lock = threading.RLock()

    def all(self) -> list[dict]:
        """Those not done yet: ``call``, ``due`` and the request."""
        return self.store.setting(NAME, [])

    def keep(self, call: str, request: Request, seconds: float) -> None:
        """Do this one when so many seconds have passed; nothing for a caller who is refused."""
        caller = self.let_in(request)
        if caller is None:
            return
        due = self.clock.now() + dt.timedelta(seconds=seconds)
        kept = {
            "call": call,
            "due": due.isoformat(),
            "caller": caller,
            "request": {
                "method": request.method,
                "base_url": request.host_url,
                "path": request.path,
                "query_string": request.query_string.decode("latin-1"),
                "headers": [[name, value] for name, value in request.headers.items()],
                "body": base64.b64encode(request.get_data()).decode(),
            },
        }
        with self.store.transaction():
            self.store.keep(NAME, [*self.all(), kept])

    def catch_up(self) -> None:
        """Do what is due, in the order of its moments. Not within a transaction: what is refused
        goes back alone."""
        if not self.all():
            return
        with self._lock:
            for kept in self._take_due():
                moment = dt.datetime.fromisoformat(kept["due"])
                try:
                    with self.clock.at(moment):
                        self.work(_request(kept["request"]), kept["caller"])
                except Exception:  # whoever calls now has nothing to do with it
                    _logger.exception("Late call %s", kept["call"])

    def _take_due(self) -> list[dict]:
        with self.store.transaction():
            now = self.clock.now()
            due = [kept for kept in self.all() if dt.datetime.fromisoformat(kept["due"]) <= now]
            if due:
                self.store.keep(NAME, [kept for kept in self.all() if kept not in due])
        return sorted(due, key=lambda kept: kept["due"])


def _request(kept: dict) -> Request:
    values = {name: kept[name] for name in ("method", "base_url", "path", "query_string")}
    headers = [(name, value) for name, value in kept["headers"]]
    builder = EnvironBuilder(**values, headers=headers, data=base64.b64decode(kept["body"]))
    return Request(builder.get_environ())
