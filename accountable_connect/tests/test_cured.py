"""What failed goes by itself once its cause is gone; no refusal is asked for again meanwhile."""

import dataclasses
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.addons.accountable_connect.api import errors
from odoo.addons.accountable_connect.documents import MasterItem
from odoo.addons.accountable_connect.models.engine import failed_items
from odoo.tools import format_date

from .common import ConnectionCase
from .common_settlement import SettlementCase
from .fake_package import FakePackage


class TestCured(ConnectionCase):
    def refused(self, error=None, **values):
        """A document that the package refused, for a reason the precheck does not know."""
        error = error or errors.ConfigurationMissingError("no such account", code="account")
        self.books.fail("create_document", error)
        move = self.invoice(**values)
        self.work()
        self.assertEqual(self.jobs(move).state, "failed")
        return move

    def assert_waits(self, move, calls=None):
        """Further runs ask the package nothing about it."""
        before = self.books.calls["create_document"]
        for _run in range(3):
            self.work()
        self.assertEqual(self.jobs(move).state, "failed")
        self.assertEqual(self.books.calls["create_document"], before)

    def assert_goes(self, moves):
        self.work()
        for job in self.jobs(moves):
            self.assertEqual(job.state, "done", job.message)

    def mapping(self, record):
        return self.env["accountable.mapping"].search(
            [
                ("connection_id", "=", self.connection.id),
                ("source_key", "=", f"{record._name},{record.id}"),
            ]
        )

    def other_account(self, code="700100"):
        return self.master_item("ledger_account", code)

    def vanish(self, kind, code):
        """The next reading of the master data does not find it."""
        kept = self.connection.master_data_ids.filtered(
            lambda item: item.kind == kind and item.code != code
        )
        self.env["accountable.master.data"]._store(
            self.connection.sudo(), [item._as_item() for item in kept], (kind,)
        )
        self.env["accountable.mapping"]._check_counterparts(self.connection.sudo())

    # What is told without a call

    def test_account_that_vanished_and_is_mapped_anew(self):
        move = self.refused()
        self.assert_waits(move)
        row = self.mapping(move.invoice_line_ids.account_id)
        row.master_data_id = self.other_account()
        self.assert_goes(move)

    def test_more_items_than_a_run_looks_at_at_once(self):
        moves = self.refused() + self.refused() + self.refused() + self.refused()
        self.mapping(moves.invoice_line_ids.account_id).master_data_id = self.other_account()
        with patch.object(failed_items, "LOOKED_AT", 2):
            self.assert_goes(moves)

    def test_counterpart_that_vanished_and_is_mapped_anew(self):
        for kind, code, move_type, document_kind in (
            ("journal", "A1", "in_receipt", "purchase"),
            ("vat_code", "21", "out_refund", "any"),
            ("ledger_account", "700000", "out_invoice", "any"),
        ):
            with self.subTest(kind):
                move = self.invoice(move_type=move_type)
                line = move.invoice_line_ids
                source = {"journal": move.journal_id, "vat_code": line.tax_ids}
                new = self.master_item(kind, f"{code}N", type="purchase")
                self.vanish(kind, code)
                self.work()
                self.assertEqual(self.jobs(move).error_kind, "configuration_missing")
                self.assert_waits(move)
                row = self.mapping(source.get(kind, line.account_id)).filtered(
                    lambda row, document_kind=document_kind: row.document_kind == document_kind
                )
                row.master_data_id = new
                self.assert_goes(move)

    def test_many_with_one_cause(self):
        moves = self.env["account.move"].union(*(self.invoice() for _one in range(45)))
        new = self.other_account()
        self.vanish("ledger_account", "700000")
        self.work()
        self.assertEqual(set(self.jobs(moves).mapped("state")), {"failed"})
        self.mapping(moves.invoice_line_ids.account_id).master_data_id = new
        self.assert_goes(moves)

    def test_change_that_was_refused(self):
        move = self.invoice()
        self.work()
        move.button_draft()
        move.invoice_line_ids.price_unit = 300.0
        move.action_post()
        self.books.fail("update_document", errors.ConfigurationMissingError("no", code="account"))
        for _run in range(3):
            self.work()
        job = self.jobs(move).sorted("id")[-1]
        self.assertEqual((job.state, self.books.calls["update_document"]), ("failed", 1))
        self.mapping(move.invoice_line_ids.account_id).master_data_id = self.other_account()
        self.work()
        self.assertEqual(job.state, "done", job.message)

    def test_mapping_of_something_else_asks_nothing(self):
        move = self.refused()
        self.mapping(
            self.company_data["default_account_expense"]
        ).master_data_id = self.other_account()
        self.assert_waits(move)

    def test_a_new_mapping_wakes_the_connection(self):
        move = self.refused()
        self.work()
        self.assertNotIn(self.connection, self.due())
        self.mapping(move.invoice_line_ids.account_id).master_data_id = self.other_account()
        self.assertIn(self.connection, self.due())

    def due(self):
        self.env.flush_all()
        return self.env["accountable.connection"].sudo()._due_connections()

    def test_failed_items_are_looked_at_now_and_then(self):
        move = self.refused()
        self.work()
        self.assertNotIn(self.connection, self.due())
        self.connection.sudo().failed_looked_at = fields.Datetime.now() - timedelta(hours=1)
        self.assertIn(self.connection, self.due())
        self.jobs(move).error_kind = "duplicate"
        self.assertNotIn(self.connection, self.due(), "a person decides about that one")

    def test_items_that_nobody_looks_at_begin_no_run(self):
        move = self.refused()
        self.jobs(move).error_code = "unexpected"
        self.connection.sudo().failed_looked_at = False
        self.work()
        self.assertNotIn(self.connection, self.due())

    def test_start_date(self):
        move = self.invoice(post=False)
        self.connection.start_date = self.today
        move.date = move.invoice_date = self.today
        move.action_post()
        self.connection.start_date = self.today + timedelta(days=1)
        self.work()
        job = self.jobs(move)
        self.assertEqual((job.state, job.error_code), ("failed", "before_start_date"))
        self.connection.start_date = "2020-01-01"
        self.assert_goes(move)

    def test_what_no_button_knows_of(self):
        """The precheck looks at more than mappings and contacts: each run looks again."""
        capabilities = self.books.capabilities
        self.books.capabilities = dataclasses.replace(capabilities, vat_countries=frozenset({"NL"}))
        move = self.invoice()
        self.work()
        self.assertEqual(self.jobs(move).error_code, "vat_country")
        self.assert_waits(move)
        self.books.capabilities = capabilities
        self.assert_goes(move)

    def test_kind_switched_off_and_on(self):
        move = self.invoice()
        self.connection.send_sales = False
        self.work()
        self.assertEqual(self.jobs(move).skip_reason, "setting")
        self.connection.send_sales = True
        self.work()
        self.assertEqual(self.jobs(move).sorted("id")[-1].state, "done")

    def test_journal_switched_off_and_on(self):
        move = self.invoice()
        rows = self.mapping(move.journal_id)
        rows.enabled = False
        self.work()
        self.assertEqual(self.jobs(move).skip_reason, "setting")
        rows.enabled = True
        self.work()
        self.assertEqual(self.jobs(move).sorted("id")[-1].state, "done")

    def test_failed_and_then_not_wanted_any_more(self):
        """It ends by itself: nobody is asked to mend what does not go."""
        move = self.refused()
        self.assert_waits(move)
        self.connection.send_sales = False
        self.work()
        job = self.jobs(move)
        self.assertEqual((job.state, job.skip_reason), ("skipped", "setting"))

    # What only the package knows

    def test_right_that_was_given_over_there(self):
        right = errors.ConfigurationMissingError("no right", code="no_right")
        moves = self.refused(right) + self.refused(right) + self.refused(right)
        for move in moves:
            self.assert_waits(move)
        before = self.books.calls["create_document"]
        self.books.fail("create_document", right)
        self.pass_time(timedelta(hours=1, minutes=1))
        self.work()
        self.assertEqual(self.jobs(moves).mapped("state"), ["failed"] * 3)
        self.assertEqual(self.books.calls["create_document"], before + 1, "one of them asks")
        self.pass_time(timedelta(hours=2, minutes=1))
        self.assert_goes(moves)

    def test_one_asks_for_all_after_the_administration_changed(self):
        right = errors.ConfigurationMissingError("no right", code="no_right")
        moves = self.refused(right) + self.refused(right) + self.refused(right)
        before = self.books.calls["create_document"]
        self.connection.sudo()._may_go_over_there()
        for _run in range(3):
            self.books.fail("create_document", right)
            self.work()
        self.assertEqual(self.books.calls["create_document"], before + 1)
        self.assertEqual(self.jobs(moves).mapped("state"), ["failed"] * 3)

    def test_what_waits_for_a_decision_does_not_follow(self):
        right = errors.ConfigurationMissingError("no right", code="no_right")
        asked, decided = self.refused(right), self.refused(right)
        self.jobs(decided).error_kind = "duplicate"
        self.pass_time(timedelta(hours=1, minutes=1))
        self.assert_goes(asked)
        self.assertEqual(self.jobs(decided).state, "failed")

    def test_period_that_was_reopened(self):
        move = self.refused(errors.PeriodClosedError("closed", code="period"))
        self.assert_waits(move)
        self.env["accountable.master.data"]._store(
            self.connection.sudo(), [MasterItem(kind="journal", code="V1", name="Sales")]
        )
        self.connection._may_go_over_there()
        self.assertIn(self.connection, self.due())
        self.assert_goes(move)

    def test_period_that_the_precheck_holds_for_closed(self):
        months = {"date_from": "2020-01-01", "date_to": "2035-12-31", "book_year": "1"}
        row = self.master_item("period", "1", **months, closed=True)
        move = self.invoice()
        self.work()
        self.assertEqual(self.jobs(move).error_kind, "period_closed")
        self.assert_waits(move)
        self.assertFalse(self.books.calls["fetch_master_data"])
        opened = MasterItem(kind="period", code="1", name="1", details={**months, "closed": False})
        with patch.object(FakePackage, "fetch_master_data", lambda _self, kinds: [opened]):
            self.assert_waits(move)
            self.connection.sudo().master_data_read_at = fields.Datetime.now() - timedelta(hours=5)
            self.assert_goes(move)
        self.assertFalse(row.details["closed"])
        self.assertEqual(set(self.connection.master_data_ids.mapped("active")), {True})

    def test_synchronise_now_asks(self):
        move = self.refused(errors.ConfigurationMissingError("no right", code="no_right"))
        self.pass_time(timedelta(minutes=6))
        self.assert_waits(move)
        self.connection.action_synchronise()
        self.assert_goes(move)

    def test_refused_data_is_not_asked_again(self):
        move = self.refused(errors.DataRefusedError("no", code="data"))
        self.pass_time(timedelta(days=30))
        self.connection.action_synchronise()
        self.assert_waits(move)


class TestMatched(SettlementCase):
    """A booking that is matched over there is not changed: the item says with what."""

    def changed(self, move):
        move.button_draft()
        move.invoice_line_ids.price_unit = 200.0
        move.action_post()
        error = errors.DataRefusedError("no", code="-35", values={"detail": "no"})
        error.is_matched = True
        self.books.fail("update_document", error)
        self.work()
        return self.jobs(move)[-1]

    def test_it_names_the_payment_and_goes_when_the_match_is_undone(self):
        move = self.booked(100.0)
        self.settle(move, "121.00", text="Transfer Peeters", counterpart_key="F1/7")
        self.read_back()
        job = self.changed(move)
        self.assertEqual(job.state, "failed")
        self.assertIn("a payment", job.message)
        self.assertIn("121.00", job.message)
        self.assertIn("Transfer Peeters", job.message)
        self.assertIn(format_date(self.env, self.today), job.message)
        calls = self.books.calls["update_document"]
        self.read_back()
        self.assertEqual(self.books.calls["update_document"], calls)
        self.books.settlements.clear()
        self.books.removed_settlements.append("S1")
        self.read_back()
        self.work()
        self.assertEqual(self.jobs(move)[-1].state, "done")

    def test_a_bill_with_several_payments(self):
        move = self.booked(100.0, move_type="in_invoice", ref="F-1")
        for key, amount, text in (("A", "21.00", "first"), ("B", "50.00", "second")):
            self.settle(move, amount, key=key, text=text)
        self.read_back()
        job = self.changed(move)
        for words in ("21.00", "first", "50.00", "second"):
            self.assertIn(words, job.message)

    def test_it_names_the_credit_note(self):
        invoice, refund = self.booked(100.0), self.booked(100.0, move_type="out_refund")
        self.settle(
            invoice, "121.00", kind="set_off", counterpart_key=self.bindings(refund).external_key
        )
        self.read_back()
        number = self.bindings(refund).number
        message = self.changed(invoice).message
        self.assertIn(number, message)
        self.assertIn("is then sent automatically", message)

    def test_nobody_reads_that_the_match_was_undone(self):
        move = self.booked(100.0)
        self.settle(move, "121.00")
        self.read_back()
        self.connection.settlements_back = False
        self.assertIn("then press Retry", self.changed(move).message)

    def test_the_change_of_the_credit_note_goes_when_the_match_is_undone(self):
        invoice, refund = self.booked(100.0), self.booked(100.0, move_type="out_refund")
        self.settle(
            invoice, "121.00", kind="set_off", counterpart_key=self.bindings(refund).external_key
        )
        self.read_back()
        job = self.changed(refund)
        self.assertEqual(job.state, "failed")
        self.assertIn(self.bindings(invoice).number, job.message)
        self.books.settlements.clear()
        self.books.removed_settlements.append("S1")
        self.read_back()
        self.work()
        self.assertEqual(self.jobs(refund)[-1].state, "done")

    def test_nobody_tells(self):
        job = self.changed(self.booked(100.0))
        self.assertEqual(job.state, "failed")
        self.assertTrue(job.message)
