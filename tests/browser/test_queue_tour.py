"""The queue and the list of invoices in real Chromium."""

from odoo import fields
from odoo.tests import new_test_user, tagged

from tests.browser.case import BrowserCase, OctopusMixin
from tooling.demo import connect

QUEUE = "/odoo/synchronisation-queue"


@tagged("post_install", "-at_install")
class TestQueueTour(OctopusMixin, BrowserCase):
    def unmapped_tax(self):
        """A connection, the mapping of the tax on sales, which nobody confirmed, and the VAT code
        it had."""
        connection = connect.SetUp(self.company).connect(self.package.sign_in(self.root))
        mapping = (
            self.env["accountable.mapping"]
            .search(
                [
                    ("connection_id", "=", connection.id),
                    ("tax_id", "=", self.company.account_sale_tax_id.id),
                    ("document_kind", "=", "sale"),
                ]
            )
            .sudo()
        )
        counterpart = mapping.master_data_id
        mapping.write({"master_data_id": False, "state": "proposed"})
        return connection, mapping, counterpart

    def sell(self, price):
        self._create_invoice_one_line(
            price_unit=price,
            name="Repair",
            partner_id=self.customer,
            tax_ids=self.company.account_sale_tax_id,
            move_type="out_invoice",
            invoice_date="2026-03-15",
        ).action_post()

    def test_an_error_leads_to_its_row_and_the_document_goes(self):
        """Failed item → what is wrong → its button → the row → the cure; nobody presses Retry. As
        a manager who puts it right, and as a user who reads who can; also on a telephone."""
        connection, mapping, counterpart = self.unmapped_tax()
        new_test_user(self.env, "ugo", "base.group_user,accountable_connect.group_user")
        for price, (width, height) in enumerate(((1280, 800), (390, 844)), start=1):
            self.browser_size, self.touch_enabled = f"{width}x{height}", width < 600
            with self.subTest(width=width):
                self.sell(100 * price)
                self.work(connection)
                self.assertEqual(self.states()[-1], "failed")
                for login, name in (("ugo", "_user"), ("mia", "_phone" if width < 600 else "")):
                    self.env.flush_all()
                    self.start_tour(QUEUE, f"accountable_octopus_lead_home{name}", login=login)
                    self.env.invalidate_all()
                self.assertEqual(
                    (mapping.state, mapping.master_data_id), ("confirmed", counterpart)
                )
                self.assertEqual(self.states()[-1], "pending")
                self.work(connection)
                self.assertEqual(self.states()[-1], "done")
                mapping.write({"master_data_id": False, "state": "proposed"})

    def booked(self):
        return len(self.sandbox.bookings(int(self.package.administration)))

    def test_retry_check_and_exclude(self):
        before = self.booked()
        connection, mapping, counterpart = self.unmapped_tax()
        for price in (100, 200):
            self.sell(price)
        self.work(connection)
        self.assertEqual(self.states(), ["failed", "failed"])

        self.tour("accountable_octopus_queue")
        self.assertEqual(self.states(), ["pending", "pending"])
        mapping.write({"master_data_id": counterpart.id, "state": "confirmed"})
        self.work(connection)
        self.assertEqual(self.states(), ["done", "done"])
        self.assertEqual(self.booked(), before + 2)

    def test_the_end_of_a_synchronisation_shows_by_itself(self):
        connection = connect.SetUp(self.company).connect(self.package.sign_in(self.root))
        self.tour("accountable_octopus_running")
        self.env.invalidate_all()
        self.assertEqual(connection.state, "paused")
        self.assertTrue(connection.sudo().requested_by_id, "nobody worked")

    def test_the_connection_of_another_company_opens_at_once(self):
        connect.SetUp(self.company).connect(self.package.sign_in(self.root))
        other = self.env["res.company"].create({"name": "Other"})
        # only who manages access rights sees companies one does not work in
        self.manager.write(
            {
                "company_id": other.id,
                "company_ids": [fields.Command.link(other.id)],
                "group_ids": [fields.Command.link(self.env.ref("base.group_erp_manager").id)],
            }
        )
        self.tour("accountable_octopus_other_company", f"/odoo/m-res.company/{self.company.id}")
