"""What clients of services that speak JSON share; a package says what its calls and answers mean.

A call that could book something is sent once, and no answer to it is ``OutcomeUnknownError``; a
read may be repeated. Pages are followed on the service's own site only, and come to an end.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import ClassVar

from ..contract import CallBudget
from ..errors import DataRefusedError, PackageError
from .addresses import linked_address, read_address
from .answers import no_usable_answer
from .masking import masked
from .payloads import to_json
from .transport import MEGABYTE, Answer, Bounds, Transport, TransportError, path_of

MOST_PAGES = 10_000
# Of an answer that cannot be used so much is shown to managers.
LONGEST_QUOTE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call. ``name`` is counted, and names it in the log; ``request`` names it for managers;
    ``writes``: it could book something; ``body``: bytes to send, None for none; ``values`` go into
    an error for its sentence; ``largest``: most bytes of the answer; ``reads_body`` False: a
    success is one whatever its body holds; ``per_day``: most calls a day, None for any number."""

    name: str
    method: str
    address: str
    request: str
    writes: bool
    body: bytes | None = None
    values: dict = field(default_factory=dict)
    largest: int = 2 * MEGABYTE
    reads_body: bool = True
    per_day: int | None = None


class JsonClient:
    """Calls to one site. ``timeout`` is in seconds, for connecting and for each wait on data; a
    call that takes longer than twice that, and what it sends, is given up. ``now`` gives the
    present moment with its zone; ``bounds`` are those of the server."""

    # Its name in the log.
    package: ClassVar[str]
    # Statuses after which a read is sent once more.
    busy: ClassVar[tuple[int, ...]] = ()
    # Where its pages lie, below the site.
    root: ClassVar[str] = "/"

    def __init__(
        self,
        site: str,
        *,
        budget: CallBudget,
        timeout: float = 20.0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        bounds: Bounds | None = None,
    ):
        self.site = site.rstrip("/")
        self.now = now
        self._budget = budget
        self._transport = Transport(self.package, self.site, timeout, busy=self.busy, bounds=bounds)

    def close(self) -> None:
        """Release the HTTP connection."""
        self._transport.close()

    def _masked(self, content: bytes, sent: Iterable[str | None] = ()) -> bytes:
        """The content without what no error may quote, ``sent`` among it."""
        return masked(content, sent)

    def _written(self, name: str, body, **details) -> bytes | None:
        """A body as it is sent, None for None. Raises DataRefusedError ``number`` with these
        details for an amount that JSON does not keep."""
        try:
            return None if body is None else to_json(body)
        except ValueError as error:
            raise DataRefusedError(
                f"{self.package}, {name}: {error}", code="number", **details
            ) from error

    def _send(self, call: Call, headers: dict[str, str]) -> Answer:
        """Count the call and send it. Raises the error of the package when no whole answer came."""
        self._budget.spend(call.name, call.per_day)
        try:
            return self._transport.send(
                call.method,
                call.address,
                headers={**headers, "Accept": "application/json"},
                data=call.body,
                largest=call.largest,
                body_needed=call.reads_body,
            )
        except TransportError as error:
            raise error.as_package_error(
                f"{self.package}, {call.name}",
                written=call.writes,
                request=call.request,
                values=dict(call.values),
            ) from error

    def _unusable(
        self, call: Call, text: str, content: bytes = b"", *, sent: Iterable[str | None] = ()
    ) -> PackageError:
        """The error for an answer that is not what is documented; ``technical`` quotes its
        beginning, without secrets."""
        quoted = self._masked(content, sent)[:LONGEST_QUOTE].decode(errors="replace")
        return no_usable_answer(
            f"{self.package}, {call.name}: {text}",
            written=call.writes,
            code="no_json",
            technical=f"{text} {quoted}".strip(),
            request=call.request,
        )

    def _pages(
        self, call: Call, read: Callable[[Call], tuple[Iterable[dict], str | None]]
    ) -> Iterator[dict]:
        """The rows of all pages. ``read`` gives those of the page a call asks for, and the address
        of the next page, None on the last one."""
        seen, page = set(), call
        while page:
            seen.add(page.address)
            if len(seen) > MOST_PAGES:
                raise self._unusable(call, "pages without an end")
            rows, link = read(page)
            yield from rows
            page = self._next_page(page, link)
            if page and page.address in seen:
                raise self._unusable(call, "a page that is its own next one")

    def _next_page(self, page, link):
        """The call for the page that a link leads to. The token goes with it, so it never leaves
        the site."""
        if link is None:
            return None
        if not isinstance(link, str):
            raise self._unusable(page, "no address of the next page")
        following = linked_address(link, page.address)
        target, own = read_address(following), read_address(self.site)
        same = target is not None and own is not None and target.origin == own.origin
        if not same or not target.path.startswith(own.path + self.root):
            raise self._unusable(page, "the next page lies elsewhere")
        return replace(page, address=following, request=f"{page.method} {path_of(following)}")
