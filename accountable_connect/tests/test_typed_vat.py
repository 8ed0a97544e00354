"""VAT typed over where the package computes it: noted, or held until a person says so."""

from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from ..api.contract import Capabilities
from ..api.errors import OutcomeUnknownError
from .common import ConnectionCase


@tagged("post_install", "post_install_l10n", "-at_install")
class TestTypedVat(ConnectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        template = cls.env["account.chart.template"].with_company(cls.company)
        cls.car = template.ref("attn_VAT-IN-V82-CAR-EXC")
        cls.reverse = template.ref("attn_VAT-IN-V81-21-CC")

    def typed(self, tax, price, cost=None, deducted=None, owed=None, **values):
        """A bill with one line; VAT that becomes cost, is deducted and is owed as typed."""
        values = {"ref": "F-2026/12", "move_type": "in_invoice", **values}
        bill = self.invoice(amount=price, tax=tax, post=False, **values)
        self.type_over(bill, cost, deducted, owed)
        bill.action_post()
        return bill

    def type_over(self, bill, cost=None, deducted=None, owed=None):
        for item in bill.line_ids.filtered("tax_repartition_line_id"):
            line = item.tax_repartition_line_id
            amount = owed if line.factor < 0 else (deducted if line.account_id else cost)
            if amount is not None:
                bill.write({"line_ids": [Command.update(item.id, {"amount_currency": amount})]})

    def problems(self, move):
        return {problem.code: problem for problem in self.connection._precheck(move)[move.id]}

    def test_partly_deductible_goes_with_both_figures(self):
        bill = self.typed(self.car, 333.33, cost=35.05)
        problem = self.problems(bill)["typed_share"]
        self.assertFalse(problem.blocking)
        self.assertIn("35.00", problem.message)
        self.assertIn("35.03", problem.message)
        self.work()
        self.assertEqual(self.jobs(bill).state, "done")
        self.assertIn("35.00", bill.accountable_notes)
        self.assertIn("35.03", bill.accountable_notes)

    def test_a_lost_answer_loses_no_note(self):
        bill = self.typed(self.car, 333.33, cost=35.05)
        self.books.fail("create_document", ("after", OutcomeUnknownError("no answer")))
        self.work()
        self.later()
        with self.no_patience():
            self.work()
        self.later()
        self.work()
        self.assertEqual(self.jobs(bill).state, "done")
        self.assertIn("35.03", bill.accountable_notes)

    def test_the_note_goes_with_its_cause(self):
        bill = self.typed(self.car, 333.33, cost=35.05)
        self.work()
        self.assertTrue(bill.accountable_notes)
        bill.button_draft()
        self.type_over(bill, cost=35.00)
        bill.action_post()
        self.work()
        bill.invalidate_recordset(["accountable_notes"])
        self.assertFalse(bill.accountable_notes)

    def test_computed_figures_need_no_word(self):
        for price in (333.33, 333.37, 250):
            bill = self.bill(ref=f"F{price}", amount=price, tax=self.car)
            self.assertFalse({"typed_share", "typed_owed"} & set(self.problems(bill)))

    def test_what_the_package_takes_from_us_needs_no_word(self):
        type(self).books.capabilities = Capabilities(
            computes_owed_vat=False, computes_deductible_vat=False
        )
        for bill in (
            self.typed(self.car, 333.33, cost=35.05, ref="A"),
            self.typed(self.reverse, 33.33, deducted=8, owed=-8, ref="B"),
        ):
            self.assertFalse({"typed_share", "typed_owed"} & set(self.problems(bill)))

    def test_reverse_charge_waits_for_a_person(self):
        bill = self.typed(self.reverse, 33.33, deducted=8, owed=-8)
        self.work()
        job = self.jobs(bill)
        self.assertEqual((job.state, job.error_code), ("failed", "typed_owed"))
        self.assertIn("8.00", job.message)
        self.assertIn("7.00", job.message)
        self.assertFalse(self.books.documents)
        job.action_book_anyway()
        self.work()
        self.assertEqual(self.jobs(bill).state, "done")
        self.assertIn("8.00", bill.accountable_notes)
        self.assertIn("7.00", bill.accountable_notes)

    def test_what_was_accepted_is_not_asked_again(self):
        bill = self.typed(self.reverse, 33.33, deducted=8, owed=-8)
        self.work()
        self.jobs(bill).action_book_anyway()
        self.work()
        bill.button_draft()
        bill.ref = "F-2026/13"
        bill.action_post()
        self.work()
        self.assertEqual(set(self.jobs(bill).mapped("state")), {"done"})

    def test_other_figures_are_asked_again(self):
        bill = self.typed(self.reverse, 33.33, deducted=8, owed=-8)
        self.work()
        self.jobs(bill).action_book_anyway()
        bill.button_draft()
        self.type_over(bill, deducted=9, owed=-9)
        bill.action_post()
        self.work()
        job = self.jobs(bill).filtered(lambda job: job.state == "failed")
        self.assertEqual(job.error_code, "typed_owed")
        self.assertIn("9.00", job.message)
        self.assertFalse(self.books.documents)

    def test_a_bill_that_is_there_is_found_all_the_same(self):
        """Said of the figures, not of a bill that somebody entered already; both can be said."""
        self.bill(ref="FIRST", amount=5.0)
        self.work()
        self.books.book_by_hand(
            f"A1/{self.today.year}",
            kind="purchase",
            party_key=self.bindings(self.partner_a, "party").external_key,
            document_date=self.today,
            reference="F-2026/12",
            total=Decimal("33.00"),
            currency="EUR",
        )
        bill = self.typed(self.reverse, 33.33, deducted=8, owed=-8)
        self.work()
        job = self.jobs(bill)
        self.assertEqual(job.error_code, "typed_owed")
        job.action_book_anyway()
        self.work()
        self.assertEqual((job.state, job.error_kind), ("failed", "duplicate"))
        self.assertEqual(len(job.candidates), 1)
        job.action_book_anyway()
        self.work()
        self.assertEqual(job.state, "done")
        self.assertFalse(self.bindings(bill).adopted)

    def test_typed_to_zero(self):
        bill = self.typed(self.reverse, 33.33, deducted=0, owed=0)
        self.assertTrue(self.problems(bill)["typed_owed"].blocking)
        half = self.typed(self.car, 333.33, deducted=0, ref="F-2")
        self.assertIn("0.00", self.problems(half)["typed_share"].message)

    def test_credit_note_and_foreign_currency(self):
        note = self.typed(self.reverse, 33.33, deducted=-8, owed=8, move_type="in_refund")
        self.assertIn("7.00", self.problems(note)["typed_owed"].message)
        currency = self.setup_other_currency("USD", rates=[("2020-01-01", 1.1)])
        bill = self.typed(self.car, 333.33, cost=35.05, ref="F-3", currency_id=currency.id)
        self.assertIn("USD", self.problems(bill)["typed_share"].message)

    def test_one_side_only_is_refused(self):
        bill = self.typed(self.reverse, 33.33, owed=-8)
        codes = {code for code, one in self.problems(bill).items() if one.blocking}
        self.assertEqual(codes, {"reverse_charge_differs"})
