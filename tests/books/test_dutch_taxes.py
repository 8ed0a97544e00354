"""A Dutch company: Octopus books Belgian VAT only, so every document is refused in words."""

from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.tests import tagged

from tests.books.direct import Direct
from tooling.packages import load


@tagged("post_install", "post_install_l10n", "-at_install")
class TestDutchTaxes(AccountTestInvoicingCommon):
    @classmethod
    @AccountTestInvoicingCommon.setup_country("nl")
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("accountable_connect.group_manager")
        sign_in = cls.env["accountable.sign.in"].create(
            {"name": "Octopus", **load("octopus").sign_in("http://127.0.0.1:9").values,
             "package": "octopus"})
        cls.connection = cls.env["accountable.connection"].create(
            {"sign_in_id": sign_in.id, "company_id": cls.env.company.id,
             "administration_key": "70123", "start_date": "2026-01-01"})

    def test_every_tax_is_refused_in_words(self):
        taxes = self.env["account.tax"].with_context(active_test=False).search(
            [("company_id", "=", self.env.company.id), ("country_id.code", "=", "NL"),
             ("type_tax_use", "in", ("sale", "purchase"))])
        self.assertGreater(len(taxes), 30)
        taxes.active = True
        accounts = {"sale": self.company_data["default_account_revenue"],
                    "purchase": self.company_data["default_account_expense"]}
        moves = self.env["account.move"].create([{
            "move_type": type_, "invoice_date": "2026-03-10", "date": "2026-03-10",
            "partner_id": self.partner_a.id, "fiscal_position_id": False,
            "ref": f"{tax.name} {type_} {tax.id}",
            "invoice_line_ids": [Command.create({
                "name": tax.name, "price_unit": 100, "tax_ids": [Command.set(tax.ids)],
                "account_id": accounts[tax.type_tax_use].id})],
        } for tax in taxes for type_ in (
            ("out_invoice", "out_refund") if tax.type_tax_use == "sale"
            else ("in_invoice", "in_refund"))])
        moves.action_post()
        # Nothing listens at this address: a single call would fail.
        refused = Direct(self.connection.sudo()).check(moves)
        self.assertEqual(set(refused), set(moves))
        for move, problems in refused.items():
            with self.subTest(move.ref):
                self.assertIn("Netherlands", " ".join(problem.message for problem in problems))
