"""Documents that are not booked by a call but put in a batch, which is handed over."""

import dataclasses
import logging
from dataclasses import dataclass, field
from datetime import datetime

import psycopg2
from odoo import fields
from odoo.tools import SQL

from ...documents import Delivery
from ...documents.difference import BOOKKEEPING, NOTHING, TEXTS, difference
from ...documents.sentence import SentencesOf
from ...documents.serial import content_of
from ..hand_over.batch import item_key
from ..hand_over.batch_answer import CANCELLED, CHANGED
from ..queue.unchanged_since_booked import IN_ODOO
from .batch import NOT_WANTED
from .booking import BookingOperation
from .job_part import JobPart, part
from .run_state import CannotGo, Changed
from .send_reverse import SendReverse

_lt = SentencesOf(__name__)

_logger = logging.getLogger(__name__)

# So many documents are built at once: their files are in memory until they are stored.
PORTION = 8
# Where a link keeps what a person accepted of its document.
ACCEPTED = "accepted"


@dataclass(slots=True)
class PreparedDelivery:
    """What a job puts in a batch, or the problems; what the move looked like when it was read
    (``stamp``); ``in_odoo``: what stands for its bookkeeping in Odoo."""

    delivery: Delivery | None = None
    problems: list = field(default_factory=list)
    fingerprint: str = ""
    stamp: datetime | None = None
    in_odoo: str = ""


class Batches(JobPart):
    """Puts documents in the open batches of the connection, and their links beside them."""

    def item_of(self, binding):
        """The document of a batch that a link names, empty for one that a service booked."""
        return self.env["accountable.batch.item"]._of_link(binding)

    def check_still_wanted(self, stamp):
        """Whoever changes, resets or skips the document changes its job: one of both is repeated.

        :raises Changed: that happened since it was read
        """
        self.check_waits(
            SQL(
                "EXISTS (SELECT 1 FROM account_move m"
                " WHERE m.id = res_id AND m.state = 'posted' AND m.write_date = %s)",
                stamp,
            )
        )

    def check_still_cancelled(self):
        """The same of a document whose opposite goes."""
        self.check_waits(
            SQL(
                "NOT EXISTS (SELECT 1 FROM account_move m"
                " WHERE m.id = res_id AND m.state = 'posted')"
            )
        )

    def check_waits(self, wanted):
        """:param SQL wanted: a condition on ``accountable_job``"""
        condition = SQL(
            "state = 'pending' AND %s AND EXISTS"
            " (SELECT 1 FROM accountable_connection c WHERE c.id = connection_id AND c.active)",
            wanted,
        )
        if not self.job._write_at_once({"held_by_id": False}, condition=condition):
            raise Changed

    def enter(self, prepared):
        """Put the document in its open batch, link it, end the job. In one transaction, which the
        caller commits."""
        self.close_at_once(self.put_in(prepared))

    def put_in(self, prepared):
        """``enter``, where the batch takes more before it closes.

        :return: the item
        """
        self.check_still_wanted(prepared.stamp)
        item = self._add(prepared.delivery, fingerprint=prepared.fingerprint)
        if any(not file.size for file in item.file_ids):
            raise Changed  # a file was deleted since it was read
        self._bind(item, prepared)
        self.job._end("done")
        self.run.counts.documents_sent += 1
        return item

    def _add(self, delivery, **values):
        """An item in the open batch of its part, with what the package gives it."""
        batch = self.connection._open_batch(self.connection._batch_part(delivery))
        record = {"operation": "document", "res_model": self.res_model, "res_id": self.res_id}
        record |= {name: values[name] for name in ("operation", "undoes_id") if name in values}
        given = self.env["accountable.delivery"]._given(batch, delivery, record)
        delivery = dataclasses.replace(delivery, given=given)
        return batch._add_item(delivery, **record, fingerprint=values["fingerprint"])

    def _bind(self, item, prepared):
        # figures that a person accepted stay accepted when it is replaced
        details = {ACCEPTED: self.job.accepted} if self.job.accepted else {}
        if document := prepared.delivery.document:
            details |= {"content": {**content_of(document), "files": []}, IN_ODOO: prepared.in_odoo}
        self.env["accountable.binding"]._bind(
            self.run.connection_id,
            "document",
            self.res_model,
            self.res_id,
            {
                "external_key": item_key(item.id),
                "fingerprint": prepared.fingerprint,
                "details": details,
                "stage": "in_batch",
            },
        )

    def close_at_once(self, items):
        """Where each document has a batch of its own, it closes with it.

        :param items: what this job put in
        :raises DataRefusedError: what the package says of one of them
        """
        for batch in items.batch_id:
            if self.connection.batch_closes == "at_once":
                batch._close_with_the_rest(self.run.package, own=items)
            elif batch.document_count == 1 and batch.closes_at:
                self.connection._wake_lanes(batch.closes_at)

    def enter_opposite(self, item, opposite):
        """Put the opposite of an entry in its open batch.

        :param item: the entry that it undoes
        :return: the item of the opposite
        """
        item.undone = True
        item.flush_recordset(["undone"])  # before the document comes in anew
        move = self.env["account.move"].browse(self.res_id).exists()
        delivery = self.env["accountable.delivery"]._of_document(move, opposite)
        return self.add_opposite(delivery, item)

    def add_opposite(self, delivery, item):
        fingerprint = delivery.document.fingerprint()
        return self._add(delivery, operation="reverse", undoes_id=item.id, fingerprint=fingerprint)


class HandOverDocument(BookingOperation):
    """Puts a document in its open batch, or what it became since."""

    batches = part(Batches)

    def send(self):
        facts = self.read_facts()
        if not self.may_go(facts):
            return
        prepared = self._prepared(facts)
        if NOT_WANTED & {problem.code for problem in prepared.problems}:
            self.store(self._end_switched_off)
            return
        for problem in prepared.problems:
            if self._is_accepted(facts, problem):
                continue
            raise CannotGo(
                problem.error_kind,
                problem.code,
                problem.message,
                (problem.cause_model, problem.cause_id),
            )
        binding = self.env["accountable.binding"].browse(facts.binding_id or ())
        if not binding and (previous := self.links.previous()):
            # an earlier connection handed it over: its link goes on here
            binding = self.store(self._take_over, previous)
        if binding:
            self._change(facts, binding, prepared)
        else:
            self.store(self.batches.enter, prepared)
        self.run.deliveries.pop(self.res_id, None)

    def _is_accepted(self, facts, problem):
        """Whether a person said "send it anyway" of the very figures, for this try or when it came
        into the batch that is still open."""
        if not problem.overridable:
            return False
        if not self.job.accepted:
            details = self.env["accountable.binding"].browse(facts.binding_id or ()).details or {}
            self.job.accepted = details.get(ACCEPTED)
        return (self.job.accepted or {}).get(problem.code) == problem.note

    def _prepared(self, facts):
        """What was built with the next ones; built now when it changed since."""
        prepared = self.run.deliveries.get(self.res_id)
        if prepared is None:
            self._build(self._next_ids())
        elif prepared.stamp != facts.stamp:
            self._build([self.res_id])
        return self.run.deliveries[self.res_id]

    def _next_ids(self):
        """Ids of this document and of those that follow it in the batch of jobs."""
        jobs = self.job.browse(self.run.records)
        kinds = self.run.capabilities.handed_over
        later = [job for job in jobs if job.document_kind in kinds]
        if self.job not in later:
            return [self.res_id]
        later = later[later.index(self.job) :][:PORTION]
        records = [self.run.record_of(job) for job in later]
        return [id_ for operation, _model, id_ in records if operation in ("document", "file")]

    def _build(self, ids):
        """Build these documents while Odoo's cache is warm; this one alone when that fails."""
        self.run.deliveries.clear()
        try:
            self._build_moves(ids)
        except psycopg2.OperationalError:
            raise
        except Exception:
            if ids == [self.res_id]:
                raise  # this document's own error
            self.env.cr.rollback()
            _logger.info("Documents %s cannot be built at once; one by one", ids, exc_info=True)
            self._build_moves([self.res_id])
        self.commit()  # mapping rows that were added for what is missing

    def _build_moves(self, ids):
        moves = self.env["account.move"].browse(ids).exists()
        moves = moves.filtered(lambda move: move.state == "posted")
        deliveries = self.env["accountable.delivery"]
        built = self._checked(moves)
        for move in moves:
            delivery, problems = built[move.id]
            problems = [problem for problem in problems if problem.blocking]
            self.run.deliveries[move.id] = PreparedDelivery(
                delivery=delivery,
                problems=problems,
                fingerprint=deliveries._fingerprint(move, delivery) if delivery else "",
                stamp=move.write_date,
                in_odoo=move._accountable_bookkeeping(),
            )

    def _checked(self, moves):
        """``{move id: (Delivery with its files or None, [Problem])}``: those that go."""
        deliveries = self.env["accountable.delivery"]
        if self.run.capabilities.entries:
            return deliveries._deliveries(self.connection, moves)
        checks = self.env["accountable.precheck"]
        held = {move.id: checks._problems_of_going(self.connection, move) for move in moves}
        built = deliveries._deliveries(
            self.connection, moves.filtered(lambda move: not held[move.id])
        )
        return {move.id: built.get(move.id, (None, held[move.id])) for move in moves}

    def _end_switched_off(self):
        """What was handed over already is noted on the document."""
        self.end_skipped("setting")
        self.env["accountable.binding"]._of_jobs(self.job)._compare_with_odoo()

    def _take_over(self, previous):
        """Go on with the link of an earlier connection to the same receiver. Out of a batch that
        nobody closes any more it comes into ours."""
        item = self.batches.item_of(previous)
        if item and item._is_open():
            item._take_out()
            return self.env["accountable.binding"]
        values = previous.read(["external_key", "number", "fingerprint", "details", "stage"])[0]
        record = self.run.connection_id, "document", self.res_model, self.res_id
        self.env["accountable.binding"]._bind(*record, values)
        return self.own_link()

    # What changed since

    def _change(self, facts, binding, prepared):
        """Replace it in the open batch; what the receiver has already stays as it is, and where
        entries go its opposite follows."""
        item = self.batches.item_of(binding)
        if item and item._is_open():
            self.store(self._replace, item, prepared)
            return
        change = self._difference(binding, prepared)
        if change == NOTHING:
            self.store(self._store_unchanged, binding)
        elif not prepared.delivery.document:
            values = {"name": prepared.delivery.number, "batch": binding.number or "-"}
            if prepared.delivery.kind.startswith("purchase"):
                # its credit note is the supplier's to write
                sentence = _lt(
                    "%(name)s changed in Odoo after it was handed over (batch %(batch)s). Tell your"
                    " accountant what changed, then press Skip.",
                    **values,
                )
            else:
                sentence = _lt(
                    "%(name)s changed after it was handed over (batch %(batch)s). Make a credit"
                    " note in Odoo, then press Skip.",
                    **values,
                )
            raise self.question(CHANGED, sentence)
        elif change == TEXTS:
            self.store(self._store_noted, binding, prepared.delivery.document)
        else:
            self._check_not_with_customer(facts, prepared.delivery.document)
            self.store(self._undo_and_enter, item, binding, prepared)

    def _difference(self, binding, prepared):
        """What changed since it was handed over. A mapping that changed is no change, nor is
        another way to code a delivered document."""
        if binding.fingerprint == prepared.fingerprint:
            return NOTHING
        document = prepared.delivery.document
        sent = document and binding._sent_document()
        if not sent:
            return BOOKKEEPING
        if unchanged := binding._as_mapped_when_booked(prepared.in_odoo, document):
            return unchanged[1]
        return difference(sent, document)

    def _replace(self, item, prepared):
        """What nobody has yet is as it is now."""
        item.batch_id._lock()
        if not item._is_open():
            raise Changed
        item._take_out()
        self.batches.enter(prepared)

    def _store_unchanged(self, binding):
        binding._note_words(None)
        self._end_as_it_is(binding)

    def _store_noted(self, binding, document):
        """Only words of it changed: they are noted, and nothing goes."""
        binding._note_words(document)
        self._end_as_it_is(binding)

    def _end_as_it_is(self, binding):
        self.job._end("done")
        binding._clear_unsent()

    def _check_not_with_customer(self, facts, document):
        """Raises CannotGo for a sale that its customer has, unless a person said that it goes."""
        if document.is_sale and facts.is_move_sent and not facts.decision:
            sentence = _lt(
                "%(name)s changed after the customer received it. Correct it with a credit note.",
                name=document.number,
            )
            raise self.question("sent_to_customer", sentence)

    def _undo_and_enter(self, item, binding, prepared):
        """The opposite of what the receiver has, and the document as it is now, side by side."""
        self.batches.check_still_wanted(prepared.stamp)
        reverse = HandOverReverse(self.job, self.run)
        opposite = reverse.opposite_of(binding)
        if opposite is None:
            self.batches.enter(prepared)
            return
        added = self.batches.enter_opposite(item, opposite)
        reverse.close_link(binding, item_key(added.id))
        # not necessarily in one batch: the date of the document may have changed
        self.batches.close_at_once(added | self.batches.put_in(prepared))

    # Nothing goes out without an answer

    def settle_sent(self):
        self.store(self.not_there.store_not_there)


class HandOverReverse(SendReverse):
    """A document that was cancelled in Odoo: out of its open batch; else its opposite where entries
    go, and a person where the document itself does."""

    batches = part(Batches)

    def send(self):
        facts = self.read_facts()
        if facts is None or facts.state != "pending":
            return
        if refused := self._refused_opposite():
            delivery = refused._delivery()
            document = self._on_open_day(delivery.document)
            day = document.accounting_date
            delivery = dataclasses.replace(delivery, document=document, accounting_date=day)
            self.store(self._enter_again, refused, delivery)
            return
        if not facts.binding_id or facts.move_state == "posted":
            self.store(self.end_skipped, "replaced")
            return
        self.check_not_busy(facts)
        binding = self.env["accountable.binding"].browse(facts.binding_id)
        item = self.batches.item_of(binding)
        if item and item._is_open():
            self.store(self._take_out, item)
        elif self._is_switched_off():
            self.store(self._end_cancellation_unsent, binding)
        elif (opposite := self.opposite_of(binding)) is None:
            values = {"name": self.job.name, "batch": binding.number or "-"}
            if (self.job.document_kind or "").startswith("purchase"):
                sentence = _lt(
                    "%(name)s was cancelled in Odoo after it was handed over (batch %(batch)s)."
                    " Tell your accountant, then press Skip.",
                    **values,
                )
            else:
                sentence = _lt(
                    "%(name)s was cancelled after it was handed over (batch %(batch)s). Post it"
                    " again and make a credit note in Odoo, or tell your accountant; then press"
                    " Skip.",
                    **values,
                )
            raise self.question(CANCELLED, sentence)
        else:
            self.store(self._enter, item, opposite)

    def opposite_of(self, binding):
        """The opposite document of an entry, None for a document that goes as it is."""
        document = binding._sent_document()
        return document and self._on_open_day(self._opposite(document, binding.external_key))

    def _on_open_day(self, opposite):
        """The opposite in a period that is open as far as is known. Raises CannotGo where it is to
        be booked in one that is closed: no batch could close with it."""
        moves_on = self._moves_on(opposite)
        day = self._open_day(opposite, moves_on)
        if not day:
            raise self._period_closed(opposite, moves_on)
        return dataclasses.replace(opposite, accounting_date=day)

    def close_link(self, binding, key):
        """The link belongs to the job that undid it: a document that is posted again is new."""
        for link in binding | self.links.earlier(binding):
            link._clear_unsent()
            record = f"{self.res_model},{self.res_id}"
            link.write(
                {
                    "res_model": self.job._name,
                    "res_id": self.job.id,
                    "details": {**(link.details or {}), "record": record, "reversed_by": key},
                }
            )

    def _take_out(self, item):
        self.batches.check_still_cancelled()
        item.batch_id._lock()
        if not item._is_open():
            raise Changed
        item._take_out()
        self.job._end("done")

    def _enter(self, item, opposite):
        self.batches.check_still_cancelled()
        added = self.batches.enter_opposite(item, opposite)
        self.close_link(self.own_link(), item_key(added.id))
        self._end_entered(added)

    def _refused_opposite(self):
        """The opposite that the receiver refused last, when nothing else of it goes."""
        items = self.env["accountable.batch.item"].search(
            [
                ("connection_id", "in", self.run.connection_ids),
                ("res_model", "=", self.res_model),
                ("res_id", "=", self.res_id),
                ("operation", "=", "reverse"),
            ],
            order="id desc",
            limit=1,
        )
        undoes = items.undoes_id
        # one that the package could not write, and whose document is with the receiver anew
        left_out = items.state == "taken_out" and undoes.undone
        goes = items.state == "refused" or left_out
        return items.filtered(lambda _item: goes and undoes.state in ("in_batch", "confirmed"))

    def _enter_again(self, refused, delivery):
        self.batches.check_waits(SQL("TRUE"))
        self._end_entered(self.batches.add_opposite(delivery, refused.undoes_id))

    def _end_entered(self, added):
        self.job._write_at_once({"sent_at": fields.Datetime.now()})
        self.job._end("done")
        self.run.counts.documents_sent += 1
        self.batches.close_at_once(added)
