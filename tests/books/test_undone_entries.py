"""Entries that were handed over and are cancelled or changed afterwards: their opposites reach the
books, which then hold what Odoo does."""

from collections import defaultdict
from decimal import Decimal

from odoo import fields
from odoo.addons.accountable_connect.models.engine.synchronisation import due_jobs
from odoo.tests import tagged

from tests.books.batches import take_batches
from tests.books.case import BooksCase
from tooling.books import compare
from tooling.books.odoo_side import OdooSide
from tooling.packages import ENTRIES, load

KINDS = ("out_invoice", "out_refund", "in_invoice", "in_refund")


@tagged("post_install", "post_install_l10n", "-at_install")
class TestUndoneEntries(BooksCase):
    packages = [load(name) for name in ENTRIES]

    @classmethod
    def after_connecting(cls, books):
        books.connection.write({"state": "connected", "step": "done", "batch_closes": "manual"})
        cls.confirm_accounts(books.connection, cls.account("700000") | cls.account("604000"))

    def work(self):
        self.env.flush_all()
        with self.registry.cursor() as cr:
            working = self.connection.with_env(self.env(cr=cr, su=True, context={}))
            for _time in range(5):
                working._run(seconds=60)
                if not due_jobs(working):
                    break
        self.env.invalidate_all()

    def hand_over(self):
        """What is due, into the books; nothing of it is left out."""
        self.work()
        said = take_batches(self.connection, self.books)
        self.assertFalse([row for done in said for row in done["left_out"]], said)
        self.env.flush_all()
        self.env.invalidate_all()
        return said

    def post(self, kind, amount=100.0):
        is_sale = kind.startswith("out")
        tax = self.company.account_sale_tax_id if is_sale else self.company.account_purchase_tax_id
        line = {
            "name": "Line",
            "price_unit": amount,
            "account_id": self.account("700000" if is_sale else "604000").id,
            "tax_ids": tax.ids,
        }
        move = self.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": (self.customer if is_sale else self.supplier).id,
                "invoice_date": "2026-03-10",
                "date": "2026-03-10",
                "ref": f"{kind} {amount}",
                "invoice_line_ids": [fields.Command.create(line)],
            }
        )
        move.action_post()
        return move

    def left(self, bookings):
        """What stands on each ledger account."""
        accounts = defaultdict(Decimal)
        for booking in bookings:
            for account, amount in booking.accounts.items():
                accounts[account] += amount
        return {account: amount for account, amount in accounts.items() if amount}

    def assert_same(self, moves):
        odoo = OdooSide(self.connection).bookings(moves)
        self.assertEqual(self.left(self.bookings()), self.left(odoo))

    def test_cancelled_after_it_was_imported(self):
        moves = self.env["account.move"].union(*map(self.post, KINDS))
        self.hand_over()
        side = OdooSide(self.connection, self.package.key_of).bookings(moves)
        self.assert_agrees(compare.compare(side, self.bookings()))
        for move in moves:
            move.button_draft()
            move.button_cancel()
        self.assertTrue(self.hand_over())
        self.assertEqual(len(self.bookings()), 8)
        self.assertFalse(self.left(self.bookings()))
        self.assertFalse(self.hand_over(), "once")

    def test_changed_after_it_was_imported(self):
        moves = self.env["account.move"].union(*map(self.post, KINDS))
        self.hand_over()
        for move, price in zip(moves, (150, 20.01, 333.37, 50), strict=True):
            move.button_draft()
            move.invoice_line_ids.price_unit = price
            move.action_post()
        self.hand_over()
        self.assertEqual(len(self.bookings()), 12)
        self.assert_same(moves)

    def test_cancelled_or_changed_before_it_left(self):
        cancelled, changed = self.post("in_invoice"), self.post("out_invoice")
        self.work()
        cancelled.button_draft()
        cancelled.button_cancel()
        changed.button_draft()
        changed.invoice_line_ids.price_unit = 75
        changed.action_post()
        self.hand_over()
        self.assertEqual(len(self.bookings()), 1)
        self.assert_same(changed)
