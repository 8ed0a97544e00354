"""Answers that come after everybody gave up: an entry of Exact Online is there once."""

from odoo.tests import tagged

from tests.books.case import ExactBooksCase
from tooling.demo import connect

ENTRIES = "POST *entry/*Entries"


@tagged("post_install", "post_install_l10n", "-at_install")
class TestBookedOnce(ExactBooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        set_up = connect.SetUp(cls.company)
        cls.connection = set_up.connect(
            cls.make_connection(set_up), start_date="2026-01-01").sudo()

    def setUp(self):
        super().setUp()
        self.posted = 0

    def invoice(self, move_type="out_invoice"):
        self.posted += 1
        move = self.env["account.move"].create({
            "move_type": move_type, "partner_id": self.customer.id,
            "invoice_date": "2026-03-05", "date": "2026-03-05", "ref": f"R{self.posted}",
            "invoice_line_ids": [(0, 0, {
                "name": "Chairs", "price_unit": 100.0 + self.posted,
                "account_id": self.company_data["default_account_revenue"].id,
                "tax_ids": [(6, 0, self.company.account_sale_tax_id.ids)]})]})
        move.action_post()
        return move

    def work(self):
        self.env.flush_all()
        with self.registry.cursor() as cr:
            self.connection.with_env(self.env(cr=cr, su=True, context={}))._run(seconds=60)
        self.env.invalidate_all()

    def job(self, move):
        return self.connection.job_ids.filtered(
            lambda job: (job.res_model, job.res_id) == ("account.move", move.id)).sorted()[-1:]

    def entries(self, move):
        """Its entries at Exact Online, with their numbers."""
        service = self.server.service
        found = [entry["entry"] for entry in self.server.entries(service.division(500001).code)
                 if (entry["description"] or "").startswith(move.name)]
        with self.server.store.lock:
            division = service.division(500001)
            return [division.get("salesentry/SalesEntries", key)["EntryNumber"] for key in found]

    def late(self, seconds):
        self.server.service.faults.add(ENTRIES, "late", seconds=seconds)

    def pass_time(self, seconds):
        self.server.service.clock.advance(seconds)

    def test_retry_while_the_service_still_works(self):
        first, second = self.invoice(), self.invoice()
        self.work()
        self.assertEqual((self.entries(first), self.entries(second)), ([26700001], [26700002]))
        for seconds in (40, 100, 900):
            with self.subTest(seconds=seconds):
                move = self.invoice()
                self.late(seconds)
                self.work()
                self.assertEqual(self.job(move).state, "unknown")
                self.job(move).action_retry()
                self.work()
                self.assertEqual(self.job(move).state, "done", self.job(move).message)
                self.pass_time(seconds + 1)
                self.assertEqual(len(self.entries(move)), 1)

    def test_it_arrives_before_it_is_sent_again(self):
        self.invoice(), self.invoice()
        self.work()
        move = self.invoice()
        self.late(40)
        self.work()
        number = self.job(move).number
        self.pass_time(41)
        self.job(move).action_retry()
        self.work()
        self.assertEqual((self.job(move).state, self.entries(move)), ("done", [number]))

    def test_somebody_took_the_number(self):
        self.invoice(), self.invoice()
        self.work()
        move = self.invoice()
        self.server.service.faults.add(ENTRIES, "before")
        self.work()
        number = self.job(move).number
        self.server.act(500001, "book-by-hand", journal="70", amount=103, date="2026-03-05")
        self.job(move).action_retry()
        self.work()
        self.assertEqual((self.job(move).state, self.entries(move)), ("done", [number + 1]))

    def test_numbers_that_are_ignored(self):
        self.server.service.switches.set({"honour_entry_number": False})
        self.addCleanup(self.server.service.switches.set, {"honour_entry_number": True})
        self.invoice()
        self.work()
        # the highest one is somebody's who numbers otherwise
        self.server.service.switches.set({"honour_entry_number": True})
        self.server.act(500001, "book-by-hand", journal="70", amount=50, date="2026-03-05")
        self.server.service.switches.set({"honour_entry_number": False})
        self.assertFalse(self.connection.exact_number_notice)
        lost = self.invoice()
        self.server.service.faults.add(ENTRIES, "before")
        self.work()
        given = self.job(lost).number
        other = self.invoice()
        self.work()
        self.assertEqual(self.entries(other), [given])
        self.assertIn(f"{given} instead of {given + 1}", self.connection.exact_number_notice)
        with self.connection._open_package() as package:
            self.assertFalse(package.refuses_used_number())
        move = self.invoice()
        self.work()
        self.assertEqual((self.job(move).state, len(self.entries(move))), ("done", 1))
