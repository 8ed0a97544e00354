"""What changes in Odoo after a delivered document came into its batch; what the receiver says."""

from odoo.exceptions import UserError

from .common_hand_over import HandOverCase


class TestChanged(HandOverCase):
    def setUp(self):
        super().setUp()
        self.move = self.invoice(100)
        self.work()
        self.item = self.items(self.move)

    def standing(self, move=None):
        items = self.items(move or self.move)
        return items.filtered(lambda one: one.state in ("in_batch", "confirmed"))

    # While the batch is open

    def test_changed_it_is_replaced(self):
        self.change(self.move, 200)
        self.assertEqual(self.item.state, "taken_out")
        self.assertFalse(self.bindings(self.move))
        self.work()
        item = self.standing()
        self.assertNotEqual(item, self.item)
        self.assertEqual(item.amount_total, 242)
        batch = self.close()
        self.assertEqual(batch.document_count, 1)
        self.assertEqual(batch.totals["currencies"][0]["total"], "242.00")
        self.assertEqual(len(batch._files()), 1)

    def test_changed_without_draft_it_is_replaced(self):
        self.move.ref = "other words"
        self.assertEqual(self.jobs(self.move).mapped("state"), ["done", "pending"])
        self.work()
        self.assertEqual(self.item.state, "taken_out")
        self.assertEqual(len(self.standing()), 1)
        self.assertEqual(self.batches().document_count, 1)

    def test_reset_to_draft_it_leaves(self):
        self.move.button_draft()
        self.work()
        self.assertFalse(self.standing())
        self.assertEqual(self.batches().document_count, 0)
        self.move.action_post()
        self.work()
        self.assertEqual(len(self.standing()), 1)

    def test_cancelled_or_deleted_it_leaves_and_nobody_hears_of_it(self):
        other = self.invoice(5)
        self.work()
        self.move.button_draft()
        self.move.button_cancel()
        other.with_context(force_delete=True).button_draft()
        other.with_context(force_delete=True).unlink()
        self.work()
        self.assertEqual(self.batches().document_count, 0)
        self.assertFalse(
            self.jobs(self.move).filtered(lambda job: job.state in ("failed", "pending"))
        )
        failed = self.env["accountable.job"].search([("state", "=", "failed")])
        self.assertFalse(failed)

    def test_excluded_it_leaves_and_stays_out(self):
        self.move.action_accountable_exclude()
        self.work()
        self.assertFalse(self.standing())
        self.assertEqual(self.move.accountable_state, "excluded")
        self.move.action_accountable_include()
        self.work()
        self.assertEqual(len(self.standing()), 1)

    def test_a_file_that_comes_later_goes_with_it(self):
        self.move.narration = "made for the customer"
        self.move._accountable_enqueue_files()
        self.work()
        self.assertEqual(self.jobs(self.move, "file").state, "done")
        self.assertEqual(len(self.standing()), 1)
        self.assertIn(b"made for the customer", next(iter(self.contents(self.batches()).values())))

    # After it closed

    def test_unchanged_nothing_goes(self):
        for ready in (self.close, self.hand_over):
            batch = ready() if ready == self.close else ready(self.batches())
            self.move.button_draft()
            self.work()
            self.assertEqual(self.item.state, "in_batch")
            self.assertTrue(self.bindings(self.move))
            self.move.action_post()
            self.work()
            self.assertEqual(self.standing(), self.item)
            self.assertEqual(set(self.jobs(self.move).mapped("state")), {"done"})
            self.assertEqual(self.batches(), batch)

    def test_coded_otherwise_nothing_goes(self):
        self.hand_over()
        self.move.button_draft()
        account = self.move.invoice_line_ids.account_id
        self.move.invoice_line_ids.account_id = account.copy({"code": "700987"})
        self.move.action_post()
        self.work()
        self.assertEqual(set(self.jobs(self.move).mapped("state")), {"done"})

    def test_changed_it_waits_for_a_person(self):
        batch = self.hand_over()
        before = self.contents(batch)
        self.change(self.move, 200)
        self.work()
        job = self.jobs(self.move).filtered(lambda job: job.state == "failed")
        self.assertEqual((job.error_kind, job.error_code), ("decision", "changed_handed_over"))
        self.assertIn("batch 00001", job.message)
        self.assertIn("credit note", job.message)
        self.assertFalse(job.question)
        job.action_skip()
        self.work()
        self.assertEqual(self.standing(), self.item)
        self.assertEqual(self.contents(batch), before)
        self.assertEqual(self.move.accountable_error, False)
        # its next change asks again
        self.change(self.move, 300)
        self.work()
        self.assertIn("failed", self.jobs(self.move).mapped("state"))
        # as it was, nothing is left to say
        self.change(self.move, 100)
        self.work()
        self.assertNotIn("failed", self.jobs(self.move).mapped("state"))

    def test_cancelled_it_waits_for_a_person(self):
        self.hand_over()
        self.move.button_draft()
        self.move.button_cancel()
        self.work()
        job = self.jobs(self.move, "reverse")
        self.assertEqual((job.state, job.error_code), ("failed", "cancelled_handed_over"))
        self.assertIn("batch 00001", job.message)
        self.assertEqual(len(self.items(self.move)), 1)
        job.action_skip()
        self.assertEqual(self.standing(), self.item)

    def test_of_a_bill_nobody_is_told_to_credit_it(self):
        """The credit note is the supplier's: what helps is that the accountant hears of it."""
        bill = self.invoice(move_type="in_invoice", ref="F-77")
        self.work()
        self.hand_over()
        bill.ref = "F-78"
        self.work()
        [job] = self.jobs(bill).filtered(lambda job: job.state == "failed")
        self.assertEqual(job.error_code, "changed_handed_over")
        self.assertNotIn("credit note", job.message)
        self.assertIn("Tell your accountant", job.message)
        bill.button_draft()
        bill.button_cancel()
        self.work()
        job = self.jobs(bill, "reverse")
        self.assertEqual(job.error_code, "cancelled_handed_over")
        self.assertNotIn("credit note", job.message)
        self.assertIn("Tell your accountant", job.message)

    def test_deleted_it_is_said(self):
        self.hand_over()
        self.move.button_draft()
        self.move.with_context(force_delete=True).unlink()
        [job] = self.env["accountable.job"].search([("state", "=", "failed")])
        self.assertEqual(job.error_code, "deleted")
        self.assertIn("00001", job.message)
        self.assertIn("handed over", job.message)

    def test_reset_between_batch_and_hand_over(self):
        batch = self.close()
        self.move.button_draft()
        batch._go("handed_over")
        self.assertEqual(self.bindings(self.move).stage, "handed_over")
        self.assertIn("no longer posted", self.move.accountable_error)
        self.move.invoice_line_ids.price_unit = 150
        self.move.action_post()
        self.work()
        job = self.jobs(self.move).filtered(lambda job: job.state == "failed")
        self.assertEqual(job.error_code, "changed_handed_over")

    def test_switched_off_only_a_change_is_noted(self):
        self.hand_over()
        self.connection.send_sales = False
        self.move.button_draft()
        self.move.action_post()
        self.work()
        self.assertFalse(self.bindings(self.move).unsent)
        self.change(self.move, 300)
        self.work()
        self.assertTrue(self.bindings(self.move).unsent)
        self.assertEqual(self.standing(), self.item)

    # What the receiver says

    def test_refused_it_waits_with_the_words_and_goes_into_a_new_batch(self):
        other = self.invoice(7)
        self.work()
        batch = self.hand_over()
        self.item._refuse("The VAT number is unknown.")
        self.assertEqual(batch.state, "handed_over")
        self.assertFalse(self.bindings(self.move))
        job = self.jobs(self.move).filtered(lambda job: job.state == "failed")
        self.assertEqual((job.error_kind, job.error_code), ("data_refused", "receiver_refused"))
        self.assertIn("The VAT number is unknown.", job.message)
        self.assertIn("00001", job.message)
        self.assertEqual(self.move.accountable_state, "error")
        self.later()
        self.work()
        self.assertEqual(job.state, "failed", "it is the same, and was refused")
        job.action_retry()
        self.work()
        again = self.standing()
        self.assertNotEqual(again.batch_id, batch)
        self.assertEqual(self.close(again.batch_id).name, "00002")
        self.items(other)._confirm()
        self.assertEqual(batch.state, "confirmed")

    def test_refused_and_changed_it_goes_by_itself(self):
        self.hand_over()
        self.item._refuse("no")
        self.change(self.move, 200)
        self.work()
        self.assertEqual(self.standing().amount_total, 242)

    def test_changed_and_refused_it_goes_by_itself(self):
        self.hand_over()
        self.change(self.move, 200)
        self.work()
        self.item._refuse("no")
        self.work()
        self.assertEqual(self.standing().amount_total, 242)
        self.assertNotIn("failed", self.jobs(self.move).mapped("state"))

    def test_refused_and_corrected_by_a_word_it_goes_by_itself(self):
        self.hand_over()
        self.item._refuse("no")
        self.move.ref = "corrected"
        self.later()
        self.work()
        self.assertEqual(len(self.standing()), 1)

    def test_a_whole_batch_is_refused(self):
        other = self.invoice(7)
        self.work()
        batch = self.hand_over()
        self.items(other)._confirm()
        self.assertEqual(self.bindings(other).stage, "booked")
        batch._refuse("The file is broken.")
        self.assertEqual(batch.state, "confirmed", "one of its documents was booked")
        self.assertEqual(batch.message, "The file is broken.")
        self.assertEqual(self.item.state, "refused")
        self.assertEqual(self.items(other).state, "confirmed")

        third = self.invoice(9)
        self.jobs(self.move).filtered(lambda job: job.state == "failed").action_retry()
        self.work()
        batch = self.hand_over()
        batch._refuse("Again.")
        self.assertEqual(batch.state, "refused")
        self.assertFalse(self.bindings(third | self.move))

    def test_a_cancelled_one_that_is_refused_is_done_with(self):
        self.hand_over()
        self.move.button_draft()
        self.move.button_cancel()
        self.work()
        self.item._refuse("no")
        self.work()
        self.assertNotIn("failed", self.jobs(self.move, "reverse").mapped("state"))
        self.assertNotIn("failed", self.jobs(self.move).mapped("state"))

    def test_only_what_was_handed_over_is_answered(self):
        for answer in (self.item._confirm, lambda: self.item._refuse("no")):
            with self.assertRaises(UserError):
                answer()
        batch = self.close()
        with self.assertRaises(UserError):
            self.item._confirm()
        batch._go("handed_over")
        batch._confirm()
        self.assertEqual((batch.state, self.item.state), ("confirmed", "confirmed"))
        self.assertEqual(self.bindings(self.move).stage, "booked")
        with self.assertRaises(UserError):
            self.item._refuse("no")
        self.assertEqual(self.move.accountable_state, "exported")

    # Another connection

    def test_a_connection_that_follows_delivers_nothing_twice(self):
        waiting = self.invoice(3)
        closed = self.hand_over()
        waiting_again = self.invoice(4)
        self.work()
        key = self.connection.administration_key
        self.connection.active = False
        following = self._connect_again(key)
        for move in self.move | waiting | waiting_again:
            self.env["accountable.enqueueing"]._enqueue_for(following, move)
        self.work(following)
        self.assertEqual(closed.item_ids, self.items(self.move))
        taken, anew = self.items(waiting_again)
        self.assertEqual((taken.state, anew.state), ("taken_out", "in_batch"))
        self.assertEqual(anew.connection_id, following)

    def _connect_again(self, key):
        following = self._connect(self.company, self.sign_in)
        following.write({"administration_key": key, "batch_closes": "manual"})
        return following
