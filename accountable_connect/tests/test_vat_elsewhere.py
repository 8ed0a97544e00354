"""VAT that a tax posts on an account that is neither cost nor the State's, and private shares under
reverse charge."""

from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from ..models.master_data.tax_profile import recoverable_share, tax_profile
from .common_document_cases import CasesCommon


@tagged("post_install", "post_install_l10n", "-at_install")
class TestVatElsewhere(CasesCommon):
    def split(self, name, *parts, kind="purchase", **values):
        """A copy of a tax: the first part keeps account and tags, the others stand on the account
        of their code without tags; ``(percentage, code)``."""
        tax = self.books.tax(name, kind).copy({"name": f"{name} {parts} {values}", **values})
        for lines in (tax.invoice_repartition_line_ids, tax.refund_repartition_line_ids):
            line = lines.filtered(
                lambda one: one.repartition_type == "tax" and one.factor_percent > 0
            )
            for percentage, code in parts[1:]:
                account = self.books.account(code).id
                line.copy(
                    {
                        "factor_percent": percentage,
                        "account_id": account,
                        "tag_ids": [Command.clear()],
                    }
                )
            line.factor_percent = parts[0]
        return tax

    def figures(self, move):
        document = self.build_one(move)
        self.assert_rebuilt(document, move)
        return [
            (line.ledger_account, bool(line.vat_code), str(line.base), str(line.vat_invoiced))
            for line in document.lines
        ]

    def test_owner_s_share(self):
        tax = self.split("V82-21-S", 60, (40, "416000"))
        for kind in ("in_invoice", "in_refund"):
            move = self.post_one(kind, (100, tax, "613310"))
            self.assertEqual(
                self.figures(move),
                [("613310", True, "100.00", "12.60"), ("416000", False, "8.40", "0")],
            )
            [line, _owner] = self.build_one(move).lines
            self.assertEqual((line.vat_deductible, line.recoverable_share), (Decimal("12.60"), 100))

    def test_several_lines_and_accounts(self):
        tax = self.split("V82-21-S", 70, (20, "416000"), (10, "499000"))
        move = self.post_one(
            "in_invoice",
            (33.33, tax, "613310"),
            (66.67, tax, "616200"),
            (10, "V82-21-S", "613310"),
        )
        found = self.figures(move)
        self.assertIn(("416000", False, "4.20", "0"), found)
        self.assertIn(("499000", False, "2.10", "0"), found)

    def test_part_cost_part_owner(self):
        tax = self.split("V82-CAR-EXC", 50)
        for lines in (tax.invoice_repartition_line_ids, tax.refund_repartition_line_ids):
            owner = lines.filtered(lambda one: one.repartition_type == "tax" and one.account_id)
            owner.copy(
                {
                    "factor_percent": 20,
                    "tag_ids": [Command.clear()],
                    "account_id": self.books.account("416000").id,
                }
            )
            owner.factor_percent = 30
        move = self.post_one("in_invoice", (1000, tax, "610220"))
        self.figures(move)
        line = self.build_one(move).lines[0]
        self.assertEqual(
            (str(line.vat_invoiced), str(line.vat_deductible), str(line.recoverable_share)),
            ("168.00", "63.00", "37.5"),
        )

    def test_foreign_currency_and_cash_rounding(self):
        tax = self.split("V82-21-S", 60, (40, "416000"))
        usd = self.env["res.currency"].search([("name", "=", "USD")])
        move = self.post_one("in_invoice", (99.99, tax, "613310"), currency_id=usd.id)
        document = self.build_one(move)
        self.assert_rebuilt(document, move)
        self.assertEqual(document.lines[-1].ledger_account, "416000")
        rounding = self.books._roundings["add_invoice_line"]
        move = self.post_one(
            "in_invoice", (99.99, tax, "613310"), invoice_cash_rounding_id=rounding.id
        )
        self.figures(move)

    def test_group_and_price_included(self):
        inside = self.split("V82-21-S", 60, (40, "416000"), price_include_override="tax_included")
        self.assertEqual(
            self.figures(self.post_one("in_invoice", (121, inside, "613310"))),
            [("613310", True, "100.00", "12.60"), ("416000", False, "8.40", "0")],
        )
        tax = self.split("V82-21-S", 60, (40, "416000"))
        group = self.env["account.tax"].create(
            {
                "name": "Group",
                "amount_type": "group",
                "type_tax_use": "purchase",
                "tax_scope": tax.tax_scope,
                "company_id": self.company.id,
                "children_tax_ids": [Command.set(tax.ids)],
            }
        )
        self.assertEqual(
            self.figures(self.post_one("in_invoice", (100, group, "613310"))),
            [("613310", True, "100.00", "12.60"), ("416000", False, "8.40", "0")],
        )

    def test_together_with_a_private_share(self):
        tax = self.split("V82-21-S", 60, (40, "416000"))
        move = self.post_one("in_invoice", (100, tax, "613310", {"deductible_amount": 75}))
        self.assertEqual(
            self.figures(move),
            [("613310", True, "75.00", "9.45"), ("416000", False, "36.55", "0")],
        )

    def test_sales(self):
        tax = self.split("21-L", 60, (40, "489000"), kind="sale")
        for kind in ("out_invoice", "out_refund"):
            self.assertEqual(
                self.figures(self.post_one(kind, (100, tax, "700000"))),
                [("700000", True, "100.00", "12.60"), ("489000", False, "8.40", "0")],
            )

    def test_a_tag_or_the_state_s_account_is_enough(self):
        """A VAT account of one's own with the tag; no tag, but an account that tagged lines use."""
        tagged_tax = self.books.tax("V82-21-S", "purchase").copy({"name": "own account"})
        bare = self.books.tax("V82-21-S", "purchase").copy({"name": "no tags"})
        for tax in (tagged_tax, bare):
            for lines in (tax.invoice_repartition_line_ids, tax.refund_repartition_line_ids):
                line = lines.filtered(lambda one: one.repartition_type == "tax")
                if tax == bare:
                    line.tag_ids = False
                else:
                    line.account_id = self.books.account("499100")
        for tax in (tagged_tax, bare):
            for kind in ("in_invoice", "in_refund"):
                document = self.build_one(self.post_one(kind, (100, tax, "613310")))
                [line] = document.lines
                self.assertEqual(line.vat_deductible, Decimal("21.00"))

    def test_a_box_of_the_base_is_no_vat_tag(self):
        tax = self.split("V82-21-S", 60, (40, "416000"))
        base = tax.invoice_repartition_line_ids.filtered(lambda one: one.repartition_type == "base")
        owner = tax.invoice_repartition_line_ids.filtered(lambda one: one.factor_percent == 40)
        owner.tag_ids = base.tag_ids
        self.assertIn(
            ("416000", False, "8.40", "0"),
            self.figures(self.post_one("in_invoice", (100, tax, "613310"))),
        )

    def test_what_we_owe_is_the_state_s_or_refused(self):
        tax = self.books.tax("V82-21-CC", "purchase").copy({"name": "owed to nobody"})
        owed = tax.invoice_repartition_line_ids.filtered(lambda one: one.factor_percent < 0)
        owed.write({"account_id": self.books.account("416000").id, "tag_ids": [Command.clear()]})
        move = self.post_one("in_invoice", (100, tax, "613310"))
        self.assertEqual(self.problem_codes(move), ["tax_not_declared"])

    def test_what_the_mapping_says(self):
        tax = self.split("V82-21-S", 60, (40, "416000"))
        self.assertEqual(recoverable_share(tax, "purchase"), 60)
        # of the VAT that goes with the code, all of it
        self.assertEqual(tax_profile(tax, "purchase").recoverable_share, 100)
        car = self.books.tax("V82-CAR-EXC", "purchase")
        self.assertEqual(recoverable_share(car, "purchase_refund"), 50)
        self.assertEqual(tax_profile(car, "purchase").recoverable_share, 50)

    # Private shares under reverse charge

    def private(self, kind, *lines):
        move = self.post_one(kind, *lines)
        document = self.build_one(move)
        return (
            move,
            document,
            {
                (
                    line.ledger_account,
                    line.vat_code and line.vat_code.removeprefix("attn_VAT-IN-"),
                ): (
                    str(line.base),
                    str(line.vat_owed),
                    str(line.vat_deductible),
                    line.recoverable_share,
                )
                for line in document.lines
            },
        )

    def test_private_share_under_reverse_charge(self):
        private = {"deductible_amount": 75}
        for name in ("V82-21-EU-S", "V82-21-CC", "V81-21-ROW-CC"):
            for kind in ("in_invoice", "in_refund"):
                with self.subTest(name, kind=kind):
                    move, document, lines = self.private(kind, (100, name, "613310", private))
                    self.assertEqual(
                        lines,
                        {
                            ("613310", name): ("75.00", "15.75", "15.75", 100),
                            ("416000", name): ("25.00", "5.25", "0", 0),
                        },
                    )
                    self.assertEqual(sum(line.vat_invoiced for line in document.lines), 0)
                    self.assert_rebuilt(document, move)

    def test_private_share_of_a_half_deductible_reverse_charge(self):
        move, document, lines = self.private(
            "in_invoice", (400, "V82-21-EU-S-D50", "610220", {"deductible_amount": 75})
        )
        self.assertEqual(
            lines,
            {
                ("610220", "V82-21-EU-S-D50"): ("300.00", "63.00", "31.50", 50),
                ("416000", "V82-21-EU-S-D50"): ("100.00", "21.00", "0", 0),
            },
        )
        self.assert_rebuilt(document, move)

    def test_odd_cents_with_other_lines(self):
        for prices in ((10.03, 10.05, 49.99), (0.07, 0.13, 1.01), (33.33, 66.67, 99.99)):
            for method in ("round_globally", "round_per_line"):
                self.company.tax_calculation_rounding_method = method
                move, document, _lines = self.private(
                    "in_invoice",
                    (prices[0], "V82-21-EU-S", "613310", {"deductible_amount": 67}),
                    (prices[1], "V82-21-EU-S", "616200", {"deductible_amount": 33.33}),
                    (prices[2], "V82-21-EU-S", "616200"),
                    (33.33, "V82-21-S", "616200", {"deductible_amount": 60}),
                    (7, "", "616200", {"deductible_amount": 60}),
                )
                self.assert_rebuilt(document, move)

    def test_both_sides_are_equal_on_every_line(self):
        """Odoo rounds each side for itself: its cents lie on other lines, the private one too."""
        self.company.tax_calculation_rounding_method = "round_globally"
        usd = self.setup_other_currency("USD", rates=[("2020-01-01", 1.2345)])
        costs = ("613310", "616200", "610220", "611000", "604000")
        shares = ((93.16, 50), (48.01, 75), (41.03, 33), (53.31, 100), (45.36, 33))
        for name, prices, values in (
            ("V81-21-CC", ((40.05, 50), (94.29, 33)), {}),
            ("V83-12-EU", shares, {"currency_id": usd.id}),
        ):
            lines = [
                (price, name, account, {"deductible_amount": share})
                for account, (price, share) in zip(costs, prices, strict=False)
            ]
            move = self.post_one("in_invoice", *lines, **values)
            document = self.build_one(move)
            with self.subTest(name):
                for line in document.lines:
                    self.assertEqual((line.vat_invoiced, line.vat_invoiced_company), (0, 0))
                    if line.recoverable_share == 100:
                        self.assertEqual(
                            (line.vat_owed, line.vat_owed_company),
                            (line.vat_deductible, line.vat_deductible_company),
                        )
                self.assert_rebuilt(document, move)

    def test_private_share_in_a_foreign_currency(self):
        usd = self.env["res.currency"].search([("name", "=", "USD")])
        for name in ("V82-21-EU-S", "V82-21-EU-S-D50"):
            move = self.post_one(
                "in_invoice",
                (99.99, name, "613310", {"deductible_amount": 75}),
                currency_id=usd.id,
            )
            document = self.build_one(move)
            self.assert_rebuilt(document, move)
            self.assertEqual(sum(line.vat_invoiced for line in document.lines), 0)

    def test_domestic_private_shares_stay(self):
        _move, _document, lines = self.private(
            "in_invoice", (100, "V82-21-S", "616200", {"deductible_amount": 75})
        )
        self.assertEqual(
            lines,
            {
                ("616200", "V82-21-S"): ("75.00", "0", "15.75", 100),
                ("416000", None): ("30.25", "0", "0", None),
            },
        )

    def test_cents_that_were_typed_on_both_sides(self):
        move = self.post_one("in_invoice", (100, "V82-21-CC", "613310", {"deductible_amount": 75}))
        move.button_draft()
        for code, amount in (("411000", 16.75), ("451056", -22.00)):
            item = move.line_ids.filtered(
                lambda one, code=code: one.tax_line_id and one.account_id.code == code
            )
            move.write({"line_ids": [Command.update(item.id, {"amount_currency": amount})]})
        move.action_post()
        document = self.build_one(move)
        self.assert_rebuilt(document, move)
        self.assertEqual(sum(line.vat_owed for line in document.lines), Decimal("22.00"))
