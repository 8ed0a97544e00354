"""A server that does what no server should, one connection after the other."""

import socket
import threading
import time


class HostileServer:
    """Accepts a connection and lets ``behave(server, connection)`` do with it what it likes, until
    the client is gone. ``cut`` is how the client ended it, "" while it has not."""

    def __init__(self, behave):
        self.requests = 0
        self.received = 0
        self._behave = behave
        self._stopped = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        # no more than that is on its way unread
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 * 1024)
        self.port = self._socket.getsockname()[1]
        self.site = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while not self._stopped.is_set():
            try:
                connection, _address = self._socket.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                try:
                    self._behave(self, connection)
                except OSError:
                    continue

    def read_request(self, connection):
        """Read until the end of the headers; returns what was read."""
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(65536)
        self.requests += 1
        self.received += len(received)
        return received

    def repeat(self, connection, content, pause=0.01):
        """Send it again and again."""
        while self.pause(pause):
            connection.sendall(content)

    def pause(self, seconds):
        """False once the test is over."""
        return not self._stopped.wait(seconds)

    def wait(self):
        """Say nothing, until the test is over."""
        self._stopped.wait(5)

    def close(self):
        if self._stopped.is_set():
            return
        self._stopped.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)


class Stopwatch:
    """Seconds between entering and leaving it."""

    def __enter__(self):
        self._started = time.monotonic()
        return self

    def __exit__(self, *exception_details):
        self.seconds = time.monotonic() - self._started
