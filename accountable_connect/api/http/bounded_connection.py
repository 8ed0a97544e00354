"""Connections that end in time: one deadline for a whole exchange, whatever the other side does.

The timeouts of the libraries are for each operation of a socket: a server that sends a byte in
time, again and again, is never late. Here every wait gets what is left until the deadline: finding
the address, connecting, TLS, each piece that is sent, and each piece of headers and body that is
read. Works in any thread, since nothing of it needs a signal, and starts none but to ask for the
address of a name, once for the calls of a minute.
"""

import http.client
import io
import os
import queue
import socket
import ssl
import threading
import time
from functools import lru_cache
from ipaddress import ip_address

from requests.adapters import HTTPAdapter
from urllib3 import ProxyManager
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util.ssl_ import create_urllib3_context, resolve_cert_reqs

# Seconds for which the addresses of a name are used again.
ADDRESSES_HOLD = 60.0
_PIECE = 64 * 1024
# What headers and chunks may add to a body.
_FRAME = 1024 * 1024


class Exchange:
    """The exchange a session is busy with: ``timeout`` is in seconds, for each wait."""

    def __init__(self, timeout: float):
        self.timeout = timeout
        # host and port → until when they are used, its addresses
        self.found: dict[tuple[str, int], tuple[float, list[str]]] = {}
        self.begin(time.monotonic() + timeout, 0)

    def begin(self, end: float, largest: int):
        """Another one, to be over at ``end`` (of ``time.monotonic``), whose answer has so many
        bytes at most."""
        self.end = end
        self.largest = largest
        self.is_too_large = False
        # None while it is not known, as with a connection that is not ours
        self.only_connected: bool | None = None
        self._left = 2 * largest + _FRAME

    def wait(self) -> float:
        """Seconds the next wait may take. Raises ``TimeoutError`` when the time is over."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the exchange takes too long")
        return min(self.timeout, left)

    def count(self, received: int):
        """Raises ``OSError`` when more was received than anybody asked for, also where it is no
        body: a line without an end would fill the memory."""
        self._left -= received
        if self._left < 0:
            self.is_too_large = True
            raise OSError("the answer is too large")


class BoundedAdapter(HTTPAdapter):
    """The adapter of a session whose connections belong to one exchange at a time, and whose calls
    go to one site with the same proxies and certificates: the pool of the first one serves all."""

    def __init__(self, exchange: Exchange):
        self._exchange = exchange
        self._pool: HTTPConnectionPool | None = None
        super().__init__()

    def get_connection_with_tls_context(self, *args, **kwargs):
        if self._pool is None:
            self._pool = super().get_connection_with_tls_context(*args, **kwargs)
        return self._pool

    def get_connection(self, *args, **kwargs):
        # of a library before requests 2.32
        if self._pool is None:
            self._pool = super().get_connection(*args, **kwargs)
        return self._pool

    def close(self):
        self._pool = None
        return super().close()

    def init_poolmanager(self, *args, **kwargs):
        result = super().init_poolmanager(*args, **kwargs)
        self._bound(self.poolmanager)
        return result

    def proxy_manager_for(self, proxy, **kwargs):
        known = proxy in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **kwargs)
        if not known and isinstance(manager, ProxyManager):
            self._bound(manager)
        return manager

    def _bound(self, manager):
        manager.pool_classes_by_scheme = {
            "http": _pool_class(HTTPConnectionPool, self._exchange),
            "https": _pool_class(HTTPSConnectionPool, self._exchange),
        }


def _pool_class(base, of_exchange):
    """A class of pools whose connections know the exchange: the library makes them by class."""

    class Response(_BoundedResponse):
        exchange = of_exchange

    class Connection(_BoundedConnection, base.ConnectionCls):
        exchange = of_exchange
        response_class = Response

    class Pool(base):
        ConnectionCls = Connection

    return Pool


class _BoundedConnection:
    """Comes before a connection class of urllib3, 1.26 or 2."""

    exchange: Exchange
    _is_request = False

    def connect(self):
        # what is sent meanwhile opens the way through a proxy
        self._is_request = False
        self.exchange.only_connected = True
        self._use_known_certificates()
        return super().connect()

    def _use_known_certificates(self):
        """Reading the certificates of all authorities is dearer than the whole exchange. They are
        no secret, and the same for all sessions that trust the same file."""
        bundle = getattr(self, "ca_certs", None)
        # a proxy that is spoken to in TLS itself needs the file too
        if not bundle or self.proxy or not os.path.isfile(bundle):
            return
        if resolve_cert_reqs(self.cert_reqs) == ssl.CERT_REQUIRED:
            state = os.stat(bundle)
            self.ssl_context = _trusting(bundle, state.st_mtime_ns, state.st_size)
            self.ca_certs = None

    def _new_conn(self):
        """A connected socket: each of the host's addresses is tried in the time that is left."""
        host, timeout = self._dns_host, self.timeout
        try:
            for number in self._addresses(host):
                self._dns_host, self.timeout = number, self._wait()
                try:
                    return super()._new_conn()
                except (NewConnectionError, ConnectTimeoutError) as error:
                    refused = error
        finally:
            self._dns_host, self.timeout = host, timeout
        self.exchange.found.pop((host, self.port), None)
        raise refused

    def _addresses(self, host):
        """The numeric addresses of a host."""
        number = _numeric(host)
        if number:
            return [number]
        until, found = self.exchange.found.get((host, self.port), (0.0, []))
        if time.monotonic() >= until:
            found = _found(self, host, self.port)
            self.exchange.found[host, self.port] = time.monotonic() + ADDRESSES_HOLD, found
        return found

    def _wait(self):
        try:
            return self.exchange.wait()
        except TimeoutError as error:
            raise ConnectTimeoutError(self, str(error)) from error

    def putrequest(self, *args, **kwargs):
        self._is_request = True
        return super().putrequest(*args, **kwargs)

    def send(self, data):
        """Send it piece by piece: a slow line may take longer for all of it than for any piece."""
        is_request = self._is_request
        if self.sock is None and self.auto_open:
            self.connect()
        if is_request:
            self._is_request = True
            self.exchange.only_connected = False
        if not isinstance(data, bytes):
            return super().send(data)
        whole = memoryview(data)
        for start in range(0, len(whole), _PIECE):
            self.sock.settimeout(self.exchange.wait())
            super().send(whole[start : start + _PIECE])
        return None


def _numeric(host):
    """The address that a host is already, "" for a name."""
    try:
        return str(ip_address(host.strip("[]")))
    except ValueError:
        return ""


@lru_cache(maxsize=4)
def _trusting(bundle, _changed, _size):
    """A context that trusts the authorities of this file and checks names; read again once the file
    changed. Nothing of a session stays in it."""
    context = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED)
    context.load_verify_locations(bundle)
    return context


def _found(connection, host, port):
    """The numeric addresses of a host. The system knows no timeout for asking, so that a thread
    asks, which nobody waits for any longer than there is time."""
    answers = queue.SimpleQueue()

    def ask():
        try:
            answers.put(socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, name="accountable_connect.dns", daemon=True).start()
    try:
        answer = answers.get(timeout=connection._wait())
    except queue.Empty as error:
        raise ConnectTimeoutError(connection, "the name server does not answer") from error
    if isinstance(answer, Exception):
        raise NewConnectionError(connection, f"no such host: {answer}") from answer
    return list(dict.fromkeys(one[4][0] for one in answer))


class _BoundedResponse(http.client.HTTPResponse):
    """Reads through ``_Reading``, headers too."""

    exchange: Exchange

    def __init__(self, sock, *args, **kwargs):
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_Reading(self.fp.detach(), sock, self.exchange))


class _Reading(io.RawIOBase):
    """What a socket receives, each piece in the time that is left."""

    def __init__(self, raw, sock, exchange):
        self._raw = raw
        self._sock = sock
        self._exchange = exchange

    def readable(self):
        return True

    def fileno(self):
        return self._raw.fileno()

    def readinto(self, buffer):
        self._sock.settimeout(self._exchange.wait())
        received = self._raw.readinto(buffer)
        self._exchange.count(received or 0)
        return received

    def close(self):
        if not self.closed:
            self._raw.close()
        return super().close()
