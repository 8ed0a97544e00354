"""The service on a port, in-process or as a program, and what tests look at."""

from __future__ import annotations

from typing import Any

from ..kit.serving import RunningSandbox
from ..kit.storage import Store
from . import inspection
from .service import BASE, Octopus


class SandboxServer(RunningSandbox):
    """A running sandbox: ``url`` of the service and helpers that look into its books."""

    inspection = inspection

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        state: str | None = None,
        switches: dict[str, Any] | None = None,
    ):
        store = Store(state)
        self.octopus = Octopus(store)
        self.octopus.start_with(switches or {})
        super().__init__(self.octopus, store, host, port)
        self.url = self.root + BASE

    def bookings(self, dossier: int) -> list[dict]:
        """Bookings with their entries, boxes and files."""
        return self.look(inspection.bookings, dossier)


def serve(
    port: int = 0,
    state: str | None = None,
    host: str = "127.0.0.1",
    switches: dict[str, Any] | None = None,
) -> SandboxServer:
    """A sandbox in a thread: ``with serve() as server: server.url …``; port 0 takes a free one."""
    return SandboxServer(host, port, state, switches)
