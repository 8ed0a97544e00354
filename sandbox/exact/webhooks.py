"""Webhooks: subscriptions of a division, and notifications of what changed.

A subscription is checked with an empty POST to its address, which must answer 200 or 201: before
the answer, or after it from the thread (switch ``webhook_validation``). Its row names the app in
words and, as one is on record, without its client id; a notification has it. Only addresses of this
machine are called, redirects are not followed. Notifications go out from a thread of their own, by
the sandbox's clock: a failed one is tried again after 2, 4, 8, … minutes, ten times at most. Queue
and subscriptions are kept in the store, so a restart forgets none.

``HashCode`` is the upper-case hex HMAC-SHA256 of the raw bytes of the value of ``Content``, its
braces included, with the app's webhook secret.

Choices where the reference is silent: a subscription belongs to a division, the topic to any of
those that the entities name; the callback must have the host of a registered redirect URI (switch
``webhook_same_host``; without a registered one any address of this machine will do); when the
address is not of this machine the answer is the one of a failed validation.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import http.client
import json
import threading
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from ..kit.clock import Clock, to_belgian_time
from ..kit.oauth import is_loopback
from ..kit.storage import Store
from .division import in_milliseconds
from .entities import ENTITIES
from .identity import Identity
from .resource import BusinessError, Hints, Missing, Resource, Row
from .switches import Switches

TOPICS = sorted({entity.topic for entity in ENTITIES.values() if entity.topic})
WATCHED = sorted(name for name, entity in ENTITIES.items() if entity.topic)
RETRIES = 10
BEFORE = "before"
TIMEOUT = 10
KEPT = 200  # deliveries kept for those who look


def signature(content: bytes, secret: str) -> str:
    """The ``HashCode`` over the raw bytes of ``Content``."""
    return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest().upper()


def post(url: str, body: bytes) -> int | str:
    """POST to an address of this machine; gives the status, or in words why there is none."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "an invalid address"
    if parts.scheme not in ("http", "https") or not host or not is_loopback(host):
        return "no answer"
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(host, port, timeout=TIMEOUT)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return "no answer"
    finally:
        connection.close()


class Webhooks:
    """Subscriptions, the queue of notifications and its thread, of one sandbox."""

    def __init__(self, store: Store, clock: Clock, switches: Switches, identity: Identity):
        self.store = store
        self.clock = clock
        self.switches = switches
        self.identity = identity
        self._woken = threading.Event()
        self._stopped = False
        self._thread: threading.Thread | None = None

    # Subscriptions ------------------------------------------------------------------------------

    def subscriptions(self, division: int) -> list[Row]:
        """The rows of a division."""
        rows = self.store.setting("webhooks", {}).get(str(division), [])
        return [
            {**row, "Created": dt.datetime.fromisoformat(row["Created"]), "ClientID": None}
            for row in rows
        ]

    def keep_subscriptions(self, division: int, rows: Iterable[Row]) -> None:
        """Replace the rows of a division."""
        self.store.keep(
            "webhooks",
            {
                **self.store.setting("webhooks", {}),
                str(division): [{**row, "Created": row["Created"].isoformat()} for row in rows],
            },
        )

    def check_host(self, url: str) -> None:
        """Raises ``BusinessError`` for an address with another host than the app's."""
        registered = {urlsplit(uri).hostname for uri in self.identity.app["redirect_uris"]}
        if (
            self.switches["webhook_same_host"]
            and registered
            and urlsplit(url).hostname not in registered
        ):
            raise BusinessError("invalid", "callback_url")

    def validate(self, url: str) -> None:
        """The empty POST of a new address; raises ``BusinessError``."""
        status = post(url, b"")
        if status not in (200, 201):
            raise BusinessError("callback", str(status))

    def validate_later(self, division: int, row: Row) -> None:
        """The same from the thread; a subscription whose address answers badly goes."""
        self._queue(row["CallbackURL"], None, {"division": division, "subscription": row["ID"]})
        self.wake()

    def forget(self, division: int, key: str) -> None:
        """Remove a subscription, if it is still there."""
        self.keep_subscriptions(
            division, [row for row in self.subscriptions(division) if row["ID"] != key]
        )

    # Notifications ------------------------------------------------------------------------------

    def notify(
        self, site: str, division: int, topic: str, action: str, entity: str, key: str
    ) -> None:
        """Queue a notification for whoever subscribed; ``action`` is Create, Update or Delete."""
        for row in self.subscriptions(division):
            if row["Topic"] != topic:
                continue
            now = self.clock.now()
            content = {
                "Topic": topic,
                "ClientId": self.identity.app["client_id"],
                "Division": division,
                "Action": action,
                "Key": key,
                "ExactOnlineEndpoint": f"{site}/api/v1/{division}/{entity}(guid'{key}')",
                "EventCreatedOn": to_belgian_time(now).isoformat(timespec="milliseconds"),
            }
            self._queue(row["CallbackURL"], content)
        self.wake()

    def _queue(self, url: str, content: dict | None, validates: dict | None = None) -> None:
        """``content`` None: an empty POST, which ``validates`` a subscription."""
        queue = self.store.setting("webhooks.queue", [])
        self.store.keep(
            "webhooks.queue",
            [
                *queue,
                {
                    "id": str(uuid.uuid4()),
                    "url": url,
                    "tries": 0,
                    "due": self.clock.now().timestamp(),
                    "validates": validates,
                    "content": json.dumps(content, separators=(",", ":")),
                },
            ],
        )

    @contextmanager
    def watching(self, site: str, division: int, writes: bool = True) -> Iterator[None]:
        """Notify of what changes inside, when somebody subscribed; within a transaction."""
        if not writes or not self.subscriptions(division):
            yield
            return
        before = self._versions(division)
        yield
        after = self._versions(division)
        changed: dict[tuple[str, str], str] = {}
        for where in before.keys() | after.keys():
            (name, key, parent), (old, new) = where, (before.get(where), after.get(where))
            if old == new:
                continue
            topic = ENTITIES[name].topic
            if ENTITIES[name].short_name == topic:
                action = "Create" if old is None else "Delete" if new is None else "Update"
                changed[name, key] = action
            else:  # a line: its head has changed, unless it came or went as a whole
                changed.setdefault((f"{name.rpartition('/')[0]}/{topic}", parent), "Update")
        for (name, key), action in sorted(changed.items()):
            self.notify(site, division, ENTITIES[name].topic, action, name, key)

    def _versions(self, division: int) -> dict[tuple[str, str, str], int]:
        """(entity, key, parent) → row version of every row with a topic."""
        marks = ", ".join("?" * len(WATCHED))
        return {
            (row["entity"], row["id"], row["parent"] or ""): row["version"]
            for row in self.store.rows(
                "SELECT entity, id, parent, version FROM record WHERE administration = ?"
                f" AND entity IN ({marks})",
                division,
                *WATCHED,
            )
        }

    def deliveries(self) -> dict[str, list[dict]]:
        """What waits, and the last tries: url, content, status, at."""
        return {
            "waiting": self.store.setting("webhooks.queue", []),
            "tries": self.store.setting("webhooks.tries", []),
        }

    def body(self, content: str) -> bytes:
        """The whole notification around its content."""
        raw = content.encode()
        code = signature(raw, self.identity.app["webhook_secret"])
        return b'{"Content":' + raw + b',"HashCode":"' + code.encode() + b'"}'

    def start(self) -> None:
        """Deliver from a thread of its own."""
        self._thread = threading.Thread(target=self._run, daemon=True, name="webhooks")
        self._thread.start()

    def stop(self) -> None:
        """End the thread; what waits stays queued."""
        self._stopped = True
        self.wake()
        if self._thread:
            self._thread.join(TIMEOUT + 5)

    def wake(self) -> None:
        """Look at the queue again: something was added, or the clock moved."""
        self._woken.set()

    def _run(self) -> None:
        while not self._stopped:
            self._woken.clear()
            wait = self._seconds_to_next()
            if wait > 0:
                self._woken.wait(wait)
            elif not self._stopped:
                self.deliver_due()

    def _seconds_to_next(self) -> float:
        """Until the next notification is due; an hour when none waits."""
        now = self.clock.now().timestamp()
        return min(
            (item["due"] - now for item in self.store.setting("webhooks.queue", [])), default=3600
        )

    def deliver_due(self) -> None:
        """Try every notification that is due, oldest first."""
        now = self.clock.now().timestamp()
        for item in [
            item for item in self.store.setting("webhooks.queue", []) if item["due"] <= now
        ]:
            validates = item.get("validates")
            status = post(item["url"], b"" if validates else self.body(item["content"]))
            with self.store.transaction():
                self._tried(item, status)

    def _tried(self, item: dict, status: int | str) -> None:
        queue = [
            other for other in self.store.setting("webhooks.queue", []) if other["id"] != item["id"]
        ]
        tries, is_well = item["tries"] + 1, status in (200, 201)
        if item.get("validates"):
            if not is_well:
                self.forget(item["validates"]["division"], item["validates"]["subscription"])
        elif not is_well and tries <= RETRIES:
            minutes = self.switches["webhook_retry_minutes"] ** tries
            queue.append(
                {**item, "tries": tries, "due": self.clock.now().timestamp() + minutes * 60}
            )
        self.store.keep("webhooks.queue", queue)
        tried = self.store.setting("webhooks.tries", [])
        self.store.keep(
            "webhooks.tries",
            [
                *tried,
                {
                    "url": item["url"],
                    "content": json.loads(item["content"]),
                    "status": status,
                    "at": self.clock.now().isoformat(),
                },
            ][-KEPT:],
        )


class WebhookSubscriptions(Resource):
    """``webhooks/WebhookSubscriptions`` for one caller.

    Not to be called inside a transaction: the address that is validated may call back.
    """

    entity = "webhooks/WebhookSubscriptions"

    def __init__(self, webhooks: Webhooks, number: int, user: dict):
        self.webhooks = webhooks
        self.number = number
        self.user = user

    def rows(self, division: Any, hints: Hints) -> Iterable[Row]:
        """Every subscription of the division."""
        return sorted(self.webhooks.subscriptions(self.number), key=lambda row: row["ID"])

    def get(self, division: Any, key: Any) -> Row:
        """One subscription."""
        for row in self.rows(division, Hints()):
            if row["ID"] == key:
                return row
        raise Missing

    def create(self, division: Any, values: Row) -> Row:
        """Subscribe, once the address has answered."""
        self._check(values["CallbackURL"], values["Topic"])
        row = {
            "ID": str(uuid.uuid4()),
            "CallbackURL": values["CallbackURL"],
            "ClientID": None,
            "Created": in_milliseconds(to_belgian_time(self.webhooks.clock.now())),
            "Creator": self.user["id"],
            "CreatorFullName": self.user["full_name"],
            "Description": self.webhooks.identity.app["name"],
            "Division": self.number,
            "Topic": values["Topic"],
            "UserID": values.get("UserID") or self.user["id"],
        }
        with self.webhooks.store.transaction():
            self._check_free(row["Topic"])  # somebody may have been faster during the POST
            self.webhooks.keep_subscriptions(
                self.number, [*self.webhooks.subscriptions(self.number), row]
            )
            self._validate_later(row)
        return row

    def update(self, division: Any, key: Any, values: Row) -> None:
        """Change address or topic."""
        row = {**self.get(division, key), **values}
        self._check(row["CallbackURL"], row["Topic"], key)
        with self.webhooks.store.transaction():
            self._check_free(row["Topic"], key)
            self.webhooks.keep_subscriptions(
                self.number,
                [
                    row if other["ID"] == key else other
                    for other in self.webhooks.subscriptions(self.number)
                ],
            )
            self._validate_later(row)

    def delete(self, division: Any, key: Any) -> None:
        """Unsubscribe."""
        with self.webhooks.store.transaction():
            self.get(division, key)
            self.webhooks.forget(self.number, key)

    def _check(self, url: str | None, topic: str | None, key: str | None = None) -> None:
        if not url:
            raise BusinessError("mandatory", "callback_url")
        if topic not in TOPICS:
            raise BusinessError("invalid_reference", "topic")
        self._check_free(topic, key)
        self.webhooks.check_host(url)
        if self.webhooks.switches["webhook_validation"] == BEFORE:
            self.webhooks.validate(url)

    def _validate_later(self, row: Row) -> None:
        if self.webhooks.switches["webhook_validation"] != BEFORE:
            self.webhooks.validate_later(self.number, row)

    def _check_free(self, topic: str, key: str | None = None) -> None:
        if any(
            row["Topic"] == topic and row["ID"] != key
            for row in self.webhooks.subscriptions(self.number)
        ):
            raise BusinessError("exists")
