"""One HTTP request and its answer, with bounds: time, size, no redirects, and reads alone repeated.

What went wrong is told by how far the request came: ``NotSent`` did nothing, after ``NoAnswer``
nobody knows.
"""

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Collection, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import (
    ConnectTimeoutError,
    MaxRetryError,
    NewConnectionError,
    ProxyError,
)

from .answers import no_usable_answer
from .errors import ConfigurationMissingError, PackageError, TemporaryError

_logger = logging.getLogger(__name__)
_CHUNK = 64 * 1024
MEGABYTE = 1024 * 1024
TOO_LARGE = "too_large"
_LATER = 0.2
# What is wrong before anything is sent.
_UNUSABLE = (
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """``headers`` in any case; ``content`` empty where the body is of no use."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class Broken(Exception):
    """No answer. ``code`` is for the sentence; the text names the kind of failure only."""

    def __init__(self, text, *, code="no_answer"):
        super().__init__(text)
        self.code = code

    def told(self, call: str, *, written: bool, **kwargs) -> PackageError:
        """The error of the package. ``call`` names the call for the log; ``written``: it could have
        booked something."""
        kwargs |= {"code": self.code, "technical": str(self)}
        text = f"{call}: {self}"
        if isinstance(self, BadAddress):
            return ConfigurationMissingError(text, **kwargs)
        if isinstance(self, NotSent):
            return TemporaryError(text, **kwargs)
        return no_usable_answer(text, written=written, **kwargs)


class NotSent(Broken):
    """No connection came about: nothing was done."""


class BadAddress(NotSent):
    """The address cannot be used at all."""


class NoAnswer(Broken):
    """Something was sent and no whole answer came back."""


class _Session(requests.Session):
    """Follows no redirect, and does not look where one leads: requests reads the whole of such an
    answer for that, however large."""

    def get_redirect_target(self, _response):
        return None


class Transport:
    """An HTTP session for one site of a package, whose name is for the log. ``timeout``: seconds
    for connecting and for each wait on data; an answer that takes longer than twice that is given
    up. A read that is answered with one of ``busy`` is sent once more, a little later."""

    def __init__(self, package: str, site: str, timeout: float, busy: Collection[int] = ()):
        self.package = package
        self.site = site
        self.busy = busy
        self.timeout = timeout
        self._session: requests.Session | None = None

    @property
    def session(self) -> requests.Session:
        if self._session is None:
            session = self._session = _Session()
            # Proxies and certificates of the machine, read once and not for every call; no
            # password of a .netrc is added to a call.
            found = session.merge_environment_settings(self.site, {}, None, None, None)
            session.proxies, session.verify = found["proxies"], found["verify"]
            session.trust_env = False
        return self._session

    def send(
        self, method, address, *, headers, data=None, largest=32 * MEGABYTE, body_needed=True
    ) -> Answer:
        """Send one request; a GET once more where it met a broken connection or a server that is
        busy. ``body_needed`` False: a success is one whatever its body holds. Raises ``NotSent`` or
        ``NoAnswer``."""
        started = time.monotonic()
        options = {
            "headers": headers,
            "data": data,
            "largest": largest,
            "body_needed": body_needed,
        }
        if method == "GET":
            try:
                answer = self._send(method, address, **options)
                if answer.status not in self.busy:
                    return answer
            except Broken as error:
                # who waited long does not wait twice
                waited = time.monotonic() - started >= self.timeout
                if waited or isinstance(error, BadAddress) or error.code == TOO_LARGE:
                    raise
            time.sleep(_LATER)
        return self._send(method, address, **options)

    def _send(self, method, address, *, headers, data, largest, body_needed):
        mark, started = uuid.uuid4().hex[:8], time.monotonic()
        status, content = None, b""
        try:
            request = self._prepared(method, address, headers, data)
            with self.session.send(
                request, timeout=self.timeout, stream=True, allow_redirects=False
            ) as response:
                status = response.status_code
                with _hung_up_after(response, started + 2 * self.timeout):
                    if body_needed or not 200 <= status < 300:
                        content = self._read(response, largest, started)
                    else:
                        self._read_away(response)
                return Answer(status, response.headers, content)
        except (requests.exceptions.RequestException, ValueError) as error:
            raise _broken(error) from error
        finally:
            # without the query: it may name a customer
            _logger.info(
                "%s %s %s %s: %s in %d ms, %d bytes",
                self.package,
                mark,
                method,
                path_of(address),
                status or "no answer",
                (time.monotonic() - started) * 1000,
                len(content),
            )

    def _prepared(self, method, address, headers, data):
        try:
            return self.session.prepare_request(
                requests.Request(method, address, headers=headers, data=data)
            )
        except (requests.exceptions.RequestException, ValueError) as error:
            raise _bad_address(error) from error

    def _read(self, response, largest, started):
        parts, size = [], 0
        for part in response.iter_content(_CHUNK):
            size += len(part)
            if size > largest:
                raise NoAnswer(f"the answer is larger than {largest} bytes", code=TOO_LARGE)
            parts.append(part)
            if time.monotonic() - started > 2 * self.timeout:
                break
        if time.monotonic() - started > 2 * self.timeout:
            raise NoAnswer("the answer takes too long")
        return b"".join(parts)

    def _read_away(self, response):
        """Read a short body that nobody needs, so that the same connection serves the next call. A
        body that breaks off ends the connection and is no error."""
        length = response.headers.get("Content-Length", "")
        if length.isdigit() and int(length) <= _CHUNK:
            response.raw.drain_conn()

    def close(self) -> None:
        """Release the connection."""
        if self._session:
            self._session.close()
            self._session = None


@contextmanager
def _hung_up_after(response, end):
    """Ends the connection at that moment (of ``time.monotonic``), whoever waits for it: an answer
    that comes in drops, each of them in time, would keep a worker for hours."""
    try:
        # a handle of our own: the other one may be closed, and its number be somebody else's
        connection = socket.socket(fileno=os.dup(response.raw.fileno()))
    except (AttributeError, OSError, ValueError):  # nothing is left to read
        yield
        return

    def hang_up():
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(end - time.monotonic(), 0), hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        connection.close()


def path_of(address: str) -> str:
    """The path of an address, for errors and the log; never its query."""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def _bad_address(error) -> Broken:
    return BadAddress(f"the address cannot be used ({type(error).__name__})", code="address")


def _broken(error) -> Broken:
    """What an error of an exchange means. Only what surely came before anything was sent did
    nothing: an answer may be broken in many ways, and older libraries call a proxy that drops a
    connection by the same name as one that is not there."""
    name = type(error).__name__
    if isinstance(error, _UNUSABLE):
        return _bad_address(error)
    reason = error.args[0] if error.args else None
    if isinstance(reason, MaxRetryError):
        reason = reason.reason
    if isinstance(reason, ProxyError):
        reason = reason.original_error
    if isinstance(reason, NewConnectionError | ConnectTimeoutError):
        return NotSent(f"no connection ({name})", code="no_connection")
    return NoAnswer(f"no answer ({name})")
