"""Stand-ins for what the core gives a client, and for Exact's token endpoint."""

import copy
import json
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

from odoo.addons.accountable_connect.api.http.transport import Answer, NoAnswer
from requests.structures import CaseInsensitiveDict

SITE = "https://exact.example"
NOON = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)
SECRET = "client-s3cret"  # noqa: S105


class Clock:
    def __init__(self):
        self.moment = NOON

    def __call__(self):
        return self.moment

    def forward(self, seconds):
        self.moment += timedelta(seconds=seconds)


class Store:
    """A ``TokenStore`` that several threads share; what is saved is JSON."""

    def __init__(self, pair=None):
        self.kept = {"oauth": pair} if pair else {}
        self.saved = []
        self._locks = {}
        self.asked_for_lock = threading.Semaphore(0)

    def load(self, name):
        return copy.deepcopy(self.kept.get(name))

    def save(self, name, values):
        values = json.loads(json.dumps(values))
        self.saved.append(values)
        self.kept[name] = values

    @contextmanager
    def lock(self, name):
        self.asked_for_lock.release()
        with self._locks.setdefault(name, threading.Lock()):
            yield

    @property
    def pair(self):
        return self.kept.get("oauth") or {}


class Budget:
    def __init__(self):
        self.calls = []
        self.known = {}

    def spend(self, operation, limit):
        self.calls.append(operation)

    def spent(self, operation):
        return self.calls.count(operation)

    def remember(self, name, values):
        self.known[name] = json.loads(json.dumps(values))

    def recall(self, name):
        return copy.deepcopy(self.known.get(name)) or None


def fresh_pair(moment=NOON, number=1):
    return {
        "access_token": f"access-{number}",
        "refresh_token": f"refresh-{number}",
        "issued_at": moment.isoformat(),
        "answered_at": moment.isoformat(),
        "expires_in": 600,
    }


def answer(status, body=b"", **headers):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, CaseInsensitiveDict(headers), content)


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
