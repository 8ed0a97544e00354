"""Stand-ins for what the core gives a client: a clock, tokens, a call budget, an answer."""

import copy
import json
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from odoo.addons.accountable_connect.api.http.transport import Answer
from requests.structures import CaseInsensitiveDict

NOON = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)


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
