"""Two packages in one database: a company with each, and a company that moves from one to the
other."""

from dataclasses import replace

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.tests import tagged

from tests.books.batches import take_batches
from tests.books.case import Books, jobs_of
from tooling.books import compare, table
from tooling.books.odoo_side import OdooSide
from tooling.demo import connect
from tooling.packages import load
from tooling.packages.control import Control

MOVED = "2026-04-01"
# The second Belgian division of Exact's sandbox.
SECOND_DIVISION = "500002"


class TwoPackagesCase(AccountTestInvoicingCommon):
    """A company, and a sandbox of each package; ``connect`` walks through the set-up."""

    country_code = "BE"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("accountable_connect.group_manager")
        cls.first = cls.env.company
        cls.first.vat = "BE0999999031"
        cls.make_others()
        # Taxes that only Odoo's own test data knows have no code anywhere.
        cls.env["account.tax"].search([("name", "like", "complex")]).active = False
        cls.registry_enter_test_mode_cls()

    @classmethod
    def make_others(cls):
        """More companies, where the tests need them: each chart of accounts takes seconds."""

    def setUp(self):
        super().setUp()
        self.roots = {}

    def root(self, package):
        """The address of the package's sandbox, which begins with its first question."""
        if package.name not in self.roots:
            self.roots[package.name] = package.root(self.enterContext(package.serve()))
        return self.roots[package.name]

    def connect(self, company, name, administration=None, start_date=connect.START):
        """A connection in use."""
        package = load(name)
        root = self.root(package)
        sign_in = package.sign_in(root)
        if administration:
            sign_in = replace(sign_in, administration=administration)
        company = company.with_context(allowed_company_ids=company.ids)
        set_up = connect.SetUp(company)
        record = set_up.make(sign_in).sign_in_id
        self.env.flush_all()
        package.let_in(record, root)
        self.env.invalidate_all()
        return set_up.connect(sign_in, start_date=start_date).sudo()

    def post(self, company, day, price, move_type="out_invoice", **values):
        env = self.env(context={**self.env.context, "allowed_company_ids": company.ids})
        kind = "sale" if move_type.startswith("out") else "purchase"
        journal = env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", kind)], limit=1
        )
        move = env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.partner_a.id,
                "invoice_date": day,
                "date": day,
                "journal_id": journal.id,
                "ref": f"{day} {price}",
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Chairs",
                            "price_unit": price,
                            "account_id": journal.default_account_id.id,
                            "tax_ids": [(6, 0, company[f"account_{kind}_tax_id"].ids)],
                        },
                    )
                ],
                **values,
            }
        )
        move.action_post()
        return move

    def work(self, *connections):
        """A run for each connection, in a cursor that may commit; nothing is left."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            for connection in connections:
                connection.with_env(self.env(cr=cr, su=True, context={}))._run(seconds=60)
        self.env.invalidate_all()
        for connection in connections:
            left = jobs_of(connection).filtered(lambda job: job.state != "done")
            self.assertFalse(left.mapped("message"), connection.name)

    def accountant_of(self, connection):
        """Who works in the administration of a connection."""
        package = load(connection.package)
        return package.accountant_class(Control(self.root(package)), connection.administration_key)

    def assert_same_books(self, connection, moves, open_items=True):
        """The package has these documents and no others."""
        package = load(connection.package)
        bookings = package.bookings(self.accountant_of(connection).books())
        comparison = compare.compare(OdooSide(connection).bookings(moves), bookings, open_items)
        if not comparison.agrees:
            self.fail("\n".join([package.title, "", *table.lines_of(comparison)]))


@tagged("post_install", "post_install_l10n", "-at_install")
class TestTwoPackages(TwoPackagesCase):
    @classmethod
    def make_others(cls):
        cls.second = cls.setup_other_company(name="Second company BV")["company"]
        cls.second.vat = "BE0999999130"

    def test_a_company_with_each(self):
        octopus = self.connect(self.first, "octopus")
        exact = self.connect(self.second, "exact")
        moves = {
            connection: self.env["account.move"].union(
                self.post(company, "2026-03-10", 100),
                self.post(company, "2026-03-11", 333.37),
                self.post(company, "2026-03-12", 50, "in_invoice"),
            )
            for connection, company in ((octopus, self.first), (exact, self.second))
        }
        self.work(octopus, exact)
        for connection, documents in moves.items():
            with self.subTest(connection.package):
                self.assert_same_books(connection, documents)

    def test_a_company_that_moves(self):
        octopus = self.connect(self.first, "octopus")
        before = self.post(self.first, "2026-03-10", 100)
        self.work(octopus)
        octopus.active = False
        exact = self.connect(self.first, "exact", SECOND_DIVISION, MOVED)
        self.assertNotEqual(octopus, exact)
        self.assertFalse(jobs_of(exact), "what the first package has is not sent to the second")
        after = self.post(self.first, MOVED, 250)
        refund = self.post(self.first, "2026-04-02", 20, "out_refund", reversed_entry_id=before.id)
        self.work(exact)
        # Odoo matched the credit note with an invoice that stands in the other package.
        self.assert_same_books(octopus, before, open_items=False)
        self.assert_same_books(exact, after + refund, open_items=False)

    def test_a_company_that_moves_to_one_that_takes_files(self):
        """What the first package has stays there; the credit note of an invoice in it goes as an
        entry of its own."""
        octopus = self.connect(self.first, "octopus")
        before = self.post(self.first, "2026-03-10", 100)
        self.work(octopus)
        octopus.active = False
        books = Books(load("winbooks"), self.enterContext)
        set_up = connect.SetUp(self.first.with_context(allowed_company_ids=self.first.ids))
        sign_in = books.make_connection(set_up)
        winbooks = set_up.connect(sign_in, start_date=MOVED).sudo()
        winbooks.batch_closes = "manual"
        self.assertFalse(jobs_of(winbooks), "what the first package has is not sent to the second")
        after = self.post(self.first, MOVED, 250)
        refund = self.post(self.first, "2026-04-02", 20, "out_refund", reversed_entry_id=before.id)
        self.work(winbooks)
        [done] = take_batches(winbooks, books)
        self.assertFalse(done["left_out"], done)
        self.assert_same_books(octopus, before, open_items=False)
        side = OdooSide(winbooks, books.package.key_of).bookings(after + refund)
        comparison = compare.compare(side, books.bookings(), open_items=False)
        self.assertTrue(comparison.agrees, "\n".join(table.lines_of(comparison)))
