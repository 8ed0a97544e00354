"""What posting, changing, cancelling and deleting a document does to its export; its buttons."""

from odoo import fields, models

from ...documents.sentence import SentencesOf
from .account_move_export_state import EXPORT_FIELDS

_lt = SentencesOf(__name__)

# A change of these does not go through draft.
HEADER_FIELDS = {"invoice_date", "invoice_date_due", "name", "payment_reference", "ref"}


class AccountMove(models.Model):
    _inherit = "account.move"

    # Posting

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        posted._accountable_enqueue()
        return posted

    def _accountable_enqueue(self):
        """Put these documents in the queue of every connection that wants them or has them."""
        self.env["accountable.enqueueing"]._enqueue(self)

    def _accountable_enqueue_files(self, connection_id=None):
        """The files of these documents follow their bookings.

        :param connection_id: only to this administration
        """
        self.env["accountable.enqueueing"]._enqueue_files(self, connection_id)

    def _accountable_reschedule(self):
        """What waits of these documents follows their moment."""
        if self and self.env["accountable.sending.plan"]._senders():
            self.env["accountable.enqueueing"]._reschedule_documents(self)
            self.invalidate_recordset(EXPORT_FIELDS, flush=False)

    # Changes after posting

    def button_draft(self):
        """Nothing is sent; what waited ends, and is queued again by the next posting. What may
        still arrive is looked up until it is sure."""
        result = super().button_draft()
        self.env["accountable.enqueueing"]._withdraw(self, "draft")
        return result

    def button_cancel(self):
        """What was booked is booked the other way round, by the queue."""
        result = super().button_cancel()
        self.env["accountable.enqueueing"]._enqueue_reverse(self)
        return result

    def unlink(self):
        """A booked document that is deleted stays visible in the queue; one that waited is
        dropped."""
        bindings = self.env["accountable.binding"]._taken_over_of(self)
        booked = [
            (
                self.browse(binding.res_id),
                binding.connection_id,
                self._accountable_deleted_sentence(binding),
            )
            for binding in bindings
        ]
        bindings._clear_unsent()
        enqueueing = self.env["accountable.enqueueing"]
        enqueueing._withdraw(self, "deleted")
        for move, connection, message in booked:
            enqueueing._add_failed(connection, move, "deleted", message)
        return super().unlink()

    def _accountable_deleted_sentence(self, binding):
        if binding.stage != "booked":
            return _lt(
                "It was deleted in Odoo after it was handed over (batch %(number)s). Tell your"
                " accountant, then press Skip.",
                number=binding.number or "-",
            )
        return _lt(
            "It was deleted in Odoo; its booking %(number)s is still in the administration."
            " Correct it there, then press Skip.",
            number=binding.number,
        )

    def write(self, vals):
        watched = sorted(HEADER_FIELDS & vals.keys())
        posted = self.filtered(lambda move: watched and move.state == "posted")
        before = {move: [move[name] for name in watched] for move in posted}
        result = super().write(vals)
        # what is written as it was would send what was refused once more
        changed = posted.filtered(lambda move: before[move] != [move[name] for name in watched])
        if "name" in watched:
            # numbered again: credit notes name the document they correct; without a number for now,
            # the next one follows
            changed = (changed | changed.reversal_move_ids).filtered("name")
        self.env["accountable.enqueueing"]._enqueue_changed(changed)
        return result

    # Buttons

    def _accountable_by_connection(self):
        """``{connection: moves}`` of the selection."""
        self.check_access("read")
        grouped = {}
        for move, plan in self.env["accountable.enqueueing"]._targets(self)[0]:
            # whoever may export a document need not read its connection
            connection = self.env["accountable.connection"].browse(plan.connection_id).sudo()
            grouped[connection] = grouped.get(connection, self.browse()) | move
        return grouped

    def action_accountable_export(self):
        """Send the selection now, excluded ones included again."""
        self._check_accountable_user()
        self._accountable_forget_exclusion()
        enqueueing, jobs = self.env["accountable.enqueueing"], self.env["accountable.job"]
        for connection, moves in self._accountable_by_connection().items():
            enqueueing._enqueue_for(connection, enqueueing._changed_since_booked(connection, moves))
            waiting = ("connection_id", "=", connection.id), ("state", "=", "pending")
            jobs._of(moves, *waiting).next_try = fields.Datetime.now()
            connection._wake_lanes()
        self.invalidate_recordset(EXPORT_FIELDS, flush=False)
        return self._accountable_sent().with_env(self.env)._tell_may_arrive()

    def _accountable_sent(self):
        """The items of these documents that went out and did not end."""
        return self.env["accountable.job"]._of(
            self, ("sent_at", "!=", False), ("state", "not in", ("done", "skipped"))
        )

    def action_accountable_exclude(self):
        """These documents are not to be exported; refused for one that may still
        arrive."""
        self._check_accountable_user()
        self._accountable_sent()._check_nothing_arrives()
        for connection, moves in self._accountable_by_connection().items():
            self.env["accountable.enqueueing"]._enqueue_for(connection, moves)
            self.env["accountable.job"]._of(
                moves,
                ("connection_id", "=", connection.id),
                ("operation", "=", "document"),
                ("state", "in", ("pending", "failed")),
            )._skip()
        self.invalidate_recordset(EXPORT_FIELDS, flush=False)
        return True

    def action_accountable_include(self):
        """Take back the exclusion; what belongs in an administration is queued again."""
        self._check_accountable_user()
        self._accountable_forget_exclusion()
        self._accountable_enqueue()
        self.invalidate_recordset(EXPORT_FIELDS, flush=False)
        return True

    def _accountable_forget_exclusion(self):
        excluded = ("state", "=", "skipped"), ("skip_reason", "=", "person")
        self.env["accountable.job"]._of(self, *excluded).skip_reason = "replaced"

    def _check_accountable_user(self):
        """Raises AccessError unless the user works with the accounting packages and sees these."""
        self.check_access("read")
        self.env["accountable.job"].check_access("read")

    def action_accountable_jobs(self):
        """The queue items of these documents."""
        return self.env["accountable.job"]._action_of(self)

    def action_accountable_settle_unsent(self):
        """A person says that the administration has it right: nothing is sent."""
        self._check_accountable_user()
        self.env["accountable.binding"]._of_documents(self)._clear_unsent()
        return True
