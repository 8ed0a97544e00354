"""The threaded HTTP server around the service, in-process or as a program."""

from __future__ import annotations

import signal
import threading
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from ..storage import Store
from . import inspection
from .service import BASE, Octopus


class Handler(WSGIRequestHandler):
    """Keep-alive connections without delayed packets, and no line on the screen per call."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def handle_expect_100(self) -> bool:
        """Say at once, and only once, that the body may come: callers with a large file wait."""
        self.send_response_only(100)
        self.end_headers()
        self.wfile.flush()
        del self.headers["Expect"]
        return True

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """Stay quiet."""


class SandboxServer:
    """A running sandbox: ``url`` of the service and helpers that look into its books."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0, state: str | None = None,
                 switches: dict[str, Any] | None = None):
        self.store = Store(state)
        self.octopus = Octopus(self.store)
        if switches:
            self.octopus.switches.set(switches)
        self._server = make_server(host, port, self.octopus, threaded=True,
                                   request_handler=Handler)
        self._server.daemon_threads = True
        self.root = f"http://{host}:{self._server.server_port}"
        self.url = self.root + BASE
        self.control_url = self.root + "/sandbox/control"

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT, then close the state file."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: threading.Thread(target=self._server.shutdown).start())
        try:
            self._server.serve_forever()
        finally:
            self.close()

    def close(self) -> None:
        """Free the port and the state file."""
        self._server.server_close()
        self.store.close()

    def __enter__(self) -> SandboxServer:
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True,
                                        kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self.close()

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
