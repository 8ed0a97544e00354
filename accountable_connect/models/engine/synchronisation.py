"""One synchronisation: a run of one connection, under its lock."""

import logging
import time
from datetime import timedelta

import psycopg2
from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...api.errors import AuthorisationLostError, ConfigurationMissingError, PackageError
from ...documents.sentence import SentencesOf
from ..connection.abilities import MAPPED
from ..connection.server_configuration import end_of_calls
from ..fetching import fetch_only
from .batch import Batch
from .call_budget import CountedCalls
from .failed_items import FailedItems
from .hand_over import hand_over_closed
from .look_again import look_again
from .lost_answer import settle_unknown
from .open_work import read_open_work
from .operations import operation_of
from .run_fields import OF_CONNECTION
from .run_state import NotMadeHere, RunState, Settings
from .take_over import find_dead_jobs, take_over_unsettled

_lt = SentencesOf(__name__)

_logger = logging.getLogger(__name__)

BATCH = 40
MASTER_DATA_EVERY = timedelta(days=1)


class Synchronisation:
    """What one run does: it reads master data and what comes back, finds out what became of what
    was sent before, and sends what is due, until its time is over or something stops it. Commits
    around every call.

    ``connection`` is the superuser's, in its company and in the language of who reads its
    sentences; ``run_state`` is what its jobs share, None before the package is open; ``history``
    is its ``accountable.run``, which stays once it ``has_begun``.
    """

    def __init__(self, connection, check_lock, seconds):
        """
        :param connection: its lock is held
        :param check_lock: raises when the lock is lost
        :param seconds: how long something new may begin
        """
        # an engine has no user: what it may read and write is settled by whoever woke it
        connection = connection.sudo()
        fetch_only(connection, OF_CONNECTION)
        connection = connection.with_company(connection.company_id)
        self.check_lock = check_lock
        self.deadline = time.monotonic() + seconds
        self.budget = CountedCalls(connection)
        self.connection = connection.with_context(
            accountable_call_budget=self.budget,
            accountable_calls_until=end_of_calls(self.deadline),
            **reader_context(connection),
        )
        self.env = self.connection.env
        self.history = None
        self.has_begun = False
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
        self._end(self._work_until_stopped())
        return True

    def _begin(self):
        """Take over what a dead worker left, and note that this one works.

        :return: the :class:`OpenWork` it found
        """
        connection = self.connection
        earlier = connection._earlier_connections()
        open_work = read_open_work(connection, earlier)
        if open_work.unanswered:
            find_dead_jobs(connection)
        take_over_unsettled(connection, earlier)
        self.history = self.env["accountable.run"]._begin(connection, open_work.left_open)
        self.env["accountable.identity"]._keep_mark()
        waits = {"wait_until": False, "wait_reason": False, "reading_until": False}
        connection.write(
            {"worked_at": self.history.started_at, **waits, **connection._identity_values()}
        )
        return open_work

    def _work_until_stopped(self):
        """Do what is due. Gives a sentence about what stopped it, "" when nothing did."""
        connection = self.connection
        try:
            with connection._open_package() as package:
                # after opening, which reads what it needs before the commit empties the cache
                open_work = self._begin()
                self.run_state = run_state_of(
                    connection, package, self.deadline, self.check_lock, open_work
                )
                connection._commit()
                self.has_begun = True
                self._do_what_is_due(open_work)
            return self.run_state.stop_reason
        except NotMadeHere as reason:
            self._undo()
            self.env["accountable.copy.question"]._ask(connection, reason.stored)
            return self.env["accountable.copy.question"]._sentence_for_all()
        except PackageError as error:
            self._undo()
            return connection._stop_after(error)
        except UserError as error:
            # a secret that cannot be read, a setting that is missing: already in words
            self._undo()
            return connection._wait_a_while(error.args[0])
        except (
            psycopg2.errors.SerializationFailure,
            psycopg2.errors.DeadlockDetected,
            psycopg2.errors.LockNotAvailable,
        ):
            # a person worked on the same document: no failure of the cron, the rest is read again
            self._undo()
            return _lt("Somebody changed the same documents; the rest follows.")
        except psycopg2.OperationalError:
            raise
        except Exception:
            # one connection's bug must not stop the others of this lane
            self._undo()
            _logger.exception(
                "Connection %s: the run ended with an unexpected error", connection.id
            )
            return connection._wait_a_while(
                _lt("An unexpected error stopped the synchronisation; see the log of the server.")
            )

    def _undo(self):
        """Roll back what was not committed; that there was a run is said whatever stopped it."""
        self.env.cr.rollback()
        if not self.has_begun:
            self._begin()

    def _do_what_is_due(self, open_work):
        connection, run_state = self.connection, self.run_state
        self._read_due_master_data()
        if connection.step == "done":
            connection._read_back(run_state)
        if open_work.unanswered:
            settle_unknown(connection, run_state)
        if open_work.look_again:
            look_again(connection, run_state)
        if run_state.capabilities.handed_over:
            # what closed in earlier runs, before new documents take the time
            hand_over_closed(connection, run_state)
        failed = FailedItems(connection, run_state)
        failed.look_at()
        while run_state.has_time and (self.send_batch() or failed.free_alike()):
            pass
        if run_state.capabilities.handed_over and not run_state.stop_reason:
            self.env["accountable.batch"]._close_due(connection, run_state.package, run_state)
            hand_over_closed(connection, run_state)

    def _read_due_master_data(self):
        """Once a day, so that a mapping whose counterpart is gone breaks before documents fail on
        it. A reading that fails keeps no document from being sent; a lost sign-in does."""
        connection, now = self.connection, fields.Datetime.now()
        fetch_only(connection, OF_CONNECTION)  # all that is due needs them, this first
        if not MAPPED & self.run_state.capabilities.needs:
            return  # nothing of it is used
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
        run_state = self.run_state
        due = due_records(self.connection)
        if not due:
            return False
        jobs = self.env["accountable.job"].browse(due)
        run_state.records = due
        batch = Batch(jobs, run_state)
        batch.build()
        batch.announce_look_ups()
        # Keeps the mapping rows that were added for what is missing.
        self.connection._commit()
        for job in jobs:
            # what was built at some cost goes, though the time is over: else each run would build
            # several anew for one that goes
            if not run_state.has_time and not run_state.is_built(job):
                break
            operation_of(job, run_state).execute()
        return True

    def _end(self, message):
        connection, history = self.connection, self.history
        # only what is asked of it: a commit emptied the cache before
        connection.fetch(("requested_by_id", "problem", "problem_until"))
        user = connection.requested_by_id
        history._end(self.run_state and self.run_state.counts, self.budget.total, message)
        if connection.problem and not message and not connection.problem_until:
            connection.problem = False  # what a person met before is over
        if user and (message or not due_jobs(connection)):
            connection.requested_by_id = False
            history._notify(user)
        connection._commit()


def due_jobs(connection):
    """The next due jobs in the order of Odoo's numbers, as many as a batch has."""
    return connection.env["accountable.job"].browse(due_records(connection))


def due_records(connection):
    """``{id of a job: (operation, res_model, res_id)}`` of the next due jobs, in their order."""
    connection.env["accountable.job"].flush_model()
    rows = connection.env.execute_query(
        SQL(
            """
            SELECT id, operation, res_model, res_id FROM accountable_job
             WHERE connection_id = %s AND state = 'pending' AND next_try <= %s
             ORDER BY order_key, id LIMIT %s
            """,
            connection.id,
            fields.Datetime.now(),
            BATCH,
        )
    )
    return {id_: tuple(record) for id_, *record in rows}


def reader_context(connection):
    """Language and time zone of a run, for the context: what is stored is read in each person's
    own, the names of records in it stay."""
    user = connection.requested_by_id or connection.create_uid
    users = user | connection.create_uid | connection.env.user
    # they have many columns, and of each only these are needed
    users.fetch(("partner_id",))
    connection.company_id.fetch(("partner_id",))
    company = connection.company_id.partner_id
    (users.partner_id | company).fetch(("lang", "tz"))
    partners = [one.partner_id for one in (user, connection.create_uid, connection.env.user)]
    lang = next((one.lang for one in partners[:2] if one.lang), None)
    return {
        "lang": lang or company.lang or partners[2].lang,
        "tz": next((one.tz for one in partners if one.tz), False),
    }


def run_state_of(connection, package, deadline, check_lock, open_work=None):
    """The :class:`RunState` of a run, with what earlier runs left open.

    :param open_work: the :class:`OpenWork` of the run, where it was read already
    """
    open_work = open_work or read_open_work(connection, connection._earlier_connections())
    said = connection._said_of_bookings(open_work.earlier)
    journals = connection.env["accountable.mapping"].search(
        [
            ("connection_id", "=", connection.id),
            ("kind", "=", "journal"),
            ("hold_later", "=", True),
        ],
        order="id",  # else it joins the connections for their names
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
            started_on=said.started_on,
            hold_later_journals=frozenset(journals.journal_id.ids),
            bookings_known_until=said.known_until,
            accepted_bookings=said.accepted,
        ),
        deadline=deadline,
        check_lock=check_lock,
        earlier=tuple(open_work.earlier.ids),
    )
    if not open_work.unanswered:
        return run_state
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
