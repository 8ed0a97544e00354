"""The item that another one waits for was a plain number; from now on it is a link, which the
database checks. 0 said that it waits for none."""


def migrate(cr, version):
    cr.execute("DROP INDEX IF EXISTS accountable_job__held_idx")
    cr.execute(
        """
        UPDATE accountable_job waiting SET held_by_id = NULL
         WHERE held_by_id IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM accountable_job job WHERE job.id = waiting.held_by_id)
        """
    )
