"""What a person says of a booking that cannot be changed or undone where it stands."""

from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from .job_period import OPPOSITE_PERIOD_CLOSED

# A package says so of a booking that would have to go to another journal or year.
MOVED = "moved"


class AccountableJob(models.Model):
    _inherit = "accountable.job"

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
                "message": self.env._("It is booked anew when its booking is undone."),
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
