"""Dialogues, lists and buttons of batches and hand-overs."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..documents.sentence import SentencesOf
from .common_batches import BatchScreensCase

# Another name than _lt: what the tests say is translated by nobody.
say = SentencesOf(__name__)


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
        codes = [("LOCKPER", say("The period is locked.")), ("NO_CUST", say("No such customer."))]
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
