"""Book years and their periods. Pure."""

import calendar
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from ..documents import PERIOD, MasterItem

# A first book year may be longer than twelve months.
LONGEST_MONTHS = 24
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookYear:
    """``months`` for each period. ``rank`` is that of the year among those of its administration,
    "" where it is not known; ``closed`` None: nobody said."""

    first: date
    last: date
    months: int = 1
    rank: str = ""
    closed: bool | None = None


class BookYearError(Exception):
    """``code`` is ``order``, ``long_year``, ``overlap``, ``gap`` or ``same_rank``; ``year`` the one
    it is about."""

    def __init__(self, code, year, **values):
        super().__init__(code)
        self.code, self.year, self.values = code, year, values


def check_book_years(years: Iterable[BookYear]) -> None:
    """They follow one another, day after day; raises :class:`BookYearError`."""
    years = sorted(years, key=lambda year: (year.first, year.last))
    for year in years:
        if year.last < year.first:
            raise BookYearError("order", year)
        # ``date`` knows no day after the year 9999
        if year.last.year == date.max.year or len(list(_months(year))) > LONGEST_MONTHS:
            raise BookYearError("long_year", year, longest=LONGEST_MONTHS)
    for year, following in pairwise(years):
        if following.first <= year.last:
            raise BookYearError("overlap", following, first=year.first, last=year.last)
        if following.first > year.last + DAY:
            raise BookYearError("gap", following, first=year.last + DAY, last=following.first - DAY)
    ranks = Counter(year.rank for year in years if year.rank)
    for year in reversed(years):
        if ranks[year.rank] > 1:
            raise BookYearError("same_rank", year, value=year.rank)


def periods_of(year: BookYear, years: Sequence[BookYear]) -> list[MasterItem]:
    """The periods of a book year among others, in their order; ``rank`` counts them in their year.

    The code of a book year is its first day: it stays when the year is made longer. A period holds
    whole months of the calendar, but for days at the beginning and at the end of the year.
    """
    check_book_years(years)
    months = list(_months(year))
    items = []
    for number, start in enumerate(range(0, len(months), year.months), start=1):
        first, last = months[start][0], months[start : start + year.months][-1][1]
        details = {
            "date_from": first.isoformat(),
            "date_to": last.isoformat(),
            "book_year": year.first.isoformat(),
            "rank": f"{number:02}",
        }
        if year.rank:
            details["year_rank"] = year.rank
        if year.closed is not None:
            details["closed"] = year.closed
        items.append(
            MasterItem(
                kind=PERIOD, code=f"{year.first.isoformat()}/{number:02}", name="", details=details
            )
        )
    return items


def _months(year):
    """First and last day of each month of the calendar that lies in it."""
    first = year.first
    while first <= year.last:
        end = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        yield first, min(end, year.last)
        first = end + DAY


def years_of(items: Iterable[MasterItem]) -> list[BookYear]:
    """The book years of typed periods."""
    by_year = {}
    for item in items:
        if item.details.get("date_from") and item.details.get("date_to"):
            by_year.setdefault(item.details.get("book_year"), []).append(item.details)
    return [
        BookYear(
            first=date.fromisoformat(min(one["date_from"] for one in periods)),
            last=date.fromisoformat(max(one["date_to"] for one in periods)),
            rank=next((one["year_rank"] for one in periods if one.get("year_rank")), ""),
        )
        for periods in by_year.values()
    ]


def periods_fault(items: Iterable[MasterItem]) -> BookYearError | None:
    """What is wrong with typed periods, which people may change one by one; None for nothing.
    ``code`` is one of :class:`BookYearError`, ``no_days`` or ``year_rank``."""
    spans = []
    for item in items:
        details = item.details
        if not details.get("date_from") or not details.get("date_to"):
            return BookYearError("no_days", None)
        rank = details.get("year_rank") or ""
        if rank and not is_year_rank(rank):
            return BookYearError("year_rank", None, value=rank)
        first, last = (date.fromisoformat(details[name]) for name in ("date_from", "date_to"))
        spans.append(BookYear(first=first, last=last))
    try:
        check_book_years(spans)
    except BookYearError as error:
        return error
    return None


def is_year_rank(text: str) -> bool:
    return bool(re.fullmatch("[1-9A-Z]", text))
