"""Every tax of the Dutch chart: booked right by a package with Dutch books, refused in words by one
that books Belgian VAT only."""

from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.tests import tagged

from tests.books.case import ExactDutchBooksCase
from tests.books.direct import Direct
from tooling.packages import load

BASES = (100.00, 333.37)
TYPES = {"sale": ("out_invoice", "out_refund"), "purchase": ("in_invoice", "in_refund")}


class DutchTaxes:
    """A document for each tax, kind and base."""

    def taxes(self):
        """All that the chart has, switched on."""
        names = (
            self.env["ir.model.data"]
            .sudo()
            .search(
                [
                    ("model", "=", "account.tax"),
                    ("name", "=like", f"{self.env.company.id}\\_btw\\_%"),
                ]
            )
        )
        taxes = (
            self.env["account.tax"]
            .with_context(active_test=False)
            .search(
                [("id", "in", names.mapped("res_id")), ("type_tax_use", "in", ("sale", "purchase"))]
            )
        )
        self.assertGreater(len(taxes), 30)
        taxes.active = True
        return taxes

    def documents(self, taxes, bases, partner):
        accounts = {
            "sale": self.company_data["default_account_revenue"],
            "purchase": self.company_data["default_account_expense"],
        }
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": type_,
                    "invoice_date": "2026-03-10",
                    "date": "2026-03-10",
                    "partner_id": partner(tax).id,
                    "fiscal_position_id": False,
                    "ref": f"{tax.name} {type_} {tax.id} {base}",
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": tax.name,
                                "price_unit": base,
                                "tax_ids": [Command.set(tax.ids)],
                                "account_id": accounts[tax.type_tax_use].id,
                            }
                        )
                    ],
                }
                for tax in taxes
                for type_ in TYPES[tax.type_tax_use]
                for base in bases
            ]
        )
        moves.action_post()
        return moves


@tagged("post_install", "post_install_l10n", "-at_install")
class TestDutchTaxesOctopus(DutchTaxes, AccountTestInvoicingCommon):
    @classmethod
    @AccountTestInvoicingCommon.setup_country("nl")
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("accountable_connect.group_manager")
        sign_in = cls.env["accountable.sign.in"].create(
            {
                "name": "Octopus",
                **load("octopus").sign_in("http://127.0.0.1:9").values,
                "package": "octopus",
            }
        )
        cls.connection = (
            cls.env["accountable.connection"]
            .sudo()
            .create(
                {
                    "sign_in_id": sign_in.id,
                    "company_id": cls.env.company.id,
                    "administration_key": "70123",
                    "start_date": "2026-01-01",
                }
            )
        )

    def test_every_tax_is_refused_in_words(self):
        moves = self.documents(self.taxes(), BASES[:1], lambda _tax: self.partner_a)
        # Nothing listens at this address: a single call would fail.
        refused = Direct(self.connection).check(moves)
        self.assertEqual(set(refused), set(moves))
        for move, problems in refused.items():
            with self.subTest(move.ref):
                self.assertIn("Netherlands", " ".join(problem.message for problem in problems))


@tagged("post_install", "post_install_l10n", "-at_install")
class TestDutchTaxesExact(DutchTaxes, ExactDutchBooksCase):
    def _partner(self, tax):
        if tax.type_tax_use == "purchase":
            return self.supplier
        return self.abroad if "EU" in tax.name else self.customer

    def test_every_tax(self):
        taxes = self.taxes()
        self.connect()
        moves = self.documents(taxes, BASES, self._partner)
        self.export_all(moves)
        comparison = self.comparison(moves)
        self.assert_agrees(comparison)
        self.assertLessEqual({difference.name for difference in comparison.differences}, self.names)
