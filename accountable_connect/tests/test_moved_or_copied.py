"""A database that moved goes on with its mark; a copy gets one of its own."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo import fields
from odoo.addons.accountable_connect.api import errors
from odoo.addons.accountable_connect.models.connection import identity
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import mute_logger

from .common import ConnectionCase


class MovedCase(ConnectionCase):
    @contextmanager
    def database(self, identity):
        """As if the database were this one: a copy, or the same one at another place."""
        model = self.registry["accountable.identity"]
        with patch.object(model, "_database", lambda _self: identity):
            self.env.invalidate_all()
            yield
        self.env.invalidate_all()

    @contextmanager
    def instance(self, name):
        """As if the server's configuration had this ``accountable_instance``."""
        with patch.object(identity, "accountable_instance", lambda: name):
            self.env.invalidate_all()
            yield
        self.env.invalidate_all()

    def mark(self):
        return self.env["accountable.identity"]._mark()

    def anew(self, *moves):
        """The connection is archived, and the administration connected again."""
        self.connection.active = False
        self.env.flush_all()
        second = self._connect(self.company, self.sign_in)
        for move in moves:
            self.env["accountable.enqueueing"]._enqueue_for(second, move)
        self.work(second)
        return second


class TestMoved(MovedCase):
    def test_moved_and_connected_anew_books_nothing_twice(self):
        """Also what is linked without a word of what was sent, and through several connections."""
        moves = [self.invoice(), self.bill(), self.bill(ref="F-2", amount=50.0)]
        self.work()
        self.bindings(moves[2]).sudo().details = False
        booked = list(self.books.booked)
        with self.database("moved/1/2"):
            self.assertEqual(self.connection.copy_state, "copied")
            self.connection.action_is_move()
            for _time in range(2):
                self.connection = self.anew(*moves)
                self.assertEqual(self.books.booked, booked)
                jobs = self.jobs(moves[0] + moves[1] + moves[2])
                self.assertEqual(set(jobs.mapped("state")), {"done"}, jobs.mapped("message"))
            self.invoice()
            self.work()
            self.assertEqual(len(self.books.booked), len(booked) + 1)
            self.assertTrue(self.books.booked[-1].startswith(booked[0].rpartition("-")[0]))

    def test_moved_and_all_links_are_gone(self):
        """What only the mark still tells is not booked twice."""
        moves = [self.bill(), self.invoice()]
        self.work()
        with self.database("moved/1/2"):
            self.connection.action_is_move()
            links = self.bindings(moves[0] + moves[1])
            self.jobs(moves[0] + moves[1]).unlink()
            links.sudo().unlink()
            booked = list(self.books.booked)
            second = self.anew(*moves)
            self.assertEqual(second.copy_state, "original")
            self.assertEqual(self.books.booked, booked)

    def test_an_opposite_document_is_recognised_after_a_move(self):
        move = self.invoice()
        self.work()
        move.button_cancel()
        self.books.fail("create_document", ("after", errors.OutcomeUnknownError("no answer")))
        self.work()
        with self.database("moved/1/2"):
            self.connection.action_is_move()
            self.settle()
        self.assertEqual(self.jobs(move, "reverse").state, "done")
        self.assertEqual(len(self.books.documents), 2)

    def test_archived_connections_move_too(self):
        self.work()
        self.connection.active = False
        self.env.flush_all()
        second = self._connect(self.company, self.sign_in)
        self.work(second)
        with self.database("moved/1/2"):
            second.action_is_move()
            self.assertEqual(self.connection.copy_state, "original")

    def test_a_backup_that_is_older_than_its_last_booking(self):
        """The invoice waits in the backup, and was booked since."""
        self.work()
        move = self.invoice()
        self.work()
        self.bindings(move).sudo().unlink()
        self.jobs(move).write({"sent_at": False, "state": "pending", "ended_at": False})
        self.jobs(move).next_try = fields.Datetime.now()
        self.env.cr.execute("DELETE FROM accountable_number_series")
        with self.database("restored/1/2"):
            self.connection.action_is_move()
            self.work()
            self.assertEqual(self.jobs(move).state, "done", self.jobs(move).message)
        self.assertEqual(len(self.books.documents), 1)


class TestCopied(MovedCase):
    def test_without_secrets_too(self):
        self.sign_in.sudo().database_identity = False
        self.work()
        with self.database("copy/1/2"):
            self.invoice()
            self.assertEqual(self.connection.copy_state, "copied")
            self.assertFalse(self.work())
            self.assertFalse(self.books.booked)

    def test_a_copy_gets_a_mark_of_its_own_and_keeps_its_links(self):
        self.sign_in.sudo().database_identity = False
        sent, other = self.invoice(), self.bill()
        self.work()
        self.bindings(other).sudo().details = False
        mark = self.mark()
        with self.database("copy/1/2"):
            self.connection.action_is_copy()
            self.assertEqual(self.connection.state, "paused")
            self.assertNotEqual(self.mark(), mark)
            self.assertRegex(self.mark(), "^[0-9a-f]{10}$")
            self.connection.action_resume()
            for move in (sent, other):
                move.button_draft()
                move.invoice_line_ids.price_unit = 55.0
                move.action_post()
            new = self.invoice()
            self.work()
            for move in (sent, other, new):
                self.assertEqual(self.jobs(move)[-1].state, "done", self.jobs(move)[-1].message)
            self.assertEqual(len(self.books.documents), 3)
            self.assertEqual(self.books.booked[-1], f"odoo-{self.mark()}-{new.id}")

    def test_bookings_of_the_original_are_not_the_copys(self):
        """The original books the same document under its own mark."""
        self.sign_in.sudo().database_identity = False
        self.work()
        bill = self.bill()
        original = self.env["accountable.document"]._own_reference(bill)
        with self.database("copy/1/2"):
            self.connection.action_is_copy()
            self.books.book_by_hand(
                f"A1/{self.today.year}",
                kind="purchase",
                own_reference=original,
                document_date=self.today,
                reference=bill.ref,
                currency="EUR",
            )
            self.connection.action_resume()
            self.work()
            self.assertEqual(self.connection.copy_state, "original")
            self.assertEqual(self.jobs(bill).state, "done", self.jobs(bill).message)
            self.assertEqual(len(set(self.books.booked)), 2)

    def test_what_had_no_answer_is_looked_up_with_the_mark_it_was_sent_with(self):
        self.sign_in.sudo().database_identity = False
        move = self.invoice()
        self.books.fail("create_document", ("after", errors.OutcomeUnknownError("no answer")))
        self.work()
        with self.database("copy/1/2"):
            self.connection.action_is_copy()
            self.connection.action_resume()
            self.later(hours=0.5)
            self.work()
            self.assertEqual(self.jobs(move).state, "done", self.jobs(move).message)
        self.assertEqual(len(self.books.documents), 1)

    def test_so_is_that_of_another_sign_in(self):
        """The mark is that of the database, whoever says that it is a copy."""
        company = self.setup_other_company()["company"]
        other = self._connect(company, self.sign_in.sudo().copy({"name": "Another one"}))
        self.work()
        move = self.invoice()
        self.jobs(move).write({"unanswered": True, "connection_id": other.id})
        with self.database("copy/1/2"):
            self.connection.action_is_copy()
            self.assertEqual(self.jobs(move).state, "unknown")

    def test_entering_a_password_is_no_answer_for_the_companies(self):
        self.work()
        with self.database("copy/1/2"):
            current = self.env["accountable.identity"]._current()
            self.sign_in.sudo().database_identity = current
            self.assertEqual(self.connection.copy_state, "copied")

    def test_nothing_new_starts_in_a_copy_nobody_answered_for(self):
        """Else it would share the mark with the original."""
        self.work()
        self.connection.active = False
        with self.database("copy/1/2"):
            sign_in = self.sign_in.sudo().copy({"name": "New"})
            sign_in.database_identity = self.env["accountable.identity"]._current()
            second = self._connect(self.company, sign_in)
            self.assertEqual(second.copy_state, "copied")
            with self.assertRaises(UserError):
                second._check_is_original()
            second.action_is_copy()
            second.sudo().sign_in_id.database_identity = self.env["accountable.identity"]._current()
            self.assertEqual(second.copy_state, "original")

    def test_instance_of_the_configuration(self):
        """A copied data folder has the same of everything else."""
        with self.instance("production"):
            self.sign_in.sudo().database_identity = self.env["accountable.identity"]._current()
            self.assertTrue(self.work())
            mark = self.mark()
            self.assertTrue(self.env["accountable.identity"]._current().endswith("/production"))
        for name in ("test", ""):
            with self.subTest(name=name), self.instance(name):
                self.assertEqual(self.connection.copy_state, "copied")
                self.assertFalse(self.work())
        with self.instance("moved"):
            self.connection.action_is_move()
            self.assertEqual(self.connection.copy_state, "original")
            self.assertEqual(self.mark(), mark)

    def test_the_mark_is_made_by_chance_at_the_first_start(self):
        """Two copies that were made before, and start apart."""
        identity = self.env["accountable.identity"]
        made = set()
        for _copy in range(2):
            self.env["ir.config_parameter"].sudo().search(
                [("key", "=like", "accountable_connect.mark%")]
            ).unlink()
            identity._make_mark()
            made.add(self.mark())
        self.assertEqual(len(made), 2)
        identity._make_mark()
        self.assertIn(self.mark(), made)

    def test_the_second_of_two_that_make_the_mark_at_once_begins_again(self):
        """It would go on with another mark than the one that is stored, which it does not see."""
        identity = self.env["accountable.identity"]
        identity._make_mark()
        mark = self.mark()
        with (
            patch.object(self.registry["accountable.identity"], "_parameter", return_value=""),
            patch.object(self.registry["ir.config_parameter"], "search_count", return_value=0),
            mute_logger("odoo.sql_db"),
            self.assertRaises(ConcurrencyError),
        ):
            identity._keep_mark("0123456789")
        self.assertEqual(self.mark(), mark)

    def test_a_mark_that_another_worker_stored_is_read_again(self):
        """What this worker has in its cache is older."""
        identity = self.env["accountable.identity"]
        identity._make_mark()
        mark = self.mark()
        with patch.object(self.registry["accountable.identity"], "_parameter", return_value=""):
            identity._keep_mark("0123456789")
        self.assertEqual(self.mark(), mark)

    def test_one_answer_for_every_company_of_the_sign_in(self):
        other = self._connect(self.setup_other_company()["company"], self.sign_in)
        self.work()
        self.work(other)
        with self.database("copy/1/2"):
            self.assertEqual(other.copy_state, "copied")
            self.connection.action_is_move()
            self.assertEqual(other.copy_state, "original")
