"""What the queue's screens show and what their buttons do."""

from ast import literal_eval

from lxml import etree
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import ConnectionCase

CANDIDATES = [
    {
        "key": "K1",
        "number": "A1 2026/7",
        "kind": "purchase",
        "version": "1",
        "document_date": "2026-03-15",
        "reference": "<b>F-7</b>",
        "text": "",
        "total": "121.00",
        "currency": "EUR",
    },
    {"key": "K2", "number": "A1 2026/8", "total": "not a number", "currency": "XXX"},
]


@tagged("post_install", "-at_install")
class TestQueueScreens(ConnectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "queue_user", groups="accountable_connect.group_user,base.group_user"
        )

    def duplicate(self, candidates):
        bill = self.invoice(move_type="in_invoice", ref="F-7")
        job = self.jobs(bill)
        job.write({"state": "failed", "error_kind": "duplicate", "candidates": candidates})
        return job

    def test_both_sides_stand_in_one_table(self):
        job = self.duplicate(CANDIDATES).with_user(self.user)
        table = etree.fromstring(job.candidates_table)
        rows = [[cell.text or "" for cell in row] for row in table.iterfind(".//tbody/tr")]
        self.assertEqual(len(rows), 3)
        self.assertIn(job.name, rows[0])
        self.assertIn("F-7", rows[0])
        self.assertIn("<b>F-7</b>", rows[1], "what the package says is text, not HTML")
        self.assertIn("not a number", rows[2])
        heads = [cell.text for cell in table.iterfind(".//thead/tr/th")]
        self.assertNotIn("Text", heads, "a column in which nothing stands is left out")

    def test_a_dialogue_shows_no_item_of_another_company(self):
        job = self.duplicate(CANDIDATES)
        other = self.env["res.company"].create({"name": "Other"})
        outsider = new_test_user(
            self.env,
            "outsider_of_the_dialogue",
            groups="accountable_connect.group_user,base.group_user",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        decisions = self.env["accountable.decision"].with_user(outsider)
        with self.assertRaises(AccessError):
            decisions.create({"job_id": job.id})
        decision = self.decision(job.with_user(self.user))
        self.env.invalidate_all()
        self.assertFalse(decisions.search([]))
        self.assertFalse(decision.candidate_ids.with_user(outsider).search([]))
        for record in (decision, decision.candidate_ids[0]):
            with self.assertRaises(AccessError):
                record.with_user(outsider).read()

    def test_without_candidates_there_is_no_table(self):
        job = self.duplicate(False)
        self.assertFalse(job.candidates_table)
        self.assertEqual(job.candidate_count, 0)

    def test_the_chosen_one_is_adopted(self):
        job = self.duplicate(CANDIDATES).with_user(self.user)
        with self.assertRaisesRegex(UserError, "choose one"):
            job.action_adopt()
        decision = self.decision(job)
        self.assertEqual(decision.candidate_ids.mapped("key"), ["K1", "K2"])
        decision.candidate_ids[0].action_adopt()
        self.assertEqual(job.state, "done")
        bill = self.env["account.move"].browse(job.res_id)
        self.assertEqual(self.bindings(bill).external_key, "K1")

    def test_none_of_them_is_sent(self):
        job = self.duplicate(CANDIDATES).with_user(self.user)
        self.decision(job).action_book_anyway()
        self.assertEqual((job.state, job.decision), ("pending", "book_anyway"))

    def test_left_as_it_is(self):
        job = self.duplicate(False).with_user(self.user)
        self.decision(job).action_skip()
        self.assertEqual((job.state, job.skip_reason), ("skipped", "person"))

    def test_nothing_to_decide(self):
        job = self.jobs(self.invoice())
        with self.assertRaisesRegex(UserError, "nothing to decide"):
            job.action_decide()

    def test_technical_details_are_for_managers(self):
        job = self.duplicate(CANDIDATES).with_user(self.user)
        with self.assertRaises(AccessError):
            job.read(["technical"])
        form = self.env["accountable.job"].with_user(self.user).get_view(view_type="form")
        self.assertNotIn('name="technical"', form["arch"])
        form = self.env["accountable.job"].get_view(view_type="form")
        self.assertIn('name="technical"', form["arch"])

    def test_columns_and_actions_are_for_users_of_the_packages(self):
        invoicing = new_test_user(
            self.env, "invoicing", groups="account.group_account_invoice,base.group_user"
        )
        for view_type in ("list", "form", "search"):
            moves = self.env["account.move"]
            shown = moves.with_user(self.user).get_view(
                self.env.ref("account.view_invoice_tree").id if view_type == "list" else None,
                view_type,
            )
            hidden = moves.with_user(invoicing).get_view(
                self.env.ref("account.view_invoice_tree").id if view_type == "list" else None,
                view_type,
            )
            if view_type != "search":
                self.assertIn("accountable_state", shown["arch"])
            self.assertNotIn("accountable_", hidden["arch"])
        action = self.env.ref("accountable_connect.account_move_action_exclude")
        with self.assertRaises(AccessError):
            self.run_action(action, invoicing, self.invoice())

    def test_actions_of_the_menu(self):
        invoice = self.invoice()
        self.run_action("account_move_action_exclude", self.user, invoice)
        self.assertEqual(invoice.accountable_state, "excluded")
        self.run_action("account_move_action_include", self.user, invoice)
        self.assertEqual(invoice.accountable_state, "to_export")
        self.run_action("account_move_action_export", self.user, invoice)
        self.assertEqual(self.jobs(invoice).filtered("next_try").mapped("state"), ["pending"])
        answer = self.run_action("account_move_action_check", self.user, invoice)
        self.assertEqual(answer["tag"], "display_notification")

    def test_the_filters_find_what_they_say(self):
        duplicate, waiting = self.duplicate(CANDIDATES), self.jobs(self.invoice())
        search = etree.fromstring(
            self.env["accountable.job"].get_view(
                self.env.ref("accountable_connect.accountable_job_view_search").id, "search"
            )["arch"]
        )
        expected = {
            "open": duplicate + waiting,
            "needs_me": duplicate,
            "waiting": waiting,
            "failed": duplicate,
            "unknown": duplicate.browse(),
            "done": duplicate.browse(),
        }
        for name, jobs in expected.items():
            domain = search.find(f".//filter[@name='{name}']").get("domain")
            found = self.env["accountable.job"].search(
                [("connection_id", "=", self.connection.id), *literal_eval(domain)]
            )
            self.assertEqual(found & (duplicate + waiting), jobs, name)

    def decision(self, job):
        action = job.action_decide()
        return self.env[action["res_model"]].with_user(self.user).browse(action["res_id"])

    def run_action(self, action, user, records):
        if isinstance(action, str):
            action = self.env.ref(f"accountable_connect.{action}")
        return (
            action.with_user(user)
            .with_context(
                active_model=records._name, active_ids=records.ids, active_id=records[:1].id
            )
            .run()
        )
