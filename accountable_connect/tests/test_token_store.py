"""A token that was rotated over there is stored, whatever happens to the row of its sign-in."""

import threading
import time
from unittest.mock import patch

import psycopg2
from odoo import sql_db
from odoo.addons.accountable_connect.api.errors import TemporaryError
from odoo.addons.accountable_connect.models.sign_in import token_store as store_module
from odoo.addons.accountable_connect.models.sign_in.token_store import StoredTokens
from odoo.tests import BaseCase, get_db_name, tagged

PAIR = {"refresh_token": "refresh-2"}
PATIENCE = 30


@tagged("post_install", "-at_install")
class TestStoringTokens(BaseCase):
    """With transactions of its own: two of them meet on one row."""

    db_name = property(lambda self: get_db_name())

    def setUp(self):
        super().setUp()
        with self.cursor() as cr:
            cr.execute(
                "INSERT INTO accountable_sign_in (name, package, state, active)"
                " VALUES ('Kantoor', 'none', 'new', TRUE) RETURNING id"
            )
            [self.sign_in_id] = cr.fetchone()
        self.addCleanup(self.remove)
        self.tokens = StoredTokens(self, self.sign_in_id)

    def cursor(self):
        return sql_db.db_connect(self.db_name).cursor()

    def remove(self):
        with self.cursor() as cr:
            cr.execute("DELETE FROM accountable_sign_in WHERE id = %s", (self.sign_in_id,))

    def save_while_somebody_changes_the_row(self):
        """Somebody changed the row before, and commits when ours waits for it.

        :return: the statements PostgreSQL was working at meanwhile
        """
        failures = []

        def save():
            try:
                self.tokens.save("oauth", PAIR)
            except (psycopg2.Error, TemporaryError) as error:
                failures.append(error)

        with self.cursor() as cr:
            cr.execute(
                "UPDATE accountable_sign_in SET name = 'Ander' WHERE id = %s", (self.sign_in_id,)
            )
            thread = threading.Thread(target=save)
            thread.start()
            self.wait_until_somebody_waits(cr)
            cr.execute(
                "SELECT string_agg(query, ' ') FROM pg_stat_activity"
                " WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            [waiting] = cr.fetchone()
            # a transaction of its own, for which another one waits
            cr.commit()  # pylint: disable=invalid-commit
            thread.join(PATIENCE)
        self.assertFalse(thread.is_alive())
        self.assertEqual(failures, [])
        return waiting

    def wait_until_somebody_waits(self, cr):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            cr.execute(
                "SELECT count(*) FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cr.fetchone()[0]:
                return
            time.sleep(0.01)
        self.fail("nobody waits for the row")

    def test_row_that_somebody_changes_at_the_same_time(self):
        self.save_while_somebody_changes_the_row()
        self.assertEqual(self.tokens.load("oauth"), PAIR)

    def test_statement_that_may_fail_holds_no_token(self):
        """PostgreSQL writes statements that fail into a log of its own."""
        waiting = self.save_while_somebody_changes_the_row()
        self.assertIn("FOR NO KEY UPDATE", waiting)
        self.assertNotIn(PAIR["refresh_token"], waiting)

    def test_what_the_database_cannot_do_now_is_temporary(self):
        """The client tries again: the answer of the package is not lost for it."""
        failing = patch.object(sql_db.Connection, "cursor", side_effect=store_module.PoolError)
        with failing, self.assertRaises(TemporaryError):
            self.tokens.save("oauth", PAIR)
