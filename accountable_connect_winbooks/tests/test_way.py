"""From posting to a refusal, and again."""

from odoo.addons.accountable_connect.api.typed_table import read_typed

from .common import WinBooksCase


class TestWay(WinBooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.vat = "BE0477472701"
        rows = cls.env["accountable.master.data"].sudo()
        found = rows.search([("connection_id", "=", cls.connection.id)])
        for row in found.filtered(lambda one: one.kind == "journal"):
            row.details = {**row.details, "refund": row.code.endswith("2")}
        found.filtered(lambda one: one.kind == "vat_code").write({"code": "211400"})

    def batches(self, state="open"):
        return self.env["accountable.batch"].search(
            [("connection_id", "=", self.connection.id), ("state", "=", state)], order="part"
        )

    def test_a_batch_for_each_period(self):
        sale = self.invoice(invoice_date="2026-03-10")
        self.invoice(invoice_date="2026-04-10")
        self.work()
        self.assertEqual(self.batches().mapped("part"), ["2026-01-01/03", "2026-01-01/04"])
        [item] = self.batches()[0].item_ids
        self.assertEqual(item.res_id, sale.id)
        batch = self.batches()[0]
        batch.action_close()
        names = batch.sudo()._files().mapped("name")
        self.assertEqual(names[:2], ["CSF.TXT", "ACT.TXT"])
        self.assertEqual(batch.shipment_name, "winbooks-0477472701-00001")
        self.assertIn("period 03 (March 2026)", batch._sheet_remarks()[0])

    def handed_over(self, moves):
        """The batch of these documents, as if somebody had downloaded it."""
        self.work()
        [batch] = self.batches()
        batch.action_close()
        engine = batch.sudo()
        engine._go("handed_over")
        return engine

    def retry(self):
        for job in self.env["accountable.job"].search([("state", "=", "failed")]):
            job.action_retry()
        self.work()

    def test_a_period_that_the_office_closed_is_learned(self):
        bill = self.bill("1", invoice_date="2026-03-10")
        sale = self.invoice(invoice_date="2026-03-11")
        batch = self.handed_over(bill + sale)
        numbers = batch.item_ids.mapped(lambda item: item.given["number"])
        batch._refuse("", "LOCKPER")
        closed = self.env["accountable.master.data"].search([("kind", "=", "period")])
        self.assertEqual(closed.filtered("closed").mapped("code"), ["2026-01-01/03"])
        for record in (batch, batch.item_ids[0]):
            self.assertIn("The period from 03/01/2026 to 03/31/2026 counts", str(record.message))
        self.retry()
        # the bill is late, and has its number; the sale waits for a person
        [item] = self.batches().item_ids
        self.assertEqual((item.res_id, str(item.accounting_date)), (bill.id, "2026-04-01"))
        self.assertTrue(item.given["late"])
        self.assertIn(item.given["number"], numbers)
        [job] = self.env["accountable.job"].search([("state", "=", "failed")])
        self.assertEqual((job.res_id, job.error_kind), (sale.id, "period_closed"))
        # where a person says that WinBooks has it open
        way = self.env["accountable.cause"]._way_to(job.cause_model, job.cause_id)
        self.assertEqual(way.action["res_model"], "accountable.master.data")
        found = self.env["accountable.master.data"].search(way.action["domain"])
        self.assertEqual(found, closed.filtered(lambda row: row.connection_id == self.connection))

    def test_a_number_that_the_accountant_used_is_given_anew(self):
        bill = self.bill("1", invoice_date="2026-03-10")
        # in another period, then in the same one
        for number, code in ((1, "DOC_EXI"), (2, "DOC_NUM")):
            batch = self.handed_over(bill)
            self.assertEqual(batch.item_ids.given["number"], str(number))
            batch._refuse("", code)
            self.retry()
            [item] = self.batches().item_ids
            self.assertEqual(item.given["number"], str(number + 1))

    def test_the_number_of_an_opposite_that_the_accountant_used_is_given_anew(self):
        sale = self.invoice(invoice_date="2026-03-10")
        self.handed_over(sale)._confirm()
        sale.button_draft()
        sale.button_cancel()
        for job in self.env["accountable.job"].search([("state", "=", "failed")]):
            job.action_retry()
        batch = self.handed_over(sale)
        self.assertEqual(batch.item_ids.mapped("operation"), ["reverse"])
        batch._refuse("", "DOC_EXI")
        self.retry()
        [item] = self.batches().item_ids
        numbers = [one.given["number"] for one in (batch.item_ids, item)]
        self.assertEqual(numbers, ["90000001", "90000002"])

    def test_a_contact_that_was_corrected_after_a_refusal_goes_as_it_is(self):
        batch = self.handed_over(self.invoice(invoice_date="2026-03-10"))
        self.partner_a.city = "Gent"
        batch._refuse("", "NAM_ERR")
        self.retry()
        [item] = self.batches().item_ids
        self.assertNotIn("Gent", batch.item_ids.given["third_row"])
        self.assertIn("Gent", item.given["third_row"])
        self.assertEqual(batch.item_ids.given["third"], item.given["third"])

    def test_what_undoes_an_entry_of_a_closed_period(self):
        bill = self.bill("1", invoice_date="2026-03-10")
        sale = self.invoice(invoice_date="2026-03-11")
        moves = bill + sale
        self.handed_over(moves)._confirm()
        march = self.env["accountable.master.data"].search([("code", "=", "2026-01-01/03")])
        march.sudo().closed = True
        moves.button_draft()
        moves.button_cancel()
        self.work()
        # that of a bill goes in the first open period, that of a sale when a person says so
        [item] = self.batches().item_ids
        self.assertEqual((item.res_id, str(item.accounting_date)), (bill.id, "2026-04-01"))
        [job] = self.env["accountable.job"].search([("state", "=", "failed")])
        self.assertEqual((job.res_id, job.error_code), (sale.id, "opposite_period_closed"))
        job.action_book_in_open_period()
        batch = self.handed_over(moves)
        self.assertEqual(set(batch.item_ids.mapped("res_id")), set(moves.ids))
        # the office closed that one too
        batch._refuse("", "LOCKPER")
        for job in self.env["accountable.job"].search([("state", "=", "failed")]):
            job.action_retry()
        self.work()
        self.assertEqual(
            set(self.batches().item_ids.mapped(lambda one: str(one.accounting_date))),
            {"2026-05-01"},
        )

    def test_book_years_that_are_typed_anew_while_a_batch_is_open(self):
        move = self.invoice(invoice_date="2026-03-10")
        self.work()
        quarters = read_typed("period", "2026-01-01;2026-12-31;3").items
        self.env["accountable.master.data"]._type(self.connection, quarters)
        [batch] = self.batches()
        batch.action_close()
        # its period 03 would be July to September
        self.assertEqual((batch.state, batch.document_count), ("open", 0))
        [job] = self.env["accountable.job"].search([("state", "=", "failed")])
        self.assertEqual((job.res_id, job.error_code), (move.id, "place_changed"))
        self.retry()
        [item] = self.batches().filtered("document_count").item_ids
        self.assertEqual(item.batch_id.part, "2026-01-01/01")

    def test_a_change_that_is_refused_as_a_whole_goes_again_as_a_whole(self):
        bill = self.bill("1", invoice_date="2026-03-10")
        self.handed_over(bill)._confirm()
        bill.button_draft()
        bill.invoice_line_ids[0].price_unit = 50
        bill.action_post()
        refused = self.handed_over(bill)
        self.assertEqual(refused.item_ids.mapped("operation"), ["reverse", "document"])
        refused._refuse("", "DOC_EXI")
        [job] = self.env["accountable.job"].search([("state", "=", "failed")])
        self.assertEqual(job.operation, "document")
        self.retry()
        # what the books have is undone, or they would have both
        [batch] = self.batches()
        items = batch.item_ids
        self.assertEqual(items.mapped("operation"), ["reverse", "document"])
        numbers = {int(item.given["number"]) for item in items}
        self.assertFalse(numbers & {int(one.given["number"]) for one in refused.item_ids})
        batch.action_close()
        self.assertEqual((batch.state, batch.document_count), ("closed", 2))
