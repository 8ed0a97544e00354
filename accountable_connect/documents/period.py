"""Choosing the period a document is booked in."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .sentence import Month, Sentence, data_of, joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A period of an administration; ``closed_journals`` are those for which alone it is closed."""

    date_from: date
    date_to: date
    book_year: str = ""
    closed: bool = False
    closed_journals: tuple[str, ...] = ()

    def is_open(self, journal: str) -> bool:
        return not self.closed and journal not in self.closed_journals


def period_of(periods: Sequence[Period], day: date) -> Period | None:
    """The period a day falls in; the shortest one where several overlap (a closing month)."""
    found = [period for period in periods if period.date_from <= day <= period.date_to]
    return min(found, key=lambda period: period.date_to - period.date_from, default=None)


def in_words(first: date, last: date) -> Sentence:
    """From one day to another as people say it: a month, months, or both days."""
    if first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]:
        first, last = Month(first.year, first.month), Month(last.year, last.month)
    if first == last:
        return Sentence(data_of(first))
    return joined(first, " – ", last, between="")


def open_accounting_date(
    periods: Sequence[Period], day: date, journal: str, may_move: bool, over_years: bool = False
) -> date | None:
    """The date a document can be booked on: ``day`` itself where its period is open.

    Where it is closed and ``may_move``: the first day of the next open period of the same book
    year, since nothing is ever shifted silently over a year end; ``over_years``: of any later one,
    for the opposite of what is booked in a year that is closed. ``None``: there is none. Without
    any known period every day is open.
    """
    if not periods:
        return day
    period = period_of(periods, day)
    if period is None and not over_years:
        return None
    if period and period.is_open(journal):
        return day
    if not may_move:
        return None
    later = [
        other.date_from
        for other in periods
        if other.date_from > (period.date_to if period else day)
        and (over_years or other.book_year == period.book_year)
        and other.is_open(journal)
    ]
    return min(later, default=None)
