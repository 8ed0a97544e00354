"""The threaded HTTP server around any sandbox's application, in-process or as a program."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Self

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from .storage import Store


class ConnectionDropped(ConnectionError):
    """The answer is not sent: the caller sees a connection that breaks."""


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


class Application:
    """A WSGI application that may break a connection instead of answering."""

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        try:
            response = self.respond(Request(environ))
        except ConnectionDropped:
            _drop(environ)
            raise
        return response(environ, start_response)

    def respond(self, request: Request) -> Response:
        """The answer to a request; raises ``ConnectionDropped``."""
        raise NotImplementedError


def _drop(environ: dict) -> None:
    connection: Any = environ.get("werkzeug.socket")
    if connection is not None:
        with suppress(OSError):  # the caller may be gone already, which is as good
            connection.shutdown(socket.SHUT_RDWR)


class RunningSandbox:
    """A running sandbox: ``root`` is its address, ``control_url`` its control endpoint. Helpers
    look into the books of an administration; ``inspection`` is the package's module for that."""

    inspection: Any

    def __init__(self, service: Any, store: Store, host: str, port: int):
        self.service = service
        self.store = store
        self._server = make_server(host, port, service, threaded=True, request_handler=Handler)
        self._server.daemon_threads = True
        self.root = f"http://{host}:{self._server.server_port}"
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

    def __enter__(self) -> Self:
        self._thread = threading.Thread(
            target=self._server.serve_forever, daemon=True, kwargs={"poll_interval": 0.02}
        )
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        ending = threading.Thread(target=self._server.shutdown)
        ending.start()
        with suppress(OSError):  # wakes the server, which else sees only at its next look
            socket.create_connection(self._server.server_address, timeout=1).close()
        ending.join()
        self._thread.join()
        self.close()

    # Looking inside ---------------------------------------------------------------------------

    def look(self, read: Callable[..., Any], number: int, *values: Any) -> Any:
        """What ``read`` finds in an administration's books."""
        self.service.late.catch_up()
        with self.store.lock:
            return read(self.service.administration(number), *values)

    def books(self, number: int) -> dict:
        """The whole books as plain data."""
        return self.look(self.inspection.everything, number)

    def trial_balance(
        self, number: int, book_year: int | None = None, period: int | None = None
    ) -> dict[str, str]:
        """Ledger account → balance, debit positive."""
        return self.look(self.inspection.trial_balance, number, book_year, period)

    def vat_boxes(
        self, number: int, book_year: int | None = None, period: int | None = None
    ) -> dict[str, str]:
        """Box → amount, splits apart."""
        return self.look(self.inspection.vat_boxes, number, book_year, period)["boxes"]

    def open_items(self, number: int) -> list[dict]:
        """Customers' and suppliers' open lines."""
        return self.look(self.inspection.open_items, number)

    def attachments(self, number: int) -> list[dict]:
        """Files with size and checksum."""
        return self.look(self.inspection.attachments, number)

    def calls(self) -> dict[str, int]:
        """Operation → number of calls."""
        return self.service.limits.calls()

    def act(self, number: int, action: str, /, **values: Any) -> Any:
        """Do what a person does in the application (see ``accountant``)."""
        return self.service.act(number, action, **values)
