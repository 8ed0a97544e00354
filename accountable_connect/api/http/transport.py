"""One HTTP request and its answer, with bounds: where it goes, time, size, no redirects, and reads
alone repeated.

Errors differ by how far the request came: ``NothingSent`` did nothing, after ``NoAnswer``
nobody knows.
"""

import logging
import time
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    MaxRetryError,
    NewConnectionError,
    ProxyError,
)
from urllib3.util import parse_url

from ..errors import ConfigurationMissingError, DataRefusedError, PackageError, TemporaryError
from .addresses import NO_ADDRESS, read_address, target_problem
from .answers import no_usable_answer
from .bounded_connection import BoundedAdapter, Exchange
from .unpacking import ACCEPTED, UnknownCompression, unpacked

_logger = logging.getLogger(__name__)
_CHUNK = 64 * 1024
MEGABYTE = 1024 * 1024
ANSWER_TOO_LARGE = "too_large"
# An answer in a form that nobody asked for.
ANSWER_UNREADABLE = "no_json"
# What is too much to send, before anything of it was sent.
REQUEST_TOO_LARGE = "too_much_to_send"
_LATER = 0.2
# Bytes a second that even a slow line sends: 5 Mbit/s.
PACE = 625_000
# Seconds any call may take, with all that it sends: below what Odoo gives to a worker.
LONGEST = 100.0
# Addresses that were checked are known again: a few entrances of a service take most of the calls.
_MOST_KNOWN = 256
_LONGEST_KNOWN = 1000
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


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the server allows; the models know its configuration. ``allow_sandboxes``: plain
    ``http`` to this machine; ``longest``: seconds one call may take at most; ``until``: moment of
    ``time.monotonic`` by which all calls have to be over, because their worker ends."""

    allow_sandboxes: bool = True
    longest: float = LONGEST
    until: float | None = None


class TransportError(Exception):
    """No answer. ``code`` and ``values`` are for the sentence; the text names the kind of failure
    only."""

    # what the package raises where nothing was done
    error_class: type[PackageError] | None = None

    def __init__(self, text, *, code="no_answer", values=None):
        super().__init__(text)
        self.code = code
        self.values = values or {}

    def as_package_error(self, call: str, *, written: bool, **kwargs) -> PackageError:
        """The error of the package. ``call`` names the call for the log; ``written``: it could have
        booked something."""
        values = {**kwargs.pop("values", {}), **self.values}
        kwargs |= {"code": self.code, "technical": str(self), "values": values}
        text = f"{call}: {self}"
        if self.error_class:
            return self.error_class(text, **kwargs)
        return no_usable_answer(text, written=written, **kwargs)


class NothingSent(TransportError):
    """No connection came about: nothing was done."""

    error_class = TemporaryError


class UnusableAddress(NothingSent):
    """The address cannot be used at all."""

    error_class = ConfigurationMissingError


class RequestTooLarge(NothingSent):
    """What should be sent takes longer than any call may: so many bytes, of ``most``."""

    error_class = DataRefusedError

    def __init__(self, size: int, most: float):
        values = {"megabytes": size / MEGABYTE, "most_megabytes": most / MEGABYTE}
        super().__init__(
            f"{size} bytes are too many for one call",
            code=REQUEST_TOO_LARGE,
            values={name: f"{value:.1f}" for name, value in values.items()},
        )


class NoAnswer(TransportError):
    """Something was sent and no whole answer came back."""


class _Session(requests.Session):
    """Follows no redirect, and does not look where one leads: requests reads the whole of such an
    answer for that, however large."""

    def get_redirect_target(self, _response):
        return None

    def request_of(self, method, url, headers, data):
        """A request as ``prepare_request`` makes it, of a URL it has written already; what is the
        same for every call is not merged and read again. Raises what requests raises for headers
        that are none."""
        request = requests.PreparedRequest()
        request.method, request.url, request.body = method, url, data or None
        given = {**self.headers, **headers}
        request.prepare_headers({name: value for name, value in given.items() if value is not None})
        request.prepare_content_length(request.body)
        if len(self.cookies):
            request.prepare_cookies(self.cookies)
        return request


class Transport:
    """An HTTP session for one site of a package, whose name is for the log. ``timeout``: seconds
    for connecting and for each wait on data. From the first step to the last byte of the answer a
    call may take twice that, and what sending takes on a slow line; then it is given up. A read
    that is answered with one of ``busy`` is sent once more, a little later."""

    def __init__(
        self,
        package: str,
        site: str,
        timeout: float,
        busy: Collection[int] = (),
        bounds: Bounds | None = None,
    ):
        self.package = package
        self.site = site
        self.busy = busy
        self.timeout = timeout
        self.bounds = bounds or Bounds()
        self._exchange = Exchange(timeout)
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
            # not what else the libraries of the machine could decompress
            session.headers["Accept-Encoding"] = ACCEPTED
            site = read_address(self.site)
            if site and site.is_on_this_machine:
                # a proxy would get what is not encrypted because it stays on this machine
                session.proxies = {}
            for scheme in ("http://", "https://"):
                session.mount(scheme, BoundedAdapter(self._exchange))
        return self._session

    def send(
        self, method, address, *, headers, data=None, largest=32 * MEGABYTE, body_needed=True
    ) -> Answer:
        """Send one request; a GET once more where it met a broken connection or a server that is
        busy. ``body_needed`` False: a success is one whatever its body holds. Raises
        ``NothingSent`` or ``NoAnswer``."""
        url = self._url(address)
        started = time.monotonic()
        end = self._end(started, data)
        options = {
            "headers": headers,
            "data": data,
            "largest": largest,
            "body_needed": body_needed,
            "end": end,
        }
        if method == "GET":
            try:
                answer = self._send(method, url, **options)
                if answer.status not in self.busy:
                    return answer
            except TransportError as error:
                # a long wait is not repeated
                waited = time.monotonic() - started >= self.timeout
                useless = isinstance(error, UnusableAddress) or error.code in (
                    ANSWER_TOO_LARGE,
                    ANSWER_UNREADABLE,
                )
                if waited or useless:
                    raise
            time.sleep(_LATER)
        return self._send(method, url, **options)

    def _url(self, address):
        """The URL of a call, checked. Raises ``UnusableAddress``."""
        # nobody keeps the names of customers in a query, or what a hostile link brings
        is_kept = "?" not in address and len(address) <= _LONGEST_KNOWN
        checked = _checked_url if is_kept else _checked_url.__wrapped__
        return checked(self.site, address, self.bounds.allow_sandboxes)

    def _end(self, started, data):
        """The moment at which a call that begins now is given up. Raises ``RequestTooLarge`` for
        what does not go in the time there is for any call, ``NothingSent`` when this worker has no
        time left."""
        answering = min(2 * self.timeout, self.bounds.longest / 2)
        seconds = answering + len(data or b"") / PACE
        if seconds > self.bounds.longest:
            raise RequestTooLarge(len(data), (self.bounds.longest - answering) * PACE)
        end = started + seconds
        if self.bounds.until is None or end <= self.bounds.until:
            return end
        if end - answering / 2 > self.bounds.until:
            raise NothingSent("the worker has no time left for the call", code="no_time")
        return self.bounds.until

    def _send(self, method, url, *, headers, data, largest, body_needed, end):
        mark, started = uuid.uuid4().hex[:8], time.monotonic()
        status, content = None, b""
        self._exchange.begin(end, largest)
        try:
            request = self._prepared(method, url, headers, data)
            with self.session.send(
                request, timeout=self.timeout, stream=True, allow_redirects=False
            ) as response:
                status = response.status_code
                if body_needed or not 200 <= status < 300:
                    content = self._read(response, largest)
                else:
                    self._read_away(response)
                return Answer(status, response.headers, content)
        except (requests.exceptions.RequestException, HTTPError, ValueError) as error:
            raise self._transport_error(error) from error
        finally:
            # without the query: it may name a customer
            _logger.info(
                "%s %s %s %s: %s in %d ms, %d bytes",
                self.package,
                mark,
                method,
                path_of(url),
                status or "no answer",
                (time.monotonic() - started) * 1000,
                len(content),
            )

    def _prepared(self, method, url, headers, data):
        try:
            return self.session.request_of(method, url, headers, data)
        except (requests.exceptions.RequestException, ValueError) as error:
            raise _unusable_address(type(error).__name__) from error

    def _read(self, response, largest):
        parts, size = [], 0
        received = response.raw.stream(_CHUNK, decode_content=False)
        for part in unpacked(received, response.headers.get("Content-Encoding", "")):
            size += len(part)
            if size > largest:
                raise _too_large(largest)
            parts.append(part)
        return b"".join(parts)

    def _read_away(self, response):
        """Read a short body that nobody needs, so that the same connection serves the next call. A
        body that breaks off ends the connection and is no error."""
        length = response.headers.get("Content-Length", "")
        if length.isdigit() and int(length) <= _CHUNK:
            response.raw.drain_conn()

    def _transport_error(self, error):
        if self._exchange.is_too_large:
            return _too_large(self._exchange.largest)
        return _transport_error(error, self._exchange.only_connected)

    def close(self) -> None:
        """Release the connection."""
        if self._session:
            self._session.close()
            self._session = None


def path_of(address: str) -> str:
    """The path of an address, for errors and the log; never its query."""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


@lru_cache(maxsize=_MOST_KNOWN)
def _checked_url(site, address, allow_sandboxes):
    """The URL by which the library calls an address. Each call goes to the site itself, also where
    the package gave the address, and that may take what we send; the library has to read it as we
    do. Raises ``UnusableAddress``."""
    own, target = read_address(site), read_address(address)
    if target is None or own is None or target.origin != own.origin:
        raise _unusable_address("not at the site")
    problem = target_problem(target, allow_sandboxes)
    if problem:
        raise _unusable_address("no safe address", problem)
    request = requests.PreparedRequest()
    try:
        request.prepare_url(address, None)
        meant = parse_url(request.url)
    except (requests.exceptions.RequestException, ValueError) as error:
        raise _unusable_address(type(error).__name__) from error
    # as the library that calls reads it
    port = meant.port or target.port
    if (meant.scheme, (meant.host or "").strip("[]"), port) != target.origin:
        raise _unusable_address("read in two ways")
    return request.url


def _unusable_address(reason, code=NO_ADDRESS) -> TransportError:
    return UnusableAddress(f"the address cannot be used ({reason})", code=code)


def _too_large(largest) -> TransportError:
    return NoAnswer(f"the answer is larger than {largest} bytes", code=ANSWER_TOO_LARGE)


def _transport_error(error, only_connected) -> TransportError:
    """What an error of an exchange means. Only what surely came before anything was sent did
    nothing: an answer may be broken in many ways, and older libraries call a proxy that drops a
    connection by the same name as one that is not there.

    :param only_connected: the connection never came so far that the request was sent
    """
    name = type(error).__name__
    if isinstance(error, UnknownCompression):
        return NoAnswer(str(error), code=ANSWER_UNREADABLE)
    if isinstance(error, _UNUSABLE):
        return _unusable_address(name)
    reason = error.args[0] if error.args else None
    if isinstance(reason, MaxRetryError):
        reason = reason.reason
    if isinstance(reason, ProxyError):
        reason = reason.original_error
    if only_connected or isinstance(reason, NewConnectionError | ConnectTimeoutError):
        return NothingSent(f"no connection ({name})", code="no_connection")
    return NoAnswer(f"no answer ({name})")
