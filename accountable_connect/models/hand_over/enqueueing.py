"""What a change in Odoo does to a document that is in a batch."""

from odoo import models


class AccountableEnqueueing(models.AbstractModel):
    _inherit = "accountable.enqueueing"

    def _withdraw(self, moves, reason):
        """What is no longer posted leaves its batch, as long as that is open: nobody has it."""
        self._take_out_of_batches(moves)
        return super()._withdraw(moves, reason)

    def _enqueue_changed(self, moves):
        """A document that waits goes as it is when its turn comes. A worker that puts it in its
        batch at this very moment read it before: one of both is repeated, because both change its
        item."""
        result = super()._enqueue_changed(moves)
        if moves and self.env["accountable.sending.plan"]._senders():
            waiting = ("operation", "=", "document"), ("state", "=", "pending")
            jobs = self.env["accountable.job"]._of(moves, *waiting)
            if jobs:
                jobs._write_at_once({"operation": "document"})
        return result

    def _take_out_of_batches(self, moves):
        """These documents are in no open batch any more."""
        if moves.ids and self.env["accountable.sending.plan"]._senders():
            self.env["accountable.batch.item"]._open_of(moves)._take_out()


class AccountMove(models.Model):
    _inherit = "account.move"

    def unlink(self):
        """What nobody has yet leaves its batch, and nobody need hear of it."""
        self.env["accountable.enqueueing"]._take_out_of_batches(self)
        return super().unlink()

    def action_accountable_exclude(self):
        """Not to be exported: out of the batch that is still open."""
        self._check_accountable_user()
        self.env["accountable.enqueueing"]._take_out_of_batches(self)
        return super().action_accountable_exclude()
