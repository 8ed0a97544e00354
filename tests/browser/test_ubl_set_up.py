"""From *Connect with …* to the first document that is handed over, with mouse and keyboard: nothing
to sign in to and nothing to map, on a wide screen and on a narrow one."""

from odoo import fields
from odoo.tests import tagged

from tests.browser import walk
from tests.browser.case import BrowserCase, OctopusMixin
from tests.browser.person import AtPhone, Person

DASHBOARD = "/odoo/action-account.open_account_journal_dashboard_kanban"
ENTRY = ".o_accountable_entries article"
STEP = ".o_form_view div[name^='step_']"
CONTINUE = ".o_form_view button[name='action_next_step']"
RECEIVER = ".modal .o_field_widget[name='ubl_profile_id'] input"
# A phone shows the receivers as cards.
RECEIVERS = {
    Person: ".o-autocomplete--dropdown-item a",
    AtPhone: ".o_dialog .o_kanban_record",
}
TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth"
MOST_CLICKS = 8


@tagged("post_install", "-at_install")
class TestUblSetUp(OctopusMixin, BrowserCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.customer.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    fields.Command.create(
                        {
                            "name": "Repair",
                            "price_unit": 1000,
                            "tax_ids": cls.company.account_sale_tax_id.ids,
                        }
                    )
                ],
            }
        )
        cls.invoice.action_post()

    def test_on_a_wide_screen(self):
        self.walk_with(Person)

    def test_at_a_phone(self):
        self.walk_with(AtPhone)

    def walk_with(self, kind):
        self.assertFalse(self.manager.has_group("base.group_system"))
        number = self.invoice.name  # read before the browser asks in the same transaction
        with walk.browser(self, "mia", kind) as page:
            page.open(DASHBOARD)
            page.click("a[name='action_accountable_connect']", "Connect with UBL")
            page.look_at(".modal", "picks them up")
            page.click(RECEIVER)
            page.click(RECEIVERS[kind], "Any program")
            page.click(".modal button[name='action_continue']")
            for step in ("hand_over", "start"):
                page.see(f"div[name='step_{step}']")
                self.look(page, step)
                page.click(CONTINUE, "Continue")
                page.see(f".o_form_view:not(:has(div[name='step_{step}']))")
            page.see("div[name='step_summary']")
            self.look(page, "summary")
            page.look_at(ENTRY, number)
            page.click(f"{ENTRY} .o_accountable_send_first", "Send this one first")
            page.look_at(f"{ENTRY} .o_accountable_under_way")
            self.work_now()
            page.look_at(f"{ENTRY} .o_accountable_in_batch", "In batch 00001")
            self.look(page, "summary_after")
            page.click(f"{ENTRY} .o_accountable_batch", "Open the batch")
            page.see("button[name='action_download']")
            self.look(page, "batch")
            page.check_console()
            self.assertLessEqual(len(page.done), MOST_CLICKS, page.done)
            self.assertFalse(page.typed)

    def look(self, page, name):
        """Nothing lies beside the window."""
        self.assertFalse(page.value(TOO_WIDE), name)

    def work_now(self):
        """The worker, while the browser may ask."""
        with self.registry.cursor() as cr:
            env = self.env(cr=cr, su=True, context={})
            connection = env["accountable.connection"].search(
                [("company_id", "=", self.company.id)]
            )
            self.assertTrue(connection._run(seconds=60))
