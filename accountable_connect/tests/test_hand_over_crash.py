"""Workers that end in the middle of a hand-over: nothing is missing, and nothing comes twice."""

from unittest.mock import patch

from odoo.addons.accountable_connect.api.channels.folder import FolderChannel
from odoo.addons.accountable_connect.models.engine.hand_over import HandOver
from odoo.exceptions import UserError

from .common_folder import FolderCase, Killed


class TestHandOverCrash(FolderCase):
    def finished(self, batch, taken=()):
        """Let workers go on until it is handed over; gives everything that the receiver got."""
        for _run in range(3):
            self.pass_hand_over_time()
            self.work()
        self.assertEqual(batch.state, "handed_over")
        [one] = self.hand_overs(batch)
        self.assertEqual(one.state, "done")
        self.assertEqual(one.names, list(self.contents(batch)))
        self.assertEqual(self.left(), [])
        got = [*taken, *self.take().items()]
        self.assertEqual(len(got), len(dict(got)), "nothing comes twice")
        self.assertEqual(dict(got), self.contents(batch))

    def killed_in(self, point):
        return {
            "before it is written": self.failing("write", Killed),
            "written, not stored": self.after("write", Killed),
            "stored, not renamed": self.failing("publish", Killed),
            "renamed, not stored": self.after("publish", Killed),
            "before it is stored": patch.object(HandOver, "_done", side_effect=Killed),
        }[point]

    POINTS = (
        "before it is written",
        "written, not stored",
        "stored, not renamed",
        "renamed, not stored",
        "before it is stored",
    )

    def test_killed_at_every_point(self):
        for point in self.POINTS:
            for count in (1, 2):
                with self.subTest(point=point, documents=count):
                    batch = self.closed(*(self.invoice() for _number in range(count)))
                    with self.killed_in(point):
                        self.killed()
                    self.assertEqual(batch.state, "handing_over")
                    self.assertIn(self.connection, self.connection._due_connections())
                    self.finished(batch)

    def test_killed_at_every_point_with_a_receiver_that_takes_files_at_once(self):
        for point in self.POINTS:
            with self.subTest(point=point):
                batch = self.closed()
                with self.killed_in(point):
                    self.killed()
                self.finished(batch, self.take().items())

    def test_killed_again_and_again_while_it_is_written_a_person_is_asked(self):
        """Such as a batch that is too big for the time a worker has."""
        batch = self.closed()
        for attempt in range(1, 11):
            with self.failing("write", Killed):
                self.killed()
            self.work()
            [one] = self.hand_overs(batch)
            self.assertEqual((one.state, one.attempts), ("failed", attempt))
            self.assertIn("The server stopped", batch.message)
            self.pass_hand_over_time()
        self.assertFalse(one.next_try)
        self.assertEqual(self.left(), [])

    def test_killed_between_files_that_go_apart(self):
        batch = self.closed(*(self.invoice() for _number in range(3)))
        names = []

        def kill(channel, name=""):
            names.append(name)
            if len(names) == count:
                raise Killed
            return original(channel, name)

        original = FolderChannel._named
        published = FolderChannel.publish

        def publish(*arguments):
            with patch.object(FolderChannel, "_named", kill):
                return published(*arguments)

        count = 4  # the root, the folder, two files
        with patch.object(FolderChannel, "publish", publish):
            self.killed()
        taken = self.take()
        self.assertIn(len(taken), (1, 2))
        self.finished(batch, taken.items())

    def test_the_folder_of_the_settings_changes_in_between(self):
        batch = self.closed()
        with self.failing("publish", Killed):
            self.killed()
        self.connection.folder = "other"
        self.finished(batch)

    def test_what_cannot_be_looked_at_now_is_not_handed_over_again(self):
        batch = self.closed()
        with self.after("publish", Killed):
            self.killed()
        self.folder.rename(self.root / "away")
        self.work()
        [one] = self.hand_overs(batch)
        self.assertEqual((one.state, batch.state), ("written", "handing_over"))
        self.assertTrue(one.next_try)
        (self.root / "away").rename(self.folder)
        self.finished(batch)

    # Only a person knows

    def unknown(self):
        batch = self.closed()
        with self.after("publish", Killed):
            self.killed()
        self.folder.rename(self.root / "away")
        self.folder.mkdir()  # the same name, and not the folder that was written in
        self.work()
        [one] = self.hand_overs(batch)
        self.assertEqual((one.state, batch.state), ("unknown", "handing_over"))
        self.assertIn("not known", batch.message)
        self.assertNotIn(self.connection, self.connection._due_connections())
        self.assertTrue(self.connection.activity_ids)
        with self.assertRaises(UserError):
            batch.action_hand_over()
        return batch, one

    def test_a_person_says_that_the_receiver_has_it(self):
        batch, one = self.unknown()
        one.action_receiver_has_it()
        self.assertEqual((one.state, batch.state), ("done", "handed_over"))
        self.assertEqual(one.names, list(self.contents(batch)))
        self.work()
        self.assertEqual(self.received(), {})
        with self.assertRaises(UserError):
            one.action_receiver_has_it()

    def test_a_person_says_that_the_receiver_has_it_not(self):
        batch, one = self.unknown()
        one.action_receiver_has_it_not()
        self.work()
        self.assertEqual((one.state, batch.state), ("done", "handed_over"))
        self.assertEqual(self.received(), self.contents(batch))

    # Two at once

    def test_a_second_worker_leaves_it(self):
        batch = self.closed()
        original = FolderChannel.write
        second = []

        def meanwhile(channel, shipment):
            with self.registry.cursor() as cr:
                working = self.connection.with_env(self.env(cr=cr, su=True, context={}))
                second.append(working._run(seconds=60))
            return original(channel, shipment)

        with patch.object(FolderChannel, "write", meanwhile):
            self.work()
        self.assertEqual(second, [False])
        self.assertEqual(batch.state, "handed_over")
        self.assertEqual(len(batch.hand_over_ids), 1)
        self.assertEqual(self.received(), self.contents(batch))

    def copied(self):
        """As if the database were a copy from now on."""
        return patch.object(
            self.registry["accountable.identity"], "_database", lambda _self: "copy"
        )

    def test_a_copied_database_hands_nothing_over(self):
        batch = self.closed()
        with self.copied():
            self.env.invalidate_all()
            self.work()
            self.assertEqual(batch.state, "closed")
            self.assertEqual(list(self.folder.iterdir()), [])
        self.env.invalidate_all()
        self.work()
        self.assertEqual(self.received(), self.contents(batch))

    def test_a_database_copied_between_writing_and_publishing_publishes_nothing(self):
        batch = self.closed()
        original = FolderChannel.write

        def and_then(channel, shipment):
            written = original(channel, shipment)
            self.startPatcher(self.stopped)
            return written

        self.stopped = self.copied()
        with patch.object(FolderChannel, "write", and_then):
            self.work()
        self.assertEqual(self.received(), {})
        self.assertEqual(batch.hand_over_ids.state, "written")
        self.stopped.stop()
        self.finished(batch)
