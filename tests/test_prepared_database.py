"""What ``./run test`` prepares in the database before the first test."""

from odoo.tests import TransactionCase, tagged

from tooling import prepared_charts

GROWING = (
    "account_move",
    "account_move_line",
    "account_partial_reconcile",
    "accountable_job",
    "accountable_mapping",
)


@tagged("post_install", "-at_install")
class TestPreparedDatabase(TransactionCase):
    def test_companies_with_a_chart(self):
        for country in prepared_charts.COUNTRIES:
            company = self.env.ref(prepared_charts.external_id(country))
            self.assertTrue(company.account_sale_tax_id)

    def test_autovacuum_leaves_the_tables_alone(self):
        """Or PostgreSQL plans for tables without rows in the middle of a test."""
        self.env.cr.execute(
            "SELECT relname FROM pg_class"
            " WHERE relname IN %s AND 'autovacuum_enabled=off' = ANY (reloptions)",
            (GROWING,),
        )
        self.assertEqual({name for (name,) in self.env.cr.fetchall()}, set(GROWING))
