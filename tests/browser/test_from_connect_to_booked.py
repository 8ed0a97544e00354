"""From *Connect with …* to the first booked invoice, with mouse and keyboard: what it takes of a
person, on a wide screen and on a narrow one."""

from odoo import fields
from odoo.tests import tagged

from tests.browser import walk
from tests.browser.case import BrowserCase, ExactMixin, OctopusMixin
from tests.browser.person import AtPhone, Person

# Where somebody who keeps the books in Odoo begins.
DASHBOARD = "/odoo/action-account.open_account_journal_dashboard_kanban"
ENTRY = ".o_accountable_entries article"
STEP = ".o_form_view div[name^='step_']"
MOST_CLICKS, FIELDS = 8, 2


class Way:
    """A company with a VAT number, an invoice that is posted, and what the administrator entered
    once; of several administrations one has the number of the company."""

    number = "BE0999999031"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"vat": cls.number, "name": "Vandersmissen Bureaustoelen BV"})
        entered = cls.package.sign_in(cls.root)
        sign_in = cls.env["accountable.sign.in"].new(
            {"name": "Office", "package": cls.package.name, **entered.values}
        )
        cls.env["accountable.app"].with_user(cls.env.ref("base.user_admin"))._keep(
            sign_in, {**entered.values, **entered.secrets}
        )
        cls._take_plain_accounts()
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

    @classmethod
    def _take_plain_accounts(cls):
        """Odoo's tests book on copies of accounts: a company has those of the chart."""
        names = ("property_account_income_id", "property_account_expense_id")
        cls.env["product.template"].search([]).write(dict.fromkeys(names, False))
        accounts = cls.env["account.account"]
        for code in ("700000", "600000"):
            copy, own = (
                accounts.search([("code", "=", one), ("company_ids", "in", cls.company.ids)])
                for one in (f"{code}.1", code)
            )
            if copy and own:
                own.code = f"{code}.9"
                copy.code = code
        accounts.search([("name", "like", "(copy)")]).active = False

    def test_on_a_wide_screen(self):
        self.walk_with(Person)

    def test_at_a_phone(self):
        self.walk_with(AtPhone)

    def walk_with(self, kind):
        self.assertFalse(self.manager.has_group("base.group_system"))
        number = self.invoice.name
        with walk.browser(self, "mia", kind) as page:
            page.open(DASHBOARD)
            page.click("a[name='action_accountable_connect']", f"Connect with {self.label}")
            page.look_at(".modal", "Vandersmissen Bureaustoelen BV")
            self.sign_in(page)
            self.set_up(page)
            page.look_at(ENTRY, number)
            page.look_at(ENTRY, "1,000.00")
            page.click(f"{ENTRY} .o_accountable_send_first", "Send this one first")
            page.look_at(f"{ENTRY} .o_accountable_under_way")
            self.work_now()
            page.look_at(f"{ENTRY} .o_accountable_booked", "Booked as")
            page.check_console()
            self.assertLessEqual(len(page.done), MOST_CLICKS, page.done)
            self.assertLessEqual(page.typed, FIELDS)
        self.env.invalidate_all()
        self.assertEqual(self.states(), ["done"])
        self.assertEqual(self.invoice.accountable_state, "exported")

    def set_up(self, page):
        """*Continue* from step to step; the journal of the invoice is looked at, what this invoice
        does not need may stay open."""
        while (step := self.step(page)) != "summary":
            if step == "journals":
                page.click(f"{STEP} [name='action_confirm']")
                page.look_at(f"{STEP} .badge", "Confirmed")
            page.click(".o_form_view button[name='action_next_step']", "Continue")
            page.see(f".o_form_view:not(:has(div[name='step_{step}']))")

    def step(self, page):
        page.look_at(STEP)
        return page.attribute(STEP, "getAttribute('name')").removeprefix("step_")

    def work_now(self):
        """The worker, while the browser may ask."""
        with self.registry.cursor() as cr:
            env = self.env(cr=cr, su=True, context={})
            connection = env["accountable.connection"].search(
                [("company_id", "=", self.company.id)]
            )
            self.assertTrue(connection._run(seconds=60))


@tagged("post_install", "-at_install")
class TestOctopus(Way, OctopusMixin, BrowserCase):
    label = "Octopus"

    def sign_in(self, page):
        page.write(".modal .o_field_widget[name='octopus_user'] input", "U99999999")
        page.write(".modal .o_field_widget[name='password_entry'] input", "secret")
        page.click(".modal button[name='action_continue']")


@tagged("post_install", "-at_install")
class TestExact(Way, ExactMixin, BrowserCase):
    label = "Exact Online"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        address = f"{cls.base_url()}/accountable_connect_exact/return"
        cls.sandbox.exact.identity.change_app(redirect_uris=[address])

    def sign_in(self, page):
        """The pages of Exact Online are its own: what is done there does not count."""
        page.click(".modal button[name='action_continue']", "Sign in at Exact Online")
        page.see("button[value='login']")
        page.type("input[name='user']", "accountant")
        page.type("input[name='password']", "secret")
        page.press("button[value='login']")
        page.press("button[value='allow']")
