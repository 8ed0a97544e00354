"""What one document more in a run costs the database."""

from collections import Counter
from unittest.mock import patch

from odoo.models import BaseModel

from .common import ConnectionCase

FEW, MORE = 3, 8


class TestQueryCounts(ConnectionCase):
    """The figures are what it takes; whoever needs one more says here what for."""

    def statements_for_one_more(self, make):
        """What a run costs by itself, its reading of the mapping above all, is left out."""
        make()
        self.work()
        counts = []
        for documents in (FEW, MORE):
            for _number in range(documents):
                make()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.work()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(
            self.env["accountable.job"].sudo().search([]).mapped("state"),
            ["done"] * (1 + FEW + MORE),
        )
        return (counts[1] - counts[0]) / (MORE - FEW)

    def bill_with_file(self):
        number = self.env["account.move"].search_count([])
        bill = self.bill(ref=f"F-{number}", amount=100.0 + number, post=False)
        self.attach(bill)
        bill.action_post()

    def statements_of_a_run(self, make=None):
        """What a run costs that sends nothing, or one document of a contact that is known."""
        self.invoice()
        self.work()
        self.env.invalidate_all()
        if make:
            make()
            self.env.flush_all()
            self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.work()
        return self.env.cr.sql_log_count - before

    def fields_read_by_a_run(self, make):
        """How many fields a run hands over from the database for one document, by model; each
        record of a model has the same."""
        counts = Counter()
        fetch_query = BaseModel._fetch_query

        def counted(records, query, fields):
            fields = list(fields)
            counts[records._name] += len(fields)
            return fetch_query(records, query, fields)

        make()
        self.work()  # a new contact takes more
        make()
        self.env.flush_all()
        self.env.invalidate_all()
        with patch.object(BaseModel, "_fetch_query", counted):
            self.work()
        return counts

    def test_of_records_with_many_fields_few_are_read(self):
        for make in (self.invoice, self.bill_with_file):
            counts = self.fields_read_by_a_run(make)
            self.assertLessEqual(counts["res.company"], 16, counts)
            self.assertLessEqual(counts["account.move"], 30, counts)
            self.assertLessEqual(counts["account.move.line"], 30, counts)
            self.assertLessEqual(counts["res.partner"], 40, counts)
            self.assertLessEqual(counts["account.tax"], 20, counts)
            self.assertLessEqual(counts["accountable.connection"], 100, counts)

    def test_invoice(self):
        self.assertLessEqual(self.statements_for_one_more(self.invoice), 6)

    def test_bill_with_its_file(self):
        self.assertLessEqual(self.statements_for_one_more(self.bill_with_file), 8)

    def test_run_with_nothing_to_do(self):
        self.assertLessEqual(self.statements_of_a_run(), 17)

    def test_one_invoice_alone(self):
        self.assertLessEqual(self.statements_of_a_run(self.invoice), 60)
