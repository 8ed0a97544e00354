"""From posting to a refusal, and again."""

from .common import WinBooksCase


class TestWay(WinBooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
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
        self.assertEqual(self.batches().mapped("part"), ["2026 - 03", "2026 - 04"])
        [item] = self.batches()[0].item_ids
        self.assertEqual(item.res_id, sale.id)
        batch = self.batches()[0]
        batch.action_close()
        names = batch.sudo()._files().mapped("name")
        self.assertEqual(names[:2], ["CSF.TXT", "ACT.TXT"])
