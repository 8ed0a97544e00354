"""The last step of the set-up in real Chromium, on a wide and on a narrow screen: the entries to
come, one of them first, then the rest."""

from odoo import fields
from odoo.tests import tagged

from tests.browser import walk
from tests.browser.case import BrowserCase, OctopusMixin
from tests.browser.person import AtPhone, Person
from tooling.demo import connect

FIRST = ".o_accountable_entries article:first-of-type"
REST = "button[name='action_send_rest']"


@tagged("post_install", "-at_install")
class TestLastStep(OctopusMixin, BrowserCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        set_up = connect.SetUp(cls.company.with_user(cls.manager).sudo(False))
        cls.connection = set_up.connect(cls.package.sign_in(cls.root), start=False)

    def document(self, move_type, price, tax):
        move = self._create_invoice_one_line(
            price_unit=price,
            name="Repair",
            partner_id=self.customer,
            tax_ids=tax,
            move_type=move_type,
            invoice_date=fields.Date.to_date("2026-03-15"),
        )
        move.action_post()
        return move

    def open(self, page):
        page.open(f"/odoo/accountable.connection/{self.connection.id}")

    def states_now(self):
        """While the browser may ask, in a cursor that keeps its requests waiting."""
        with self.registry.cursor() as cr:
            jobs = self.env(cr=cr, su=True)["accountable.job"]
            return jobs.search([("operation", "=", "document")], order="id").mapped("state")

    def test_one_first_then_the_rest(self):
        self._send_first_then_rest(Person)

    def test_the_same_at_a_phone(self):
        self._send_first_then_rest(AtPhone)

    def _send_first_then_rest(self, kind):
        sale_tax, purchase_tax = (
            self.company.account_sale_tax_id,
            self.company.account_purchase_tax_id,
        )
        number = self.document("out_invoice", 1000, sale_tax).name
        self.document("in_invoice", 200, purchase_tax)
        self.document("out_refund", 30, sale_tax)
        with walk.browser(self, "mia", kind) as page:
            self.open(page)
            page.look_at(FIRST, number)
            for text in ("700", "Garage Peeters BV", "March 2026", "1,000.00", "210.00"):
                page.look_at(FIRST, text)
            page.click(f"{FIRST} .o_accountable_send_first", "Send this one first")
            page.look_at(f"{FIRST} .o_accountable_under_way")
            self.assertEqual(self.states_now(), ["pending"])
            self.work(self.connection.sudo())
            page.look_at(f"{FIRST} .o_accountable_booked", "Booked as")
            self.assertEqual(self.states_now(), ["done"])
            page.click(REST)
            page.look_at(".o_statusbar_status", "Connected")
            self.assertEqual(self.states_now(), ["done", "pending", "pending"])
            self.assertEqual(len(page.done), 2, page.done)
            page.check_console()

    def test_an_example_by_keyboard(self):
        """Without a document of one's own; the buttons are reached with the Tab key."""
        with walk.browser(self, "mia", Person) as page:
            self.open(page)
            page.look_at(".o_accountable_entries", "Example")
            self.assertNotIn("Send this one first", page.text)
            page.tab_to("button[name='action_start']")
            page.key("Enter")
            page.look_at(".o_statusbar_status", "Connected")
            self.assertEqual(page.done, ["Enter"])
            page.check_console()

    def test_why_one_does_not_go(self):
        """The reason stands at the entry, and its link opens the row to correct."""
        row = self.connection.mapping_ids.filtered(
            lambda one: (
                one.tax_id == self.company.account_sale_tax_id and one.document_kind == "sale"
            )
        )
        row.sudo().write({"state": "proposed", "certain": False})
        self.document("out_invoice", 1000, self.company.account_sale_tax_id)
        with walk.browser(self, "mia", AtPhone) as page:
            self.open(page)
            page.look_at(FIRST, "is not confirmed yet")
            page.click(f"{FIRST} .alert a", "Open the mapping of")
            page.look_at(".o_form_view .o_field_widget[name='source_name']", "21%")
            page.check_console()
