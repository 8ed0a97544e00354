"""What posting queues, and what it costs."""

from datetime import timedelta
from unittest.mock import patch

import psycopg2
from odoo import fields

from .common import ConnectionCase


class TestPosting(ConnectionCase):
    def queries_of_posting(self, count):
        """Queries that posting so many invoices costs with and without a connection."""
        costs = []
        for state in ("connected", "not_connected"):
            self.connection.sudo().state = state
            for _warm_up in range(2):
                moves = self.env["account.move"].concat(
                    *(self.invoice(post=False) for _number in range(count))
                )
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                moves.action_post()
                self.env.flush_all()
                cost = self.env.cr.sql_log_count - before
            costs.append(cost)
        return costs[0] - costs[1]

    def test_at_most_six_queries_for_any_batch(self):
        self.assertLessEqual(self.queries_of_posting(1), 6)
        self.assertLessEqual(self.queries_of_posting(20), 6)

    def test_no_work_without_a_connection(self):
        self.connection.sudo().active = False
        model = self.registry["accountable.enqueueing"]
        with patch.object(model, "_insert", side_effect=AssertionError("worked")):
            move = self.invoice()
        self.assertEqual(move.accountable_state, "not_exported")

    def test_an_archived_connection_wants_nothing(self):
        """Also when the first who asks looks at archived records as well."""
        self.connection.sudo().active = False
        plans = self.env["accountable.sending.plan"].with_context(active_test=False)
        self.assertFalse(plans._by_company())

    def test_posting_calls_nobody(self):
        self.invoice()
        self.assertFalse(self.books.calls)

    def test_posting_never_fails_because_of_the_queue(self):
        model = self.registry["accountable.enqueueing"]

        def broken(enqueueing, rows):
            enqueueing.env.cr.execute("SELECT 1/0")

        with (
            patch.object(model, "_insert", broken),
            self.assertLogs("odoo.addons.accountable_connect", level="ERROR"),
            self.assertLogs("odoo.sql_db", level="ERROR"),
        ):
            move = self.invoice()
        self.assertEqual(move.state, "posted")
        self.assertEqual(move.accountable_state, "to_export")

    def test_a_conflict_is_left_to_odoo_to_repeat(self):
        model = self.registry["accountable.enqueueing"]
        conflict = psycopg2.errors.SerializationFailure()
        with (
            patch.object(model, "_insert", side_effect=conflict),
            self.assertRaises(psycopg2.errors.SerializationFailure),
        ):
            self.invoice()

    def test_only_what_the_connection_wants(self):
        self.connection.write({"send_purchases": False, "send_receipts": False})
        self.connection.start_date = self.today.replace(day=1)
        cases = {
            "bill": self.invoice(move_type="in_invoice", ref="F-1"),
            "receipt": self.invoice(move_type="out_receipt"),
            "before the start": self.invoice(invoice_date="2019-12-01"),
        }
        for name, move in cases.items():
            with self.subTest(name=name):
                self.assertEqual(move.state, "posted")
                self.assertFalse(self.jobs(move))
                self.assertEqual(move.accountable_state, "not_exported")

    def test_documents_of_the_start_date_go_and_of_the_last_day_of_opening_items_do_not(self):
        """Both as the engine asks of one document, and as the filter asks of all."""
        first = self.today.replace(day=1)
        self.connection.start_date = first
        on_the_day, before = (
            self.invoice(invoice_date=day) for day in (first, first - timedelta(days=1))
        )
        self.assertTrue(self.jobs(on_the_day))
        self.assertFalse(self.jobs(before))
        found = on_the_day.search([("accountable_state", "=", "to_export")])
        self.assertEqual(found & (on_the_day + before), on_the_day)
        self.connection.opening_items_until = first
        self.assertFalse(self.jobs(self.invoice(invoice_date=first)))
        self.assertTrue(self.jobs(self.invoice(invoice_date=first + timedelta(days=1))))

    def test_e_invoices_stay_when_the_package_receives_them(self):
        self.connection.peppol_receiver = "package"
        self.assertFalse(self.jobs(self.e_invoice()))
        self.assertTrue(self.jobs(self.bill()))
        self.assertTrue(self.jobs(self.invoice()))

    def test_bills_that_wait_stay_when_the_package_receives_them(self):
        bill = self.e_invoice()
        self.assertEqual(self.jobs(bill).state, "pending")
        self.connection.peppol_receiver = "package"
        self.work()
        job = self.jobs(bill)
        self.assertEqual((job.state, job.skip_reason), ("skipped", "setting"))
        self.assertEqual(bill.accountable_state, "not_exported")
        self.assertFalse(self.books.calls["create_document"])
        self.connection.peppol_receiver = "odoo"
        bill.invalidate_recordset()
        self.assertEqual(bill.accountable_state, "to_export")
        self.connection.action_synchronise()
        self.work()
        self.assertEqual(bill.accountable_state, "exported")

    def test_journal_that_is_switched_off(self):
        waiting = self.invoice()
        row = self.env["accountable.mapping"].search(
            [("journal_id", "=", waiting.journal_id.id), ("document_kind", "=", "sale")]
        )
        row.enabled = False
        invoice, refund = self.invoice(), self.invoice(move_type="out_refund")
        self.assertFalse(self.jobs(invoice))
        domain = self.env["accountable.sending.plan"]._domain_to_export(self.connection)
        self.assertEqual(self.env["account.move"].search(domain), refund)
        self.work()
        self.assertEqual(self.jobs(waiting).skip_reason, "setting")
        self.assertEqual(self.jobs(refund).state, "done")
        states = {move.accountable_state for move in waiting + invoice}
        self.assertEqual(states, {"not_exported"})
        not_exported = [("accountable_state", "=", "not_exported"), ("id", ">=", waiting.id)]
        self.assertEqual(self.env["account.move"].search(not_exported), invoice + waiting)
        row.enabled = True
        self.assertTrue(self.jobs(self.invoice()))

    def test_future_document_goes_when_it_is_posted(self):
        move = self.invoice(invoice_date=fields.Date.add(self.today, days=5), post=False)
        move._post(soft=True)
        self.assertEqual(move.state, "draft")
        self.assertFalse(self.jobs(move))

    def test_branch_goes_with_the_connection_of_its_root(self):
        branch = self.env["res.company"].create(
            {
                "name": "Branch",
                "parent_id": self.company.id,
                "country_id": self.company.country_id.id,
            }
        )
        self.env.cr.precommit.run()  # its chart of accounts
        self.env.user.company_ids += branch
        move = (
            self.env["account.move"]
            .with_context(allowed_company_ids=[self.company.id, branch.id])
            .create(
                {
                    "move_type": "out_invoice",
                    "company_id": branch.id,
                    "journal_id": self.company_data["default_journal_sale"].id,
                    "partner_id": self.partner_a.id,
                    "invoice_date": self.today,
                    "invoice_line_ids": [
                        (0, 0, {"name": "x", "price_unit": 100, "tax_ids": self.sale_tax.ids})
                    ],
                }
            )
        )
        move.action_post()
        job = self.jobs(move)
        self.assertEqual((job.connection_id, job.company_id), (self.connection, branch))
        self.work()
        self.assertEqual(self.jobs(move).state, "done", self.jobs(move).message)
