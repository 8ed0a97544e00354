"""The periods of an administration: on which date a document is booked there."""

from datetime import date

from ...documents.period import Period, in_words, open_accounting_date, period_of
from ...documents.sentence import SentencesOf, joined

_lt = SentencesOf(__name__)


class Periods:
    """The periods of a connection's administration as its master data has them, read once.

    ``known``: ``[Period]``, empty where the package tells none: then every day is open.
    """

    def __init__(self, connection):
        self.env = connection.env
        self._late_bills_move = connection.late_bills_to_open_period
        rows = (
            # whoever looks at a document may not read the master data
            self.env["accountable.master.data"]
            .sudo()
            .search_fetch(
                [("connection_id", "=", connection.id), ("kind", "=", "period")],
                ["details"],
                order="code",  # of one kind; the order of the model would sort by kind too
            )
        )
        self.known = [
            Period(
                date_from=date.fromisoformat(details["date_from"]),
                date_to=date.fromisoformat(details["date_to"]),
                book_year=str(details.get("book_year") or ""),
                closed=bool(details.get("closed")),
                closed_journals=tuple(details.get("closed_journals") or ()),
            )
            for details in rows.mapped(lambda row: row.details or {})
            if details.get("date_from") and details.get("date_to")
        ]

    def open_date(self, move, journal=""):
        """The date a document is booked on, ``None`` when its period is closed and it waits.

        ``journal``: the administration's code.
        """
        may_move = self._late_bills_move and move.is_purchase_document(include_receipts=True)
        return open_accounting_date(self.known, move.date, journal, may_move)

    def sentence_closed(self, day, journal):
        """Why nothing of this day can be booked, and where it could be."""
        period = period_of(self.known, day)
        if not period:
            return _lt(
                "The administration has no period for %(date)s. Its book years: %(years)s.",
                date=day,
                years=self._book_years(self.known) or "-",
            )
        return _lt(
            "The period of %(date)s is closed in the administration. Open periods are in:"
            " %(years)s.",
            date=in_words(period.date_from, period.date_to),
            years=self._open_spans(journal) or "-",
        )

    def _open_spans(self, journal):
        """From when to when it is open: what is closed in between is in none of the spans."""
        spans, follows = [], False
        for period in sorted(self.known, key=lambda one: one.date_from):
            if not period.is_open(journal):
                follows = False
            elif follows:
                spans[-1] = (spans[-1][0], period.date_to)
            else:
                spans.append((period.date_from, period.date_to))
                follows = True
        return joined(*(in_words(first, last) for first, last in spans), between=", ")

    def _book_years(self, periods):
        """Book years from their first to their last month: a package's own key of one means nothing
        to people."""
        years = {}
        for period in periods:
            years.setdefault(period.book_year, []).append(period)
        spans = sorted(
            (min(each.date_from for each in year), max(each.date_to for each in year))
            for year in years.values()
        )
        return joined(*(in_words(first, last) for first, last in spans), between=", ")
