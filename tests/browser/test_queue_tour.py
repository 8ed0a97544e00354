"""The queue and the list of invoices in real Chromium."""

from odoo import fields
from odoo.tests import tagged

from tests.browser.case import BrowserCase, OctopusMixin
from tooling.demo import connect


@tagged("post_install", "-at_install")
class TestQueueTour(OctopusMixin, BrowserCase):
    def test_retry_check_and_exclude(self):
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
        for price in (100, 200):
            self._create_invoice_one_line(
                price_unit=price,
                name="Repair",
                partner_id=self.customer,
                tax_ids=self.company.account_sale_tax_id,
                move_type="out_invoice",
                invoice_date="2026-03-15",
            ).action_post()
        self.work(connection)
        self.assertEqual(self.states(), ["failed", "failed"])

        self.tour("accountable_octopus_queue")
        self.assertEqual(self.states(), ["pending", "pending"])
        mapping.write({"master_data_id": counterpart.id, "state": "confirmed"})
        self.work(connection)
        self.assertEqual(self.states(), ["done", "done"])
        self.assertEqual(len(self.sandbox.bookings(int(self.package.administration))), 2)

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
