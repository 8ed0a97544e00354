"""The way of a new user, in real Chromium: connect, set up, post, break, cure, retry."""

from odoo.tests import tagged

from tests.browser.case import BrowserCase, OctopusMixin

DOSSIER = int(OctopusMixin.package.administration)


@tagged("post_install", "-at_install")
class TestSetUpTour(OctopusMixin, BrowserCase):
    def test_from_nothing_to_books_that_agree(self):
        self.assertFalse(self.manager.has_group("base.group_system"))

        connection, _invoice = self.set_up_and_post("accountable_octopus_set_up")
        self.work(connection)
        self.assertEqual(self.states(), ["done"])
        self.assertEqual(len(self.sandbox.bookings(DOSSIER)), 1)

        # The accountant renames the VAT code that the tax of the invoice is mapped to.
        self.sandbox.act(DOSSIER, "vat-code", code="21", rename="21N")
        self.tour("accountable_octopus_booked_and_broken")
        self.work(connection)
        self.assertEqual(self.states(), ["done", "failed"])
        failed = self.env["accountable.job"].search([("state", "=", "failed")])
        self.assertEqual(failed.error_kind, "configuration_missing")
        self.assertEqual(failed.cause_model, "accountable.mapping")
        self.assertEqual(len(self.sandbox.bookings(DOSSIER)), 1)

        self.tour("accountable_octopus_cured")
        self.assertEqual(self.states(), ["done", "pending"])
        self.work(connection)
        self.tour("accountable_octopus_done")
        self.assertEqual(self.states(), ["done", "done"])
        self.assertEqual(len(self.sandbox.bookings(DOSSIER)), 2)
