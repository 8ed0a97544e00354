"""The way of a new user of Exact Online, in real Chromium: sign in, consent, set up, post, booked,
paid."""

from odoo.tests import tagged

from tests.browser import walk
from tests.browser.case import BrowserCase, ExactMixin

DIVISION = int(ExactMixin.package.administration)
START = "/accountable_connect_exact/start"
RETURN = "/accountable_connect_exact/return"
SIGNED_IN = "/accountable_connect_exact/signed_in"
LOG_IN = "button[value='login']"
ALLOW, REFUSE = "button[value='allow']", "button[value='refuse']"
RETURN_PAGE = "#back"


@tagged("post_install", "-at_install")
class TestExactTour(ExactMixin, BrowserCase):
    def test_from_nothing_to_paid(self):
        self.assertFalse(self.manager.has_group("base.group_system"))

        self.tour("accountable_exact_sign_in")
        sign_in = self.env["accountable.sign.in"].search([("package", "=", "exact")])
        self.assertEqual((sign_in.name, sign_in.exact_site, sign_in.state), ("Office", "BE", "new"))
        self.assertEqual(sign_in.redirect_uri, self.base_url() + RETURN)
        # From here on the sandbox sends people back to this address only.
        self.sandbox.exact.identity.change_app(redirect_uris=[sign_in.redirect_uri])

        self._consent(sign_in)
        self.assertEqual(sign_in.state, "valid")

        connection, invoice = self.set_up_and_post("accountable_exact_set_up")
        self.work(connection)
        self.assertEqual(self.states(), ["done"])
        [entry] = self.sandbox.entries(DIVISION)
        self.assertEqual((entry["kind"], entry["journal"]), ("sale", "70"))
        self.assertEqual(invoice.accountable_number, f"70 2026/{entry['entry_number']}")
        self.tour("accountable_exact_booked")

        self.sandbox.act(DIVISION, "pay", entries=[{"entry": entry["entry"]}], date="2026-03-31")
        connection.settlements_read_at = False
        self.work(connection)
        self.assertEqual(invoice.amount_residual, 0)
        self.tour("accountable_exact_paid")

    def test_consent_from_the_form(self):
        """The button opens a tab; when Exact has answered, the form shows it and the tab goes."""
        sign_in = self._signed_in_nowhere()
        with walk.browser(self, "mia") as form:
            form.open(f"/odoo/accountable.sign.in/{sign_in.id}")
            form.press("button[name='action_sign_in']")
            page = form.opened()
            self._log_in(page)
            page.press(ALLOW)
            form.see(".o_form_view .o_field_widget[name='signed_in_as']")
            self.assertIn("Els Vandersmissen", form.text)
            form.see_alone()
        self.env.invalidate_all()
        self.assertEqual(sign_in.state, "valid")

    def test_refused_consent(self):
        sign_in = self._signed_in_nowhere()
        with walk.browser(self, "mia") as page:
            page.open(f"{START}/{sign_in.id}")
            self._log_in(page)
            page.press(REFUSE)
            page.see(RETURN_PAGE)
            self.assertEqual(page.address, self.base_url() + RETURN)
            self.assertIn("You did not consent at Exact Online. Nothing was changed", page.text)
            self.assertEqual(
                page.attribute(RETURN_PAGE, "pathname"), f"/odoo/accountable.sign.in/{sign_in.id}"
            )
        self.env.invalidate_all()
        self.assertEqual((sign_in.state, sign_in.sudo().tokens), ("new", False))
        self._consent(sign_in)
        self.assertEqual(sign_in.state, "valid")

    def test_sandbox_that_does_not_know_the_address(self):
        sign_in = self._signed_in_nowhere()
        self.sandbox.exact.identity.change_app(redirect_uris=[f"{self.base_url()}{RETURN}/"])
        with walk.browser(self, "mia") as page:
            page.open(f"{START}/{sign_in.id}")
            page.see("[role='alert']")
            self.assertTrue(page.address.startswith(self.root), page.address)
            self.assertIn(f"'{self.base_url()}{RETURN}' is not valid", page.text)
        self.env.invalidate_all()
        self.assertEqual(sign_in.state, "new")

    def _signed_in_nowhere(self):
        """A sign-in with an app, as the manager enters it."""
        entered = self.package.sign_in(self.root)
        sign_in = (
            self.env["accountable.sign.in"]
            .with_user(self.manager)
            .create({"name": "Office", "package": "exact", **entered.values})
        )
        sign_in.set_secrets(entered.secrets)
        self.assertEqual(sign_in.redirect_uri, self.base_url() + RETURN)
        return sign_in

    def _consent(self, sign_in):
        """The manager logs in at the sandbox, allows his divisions, and reads what came of it."""
        with walk.browser(self, "mia") as page:
            page.open(f"{START}/{sign_in.id}")
            self._log_in(page)
            self.assertIn("Els Vandersmissen", page.text)
            page.press(ALLOW)
            page.see(RETURN_PAGE)
            self.assertEqual(page.address, self.base_url() + SIGNED_IN)
            self.assertIn("Odoo is signed in at Exact Online as Els Vandersmissen.", page.text)
            self.assertIn("Vandersmissen Bureaustoelen BV", page.text)
            self.assertIn("Permitted companies", page.text)
        self.env.invalidate_all()

    def _log_in(self, page):
        page.see(LOG_IN)
        self.assertTrue(page.address.startswith(self.root), page.address)
        page.type("input[name='user']", "accountant")
        page.type("input[name='password']", "secret")
        page.press(LOG_IN)
        page.see(ALLOW)
