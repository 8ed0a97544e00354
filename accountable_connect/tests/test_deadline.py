"""One deadline for the whole exchange, whatever the other side does to keep it going."""

import socket
import threading
import time

import pytest
from odoo.addons.accountable_connect.api.errors import (
    DataRefusedError,
    OutcomeUnknownError,
    TemporaryError,
)
from odoo.addons.accountable_connect.api.http import bounded_connection, transport
from odoo.addons.accountable_connect.api.http.transport import Bounds, NothingSent, Transport

from .hostile_server import HostileServer, Stopwatch

TIMEOUT = 0.15
# twice the timeout is the deadline; the rest is for a slow machine
IN_TIME = 1.2
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def after_request(content, then=b"", pause=0.01):
    """Sends ``content``, then ``then`` for ever, once the request is there."""

    def behave(server, connection):
        server.read_request(connection)
        connection.sendall(content)
        if then:
            server.repeat(connection, then, pause)
        server.wait()

    return behave


ENDLESS = {
    "drops of headers": after_request(OK, b"X"),
    "headers": after_request(OK, b"X-A: b\r\n", 0.02),
    "status line": after_request(b"HTTP/1.1 200 ", b"x"),
    "100 Continue": after_request(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "100 Continue with headers": after_request(b"", b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n"),
    "drops of the body": after_request(OK + b"Content-Length: 9000\r\n\r\n", b" "),
    "body without a length": after_request(OK + b"\r\n", b" "),
    "drops of chunks": after_request(CHUNKED, b"1\r\n \r\n"),
    "extension of a chunk": after_request(CHUNKED + b"1;", b"x"),
    "trailers": after_request(CHUNKED + b"0\r\n", b"X: y\r\n"),
    "nothing": after_request(b""),
}


@pytest.fixture
def serve():
    made = []

    def make(behave, timeout=TIMEOUT, **bounds):
        server = HostileServer(behave)
        client = Transport("Package", server.site, timeout, bounds=Bounds(**bounds))
        made.extend([client, server])
        return server, client

    yield make
    for one in made:
        one.close()


def call(client, method="POST", data=b"{}", address="/x", **options):
    """The error a package's client tells."""
    with Stopwatch() as watch, pytest.raises(transport.TransportError) as caught:
        client.send(method, client.site + address, headers={}, data=data, **options)
    assert watch.seconds < IN_TIME
    return caught.value.as_package_error("Package, x", written=method != "GET")


@pytest.mark.parametrize("behaviour", ENDLESS)
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_answer_that_never_ends(serve, behaviour, method):
    """What may have booked something is unknown, and never tried again as if nothing was done."""
    server, client = serve(ENDLESS[behaviour])
    error = call(client, method, None if method == "GET" else b"{}")
    assert type(error) is (TemporaryError if method == "GET" else OutcomeUnknownError)
    assert server.requests == 1


def test_deadline_holds_for_the_next_answer_on_the_same_connection(serve):
    def behave(server, connection):
        server.read_request(connection)
        connection.sendall(OK + b"Content-Length: 2\r\n\r\n{}")
        server.read_request(connection)
        server.repeat(connection, b"HTTP/1.1 100 Continue\r\n\r\n")

    server, client = serve(behave)
    assert client.send("GET", f"{client.site}/x", headers={}).content == b"{}"
    assert type(call(client)) is OutcomeUnknownError
    assert server.requests == 2


def test_line_without_an_end_does_not_fill_the_memory(serve):
    """A chunk's extension is read as one line, however long."""
    server, client = serve(after_request(CHUNKED + b"1;", b"x" * 1024 * 1024, 0), timeout=5)
    with Stopwatch() as watch, pytest.raises(transport.NoAnswer):
        client.send("POST", f"{client.site}/x", headers={}, data=b"{}", largest=1024)
    # long before the deadline of ten seconds
    assert watch.seconds < 3
    assert server.requests == 1


def test_server_that_reads_slowly(serve, monkeypatch):
    """Each piece is taken in time, all of them never."""

    def behave(server, connection):
        server.read_request(connection)
        while server.pause(0.02) and (piece := connection.recv(4096)):
            server.received += len(piece)

    server, client = serve(behave, timeout=0.2)
    # as if the line were fast, so that nobody has to wait for the deadline of so many bytes
    monkeypatch.setattr(transport, "PACE", 10**12)
    error = call(client, data=b"x" * 20 * 1024 * 1024)
    assert type(error) is OutcomeUnknownError
    assert server.received > 4096


def test_way_that_is_slow_but_good_has_its_time(serve, monkeypatch):
    """The timeout is for each piece that is sent, not for all of them."""
    connect = bounded_connection._BoundedConnection._new_conn

    def with_a_small_buffer(connection):
        sock = connect(connection)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 32 * 1024)
        return sock

    monkeypatch.setattr(bounded_connection._BoundedConnection, "_new_conn", with_a_small_buffer)

    def behave(server, connection):
        server.read_request(connection)
        while server.received < 1024 * 1024:
            server.received += len(connection.recv(16 * 1024))
            server.pause(0.01)
        connection.sendall(OK + b"Content-Length: 0\r\n\r\n")

    _server, client = serve(behave, timeout=0.25)
    with Stopwatch() as watch:
        answer = client.send("POST", f"{client.site}/x", headers={}, data=b"x" * 1024 * 1024)
    assert answer.status == 200
    assert watch.seconds > 2 * client.timeout


def test_tls_that_never_comes_about(serve):
    """Nothing was sent, so that it may be sent again."""

    def behave(server, connection):
        connection.recv(65536)
        # a handshake record that says it is longer than what follows
        connection.sendall(b"\x16\x03\x03\x40\x00")
        server.repeat(connection, b"\x00")

    server, _client = serve(behave)
    client = Transport("Package", server.site.replace("http:", "https:"), TIMEOUT)
    assert type(call(client)) is TemporaryError
    client.close()


def test_name_server_that_never_answers(monkeypatch):
    asked = threading.Event()

    def getaddrinfo(*_arguments, **_options):
        asked.set()
        time.sleep(1)
        raise OSError

    monkeypatch.setattr(bounded_connection.socket, "getaddrinfo", getaddrinfo)
    client = Transport("Package", "https://package.example", TIMEOUT)
    with Stopwatch() as watch, pytest.raises(NothingSent) as caught:
        client.send("POST", "https://package.example/x", headers={}, data=b"{}")
    assert asked.is_set()
    assert watch.seconds < 0.9
    assert caught.value.code == "no_connection"


def test_all_addresses_of_a_host_share_the_time(monkeypatch):
    """A host may have a hundred addresses that never answer."""
    tried = []

    def found(*_arguments, **_options):
        return [(2, 1, 6, "", (f"192.0.2.{number}", 443)) for number in range(1, 100)]

    def create_connection(address, timeout, **_options):
        tried.append(address)
        time.sleep(timeout)
        raise TimeoutError

    monkeypatch.setattr(bounded_connection.socket, "getaddrinfo", found)
    monkeypatch.setattr("urllib3.util.connection.create_connection", create_connection)
    client = Transport("Package", "https://package.example", TIMEOUT)
    assert type(call(client)) is TemporaryError
    assert 1 <= len(tried) <= 3


# How long a call may take


def test_deadline_grows_with_what_is_sent():
    client = Transport("Package", "https://package.example", 20)
    assert client._end(0, b"x" * 33_000_000) >= 55
    assert client._end(0, b"x" * 33_000_000) < 120
    assert client._end(0, b"{}") < 41


def test_what_never_fits_is_refused_before_anything_is_sent(serve):
    server, client = serve(after_request(OK), timeout=20)
    error = call(client, data=b"x" * 40_000_000)
    assert type(error) is DataRefusedError
    assert error.code == "too_much_to_send"
    assert error.values == {"megabytes": "38.1", "most_megabytes": "35.8"}
    assert not server.requests


def test_small_calls_fit_whatever_the_server_allows():
    client = Transport("Package", "https://package.example", 20, bounds=Bounds(longest=10))
    assert client._end(0, b"{}") < 10
    assert client._end(0, None) < 10
    with pytest.raises(transport.RequestTooLarge):
        client._end(0, b"x" * 5_000_000)


def test_worker_without_time_begins_nothing(serve):
    server, client = serve(after_request(OK), timeout=1, until=time.monotonic())
    error = call(client)
    assert type(error) is TemporaryError
    assert error.code == "no_time"
    assert not server.requests


def test_call_ends_with_its_worker(serve):
    _server, client = serve(ENDLESS["100 Continue"], timeout=0.5, until=time.monotonic() + 0.6)
    assert type(call(client)) is OutcomeUnknownError
