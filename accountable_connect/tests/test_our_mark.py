"""Bookings with our mark: whose they are, where they went, and whether they are right."""

from datetime import timedelta
from decimal import Decimal

from odoo.addons.accountable_connect.api import errors

from .common import ConnectionCase


class TestConnectedAnew(ConnectionCase):
    """The connection was archived, and the same administration is connected anew."""

    def anew(self, move, price=None, recode=None):
        """Sent; meanwhile changed in Odoo; sent again by another connection. Gives its item."""
        self.work()
        self.key_of_it = self.bindings(move).external_key
        self.connection.active = False
        if price:
            move.button_draft()
            move.invoice_line_ids.price_unit = price
            move.action_post()
        if recode:
            recode(self.key_of_it)
        self.env.flush_all()
        self.second = self._connect(self.company, self.sign_in)
        self.env["accountable.enqueueing"]._enqueue_for(self.second, move)
        self.books.calls.clear()
        self.work(self.second)
        return self.jobs(move).filtered(lambda job: job.connection_id == self.second)[-1]

    def link(self, move):
        return self.bindings(move).filtered(lambda one: one.connection_id == self.second)

    def assert_booked_once(self, move):
        marks = self.books.booked
        self.assertEqual(len(set(marks)), len(marks))
        self.assertFalse(self.books.calls["create_document"])

    def test_unchanged_goes_on_as_ours(self):
        for move in (self.invoice(), self.bill()):
            job = self.anew(move)
            self.assertEqual(job.state, "done", job.message)
            self.assertFalse(self.link(move).adopted)
            self.assert_booked_once(move)
            self.assertFalse(self.books.calls["update_document"])
            self.second.active = False
            self.env.flush_all()
            self.connection.active = True

    def test_other_figures_are_shown_to_a_person(self):
        for answer in ("keep", "replace"):
            with self.subTest(answer=answer):
                move = self.invoice()
                job = self.anew(move, price=150.0)
                self.assertEqual((job.state, job.error_code), ("failed", "ours_otherwise"))
                self.assertEqual([one["total"] for one in job.candidates], ["121.00"])
                self.assertFalse(self.link(move))
                if answer == "keep":
                    job.action_adopt()
                    self.assertTrue(self.link(move).adopted)
                else:
                    job.action_book_anyway()
                self.work(self.second)
                self.assertEqual(job.state, "done", job.message)
                total = self.books.documents[self.key_of_it]["stored"].total
                expected = {"keep": "121.00", "replace": "181.50"}[answer]
                self.assertEqual(total, Decimal(expected))
                self.assert_booked_once(move)
                self.second.active = False
                self.env.flush_all()
                self.connection.active = True

    def test_another_party_and_date_are_shown_too(self):
        move = self.bill()
        self.work()
        move.button_draft()
        self.connection.active = False
        move.partner_id = self.partner_b
        move.ref = "ANOTHER"
        move.action_post()
        self.connection.active = True
        job = self.anew(move)
        self.assertEqual(job.error_code, "ours_otherwise")
        self.assert_booked_once(move)

    def test_recoded_meanwhile_is_the_accountants(self):
        move = self.bill()
        job = self.anew(move, recode=lambda key: self.books.recode_lines(key, "613310"))
        self.assertEqual(job.state, "done", job.message)
        self.assertTrue(self.link(move).adopted)
        self.assert_booked_once(move)

    def test_an_account_changed_in_odoo_is_sent(self):
        """The figures agree and nobody touched it over there: the change goes as a change."""
        move = self.invoice()
        self.work()
        self.connection.active = False
        move.invoice_line_ids.name = "Another label"
        self.connection.active = True
        job = self.anew(move)
        self.assertEqual(job.state, "done", job.message)
        self.assertFalse(self.link(move).adopted)
        self.assertEqual(
            self.books.documents[self.key_of_it]["document"].lines[0].text, "Another label"
        )

    def test_cancelled_afterwards_concerns_the_present_connection_only(self):
        move = self.invoice()
        self.anew(move)
        move.button_cancel()
        self.assertEqual(self.jobs(move, "reverse").connection_id, self.second)
        self.assertFalse(self.jobs(move).filtered(lambda job: job.state == "failed"))


class TestRenumbered(ConnectionCase):
    """The accountant gave bookings other numbers."""

    def change(self, move, price=110.0):
        move.button_draft()
        move.invoice_line_ids.price_unit = price
        move.action_post()
        self.work()
        return self.jobs(move)[-1]

    def total(self, key):
        return self.books.documents[key]["stored"].total

    def test_the_change_follows(self):
        bill = self.bill()
        self.work()
        self.books.renumber(self.key(1, "A1"), 9)
        job = self.change(bill)
        self.assertEqual(job.state, "done", job.message)
        self.assertEqual(self.bindings(bill).external_key, self.key(9, "A1"))
        self.assertEqual(self.total(self.key(9, "A1")), Decimal("133.10"))
        self.assertEqual(len(self.books.documents), 1)

    def test_two_that_changed_places(self):
        first, second = self.invoice(10.0), self.invoice(20.0)
        self.work()
        self.books.renumber(self.key(1), 2)
        job = self.change(first, 30.0)
        self.assertEqual(job.state, "done", job.message)
        self.assertEqual(self.bindings(first).external_key, self.key(2))
        self.assertEqual(self.bindings(second).external_key, self.key(1))
        self.assertEqual(self.total(self.key(2)), Decimal("36.30"))
        self.assertEqual(self.total(self.key(1)), Decimal("24.20"))
        self.assertFalse(self.jobs(second).filtered(lambda one: one.state == "failed"))

    def test_a_new_document_gets_the_number_of_a_renumbered_one(self):
        first = self.invoice(10.0)
        self.work()
        self.books.renumber(self.key(1), 9)
        self.books.last_numbers[f"V1/{self.today.year}"] = 0
        self.env["accountable.number.series"].search([]).sudo().unlink()
        second = self.invoice(20.0)
        self.work()
        self.assertEqual(self.bindings(second).external_key, self.key(1))
        self.assertEqual(self.bindings(first).external_key, self.key(9))
        self.assertFalse(self.jobs(first).filtered(lambda one: one.state == "failed"))

    def test_one_that_is_gone_is_told(self):
        """Its number is another's now."""
        first, second = self.invoice(10.0), self.invoice(20.0)
        self.work()
        del self.books.documents[self.key(1)]
        self.books.renumber(self.key(2), 1)
        job = self.change(first, 30.0)
        self.assertEqual((job.state, job.error_code), ("failed", "gone"))
        self.assertEqual(self.total(self.key(1)), Decimal("24.20"))
        job = self.change(second, 40.0)
        self.assertEqual(job.state, "done", job.message)
        self.assertEqual(self.total(self.key(1)), Decimal("48.40"))

    def test_changed_and_renumbered_asks(self):
        bill = self.bill()
        self.work()
        self.books.renumber(self.key(1, "A1"), 9)
        self.books.recode(self.key(9, "A1"))
        job = self.change(bill)
        self.assertEqual((job.state, job.error_code), ("failed", "changed_in_package"))
        self.assertEqual([one["key"] for one in job.candidates], [self.key(9, "A1")])

    def test_cancelled_where_the_package_removes(self):
        self.books.capabilities = type(self.books)(remove_document=True).capabilities
        first, second = self.invoice(10.0), self.invoice(20.0)
        self.work()
        self.books.renumber(self.key(1), 2)
        first.button_cancel()
        self.work()
        self.assertEqual(list(self.books.documents), [self.key(1)])
        self.assertEqual(self.total(self.key(1)), Decimal("24.20"))
        self.assertTrue(self.bindings(second))


class TestSentBefore(ConnectionCase):
    def test_number_taken_by_our_own_with_other_figures(self):
        """It went out, nobody knew, and it changed in Odoo: what is there is shown."""
        move = self.invoice()
        self.books.fail("create_document", ("after", errors.TemporaryError("cut off")))
        self.work()
        move.button_draft()
        move.invoice_line_ids.price_unit = 150.0
        move.action_post()
        self.work()
        job = self.jobs(move)[-1]
        self.assertEqual((job.state, job.error_code), ("failed", "ours_otherwise"))
        self.assertEqual(len(self.books.documents), 1)
        job.action_book_anyway()
        self.work()
        self.assertEqual(job.state, "done", job.message)
        self.assertEqual(self.books.documents[self.key(1)]["stored"].total, Decimal("181.50"))

    def test_arrived_and_recoded_before_the_answer(self):
        move = self.invoice()
        self.books.fail("create_document", ("after", errors.OutcomeUnknownError("no answer")))
        self.work()
        self.books.recode_lines(self.key(1), "700100")
        self.later()
        self.work()
        self.assertEqual(self.jobs(move).state, "done")
        self.assertTrue(self.bindings(move).adopted)

    def test_recoded_while_the_answer_to_a_change_was_missing(self):
        """The total is as it should be, a line is neither ours from before nor the one sent."""
        move = self.invoice()
        self.work()
        move.button_draft()
        move.invoice_date = self.today - timedelta(days=1)
        move.action_post()
        self.books.fail("update_document", ("after", errors.OutcomeUnknownError("no answer")))
        self.work()
        self.books.recode_lines(self.key(1), "700100")
        self.settle()
        job = self.jobs(move)[-1]
        self.assertEqual((job.state, job.error_code), ("failed", "changed_in_package"))
        [line] = self.books.documents[self.key(1)]["stored"].lines
        self.assertEqual(line.ledger_account, "700100")

    def test_an_adopted_one_that_is_replaced_stays_adopted(self):
        """Also where a connection made anew meets it with other figures."""
        move = self.invoice()
        self.work()
        self.bindings(move).adopted = True
        self.connection.active = False
        move.button_draft()
        move.invoice_line_ids.price_unit = 150.0
        move.action_post()
        self.env.flush_all()
        second = self._connect(self.company, self.sign_in)
        self.env["accountable.enqueueing"]._enqueue_for(second, move)
        self.work(second)
        job = self.jobs(move).filtered(lambda one: one.connection_id == second)
        job.action_book_anyway()
        self.work(second)
        self.assertEqual(job.state, "done", job.message)
        self.assertTrue(all(self.bindings(move).mapped("adopted")))

    def test_the_opposite_that_went_out_before(self):
        """Its number is taken by itself: it is what was wanted, and nothing is booked again."""
        move = self.invoice()
        self.work()
        move.button_cancel()
        self.books.fail("create_document", ("after", errors.TemporaryError("cut off")))
        self.work()
        self.later()
        self.work()
        job = self.jobs(move, "reverse")
        self.assertEqual(job.state, "done", job.message)
        self.assertEqual(len(self.books.documents), 2)
