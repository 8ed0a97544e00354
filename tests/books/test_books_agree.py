"""The demo company's documents through the real addon and its queue into the books of the sandbox,
settlements back, and what the comparison says when somebody changes an amount there."""

from copy import deepcopy
from decimal import Decimal

from odoo.tests import TransactionCase, tagged

from sandbox.octopus import serve
from tooling.books import compare, octopus_side, table
from tooling.books.figures import booking_from_data, to_data
from tooling.books.odoo_side import OdooSide, documents_of
from tooling.demo import connect, documents
from tooling.demo.accountant import Accountant
from tooling.demo.company import DemoCompany
from tooling.demo.partners import MANAGER

DOSSIER = 70123


@tagged("post_install", "post_install_l10n", "-at_install")
class TestBooksAgree(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.demo = DemoCompany(cls.env)
        cls.demo.build()
        cls.server = serve(switches={"daily_limits": False})
        cls.server.__enter__()
        cls.addClassCleanup(cls.server.__exit__, None, None, None)

    def work(self, connection):
        """Let a worker run until nothing is due, in a cursor that may commit."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            working = connection.with_env(self.env(cr=cr, su=True, context={}))
            for _time in range(10):
                working._run(seconds=120)
                if not working._due_jobs():
                    break

    def both_sides(self, connection):
        """``(Odoo's bookings, the sandbox's books as plain data)``."""
        connection = connection.sudo()
        return OdooSide(connection).bookings(documents_of(connection)), self.server.books(DOSSIER)

    def assert_agrees(self, odoo, books, open_items=True):
        comparison = compare.compare(odoo, octopus_side.bookings(books), open_items)
        if not comparison.agrees:
            self.fail("\n".join(["", *table.lines_of(comparison)]))
        return comparison

    def test_the_demo_company(self):
        """One story, since building the company takes longer than all the rest."""
        with self.subTest("a manager who is no administrator connects"):
            connection = connect.of_demo(self.demo).connect(connect.octopus(self.server.url))
            self.assertEqual(connection.state, "connected")
            self.assertFalse(self.demo.user(MANAGER).has_group("base.group_system"))
        with self.subTest("everything arrives, later documents too"):
            self.work(connection)
            self.demo.post_later()
            self.work(connection)
            states = set(connection.sudo().job_ids.mapped("state"))
            self.assertEqual(states, {"done"}, connection.sudo().job_ids.filtered(
                lambda job: job.state != "done").mapped("message"))
            odoo, books = self.both_sides(connection)
            self.assertGreaterEqual(len(odoo), 100)
            self.assert_agrees(odoo, books, open_items=False)
        with self.subTest("originals of e-invoices travel along"):
            self.check_files(books)
        with self.subTest("analytic accounts become cost centres"):
            _year, journal, number = self.keys()["A02"].split("/")
            [booking] = [booking for booking in books["bookings"]
                         if (booking["journalKey"], str(booking["documentSequenceNr"]))
                         == (journal, number)]
            shares = {line["costCentreId"]: line["amount"] for line in booking["entry"]
                      if line["role"] == "base"}
            self.assertEqual(shares, {2: "53.94", 1: "35.96"})  # 60 and 40 % of 89.90
        with self.subTest("settlements come back"):
            self.check_settlements(connection)
        odoo, books = self.both_sides(connection)
        comparison = self.assert_agrees(odoo, books)
        names = {difference.name for difference in comparison.differences}
        self.assertLessEqual(names, {"D1", "D3", "D4", "D6", "D7", "R1", "R2", "R3"})
        with self.subTest("figures survive the way out of Odoo"):
            self.assertEqual([booking_from_data(to_data(booking)) for booking in odoo], odoo)
        self.check_mutations(odoo, books)
        with self.subTest("the accountant changes a booking"):
            self.server.act(DOSSIER, "recode", bookyearId=9, journalKey="A1",
                            documentSequenceNr=1, line=1, accountKey=600000)
            odoo, books = self.both_sides(connection)
            comparison = compare.compare(odoo, octopus_side.bookings(books))
            self.assertIn("600000", {row.subject for row in comparison.differing})

    def check_files(self, books):
        """Each imported bill has its XML and its PDF in the administration, byte for byte."""
        stored = {(row["journalKey"], row["documentSequenceNr"], row["sha256"])
                  for row in books["attachments"]}
        for key in ("E01", "E04", "E10"):
            move = self.demo.move(key)
            files, _notes = self.env["accountable.document"]._files(move)
            suffixes = {file.name.rsplit(".", 1)[-1].lower() for file in files}
            self.assertEqual(suffixes, {"xml", "pdf"}, key)
            _year, journal, number = self.keys()[key].split("/")
            for file in files:
                self.assertIn((journal, int(number), file.checksum), stored, file.name)

    def keys(self):
        bindings = self.env["accountable.binding"].sudo().search([("kind", "=", "document")])
        by_move = {binding.res_id: binding.external_key for binding in bindings}
        every = (*documents.SALES, *documents.PURCHASES, *documents.LATER)
        names = [document.key for document in every] + ["E01", "E04", "E10"]
        return {name: by_move[self.demo.move(name).id] for name in names}

    def check_settlements(self, connection):
        accountant = Accountant(self.server.root, self.keys())
        self.pay_in_odoo(self.demo.move("A03"))
        accountant.work()
        self.synchronise(connection)
        residuals = {key: self.demo.move(key).amount_residual
                     for key in ("V02", "V03", "V04", "V18", "V19", "V20", "V22", "V38", "A02",
                                 "A03", "A05", "A12")}
        self.assertEqual(residuals, {
            "V02": 0.0,       # credit note set off, the rest paid
            "V03": 70.24,     # 50 of 120.24
            "V04": 0.0,       # two invoices in one payment
            "V18": 0.0,
            "V19": 0.0,       # paid too much
            "V20": 99.99,     # matched, then taken back
            "V22": 85.22,     # 1000 after a credit note of 120.58
            "V38": 811.25,    # moved to doubtful debtors: shown, not booked as money
            "A02": 0.0,
            "A05": 1105.4,
            "A03": 0.0,       # paid in Odoo before the accountant booked it
            "A12": 0.0,
        })
        entries = self.settlement_entries(connection)
        self.synchronise(connection)
        self.assertEqual(entries, self.settlement_entries(connection), "read twice")
        self.demo.company.sudo().fiscalyear_lock_date = "2026-06-30"
        accountant.act("unmatch", document=accountant.key("V17"))
        self.synchronise(connection)
        self.assertEqual(self.demo.move("V17").amount_residual, 163.31, "locked period")

    def pay_in_odoo(self, move):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids,
        ).create({"payment_date": "2026-06-25"}).action_create_payments()
        self.assertEqual(move.amount_residual, 0.0)

    def synchronise(self, connection):
        connection.action_synchronise()
        self.work(connection)

    def settlement_entries(self, connection):
        return self.env["account.move"].search_count(
            [("journal_id", "=", connection.sudo().settlement_journal_id.id)])

    def check_mutations(self, odoo, books):
        """Every single amount that changes in the sandbox is found."""
        def amounts(changed):
            for booking in changed["bookings"]:
                if booking["journalKey"][0] in "VA":
                    for line in booking["entry"]:
                        yield line, "amount"
                    for box in booking["boxes"]:
                        yield booking["boxes"], box
            for item in changed["openItems"]:
                if item["journalKey"][0] in "VA":
                    yield item, "open"

        places = len(list(amounts(books)))
        self.assertGreater(places, 500)
        step = max(places // 60, 1)
        for number in range(0, places, step):
            changed = deepcopy(books)
            record, name = list(amounts(changed))[number]
            record[name] = str(Decimal(record[name]) + Decimal("0.01"))
            with self.subTest("a cent", place=number, was=record):
                result = compare.compare(odoo, octopus_side.bookings(changed))
                self.assertFalse(result.agrees)
