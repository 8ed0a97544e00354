"""Documents that are refused, and what stops a connection."""

from unittest.mock import patch

from odoo import fields
from odoo.addons.accountable_connect.api import errors, policy
from odoo.tools import mute_logger

from .common import ConnectionCase


class TestSendingFailures(ConnectionCase):
    def test_one_bad_document_among_ten(self):
        moves = [self.invoice(10.0 * number) for number in range(1, 11)]
        bad = moves[4]
        refused = errors.DataRefusedError("the VAT amount is wrong", code="-22")

        def refuse(operation, subject):
            if operation == "create_document" and subject.number == bad.name:
                raise refused

        self.books.before.append(refuse)
        self.work()
        self.books.before.clear()
        states = {move.name: self.jobs(move).state for move in moves}
        self.assertEqual(states.pop(bad.name), "failed")
        self.assertEqual(set(states.values()), {"done"})
        job = self.jobs(bad)
        self.assertEqual((job.error_kind, job.error_code), ("data_refused", "-22"))
        self.assertTrue(job.message)
        self.assertIn("the VAT amount is wrong", job.technical)
        self.assertEqual((job.cause_model, job.cause_id), ("account.move", bad.id))
        self.assertEqual(bad.accountable_state, "error")
        # the refused one gave its number back
        self.assertEqual(sorted(self.books.documents), sorted(self.key(n) for n in range(1, 10)))
        job.action_retry()
        self.work()
        self.assertEqual(self.jobs(bad).state, "done")
        self.assertEqual(self.bindings(bad).external_key, self.key(10))

    def test_control_characters_of_a_package_stop_nobody(self):
        """PostgreSQL takes no NUL: the message of one would end the run of all."""
        moves = self.invoice() + self.invoice()
        refused = errors.DataRefusedError(
            "no\0t this", code="x\0", values={"detail": "a\0b"}, technical="c\0d"
        )
        self.books.fail("create_document", refused)
        self.work()
        first, second = self.jobs(moves[0]), self.jobs(moves[1])
        self.assertEqual((first.state, second.state), ("failed", "done"))
        self.assertIn("not this", first.technical)
        self.assertFalse(self.connection.wait_until)

    @mute_logger("odoo.sql_db")
    def test_failure_that_cannot_be_stored_stops_no_other(self):
        moves = self.invoice() + self.invoice()
        self.books.fail("create_document", errors.DataRefusedError("no", code="-22"))
        sentence = type(self.connection)._error_sentence
        with patch.object(
            type(self.connection), "_error_sentence", lambda *args: sentence(*args) + "\0"
        ):
            self.work(unexpected=True)
        first, second = self.jobs(moves[0]), self.jobs(moves[1])
        self.assertEqual((first.state, second.state), ("failed", "done"))
        self.assertEqual(first.error_kind, "data_refused")
        self.assertIn("cannot be stored", first.message)
        self.assertFalse(self.connection.wait_until)

    @mute_logger("odoo.sql_db")
    def test_unknown_outcome_that_cannot_be_told_stays_unknown(self):
        moves = self.invoice() + self.invoice()
        unknown = errors.OutcomeUnknownError("no answer")
        self.books.fail("create_document", ("after", unknown))
        self.books.fail("find_document", errors.TemporaryError("busy"))
        sentence = type(self.connection)._error_sentence
        with patch.object(
            type(self.connection), "_error_sentence", lambda *args: sentence(*args) + "\0"
        ):
            self.work(unexpected=True)
            self.assertEqual(self.jobs(moves[0]).state, "unknown")
            self.later()
            self.work(unexpected=True)
        self.assertEqual(self.jobs(moves[0]).state, "unknown")
        self.assertIn("cannot be stored", self.jobs(moves[0]).message)
        self.later()
        self.work()
        self.assertEqual([self.jobs(move).state for move in moves], ["done", "done"])
        self.assertEqual(len(self.books.documents), 2)

    def test_unexpected_error_of_one_stops_no_other(self):
        moves = self.invoice() + self.invoice()
        self.books.fail("find_parties", ValueError("a bug"))
        self.work(unexpected=True)
        first, second = self.jobs(moves[0]), self.jobs(moves[1])
        self.assertEqual((first.state, second.state), ("failed", "done"))
        self.assertIn("a bug", first.technical)
        self.assertNotIn("a bug", first.message)

    def test_unexpected_error_after_the_call_is_an_unknown_outcome(self):
        move = self.invoice()
        self.books.fail("create_document", ("after", ValueError("strange answer")))
        self.work(unexpected=True)
        self.assertEqual(self.jobs(move).state, "unknown")
        self.later()
        self.work()
        self.assertEqual(self.jobs(move).state, "done")
        self.assertEqual(self.books.calls["create_document"], 1)

    def test_temporary_error_waits_longer_each_time(self):
        move = self.invoice()
        waits = []
        for attempt in (1, 2, 3):
            self.books.fail("create_document", errors.TemporaryError("503"))
            self.later()
            self.work()
            job = self.jobs(move)
            self.assertEqual((job.state, job.attempts), ("pending", attempt))
            waits.append(job.next_try - fields.Datetime.now())
        self.assertGreater(waits[2], waits[0] * 1.5)
        self.later()
        self.work()
        self.assertEqual((self.jobs(move).state, self.jobs(move).number), ("done", 0))
        self.assertEqual(self.bindings(move).external_key, self.key(1))

    def test_package_that_is_down_is_left_alone(self):
        for _number in range(6):
            self.invoice()
        self.books.fail("create_document", errors.TemporaryError("503"), times=6)
        self.work()
        self.assertEqual(self.books.calls["create_document"], policy.TEMPORARY_IN_A_ROW)
        self.assertTrue(self.connection.wait_until)
        self.assertTrue(self.connection.wait_reason)
        self.assertNotIn(self.connection, self.connection._due_connections())

    def test_lost_authorisation_stops_everything_and_tells_managers_once(self):
        self.invoice()
        self.invoice()
        self.books.fail("create_document", errors.AuthorisationLostError("401"), times=2)
        self.work()
        self.assertEqual(self.books.calls["create_document"], 1)
        self.assertEqual(self.connection.state, "reconnect")
        self.assertEqual(self.sign_in.state, "lost")
        mine = self.connection.activity_ids.filtered(lambda one: one.user_id == self.env.user)
        self.assertEqual(len(mine), 1)
        self.assertNotIn(self.connection, self.connection._due_connections())
        self.connection.sudo().state = "connected"
        self.work()
        mine = self.connection.activity_ids.filtered(lambda one: one.user_id == self.env.user)
        self.assertEqual(len(mine), 1)
