"""What a package is told of earlier attempts to book a document."""

from datetime import timedelta

from odoo.addons.accountable_connect.api import errors

from .common import ConnectionCase


class TestEarlierAttempts(ConnectionCase):
    def told(self):
        return [again for operation, again in self.books.again if operation == "create_document"]

    def test_first_attempt_is_no_repetition(self):
        self.invoice()
        self.work()
        self.assertEqual(self.told(), [False])

    def test_an_attempt_that_failed_is_told(self):
        move = self.invoice()
        self.books.fail("create_document", errors.TemporaryError("503"))
        self.work()
        self.later()
        self.work()
        self.assertEqual(self.jobs(move).state, "done")
        self.assertEqual(self.told(), [False, True])

    def test_a_retry_of_a_person_is_told_and_what_never_went_out_is_not(self):
        move = self.invoice()
        self.books.fail("save_party", errors.DataRefusedError("no city"))
        self.work()
        self.jobs(move).action_retry()
        self.books.fail("create_document", errors.DataRefusedError("no"))
        self.work()
        self.jobs(move).action_retry()
        self.work()
        self.assertEqual(self.told(), [False, True])

    def test_an_item_that_replaces_another_one_is_told(self):
        move = self.invoice()
        self.books.fail("create_document", errors.DataRefusedError("no"))
        self.work()
        move.button_draft()
        move.action_post()
        self.assertEqual(len(self.jobs(move)), 2)
        self.work()
        self.assertEqual(self.told(), [False, True])

    def test_the_next_period_is_told(self):
        bill = self.invoice(move_type="in_invoice", ref="F-1", invoice_date=self.today)
        start = self.today.replace(day=1)
        for number, day in enumerate((start, self.next_month(start)), 1):
            self.master_item(
                "period",
                str(number),
                date_from=day.isoformat(),
                date_to=(self.next_month(day) - timedelta(days=1)).isoformat(),
                book_year="1",
            )
        self.books.fail("create_document", errors.PeriodClosedError("closed"))
        self.work()
        self.assertEqual(self.jobs(bill).state, "done", self.jobs(bill).message)
        self.assertEqual(self.told(), [False, True])

    def next_month(self, day):
        return day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1)
