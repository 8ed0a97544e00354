"""A company whose documents are posted once and booked by every package, in the books of a sandbox
that runs in this process."""

from functools import wraps

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.accountable_connect.models.master_data.mapping_attention import CERTAIN

from tests.books.direct import Direct
from tests.books.expected import expected_of
from tests.books.handed_over import HandedOver
from tooling.books import compare, table
from tooling.books.odoo_side import OdooSide
from tooling.demo import connect
from tooling.packages import with_books

# What Odoo joins with itself to know how much of a document is paid.
LARGE_TABLES = ("account_move", "account_move_line", "account_partial_reconcile")


def for_packages(packages):
    """A test for some packages only, a list of them."""

    def mark(test):
        test.packages = packages
        return test

    return mark


class PerPackage:
    """Each test ``test_x`` that a subclass writes becomes one for every package, ``test_x_octopus``
    and so on; in it ``self.package`` is the package, ``self.expected`` what is expected of it.

    Packages are those with books of the subclass's ``country_code``, or the list that it names as
    ``packages``, or that ``for_packages`` gives to one test.
    """

    country_code = "BE"
    packages = None

    def __init_subclass__(cls):
        super().__init_subclass__()
        packages = with_books(cls.country_code) if cls.packages is None else cls.packages
        for name, test in list(vars(cls).items()):
            if name.startswith("test_") and callable(test):
                delattr(cls, name)
                for package in getattr(test, "packages", packages):
                    setattr(cls, f"{name}_{package.name}", _of_package(test, package))

    def setUp(self):
        test = getattr(self, self._testMethodName)
        self.package, self.check = test.package, test.check
        super().setUp()

    @property
    def expected(self):
        return expected_of(self.package)

    def assert_agrees(self, comparison):
        """Fails with the table when something differs without a name."""
        if not comparison.agrees:
            self.fail("\n".join([self.package.title, "", *table.lines_of(comparison)]))

    def assert_names(self, comparison, names=None):
        """No named difference but these; those of the package unless told otherwise."""
        found = {difference.name for difference in comparison.differences}
        self.assertLessEqual(found, self.expected.names if names is None else names)
        return found


def _of_package(test, package):
    @wraps(test)
    def of_package(self):
        return test(self)

    of_package.package, of_package.check = package, test.__name__.removeprefix("test_")
    return of_package


class Books:
    """The sandbox of ``package`` in this process, its accountant and, once a company is connected,
    the connection."""

    def __init__(self, package, stack):
        """``stack`` takes what ends the sandbox: ``enter`` of a test or of its class."""
        self.package = package
        self.server = stack(package.serve())
        self.root = package.root(self.server)
        self.accountant = package.accountant(self.root)
        self.connection = None

    def renew(self, stack):
        """New, empty books, of a package that asks nothing of them."""
        self.server = stack(self.package.serve())
        self.root = self.package.root(self.server)
        self.accountant = self.package.accountant(self.root)

    def bookings(self):
        """The package's side."""
        return self.package.bookings(self.accountant.books())

    def make_connection(self, set_up):
        """The connection of a set-up, signed in; what the wizard needs is returned."""
        sign_in = self.package.sign_in(self.root)
        if self.package.hands_over:
            return sign_in
        record = set_up.make(sign_in).sign_in_id
        set_up.env.flush_all()
        self.package.let_in(record, self.root)
        set_up.env.invalidate_all()
        return sign_in

    def connect(self, company, by_hand=None):
        """Walk through the initial synchronisation up to its summary."""
        set_up = connect.SetUp(company, by_hand)
        connection = set_up.connect(self.make_connection(set_up), start=False)
        connection.start_date = "2026-01-01"
        connection._confirm_proposals((CERTAIN,))  # as the start does
        self.connection = connection.sudo().with_company(company)


class BooksCase(PerPackage, AccountTestInvoicingCommon):
    """``export`` books documents in the sandbox, ``comparison`` puts both sides together.

    What a class method ``post_x`` gives is posted once, before any package is connected, and is
    ``self.posted`` in ``test_x`` of each package. A package is connected once for all tests of the
    class; ``self.connection``, ``self.accountant`` and ``self.server`` are its own, and what a test
    does with them in Odoo is rolled back at its end.

    ``customer`` and ``supplier`` are businesses of the company's country, ``abroad`` is one of
    another Member State. ``VAT_NUMBERS`` are those of company, customer and supplier.
    """

    VAT_NUMBERS = {
        "BE": ("BE0999999031", "BE0999999130", "BE0999999229"),
        "NL": ("NL899999001B01", "NL899999013B01", "NL899999025B01"),
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("accountable_connect.group_manager")
        cls.company = cls.env.company
        cls.company.vat, *numbers = cls.VAT_NUMBERS[cls.country_code]
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
        # Tokens are stored in cursors of their own, which are to see this transaction.
        cls.registry_enter_test_mode_cls()
        cls.books_of_packages = {}
        cls.documents = None

    def setUp(self):
        # Outside the transaction of the test: for the whole class.
        books = self._books(getattr(self, self._testMethodName).package)
        if books.package.hands_over:
            # Numbers that this database gave are free again: its documents were forgotten.
            books.renew(self.enterContext)
            self.before_connecting(books)
        # Meanwhile the database may have looked at its tables by itself, which are empty to others.
        analyze(self.env)
        self.books = books
        self.server, self.accountant = books.server, books.accountant
        self.connection = books.connection
        self.posted = self.documents.get(getattr(self, self._testMethodName).check)
        super().setUp()
        # A company may be connected with several packages; here is one at a time.
        for other in self.books_of_packages.values():
            if other is not books:
                other.connection.active = False
        # The sandbox keeps what other tests booked and this database forgot: a mark of its own
        # for each test, or the connection stops over a booking that nobody made.
        self.env["accountable.identity"]._renew_mark()

    @classmethod
    def _books(cls, package):
        """The books of a package, connected."""
        if cls.documents is None:
            cls.documents = cls._post()
        if package.name not in cls.books_of_packages:
            books = Books(package, cls.enterClassContext)
            cls.before_connecting(books)
            books.connect(cls.company, cls.by_hand(package))
            cls.books_of_packages[package.name] = books
            cls.after_connecting(books)
        return cls.books_of_packages[package.name]

    @classmethod
    def _post(cls):
        """``{check: what its post_… gives}``."""
        posted = {
            name.removeprefix("post_"): getattr(cls, name)()
            for name in dir(cls)
            if name.startswith("post_")
        }
        if posted:
            analyze(cls.env)
        return posted

    @classmethod
    def by_hand(cls, package):
        """``{tax: code}`` that a person chooses while connecting."""
        return {}

    @classmethod
    def before_connecting(cls, books):
        """What has to be there; ``books`` is a :class:`Books`."""

    @classmethod
    def after_connecting(cls, books):
        """What is done once for each package; ``books`` is a :class:`Books`."""

    @classmethod
    def account(cls, code):
        """A ledger account of the company."""
        return cls.env["account.account"].search(
            [("code", "=", code), ("company_ids", "in", cls.company.id)]
        )

    @staticmethod
    def confirm_accounts(connection, accounts):
        """What the wizard does for accounts that were used already."""
        connection._ensure_mapping_rows("account", accounts)
        connection.mapping_ids.filtered(
            lambda row: row.kind == "account" and row.state == "proposed"
        ).action_confirm()

    def export(self, moves):
        """Book the documents; ``{move: [problem]}`` of those the precheck refuses in words."""
        moves = moves.with_env(self.connection.env)
        if self.package.hands_over:
            return HandedOver(self.connection, self.books).export(moves)
        return Direct(self.connection).export(moves)

    def export_all(self, moves):
        """Book the documents, none of which may be refused."""
        for move, problems in self.export(moves).items():
            with self.subTest(move.ref, package=self.package.name):
                self.fail([problem.message for problem in problems])

    def bookings(self):
        """The package's side."""
        return self.books.bookings()

    def comparison(self, moves, open_items=True):
        """Both sides of these documents beside each other; the package has no others."""
        return compare.compare(
            OdooSide(self.connection).bookings(moves), self.bookings(), open_items
        )


def analyze(env):
    """Tell PostgreSQL of the documents that this transaction posted: by the statistics of an empty
    database it compares every item with every other one to know what is paid."""
    env.flush_all()
    env.cr.execute(f"ANALYZE {', '.join(LARGE_TABLES)}")


def jobs_of(connection):
    """What is or was in its queue."""
    jobs = connection.env["accountable.job"].sudo()
    return jobs.search([("connection_id", "=", connection.id)])
