"""When a run begins, and how it ends when others were in the way."""

from datetime import timedelta
from unittest.mock import patch

import psycopg2
from odoo import fields
from odoo.exceptions import UserError

from .common import ConnectionCase


class TestRuns(ConnectionCase):
    def test_a_limit_met_by_the_worker_before_holds_the_next_one(self):
        move = self.invoice()
        self.connection.sudo().wait_until = fields.Datetime.now() + timedelta(hours=1)
        self.assertFalse(self.work())
        self.assertTrue(self.connection.wait_until)
        self.assertEqual(self.jobs(move).state, "pending")
        self.assertFalse(self.books.calls)

    def test_paused_after_it_was_chosen(self):
        self.invoice()
        self.connection.action_pause()
        self.assertFalse(self.work())
        self.assertFalse(self.books.calls)

    def test_a_conflict_with_a_person_is_no_failure(self):
        move = self.invoice()
        self.connection.settlements_back = True
        with patch.object(
            self.registry["accountable.settlement"],
            "_repeat_changes",
            side_effect=psycopg2.errors.SerializationFailure("concurrent update"),
        ):
            self.assertTrue(self.work())
        run = self.env["accountable.run"].search([("connection_id", "=", self.connection.id)])
        self.assertEqual(run.state, "stopped")
        self.assertTrue(run.message)
        self.assertFalse(self.connection.wait_until)
        self.work()
        self.assertEqual(self.jobs(move).state, "done")

    def test_what_a_dead_worker_left_is_found_though_the_package_cannot_be_opened(self):
        """And that there was a run, with what stopped it."""
        move = self.invoice()
        self.jobs(move).write({"state": "sending", "sent_at": fields.Datetime.now()})
        cannot_be_read = UserError("The password cannot be read.")
        with patch.object(
            self.registry["accountable.connection"], "_open_package", side_effect=cannot_be_read
        ):
            self.assertTrue(self.work())
        self.assertEqual(self.jobs(move).state, "unknown")
        self.assertRecordValues(
            self.runs(), [{"state": "stopped", "message": "The password cannot be read."}]
        )
        self.assertGreater(self.connection.wait_until, fields.Datetime.now())
        self.assertTrue(self.connection.worked_at)

    def test_a_copied_database_does_not_seem_to_run(self):
        self.invoice()
        self.connection.action_synchronise()
        self.assertTrue(self.connection.is_running)
        self.sign_in.sudo().database_identity = "another"
        self.assertFalse(self.work())
        self.env.invalidate_all()
        self.assertFalse(self.connection.is_running)

    def test_a_connection_in_use_keeps_its_administration_in_every_state(self):
        other = (
            self.env["accountable.administration"]
            .sudo()
            .create({"sign_in_id": self.sign_in.id, "key": "other", "name": "Other books"})
        )
        for state in ("reconnect", "configuration_needed", "connected", "paused"):
            self.connection.state = state
            with self.assertRaises(UserError):
                self.connection.administration_id = other
            self.env.invalidate_all()
        self.assertEqual(self.connection.administration_key, f"A{self.company.id}")

    def test_a_connection_in_use_does_not_go_back_into_the_set_up(self):
        self.connection.action_next_step()
        self.connection.action_previous_step()
        self.assertEqual(self.connection.step, "done")

    def test_the_language_of_who_asks_changes_no_document(self):
        self.env["res.lang"]._activate_lang("fr_BE")
        fixed = self.sale_tax.copy(
            {
                "name": "Environment",
                "amount_type": "fixed",
                "amount": 2.0,
                "invoice_repartition_line_ids": [(5,)]
                + [(0, 0, {"repartition_type": kind}) for kind in ("base", "tax")],
                "refund_repartition_line_ids": [(5,)]
                + [(0, 0, {"repartition_type": kind}) for kind in ("base", "tax")],
            }
        )
        fixed.with_context(lang="fr_BE").name = "Environnement"
        without_tax = self.connection._ensure_mapping_rows("tax", self.env["account.tax"], "sale")
        without_tax.without_code = True
        move = self.invoice(tax=self.sale_tax + fixed)
        documents = [
            self.env["accountable.document"]
            .with_context(lang=lang)
            ._build_documents(self.connection, move.with_context(lang=lang))[move.id][0]
            for lang in ("en_US", "fr_BE")
        ]
        self.assertEqual(documents[0].fingerprint(), documents[1].fingerprint())
