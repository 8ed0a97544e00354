"""When a document goes, per kind; what makes it due; what a change of the setting moves."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields

from .common_documents import DeliveryCase
from .test_originals import e_invoice

# A Monday morning in Brussels; documents go at two in the night.
MORNING = datetime(2026, 11, 30, 9)
NIGHT = datetime(2026, 12, 1, 1)


class TestMoment(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.write({"moment": "posting", "nightly_hour": 2})

    def setUp(self):
        super().setUp()
        now = patch.object(fields.Datetime, "now", lambda *_args: MORNING)
        now.start()
        self.addCleanup(now.stop)

    def due(self, move):
        return self.job(move).next_try

    def test_posting_asks_once_for_all_documents(self):
        plan = self.env["accountable.sending.plan"]._of(self.connection)
        enqueueing = self.env["accountable.enqueueing"]
        for move_type in ("out_invoice", "in_invoice"):
            moves = self.env["account.move"].concat(*(self.document(move_type) for _ in range(3)))
            costs = []
            for selection in (moves, moves[:1], moves):  # the first time fills what is cached
                self.env.invalidate_all()
                selection = selection.with_prefetch(selection.ids)
                before = self.env.cr.sql_log_count
                for move in selection:
                    enqueueing._moment(move, plan)
                costs.append(self.env.cr.sql_log_count - before)
            with self.subTest(move_type):
                self.assertEqual(costs[1], costs[2])

    def test_a_sale_waits_for_the_pdf_of_the_customer(self):
        invoice = self.document()
        self.assertEqual(self.due(invoice), NIGHT + timedelta(days=3))
        with patch.object(self.registry["accountable.connection"], "_wake_lanes") as woken:
            invoice._generate_and_send(sending_methods=["manual"])
        self.assertTrue(invoice.invoice_pdf_report_id)
        self.assertEqual(self.due(invoice), MORNING)
        self.assertTrue(woken.called)

    def test_who_prints_before_posting_waits_for_nothing(self):
        invoice = self.document()
        self.legal_pdf(invoice)
        self.job(invoice).unlink()
        invoice._accountable_enqueue()
        self.assertEqual(self.due(invoice), MORNING)

    def test_the_days_to_wait_are_a_setting(self):
        self.connection.ubl_wait_days = 0
        self.assertEqual(self.due(self.document()), NIGHT)

    def test_at_once_every_night_or_by_hand(self):
        for moment, due in (("posting", MORNING), ("nightly", NIGHT), ("manual", False)):
            self.connection.ubl_sales_moment = moment
            with self.subTest(moment):
                self.assertEqual(self.due(self.document()), due)

    def test_a_change_of_the_setting_moves_what_waits(self):
        sale, bill = self.document(), self.document("in_invoice")
        self.assertEqual(self.due(bill), MORNING)
        for moment, due in (("posting", MORNING), ("nightly", NIGHT), ("manual", False)):
            self.connection.ubl_sales_moment = moment
            self.assertEqual(self.due(sale), due)
            self.assertEqual(self.due(bill), MORNING)
        self.connection.ubl_sales_moment = "sent"
        self.assertGreater(self.due(sale), NIGHT)

    def test_by_hand_goes_with_the_button(self):
        self.connection.ubl_sales_moment = "manual"
        invoice = self.document()
        invoice.action_accountable_export()
        self.assertEqual(self.due(invoice), MORNING)

    def test_whoever_sends_by_hand_is_not_hurried_by_the_pdf(self):
        self.connection.ubl_sales_moment = "manual"
        invoice = self.document()
        invoice._generate_and_send(sending_methods=["manual"])
        self.assertFalse(self.due(invoice))

    def test_a_connection_that_is_manual_stays_so(self):
        self.connection.synchronisation = "manual"
        self.connection.ubl_sales_moment = "posting"
        self.assertFalse(self.due(self.document()))

    def test_a_self_billed_bill_waits_as_a_sale(self):
        bill = self.document("in_invoice", journal_id=self.self_billing.id)
        self.assertEqual(self.due(bill), NIGHT + timedelta(days=3))

    def test_what_a_customer_wrote_for_us_goes_as_a_bill(self):
        sale = self.document(post=False)
        self.attach(sale, "sale.xml", e_invoice(code="389"), "application/xml")
        sale.action_post()
        self.assertEqual(self.due(sale), MORNING)

    def test_a_bill_waits_for_its_approval(self):
        self.connection.ubl_bills_moment = "approved"
        with patch.object(
            self.registry["account.move"], "_is_user_able_to_review", lambda _move: False
        ):
            bill = self.document("in_invoice")
            self.assertFalse(bill.checked)
        self.assertFalse(self.due(bill))
        with patch.object(self.registry["accountable.connection"], "_wake_lanes") as woken:
            bill.button_set_checked()
        self.assertEqual(self.due(bill), MORNING)
        self.assertTrue(woken.called)

    def test_who_waits_for_approval_no_more_lets_bills_go(self):
        self.connection.ubl_bills_moment = "approved"
        bill = self.document("in_invoice")
        bill.checked = False
        self.job(bill).next_try = False
        self.connection.ubl_bills_moment = "posted"
        self.assertEqual(self.due(bill), MORNING)

    def test_posting_many_asks_no_more(self):
        def queries(count):
            moves = self.env["account.move"].concat(
                *[self.document(post=False) for _one in range(count)]
            )
            self.env.flush_all()
            enqueueing = self.env["accountable.enqueueing"]
            plan = self.env["accountable.sending.plan"]._of(self.connection)
            before = self.env.cr.sql_log_count
            for move in moves:
                enqueueing._moment(move, plan)
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(2), queries(12))
