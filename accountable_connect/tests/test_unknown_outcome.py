"""What is made of a try whose outcome nobody knew at first."""

import dataclasses
from decimal import Decimal

from odoo.addons.accountable_connect.api import errors, policy

from .common import ConnectionCase


class TestUnknownOutcome(ConnectionCase):
    def key(self, number):
        return f"V1/{self.today.year}/{number}"

    def test_change_that_arrived_in_part_is_sent_to_its_end(self):
        """A package that changes line by line may stop half way, with the total as it should be."""
        move = self.invoice()
        self.work()
        move.button_draft()
        move.invoice_line_ids.name = "Other text"
        move.action_post()
        self.books.before.append(
            lambda operation, _subject: operation == "update_document"
            and self.books.recode(self.key(1))
        )
        self.books.fail("update_document", errors.OutcomeUnknownError("changed in part"))
        self.work()
        job = self.jobs(move)[-1]
        self.assertEqual(job.state, "unknown")
        self.books.before.clear()
        self.later()
        self.work()
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
