"""Sending one document: find it, book it, or send its change."""

from ...api import matching
from ...documents.sentence import SentencesOf
from .batch import NOT_WANTED, Batch
from .booking import BookingOperation
from .job_part import part
from .run_state import AlreadyThere, CannotGo, Held
from .send_change import SendChange

_lt = SentencesOf(__name__)


class SendDocument(BookingOperation):
    """Books a document, or its change."""

    changes = part(SendChange)

    def send(self):
        """Book the document, or its change. Commits before and after the call."""
        facts = self.read_facts()
        if not self.may_go(facts):
            return
        prepared = self._prepared(facts)
        if NOT_WANTED & {problem.code for problem in prepared.problems}:
            # switched off since it was put in the queue; switched on again, it is found again
            self.store(self._end_switched_off)
            return
        self._check_problems(facts, prepared)
        if facts.binding_id and not self._is_booked_again(facts):
            self.changes.change(facts, prepared)
            return
        document = prepared.document
        self._check_journal_order(prepared)
        self.numbers.check_series(document)
        party_key = self.contacts.ensure(document.party)
        stored = self._find_there(facts, document, party_key)
        if stored is not None:
            self._link(prepared, stored, document)
            return
        self.booking.check_same_send(facts, document)
        try:
            stored, document = self.booking.book(prepared, party_key, facts.tried)
        except AlreadyThere as there:
            if matching.contradictions(there.stored, there.document, party_key):
                raise self.look_up.ours_otherwise(there.stored) from there
            self._link(prepared, there.stored, there.document)
            return
        self._store_linked(prepared, stored, document, adopted=False)

    def _prepared(self, facts):
        """What was built with the batch; built now when it changed since."""
        prepared = self.run.prepared.get(self.res_id)
        if prepared is None or prepared.stamp != facts.stamp:
            # what goes wrong here is this document's own error, and belongs in its item
            Batch(self.job, self.run).build_moves(self.env["account.move"].browse(self.res_id))
            self.commit()
            prepared = self.run.prepared[self.res_id]
        return prepared

    def _check_problems(self, facts, prepared):
        for problem in prepared.problems:
            if not self._is_accepted(facts, problem):
                cause = problem.cause_model, problem.cause_id
                raise CannotGo(problem.error_kind, problem.code, problem.message, cause)

    def _is_booked_again(self, facts):
        """A person said "book it" of a document that was deleted over there: the link goes."""
        if not facts.decision:
            return False
        binding = self.env["accountable.binding"].browse(facts.binding_id)
        with self.within_limit("look_up"):
            if self.links.read_booking(binding) is not None:
                return False
        binding.unlink()
        return True

    def _end_switched_off(self):
        """What is booked already is noted on the document."""
        self.end_skipped("setting")
        self.env["accountable.binding"]._of_jobs(self.job)._compare_with_odoo()

    def _is_accepted(self, facts, problem):
        """Whether a person said "send it anyway" of the very figures, for this try or when it was
        booked."""
        if not problem.overridable:
            return False
        if (facts.accepted or {}).get(problem.code) == problem.note:
            return True
        notes = self.env["accountable.binding"].browse(facts.binding_id or ()).notes or {}
        return notes.get(problem.code) == problem.note

    def _check_journal_order(self, prepared):
        """Where numbers must equal Odoo's, a failed sales document holds the later ones."""
        if prepared.journal_id not in self.run.settings.hold_later_journals:
            return
        prefix = self.job.order_key.rpartition("/")[0] + "/"
        earlier = self.job.search(
            [
                ("connection_id", "=", self.run.connection_id),
                ("operation", "=", "document"),
                ("order_key", "=like", f"{prefix}%"),
                ("order_key", "<", self.job.order_key),
                "|",
                ("state", "in", ("failed", "unknown", "sending")),
                "&",
                ("state", "=", "pending"),
                ("attempts", ">", 0),
            ],
            order="order_key",
        )
        # What is booked has its number: a question about its change concerns no later one.
        records = ("res_model", "=", self.res_model), ("res_id", "in", earlier.mapped("res_id"))
        booked = set(self.bindings("document", *records).mapped("res_id"))
        earlier = next((job for job in earlier if job.res_id not in booked), None)
        if earlier:
            raise Held(
                earlier.id,
                _lt("It waits for %(name)s, which comes first.", name=earlier.name),
            )

    def _find_there(self, facts, document, party_key):
        """The same document in the administration, where it may be there; else None."""
        if not self._looks_first(facts, document):
            return None
        if facts.tried:
            # it may have arrived since something was read for the whole batch
            self.run.package.announce_look_ups(())
        return self.look_up.find_there(facts, document, party_key)

    def _looks_first(self, facts, document):
        """A bill may have been entered by hand or by the supplier's e-invoice; a sales document
        only before the connection was made. Whatever had no answer, or went through an earlier
        connection, may have arrived since."""
        if facts.elsewhere or (facts.sought and not self.numbers.protects()):
            return True
        return not facts.decision and self.run.may_be_there(document)

    def _link(self, prepared, stored, document):
        """Link the document with a booking that says the same. It is ours where it carries our mark
        and nobody coded it otherwise; else it is the accountant's (adopted). Where an earlier
        connection knew it and nobody touched it since, that link goes on, and with it what changed
        in Odoo meanwhile."""
        previous = self.links.previous()
        if previous and (previous.version, previous.external_key) == (stored.version, stored.key):
            self.store(self.links.take_over, previous, stored)
            self.changes.change(self.read_facts(), prepared)
            return
        adopted = not self.look_up.is_as_sent(stored, document)
        self._store_linked(prepared, stored, document, adopted)

    def _store_linked(self, prepared, stored, document, adopted):
        """What carries our mark went with its files."""
        with_files = self.run.capabilities.files_with_document and not stored.without_files
        files = prepared.files if with_files and not adopted else ()
        self.store(self.booking.store_done, stored, document, files, adopted)

    # After a lost answer

    def settle_sent(self):
        binding, document = self.own_link(), self.job._sent_content()
        if binding:
            self.changes.settle(binding, document)
        else:
            self.settle_booking(document)

    def store_there(self, stored, document, files):
        fingerprint = self.job.fingerprint
        adopted = not self.look_up.is_as_sent(stored, document)
        self.booking.store_done(stored, document, (), adopted)
        self.own_link().fingerprint = fingerprint
        if files and stored.without_files:
            self.record._accountable_enqueue_files(self.run.connection_id)
        else:
            for key, name, checksum in files:
                self.booking.files.bind(stored.key, key, name, checksum)
        self._report_difference(stored, document)

    def _report_difference(self, stored, document):
        """Nobody compared what arrived while its answer was lost: a person sees it when its figures
        are others. It is linked all the same, so that it is never booked a second time."""
        names = matching.contradictions(stored, document, self.job.party_key)
        if not names:
            return
        reason = self.look_up.ours_otherwise(stored)
        sentence = reason.sentence
        if {"total", "kind"} & set(names):
            sentence = _lt(
                "It is in the administration as %(number)s with a total of %(booked)s "
                "(%(booked_kind)s) instead of %(total)s (%(kind)s). Correct it there, then press "
                "Skip.",
                number=stored.number,
                booked=stored.total if stored.total is not None else "–",
                booked_kind=self._kind_in_words(stored.kind),
                total=document.total,
                kind=self._kind_in_words(document.kind),
            )
        self.job._copy_as_failed("booked_otherwise", sentence, reason.candidates)

    def _kind_in_words(self, kind):
        words = {
            "sale": _lt("invoice"),
            "sale_refund": _lt("credit note"),
            "purchase": _lt("vendor bill"),
            "purchase_refund": _lt("vendor credit note"),
        }
        return words.get(kind, kind)
