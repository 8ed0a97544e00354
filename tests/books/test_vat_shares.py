"""VAT on somebody else's account, private shares under reverse charge and VAT that was typed over:
to the cent in the books of each package."""

from decimal import Decimal

from odoo.tests import tagged

from tests.books.direct import Direct
from tests.books.shares import SharesCase
from tooling.books.figures import SUPPLIERS, VAT_ACCOUNTS

TYPES = ("in_invoice", "in_refund")


@tagged("post_install", "post_install_l10n", "-at_install")
class TestShares(SharesCase):
    @classmethod
    def post_vat_on_the_owner_s_account(cls):
        tax = cls.split("attn_VAT-IN-V82-21-S", (60, None), (40, "416000"))
        three = cls.split("attn_VAT-IN-V82-21-S", (50, None), (30, ""), (20, "416000"))
        two = cls.split("attn_VAT-IN-V81-21", (70, None), (20, "416000"), (10, "499000"))
        moves = {}
        for type_ in TYPES:
            moves[type_] = cls.bill((100, tax, "613310", 100), type_=type_)
            moves[type_, 3] = cls.bill(
                (333.37, three, "613310", 100),
                (10.01, tax, "616200", 75),
                (5, cls.tax("attn_VAT-IN-V82-21-S"), "613310", 100),
                type_=type_,
            )
            moves[type_, 2] = cls.bill((77.77, two, "604000", 100), type_=type_)
        return moves

    def test_vat_on_the_owner_s_account(self):
        moves = self.posted
        comparison, booked = self.book(self.env["account.move"].concat(*moves.values()))
        for type_, sign, box in (("in_invoice", 1, "59"), ("in_refund", -1, "63")):
            booking = booked[moves[type_]]
            self.assertEqual(booking.accounts["416000"], sign * Decimal("8.40"))
            self.assertEqual(booking.accounts[VAT_ACCOUNTS], sign * Decimal("12.60"))
            self.assertEqual(booking.boxes[box], Decimal("12.60"))
            self.assertEqual(booking.boxes["82"], sign * Decimal("100.00"))
        for move in moves.values():
            self.assertLessEqual(set(self.named(comparison, move)), {"R2", "E1"})

    @classmethod
    def post_cost_on_an_account_outside_the_return(cls):
        moves = cls.env["account.move"]
        for name in ("V82-21-S", "V82-21-EU-S"):
            for code in ("740000", "241000"):
                tax = cls.split(f"attn_VAT-IN-{name}", (60, None), (40, code))
                moves += cls.bill((99.97, tax, "613310", 100))
        return moves

    def test_cost_on_an_account_outside_the_return(self):
        """Without a tag it is in no box of Odoo's return."""
        moves = self.posted
        comparison, booked = self.book(moves)
        for move in moves:
            self.assert_accounts_equal(move, booked[move])
        self.assertFalse(self.named(comparison, moves[0]))
        self.assertEqual(set(self.named(comparison, moves[2])), {"E2"})

    @classmethod
    def post_vat_we_owe_on_the_owner_s_account(cls):
        tax = cls.split("attn_VAT-IN-V82-21-EU-S", (60, None), (40, "416000"))
        line = (100, tax, "613310", 100)
        return cls.bill(line), cls.bill(line, type_="in_refund")

    def test_vat_we_owe_on_the_owner_s_account(self):
        move, credit_note = self.posted
        comparison, booked = self.book(move)
        self.assert_accounts_equal(move, booked[move])
        self.assertEqual(self.named(comparison, move), {"E2": {"82": Decimal("8.40")}})
        self.export_all(credit_note)  # without boxes 62 and 63 in Odoo, as D3
        self.assert_accounts_equal(credit_note, self.booked(credit_note)[credit_note])

    @classmethod
    def post_private_share_under_reverse_charge(cls):
        names = ("V82-21-EU-S", "V82-21-CC", "V82-21-ROW-CC", "V82-21-EU-S-D50", "V82-06-EU-G")
        moves = {
            (name, type_): cls.bill(
                (100, cls.tax(f"attn_VAT-IN-{name}"), "613310", 75), type_=type_
            )
            for name in names
            for type_ in TYPES
        }
        mixed = [
            cls.bill(
                (10.03, cls.tax("attn_VAT-IN-V82-21-EU-S"), "613310", 67),
                (10.05, cls.tax("attn_VAT-IN-V82-21-EU-S"), "616200", 33.33),
                (49.99, cls.tax("attn_VAT-IN-V82-21-EU-S"), "616200", 100),
                (33.33, cls.tax("attn_VAT-IN-V82-21-S"), "616200", 60),
                (7, cls.env["account.tax"], "616200", 60),
                type_=type_,
            )
            for type_ in TYPES
        ]
        return moves, mixed

    def test_private_share_under_reverse_charge(self):
        moves, mixed = self.posted
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

    @classmethod
    def post_vat_typed_over(cls):
        car = cls.tax("attn_VAT-IN-V82-CAR-EXC")
        cases = {
            "cost": ((333.33, car, "613310", 100), {"613310": 35.05}),
            "a cent": ((333.33, car, "613310", 100), {"613310": 35.01}),
            "deduction": ((333.33, car, "613310", 100), {"411000": 34.00}),
            "no deduction": ((333.33, car, "613310", 100), {"411000": 0}),
            "all of it": (
                (100, cls.tax("attn_VAT-IN-V82-21-S"), "613310", 100),
                {"411000": 21.07},
            ),
            "untouched": ((333.37, car, "613310", 100), {}),
        }
        moves = {name: cls.bill(line, typed=typed) for name, (line, typed) in cases.items()}
        moves["credit note"] = cls.bill(
            (333.33, car, "613310", 100), type_="in_refund", typed={"613310": -35.05}
        )
        return moves

    def test_vat_typed_over(self):
        moves = self.posted
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

    @classmethod
    def post_reverse_charge_typed_over(cls):
        tax = cls.tax("attn_VAT-IN-V82-21-CC")
        typed = {"411000": 8.00, "451056": -8.00}
        move = cls.bill((33.33, tax, "613310", 100), typed=typed)
        nothing = cls.bill((33.33, tax, "613310", 100), typed={"411000": 0, "451056": 0})
        computed = cls.bill((33.33, tax, "613310", 100))
        return move, nothing, computed

    def test_reverse_charge_typed_over(self):
        move, nothing, computed = self.posted
        self.confirm_accounts_of(move)
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
class TestSharesDutch(SharesCase):
    country_code = "NL"

    @classmethod
    def post_private_share_under_reverse_charge(cls):
        expense = cls.company_data["default_account_expense"]
        owner = expense.copy({"code": "140900", "name": "Privé", "account_type": "equity"})
        cls.company_data["default_journal_purchase"].non_deductible_account_id = owner
        cls.owner = owner
        return {
            type_: cls.bill((100, cls.tax("btw_I_21_d"), expense.code, 75), type_=type_)
            for type_ in TYPES
        }

    @classmethod
    def before_connecting(cls, books):
        books.accountant.add_account(cls.owner.code, cls.owner.name)

    def test_private_share_under_reverse_charge(self):
        moves = self.posted
        comparison, booked = self.book(self.env["account.move"].concat(*moves.values()))
        move = moves["in_invoice"]
        self.assertEqual(booked[move].accounts[self.owner.code], Decimal("30.25"))
        self.assertEqual(booked[move].accounts[SUPPLIERS], Decimal("-100.00"))
        [boxes] = self.named(comparison, move).values()
        self.assertEqual(list(boxes.values()), [Decimal("25.00")])
