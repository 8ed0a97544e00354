"""The number under which a document is booked, where the caller gives it.

Consecutive numbers are lent: who is refused gives the number back, and one whose fate is unknown
holds its series. Numbers that are only unique belong to their document for good: every try sends
the same one, so that of two tries one is refused, however late the first one arrives.
"""

from odoo import models
from odoo.tools import SQL

from ...api.errors import OutcomeUnknownError, PackageError


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    def _number_protects(self, work):
        """Whether the number given with what was sent last makes a second booking impossible: then
        it goes again under the same number, and nobody has to wait."""
        if not self.number or not work.package.refuses_used_number():
            return False
        # the number of an item that undoes a booking is that of the opposite document
        return self.operation != "reverse" or self._is_opposite(self._sent_content())

    def _kept_number(self, work, series):
        """The number it went with before, where it goes again; None for a new one."""
        kept_series, number = work.kept.get(self.id, (None, None))
        return number if kept_series == series else None

    def _number_to_give(self, work, document, tried):
        """The number of the document, and the series it counts in.

        :param tried: an earlier attempt went out, in this item or in one it replaced
        :return: ``(series, number)``; ``(None, None)`` where the package numbers it itself, as it
            does with the first one of an empty series
        """
        capabilities = work.capabilities
        if not (capabilities.consecutive_numbers or capabilities.unique_numbers):
            return None, None
        series = work.package.number_series(document)
        number = self._kept_number(work, series)
        if not number and tried and not capabilities.consecutive_numbers:
            number = self._number_of_earlier_try(series)
        if series and not number:
            number = self._next_number(work, series)
        return (series, number) if number else (None, None)

    def _number_of_earlier_try(self, series):
        """The number of this series under which the document went out before, 0 for none."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT number FROM accountable_job
                 WHERE connection_id = %s AND res_model = %s AND res_id = %s AND operation = %s
                   AND state != 'done' AND number > 0 AND series = %s
                 ORDER BY id = %s DESC, id DESC
                 LIMIT 1
                """,
                self.connection_id.id,
                self.res_model,
                self.res_id,
                self.operation,
                series,
                self.id,
            )
        )
        return rows[0][0] if rows else 0

    def _next_number(self, work, series):
        """The next number of a series. Consecutive ones are known from memory, from the table, at
        the very first from the administration. Others are asked for once a run and then counted
        on; 0 when the series is empty."""
        if series not in work.last_numbers:
            if not work.capabilities.consecutive_numbers:
                last = work.package.last_number(series)
                booking = work.package.last_booking(series)
                self._check_made_here(work, [booking] if booking else [])
                if not last:
                    return 0
                work.last_numbers[series] = max(last, self._highest_given(series))
                return work.last_numbers[series] + 1
            self.env.cr.execute(
                "SELECT last_number FROM accountable_number_series WHERE connection_id = %s AND"
                " key = %s",
                (work.connection_id, series),
            )
            row = self.env.cr.fetchone()
            work.last_numbers[series] = row[0] if row else work.package.last_number(series)
        return work.last_numbers[series] + 1

    def _highest_given(self, series):
        """The highest number of a series that an item which did not end has for its own."""
        self.env.cr.execute(
            """
            SELECT COALESCE(max(number), 0) FROM accountable_job
             WHERE connection_id = %s AND series = %s
               AND state IN ('pending', 'sending', 'unknown', 'failed')
            """,
            (self.connection_id.id, series),
        )
        return self.env.cr.fetchone()[0]

    def _note_number(self, work, series, number):
        """The number is given out with what is sent now."""
        if work.capabilities.consecutive_numbers:
            self._set_last_number(work, series, number)
        elif series in work.last_numbers:
            work.last_numbers[series] = max(work.last_numbers[series], number)

    def _pass_number(self, work, series, last, number):
        """The number is somebody else's; ``last`` is the highest one now."""
        if work.capabilities.consecutive_numbers:
            self._set_last_number(work, series, last)
        else:
            work.last_numbers[series] = max(last, number)

    def _stands_for_number(self, work, stored, document):
        """Whether a booking that was found when the number was taken is this document: where any
        number will do, our own mark only, because one with equal figures may be somebody's."""
        same_mark = stored.own_reference == document.own_reference
        return work.capabilities.consecutive_numbers or same_mark

    def _ask_last_number(self, work, series):
        try:
            return work.package.last_number(series)
        except PackageError as error:
            raise OutcomeUnknownError(f"The last number is not known: {error}") from error

    def _give_number_back(self, work):
        """The document was refused, or did not arrive: its number is the next one's, where they
        must be consecutive."""
        if not self.series or not work.capabilities.consecutive_numbers:
            return
        if self.number:
            self._set_last_number(work, self.series, self.number - 1)
        if work.held.get(self.series) == self.id:
            del work.held[self.series]
        self.write({"series": False, "number": 0})

    def _set_last_number(self, work, series, number):
        work.last_numbers[series] = number
        self.env.cr.execute(
            """
            INSERT INTO accountable_number_series (connection_id, company_id, key, last_number)
            SELECT id, company_id, %s, %s FROM accountable_connection WHERE id = %s
            ON CONFLICT (connection_id, key) DO UPDATE SET last_number = EXCLUDED.last_number
            """,
            (series, number, work.connection_id),
        )
        self.env["accountable.number.series"].invalidate_model(flush=False)
