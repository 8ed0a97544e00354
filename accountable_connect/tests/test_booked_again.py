"""Documents that were undone and booked again: two bookings carry one mark, and both are right."""

from datetime import timedelta

from odoo.addons.accountable_connect.api import errors
from odoo.tools import SQL

from .test_late_arrival import LateCase

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class TestBookedAgain(LateCase):
    """A package that removes nothing: the opposite was booked."""

    def cancelled(self, lost=False):
        """A document whose booking was undone, back in draft."""
        move = self.invoice()
        if lost:
            self.lost(move)
            self.minutes(2)
        self.work()
        move.button_draft()
        move.button_cancel()
        self.work()
        self.assertEqual(self.jobs(move, "reverse").state, "done")
        move.button_draft()
        return move

    def connect_anew(self):
        self.connection.active = False
        self.env.flush_all()
        self.connection = self._connect(self.company, self.sign_in)
        return self.connection

    def later_looks(self):
        for passed in (HOUR, DAY):
            self.pass_time(passed)
            self.work()

    def test_later_looks_tell_no_duplicate(self):
        for anew in (False, True):
            with self.subTest(connection_made_anew=anew):
                self.books.documents.clear()
                move = self.cancelled(lost=True)
                move.action_post()
                self.work()
                if anew:
                    self.env["accountable.enqueueing"]._enqueue_for(self.connect_anew(), move)
                    self.work()
                self.later_looks()
                self.assertEqual(len(self.books.documents), 3)
                self.assertFalse(self.jobs(move, "remove"))

    def test_what_an_earlier_connection_undid_is_not_the_document(self):
        move = self.cancelled()
        self.connect_anew()
        move.action_post()
        self.work()
        self.assertEqual(len(self.books.documents), 3)
        link = self.bindings(move)
        self.assertEqual(self.books.documents[link.external_key]["number"], 2)

    def test_what_a_connection_of_another_company_undid_is_not_the_document(self):
        """A branch that went with its root has a connection of its own by now."""
        move = self.bill()
        self.work()
        move.button_draft()
        move.button_cancel()
        self.work()
        self.assertEqual(len(self.books.documents), 2)
        earlier = self.connection
        self.connect_anew()
        other = self.setup_other_company()["company"]
        self.env.flush_all()
        for table, name in (("connection", "id"), ("binding", "connection_id")):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET company_id = %s WHERE %s = %s",
                    SQL.identifier(f"accountable_{table}"),
                    other.id,
                    SQL.identifier(name),
                    earlier.id,
                )
            )
        self.env.invalidate_all()
        move.button_draft()
        move.action_post()
        self.work()
        self.assertEqual(len(self.books.documents), 3)

    def test_opposite_without_an_answer_follows_to_the_new_connection(self):
        move = self.invoice()
        self.work()
        move.button_draft()
        move.button_cancel()
        self.books.fail("create_document", ("late", 500))
        self.work()
        self.connect_anew()
        move.button_draft()
        move.action_post()
        self.minutes(14)
        self.assertEqual(len(self.books.documents), 3)
        self.assertEqual(self.bindings(move).external_key, self.key(2))
        self.later_looks()
        self.assertFalse(self.jobs(move, "remove"))

    def test_renumbered_one_is_followed(self):
        move = self.cancelled()
        move.action_post()
        self.work()
        self.books.renumber(self.bindings(move).external_key, 77)
        move.button_draft()
        move.invoice_line_ids.price_unit = 300.0
        move.action_post()
        self.work()
        self.assertEqual(self.bindings(move).external_key, self.key(77))
        self.assertEqual(self.books.documents[self.key(77)]["stored"].total, 363)

    def test_deleted_one_is_not_taken_for_the_one_that_was_undone(self):
        move = self.cancelled()
        move.action_post()
        self.work()
        del self.books.documents[self.bindings(move).external_key]
        move.button_draft()
        move.invoice_line_ids.price_unit = 300.0
        move.action_post()
        self.work()
        self.assertEqual(self.jobs(move)[-1].error_code, "gone")

    def test_booked_anew_though_it_was_taken_for_unchanged_meanwhile(self):
        """The mapping went back while its booking was being undone, after a lost answer."""
        self.numbers_itself(remove_document=True)
        move = self.invoice()
        self.work()
        moved = self.jobs(move).copy({"state": "failed", "error_code": "moved", "ended_at": False})
        self.books.fail("remove_document", errors.OutcomeUnknownError("timeout"))
        moved.action_book_anew()
        self.work()
        self.assertEqual(self.jobs(move, "reverse").state, "unknown")
        self.minutes(14)
        self.assertEqual(self.jobs(move, "reverse").state, "done")
        self.assertEqual([self.bindings(move).external_key], list(self.books.documents))


class TestArrivedAfterNewer(LateCase):
    """What arrives later than anybody waits, when something newer was sent: a later look tells."""

    def change(self, move, price):
        move.button_draft()
        move.invoice_line_ids.price_unit = price
        move.action_post()

    def test_change_that_overwrote_a_newer_one(self):
        move = self.invoice()
        self.work()
        self.change(move, 200.0)
        self.lost(move, "update_document", 900)
        self.change(move, 300.0)
        self.minutes(16)
        [entry] = self.books.documents.values()
        self.assertEqual(entry["stored"].total, 242)
        self.pass_time(HOUR)
        self.work()
        self.assertEqual(entry["stored"].total, 363)

    def test_what_the_accountant_changed_since_stays(self):
        move = self.invoice()
        self.work()
        self.change(move, 200.0)
        self.lost(move, "update_document", 100)
        self.change(move, 300.0)
        self.minutes(16)
        [key] = self.books.documents
        self.books.recode_lines(key, "613310")
        self.pass_time(HOUR)
        self.work()
        self.assertEqual(self.books.documents[key]["stored"].lines[0].ledger_account, "613310")

    def test_removal_of_a_document_that_was_posted_again(self):
        self.numbers_itself(remove_document=True)
        move = self.invoice()
        self.work()
        move.button_draft()
        move.button_cancel()
        self.books.fail("remove_document", ("late", 900))
        self.work()
        move.button_draft()
        move.action_post()
        self.minutes(16)
        self.assertFalse(self.books.documents)
        self.pass_time(HOUR)
        self.work()
        self.assertEqual(self.jobs(move)[-1].error_code, "gone")
        self.jobs(move)[-1].action_book_anyway()
        self.work()
        self.assertEqual([self.bindings(move).external_key], list(self.books.documents))

    def test_one_that_somebody_entered_meanwhile_stays_linked(self):
        for removes in (True, False):
            with self.subTest(removes=removes):
                self.books.documents.clear()
                self.numbers_itself(remove_document=removes)
                move = self.bill(ref=f"F-{removes}")
                job = self.lost(move, seconds=900)
                sent = job._sent_content()
                stored = self.books.book_by_hand(
                    "A1/2026",
                    kind=sent.kind,
                    party_key=job.party_key,
                    document_date=sent.document_date,
                    reference=sent.reference,
                    total=sent.total,
                    currency=sent.currency,
                )
                self.minutes(16)
                self.assertEqual(len(self.books.documents), 2)
                self.pass_time(HOUR)
                self.work()
                link = self.bindings(move)
                self.assertEqual((link.external_key, link.adopted), (stored.key, True))
                if removes:
                    self.assertEqual(list(self.books.documents), [stored.key])
                else:
                    self.assertEqual(self.jobs(move, "remove").error_code, "booked_twice")

    def test_arrived_after_it_ended_as_a_draft(self):
        """Posted again before a later look: the new item looks first."""
        move = self.invoice()
        job = self.lost(move, seconds=900)
        move.button_draft()
        self.minutes(13)
        self.assertEqual(job.state, "skipped")
        self.minutes(3)
        move.action_post()
        self.work()
        self.assertEqual([self.bindings(move).external_key], list(self.books.documents))

    def test_arrived_after_it_failed(self):
        """It is linked, and what changed in Odoo since follows."""
        move = self.invoice()
        job = self.lost(move, seconds=900)
        self.books.fail("create_document", errors.DataRefusedError("no"))
        self.minutes(13)
        self.assertEqual(job.state, "failed")
        move.payment_reference = "Another"
        self.minutes(4)
        self.pass_time(HOUR)
        self.work()
        [entry] = self.books.documents.values()
        self.assertEqual(set(self.jobs(move).mapped("state")), {"done"})
        self.assertEqual(entry["document"].reference, "Another")
