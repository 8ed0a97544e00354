"""One HTTP request and its answer, with bounds: time, size, no redirects, and reads alone repeated.

What went wrong is told by how far the request came: ``NotSent`` did nothing, after ``NoAnswer``
nobody knows.
"""

import logging
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError
from urllib3.util.retry import Retry

_logger = logging.getLogger(__name__)
_CHUNK = 64 * 1024
MEGABYTE = 1024 * 1024
_NEVER = Retry(total=0, connect=0, read=0, redirect=0, status=0, other=0)
_READS = Retry(
    total=2,
    connect=1,
    read=1,
    redirect=0,
    status=1,
    other=0,
    allowed_methods={"GET"},
    status_forcelist={502, 503, 504},
    raise_on_status=False,
    # a header must not make a worker sleep
    respect_retry_after_header=False,
    backoff_factor=0.2,
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


class NotSent(Broken):
    """No connection came about: nothing was done."""


class BadAddress(NotSent):
    """The address cannot be used at all."""


class NoAnswer(Broken):
    """Something was sent and no whole answer came back."""


class _RepeatedReads(HTTPAdapter):
    """Repeats a GET once; nothing else, not even where only connecting failed."""

    def send(self, request, *args, **kwargs):
        self.max_retries = _READS if request.method == "GET" else _NEVER
        return super().send(request, *args, **kwargs)


class Transport:
    """An HTTP session for one site. ``timeout``: seconds for connecting and for each wait on data;
    an answer that takes longer than twice that is given up."""

    def __init__(self, site: str, timeout: float):
        self.site = site
        self.timeout = timeout
        self._session: requests.Session | None = None

    @property
    def session(self) -> requests.Session:
        if self._session is None:
            session = self._session = requests.Session()
            session.mount("https://", _RepeatedReads())
            session.mount("http://", _RepeatedReads())
            # Proxies and certificates of the machine, read once and not for every call; no
            # password of a .netrc is added to a call.
            found = session.merge_environment_settings(self.site, {}, None, None, None)
            session.proxies, session.verify = found["proxies"], found["verify"]
            session.trust_env = False
        return self._session

    def send(
        self, method, address, *, headers, data=None, largest=32 * MEGABYTE, body_needed=True
    ) -> Answer:
        """Send one request. ``body_needed`` False: a success is one whatever its body holds. Raises
        ``NotSent`` or ``NoAnswer``."""
        mark, started = uuid.uuid4().hex[:8], time.monotonic()
        status, content = None, b""
        try:
            with self.session.request(
                method,
                address,
                data=data,
                headers=headers,
                timeout=self.timeout,
                stream=True,
                allow_redirects=False,
            ) as response:
                status = response.status_code
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
                "Exact %s %s %s: %s in %d ms, %d bytes",
                mark,
                method,
                path_of(address),
                status or "no answer",
                (time.monotonic() - started) * 1000,
                len(content),
            )

    def _read(self, response, largest, started):
        parts, size = [], 0
        for part in response.iter_content(_CHUNK):
            size += len(part)
            if size > largest:
                raise NoAnswer(f"the answer is larger than {largest} bytes", code="too_large")
            if time.monotonic() - started > 2 * self.timeout:
                raise NoAnswer("the answer takes too long")
            parts.append(part)
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


def path_of(address: str) -> str:
    """The path of an address, for errors and the log; never its query."""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def _broken(error) -> Broken:
    name = type(error).__name__
    reason = error.args[0] if error.args else None
    if isinstance(reason, MaxRetryError):
        reason = reason.reason
    if isinstance(error, ValueError):
        return BadAddress(f"the address cannot be used ({name})", code="address")
    if isinstance(error, requests.exceptions.ProxyError) or isinstance(
        reason, NewConnectionError | ConnectTimeoutError
    ):
        return NotSent(f"no connection ({name})", code="no_connection")
    return NoAnswer(f"no answer ({name})")
