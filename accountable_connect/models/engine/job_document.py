"""Sending one document: book it, change it, book its opposite."""

from odoo import fields, models
from odoo.tools import SQL

from ...api import matching
from ...api.errors import (
    DUPLICATE,
    DuplicateError,
    LimitReachedError,
    NumberTakenError,
    OutcomeUnknownError,
    PackageError,
)
from ...documents import Document
from ...documents.serial import document_to_values
from .work import AlreadyThere, Changed, Held, NotSent

NUMBER_TRIES = 3
# Problems of the precheck that say what the connection does not send, and nobody has to cure.
NOT_WANTED = {"kind_not_sent", "package_receives", "journal_not_sent"}


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    def _send_document(self, work):
        """Book the document, or its change. Commits before and after the call."""
        facts = self._read_facts(work)
        if not self._may_go(facts):
            return
        prepared = work.prepared.get(self.res_id)
        if prepared is None or prepared.stamp != facts.stamp:
            # what goes wrong here is this document's own error, and belongs in its item
            self._prepare_moves(work, self.env["account.move"].browse(self.res_id))
            self._commit_work()
            prepared = work.prepared[self.res_id]
        if NOT_WANTED & {problem.code for problem in prepared.problems}:
            # switched off since it was put in the queue; switched on again, it is found again
            self._store(self._end_switched_off, work)
            return
        for problem in prepared.problems:
            if self._is_accepted(facts, problem):
                continue
            raise NotSent(
                problem.error_kind,
                problem.code,
                problem.message,
                (problem.cause_model, problem.cause_id),
            )
        if facts.binding_id and not self._is_booked_anew(work, facts):
            self._send_change(work, facts, prepared)
            return
        document = prepared.document
        self._check_journal_order(work, prepared)
        self._check_series(work, document)
        party_key = self._ensure_party(work, document.party)
        stored = None
        if self._looks_first(work, facts, document):
            if facts.tried:
                # it may have arrived since something was read for the whole batch
                work.package.announce_look_ups(())
            stored = self._find_there(work, facts, document, party_key)
        if stored is not None:
            self._link(work, prepared, stored, document)
            return
        self._check_same_send(work, facts, document)
        try:
            stored, document = self._book_in_open_period(work, prepared, party_key, facts.tried)
        except AlreadyThere as there:
            if matching.contradictions(there.stored, there.document, party_key):
                raise self._ours_otherwise(there.stored) from there
            self._link(work, prepared, there.stored, there.document)
            return
        with_files = work.capabilities.files_with_document and not stored.without_files
        files = prepared.files if with_files else ()
        self._store(self._store_done, work, stored, document, files, False)

    def _is_booked_anew(self, work, facts):
        """A person said "book it" of a document that was deleted over there: the link goes."""
        if not facts.decision:
            return False
        binding = self.env["accountable.binding"].browse(facts.binding_id)
        with self._within_limit(work, "look_up"):
            if self._read_booking(work, binding) is not None:
                return False
        binding.unlink()
        return True

    def _may_go(self, facts):
        """Whether the job is still to be done; ends it when its record no longer asks for it."""
        if facts is None or facts.state != "pending" or not facts.next_try:
            return False
        if facts.next_try > fields.Datetime.now():
            return False
        if facts.move_state != "posted":
            reason = "draft" if facts.move_state else "deleted"
            self._store(self._end_skipped, reason)
            return False
        self._check_not_busy(facts)
        return True

    def _check_not_busy(self, facts):
        """Whatever else of this record went out without an answer comes first."""
        if facts.busy_id:
            sentence = self.browse(facts.busy_id)._may_arrive_sentence()
            raise Held(
                facts.busy_id,
                sentence or self.env._("An earlier try is being looked up first."),
            )

    def _end_skipped(self, reason, work=None):
        """Ended without being sent, unless an earlier send may still arrive: that is found out
        first."""
        if work and self.unanswered:
            self._store_unknown_again(work)
            return
        self._end("skipped", skip_reason=reason)

    def _end_switched_off(self, work):
        """What is booked already is noted on the document."""
        self._end_skipped("setting", work)
        self._document_links()._tell_unsent()

    # What holds a document back

    def _check_journal_order(self, work, prepared):
        """Where numbers must equal Odoo's, a failed sales document holds the later ones."""
        if prepared.journal_id not in work.settings.hold_later_journals:
            return
        prefix = self.order_key.rpartition("/")[0] + "/"
        earlier = self.search(
            [
                ("connection_id", "=", work.connection_id),
                ("operation", "=", "document"),
                ("order_key", "=like", f"{prefix}%"),
                ("order_key", "<", self.order_key),
                "|",
                ("state", "in", ("failed", "unknown", "sending")),
                "&",
                ("state", "=", "pending"),
                ("attempts", ">", 0),
            ],
            order="order_key",
        )
        # What is booked has its number: a question about its change concerns no later one.
        booked = self.env["accountable.binding"].search(
            [
                ("connection_id", "=", work.connection_id),
                ("kind", "=", "document"),
                ("res_model", "=", self.res_model),
                ("res_id", "in", earlier.mapped("res_id")),
            ]
        )
        earlier = earlier.filtered(lambda job: job.res_id not in booked.mapped("res_id"))[:1]
        if earlier:
            raise Held(
                earlier.id,
                self.env._("It waits for %(name)s, which comes first.", name=earlier.name),
            )

    def _check_series(self, work, document):
        """Where numbers must be consecutive, a number whose fate is unknown holds its series."""
        if not work.capabilities.consecutive_numbers:
            return
        holder = work.held.get(work.package.number_series(document))
        if holder and holder != self.id:
            raise Held(
                holder,
                self.env._(
                    "It waits until the outcome of %(name)s is known: numbers must be consecutive.",
                    name=self.browse(holder).name,
                ),
            )

    # What is there already

    def _looks_first(self, work, facts, document):
        """A bill may have been entered by hand or by the supplier's e-invoice; a sales document
        only before the connection was made. Whatever had no answer, or went through an earlier
        connection, may have arrived since."""
        if facts.elsewhere or (facts.sought and not self._number_protects(work)):
            return True
        return not facts.decision and self._may_be_there(work, document)

    def _may_be_there(self, work, document):
        return not document.is_sale or document.document_date < work.settings.started_on

    def _tell_look_ups(self, work):
        """Tell the package which documents of this batch will be looked up; those of parties it
        does not know yet are asked for one by one."""
        sought = []
        for job in self:
            prepared = work.prepared.get(job.res_id) if job.operation == "document" else None
            document = prepared and prepared.document
            if document and not prepared.problems and job._may_be_there(work, document):
                known = work.parties.get(self._party_partner_id(work, document.party))
                if known:
                    sought.append((document, known.key))
        work.package.announce_look_ups(sought)

    def _find_there(self, work, facts, document, party_key):
        """The same document in the administration, or None. Raises DuplicateError in doubt, and
        NotSent when it is ours with other figures. Once a person said that what somebody entered is
        another one, only what carries our mark counts."""
        only_ours = bool(facts.decision)
        doubtful = []
        with self._within_limit(work, "look_up"):
            previous = facts.elsewhere and self._find_previous(work, document, party_key)
            if previous:
                return previous
            found = work.package.find_document(document, party_key)
        found, lost = self._with_lost(work, found)
        for stored in self._unbound(work, found):
            answer = matching.compare(stored, document, party_key)
            if stored.key in lost and answer != matching.OURS:
                answer = matching.compare_lost(stored, document, party_key)
            if answer == matching.OURS or (answer == matching.SAME and not only_ours):
                return stored
            if answer == matching.OURS_OTHERWISE:
                self._keep_content(document)
                raise self._ours_otherwise(stored)
            if answer == matching.DOUBTFUL and not only_ours:
                doubtful.append(stored)
        if doubtful:
            self._keep_content(document)
            raise DuplicateError("Something like it is there already", candidates=doubtful)
        return None

    def _keep_content(self, document):
        """So that a decision to adopt knows what it is compared with later."""
        self._store(
            self.write,
            {"fingerprint": document.fingerprint(), "content": self._content_of(document)},
        )

    def _unbound(self, work, found):
        """Those that are not the counterpart of another record. What an earlier connection undid is
        linked with the item that undid it."""
        if not found:
            return []
        bound = self.env["accountable.binding"].search(
            [
                ("connection_id", "in", [work.connection_id, *work.earlier]),
                ("kind", "=", "document"),
                ("external_key", "in", [stored.key for stored in found]),
            ]
        )
        taken = {
            one.external_key
            for one in bound
            if (one.res_model, one.res_id) != (self.res_model, self.res_id)
        }
        ours = [stored.key for stored in found if stored.own_reference]
        undone = self._undone_earlier(work, ours) if ours else set()
        return [stored for stored in found if stored.key not in taken | undone]

    def _undone_earlier(self, work, keys):
        """Those of these bookings of ours that were undone through an earlier connection: whatever
        stands there has its opposite beside it."""
        links = self.env["accountable.binding"].search(
            [
                ("connection_id", "in", self._earlier_connections(work).ids),
                ("kind", "=", "document"),
                ("res_model", "=", self._name),
                ("external_key", "in", keys),
            ]
        )
        return set(links.mapped("external_key"))

    def _find_ours(self, work, document, party_key, number, is_first=False):
        """After a try: the document, when it is there. Raises OutcomeUnknownError when nobody
        says.

        :param is_first: the try was refused, and nothing went out before
        """
        try:
            found = work.package.find_document(document, party_key, number or None)
        except PackageError as error:
            raise OutcomeUnknownError(f"It cannot be looked up: {error}") from error
        found, lost = self._with_lost(work, found, is_first)
        for stored in self._unbound(work, found):
            answer = matching.compare(stored, document, party_key)
            if answer == matching.OURS_OTHERWISE and stored.key in lost:
                continue
            if matching.is_ours(stored, document, party_key):
                return stored
        return None

    # Booking

    def _book(self, work, document, party_key, again):
        """Book it, unless this kind of document met too many errors: then only that kind waits.

        :param again: an earlier attempt may have left something behind
        """
        topic = f"document {document.kind}"
        with self._within_limit(work, topic, LimitReachedError.ONE_OPERATION):
            return self._book_under_next_number(work, document, party_key, again)

    def _book_under_next_number(self, work, document, party_key, again):
        """Book it under the next number, where the caller gives the number, or under that of an
        earlier try; under a later one when a person took it meanwhile.

        :raises AlreadyThere: an earlier attempt had booked it, or somebody else
        """
        for attempt in range(NUMBER_TRIES):
            series, number = self._number_to_give(work, document, again and not attempt)
            self._store(self._store_sending, work, document, party_key, series, number)
            work.check_lock()
            work.calling = True
            try:
                return work.package.create_document(
                    document, party_key, number, again=again or attempt > 0
                )
            except NumberTakenError as error:
                stored = self._find_ours(work, document, party_key, number, not again)
                if stored and self._stands_for_number(work, stored, document):
                    raise AlreadyThere(stored, document) from error
                last = error.last_number
                if last is None:
                    last = self._ask_last_number(work, series)
                work.calling = False
                self._pass_number(work, series, last, number)
                # the number is somebody else's: there is nothing to give back, and what went out
                # under it cannot arrive any more
                self._free_series(work)
                self.write({"number": 0, "unanswered": False})
        raise NumberTakenError(f"The number was taken {NUMBER_TRIES} times in a row")

    def _content_of(self, document: Document):
        values = document_to_values(document)
        values["files"] = [[file.key, file.name, file.checksum] for file in document.files]
        return values

    def _store_sending(self, work, document, party_key, series, number):
        """What is about to be sent; after this commit nobody sends it again without looking.

        :raises Changed: a person changed or skipped it since it was read, which may be some calls
            ago
        """
        written = self._write_at_once(
            {
                "state": "sending",
                "series": series,
                "number": number,
                "fingerprint": self._fingerprint_of(work, document),
                "party_key": party_key,
                "content": self._content_of(document),
                "sent_at": fields.Datetime.now(),
                "held_by_id": 0,
            },
            condition=self._still_wanted(work),
        )
        if not written:
            raise Changed
        if series and number != self._kept_number(work, series):
            self._note_number(work, series, number)

    def _still_wanted(self, work):
        """Condition: the item waits, its record is as it was when it was read, and nobody archived
        the connection: the one that follows it looks by itself. An item that is being sent under
        its next number or in a later period goes on."""
        wanted = SQL(
            "(then_anew OR NOT EXISTS"
            " (SELECT 1 FROM account_move m WHERE m.id = res_id AND m.state = 'posted'))"
        )
        if self.operation == "document":
            wanted = SQL(
                "EXISTS (SELECT 1 FROM account_move m WHERE m.id = res_id AND m.state = 'posted'"
                " AND m.write_date = %s)",
                work.prepared[self.res_id].stamp,
            )
        return SQL(
            "(state = 'sending' OR (state = 'pending' AND %s AND EXISTS"
            " (SELECT 1 FROM accountable_connection c WHERE c.id = connection_id AND c.active)))",
            wanted,
        )

    def _fingerprint_of(self, work, document):
        """Of what Odoo has: that a late bill went to another period is no change."""
        prepared = work.prepared.get(self.res_id)
        if self.operation == "document" and prepared and prepared.document:
            prepared.fingerprint = prepared.fingerprint or prepared.document.fingerprint()
            return prepared.fingerprint
        return document.fingerprint()

    def _store_done(self, work, stored, document, files, adopted):
        """Bind the document and its files; the job is done."""
        self._know_lasting(work)
        self._free_series(work)
        move_state, displaced, file_place = self._read_before_binding(work, stored.key)
        file_place = stored.file_place or file_place
        self._displace(work, displaced)
        content = {**document_to_values(document), "files": []}
        in_odoo = self._in_odoo_of(work, document)
        self.env["accountable.binding"]._bind(
            work.connection_id,
            "document",
            self.res_model,
            self.res_id,
            {
                "external_key": stored.key,
                "number": stored.number,
                "fingerprint": self._fingerprint_of(work, document),
                "version": stored.version,
                "adopted": adopted,
                "details": {"content": content, "file_place": file_place, **in_odoo},
            },
        )
        if not adopted:
            self._note_new_booking(work)
        for file in files:
            self._bind_file(work, stored.key, file.key, file.name, file.checksum)
        self._end("done")
        if not adopted:
            self._enqueue_rest_of_files(work, files)
        self._check_record_after(stored, move_state)
        if adopted:
            self.connection_id._read_settlements_anew()
        work.counts.documents_sent += not adopted

    def _check_record_after(self, stored, move_state):
        """The document may have been cancelled or deleted while it was on its way."""
        if self.operation != "document":
            return
        if move_state is None:
            self._copy_as_failed(
                "deleted",
                self.env._(
                    "It was deleted in Odoo while it was sent; its booking %(number)s is in the"
                    " administration. Correct it there, then press Skip.",
                    number=stored.number,
                ),
            )
        elif move_state == "cancel":
            self.env["account.move"].browse(self.res_id)._accountable_enqueue_reverse()

    def _copy_as_failed(self, code, message, candidates=()):
        """A failed item for a record that may be gone, beside this one."""
        self.copy(
            {
                "state": "failed",
                "error_kind": DUPLICATE,
                "error_code": code,
                "message": message,
                "candidates": list(candidates) or False,
                "ended_at": False,
                "next_try": False,
            }
        )

    def _read_before_binding(self, work, key):
        """``(state of the document, None when it is gone; id of another link with this key; where
        the files of this booking hang)`` in one statement, because every document that is sent
        needs them."""
        self.env["accountable.binding"].flush_model()
        self.env.cr.execute(
            """
            SELECT (SELECT state FROM account_move WHERE id = %(res_id)s),
                   (SELECT id FROM accountable_binding
                     WHERE connection_id = %(connection_id)s AND kind = 'document'
                       AND external_key = %(key)s
                       AND (res_model, res_id) != (%(res_model)s, %(res_id)s)),
                   (SELECT details ->> 'file_place' FROM accountable_binding
                     WHERE connection_id = %(connection_id)s AND kind = 'document'
                       AND external_key = %(key)s
                       AND (res_model, res_id) = (%(res_model)s, %(res_id)s))
            """,
            {
                "res_id": self.res_id,
                "res_model": self.res_model,
                "connection_id": work.connection_id,
                "key": key,
            },
        )
        return self.env.cr.fetchone()
