"""Taxes due on payment: nothing goes before a manager said what the administration does."""

from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ConnectionCase
from .common_documents import DocumentsCommon


class DueOnPayment:
    def transition_account(self):
        return self.env["account.account"].create(
            {
                "code": "499900",
                "name": "VAT waiting for payment",
                "account_type": "liability_current",
                "reconcile": True,
                "company_ids": [Command.link(self.company.id)],
            }
        )

    def on_payment(self, tax):
        self.company.tax_exigibility = True
        values = {"cash_basis_transition_account_id": self.transition_account().id}
        tax.write({"tax_exigibility": "on_payment", **values})
        return tax

    def row(self, tax):
        return self.env["accountable.mapping"].search(
            [("connection_id", "=", self.connection.id), ("tax_id", "=", tax.id)]
        )

    def codes(self, move):
        return {
            problem.code for problem in self.connection._precheck(move)[move.id] if problem.blocking
        }


@tagged("post_install", "post_install_l10n", "-at_install")
class TestDueOnPayment(DueOnPayment, ConnectionCase):
    def test_held_until_a_manager_confirms(self):
        row = self.row(self.on_payment(self.sale_tax))
        self.assertIn("Declared on payment", row.note)
        self.assertTrue(self.connection.has_tax_due_on_payment)
        move = self.invoice()
        self.assertEqual(self.codes(move), {"tax_due_on_payment"})
        self.work()
        job = self.jobs(move)
        self.assertEqual((job.state, job.error_code), ("failed", "tax_due_on_payment"))
        self.assertEqual(job.error_kind, "configuration_missing")
        self.assertEqual((job.cause_model, job.cause_id), (row._name, row.id))
        self.assertFalse(self.books.documents)
        manager = new_test_user(
            self.env,
            "m",
            groups="accountable_connect.group_manager",
            company_id=self.company.id,
            company_ids=[Command.link(self.company.id)],
        )
        row.with_user(manager).declared_on_payment = True
        self.assertEqual(row.declared_on_payment_by_id, manager)
        self.assertFalse(row.warning)
        self.assertEqual(self.codes(move), set())
        self.work()
        self.assertEqual(self.jobs(move).state, "done")
        self.assertEqual(len(self.books.documents), 1)

    def test_nobody_else_says_who_confirmed(self):
        row = self.row(self.on_payment(self.sale_tax)).with_env(self.env)
        with self.assertRaises(AccessError):
            row.declared_on_payment_by_id = self.env.user
        row.declared_on_payment = True
        row.declared_on_payment = False
        self.assertFalse(row.declared_on_payment_by_id)

    def test_another_code_is_another_question(self):
        row = self.row(self.on_payment(self.sale_tax))
        row.declared_on_payment = True
        row.master_data_id = row.master_data_id
        self.assertTrue(row.declared_on_payment)
        row.master_data_id = row.master_data_id.sudo().copy({"code": "22"}).id
        self.assertFalse(row.declared_on_payment)
        self.assertEqual(self.codes(self.invoice()), {"tax_due_on_payment"})

    def test_every_kind_and_a_group(self):
        taxes = self.on_payment(self.sale_tax) | self.on_payment_purchase()
        group = self.env["account.tax"].create(
            {
                "name": "Group",
                "amount_type": "group",
                "type_tax_use": "sale",
                "company_id": self.company.id,
                "children_tax_ids": [Command.set(self.sale_tax.ids)],
            }
        )
        moves = [
            self.invoice(move_type=kind)
            for kind in ("out_invoice", "out_refund", "in_invoice", "in_refund")
        ]
        moves.append(self.invoice(tax=group))
        for move in moves:
            with self.subTest(move.name):
                self.assertEqual(self.codes(move), {"tax_due_on_payment"})
        self.assertEqual(len(taxes), 2)

    def on_payment_purchase(self):
        self.purchase_tax.write(
            {
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": (
                    self.sale_tax.cash_basis_transition_account_id.id
                ),
            }
        )
        return self.purchase_tax

    def test_figures_are_those_after_the_payment(self):
        """VAT that is no cost and no deduction waits on an account that means nothing over there:
        the part that becomes cost stays with the cost."""
        car = self.env["account.chart.template"].ref("attn_VAT-IN-V82-CAR-EXC")
        row = self.row(self.on_payment(car))
        row.declared_on_payment = True
        bill = self.invoice(move_type="in_invoice", tax=car)
        self.assertIn("499900", bill.line_ids.account_id.mapped("code"))
        document = self.env["accountable.precheck"]._build_and_check(self.connection, bill)[
            bill.id
        ][0]
        [line] = document.lines
        self.assertEqual((str(line.vat_invoiced), str(line.vat_deductible)), ("21.00", "10.50"))

    def test_entries_of_the_payment_stay_here(self):
        row = self.row(self.on_payment(self.sale_tax))
        row.declared_on_payment = True
        move = self.invoice()
        self.work()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({}).action_create_payments()
        entry = self.env["account.move"].search([("tax_cash_basis_origin_move_id", "=", move.id)])
        self.assertEqual(len(entry), 1)
        self.assertFalse(self.jobs(entry))


@tagged("post_install", "post_install_l10n", "-at_install")
class TestDutchDueOnPayment(DueOnPayment, DocumentsCommon):
    @classmethod
    @AccountTestInvoicingCommon.setup_country("nl")
    def setUpClass(cls):
        super().setUpClass()

    def test_the_part_that_is_deducted(self):
        """The share is read from where the VAT ends, not from the account on which it waits."""
        tax = self.on_payment(self.company.account_purchase_tax_id)
        move = self._create_invoice_one_line(
            price_unit=100,
            name="Line",
            tax_ids=tax,
            move_type="in_invoice",
            post=True,
            partner_id=self.partner_a,
        )
        document = self.build_one(move)
        self.assertEqual([str(line.vat_deductible) for line in document.lines], ["21.00"])
