"""What a hostile or broken server can do to one exchange: nothing is repeated that may have been
done, and nothing is read without an end."""

import socket
import threading

import pytest
from odoo.addons.accountable_connect.api.errors import (
    ConfigurationMissingError,
    OutcomeUnknownError,
    TemporaryError,
)
from odoo.addons.accountable_connect.api.http.transport import (
    NoAnswer,
    NothingSent,
    Transport,
    UnusableAddress,
)
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError
from urllib3.exceptions import ProxyError as PoolProxyError

SITE = "https://package.example"
MEGABYTE = 1024 * 1024
DROPS = 300


class Server:
    """Reads a request, then lets ``answer(connection, request)`` write; counts the requests and the
    bytes it could get rid of."""

    def __init__(self, answer):
        self.requests = []
        self.written = 0
        self.all_drops = False
        self._answer = answer
        self._stopped = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.site = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while True:
            try:
                connection, _address = self._socket.accept()
            except OSError:
                return
            with connection:
                received = b""
                while b"\r\n\r\n" not in received:
                    received += connection.recv(65536)
                self.requests.append(received.split(b"\r\n")[0].decode())
                try:
                    self._answer(self, connection)
                except OSError:
                    continue

    def tell(self, connection, content):
        connection.sendall(content)
        self.written += len(content)

    def drip(self, connection):
        """One byte after the other, until nobody listens any more."""
        for _drop in range(DROPS):
            if self._stopped.wait(0.02):
                return
            self.tell(connection, b" ")
        self.all_drops = True

    def close(self):
        if self._stopped.is_set():
            return
        self._stopped.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)


@pytest.fixture
def serve():
    made = []

    def make(answer, timeout=5):
        server = Server(answer)
        transport = Transport("Package", server.site, timeout)
        made.extend([transport, server])
        return server, transport

    yield make
    for one in made:
        one.close()


def head(status, *headers):
    lines = [f"HTTP/1.1 {status} X", "Connection: close", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def post(transport, site):
    return transport.send("POST", f"{site}/api/v1/1/x", headers={}, data=b"{}")


# Nobody knows whether it was done


@pytest.mark.parametrize(
    "answer",
    [
        head(201, "Content-Length: 3", "Content-Length: 4") + b"abcd",
        head(302, "Location: http://["),
        head(302).replace(b"X", b"\xff"),
        head(307, "Location: http://127.0.0.1:x/"),
        b"HTTP/1.1 two-hundred\r\n\r\n",
        b"\x00\x01",
        b"",
    ],
)
def test_write_with_a_broken_answer_may_have_been_done(serve, answer):
    """Booked, and the answer was spoilt on its way: sent again it would be there twice."""
    server, transport = serve(lambda server, connection: server.tell(connection, answer))
    try:
        status = post(transport, server.site).status
    except NoAnswer:
        status = None
    assert status in (None, 302, 307)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "reason",
    [
        PoolProxyError("Cannot connect to proxy.", ConnectionResetError("reset")),
        PoolProxyError("Cannot connect to proxy.", BrokenPipeError("pipe")),
    ],
)
def test_connection_a_proxy_drops_may_have_done_its_work(monkeypatch, reason):
    """What older libraries call by the same name as a proxy that is not there."""
    assert isinstance(broken_by(monkeypatch, reason), NoAnswer)


@pytest.mark.parametrize(
    "reason",
    [
        PoolProxyError("Cannot connect to proxy.", NewConnectionError(None, "refused")),
        NewConnectionError(None, "refused"),
        ConnectTimeoutError("slow"),
    ],
)
def test_no_connection_did_nothing(monkeypatch, reason):
    error = broken_by(monkeypatch, reason)
    assert isinstance(error, NothingSent)
    assert error.code == "no_connection"


def broken_by(monkeypatch, reason):
    """What becomes of an error below requests."""

    def urlopen(pool, method, url, **_options):
        raise MaxRetryError(pool, url, reason)

    monkeypatch.setattr("urllib3.connectionpool.HTTPConnectionPool.urlopen", urlopen)
    transport = Transport("Package", "http://127.0.0.1:1", 5)
    with pytest.raises((NoAnswer, NothingSent)) as caught:
        post(transport, transport.site)
    return caught.value


@pytest.mark.parametrize("address", ["http://[", "http://", "nowhere", "ftp://x/", "http://x:y/"])
def test_address_that_is_none(address):
    with pytest.raises(UnusableAddress):
        Transport("Package", SITE, 5).send("POST", address, headers={}, data=b"{}")


@pytest.mark.parametrize(
    ("broken", "written", "error"),
    [
        (UnusableAddress("x", code="address"), True, ConfigurationMissingError),
        (NothingSent("x", code="no_connection"), True, TemporaryError),
        (NoAnswer("x"), True, OutcomeUnknownError),
        (NoAnswer("x"), False, TemporaryError),
    ],
)
def test_what_is_told(broken, written, error):
    told = broken.as_package_error("Package, book", written=written, request="POST /book")
    assert type(told) is error
    assert (told.code, told.request) == (broken.code, "POST /book")
    assert str(told) == "Package, book: x"


@pytest.mark.parametrize(
    ("method", "busy", "times"), [("GET", (503,), 2), ("GET", (), 1), ("POST", (503,), 1)]
)
def test_read_of_a_busy_server_is_sent_once_more(serve, method, busy, times):
    """Only where the package asks for it: reads may be few a day."""
    server, transport = serve(lambda server, connection: server.tell(connection, head(503)))
    transport.busy = busy
    assert transport.send(method, f"{server.site}/x", headers={}).status == 503
    assert len(server.requests) == times


# Nothing is read without an end


def test_body_of_a_redirect_is_bounded(serve):
    def answer(server, connection):
        server.tell(connection, head(302, "Location: http://127.0.0.1/elsewhere"))
        for _part in range(50):
            server.tell(connection, b"x" * MEGABYTE)

    server, transport = serve(answer)
    with pytest.raises(NoAnswer) as caught:
        transport.send("POST", f"{server.site}/x", headers={}, data=b"{}", largest=MEGABYTE)
    assert caught.value.code == "too_large"
    transport.close()
    assert server.written < 25 * MEGABYTE


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
@pytest.mark.parametrize("length", ["Content-Length: 9000", "X: y"])
def test_answer_in_drops_is_given_up(serve, method, length):
    """Every drop is in time; all of them would keep a worker for hours."""

    def answer(server, connection):
        server.tell(connection, head(200, length) + b'{"d":')
        server.drip(connection)

    server, transport = serve(answer, timeout=0.2)
    body_needed = method != "PUT"
    options = {"headers": {}, "data": b"{}", "body_needed": body_needed}
    if body_needed:
        with pytest.raises(NoAnswer):
            transport.send(method, f"{server.site}/x", **options)
    else:
        transport.send(method, f"{server.site}/x", **options)
    assert len(server.requests) == 1
    server.close()
    assert not server.all_drops


# What is written in the log of the server


def test_repeated_read_names_nobody(serve, caplog):
    """The query may hold a customer's name."""

    def answer(server, connection):
        if len(server.requests) > 1:
            server.tell(connection, head(200, "Content-Length: 2") + b"{}")

    server, transport = serve(answer)
    address = f"{server.site}/x?$filter=Name eq 'Vandersmissen'"
    caplog.set_level("INFO")
    caplog.set_level("INFO", logger="odoo.addons")
    assert transport.send("GET", address, headers={}).status == 200
    assert len(server.requests) == 2
    assert "Vandersmissen" not in caplog.text
