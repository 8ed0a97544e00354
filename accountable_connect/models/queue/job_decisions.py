"""What a person decides about a booking: book it anew, in the open period, remove a second one."""

from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ...documents.sentence import SentencesOf

_lt = SentencesOf(__name__)

# A package says so of a booking that would have to go to another journal or year.
MOVED = "moved"
OPPOSITE_PERIOD_CLOSED = "opposite_period_closed"


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    can_remove = fields.Boolean(compute="_compute_can_remove")

    def _compute_can_remove(self):
        for job in self:
            # capabilities may depend on fields that users of the queue may not read
            job.can_remove = (
                job.state == "failed"
                and job.operation == "remove"
                and job.sudo().connection_id._get_capabilities().remove_document
            )

    def action_remove(self, key):
        """Remove this one of several bookings of one document.

        :param key: external key of the one that is too many
        """
        job = self._for_button()
        job.ensure_one()
        keys = [one["key"] for one in job.candidates or ()]
        if job.state != "failed" or not job.can_remove or key not in keys:
            raise UserError(self.env._("%(name)s: there is nothing to decide.", name=job.name))
        job.write(
            {
                **self._no_error(),
                "content": {**job.content, "remove": key},
                "state": "pending",
                "attempts": 0,
                "next_try": fields.Datetime.now(),
            }
        )
        job.connection_id._wake_lanes()

    def action_book_anew(self):
        """Undo the booking as a cancellation would, then book the document anew: it belongs in
        another journal or year, and a booking cannot move there."""
        for job in self._failed_with(MOVED):
            job._book_anew()
        self.connection_id._wake_lanes()

    def _book_anew(self):
        """The item waits for the one that undoes the booking. When that one does not go, the
        document is sent as a change again, and refused again."""
        move = self.env["account.move"].browse(self.res_id)
        enqueueing = self.env["accountable.enqueueing"]
        reverse = enqueueing._enqueue_one(self.connection_id, move, "reverse")
        now = fields.Datetime.now()
        reverse.write({"then_anew": True, "next_try": now})
        self._make_pending()
        self.write(
            {
                "held_by_id": reverse.id,
                "next_try": now + timedelta(hours=1),
                "message": _lt("It is booked again when its booking is undone."),
            }
        )

    def _free_document(self):
        """The booking is undone: the document goes now, also when it was refused or taken for
        unchanged meanwhile."""
        move = self.env["account.move"].browse(self.res_id).exists()
        if move.state == "posted":
            enqueueing = self.env["accountable.enqueueing"]
            job = enqueueing._enqueue_one(self.connection_id, move, "document")
            job.next_try = fields.Datetime.now()

    def action_book_in_open_period(self):
        """Book the opposite in the first open period, though the document has an earlier date."""
        for job in self._failed_with(OPPOSITE_PERIOD_CLOSED):
            job.to_open_period = True
            job._make_pending()
        self.connection_id._wake_lanes()

    def _failed_with(self, code):
        jobs = self._for_button()
        for job in jobs:
            if job.state != "failed" or job.error_code != code:
                raise UserError(self.env._("%(name)s: there is nothing to decide.", name=job.name))
        return jobs
