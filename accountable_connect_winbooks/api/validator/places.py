"""Where documents are booked: book year and period."""

from datetime import date

from ..folder import Folder, Period
from .record import Act, day


class Places:
    """What is known of book years and periods; without it nothing can be said of them."""

    def __init__(self, folder: Folder, report):
        self.report = report
        self.periods = sorted(folder.periods, key=lambda period: period.date_from)
        self.by_rank = {
            (period.year_rank, period.rank): period for period in self.periods if period.year_rank
        }
        self.first_year = self.first_period = ""
        self.has_first = False

    def check(self, record: Act):
        """:param record: the first of a document"""
        booked = day(record.date) or day(record.document_date)
        period = self._period(record, booked)
        self._check_one_place(record, period)
        self._check_still_there(record, booked)
        if not period:
            return
        if period.closed:
            self.report.add("LOCKPER", "PERIOD", value=period.rank, day=booked)
        for name, text in (("DATE", record.date), ("DATEDOC", record.document_date)):
            when = day(text)
            if when and not period.date_from <= when <= period.date_to:
                self.report.add("OUT_DAT", name, value=when, day=period.date_from)

    def _period(self, record: Act, booked: date | None) -> Period | None:
        if record.book_year and record.period:
            return self.by_rank.get((record.book_year, record.period))
        return self._around(booked) if booked else None

    def _check_still_there(self, record, booked):
        """Book years may be typed anew after a document entered its batch: what it was told then
        would book it elsewhere."""
        if not (record.book_year and record.period and booked):
            return
        now = self._around(booked)
        if now and (now.year_rank, now.rank) != (record.book_year, record.period):
            told = f"{record.book_year}/{record.period}"
            self.report.add("place_changed", "PERIOD", value=told)

    def _around(self, when: date) -> Period | None:
        for period in self.periods:
            if period.date_from <= when <= period.date_to:
                return period
        return None

    def _check_one_place(self, record, period):
        """One book year is opened for an import, and one period stands for all that name none."""
        year = record.book_year or (period.book_year if period else "")
        rank = "" if record.period or not period else period.rank
        if not self.has_first:
            self.has_first, self.first_year, self.first_period = True, year, rank
        elif year != self.first_year:
            self.report.add("several_book_years", "BOOKYEAR", value=year, other=self.first_year)
        elif rank != self.first_period:
            self.report.add("several_periods", "PERIOD", value=rank, other=self.first_period)
