"""What the accountant has from elsewhere stays here, and is listed with its reason."""

from datetime import timedelta

from odoo.tests import tagged

from .common import ConnectionCase
from .earlier_version import migrate


@tagged("post_install", "-at_install")
class TestGiven(ConnectionCase):
    def withheld(self):
        return self.env["account.move"].search(self.connection.action_withheld()["domain"])

    def set_peppol(self, move, state="done"):
        """As Odoo's Peppol module would leave a document that it sent."""
        if "peppol_move_state" not in move._fields:
            self.skipTest("Odoo's Peppol module is not installed")
        move.peppol_move_state = state

    def test_bills_that_came_as_e_invoices_stay(self):
        self.connection.bills_given = "not_peppol"
        came, paper, sale = self.e_invoice(), self.bill(), self.invoice()
        self.assertFalse(self.jobs(came))
        self.assertTrue(self.jobs(paper) and self.jobs(sale))
        self.assertEqual(came.accountable_state, "not_exported")
        self.assertIn("came as an e-invoice", came.accountable_withheld)
        self.assertFalse(paper.accountable_withheld)
        self.assertEqual(self.withheld(), came)
        self.assertEqual(self.connection.withheld_count, 1)
        self.assertIn("came as an e-invoice", self.check_text(came))
        # a domain that names no documents, however many there are
        domain = self.connection.action_withheld()["domain"]
        self.assertEqual(domain, [("accountable_withheld_by_id", "in", self.connection.ids)])
        self.assertEqual(came.accountable_withheld_by_id, self.connection)
        self.assertFalse(paper.accountable_withheld_by_id)
        both = [("id", "in", (came + paper).ids)]
        for operator, expected in (("=", paper), ("!=", came)):
            condition = ("accountable_withheld_by_id", operator, False)
            self.assertEqual(came.search([*both, condition]), expected)

    def test_the_filters_say_the_same(self):
        self.connection.bills_given = "not_peppol"
        came, paper = self.e_invoice(), self.bill()
        both = [("id", "in", (came + paper).ids)]
        moves = self.env["account.move"]
        for state, expected in (("to_export", paper), ("not_exported", came)):
            found = moves.search([*both, ("accountable_state", "=", state)])
            self.assertEqual(found, expected, state)
        self.assertEqual(moves.search([*both, ("accountable_by_peppol", "=", True)]), came)
        self.assertEqual(moves.search([*both, ("accountable_by_peppol", "=", False)]), paper)

    def test_all_bills_stay(self):
        self.connection.bills_given = "nothing"
        came, paper, sale = self.e_invoice(), self.bill(), self.invoice()
        self.assertFalse(self.jobs(came + paper))
        self.assertTrue(self.jobs(sale))
        self.assertEqual(self.withheld(), came + paper)
        self.assertIn("gives your accountant the bills", paper.accountable_withheld)

    def test_all_sales_stay(self):
        self.connection.sales_given = "nothing"
        sale, refund = self.invoice(), self.invoice(move_type="out_refund")
        bill = self.e_invoice()
        self.assertFalse(self.jobs(sale + refund))
        self.assertTrue(self.jobs(bill))
        self.assertEqual(self.withheld(), sale + refund)

    def test_sales_that_went_by_peppol_stay(self):
        self.connection.sales_given = "not_peppol"
        sale, other = self.invoice(), self.invoice()
        self.set_peppol(sale)
        self.set_peppol(other, "error")
        self.assertEqual(self.withheld(), sale)
        self.work()
        self.assertEqual(self.jobs(sale).skip_reason, "setting")
        self.assertEqual(self.jobs(other).state, "done")

    def test_what_is_booked_stays_followed(self):
        bill = self.e_invoice()
        self.work()
        self.assertEqual(bill.accountable_state, "exported")
        self.connection.bills_given = "not_peppol"
        bill.button_draft()
        bill.invoice_line_ids.price_unit = 150
        bill.action_post()
        self.work()
        self.assertEqual(bill.accountable_state, "exported")
        self.assertFalse(self.withheld())

    def test_a_file_of_somebody_from_outside_is_no_e_invoice(self):
        self.connection.bills_given = "not_peppol"
        bill = self.bill()
        self.attach(bill, "F-1.xml", b"<Invoice/>").accountable_from_outside = True
        bill.invalidate_recordset()
        self.assertFalse(bill.accountable_by_peppol)

    def test_nothing_before_the_start_is_withheld(self):
        self.connection.bills_given = "nothing"
        self.connection.start_date = self.today
        self.bill(invoice_date=self.today - timedelta(days=40))
        self.assertFalse(self.withheld())

    def test_as_many_questions_for_many_as_for_few(self):
        self.connection.bills_given = "not_peppol"
        bills = self.env["account.move"].union(
            *(self.e_invoice(f"F-{number}", post=False) for number in range(12))
        )
        self.env.flush_all()
        few, many = bills[:2], bills[2:]
        counts = []
        for several in (few, many):
            self.env.invalidate_all()
            several.fetch(["move_type"])
            before = self.env.cr.sql_log_count
            for bill in several:
                self.env["accountable.sending.plan"]._by_company()
                self.assertTrue(bill.accountable_by_peppol)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_another_connection_gets_the_same(self):
        sign_in = self.sign_in.copy({"package": "other_fake", "name": "Other"})
        other = self._connect(self.company, sign_in)
        self.assertIn(self.connection.name, other.given_twice)
        other.write({"send_sales": False, "send_sale_refunds": False, "bills_given": "nothing"})
        self.assertFalse(other.given_twice)
        other.write({"step": "checklist", "send_sales": True})
        lines = self.env["accountable.set.up"]._checklist(other)
        self.assertTrue([line for line in lines if self.connection.name in line[1]])


class TestEarlierAnswer(ConnectionCase):
    def test_who_kept_all_bills_back_keeps_them(self):
        """Before 19.0.1.6.0 a package that received the bills kept back those on paper too."""
        self.connection.peppol_receiver = "package"
        self.env.flush_all()
        migrate(self.env.cr, "19.0.1.6.0", "post-bills-given")
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.assertEqual(self.connection.bills_given, "nothing")
        self.assertFalse(self.jobs(self.bill()))

    def test_others_go_on(self):
        self.env.flush_all()
        migrate(self.env.cr, "19.0.1.6.0", "post-bills-given")
        self.env.invalidate_all()
        self.assertEqual(self.connection.bills_given, "everything")
