import dataclasses
from datetime import timedelta
from decimal import Decimal

from odoo import fields
from odoo.addons.accountable_connect.api import errors
from odoo.addons.accountable_connect.documents import OpenItem

from .common_settlement import SettlementCase


class TestSettlements(SettlementCase):
    def test_full_payment_settles_the_invoice(self):
        move = self.booked()
        self.settle(move, "121.00")
        self.read_back()
        self.assertEqual(move.amount_residual, 0.0)
        entry = self.env["account.move"].search(
            [("journal_id", "=", self.connection.settlement_journal_id.id)]
        )
        self.assertEqual(len(entry), 1)
        self.assertEqual(entry.date, self.today)
        clearing = entry.line_ids.filtered(lambda line: line.account_id == self.clearing)
        self.assertEqual(clearing.balance, 121.0)
        self.assertEqual(self.bindings(entry.line_ids - clearing, "settlement").external_key, "S1")

    def test_read_twice_changes_nothing(self):
        move = self.booked()
        self.settle(move, "21.00")
        self.read_back()
        entries = self.env["account.move"].search_count([])
        self.read_back()
        self.assertEqual(move.amount_residual, 100.0)
        self.assertEqual(self.env["account.move"].search_count([]), entries)

    def test_invoice_of_a_branch(self):
        branch = self.env["res.company"].create(
            {
                "name": "Branch",
                "parent_id": self.company.id,
                "country_id": self.company.country_id.id,
            }
        )
        self.env.cr.precommit.run()  # its chart of accounts
        self.env.user.company_ids += branch
        both = {"allowed_company_ids": [self.company.id, branch.id]}
        move = (
            self.env["account.move"]
            .with_context(**both)
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
        self.work()
        self.settle(move, "21.00")
        self.read_back()
        self.assertEqual(move.amount_residual, 100.0)
        self.books.removed_settlements.append("S1")
        self.books.settlements.clear()
        self.read_back()
        self.assertEqual(move.amount_residual, 121.0)

    def test_two_invoices_in_one_payment(self):
        first, second = self.booked(), self.booked(50.0)
        self.settle(first, "121.00", key="F1/1-V1/1", counterpart_key="F1/1")
        self.settle(second, "20.50", key="F1/1-V1/2", counterpart_key="F1/1")
        self.read_back()
        self.assertEqual((first.amount_residual, second.amount_residual), (0.0, 40.0))

    def test_bill_and_vendor_credit_note(self):
        bill = self.booked(move_type="in_invoice", ref="F-1")
        refund = self.booked(move_type="in_refund", ref="C-1")
        self.settle(bill, "121.00", key="S1")
        self.settle(refund, "121.00", key="S2")
        self.read_back()
        self.assertEqual((bill.amount_residual, refund.amount_residual), (0.0, 0.0))

    def test_removed_settlement_opens_exactly_that_part(self):
        move = self.booked()
        first = self.settle(move, "21.00", key="S1")
        self.settle(move, "30.00", key="S2")
        self.read_back()
        self.assertEqual(move.amount_residual, 70.0)
        self.books.settlements.remove(first)
        self.books.removed_settlements.append("S1")
        self.read_back()
        self.assertEqual(move.amount_residual, 91.0)
        self.read_back()
        self.assertEqual(move.amount_residual, 91.0)

    def test_reading_of_everything_undoes_what_it_does_not_find(self):
        """Removed rows are forgotten over there after a while."""
        move = self.booked()
        self.settle(move, "21.00", key="S1")
        self.settle(move, "30.00", key="S2")
        self.settle(move, "20.00", key="S3")
        self.read_back()
        self.assertEqual(move.amount_residual, 50.0)
        self.books.settlements = self.books.settlements[:1]
        self.read_back()
        self.assertEqual(move.amount_residual, 50.0)
        # S2 could not be looked at this time
        self.books.all_settlement_keys = frozenset({"S1", "S2"})
        self.read_back()
        self.assertEqual(move.amount_residual, 70.0)
        bindings = self.env["accountable.binding"].search(
            [("connection_id", "=", self.connection.id), ("kind", "=", "settlement")]
        )
        self.assertEqual(set(bindings.mapped("external_key")), {"S1", "S2"})

    def test_other_words_of_a_payment_book_nothing_anew(self):
        move = self.booked()
        settlement = self.settle(move, "21.00", text="Payment", counterpart_key="entry/1")
        self.read_back()
        entries = self.env["account.move"].search_count([])
        self.books.settlements = [
            dataclasses.replace(settlement, text="PAYMENT 1", counterpart_key="entry/2")
        ]
        self.read_back()
        self.assertEqual(self.env["account.move"].search_count([]), entries)
        self.assertEqual(move.amount_residual, 100.0)

    def test_matched_again_with_the_same_key(self):
        move = self.booked()
        self.settle(move, "21.00", key="S1")
        self.books.removed_settlements.append("S1")
        self.read_back()
        self.assertEqual(move.amount_residual, 100.0)
        entries = self.env["account.move"].search_count([])
        self.read_back()
        self.assertEqual(self.env["account.move"].search_count([]), entries)

    def test_changed_amount_replaces_the_old_one(self):
        move = self.booked()
        settlement = self.settle(move, "21.00")
        self.read_back()
        self.books.settlements[:] = [
            dataclasses.replace(settlement, amount=Decimal("51"), amount_company=Decimal("51"))
        ]
        self.read_back()
        self.assertEqual(move.amount_residual, 70.0)

    def test_set_off_matches_both_with_exactly_that_amount(self):
        move, refund = self.booked(), self.booked(50.0, move_type="out_refund")
        self.settle(
            move, "20.00", kind="set_off", counterpart_key=self.bindings(refund).external_key
        )
        self.read_back()
        self.assertEqual((move.amount_residual, refund.amount_residual), (101.0, 40.5))
        self.books.settlements.clear()
        self.books.removed_settlements.append("S1")
        self.read_back()
        self.assertEqual((move.amount_residual, refund.amount_residual), (121.0, 60.5))

    def test_whole_set_off_told_from_both_sides(self):
        move, refund = self.booked(), self.booked(50.0, move_type="out_refund")
        keys = self.bindings(move).external_key, self.bindings(refund).external_key
        self.settle(move, "60.50", key="S1", kind="set_off", counterpart_key=keys[1])
        self.settle(refund, "60.50", key="S2", kind="set_off", counterpart_key=keys[0])
        self.read_back()
        self.assertEqual((move.amount_residual, refund.amount_residual), (60.5, 0.0))
        self.assertFalse(self.books.calls["update_document"])

    def test_write_off_and_doubtful_are_shown_and_not_booked(self):
        move = self.booked()
        self.settle(move, "0.02", key="S1", kind="write_off", text="difference")
        self.settle(move, "120.98", key="S2", kind="transfer", text="407 doubtful")
        self.read_back()
        self.assertEqual(move.amount_residual, 121.0)
        notes = move.message_ids.mapped("body")
        self.assertTrue(any("written off" in note for note in notes), notes)
        self.assertTrue(any("407 doubtful" in note for note in notes), notes)
        count = len(move.message_ids)
        self.read_back()
        self.assertEqual(len(move.message_ids), count)

    def test_already_paid_in_odoo_is_not_booked_twice(self):
        move = self.booked()
        self.pay(move)
        self.assertEqual(move.amount_residual, 0.0)
        self.settle(move, "121.00")
        self.read_back()
        journal = self.connection.settlement_journal_id
        self.assertFalse(self.env["account.move"].search([("journal_id", "=", journal.id)]))

    def test_odoo_owns_the_bank(self):
        self.connection.bank_owner = "odoo"
        move = self.booked()
        self.settle(move, "121.00")
        self.read_back()
        self.assertEqual(move.amount_residual, 121.0)

    def test_instalments_are_paid_in_order(self):
        move = self.booked(invoice_payment_term_id=self.pay_terms_b)
        lines = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
        lines = lines.sorted("date_maturity")
        self.assertEqual(len(lines), 2)
        first = lines[0].amount_residual
        self.settle(move, str(first))
        self.read_back()
        self.assertEqual(lines.mapped("reconciled"), [True, False])

    def test_locked_period_moves_the_payment(self):
        move = self.booked()
        paid_on = self.today - timedelta(days=40)
        self.company.fiscalyear_lock_date = self.today - timedelta(days=20)
        self.settle(move, "121.00", date=paid_on)
        self.read_back()
        self.assertEqual(move.amount_residual, 0.0)
        entry = self.env["account.move"].search(
            [("journal_id", "=", self.connection.settlement_journal_id.id)]
        )
        self.assertGreater(entry.date, self.company.fiscalyear_lock_date)
        self.assertIn(str(paid_on), entry.ref)

    def test_undone_after_the_period_was_locked(self):
        move = self.booked()
        self.settle(move, "121.00", date=self.today - timedelta(days=40))
        self.read_back()
        self.assertEqual(move.amount_residual, 0.0)
        self.company.fiscalyear_lock_date = self.today - timedelta(days=20)
        self.books.settlements.clear()
        self.books.removed_settlements.append("S1")
        self.read_back()
        self.assertEqual(move.amount_residual, 121.0)

    def test_foreign_currency_with_another_rate(self):
        currency = self.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])
        move = self.booked(125.0, currency_id=currency)
        self.assertEqual(move.currency_id, currency)
        self.settle(move, str(move.amount_total), amount_company="118.00")
        self.read_back()
        self.assertEqual(
            (move.amount_residual, move.payment_state in ("paid", "in_payment")), (0.0, True)
        )

    def test_more_than_is_open_is_booked_as_far_as_it_is_open(self):
        move = self.booked()
        self.settle(move, "150.00")
        self.read_back()
        self.assertEqual(move.amount_residual, 0.0)
        self.assertEqual(self.on_clearing(), (121.0, 121.0))

    def test_more_than_is_open_in_a_foreign_currency(self):
        """Of its amount in the company's currency goes the same part."""
        currency = self.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])
        move = self.booked(125.0, currency_id=currency)
        self.assertEqual(move.amount_total, 151.25)
        self.settle(move, "200.00", amount_company="170.00")
        self.read_back()
        self.assertEqual((move.amount_residual, move.amount_residual_signed), (0.0, 0.0))
        self.assertEqual(self.on_clearing(), (128.56, 151.25))

    def on_clearing(self):
        """What payments made on the clearing account: in the company's and in their currency."""
        lines = self.env["account.move.line"].search([("account_id", "=", self.clearing.id)])
        currency = lines.currency_id
        return (
            self.company.currency_id.round(sum(lines.mapped("balance"))),
            currency.round(sum(lines.mapped("amount_currency"))),
        )

    def test_one_that_cannot_be_booked_stops_no_other_and_is_tried_again(self):
        first, second = self.booked(), self.booked()
        self.settle(first, "121.00", key="S1")
        self.settle(second, "121.00", key="S2")
        model = self.registry["accountable.settlement"]
        original = model._book_payment

        def refuses_the_first(self, connection, settlement, *arguments):
            if settlement.key == "S1":
                raise ValueError("no")
            return original(self, connection, settlement, *arguments)

        self.connection.sudo().write({"settlements_read_at": False})
        self.patch(model, "_book_payment", refuses_the_first)
        self.work(unexpected=True)
        self.assertEqual((first.amount_residual, second.amount_residual), (121.0, 0.0))
        self.patch(model, "_book_payment", original)
        self.books.settlements.clear()
        self.read_back()
        self.assertEqual(first.amount_residual, 0.0)

    def test_cursor_is_not_moved_when_reading_fails(self):
        move = self.booked()
        self.settle(move, "121.00")
        cursor = self.connection.settlement_cursor
        self.books.fail("settlements_since", errors.TemporaryError("down"))
        self.read_back()
        self.assertEqual(self.connection.settlement_cursor, cursor)
        self.assertEqual(move.amount_residual, 121.0)
        self.read_back()
        self.assertEqual(move.amount_residual, 0.0)

    def test_limit_of_reading_keeps_no_document_from_going(self):
        self.connection.sudo().write({"settlements_read_at": False})
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        self.books.fail("settlements_since", errors.LimitReachedError("48", not_before=tomorrow))
        move = self.booked()
        self.assertEqual(move.accountable_state, "exported")

    # Open items

    def open_item(self, move, amount, key, party_key="P1", **values):
        self.books.open.append(
            OpenItem(
                document_key=key,
                party_key=party_key,
                document_date=move.invoice_date,
                amount=Decimal(amount),
                amount_company=Decimal(amount),
                currency="EUR",
                **values,
            )
        )

    def test_opening_item_is_bound_by_reference_and_paid(self):
        self.connection.start_date = self.today - timedelta(days=10)
        old = self.invoice(invoice_date=self.today - timedelta(days=30))
        self.assertFalse(self.jobs(old))
        self.env["accountable.binding"].sudo()._bind(
            self.connection.id, "party", "res.partner", self.partner_a.id, {"external_key": "P1"}
        )
        self.open_item(old, "121.00", "OPEN/7", reference=old.name)
        self.read_back()
        self.assertEqual(self.bindings(old).external_key, "OPEN/7")
        self.settle(old, "121.00")
        self.read_back()
        self.assertEqual(old.amount_residual, 0.0)
        self.assertFalse(self.books.documents)

    def test_opening_item_that_two_documents_could_be_is_bound_to_none(self):
        self.connection.start_date = self.today - timedelta(days=10)
        long_ago = self.today - timedelta(days=30)
        first, second, other = (self.invoice(invoice_date=long_ago) for _number in range(3))
        (first + second).payment_reference = "Contract 12"
        self.env["accountable.binding"].sudo()._bind(
            self.connection.id, "party", "res.partner", self.partner_a.id, {"external_key": "P1"}
        )
        self.open_item(first, "121.00", "OPEN/12", reference="contract 12")
        self.open_item(other, "121.00", "OPEN/13", reference=other.name)
        self.read_back()
        self.assertEqual(self.bindings(other).external_key, "OPEN/13")
        self.assertFalse(self.bindings(first + second))

    def test_opening_item_is_no_document_of_another_company(self):
        """A contact that both have; the item names a number that only the other company gave."""
        self.connection.start_date = self.today - timedelta(days=10)
        other = self.setup_other_company()["company"]
        theirs = self.init_invoice(
            "out_invoice",
            partner=self.partner_a,
            invoice_date=self.today - timedelta(days=30),
            amounts=[121.0],
            company=other,
        )
        theirs.name = "INV/OTHER/0042"
        theirs.action_post()
        self.env["accountable.binding"].sudo()._bind(
            self.connection.id, "party", "res.partner", self.partner_a.id, {"external_key": "P1"}
        )
        self.open_item(theirs, "121.00", "OPEN/7", reference=theirs.name)
        self.read_back()
        self.assertFalse(self.bindings(theirs))

    def test_daily_comparison_names_the_difference(self):
        same, paid = self.booked(), self.booked(50.0)
        self.pay(paid)
        self.open_item(same, "121.00", self.bindings(same).external_key)
        self.open_item(paid, "60.50", self.bindings(paid).external_key)
        self.connection.sudo().open_items_read_at = False
        self.read_back()
        [difference] = self.connection.open_items_differences
        self.assertEqual(
            (
                difference["name"],
                difference["in_odoo"],
                difference["in_package"],
                difference["reason"],
            ),
            (paid.name, "0.0", "60.50", "paid_in_odoo"),
        )
