"""What the precheck says of contacts and of the cost of goods sold."""

from odoo import Command

from .common import ConnectionCase

NUMBER = "BE0477472701"


class TestPrecheckContact(ConnectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collective = cls.env["res.partner"].create({"name": "Sundry"})
        cls.other_company = cls.env["res.company"].create({"name": "Other company"})

    def problems(self, move):
        return {one.code: one for one in self.connection._precheck(move)[move.id]}

    def company_contact(self, name, **values):
        return self.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "country_id": self.env.ref("base.be").id,
                "vat": NUMBER,
                **values,
            }
        )

    # Two contacts with one VAT number

    def two_contacts(self, **values):
        self.partner_a.write({"vat": False, "company_registry": False})
        return self.company_contact("First BV"), self.company_contact("Second BV", **values)

    def test_two_contacts_with_one_vat_number_are_both_named(self):
        first, second = self.two_contacts(vat="BE 0477.472.701")
        for partner in (first, second):
            for move_type in ("out_invoice", "in_invoice", "out_refund", "in_refund"):
                with self.subTest(partner=partner.name, move_type=move_type):
                    move = self.invoice(partner=partner, move_type=move_type)
                    problem = self.problems(move)["double_contact"]
                    self.assertIn(first.name, problem.message)
                    self.assertIn(second.name, problem.message)
                    self.assertIn("0477", problem.message)
                    self.assertFalse(problem.blocking)
                    self.assertEqual(problem.cause_id, partner.id)
        shown = self.check_text(move)
        self.assertIn(first.name, shown)

    def test_two_contacts_with_one_name_are_told_apart(self):
        first, second = self.two_contacts()
        second.name = first.name
        message = self.problems(self.invoice(partner=first))["double_contact"].message
        self.assertIn(f"#{first.id}", message)
        self.assertIn(f"#{second.id}", message)

    def test_who_is_no_second_contact(self):
        """Persons below it, contacts that are archived or another company's, other countries."""
        first, second = self.two_contacts()
        self.env["res.partner"].create({"name": "An", "parent_id": first.id})
        move = self.invoice(partner=first)
        for values in (
            {"active": False},
            {"company_id": self.other_company.id},
            {"vat": "BE0403170701", "company_registry": "0403170701"},
            {
                "country_id": self.env.ref("base.nl").id,
                "vat": "NL123456782B90",
                "company_registry": False,
            },
        ):
            with self.subTest(values=values), self.env.cr.savepoint() as savepoint:
                second.write(values)
                self.assertNotIn("double_contact", self.problems(move))
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertIn("double_contact", self.problems(move))

    # Receipts without a contact

    def receipt(self, move_type, **values):
        move = self.invoice(move_type=move_type, post=False, **values)
        move.partner_id = False
        move.action_post()
        self.assertFalse(move.commercial_partner_id)
        return move

    def test_receipt_without_contact(self):
        for move_type in ("out_receipt", "in_receipt"):
            with self.subTest(move_type=move_type):
                move = self.receipt(move_type)
                problem = self.problems(move)["contact_missing"]
                self.assertTrue(problem.blocking)
                self.assertIn(move.name, problem.message)
                self.assertIn("collective party", problem.message)
                self.assertEqual(
                    (problem.cause_model, problem.cause_id),
                    ("accountable.connection", self.connection.id),
                )
                with_contact = self.invoice(move_type=move_type)
                self.assertNotIn("contact_missing", self.problems(with_contact))

    def test_check_before_export_names_a_document_once_and_begins_a_line_with_each(self):
        moves = self.receipt("out_receipt") + self.receipt("in_receipt")
        told = self.check_text(moves)
        lines = [line for line in told.splitlines() if "has no contact" in line]
        for move, line in zip(moves, lines, strict=True):
            self.assertTrue(line.startswith(move.name))
            self.assertEqual(line.count(move.name), 1)

    def test_receipt_without_contact_goes_on_the_collective_party(self):
        moves = self.receipt("out_receipt"), self.receipt("in_receipt")
        self.work()
        jobs = [self.jobs(move) for move in moves]
        self.assertEqual([job.state for job in jobs], ["failed"] * 2)
        self.assertEqual([job.error_kind for job in jobs], ["configuration_missing"] * 2)
        self.assertEqual([job.partner_name for job in jobs], [False] * 2)
        self.assertFalse(self.books.calls["save_party"])
        self.connection.collective_partner_id = self.collective
        self.assertEqual([job.state for job in jobs], ["pending"] * 2)
        self.assertFalse(any(one.blocking for one in self.problems(moves[0]).values()))
        self.work()
        self.assertEqual([job.state for job in jobs], ["done"] * 2)
        [stored] = self.books.parties.values()
        self.assertEqual(stored.party.name, "Sundry")
        self.assertTrue(stored.party.customer and stored.party.supplier)

    def test_collective_party_is_not_saved_for_each_change_of_its_role(self):
        self.connection.collective_partner_id = self.collective
        self.receipt("out_receipt")
        self.work()
        self.assertEqual(self.books.calls["save_party"], 1)
        for move_type in ("in_receipt", "out_receipt", "in_receipt"):
            self.receipt(move_type)
            self.work()
        self.assertEqual(self.books.calls["save_party"], 2)

    def test_only_receipts_without_contact_go_there(self):
        self.connection.collective_partner_id = self.collective
        private = self.env["res.partner"].create({"name": "An", "is_company": False})
        for move_type, partner in (
            ("out_invoice", private),
            ("out_receipt", private),
            ("in_receipt", private),
        ):
            document = self.env["accountable.precheck"]._build_and_check(
                self.connection, move := self.invoice(partner=partner, move_type=move_type)
            )[move.id][0]
            self.assertEqual(document.party.name, "An")
        self.connection.collective_private_party = True
        document = self.env["accountable.precheck"]._build_and_check(self.connection, move)[
            move.id
        ][0]
        self.assertEqual(document.party.name, "An")

    def test_switched_off_receipt_says_that(self):
        self.connection.send_receipts = False
        move = self.receipt("out_receipt")
        self.assertIn("kind_not_sent", self.problems(move))

    # Cost of goods

    def sold_goods(self, cost=40.0, move_type="out_invoice"):
        move = self.invoice(move_type=move_type)
        accounts = self.company_data["default_account_expense"], self.stock_account
        for account, balance in zip(accounts, (cost, -cost), strict=True):
            self.env["account.move.line"].with_context(
                check_move_validity=False, skip_readonly_check=True
            ).create(
                {
                    "move_id": move.id,
                    "name": "cost of goods",
                    "display_type": "cogs",
                    "account_id": account.id,
                    "balance": balance,
                    "tax_ids": [Command.clear()],
                }
            )
        return move

    @property
    def stock_account(self):
        return self.company_data["default_account_assets"]

    def test_cost_of_goods_is_told(self):
        move = self.sold_goods()
        problem = self.problems(move)["cost_of_goods"]
        self.assertFalse(problem.blocking)
        self.assertIn("40.00", problem.message)
        self.assertIn(self.stock_account.code, problem.message)
        self.work()
        self.assertEqual(self.jobs(move).state, "done")

    def test_cost_of_goods_is_counted_once_for_all(self):
        moves = self.sold_goods() | self.sold_goods(60.0) | self.invoice()
        moves |= self.sold_goods(-10.0, "out_refund")
        message = self.check_text(moves)
        self.assertEqual(message.count("cost of goods"), 1)
        self.assertIn("of 3 documents", message)
        self.assertIn("90.00", message)

    def test_no_word_without_cost_of_goods(self):
        self.assertNotIn("cost_of_goods", self.problems(self.invoice()))
