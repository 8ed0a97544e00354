"""What an earlier version left in the queue is what this version reads."""

from odoo.tools import SQL

from .common import ConnectionCase
from .earlier_version import migrate


class TestMigrationOfTheQueue(ConnectionCase):
    def test_who_waits_for_whom_becomes_a_link(self):
        first, held, free, dangling = jobs = self.jobs(
            self.invoice() + self.invoice() + self.invoice() + self.invoice()
        )
        gone = jobs[-1].id + 1000
        field = jobs._fields["held_by_id"]
        constraint = "accountable_job_held_by_id_fkey"
        self.env.cr.execute(f"ALTER TABLE accountable_job DROP CONSTRAINT {constraint}")
        for job, before in ((held, first.id), (free, 0), (dangling, gone)):
            self.env.cr.execute(
                SQL("UPDATE accountable_job SET held_by_id = %s WHERE id = %s", before, job.id)
            )
        migrate(self.env.cr, "19.0.1.3.0", "pre-held-by")
        # the database refuses the constraint where a link leads nowhere
        self.env.cr.execute(
            f"ALTER TABLE accountable_job ADD CONSTRAINT {constraint}"
            " FOREIGN KEY (held_by_id) REFERENCES accountable_job (id) ON DELETE SET NULL"
        )
        jobs.invalidate_recordset()
        self.assertEqual(held.held_by_id, first)
        self.assertFalse(first.held_by_id or free.held_by_id or dangling.held_by_id)
        self.assertEqual((field.comodel_name, field.ondelete), (jobs._name, "set null"))
        first.unlink()
        held.invalidate_recordset()
        self.assertFalse(held.held_by_id)
