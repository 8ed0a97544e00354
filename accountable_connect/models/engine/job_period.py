"""Booking in a period that is open."""

import dataclasses

from odoo import models
from odoo.tools import format_date

from ...api.errors import PERIOD_CLOSED, PeriodClosedError
from ...documents.period import open_accounting_date
from ..document.periods import Periods
from .work import AlreadyThere, NotSent

PERIOD_TRIES = 12
OPPOSITE_PERIOD_CLOSED = "opposite_period_closed"
# It was tried in every later period: the button that says so would do nothing.
NO_OPEN_PERIOD = "no_open_period"


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    def _book_in_open_period(self, work, prepared, party_key, again):
        """Book it; a late bill in the first open period, with its own document date."""
        document = prepared.document
        if work.capabilities.files_with_document:
            document = dataclasses.replace(document, files=prepared.files)
        moves_on = not document.is_sale and work.settings.late_bills_to_open_period
        return self._book_moving_on(work, document, party_key, again, moves_on)

    def _book_moving_on(self, work, document, party_key, again, moves_on, over_years=False):
        """Book it; where its period is closed and it ``moves_on``, in the next open one.

        :return: ``(stored, document)``, the document with the date it was booked on
        """
        for attempt in range(PERIOD_TRIES):
            try:
                return self._book(work, document, party_key, again or attempt > 0), document
            except PeriodClosedError:
                later = self._later_period(work, document, over_years) if moves_on else None
                if later is None:
                    raise
                work.calling = False
                self._give_number_back(work)
                document = dataclasses.replace(document, accounting_date=later)
        raise PeriodClosedError("No open period was found")

    def _later_period(self, work, document, over_years):
        """The first day of the next open period, None without one. Notes the closed one, so that
        the next documents need no refused call to learn of it."""
        connection = self.env["accountable.connection"].browse(work.connection_id)
        day = document.accounting_date.isoformat()
        rows = self.env["accountable.master.data"].search(
            [("connection_id", "=", work.connection_id), ("kind", "=", "period")]
        )
        for row in rows:
            details = dict(row.details or {})
            if details.get("date_from", "9") <= day <= details.get("date_to", ""):
                closed = {*(details.get("closed_journals") or ()), document.journal}
                row.details = {**details, "closed_journals": sorted(closed)}
        later = open_accounting_date(
            Periods(connection).known,
            document.accounting_date,
            document.journal,
            may_move=True,
            over_years=over_years,
        )
        return later if later != document.accounting_date else None

    def _book_opposite(self, work, facts, opposite):
        """Book it on the date of what it undoes. Where that period is closed: a bill's goes to the
        first open one, of another year too, as late bills do; a sale's moves only when a person
        says so."""
        moves_on = self.to_open_period or (
            not opposite.is_sale and work.settings.late_bills_to_open_period
        )
        document = opposite
        if moves_on:
            connection = self.env["accountable.connection"].browse(work.connection_id)
            day = open_accounting_date(
                Periods(connection).known,
                opposite.accounting_date,
                opposite.journal,
                may_move=True,
                over_years=True,
            )
            document = dataclasses.replace(
                opposite, accounting_date=day or opposite.accounting_date
            )
        self._check_same_send(work, facts, document)
        try:
            self._check_series(work, document)
            party_key = self._party_key_of_old(work, document.party)
            stored, _document = self._book_moving_on(
                work, document, party_key, facts.tried, moves_on, over_years=True
            )
            return stored
        except AlreadyThere as there:
            return there.stored
        except PeriodClosedError as error:
            raise NotSent(
                PERIOD_CLOSED,
                NO_OPEN_PERIOD if moves_on else OPPOSITE_PERIOD_CLOSED,
                self._closed_sentence(opposite, moves_on),
                (self.res_model, self.res_id),
            ) from error

    def _closed_sentence(self, opposite, moved_on):
        values = {"name": self.name, "date": format_date(self.env, opposite.accounting_date)}
        if moved_on:
            return self.env._(
                "The booking of %(name)s is to be undone, and no period from %(date)s on is open in"
                " the administration. When your accountant has opened one, read the master data"
                " again, then press Retry.",
                **values,
            )
        return self.env._(
            "The booking of %(name)s is to be undone, and the period of %(date)s is closed in the"
            " administration. The usual cure is a credit note with a number of its own: post"
            " %(name)s again as it was, then credit it. Or press “Book it in the open period”,"
            " which books the opposite there; or Retry when your accountant has opened the period;"
            " or Skip.",
            **values,
        )
