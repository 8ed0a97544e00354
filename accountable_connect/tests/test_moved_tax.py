"""Tax that somebody put on another account by hand."""

from decimal import Decimal

from odoo import Command
from odoo.tests import new_test_user, tagged

from .common import ConnectionCase
from .common_document_cases import CasesCommon


@tagged("post_install", "post_install_l10n", "-at_install")
class TestMovedTax(CasesCommon):
    def put(self, move, places, grids=None):
        """Put the tax items of a draft on other accounts, ``{code: code}``; ``grids`` is what
        their tax grids become."""
        move.button_draft()
        for code, to in places.items():
            item = move.line_ids.filtered(
                lambda one, code=code: one.tax_line_id and one.account_id.code == code
            )
            values = {"account_id": self.books.account(to).id}
            if grids is not None:
                values["tax_tag_ids"] = [Command.set(grids.ids)]
            move.write({"line_ids": [Command.update(item.id, values)]})
        move.action_post()
        return move

    def figures(self, move):
        document = self.build_one(move)
        self.assert_rebuilt(document, move)
        return [
            (line.ledger_account, bool(line.vat_code), str(line.base), str(line.vat_invoiced))
            for line in document.lines
        ]

    def message(self, move):
        _document, [problem] = self.build_or_refuse(move)[move.id]
        self.assertEqual(problem.code, "tax_moved")
        return problem.message

    def test_claimed_from_the_state_and_on_a_cost_account(self):
        """The return deducts it, the books do not: a package cannot say both."""
        for kind in ("in_invoice", "in_refund"):
            for to in ("613310", "416000", "240000"):
                move = self.post_one(kind, (100, "V82-21-S", "610220"))
                code = move.line_ids.filtered("tax_line_id").account_id.code
                message = self.message(self.put(move, {code: to}))
                for word in (move.name, "21.0", "21% S", to, code):
                    self.assertIn(word, message)

    def test_out_of_the_return(self):
        none = self.env["account.account.tag"]
        for kind in ("in_invoice", "in_refund"):
            move = self.post_one(kind, (100, "V82-21-S", "610220"), (10, "V82-21-S", "613310"))
            code = move.line_ids.filtered("tax_line_id").account_id.code
            self.assertEqual(
                self.figures(self.put(move, {code: "416000"}, none)),
                [
                    ("610220", True, "100.00", "0"),
                    ("416000", False, "23.10", "0"),
                    ("613310", True, "10.00", "0"),
                ],
            )

    def test_into_the_cost_together_with_its_grids(self):
        tax = self.books.tax("V82-21-S", "purchase")
        grids = tax.invoice_repartition_line_ids.filtered(
            lambda one: one.repartition_type == "base"
        ).tag_ids
        move = self.post_one("in_invoice", (100, tax, "610220"))
        self.put(move, {"411000": "613310"}, grids)
        self.assertEqual(
            self.figures(move),
            [
                ("610220", True, "100.00", "21.00"),
                ("610220", False, "-21.00", "0"),
                ("613310", False, "21.00", "0"),
            ],
        )
        self.assertEqual(self.build_one(move).lines[0].recoverable_share, 0)

    def test_another_of_the_state_s_accounts(self):
        for name, code, to in (
            ("V82-21-S", "411000", "451000"),
            ("V82-21-CC", "451056", "451055"),
            ("V82-CAR-EXC", "411000", "451000"),
        ):
            move = self.post_one("in_invoice", (100, name, "610220"))
            before = self.build_one(move).lines
            self.put(move, {code: to})
            self.assertEqual(self.build_one(move).lines, before)

    def test_cost_on_other_cost_accounts(self):
        """Each line's own: the sums of the accounts are those of the entry."""
        usd = self.env["res.currency"].search([("name", "=", "USD")])
        for values in ({}, {"currency_id": usd.id}):
            move = self.post_one(
                "in_invoice",
                (100, "V82-CAR-EXC", "610220"),
                (33.33, "V82-CAR-EXC", "611000"),
                (7, "V82-CAR-EXC", "613310"),
                **values,
            )
            self.put(move, {"610220": "640000", "611000": "604000"})
            self.figures(move)
        move = self.post_one("in_invoice", (100, "V82-CAR-EXC", "610220"))
        self.assertIn("610220", self.message(self.put(move, {"610220": "411000"})))

    def test_cost_on_the_account_of_another_line(self):
        """Where the cost of that line stands as well."""
        usd = self.env["res.currency"].search([("name", "=", "USD")])
        lines = [
            (code, "V82-CAR-EXC", account)
            for code, account in ((100, "610220"), (33.33, "611000"), (7, "613310"))
        ]
        for kind, values in (
            ("in_invoice", {}),
            ("in_refund", {}),
            ("in_invoice", {"currency_id": usd.id}),
        ):
            move = self.post_one(kind, *lines, **values)
            own = self.build_one(move)
            moved = self.post_one(kind, *lines, **values)
            document = self.build_one(self.put(moved, {"610220": "611000"}))
            self.assertEqual(
                [line for line in document.lines if line.vat_code],
                [line for line in own.lines if line.vat_code],
            )
            self.assertEqual(
                [
                    (line.ledger_account, str(line.base))
                    for line in document.lines
                    if not line.vat_code
                ],
                [("610220", "-10.50"), ("611000", "10.50")],
            )

    def test_some_of_the_cost_on_the_account_of_another_line(self):
        none = self.env["account.account.tag"]
        lines = (100, "V82-CAR-EXC", "610220"), (30, "V82-CAR-EXC", "611000")
        move = self.put(self.post_one("in_invoice", *lines), {"610220": "611000"}, none)
        self.assertIn("611000", self.message(move))

    def test_out_of_the_return_on_another_of_the_state_s_accounts(self):
        """The package would declare it."""
        none = self.env["account.account.tag"]
        for kind, name, account in (
            ("in_invoice", "V82-21-S", "610220"),
            ("out_invoice", "21-L", "700000"),
        ):
            move = self.post_one(kind, (100, name, account))
            code = move.line_ids.filtered("tax_line_id").account_id.code
            to = "451000" if code == "411000" else "411000"
            self.assertIn(to, self.message(self.put(move, {code: to}, none)))

    def test_reverse_charge(self):
        for code in ("411000", "451056"):
            move = self.post_one("in_invoice", (100, "V82-21-CC", "610220"))
            self.assertIn("613310", self.message(self.put(move, {code: "613310"})))

    def test_sales(self):
        move = self.post_one("out_invoice", (100, "21-L", "700000"))
        self.assertIn("700000", self.message(self.put(move, {"451000": "700000"})))
        move = self.post_one("out_invoice", (100, "21-L", "700000"))
        none = self.env["account.account.tag"]
        self.assertEqual(
            self.figures(self.put(move, {"451000": "700100"}, none)),
            [("700000", True, "100.00", "0"), ("700100", False, "21.00", "0")],
        )

    def test_fixed_tax_follows_wherever_it_went(self):
        move = self.post_one("out_invoice", (400, "Recupel 10+21-L", "700000"))
        self.put(move, {"743000": "416000"})
        self.assertEqual(
            self.figures(move),
            [("700000", True, "400.00", "84.00"), ("416000", True, "10.00", "2.10")],
        )

    def test_typed_over_and_moved(self):
        move = self.post_one("in_invoice", (100, "V82-CAR-EXC", "610220"))
        move.button_draft()
        cost = move.line_ids.filtered(
            lambda one: one.tax_line_id and one.account_id.code == "610220"
        )
        values = {"account_id": self.books.account("640000").id, "amount_currency": 10.60}
        move.write({"line_ids": [Command.update(cost.id, values)]})
        move.action_post()
        self.figures(move)
        [line, *_moved] = self.build_one(move).lines
        self.assertEqual((line.vat_invoiced, line.vat_deductible), (Decimal("21.10"), 10.5))


@tagged("post_install", "post_install_l10n", "-at_install")
class TestMovedAfterBooking(ConnectionCase):
    def test_posted_bill(self):
        """Held in words, nothing is overwritten; put back, it is as it was booked."""
        bill = self.bill()
        self.work()
        calls = dict(self.books.calls)
        item = bill.line_ids.filtered("tax_line_id")
        home, cost = item.account_id, bill.invoice_line_ids.account_id
        item.account_id = cost
        self.work()
        job = self.jobs(bill).filtered(lambda one: one.state == "failed")
        self.assertEqual(job.error_code, "tax_moved")
        self.assertIn(home.display_name, job.message)
        item.account_id = home
        self.work()
        self.assertFalse(self.jobs(bill).filtered(lambda one: one.state == "failed"))
        for name in ("create_document", "update_document"):
            self.assertEqual(self.books.calls[name], calls.get(name, 0))

    def test_accounts_by_number_for_whoever_looks(self):
        groups = "accountable_connect.group_user,account.group_account_invoice"
        user = new_test_user(self.env, "looks", groups=groups)
        self.assertFalse(user.has_group("account.group_account_readonly"))
        bill = self.bill()
        item = bill.line_ids.filtered("tax_line_id")
        accounts = item.account_id | bill.invoice_line_ids.account_id
        item.account_id = bill.invoice_line_ids.account_id
        message = self.check_text(bill.with_user(user))
        for account in accounts:
            self.assertIn(f"{account.code} {account.name}", message)
