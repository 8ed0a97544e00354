"""A person undid in Odoo what was read from the administration, and has it booked again."""

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common_settlement import SettlementCase

USER = "accountable_connect.group_user,account.group_account_invoice"


class TestSettlementAgain(SettlementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(cls.env, "settling_user", groups=USER)

    def settled(self, amount="1210.00", price=1000.0, key="S1", **values):
        move = self.booked(price, **values)
        self.settle(move, amount, key=key)
        self.read_back()
        return move

    def settlement(self, key="S1"):
        return (
            self.env["accountable.binding"]
            .search([("kind", "=", "settlement"), ("external_key", "=", key)])
            .with_user(self.user)
        )

    def entry(self, key="S1"):
        return self.settlement(key).sudo().settlement_entry_id

    def entries(self):
        return self.env["account.move"].search(
            [("journal_id", "=", self.connection.settlement_journal_id.id)]
        )

    def undo(self, how, key="S1"):
        entry = self.entry(key)
        if how == "reversed":
            entry._reverse_moves([{"date": self.today}], cancel=True)
        elif how == "opened":
            entry.line_ids.remove_move_reconcile()
        else:
            entry.button_draft()
            if how == "cancelled":
                entry.button_cancel()
            elif how == "deleted":
                entry.with_context(force_delete=True).unlink()
        self.env.flush_all()
        self.env.invalidate_all()

    def assert_lost(self, move, how, key="S1"):
        settlement = self.settlement(key)
        self.assertEqual(settlement.settlement_state, how)
        self.assertTrue(settlement.can_book_again)
        self.assertIn("Book it again", settlement.settlement_sentence)
        self.assertIn("Book it again", move.with_user(self.user).accountable_lost)

    def book_again(self, key="S1"):
        self.settlement(key).action_book_again()
        self.env.flush_all()
        self.env.invalidate_all()

    def test_every_way_of_undoing(self):
        for how in ("reversed", "draft", "cancelled", "deleted", "opened"):
            with self.subTest(how):
                move = self.settled(key=how)
                self.assertEqual(move.amount_residual, 0.0)
                self.assertFalse(move.accountable_lost)
                self.undo(how, how)
                # Odoo leaves the match of an entry in draft
                self.assertEqual(move.amount_residual, 0.0 if how == "draft" else 1210.0)
                self.assert_lost(move, how, how)
                self.book_again(how)
                self.assertEqual(move.amount_residual, 0.0)
                self.assertFalse(move.accountable_lost)
                self.assertEqual(self.settlement(how).settlement_state, "booked")
                with self.assertRaises(UserError):
                    self.settlement(how).action_book_again()
                count = len(self.entries())
                self.read_back()
                self.assertEqual(len(self.entries()), count, "no reading books it once more")
                self.assertEqual(move.amount_residual, 0.0)

    def test_its_form_shows_what_was_booked(self):
        for how in ("draft", "deleted", "opened"):
            with self.subTest(how):
                self.settled(key=how)
                self.undo(how, how)
                action = self.settlement(how).action_book_again_here()
                shown = self.settlement(how).browse(action["res_id"])
                self.assertEqual(shown, self.settlement(how))
                self.assertEqual(shown.settlement_state, "booked")

    def test_it_stays_as_the_person_wants_until_the_button(self):
        move = self.settled()
        self.undo("reversed")
        self.read_back()
        self.assertEqual(move.amount_residual, 1210.0)
        self.assert_lost(move, "reversed")
        self.assertEqual(self.connection.lost_count, 1)
        action = self.connection.action_lost_settlements()
        found = self.env["accountable.binding"].search(action["domain"])
        self.assertEqual(found, self.settlement().with_user(self.env.user))

    def test_part_payments_and_from_the_document(self):
        move = self.settled("500.00", key="A")
        self.settle(move, "210.00", key="B")
        self.read_back()
        self.assertEqual(move.amount_residual, 500.0)
        self.undo("deleted", "A")
        self.assertEqual(move.amount_residual, 1000.0)
        self.assertEqual(self.settlement("B").settlement_state, "booked")
        move.with_user(self.user).action_accountable_book_again()
        self.assertEqual(move.amount_residual, 500.0)

    def test_more_than_was_open_stays_undone(self):
        """The rest of such a payment is booked when the document opens, but not what was undone."""
        move = self.settled("1500.00")
        self.undo("reversed")
        self.read_back()
        self.assertEqual(move.amount_residual, 1210.0)
        self.book_again()
        self.assertEqual(move.amount_residual, 0.0)

    def test_refund_of_a_credit_note(self):
        move = self.settled(move_type="in_refund", ref="CN-1")
        self.assertEqual(move.amount_residual, 0.0)
        self.undo("cancelled")
        self.book_again()
        self.assertEqual(move.amount_residual, 0.0)

    def test_match_with_a_credit_note(self):
        invoice, refund = self.booked(1000.0), self.booked(1000.0, move_type="out_refund")
        self.settle(
            invoice, "1210.00", kind="set_off", counterpart_key=self.bindings(refund).external_key
        )
        self.read_back()
        self.assertEqual(invoice.amount_residual, 0.0)
        invoice.line_ids.remove_move_reconcile()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assert_lost(invoice, "opened")
        self.book_again()
        self.assertEqual((invoice.amount_residual, refund.amount_residual), (0.0, 0.0))
        self.assertEqual(self.settlement().settlement_state, "matched")

    def test_undone_in_the_administration_meanwhile(self):
        move = self.settled()
        self.undo("reversed")
        self.books.settlements.clear()
        self.books.removed_settlements.append("S1")
        self.read_back()
        self.assertFalse(self.settlement())
        self.assertFalse(move.accountable_lost)
        self.assertEqual(move.amount_residual, 1210.0)

    def test_booked_again_and_then_undone_there(self):
        move = self.settled()
        self.undo("deleted")
        self.book_again()
        self.books.settlements.clear()
        self.books.removed_settlements.append("S1")
        self.read_back()
        self.assertEqual(move.amount_residual, 1210.0)

    def test_deleted_together_with_its_document(self):
        move = self.settled()
        self.undo("deleted")
        move.button_draft()
        move.with_context(force_delete=True).unlink()
        self.env.flush_all()
        self.env.invalidate_all()
        settlement = self.settlement()
        self.assertEqual(settlement.settlement_state, "deleted")
        self.assertFalse(settlement.can_book_again)
        self.assertIn("document it settled was deleted", settlement.settlement_sentence)
        self.assertFalse(self.connection.lost_count)

    def test_document_in_draft(self):
        move = self.settled()
        self.undo("reversed")
        move.button_draft()
        with self.assertRaisesRegex(UserError, "post it first"):
            self.settlement().action_book_again()

    def test_locked_period(self):
        move = self.settled()
        self.undo("reversed")
        self.company.fiscalyear_lock_date = self.today
        self.book_again()
        self.assertEqual(move.amount_residual, 0.0)
        self.assertGreater(self.entry().date, self.today)

    def test_entry_that_settles_something_else_by_now(self):
        move, other = self.settled(), self.booked(1000.0)
        self.undo("opened")
        line = self.entry().line_ids.filtered(lambda one: one.account_id != self.clearing)
        (line + other.line_ids.filtered(lambda one: one.account_id == line.account_id)).reconcile()
        self.assertEqual(self.settlement().settlement_state, "opened")
        with self.assertRaisesRegex(UserError, "something else"):
            self.settlement().action_book_again()
        self.assertEqual(move.amount_residual, 1210.0)

    def test_without_a_journal(self):
        self.settled()
        self.undo("deleted")
        self.connection.settlement_journal_id = False
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.settlement().action_book_again()
        self.assertTrue(self.settlement().can_book_again, "nothing is lost")

    def test_only_users_of_the_packages(self):
        self.settled()
        self.undo("deleted")
        accountant = new_test_user(self.env, "accountant_only", groups="account.group_account_user")
        with self.assertRaises(AccessError):
            self.settlement().with_user(accountant).action_book_again()

    # Odoo booked the bank meanwhile

    def test_switched_to_the_package_without_a_journal(self):
        self.connection.write({"bank_owner": "odoo", "settlement_journal_id": False})
        moves = [self.booked(1000.0) for _one in range(2)]
        for number, move in enumerate(moves):
            self.settle(move, "500.00", key=f"S{number}")
        self.read_back()
        self.connection.bank_owner = "package"
        self.work()
        self.assertTrue(self.connection.settlement_journal_id, "it is made when it is needed")
        self.assertEqual([move.amount_residual for move in moves], [710.0, 710.0])
        self.read_back()
        self.assertEqual([move.amount_residual for move in moves], [710.0, 710.0])

    def test_switched_back_while_a_document_is_in_draft(self):
        self.connection.bank_owner = "odoo"
        move = self.booked(1000.0)
        self.settle(move, "500.00")
        self.read_back()
        move.button_draft()
        self.connection.bank_owner = "package"
        self.read_back()
        move.action_post()
        self.work()
        self.read_back()
        self.assertEqual(move.amount_residual, 710.0)

    def test_of_every_kind_and_back_and_forth(self):
        self.connection.bank_owner = "odoo"
        kinds = ("out_invoice", "in_invoice", "out_refund", "in_refund")
        moves = [self.booked(1000.0, move_type=kind, ref=kind) for kind in kinds]
        gone = self.booked(1000.0)
        for move in (*moves, gone):
            self.settle(move, "500.00", key=f"K{move.id}")
        self.read_back()
        self.books.settlements.pop()
        self.books.removed_settlements.append(f"K{gone.id}")
        self.read_back()
        for owner in ("package", "odoo", "package"):
            self.connection.bank_owner = owner
            self.work()
            self.read_back()
            self.assertEqual([move.amount_residual for move in moves], [710.0] * 4)
        self.assertEqual(gone.amount_residual, 1210.0)

    def test_what_odoo_has_by_then_comes_once(self):
        self.connection.bank_owner = "odoo"
        move, paid = self.booked(1000.0), self.booked(1000.0)
        self.settle(move, "500.00", key="A")
        self.settle(paid, "500.00", key="B")
        self.read_back()
        self.pay(paid, amount=500.0)
        self.connection.bank_owner = "package"
        self.read_back()
        self.assertEqual((move.amount_residual, paid.amount_residual), (710.0, 710.0))

    def test_switched_off_and_on(self):
        move = self.booked(1000.0)
        self.connection.settlements_back = False
        self.settle(move, "500.00")
        self.read_back()
        self.assertEqual(move.amount_residual, 1210.0)
        self.connection.settlements_back = True
        self.work()
        self.assertEqual(move.amount_residual, 710.0)

    def test_payment_read_while_it_was_paused(self):
        move = self.booked(1000.0)
        self.connection.action_pause()
        self.settle(move, "500.00")
        self.connection.action_resume()
        self.connection.sudo().settlements_read_at = fields.Datetime.now()
        self.read_back()
        self.assertEqual(move.amount_residual, 710.0)
