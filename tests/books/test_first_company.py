"""What ``./run serve`` begins with."""

from odoo.tests import TransactionCase, tagged

from tooling import first_company
from tooling.demo import people


@tagged("post_install", "-at_install")
class TestFirstCompany(TransactionCase):
    def test_belgian_and_in_euro(self):
        company = self.env.ref("base.main_company")
        first_company.main(self.env, None)
        self.assertEqual(
            (
                company.country_id.code,
                company.account_fiscal_country_id.code,
                company.currency_id.name,
                company.chart_template,
                company.vat,
            ),
            ("BE", "BE", "EUR", "be_comp", "BE0999999031"),
        )
        journals = self.env["account.journal"].search([("company_id", "=", company.id)])
        self.assertTrue({"sale", "purchase"} <= set(journals.mapped("type")))
        taxes = self.env["account.tax"].search([("company_id", "=", company.id)])
        self.assertEqual(taxes.country_id.mapped("code"), ["BE"])
        with self.subTest("documents that a connection of today takes along"):
            moves = self.env["account.move"].search([("company_id", "=", company.id)])
            self.assertEqual(
                sorted(moves.mapped("move_type")), ["in_invoice", "out_invoice", "out_invoice"]
            )
            self.assertEqual(set(moves.mapped("state")), {"posted"})
        with self.subTest("people, one of them in each language"):
            for person in people.PEOPLE:
                user = self.env.ref(f"{people.MODULE}.user_{person.login}")
                self.assertEqual(user.company_id, company)
                self.assertEqual(user.lang, person.language or "en_US")
                self.assertTrue(user.has_group(f"accountable_connect.{person.group}"))
                self.assertFalse(user.has_group("base.group_system"))
                self.assertTrue(company.partner_id.with_user(user).has_access("write"))
            self.assertFalse(
                self.env.ref(f"{people.MODULE}.user_user").has_group(
                    "accountable_connect.group_manager"
                )
            )
            account = self.env["account.account"].search(
                [("company_ids", "in", company.id), ("code", "=", "700000")]
            )
            names = {account.with_context(lang=code).name for code in ("en_US", *people.LANGUAGES)}
            self.assertEqual(len(names), 3, names)
