"""Client of the Exact Online REST service: paging, typed errors, and what is never repeated.

A call goes through four rooms: the limits (``limits``: may it be sent?), the chain of tokens
(``tokens``), one HTTP exchange (``transport``), and the meaning of its answer (``refusals``). A GET
may be repeated; a write is sent once, and no answer to it is ``OutcomeUnknownError``. The one
exception is a 401, which did nothing: a write may follow it with a new token.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice

from odoo.addons.accountable_connect.api.contract import CallBudget, TokenStore
from odoo.addons.accountable_connect.api.errors import (
    ConfigurationMissingError,
    DataRefusedError,
    PackageError,
)
from odoo.addons.accountable_connect.api.http.addresses import (
    is_site,
    linked_address,
    may_take_secrets,
    read_address,
)
from odoo.addons.accountable_connect.api.http.payloads import from_json, to_json
from odoo.addons.accountable_connect.api.http.transport import (
    MEGABYTE,
    Bounds,
    Broken,
    Transport,
    path_of,
)
from odoo.addons.accountable_connect.api.renewal import TokenRefused, with_token

from . import wire
from .limits import Limits
from .refusals import no_usable_answer, refusal
from .tokens import TokenChain

ROOT = "/api/v1/"
MOST_PAGES = 10_000
LARGEST = {"GET": 32 * MEGABYTE, "POST": 4 * MEGABYTE}
ME = (
    "CurrentDivision,UserID,UserName,FullName,Email,LanguageCode,ServerTime,ServerUtcOffset,"
    "DivisionCustomerName"
)


class ExactClient:
    """Calls of one sign-in, and of one division when ``division`` is given.

    ``site`` is the root of a country's site (``https://start.exactonline.be``); ``timeout`` is in
    seconds, for connecting and for each wait on data; ``now`` gives the moment with its zone;
    ``bounds`` are those of the server.

    ``entity`` is a path below the division as documented: ``crm/Accounts``,
    ``sync/Cashflow/PaymentTerms``. ``values`` go into an error for its sentence. Rows are plain: no
    ``__metadata``, collections are lists (those not expanded are left out), codes and countries
    without padding, fractions ``Decimal``; dates stay as the wire has them (``wire.read_date``).

    Every method raises ``LimitReachedError`` instead of sending what Exact would refuse.
    """

    def __init__(
        self,
        *,
        site: str,
        client_id: str,
        client_secret: str,
        redirect_uri: str,
        tokens: TokenStore,
        budget: CallBudget,
        division: str = "",
        timeout: float = 20.0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        bounds: Bounds | None = None,
    ):
        self.site = (site or "").rstrip("/")
        self.division = str(division or "")
        self.now = now
        self._budget = budget
        self._limits: dict[str, Limits] = {}
        self._transport = Transport(
            "Exact", self.site, timeout, busy=(502, 503, 504), bounds=bounds
        )
        self._chain = TokenChain(
            self._transport,
            client_id=client_id or "",
            client_secret=client_secret or "",
            redirect_uri=redirect_uri or "",
            tokens=tokens,
            count=lambda: budget.spend("POST oauth2/token", None),
            now=now,
        )

    # Signing in

    def authorisation_address(self, state: str) -> str:
        """Where the user's browser goes to sign in at Exact and consent."""
        self._check_site()
        return self._chain.authorisation_address(state)

    def sign_in_with_code(self, code: str) -> None:
        """Exchange the code of the return (decoded once) for the first tokens and keep them. Raises
        AuthorisationLostError ``code_refused`` or ``app_refused``."""
        self._check_site()
        self._chain.sign_in(code)

    def keep_signed_in(self) -> None:
        """Renew the tokens when they are old: unused for thirty days, the chain of them ends."""
        self._check_site()
        self._chain.access_token()

    def get_me(self) -> dict:
        """The user who signed in. His ``CurrentDivision`` is the one he has open in the browser at
        the moment: good for asking for the divisions, never to work in."""
        entity = "current/Me"
        answer = self._call("GET", self._address(entity, wire.query(select=ME)), entity, "")
        rows = self._rows(self._content("GET", entity, answer)[0])
        if len(rows) != 1:
            raise self._unexpected("GET", entity, "not one user")
        return wire.plain(rows[0])

    # Reading

    def get_list(
        self,
        entity: str,
        *,
        select: str,
        filter: str = "",  # noqa: A002  (the word of the service)
        order_by: str = "",
        top: int | None = None,
        division: str = "",
    ) -> Iterator[dict]:
        """Every row that fits, page by page, at most ``top``. An endpoint the user has no right to
        may answer with no rows instead of an error."""
        # With $top up to a page the service sends one page without the address of a next one.
        query = wire.query(select=select, filter=filter, orderby=order_by, top=top)
        rows = self._pages(entity, query, self._division(division))
        return rows if top is None else islice(rows, top)

    # Writing

    def post(self, entity: str, body: dict, *, values=None) -> dict:
        """Create; returns the row as Exact holds it. Whatever goes wrong after this call came back
        must not look like *nothing was done*: a read that follows may itself reach a limit."""
        answer = self._write("POST", entity, "", body, values)
        content = self._content("POST", entity, answer)[0]
        is_row = isinstance(content, dict) and "results" not in content
        rows = [content] if is_row else self._rows(content, "POST")
        if len(rows) != 1:
            raise self._unexpected("POST", entity, "not one row")
        return wire.plain(rows[0])

    def put(self, entity: str, key, body: dict, *, values=None) -> None:
        """Change the given properties. DataRefusedError ``not_found`` when the row is gone."""
        self._write("PUT", entity, wire.key(key), body, values)

    def delete(self, entity: str, key, *, values=None) -> None:
        """Remove. DataRefusedError ``not_found`` when the row is gone already."""
        self._write("DELETE", entity, wire.key(key), None, values)

    def check_room(self, calls: int, method: str, entity: str) -> None:
        """Raises LimitReachedError when so many writes that belong together would not all be sent
        now, and would later."""
        self._limits_of(self._division()).check_room(calls, method, entity)

    # What is known beyond a run

    def recall(self, name: str) -> dict:
        """What was remembered of this division under a name, {} for nothing."""
        return self._budget.recall(remembered_name(name, self.division)) or {}

    def remember(self, name: str, values: dict) -> None:
        """Keep JSON values."""
        self._budget.remember(remembered_name(name, self.division), values)

    def close(self) -> None:
        """Release the HTTP connection."""
        self._transport.close()

    # Pages

    def _pages(self, entity, query, division):
        address, seen = self._address(f"{division}/{entity}", query), set()
        while address:
            seen.add(address)
            if len(seen) > MOST_PAGES:
                raise self._unexpected("GET", entity, "pages without an end")
            content, next_address = self._content(
                "GET", entity, self._call("GET", address, entity, division)
            )
            for row in self._rows(content):
                yield wire.plain(row)
            address = self._next(entity, address, next_address)
            if address in seen:
                raise self._unexpected("GET", entity, "a page that is its own next one")

    def _next(self, entity, address, next_address):
        """The address of the next page as the service wrote it, below our own site only: the token
        goes with it."""
        if next_address is None:
            return None
        if not isinstance(next_address, str):
            raise self._unexpected("GET", entity, "no address of the next page")
        following = linked_address(next_address, address)
        target, own = read_address(following), read_address(self.site)
        same = target is not None and own is not None and target.origin == own.origin
        if not same or not target.path.startswith(own.path + ROOT):
            raise self._unexpected("GET", entity, "the next page lies elsewhere")
        return following

    # One call

    def _division(self, division=""):
        division = str(division or self.division)
        if not division:
            raise ConfigurationMissingError("No Exact division is chosen", code="no_division")
        if not (division.isascii() and division.isdigit()):
            raise ConfigurationMissingError(
                "A division is a number", code="no_division", values={"division": division}
            )
        return division

    def _limits_of(self, division):
        return self._limits.setdefault(division, Limits(self._budget, division, self.now))

    def _check_site(self):
        site, allowed = read_address(self.site), self._transport.bounds.allow_sandboxes
        if is_site(site) and may_take_secrets(site, allowed):
            return
        is_sandbox = site is not None and site.is_on_this_machine and not allowed
        raise ConfigurationMissingError(
            "Exact is reached through https only",
            code="sandbox_not_allowed" if is_sandbox else "address",
            values={"site": self.site},
        )

    def _address(self, path, query=""):
        return f"{self.site}{ROOT}{path}" + (f"?{query}" if query else "")

    def _write(self, method, entity, key, body, values):
        division = self._division()
        try:
            data = None if body is None else to_json(body)
        except ValueError as error:
            raise DataRefusedError(
                f"Exact, {method} {entity}: {error}", code="number", values=dict(values or {})
            ) from error
        address = self._address(f"{division}/{entity}{key}")
        return self._call(
            method, address, entity, division, data=data, values=values, keyed=bool(key)
        )

    def _call(self, method, address, entity, division, **options):
        """One request; a 401 is followed by one more with another token."""
        self._check_site()
        token = self._chain.access_token()
        return with_token(
            token,
            lambda refused: self._chain.renewed(token, says_expired=refused.says_expired),
            lambda valid: self._exchange(method, address, entity, division, valid, **options),
        )

    def _exchange(
        self,
        method,
        address,
        entity,
        division,
        token,
        *,
        data=None,
        values=None,
        keyed=False,
    ):
        """Send one request. Returns the answer of a success; raises ``TokenRefused`` for 401 and a
        ``PackageError`` for the rest."""
        limits = self._limits_of(division)
        limits.before(method, entity)
        self._budget.spend(f"{method} {entity}", None)
        request = f"{method} {path_of(address)}"
        try:
            answer = self._transport.send(
                method,
                address,
                headers=self._headers(method, token),
                data=data,
                largest=LARGEST.get(method, MEGABYTE),
                body_needed=method in LARGEST,
            )
        except Broken as error:
            raise error.told(
                f"Exact, {method} {entity}",
                written=method != "GET",
                request=request,
                values=dict(values or {}),
            ) from error
        try:
            limits.after(method, entity, answer.status, answer.headers)
        except PackageError as error:
            error.request = request
            raise
        if answer.status in (200, 201, 204):
            if method not in LARGEST and _is_page(answer):
                # of what stands before Exact: whether it got there, nobody knows
                text = f"a page with status {answer.status}"
                raise no_usable_answer(method, entity, text, code="no_json", request=request)
            return answer
        error = refusal(
            method,
            entity,
            answer.status,
            answer.headers,
            answer.content,
            request=request,
            values=values,
            keyed=keyed,
            without_secrets=lambda text: self._chain.masked(text.encode(), token).decode(),
        )
        if answer.status == 401:
            reason = answer.headers.get("WWW-Authenticate", "")
            raise TokenRefused(error, says_expired="expired" in reason.lower())
        raise error

    @staticmethod
    def _headers(method, token):
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        if method in ("POST", "PUT"):
            headers["Content-Type"] = "application/json"
        if method == "POST":
            headers["Prefer"] = "return=representation"
        return headers

    # The form of an answer

    def _content(self, method, entity, answer):
        """What is below ``d`` and the address of the next page."""
        try:
            body = from_json(answer.content)
        except ValueError as error:
            raise self._unexpected(
                method, entity, f"status {answer.status} without JSON", answer.content
            ) from error
        if not isinstance(body, dict) or not isinstance(body.get("d"), dict | list):
            raise self._unexpected(method, entity, "no d in the answer", answer.content)
        content = body["d"]
        return content, content.get("__next") if isinstance(content, dict) else None

    def _rows(self, content, method="GET"):
        rows = content.get("results") if isinstance(content, dict) else content
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self._unexpected(method, "list", "not a list of rows")
        return rows

    def _unexpected(self, method, entity, text, content=b""):
        beginning = self._chain.masked(content)[:500].decode(errors="replace")
        return no_usable_answer(
            method,
            entity,
            text,
            code="no_json",
            technical=f"{text} {beginning}".strip(),
            request=f"{method} {entity}",
        )


def remembered_name(name: str, division: str) -> str:
    """The name in the call budget of what is known of a division."""
    return f"exact {name} {division}"


def _is_page(answer):
    return answer.status != 204 and "html" in answer.headers.get("Content-Type", "").lower()
