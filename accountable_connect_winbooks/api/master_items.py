"""The folder as it is known, out of the master data of the connection."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from odoo.addons.accountable_connect.documents import (
    JOURNAL,
    LEDGER_ACCOUNT,
    PERIOD,
    VAT_CODE,
    MasterItem,
)

from . import folder
from .folder import Folder, Period, VatCode

_TYPES = {
    ("purchase", False): folder.PURCHASE,
    ("purchase", True): folder.PURCHASE_REFUND,
    ("sale", False): folder.SALE,
    ("sale", True): folder.SALE_REFUND,
    ("bank", False): folder.FINANCIAL,
    ("misc", False): folder.MISCELLANEOUS,
}


def folder_of(
    items: Iterable[MasterItem],
    customers: Collection[str] = (),
    suppliers: Collection[str] = (),
) -> Folder:
    """:param customers: numbers of those that WinBooks has already
    :param suppliers: the same"""
    by_kind = {kind: [] for kind in (JOURNAL, VAT_CODE, LEDGER_ACCOUNT, PERIOD)}
    for item in items:
        if item.active and item.kind in by_kind:
            by_kind[item.kind].append(item)
    return Folder(
        journals={one.code: type_of(one.details) for one in by_kind[JOURNAL]},
        vat_codes={one.code: _vat_code(one) for one in by_kind[VAT_CODE]},
        accounts=frozenset(one.code for one in by_kind[LEDGER_ACCOUNT]),
        periods=periods_of(by_kind[PERIOD]),
        customers=frozenset(customers),
        suppliers=frozenset(suppliers),
    )


def type_of(details: dict) -> str:
    """DBKTYPE of a journal, "" where it is not known. A journal of WinBooks has one type: of one
    that does not say so, credit notes are not."""
    kind = details.get("type")
    return _TYPES.get((kind, bool(details.get("refund")) and kind in ("sale", "purchase")), "")


def _vat_code(item: MasterItem) -> VatCode:
    details = item.details
    try:
        rate = Decimal(str(details["rate"]))
    except (KeyError, InvalidOperation):
        rate = None
    return VatCode(
        code=item.code,
        name=item.name,
        users=tuple(str(one) for one in details.get("user_codes") or () if one),
        rate=rate,
        deductible=str(details.get("deductible") or ""),
    )


def periods_of(items: Iterable[MasterItem]) -> tuple[Period, ...]:
    """The periods in their order. The rank of one in its book year is told, or counted."""
    years = {}
    for item in items:
        details = item.details
        if details.get("date_from") and details.get("date_to"):
            years.setdefault(str(details.get("book_year") or ""), []).append(details)
    periods = []
    for book_year, rows in years.items():
        rows.sort(key=lambda one: (one["date_from"], one["date_to"]))
        for rank, details in enumerate(rows, start=1):
            periods.append(
                Period(
                    date_from=date.fromisoformat(details["date_from"]),
                    date_to=date.fromisoformat(details["date_to"]),
                    rank=str(details.get("rank") or rank).zfill(2),
                    book_year=book_year,
                    year_rank=str(details.get("year_rank") or ""),
                    closed=bool(details.get("closed")),
                )
            )
    return tuple(sorted(periods, key=lambda one: (one.date_from, one.date_to)))


def period_of(periods: Sequence[Period], day: date) -> Period | None:
    """The period of a day, the shortest one where several hold it."""
    found = [one for one in periods if one.date_from <= day <= one.date_to]
    return min(found, key=lambda one: one.date_to - one.date_from, default=None)


def part_of(period: Period, with_ranks: bool) -> str:
    """What may stand in one batch: the linker opens one book year (its code), and a file that does
    not name its periods goes into one of them (the rank follows)."""
    if with_ranks and period.year_rank:
        return period.book_year
    return f"{period.book_year}/{period.rank}"


def periods_of_part(periods: Sequence[Period], part: str) -> list[Period]:
    """Those whose documents may stand in a batch."""
    book_year, _slash, rank = part.partition("/")
    return [one for one in periods if one.book_year == book_year and rank in ("", one.rank)]


def year_label(periods: Sequence[Period], book_year: str) -> str:
    """A book year as people call it, "" for one that is not known."""
    first, last = span_of(periods, book_year)
    if first is None:
        return ""
    if (first.year, first.month, last.month) == (last.year, 1, 12):
        return str(first.year)
    return f"{first:%m/%Y}-{last:%m/%Y}"


def span_of(periods: Sequence[Period], book_year: str) -> tuple[date | None, date | None]:
    """The first and the last day of a book year."""
    of_year = [one for one in periods if one.book_year == book_year]
    first = min((one.date_from for one in of_year), default=None)
    return first, max((one.date_to for one in of_year), default=None)


def book_years(periods: Sequence[Period]) -> dict[str, str]:
    """What people call each book year → its code, the first one first."""
    codes = dict.fromkeys(one.book_year for one in periods)
    return {year_label(periods, code): code for code in codes}
