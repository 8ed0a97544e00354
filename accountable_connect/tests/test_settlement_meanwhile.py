"""Settlements when people worked on the same documents and entries in Odoo meanwhile."""

from decimal import Decimal
from unittest.mock import patch

from odoo.addons.accountable_connect.documents import Settlement
from odoo.addons.accountable_connect.models.inbound import settlement

from .common_settlement import SettlementCase


class TestSettlementsMeanwhile(SettlementCase):
    def settle(self, document_key, amount, key="S1", kind="payment", **values):
        settlement = Settlement(
            key=key,
            kind=kind,
            document_key=document_key,
            date=self.today,
            amount=Decimal(amount),
            amount_company=Decimal(amount),
            currency="EUR",
            **values,
        )
        self.books.settlements.append(settlement)

    def key_of(self, move):
        return self.bindings(move).external_key

    def entries(self):
        return self.env["account.move"].search(
            [("journal_id", "=", self.connection.settlement_journal_id.id)]
        )

    def paid(self):
        move = self.booked()
        self.settle(self.key_of(move), "121.00")
        self.read_back()
        self.assertEqual(move.amount_residual, 0.0)
        return move

    def undo_in_the_administration(self):
        self.books.settlements.clear()
        self.books.removed_settlements.append("S1")
        self.read_back()

    def test_entry_that_is_in_draft_is_cancelled(self):
        move = self.paid()
        self.entries().button_draft()
        other = self.invoice()
        self.undo_in_the_administration()
        self.assertEqual(self.entries().state, "cancel")
        self.assertEqual(move.amount_residual, 121.0)
        self.assertEqual(self.jobs(other).state, "done")

    def test_entry_that_a_person_reversed_is_not_reversed_twice(self):
        move = self.paid()
        self.entries()._reverse_moves([{"date": self.today}], cancel=True)
        self.undo_in_the_administration()
        self.assertEqual(len(self.entries()), 2)
        self.assertEqual(move.amount_residual, 121.0)

    def test_one_that_cannot_be_undone_stops_nothing_and_is_tried_again(self):
        move = self.paid()
        other = self.invoice()
        model = self.registry["account.move"]
        with patch.object(model, "_reverse_moves", side_effect=ValueError("a bug")):
            self.books.settlements.clear()
            self.books.removed_settlements.append("S1")
            self.read_back(unexpected=True)
        self.assertEqual(self.jobs(other).state, "done")
        self.assertEqual(move.amount_residual, 0.0)
        self.books.removed_settlements.clear()
        self.read_back()
        self.assertEqual(move.amount_residual, 121.0)

    def test_changed_one_that_cannot_be_undone_is_replaced_later(self):
        move = self.paid()
        self.books.settlements.clear()
        self.settle(self.key_of(move), "21.00")
        model = self.registry["account.move"]
        with patch.object(model, "_reverse_moves", side_effect=ValueError("a bug")):
            self.read_back(unexpected=True)
        self.assertEqual(move.amount_residual, 0.0)
        self.books.settlements.clear()
        self.read_back()
        self.assertEqual(move.amount_residual, 100.0)

    def test_payment_of_a_document_in_draft_follows(self):
        move = self.booked()
        self.settle(self.key_of(move), "121.00")
        move.button_draft()
        self.read_back()
        self.read_back()
        self.books.settlements.clear()
        move.action_post()
        self.read_back()
        self.assertEqual(move.amount_residual, 0.0)
        self.assertEqual(len(self.entries()), 1)

    def test_paid_document_that_went_through_draft_is_matched_again(self):
        move = self.paid()
        self.books.settlements.clear()
        move.button_draft()
        move.invoice_line_ids.price_unit = 200.0
        self.read_back()
        move.action_post()
        self.assertEqual(move.amount_residual, 242.0)
        self.read_back()
        self.assertEqual(move.amount_residual, 121.0)
        self.assertEqual(len(self.entries()), 1)

    def test_set_off_of_a_document_that_went_through_draft(self):
        move, refund = self.booked(), self.booked(50.0, move_type="out_refund")
        self.settle(self.key_of(move), "60.50", kind="set_off", counterpart_key=self.key_of(refund))
        self.read_back()
        self.assertEqual((move.amount_residual, refund.amount_residual), (60.5, 0.0))
        self.books.settlements.clear()
        move.button_draft()
        move.invoice_line_ids.price_unit = 200.0
        move.action_post()
        self.assertEqual(refund.amount_residual, 60.5)
        self.read_back()
        self.assertEqual((move.amount_residual, refund.amount_residual), (181.5, 0.0))

    def test_payment_read_before_the_bill_was_linked(self):
        bill = self.invoice(move_type="in_invoice", ref="F-1", post=False)
        self.invoice()
        self.work()
        party = self.bindings(self.partner_a, "party").external_key
        theirs = self.books.book_by_hand(
            f"A1/{self.today.year}",
            kind="purchase",
            party_key=party,
            document_date=self.today,
            reference="F-1",
            total=Decimal("121.00"),
            currency="EUR",
        )
        self.settle(theirs.key, "121.00")
        self.read_back()
        read = self.connection.settlement_cursor
        self.assertTrue(read)
        bill.action_post()
        self.work()
        self.assertEqual(self.key_of(bill), theirs.key)
        self.assertFalse(self.connection.settlement_cursor)
        self.read_back()
        self.assertEqual(bill.amount_residual, 0.0)

    def test_set_off_over_instalments(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Halves",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (10, 20)
                ],
            }
        )
        move = self.booked(invoice_payment_term_id=term.id)
        refund = self.booked(80.0, move_type="out_refund")
        self.settle(self.key_of(move), "96.80", kind="set_off", counterpart_key=self.key_of(refund))
        self.read_back()
        self.assertAlmostEqual(move.amount_residual, 24.2)
        self.assertEqual(refund.amount_residual, 0.0)
        self.undo_in_the_administration()
        self.assertAlmostEqual(move.amount_residual, 121.0)
        self.assertAlmostEqual(refund.amount_residual, 96.8)

    def test_documents_go_beside_a_long_reading(self):
        self.connection.sudo().write({"settlements_read_at": False})
        move = self.invoice()
        with self.worker() as working:
            working._run(seconds=0)
        self.assertEqual(self.jobs(move).state, "done")

    def test_long_reading_goes_on_with_the_next_run(self):
        moves = [self.booked() for _number in range(3)]
        for number, move in enumerate(moves):
            self.settle(self.key_of(move), "121.00", key=f"S{number}")
        cursor = self.connection.settlement_cursor
        with (
            patch.object(settlement, "PORTION", 1),
            patch.object(settlement, "READING_SECONDS", -1),
        ):
            self.read_back()
            self.assertEqual([move.amount_residual for move in moves], [0.0, 121.0, 121.0])
            self.assertFalse(self.connection.settlements_read_at)
            self.assertEqual(self.connection.settlement_cursor, cursor)
            self.work()
            self.work()
        self.assertEqual([move.amount_residual for move in moves], [0.0, 0.0, 0.0])
        self.assertNotEqual(self.connection.settlement_cursor, cursor)
