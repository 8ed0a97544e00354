"""Cost of goods sold: in Odoo's books alone, and counted where both are compared."""

from decimal import Decimal

from odoo.tests import tagged

from tests.books.case import BooksCase
from tooling.books.compare import ACCOUNTS
from tooling.books.table import lines_of

COST, STOCK = "604000", "340000"


@tagged("post_install", "post_install_l10n", "-at_install")
class TestCostOfGoods(BooksCase):
    @classmethod
    def sale(cls, cost):
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.customer.id,
                "invoice_date": "2026-03-05",
                "date": "2026-03-05",
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Chairs",
                            "price_unit": 100.0,
                            "account_id": cls.company_data["default_account_revenue"].id,
                            "tax_ids": [(6, 0, cls.company.account_sale_tax_id.ids)],
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
                    "account_id": cls.account(code).id,
                    "amount_currency": amount,
                    "tax_ids": [(5,)],
                },
            )
            for code, amount in ((COST, cost), (STOCK, -cost))
        ]
        move.action_post()
        return move

    @classmethod
    def post_it_is_counted(cls):
        return cls.sale(40.0) + cls.sale(60.0) + cls.sale(0.0)

    def test_it_is_counted(self):
        moves = self.posted
        self.confirm_accounts(self.connection, moves.invoice_line_ids.account_id)
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
