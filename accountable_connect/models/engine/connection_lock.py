"""One worker at a time for a connection."""

import logging
from contextlib import contextmanager

import psycopg2
from odoo import sql_db

_logger = logging.getLogger(__name__)
WORK_LOCK = 0x4143574B
# What a server may end a transaction for that only waits; PostgreSQL 17 knows the second one too.
TIMEOUTS = ("idle_in_transaction_session_timeout", "transaction_timeout")


@contextmanager
def connection_lock(connection):
    """Yields a function that raises when the lock is gone, or None when somebody else works.

    A transaction of its own holds the lock: it lives as long as its worker, however often that
    commits its work, and no user ever waits for it. It is the transaction's lock and not the
    session's, because PgBouncer may give every transaction another session; both exclude each
    other, so a worker of an earlier version, which held the session's, keeps this one out.

    For the ten seconds of a run a session "idle in transaction" is therefore normal. It holds no
    snapshot and no row, so it keeps no vacuum from its work, and the server's own limits for such
    sessions are lifted for it. Where the lock is lost all the same (PgBouncer has limits of its
    own), the function says so before the next call.
    """
    connection.ensure_one()
    cr = sql_db.db_connect(connection.env.cr.dbname).cursor()
    try:
        is_locked = _take_lock(cr, connection.id)

        def check():
            try:
                # in the transaction that holds the lock: where it answers, the lock is there
                cr.execute("SELECT 1")
            except psycopg2.Error as error:
                raise psycopg2.OperationalError("The lock of the connection is lost") from error

        yield check if is_locked else None
    finally:
        try:
            cr.rollback()  # ends the transaction, and with it the lock
        except psycopg2.Error:
            # the session is gone, and its lock with it
            _logger.warning("The lock of connection %s was lost", connection.id, exc_info=True)
        cr.close()


def _take_lock(cr, connection_id):
    """Whether the transaction of this cursor has it now, until it ends."""
    # a repeatable read would hold its snapshot, and with it dead rows, until it ends
    cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
    cr.execute(
        """
        SELECT pg_try_advisory_xact_lock(%s, %s),
               (SELECT count(set_config(name, '0', TRUE)) FROM pg_settings WHERE name = ANY(%s))
        """,
        (WORK_LOCK, connection_id, list(TIMEOUTS)),
    )
    [is_locked, _lifted] = cr.fetchone()
    return is_locked
