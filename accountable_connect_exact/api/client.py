"""Client of the Exact Online REST service: HTTP, tokens, limits, paging and typed errors."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from odoo.addons.accountable_connect.api.contract import CallBudget, TokenStore


class ExactClient:
    """Calls of one sign-in, and of one division when ``division`` is given.

    ``site`` is the root of a country's site (``https://start.exactonline.be``); ``timeout`` is in
    seconds; ``now`` gives the present moment with its zone. ``entity`` is a path below the
    division, as documented: ``crm/Accounts``, ``sync/Cashflow/PaymentTerms``. ``values`` go into an
    error for its sentence. Rows are plain: no ``__metadata``, collections are lists (those not
    expanded are left out), codes and countries without padding, fractions ``Decimal``; dates stay
    as the wire has them (see ``wire.read_date``).
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
    ):
        self.site = site.rstrip("/")
        self.division = str(division or "")

    def authorisation_address(self, state: str) -> str:
        """Where the user's browser goes to sign in at Exact and consent."""
        raise NotImplementedError

    def sign_in_with_code(self, code: str) -> None:
        """Exchange the code of the return for the first tokens and keep them."""
        raise NotImplementedError

    def get_list(
        self, entity: str, *, select: str, filter: str = "", order_by: str = "",  # noqa: A002
        top: int | None = None, division: str = "",
    ) -> Iterator[dict]:
        """Every row that fits, page by page."""
        raise NotImplementedError

    def get_one(self, entity: str, key, *, select: str, division: str = "") -> dict | None:
        """The row with this key; None when there is none. A row that is not there counts as an
        error at Exact (ten an hour block an endpoint): prefer a filter."""
        raise NotImplementedError

    def get_me(self) -> dict:
        """The user who signed in, with his current division."""
        raise NotImplementedError

    def post(self, entity: str, body: dict, *, values=None, division: str = "") -> dict:
        """Create; returns the row as Exact holds it."""
        raise NotImplementedError

    def put(self, entity: str, key, body: dict, *, values=None, division: str = "") -> None:
        """Change the given properties. DataRefusedError code ``not_found`` when it is gone."""
        raise NotImplementedError

    def delete(self, entity: str, key, *, values=None, division: str = "") -> None:
        """Remove. DataRefusedError code ``not_found`` when it is gone already."""
        raise NotImplementedError

    def close(self) -> None:
        """Release the HTTP connection."""
