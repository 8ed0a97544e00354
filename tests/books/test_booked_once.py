"""Answers that come after everybody gave up: an entry of Exact Online is there once."""

from odoo.tests import tagged

from tests.books.case import BooksCase, jobs_of
from tooling.packages import load

ENTRIES = "POST *entry/*Entries"
DIVISION = 500001


@tagged("post_install", "post_install_l10n", "-at_install")
class TestBookedOnce(BooksCase):
    packages = [load("exact")]

    @classmethod
    def after_connecting(cls, books):
        books.connection.action_start()

    def invoice(self):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-03-05",
                "date": "2026-03-05",
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Chairs",
                            "price_unit": 100.0,
                            "account_id": self.company_data["default_account_revenue"].id,
                            "tax_ids": [(6, 0, self.company.account_sale_tax_id.ids)],
                        },
                    )
                ],
            }
        )
        # the sandbox keeps the entries of the other tests
        move.payment_reference = f"Once {move.id}"
        move.action_post()
        return move

    def work(self):
        self.env.flush_all()
        with self.registry.cursor() as cr:
            self.connection.with_env(self.env(cr=cr, su=True, context={}))._run(seconds=60)
        self.env.invalidate_all()

    def send_in_vain(self, move, kind, **values):
        """Send it, and no answer comes; returns its item."""
        self.server.service.faults.add(ENTRIES, kind, **values)
        with self.assertLogs("odoo.addons.accountable_connect", "WARNING"):
            self.work()
        job = self.job(move)
        self.assertEqual(job.state, "unknown")
        return job

    def retry(self, job):
        """A person presses Retry, and the next run does it."""
        job.action_retry()
        self.work()
        self.assertEqual(job.state, "done", job.message)

    def job(self, move):
        return jobs_of(self.connection).filtered(
            lambda job: (job.res_model, job.res_id) == ("account.move", move.id)
        )

    def numbers(self, move):
        """Entry numbers under which it stands at Exact Online."""
        self.server.service.late.catch_up()
        with self.server.store.lock:
            rows = self.server.service.division(DIVISION).all("salesentry/SalesEntries")
            return [
                row["EntryNumber"]
                for row in rows
                if row.get("PaymentReference") == move.payment_reference
            ]

    def book_first(self):
        """Two that are booked: the first one of the year goes without a number."""
        moves = self.invoice(), self.invoice()
        self.work()
        return [self.numbers(move) for move in moves]

    def test_retry_while_the_service_still_works(self):
        first, second = self.book_first()
        self.assertLess(first, second)
        for seconds in (40, 100, 900):
            with self.subTest(seconds=seconds):
                move = self.invoice()
                self.retry(self.send_in_vain(move, "late", seconds=seconds))
                self.server.service.clock.advance(seconds + 1)
                self.assertEqual(len(self.numbers(move)), 1)
                self.assertFalse(self.server.service.late.all())

    def test_it_arrives_before_it_is_sent_again(self):
        self.book_first()
        move = self.invoice()
        job = self.send_in_vain(move, "late", seconds=40)
        number = job.number
        self.server.service.clock.advance(41)
        self.retry(job)
        self.assertEqual(self.numbers(move), [number])

    def test_somebody_took_the_number(self):
        self.book_first()
        move = self.invoice()
        job = self.send_in_vain(move, "before")
        number = job.number
        self.server.act(DIVISION, "book-by-hand", journal="70", amount=100, date="2026-03-05")
        self.retry(job)
        self.assertEqual(self.numbers(move), [number + 1])

    def test_numbers_that_are_ignored(self):
        self.book_first()
        self.server.service.switches.set({"honour_entry_number": False})
        self.addCleanup(self.server.service.switches.set, {"honour_entry_number": True})
        self.assertFalse(self.connection.exact_number_notice)
        given = self.send_in_vain(self.invoice(), "before").number
        other = self.invoice()
        self.work()
        self.assertEqual(self.numbers(other), [given])
        self.assertIn(f"{given} instead of {given + 1}", self.connection.exact_number_notice)
        with self.connection._open_package() as package:
            self.assertFalse(package.refuses_used_number())
        move = self.invoice()
        self.work()
        self.assertEqual((self.job(move).state, self.job(move).series), ("done", False))
        self.assertEqual(len(self.numbers(move)), 1)
