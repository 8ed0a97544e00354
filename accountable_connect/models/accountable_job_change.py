"""A document that changed after it was sent."""

from odoo import models

from ..api.errors import DUPLICATE
from .accountable_job_work import candidate_values
from .work import NotSent

UPDATE_IMPOSSIBLE = "update_impossible"


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    def _send_change(self, work, facts, prepared):
        """Send the change, as long as nobody else touched the booking and no customer holds the old
        document in hand."""
        binding = self.env["accountable.binding"].browse(facts.binding_id)
        document, own_date = binding._in_booked_period(prepared.document)
        prepared.document, prepared.fingerprint = document, document.fingerprint()
        if facts.fingerprint in (prepared.fingerprint, own_date.fingerprint()):
            self._store(self._store_unchanged, work, binding)
            return
        self._check_change_is_ours(work, facts, document)
        party_key = self._ensure_party(work, document.party)
        self._store(self._store_sending, work, document, party_key, None, None)
        work.check_lock()
        work.calling = True
        with self._within_limit(work, "change"):
            stored = work.package.update_document(facts.external_key, document, party_key)
        self._store(self._store_done, work, stored, document, (), False)

    def _store_unchanged(self, work, binding):
        self._end("done")
        binding._forget_unsent()
        self._enqueue_rest_of_files(work, ())

    def _check_change_is_ours(self, work, facts, document):
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
        self._check_untouched(work, facts, document)

    def _check_untouched(self, work, facts, document):
        """The accountant's work is never overwritten."""
        with self._within_limit(work, "look_up"):
            stored = work.package.read_document(facts.external_key)
        if stored is None:
            raise NotSent(
                DUPLICATE,
                "gone",
                self.env._("%(name)s was deleted in the administration.", name=document.number),
                (self.res_model, self.res_id),
            )
        if stored.version != facts.version:
            self._keep_content(document)
            raise NotSent(
                DUPLICATE,
                "changed_in_package",
                self.env._(
                    "%(name)s changed in Odoo, and its booking %(number)s was changed in the"
                    " administration. Nothing is overwritten: decide which one counts.",
                    name=document.number,
                    number=stored.number,
                ),
                (self.res_model, self.res_id),
                [candidate_values(stored)],
            )
