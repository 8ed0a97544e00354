"""What the screens of documents and contacts show and offer."""

from unittest.mock import patch

from odoo import fields
from odoo.addons.accountable_connect.api import errors
from odoo.addons.accountable_connect.models.queue import account_move_export_state
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .common import ConnectionCase


class TestDocumentScreens(ConnectionCase):
    def test_states_are_found(self):
        exported = self.invoice()
        self.work()
        failed = self.invoice()
        self.books.fail("create_document", errors.DataRefusedError("no"))
        self.work()
        waiting, excluded = self.invoice(), self.invoice()
        excluded.action_accountable_exclude()
        draft = self.invoice(post=False)
        self.connection.sudo().step = "start"
        missing = self.invoice()
        self.connection.sudo().step = "done"
        expected = {
            "exported": exported,
            "error": failed,
            "to_export": waiting + missing,
            "excluded": excluded,
            "not_exported": draft,
        }
        every = exported + failed + waiting + missing + excluded + draft
        for state, moves in expected.items():
            with self.subTest(state=state):
                self.assertEqual(set(moves.mapped("accountable_state")), {state})
                found = self.env["account.move"].search(
                    [("id", "in", every.ids), ("accountable_state", "=", state)]
                )
                self.assertEqual(set(found.ids), set(moves.ids))
                other = self.env["account.move"].search(
                    [("id", "in", every.ids), ("accountable_state", "!=", state)]
                )
                self.assertEqual(set(other.ids), set((every - moves).ids))
        number = exported.accountable_number
        search = self.env["account.move"].search
        self.assertEqual(search([("accountable_number", "=", number)]), exported)
        self.assertEqual(
            search([("accountable_error", "!=", False), ("id", "in", every.ids)]), failed
        )
        self.assertIn(exported, search([("accountable_date", ">=", self.today)]))
        self.assertNotIn(failed, search([("accountable_date", ">=", self.today)]))
        with patch.object(account_move_export_state, "FEW_COMPANIES", 0):
            found = search([("id", "in", every.ids), ("accountable_state", "=", "to_export")])
        self.assertEqual(found, waiting + missing, "also where all companies are searched together")
        without_jobs = search([("accountable_job_count", "=", 0), ("id", "in", every.ids)])
        self.assertEqual(set(without_jobs.ids), set((missing + draft).ids))

    def test_documents_without_a_link_are_found_without_reading_documents(self):
        """A big database reads the two indexes side by side, see ``bench/filters.py``."""
        self.invoice()
        self.env.flush_all()
        # with a handful of documents any other way is as cheap
        for way in ("seqscan", "bitmapscan", "indexscan"):
            self.env.cr.execute(SQL("SET LOCAL %s = off", SQL.identifier(f"enable_{way}")))
        found = self.env["account.move"]._accountable_untouched((self.company.id,), self.today)
        plan = "\n".join(line for [line] in self.env.execute_query(SQL("EXPLAIN %s", found)))
        for index in ("account_move_accountable_document_idx", "accountable_binding_document_idx"):
            self.assertIn(f"Index Only Scan using {index}", plan)

    def test_a_list_costs_the_same_for_one_and_for_many(self):
        moves = self.env["account.move"].concat(*(self.invoice() for _number in range(5)))
        self.work()
        names = ["accountable_state", "accountable_number", "accountable_error", "state"]
        moves[:1].read(names)
        costs = []
        for selection in (moves[:1], moves):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            selection.read(names)
            costs.append(self.env.cr.sql_log_count - before)
        self.assertEqual(costs[0], costs[1])

    def test_excluded_document_is_not_sent_until_it_is_included(self):
        move = self.invoice()
        move.action_accountable_exclude()
        move.button_draft()
        move.action_post()
        self.connection.action_synchronise()
        self.work()
        self.assertFalse(self.books.calls)
        self.assertEqual(move.accountable_state, "excluded")
        move.action_accountable_include()
        self.work()
        self.assertEqual(move.accountable_state, "exported")

    def test_export_button_makes_it_due(self):
        self.connection.moment = "nightly"
        move = self.invoice()
        move.action_accountable_export()
        self.assertLessEqual(self.jobs(move).next_try, fields.Datetime.now())

    def test_check_names_what_is_missing_and_calls_nobody(self):
        account = self.company_data["default_account_revenue"]
        self.connection.mapping_ids.filtered(lambda row: row.account_id == account).unlink()
        move = self.invoice()
        self.assertIn(move.name, self.check_text(move))
        self.assertFalse(self.books.calls)

    def test_buttons_need_the_group(self):
        move = self.invoice()
        user = self.env["res.users"].create(
            {
                "name": "Clerk",
                "login": "clerk.of.accounts",
                "group_ids": [(6, 0, self.env.ref("account.group_account_invoice").ids)],
                "company_ids": [(6, 0, self.company.ids)],
                "company_id": self.company.id,
            }
        )
        with self.assertRaises(AccessError):
            move.with_user(user).action_accountable_exclude()
        with self.assertRaises(AccessError):
            move.with_user(user).read(["accountable_state"])
        posted = self.invoice(post=False)
        posted.with_user(user).action_post()
        self.assertEqual(self.jobs(posted).state, "pending")

    def test_partner_shows_its_number(self):
        self.invoice()
        self.work()
        contact = self.env["res.partner"].create({"name": "Jan", "parent_id": self.partner_a.id})
        self.assertEqual(self.partner_a.accountable_state, "exported")
        self.assertEqual(self.partner_a.accountable_number, "P1")
        self.assertEqual(contact.accountable_number, "P1")
        found = self.env["res.partner"].search([("accountable_state", "=", "exported")])
        self.assertIn(self.partner_a, found)
        self.assertNotIn(self.partner_b, found)
        self.assertIn(
            self.partner_a, self.env["res.partner"].search([("accountable_number", "=", "P1")])
        )

    def test_update_contact_on_request(self):
        self.invoice()
        self.work()
        self.partner_a.street = "Nieuwstraat 1"
        self.assertFalse(self.jobs(self.partner_a, "party"))
        self.partner_a.action_accountable_update()
        self.work()
        self.assertEqual(self.jobs(self.partner_a, "party").state, "done")
        self.assertEqual(self.books.parties["P1"].party.street, "Nieuwstraat 1")
