"""Cost of goods sold: in Odoo's books alone, and counted where both are compared."""

from decimal import Decimal

from odoo.tests import tagged

from tests.books.case import ExactBooksCase, OctopusBooksCase
from tooling.books.compare import ACCOUNTS
from tooling.books.table import lines_of

COST, STOCK = "604000", "340000"


class CostOfGoods:
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connect()

    def sale(self, cost):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-03-05",
                "date": "2026-03-05",
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Chairs",
                            "price_unit": 100.0,
                            "account_id": self.company_data["default_account_revenue"].id,
                            "tax_ids": [(6, 0, self.company.account_sale_tax_id.ids)],
                        },
                    )
                ],
            }
        )
        # as Odoo does for products whose stock it values in real time
        move.line_ids = [
            (
                0,
                0,
                {
                    "name": "Chairs",
                    "display_type": "cogs",
                    "account_id": self.account(code).id,
                    "amount_currency": amount,
                    "tax_ids": [(5,)],
                },
            )
            for code, amount in ((COST, cost), (STOCK, -cost))
        ]
        move.action_post()
        return move

    def test_it_is_counted(self):
        moves = self.sale(40.0) + self.sale(60.0) + self.sale(0.0)
        self.confirm_accounts(moves.invoice_line_ids.account_id)
        self.export_all(moves)
        comparison = self.comparison(moves)
        self.assert_agrees(comparison)
        named = {
            row.subject: (row.odoo, row.package, row.named)
            for row in comparison.rows
            if row.section == ACCOUNTS and row.named
        }
        self.assertEqual(
            named,
            {
                COST: (Decimal(100), Decimal(0), {"C1": Decimal(-100)}),
                STOCK: (Decimal(-100), Decimal(0), {"C1": Decimal(100)}),
            },
        )
        [line] = [line for line in lines_of(comparison) if line.startswith("C1  not sent")]
        self.assertIn("2 documents", line)


@tagged("post_install", "post_install_l10n", "-at_install")
class TestOctopus(CostOfGoods, OctopusBooksCase):
    """In Octopus."""


@tagged("post_install", "post_install_l10n", "-at_install")
class TestExact(CostOfGoods, ExactBooksCase):
    """In Exact Online."""
