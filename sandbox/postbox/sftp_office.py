"""Who may sign in by SFTP and what each sees, the keys, and what happened; without a network."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import asyncssh

from ..kit.clock import Clock
from ..kit.storage import Store
from .boxes import Box
from .sftp_faults import SftpFaults

KEY_TYPE = "ssh-ed25519"
HOST = "host"
TABLES = """
CREATE TABLE IF NOT EXISTS sftp_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT, moment TEXT NOT NULL, user TEXT NOT NULL, box INTEGER,
    what TEXT NOT NULL, data TEXT NOT NULL);
"""


@dataclass(frozen=True)
class User:
    """One company's: ``boxes``, folder's name → box."""

    name: str
    boxes: dict[str, Box]

    @property
    def password(self) -> str:
        """The same in each sandbox, as those of the other ones are."""
        return f"{self.name}-sftp"


class SftpOffice:
    """What an SFTP server of the boxes knows."""

    def __init__(
        self, store: Store, clock: Clock, switches: Any, boxes: Callable[[], Iterable[Box]]
    ):
        self.store = store
        self.clock = clock
        self.switches = switches
        self.boxes = boxes
        self.faults = SftpFaults(store)
        self._keys: dict[str, str] = {}
        store.run(TABLES)  # a state of before there was SFTP has none

    def users(self) -> list[User]:
        """A company is its VAT number; its name is what its first folder begins with."""
        companies: dict[str, list[Box]] = {}
        for box in self.boxes():
            companies.setdefault(box.vat, []).append(box)
        found: dict[str, User] = {}
        for vat, boxes in companies.items():
            name = boxes[0].folder.name.partition("-")[0].lower()
            name = f"{name}-{vat.lower()}" if name in found else name
            found[name] = User(name, {box.folder.name: box for box in boxes})
        return list(found.values())

    def user(self, name: str) -> User | None:
        """One of them."""
        return next((user for user in self.users() if user.name == name), None)

    # Keys

    def key(self, whose: str) -> asyncssh.SSHKey:
        """A private key, made when it is asked for first: that of the server (``HOST``), or of a
        user. It is the same after a restart with this state, and after a reset."""
        return asyncssh.import_private_key(self.key_text(whose))

    def key_text(self, whose: str) -> str:
        """The same as text."""
        with self.store.transaction():
            self._keys = {**self.store.setting("sftp_keys", {}), **self._keys}
            if whose not in self._keys:
                made = asyncssh.generate_private_key(KEY_TYPE)
                self._keys[whose] = made.export_private_key().decode()
                self.keep_keys()
            return self._keys[whose]

    def keep_keys(self) -> None:
        """Put the keys into the state."""
        self.store.keep("sftp_keys", self._keys)

    @property
    def host_key(self) -> str:
        """The server's public key: its type, a blank, base64."""
        return " ".join(self.key(HOST).export_public_key().decode().split()[:2])

    @property
    def fingerprint(self) -> str:
        """Its fingerprint as ``ssh`` shows it."""
        return f"{KEY_TYPE} {self.key(HOST).get_fingerprint()}"

    # What happened

    def note(self, user: str, what: str, box: int | None = None, **data: Any) -> None:
        """Something happened."""
        with self.store.transaction():
            self.store.run(
                "INSERT INTO sftp_log (moment, user, box, what, data) VALUES (?, ?, ?, ?, ?)",
                self.clock.stamp(),
                user,
                box,
                what,
                json.dumps(data),
            )

    def log(self, box: int | None = None) -> list[dict[str, Any]]:
        """What did, the first first: ``session``, ``refused`` (a sign-in), ``upload`` (one that
        was closed), ``rename``, ``lost``; of one box, or of all."""
        with self.store.lock:
            rows = self.store.rows("SELECT * FROM sftp_log ORDER BY id")
        kept = ("id", "moment", "user", "box", "what")
        return [
            {**{name: row[name] for name in kept}, **json.loads(row["data"])}
            for row in rows
            if box in (None, row["box"])
        ]

    def forget(self) -> None:
        """Begin the log anew."""
        self.store.run("DELETE FROM sftp_log")
