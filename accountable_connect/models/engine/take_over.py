"""What an archived connection sent without an answer, and who finds out what became of it."""

from odoo.tools import SQL

from ..queue.job_unanswered import WAITING


def take_over_unsettled(connection):
    """What an archived connection sent to this administration without an answer is found out by the
    one that follows it, or it would be booked twice. Whatever a worker still sends stays with it.
    Commits."""
    jobs = connection.env["accountable.job"]
    for earlier in connection._earlier_connections():
        if not jobs._unsettled_of(earlier):
            continue
        with earlier._lock_for_work() as locked:
            if locked:
                earlier._find_dead_jobs()
                _take_over(connection, earlier, jobs._unsettled_of(earlier))
                connection._commit()


def _take_over(connection, earlier, jobs):
    """The items, and the links of what they change or remove."""
    jobs.filtered(lambda job: job.unanswered and job.state != "unknown")._look_up_first()
    _end_replaced(connection, jobs.filtered(lambda job: job.state in WAITING))
    jobs.write({"connection_id": connection.id})
    connection.env.flush_all()
    connection.env.cr.execute(
        SQL(
            """
            UPDATE accountable_binding b SET connection_id = %(own)s
              FROM accountable_job j
             WHERE j.id = ANY(%(jobs)s) AND j.state = 'unknown'
               AND b.connection_id = %(earlier)s AND b.res_model = j.res_model
               AND b.res_id = j.res_id AND b.kind IN ('document', 'party')
               AND NOT EXISTS (
                SELECT 1 FROM accountable_binding o
                 WHERE o.connection_id = %(own)s AND o.kind = b.kind
                   AND (o.external_key = b.external_key
                        OR (o.res_model, o.res_id) = (b.res_model, b.res_id)))
            """,
            own=connection.id,
            earlier=earlier.id,
            jobs=jobs.ids,
        )
    )
    connection.env.invalidate_all(flush=False)


def _end_replaced(connection, jobs):
    """What this connection does itself ends in the earlier one: of one record only one waits."""
    waiting = jobs.search([("connection_id", "=", connection.id), ("state", "in", WAITING)])
    own = {(job.res_model, job.res_id, job.operation) for job in waiting}
    jobs.filtered(lambda job: (job.res_model, job.res_id, job.operation) in own)._end(
        "skipped", skip_reason="replaced"
    )
