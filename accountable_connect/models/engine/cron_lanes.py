"""Lanes: a few crons that work for the connections, each for the one that waits longest."""

import time
from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from ..connection.server_configuration import LANE_SECONDS
from .connection_lock import connection_lock
from .hand_over_due import sql_hand_over_due, sql_moments
from .reading_due import sql_reading_due

LANES = ("accountable_connect.cron_lane_1", "accountable_connect.cron_lane_2")
# After a lane that leaves something due it rests so long: no hot loop.
REST_OF_A_LANE = timedelta(seconds=30)
RUNNABLE = SQL(
    "c.active AND (c.state = 'connected' OR (c.state = 'configuration_needed' AND c.step = 'done'))"
)


def work_in_lane(env, lane):
    """Work at most ten seconds for the connections that wait longest, those another lane works for
    left aside; whatever is left is for the next call. Commits.

    :param int lane: counted from 1
    """
    deadline = time.monotonic() + LANE_SECONDS
    tried = []
    while (left := deadline - time.monotonic()) > 0.5:
        connection = due_connections(env, tried, limit=1)
        if not connection:
            break
        tried.append(connection.id)
        connection._run(seconds=left)
    wake_later(env, lane)
    if lane == 1:
        env["accountable.sign.in"]._keep_alive()


def due_connections(env, without=(), limit=None):
    """Connections with due work, the one that waits longest first."""
    connections = env["accountable.connection"]
    connections.flush_model()
    for model in ("accountable.job", "accountable.batch", "accountable.hand.over"):
        env[model].flush_model()
    ids = env.execute_query(
        SQL(
            """
            SELECT c.id FROM accountable_connection c
             WHERE %(runnable)s AND c.id != ALL(%(without)s)
               AND (c.wait_until IS NULL OR c.wait_until <= %(now)s)
               AND (%(jobs_due)s OR %(reading_due)s OR %(failed_due)s OR %(batches_due)s
                    OR %(hand_over_due)s
                    OR c.requested_by_id IS NOT NULL)
             ORDER BY c.worked_at NULLS FIRST, c.id
             LIMIT %(limit)s
            """,
            runnable=RUNNABLE,
            without=list(without),
            now=fields.Datetime.now(),
            jobs_due=_sql_jobs_due(),
            reading_due=sql_reading_due(env),
            failed_due=connections._sql_failed_due(),
            batches_due=connections._sql_batches_due(),
            hand_over_due=sql_hand_over_due(env),
            limit=limit,
        )
    )
    return connections.browse([id_ for [id_] in ids])


def _sql_jobs_due():
    """Three questions, each with a partial index of its own."""
    return SQL(
        """
        (EXISTS (
            SELECT 1 FROM accountable_job j
             WHERE j.connection_id = c.id AND j.state = 'pending' AND j.next_try <= %(now)s
         ) OR EXISTS (
            SELECT 1 FROM accountable_job j
             WHERE j.connection_id = c.id AND j.state IN ('sending', 'unknown')
               AND (j.state = 'sending' OR j.next_try <= %(now)s)
         ) OR EXISTS (
            SELECT 1 FROM accountable_job j
             WHERE j.connection_id = c.id AND j.look_again_at <= %(now)s
         ))
        """,
        now=fields.Datetime.now(),
    )


def wake_later(env, lane):
    """When this lane ended because its time was over, it goes on as soon as the others had theirs;
    else when the next try is due."""
    rows = env.execute_query(
        SQL(
            """
            SELECT min(GREATEST(j.moment, c.wait_until))
              FROM (SELECT connection_id, next_try AS moment FROM accountable_job
                     WHERE state IN ('pending', 'unknown') AND next_try IS NOT NULL
                    UNION ALL
                    SELECT connection_id, look_again_at FROM accountable_job
                     WHERE look_again_at IS NOT NULL
                    UNION ALL
                    SELECT connection_id, closes_at FROM accountable_batch
                     WHERE state = 'open' AND document_count > 0 AND closes_at IS NOT NULL
                    UNION ALL
                    %s) j
              JOIN accountable_connection c ON c.id = j.connection_id
             WHERE %s
            """,
            sql_moments(env),
            RUNNABLE,
        )
    )
    moment = rows[0][0]
    if moment:
        now = fields.Datetime.now()
        # a connection another lane works for stays due
        is_due = now >= moment and _is_work_without_worker(env)
        cron = env.ref(LANES[lane - 1])
        cron._trigger(None if is_due else max(moment, now + REST_OF_A_LANE))


def _is_work_without_worker(env):
    """Whether a connection with due work has nobody working for it."""
    for connection in due_connections(env):
        if connection.copy_state != "original":
            continue
        with connection_lock(connection) as is_locked:
            if is_locked:
                return True
    return False


def wake_lanes(env, moment=None):
    """Let the workers look at once, or at a moment (naive UTC); works in any transaction, fires
    when it is committed.

    What ``ir.cron._trigger`` does, for all lanes in one statement, because posting pays for it. It
    asks for no cron whether it is active, either: Odoo collects the triggers of those that are not.
    """
    now = fields.Datetime.now()
    ids = [env["ir.model.data"]._xmlid_to_res_id(name) for name in LANES]
    # whoever posts a document has no right to crons
    env["ir.cron.trigger"].sudo().create(
        [{"cron_id": id_, "call_at": moment or now} for id_ in ids if id_]
    )
    if not moment or moment <= now:
        env.cr.postcommit.add(env["ir.cron"]._notifydb)
