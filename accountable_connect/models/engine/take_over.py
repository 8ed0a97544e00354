"""What a dead worker or an archived connection sent without an answer: who settles it."""

from odoo import fields
from odoo.tools import SQL

from ...api import policy
from ...documents.sentence import SentencesOf
from ..queue.job_unanswered import WAITING
from .connection_lock import connection_lock

_lt = SentencesOf(__name__)


def find_dead_jobs(connection):
    """Its lock is held: whoever was sending is dead, and nobody knows what arrived."""
    now = fields.Datetime.now()
    for job in connection.env["accountable.job"].search(
        [("connection_id", "=", connection.id), ("state", "=", "sending")]
    ):
        job.write(
            {
                "state": "unknown",
                "error_kind": "outcome_unknown",
                "attempts": 0,
                **job._unanswered_values(),
                "sent_at": job.sent_at or now,
                "next_try": max(now, (job.sent_at or now) + policy.SETTLE_AFTER),
                "message": _lt("The worker stopped while it was sent; being looked up."),
            }
        )


def take_over_unsettled(connection, earlier_connections):
    """What an archived connection sent to this administration without an answer is found out by the
    one that follows it, or it would be booked twice. Whatever a worker still sends stays with it.
    Commits."""
    jobs = connection.env["accountable.job"]
    for earlier in earlier_connections:
        if not jobs._unsettled_of(earlier):
            continue
        with connection_lock(earlier) as is_locked:
            if is_locked:
                find_dead_jobs(earlier)
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
