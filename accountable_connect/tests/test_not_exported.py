"""Documents that no connection wants: found by indexes, and the same as all others."""

from odoo.tools import SQL

from .test_second_package import SecondPackageCase


class TestNotExported(SecondPackageCase):
    def not_wanted(self):
        """Ids of the documents of the case's company, after a look whether wanted ones and these
        are all documents, and none is both."""
        moves = self.env["account.move"].with_context(active_test=False)
        wanted = moves.search(moves._accountable_wanted())
        found = moves.search(moves._accountable_not_wanted())
        self.assertFalse(found & wanted)
        self.assertEqual(found | wanted, moves.search([]))
        return set(found.filtered(lambda move: move.company_id == self.company).ids)

    def test_wanted_or_not(self):
        """Each reason alone, with one connection and with two of one company."""
        invoice, refund = self.invoice(), self.invoice(move_type="out_refund")
        receipt, bill = self.invoice(move_type="out_receipt"), self.bill()
        early, draft = self.invoice(invoice_date="2019-12-01"), self.invoice(post=False)
        cancelled = self.invoice()
        cancelled.button_cancel()
        entry = self.env["account.move"].create({"journal_id": self.journal_of("general").id})
        self.document_of_nobody()
        never = set((draft + cancelled + entry).ids)
        self.connection.start_date = "2020-01-01"
        self.assertEqual(self.not_wanted(), never | {early.id})
        self.connection.write({"send_purchases": False, "send_receipts": False})
        self.assertEqual(self.not_wanted(), never | set((early + receipt + bill).ids))
        self.mapping_of_sales().enabled = False
        more = early + receipt + bill + invoice
        self.assertEqual(self.not_wanted(), never | set(more.ids))
        self.connection.opening_items_until = self.today
        self.assertEqual(self.not_wanted(), never | set((more + refund).ids))
        other = self.connect_other(start="2019-01-01")
        other.send_sale_refunds = False
        self.assertEqual(self.not_wanted(), never | {refund.id})
        self.connection.opening_items_until = False
        self.assertEqual(self.not_wanted(), never)
        for connection in (self.connection, other):
            connection.active = False
        self.assertEqual(self.not_wanted(), never | set((more + refund).ids))

    def document_of_nobody(self):
        """A draft of a company without a connection."""
        company = self.env["res.company"].create({"name": "Without a connection"})
        journal = self.env["account.journal"].create(
            {"name": "Sales", "code": "S", "type": "sale", "company_id": company.id}
        )
        return self.env["account.move"].create(
            {"move_type": "out_invoice", "journal_id": journal.id}
        )

    def journal_of(self, kind):
        domain = [("company_id", "=", self.company.id), ("type", "=", kind)]
        return self.env["account.journal"].search(domain, limit=1)

    def mapping_of_sales(self):
        journal = self.company_data["default_journal_sale"]
        return self.env["accountable.mapping"].search(
            [("journal_id", "=", journal.id), ("document_kind", "=", "sale")]
        )

    def test_an_index_answers_each_reason(self):
        """A big database reads no document that is wanted, see ``bench/filters.py``."""
        self.connection.write({"send_purchases": False, "send_receipts": False})
        self.mapping_of_sales().enabled = False
        self.connection.opening_items_until = self.today
        self.env.flush_all()
        for setting in ("seqscan", "indexscan", "indexonlyscan"):
            self.env.cr.execute(f"SET LOCAL enable_{setting} = off")
        moves = self.env["account.move"]
        for condition in moves._accountable_not_wanted().iter_conditions():
            found = moves._search(condition, bypass_access=True).select()
            plan = "\n".join(line for [line] in self.env.execute_query(SQL("EXPLAIN %s", found)))
            with self.subTest(condition=condition):
                self.assertIn("Bitmap Index Scan", plan)
                self.assertNotIn("Seq Scan", plan)
