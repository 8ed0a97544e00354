"""The service on a port, in-process or as a program, and what tests look at."""

from __future__ import annotations

from typing import Any

from ..kit.serving import RunningSandbox
from ..kit.storage import Store
from . import inspection
from .division import TABLES
from .service import Exact


class SandboxServer(RunningSandbox):
    """A running sandbox: ``url`` is the site root; helpers look into the books of a division."""

    inspection = inspection

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        state: str | None = None,
        switches: dict[str, Any] | None = None,
    ):
        store = Store(state, TABLES)
        self.exact = Exact(store)
        self.exact.start_with(switches or {})
        super().__init__(self.exact, store, host, port)
        self.url = self.exact.site = self.root

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT, then close the state file."""
        self.exact.webhooks.start()
        super().run()

    def __enter__(self) -> SandboxServer:
        self.exact.webhooks.start()
        return super().__enter__()

    def close(self) -> None:
        """Free the port and the state file."""
        self.exact.webhooks.stop()
        super().close()

    def entries(self, division: int) -> list[dict]:
        """Entries with their lines, boxes and files."""
        return self.look(inspection.entries, division)

    def terms(self, division: int) -> list[dict]:
        """Payment terms, open and matched."""
        return self.look(inspection.terms, division)

    def accounts(self, division: int) -> list[dict]:
        """Customers and suppliers."""
        return self.look(inspection.accounts, division)
