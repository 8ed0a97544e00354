"""Who works when: lanes, the lock of a connection, moments, counting."""

import time
from contextlib import contextmanager, suppress
from datetime import timedelta
from unittest.mock import patch

import psycopg2
from odoo import fields, sql_db
from odoo.addons.accountable_connect.api import errors
from odoo.addons.accountable_connect.models.engine import connection_lock as connection_lock_file
from odoo.addons.accountable_connect.models.engine import synchronisation
from odoo.addons.accountable_connect.models.engine.connection_lock import WORK_LOCK, connection_lock

from .common import ConnectionCase


class TestLanes(ConnectionCase):
    def test_two_workers_never_work_for_one_connection(self):
        self.invoice()
        outcomes = []

        def second_worker(operation, _subject):
            if operation == "create_document":
                with self.registry.cursor() as cr:
                    connection = self.connection.with_env(self.env(cr=cr, su=True, context={}))
                    outcomes.append(connection._run())

        self.books.before.append(second_worker)
        self.assertTrue(self.work())
        self.assertEqual(outcomes, [False])
        self.assertEqual(self.books.calls["create_document"], 1)
        with connection_lock(self.connection) as check:
            self.assertTrue(check)

    def test_excludes_workers_of_earlier_versions(self):
        """They hold the lock of a session, under the same key: during an update both work."""
        key = (connection_lock_file.WORK_LOCK, self.connection.id)
        with sql_db.db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
            with connection_lock(self.connection) as check:
                self.assertIsNone(check)
            self.assertFalse(self.work())
            cr.execute("SELECT pg_advisory_unlock(%s, %s)", key)
            with connection_lock(self.connection) as check:
                self.assertTrue(check)
                cr.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
                self.assertEqual(cr.fetchone(), (False,))
            cr.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", key)
            self.assertEqual(cr.fetchone(), (True,))

    def test_the_lock_is_a_transaction_that_may_wait(self):
        """As a transaction-pooling PgBouncer needs it: no limit of the server ends it meanwhile,
        and it keeps no vacuum from what is dead."""
        with connection_lock(self.connection) as check:
            check()
            self.env.cr.execute(
                """
                SELECT a.state, a.backend_xmin IS NULL FROM pg_stat_activity a JOIN pg_locks l
                    ON l.pid = a.pid AND l.locktype = 'advisory' AND l.database = a.datid
                 WHERE a.datname = current_database() AND l.classid = %s AND l.objid = %s
                """,
                (WORK_LOCK, self.connection.id),
            )
            self.assertEqual(self.env.cr.fetchall(), [("idle in transaction", True)])
            check()

    def test_the_servers_limit_for_idle_transactions_does_not_end_it(self):
        self.env.flush_all()
        with self.impatient_server(), connection_lock(self.connection) as check:
            time.sleep(0.5)
            check()

    @contextmanager
    def impatient_server(self):
        """PostgreSQL ends what idles in a transaction for a tenth of a second."""
        connect = sql_db.db_connect

        def impatient(name):
            database = connect(name)
            cursor = database.cursor

            def hasty():
                cr = cursor()
                cr.execute("SET idle_in_transaction_session_timeout = '100ms'")
                return cr

            database.cursor = hasty
            return database

        with patch.object(sql_db, "db_connect", impatient):
            yield

    def test_a_lost_lock_stops_the_work_before_anything_is_sent(self):
        move = self.invoice()

        def lose(operation, _subject):
            if operation == "save_party":
                self.env.cr.execute(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_locks
                     WHERE locktype = 'advisory' AND objid = %s AND pid != pg_backend_pid()
                       AND database = (SELECT oid FROM pg_database
                                        WHERE datname = current_database())
                    """,
                    (self.connection.id,),
                )

        self.books.before.append(lose)
        with (
            self.assertLogs("odoo.addons.accountable_connect", level="WARNING"),
            self.assertLogs("odoo.sql_db", level="ERROR"),
            suppress(psycopg2.Error),
        ):
            self.work(unexpected=None)
        self.assertEqual(self.books.calls["create_document"], 0)
        self.assertNotEqual(self.jobs(move).state, "failed")

    def test_the_settings_count_what_waits_too(self):
        self.invoice()
        shown = self.env["accountable.connection"].new(origin=self.connection)
        self.assertEqual(shown.waiting_count, 1)
        self.connection.sudo().requested_by_id = self.env.user
        self.assertTrue(shown.is_running)

    def test_lane_takes_the_connection_that_waits_longest(self):
        self.invoice()
        other = self.setup_other_company()["company"]
        connection = self._connect(other, self.sign_in)
        move = self.invoice()
        self.jobs(move).sudo().copy({"connection_id": connection.id, "res_id": 0})
        now = fields.Datetime.now()
        self.connection.sudo().worked_at = now - timedelta(hours=1)
        connection.sudo().worked_at = now - timedelta(hours=2)
        due = self.env["accountable.connection"].sudo()._due_connections()
        self.assertEqual(due.ids, [connection.id, self.connection.id])
        connection.sudo().state = "paused"
        due = self.env["accountable.connection"].sudo()._due_connections()
        self.assertEqual(due.ids, [self.connection.id])

    def test_cron_lane_sends(self):
        move = self.invoice()
        with self.enter_registry_test_mode():
            self.env.ref("accountable_connect.cron_lane_1").method_direct_trigger()
        self.assertEqual(self.jobs(move).state, "done")

    def test_lane_does_not_run_hot_when_work_waits(self):
        self.invoice()
        self.connection.sudo().wait_until = fields.Datetime.now() + timedelta(hours=2)
        cron = self.env.ref("accountable_connect.cron_lane_1")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)], order="id")
        new = triggers[before:]
        self.assertTrue(all(one.call_at > fields.Datetime.now() for one in new))
        self.assertFalse(self.books.calls)

    def test_a_run_speaks_the_language_of_who_reads_it(self):
        self.env["res.lang"]._activate_lang("fr_BE")
        conflict = psycopg2.errors.SerializationFailure
        run = synchronisation.Synchronisation
        with patch.object(run, "_do_what_is_due", side_effect=conflict):
            self.work()
        self.assertEqual(
            self.runs()[:1].with_context(lang="fr_BE").message,
            "Quelqu'un a modifié les mêmes documents\N{NO-BREAK SPACE}; le reste suivra.",
        )

    def test_time_is_up_between_two_documents(self):
        moves = self.invoice() + self.invoice()
        with patch.object(synchronisation.time, "monotonic", side_effect=self.clock()):
            with self.worker() as working:
                working._run(seconds=10)
        self.assertEqual(self.jobs(moves).mapped("state"), ["done", "pending"])
        self.work()
        self.assertEqual(self.jobs(moves).mapped("state"), ["done", "done"])

    def clock(self):
        """A clock on which the first document takes longer than a run may."""
        while True:
            yield 100.0 if self.books.calls["create_document"] else 0.0

    def test_manual_connection_waits_for_the_button(self):
        self.connection.synchronisation = "manual"
        move = self.invoice()
        self.assertFalse(self.jobs(move).next_try)
        self.assertNotIn(self.connection, self.connection.sudo()._due_connections())
        self.connection.action_synchronise()
        self.assertFalse(self.books.calls)
        self.work()
        self.assertEqual(self.jobs(move).state, "done")
        run = self.runs()[:1]
        self.assertEqual(
            (run.trigger, run.user_id, run.documents_sent, run.state),
            ("person", self.env.user, 1, "done"),
        )
        self.assertFalse(self.connection.requested_by_id)

    def test_nightly_connection_waits_for_its_hour(self):
        self.connection.moment = "nightly"
        move = self.invoice()
        self.assertGreater(self.jobs(move).next_try, fields.Datetime.now())
        self.connection.moment = "posting"
        self.assertLessEqual(self.jobs(move).next_try, fields.Datetime.now())

    def test_synchronise_finds_what_was_posted_before_the_start(self):
        self.connection.sudo().step = "start"
        move = self.invoice()
        self.assertFalse(self.jobs(move))
        self.connection.sudo().step = "done"
        self.assertEqual(move.accountable_state, "to_export")
        self.connection.action_synchronise()
        self.assertEqual(self.jobs(move).state, "pending")

    def test_calls_are_counted_for_the_day(self):
        self.invoice()
        self.work()
        counts = self.connection.calls["counts"]
        self.assertEqual(counts["create_document"], 1)
        self.assertEqual(sum(counts.values()), self.runs()[:1].calls)

    def test_master_data_is_read_once_a_day_and_keeps_no_document_back(self):
        self.connection.sudo().master_data_read_at = fields.Datetime.now() - timedelta(days=2)
        self.books.fail("fetch_master_data", errors.TemporaryError("503"))
        move = self.invoice()
        self.work()
        self.assertEqual(self.jobs(move).state, "done")
        self.invoice()
        self.work()
        self.assertEqual(self.books.calls["fetch_master_data"], 1)
