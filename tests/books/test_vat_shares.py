"""VAT on somebody else's account, private shares under reverse charge and VAT that was typed over:
to the cent in the books of each package."""

from decimal import Decimal

from odoo import Command
from odoo.addons.accountable_connect.tests.worked_documents import posted_entry
from odoo.tests import tagged

from tests.books.case import ExactBooksCase, ExactDutchBooksCase, OctopusBooksCase
from tests.books.direct import Direct
from tooling.books import compare
from tooling.books.figures import SUPPLIERS, VAT_ACCOUNTS, is_vat_account
from tooling.books.odoo_side import OdooSide

TYPES = ("in_invoice", "in_refund")


class Shares:
    """What the tests need; a package's ``BooksCase`` is put under it. Taxes of a test are made
    before ``connect``, so that they get a code as any other."""

    def tax(self, name):
        tax = self.env.ref(f"account.{self.company.id}_{name}")
        tax.active = True
        return tax

    def split(self, name, *parts):
        """A copy of a tax whose VAT is divided, ``(percentage, account code or None)``; None keeps
        account and tags of the line, "" is the cost."""
        tax = self.tax(name).copy({"name": f"{name} {parts}"})
        for lines in (tax.invoice_repartition_line_ids, tax.refund_repartition_line_ids):
            line = lines.filtered(
                lambda one: one.repartition_type == "tax" and one.factor_percent > 0
            )
            base = lines.filtered(lambda one: one.repartition_type == "base")
            for percentage, code in parts[1:]:
                line.copy(
                    {
                        "factor_percent": percentage,
                        "tag_ids": [Command.set([] if code else base.tag_ids.ids)],
                        "account_id": code and self.account(code).id,
                    }
                )
            line.factor_percent = parts[0][0]
        return tax

    def bill(self, *lines, type_="in_invoice", typed=None, **values):
        """A posted bill. Lines: ``(price, tax, account, deductible percentage)``; ``typed``: VAT of
        the draft's items, ``{account code: amount of debit}``."""
        move = self.env["account.move"].create(
            {
                "move_type": type_,
                "invoice_date": "2026-03-10",
                "date": "2026-03-10",
                "partner_id": self.supplier.id,
                "fiscal_position_id": False,
                "invoice_payment_term_id": False,
                "ref": f"{type_} {len(lines)} {values}",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": f"Line of {price}",
                            "price_unit": price,
                            "deductible_amount": share,
                            "account_id": self.account(account).id,
                            "tax_ids": [Command.set(tax.ids)],
                        }
                    )
                    for price, tax, account, share in lines
                ],
                **values,
            }
        )
        for code, amount in (typed or {}).items():
            item = move.line_ids.filtered(
                lambda one, code=code: one.tax_line_id and one.account_id.code == code
            )
            move.write({"line_ids": [Command.update(item.id, {"amount_currency": amount})]})
        move.action_post()
        return move

    def book(self, moves):
        """Book documents and compare; ``(comparison, {move: booking})``."""
        self.connect_with(moves)
        self.export_all(moves)
        comparison = self.compare(moves)
        self.assert_agrees(comparison)
        names = {difference.name for difference in comparison.differences}
        self.assertLessEqual(names, self.names)
        return comparison, self.booked(moves)

    def connect_with(self, moves):
        self.connect()
        self.confirm_accounts(
            moves.line_ids.account_id.filtered(
                lambda one: (
                    one.account_type not in ("asset_receivable", "liability_payable")
                    and not is_vat_account(one.code, self.country_code)
                )
            )
        )

    def booked(self, moves):
        """``{move: booking}``; the sandbox holds those of the other tests as well."""
        bindings = self.env["accountable.binding"].search(
            [("kind", "=", "document"), ("res_id", "in", moves.ids)]
        )
        keys = {binding.external_key: moves.browse(binding.res_id) for binding in bindings}
        return {keys[one.key]: one for one in self.bookings() if one.key in keys}

    def compare(self, moves):
        return compare.compare(
            OdooSide(self.connection).bookings(moves), self.booked(moves).values()
        )

    def named(self, comparison, move):
        return {
            one.name: {box: amount for box, amount in one.boxes.items() if amount}
            for one in comparison.differences
            if one.document == move.name
        }

    def assert_accounts_equal(self, move, booking):
        """Account by account as in Odoo, VAT accounts as a group."""
        expected = {}
        for code, amount in posted_entry(move).items():
            name = (
                SUPPLIERS if code == "440000" else (VAT_ACCOUNTS if is_vat_account(code) else code)
            )
            expected[name] = expected.get(name, Decimal(0)) + amount
        found = {name: amount for name, amount in booking.accounts.items() if amount}
        self.assertEqual(found, {name: amount for name, amount in expected.items() if amount})


class BelgianShares(Shares):
    def test_vat_on_the_owner_s_account(self):
        tax = self.split("attn_VAT-IN-V82-21-S", (60, None), (40, "416000"))
        three = self.split("attn_VAT-IN-V82-21-S", (50, None), (30, ""), (20, "416000"))
        two = self.split("attn_VAT-IN-V81-21", (70, None), (20, "416000"), (10, "499000"))
        moves = {}
        for type_ in TYPES:
            moves[type_] = self.bill((100, tax, "613310", 100), type_=type_)
            moves[type_, 3] = self.bill(
                (333.37, three, "613310", 100),
                (10.01, tax, "616200", 75),
                (5, self.tax("attn_VAT-IN-V82-21-S"), "613310", 100),
                type_=type_,
            )
            moves[type_, 2] = self.bill((77.77, two, "604000", 100), type_=type_)
        comparison, booked = self.book(self.env["account.move"].concat(*moves.values()))
        for type_, sign, box in (("in_invoice", 1, "59"), ("in_refund", -1, "63")):
            booking = booked[moves[type_]]
            self.assertEqual(booking.accounts["416000"], sign * Decimal("8.40"))
            self.assertEqual(booking.accounts[VAT_ACCOUNTS], sign * Decimal("12.60"))
            self.assertEqual(booking.boxes[box], Decimal("12.60"))
            self.assertEqual(booking.boxes["82"], sign * Decimal("100.00"))
        for move in moves.values():
            self.assertLessEqual(set(self.named(comparison, move)), {"R2", "E1"})

    def test_cost_on_an_account_outside_the_return(self):
        """Without a tag it is in no box of Odoo's return."""
        moves = self.env["account.move"]
        for name in ("V82-21-S", "V82-21-EU-S"):
            for code in ("740000", "241000"):
                tax = self.split(f"attn_VAT-IN-{name}", (60, None), (40, code))
                moves += self.bill((99.97, tax, "613310", 100))
        comparison, booked = self.book(moves)
        for move in moves:
            self.assert_accounts_equal(move, booked[move])
        self.assertFalse(self.named(comparison, moves[0]))
        self.assertEqual(set(self.named(comparison, moves[2])), {"E2"})

    def test_vat_we_owe_on_the_owner_s_account(self):
        tax = self.split("attn_VAT-IN-V82-21-EU-S", (60, None), (40, "416000"))
        move = self.bill((100, tax, "613310", 100))
        comparison, booked = self.book(move)
        self.assert_accounts_equal(move, booked[move])
        self.assertEqual(self.named(comparison, move), {"E2": {"82": Decimal("8.40")}})
        credit_note = self.bill((100, tax, "613310", 100), type_="in_refund")
        self.export_all(credit_note)  # without boxes 62 and 63 in Odoo, as D3
        self.assert_accounts_equal(credit_note, self.booked(credit_note)[credit_note])

    def test_private_share_under_reverse_charge(self):
        names = ("V82-21-EU-S", "V82-21-CC", "V82-21-ROW-CC", "V82-21-EU-S-D50", "V82-06-EU-G")
        moves = {
            (name, type_): self.bill(
                (100, self.tax(f"attn_VAT-IN-{name}"), "613310", 75), type_=type_
            )
            for name in names
            for type_ in TYPES
        }
        mixed = [
            self.bill(
                (10.03, self.tax("attn_VAT-IN-V82-21-EU-S"), "613310", 67),
                (10.05, self.tax("attn_VAT-IN-V82-21-EU-S"), "616200", 33.33),
                (49.99, self.tax("attn_VAT-IN-V82-21-EU-S"), "616200", 100),
                (33.33, self.tax("attn_VAT-IN-V82-21-S"), "616200", 60),
                (7, self.env["account.tax"], "616200", 60),
                type_=type_,
            )
            for type_ in TYPES
        ]
        every = self.env["account.move"].concat(*moves.values(), *mixed)
        comparison, booked = self.book(every)
        move = moves["V82-21-EU-S", "in_invoice"]
        booking = booked[move]
        self.assertEqual(
            {name: amount for name, amount in booking.accounts.items() if amount},
            {
                "613310": Decimal("75.00"),
                "416000": Decimal("30.25"),
                SUPPLIERS: Decimal("-100.00"),
                VAT_ACCOUNTS: Decimal("15.75") - Decimal("21.00"),
            },
        )
        self.assertEqual(booking.boxes["88"], Decimal("100.00"))
        self.assertEqual(
            (booking.boxes["55"], booking.boxes["59"]), (Decimal("21.00"), Decimal("15.75"))
        )
        self.assertEqual(self.named(comparison, move)["E2"]["88"], Decimal("25.00"))
        for one in moves.values():
            self.assertIn("E2", self.named(comparison, one))
            if "D50" not in one.invoice_line_ids.tax_ids.name:
                self.assert_accounts_equal(one, booked[one])
        for one in mixed:
            self.assertIn("E2", self.named(comparison, one))

    def test_vat_typed_over(self):
        car = self.tax("attn_VAT-IN-V82-CAR-EXC")
        cases = {
            "cost": ((333.33, car, "613310", 100), {"613310": 35.05}),
            "a cent": ((333.33, car, "613310", 100), {"613310": 35.01}),
            "deduction": ((333.33, car, "613310", 100), {"411000": 34.00}),
            "no deduction": ((333.33, car, "613310", 100), {"411000": 0}),
            "all of it": (
                (100, self.tax("attn_VAT-IN-V82-21-S"), "613310", 100),
                {"411000": 21.07},
            ),
            "untouched": ((333.37, car, "613310", 100), {}),
        }
        moves = {name: self.bill(line, typed=typed) for name, (line, typed) in cases.items()}
        moves["credit note"] = self.bill(
            (333.33, car, "613310", 100), type_="in_refund", typed={"613310": -35.05}
        )
        comparison, booked = self.book(self.env["account.move"].concat(*moves.values()))
        self.assertEqual(booked[moves["cost"]].boxes["59"], Decimal("35.03"))
        found = {name: set(self.named(comparison, move)) for name, move in moves.items()}
        self.assertEqual(
            found,
            {
                "cost": {"R3"},
                "a cent": {"R3"},
                "deduction": {"R3"},
                "no deduction": {"R3"},
                "all of it": set(),
                "untouched": set(),
                "credit note": {"R3"},
            },
        )
        self.assertEqual(self.named(comparison, moves["cost"])["R3"]["59"], Decimal("0.03"))
        problems = self.connection._precheck(moves["cost"])[moves["cost"].id]
        [typed] = [one for one in problems if one.code == "typed_share"]
        self.assertFalse(typed.blocking)
        self.assertIn("35.00", typed.message)
        self.assertIn("35.03", typed.message)

    def test_reverse_charge_typed_over(self):
        tax = self.tax("attn_VAT-IN-V82-21-CC")
        typed = {"411000": 8.00, "451056": -8.00}
        move = self.bill((33.33, tax, "613310", 100), typed=typed)
        nothing = self.bill((33.33, tax, "613310", 100), typed={"411000": 0, "451056": 0})
        computed = self.bill((33.33, tax, "613310", 100))
        self.connect_with(move)
        for one, figure in ((move, "8.00"), (nothing, "0.00")):
            [problem] = [
                found for found in self.connection._precheck(one)[one.id] if found.blocking
            ]
            self.assertTrue(problem.overridable)
            self.assertEqual(problem.code, "typed_owed")
            self.assertIn(figure, problem.message)
            self.assertIn("7.00", problem.message)
        self.assertFalse(
            [found for found in self.connection._precheck(computed)[computed.id] if found.blocking]
        )
        self.export_anyway(move)
        comparison = self.compare(move)
        self.assert_agrees(comparison)
        self.assertEqual(
            self.named(comparison, move), {"R3": {"56": Decimal("-1.00"), "59": Decimal("-1.00")}}
        )

    def export_anyway(self, move):
        """As when a person said "send it anyway"."""
        document, _problems = self.env["accountable.precheck"]._build_and_check(
            self.connection, move
        )[move.id]
        direct = Direct(self.connection)
        with self.connection._open_package() as package:
            direct._book(package, move, document)


@tagged("post_install", "post_install_l10n", "-at_install")
class TestSharesOctopus(BelgianShares, OctopusBooksCase):
    pass


@tagged("post_install", "post_install_l10n", "-at_install")
class TestSharesExact(BelgianShares, ExactBooksCase):
    pass


@tagged("post_install", "post_install_l10n", "-at_install")
class TestSharesDutch(Shares, ExactDutchBooksCase):
    def test_private_share_under_reverse_charge(self):
        expense = self.company_data["default_account_expense"]
        owner = expense.copy({"code": "140900", "name": "Privé", "account_type": "equity"})
        self.accountant.add_account(owner.code, owner.name)
        self.company_data["default_journal_purchase"].non_deductible_account_id = owner
        moves = {
            type_: self.bill((100, self.tax("btw_I_21_d"), expense.code, 75), type_=type_)
            for type_ in TYPES
        }
        comparison, booked = self.book(self.env["account.move"].concat(*moves.values()))
        move = moves["in_invoice"]
        self.assertEqual(booked[move].accounts[owner.code], Decimal("30.25"))
        self.assertEqual(booked[move].accounts[SUPPLIERS], Decimal("-100.00"))
        [boxes] = self.named(comparison, move).values()
        self.assertEqual(list(boxes.values()), [Decimal("25.00")])
