"""A document that changed after it was sent."""

import dataclasses
import logging

from odoo import models

from ...api.errors import DUPLICATE, DataRefusedError, PeriodClosedError
from ...documents.difference import BOOKKEEPING, NOTHING, TEXTS, difference
from .job_work import candidate_values
from .work import NotSent

_logger = logging.getLogger(__name__)

UPDATE_IMPOSSIBLE = "update_impossible"


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    def _send_change(self, work, facts, prepared):
        """Send the change, as long as nobody else touched the booking and no customer holds the old
        document in hand. Where only words changed, a booking that cannot be changed stays as it is,
        and the document says what differs."""
        binding = self.env["accountable.binding"].browse(facts.binding_id)
        document, own_date = binding._in_booked_period(prepared.document)
        prepared.document, prepared.fingerprint = document, document.fingerprint()
        change = self._difference(binding, document)
        if facts.fingerprint in (prepared.fingerprint, own_date.fingerprint()):
            change = NOTHING
        unchanged = not facts.decision and binding._as_mapped_when_booked(
            prepared.in_odoo, document
        )
        if unchanged:
            document, change = unchanged
            prepared.document, prepared.fingerprint = document, document.fingerprint()
        # what a person wants to be replaced is replaced
        if change == NOTHING and not facts.decision:
            if self._was_left_cancelled():
                self._read_or_gone(work, binding, document.number)
            self._store(self._store_unchanged, work, binding)
            return
        only_words = change == TEXTS and not facts.decision
        if only_words and not self._may_change_words(work, binding, document):
            self._store(self._store_noted, work, binding, document)
            return
        if not only_words:
            self._check_change_is_ours(work, facts, binding, document)
        party_key = self._ensure_party(work, document.party)
        self._store(self._store_sending, work, document, party_key, None, None)
        work.check_lock()
        work.calling = True
        try:
            with self._within_limit(work, "change"):
                stored = work.package.update_document(binding.external_key, document, party_key)
        except (DataRefusedError, PeriodClosedError) as error:
            if not only_words or error.code == DataRefusedError.CHANGED_OTHERWISE:
                raise
            _logger.info("%s keeps its words: %s", binding.external_key, error)
            self._store(self._store_noted, work, binding, document)
            return
        self._store(self._store_changed, work, binding, stored, document)
        self._store(self._renew_notes, prepared.notes, work)

    def _was_left_cancelled(self):
        """Whether a person was asked about a cancellation of this document, and settled it in the
        administration: the booking may be gone since."""
        return bool(
            self.search_count(
                [
                    ("connection_id", "=", self.connection_id.id),
                    ("res_model", "=", self.res_model),
                    ("res_id", "=", self.res_id),
                    ("operation", "=", "reverse"),
                    ("state", "=", "skipped"),
                    ("skip_reason", "=", "change"),
                ],
                limit=1,
            )
        )

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
        number = before.external_number - self.connection_id.external_number_offset
        return not self.env["res.partner"].browse(number).exists()

    def _may_change_words(self, work, binding, document):
        """Whether words alone may be sent: to a booking of ours that nobody touched. Raises NotSent
        when it is gone."""
        if binding.adopted or not work.capabilities.update_document:
            return False
        stored = self._read_or_gone(work, binding, document.number)
        return stored.version == binding.version

    def _store_noted(self, work, binding, document):
        """Nothing is sent, nobody has to act: the document says what differs. The fingerprint stays
        that of what the administration has."""
        binding._note_words(document)
        self._end_as_booked(work, binding)

    def _store_changed(self, work, binding, stored, document):
        """A booking that was the accountant's stays so, whoever wrote in it last."""
        binding._note_words(None)
        self._store_done(work, stored, document, (), binding.adopted)

    def _store_unchanged(self, work, binding):
        """The booking says what Odoo says: notes on it go."""
        binding._note_words(None)
        self._end_as_booked(work, binding)

    def _end_as_booked(self, work, binding):
        self._end("done")
        binding._clear_unsent()
        self._enqueue_rest_of_files(work, ())

    def _check_change_is_ours(self, work, facts, binding, document):
        """Raises NotSent when a person has to decide about the change. That the package cannot
        change a booking is nothing to decide about: no answer makes it possible."""
        if not work.capabilities.update_document:
            raise NotSent(
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
            stored = self._read_or_gone(work, binding, document.number)
            self._keep_content(document)
            raise NotSent(
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
            raise NotSent(
                DUPLICATE,
                "sent_to_customer",
                self.env._(
                    "%(name)s changed after the customer received it. Correct it with a credit"
                    " note.",
                    name=document.number,
                ),
                (self.res_model, self.res_id),
            )
        self._check_untouched(work, binding, document)

    def _check_untouched(self, work, binding, document):
        """The accountant's work is never overwritten."""
        stored = self._read_or_gone(work, binding, document.number)
        if stored.version != binding.version:
            self._keep_content(document)
            values = {"name": document.number, "number": stored.number}
            sentence = self.env._(
                "%(name)s changed in Odoo, and its booking %(number)s was changed in the"
                " administration. Nothing is overwritten: decide which one counts.",
                **values,
            )
            if self.operation == "reverse" and not self.then_anew:
                sentence = self.env._(
                    "%(name)s was cancelled in Odoo, and its booking %(number)s was changed in the"
                    " administration. Nothing is undone: decide which one counts.",
                    **values,
                )
            raise NotSent(
                DUPLICATE,
                "changed_in_package",
                sentence,
                (self.res_model, self.res_id),
                [candidate_values(stored)],
            )

    def _read_or_gone(self, work, binding, name):
        """The booking of a link as it is now. Raises NotSent when it is gone."""
        with self._within_limit(work, "look_up"):
            stored = self._read_booking(work, binding)
        if stored is None:
            could_be = self._could_be_adopted(work, binding)
            sentence = self.env._("%(name)s was deleted in the administration.", name=name)
            if could_be:
                sentence = self.env._(
                    "%(name)s: its booking %(number)s does not stand under this number any more."
                    " Perhaps it has another one by now: decide.",
                    name=name,
                    number=binding.number,
                )
            raise NotSent(DUPLICATE, "gone", sentence, (self.res_model, self.res_id), could_be)
        return stored

    def _could_be_adopted(self, work, binding):
        """What an accountant's booking without our mark may be by now, when it was changed and has
        another number; empty for our own, which the mark tells."""
        linked = binding.adopted and binding._sent_document()
        if not linked:
            return []
        party = self.env["accountable.binding"]._find(
            work.connection_id,
            "party",
            "res.partner",
            self._party_partner_id(work, linked.party),
        )
        with self._within_limit(work, "look_up"):
            found = work.package.find_document(linked, party.external_key or "")
        return [
            candidate_values(stored)
            for stored in self._unbound(work, found)
            if stored.kind == linked.kind and not stored.own_reference
        ]
