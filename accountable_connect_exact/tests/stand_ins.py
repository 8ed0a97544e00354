"""Stand-ins for what the core gives a client, and for Exact's token endpoint."""

import threading
from urllib.parse import parse_qs

from odoo.addons.accountable_connect.api.http.transport import NoAnswer
from odoo.addons.accountable_connect.tests.stand_ins import (
    NOON,
    Budget,
    Clock,
    Store,
    answer,
    fresh_pair,
)

__all__ = ["NOON", "Budget", "Clock", "Store", "answer", "fresh_pair"]

SITE = "https://exact.example"
SECRET = "client-s3cret"  # noqa: S105

TOO_EARLY = {
    "error": "access_denied",
    "error_description": "Rate limit exceeded: access_token not expired",
}
OLD = {"error": "unauthorized_client", "error_description": "Old refresh token used."}


class TokenServer:
    """The token endpoint in place of a transport: 570 s, single use, rotation. ``answers`` come
    first; ``lose`` drops the answer after it did its work. ``waits``: seconds of an answer;
    ``before`` is called when a request arrives."""

    site = SITE

    def __init__(self, clock, issued=NOON):
        self.clock = clock
        self.number = 1
        self.issued = issued
        self.answers = []
        self.lose = 0
        self.waits = 0
        self.requests = []
        self.before = lambda: None
        self.guard = threading.Lock()

    def send(self, method, address, *, headers, data, largest):
        assert (method, address) == ("POST", f"{SITE}/api/oauth2/token")
        assert headers["Content-Type"] == "application/x-www-form-urlencoded"
        fields = {name: values[0] for name, values in parse_qs(data.decode()).items()}
        self.before()
        with self.guard:
            self.requests.append(fields)
            return self._answer(fields)

    def _answer(self, fields):
        if self.answers:
            prepared = self.answers.pop(0)
            if isinstance(prepared, Exception):
                raise prepared
            return prepared
        if fields["grant_type"] == "refresh_token":
            if fields["refresh_token"] != f"refresh-{self.number}":
                return answer(401, OLD)
            if (self.clock() - self.issued).total_seconds() < 570:
                return answer(400, TOO_EARLY, Reason="TooEarlyToRefreshTokens")
        self.number += 1
        self.issued = self.clock()
        self.clock.forward(self.waits)
        if self.lose:
            self.lose -= 1
            raise NoAnswer("no answer (ReadTimeout)")
        return answer(200, self.body())

    def body(self):
        return {
            "access_token": f"access-{self.number}",
            "token_type": "bearer",
            "expires_in": "600",
            "refresh_token": f"refresh-{self.number}",
        }
