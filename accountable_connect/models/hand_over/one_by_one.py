"""Documents that go by e-mail have a batch each: a receiver takes one document from a mail."""

from odoo import models
from odoo.tools import SQL


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _one_by_one(self):
        """Whether a batch takes one document only. Entries go together, in one file."""
        return self.channel == "mail" and self._goes_apart()

    def _follow_way(self):
        """Another way is set: what is open already follows, and what waited need not wait."""
        own = self.sudo()  # a manager chooses the way; batches are the engine's
        own.mails_wait_until = False
        if own.package and own._one_by_one():
            for batch in own._find_open_batches().filtered(lambda one: not one.single):
                batch._split()


class AccountableBatch(models.Model):
    _inherit = "accountable.batch"

    def _split(self):
        """A batch for each of its documents, while it is open."""
        self._lock()
        items = self.item_ids.filtered(lambda one: one.state == "in_batch").sorted("id")
        for item in items[1:]:
            item._move_to(
                self.create(
                    {
                        "connection_id": self.connection_id.id,
                        "part": self.part,
                        "single": True,
                        "closes_at": self.closes_at,
                        "document_count": 1,
                    }
                )
            )
        self.write({"single": True, "document_count": len(items[:1])})
        (items.batch_id | self)._find_days()


class AccountableBatchItem(models.Model):
    _inherit = "accountable.batch.item"

    def _move_to(self, batch):
        """Into another open batch, with its files as they are."""
        self.batch_id = batch
        files = self.file_ids
        files.flush_model(["batch_id"])
        # nobody writes a file of a batch; these only come along
        self.env.cr.execute(
            SQL(
                "UPDATE accountable_batch_file SET batch_id = %s WHERE item_id = %s",
                batch.id,
                self.id,
            )
        )
        files.invalidate_model(["batch_id"], flush=False)
        self.env["accountable.batch"].invalidate_model(["file_ids", "item_ids"], flush=False)
