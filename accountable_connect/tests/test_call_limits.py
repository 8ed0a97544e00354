"""Limits on calls: what waits, until when, and what goes on meanwhile."""

from datetime import timedelta

from odoo import fields
from odoo.addons.accountable_connect.api import errors

from .common import ConnectionCase


class TestCallLimits(ConnectionCase):
    def test_limit_is_no_failed_try(self):
        moves = self.invoice() + self.invoice()
        moment = fields.Datetime.now() + timedelta(hours=3)
        self.books.fail("create_document", errors.LimitReachedError("400", not_before=moment))
        self.work()
        self.assertEqual(self.books.calls["create_document"], 1)
        self.assertEqual(self.jobs(moves).mapped("attempts"), [0, 0])
        self.assertEqual(set(self.jobs(moves).mapped("state")), {"pending"})
        self.assertEqual(self.connection.wait_until, moment)

    def test_errors_on_one_operation_hold_only_its_kind_of_document(self):
        refused, refused_too = self.invoice(), self.invoice()
        bill = self.bill()
        moment = fields.Datetime.now() + timedelta(minutes=50)
        error = errors.LimitReachedError(
            "8 of 10 errors",
            not_before=moment,
            code=errors.LimitReachedError.ONE_OPERATION,
            values={"operation": "SalesEntries"},
        )
        self.books.fail("create_document", error)
        self.work()
        for move in refused + refused_too:
            job = self.jobs(move)
            self.assertEqual((job.state, job.next_try, job.attempts), ("pending", moment, 0))
            self.assertEqual((job.error_kind, job.series, job.number), ("limit_reached", False, 0))
        self.assertEqual(self.jobs(bill).state, "done")
        self.assertFalse(self.connection.wait_until)
        self.assertEqual(self.books.calls["create_document"], 2)
        self.later()
        self.work()
        self.assertEqual(set(self.jobs(refused + refused_too).mapped("state")), {"done"})
        self.assertEqual([stored["number"] for stored in self.books.documents.values()], [1, 1, 2])

    def test_a_limit_of_the_minute_stops_the_connection_and_says_until_when(self):
        self.env.user.tz = "Europe/Brussels"
        self.invoice()
        moment = fields.Datetime.now().replace(second=0) + timedelta(days=1)
        self.books.fail(
            "create_document",
            errors.LimitReachedError("429", not_before=moment, code="daily_limit"),
        )
        self.work()
        self.connection.invalidate_recordset()
        shown = self.connection.with_context(tz="Europe/Brussels")
        local = fields.Datetime.context_timestamp(shown, moment)
        self.assertEqual(self.connection.wait_until, moment)
        self.assertIn("Waiting until", shown.wait_sentence)
        self.assertIn(f"{local:%M}", shown.wait_sentence)
        self.assertIn(str(local.hour % 12 or 12), shown.wait_sentence)
        self.assertIn("takes no more calls", shown.wait_sentence)
        self.later()
        self.work()
        self.connection.invalidate_recordset()
        self.assertFalse(self.connection.wait_sentence)

    def test_used_up_look_ups_hold_only_what_needs_them(self):
        invoice, *bills = self.invoice(), self.bill(), self.bill(ref="F-2026/13")
        moment = fields.Datetime.now() + timedelta(hours=3)
        self.books.fail("find_document", errors.LimitReachedError("48", not_before=moment), times=9)
        self.work()
        self.assertEqual(self.jobs(invoice).state, "done")
        self.assertEqual(self.books.calls["find_document"], 1)
        for bill in bills:
            job = self.jobs(bill)
            self.assertEqual((job.state, job.next_try, job.attempts), ("pending", moment, 0))
            self.assertEqual(job.error_kind, "limit_reached")
            self.assertTrue(job.message)
        self.assertFalse(self.connection.wait_until)
        later = self.invoice()
        self.work()
        self.assertEqual(self.jobs(later).state, "done")
        self.assertEqual(self.books.calls["find_document"], 1)
        self.books.faults.clear()
        self.later()
        self.work()
        self.assertEqual([self.jobs(bill).state for bill in bills], ["done", "done"])

    def test_a_limit_of_every_call_met_by_a_look_up_stops_the_connection(self):
        bill, other = self.bill(), self.bill(ref="F-2026/13")
        moment = fields.Datetime.now() + timedelta(hours=3)
        self.books.fail(
            "find_document", errors.LimitReachedError("60", not_before=moment, whole=True)
        )
        self.work()
        self.assertEqual(self.connection.wait_until, moment)
        self.assertEqual(self.jobs(bill).next_try, moment)
        self.assertEqual((self.jobs(bill).attempts, self.jobs(other).state), (0, "pending"))

    def test_used_up_look_ups_hold_only_the_series_of_an_unknown_document(self):
        with self.no_patience():
            invoice = self.invoice()
            self.books.fail("create_document", errors.OutcomeUnknownError("timeout"))
            self.work()
            moment = fields.Datetime.now() + timedelta(hours=3)
            self.books.fail("find_document", errors.LimitReachedError("48", not_before=moment))
            self.later()
            refund = self.invoice(move_type="out_refund")
            self.work()
        job = self.jobs(invoice)
        self.assertEqual((job.state, job.next_try), ("unknown", moment))
        self.assertFalse(self.connection.wait_until)
        self.assertEqual(self.jobs(refund).state, "done")

    def test_used_up_changes_hold_no_new_document(self):
        changed = self.invoice()
        self.work()
        changed.button_draft()
        changed.invoice_line_ids.price_unit = 50.0
        changed.action_post()
        moment = fields.Datetime.now() + timedelta(hours=3)
        self.books.fail("update_document", errors.LimitReachedError("10", not_before=moment))
        new = self.invoice()
        self.work()
        self.assertEqual(self.jobs(new).state, "done")
        waiting = self.jobs(changed).filtered(lambda job: job.state == "pending")
        self.assertEqual((waiting.next_try, waiting.error_kind), (moment, "limit_reached"))
        self.assertFalse(self.connection.wait_until)
