from datetime import timedelta

from odoo import fields
from odoo.addons.accountable_connect.api import errors
from odoo.addons.accountable_connect.models.engine.batch import Batch
from odoo.addons.accountable_connect.models.engine.operations import operation_of
from odoo.addons.accountable_connect.models.engine.synchronisation import run_state_of
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common import ConnectionCase


class TestJob(ConnectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env,
            "connect.clerk",
            groups="accountable_connect.group_user",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def failed(self, error=None, **values):
        move = self.invoice(**values)
        self.books.fail("create_document", error or errors.DataRefusedError("no"))
        self.work()
        job = self.jobs(move)
        self.assertEqual(job.state, "failed")
        return job

    def test_one_waiting_job_for_a_record(self):
        move = self.invoice()
        job = self.jobs(move)
        again = self.env["accountable.enqueueing"]._enqueue_one(self.connection, move, "document")
        self.assertEqual(again, job)
        self.assertEqual(self.jobs(move), job)

    def test_enqueueing_renews_a_failed_one(self):
        job = self.failed()
        self.env["account.move"].browse(job.res_id)._accountable_enqueue()
        self.assertEqual((job.state, job.attempts, job.message), ("pending", 0, False))

    def test_retry_by_a_user_who_may_not_write(self):
        job = self.failed()
        job.with_user(self.clerk).action_retry()
        self.assertEqual((job.state, job.attempts, job.error_kind), ("pending", 0, False))
        self.work()
        self.assertEqual(job.state, "done")

    def test_retry_beside_a_newer_one_merges(self):
        job = self.failed()
        job.write({"state": "skipped", "skip_reason": "draft"})
        move = self.env["account.move"].browse(job.res_id)
        move._accountable_enqueue()
        newer = self.jobs(move) - job
        self.assertEqual(newer.state, "pending")
        job.action_retry()
        self.assertEqual((job.state, job.skip_reason), ("skipped", "replaced"))
        self.assertEqual(newer.state, "pending")

    def test_failing_beside_a_newer_one_merges(self):
        move = self.invoice()
        job = self.jobs(move)

        def post_again(operation, _subject):
            if operation == "create_document":
                with self.registry.cursor() as cr:
                    move.with_env(self.env(cr=cr))._accountable_enqueue()
                raise errors.DataRefusedError("no")

        self.books.before.append(post_again)
        with self.worker() as working:
            jobs = working.env["accountable.job"].browse(job.id)
            run = self.run_state(working)
            Batch(jobs, run).build()
            operation_of(jobs, run).execute()
        self.books.before.clear()
        self.assertEqual((job.state, job.skip_reason), ("skipped", "replaced"))
        newer = self.jobs(move) - job
        self.assertEqual(newer.state, "pending")
        self.work()
        self.assertEqual(newer.state, "done")
        self.assertEqual(list(self.books.documents), [f"V1/{self.today.year}/1"])

    def run_state(self, connection):
        package = connection._open_package()
        return run_state_of(connection, package, float("inf"), lambda: None)

    def test_skip_releases_those_it_held(self):
        self.hold_later(self.company_data["default_journal_sale"])
        job, later = self.failed(), self.jobs(self.invoice())
        self.work()
        self.assertEqual(later.held_by_id, job)
        job.with_user(self.clerk).action_skip()
        self.assertEqual((job.state, job.skip_reason), ("skipped", "person"))
        self.assertFalse(later.held_by_id)
        self.work()
        self.assertEqual(later.state, "done")

    def test_what_is_under_way_cannot_be_skipped(self):
        job = self.jobs(self.invoice())
        job.write({"state": "unknown"})
        with self.assertRaises(UserError):
            job.action_skip()
        job.action_retry()
        self.assertEqual(job.state, "unknown")

    def test_skipping_a_file_does_not_exclude_the_document(self):
        move = self.invoice()
        self.work()
        move._accountable_enqueue_files()
        self.jobs(move, "file").action_skip()
        move.button_draft()
        move.invoice_line_ids.price_unit = 7
        move.action_post()
        self.assertEqual(self.jobs(move)[-1].state, "pending")

    def test_skipping_a_change_hides_no_later_one(self):
        move = self.invoice()
        self.work()
        move.is_move_sent = True
        move.button_draft()
        move.invoice_line_ids.price_unit = 200.0
        move.action_post()
        self.work()
        job = self.jobs(move)[-1]
        self.assertEqual(job.error_code, "sent_to_customer")
        job.with_user(self.clerk).action_skip()
        self.assertEqual((job.state, job.skip_reason), ("skipped", "change"))
        self.assertEqual(move.accountable_state, "exported")
        move.button_cancel()
        self.assertEqual(self.jobs(move, "reverse").state, "pending")

    def test_cause_opens_and_falls_back_to_the_document(self):
        job = self.failed()
        self.assertEqual(job.action_open_cause()["res_model"], "account.move")
        job.write({"cause_model": "res.partner", "cause_id": self.partner_a.id})
        action = job.with_user(self.clerk).action_open_cause()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("res.partner", self.partner_a.id)
        )
        job.write({"cause_id": 0})
        self.assertEqual(job.action_open_cause()["res_id"], job.res_id)

    def test_selection_of_records_opens_as_a_list(self):
        jobs = self.jobs(self.invoice() + self.invoice())
        self.assertEqual(jobs.action_open_record()["domain"], [("id", "in", jobs.mapped("res_id"))])

    def test_missing_mapping_waits_and_goes_after_the_cure(self):
        account = self.company_data["default_account_revenue"]
        rows = self.connection.mapping_ids.filtered(lambda row: row.account_id == account)
        rows.sudo().write({"state": "broken"})
        move = self.invoice()
        self.work()
        job = self.jobs(move)
        self.assertEqual((job.state, job.error_kind), ("failed", "configuration_missing"))
        self.assertEqual((job.cause_model, job.cause_id), ("accountable.mapping", rows.id))
        self.assertFalse(self.books.calls)
        rows.sudo().write({"state": "confirmed"})
        self.connection.sudo()._cause_removed(rows)
        self.work()
        self.assertEqual(job.state, "done")

    def test_refused_contact_goes_after_it_was_corrected(self):
        move = self.invoice()
        self.books.fail("save_party", errors.DataRefusedError("VAT number"))
        self.work()
        job = self.jobs(move)
        self.assertEqual((job.cause_model, job.cause_id), ("res.partner", self.partner_a.id))
        self.partner_a.street = "Nieuwstraat 1"
        self.work()
        self.assertEqual(job.state, "done")

    def test_lost_answer_about_a_party_makes_no_second_one(self):
        move = self.invoice()
        self.books.fail("save_party", ("after", errors.OutcomeUnknownError("timeout")))
        self.work()
        self.assertEqual(self.jobs(move).state, "pending")
        self.later()
        self.work()
        self.assertEqual((self.jobs(move).state, len(self.books.parties)), ("done", 1))

    def test_decide_needs_something_to_decide(self):
        job = self.failed()
        for button in ("action_adopt", "action_book_anyway"):
            with self.assertRaises(UserError):
                getattr(job, button)()

    # Rights

    def test_queue_is_closed_to_writing_from_outside(self):
        job = self.failed()
        for user in (self.clerk, self.env.ref("base.user_admin")):
            with self.subTest(user=user.login):
                outside = job.with_user(user)
                with self.assertRaises(AccessError):
                    outside.write({"state": "done"})
                with self.assertRaises(AccessError):
                    outside.copy({"state": "skipped"})
                with self.assertRaises(AccessError):
                    outside.unlink()

    def test_a_later_access_line_opens_nothing(self):
        job = self.failed()
        self.env["ir.model.access"].create(
            {
                "name": "too much",
                "model_id": self.env["ir.model"]._get("accountable.job").id,
                "group_id": self.env.ref("accountable_connect.group_user").id,
                "perm_read": True,
                "perm_write": True,
                "perm_create": True,
            }
        )
        with self.assertRaises(AccessError):
            job.with_user(self.clerk).write({"state": "done"})

    def test_buttons_are_closed_to_other_users(self):
        job = self.failed()
        invoicing = new_test_user(
            self.env,
            "connect.invoicing",
            groups="account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        other_company = self.setup_other_company()["company"]
        stranger = new_test_user(
            self.env,
            "connect.stranger",
            groups="accountable_connect.group_user",
            company_id=other_company.id,
            company_ids=[(6, 0, other_company.ids)],
        )
        for user in (invoicing, stranger):
            for button in ("action_retry", "action_skip", "action_open_record"):
                with self.subTest(user=user.login, button=button), self.assertRaises(AccessError):
                    getattr(job.with_user(user), button)()
        self.assertEqual(job.state, "failed")

    def test_technical_details_are_for_managers(self):
        job = self.failed()
        self.assertIn("technical", job.fields_get())
        self.assertNotIn("technical", job.with_user(self.clerk).fields_get())

    # Clean-up

    def test_old_ended_jobs_go_but_decisions_stay(self):
        done, excluded = self.invoice(), self.invoice()
        excluded.action_accountable_exclude()
        self.work()
        failed = self.failed()
        old = fields.Datetime.now() - timedelta(days=100)
        self.jobs(done + excluded).write({"ended_at": old})
        self.env["accountable.job"]._gc_ended()
        self.assertFalse(self.jobs(done))
        self.assertTrue(self.jobs(excluded))
        self.assertTrue(failed.exists())
        self.assertEqual(done.accountable_state, "exported")
        recent = self.invoice()
        self.work()
        self.env["accountable.job"]._gc_ended()
        self.assertTrue(self.jobs(recent))
