"""What ``./run serve`` begins with."""

from odoo.tests import TransactionCase, tagged

from tooling import first_company


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
