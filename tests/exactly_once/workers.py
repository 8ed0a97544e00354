"""The workers of the fault runs: real databases, forks that do what a cron worker does, and ways to
kill them.

What nobody kills is done in the driver itself, which is spared a fork: its connections stay open,
and what Odoo remembers of its models is there for every fork.
"""

import os
import random
import signal
import sys
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

import requests
from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry
from odoo.tools import SQL

# What a worker of a fault run sends at most: few documents, so that faults meet every step.
WORKER_DOCUMENTS = 2
WORKER_SECONDS = 30
# Connections that a fork does not use.
_OF_THE_PARENT: list = []
# States of jobs nobody has to do anything about.
ENDED = ("done", "skipped")


class Database:
    """One Odoo database with a company that is connected with the sandbox."""

    def __init__(self, name: str):
        self.name = name
        self.registry = Registry(name)
        self.connection_id = 0
        self.move_ids: list[int] = []
        self.bill_ids: set[int] = set()

    def prepare(self, package, root: str, offset: int, documents: int, bills=None) -> None:
        """The company's connection is in use, and so many documents wait; ``bills`` says where
        vendor bills and files go (:class:`tests.exactly_once.company.Bills`), None without."""
        # Importable once Odoo knows its addons path.
        from tests.exactly_once.company import Company

        def company(cr):
            return Company(api.Environment(cr, SUPERUSER_ID, {}), self.name, package, offset, bills)

        with self.registry.cursor() as cr:
            self.connection_id = company(cr).make_connection(root)
        with self.registry.cursor() as cr:
            connection = company(cr).env["accountable.connection"].browse(self.connection_id)
            package.let_in(connection.sign_in_id, root)
        with self.registry.cursor() as cr:
            connected = company(cr)
            connection = connected.env["accountable.connection"].browse(self.connection_id)
            connected.go_into_use(connection, root)
            moves = connected.queue_documents(connection, documents)
            self.move_ids = moves.ids
            self.bill_ids = {move.id for move in moves if move.is_purchase_document()}

    def warm_up(self) -> None:
        """Send a document or two here, without a fault: what Odoo works out once for all, each
        fork would work out again."""
        work_a_little(self)

    def pass_time(self, seconds: float) -> None:
        """So much time passes: every moment that the queue has noted lies further back."""
        with self.registry.cursor() as cr:
            cr.execute(
                """
                SELECT column_name FROM information_schema.columns
                 WHERE table_name = 'accountable_job' AND data_type LIKE 'timestamp%%'
                   AND column_name NOT IN ('create_date', 'write_date')
                """
            )
            moved = SQL(", ").join(
                SQL(
                    "%s = %s - %s",
                    SQL.identifier(name),
                    SQL.identifier(name),
                    timedelta(seconds=seconds),
                )
                for [name] in cr.fetchall()
            )
            cr.execute(SQL("UPDATE accountable_job SET %s", moved))

    def make_due(self) -> None:
        """A new day begins: every waiting try is due, the day's calls are there again, and what was
        on its way has ended."""
        with self.registry.cursor() as cr:
            cr.execute(
                """
                UPDATE accountable_job SET next_try = now() AT TIME ZONE 'UTC' - interval '1 minute'
                 WHERE state IN ('pending', 'unknown') AND next_try IS NOT NULL
                """
            )
            # a person mends what was missing and presses Retry
            cr.execute(
                """
                UPDATE accountable_job SET state = 'pending',
                       next_try = now() AT TIME ZONE 'UTC' - interval '1 minute'
                 WHERE state = 'failed'
                   AND error_kind IN ('temporary', 'limit_reached', 'authorisation_lost',
                                      'configuration_missing', 'outcome_unknown')
                """
            )
            cr.execute(
                """
                UPDATE accountable_connection
                   SET wait_until = NULL,
                       calls = jsonb_build_object('remembered', (
                           SELECT COALESCE(jsonb_object_agg(known.key, known.value), '{}')
                             FROM jsonb_each(calls -> 'remembered') known
                            WHERE known.key LIKE '%%numbers%%')),
                       state = CASE state WHEN 'reconnect' THEN state ELSE 'connected' END
                 WHERE id = %s
                """,
                (self.connection_id,),
            )

    def put_off_documents(self) -> None:
        """Cancellations and files wait until every document is booked; now it is their turn."""
        with self.registry.cursor() as cr:
            cr.execute(
                """
                UPDATE accountable_job SET next_try = now() AT TIME ZONE 'UTC' + interval '1 hour'
                 WHERE state = 'pending' AND operation = 'document'
                """
            )

    def states(self) -> Counter:
        with self.registry.cursor() as cr:
            cr.execute("SELECT state, count(*) FROM accountable_job GROUP BY state")
            return Counter(dict(cr.fetchall()))

    def left(self) -> int:
        """Number of jobs that did not end."""
        return sum(count for state, count in self.states().items() if state not in ENDED)

    def forget(self) -> None:
        """What was learnt of the package is forgotten."""
        with self.registry.cursor() as cr:
            cr.execute(
                "UPDATE accountable_connection SET calls = NULL WHERE id = %s",
                (self.connection_id,),
            )

    def is_unsure(self) -> bool:
        """Whether the outcome of a try is not known."""
        return bool(self.states().keys() & {"sending", "unknown"})

    def questions(self) -> int:
        """Number of changes a person has to decide about."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT count(*) FROM accountable_job WHERE state = 'failed'"
                " AND error_code = 'changed_in_package'"
            )
            return cr.fetchone()[0]

    def is_lost(self) -> bool:
        """Whether the connection asks a manager to sign in again."""
        with self.registry.cursor() as cr:
            cr.execute(
                """
                SELECT c.state = 'reconnect' OR s.state = 'lost'
                  FROM accountable_connection c JOIN accountable_sign_in s ON s.id = c.sign_in_id
                 WHERE c.id = %s
                """,
                (self.connection_id,),
            )
            [lost] = cr.fetchone()
            return lost

    def unsolved(self) -> list[dict]:
        """Jobs that did not end, for the report."""
        with self.registry.cursor() as cr:
            cr.execute(
                """
                SELECT name, state, error_kind, message, technical FROM accountable_job
                 WHERE state NOT IN %s ORDER BY id LIMIT 10
                """,
                (ENDED,),
            )
            return [
                dict(zip(("name", "state", "kind", "message", "technical"), row, strict=True))
                for row in cr.fetchall()
            ]

    def bound(self) -> dict[str, str]:
        """External key → name of the document, as this database knows it."""
        with self.registry.cursor() as cr:
            cr.execute(
                """
                SELECT b.external_key, m.name FROM accountable_binding b
                  JOIN account_move m ON m.id = b.res_id
                   AND b.res_model = 'account.move'
                 WHERE b.kind = 'document' AND b.connection_id = %s
                """,
                (self.connection_id,),
            )
            return dict(cr.fetchall())

    def totals(self) -> dict[str, str]:
        """Name of each posted document → its total."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT name, amount_total FROM account_move WHERE id = ANY(%s)"
                " AND state = 'posted'",
                (self.move_ids,),
            )
            return {name: f"{total:.2f}" for name, total in cr.fetchall()}


def work_a_little(database: Database) -> None:
    """What a cron worker does, with one small batch only."""
    from odoo.addons.accountable_connect.models.engine import synchronisation

    send_batch = synchronisation.Synchronisation.send_batch

    def send_one_batch(of_run):
        send_batch(of_run)
        return False

    with (
        patch.object(synchronisation, "BATCH", WORKER_DOCUMENTS),
        patch.object(synchronisation.Synchronisation, "send_batch", send_one_batch),
    ):
        work(database)


def work(database: Database, seconds: float = WORKER_SECONDS) -> None:
    """What a cron worker does."""
    with fresh_environment(database) as env:
        env["accountable.connection"].browse(database.connection_id)._run(seconds=seconds)


@contextmanager
def fresh_environment(database: Database, **context):
    """The superuser's environment in a transaction of its own, committed at the end. As in every
    request and cron, what another process changed is no longer remembered."""
    database.registry.check_signaling()
    with database.registry.cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, context)


def fork(function, *arguments) -> int:
    """Run a function in a fork with database connections of its own; what it draws by lot hangs on
    the seed of this process."""
    seed = random.getrandbits(64)
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        leave_connections()
        random.seed(seed)
        function(*arguments)
        status = 0
    except Exception as error:  # reported by the status; the parent looks at the books
        print(f"worker: {type(error).__name__}: {error}", file=sys.stderr)
    finally:
        os._exit(status)


def leave_connections() -> None:
    """In a fork: the pooled connections are the parent's, who goes on using them. They are put
    aside and not closed, which would end them for both."""
    for pool in (sql_db._Pool, sql_db._Pool_readonly):
        if pool:
            _OF_THE_PARENT.extend(pool._connections)
            pool._connections.clear()


def is_at_work(pid: int) -> bool:
    """Whether a fork did not end by itself; it is still to be waited for."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def wait_for(pids) -> list[int]:
    """Wait for forks; gives their exit codes, negative the signal that killed them."""
    return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]


def die_at_request(place: str, skip: int) -> None:
    """Kill this process before or after its so manieth request."""
    send = requests.Session.send
    seen = [0]

    def dying(session, request, **options):
        seen[0] += 1
        if place == "before" and seen[0] > skip:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = send(session, request, **options)
        if place == "after" and seen[0] > skip:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    requests.Session.send = dying


def die_at_commit(place: str, skip: int) -> None:
    """Kill this process before or after its so manieth commit."""
    commit = sql_db.Cursor.commit
    seen = [0]

    def dying(cursor):
        seen[0] += 1
        if place == "before" and seen[0] > skip:
            os.kill(os.getpid(), signal.SIGKILL)
        commit(cursor)
        if place == "after" and seen[0] > skip:
            os.kill(os.getpid(), signal.SIGKILL)

    sql_db.Cursor.commit = dying
