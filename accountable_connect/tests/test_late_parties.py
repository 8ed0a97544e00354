"""Contacts and files of which no answer came: a late one makes no second."""

from contextlib import suppress
from datetime import timedelta

from odoo.addons.accountable_connect.api import errors

from .test_late_arrival import LateCase


class TestLateParties(LateCase):
    def setUp(self):
        super().setUp()
        self.books.makes_second_parties = True

    def test_new_contact(self):
        for seconds in (40, 500):
            with self.subTest(seconds=seconds):
                before = len(self.books.parties)
                partner = self.partner_a.copy({"vat": False})
                self.books.fail("save_party", ("late", seconds))
                first, second = self.invoice(partner=partner), self.invoice(partner=partner)
                self.work()
                item = self.jobs(partner, "party")
                self.assertEqual(item.state, "unknown")
                self.assertEqual(self.jobs(first).state, "pending")
                self.assertIn("still arrive", self.jobs(first).message)
                (self.jobs(first + second) + item).action_retry()
                self.work()
                self.assertEqual(self.jobs(first).state, "pending")
                self.minutes(13)
                self.assertEqual(set(self.jobs(first + second).mapped("state")), {"done"})
                self.assertEqual(item.state, "done")
                self.assertEqual(len(self.books.parties), before + 1)

    def test_found_contact_lets_documents_go_at_once(self):
        self.books.fail("save_party", ("late", 40))
        move = self.invoice()
        self.work()
        self.minutes(2)
        self.assertEqual(self.jobs(move).state, "done")

    def test_contact_that_never_arrives(self):
        self.books.fail("save_party", errors.OutcomeUnknownError("timeout"))
        move = self.invoice()
        self.work()
        self.minutes(9)
        self.assertEqual(self.books.calls["save_party"], 1)
        self.minutes(3)
        self.assertEqual(self.jobs(move).state, "done")
        self.assertEqual(self.books.calls["save_party"], 2)

    def test_dead_worker(self):
        def die(operation, _subject):
            if operation == "save_party":
                raise SystemExit

        self.books.before.append(die)
        move = self.invoice()
        with suppress(SystemExit):
            self.work()
        self.books.before.clear()
        self.minutes(9)
        self.assertEqual((self.jobs(move).state, self.books.calls["save_party"]), ("pending", 1))
        self.minutes(3)
        self.assertEqual((self.jobs(move).state, self.books.calls["save_party"]), ("done", 2))

    def test_change_of_a_contact(self):
        """Documents go; a newer change waits, so that the late one does not overwrite it."""
        self.invoice()
        self.work()
        self.partner_a.street = "First 1"
        self.books.fail("save_party", ("late", 500))
        move = self.invoice()
        self.work()
        self.assertEqual(self.jobs(move).state, "done")
        self.partner_a.street = "Second 2"
        newer = self.invoice()
        self.work()
        self.assertEqual(self.jobs(newer).state, "done")
        self.minutes(8)
        self.assertEqual(self.books.calls["save_party"], 2)
        self.minutes(4)
        [stored] = self.books.parties.values()
        self.assertEqual(stored.party.street, "Second 2")
        self.assertEqual(set(self.jobs(self.partner_a, "party").mapped("state")), {"done"})

    def test_a_person_updates_the_contact(self):
        self.invoice()
        self.work()
        for _time in range(2):
            self.partner_a.action_accountable_update()
            self.books.fail("save_party", ("late", 500))
            self.work()
        self.assertEqual(self.books.calls["save_party"], 2)
        self.books.faults.clear()
        self.minutes(12)
        self.assertEqual(
            set(self.jobs(self.partner_a, "party").mapped("state")), {"done", "skipped"}
        )

    def test_new_contact_through_another_connection(self):
        self.books.fail("save_party", ("late", 500))
        move = self.invoice()
        self.work()
        self.connection.active = False
        self.env.flush_all()
        self.connection = self._connect(self.company, self.sign_in)
        self.env["accountable.enqueueing"]._enqueue_for(self.connection, move)
        self.minutes(13)
        self.assertEqual(len(self.books.parties), 1)
        self.assertIn("done", self.jobs(move).mapped("state"))

    def test_two_accounts_are_told(self):
        """It arrived though it was not there for ten minutes."""
        self.books.fail("save_party", ("late", 900))
        move = self.invoice()
        self.work()
        self.minutes(20)
        self.assertEqual((self.jobs(move).state, len(self.books.parties)), ("done", 2))
        self.pass_time(timedelta(hours=1))
        self.work()
        failed = self.jobs(self.partner_a, "party").filtered(lambda job: job.state == "failed")
        self.assertEqual(failed.error_code, "party_twice")
        self.assertIn("P1, P2", failed.message)
        failed.action_skip()
        self.assertEqual(failed.state, "skipped")


class TestLateFiles(LateCase):
    def test_file_is_not_attached_again_while_it_may_arrive(self):
        for finds_files in (True, False):
            with self.subTest(finds_files=finds_files):
                self.numbers_itself(files_with_document=False, finds_files=finds_files)
                move = self.bill(f"F-{finds_files}", post=False)
                self.attach(move, "a.pdf")
                move.action_post()
                self.books.fail("attach_file", ("late", 500))
                before = self.books.calls["attach_file"]
                self.work()
                self.work()
                job = self.jobs(move, "file")
                self.assertEqual(job.state, "unknown")
                job.action_retry()
                self.minutes(8)
                self.assertEqual(job.state, "unknown")
                self.assertEqual(self.books.calls["attach_file"], before + 1)
                self.minutes(4)
                self.assertEqual(job.state, "done" if finds_files else "failed")
                [names] = [one["files"] for one in list(self.books.documents.values())[-1:]]
                self.assertEqual(names, ["a.pdf"])

    def test_file_that_may_arrive_holds_no_change(self):
        self.numbers_itself(files_with_document=False, finds_files=True)
        move = self.bill(post=False)
        self.attach(move, "a.pdf")
        move.action_post()
        self.books.fail("attach_file", ("late", 500))
        self.work()
        self.work()
        self.assertEqual(self.jobs(move, "file").state, "unknown")
        move.button_draft()
        move.invoice_line_ids.price_unit = 200.0
        move.action_post()
        self.work()
        self.assertEqual(self.jobs(move)[-1].state, "done", self.jobs(move)[-1].message)
