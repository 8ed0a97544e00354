"""The SFTP server before the boxes: who signs in, by which key it is known, and what breaks."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from pathlib import Path
from typing import Any

import asyncssh

from .listeners import Listeners
from .sftp_files import Files
from .sftp_office import HOST, KEY_TYPE, SftpOffice

WAITING = 100
# Every step of every session, else.
logging.getLogger("asyncssh").setLevel(logging.ERROR)


class SftpServer:
    """The server, listening from here on; ``port`` 0 takes a free one. It serves files and nothing
    else: no shell, no command, no forwarding."""

    def __init__(self, listeners: Listeners, office: SftpOffice, root: Path, host: str, port: int):
        self.office = office
        self.root = root
        self._socket = socket.create_server((host, port), backlog=WAITING)
        self._socket.setblocking(False)
        self.port = self._socket.getsockname()[1]
        self._connections: set[asyncio.Task] = set()
        self._open: set[asyncssh.SSHServerConnection] = set()
        self._options = listeners.run(self._make_options())
        self._accepting = listeners.run(self._begin())
        listeners.at_the_end(self._end)

    async def _make_options(self) -> dict[bool, Any]:
        """With the server's own key, and with another one."""
        keys = {True: self.office.key(HOST), False: asyncssh.generate_private_key(KEY_TYPE)}
        found = {}
        for own, key in keys.items():
            found[own] = await asyncssh.SSHServerConnectionOptions.construct(
                config=None,
                server_factory=lambda: SignIn(self),
                server_host_keys=[key],
                sftp_factory=lambda channel: Files(channel, self.office, self.root),
                allow_scp=False,
                x11_forwarding=False,
                agent_forwarding=False,
            )
        return found

    async def _begin(self) -> asyncio.Task:
        return asyncio.get_running_loop().create_task(self._accept())

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            caller, _address = await loop.sock_accept(self._socket)
            task = loop.create_task(self._serve(caller))
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)

    async def _serve(self, caller: socket.socket) -> None:
        if self.office.faults.take("off"):
            caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            caller.close()
            return
        own = self.office.faults.take("wrong_host_key") is None
        try:
            connection = await asyncssh.run_server(caller, options=self._options[own])
        except (OSError, asyncssh.Error, TimeoutError):
            return  # the caller went, or did not get in
        self._open.add(connection)
        try:
            await connection.wait_closed()
        finally:
            self._open.discard(connection)

    async def _end(self) -> None:
        self._accepting.cancel()
        for connection in list(self._open):
            connection.abort()
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(self._accepting, *self._connections, return_exceptions=True)
        self._socket.close()


class SignIn(asyncssh.SSHServer):
    """One caller who wants in, by password or key."""

    def __init__(self, server: SftpServer):
        self.office = server.office

    def begin_auth(self, username: str) -> bool:
        """Nobody gets in without."""
        return True

    def password_auth_supported(self) -> bool:
        """By password."""
        return True

    def validate_password(self, username: str, password: str) -> bool:
        """Whether it is that of the user."""
        user = self.office.user(username)
        refused = self.office.faults.take("refuse_password")
        return self._said(username, "password", bool(user) and password == user.password, refused)

    def public_key_auth_supported(self) -> bool:
        """Or by key."""
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Whether it is that of the user."""
        user = self.office.user(username)
        known = user is not None and self.office.key(username).public_data == key.public_data
        return self._said(username, "key", known, self.office.faults.take("refuse_key"))

    def _said(self, user: str, by: str, known: bool, fault: object) -> bool:
        if not known or fault:
            self.office.note(user, "refused", by=by)
        return known and not fault
