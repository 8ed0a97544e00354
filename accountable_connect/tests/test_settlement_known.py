from datetime import timedelta

from .common_settlement import SettlementCase


class TestKnownPayments(SettlementCase):
    """What both sides have counts once, whichever came first."""

    def entries(self):
        """What was booked and not undone."""
        entries = self.env["account.move"].search(
            [
                ("journal_id", "=", self.connection.settlement_journal_id.id),
                ("state", "=", "posted"),
            ]
        )
        return entries.filtered(
            lambda entry: not entry.reversed_entry_id and not entry.reversal_move_ids
        )

    def notes(self, move):
        move.invalidate_recordset(["accountable_notes"])
        return move.accountable_notes or ""

    def withdraw(self, *keys):
        self.books.settlements = [one for one in self.books.settlements if one.key not in keys]
        self.books.removed_settlements += keys
        self.read_back()

    def test_part_payment_known_to_both_counts_once(self):
        for move_type in ("out_invoice", "out_refund", "in_invoice", "in_refund"):
            move = self.booked(1000.0, move_type=move_type, ref=f"F-{move_type}")
            with self.subTest(move_type):
                self.pay(move, amount=500.0)
                self.settle(move, "500.00", key=f"S-{move_type}")
                self.read_back()
                self.assertEqual(move.amount_residual, 710.0)
                self.assertIn("500.00", self.notes(move))
                self.read_back()
                self.assertEqual(move.amount_residual, 710.0)
        self.assertFalse(self.entries())

    def test_second_one_of_the_amount_is_a_second_payment(self):
        move = self.booked(1000.0)
        self.pay(move, amount=500.0)
        self.settle(move, "500.00", key="S1", date=self.today - timedelta(days=9))
        self.settle(move, "500.00", key="S2")
        self.read_back()
        self.assertEqual(move.amount_residual, 210.0)
        # the nearest date is the one Odoo has
        self.assertEqual(self.entries().date, self.today - timedelta(days=9))
        self.read_back()
        self.assertEqual(move.amount_residual, 210.0)

    def test_second_one_comes_later(self):
        move = self.booked(1000.0)
        self.pay(move, amount=500.0)
        for key, left in (("S1", 710.0), ("S2", 210.0)):
            self.settle(move, "500.00", key=key)
            self.read_back()
            self.assertEqual(move.amount_residual, left)

    def test_registered_in_odoo_after_it_was_booked(self):
        move = self.booked(1000.0)
        self.settle(move, "500.00")
        self.read_back()
        self.pay(move, amount=500.0)
        self.assertEqual(move.amount_residual, 210.0)
        self.read_back()
        self.assertEqual(move.amount_residual, 710.0)
        self.assertFalse(self.entries())
        self.settle(move, "500.00", key="S2")
        self.read_back()
        self.assertEqual(move.amount_residual, 210.0)

    def test_undone_in_odoo_later(self):
        move = self.booked(1000.0)
        payment = self.pay(move, amount=500.0)
        self.settle(move, "500.00")
        self.read_back()
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(move.amount_residual, 1210.0)
        self.read_back()
        self.assertEqual(move.amount_residual, 710.0)
        self.assertEqual(len(self.entries()), 1)
        self.assertFalse(self.notes(move))

    def test_withdrawn_in_the_administration(self):
        move = self.booked(1000.0)
        self.pay(move, amount=500.0)
        self.settle(move, "500.00", key="S1")
        self.read_back()
        self.withdraw("S1")
        self.assertEqual(move.amount_residual, 710.0)
        self.assertFalse(self.notes(move))

    def test_the_known_one_of_two_is_withdrawn(self):
        """Odoo's payment stands for the other one from now on."""
        move = self.booked(1000.0)
        self.pay(move, amount=500.0)
        self.settle(move, "500.00", key="S1")
        self.settle(move, "500.00", key="S2")
        self.read_back()
        self.withdraw("S1")
        self.read_back()
        self.assertEqual(move.amount_residual, 710.0)
        self.assertFalse(self.entries())

    def test_only_the_sum_fits(self):
        move = self.booked(1000.0)
        self.pay(move, amount=500.0)
        self.settle(move, "300.00", key="S1")
        self.read_back()
        self.assertEqual(move.amount_residual, 410.0)
        self.settle(move, "200.00", key="S2")
        self.read_back()
        self.assertEqual(move.amount_residual, 710.0)
        self.assertIn("same sum: 200.00", self.notes(move))
        other = self.booked(1000.0)
        self.pay(other, amount=300.0)
        self.pay(other, amount=200.0)
        self.settle(other, "500.00", key="S3")
        self.read_back()
        self.assertEqual(other.amount_residual, 710.0)

    def test_another_amount_is_another_payment(self):
        move = self.booked(1000.0)
        self.pay(move, amount=500.0)
        self.settle(move, "300.00")
        self.read_back()
        self.assertEqual(move.amount_residual, 410.0)

    def test_payment_with_a_write_off(self):
        move = self.booked(1000.0)
        self.pay(
            move,
            amount=1200.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        self.assertEqual(move.amount_residual, 0.0)
        self.settle(move, "1200.00", key="S1")
        self.settle(move, "10.00", key="S2", kind="write_off")
        self.read_back()
        self.assertFalse(self.entries())
        self.assertIn("1,200.00", self.notes(move))

    def test_one_payment_in_odoo_of_several_invoices(self):
        moves = self.booked(100.0) | self.booked(50.0)
        self.pay(moves, group_payment=True)
        self.settle(moves[0], "121.00", key="S1")
        self.settle(moves[1], "60.50", key="S2")
        self.read_back()
        self.assertEqual(moves.mapped("amount_residual"), [0.0, 0.0])
        self.assertFalse(self.entries())

    def test_line_of_a_bank_statement(self):
        move = self.booked(1000.0)
        statement_line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": self.today,
                "payment_ref": move.name,
                "partner_id": self.partner_a.id,
                "amount": 500.0,
            }
        )
        _liquidity, suspense, _other = statement_line._seek_for_lines()
        receivable = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
        suspense.account_id = receivable.account_id
        (suspense + receivable).reconcile()
        self.assertEqual(move.amount_residual, 710.0)
        self.settle(move, "500.00")
        self.read_back()
        self.assertEqual(move.amount_residual, 710.0)

    def test_foreign_currency(self):
        currency = self.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])
        move = self.booked(1000.0, currency_id=currency)
        self.pay(move, amount=500.0, currency_id=currency.id)
        self.settle(move, "500.004", amount_company="400.00")
        self.read_back()
        self.assertEqual(move.amount_residual, 710.0)

    def test_more_than_was_open_opens_again(self):
        move = self.booked(1000.0)
        payment = self.pay(move, amount=500.0)
        self.settle(move, "1210.00")
        self.read_back()
        self.assertEqual(move.amount_residual, 0.0)
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(move.amount_residual, 500.0)
        self.read_back()
        self.assertEqual(move.amount_residual, 0.0)
        self.assertEqual(len(self.entries()), 1)

    def test_bank_of_odoo(self):
        self.connection.bank_owner = "odoo"
        move = self.booked(1000.0)
        self.settle(move, "500.00")
        self.read_back()
        self.assertEqual(move.amount_residual, 1210.0)
        self.assertIn("Odoo books the bank: 500.00", self.notes(move))
        messages = len(move.message_ids)
        self.read_back()
        self.assertEqual(len(move.message_ids), messages)
        self.connection.bank_owner = "package"
        self.read_back()
        self.assertEqual(move.amount_residual, 710.0)
        self.assertFalse(self.notes(move))

    def test_bank_goes_to_odoo_after_it_was_booked(self):
        move = self.booked(1000.0)
        self.settle(move, "500.00")
        self.read_back()
        self.connection.bank_owner = "odoo"
        self.read_back()
        self.assertEqual(move.amount_residual, 710.0)
        self.pay(move, amount=500.0)
        self.read_back()
        self.assertEqual(move.amount_residual, 710.0)

    def test_more_than_was_open_is_matched_once_it_opens(self):
        for move_type in ("out_invoice", "in_refund"):
            move = self.booked(1000.0, move_type=move_type, ref=f"F-{move_type}")
            self.settle(move, "500.00", key=f"{move_type}1")
            self.settle(move, "500.00", key=f"{move_type}2")
            self.read_back()
            for _payment in range(2):
                self.pay(move, amount=500.0)
                self.read_back()
                self.assertEqual(move.amount_residual, 210.0)
        self.assertFalse(self.entries())
