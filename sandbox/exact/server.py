"""The service on a port, in-process or as a program, and what tests look at."""

from __future__ import annotations

from typing import Any

from ..serving import RunningSandbox
from ..storage import Store
from . import inspection
from .division import TABLES
from .service import Exact


class SandboxServer(RunningSandbox):
    """A running sandbox: ``url`` is the site root; helpers look into the books of a division."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0, state: str | None = None,
                 switches: dict[str, Any] | None = None):
        store = Store(state, TABLES)
        self.exact = Exact(store)
        if switches:
            self.exact.started_with = dict(switches)
            self.exact.switches.set(switches)
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

    # Looking inside ---------------------------------------------------------------------------

    def _inside(self, read: Any, division: int, *values: Any) -> Any:
        with self.store.lock:
            return read(self.exact.division(division), *values)

    def books(self, division: int) -> dict:
        """The whole books of a division as plain data."""
        return self._inside(inspection.everything, division)

    def entries(self, division: int) -> list[dict]:
        """Entries with their lines, boxes and files."""
        return self._inside(inspection.entries, division)

    def trial_balance(self, division: int, year: int | None = None,
                      period: int | None = None) -> dict[str, str]:
        """Ledger account → balance, debit positive."""
        return self._inside(inspection.trial_balance, division, year, period)

    def vat_boxes(self, division: int, year: int | None = None,
                  period: int | None = None) -> dict[str, str]:
        """Box → amount, splits apart."""
        return self._inside(inspection.vat_boxes, division, year, period)["boxes"]

    def open_items(self, division: int) -> list[dict]:
        """Customers' and suppliers' open lines."""
        return self._inside(inspection.open_items, division)

    def terms(self, division: int) -> list[dict]:
        """Payment terms, open and matched."""
        return self._inside(inspection.terms, division)

    def attachments(self, division: int) -> list[dict]:
        """Files with size and checksum."""
        return self._inside(inspection.attachments, division)

    def accounts(self, division: int) -> list[dict]:
        """Customers and suppliers."""
        return self._inside(inspection.accounts, division)

    def calls(self) -> dict[str, int]:
        """Operation → number of calls."""
        return self.exact.limits.calls()

    def act(self, division: int, action: str, /, **values: Any) -> Any:
        """Do what a person does in the application (see ``accountant``)."""
        return self.exact.act(division, action, **values)
