"""What people see on a document of the batch in which it stands."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common_batches import BatchScreensCase


@tagged("post_install", "-at_install")
class TestDocumentsInBatches(BatchScreensCase):
    def test_states_are_found(self):
        waiting, open_one, handed_over, booked = (self.invoice() for _number in range(4))
        self.new_batch(waiting, "closed", 1)
        self.new_batch(open_one, "open")
        self.new_batch(handed_over, "handed_over", 2)
        self.new_batch(booked, "confirmed", 3)
        differs = self.invoice()
        self.new_batch(differs, "handed_over", 4)
        self.bindings(differs).unsent = True
        failed = self.invoice()
        self.new_batch(failed, "handed_over", 5)
        self.failed_job(failed)
        expected = {
            "to_export": waiting + open_one,
            "handed_over": handed_over,
            "exported": booked,
            "differs": differs,
            "error": failed,
            "excluded": failed.browse(),
            "not_exported": failed.browse(),
        }
        every = self.env["account.move"].concat(*expected.values())
        self.env.flush_all()
        for state, moves in expected.items():
            with self.subTest(state=state):
                self.assertEqual({*moves.mapped("accountable_state")}, {state} if moves else set())
                for operator, found in (("=", moves), ("!=", every - moves)):
                    domain = [("id", "in", every.ids), ("accountable_state", operator, state)]
                    self.assertEqual(set(every.search(domain)), set(found), operator)

    def test_a_batch_is_no_booking(self):
        waiting, handed_over, without = (self.invoice() for _number in range(3))
        self.new_batch(waiting, "open")
        self.new_batch(handed_over, "handed_over", 12)
        every = waiting + handed_over + without
        self.assertEqual(every.mapped("accountable_batch"), ["Open", "00012", False])
        self.assertEqual(every.mapped("accountable_in_batch"), [True, False, False])
        self.assertEqual(every.mapped("accountable_number"), [False] * 3)
        self.assertEqual([bool(move.accountable_date) for move in every], [False, True, False])
        for condition, moves in (
            (("accountable_batch", "=", "00012"), handed_over),
            (("accountable_batch", "ilike", "12"), handed_over),
            (("accountable_batch", "!=", False), waiting + handed_over),
            (("accountable_batch", "=", False), without),
            (("accountable_in_batch", "=", True), waiting),
            (("accountable_in_batch", "!=", True), handed_over + without),
            (("accountable_number", "=", False), every),
            (("accountable_number", "ilike", "12"), every.browse()),
            (("accountable_number", "ilike", "item"), every.browse()),
            (("accountable_date", ">=", self.today), handed_over),
            (("accountable_date", "=", False), waiting + without),
        ):
            with self.subTest(condition=condition):
                found = every.search([("id", "in", every.ids), condition])
                self.assertEqual(set(found), set(moves))

    def test_a_list_costs_the_same_for_one_and_for_many(self):
        moves = self.env["account.move"].concat(*(self.invoice() for _number in range(5)))
        self.new_batch(moves[:3], "handed_over", 1)
        self.new_batch(moves[3:], "open")
        names = ["accountable_state", "accountable_batch", "accountable_number", "accountable_date"]
        moves[:1].read(names)
        costs = []
        for selection in (moves[:1], moves):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            selection.read(names)
            costs.append(self.env.cr.sql_log_count - before)
        self.assertEqual(costs[0], costs[1])

    def test_the_form_says_where_it_stands(self):
        expected = {
            "open": "In the open batch of",
            "closed": "In batch 00001, which is not handed over yet",
            "handed_over": "In batch 00002, handed over on",
            "confirmed": None,
        }
        for number, (state, words) in enumerate(expected.items()):
            move = self.invoice()
            batch = self.new_batch(move, state, number)
            [*alerts] = move.with_user(self.user)._get_alerts().values()
            said = [one for one in alerts if words and words in one["message"]]
            with self.subTest(state=state):
                self.assertEqual(len(said), 1 if words else 0, alerts)
                if said:
                    self.assertEqual(said[0]["level"], "info")
                    self.assertEqual(said[0]["action"]["res_id"], batch.id)
            action = move.with_user(self.user).action_accountable_batches()
            self.assertEqual(action["res_id"], batch.id)

    def test_a_branch_reads_where_its_document_stands(self):
        """It may not open the batch, in which documents of its root are."""
        branch = self.env["res.company"].create({"name": "Filiaal", "parent_id": self.company.id})
        user = new_test_user(
            self.env,
            "branch_of_batches",
            groups="accountable_connect.group_user,base.group_user",
            company_id=branch.id,
            company_ids=[(6, 0, branch.ids)],
        )
        move = self.invoice()
        batch = self.new_batch(move + self.invoice())
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET company_id = %s WHERE id = %s", (branch.id, move.id)
        )
        self.env.invalidate_all()
        move = move.with_user(user)
        self.assertEqual(move.accountable_batch, "00001")
        [alert] = [one for one in move._get_alerts().values() if "00001" in one["message"]]
        self.assertNotIn("action", alert)
        self.assertFalse(batch.with_user(user).has_access("read"))
        self.assertEqual(move.action_accountable_batches()["domain"], [("id", "in", [])])

    def test_what_was_handed_over_and_is_no_draft_is_said(self):
        move = self.invoice()
        self.new_batch(move)
        move.button_draft()
        self.assertIn("handed over", move.accountable_error)

    def test_whoever_may_not_read_the_field_cannot_search_it(self):
        clerk = new_test_user(self.env, "clerk_of_batches", groups="account.group_account_invoice")
        for name in ("accountable_batch", "accountable_in_batch"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                self.env["account.move"].with_user(clerk).search([(name, "!=", False)])

    def test_the_dashboard_counts_what_waits(self):
        self.new_batch(self.invoice() + self.invoice(), "handed_over", 1)
        self.new_batch(self.bill(), "handed_over", 2)
        self.new_batch(self.invoice(), "closed", 3)
        self.connection.sudo().channel = "download"
        batch = self.new_batch(self.invoice(), "closed", 4)
        self.new_hand_over(batch, "failed")
        sale, purchase = (
            self.env["account.journal"].search(
                [("company_id", "=", self.company.id), ("type", "=", type_)], limit=1
            )
            for type_ in ("sale", "purchase")
        )
        journals = (sale + purchase).with_user(self.user)
        figures = ("handed_over", "downloads", "failed_batches")
        dashboard = journals._get_journal_dashboard_data_batched()
        cards = [
            [dashboard[journal.id].get(f"accountable_{name}") for name in figures]
            for journal in journals
        ]
        self.assertEqual(cards, [["2", 2, 1], ["1", None, None]])
        for name, count in (("handed_over", 2), ("downloads", 2), ("failed_batches", 1)):
            action = getattr(sale.with_user(self.user), f"action_accountable_{name}")()
            domain = [*action["domain"]]
            if default := [key for key in action["context"] if key.startswith("search_default_")]:
                domain += self.filter_domain(
                    "accountable_batch_view_search", default[0].removeprefix("search_default_")
                )
            found = self.env[action["res_model"]].search(domain)
            self.assertEqual(len(found), count, name)
