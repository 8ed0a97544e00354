"""When a batch is to be handed over by the queue: what closed and has no hand-over yet, and a
hand-over whose next try is due. While a receiver takes no more e-mails both wait, but for what has
begun."""

from odoo import fields
from odoo.tools import SQL


def sql_hand_over_due(env):
    """Condition on ``accountable_connection c``."""
    return SQL(
        """
        (EXISTS (SELECT 1 FROM accountable_hand_over h
                  WHERE h.connection_id = c.id AND h.next_try <= %s
                    AND (h.state = 'written' OR %s))
         OR (%s AND EXISTS (%s)))
        """,
        fields.Datetime.now(),
        _sql_takes_mails(),
        _sql_takes_mails(),
        _sql_batches(env, SQL("c.id")),
    )


def _sql_takes_mails():
    return SQL("(c.mails_wait_until IS NULL OR c.mails_wait_until <= %s)", fields.Datetime.now())


def next_hand_over(connection):
    """The hand-over of a connection that is due first; empty for none."""
    waits = [("state", "=", "written")] if mails_wait(connection) else []
    return connection.env["accountable.hand.over"].search(
        [("connection_id", "=", connection.id), ("next_try", "<=", fields.Datetime.now()), *waits],
        order="next_try, id",
        limit=1,
    )


def next_batch(connection):
    """The first batch of a connection that closed and has no hand-over yet; empty for none."""
    env = connection.env
    if mails_wait(connection):
        return env["accountable.batch"]
    for model in ("accountable.batch", "accountable.hand.over", "accountable.connection"):
        env[model].flush_model()
    rows = env.execute_query(SQL("%s ORDER BY b.number LIMIT 1", _sql_batches(env, connection.id)))
    return env["accountable.batch"].browse([id_ for [id_] in rows])


def mails_wait(connection):
    """Whether its receiver takes no more e-mails now. Stores until when; the caller commits."""
    now = fields.Datetime.now()
    if connection.channel == "mail" and not (connection.mails_wait_until or now) > now:
        until = connection._mails_wait() or False
        if connection.mails_wait_until != until:
            connection.mails_wait_until = until
    return bool(connection.mails_wait_until) and connection.mails_wait_until > now


def sql_moments(env):
    """When hand-overs are due, ``connection_id`` and ``moment``."""
    return SQL(
        """
        SELECT h.connection_id,
               CASE WHEN h.state = 'written' THEN h.next_try
                    ELSE GREATEST(h.next_try, m.mails_wait_until) END AS moment
          FROM accountable_hand_over h JOIN accountable_connection m ON m.id = h.connection_id
         WHERE h.next_try IS NOT NULL
        UNION ALL
        SELECT b.connection_id, GREATEST(b.closed_at, m.mails_wait_until)
          FROM accountable_batch b JOIN accountable_connection m ON m.id = b.connection_id
         WHERE b.id IN (%s)
        """,
        _sql_batches(env),
    )


def _sql_batches(env, connection_id=None):
    """A query of the closed batches that no hand-over takes yet. One that failed for good waits for
    a person: it has its hand-over."""
    return SQL(
        """
        SELECT b.id FROM accountable_batch b
          JOIN accountable_connection own ON own.id = b.connection_id
         WHERE b.state = 'closed' AND own.channel = ANY(%s) AND %s
           AND NOT EXISTS (SELECT 1 FROM accountable_hand_over h
                            WHERE h.batch_id = b.id AND h.channel != 'download')
        """,
        env["accountable.connection"]._automatic_channels(),
        SQL("b.connection_id = %s", connection_id) if connection_id else SQL("TRUE"),
    )
