"""A document that was cancelled in Odoo after it was booked."""

import dataclasses

from ...api.errors import PERIOD_CLOSED, PeriodClosedError
from ...documents import Document
from ...documents.document import OPPOSITE
from ...documents.period import open_accounting_date
from ...documents.sentence import SentencesOf
from ..document.periods import Periods
from ..queue.job_decisions import OPPOSITE_PERIOD_CLOSED
from .booking import BookingOperation
from .run_state import AlreadyThere, CannotGo

_lt = SentencesOf(__name__)

# It was tried in every later period: the button that says so would do nothing.
NO_OPEN_PERIOD = "no_open_period"


class SendReverse(BookingOperation):
    """Removes the booking of a document, or books its opposite."""

    def send(self):
        """Remove the booking where the package can, else book the opposite document, also when
        this very booking can no longer be removed; a person decides when the accountant changed
        it."""
        facts = self.read_facts()
        if facts is None or facts.state != "pending":
            return
        if not facts.binding_id or (facts.move_state == "posted" and not self.job.then_anew):
            self.store(self.end_skipped, "replaced")
            return
        self.check_not_busy(facts)
        binding = self.env["accountable.binding"].browse(facts.binding_id)
        if self._is_switched_off():
            self.store(self._end_cancellation_unsent, binding)
            return
        document = self._document_to_undo(binding)
        if not facts.decision:
            self.look_up.check_untouched(binding, document)
        if self.run.capabilities.remove_document and not facts.unanswered:
            # an opposite that went out before keeps its number
            numbered = self.job.series or None, self.job.number or None
            self.store(self.booking.store_sending, document, "", *numbered)
            self.run.check_lock()
            self.run.calling = True
            removed = self.run.package.remove_document(binding.external_key)
            if removed:
                self.store(self._store_reversed, "", "")
                return
            self.run.calling = False
        if facts.decision and not (
            self.job.content and self.job._is_opposite(self.job._sent_content())
        ):
            self._put_back(binding, document)
        opposite = self._opposite(document, binding.external_key)
        stored = self._book_opposite(facts, opposite)
        self.store(self._store_reversed, stored.key, stored.number)

    def _put_back(self, binding, document):
        """A person said that Odoo counts: what the accountant changed in the booking becomes what
        was sent, or its opposite would leave the difference behind."""
        stored = self.look_up.read_or_gone(binding, document.number)
        if not self.run.capabilities.update_document or self.look_up.is_as_sent(stored, document):
            return
        party_key = self.contacts.ensure(document.party)
        numbered = self.job.series or None, self.job.number or None
        self.store(self.booking.store_sending, document, party_key, *numbered)
        self.run.check_lock()
        self.run.calling = True
        stored = self.run.package.update_document(binding.external_key, document, party_key)
        self.run.calling = False
        self.store(binding.write, {"version": stored.version})

    def _is_switched_off(self):
        move = self.record
        return bool(move) and not self.env["accountable.sending.plan"]._of(self.connection).sends(
            move
        )

    def _end_cancellation_unsent(self, binding):
        self.end_skipped("setting")
        if not self.job.then_anew:
            binding._mark_unsent("cancelled_switched_off")

    def _document_to_undo(self, binding):
        """What was booked, out of the link. Raises CannotGo when it was not we who booked it."""
        document = binding._sent_document()
        if binding.adopted or not document:
            with self.within_limit("look_up"):
                stored = self.links.read_booking(binding)
            sentence = _lt(
                "%(name)s was cancelled in Odoo; its booking %(number)s was not made by Odoo."
                " Correct it in the administration, then press Skip.",
                name=self.job.name,
                number=binding.number,
            )
            raise self.question("cancelled_adopted", sentence, [stored] if stored else ())
        return document

    def _book_opposite(self, facts, opposite):
        """Book it on the date of what it undoes. Where that period is closed: a bill's goes to the
        first open one, of another year too, as late bills do; a sale's moves only when a person
        says so."""
        moves_on = self._moves_on(opposite)
        document = opposite
        if moves_on and (day := self._open_day(opposite, moves_on)):
            document = dataclasses.replace(opposite, accounting_date=day)
        self.booking.check_same_send(facts, document)
        try:
            self.numbers.check_series(document)
            party_key = self.contacts.key_of_old(document.party)
            stored, _document = self.booking.book_moving_on(
                document, party_key, facts.tried, moves_on, over_years=True
            )
            return stored
        except AlreadyThere as there:
            return there.stored
        except PeriodClosedError as error:
            raise self._period_closed(opposite, moves_on) from error

    def _moves_on(self, opposite):
        """Whether it may go in another period than what it undoes."""
        return self.job.to_open_period or (
            not opposite.is_sale and self.run.settings.late_bills_to_open_period
        )

    def _open_day(self, opposite, moves_on):
        """The day on which it can be booked as far as is known, None for none."""
        return open_accounting_date(
            Periods(self.connection).known,
            opposite.accounting_date,
            opposite.journal,
            may_move=moves_on,
            over_years=True,
        )

    def _period_closed(self, opposite, moves_on):
        return CannotGo(
            PERIOD_CLOSED,
            NO_OPEN_PERIOD if moves_on else OPPOSITE_PERIOD_CLOSED,
            self._closed_sentence(opposite, moves_on),
            (self.res_model, self.res_id),
        )

    def _closed_sentence(self, opposite, moved_on):
        values = {"name": self.job.name, "date": opposite.accounting_date}
        if moved_on:
            return _lt(
                "The booking of %(name)s is to be undone, and no period from %(date)s on is open in"
                " the administration. When your accountant has opened one, read the master data"
                " again, then press Retry.",
                **values,
            )
        return _lt(
            "The booking of %(name)s is to be undone, and the period of %(date)s is closed in the"
            " administration. The usual cure is a credit note with a number of its own: post"
            " %(name)s again as it was, then credit it. Or press “Book it in the open period”,"
            " which books the opposite there; or Retry when your accountant has opened the period;"
            " or Skip.",
            **values,
        )

    def _opposite(self, document: Document, key):
        """The document that undoes it: the same lines and amounts, of the opposite kind."""
        kind = OPPOSITE[document.kind]
        lines = tuple(
            dataclasses.replace(
                line,
                vat_code=self._opposite_code("tax", document.kind, kind, line.vat_code),
            )
            for line in document.lines
        )
        return dataclasses.replace(
            document,
            kind=kind,
            lines=lines,
            journal=self._opposite_code("journal", document.kind, kind, document.journal),
            own_reference=document.own_reference + self.job._opposite_suffix(),
            origin_number=document.number,
            origin_key=key,
        )

    def _opposite_code(self, mapping_kind, kind, opposite, code):
        """The code the opposite kind uses where this one uses ``code``; the same without
        another."""
        rows = self.env["accountable.mapping"].search(
            [
                ("connection_id", "=", self.run.connection_id),
                ("kind", "=", mapping_kind),
                ("state", "=", "confirmed"),
            ]
        )
        sources = {
            row.source_key
            for row in rows
            if row.master_data_id.code == code and row.document_kind in (kind, "any")
        }
        own = self._own_sources(mapping_kind)
        sources = sources & own or sources
        if not sources and mapping_kind == "journal":
            sources = own  # mapped otherwise since it was booked
        for wanted in (opposite, "any"):
            for row in rows:
                if row.source_key in sources and row.document_kind == wanted and row.master_data_id:
                    return row.master_data_id.code
        return code

    def _own_sources(self, mapping_kind):
        """What the document itself has on Odoo's side of the mapping: several taxes may go under
        one code, and have codes of their own on credit notes."""
        move = self.record
        records = move.journal_id
        if mapping_kind == "tax":
            records = move.invoice_line_ids.tax_ids.flatten_taxes_hierarchy()
        return {f"{record._name},{record.id}" for record in records}

    def _store_reversed(self, key, number):
        """The link is closed: a document posted again is a new one."""
        self.numbers.free_series()
        binding = self.own_link()
        for link in binding | self.links.earlier(binding):
            link._clear_unsent()
            link.write(
                {
                    "res_model": self.job._name,
                    "res_id": self.job.id,
                    "details": {
                        **(link.details or {}),
                        "record": f"{self.res_model},{self.res_id}",
                        "reversed_by": key,
                        "reversed_number": number,
                    },
                }
            )
        self.job._end("done")
        if self.job.then_anew:
            self.job._free_document()
        self.run.counts.documents_sent += 1

    # After a lost answer

    def settle_sent(self):
        document, binding = self.job._sent_content(), self.own_link()
        if self.job._is_opposite(document):
            self.settle_booking(document)
        elif not binding or self.links.read_booking(binding) is None:
            self.store(self._store_reversed, "", "")
        else:
            self.store(self.not_there.store_not_there)

    def store_there(self, stored, document, files):
        self._store_reversed(stored.key, stored.number)
