from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.addons.accountable_connect.api import errors
from odoo.addons.accountable_connect.models.engine import call_budget
from odoo.addons.accountable_connect.models.engine.call_budget import CountedCalls
from odoo.addons.accountable_connect.models.sign_in import token_store as store_module
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .common import ConnectionCase


class TestIdentity(ConnectionCase):
    def test_identity_has_three_parts(self):
        uuid, oid, cluster = self.env["accountable.identity"]._current().split("/")
        self.assertEqual(uuid, self.env["ir.config_parameter"].sudo().get_param("database.uuid"))
        self.assertTrue(oid.isdigit() and cluster.isdigit(), (oid, cluster))

    def test_copied_database_sends_nothing_until_somebody_says_it_moved(self):
        move = self.invoice()
        uuid, oid, cluster = self.env["accountable.identity"]._current().split("/")
        # what createdb -T makes: the same uuid, another oid
        self.sign_in.sudo().database_identity = f"{uuid}/{int(oid) + 1}/{cluster}"
        self.assertEqual(self.connection.copy_state, "copied")
        self.assertFalse(self.work())
        self.assertFalse(self.books.calls)
        self.assertEqual(self.jobs(move).state, "pending")
        self.connection.action_is_move()
        self.assertEqual(self.connection.copy_state, "original")
        self.assertTrue(self.work())
        self.assertEqual(self.jobs(move).state, "done")

    def test_a_copy_forgets_the_sign_in(self):
        self.sign_in.sudo().write({"database_identity": "x/1/2", "tokens": {"access": {"t": 1}}})
        self.connection.action_is_copy()
        self.assertEqual((self.connection.state, self.sign_in.state), ("paused", "new"))
        self.assertFalse(self.sign_in.sudo().tokens)
        self.assertFalse(self.work())

    def test_neutralised_database_sends_nothing(self):
        self.invoice()
        self.env["ir.config_parameter"].sudo().set_param("database.is_neutralized", "True")
        self.assertEqual(self.connection.copy_state, "neutralized")
        self.assertFalse(self.work())
        self.assertFalse(self.books.calls)
        with self.assertRaises(errors.ConfigurationMissingError):
            self.connection._check_may_send()

    def test_only_managers_choose(self):
        clerk = new_test_user(
            self.env,
            "connect.clerk",
            groups="accountable_connect.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        for button in ("action_is_copy", "action_is_move"):
            with self.subTest(button=button), self.assertRaises(AccessError):
                getattr(self.connection.with_user(clerk), button)()


class TestTokenStore(ConnectionCase):
    def test_kept_between_clients_and_after_a_rollback(self):
        with self.enter_registry_test_mode():
            with self.registry.cursor() as cr:
                self.sign_in.with_env(self.env(cr=cr))._get_token_store().save(
                    "main", {"token": "a"}
                )
                cr.rollback()
            tokens = self.sign_in._get_token_store()
            self.assertEqual(tokens.load("main"), {"token": "a"})
            self.assertIsNone(tokens.load("other"))
            tokens.save("other", {"token": "b"})
            self.assertEqual(tokens.load("main"), {"token": "a"})
            self.assertEqual(tokens.load("other"), {"token": "b"})

    def test_one_worker_at_a_time_refreshes(self):
        tokens = self.sign_in._get_token_store()
        with patch.object(store_module, "PATIENCE", "50ms"), tokens.lock("main"):
            with (
                self.assertRaises(errors.TemporaryError),
                self.sign_in._get_token_store().lock("main"),
            ):
                pass
            with self.sign_in._get_token_store().lock("other"):
                pass
        with tokens.lock("main"):
            pass


class TestCallBudget(ConnectionCase):
    def test_limit_of_the_day(self):
        calls = CountedCalls(self.connection.sudo())
        calls.spend("insert", 2)
        calls.spend("insert", 2)
        calls.spend("read", 2)
        with self.assertRaises(errors.LimitReachedError) as caught:
            calls.spend("insert", 2)
        self.assertEqual((calls.spent("insert"), calls.spent("read"), calls.total), (2, 1, 3))
        not_before = caught.exception.not_before
        self.assertGreater(not_before, fields.Datetime.now())
        self.assertLessEqual(not_before, fields.Datetime.now() + timedelta(hours=25))

    def test_written_with_the_commit_and_added_to_what_is_there(self):
        for _client in range(2):
            calls = CountedCalls(self.connection.sudo())
            calls.spend("insert", 5)
            self.env.cr.precommit.run()
        self.connection.invalidate_recordset()
        self.assertEqual(self.connection.calls["counts"], {"insert": 2})

    def test_a_rollback_forgets_no_call(self):
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            connection = self.connection.with_env(self.env(cr=cr, su=True))
            calls = CountedCalls(connection)
            calls.spend("insert", 5)
            cr.rollback()
            calls.spend("insert", 5)
            cr.commit()  # pylint: disable=invalid-commit
        self.assertEqual(self.connection.calls["counts"], {"insert": 2})

    def test_what_is_remembered_outlives_run_rollback_and_day(self):
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            connection = self.connection.with_env(self.env(cr=cr, su=True))
            budget = CountedCalls(connection)
            self.assertIsNone(budget.recall("quota"))
            budget.spend("insert", 5)
            budget.remember("quota", {"left": 3, "resets": [1, 2]})
            cr.rollback()
            budget.store()
            cr.commit()  # pylint: disable=invalid-commit
            CountedCalls(connection).remember("errors", {"SalesEntries": 2})
            cr.commit()  # pylint: disable=invalid-commit
            later = CountedCalls(connection)
            with patch.object(call_budget, "today_text", return_value="2099-01-01"):
                later.spend("read", None)
                self.assertEqual(later.recall("quota"), {"left": 3, "resets": [1, 2]})
                cr.commit()  # pylint: disable=invalid-commit
                self.assertEqual(CountedCalls(connection).spent("insert"), 0)
            self.assertEqual(CountedCalls(connection).recall("errors"), {"SalesEntries": 2})
            later.remember("errors", {})
            self.assertIsNone(later.recall("errors"))
            cr.commit()  # pylint: disable=invalid-commit
        self.assertEqual(
            self.connection.calls,
            {
                "day": "2099-01-01",
                "counts": {"read": 1},
                "remembered": {"quota": {"left": 3, "resets": [1, 2]}},
            },
        )

    def test_calls_and_what_is_remembered_cost_one_statement_a_commit(self):
        budget = CountedCalls(self.connection.sudo())
        budget.recall("quota")
        for left in range(3):
            budget.spend("insert", None)
            budget.remember("quota", {"left": left})
        with self.assertQueryCount(1):
            budget.store()
            budget.store()
        with self.assertQueryCount(0):
            self.assertEqual(budget.recall("quota"), {"left": 2})

    def test_what_is_recalled_is_a_copy(self):
        budget = CountedCalls(self.connection.sudo())
        kept = {"left": [1]}
        budget.remember("quota", kept)
        kept["left"].append(2)
        budget.recall("quota")["left"].append(3)
        self.assertEqual(budget.recall("quota"), {"left": [1]})

    def test_a_call_of_a_run_that_failed_counts(self):
        self.invoice()
        self.books.fail("save_party", errors.TemporaryError("no"))
        self.work()
        self.assertEqual(self.connection.calls["counts"], {"find_parties": 1, "save_party": 1})

    def test_a_new_day_starts_at_nought(self):
        calls = CountedCalls(self.connection.sudo())
        calls.spend("insert", 1)
        with patch.object(call_budget, "today_text", return_value="2099-01-01"):
            self.assertEqual(calls.spent("insert"), 0)
            calls.spend("insert", 1)

    def test_the_day_is_the_belgian_one(self):
        with patch("odoo.addons.accountable_connect.models.engine.call_budget.datetime") as clock:
            clock.now.return_value = datetime(2026, 7, 1, 0, 30, tzinfo=call_budget.DAY_ZONE)
            clock.side_effect = datetime
            self.assertEqual(call_budget.next_day(), datetime(2026, 7, 1, 22, 0))
