"""A document that changed after it was sent."""

import dataclasses
import logging

from ...api.errors import DUPLICATE, DataRefusedError, PeriodClosedError
from ...documents.difference import BOOKKEEPING, NOTHING, TEXTS, WORDS, difference
from ..queue.unasked import IN_ODOO
from .booking import Booking
from .contacts import Contacts
from .job_part import JobPart, candidate_values
from .look_up import LookUp
from .run_state import CannotGo
from .send_file import Files

_logger = logging.getLogger(__name__)

UPDATE_IMPOSSIBLE = "update_impossible"


class SendChange(JobPart):
    """Sends what changed of a document that is booked."""

    def __init__(self, job, run):
        super().__init__(job, run)
        self.look_up = LookUp(job, run)
        self.contacts = Contacts(job, run)
        self.booking = Booking(job, run)
        self.files = Files(job, run)

    def change(self, facts, prepared):
        """Send the change, as long as nobody else touched the booking and no customer holds the old
        document in hand. Where only words changed, a booking that cannot be changed stays as it is,
        and the document says what differs."""
        binding = self.env["accountable.binding"].browse(facts.binding_id)
        document, own_date = binding._in_booked_period(prepared.document)
        prepared.document, prepared.fingerprint = document, document.fingerprint()
        change = self._difference(binding, document)
        if facts.fingerprint in (prepared.fingerprint, own_date.fingerprint()):
            change = NOTHING
        unchanged = not facts.decision and self._as_mapped_then(binding, prepared, document)
        if unchanged:
            document, change = unchanged
            prepared.document, prepared.fingerprint = document, document.fingerprint()
        # what a person wants to be replaced is replaced
        if change == NOTHING and not facts.decision:
            if self._was_left_cancelled():
                self.look_up.read_or_gone(binding, document.number)
            self.store(self._store_unchanged, binding)
            return
        only_words = change == TEXTS and not facts.decision
        if only_words and not self._may_change_words(binding, document):
            self.store(self._store_noted, binding, document)
            return
        if not only_words:
            self._check_change_is_ours(facts, binding, document)
        party_key = self.contacts.ensure(document.party)
        self.store(self.booking.store_sending, document, party_key, None, None)
        self.run.check_lock()
        self.run.calling = True
        try:
            with self.within_limit("change"):
                stored = self.run.package.update_document(binding.external_key, document, party_key)
        except (DataRefusedError, PeriodClosedError) as error:
            if not only_words or error.code == DataRefusedError.CHANGED_OTHERWISE:
                raise
            _logger.info("%s keeps its words: %s", binding.external_key, error)
            self.store(self._store_noted, binding, document)
            return
        self.store(self._store_changed, binding, stored, document)
        self.store(self.booking.renew_notes, prepared.notes)

    def _was_left_cancelled(self):
        """Whether a person was asked about a cancellation of this document, and settled it in the
        administration: the booking may be gone since."""
        return bool(
            self.job.search_count(
                [
                    ("connection_id", "=", self.job.connection_id.id),
                    ("res_model", "=", self.res_model),
                    ("res_id", "=", self.res_id),
                    ("operation", "=", "reverse"),
                    ("state", "=", "skipped"),
                    ("skip_reason", "=", "change"),
                ],
                limit=1,
            )
        )

    def _as_mapped_then(self, binding, prepared, document):
        """A booked document that was not changed in Odoo, with what it was booked with: accounts,
        VAT codes, journal and contact may be mapped otherwise since. Its words are those of now.

        :return: ``(document to send, what changed)``, None when it was changed or nobody knows
        """
        sent = binding._sent_document()
        then = (binding.details or {}).get(IN_ODOO)
        if not sent or not then or then != prepared.in_odoo:
            return None
        words = {name: getattr(document, name) for name in WORDS}
        lines = sent.lines
        if [line.base for line in lines] == [line.base for line in document.lines]:
            lines = tuple(
                dataclasses.replace(line, text=now.text)
                for line, now in zip(lines, document.lines, strict=True)
            )
        present = dataclasses.replace(sent, **words, lines=lines, instalments=document.instalments)
        return dataclasses.replace(present, party=document.party), difference(sent, present)

    def _difference(self, binding, document):
        """What changed since it was sent or linked. Of an opening item only Odoo knows more than
        the words; where it is not known what was sent, everything may have changed."""
        if (binding.details or {}).get("opening_item"):
            return TEXTS
        sent = binding._sent_document()
        if sent and self._was_merged(sent.party, document.party):
            sent = dataclasses.replace(sent, party=document.party)
        return difference(sent, document) if sent else BOOKKEEPING

    def _was_merged(self, before, now):
        """Whether a party has another number because its contact was merged with another one: its
        own is gone, and no document was given to somebody else."""
        if before.identity == now.identity:
            return False
        number = before.external_number - self.job.connection_id.external_number_offset
        return not self.env["res.partner"].browse(number).exists()

    def _may_change_words(self, binding, document):
        """Whether words alone may be sent: to a booking of ours that nobody touched. Raises
        CannotGo when it is gone."""
        if binding.adopted or not self.run.capabilities.update_document:
            return False
        stored = self.look_up.read_or_gone(binding, document.number)
        return stored.version == binding.version

    def _store_noted(self, binding, document):
        """Nothing is sent, nobody has to act: the document says what differs. The fingerprint stays
        that of what the administration has."""
        binding._note_words(document)
        self._end_as_booked(binding)

    def _store_changed(self, binding, stored, document):
        """A booking that was the accountant's stays so, whoever wrote in it last."""
        binding._note_words(None)
        self.booking.store_done(stored, document, (), binding.adopted)

    def _store_unchanged(self, binding):
        """The booking says what Odoo says: notes on it go."""
        binding._note_words(None)
        self._end_as_booked(binding)

    def _end_as_booked(self, binding):
        self.job._end("done")
        binding._forget_unsent()
        self.files.enqueue_rest(())

    def _check_change_is_ours(self, facts, binding, document):
        """Raises CannotGo when a person has to decide about the change. That the package cannot
        change a booking is nothing to decide about: no answer makes it possible."""
        if not self.run.capabilities.update_document:
            raise CannotGo(
                DUPLICATE,
                UPDATE_IMPOSSIBLE,
                self.env._(
                    "%(name)s changed after it was booked, and the package cannot change a booking."
                    " Correct it with a credit note, or in the administration; then press Skip.",
                    name=document.number,
                ),
                (self.res_model, self.res_id),
            )
        if facts.decision:
            return
        if binding.adopted:
            stored = self.look_up.read_or_gone(binding, document.number)
            self.look_up.keep_content(document)
            raise CannotGo(
                DUPLICATE,
                "changed_adopted",
                self.env._(
                    "%(name)s changed in Odoo, and its booking %(number)s is the accountant's own."
                    " Nothing is overwritten: decide which one counts.",
                    name=document.number,
                    number=stored.number,
                ),
                (self.res_model, self.res_id),
                [candidate_values(stored)],
            )
        if document.is_sale and facts.is_move_sent:
            raise CannotGo(
                DUPLICATE,
                "sent_to_customer",
                self.env._(
                    "%(name)s changed after the customer received it. Correct it with a credit"
                    " note.",
                    name=document.number,
                ),
                (self.res_model, self.res_id),
            )
        self.look_up.check_untouched(binding, document)
