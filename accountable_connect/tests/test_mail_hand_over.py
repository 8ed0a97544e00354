"""Batches that go by a channel nobody can ask: one document each, and what is not known."""

from unittest.mock import patch

from odoo.addons.accountable_connect.api.channels.contract import ChannelError
from odoo.addons.accountable_connect.models.hand_over import letter
from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG
from odoo.exceptions import UserError

from .common_folder import Killed
from .common_hand_over import ENTRIES
from .common_memory_mail import MemoryMail, MemoryMailCase, lost_after_the_dot


class TestMailHandOver(MemoryMailCase):
    def killed(self):
        try:
            with self.worker() as working:
                working._run(seconds=60)
        except Killed:
            self.env.invalidate_all()
        else:
            self.fail("The worker was not killed.")

    def one(self, batch):
        return batch.hand_over_ids.ensure_one()

    # What goes

    def test_each_document_goes_in_a_mail_of_its_own(self):
        moves = self.invoice(), self.invoice()
        self.work()
        self.assertEqual(len(self.batches()), 2)
        self.assertEqual(self.batches().mapped("document_count"), [1, 1])
        self.batches().action_close()
        self.work()
        self.assertEqual(set(self.batches().mapped("state")), {"handed_over"})
        self.assertEqual(
            [sorted(files) for _sent, files in self.server.sent],
            [sorted(self.contents(batch)) for batch in self.batches()],
        )
        for sent, move in zip(self.letters(), moves, strict=True):
            self.assertEqual(sent.recipient, "uid80001@Kantoor.example")
            self.assertEqual(sent.sender, "boekhouding@voorbeeld.example")
            self.assertEqual(sent.subject, f"Customer invoice {move.name} – {self.company.name}")
            self.assertIn(move.name, sent.body)
            self.assertRegex(sent.message_id, r"^<accountable\.[0-9a-f]{16}@voorbeeld.example>$")
        self.assertEqual(len({one.message_id for one in self.letters()}), 2)

    def test_what_a_person_took_while_it_was_on_its_way_does_not_go_again(self):
        batch = self.closed()
        batch.action_download()
        taken = batch.hand_over_ids
        error = ChannelError("later", code="mail_later", temporary=True)
        self.server.fails["write"] = error
        self.work()
        self.assertEqual(batch.state, "closed")
        # its last byte came while the batch was being handed over
        taken.sudo()._finish(list(self.contents(batch)))
        self.server.fails.clear()
        self.pass_hours()
        self.work()
        self.assertEqual((batch.state, self.server.sent), ("handed_over", []))
        self.assertNotIn(self.connection, self.connection._due_connections())

    def test_words_are_in_the_language_of_the_company(self):
        read_by = []

        def written(partner, sentence):
            read_by.append(partner)
            return str(sentence)

        with patch.object(letter, "written_for", written):
            self.sent()
        self.assertEqual(set(read_by), {self.company.partner_id})

    def test_bills_have_an_address_of_their_own(self):
        self.connection.mail_to_bills = "uid80001-PI@kantoor.example"
        self.sent(self.bill(), self.invoice())
        self.assertEqual(
            {one.recipient for one in self.letters()},
            {"uid80001-PI@kantoor.example", "uid80001@Kantoor.example"},
        )

    def test_the_hand_over_is_kept_under_the_message_id(self):
        batch = self.sent()
        [sent] = self.letters()
        one = self.one(batch)
        self.assertEqual(
            (one.message_id, one.sent_from, one.sent_to),
            (sent.message_id, sent.sender, sent.recipient),
        )
        [message] = one.message_ids
        self.assertEqual(message.message_id, sent.message_id)
        self.assertEqual(message.subject, sent.subject)
        self.assertFalse(one.message_follower_ids)
        self.assertFalse(message.notification_ids)
        self.assertFalse(
            self.env["mail.mail"].sudo().search([("mail_message_id", "=", message.id)])
        )

    def test_it_goes_with_the_addon_of_its_package(self):
        self.sent()
        kept = self.env["mail.message"].sudo()
        of_hand_overs = [("model", "=", "accountable.hand.over")]
        self.assertTrue(kept.search_count(of_hand_overs))
        removing = {MODULE_UNINSTALL_FLAG: True}
        self.connection.sign_in_id.with_context(**removing)._delete_with_connections("fake")
        self.assertFalse(kept.search_count(of_hand_overs))

    def test_it_is_kept_before_anybody_has_it(self):
        kept = []
        original = MemoryMail.publish

        def publish(channel, shipment, written, first=False):
            domain = [("message_id", "=", written["message_id"])]
            kept.extend(self.env["mail.message"].sudo().search(domain).mapped("model"))
            return original(channel, shipment, written, first)

        with patch.object(MemoryMail, "publish", publish):
            self.sent()
        self.assertEqual(kept, ["accountable.hand.over"])

    def test_without_an_address_nothing_goes(self):
        for name in ("mail_to", "mail_from"):
            with self.subTest(name):
                value = self.connection[name]
                self.connection[name] = False
                batch = self.closed()
                self.work()
                self.assertEqual(batch.state, "closed")
                self.assertIn("is missing", batch.message)
                self.connection[name] = value
                self.work()
                self.assertEqual(batch.state, "handed_over")

    # What is not known

    def test_lost_after_the_end_a_person_decides(self):
        self.server.breaks_after["publish"] = lost_after_the_dot()
        batch = self.closed()
        self.work()
        one = self.one(batch)
        self.assertEqual((one.state, batch.state), ("unknown", "handing_over"))
        self.assertFalse(one.next_try)
        self.assertTrue(self.connection.activity_ids)
        self.server.breaks_after.clear()
        self.work()
        self.assertEqual(len(self.server.sent), 1)
        with self.assertRaises(UserError):
            batch.action_hand_over()
        facts = " ".join(alert["message"] for alert in batch.alerts.values())
        for fact in (one.message_id, one.sent_to, one.sent_from):
            self.assertIn(fact, facts)
        batch.action_receiver_has_it()
        self.assertEqual((one.state, batch.state), ("done", "handed_over"))
        self.work()
        self.assertEqual(len(self.server.sent), 1)

    def test_it_did_not_arrive_and_goes_with_another_message_id(self):
        self.server.breaks_after["publish"] = lost_after_the_dot()
        batch = self.closed()
        self.work()
        self.server.breaks_after.clear()
        batch.action_receiver_has_it_not()
        self.work()
        self.assertEqual(batch.state, "handed_over")
        first, second = self.server.sent
        self.assertNotEqual(first[0].message_id, second[0].message_id)
        self.assertEqual(first[1], second[1])
        self.assertEqual(self.one(batch).message_id, second[0].message_id)
        self.assertEqual(len(self.one(batch).message_ids), 2)

    def test_killed_once_it_was_stored_it_is_not_known(self):
        for method, error in (("fails", Killed()), ("breaks_after", Killed())):
            with self.subTest(method):
                batch = self.closed()
                getattr(self.server, method)["publish"] = error
                self.killed()
                getattr(self.server, method).clear()
                count = len(self.server.sent)
                self.work()
                one = self.one(batch)
                self.assertEqual((one.state, batch.state), ("unknown", "handing_over"))
                self.assertIn(one.message_id, batch.message)
                self.assertIn("uid80001@Kantoor.example", batch.message)
                self.assertIn("the server stopped", batch.message)
                self.work()
                self.assertEqual(len(self.server.sent), count)
                batch.action_receiver_has_it()

    def test_killed_before_it_was_stored_it_goes_again(self):
        for method in ("fails", "breaks_after"):
            with self.subTest(method):
                batch = self.closed()
                getattr(self.server, method)["write"] = Killed()
                self.killed()
                getattr(self.server, method).clear()
                self.server.sent.clear()
                self.work()
                self.pass_hours()
                self.work()
                self.assertEqual(batch.state, "handed_over")
                self.assertEqual(len(self.server.sent), 1)

    def test_what_was_not_sent_waits_and_goes_again(self):
        error = ChannelError("later", code="folder_full", temporary=True)
        error.withdrawn = True
        self.server.fails["publish"] = error
        batch = self.closed()
        self.work()
        one = self.one(batch)
        self.assertEqual((one.state, batch.state), ("failed", "closed"))
        self.assertTrue(one.next_try)
        self.server.fails.clear()
        self.pass_hours()
        self.work()
        self.assertEqual(batch.state, "handed_over")
        self.assertEqual(len(one.message_ids), 2)

    def test_a_copied_database_mails_nothing(self):
        identity = self.registry["accountable.identity"]
        original = MemoryMail.write
        copied = patch.object(identity, "_database", lambda _self: "copy")

        def and_then(channel, shipment):
            written = original(channel, shipment)
            self.startPatcher(copied)
            return written

        batch = self.closed()
        with patch.object(MemoryMail, "write", and_then):
            self.work()
        self.assertFalse(self.server.sent)
        self.assertEqual(batch.hand_over_ids.state, "written")
        copied.stop()

    # The way changes

    def test_another_way_splits_what_is_open(self):
        self.connection.channel = "download"
        moves = self.invoice(), self.invoice(), self.invoice()
        self.work()
        [batch] = self.batches()
        files = self.items(moves[0].union(*moves)).file_ids
        self.connection.channel = "mail"
        self.assertEqual(self.batches().mapped("document_count"), [1, 1, 1])
        self.assertEqual(len(batch.item_ids), 1)
        self.assertEqual(files.batch_id, self.batches())
        for one in self.batches():
            self.assertEqual(one.file_ids.item_id, one.item_ids)
        self.batches().action_close()
        self.work()
        self.assertEqual(len(self.server.sent), 3)
        # and back
        self.connection.channel = "download"
        self.invoice(), self.invoice()
        self.work()
        self.assertEqual(self.batches().filtered(lambda one: one.state == "open").document_count, 2)

    def test_a_document_that_leaves_makes_room_for_the_next(self):
        move = self.invoice()
        self.work()
        move.button_draft()
        self.assertEqual(self.batches().document_count, 0)
        self.invoice()
        self.work()
        self.assertEqual(len(self.batches()), 1)

    def test_several_that_closed_together_are_downloaded(self):
        self.connection.channel = "download"
        moves = self.invoice(), self.invoice()
        batch = self.closed(*moves)
        self.assertEqual(len(batch), 1)
        self.connection.channel = "mail"
        self.work()
        self.assertEqual(batch.state, "closed")
        self.assertIn("An e-mail takes one document", batch.message)
        self.assertIn("Download", batch.message)
        self.assertFalse(self.server.sent)
        self.assertEqual(batch.action_download()["type"], "ir.actions.act_url")
        # no other waits for it
        self.sent()


class TestEntriesByMail(MemoryMailCase):
    capabilities = ENTRIES

    def test_entries_go_together(self):
        moves = self.invoice(), self.invoice()
        [batch] = self.sent(*moves)
        self.assertEqual(batch.document_count, 2)
        [sent] = self.letters()
        self.assertEqual(sent.subject, f"Batch {batch.name} – {self.company.name}")
