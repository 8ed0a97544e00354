"""From *Connect with …* into the set-up, in real Chromium, on a wide and on a narrow screen."""

from odoo.tests import tagged

from tests.browser import walk
from tests.browser.case import BrowserCase, ExactMixin, OctopusMixin
from tests.browser.test_exact_tour import ALLOW, LOG_IN

DASHBOARD = "/odoo/action-account.open_account_journal_dashboard_kanban"


@tagged("post_install", "-at_install")
class TestConnectOctopus(OctopusMixin, BrowserCase):
    def setUp(self):
        super().setUp()
        # an administrator did, once
        self.env["res.config.settings"].create(
            {"octopus_software_house_entry": "00000000-1111-2222-3333-444444444444"}
        )

    def test_a_wrong_password_then_the_right_one(self):
        self.assertFalse(self.manager.has_group("base.group_system"))
        self.tour("accountable_octopus_connect", DASHBOARD)
        connection = self.env["accountable.connection"].search([])
        sign_in = self.env["accountable.sign.in"].with_context(active_test=False).search([])
        self.assertEqual(connection.sign_in_id, sign_in, "one more was left behind")
        self.assertEqual((connection.company_id, sign_in.state), (self.company, "valid"))
        connection.unlink()
        self.tour("accountable_octopus_connect_again", DASHBOARD)
        self.assertEqual(self.env["accountable.connection"].search([]).sign_in_id, sign_in)


class TestConnectOctopusOnATelephone(TestConnectOctopus):
    browser_size = "390x844"


@tagged("post_install", "-at_install")
class TestConnectExact(ExactMixin, BrowserCase):
    def test_sign_in_consent_and_on(self):
        """One tab, to Exact and back, and nothing to look for afterwards."""
        secrets = self.package.sign_in(self.root)
        in_mind = self.env["accountable.sign.in"].new(
            {"package": "exact", "exact_site": "BE", **secrets.values}
        )
        app = {"exact_client_id": secrets.values["exact_client_id"], **secrets.secrets}
        self.env["accountable.app"]._keep(in_mind, app)
        self.env["ir.default"].set("accountable.sign.in", "exact_site", "BE")
        with walk.browser(self, "mia") as page:
            page.open(DASHBOARD)
            page.press(".o_kanban_record div[title='Exact Online'] a")
            page.see(".modal button[name='action_continue']")
            self.assertIn("go to Exact Online; payments come back", page.text)
            self.assertNotIn("Client", page.text)
            page.press(".modal button[name='action_continue']")
            page.see(LOG_IN)
            page.type("input[name='user']", "accountant")
            page.type("input[name='password']", "secret")
            page.press(LOG_IN)
            page.press(ALLOW)
            page.see(".o_form_view div[name^='step_']")
        self.env.invalidate_all()
        connection = self.env["accountable.connection"].search([])
        self.assertEqual((connection.package, connection.company_id), ("exact", self.company))
        self.assertEqual(connection.sign_in_id.state, "valid")
