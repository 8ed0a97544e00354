"""One synchronisation: a run of one connection, under its lock."""

import logging
import time
from datetime import timedelta

import psycopg2
from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...api.errors import AuthorisationLostError, ConfigurationMissingError, PackageError
from ..connection.server_configuration import end_of_calls
from .batch import Batch
from .call_budget import CountedCalls
from .failed_items import FailedItems
from .look_again import look_again
from .lost_answer import settle_unknown
from .operations import operation_of
from .run_state import NotMadeHere, RunState, Settings
from .take_over import find_dead_jobs, take_over_unsettled

_logger = logging.getLogger(__name__)

BATCH = 40
MASTER_DATA_EVERY = timedelta(days=1)


class Synchronisation:
    """What one run does: it reads master data and what comes back, finds out what became of what
    was sent before, and sends what is due, until its time is over or something stops it. Commits
    around every call.

    ``connection`` is the superuser's, in its company and in the language of who reads its
    sentences; ``run_state`` is what its jobs share, None before the package is open.
    """

    def __init__(self, connection, check_lock, seconds):
        """
        :param connection: its lock is held
        :param check_lock: raises when the lock is lost
        :param seconds: how long something new may begin
        """
        # an engine has no user: what it may read and write is settled by whoever woke it
        connection = connection.sudo().with_company(connection.company_id)
        self.check_lock = check_lock
        self.deadline = time.monotonic() + seconds
        self.budget = CountedCalls(connection)
        reader = connection.requested_by_id or connection.create_uid
        self.connection = connection.with_context(
            accountable_call_budget=self.budget,
            accountable_calls_until=end_of_calls(self.deadline),
            lang=reader.lang
            or connection.create_uid.lang
            or connection.company_id.partner_id.lang
            or connection.env.user.lang,
            tz=reader.tz or connection.create_uid.tz or connection.env.user.tz,
        )
        self.env = self.connection.env
        self.run_state = None

    def run(self):
        """False when nothing was done: the connection has to wait, or this database may not."""
        connection = self.connection
        if not connection._may_run():
            return False
        try:
            connection._check_may_send()
        except ConfigurationMissingError as error:
            _logger.info("%s sends nothing: %s", connection.id, error)
            connection._stop_for_changed_sign_in()
            connection.requested_by_id = False
            connection._commit()
            return False
        history = self._begin()
        self._end(history, self._work_until_stopped())
        return True

    def _begin(self):
        """Take over what a dead worker left, and note that this one works. Gives its
        ``accountable.run``."""
        connection = self.connection
        find_dead_jobs(connection)
        take_over_unsettled(connection)
        history = self.env["accountable.run"]._begin(connection)
        self.env["accountable.identity"]._keep_mark()
        waits = {"wait_until": False, "wait_reason": False, "reading_until": False}
        connection.write(
            {"worked_at": history.started_at, **waits, **connection._identity_values()}
        )
        connection._commit()
        return history

    def _work_until_stopped(self):
        """Do what is due. Gives a sentence about what stopped it, "" when nothing did."""
        connection, cr = self.connection, self.env.cr
        try:
            with connection._open_package() as package:
                self.run_state = run_state_of(connection, package, self.deadline, self.check_lock)
                self._do_what_is_due()
            return self.run_state.stop_reason
        except NotMadeHere as reason:
            cr.rollback()
            self.env["accountable.copy.question"]._ask(connection, reason.stored)
            return self.env["accountable.copy.question"]._sentence_for_all()
        except PackageError as error:
            cr.rollback()
            return connection._stop_after(error)
        except UserError as error:
            # a secret that cannot be read, a setting that is missing: already in words
            cr.rollback()
            return connection._wait_a_while(str(error))
        except (psycopg2.errors.SerializationFailure, psycopg2.errors.DeadlockDetected):
            # a person worked on the same document: no failure of the cron, the rest is read again
            cr.rollback()
            return self.env._("Somebody changed the same documents; the rest follows.")
        except psycopg2.OperationalError:
            raise
        except Exception:
            # one connection's bug must not stop the others of this lane
            cr.rollback()
            _logger.exception(
                "Connection %s: the run ended with an unexpected error", connection.id
            )
            return connection._wait_a_while(
                self.env._(
                    "An unexpected error stopped the synchronisation; see the log of the server."
                )
            )

    def _do_what_is_due(self):
        connection, run_state = self.connection, self.run_state
        self._read_due_master_data()
        connection._read_back(run_state)
        settle_unknown(connection, run_state)
        look_again(connection, run_state)
        failed = FailedItems(connection, run_state)
        failed.look_at()
        while run_state.has_time and (self.send_batch() or failed.free_alike()):
            pass

    def _read_due_master_data(self):
        """Once a day, so that a mapping whose counterpart is gone breaks before documents fail on
        it. A reading that fails keeps no document from being sent; a lost sign-in does."""
        connection, now = self.connection, fields.Datetime.now()
        read_at = connection.master_data_read_at
        if read_at and read_at > now - MASTER_DATA_EVERY:
            return
        try:
            connection._refresh_master_data(self.run_state.package)
        except AuthorisationLostError:
            raise
        except PackageError as error:
            self.env.cr.rollback()
            _logger.info("Connection %s: master data not read: %s", connection.id, error)
            connection.master_data_read_at = now
        connection._commit()

    def send_batch(self):
        """Work off the next due jobs; False when there are none."""
        jobs, run_state = due_jobs(self.connection), self.run_state
        if not jobs:
            return False
        batch = Batch(jobs, run_state)
        batch.build()
        batch.announce_look_ups()
        # Keeps the mapping rows that were added for what is missing.
        self.connection._commit()
        for job in jobs:
            if not run_state.has_time:
                break
            operation_of(job, run_state).execute()
        return True

    def _end(self, history, message):
        connection, user = self.connection, self.connection.requested_by_id
        history._end(self.run_state and self.run_state.counts, self.budget.total, message)
        if connection.problem and not message and not connection.problem_until:
            connection.problem = False  # what a person met before is over
        if user and (message or not due_jobs(connection)):
            connection.requested_by_id = False
            history._notify(user)
        connection._commit()


def due_jobs(connection):
    """The next due jobs in the order of Odoo's numbers, as many as a batch has."""
    jobs = connection.env["accountable.job"]
    jobs.flush_model()
    ids = connection.env.execute_query(
        SQL(
            """
            SELECT id FROM accountable_job
             WHERE connection_id = %s AND state = 'pending' AND next_try <= %s
             ORDER BY order_key, id LIMIT %s
            """,
            connection.id,
            fields.Datetime.now(),
            BATCH,
        )
    )
    return jobs.browse([id_ for [id_] in ids])


def run_state_of(connection, package, deadline, check_lock):
    """The :class:`RunState` of a run, with what earlier runs left open."""
    journals = connection.env["accountable.mapping"].search(
        [("connection_id", "=", connection.id), ("kind", "=", "journal"), ("hold_later", "=", True)]
    )
    run_state = RunState(
        connection_id=connection.id,
        package=package,
        capabilities=connection._get_capabilities(),
        settings=Settings(
            parties_to_package=connection.contact_direction == "to_package",
            external_number_offset=connection.external_number_offset,
            send_files=connection.send_files,
            late_bills_to_open_period=connection.late_bills_to_open_period,
            started_on=connection._started_on(),
            hold_later_journals=frozenset(journals.journal_id.ids),
            bookings_known_until=connection._bookings_accepted_until(),
            accepted_bookings=connection._accepted_bookings(),
        ),
        deadline=deadline,
        check_lock=check_lock,
        earlier=tuple(connection._earlier_connections().ids),
    )
    for job in connection.env["accountable.job"].search(
        [
            ("connection_id", "=", connection.id),
            "|",
            ("state", "=", "unknown"),
            "&",
            ("unanswered", "=", True),
            ("state", "=", "pending"),
        ]
    ):
        if job.series:
            run_state.held[job.series] = job.id
        if job.operation == "party":
            run_state.arriving[job.res_id] = job.id
    return run_state
