"""A booking with our mark that this database never made: it stops and asks."""

import dataclasses
from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common import ConnectionCase
from .fake_package import FakeAdministration


class TestCopyWorks(ConnectionCase):
    def setUp(self):
        super().setUp()
        self.work()
        self.books.calls.clear()

    def stranger(self, move, id_=None, **values):
        """A copy of this database books a document; its id is that of ``move``, or another one."""
        own = self.env["accountable.document"]._own_reference(move)
        series = ("V1" if move.is_sale_document() else "A1") + f"/{self.today.year}"
        return self.books.book_by_hand(
            series,
            **{
                "kind": "sale" if move.is_sale_document() else "purchase",
                "own_reference": own if id_ is None else f"{own.rpartition('-')[0]}-{id_}",
                "document_date": self.today,
                "reference": move.ref or "",
                "total": Decimal("121.00"),
                "currency": "EUR",
                **values,
            },
        )

    def assert_asked(self, move, stored):
        job = self.jobs(move)[-1]
        self.assertEqual((job.state, job.attempts), ("pending", 0), job.message)
        self.assertEqual(self.connection.copy_state, "copy_works")
        self.assertIn(stored.number, self.connection.copy_question)
        self.assertIn("Is a copy of this database working?", self.connection.copy_question)
        self.assertIn(stored.number, job.message)
        self.assertIn(stored.number, self.connection.activity_ids[0].note)
        self.assertEqual(len(self.books.documents), 1)
        self.books.calls.clear()
        self.later()
        self.connection.action_synchronise()
        self.assertFalse(self.work())
        self.connection.action_test_sign_in()
        self.assertIn("Is a copy of this database working?", self.connection.problem)
        self.assertFalse(self.books.calls)

    def test_a_bill_with_the_same_id(self):
        bill = self.bill()
        stored = self.stranger(bill)
        self.work()
        self.assert_asked(bill, stored)
        self.connection.action_is_ours()
        self.assertFalse(self.connection.activity_ids)
        self.work()
        self.assertEqual(self.jobs(bill).state, "done", self.jobs(bill).message)
        self.assertEqual(self.bindings(bill).external_key, stored.key)
        self.assertEqual(len(self.books.documents), 1)

    def test_the_number_of_an_invoice_was_given_by_a_copy(self):
        self.check_number_given(None)

    def test_the_number_of_an_invoice_was_given_by_a_copy_to_another_document(self):
        self.check_number_given(987654)

    def check_number_given(self, id_):
        first, second = self.invoice(), self.invoice(70.0)
        self.books.before = [self.book_meanwhile(first, id_)]
        self.work()
        [stored] = [one["stored"] for one in self.books.documents.values()]
        self.assert_asked(first, stored)
        self.assertEqual(self.jobs(second).state, "pending")
        self.assertFalse(self.jobs(first).number)

    def book_meanwhile(self, move, id_):
        def book(operation, _subject):
            if operation == "create_document":
                self.books.before = []
                self.stranger(move, id_, total=Decimal("84.70"))

        return book

    def test_the_last_number_of_a_journal_is_a_copys(self):
        """Where numbers are only unique, none collides: the last booking tells."""
        type(self).books = FakeAdministration(consecutive_numbers=False, unique_numbers=True)
        move = self.invoice()
        stored = self.stranger(move, 987654, total=Decimal("7.00"))
        self.work()
        self.assert_asked(move, stored)

    def test_a_copy_answered(self):
        bill = self.bill()
        self.stranger(bill)
        self.sign_in.sudo().tokens = {"oauth": {"refresh_token": "R"}}
        self.work()
        self.connection.action_is_copy()
        self.assertEqual(self.connection.state, "paused")
        self.assertFalse(self.sign_in.sudo().tokens)
        self.connection.action_resume()
        self.assertFalse(self.work(), "its secrets are those of the original")
        self.sign_in.sudo().database_identity = self.env["accountable.identity"]._current()
        self.work()
        self.assertEqual(self.jobs(bill).state, "done", self.jobs(bill).message)
        self.assertEqual(len(set(self.books.booked)), 2)

    def test_a_copy_answered_stops_the_other_sign_ins_too(self):
        """The other database works with them as well, and no look-up finds that any more."""
        sign_in = self.sign_in.sudo().copy({"name": "Other"})
        sign_in.database_identity = self.env["accountable.identity"]._current()
        other = self._connect(self.setup_other_company()["company"], sign_in)
        self.assertTrue(self.work(other))
        bill = self.bill()
        self.stranger(bill)
        self.work()
        self.connection.action_is_copy()
        self.assertEqual(other.copy_state, "copied")
        self.assertFalse(self.work(other))
        other.action_is_copy()
        self.assertEqual((other.copy_state, other.state), ("copied", "paused"))

    def test_restored_and_made_anew_under_other_ids(self):
        """What was booked after the backup is entered again: a person says what is the same."""
        bill = self.bill()
        lost = [self.stranger(bill, 987655, party_key="P1")]
        self.work()
        self.assertEqual(self.connection.copy_state, "copy_works")
        self.connection.action_is_ours()
        move = self.invoice()
        lost.append(self.stranger(move, 987654, party_key="P1"))
        self.later()
        self.work()
        self.assertEqual(len(self.books.documents), 2)
        for document, stored in zip((bill, move), lost, strict=True):
            job = self.jobs(document)
            self.assertEqual((job.state, job.error_kind), ("failed", "duplicate"), job.message)
            self.assertEqual([one["key"] for one in job.candidates], [stored.key])
        self.jobs(move).action_adopt()
        self.jobs(bill).action_book_anyway()
        self.work()
        self.assertEqual(set(self.jobs(move + bill).mapped("state")), {"done"})
        self.assertEqual(self.bindings(move).external_key, lost[1].key)
        self.assertEqual(len(self.books.documents), 3)

    def test_restored_and_another_document_has_the_id(self):
        bill = self.bill()
        stored = self.stranger(bill, total=Decimal("999.00"), reference="OTHER")
        self.work()
        self.connection.action_is_ours()
        self.work()
        self.assertEqual(self.jobs(bill).state, "done", self.jobs(bill).message)
        self.assertNotEqual(self.bindings(bill).external_key, stored.key)
        self.assertEqual(self.books.documents[stored.key]["stored"], stored)

    def test_a_link_that_leads_to_a_copys_booking(self):
        bill = self.bill()
        self.work()
        entry = self.books.documents[self.key(1, "A1")]
        own = entry["stored"].own_reference.rpartition("-")[0]
        entry["stored"] = dataclasses.replace(
            entry["stored"], own_reference=f"{own}-987654", version="other"
        )
        bill.button_draft()
        bill.invoice_line_ids.price_unit = 90.0
        bill.action_post()
        self.work()
        self.assertEqual(self.connection.copy_state, "copy_works")
        self.assertFalse(self.books.calls["update_document"])

    def test_what_was_sent_once_is_known(self):
        """Undone, sent without an answer, linked with what somebody entered: nobody is asked."""
        move = self.invoice()
        self.work()
        move.button_cancel()
        self.work()
        move.button_draft()
        move.action_post()
        bill = self.bill()
        self.work()
        self.bindings(bill).sudo().unlink()
        bill.button_draft()
        bill.action_post()
        self.work()
        self.assertEqual(self.connection.copy_state, "original")
        self.assertFalse(self.jobs(move + bill).filtered(lambda job: job.state == "failed"))

    def test_of_another_database_nobody_is_asked(self):
        bill = self.bill()
        self.stranger(bill, own_reference="odoo-0123456789-5")
        self.work()
        self.assertEqual(self.connection.copy_state, "original")
        self.assertEqual(self.jobs(bill).state, "done")

    def test_who_answers(self):
        bill = self.bill()
        stored = self.stranger(bill)
        self.work()
        clerk = new_test_user(
            self.env,
            "copy.clerk",
            groups="accountable_connect.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        seen = self.connection.with_user(clerk)
        self.assertNotIn(stored.number, seen.copy_question)
        with self.assertRaises(AccessError):
            seen.action_is_ours()
        self.connection.action_is_ours()
        for button in ("action_is_ours", "action_is_move", "action_is_copy"):
            with self.subTest(button=button), self.assertRaises(UserError):
                getattr(self.connection, button)()
