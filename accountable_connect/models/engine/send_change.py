"""A document that changed after it was sent."""

import dataclasses
import logging

from ...api.errors import DataRefusedError, PeriodClosedError
from ...documents.difference import BOOKKEEPING, NOTHING, TEXTS, difference
from ...documents.sentence import SentencesOf
from .booking import Booking
from .contacts import Contacts
from .job_part import JobPart, part
from .links import Links
from .look_up import LookUp
from .not_there import NotThere
from .send_file import Files

_lt = SentencesOf(__name__)

_logger = logging.getLogger(__name__)

UPDATE_IMPOSSIBLE = "update_impossible"


class SendChange(JobPart):
    """Sends what changed of a document that is booked."""

    look_up = part(LookUp)
    contacts = part(Contacts)
    booking = part(Booking)
    files = part(Files)
    links = part(Links)
    not_there = part(NotThere)

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
        in_odoo = prepared.in_odoo
        unchanged = not facts.decision and binding._as_mapped_when_booked(in_odoo, document)
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
        stored = self._update(binding, document, only_words)
        if stored is None:
            self.store(self._store_noted, binding, document)
            return
        self.store(self._store_changed, binding, stored, document)
        self.store(self.booking.renew_notes, prepared.notes)

    def _update(self, binding, document, only_words):
        """The booking as it was changed; None when the package refuses words alone."""
        party_key = self.contacts.ensure(document.party)
        self.store(self.booking.store_sending, document, party_key, None, None)
        self.run.check_lock()
        self.run.calling = True
        try:
            with self.within_limit("change"):
                return self.run.package.update_document(binding.external_key, document, party_key)
        except (DataRefusedError, PeriodClosedError) as error:
            if not only_words or error.code == DataRefusedError.CHANGED_OTHERWISE:
                raise
            _logger.info("%s keeps its words: %s", binding.external_key, error)
            return None

    def _was_left_cancelled(self):
        """Whether a person was asked about a cancellation of this document, and settled it in the
        administration: the booking may be gone since."""
        settled = ("state", "=", "skipped"), ("skip_reason", "=", "change")
        return bool(self.items(("operation", "=", "reverse"), *settled, limit=1))

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
        number = before.external_number - self.connection.external_number_offset
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
        binding._clear_unsent()
        self.files.enqueue_rest(())

    def _check_change_is_ours(self, facts, binding, document):
        """Raises CannotGo when a person has to decide about the change. That the package cannot
        change a booking is nothing to decide about: no answer makes it possible."""
        if not self.run.capabilities.update_document:
            sentence = _lt(
                "%(name)s changed after it was booked, and the package cannot change a booking."
                " Correct it with a credit note, or in the administration; then press Skip.",
                name=document.number,
            )
            raise self.question(UPDATE_IMPOSSIBLE, sentence)
        if facts.decision:
            return
        if binding.adopted:
            stored = self.look_up.read_or_gone(binding, document.number)
            self.look_up.keep_content(document)
            sentence = _lt(
                "%(name)s changed in Odoo, and its booking %(number)s was entered by the "
                "accountant. Nothing is overwritten: decide which one counts.",
                name=document.number,
                number=stored.number,
            )
            raise self.question("changed_adopted", sentence, [stored])
        if document.is_sale and facts.is_move_sent:
            sentence = _lt(
                "%(name)s changed after the customer received it. Correct it with a credit note.",
                name=document.number,
            )
            raise self.question("sent_to_customer", sentence)
        self.look_up.check_untouched(binding, document)

    # After a lost answer

    def settle(self, binding, document):
        """A change: the booking is as before, or it carries what we sent, or a part of that, where
        the package changes one line after the other. Its total does not show which, so the change
        is sent again once nothing of it can arrive any more: when all of it arrived, that changes
        nothing."""
        stored = self.links.read_booking(binding)
        if not self.job._is_settled():
            self.store(self.job._store_look_later)
        elif stored and stored.version == binding.version:
            self.store(self.not_there.store_not_there)
        elif stored and self._is_changed_in_part(binding, stored, document):
            self.store(self._store_changed_in_part, binding, stored)
        else:
            name = self.job.name
            sentence = _lt("%(name)s: the booking is not what was sent. Decide.", name=name)
            code = "changed_in_package" if stored else "gone"
            raise self.question(code, sentence, [stored] if stored else ())

    def _is_changed_in_part(self, binding, stored, document):
        """Whether every line is one that was there before or one that we sent: else somebody else
        wrote in the booking meanwhile."""
        if stored.total != document.total or stored.party_key not in ("", self.job.party_key):
            return False
        before = binding._sent_document()
        known = [
            line
            for sent in (document, before)
            for line in ((sent and self.look_up.lines_of(sent)) or ())
        ]
        return not known or all(line in known for line in stored.lines)

    def _store_changed_in_part(self, binding, stored):
        """What is there is our own work: it may be changed further."""
        binding.version = stored.version
        self.not_there.store_not_there()
