"""Booking one document: under which number, in which period, and what is stored of it."""

import dataclasses

from odoo import fields
from odoo.tools import SQL

from ...api.errors import LimitReachedError, NumberTakenError, PeriodClosedError
from ...const import TYPED_OWED, TYPED_SHARE
from ...documents.period import open_accounting_date
from ...documents.sentence import SentencesOf
from ...documents.serial import content_of
from ..document.periods import Periods
from ..queue.unchanged_since_booked import in_odoo_details
from .batch import Batch
from .contacts import Contacts
from .job_part import JobPart, part
from .links import Links
from .look_up import LookUp
from .numbers import Numbers
from .operation import Operation
from .run_state import AlreadyThere, Changed
from .send_file import Files

_lt = SentencesOf(__name__)

NUMBER_TRIES = 3
PERIOD_TRIES = 12


class Booking(JobPart):
    """Books a document, or its opposite, and links it."""

    numbers = part(Numbers)
    links = part(Links)
    look_up = part(LookUp)
    files = part(Files)

    def check_same_send(self, facts, document):
        """What may still arrive goes again as it was, under its number; anything else is looked up
        until it is sure. Raises Changed then."""
        if not facts.unanswered:
            return
        is_same = (
            self.numbers.protects()
            and self.job.series == self.run.package.number_series(document)
            and self.job.fingerprint == self._fingerprint_of(document)
        )
        if not is_same:
            self.store(self.numbers.store_unknown_again)
            if self.operation == "document":
                # what became of it is one thing, what it is now another one
                self.store(self.env["account.move"].browse(self.res_id)._accountable_enqueue)
            raise Changed
        self.run.kept[self.job.id] = self.job.series, self.job.number

    def book(self, prepared, party_key, again):
        """Book it; a late bill in the first open period, with its own document date."""
        document = prepared.document
        if self.run.capabilities.files_with_document:
            document = dataclasses.replace(document, files=prepared.files)
        moves_on = not document.is_sale and self.run.settings.late_bills_to_open_period
        return self.book_moving_on(document, party_key, again, moves_on)

    def book_moving_on(self, document, party_key, again, moves_on, over_years=False):
        """Book it; where its period is closed and it ``moves_on``, in the next open one.

        :return: ``(stored, document)``, the document with the date it was booked on
        """
        for attempt in range(PERIOD_TRIES):
            try:
                return self._book_kind(document, party_key, again or attempt > 0), document
            except PeriodClosedError:
                later = self._later_period(document, over_years) if moves_on else None
                if later is None:
                    raise
                self.run.calling = False
                self.numbers.give_back()
                document = dataclasses.replace(document, accounting_date=later)
        raise PeriodClosedError("No open period was found")

    def _later_period(self, document, over_years):
        """The first day of the next open period, None without one. Notes the closed one, so that
        the next documents need no refused call to learn of it."""
        day = document.accounting_date.isoformat()
        rows = self.env["accountable.master.data"].search(
            [("connection_id", "=", self.run.connection_id), ("kind", "=", "period")]
        )
        for row in rows:
            details = dict(row.details or {})
            if details.get("date_from", "9") <= day <= details.get("date_to", ""):
                closed = {*(details.get("closed_journals") or ()), document.journal}
                row.details = {**details, "closed_journals": sorted(closed)}
        later = open_accounting_date(
            Periods(self.connection).known,
            document.accounting_date,
            document.journal,
            may_move=True,
            over_years=over_years,
        )
        return later if later != document.accounting_date else None

    def _book_kind(self, document, party_key, again):
        """Book it, unless this kind of document met too many errors: then only that kind waits.

        :param again: an earlier attempt may have left something behind
        """
        topic = f"document {document.kind}"
        with self.within_limit(topic, LimitReachedError.ONE_OPERATION):
            return self._book_under_next_number(document, party_key, again)

    def _book_under_next_number(self, document, party_key, again):
        """Book it under the next number, where the caller gives the number, or under that of an
        earlier try; under a later one when a person took it meanwhile.

        :raises AlreadyThere: an earlier attempt had booked it, or somebody else
        """
        for attempt in range(NUMBER_TRIES):
            series, number = self.numbers.to_give(document, again and not attempt)
            self.store(self.store_sending, document, party_key, series, number)
            self.run.check_lock()
            self.run.calling = True
            try:
                return self.run.package.create_document(
                    document, party_key, number, again=again or attempt > 0
                )
            except NumberTakenError as error:
                stored = self.look_up.find_ours(document, party_key, number, not again)
                if stored and self.numbers.stands_for(stored, document):
                    raise AlreadyThere(stored, document) from error
                last = error.last_number
                if last is None:
                    last = self.numbers.ask_last(series)
                self.run.calling = False
                self.numbers.pass_on(series, last, number)
                # the number is somebody else's: there is nothing to give back, and what went out
                # under it cannot arrive any more
                self.numbers.free_series()
                self.job.write({"number": 0, "unanswered": False})
        raise NumberTakenError(f"The number was taken {NUMBER_TRIES} times in a row")

    def store_sending(self, document, party_key, series, number):
        """What is about to be sent; after this commit nobody sends it again without looking.

        :raises Changed: a person changed or skipped it since it was read, which may be some calls
            ago
        """
        written = self.job._write_at_once(
            {
                "state": "sending",
                "series": series,
                "number": number,
                "fingerprint": self._fingerprint_of(document),
                "party_key": party_key,
                "content": self._content_of(document),
                "sent_at": fields.Datetime.now(),
                "held_by_id": False,
            },
            condition=self._still_wanted(),
            beside=self.numbers.sql_to_note(series, number),
        )
        if not written:
            raise Changed
        self.numbers.note(series, number)

    def _still_wanted(self):
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
                self.run.prepared[self.res_id].stamp,
            )
        return SQL(
            "(state = 'sending' OR (state = 'pending' AND %s AND EXISTS"
            " (SELECT 1 FROM accountable_connection c WHERE c.id = connection_id AND c.active)))",
            wanted,
        )

    def _content_of(self, document):
        """What is stored of a document that is sent: with its item before, with its link after."""
        if self.run.content is None or self.run.content[0] is not document:
            self.run.content = document, content_of(document)
        return self.run.content[1]

    def _fingerprint_of(self, document):
        """Of what Odoo has: that a late bill went to another period is no change."""
        prepared = self.run.prepared.get(self.res_id)
        if self.operation == "document" and prepared and prepared.document:
            prepared.fingerprint = prepared.fingerprint or prepared.document.fingerprint()
            return prepared.fingerprint
        return document.fingerprint()

    def store_done(self, stored, document, files, adopted):
        """Bind the document and its files; the job is done."""
        self.numbers.free_series()
        move_state, displaced, file_place = self._read_before_binding(stored.key)
        file_place = stored.file_place or file_place
        self.links.displace(displaced)
        content = {**self._content_of(document), "files": []}
        prepared = self.operation == "document" and self.run.prepared.get(self.res_id)
        in_odoo = in_odoo_details(prepared, document)
        self.env["accountable.binding"]._bind(
            self.run.connection_id,
            "document",
            self.res_model,
            self.res_id,
            {
                "external_key": stored.key,
                "number": stored.number,
                "fingerprint": self._fingerprint_of(document),
                "version": stored.version,
                "adopted": adopted,
                "details": {"content": content, "file_place": file_place, **in_odoo},
            },
        )
        if not adopted:
            self._note_new_booking()
        for file in files:
            self.files.bind(stored.key, file.key, file.name, file.checksum)
        self.job._end("done")
        if not adopted:
            self.files.enqueue_rest(files)
        self._check_record_after(stored, move_state)
        if adopted:
            self.connection._reset_settlement_cursor()
        self.run.counts.documents_sent += not adopted

    def _check_record_after(self, stored, move_state):
        """The document may have been cancelled or deleted while it was on its way."""
        if self.operation != "document":
            return
        if move_state is None:
            self.job._copy_as_failed(
                "deleted",
                _lt(
                    "It was deleted in Odoo while it was sent; its booking %(number)s is in the"
                    " administration. Correct it there, then press Skip.",
                    number=stored.number,
                ),
            )
        elif move_state == "cancel":
            self.env["accountable.enqueueing"]._enqueue_reverse(self.record)

    def _read_before_binding(self, key):
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
                "connection_id": self.run.connection_id,
                "key": key,
            },
        )
        return self.env.cr.fetchone()

    def _note_new_booking(self):
        """What is to be said of a document that was booked just now, or arrived a while ago."""
        if self.operation != "document":
            return
        prepared = self.run.prepared.get(self.res_id)
        if prepared is None:
            Batch(self.job, self.run).build_moves(self.job._posted_move())
            prepared = self.run.prepared.get(self.res_id)
        if prepared and prepared.notes:
            self.renew_notes(prepared.notes)

    def renew_notes(self, notes):
        """Say what holds of the booking now, ``{code: values}``, and take back the rest."""
        binding = self.own_link()
        binding._remove_notes(*({TYPED_OWED, TYPED_SHARE} - set(notes)))
        for code, values in notes.items():
            binding._add_note(code, **values)


class BookingOperation(Operation):
    """Sends what books something: a document, its change, its opposite."""

    links = part(Links)
    look_up = part(LookUp)
    contacts = part(Contacts)
    booking = part(Booking)

    def settle_booking(self, document):
        """Done when it is there."""
        files = self.job.content.get("files") or ()
        stored = self.look_up.find_ours(document, self.job.party_key, self.job.number)
        if stored:
            self.store(self.store_arrived, stored, document, files)
        else:
            self.store(self.not_there.store_not_there)

    def store_arrived(self, stored, document, files):
        """It is there, and its series goes on.

        :param files: ``(key, name, checksum)`` of those that went with it
        """
        series = self.job.series
        self.store_there(stored, document, files)
        if self.run.held.get(series) == self.job.id:
            del self.run.held[series]
