"""A company connected with the books of a package's sandbox in this process."""

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from tests.books.direct import Direct
from tooling.books import compare, table
from tooling.books.odoo_side import OdooSide
from tooling.demo import connect
from tooling.packages import load
from tooling.packages.exact import DutchExact


class Sandboxed:
    """The sandbox of ``package`` in this process, and its accountant."""

    package = None

    @classmethod
    def start_sandbox(cls):
        cls.server = cls.package.serve()
        cls.server.__enter__()
        cls.addClassCleanup(cls.server.__exit__, None, None, None)
        cls.root = cls.package.root(cls.server)
        cls.accountant = cls.package.accountant(cls.root)
        # Tokens are stored in cursors of their own, which are to see this transaction.
        cls.registry_enter_test_mode_cls()

    @classmethod
    def make_connection(cls, set_up):
        """The connection of a set-up, signed in; what the wizard needs is returned."""
        sign_in = cls.package.sign_in(cls.root)
        record = set_up.make(sign_in).sign_in_id
        cls.env.flush_all()
        cls.package.let_in(record, cls.root)
        cls.env.invalidate_all()
        return sign_in

    def assert_agrees(self, comparison):
        """Fails with the table when something differs without a name."""
        if not comparison.agrees:
            self.fail("\n".join(["", *table.lines_of(comparison)]))


class BooksCase(Sandboxed, AccountTestInvoicingCommon):
    """``export`` books documents in the sandbox, ``comparison`` puts both sides together.

    ``customer`` and ``supplier`` are businesses of the company's country, ``abroad`` is one of
    another Member State. ``vat_numbers`` are those of company, customer and supplier.
    """

    country_code = "BE"
    vat_numbers = ("BE0999999031", "BE0999999130", "BE0999999229")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("accountable_connect.group_manager")
        cls.company = cls.env.company
        cls.company.vat, *numbers = cls.vat_numbers
        country = cls.company.country_id
        cls.customer, cls.supplier = cls.env["res.partner"].create(
            [
                {
                    "name": name,
                    "is_company": True,
                    "country_id": country.id,
                    "vat": vat,
                    "property_payment_term_id": False,
                    "property_supplier_payment_term_id": False,
                }
                for name, vat in zip(("Klant BV", "Leverancier NV"), numbers, strict=True)
            ]
        )
        cls.abroad = cls.env["res.partner"].create(
            {
                "name": "Kunde GmbH",
                "is_company": True,
                "vat": "DE299999901",
                "country_id": cls.env.ref("base.de").id,
                "property_payment_term_id": False,
            }
        )
        cls.start_sandbox()

    def setUp(self):
        super().setUp()
        # The sandbox keeps what other tests booked and this database forgot: a mark of its own
        # for each test, or the connection stops over a booking that nobody made.
        self.env["accountable.identity"]._renew_mark()

    @classmethod
    def connect(cls, by_hand=None):
        """Walk through the initial synchronisation up to its summary."""
        set_up = connect.SetUp(cls.company, by_hand)
        connection = set_up.connect(cls.make_connection(set_up), start=False)
        connection.start_date = "2026-01-01"
        cls.connection = connection.sudo().with_company(cls.company)
        return cls.connection

    @classmethod
    def account(cls, code):
        """A ledger account of the company."""
        return cls.env["account.account"].search(
            [("code", "=", code), ("company_ids", "in", cls.company.id)]
        )

    @classmethod
    def confirm_accounts(cls, accounts):
        """What the wizard does for accounts that were used already."""
        cls.connection._ensure_mapping_rows("account", accounts)
        cls.connection.mapping_ids.filtered(
            lambda row: row.kind == "account" and row.state == "proposed"
        ).action_confirm()

    @classmethod
    def export(cls, moves):
        """Book the documents; ``{move: [problem]}`` of those the precheck refuses in words."""
        return Direct(cls.connection).export(moves.with_env(cls.connection.env))

    def export_all(self, moves):
        """Book the documents, none of which may be refused."""
        for move, problems in self.export(moves).items():
            with self.subTest(move.ref):
                self.fail([problem.message for problem in problems])

    @classmethod
    def bookings(cls):
        """The package's side."""
        return cls.package.bookings(cls.accountant.books())

    @classmethod
    def comparison(cls, moves, open_items=True):
        """Both sides of these documents beside each other."""
        return compare.compare(OdooSide(cls.connection).bookings(moves), cls.bookings(), open_items)


class OctopusBooksCase(BooksCase):
    """``names``: the named differences that the package may have, and no others."""

    package = load("octopus")
    names = {"D1", "D3", "D4", "D6", "D7", "E2", "R1", "R2", "R3"}


class ExactBooksCase(BooksCase):
    package = load("exact")
    names = {"D1", "D3", "D4", "D6", "D7", "E1", "E2", "R1", "R2", "R3"}


class ExactDutchBooksCase(BooksCase):
    package = DutchExact()
    country_code = "NL"
    vat_numbers = ("NL899999001B01", "NL899999013B01", "NL899999025B01")
    names = {"E2", "N1", "R1"}


def jobs_of(connection):
    """What is or was in its queue."""
    jobs = connection.env["accountable.job"].sudo()
    return jobs.search([("connection_id", "=", connection.id)])
