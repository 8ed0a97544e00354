"""Batches of entries: what the package writes, opposites, documents it cannot write."""

from .common_hand_over import ENTRIES, HandOverCase


class TestEntries(HandOverCase):
    capabilities = ENTRIES

    def setUp(self):
        super().setUp()
        type(self).unwritten = frozenset()

    def texts(self, batch):
        return [content.decode() for content in self.contents(batch).values()]

    def test_the_package_writes_the_batch(self):
        self.connection.send_files = True
        bill = self.bill(amount=10, post=False)
        self.attach(bill)
        bill.action_post()
        move = self.invoice(100)
        self.work()
        item = self.items(move)
        self.assertEqual(item._document().total, item._delivery().total)
        self.assertEqual(
            item.vat_totals, [{"code": "21", "rate": None, "base": "100.00", "vat": "21.00"}]
        )
        annex = self.items(bill).file_ids
        self.assertEqual((annex.name, annex.annex), ("bill.pdf", True))
        batch = self.close()
        self.assertEqual(
            self.contents(batch),
            {"00001.txt": f"sale {move.name} 121.00\npurchase {bill.name} 12.10\n".encode()},
        )
        parcel = batch._parcel()
        self.assertEqual(parcel.name, "00001")
        self.assertEqual([len(one.files) for one in parcel.deliveries], [0, 1])
        self.assertTrue(parcel.deliveries[1].files[0].content.startswith(b"%PDF"))

    def test_what_an_entry_is_made_of_is_read_where_it_is_written(self):
        for amount in (1, 2, 3):
            self.invoice(amount)
        self.work()
        items, content = (
            self.batches().item_ids,
            self.env["accountable.batch.item"]._fields["content"],
        )
        self.env.invalidate_all()
        items.mapped("name")
        self.assertFalse(content._get_cache(items.env))
        batch, costs = self.batches(), []
        for _again in range(2):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            batch._parcel()
            costs.append(self.env.cr.sql_log_count - before)
            self.invoice(4)
            self.work()
        self.assertEqual(costs[0], costs[1])

    def test_what_cannot_be_written_waits_and_the_others_close(self):
        self.connection.batch_closes = "nightly"
        odd, good = self.invoice(1), self.invoice(2)
        self.work()
        batch = self.batches()
        type(self).unwritten = frozenset({odd.name})
        batch.closes_at = "2020-01-01"
        self.work()
        self.assertEqual((batch.state, batch.name, batch.document_count), ("closed", "00001", 1))
        self.assertEqual(self.texts(batch), [f"sale {good.name} 2.42\n"])
        job = self.jobs(odd).filtered(lambda job: job.state == "failed")
        self.assertEqual((job.error_kind, job.error_code), ("data_refused", "fake"))
        self.assertEqual(self.items(odd).state, "taken_out")
        self.later()
        self.work()
        self.assertEqual(job.state, "failed", "it is still the same")
        type(self).unwritten = frozenset()
        job.action_retry()
        self.work()
        self.assertEqual(job.state, "done")

    def test_what_cannot_be_written_at_once_fails_by_itself(self):
        self.connection.batch_closes = "at_once"
        odd, good = self.invoice(1), self.invoice(2)
        type(self).unwritten = frozenset({odd.name})
        self.work()
        self.assertEqual(self.jobs(odd).state, "failed")
        self.assertFalse(self.items(odd))
        self.assertEqual(self.batches().mapped("name"), ["00001"])
        self.assertEqual(self.items(good).batch_id, self.batches())
        self.later()
        self.work()
        self.assertEqual(self.jobs(odd).state, "failed")

    def test_changed_after_it_closed_its_opposite_goes_with_it(self):
        bill = self.bill(amount=100)
        self.work()
        first = self.hand_over()
        self.change(bill, 200)
        self.work()
        document, opposite, anew = self.items(bill)
        self.assertTrue(document.undone)
        self.assertEqual(
            (opposite.operation, opposite.document_kind), ("reverse", "purchase_refund")
        )
        second = self.close()
        self.assertEqual(second.item_ids, opposite | anew)
        self.assertEqual(
            self.texts(second),
            [f"purchase_refund {bill.name} 121.00\npurchase {bill.name} 242.00\n"],
        )
        self.assertEqual(self.texts(first), [f"purchase {bill.name} 121.00\n"])
        self.assertEqual(self.bindings(bill).external_key, f"item,{anew.id}")
        second._go("handed_over")
        second._confirm()
        self.assertEqual(self.bindings(bill).stage, "booked")
        self.change(bill, 300)
        self.work()
        self.assertEqual(len(self.items(bill)), 5)

    def test_cancelled_after_it_closed_its_opposite_goes(self):
        move = self.invoice(100)
        self.work()
        self.hand_over()
        move.button_draft()
        move.button_cancel()
        self.work()
        self.assertEqual(self.jobs(move, "reverse").state, "done")
        self.assertFalse(self.bindings(move))
        batch = self.close()
        self.assertEqual(self.texts(batch), [f"sale_refund {move.name} 121.00\n"])
        # posted again it is new
        move.button_draft()
        move.action_post()
        self.work()
        self.assertEqual(self.items(move).mapped("operation"), ["document", "reverse", "document"])
        batch = self.hand_over()
        self.assertEqual(self.texts(batch), [f"sale {move.name} 121.00\n"])
        # and its next cancellation too
        move.button_draft()
        move.button_cancel()
        self.work()
        self.assertEqual(self.items(move).mapped("state"), ["in_batch"] * 4)

    def test_a_sale_that_its_customer_has_is_not_rewritten(self):
        move = self.invoice(100)
        self.work()
        self.hand_over()
        self.change(move, 200)
        move.is_move_sent = True
        self.work()
        job = self.jobs(move).filtered(lambda job: job.state == "failed")
        self.assertEqual(job.error_code, "sent_to_customer")
        job.action_book_anyway()
        self.work()
        self.assertEqual(len(self.items(move)), 3)

    def test_only_words_changed(self):
        bill = self.bill(amount=100)
        self.work()
        self.hand_over()
        bill.button_draft()
        bill.ref = "F-2026/13"
        bill.action_post()
        self.work()
        self.assertEqual(len(self.items(bill)), 1)
        self.assertIn("words_reference", self.bindings(bill).notes)

    def test_another_mapping_is_no_change(self):
        bill = self.bill(amount=100)
        self.work()
        self.hand_over()
        self.master_item("ledger_account", "600000")
        row = (
            self.env["accountable.mapping"]
            .sudo()
            .search(
                [
                    ("connection_id", "=", self.connection.id),
                    ("source_key", "=", f"account.account,{bill.invoice_line_ids.account_id.id}"),
                ]
            )
        )
        row.master_data_id = (
            self.env["accountable.master.data"]
            .sudo()
            .search([("code", "=", "600000"), ("connection_id", "=", self.connection.id)])
        )
        row.state = "confirmed"
        bill.button_draft()
        bill.action_post()
        self.work()
        self.assertEqual(len(self.items(bill)), 1)

    def test_a_refused_opposite_goes_again_as_it_was(self):
        move = self.invoice(100)
        self.work()
        first = self.hand_over()
        move.button_draft()
        move.button_cancel()
        self.work()
        second = self.hand_over()
        with self.assertRaisesRegex(Exception, "refuse that one first"):
            first._refuse("no")
        second._refuse("Unknown journal.")
        job = self.jobs(move, "reverse").filtered(lambda job: job.state == "failed")
        self.assertEqual(job.error_code, "receiver_refused")
        self.assertIn("Unknown journal.", job.message)
        job.action_retry()
        self.work()
        third = self.close()
        self.assertEqual(third.name, "00003")
        self.assertEqual(self.texts(third), [f"sale_refund {move.name} 121.00\n"])
        third._go("handed_over")
        third._refuse("Again.")
        first._refuse("That one neither.")
        self.work()
        self.assertNotIn("failed", self.jobs(move, "reverse").mapped("state"))
