"""The service on a port, in-process or as a program, and what tests look at."""

from __future__ import annotations

from typing import Any

from ..serving import RunningSandbox
from ..storage import Store
from . import inspection
from .service import BASE, Octopus


class SandboxServer(RunningSandbox):
    """A running sandbox: ``url`` of the service and helpers that look into its books."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0, state: str | None = None,
                 switches: dict[str, Any] | None = None):
        store = Store(state)
        self.octopus = Octopus(store)
        if switches:
            self.octopus.switches.set(switches)
        super().__init__(self.octopus, store, host, port)
        self.url = self.root + BASE

    # Looking inside ---------------------------------------------------------------------------

    def books(self, dossier: int) -> dict:
        """The whole books of a dossier as plain data."""
        with self.store.lock:
            return inspection.everything(self.octopus.books(dossier))

    def bookings(self, dossier: int) -> list[dict]:
        """Bookings with their entries, boxes and files."""
        with self.store.lock:
            return inspection.bookings(self.octopus.books(dossier))

    def trial_balance(self, dossier: int, book_year: int | None = None,
                      period: int | None = None) -> dict[str, str]:
        """Account → balance, debit positive."""
        with self.store.lock:
            return inspection.trial_balance(self.octopus.books(dossier), book_year, period)

    def vat_boxes(self, dossier: int, book_year: int | None = None,
                  period: int | None = None) -> dict[str, str]:
        """Box → amount, splits apart."""
        with self.store.lock:
            return inspection.vat_boxes(self.octopus.books(dossier), book_year, period)["boxes"]

    def open_items(self, dossier: int) -> list[dict]:
        """Customers' and suppliers' open lines."""
        with self.store.lock:
            return inspection.open_items(self.octopus.books(dossier))

    def attachments(self, dossier: int) -> list[dict]:
        """Files with size and checksum."""
        with self.store.lock:
            return inspection.attachments(self.octopus.books(dossier))

    def calls(self) -> dict[str, int]:
        """Operation → number of calls."""
        return self.octopus.limits.calls()

    def act(self, dossier: int, action: str, **values: Any) -> Any:
        """Do what a person does in the application (see ``accountant``)."""
        from . import accountant
        with self.store.transaction():
            return accountant.ACTIONS[action](self.octopus.books(dossier), self.octopus, **values)


def serve(port: int = 0, state: str | None = None, host: str = "127.0.0.1",
          switches: dict[str, Any] | None = None) -> SandboxServer:
    """A sandbox in a thread: ``with serve() as server: server.url …``; port 0 takes a free one."""
    return SandboxServer(host, port, state, switches)
