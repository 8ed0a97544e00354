"""What people see of batches and hand-overs, and what their buttons ask."""

from ast import literal_eval
from unittest.mock import patch

from lxml import etree
from odoo.addons.accountable_connect.documents.sentence import SentencesOf
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import ConnectionCase
from .common_batches import BatchesMixin

_lt = SentencesOf(__name__)


class BatchScreensCase(BatchesMixin, ConnectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "batch_user", groups="accountable_connect.group_user,base.group_user"
        )

    def opened(self, action):
        """The record of a dialogue, as the user has it."""
        return self.env[action["res_model"]].with_user(self.user).browse(action["res_id"])

    def filled(self, dialogue, **values):
        """Through its form, as a person fills it in."""
        with Form(dialogue) as form:
            for name, value in values.items():
                form[name] = value
        return dialogue

    def answer(self, action, button="action_store", **values):
        """Fill in the dialogue that opens, and press its button: three requests."""
        self.env.invalidate_all()
        getattr(self.filled(self.opened(action), **values), button)()
        self.env.invalidate_all()

    def failed_job(self, move):
        return (
            self.env["accountable.job"]
            .sudo()
            .create(
                {
                    "connection_id": self.connection.id,
                    "company_id": self.company.id,
                    "operation": "document",
                    "res_model": move._name,
                    "res_id": move.id,
                    "name": move.name,
                    "state": "failed",
                    "error_kind": "data_refused",
                    "message": "No",
                }
            )
        )

    def new_hand_over(self, batch, state, **values):
        return (
            self.env["accountable.hand.over"]
            .sudo()
            .create({"batch_id": batch.id, "channel": "folder", "state": state, **values})
        )

    def filter_domain(self, view, name):
        arch = self.env["accountable.batch"].get_view(
            self.env.ref(f"accountable_connect.{view}").id, "search"
        )["arch"]
        return literal_eval(etree.fromstring(arch).find(f".//filter[@name='{name}']").get("domain"))


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


@tagged("post_install", "-at_install")
class TestBatchDialogues(BatchScreensCase):
    def test_refused_with_the_words_of_the_receiver(self):
        move = self.invoice()
        batch = self.new_batch(move).with_user(self.user)
        dialogue = self.opened(batch.action_ask_refused())
        with self.assertRaisesRegex(AssertionError, "words is a required field"):
            self.filled(dialogue)
        dialogue.words = "  "
        with self.assertRaisesRegex(UserError, "what the receiver said"):
            dialogue.action_store()
        self.filled(dialogue, words="Customer unknown").action_store()
        self.env.invalidate_all()
        self.assertEqual((batch.state, batch.item_ids.state), ("refused", "refused"))
        for record in (batch, batch.item_ids):
            self.assertIn("Customer unknown", record.message)
        self.assertEqual(move.accountable_state, "error")
        self.assertIn("Customer unknown", move.accountable_error)
        self.assertFalse(move.accountable_batch)
        [alert] = batch.alerts.values()
        self.assertEqual((alert["level"], alert["message"]), ("danger", "Customer unknown"))

    def test_of_chosen_documents_only(self):
        moves = self.invoice() + self.invoice() + self.invoice()
        batch = self.new_batch(moves).with_user(self.user)
        refused, confirmed, left = batch.item_ids
        self.answer(refused.action_ask_refused(), words="No")
        self.answer(confirmed.action_ask_confirmed(), words="In 2026/12")
        self.assertEqual(batch.state, "handed_over")
        self.assertEqual(batch.item_ids.mapped("state"), ["refused", "confirmed", "in_batch"])
        shown = batch.item_ids.mapped("standing")
        self.assertEqual(shown, ["refused", "confirmed", "handed_over"])
        self.assertFalse(batch.message)
        self.assertEqual(str(confirmed.message), "In 2026/12")
        self.assertEqual(moves.mapped("accountable_state"), ["error", "exported", "handed_over"])
        counts = (batch.item_count, batch.waiting_count, batch.refused_count, batch.confirmed_count)
        self.assertEqual(counts, (3, 1, 1, 1))
        [alert] = batch.alerts.values()
        self.assertIn("refused: 1", alert["message"])
        found = self.env["accountable.batch.item"].search(alert["action"]["domain"])
        self.assertEqual(found, refused)
        # what was answered is not asked again
        dialogue = self.opened(batch.action_ask_confirmed())
        self.assertEqual(dialogue.item_ids, left)
        for item in (refused, confirmed):
            with self.assertRaisesRegex(UserError, "Only documents that are handed over"):
                item.action_ask_refused()
        dialogue.action_store()
        self.assertEqual(batch.state, "confirmed")

    def test_refused_and_corrected_goes_into_a_new_batch(self):
        move = self.invoice()
        batch = self.new_batch(move).with_user(self.user)
        self.answer(batch.item_ids.action_ask_refused(), "action_store_and_again", words="No")
        self.assertEqual(batch.state, "refused")
        self.assertEqual(self.jobs(move).mapped("state"), ["pending"])
        self.assertEqual(move.accountable_state, "to_export")

    def test_only_what_was_handed_over_is_answered(self):
        for number, state in enumerate(("open", "closed", "confirmed", "refused")):
            batch = self.new_batch(self.invoice(), state, number).with_user(self.user)
            for name in ("action_ask_refused", "action_ask_confirmed"):
                for records in (batch, batch.item_ids):
                    with self.subTest(state=state, name=name, model=records._name):
                        with self.assertRaisesRegex(UserError, "Only documents"):
                            getattr(records, name)()

    def test_again_asks_why(self):
        batch = self.new_batch(self.invoice()).with_user(self.user)
        dialogue = self.opened(batch.action_ask_again())
        with self.assertRaisesRegex(AssertionError, "reason is a required field"):
            self.filled(dialogue)
        with self.assertRaisesRegex(UserError, "why it goes again"):
            dialogue.action_hand_over()
        reasons = []
        with patch.object(
            self.env.registry["accountable.batch"],
            "action_hand_over_again",
            lambda self, reason: reasons.append((self, reason)),
        ):
            self.filled(dialogue, reason="Mailbox lost").action_hand_over()
        self.assertEqual(reasons, [(batch, "Mailbox lost")])

    def test_refused_with_a_code_of_the_receiver(self):
        codes = [("LOCKPER", _lt("The period is locked.")), ("NO_CUST", _lt("No such customer."))]
        connections, learned = self.registry["accountable.connection"], []
        self.patch(connections, "_receiver_codes", lambda _self: codes)
        self.patch(
            connections,
            "_receiver_refused",
            lambda _self, items, code: learned.append((items, code)),
        )
        moves = self.invoice() | self.invoice()
        batch = self.new_batch(moves)
        action = batch.with_user(self.user).action_ask_refused()
        dialogue = self.opened(action)
        self.assertEqual(dialogue.code_ids.mapped("code"), ["LOCKPER", "NO_CUST"])
        self.assertEqual(dialogue.code_ids[0].name, "LOCKPER: The period is locked.")
        self.answer(action, code_id=dialogue.code_ids[0])
        self.assertEqual(learned, [(batch.item_ids, "LOCKPER")])
        said = "The receiver refused it (batch 00001): LOCKPER: The period is locked."
        self.assertEqual(self.jobs(moves).mapped("message"), [said, said])
        self.assertEqual(batch.message, "LOCKPER: The period is locked.")
        other = self.new_batch(self.invoice(), number=2)
        self.answer(other.with_user(self.user).action_ask_refused(), words="LOCKPER: period 11")
        self.assertEqual(learned[1:], [(other.item_ids, "LOCKPER")], "typed, it counts as chosen")
        self.assertEqual(other.message, "LOCKPER: The period is locked. “period 11”")

    def test_codes_of_another_dialogue_are_no_answer(self):
        self.patch(
            self.registry["accountable.connection"], "_receiver_codes", lambda _self: [("X", "No.")]
        )
        first, second = self.new_batch(self.invoice()), self.new_batch(self.invoice(), number=2)
        mine = self.opened(first.with_user(self.user).action_ask_refused())
        other = self.opened(second.with_user(self.user).action_ask_refused())
        mine.code_id = other.code_ids
        with self.assertRaisesRegex(UserError, "Write what the receiver said"):
            mine.action_store()

    def test_which_documents_an_open_batch_takes(self):
        batches = self.registry["accountable.batch"]
        self.patch(batches, "_part_in_words", lambda batch: f"book year {batch.part}")
        move = self.invoice()
        batch = self.new_batch(move, state="open", part="2026")
        self.assertEqual(batch.display_name, "Open batch: book year 2026")
        self.assertIn("for book year 2026", batch._sentence_on_document())

    def test_a_person_gives_words_and_nothing_else(self):
        one, other = (self.new_batch(self.invoice(), number=number) for number in (1, 2))
        answer = self.opened(one.with_user(self.user).action_ask_refused())
        again = self.opened(one.with_user(self.user).action_ask_again())
        for dialogue, values in (
            (answer, {"item_ids": [(6, 0, other.item_ids.ids)]}),
            (answer, {"answer": "confirmed"}),
            (again, {"batch_id": other.id}),
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                dialogue.write(values)

    def test_whoever_may_not_see_it_presses_nothing(self):
        batch = self.new_batch(self.invoice())
        other = self.env["res.company"].create({"name": "Other"})
        outsider = new_test_user(
            self.env,
            "outsider_of_batches",
            groups="accountable_connect.group_user,base.group_user",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        clerk = new_test_user(self.env, "clerk", groups="account.group_account_invoice")
        for user in (outsider, clerk):
            for records, names in (
                (batch, ("action_ask_refused", "action_ask_confirmed", "action_ask_again")),
                (batch, ("action_upload",)),
                (
                    batch.item_ids,
                    ("action_ask_refused", "action_ask_confirmed", "action_put_again"),
                ),
                (self.connection, ("action_upload",)),
            ):
                for name in names:
                    with self.subTest(user=user.login, name=name), self.assertRaises(AccessError):
                        getattr(records.with_user(user), name)()

    def test_the_filters_find_what_they_say(self):
        self.connection.sudo().channel = "folder"
        batches = {
            state: self.new_batch(self.invoice(), state, number)
            for number, state in enumerate(
                ("open", "closed", "handed_over", "confirmed", "refused")
            )
        }
        for item in batches["refused"].item_ids:
            item._write({"state": "refused"})
        failed = self.new_batch(self.invoice(), "closed", 7)
        self.new_hand_over(failed, "failed")
        self.new_hand_over(batches["handed_over"], "done", reason="Lost", channel="download")
        every = self.env["accountable.batch"].concat(*batches.values(), failed)
        expected = {
            "needs_me": failed,
            "open": batches["open"],
            "downloads": every.browse(),
            "closed": batches["closed"] + failed,
            "failed": failed,
            "handed_over": batches["handed_over"],
            "confirmed": batches["confirmed"],
            "refused": batches["refused"],
            "by_download": batches["handed_over"],
            "by_folder": failed,
            "again": batches["handed_over"],
        }
        for name, found in expected.items():
            domain = self.filter_domain("accountable_batch_view_search", name)
            with self.subTest(name=name):
                searched = every.with_user(self.user).search([("id", "in", every.ids), *domain])
                self.assertEqual(set(searched), set(found))
        self.connection.sudo().channel = "download"
        domain = self.filter_domain("accountable_batch_view_search", "needs_me")
        found = every.search([("id", "in", every.ids), *domain])
        self.assertEqual(set(found), {batches["closed"], failed})

    def test_a_document_stands_where_its_batch_does(self):
        waits = self.new_batch(self.invoice(), "closed", 1).item_ids
        went = self.new_batch(self.invoice(), "handed_over", 2).item_ids
        self.assertEqual((waits.standing, went.standing), ("in_batch", "handed_over"))
        for name, found in (("in_batch", waits), ("unanswered", went)):
            domain = self.filter_domain("accountable_batch_item_view_search", name)
            self.assertEqual(
                (waits + went).search([("id", "in", (waits + went).ids), *domain]), found
            )

    def test_screens_open_for_a_user(self):
        for name in ("accountable_batch", "accountable_batch_item", "accountable_upload"):
            action = self.env.ref(f"accountable_connect.{name}_action")
            views = [(False, view) for view in (*action.view_mode.split(","), "search")]
            found = self.env[action.res_model].with_user(self.user).get_views(views)["views"]
            self.assertEqual(set(found), {view for _id, view in views})
        batch = self.new_batch(self.invoice()).with_user(self.user)
        spec = {"display_name": {}, "alerts": {}, "file_ids": {"fields": {"name": {}}}}
        [values] = batch.web_read(spec)
        self.assertEqual(values["display_name"], "Batch 00001")
        [file] = values["file_ids"]
        self.assertTrue(file["name"].endswith(".xml"))

    def test_a_file_is_looked_into(self):
        batch = self.new_batch(self.invoice(), "closed")
        [file] = batch.file_ids.with_user(self.user)
        address = f"/web/content/accountable.batch.file/{file.id}/content"
        self.assertTrue(file.action_download()["url"].startswith(address))
        self.assertEqual(batch.state, "closed", "nothing is handed over by that")

    def test_a_document_leads_home(self):
        move = self.invoice()
        item = self.new_batch(move).item_ids.with_user(self.user)
        self.assertEqual(item.action_open_record()["res_id"], move.id)
        self.assertEqual(item.action_show_batch()["res_id"], item.batch_id.id)
        item.sudo()._write({"res_id": 999_999_999})
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "was deleted"):
            item.action_open_record()

    def test_the_lists_cost_the_same_for_one_and_for_many(self):
        for number in range(1, 6):
            batch = self.new_batch(self.invoice() + self.invoice(), number=number)
            self.new_hand_over(batch, "done")
        batches = self.env["accountable.batch"].with_user(self.user).search([])
        jobs = self.env["accountable.job"].with_user(self.user)
        for move in self.env["account.move"].browse(batches.item_ids.mapped("res_id")):
            jobs |= self.failed_job(move).with_user(self.user)
        for records, names in (
            (
                batches,
                ["display_name", "item_count", "refused_count", "is_failed", "channel", "message"],
            ),
            (
                batches.item_ids.browse(batches.item_ids.ids),
                ["name", "number", "batch_state", "file_names", "message"],
            ),
            (jobs, ["name", "batch_id"]),
        ):
            records[:1].read(names)
            costs = []
            for selection in (records[:1], records):
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                selection.read(names)
                costs.append(self.env.cr.sql_log_count - before)
            with self.subTest(model=records._name):
                self.assertEqual(costs[0], costs[1])

    def test_a_person_says_whether_it_arrived(self):
        self.connection.sudo().channel = "folder"
        for number, (button, state) in enumerate(
            (("action_receiver_has_it", "handed_over"), ("action_receiver_has_it_not", "closed"))
        ):
            batch = self.new_batch(self.invoice(), "handing_over", number)
            self.new_hand_over(batch, "unknown")
            self.env.invalidate_all()
            batch = batch.with_user(self.user)
            with self.subTest(button=button):
                self.assertTrue(batch.is_unknown and batch.is_failed)
                [alert] = batch.alerts.values()
                self.assertIn("is not known", alert["message"])
                getattr(batch, button)()
                self.env.invalidate_all()
                self.assertFalse(batch.is_unknown)
                self.assertEqual(batch.state, state)

    def test_an_item_of_the_queue_leads_to_its_batch(self):
        move = self.invoice()
        batch = self.new_batch(move, number=3)
        job = self.failed_job(move).with_user(self.user)
        self.assertEqual(job.batch_id, batch)
        self.assertEqual(job.action_show_batch()["res_id"], batch.id)
