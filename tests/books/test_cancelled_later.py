"""Documents that are cancelled, or change, after the accountant closed their period or the mapping
of their journal changed: through the queue into the books of the sandbox."""

from decimal import Decimal

from odoo import fields
from odoo.addons.accountable_connect.models.engine.synchronisation import due_jobs
from odoo.tests import tagged

from tests.books.case import BooksCase

DECEMBER, JANUARY, MARCH, APRIL = (2025, 12), (2026, 1), (2026, 3), (2026, 4)


@tagged("post_install", "post_install_l10n", "-at_install")
class TestCancelledLater(BooksCase):
    @classmethod
    def after_connecting(cls, books):
        books.connection.write({"state": "connected", "step": "done", "settlements_back": False})

    def work(self):
        self.env.flush_all()
        with self.registry.cursor() as cr:
            working = self.connection.with_env(self.env(cr=cr, su=True, context={}))
            for _time in range(5):
                working._run(seconds=60)
                if not due_jobs(working):
                    break
        self.env.invalidate_all()

    def booked(self, move_type, day="2026-03-10", amount=100.0):
        is_sale = move_type.startswith("out")
        tax = self.company.account_sale_tax_id if is_sale else self.company.account_purchase_tax_id
        account = self.account("700000" if is_sale else "604000")
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": (self.customer if is_sale else self.supplier).id,
                "invoice_date": day,
                "date": day,
                "ref": f"{move_type} {day} {amount}",
                "invoice_line_ids": [
                    fields.Command.create(
                        {
                            "name": "Line",
                            "price_unit": amount,
                            "account_id": account.id,
                            "tax_ids": tax.ids,
                        }
                    )
                ],
            }
        )
        self.confirm_accounts(self.connection, account)
        move.action_post()
        self.work()
        self.assertEqual(self.job(move).state, "done", self.job(move).message)
        return move

    def close_march(self):
        self.accountant.close_months(2026, range(1, 4))
        self.addCleanup(self.accountant.close_months, 2026, range(1, 4), closed=False)

    def reopen(self):
        self.accountant.close_months(2026, range(1, 4), closed=False)
        self.connection.action_refresh_master_data()

    def job(self, move, operation="document"):
        return (
            self.env["accountable.job"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "account.move"),
                    ("res_id", "=", move.id),
                    ("operation", "=", operation),
                ],
                order="id desc",
                limit=1,
            )
        )

    def cancel(self, move):
        move.button_draft()
        move.button_cancel()
        self.work()
        return self.job(move, "reverse")

    def new(self, before):
        """``[(period, boxes)]`` of what was booked since the entries were as ``before``."""
        return [
            (period, {box: Decimal(amount) for box, amount in boxes.items() if Decimal(amount)})
            for key, (period, boxes) in self.accountant.entries().items()
            if key not in before
        ]

    def test_a_bill(self):
        for move_type, boxes in (
            ("in_invoice", {"81": -100, "85": 100, "63": 21}),
            ("in_refund", {"81": 100, "59": 21}),
        ):
            with self.subTest(move_type):
                move = self.booked(move_type)
                before = self.accountant.entries()
                self.close_march()
                job = self.cancel(move)
                self.assertEqual(job.state, "done", job.message)
                self.assertEqual(self.new(before), [(APRIL, boxes)])
                self.reopen()

    def test_a_bill_of_a_closed_year(self):
        self.connection.start_date = "2025-01-01"
        move = self.booked("in_invoice", day="2025-12-10")
        before = self.accountant.entries()
        self.accountant.close_year(2025)
        self.addCleanup(self.accountant.close_year, 2025, closed=False)
        self.connection.action_refresh_master_data()
        job = self.cancel(move)
        self.assertEqual(job.state, "done", job.message)
        self.assertEqual(self.new(before), [(JANUARY, {"81": -100, "85": 100, "63": 21})])

    def test_a_sale(self):
        for move_type, boxes in (
            ("out_invoice", {"49": 100, "64": 21}),
            ("out_refund", {"03": 100, "54": 21}),
        ):
            with self.subTest(move_type):
                move = self.booked(move_type)
                before = self.accountant.entries()
                self.close_march()
                job = self.cancel(move)
                self.assertEqual((job.state, job.error_code), ("failed", "opposite_period_closed"))
                self.assertIn("credit note with a number of its own", job.message)
                self.assertFalse(self.new(before))
                job.action_book_in_open_period()
                self.work()
                self.assertEqual(job.state, "done", job.message)
                self.assertEqual(self.new(before), [(APRIL, boxes)])
                self.reopen()

    def test_changed_after_the_mapping_of_its_journal_changed(self):
        move = self.booked("out_invoice")
        rows = self.connection.mapping_ids.filtered(
            lambda row: row.kind == "journal" and row.document_kind == "sale"
        )
        rows.master_data_id = self.connection.master_data_ids.filtered(
            lambda row: row.kind == "journal" and row.code == self.expected.other_journal
        )
        before = self.accountant.entries()
        move.button_draft()
        move.invoice_line_ids.price_unit = 150.0
        move.action_post()
        self.work()
        self.assertEqual(self.job(move).state, "done", self.job(move).message)
        self.assertFalse(self.new(before))
        key = (
            self.env["accountable.binding"]
            ._find(self.connection.id, "document", move._name, move.id)
            .external_key
        )
        _period, boxes = self.accountant.entries()[key]
        self.assertEqual(
            {box: Decimal(amount) for box, amount in boxes.items()},
            {"03": 150, "54": Decimal("31.50")},
        )

    def test_changed_while_its_kind_is_switched_off(self):
        move = self.booked("out_invoice")
        key = (
            self.env["accountable.binding"]
            ._find(self.connection.id, "document", move._name, move.id)
            .external_key
        )
        before = self.accountant.entries()
        self.connection.send_sales = False
        move.button_draft()
        move.invoice_line_ids.price_unit = 150.0
        move.action_post()
        self.work()
        self.assertEqual((move.accountable_state, self.connection.unsent_count), ("differs", 1))
        self.assertEqual(self.accountant.entries(), before)
        self.connection.send_sales = True
        self.connection.action_synchronise()
        self.work()
        self.assertEqual(move.accountable_state, "exported")
        self.assertFalse(self.new(before))
        self.assertEqual(Decimal(self.accountant.entries()[key][1]["54"]), Decimal("31.50"))

    def test_moved_to_another_year(self):
        self.connection.start_date = "2025-01-01"
        move = self.booked("out_invoice", day="2026-03-10")
        before = self.accountant.entries()
        move.button_draft()
        move.write({"invoice_date": "2025-12-10", "date": "2025-12-10", "name": False})
        move.action_post()
        self.work()
        job = self.job(move)
        self.assertEqual((job.state, job.error_code), ("failed", "moved"), job.message)
        self.assertIn("book again", job.message)
        self.assertEqual(self.accountant.entries(), before)
        job.action_book_anew()
        self.work()
        self.assertEqual(job.state, "done", job.message)
        new = self.new(before)
        new.remove((DECEMBER, {"03": 100, "54": 21}))
        left = [(MARCH, boxes) for boxes in self.expected.left_when_moved]
        self.assertEqual(new, left)
