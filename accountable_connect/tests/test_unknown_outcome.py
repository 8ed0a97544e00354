"""What is made of a try whose outcome nobody knew at first."""

import dataclasses
from contextlib import suppress
from decimal import Decimal

from odoo import fields
from odoo.addons.accountable_connect.api import errors, policy

from .common import ConnectionCase


class TestUnknownOutcome(ConnectionCase):
    def test_change_that_arrived_in_part_is_sent_to_its_end(self):
        """A package that changes line by line may stop half way, with the total as it should be."""
        move = self.invoice()
        self.work()
        move.button_draft()
        move.invoice_line_ids.name = "Other text"
        move.action_post()
        self.books.before.append(
            lambda operation, _subject: (
                operation == "update_document" and self.books.recode(self.key(1))
            )
        )
        self.books.fail("update_document", errors.OutcomeUnknownError("changed in part"))
        self.work()
        job = self.jobs(move)[-1]
        self.assertEqual(job.state, "unknown")
        self.books.before.clear()
        self.settle()
        self.assertEqual(job.state, "done", job.message)
        [entry] = self.books.documents.values()
        self.assertEqual(entry["document"].lines[0].text, "Other text")
        self.assertEqual(self.bindings(move).version, entry["stored"].version)

    def test_document_that_arrived_otherwise_is_linked_and_shown(self):
        """It is there, so it is never sent again; a cent of difference is never passed over."""
        for changes in ({"total": Decimal("121.01")}, {"kind": "sale_refund"}):
            with self.subTest(changes=changes):
                before = len(self.books.documents)
                move = self.invoice()
                self.books.fail("create_document", ("after", errors.OutcomeUnknownError("x")))
                self.work()
                entry = list(self.books.documents.values())[-1]
                entry["stored"] = dataclasses.replace(entry["stored"], **changes)
                self.later()
                self.work()
                self.assertEqual(len(self.books.documents), before + 1)
                self.assertEqual(self.bindings(move).external_key, entry["stored"].key)
                failed = self.jobs(move).filtered(lambda job: job.state == "failed")
                self.assertEqual(failed.error_code, "booked_otherwise")
                self.assertIn("121.00", failed.message)
                if "total" in changes:
                    self.assertIn("121.01", failed.message)
                self.assertEqual(move.accountable_state, "error")
                failed.action_skip()
                self.work()
                self.assertEqual(len(self.books.documents), before + 1)

    def test_document_that_never_arrives_ends_with_a_person(self):
        """Each try is answered by something that may mean anything, and each time it is not
        there."""
        move = self.invoice()
        self.books.fail("create_document", errors.OutcomeUnknownError("no idea"), times=50)
        for _day in range(30):
            self.work()
            self.later()
        job = self.jobs(move)
        self.assertEqual(self.books.calls["create_document"], policy.TRIES)
        self.assertEqual((job.state, job.error_kind), ("failed", "outcome_unknown"))
        self.assertTrue(job.message)
        self.books.faults.clear()
        job.action_retry()
        self.work()
        self.assertEqual(job.state, "done", job.message)
        self.assertEqual(len(self.books.documents), 1)

    def test_answer_lost_after_booking(self):
        for hides in (False, True):
            with self.subTest(hides_own_reference=hides):
                self.books.hides_own_reference = hides
                before = self.books.calls["create_document"]
                move = self.invoice(100.0 + hides)
                self.books.fail(
                    "create_document", ("after", errors.OutcomeUnknownError("no answer"))
                )
                self.work()
                self.assertEqual(self.jobs(move).state, "unknown")
                self.assertEqual(move.accountable_state, "error")
                self.later()
                self.work()
                self.assertEqual(self.jobs(move).state, "done")
                self.assertEqual(self.books.calls["create_document"], before + 1)
                self.assertTrue(self.bindings(move).external_key)

    def test_answer_lost_before_booking(self):
        move = self.invoice()
        self.books.fail("create_document", errors.OutcomeUnknownError("timeout"))
        self.work()
        self.assertEqual((self.jobs(move).state, self.jobs(move).number), ("unknown", 1))
        self.later()
        self.work()
        self.assertEqual(self.jobs(move).state, "done")
        self.assertEqual(list(self.books.documents), [self.key(1)])

    def test_unknown_holds_its_series_and_only_that(self):
        first = self.invoice()
        self.books.fail("create_document", ("after", errors.OutcomeUnknownError("timeout")))
        second, refund = self.invoice(), self.invoice(move_type="out_refund")
        self.work()
        self.assertEqual(self.jobs(first).state, "unknown")
        self.assertEqual(self.jobs(second).state, "pending")
        self.assertIn(first.name, self.jobs(second).message)
        self.assertEqual(self.jobs(refund).state, "done")
        # while it cannot be looked up nothing of the series goes
        self.books.fail("find_document", errors.TemporaryError("503"))
        self.later()
        self.work()
        self.assertEqual(self.jobs(first).state, "unknown")
        self.assertEqual(self.jobs(second).state, "pending")
        self.later()
        self.work()
        self.assertEqual(set(self.jobs(first + second).mapped("state")), {"done"})
        self.assertEqual(self.bindings(second).external_key, self.key(2))

    def test_without_consecutive_numbers_nothing_is_held(self):
        self.books.capabilities = type(self.books)(consecutive_numbers=False).capabilities
        first, second = self.invoice(), self.invoice()
        self.books.fail("create_document", ("after", errors.OutcomeUnknownError("timeout")))
        self.work()
        self.assertEqual((self.jobs(first).state, self.jobs(second).state), ("unknown", "done"))

    def test_dead_worker(self):
        move = self.invoice()

        def die(operation, _subject):
            if operation == "create_document":
                raise SystemExit

        self.books.before.append(die)
        with suppress(SystemExit):
            self.work()
        self.books.before.clear()
        self.assertEqual(self.jobs(move).state, "sending")
        self.assertEqual(self.runs().mapped("state"), ["running"])
        self.assertIn(self.connection, self.connection._due_connections())
        self.work()
        self.assertEqual(self.jobs(move).state, "unknown")
        self.assertGreater(self.jobs(move).next_try, fields.Datetime.now())
        self.later()
        self.work()
        self.assertEqual(self.jobs(move).state, "done")
        self.assertEqual(len(self.books.documents), 1)
        self.assertNotIn("running", self.runs().mapped("state"))

    def test_identical_documents_are_both_booked_after_a_lost_answer(self):
        self.books.hides_own_reference = True
        first, second = self.invoice(), self.invoice()
        self.work()
        self.assertEqual(len(self.books.documents), 2)
        third = self.invoice()
        self.books.fail("create_document", errors.OutcomeUnknownError("timeout"))
        self.work()
        self.later()
        self.work()
        self.assertEqual(self.jobs(first + second + third).mapped("state"), ["done"] * 3)
        self.assertEqual(len(self.books.documents), 3)
