"""The number under which a document is booked, where the caller gives it.

Consecutive numbers are lent: who is refused gives the number back, and one whose fate is unknown
holds its series. Numbers that are only unique belong to their document for good: every try sends
the same one, so that of two tries one is refused, however late the first one arrives.
"""

from odoo import fields, models
from odoo.tools import SQL

from ..api import policy
from ..api.errors import OUTCOME_UNKNOWN, OutcomeUnknownError, PackageError
from .work import NotSent


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    def _number_to_give(self, work, document, party_key, tried):
        """The number of the document, and the series it counts in.

        :param tried: an earlier attempt went out, in this item or in one it replaced
        :return: ``(series, number)``; ``(None, None)`` where the package numbers it itself, as it
            does with the first one of an empty series
        """
        capabilities = work.capabilities
        if not (capabilities.consecutive_numbers or capabilities.unique_numbers):
            return None, None
        series = work.package.number_series(document)
        if capabilities.consecutive_numbers:
            return series, self._next_number(work, series)
        number = self._number_of_earlier_try(series, document, party_key) if tried else 0
        if series and not number:
            number = self._next_number(work, series)
        return (series, number) if number else (None, None)

    def _number_of_earlier_try(self, series, document, party_key):
        """The number under which this document went out before, 0 for none. Raises NotSent when
        that was in another series a moment ago, or numbers turned out to be ignored: that number
        protects from nothing that arrives late, so it is looked up once more."""
        earlier = self.env.execute_query(
            SQL(
                """
                SELECT series, number, sent_at FROM accountable_job
                 WHERE connection_id = %s AND res_model = %s AND res_id = %s AND operation = %s
                   AND state != 'done' AND number > 0
                 ORDER BY id = %s DESC, id DESC
                """,
                self.connection_id.id,
                self.res_model,
                self.res_id,
                self.operation,
                self.id,
            )
        )
        for known, number, _sent_at in earlier:
            if known == series:
                return number
        moments = [sent_at for _series, _number, sent_at in earlier if sent_at]
        settled = max(moments) + policy.SETTLE_AFTER if moments else None
        if settled and settled > fields.Datetime.now():
            if not self.content:
                self._keep_content(document)
                self._store(self.write, {"party_key": party_key})
            raise NotSent(
                OUTCOME_UNKNOWN,
                "other_number",
                self.env._(
                    "%(name)s went out under another number a moment ago and may still arrive. It"
                    " is looked up before it is sent again.",
                    name=self.name,
                ),
                (self.res_model, self.res_id),
                not_before=settled,
            )
        return 0

    def _next_number(self, work, series):
        """The next number of a series. Consecutive ones are known from memory, from the table, at
        the very first from the administration. Others are asked for once a run and then counted
        on; 0 when the series is empty."""
        if series not in work.last_numbers:
            if not work.capabilities.consecutive_numbers:
                last = work.package.last_number(series)
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
