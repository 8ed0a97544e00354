"""The accountant's own bookings, and ours that were renumbered or met by a connection made anew: in
Odoo and in the books of each package."""

from collections import defaultdict
from decimal import Decimal

from odoo.tests import tagged

from tests.books.case import PerPackage, for_packages
from tests.books.expected import expected_of
from tests.books.test_two_packages import TwoPackagesCase
from tooling.packages import with_books

DAY = "2026-03-12"
# On another account than Odoo's, which both charts have.
THEIR_ACCOUNT = "616200"


@tagged("post_install", "post_install_l10n", "-at_install")
class TestWhoseBooking(PerPackage, TwoPackagesCase):
    def begin(self):
        self.connection = self.connect(self.first, self.package.name)
        self.accountant = self.accountant_of(self.connection)

    def booked(self):
        """What stands in the books."""
        return self.package.bookings(self.accountant.books())

    def totals(self):
        return sorted(f"{abs(booking.party_amount):.2f}" for booking in self.booked())

    def balances(self):
        """What is left on each ledger account."""
        left = defaultdict(Decimal)
        for booking in self.booked():
            for account, amount in booking.accounts.items():
                left[account] += amount
        return {account: amount for account, amount in left.items() if amount}

    def binding(self, move):
        bindings = self.env["accountable.binding"].sudo()
        return bindings._find(self.connection.id, "document", "account.move", move.id)

    def run_once(self):
        """A run, in which items may be left for a person."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            self.connection.with_env(self.env(cr=cr, su=True, context={}))._run(seconds=60)
        self.env.invalidate_all()

    def last_job(self, move):
        return (
            self.env["accountable.job"]
            .sudo()
            .search(
                [("res_id", "=", move.id), ("connection_id", "=", self.connection.id)],
                order="id desc",
                limit=1,
            )
        )

    def change(self, move, price):
        move.button_draft()
        move.invoice_line_ids.price_unit = price
        move.action_post()

    def test_what_the_accountant_entered_is_never_rewritten(self):
        self.begin()
        self.post(self.first, "2026-03-02", 10, "in_invoice", ref="FIRST")
        self.work(self.connection)
        party = (
            self.env["accountable.binding"]
            .sudo()
            ._find(self.connection.id, "party", "res.partner", self.partner_a.id)
        )
        self.accountant.enter_bill(party.external_key, "HAND-1", 200, DAY, THEIR_ACCOUNT)
        bill = self.post(self.first, DAY, 200, "in_invoice", ref="HAND-1")
        self.run_once()
        self.assertTrue(self.binding(bill).adopted)
        before = self.booked()

        bill.invoice_date_due = "2026-06-30"
        self.run_once()
        self.assertEqual(self.last_job(bill).state, "done")
        self.assertIn("06/30/2026", bill.accountable_notes)
        self.change(bill, 300)
        self.run_once()
        job = self.last_job(bill)
        self.assertEqual((job.state, job.error_code), ("failed", "changed_adopted"))
        self.assertIn(THEIR_ACCOUNT, job.candidates_table)
        job.action_adopt()
        bill.invoice_line_ids.name = "Desks"
        self.run_once()
        self.assertEqual(self.last_job(bill).state, "done")
        bill.button_draft()
        bill.button_cancel()
        self.run_once()
        self.assertEqual(self.last_job(bill).error_code, "cancelled_adopted")
        self.assertEqual(self.booked(), before)

    def test_the_same_administration_connected_anew(self):
        self.begin()
        changed = self.post(self.first, "2026-03-10", 100, "in_invoice")
        recoded = self.post(self.first, "2026-03-11", 50, "in_invoice")
        same = self.post(self.first, "2026-03-12", 70)
        self.work(self.connection)
        self.accountant.recode(self.binding(recoded).external_key, THEIR_ACCOUNT)
        self.connection.active = False
        self.change(changed, 150)
        self.env.flush_all()
        self.begin()
        self.env["accountable.enqueueing"]._enqueue_for(self.connection, changed + recoded + same)
        self.run_once()
        job = self.last_job(changed)
        self.assertEqual((job.state, job.error_code), ("failed", "ours_otherwise"))
        self.assertEqual(job.candidates[0]["total"], "121.00")
        self.assertTrue(self.binding(recoded).adopted)
        self.assertFalse(self.binding(same).adopted)
        self.assertEqual(self.totals(), ["121.00", "60.50", "84.70"])
        job.action_book_anyway()
        self.run_once()
        self.assertEqual(job.state, "done", job.message)
        self.assertEqual(self.totals(), ["181.50", "60.50", "84.70"])

    def test_replaced_by_a_cancellation_of_odoo(self):
        """Recoded by the accountant, cancelled in Odoo, and a person says that Odoo counts: nothing
        is left on either account."""
        self.begin()
        bill = self.post(self.first, DAY, 100, "in_invoice")
        self.work(self.connection)
        self.accountant.recode(self.binding(bill).external_key, THEIR_ACCOUNT)
        bill.button_draft()
        bill.button_cancel()
        self.run_once()
        job = self.last_job(bill)
        self.assertEqual((job.state, job.error_code), ("failed", "changed_in_package"))
        self.assertIn("was cancelled in Odoo", job.message)
        job.action_book_anyway()
        self.run_once()
        self.assertEqual(job.state, "done", job.message)
        self.assertFalse(self.balances())

    def test_cancelled_while_archived_and_connected_anew(self):
        self.begin()
        sale = self.post(self.first, DAY, 100)
        bill = self.post(self.first, DAY, 200, "in_invoice")
        undone = self.post(self.first, DAY, 300, "in_invoice")
        self.work(self.connection)
        undone.button_draft()
        undone.button_cancel()
        self.run_once()
        first = self.connection
        first.active = False
        self.change(bill, 210)
        for move in (sale, bill):
            move.button_draft()
            move.button_cancel()
        undone.button_draft()
        undone.action_post()
        self.env.flush_all()
        self.begin()
        self.run_once()
        self.assertEqual({move.accountable_state for move in (sale, bill)}, {"not_exported"})
        self.assertEqual(undone.accountable_state, "exported", undone.accountable_error)
        self.assertFalse((first | self.connection).filtered("unsent_count"))
        self.assertIn(300, self.balances().values())
        self.assertNotIn(600, self.balances().values())

    def test_a_label_of_a_paid_invoice_and_a_new_number(self):
        """Where what is matched stays as it is, the document says what differs."""
        self.begin()
        paid, other = (self.post(self.first, DAY, price) for price in (100, 200))
        self.work(self.connection)
        self.accountant.pay([self.binding(paid).external_key])
        (paid + other).is_move_sent = True
        paid.invoice_line_ids.name = "Chairs, oak"
        old = other.name
        other.name = other.name[:-3] + "907"
        self.run_once()
        self.assertEqual({self.last_job(move).state for move in (paid, other)}, {"done"})
        self.assertEqual(bool(paid.accountable_notes), self.expected.matched_is_final)
        self.assertFalse(other.accountable_notes)
        texts = str(self.accountant.books())
        self.assertIn(other.name, texts)
        self.assertNotIn(old, texts)

    @for_packages([package for package in with_books() if expected_of(package).renumbers])
    def test_renumbered_by_the_accountant_and_changed_in_odoo(self):
        self.begin()
        bill = self.post(self.first, DAY, 100, "in_invoice")
        self.work(self.connection)
        key = self.accountant.renumber(self.binding(bill).external_key, 77)
        self.change(bill, 110)
        self.run_once()
        self.assertEqual(self.last_job(bill).state, "done", self.last_job(bill).message)
        self.assertEqual(self.totals(), ["133.10"])
        self.assertEqual(self.binding(bill).external_key, key)
