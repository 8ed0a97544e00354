from decimal import Decimal

from odoo.addons.accountable_connect.documents import OpenItem

from .common_settlement import SettlementCase


class TestSettlementAlarms(SettlementCase):
    """Nothing is said of what is right."""

    def open_there(self, move, amount, currency="EUR"):
        item = OpenItem(
            document_key=self.bindings(move).external_key,
            party_key="P1",
            document_date=move.invoice_date,
            amount=Decimal(amount),
            amount_company=Decimal(amount),
            currency=currency,
        )
        self.books.open.append(item)

    def compare(self):
        self.connection.sudo().open_items_read_at = False
        self.read_back()
        return self.connection.open_items_differences or []

    def messages(self, record):
        return "".join(record.message_ids.mapped("body"))

    def credited(self):
        """An invoice with its credit note, matched in Odoo as Odoo does by itself."""
        move = self.booked()
        refund = move._reverse_moves([{"invoice_date": self.today}], cancel=True)
        self.work()
        self.assertEqual(self.jobs(refund).state, "done")
        self.assertEqual(move.amount_residual, 0.0)
        return move, refund

    def test_settlements_of_the_same_run_are_booked_before_comparing(self):
        move = self.booked()
        self.settle(move, "121.00")
        self.assertEqual(self.compare(), [])
        self.assertNotIn("different amounts", self.messages(self.connection))

    def test_comparison_waits_until_all_is_booked(self):
        move = self.booked()
        self.settle(move, "121.00")
        self.patch(self.registry["accountable.settlement"], "_repeat_changes", lambda *_: False)
        self.compare()
        self.assertFalse(self.connection.open_items_differences)

    def test_decimals_are_those_of_the_currency(self):
        for name, digits, shown in (("JPY", 1.0, "60.4"), ("KWD", 0.001, "60.5004")):
            with self.subTest(name):
                currency = self.env["res.currency"].with_context(active_test=False)
                currency = currency.search([("name", "=", name)])
                currency.write({"active": True, "rounding": digits})
                move = self.booked(50.0 if name == "KWD" else 49.6, currency_id=currency)
                self.open_there(move, shown, name)
                self.assertEqual(self.compare(), [])
        self.books.open.pop()
        self.open_there(move, "60.511", "KWD")
        [difference] = self.compare()
        self.assertEqual((difference["in_odoo"], difference["in_package"]), ("60.5", "60.511"))
        self.assertIn("60.500", self.messages(self.connection))

    def test_partly_paid_in_a_foreign_currency(self):
        currency = self.setup_other_currency("USD", rates=[("2020-01-01", 1.1)])
        move = self.booked(100.0, currency_id=currency)
        for key in ("S1", "S2"):
            self.settle(move, "33.3333", key=key, amount_company="30.30")
        self.open_there(move, "54.3334", "USD")
        self.assertEqual(self.compare(), [])
        self.assertAlmostEqual(move.amount_residual, 54.34)

    def test_match_that_odoo_has_is_known(self):
        for first in (0, 1):
            pair = self.credited()
            keys = [self.bindings(one).external_key for one in pair]
            self.settle(
                pair[first],
                "121.00",
                key=f"S{first}",
                kind="set_off",
                counterpart_key=keys[1 - first],
            )
            self.read_back()
            for one in pair:
                self.assertNotIn("set off", self.messages(one))

    def test_match_that_odoo_has_stays_when_it_is_undone_there(self):
        move, refund = self.credited()
        self.settle(
            move, "121.00", kind="set_off", counterpart_key=self.bindings(refund).external_key
        )
        self.read_back()
        self.books.settlements.clear()
        self.books.removed_settlements.append("S1")
        self.read_back()
        self.assertEqual((move.amount_residual, refund.amount_residual), (0.0, 0.0))

    def test_known_match_that_goes_in_odoo_is_made_again(self):
        move, refund = self.credited()
        self.settle(
            move, "121.00", kind="set_off", counterpart_key=self.bindings(refund).external_key
        )
        self.read_back()
        move.line_ids.remove_move_reconcile()
        self.assertEqual(move.amount_residual, 121.0)
        self.read_back()
        self.assertEqual((move.amount_residual, refund.amount_residual), (0.0, 0.0))

    def test_one_match_in_odoo_told_in_two_parts(self):
        move, refund = self.credited()
        key = self.bindings(refund).external_key
        self.settle(move, "100.00", key="S1", kind="set_off", counterpart_key=key)
        self.settle(move, "21.00", key="S2", kind="set_off", counterpart_key=key)
        self.read_back()
        self.assertNotIn("set off", self.messages(move))

    def test_rest_of_a_match_is_made(self):
        """Odoo has 60.50 of it, the administration 100.00."""
        move, refund = self.booked(), self.booked(move_type="out_refund")
        lines = (move + refund).line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.env["account.partial.reconcile"].create(
            {
                "amount": 60.5,
                "debit_amount_currency": 60.5,
                "credit_amount_currency": 60.5,
                "debit_move_id": lines[0].id,
                "credit_move_id": lines[1].id,
            }
        )
        key = self.bindings(refund).external_key
        self.settle(move, "100.00", kind="set_off", counterpart_key=key)
        self.read_back()
        self.assertEqual((move.amount_residual, refund.amount_residual), (21.0, 21.0))

    def test_document_that_is_not_open_is_named_as_people_see_it(self):
        move, refund = self.booked(), self.booked(move_type="out_refund")
        self.pay(refund)
        self.bindings(refund).number = "V2 2026/11"
        key = self.bindings(refund).external_key
        self.settle(move, "121.00", key="S1", kind="set_off", counterpart_key=key)
        self.read_back()
        self.assertIn(f"V2 2026/11 / {refund.name}", self.messages(move))
        self.assertNotIn(key, self.messages(move))

    def test_booking_odoo_does_not_have_is_named_by_its_text(self):
        move = self.booked()
        self.settle(
            move, "21.00", kind="set_off", counterpart_key="sale/507f9c56", text="Credit 11"
        )
        self.read_back()
        self.assertIn("Credit 11", self.messages(move))
        self.assertNotIn("507f9c56", self.messages(move))

    def test_set_off_follows_when_the_credit_note_opens(self):
        move, refund = self.booked(), self.booked(move_type="out_refund")
        payment = self.pay(refund)
        key = self.bindings(refund).external_key
        self.settle(move, "121.00", kind="set_off", counterpart_key=key)
        self.read_back()
        payment.action_draft()
        payment.action_cancel()
        self.read_back()
        self.assertEqual((move.amount_residual, refund.amount_residual), (0.0, 0.0))
