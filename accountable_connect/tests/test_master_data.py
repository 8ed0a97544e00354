from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from .common_setup import SetUpCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestMasterData(SetUpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection = cls.mapped_connection()
        cls.connection.mapping_ids.filtered(lambda row: row._is_answered()).action_confirm()
        cls.connection.write({"state": "connected", "step": "done"})
        cls.row = cls.connection.mapping_ids.filtered(
            lambda row: row.tax_id.name == "21%" and row.document_kind == "sale"
        )

    def refresh(self):
        return self.connection._refresh_master_data(self.package)

    def item(self, code):
        return (
            self.env["accountable.master.data"]
            .with_context(active_test=False)
            .search([("connection_id", "=", self.connection.id), ("code", "=", code)])
        )

    def test_reading_twice_changes_nothing(self):
        self.assertEqual(
            self.refresh(),
            {"created": 0, "changed": 0, "vanished": 0, "differing": 0, "broken": 0},
        )
        self.assertTrue(self.connection.master_data_read_at)

    def test_a_run_reads_it_once_it_is_asked_for(self):
        """In one statement, and without the deep copies that records make of the details."""
        items = self.env["accountable.master.data"]
        kinds = ["ledger_account", "vat_code"]
        stored = items.search([("connection_id", "=", self.connection.id), ("kind", "in", kinds)])
        stored[-1].sudo().active = False
        expected = [row._as_item() for row in stored[:-1]]
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(0):
            found = self.connection._master_items(kinds)
        with (
            self.assertQueryCount(1),
            patch.object(fields.Json, "convert_to_record", side_effect=AssertionError),
        ):
            found = list(found)
        self.assertEqual(found, expected)
        self.assertGreater(len(found), 1)

    def test_a_new_and_a_renamed_item(self):
        self.package.replace("A1", name="Aankopen algemeen")
        counts = self.refresh()
        self.assertEqual((counts["changed"], counts["broken"]), (1, 0))
        self.assertEqual(self.item("A1").display_name, "A1 Aankopen algemeen")
        self.assertEqual(self.connection.state, "connected")

    def test_what_vanished_breaks_its_mapping_and_mends_when_it_is_back(self):
        self.assertEqual((self.row.state, self.row.master_data_id.code), ("confirmed", "21"))
        removed = self.package.replace("21", gone=True)
        counts = self.refresh()
        # the goods and the services tax, on invoices and on credit notes (one of them is inactive)
        rows = self.connection.mapping_ids.filtered(lambda row: row.master_data_id.code == "21")
        self.assertEqual(counts["broken"], len(rows))
        self.assertFalse(self.item("21").active)
        self.assertEqual(self.row.state, "broken")
        self.assertIn("21", self.row.reason)
        self.assertEqual(self.connection.state, "configuration_needed")
        self.assertIn("broken", self.connection.message_ids[0].body)

        self.package.items.append(removed)
        self.assertEqual(self.refresh()["broken"], 0)
        self.assertEqual(self.row.state, "confirmed")
        self.assertTrue(self.item("21").active)
        self.assertEqual(self.connection.state, "connected")

    def test_another_rate_under_the_same_code_breaks(self):
        self.package.replace("21", details={"rate": "25"})
        self.refresh()
        self.assertEqual(self.row.state, "broken")
        self.refresh()
        self.assertEqual(self.row.state, "broken", "it does not mend by itself")
        self.row.action_confirm()
        self.refresh()
        self.assertEqual(self.row.state, "confirmed", "a person took the new meaning")

    def test_another_kind_of_vat_and_of_journal_breaks(self):
        journal = self.connection.mapping_ids.filtered(lambda row: row.master_data_id.code == "V1")
        self.assertTrue(journal)
        self.package.replace("V1", details={"type": "misc"})
        self.package.replace("21", details={"family": "co_contractor"})
        self.refresh()
        self.assertEqual(set(journal.mapped("state")), {"broken"})
        self.assertEqual(self.row.state, "broken")

    def test_a_new_name_or_number_breaks_nothing(self):
        self.package.replace("V1", details={"last_number": 12}, name="Verkoop")
        self.assertEqual(self.refresh()["broken"], 0)

    def test_a_proposal_forgets_a_counterpart_that_vanished(self):
        self.row.write({"state": "proposed"})
        self.package.replace("21", gone=True)
        self.refresh()
        self.assertEqual(self.row.state, "proposed")
        self.assertFalse(self.row.master_data_id)

    def test_an_empty_list_breaks_and_the_full_one_mends_everything(self):
        items = list(self.package.items)
        confirmed = self.connection.mapping_ids.filtered(
            lambda row: row.state == "confirmed" and row.master_data_id
        )
        self.package.items = []
        self.assertEqual(self.refresh()["broken"], len(confirmed))
        self.package.items = items
        self.refresh()
        self.assertEqual(set(confirmed.mapped("state")), {"confirmed"})

    def test_the_next_proposal_sees_new_codes(self):
        self.package.replace("21", gone=True)
        self.refresh()
        self.row.action_propose()
        self.assertFalse(self.row.master_data_id.active)
        self.assertEqual(self.row.state, "broken")
