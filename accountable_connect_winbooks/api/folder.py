"""What is known of the folder (the company's books in WinBooks): typed, pasted or uploaded."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

# DBKTYPE
PURCHASE, PURCHASE_REFUND, SALE, SALE_REFUND, FINANCIAL, MISCELLANEOUS = "012345"
DEDUCTIBLE_IN_FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class VatCode:
    """``code`` is the internal one of six digits, ``users`` the short codes of French and Dutch
    users; ``rate`` in percent. ``deductible``: "full", "none", "part" or "" when not known."""

    code: str
    name: str = ""
    users: tuple[str, ...] = ()
    rate: Decimal | None = None
    deductible: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """``rank`` is that of the period in its book year, two digits (``01`` is the first period,
    whatever its month); ``year_rank`` that of the book year in the folder (1…9, A…Z), "" as long
    as nobody told it."""

    date_from: date
    date_to: date
    rank: str
    book_year: str
    year_rank: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """Empty collections mean: not known, so nothing can be said against a code.

    * ``journals``: code → DBKTYPE. ``accounts``: numbers of general accounts.
    * ``customers`` / ``suppliers``: numbers of the thirds an upload has shown.
    """

    journals: dict[str, str] = field(default_factory=dict)
    vat_codes: dict[str, VatCode] = field(default_factory=dict)
    accounts: frozenset[str] = frozenset()
    periods: tuple[Period, ...] = ()
    customers: frozenset[str] = frozenset()
    suppliers: frozenset[str] = frozenset()


UNKNOWN = Folder()
