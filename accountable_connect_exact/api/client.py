"""Client of the Exact Online REST service: paging, typed errors, and what is never repeated.

A call goes through four rooms: the limits (``limits``: may it be sent?), the chain of tokens
(``oauth``), one HTTP exchange (``transport``), and the meaning of its answer (``refusals``). A GET
may be repeated; a write is sent once, and no answer to it is ``OutcomeUnknownError``. The one
exception is a 401, which did nothing: a write may follow it with a new token.
"""

from collections.abc import Iterator
from itertools import islice

from odoo.addons.accountable_connect.api.contract import TokenStore
from odoo.addons.accountable_connect.api.errors import ConfigurationMissingError, PackageError
from odoo.addons.accountable_connect.api.http.addresses import site_problem
from odoo.addons.accountable_connect.api.http.json_client import Call, JsonClient
from odoo.addons.accountable_connect.api.http.payloads import from_json
from odoo.addons.accountable_connect.api.http.refused_token import TokenRefused, with_token
from odoo.addons.accountable_connect.api.http.transport import MEGABYTE, path_of
from odoo.addons.accountable_connect.api.oauth_tokens import TokenChain

from . import wire
from .limits import Limits
from .oauth import OAUTH
from .refusals import refusal

ROOT = "/api/v1/"
LARGEST = {"GET": 32 * MEGABYTE, "POST": 4 * MEGABYTE}
ME = (
    "CurrentDivision,UserID,UserName,FullName,Email,LanguageCode,ServerTime,ServerUtcOffset,"
    "DivisionCustomerName"
)


class ExactClient(JsonClient):
    """Calls of one sign-in, and of one division when ``division`` is given.

    ``site`` is the root of a country's site (``https://start.exactonline.be``); ``options`` are
    those of ``JsonClient``.

    ``entity`` is a path below the division as documented: ``crm/Accounts``,
    ``sync/Cashflow/PaymentTerms``. ``values`` go into an error for its sentence. Rows are plain: no
    ``__metadata``, collections are lists (those not expanded are left out), codes and countries
    without padding, fractions ``Decimal``; dates stay as the wire has them (``wire.read_date``).

    Every method raises ``LimitReachedError`` instead of sending what Exact would refuse.
    """

    package = "Exact"
    busy = (502, 503, 504)
    root = ROOT

    def __init__(
        self,
        *,
        site: str,
        client_id: str,
        client_secret: str,
        redirect_uri: str,
        tokens: TokenStore,
        division: str = "",
        **options,
    ):
        super().__init__(site or "", **options)
        self.division = str(division or "")
        self._limits: dict[str, Limits] = {}
        self._chain = TokenChain(
            OAUTH,
            self._transport,
            client_id=client_id or "",
            client_secret=client_secret or "",
            redirect_uri=redirect_uri or "",
            tokens=tokens,
            count=lambda: self._budget.spend("POST oauth2/token", None),
            now=self.now,
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
        """The user who signed in. ``CurrentDivision`` is the one open in the user's browser at the
        moment: good for asking for the divisions, never to work in."""
        call = self._call("GET", "current/Me", "", query=wire.query(select=ME))
        rows = self._rows(call, self._content(call, self._answered(call, ""))[0])
        if len(rows) != 1:
            raise self._unusable(call, "not one user")
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
        division = self._division(division)

        def read(page):
            content, link = self._content(page, self._answered(page, division))
            return map(wire.plain, self._rows(page, content)), link

        rows = self._pages(self._call("GET", entity, division, query=query), read)
        return rows if top is None else islice(rows, top)

    # Writing

    def post(self, entity: str, body: dict, *, values=None) -> dict:
        """Create; returns the row as Exact holds it. Whatever goes wrong after this call came back
        must not look like *nothing was done*: a read that follows may itself reach a limit."""
        call, answer = self._write("POST", entity, "", body, values)
        content = self._content(call, answer)[0]
        is_row = isinstance(content, dict) and "results" not in content
        rows = [content] if is_row else self._rows(call, content)
        if len(rows) != 1:
            raise self._unusable(call, "not one row")
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
        problem = site_problem(self.site, self._transport.bounds.allow_sandboxes)
        if problem:
            raise ConfigurationMissingError(
                "Exact is reached through https only", code=problem, values={"site": self.site}
            )

    def _call(self, method, entity, division, key="", query="", body=None, values=None):
        name, values = f"{method} {entity}", dict(values or {})
        path = f"{division}/{entity}{key}" if division else entity
        address = f"{self.site}{ROOT}{path}" + (f"?{query}" if query else "")
        return Call(
            name=name,
            method=method,
            address=address,
            request=f"{method} {path_of(address)}",
            writes=method != "GET",
            body=self._written(name, body, values=values),
            values=values,
            largest=LARGEST.get(method, MEGABYTE),
            reads_body=method in LARGEST,
        )

    def _write(self, method, entity, key, body, values):
        division = self._division()
        call = self._call(method, entity, division, key, body=body, values=values)
        return call, self._answered(call, division, keyed=bool(key))

    def _answered(self, call, division, *, keyed=False):
        """The answer of a success; a 401 is followed by one more request with another token.
        ``keyed``: the call names one row."""
        self._check_site()
        token = self._chain.access_token()
        return with_token(
            token,
            lambda refused: self._chain.renewed(token, says_expired=refused.says_expired),
            lambda valid: self._exchange(call, division, valid, keyed),
        )

    def _exchange(self, call, division, token, keyed):
        """Send one request. Returns the answer of a success; raises ``TokenRefused`` for 401 and a
        ``PackageError`` for the rest."""
        limits, entity = self._limits_of(division), call.name.partition(" ")[2]
        limits.before(call.method, entity)
        answer = self._send(call, self._headers(call.method, token))
        try:
            limits.after(call.method, entity, answer.status, answer.headers)
        except PackageError as error:
            error.request = call.request
            raise
        if answer.status in (200, 201, 204):
            if not call.reads_body and _is_page(answer):
                # of what stands before Exact: whether it got there, nobody knows
                raise self._unusable(call, f"a page with status {answer.status}")
            return answer
        error = refusal(
            call,
            answer,
            keyed=keyed,
            without_secrets=lambda text: self._masked(text.encode(), [token]).decode(),
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

    def _content(self, call, answer):
        """What is below ``d`` and the address of the next page."""
        try:
            body = from_json(answer.content)
        except ValueError as error:
            text = f"status {answer.status} without JSON"
            raise self._unusable(call, text, answer.content) from error
        if not isinstance(body, dict) or not isinstance(body.get("d"), dict | list):
            raise self._unusable(call, "no d in the answer", answer.content)
        content = body["d"]
        return content, content.get("__next") if isinstance(content, dict) else None

    def _rows(self, call, content):
        rows = content.get("results") if isinstance(content, dict) else content
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self._unusable(call, "not a list of rows")
        return rows

    def _masked(self, content, sent=()):
        return self._chain.masked(content, *sent)


def remembered_name(name: str, division: str) -> str:
    """The name in the call budget of what is known of a division."""
    return f"exact {name} {division}"


def _is_page(answer):
    return answer.status != 204 and "html" in answer.headers.get("Content-Type", "").lower()
