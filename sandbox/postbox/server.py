"""The boxes with their watcher and their pages, in-process or as a program."""

from __future__ import annotations

import logging
import tempfile
import threading
from pathlib import Path
from typing import Any, Self

from ..kit.serving import RunningSandbox
from ..kit.storage import Store
from . import inspection, mailboxes
from .boxes import TABLES
from .listeners import Listeners
from .service import Postbox
from .sftp import SftpServer
from .smtp import MailServer

# Seconds between two looks at the folders: a file is gone long before a writer looks for it.
LOOKS_EVERY = 0.1
_logger = logging.getLogger(__name__)


class SandboxServer(RunningSandbox):
    """A running sandbox. ``folders`` is where they lie; a folder of its own where none is named,
    which goes with it. ``watching``: it looks by itself; else when it is told to."""

    inspection = inspection

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        state: str | None = None,
        switches: dict[str, Any] | None = None,
        root: str | None = None,
        watching: bool = True,
        smtp_port: int = 0,
        sftp_port: int = 0,
    ):
        self._own = None if root else tempfile.TemporaryDirectory(prefix="postbox-")
        self.folders = Path(root or self._own.name).resolve()
        store = Store(state, TABLES)
        self.postbox = Postbox(store, self.folders)
        self.postbox.start_with(switches or {})
        super().__init__(self.postbox, store, host, port)
        self.listeners = Listeners()
        try:
            self.smtp = MailServer(self.listeners, self.postbox.office, host, smtp_port)
            self.postbox.mail_server = f"{host}:{self.smtp.port}"
            office = self.postbox.sftp
            self.sftp = SftpServer(self.listeners, office, self.folders, host, sftp_port)
            self.postbox.sftp_server = f"{host}:{self.sftp.port}"
        except BaseException:
            self.listeners.close()
            super().close()
            raise
        self.watching = watching
        self._ended = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._ended.wait(LOOKS_EVERY):
            try:
                self.postbox.receive()
            except Exception:
                if self._ended.is_set():
                    return
                _logger.exception("the folders could not be read")

    def run(self) -> None:
        """Serve and watch until SIGTERM or SIGINT."""
        if self.watching:
            self._watcher.start()
        super().run()

    def __enter__(self) -> Self:
        super().__enter__()
        if self.watching:
            self._watcher.start()
        return self

    def close(self) -> None:
        """Nothing is watched any more, every folder works again."""
        self._ended.set()
        self.listeners.close()
        if self._watcher.is_alive():
            self._watcher.join()
        self.postbox.faults.clear()
        super().close()
        if self._own:
            self._own.cleanup()

    def receive(self) -> int:
        """One look at every folder, for a sandbox that does not watch by itself."""
        return self.postbox.receive()

    def folder(self, box: int) -> Path:
        """Where the files of a box are put."""
        return self.postbox.box(box).folder

    @property
    def smtp_port(self) -> int:
        """Where mails are sent to."""
        return self.smtp.port

    def address(self, box: int, side: str) -> str:
        """Where documents of a side ("sale" or "purchase") are mailed to."""
        return mailboxes.address(self.postbox.box(box), side)

    def mails(self, box: int | None = None) -> list[dict]:
        """The mails that came to a box, or all."""
        with self.store.lock:
            return self.postbox.office.mails(box)

    def mail(self, number: int) -> bytes:
        """One of them, as it came."""
        return self.postbox.office.mail(number)

    def bounces(self, box: int | None = None) -> list[dict]:
        """The reports of mails that were not delivered, with their bytes as ``content``."""
        with self.store.lock:
            office = self.postbox.office
            return [{**row, "content": office.bounce(row["id"])} for row in office.bounces(box)]

    def fail_mails(self, box: int | None, kind: str, **values: Any) -> None:
        """Order a fault of mails (see ``mail_faults``), for a box or for all."""
        with self.store.transaction():
            self.postbox.office.faults.add(box, kind, **values)

    def allow(self, box: int, sender: str) -> list[str]:
        """Let somebody write to a box that knows its senders."""
        return self.act(box, "allow_sender", address=sender)["senders"]

    @property
    def sftp_port(self) -> int:
        """Where files are uploaded to."""
        return self.sftp.port

    @property
    def sftp_user(self) -> str:
        """The user of the first company, who sees its folders."""
        return self.postbox.sftp.users()[0].name

    @property
    def sftp_password(self) -> str:
        """That of this user."""
        return self.postbox.sftp.users()[0].password

    @property
    def sftp_key(self) -> str:
        """The private key with which this user can sign in as well, as text."""
        return self.postbox.sftp.key_text(self.sftp_user)

    @property
    def sftp_host_key(self) -> str:
        """The public key of the SFTP server: its type, a blank, base64."""
        return self.postbox.sftp.host_key

    def sftp_log(self, box: int | None = None) -> list[dict]:
        """Sessions, refused sign-ins, uploads, renames and broken connections."""
        return self.postbox.sftp.log(box)

    def fail_sftp(self, box: int | None, kind: str, **values: Any) -> None:
        """Order a fault of SFTP (see ``sftp_faults``), for a box or for all."""
        with self.store.transaction():
            self.postbox.sftp.faults.add(box, kind, **values)

    def received(self, box: int) -> list[dict]:
        """What a box took."""
        return self.look(inspection.received, box)

    def refused(self, box: int) -> list[dict]:
        """What it did not take, and why."""
        return self.look(inspection.refused, box)


def serve(
    port: int = 0,
    state: str | None = None,
    host: str = "127.0.0.1",
    switches: dict[str, Any] | None = None,
    root: str | None = None,
    watching: bool = True,
    smtp_port: int = 0,
    sftp_port: int = 0,
) -> SandboxServer:
    """A sandbox in a thread: ``with serve() as server: server.folder(80001) …``; port 0 takes a
    free one."""
    return SandboxServer(host, port, state, switches, root, watching, smtp_port, sftp_port)
