"""How a closed batch reaches its receiver, and what keeps it from doing so."""

from unittest.mock import patch

from odoo import fields
from odoo.addons.accountable_connect.api import policy
from odoo.addons.accountable_connect.api.channels.contract import ChannelError
from odoo.addons.accountable_connect.api.channels.folder import FolderChannel
from odoo.addons.accountable_connect.models.engine.cron_lanes import wake_later
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user

from .common_folder import FolderCase


class TestHandOver(FolderCase):
    def closed_together(self, count):
        """So many batches, none of which the queue has seen."""
        self.connection.channel = "download"
        batches = self.env["accountable.batch"].union(*(self.closed() for _number in range(count)))
        self.connection.channel = "folder"
        return batches

    def test_who_shares_the_folder_is_told(self):
        self.assertFalse(self.connection.folder_shared)
        company = self.env["res.company"].create({"name": "Andere zaak"})
        other = self.connection.sudo().create(
            {
                "sign_in_id": self.sign_in.id,
                "company_id": company.id,
                "administration_key": "B1",
                "channel": "folder",
                "folder": "office",
            }
        )
        self.connection.invalidate_recordset(["folder_shared"])
        self.assertIn("puts its files in this folder too", self.connection.folder_shared)
        own = self.connection.with_context(allowed_company_ids=self.company.ids)
        self.assertNotIn(other.name, own.folder_shared)
        seen = self.connection.with_context(allowed_company_ids=(self.company + company).ids)
        self.assertIn(other.name, seen.folder_shared)
        other.folder = "other"
        self.connection.invalidate_recordset(["folder_shared"])
        self.assertFalse(self.connection.folder_shared)

    def test_a_closed_batch_is_put_in_the_folder(self):
        batch = self.closed()
        self.assertIn(self.connection, self.connection._due_connections())
        self.work()
        self.assertEqual(batch.state, "handed_over")
        self.assertTrue(batch.handed_over_at)
        self.assertEqual(self.received(), self.contents(batch))
        self.assertEqual(self.left(), [])
        [one] = self.hand_overs(batch)
        self.assertEqual(
            (one.state, one.channel, one.place, one.checksum, one.names, one.user_id.id),
            ("done", "folder", "office", batch.checksum, list(self.received()), False),
        )
        self.assertFalse(one.next_try)
        move = self.env["account.move"].browse(batch.item_ids.res_id)
        self.assertEqual(self.bindings(move).stage, "handed_over")
        self.assertNotIn(self.connection, self.connection._due_connections())

    def test_documents_go_each_by_itself(self):
        batch = self.closed(self.invoice(), self.invoice())
        self.work()
        self.assertEqual(batch.state, "handed_over")
        self.assertEqual(len(list(self.folder.iterdir())), 2)

    def test_a_batch_for_download_waits_for_a_person(self):
        self.connection.channel = "download"
        batch = self.closed()
        self.work()
        self.assertEqual(batch.state, "closed")
        self.assertFalse(batch.hand_over_ids)
        self.assertNotIn(self.connection, self.connection._due_connections())
        # another channel takes what waits
        self.connection.channel = "folder"
        self.work()
        self.assertEqual(batch.state, "handed_over")

    def test_an_open_batch_stays(self):
        self.invoice()
        self.work()
        self.work()
        self.assertEqual(self.batches().state, "open")
        self.assertEqual(self.received(), {})

    # What goes wrong

    def test_what_was_removed_while_it_was_written_is_not_handed_over(self):
        """By a receiver that empties all of its folder: a temporary name that is gone then says
        nothing of a delivery."""
        batch = self.closed()
        original = FolderChannel.write

        def write(channel, shipment):
            written = original(channel, shipment)
            for name in self.left():
                (self.folder / name).unlink()
            return written

        with patch.object(FolderChannel, "write", write):
            self.work()
        [one] = self.hand_overs(batch)
        self.assertEqual((one.state, one.next_try, batch.state), ("failed", False, "closed"))
        self.assertIn("was removed from the folder", one.message)
        batch.action_hand_over()
        self.work()
        self.assertEqual((one.state, batch.state), ("done", "handed_over"))
        self.assertEqual(self.received(), self.contents(batch))

    def test_a_folder_that_is_not_there_is_tried_again_at_growing_intervals(self):
        batch = self.closed()
        self.folder.rmdir()
        waits = []
        for attempt in range(1, 4):
            self.work()
            [one] = self.hand_overs(batch)
            self.assertEqual((one.state, one.attempts, batch.state), ("failed", attempt, "closed"))
            self.assertIn("“office” is not there", one.message)
            self.assertIn("“office” is not there", batch.message)
            waits.append(one.next_try - fields.Datetime.now())
            self.assertNotIn(self.connection, self.connection._due_connections())
            self.pass_hand_over_time()
            self.assertIn(self.connection, self.connection._due_connections())
        # doubled, spread by a fifth
        self.assertLess(waits[0], waits[2])
        [alert] = [one for one in self.connection.alerts.values() if batch.name in one["message"]]
        self.assertEqual(alert["level"], "warning")
        self.assertEqual(alert["action"]["res_id"], batch.id)
        self.folder.mkdir()
        self.work()
        self.assertEqual(batch.state, "handed_over")
        self.assertFalse(batch.message)
        self.assertEqual(self.received(), self.contents(batch))
        self.assertFalse(self.connection.alerts)

    def test_what_fails_keeps_no_document_from_new_batches_and_no_other_batch(self):
        first = self.closed()
        [name] = self.contents(first)
        (self.folder / name).write_bytes(b"of somebody else")
        self.work()
        self.assertEqual(first.state, "closed")
        self.assertIn(name, first.message)
        second = self.closed()
        self.work()
        self.assertEqual((first.state, second.state), ("closed", "handed_over"))
        self.assertEqual((self.folder / name).read_bytes(), b"of somebody else")
        self.assertEqual(self.left(), [])

    def test_after_many_tries_a_person_is_asked(self):
        batch = self.closed()
        self.folder.rmdir()
        for _attempt in range(policy.TRIES):
            self.work()
            self.pass_hand_over_time()
        [one] = self.hand_overs(batch)
        self.assertFalse(one.next_try)
        self.assertNotIn(self.connection, self.connection._due_connections())
        self.assertTrue(self.connection.activity_ids)

    def test_what_needs_a_person_waits_for_one(self):
        batch = self.closed()
        error = ChannelError("no", code="folder_no_permission", values={"folder": "office"})
        with self.failing("write", error):
            self.work()
        [one] = self.hand_overs(batch)
        self.assertEqual((one.state, one.next_try, batch.state), ("failed", False, "closed"))
        [alert] = [one for one in self.connection.alerts.values() if batch.name in one["message"]]
        self.assertEqual(alert["level"], "danger")
        [activity] = self.connection.activity_ids.filtered(lambda one: one.user_id == self.env.user)
        self.assertEqual(activity.summary, "Hand over a batch")
        self.work()
        self.assertEqual(batch.state, "closed")
        action = batch.action_hand_over()
        self.assertEqual(action["tag"], "display_notification")
        self.work()
        self.assertEqual(batch.state, "handed_over")
        self.assertEqual(self.hand_overs(batch), one)
        self.assertEqual((one.state, one.user_id), ("done", self.env.user))
        self.assertFalse(self.connection.activity_ids)

    def test_what_waits_for_a_person_goes_after_a_test_that_succeeds(self):
        """Whoever gave the server its right does not press a button for each batch."""
        batches = self.closed_together(2)
        error = ChannelError("no", code="folder_no_permission", values={"folder": "office"})
        with self.failing("write", error):
            self.work()
        self.assertEqual(batches.hand_over_ids.mapped("next_try"), [False, False])
        with self.failing("test", error), self.assertRaises(UserError):
            self.connection.action_test_channel()
        self.work()
        self.assertEqual(set(batches.mapped("state")), {"closed"})
        self.connection.action_test_channel()
        self.work()
        self.assertEqual(set(batches.mapped("state")), {"handed_over"})

    def test_several_are_handed_over_with_one_button(self):
        batches = self.closed_together(2)
        batches.action_hand_over()
        self.assertEqual(len(batches.hand_over_ids), 2)
        self.connection.state = "paused"
        with self.assertRaises(UserError):
            batches.action_hand_over()
        self.connection.channel = "download"
        with self.assertRaisesRegex(UserError, "A person downloads"):
            batches.action_hand_over()

    def test_the_lanes_go_on_with_what_a_run_had_no_time_for(self):
        self.closed()
        triggers = self.env["ir.cron.trigger"].sudo()
        triggers.search([]).unlink()
        self.env.flush_all()
        wake_later(self.env, 1)
        self.assertTrue(triggers.search([]))
        self.work()
        triggers.search([]).unlink()
        wake_later(self.env, 1)
        self.assertFalse(triggers.search([]))

    def test_an_unexpected_error_is_logged_and_tried_again(self):
        batch = self.closed()
        with self.failing("write", ValueError("odd")):
            self.work(unexpected=True)
        [one] = self.hand_overs(batch)
        self.assertEqual((one.state, batch.state), ("failed", "closed"))
        self.assertTrue(one.next_try)
        self.assertIn("unexpected", one.message)
        # nothing else waits for it
        self.assertFalse(self.connection.wait_until)
        self.pass_hand_over_time()
        self.work()
        self.assertEqual(batch.state, "handed_over")

    def test_files_that_were_lost_since_are_not_handed_over(self):
        batch = self.closed()
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "accountable.batch.file"),
                    ("res_field", "=", "content"),
                    ("res_id", "in", batch.file_ids.ids),
                ]
            )
        )
        attachment.raw = b"something else"
        self.env.flush_all()
        self.work()
        self.assertEqual(batch.state, "closed")
        self.assertIn("cannot be read any more as it was", batch.message)
        self.assertEqual(self.received(), {})
        self.assertEqual(self.left(), [])

    def test_one_that_goes_partly_goes_on_with_the_rest(self):
        batch = self.closed(self.invoice(), self.invoice())
        first, second = self.contents(batch)
        original = FolderChannel._check_free

        def nobody_yet(channel, pairs, directory):
            original(channel, pairs, directory)
            if len(pairs) == 2 and channel.folder == "office" and self.left():
                (self.folder / second).write_bytes(b"of somebody else")

        with patch.object(FolderChannel, "_check_free", nobody_yet):
            self.work()
        [one] = self.hand_overs(batch)
        self.assertEqual((one.state, batch.state), ("written", "handing_over"))
        self.assertTrue(one.next_try)
        self.assertIn(second, batch.message)
        self.assertEqual(set(self.take()), {first, second})
        self.pass_hand_over_time()
        self.work()
        self.assertEqual(batch.state, "handed_over")
        self.assertEqual(self.received(), {second: self.contents(batch)[second]})
        self.assertEqual(self.left(), [])

    # Settings

    def test_another_folder_holds_for_what_did_not_begin(self):
        batch = self.closed()
        self.folder.rmdir()
        self.work()
        self.connection.folder = "other"
        self.pass_hand_over_time()
        self.work()
        self.assertEqual(batch.state, "handed_over")
        self.assertEqual(len(list((self.root / "other").iterdir())), 1)
        self.assertEqual(batch.hand_over_ids.place, "other")

    def test_what_failed_is_not_tried_again_once_a_person_downloads(self):
        batch = self.closed()
        self.folder.rmdir()
        self.work()
        self.connection.channel = "download"
        self.pass_hand_over_time()
        self.work()
        self.folder.mkdir()
        self.assertFalse(batch.hand_over_ids.next_try)
        self.assertEqual(batch.state, "closed")
        self.assertEqual(batch.action_hand_over()["type"], "ir.actions.act_url")

    def test_another_folder_takes_what_waited_for_a_person(self):
        batch = self.closed()
        error = ChannelError("no", code="folder_no_permission", values={"folder": "office"})
        with self.failing("write", error):
            self.work()
        [one] = self.hand_overs(batch)
        self.assertFalse(one.next_try)
        self.connection.folder = "other"
        self.assertTrue(one.next_try)
        self.work()
        self.assertEqual((batch.state, one.place), ("handed_over", "other"))

    def test_what_nobody_downloaded_goes_when_the_folder_is_chosen_again(self):
        batch = self.closed()
        self.folder.rmdir()
        self.work()
        self.connection.channel = "download"
        self.pass_hand_over_time()
        self.work()
        [one] = self.hand_overs(batch)
        one.message = False  # as where it had not been tried before
        self.assertEqual((one.state, one.next_try, batch.state), ("failed", False, "closed"))
        self.folder.mkdir()
        self.connection.channel = "folder"
        self.work()
        self.assertEqual(batch.state, "handed_over")

    def test_folders_are_listed_and_no_path_is_taken(self):
        (self.root / ".hidden").mkdir()
        (self.root / "file").touch()
        (self.root / "link").symlink_to("/tmp")
        self.assertEqual(self.connection._hand_over_folders(), ["office", "other"])
        for folder in ("link", "..", "/etc", "office/..", "nowhere", ".hidden", "file"):
            with self.subTest(folder=folder), self.assertRaises(ValidationError):
                self.connection.folder = folder
        self.connection.folder = "other"

    def test_the_test_button_says_whether_files_can_be_put_there(self):
        self.assertIn("office", self.connection.action_test_channel()["params"]["message"])
        self.assertEqual(list(self.folder.iterdir()), [])
        self.folder.rmdir()
        with self.assertRaises(UserError) as caught:
            self.connection.action_test_channel()
        self.assertIn("“office” is not there", str(caught.exception))
        self.connection.folder = False
        with self.assertRaises(UserError) as caught:
            self.connection.action_test_channel()
        self.assertIn("Choose the folder", str(caught.exception))

    # Again

    def test_again_brings_the_same_bytes_and_says_why(self):
        batch = self.closed()
        with self.assertRaises(UserError):
            batch.action_hand_over_again("lost")  # it was never handed over
        self.work()
        first = self.take()
        for reason in ("", "  ", False):
            with self.assertRaises(UserError):
                batch.action_hand_over_again(reason)
        with self.assertRaises(UserError):
            batch.action_hand_over()
        moment = batch.handed_over_at
        batch.action_hand_over_again(" The office lost it ")
        self.assertIn(self.connection, self.connection._due_connections())
        self.work()
        self.assertEqual(self.received(), first)
        self.assertEqual(batch.state, "handed_over")
        self.assertGreaterEqual(batch.handed_over_at, moment)
        one, again = self.hand_overs(batch)
        self.assertEqual((again.state, again.reason), ("done", "The office lost it"))
        self.assertEqual(again.user_id, self.env.user)
        self.assertEqual(again.checksum, one.checksum)
        self.assertNotIn(self.connection, self.connection._due_connections())

    def test_again_that_fails_leaves_the_batch_handed_over(self):
        batch = self.closed()
        self.work()
        batch.action_hand_over_again("lost")
        self.work()  # the first one still lies there
        self.assertEqual(batch.state, "handed_over")
        again = self.hand_overs(batch)[1]
        self.assertEqual(again.state, "failed")
        self.assertIn("already", again.message)
        self.assertTrue(self.connection.alerts)
        self.take()
        self.pass_hand_over_time()
        self.work()
        self.assertEqual(again.state, "done")
        self.assertFalse(self.connection.alerts)

    def test_a_refused_batch_does_not_go_again(self):
        batch = self.closed()
        self.work()
        batch._refuse("No.")
        with self.assertRaises(UserError):
            batch.action_hand_over_again("lost")

    # Rights

    def test_a_user_of_the_packages_hands_over_and_nobody_else(self):
        batch = self.closed()
        user = new_test_user(
            self.env,
            "packages",
            groups="account.group_account_invoice,accountable_connect.group_user",
            company_id=self.company.id,
        )
        batch.with_user(user).action_hand_over()
        self.work()
        self.assertEqual((batch.state, batch.hand_over_ids.user_id), ("handed_over", user))
        stranger = new_test_user(
            self.env, "invoices", groups="account.group_account_invoice", company_id=self.company.id
        )
        other = new_test_user(
            self.env,
            "elsewhere",
            groups="accountable_connect.group_user",
            company_id=self.env["res.company"].create({"name": "Elsewhere"}).id,
        )
        for one in (stranger, other):
            with self.subTest(user=one.login), self.assertRaises(AccessError):
                batch.with_user(one).action_hand_over_again("lost")
            with self.subTest(user=one.login), self.assertRaises(AccessError):
                batch.with_user(one).action_download()
