"""The net: what once had no answer is looked up again, whether it stands there twice."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from odoo import fields
from odoo.addons.accountable_connect.api import errors
from odoo.addons.accountable_connect.models.engine import cron_lanes
from odoo.exceptions import UserError

from .test_late_arrival import LateCase

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class TestBookedTwice(LateCase):
    """A call that arrives later than anybody waits."""

    def setUp(self):
        super().setUp()
        self.numbers_itself(remove_document=True)

    def twice(self, **values):
        move = self.invoice(**values)
        self.books.fail("create_document", ("late", 900))
        self.work()
        self.minutes(20)
        self.assertEqual(self.jobs(move).state, "done")
        self.assertEqual(len(self.books.documents), 2)
        return move

    def question(self, move):
        return self.jobs(move, "remove")

    def test_looked_up_after_an_hour_and_after_a_day(self):
        move = self.invoice()
        self.books.fail("create_document", ("late", 40))
        self.work()
        self.minutes(2)
        job = self.jobs(move)
        self.assertEqual(job.state, "done")
        looks = self.books.calls["find_document"]
        for passed, more in ((timedelta(minutes=50), 0), (HOUR, 1), (HOUR, 1), (DAY, 2), (DAY, 2)):
            self.pass_time(passed)
            self.work()
            self.assertEqual(self.books.calls["find_document"] - looks, more)
        self.assertFalse(job.look_again_at)
        self.assertFalse(self.question(move))

    def test_costs_nothing_when_nothing_was_unknown(self):
        self.invoice()
        self.work()
        self.pass_time(2 * DAY)
        self.assertNotIn(self.connection, self.connection._due_connections())
        looks = self.books.calls["find_document"]
        self.work()
        self.assertEqual(self.books.calls["find_document"], looks)

    def test_due_looks_wake_the_lanes(self):
        self.twice()
        self.assertNotIn(self.connection, self.connection._due_connections())
        triggers = self.env["ir.cron.trigger"].search([])
        cron_lanes.wake_later(self.env, 1)
        trigger = self.env["ir.cron.trigger"].search([]) - triggers
        job = self.env["accountable.job"].sudo().search([("look_again_at", "!=", False)])
        self.assertEqual(trigger.call_at, job.look_again_at)
        self.pass_time(HOUR)
        self.assertIn(self.connection, self.connection._due_connections())

    def test_all_that_is_due_is_told_to_the_package_at_once(self):
        moves = self.invoice() + self.invoice()
        self.books.fail("create_document", ("late", 40), times=2)
        self.work()
        self.minutes(2)
        self.books.told.clear()
        self.pass_time(HOUR)
        self.work()
        self.assertEqual([len(batch) for batch in self.books.told if batch], [len(moves)])

    def test_untouched_second_one_is_removed_by_itself(self):
        move = self.twice()
        self.pass_time(HOUR)
        self.work()
        self.assertEqual(list(self.books.documents), [self.bindings(move).external_key])
        self.assertFalse(self.question(move))
        self.assertIn("removed again", move.accountable_notes)

    def test_a_person_sees_both_when_somebody_worked_with_it(self):
        for touch in ("recoded", "processed", "other total", "package cannot tell"):
            with self.subTest(touch=touch):
                self.books.documents.clear()
                move = self.twice()
                [key] = set(self.books.documents) - {self.bindings(move).external_key}
                if touch == "recoded":
                    self.books.recode(key)
                elif touch == "processed":
                    self.books.processed.add(key)
                elif touch == "other total":
                    entry = self.books.documents[key]
                    entry["stored"] = replace(entry["stored"], total=Decimal(1))
                else:
                    self.books.fail("is_untouched", errors.TemporaryError("503"))
                self.pass_time(HOUR)
                self.work()
                self.assertEqual(len(self.books.documents), 2)
                question = self.question(move)
                if touch == "package cannot tell":
                    self.assertFalse(question)
                    continue
                self.assertEqual((question.state, question.error_code), ("failed", "booked_twice"))
                self.assertEqual(
                    {one["key"] for one in question.candidates}, set(self.books.documents)
                )
                self.assertEqual(move.accountable_state, "error")

    def asked(self):
        move = self.twice()
        linked = self.bindings(move).external_key
        [other] = set(self.books.documents) - {linked}
        self.books.recode(other)
        self.pass_time(HOUR)
        self.work()
        return move, linked, other

    def test_remove_this_one(self):
        for which in ("linked", "other"):
            with self.subTest(which=which):
                self.books.documents.clear()
                move, linked, other = self.asked()
                question = self.question(move)
                action = question.with_env(self.env).action_decide()
                self.assertEqual(action["name"], "Is one of them too many?")
                decision = self.env["accountable.decision"].browse(action["res_id"])
                self.assertTrue(decision.can_remove)
                removed, left = (linked, other) if which == "linked" else (other, linked)
                decision.candidate_ids.filtered_domain([("key", "=", removed)]).action_remove()
                self.assertEqual(question.state, "pending")
                self.work()
                self.assertEqual(question.state, "done", question.message)
                self.assertEqual(list(self.books.documents), [left])
                self.assertEqual(self.bindings(move).external_key, left)
                self.assertEqual(
                    self.bindings(move).version, self.books.documents[left]["stored"].version
                )

    def test_the_last_one_is_never_removed(self):
        move, linked, other = self.asked()
        question = self.question(move)
        question.action_remove(other)
        del self.books.documents[linked]
        self.work()
        self.assertEqual(list(self.books.documents), [other])

    def test_it_can_no_longer_be_removed(self):
        move, _linked, other = self.asked()
        question = self.question(move)
        self.books.processed.add(other)
        question.action_remove(other)
        self.work()
        self.assertEqual((question.state, question.error_code), ("failed", "second_processed"))
        self.assertEqual(len(question.candidates), 2)

    def test_removal_without_an_answer(self):
        move, _linked, other = self.asked()
        question = self.question(move)
        question.action_remove(other)
        self.books.fail("remove_document", ("late", 300))
        self.work()
        self.assertEqual(question.state, "unknown")
        self.minutes(12)
        self.assertEqual(question.state, "done")
        self.assertEqual(len(self.books.documents), 1)

    def test_skipped_question_is_not_asked_again(self):
        move, _linked, _other = self.asked()
        question = self.question(move)
        with self.assertRaises(UserError):
            question.action_adopt()
        with self.assertRaises(UserError):
            question.action_book_anyway()
        question.action_skip()
        self.pass_time(DAY)
        self.work()
        self.assertEqual(self.question(move), question)
        self.assertEqual(question.state, "skipped")

    def test_package_that_removes_nothing(self):
        self.numbers_itself(remove_document=False)
        move = self.twice()
        self.pass_time(HOUR)
        self.work()
        question = self.question(move)
        self.assertEqual(question.error_code, "booked_twice")
        self.assertFalse(question.can_remove)
        with self.assertRaises(UserError):
            question.action_remove(question.candidates[0]["key"])

    def test_arrived_after_a_cancelled_document_was_given_up(self):
        move = self.invoice()
        self.books.fail("create_document", ("late", 900))
        self.work()
        move.button_draft()
        move.button_cancel()
        self.minutes(16)
        self.assertEqual(self.jobs(move).state, "skipped")
        self.assertEqual(len(self.books.documents), 1)
        self.pass_time(HOUR)
        self.work()
        self.work()
        self.assertFalse(self.books.documents)
        self.assertEqual(self.jobs(move, "reverse").state, "done")

    def test_look_that_fails_is_made_later(self):
        move = self.twice()
        self.books.recode(next(iter(set(self.books.documents))))
        self.books.fail("find_document", errors.TemporaryError("503"))
        self.pass_time(HOUR)
        self.work()
        job = self.jobs(move)
        self.assertEqual(job.looks_left, 2)
        self.assertGreater(job.look_again_at, fields.Datetime.now())

    def test_changed_since_it_was_looked_up(self):
        """What waits for the record comes first."""
        move = self.twice()
        move.button_draft()
        move.invoice_line_ids.price_unit = 200.0
        move.action_post()
        self.connection.action_pause()
        self.pass_time(HOUR)
        self.connection.action_resume()
        self.work()
        self.assertEqual(set(self.jobs(move).mapped("state")), {"done"})
