"""Amounts and accounts that are seldom together: large foreign amounts, cents of both signs, fixed
taxes before partly deductible VAT, VAT moved by hand; to the cent in the books of each package."""

from decimal import Decimal

from odoo import Command
from odoo.addons.accountable_connect.tests.worked_documents import posted_entry
from odoo.tests import tagged

from tests.books.case import for_packages
from tests.books.expected import expected_of
from tests.books.shares import SharesCase
from tooling.books.figures import CUSTOMERS, SUPPLIERS, VAT_ACCOUNTS, is_vat_account
from tooling.packages import with_books, with_ledger

PARTY = {"400000": CUSTOMERS, "440000": SUPPLIERS}


# Large amounts: currency, its rate, price.
LARGE = (
    ("IDR", 19256.4567, 987654321),
    ("USD", 1.0850, 98765432.19),
    ("JPY", 162.35, 9876543210),
    ("KWD", 0.3331, 98765.432),
)


@tagged("post_install", "post_install_l10n", "-at_install")
class TestOddDocuments(SharesCase):
    packages = with_ledger()

    @classmethod
    def post(cls, type_, *lines, **values):
        """A posted document; lines are ``(price, quantity, taxes, account)``."""
        partner = cls.customer if type_.startswith("out") else cls.supplier
        move = cls.env["account.move"].create(
            {
                "move_type": type_,
                "invoice_date": "2026-03-10",
                "date": "2026-03-10",
                "partner_id": partner.id,
                "fiscal_position_id": False,
                "invoice_payment_term_id": False,
                "ref": f"{type_} {lines} {values}"[:60],
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": f"Line of {price}",
                            "price_unit": price,
                            "quantity": quantity,
                            "account_id": cls.account(account).id,
                            "tax_ids": [Command.set(taxes.ids)],
                        }
                    )
                    for price, quantity, taxes, account in lines
                ],
                **values,
            }
        )
        move.action_post()
        return move

    @classmethod
    def move_tax(cls, move, code, to, grids=None):
        """Put the tax item of an account on another one, as people do in a draft; ``grids`` are
        what its tax grids become."""
        move.button_draft()
        item = move.line_ids.filtered(lambda one: one.tax_line_id and one.account_id.code == code)
        values = {"account_id": cls.account(to).id}
        if grids is not None:
            values["tax_tag_ids"] = [Command.set(grids.ids)]
        move.write({"line_ids": [Command.update(item.id, values)]})
        move.action_post()
        return move

    @classmethod
    def money_of(cls, code, rate):
        currency = (
            cls.env["res.currency"].with_context(active_test=False).search([("name", "=", code)])
        )
        currency.active = True
        currency.rate_ids.filtered(lambda one: one.company_id == cls.company).unlink()
        cls.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "company_id": cls.company.id,
                "name": "2026-01-01",
                "rate": rate,
            }
        )
        return currency

    def assert_equal_to_the_cent(self, moves):
        """Account by account as in Odoo, VAT accounts as a group."""
        _comparison, booked = self.book(moves)
        for move in moves:
            expected = {}
            for code, amount in posted_entry(move).items():
                name = PARTY.get(code) or (VAT_ACCOUNTS if is_vat_account(code) else code)
                expected[name] = expected.get(name, Decimal(0)) + amount
            with self.subTest(move.ref):
                self.assertEqual(
                    {name: amount for name, amount in booked[move].accounts.items() if amount},
                    {name: amount for name, amount in expected.items() if amount},
                )

    @classmethod
    def post_large_amounts_in_small_units(cls):
        sale, bill = cls.tax("attn_VAT-OUT-21-L"), cls.tax("attn_VAT-IN-V81-21")
        moves = cls.env["account.move"]
        for code, rate, price in LARGE:
            currency = cls.money_of(code, rate).id
            for type_ in ("out_invoice", "out_refund"):
                moves += cls.post(type_, (price, 1, sale, "700000"), currency_id=currency)
            for type_ in ("in_invoice", "in_refund"):
                moves += cls.post(type_, (price, 1, bill, "604000"), currency_id=currency)
        return moves

    def test_large_amounts_in_small_units(self):
        taken = self.posted.filtered(
            lambda move: move.currency_id.name in self.expected.large_currencies
        )
        self.assertTrue(taken)
        self.assert_equal_to_the_cent(taken)

    @classmethod
    def post_cents_of_both_signs(cls):
        """Rounded line by line, 3 × 0.02 and -0.05 have a base of 0.01 and a VAT of -0.01."""
        names = ("OUT-21-L", "IN-V81-21", "IN-V81-21-CC", "IN-V82-CAR-EXC")
        sale, goods, reverse, car = (cls.tax(f"attn_VAT-{name}") for name in names)
        dollar = cls.money_of("USD", 1.0)
        moves = cls.env["account.move"]
        for method in ("round_per_line", "round_globally"):
            cls.company.tax_calculation_rounding_method = method
            for kind, taxes in (("out", (sale,)), ("in", (goods, reverse, car))):
                account = "700000" if kind == "out" else "604000"
                other = "700100" if kind == "out" else "613310"
                for tax in taxes:
                    lines = [
                        *[(0.02, 1, tax, account)] * 3,
                        (-0.05, 1, tax, account),
                        (100, 1, tax, other),
                    ]
                    nothing = [
                        (0.03, 1, tax, account),
                        (-0.01, 3, tax, account),
                        (50, 1, tax, other),
                    ]
                    for type_ in ("invoice", "refund"):
                        moves += cls.post(f"{kind}_{type_}", *lines)
                        moves += cls.post(f"{kind}_{type_}", *nothing)
                        moves += cls.post(f"{kind}_{type_}", *lines, currency_id=dollar.id)
        return moves

    def test_cents_of_both_signs(self):
        moves = self.posted
        refunds = moves.filtered(
            lambda move: (
                move.move_type == "in_refund"
                and any(tax.has_negative_factor for tax in move.invoice_line_ids.tax_ids)
            )
        )
        # credit notes under reverse charge are in no box in Odoo
        self.assert_equal_to_the_cent(moves - refunds)
        self.export_all(refunds)

    @classmethod
    def eco(cls, account, **values):
        """A fixed tax in the base of the VAT, posted on an account of its own."""
        vat = cls.tax("attn_VAT-IN-V82-CAR-EXC")
        tax = cls.env["account.tax"].create(
            {
                "name": f"Eco {account} {values}",
                "amount_type": "fixed",
                "amount": 10.03,
                "type_tax_use": "purchase",
                "include_base_amount": True,
                "sequence": 0,
                "company_id": cls.company.id,
                "country_id": vat.country_id.id,
                "tax_group_id": vat.tax_group_id.id,
                **values,
            }
        )
        for lines in (tax.invoice_repartition_line_ids, tax.refund_repartition_line_ids):
            lines.filtered(lambda one: one.repartition_type == "tax").account_id = (
                account and cls.account(account).id
            )
        return tax

    @classmethod
    def post_fixed_tax_before_partly_deductible_vat(cls):
        car = cls.tax("attn_VAT-IN-V82-CAR-EXC")
        nothing, reverse = (
            cls.tax(f"attn_VAT-IN-{name}") for name in ("V82-21-S", "V82-21-EU-S-D50")
        )
        own_cost = cls.split("attn_VAT-IN-V82-CAR-EXC", (50, None))
        for lines in (own_cost.invoice_repartition_line_ids, own_cost.refund_repartition_line_ids):
            lines.filtered(
                lambda one: one.repartition_type == "tax" and not one.account_id
            ).account_id = cls.account("613310")
        eco, without = cls.eco("604000"), cls.eco("604000", include_base_amount=False)
        no_account, dollar = cls.eco(False), cls.money_of("USD", 1.0850)
        group = cls.env["account.tax"].create(
            {
                "name": "Group",
                "amount_type": "group",
                "type_tax_use": "purchase",
                "tax_scope": car.tax_scope,
                "company_id": cls.company.id,
                "children_tax_ids": [Command.set((eco | car).ids)],
            }
        )
        lines = [[(400, 1, eco | tax, "610220")] for tax in (car, nothing, own_cost)]
        lines += [
            [
                (400, 3, eco | car, "610220"),
                (33.33, 1, eco | car, "613310"),
                (12.5, 1, eco | nothing, "613310"),
                (7.77, 1, car, "604000"),
            ],
            [(400, 1, without | car, "610220")],
            [(400, 1, no_account | car, "610220")],
            [(99.99, 2, group, "610220")],
        ]
        moves = cls.env["account.move"]
        for type_ in ("in_invoice", "in_refund"):
            for one in lines:
                moves += cls.post(type_, *one)
        moves += cls.post("in_invoice", (400, 1, eco | reverse, "610220"))
        return moves, cls.post("in_invoice", (400, 1, eco | car, "610220"), currency_id=dollar.id)

    def test_fixed_tax_before_partly_deductible_vat(self):
        moves, in_dollars = self.posted
        self.assert_equal_to_the_cent(moves)
        self.export_all(in_dollars)

    @classmethod
    def post_vat_moved_by_hand(cls):
        """``(documents that can be booked, those that are refused)``"""
        names = ("V82-21-S", "V82-CAR-EXC", "V82-21-CC")
        domestic, car, reverse = (cls.tax(f"attn_VAT-IN-{name}") for name in names)
        sale, eco = cls.tax("attn_VAT-OUT-21-L"), cls.eco("613310")
        no_grid = cls.env["account.account.tag"]
        grid = domestic.invoice_repartition_line_ids.filtered(
            lambda one: one.repartition_type == "base"
        ).tag_ids

        def moved(type_, tax, code, to, grids=None):
            account = "700000" if type_.startswith("out") else "610220"
            return cls.move_tax(cls.post(type_, (100, 1, tax, account)), code, to, grids)

        follow = moved("in_invoice", domestic, "411000", "613310", no_grid)
        follow += moved("in_invoice", domestic, "411000", "416000", no_grid)
        follow += moved("in_invoice", domestic, "411000", "613310", grid)
        follow += moved("in_invoice", domestic, "411000", "451000")
        follow += moved("in_invoice", car, "610220", "613310")
        follow += moved("in_invoice", car, "610220", "416000", no_grid)
        follow += moved("in_invoice", eco | car, "613310", "604000")
        follow += moved("out_invoice", sale, "451000", "489000", no_grid)
        follow += moved(
            "out_refund",
            sale,
            "411000"
            if sale.refund_repartition_line_ids.filtered(
                lambda one: one.account_id.code == "411000"
            )
            else "451000",
            "411000",
        )
        # the cost of one line where that of another line stands
        follow += cls.move_tax(
            cls.post("in_invoice", (100, 1, car, "610220"), (33.33, 1, car, "613310")),
            "610220",
            "613310",
        )
        refused = moved("in_invoice", domestic, "411000", "613310")
        refused += moved("in_invoice", domestic, "411000", "451000", no_grid)
        refused += moved("in_invoice", domestic, "411000", "416000")
        refused += moved("in_invoice", car, "411000", "613310")
        refused += moved("in_invoice", car, "610220", "411000")
        refused += moved("in_invoice", reverse, "411000", "613310")
        refused += moved("in_invoice", reverse, "451056", "613310")
        refused += moved("out_invoice", sale, "451000", "700000")
        refund = cls.post("in_refund", (100, 1, domestic, "610220"))
        code = refund.line_ids.filtered("tax_line_id").account_id.code
        refused += cls.move_tax(refund, code, "613310")
        return follow, refused

    def test_vat_moved_by_hand(self):
        """It follows where the package can say the same, and is refused where it cannot."""
        follow, refused = self.posted
        self.confirm_accounts_of(follow | refused)
        for move, problems in self.export(refused).items():
            self.assertEqual([one.code for one in problems], ["tax_moved"], move.ref)
            self.assertIn("by hand", problems[0].message)
        self.assertFalse(self.booked(refused))
        self.assert_equal_to_the_cent(follow)

    @classmethod
    def post_rupiah(cls):
        return cls.post(
            "out_invoice",
            (987654321, 1, cls.tax("attn_VAT-OUT-21-L"), "700000"),
            currency_id=cls.money_of("IDR", 19256.4567).id,
        )

    @for_packages([package for package in with_books() if expected_of(package).rupiah])
    def test_rupiah(self):
        move = self.posted
        _comparison, booked = self.book(move)
        self.assertEqual(booked[move].accounts[CUSTOMERS], self.expected.rupiah)
