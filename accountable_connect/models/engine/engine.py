import logging
import time
import traceback
from contextlib import contextmanager
from datetime import timedelta

import psycopg2
from markupsafe import escape
from odoo import api, fields, models, sql_db
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...api import policy
from ...api.errors import (
    AuthorisationLostError,
    ConfigurationMissingError,
    LimitReachedError,
    PackageError,
)
from ...api.texts import clean
from ..connection.server_configuration import LANE_SECONDS, end_of_calls
from ..sign_in.token_store import CountedCalls
from .work import NotMadeHere, Settings, Work

_logger = logging.getLogger(__name__)

LANES = ("accountable_connect.cron_lane_1", "accountable_connect.cron_lane_2")
WORK_LOCK = 0x4143574B
BATCH = 40
# How often settlements are asked for; packages of the Octopus kind allow 48 readings a day.
READ_EVERY = timedelta(minutes=30)
# After somebody said that something changed; so often and no oftener.
READ_AFTER_HINT = timedelta(minutes=1)
MASTER_DATA_EVERY = timedelta(days=1)
RUNNABLE = SQL(
    "c.active AND (c.state = 'connected' OR (c.state = 'configuration_needed' AND c.step = 'done'))"
)


class AccountableConnection(models.Model):
    """The engine: who works when, and one at a time."""

    _inherit = "accountable.connection"

    requested_by_id = fields.Many2one(
        "res.users", copy=False, readonly=True, help="Who pressed Synchronise now."
    )

    # Lanes

    @api.model
    def _cron_lane(self, lane):
        """Work at most ten seconds for the connections that wait longest, those another lane works
        for left aside; whatever is left is for the next call."""
        deadline = time.monotonic() + LANE_SECONDS
        tried = []
        while (left := deadline - time.monotonic()) > 0.5:
            [connection] = self._due_connections(tried, limit=1) or [None]
            if not connection:
                break
            tried.append(connection.id)
            connection._run(seconds=left)
        self._wake_later(lane)
        if lane == 1:
            self.env["accountable.sign.in"]._keep_alive()

    @api.model
    def _due_connections(self, without=(), limit=None):
        """Connections with due work, the one that waits longest first."""
        self.flush_model()
        self.env["accountable.job"].flush_model()
        ids = self.env.execute_query(
            SQL(
                """
                SELECT c.id FROM accountable_connection c
                 WHERE %(runnable)s AND c.id != ALL(%(without)s)
                   AND (c.wait_until IS NULL OR c.wait_until <= %(now)s)
                   AND (%(jobs_due)s OR %(reading_due)s OR %(failed_due)s
                        OR c.requested_by_id IS NOT NULL)
                 ORDER BY c.worked_at NULLS FIRST, c.id
                 LIMIT %(limit)s
                """,
                runnable=RUNNABLE,
                without=list(without),
                now=fields.Datetime.now(),
                jobs_due=self._sql_jobs_due(),
                reading_due=self._sql_reading_due(),
                failed_due=self._sql_failed_due(),
                limit=limit,
            )
        )
        return self.browse([id_ for [id_] in ids])

    def _sql_jobs_due(self):
        """Three questions, each with a partial index of its own."""
        now = fields.Datetime.now()
        return SQL(
            """
            (EXISTS (
                SELECT 1 FROM accountable_job j
                 WHERE j.connection_id = c.id AND j.state = 'pending' AND j.next_try <= %s
             ) OR EXISTS (
                SELECT 1 FROM accountable_job j
                 WHERE j.connection_id = c.id AND j.state IN ('sending', 'unknown')
                   AND (j.state = 'sending' OR j.next_try <= %s)
             ) OR EXISTS (
                SELECT 1 FROM accountable_job j
                 WHERE j.connection_id = c.id AND j.look_again_at <= %s
             ))
            """,
            now,
            now,
            now,
        )

    def _sql_reading_due(self):
        return SQL(
            """
            (c.synchronisation = 'automatic' AND (
                c.settlements_back AND COALESCE(c.settlements_read_at <= %(before)s, TRUE)
                OR c.contact_direction = 'from_package'
                   AND COALESCE(c.parties_read_at <= %(before)s, TRUE)))
            """,
            before=SQL(
                "GREATEST(%s, CASE WHEN c.hinted_at IS NOT NULL THEN LEAST(c.hinted_at, %s) END)",
                fields.Datetime.now() - READ_EVERY,
                fields.Datetime.now() - READ_AFTER_HINT,
            ),
        )

    @api.model
    def _wake_later(self, lane):
        """When this lane ended because its time was over, it goes on as soon as the others had
        theirs; else when the next try is due."""
        cron = self.env.ref(LANES[lane - 1])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT min(GREATEST(j.moment, c.wait_until))
                  FROM (SELECT connection_id, next_try AS moment FROM accountable_job
                         WHERE state IN ('pending', 'unknown') AND next_try IS NOT NULL
                        UNION ALL
                        SELECT connection_id, look_again_at FROM accountable_job
                         WHERE look_again_at IS NOT NULL) j
                  JOIN accountable_connection c ON c.id = j.connection_id
                 WHERE %s
                """,
                RUNNABLE,
            )
        )
        moment = rows[0][0]
        if moment:
            # a busy connection of another lane stays due: a minute's distance, no hot loop
            soon = fields.Datetime.now() + timedelta(seconds=30)
            due = fields.Datetime.now() >= moment and self._free_due_connection()
            cron._trigger(None if due else max(moment, soon))

    def _free_due_connection(self):
        """Whether a connection with due work has nobody working for it."""
        for connection in self._due_connections():
            if connection.copy_state != "original":
                continue
            with connection._lock_for_work() as locked:
                if locked:
                    return True
        return False

    def _wake_lanes(self, moment=None):
        """Let the workers look at once, or at a moment (naive UTC); works in any transaction, fires
        when it is committed.

        What ``ir.cron._trigger`` does, for all lanes in one statement: posting pays for it.
        """
        ids = [self.env["ir.model.data"]._xmlid_to_res_id(name) for name in LANES]
        self.env.cr.execute(
            """
            INSERT INTO ir_cron_trigger (cron_id, call_at)
            SELECT id, %s FROM ir_cron WHERE id = ANY(%s) AND active
            """,
            (moment or fields.Datetime.now(), ids),
        )
        self.env.cr.postcommit.add(self.env["ir.cron"]._notifydb)

    # The lock

    @contextmanager
    def _lock_for_work(self):
        """Yields a function that raises when the lock is gone, or None when somebody else works.

        A session's lock in a connection of its own: it lives as long as its worker, however often
        that commits, and no user ever waits for it.
        """
        self.ensure_one()
        with sql_db.db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("SELECT pg_try_advisory_lock(%s, %s)", (WORK_LOCK, self.id))
            [locked] = cr.fetchone()
            # a cursor of our own, which holds nothing but the lock
            cr.commit()  # pylint: disable=invalid-commit

            def check():
                try:
                    cr.execute("SELECT 1")
                    cr.commit()  # pylint: disable=invalid-commit
                except psycopg2.Error as error:
                    raise psycopg2.OperationalError("The lock of the connection is lost") from error

            try:
                yield check if locked else None
            finally:
                if locked:
                    self._unlock(cr)

    def _unlock(self, cr):
        try:
            cr.rollback()
            cr.execute("SELECT pg_advisory_unlock(%s, %s)", (WORK_LOCK, self.id))
            cr.commit()  # pylint: disable=invalid-commit
        except psycopg2.Error:
            # the session is gone, and its lock with it
            _logger.warning("The lock of connection %s was lost", self.id, exc_info=True)

    # One run

    def _commit(self):
        """The only place where the engine commits: what is about to be sent has to be stored before
        the call, and the answer after it, whatever happens to the next document. The calls that
        were made are kept too, also those whose work was rolled back."""
        budget = self.env.context.get("accountable_call_budget")
        if budget:
            budget.store()
        self.env.cr.commit()  # pylint: disable=invalid-commit

    def _run(self, seconds=LANE_SECONDS, trigger="automatic"):
        """Work for this connection, at most so many seconds. Commits.

        :return: False when nothing was done: somebody else works for it, or this database may not
        """
        self.ensure_one()
        with self._lock_for_work() as check_lock:
            if not check_lock:
                return False
            # another worker may have changed anything while we waited in line
            self._commit()
            connection = self.sudo().with_company(self.company_id)
            budget = CountedCalls(connection)
            deadline = time.monotonic() + seconds
            connection = connection.with_context(
                accountable_call_budget=budget,
                accountable_calls_until=end_of_calls(deadline),
                lang=connection._message_language(),
                tz=connection._message_timezone(),
            )
            if not connection._may_run():
                return False
            try:
                connection._check_may_send()
            except ConfigurationMissingError as error:
                _logger.info("%s sends nothing: %s", connection.id, error)
                connection._stop_for_changed_sign_in()
                connection.requested_by_id = False
                self._commit()
                return False
            run = connection._start_run(trigger)
            connection._work(run, deadline, check_lock, budget)
        return True

    def _may_run(self):
        """Asked under the lock: the worker before us may have met a limit or a lost sign-in, and a
        person may have paused the connection, since this one was chosen."""
        runnable = self.state == "connected" or (
            self.state == "configuration_needed" and self.step == "done"
        )
        waits = self.wait_until and self.wait_until > fields.Datetime.now()
        return self.active and runnable and not waits

    def _message_language(self):
        """The language of the sentences people will read: of who pressed the button, else of who
        connected."""
        return (
            self.requested_by_id.lang
            or self.create_uid.lang
            or self.company_id.partner_id.lang
            or self.env.user.lang
        )

    def _message_timezone(self):
        """Where that person is."""
        return self.requested_by_id.tz or self.create_uid.tz or self.env.user.tz

    def _start_run(self, trigger):
        """Close what a dead worker left open, and note that this one works."""
        now = fields.Datetime.now()
        user = self.requested_by_id
        self.env["accountable.run"].search(
            [("connection_id", "=", self.id), ("state", "=", "running")]
        ).write({"state": "stopped", "ended_at": now})
        self._find_dead_jobs()
        self._take_over_unsettled()
        run = self.env["accountable.run"].create(
            {
                "connection_id": self.id,
                "started_at": now,
                "trigger": "person" if user else trigger,
                "user_id": user.id,
            }
        )
        self.env["accountable.identity"]._keep_mark()
        waits = {"wait_until": False, "wait_reason": False, "reading_until": False}
        self.write({"worked_at": now, **waits, **self._identity_values()})
        self._commit()
        return run

    def _find_dead_jobs(self):
        """We have the lock: whoever was sending is dead, and nobody knows what arrived."""
        now = fields.Datetime.now()
        for job in self.env["accountable.job"].search(
            [("connection_id", "=", self.id), ("state", "=", "sending")]
        ):
            job.write(
                {
                    "state": "unknown",
                    "error_kind": "outcome_unknown",
                    "attempts": 0,
                    **job._unanswered_values(),
                    "sent_at": job.sent_at or now,
                    "next_try": max(now, (job.sent_at or now) + policy.SETTLE_AFTER),
                    "message": self.env._("The worker stopped while it was sent; being looked up."),
                }
            )

    def _work(self, run, deadline, check_lock, budget):
        """Everything that is due, until the time is over or something stops it."""
        work = None
        message = ""
        try:
            with self._open_package() as package:
                work = self._prepare_work(package, deadline, check_lock)
                self._read_due_master_data(work)
                self._read_back(work)
                self.env["accountable.job"]._settle_unknown(work)
                self.env["accountable.job"]._look_again(work)
                self._look_at_failed(work)
                while work.has_time and (self._send_batch(work) or self._free_alike(work)):
                    pass
            message = work.stop_reason
        except NotMadeHere as reason:
            self.env.cr.rollback()
            self._stop_for_unknown(reason.stored)
            message = self._copy_question_of_all()
        except PackageError as error:
            self.env.cr.rollback()
            message = self._stop_for(error)
        except UserError as error:
            # a secret that cannot be read, a setting that is missing: already in words
            self.env.cr.rollback()
            message = str(error)
            self._rest(message)
        except (psycopg2.errors.SerializationFailure, psycopg2.errors.DeadlockDetected):
            # a person worked on the same document: no failure of the cron, the rest is read anew
            self.env.cr.rollback()
            message = self.env._("Somebody changed the same documents; the rest follows.")
        except psycopg2.OperationalError:
            raise
        except Exception:
            # one connection's bug must not stop the others of this lane
            self.env.cr.rollback()
            _logger.exception("Connection %s: the run ended with an unexpected error", self.id)
            message = self.env._("An unexpected error stopped the run; see the log of the server.")
            self._rest(message)
        self._end_run(run, work, budget, message)

    def _prepare_work(self, package, deadline, check_lock):
        journals = self.env["accountable.mapping"].search(
            [("connection_id", "=", self.id), ("kind", "=", "journal"), ("hold_later", "=", True)]
        )
        work = Work(
            connection_id=self.id,
            package=package,
            capabilities=self._get_capabilities(),
            settings=Settings(
                parties_to_package=self.contact_direction == "to_package",
                external_number_offset=self.external_number_offset,
                send_files=self.send_files,
                late_bills_to_open_period=self.late_bills_to_open_period,
                started_on=self._started_on(),
                hold_later_journals=frozenset(journals.journal_id.ids),
                bookings_known_until=self._known_until(),
                accepted_bookings=self._accepted_bookings(),
            ),
            deadline=deadline,
            check_lock=check_lock,
        )
        for job in self.env["accountable.job"].search(
            [
                ("connection_id", "=", self.id),
                "|",
                ("state", "=", "unknown"),
                "&",
                ("unanswered", "=", True),
                ("state", "=", "pending"),
            ]
        ):
            if job.series:
                work.held[job.series] = job.id
            if job.operation == "party":
                work.arriving[job.res_id] = job.id
        work.earlier = tuple(self._earlier_connections().ids)
        return work

    def _read_due_master_data(self, work):
        """Once a day, so that a mapping whose counterpart is gone breaks before documents fail on
        it. A reading that fails keeps no document from being sent; a lost sign-in does."""
        now = fields.Datetime.now()
        if self.master_data_read_at and self.master_data_read_at > now - MASTER_DATA_EVERY:
            return
        try:
            self._refresh_master_data(work.package)
        except AuthorisationLostError:
            raise
        except PackageError as error:
            self.env.cr.rollback()
            _logger.info("Connection %s: master data not read: %s", self.id, error)
            self.master_data_read_at = now
        self._commit()

    def _send_batch(self, work):
        """Work off the next due jobs; False when there are none."""
        jobs = self._due_jobs()
        if not jobs:
            return False
        jobs._remember_lasting(work)
        jobs._prepare_batch(work)
        jobs._tell_look_ups(work)
        # Keeps the mapping rows that were added for what is missing.
        self._commit()
        for job in jobs:
            if not work.has_time:
                break
            job._work_off(work)
        return True

    def _due_jobs(self):
        """The next due jobs in the order of Odoo's numbers."""
        self.env["accountable.job"].flush_model()
        ids = self.env.execute_query(
            SQL(
                """
                SELECT id FROM accountable_job
                 WHERE connection_id = %s AND state = 'pending' AND next_try <= %s
                 ORDER BY order_key, id LIMIT %s
                """,
                self.id,
                fields.Datetime.now(),
                BATCH,
            )
        )
        return self.env["accountable.job"].browse([id_ for [id_] in ids])

    # What stops a connection

    def _stop_for(self, error):
        """An error that concerns the connection, not one document. Returns the sentence."""
        sentence = self._error_sentence(error)
        if isinstance(error, AuthorisationLostError):
            self._lose_authorisation(error)
        elif isinstance(error, LimitReachedError):
            self.write({"wait_until": error.not_before, "wait_reason": sentence})
        else:
            self._rest(sentence)
        return sentence

    def _rest(self, sentence):
        self.write({"wait_until": fields.Datetime.now() + policy.REST, "wait_reason": sentence})

    def _lose_authorisation(self, error):
        """No further call until a manager signs in again; one activity, however many documents
        wait."""
        sentence = self._error_sentence(error)
        self.write({"state": "reconnect", "wait_reason": sentence, "reading_until": False})
        self.sign_in_id._learn_from(error)
        self._ask_managers(self.env._("Sign in again"), sentence)

    def _ask_managers(self, summary, note):
        """One activity for each manager of the company, unless it is there already."""
        managers = self.env.ref("accountable_connect.group_manager").all_user_ids
        managers = managers.filtered(
            lambda user: self.company_id in user.company_ids and not user.share and user.active
        )
        known = self.activity_ids.filtered(lambda activity: activity.summary == summary)
        for user in managers - known.user_id - self.env.ref("base.user_root"):
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=summary,
                note=escape(note),  # it quotes what stands in the administration
                user_id=user.id,
            )

    def _end_activities(self):
        """Nobody has to do any more what the managers were asked for."""
        self.env["mail.activity"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("automated", "=", True),
            ]
        ).action_feedback()

    # The end of a run

    def _end_run(self, run, work, budget, message):
        waits = bool(self._due_jobs()) and not message
        user = self.requested_by_id
        values = {"calls": budget.total, "message": message, "ended_at": fields.Datetime.now()}
        if work:
            for name in work.counts.__slots__:
                values[name] = getattr(work.counts, name)
        run.write({**values, "state": "stopped" if message else "done"})
        if self.problem and not message and not self.problem_until:
            self.problem = False  # what a person met before is over
        if user and not waits:
            self.requested_by_id = False
            run._notify(user)
        self._commit()

    def _unexpected_trace(self):
        return clean(traceback.format_exc(limit=-12))
