"""The demo company's documents through the real addon and its queue into the books of the sandbox,
settlements back, and what the comparison says when somebody changes an amount there."""

from decimal import Decimal

from odoo.addons.accountable_connect.models.engine.synchronisation import due_jobs
from odoo.tests import TransactionCase, tagged

from tests.books.case import Books, PerPackage, analyze, for_packages, jobs_of
from tests.books.delivering import Delivering
from tooling.books import compare
from tooling.books.figures import booking_from_data, to_data
from tooling.books.odoo_side import OdooSide, documents_of
from tooling.demo import connect, documents, on_purpose
from tooling.demo.company import DemoCompany
from tooling.demo.partners import MANAGER
from tooling.packages import load


@tagged("post_install", "post_install_l10n", "-at_install")
class TestBooksAgree(PerPackage, Delivering, TransactionCase):
    """The company is built once, and connected anew in the test of each package."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.demo = DemoCompany(cls.env)
        cls.demo.build()
        analyze(cls.env)
        # Tokens are stored in cursors of their own, which are to see this transaction.
        cls.registry_enter_test_mode_cls()

    def setUp(self):
        super().setUp()
        self.books = Books(self.package, self.enterContext)
        self.accountant = self.books.accountant

    def work(self, connection):
        """Let a worker run until nothing is due, in a cursor that may commit."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            working = connection.with_env(self.env(cr=cr, su=True, context={}))
            for _time in range(10):
                working._run(seconds=120)
                if not due_jobs(working):
                    break
        self.env.invalidate_all()

    def both_sides(self, connection):
        """``(Odoo's bookings, the sandbox's books as plain data)``."""
        connection = connection.sudo()
        return OdooSide(connection).bookings(documents_of(connection)), self.accountant.books()

    def agreeing(self, odoo, books, open_items=True):
        """The comparison, in which nothing differs without a name."""
        comparison = compare.compare(odoo, self.package.bookings(books), open_items)
        self.assert_agrees(comparison)
        return comparison

    def test_the_demo_company(self):
        """One story, since building the company takes longer than all the rest."""
        with self.subTest("a manager who is no administrator connects"):
            set_up = connect.of_demo(self.demo, self.package)
            connection = set_up.connect(self.books.make_connection(set_up))
            self.assertEqual(connection.state, "connected")
            self.assertFalse(self.demo.user(MANAGER).has_group("base.group_system"))
        with self.subTest("everything arrives, later documents too"):
            self.work(connection)
            self.demo.post_later()
            self.work(connection)
            jobs = jobs_of(connection)
            self.assertEqual(
                set(jobs.mapped("state")),
                {"done"},
                jobs.filtered(lambda job: job.state != "done").mapped("message"),
            )
            odoo, books = self.both_sides(connection)
            self.assertGreaterEqual(len(odoo), 100)
            self.agreeing(odoo, books, open_items=False)
        with self.subTest("originals of e-invoices travel along"):
            self.check_files()
        with self.subTest("analytic accounts become cost centres"):
            centres = self.package.cost_centres  # 60 and 40 % of 89.90
            self.assertEqual(
                self.accountant.cost_centres(self.keys()["A02"]),
                {centres["Atelier"]: "53.94", centres["Verkoop"]: "35.96"},
            )
        with self.subTest("settlements come back"):
            self.check_settlements(connection)
        odoo, books = self.both_sides(connection)
        comparison = self.agreeing(odoo, books)
        self.assert_names(comparison)
        with self.subTest("figures survive the way out of Odoo"):
            self.assertEqual([booking_from_data(to_data(booking)) for booking in odoo], odoo)
        self.check_mutations(odoo, books)
        with self.subTest("the accountant changes a booking"):
            self.accountant.recode(self.keys()["A04"], "600000")
            odoo, books = self.both_sides(connection)
            comparison = compare.compare(odoo, self.package.bookings(books))
            self.assertIn("600000", {row.subject for row in comparison.differing})
        with self.subTest("what is left on purpose, and its cures"):
            self.check_left_on_purpose(connection)

    @for_packages([load("octopus")])
    def test_delivered_as_they_are(self):
        """The same documents without any package: what is posted is what a receiver reads."""
        moves = self.demo.moves()
        refused, as_pdf, found = self.deliver(self.demo.company, moves)
        self.assertGreaterEqual(found.e_invoices, 45)
        # two with a line without tax; a receipt is no invoice
        self.assertEqual(as_pdf, self.demo.move("V28") | self.demo.move("V38"))
        for move, problems in refused.items():
            files = move.attachment_ids
            with self.subTest(move.name, problems=[problem.message for problem in problems]):
                # nobody has its paper here; and one e-invoice Odoo reads otherwise
                self.assertTrue(move.is_purchase_document(include_receipts=True))
                self.assertTrue(not files or move.ref == "E04")

    def check_left_on_purpose(self, connection):
        self.demo.company.sudo().fiscalyear_lock_date = False
        left = on_purpose.make(self.demo, self.package, self.books.root)
        self.work(connection)
        jobs = {
            key: jobs_of(connection).filtered(
                lambda job, move=move: (job.res_id, job.operation) == (move, "document")
            )
            for key, move in left.items()
        }
        self.assertEqual(
            {key: (job.state, job.error_kind) for key, job in jobs.items()},
            {
                "P1": ("failed", "configuration_missing"),
                "P2": ("failed", "duplicate"),
                "P3": ("failed", "data_refused"),
                "P4": ("pending", False),
            },
        )
        self.assertEqual(jobs["P4"].held_by_id, jobs["P3"])
        self.assertEqual(on_purpose.make(self.demo, self.package, self.books.root), left, "again")
        # what the demo tells a person to do
        for row in connection.mapping_ids.filtered(lambda one: one.state == "broken"):
            code = row.master_data_id.code
            row.master_data_id = connection.master_data_ids.filtered(
                lambda one, names=(f"{code}N", f"{code[:2]}N"): (
                    one.active and one.kind == "vat_code" and one.code in names
                )
            )
        self.demo.move("P3").partner_id.vat = on_purpose.NUMBER_TO_ENTER
        self.work(connection)
        self.assertEqual(
            {key: job.state for key, job in jobs.items()},
            {"P1": "done", "P2": "failed", "P3": "done", "P4": "done"},
        )

    def check_files(self):
        """Each imported bill has its XML and its PDF in the administration, byte for byte."""
        for key in ("E01", "E04", "E10"):
            move = self.demo.move(key)
            files, _notes = self.env["accountable.document"]._files(move)
            suffixes = {file.name.rsplit(".", 1)[-1].lower() for file in files}
            self.assertEqual(suffixes, {"xml", "pdf"}, key)
            stored = {row["sha256"] for row in self.accountant.files(self.keys()[key])}
            for file in files:
                self.assertIn(file.checksum, stored, file.name)

    def keys(self):
        bindings = self.env["accountable.binding"].sudo().search([("kind", "=", "document")])
        by_move = {binding.res_id: binding.external_key for binding in bindings}
        every = (*documents.SALES, *documents.PURCHASES, *documents.LATER)
        names = [document.key for document in every] + ["E01", "E04", "E10"]
        return {name: by_move[self.demo.move(name).id] for name in names}

    def check_settlements(self, connection):
        accountant = self.package.accountant(self.books.root, self.keys())
        self.pay_in_odoo(self.demo.move("A03"))
        accountant.work()
        self.synchronise(connection)
        residuals = {
            key: self.demo.move(key).amount_residual
            for key in (
                "V02",
                "V03",
                "V04",
                "V18",
                "V19",
                "V20",
                "V22",
                "V38",
                "A02",
                "A03",
                "A05",
                "A12",
            )
        }
        self.assertEqual(
            residuals,
            {
                "V02": 0.0,  # credit note set off, the rest paid
                "V03": 70.24,  # 50 of 120.24
                "V04": 0.0,  # two invoices in one payment
                "V18": 0.0,
                "V19": 0.0,  # paid too much
                "V20": 99.99,  # matched, then taken back
                "V22": 85.22,  # 1000 after a credit note of 120.58
                "V38": 811.25,  # moved to doubtful debtors: shown, not booked as money
                "A02": 0.0,
                "A05": 1105.4,
                "A03": 0.0,  # paid in Odoo before the accountant booked it
                "A12": 0.0,
            },
        )
        entries = self.settlement_entries(connection)
        self.synchronise(connection)
        self.assertEqual(entries, self.settlement_entries(connection), "read twice")
        self.demo.company.sudo().fiscalyear_lock_date = "2026-06-30"
        accountant.unmatch(accountant.keys["V17"])
        self.synchronise(connection)
        self.assertEqual(self.demo.move("V17").amount_residual, 163.31, "locked period")

    def pay_in_odoo(self, move):
        self.env["account.payment.register"].with_context(
            active_model="account.move",
            active_ids=move.ids,
        ).create({"payment_date": "2026-06-25"}).action_create_payments()
        self.assertEqual(move.amount_residual, 0.0)

    def synchronise(self, connection):
        connection.action_synchronise()
        self.work(connection)

    def settlement_entries(self, connection):
        return self.env["account.move"].search_count(
            [("journal_id", "=", connection.sudo().settlement_journal_id.id)]
        )

    def check_mutations(self, odoo, books):
        """Every single amount that changes in the sandbox is found."""
        places = list(self.package.amounts(books))
        self.assertGreater(len(places), 500)
        for number, (record, name) in enumerate(places):
            if number % max(len(places) // 60, 1):
                continue
            was = record[name]
            record[name] = str(Decimal(was) + Decimal("0.01"))
            with self.subTest("a cent", place=number, was=was, package=self.package.name):
                result = compare.compare(odoo, self.package.bookings(books))
                self.assertFalse(result.agrees)
            record[name] = was
