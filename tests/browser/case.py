"""A Belgian company, a manager who is no administrator, and the sandbox of a package in this
process."""

from odoo import SUPERUSER_ID, api
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.modules.registry import Registry
from odoo.tests import HttpCase
from odoo.tests.common import get_db_name

from tooling import packages

# Not a list that a tour uses: the web client shows what it remembers of a list first and draws it
# again when it has read it, which forgets a selection made meanwhile.
BEFORE_TOURS = "/odoo/action-accountable_connect.accountable_sign_in_action"
# What the pages that tours open load: scripts, styles.
SCRIPTS = (
    "web.assets_web",
    "web.assets_tests",
    "web.assets_emoji",
    "bus.websocket_worker_assets",
)
STYLES = ("web.assets_web", "web.assets_web_print", "web.assets_frontend")


def make_bundles():
    """Build scripts and styles once for all tests: what a test builds is rolled back with it, and
    compiling them takes longer than many a tour. Where nothing changed they are there."""
    with Registry(get_db_name()).cursor() as cr:
        assets = api.Environment(cr, SUPERUSER_ID, {})["ir.qweb"]
        for name in SCRIPTS:
            assets._get_asset_bundle(name, css=False).js()
        for name in STYLES:
            assets._get_asset_bundle(name, js=False).css()


class BrowserCase(AccountTestInvoicingCommon, HttpCase):
    """Tours change what the test sees; ``work`` is the worker between two of them.

    A mixin says which package it is: ``package`` knows its sandbox, ``address_field`` is the field
    of the sign-in that holds the address.
    """

    @classmethod
    @AccountTestInvoicingCommon.setup_country("be")
    def setUpClass(cls):
        make_bundles()
        super().setUpClass()
        cls.built = cls._bundles()
        cls.sandbox = cls.enterClassContext(cls.package.serve())
        cls.root = cls.package.root(cls.sandbox)
        cls.env.user.group_ids += cls.env.ref("accountable_connect.group_manager")
        cls.company = cls.env.company
        cls.company.write(
            {"vat": "BE0477472701", "tax_calculation_rounding_method": "round_globally"}
        )
        # Taxes that only Odoo's own test data knows have no code anywhere.
        cls.env["account.tax"].search(
            [("company_id", "=", cls.company.id), ("name", "like", "complex")]
        ).active = False
        cls.manager = cls.env["res.users"].create(
            {
                "name": "Mia Manager",
                "login": "mia",
                "password": "mia-manager",
                "company_id": cls.company.id,
                "company_ids": [(6, 0, cls.company.ids)],
                "group_ids": [
                    (
                        6,
                        0,
                        [
                            cls.env.ref("base.group_user").id,
                            cls.env.ref("accountable_connect.group_manager").id,
                        ],
                    )
                ],
            }
        )
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "Garage Peeters BV",
                "is_company": True,
                "vat": "BE0403170701",
                "country_id": cls.env.ref("base.be").id,
                "street": "Kerkstraat 1",
                "zip": "9000",
                "city": "Gent",
                "property_payment_term_id": False,
            }
        )
        cls._propose_address()

    @classmethod
    def _propose_address(cls):
        """What the form proposes; the real address is not reachable from a test."""
        cls.env["ir.default"].set(
            "accountable.sign.in",
            cls.address_field,
            cls.package.sign_in(cls.root).values[cls.address_field],
        )

    @classmethod
    def _bundles(cls):
        """What is stored of the bundles that were built for all tests."""
        names = [f"{name}.min.js" for name in SCRIPTS] + [f"{name}.min.css" for name in STYLES]
        return cls.env["ir.attachment"].search(
            [("name", "in", names), ("url", "=like", "/web/assets/%")]
        )

    def tour(self, name, url=BEFORE_TOURS, **options):
        """Run a tour as the manager, in a real browser."""
        self.env.flush_all()
        self.start_tour(url, name, login="mia", timeout=150, **options)
        self.env.invalidate_all()
        self.assertEqual(self._bundles(), self.built, "bundles were built for this test alone")

    def set_up_and_post(self, tour):
        """Run the tour that sets up the connection and posts an invoice; gives both. Nothing goes
        out before the worker runs."""
        self.tour(tour)
        connection = (
            self.env["accountable.connection"].search([("company_id", "=", self.company.id)]).sudo()
        )
        self.assertEqual(connection.state, "connected")
        self.assertEqual(connection.administration_key, self.package.administration)
        invoice = self.env["account.move"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((invoice.state, invoice.amount_total), ("posted", 1210.0))
        self.assertEqual(self.states(), ["pending"])
        self.assertFalse(
            self.package.bookings(self.sandbox.books(int(self.package.administration)))
        )
        return connection, invoice

    def work(self, connection):
        """One run of the worker, in a cursor that may commit."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            worker = connection.with_env(self.env(cr=cr, su=True, context={}))
            self.assertTrue(worker._run(seconds=60))
        self.env.invalidate_all()

    def states(self):
        """The states of the jobs that send documents, in their order."""
        jobs = self.env["accountable.job"].search(
            [("operation", "=", "document"), ("skip_reason", "=", False)], order="id"
        )
        return jobs.mapped("state")


class OctopusMixin:
    """With Octopus's sandbox."""

    package = packages.load("octopus")
    address_field = "octopus_url"


class ExactMixin:
    """With Exact's sandbox."""

    package = packages.load("exact")
    address_field = "exact_sandbox_address"


class UblMixin:
    """With the folders of the postbox, and nothing to sign in to."""

    package = packages.load("ubl")

    @classmethod
    def _propose_address(cls):
        """There is none."""


class WinBooksMixin(UblMixin):
    """With an office that imports files in WinBooks, and nothing to sign in to."""

    package = packages.load("winbooks")
