"""A Belgian company connected with the books of an Octopus sandbox in this process."""

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from sandbox.octopus import serve
from tests.books.direct import Direct
from tooling.books import compare, octopus_side, table
from tooling.books.odoo_side import OdooSide
from tooling.demo import connect

DOSSIER = 70123


class OctopusBooksCase(AccountTestInvoicingCommon):
    """``export`` books documents in the sandbox, ``comparison`` puts both sides together.

    ``customer`` and ``supplier`` are Belgian businesses, ``abroad`` is one of another Member State.
    """

    @classmethod
    @AccountTestInvoicingCommon.setup_country("be")
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("accountable_connect.group_manager")
        cls.company = cls.env.company
        cls.company.vat = "BE0999999031"
        belgium = cls.env.ref("base.be")
        cls.customer, cls.supplier = cls.env["res.partner"].create([
            {"name": name, "is_company": True, "country_id": belgium.id, "vat": vat,
             "property_payment_term_id": False, "property_supplier_payment_term_id": False}
            for name, vat in (("Klant BV", "BE0999999130"), ("Leverancier NV", "BE0999999229"))])
        cls.abroad = cls.env["res.partner"].create({
            "name": "Kunde GmbH", "is_company": True, "vat": "DE299999901",
            "country_id": cls.env.ref("base.de").id, "property_payment_term_id": False})
        cls.server = serve(switches={"daily_limits": False})
        cls.server.__enter__()
        cls.addClassCleanup(cls.server.__exit__, None, None, None)

    @classmethod
    def connect(cls, by_hand=None):
        """Walk through the initial synchronisation up to its summary."""
        connection = connect.SetUp(cls.company, by_hand).connect(
            connect.octopus(cls.server.url), start=False)
        connection.start_date = "2026-01-01"
        cls.connection = connection.sudo().with_company(cls.company)
        return cls.connection

    @classmethod
    def export(cls, moves):
        """Book the documents; ``{move: [problem]}`` of those the precheck refuses in words."""
        return Direct(cls.connection).export(moves.with_env(cls.connection.env))

    @classmethod
    def comparison(cls, moves, open_items=True):
        """Both sides of these documents beside each other."""
        return compare.compare(
            OdooSide(cls.connection).bookings(moves),
            octopus_side.bookings(cls.server.books(DOSSIER)), open_items)

    def assert_agrees(self, comparison):
        """Fails with the table when something differs without a name."""
        if not comparison.agrees:
            self.fail("\n".join(["", *table.lines_of(comparison)]))
