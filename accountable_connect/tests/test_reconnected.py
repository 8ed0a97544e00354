"""What people were asked for, and bars that stand on a screen, go when it is over."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.addons.accountable_connect.api import errors
from odoo.exceptions import UserError
from odoo.tests import new_test_user

from .common import ConnectionCase

MANAGER = "accountable_connect.group_manager,account.group_account_invoice,base.group_erp_manager"


class TestReconnected(ConnectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "reconnecting_manager", groups=MANAGER)

    def lose(self):
        self.invoice()
        self.books.fail("create_document", errors.AuthorisationLostError("no"))
        self.work()
        self.assertEqual(self.connection.state, "reconnect")
        self.assertTrue(self.connection.activity_ids)

    def test_reconnect_closes_the_activities_of_all_managers(self):
        self.lose()
        connection = self.connection.with_user(self.manager)
        connection.action_reconnect()
        self.env.invalidate_all()
        self.assertEqual(self.connection.state, "connected")
        self.assertFalse(self.connection.activity_ids)
        self.assertFalse(
            self.env["mail.activity"].search([("res_model", "=", self.connection._name)])
        )

    def test_a_password_that_is_entered_again_lets_everything_go_on(self):
        move = self.invoice()
        self.lose()
        with patch.object(type(self.sign_in), "_secret_fields", lambda self: ["tokens"]):
            self.sign_in.with_user(self.manager).set_secrets({"tokens": None})
        self.assertEqual(self.connection.state, "connected")
        self.assertFalse(self.connection.activity_ids)
        self.work()
        self.assertEqual(self.jobs(move).state, "done")

    def test_a_password_that_is_wrong_again_stops_it_again(self):
        self.lose()
        self.books.fail("create_document", errors.AuthorisationLostError("no"))
        with patch.object(type(self.sign_in), "_secret_fields", lambda self: ["tokens"]):
            self.sign_in.set_secrets({"tokens": None})
        self.work()
        self.assertEqual(self.connection.state, "reconnect")

    def test_activities_end_whatever_ends_the_stop(self):
        self.lose()
        self.connection.sudo().state = "paused"
        self.assertFalse(self.connection.activity_ids)

    def test_activities_end_with_the_connection(self):
        self.lose()
        self.connection.active = False
        self.assertFalse(
            self.env["mail.activity"].search([("res_model", "=", self.connection._name)])
        )

    # Bars

    def limit(self, **passed):
        moment = fields.Datetime.now() + timedelta(**passed)
        return errors.LimitReachedError("2", not_before=moment)

    def test_bar_of_a_used_up_budget_says_until_when_and_goes(self):
        self.books.fail("fetch_master_data", self.limit(hours=2))
        self.connection.action_refresh_master_data()
        shown = self.connection.with_user(self.manager)
        self.assertIn("takes no more calls", shown.problem_sentence)
        local = fields.Datetime.context_timestamp(shown, self.connection.problem_until)
        self.assertIn(f"{local:%M}", shown.problem_sentence)
        self.connection.sudo().problem_until = fields.Datetime.now() - timedelta(minutes=1)
        self.assertFalse(shown.problem_sentence)

    def test_another_problem_does_not_end_by_itself(self):
        self.books.fail("fetch_master_data", self.limit(hours=-1))
        self.connection.action_refresh_master_data()
        self.assertFalse(self.connection.problem_sentence)
        self.connection.sudo().problem = "Choose an administration first."
        self.assertTrue(self.connection.problem_sentence)

    def test_bar_of_a_package_that_could_not_be_reached_goes_with_the_next_run(self):
        self.books.fail("fetch_master_data", errors.TemporaryError("503"))
        self.connection.action_refresh_master_data()
        self.assertTrue(self.connection.problem_sentence)
        self.invoice()
        self.work()
        self.assertFalse(self.connection.problem_sentence)

    def test_bar_of_a_limit_that_stops_the_connection_goes(self):
        self.books.fail("create_document", self.limit(hours=2))
        self.invoice()
        self.work()
        self.assertIn("Waiting until", self.connection.wait_sentence)
        self.connection.sudo().wait_until = fields.Datetime.now() - timedelta(minutes=1)
        self.assertFalse(self.connection.wait_sentence)

    def test_bar_of_a_limit_of_reading_says_until_when_and_goes(self):
        self.connection.settlements_back = True
        self.books.fail("settlements_since", self.limit(hours=2))
        self.work()
        self.assertIn("From ", self.connection.wait_sentence)
        self.connection.sudo().reading_until = fields.Datetime.now() - timedelta(minutes=1)
        self.assertFalse(self.connection.wait_sentence)

    def test_item_that_waits_for_a_limit(self):
        bill = self.bill()
        self.books.fail("find_document", self.limit(hours=2))
        self.work()
        job = self.jobs(bill)
        self.assertEqual(job.state, "pending")
        self.assertIn("From ", job.wait_message)
        job.next_try = fields.Datetime.now() - timedelta(minutes=1)
        self.assertFalse(job.wait_message)

    # Synchronise now

    def test_it_does_not_say_that_nothing_failed(self):
        self.books.fail("create_document", errors.DataRefusedError("no", code="data"))
        self.invoice()
        self.work()
        self.connection.action_synchronise()
        with patch.object(self.registry["res.users"], "_bus_send") as send:
            self.work()
        [told] = [one.args[1] for one in send.call_args_list if "message" in one.args[1]]
        self.assertEqual(told["type"], "warning")
        self.assertIn("Failed items in the queue: 1.", told["message"])

    def test_it_says_nothing_of_failures_where_none_are(self):
        self.connection.action_synchronise()
        with patch.object(self.registry["res.users"], "_bus_send") as send:
            self.work()
        [told] = [one.args[1] for one in send.call_args_list if "message" in one.args[1]]
        self.assertEqual(told["type"], "success")
        self.assertNotIn("ailed", told["message"])

    def test_it_does_not_run_forever(self):
        self.connection.action_synchronise()
        self.assertTrue(self.connection.is_running)
        self.connection.sudo().state = "reconnect"
        self.connection.invalidate_recordset()
        self.assertFalse(self.connection.is_running, "nobody works for it any more")

    def test_a_worker_that_died_does_not_run_forever(self):
        run = (
            self.env["accountable.run"]
            .sudo()
            .create({"connection_id": self.connection.id, "started_at": fields.Datetime.now()})
        )
        self.assertTrue(self.connection.is_running)
        run.started_at = fields.Datetime.now() - timedelta(hours=1)
        self.connection.invalidate_recordset()
        self.assertFalse(self.connection.is_running)

    # The company

    def test_connected_company_while_one_works_in_another(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.manager.company_ids += other
        company = self.company.with_user(self.manager).with_context(
            allowed_company_ids=other.ids, accountable_package="fake"
        )
        self.assertFalse(company.accountable_connection_ids, "of companies one works in")
        self.assertEqual(company.accountable_connected, "fake")
        action = company.action_accountable_connect()
        self.assertEqual(action["tag"], "accountable_open_in_company")
        self.assertEqual(action["params"]["company_id"], self.company.id)
        form = action["params"]["next"]
        self.assertEqual(form["res_id"], self.connection.id)

    def test_connected_company_one_may_not_work_in(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.manager.write({"company_id": other.id, "company_ids": [(6, 0, other.ids)]})
        company = self.company.with_user(self.manager).with_context(
            allowed_company_ids=other.ids, accountable_package="fake"
        )
        self.assertEqual(company.accountable_connected, "fake")
        with self.assertRaises(UserError):
            company.action_accountable_connect()
