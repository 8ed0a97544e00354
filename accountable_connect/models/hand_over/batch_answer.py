"""What became of what was handed over: booked, or refused with the receiver's words."""

import dataclasses

from odoo import models
from odoo.exceptions import UserError

from ...api.errors import DATA_REFUSED
from ...documents.sentence import SentencesOf, joined

_lt = SentencesOf(__name__)

# The receiver refused it: it goes again when a person says so, or when it changed.
RECEIVER_REFUSED = "receiver_refused"
# A person was asked about a change, or a cancellation, of what the receiver had.
CHANGED = "changed_handed_over"
CANCELLED = "cancelled_handed_over"


class AccountableBatch(models.Model):
    _inherit = "accountable.batch"

    def _confirm(self):
        """The receiver booked all of it that was not refused."""
        self._lock()
        self._standing().filtered(lambda one: one.state == "in_batch")._confirm()

    def _refuse(self, message, code=""):
        """The receiver took none of it that was not confirmed: its documents go again in another
        batch.

        :param message: the receiver's words, or a sentence
        :param code: one of the connection's ``_receiver_codes``
        """
        self._lock()
        items = self._standing().filtered(lambda one: one.state == "in_batch")
        items._refuse(message, code)
        self.message = items[:1].message or self._said(message, code)

    def _said(self, message, code):
        """What the receiver said, as it is kept."""
        return self.connection_id._receiver_words(code, message) if code else message

    def _is_asked_about(self):
        """Whether a person is asked about one of its documents: it changed, was cancelled or
        deleted since it was closed."""
        items = self._standing()
        jobs = self.env["accountable.job"].sudo()  # who sees a batch may not read the queue
        return bool(
            jobs.search_count(
                [
                    ("connection_id", "=", self.connection_id.id),
                    ("res_model", "in", items.mapped("res_model")),
                    ("res_id", "in", items.mapped("res_id")),
                    ("state", "=", "failed"),
                    ("error_code", "in", (CHANGED, CANCELLED, "deleted")),
                ],
                limit=1,
            )
        )

    def _end_answered(self):
        """Confirmed or refused once that is said of each document."""
        states = set(self.item_ids.mapped("state")) - {"taken_out"}
        if "in_batch" not in states:
            self._go("confirmed" if "confirmed" in states else "refused")


class AccountableBatchItem(models.Model):
    _inherit = "accountable.batch.item"

    def _check_handed_over(self):
        """Raises UserError unless an answer about these documents can be said."""
        for batch in self.batch_id:
            batch._lock()
        for item in self:
            if item.batch_id.state != "handed_over" or item.state != "in_batch":
                raise UserError(
                    self.env._(
                        "%(name)s: only what was handed over can be confirmed or refused.",
                        name=item.name,
                    )
                )

    def _confirm(self):
        """The receiver booked them."""
        self._check_handed_over()
        self.write({"state": "confirmed"})
        self._links().stage = "booked"
        self._end_answers()

    def _refuse(self, message, code=""):
        """The receiver did not take them: they are to go again, with its words.

        :param message: the receiver's words, or a sentence; may be "" where there is a code
        :param code: one of the connection's ``_receiver_codes``
        """
        self._check_handed_over()
        self._check_not_undone()
        for connection, items in self.grouped("connection_id").items():
            items.write({"state": "refused", "message": items.batch_id[:1]._said(message, code)})
            words = connection._receiver_words(code, message)
            for item in items:
                batch = item.batch_id.name
                sentence = _lt(
                    "The receiver refused it (batch %(batch)s): %(words)s", batch=batch, words=words
                )
                item._fail_again(sentence, RECEIVER_REFUSED)
            if learned := connection._receiver_refused(items, code):
                items.message = joined(items[:1].message, learned)
        self._end_answers()

    def _end_answers(self):
        for batch in self.batch_id:
            batch._end_answered()
        self.env["account.move"].browse(self.mapped("res_id")).invalidate_recordset(
            ["accountable_state", "accountable_number", "accountable_error"], flush=False
        )

    def _check_not_undone(self):
        """Raises UserError for an entry whose opposite stands in another batch: what that one would
        undo was not booked."""
        opposite = self.search(
            [("undoes_id", "in", self.ids), ("state", "in", ("in_batch", "confirmed"))]
        )
        opposite -= self
        open_ones = opposite.filtered(lambda one: one._is_open())
        open_ones._take_out()
        if left := opposite - open_ones:
            raise UserError(
                self.env._(
                    "%(name)s was undone in batch %(batch)s: refuse that one first.",
                    name=left[0].name,
                    batch=left[0].batch_id._called(),
                )
            )

    def _fail_again(self, sentence, code):
        """A document that did not arrive: its link goes, and its item in the queue waits for a
        person with the reason; at once for what changed since."""
        self.ensure_one()
        links = self._links()
        connection = links.connection_id.filtered("active")[:1] or self.connection_id
        if self.operation == "reverse":
            self._fail_opposite(connection, sentence, code)
            return
        links.unlink()
        move = self._record()
        jobs = self.env["accountable.job"].sudo()  # who says what the receiver said writes no items
        asked = jobs.search(
            [
                ("connection_id", "=", connection.id),
                ("res_model", "=", self.res_model),
                ("res_id", "=", self.res_id),
                ("state", "=", "failed"),
                # what did not arrive needs no opposite
                "|",
                ("error_code", "in", (CHANGED, CANCELLED, "deleted")),
                ("operation", "=", "reverse"),
            ]
        )
        goes = move and move.state == "posted" and connection.active
        if opposite := self._refused_opposite():
            # what stands there still is to be undone, or it would be booked twice: together with
            # the document when that goes again
            if goes:
                opposite._restore_links()
                opposite.undoes_id.undone = False
            else:
                asked = asked.filtered(lambda job: job.operation != "reverse")
        changed = CHANGED in asked.mapped("error_code")
        asked._end("skipped", skip_reason="replaced")
        if not goes:
            return
        waiting = jobs._of(
            move,
            ("connection_id", "=", connection.id),
            ("operation", "=", "document"),
            ("state", "=", "pending"),
        )
        enqueueing = self.env["accountable.enqueueing"].sudo()  # as above
        if waiting or changed:
            if not waiting:
                enqueueing._enqueue_one(connection, move, "document")
            return
        enqueueing._enqueue_one(connection, move, "document").write(
            {**self._failed_values(sentence, code), "failed_fingerprint": self._own_fingerprint()}
        )
        jobs.flush_model()  # the state of documents is read from the table

    def _refused_opposite(self):
        """The opposite that the receiver refused of what this document stands in place of, which
        the receiver has; empty for none."""
        opposite = self.search(
            [
                ("connection_id", "in", self.batch_id._connections().ids),
                ("res_model", "=", self.res_model),
                ("res_id", "=", self.res_id),
                ("operation", "=", "reverse"),
            ],
            order="id desc",
            limit=1,
        )
        undoes = opposite.undoes_id
        waits = opposite.state == "refused" and undoes != self and undoes.undone
        return opposite if waits and undoes.state in ("in_batch", "confirmed") else self.browse()

    def _failed_values(self, sentence, code):
        return {
            "state": "failed",
            "error_kind": DATA_REFUSED,
            "error_code": code,
            "message": sentence,
            "next_try": False,
            "cause_model": self.res_model,
            "cause_id": self.res_id,
        }

    def _fail_opposite(self, connection, sentence, code):
        """The opposite of a document was refused: it is offered again, as it was."""
        jobs = self.env["accountable.job"].sudo()  # as above
        last = jobs.search(
            [
                ("connection_id", "=", connection.id),
                ("res_model", "=", self.res_model),
                ("res_id", "=", self.res_id),
                ("operation", "=", "reverse"),
            ],
            order="id desc",
            limit=1,
        )
        values = {**self._failed_values(sentence, code), "ended_at": False}
        waiting = last.filtered(lambda job: job.state in ("pending", "failed"))
        if waiting:
            waiting.write(values)
            return
        jobs.create(
            {
                "connection_id": connection.id,
                "company_id": self.company_id.id,
                "operation": "reverse",
                "res_model": self.res_model,
                "res_id": self.res_id,
                "name": self.name,
                "partner_name": self.partner_name,
                "document_kind": last.document_kind or self.undoes_id.document_kind,
                "document_date": self.document_date,
                "currency_id": self.currency_id.id,
                "amount_total": self.amount_total,
                "order_key": last.order_key or "",
                **values,
            }
        )

    def _own_fingerprint(self):
        """Of the document with the date it has in Odoo, as the queue compares what was refused."""
        document, move = self._document(), self._record()
        if not document:
            return self.fingerprint
        return dataclasses.replace(document, accounting_date=move.date).fingerprint()
