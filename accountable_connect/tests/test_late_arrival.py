"""What got no answer may still arrive: nothing is sent again, nor ends, before it is sure."""

from contextlib import suppress
from datetime import timedelta

from odoo import fields, sql_db
from odoo.addons.accountable_connect.api import errors
from odoo.addons.accountable_connect.models.engine.connection_lock import WORK_LOCK
from odoo.exceptions import UserError

from .common import ConnectionCase

LATE = (40, 100, 500)


class LateCase(ConnectionCase):
    """A package that numbers by itself: only waiting helps."""

    def setUp(self):
        super().setUp()
        self.numbers_itself()

    def numbers_itself(self, **capabilities):
        self.books.capabilities = type(self.books)(
            consecutive_numbers=False, **capabilities
        ).capabilities

    def lost(self, move, operation="create_document", seconds=40, state="unknown"):
        """The item of a document whose answer was lost, and that arrives later."""
        self.books.fail(operation, ("late", seconds))
        self.work()
        job = self.jobs(move).filtered(lambda one: one.state == state)
        self.assertEqual(len(job), 1, self.jobs(move).mapped("state"))
        return job

    def minutes(self, count):
        """Minutes pass, one by one, with a run in each."""
        for _minute in range(count):
            self.pass_time(timedelta(minutes=1))
            self.work()


class TestLateArrival(LateCase):
    def test_retry_sends_nothing_while_it_may_arrive(self):
        for seconds in LATE:
            with self.subTest(seconds=seconds):
                before = len(self.books.documents)
                move = self.invoice()
                job = self.lost(move, seconds=seconds)
                for _try in range(3):
                    told = job.action_retry()
                    self.assertIn("look again at", told["params"]["message"])
                    self.work()
                self.assertEqual(job.state, "unknown")
                self.minutes(12)
                self.assertEqual(job.state, "done", job.message)
                self.assertEqual(len(self.books.documents), before + 1)

    def test_found_counts_at_once(self):
        job = self.lost(self.invoice(), seconds=40)
        self.pass_time(timedelta(seconds=41))
        job.action_retry()
        self.work()
        self.assertEqual(job.state, "done")

    def test_sent_again_after_ten_minutes_and_two_looks(self):
        move = self.invoice()
        self.books.fail("create_document", errors.OutcomeUnknownError("timeout"))
        self.work()
        job = self.jobs(move)
        self.pass_time(timedelta(minutes=11))
        self.work()
        self.assertEqual((job.state, self.books.calls["create_document"]), ("unknown", 1))
        self.pass_time(timedelta(minutes=1))
        self.work()
        self.assertEqual((job.state, self.books.calls["create_document"]), ("done", 2))
        self.assertEqual(len(self.books.documents), 1)

    def test_two_looks_within_ten_minutes_are_not_enough(self):
        move = self.invoice()
        self.books.fail("create_document", errors.OutcomeUnknownError("timeout"))
        self.work()
        job = self.jobs(move)
        for minutes in (2, 3, 4):
            self.pass_time(timedelta(minutes=minutes))
            job.action_retry()
            self.work()
            self.assertEqual((job.state, self.books.calls["create_document"]), ("unknown", 1))
        self.pass_time(timedelta(minutes=1))
        self.work()
        self.assertEqual(job.state, "done")

    def test_the_time_counts_from_the_last_send(self):
        move = self.invoice()
        self.books.fail("create_document", errors.OutcomeUnknownError("timeout"), times=2)
        self.work()
        self.minutes(11)
        job = self.jobs(move)
        self.assertEqual((job.state, self.books.calls["create_document"]), ("unknown", 2))
        self.minutes(8)
        self.assertEqual(self.books.calls["create_document"], 2)
        self.minutes(5)
        self.assertEqual((job.state, self.books.calls["create_document"]), ("done", 3))

    def test_export_and_posting_again_wait(self):
        move = self.invoice()
        self.lost(move, seconds=500)
        told = move.action_accountable_export()
        self.assertIn("look again at", told["params"]["message"])
        self.work()
        move.button_draft()
        move.action_post()
        self.work()
        newer = self.jobs(move)[-1]
        self.assertEqual(newer.state, "pending")
        self.assertIn("look again at", newer.message)
        newer.action_retry()
        self.work()
        self.minutes(12)
        self.assertEqual(len(self.books.documents), 1)
        self.assertEqual(self.bindings(move).mapped("external_key"), list(self.books.documents))
        self.assertNotIn("unknown", self.jobs(move).mapped("state"))

    def test_time_is_told_where_the_reader_is(self):
        self.env.user.tz = "Asia/Tokyo"
        job = self.lost(self.invoice(), seconds=500)
        until = job.sent_at + timedelta(minutes=10)
        there = fields.Datetime.context_timestamp(job.with_context(tz="Asia/Tokyo"), until)
        message = job.action_retry()["params"]["message"]
        self.assertIn(there.strftime("%H:%M"), message)

    def test_a_document_that_is_not_wanted_any_more_does_not_end_before(self):
        self.numbers_itself(remove_document=True)
        for end in ("button_cancel", "button_draft", "unlink", "switched off"):
            with self.subTest(end=end):
                self.books.documents.clear()
                move = self.invoice()
                job = self.lost(move, seconds=500)
                if end == "switched off":
                    self.connection.send_sales = False
                elif end == "unlink":
                    move.button_draft()
                    move.with_context(force_delete=True).unlink()
                else:
                    move.button_draft()
                    if end == "button_cancel":
                        move.button_cancel()
                self.minutes(7)
                self.assertEqual(job.state, "unknown")
                self.minutes(5)
                self.connection.send_sales = True
                self.assertEqual(job.state, "done")
                self.assertLessEqual(len(self.books.documents), 1)

    def test_paused(self):
        move = self.invoice()
        job = self.lost(move, seconds=500)
        self.connection.action_pause()
        self.connection.action_resume()
        self.work()
        self.assertEqual(job.state, "unknown")
        self.minutes(12)
        self.assertEqual((job.state, len(self.books.documents)), ("done", 1))

    def test_dead_worker(self):
        move = self.invoice()

        def die(operation, _subject):
            if operation == "create_document":
                raise SystemExit

        self.books.before.append(die)
        with suppress(SystemExit):
            self.work()
        self.books.before.clear()
        self.minutes(9)
        job = self.jobs(move)
        self.assertEqual((job.state, self.books.calls["create_document"]), ("unknown", 1))
        self.minutes(2)
        self.assertEqual((job.state, self.books.calls["create_document"]), ("done", 2))

    def test_a_change_waits_as_well(self):
        """A late change would overwrite a newer one."""
        move = self.invoice()
        self.work()
        for price in (200.0, 300.0):
            move.button_draft()
            move.invoice_line_ids.price_unit = price
            move.action_post()
            if price == 200.0:
                self.lost(move, "update_document", 500)
        self.minutes(8)
        self.assertEqual(self.books.calls["update_document"], 1)
        self.minutes(5)
        [entry] = self.books.documents.values()
        self.assertEqual(entry["document"].lines[0].base, 300)
        self.assertNotIn("unknown", self.jobs(move).mapped("state"))
        self.assertFalse(self.jobs(move).filtered(lambda job: job.state == "failed"))

    def test_a_removal_waits_as_well(self):
        self.numbers_itself(remove_document=True)
        move = self.invoice()
        self.work()
        move.button_draft()
        move.button_cancel()
        self.books.fail("remove_document", ("late", 500))
        self.work()
        job = self.jobs(move, "reverse")
        job.action_retry()
        self.work()
        self.assertEqual((job.state, self.books.calls["remove_document"]), ("unknown", 1))
        self.minutes(10)
        self.assertEqual((job.state, self.books.calls["remove_document"]), ("done", 1))

    def test_an_opposite_document_waits_as_well(self):
        move = self.invoice()
        self.work()
        move.button_draft()
        move.button_cancel()
        self.books.fail("create_document", ("late", 500))
        self.work()
        job = self.jobs(move, "reverse")
        self.minutes(3)
        job.action_retry()
        self.work()
        self.assertEqual((job.state, self.books.calls["create_document"]), ("unknown", 2))
        self.minutes(7)
        self.assertEqual((job.state, len(self.books.documents)), ("done", 2))

    def test_an_item_that_may_arrive_cannot_be_skipped_nor_its_connection_deleted(self):
        job = self.lost(self.invoice(), seconds=500)
        with self.assertRaises(UserError):
            job.action_skip()
        with self.assertRaisesRegex(UserError, "look again at"):
            self.env["account.move"].browse(job.res_id).action_accountable_exclude()
        self.bindings(self.partner_a, "party").unlink()
        with self.assertRaisesRegex(UserError, "still arrive"):
            self.connection.unlink()

    def test_a_waiting_item_of_the_version_before(self):
        """Unknown, and nothing was noted of when a look did not find it."""
        move = self.invoice()
        job = self.lost(move, seconds=500)
        job.write({"unanswered": False, "sought": False, "look_again_at": False, "sent_at": False})
        self.minutes(12)
        self.assertEqual((job.state, len(self.books.documents)), ("done", 1))


class TestAnotherConnection(LateCase):
    def connect_anew(self):
        self.connection.active = False
        self.env.flush_all()
        anew = self._connect(self.company, self.sign_in)
        self.connection = anew
        return anew

    def test_unknown_document_follows_to_the_new_connection(self):
        for seconds in (40, 500):
            with self.subTest(seconds=seconds):
                self.books.documents.clear()
                earlier, move = self.connection, self.invoice()
                job = self.lost(move, seconds=seconds)
                anew = self.connect_anew()
                self.env["accountable.enqueueing"]._enqueue_for(anew, move)
                self.work(anew)
                self.assertEqual(job.connection_id, anew)
                self.minutes(12)
                self.assertEqual(len(self.books.documents), 1)
                self.assertEqual(self.bindings(move).connection_id, anew)
                self.assertFalse(
                    earlier.env["accountable.job"]
                    .sudo()
                    .search([("connection_id", "=", earlier.id), ("state", "=", "unknown")])
                )

    def test_archived_while_it_was_about_to_be_sent(self):
        def archive(operation, _subject):
            if operation == "save_party":
                self.env.cr.execute(
                    "UPDATE accountable_connection SET active = FALSE WHERE id = %s",
                    (self.connection.id,),
                )

        self.invoice()
        self.books.before.append(archive)
        self.work()
        self.assertEqual(self.books.calls["save_party"], 1)
        self.assertFalse(self.books.calls["create_document"])

    def test_what_a_living_worker_sends_is_not_taken_over(self):
        """Its connection was archived meanwhile: nobody else sends it, and what it booked is
        found."""
        move = self.invoice()
        earlier, job = self.connection, self.jobs(move)
        with sql_db.db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("SELECT pg_advisory_lock(%s, %s)", (WORK_LOCK, earlier.id))
            job.write({"state": "sending", "sent_at": fields.Datetime.now()})
            fresh = self.connect_anew()
            self.env["accountable.enqueueing"]._enqueue_for(fresh, move)
            self.work(fresh)
            self.assertEqual((job.connection_id, job.state), (earlier, "sending"))
            self.assertEqual(self.books.calls["create_document"], 0)
        self.minutes(12)
        self.assertEqual(job.connection_id, fresh)
        self.assertEqual(len(self.books.documents), 1)
        self.assertEqual(self.bindings(move).connection_id, fresh)

    def test_what_an_archived_connection_booked_is_found(self):
        move = self.invoice()
        self.work()
        fresh = self.connect_anew()
        self.env["accountable.enqueueing"]._enqueue_for(fresh, move)
        self.work(fresh)
        self.assertEqual(self.books.calls["create_document"], 1)
        self.assertIn(fresh, self.bindings(move).connection_id)

    def test_question_that_waits_in_both_connections(self):
        move = self.invoice()
        job = self.lost(move, seconds=500)
        self.pass_time(timedelta(minutes=10))
        job.write({"unanswered": False, "state": "failed", "error_kind": "duplicate"})
        self.env["accountable.enqueueing"]._enqueue_for(self.connect_anew(), move)
        self.work()
        self.assertEqual((job.state, job.skip_reason), ("skipped", "replaced"))
        self.assertEqual((len(self.books.documents), len(self.bindings(move))), (1, 1))

    def test_unknown_change_follows_with_its_link(self):
        move = self.invoice()
        self.work()
        move.button_draft()
        move.invoice_line_ids.price_unit = 200.0
        move.action_post()
        self.lost(move, "update_document", 500)
        fresh = self.connect_anew()
        self.work(fresh)
        self.assertEqual(self.bindings(move).connection_id, fresh)
        self.minutes(12)
        [entry] = self.books.documents.values()
        self.assertEqual(entry["document"].lines[0].base, 200)
        self.assertNotIn("unknown", self.jobs(move).mapped("state"))


class TestNumberProtects(LateCase):
    """The package refuses a number given twice."""

    def numbers_itself(self, **capabilities):
        """It does not."""

    def test_nobody_waits(self):
        move = self.invoice()
        self.books.fail("create_document", errors.OutcomeUnknownError("timeout"))
        self.work()
        self.minutes(2)
        self.assertEqual(self.jobs(move).state, "done")
        self.assertEqual(list(self.books.documents), [self.key(1)])

    def test_late_one_is_found_under_its_number(self):
        """The first call arrives between the look and the second one."""
        first = self.invoice()
        self.books.fail("create_document", ("late", 150))
        self.work()
        second = self.invoice(300.0)
        self.books.before.append(
            lambda operation, _subject: (
                operation == "create_document" and self.books.late and self.books.pass_time(1000)
            )
        )
        self.minutes(2)
        self.assertEqual(set(self.jobs(first + second).mapped("state")), {"done"})
        self.assertEqual(len(self.books.documents), 2)
        self.assertEqual(self.bindings(first).external_key, self.key(1))

    def test_the_number_is_kept_while_others_wait(self):
        """It is not there, and cannot go at once: nobody takes its number meanwhile."""
        first = self.invoice()
        self.books.fail("create_document", ("late", 400))
        self.work()
        second = self.invoice(300.0)
        # the contact of the first changed and cannot be saved, which is no fault of the number
        self.partner_a.street = "Elsewhere 1"
        self.books.fail("save_party", errors.TemporaryError("503"))
        self.minutes(2)
        self.assertEqual((self.jobs(first).state, self.jobs(first).number), ("pending", 1))
        self.assertEqual(self.jobs(second).state, "pending")
        self.pass_time(timedelta(minutes=7))
        for _run in range(2):
            self.later()
            self.work()
        self.assertEqual(set(self.jobs(first + second).mapped("state")), {"done"})
        self.assertEqual(len(self.books.documents), 2)
        self.assertEqual(self.bindings(first).external_key, self.key(1))

    def test_another_content_waits(self):
        """Under its number a late first one would be taken for somebody else's."""
        move = self.invoice()
        self.books.fail("create_document", ("late", 300))
        self.work()
        move.button_draft()
        move.invoice_line_ids.price_unit = 200.0
        move.action_post()
        self.minutes(13)
        [entry] = self.books.documents.values()
        self.assertEqual(entry["stored"].total, 242)
        self.assertNotIn("unknown", self.jobs(move).mapped("state"))

    def test_another_content_is_booked_once_whenever_the_first_arrives(self):
        """Also just before the second one would be sent under the same number."""
        move = self.invoice()
        self.books.fail("create_document", ("late", 150))
        self.work()
        move.button_draft()
        move.invoice_line_ids.price_unit = 200.0
        move.action_post()
        self.books.before.append(
            lambda operation, _subject: (
                operation == "create_document" and self.books.late and self.books.pass_time(1000)
            )
        )
        self.minutes(13)
        [entry] = self.books.documents.values()
        self.assertEqual(entry["stored"].total, 242)

    def test_cancelled_while_it_may_arrive(self):
        """No number keeps a document from arriving that nobody sends again."""
        move = self.invoice()
        self.books.fail("create_document", ("late", 300))
        self.work()
        job = self.jobs(move)
        move.button_draft()
        move.button_cancel()
        self.minutes(4)
        self.assertEqual(job.state, "unknown")
        self.minutes(8)
        self.assertEqual(job.state, "done")
        self.assertEqual(self.jobs(move, "reverse").state, "done")
