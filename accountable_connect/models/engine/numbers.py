"""The number under which a document is booked, where the caller gives it.

Consecutive numbers are lent: who is refused gives the number back, and one whose fate is unknown
holds its series. Numbers that are only unique belong to their document for good: every try sends
the same one, so that of two tries one is refused, however late the first one arrives.
"""

from odoo.tools import SQL

from ...api.errors import OutcomeUnknownError, PackageError
from ...documents.sentence import SentencesOf
from ..queue.job_unanswered import UNSETTLED, WAITING
from .job_part import JobPart, part
from .made_here import MadeHere
from .run_state import Held

_lt = SentencesOf(__name__)


class Numbers(JobPart):
    """The number of one item, and the series it counts in."""

    made_here = part(MadeHere)

    def protects(self):
        """Whether the number given with what was sent last makes a second booking impossible: then
        it goes again under the same number, and nobody has to wait."""
        if not self.job.number or not self.run.package.refuses_used_number():
            return False
        # the number of an item that undoes a booking is that of the opposite document
        return self.operation != "reverse" or self.job._is_opposite(self.job._sent_content())

    def kept(self, series):
        """The number it went with before, where it goes again; None for a new one."""
        kept_series, number = self.run.kept.get(self.job.id, (None, None))
        return number if kept_series == series else None

    def to_give(self, document, tried):
        """The number of the document, and the series it counts in.

        :param tried: an earlier attempt went out, in this item or in one it replaced
        :return: ``(series, number)``; ``(None, None)`` where the package numbers it itself, as it
            does with the first one of an empty series
        """
        capabilities = self.run.capabilities
        if not (capabilities.consecutive_numbers or capabilities.unique_numbers):
            return None, None
        series = self.run.package.number_series(document)
        number = self.kept(series)
        if not number and tried and not capabilities.consecutive_numbers:
            number = self._number_of_earlier_try(series)
        if series and not number:
            number = self._next_number(series)
        return (series, number) if number else (None, None)

    def _number_of_earlier_try(self, series):
        """The number of this series under which the document went out before, 0 for none."""
        given = self.items(
            ("operation", "=", self.operation),
            ("state", "!=", "done"),
            ("number", ">", 0),
            ("series", "=", series),
            order="id desc",
        )
        return (given & self.job or given)[:1].number

    def _next_number(self, series):
        """The next number of a series. Consecutive ones are known from memory, from the table, at
        the very first from the administration. Others are asked for once a run and then counted
        on; 0 when the series is empty."""
        if series not in self.run.last_numbers:
            if not self.run.capabilities.consecutive_numbers:
                last = self.run.package.last_number(series)
                booking = self.run.package.last_booking(series)
                self.made_here.check([booking] if booking else [])
                if not last:
                    return 0
                self.run.last_numbers[series] = max(last, self._highest_given(series))
                return self.run.last_numbers[series] + 1
            known = self.env["accountable.number.series"].search_fetch(
                [("connection_id", "=", self.run.connection_id), ("key", "=", series)],
                ["last_number"],
            )
            last = known.last_number if known else self.run.package.last_number(series)
            self.run.last_numbers[series] = last
        return self.run.last_numbers[series] + 1

    def _highest_given(self, series):
        """The highest number of a series that an item which did not end has for its own."""
        states = (*WAITING, *UNSETTLED)
        given = [("series", "=", series), ("state", "in", states), ("number", ">", 0)]
        domain = [("connection_id", "=", self.run.connection_id), *given]
        return self.job.search(domain, order="number desc", limit=1).number

    def sql_to_note(self, series, number):
        """The statement that stores, beside the item that is sent now, that its number is given
        out; None where there is nothing to store."""
        if not self._is_new(series, number) or not self.run.capabilities.consecutive_numbers:
            return None
        return self._sql_set_last_number(series, number, SQL("EXISTS (SELECT FROM written)"))

    def note(self, series, number):
        """The number was given out with what is sent now."""
        if not self._is_new(series, number):
            return
        if self.run.capabilities.consecutive_numbers:
            self.run.last_numbers[series] = number
        elif series in self.run.last_numbers:
            self.run.last_numbers[series] = max(self.run.last_numbers[series], number)

    def _is_new(self, series, number):
        return bool(series) and number != self.kept(series)

    def pass_on(self, series, last, number):
        """The number is somebody else's; ``last`` is the highest one now."""
        if self.run.capabilities.consecutive_numbers:
            self._set_last_number(series, last)
        else:
            self.run.last_numbers[series] = max(last, number)

    def stands_for(self, stored, document):
        """Whether a booking that was found when the number was taken is this document: where any
        number will do, our own mark only, because one with equal figures may be somebody's."""
        same_mark = stored.own_reference == document.own_reference
        return self.run.capabilities.consecutive_numbers or same_mark

    def ask_last(self, series):
        try:
            return self.run.package.last_number(series)
        except PackageError as error:
            raise OutcomeUnknownError(f"The last number is not known: {error}") from error

    def give_back(self):
        """The document was refused, or did not arrive: its number is the next one's, where they
        must be consecutive."""
        if not self.job.series or not self.run.capabilities.consecutive_numbers:
            return
        if self.job.number:
            self._set_last_number(self.job.series, self.job.number - 1)
        if self.run.held.get(self.job.series) == self.job.id:
            del self.run.held[self.job.series]
        self.job.write({"series": False, "number": 0})

    def _set_last_number(self, series, number):
        self.run.last_numbers[series] = number
        self.env.cr.execute(self._sql_set_last_number(series, number, SQL("TRUE")))
        self.env["accountable.number.series"].invalidate_model(flush=False)

    def _sql_set_last_number(self, series, number, condition):
        return SQL(
            """
            INSERT INTO accountable_number_series (connection_id, company_id, key, last_number)
            SELECT id, company_id, %s, %s FROM accountable_connection WHERE id = %s AND %s
            ON CONFLICT (connection_id, key) DO UPDATE SET last_number = EXCLUDED.last_number
            """,
            series,
            number,
            self.run.connection_id,
            condition,
        )

    # Who has to wait

    def check_series(self, document):
        """Where numbers must be consecutive, a number whose fate is unknown holds its series."""
        if not self.run.capabilities.consecutive_numbers:
            return
        holder = self.run.held.get(self.run.package.number_series(document))
        if holder and holder != self.job.id:
            raise Held(
                holder,
                _lt(
                    "It waits until the outcome of %(name)s is known: numbers must be consecutive.",
                    name=self.job.browse(holder).name,
                ),
            )

    def free_series(self):
        """It went again under its number: whoever waited for that may take the next one."""
        series, _number = self.run.kept.pop(self.job.id, (None, None))
        if self.run.held.get(series) == self.job.id:
            del self.run.held[series]

    def store_unknown_again(self):
        self.give_back()
        self.job._look_up_first()
