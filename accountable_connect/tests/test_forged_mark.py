"""Whoever may write in the books may write our mark there: a manager ends the question it asks, and
nothing else comes of it."""

import datetime

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .common import ConnectionCase


class TestForgedMark(ConnectionCase):
    def setUp(self):
        super().setUp()
        self.work()

    def forge(self, bill, id_=None, **values):
        own = self.env["accountable.document"]._own_reference(bill)
        return self.books.book_by_hand(
            f"A1/{self.today.year}",
            **{
                "kind": "purchase",
                "own_reference": own if id_ is None else f"{own.rpartition('-')[0]}-{id_}",
                "document_date": self.today,
                "reference": bill.ref,
                "currency": "EUR",
                **values,
            },
        )

    def test_without_a_date_or_far_ahead_it_is_answered_once(self):
        for day in (None, datetime.date(9999, 12, 31), datetime.date(2099, 12, 31)):
            with self.subTest(day=day):
                bill = self.bill(ref=f"F {day}")
                stored = self.forge(bill, document_date=day)
                self.work()
                self.assertEqual(self.connection.copy_state, "copy_works")
                self.connection.action_is_ours()
                self.work()
                self.assertEqual(self.connection.copy_state, "original")
                self.assertEqual(self.jobs(bill).state, "done", self.jobs(bill).message)
                if day:
                    self.assertNotEqual(self.bindings(bill).external_key, stored.key)
                self.assertEqual(self.connection.bookings_known_until, self.today)
                started_on = self.connection._said_of_bookings().started_on
                self.assertEqual(started_on, fields.Date.add(self.today, days=1))
        late = self.bill(ref="F late")
        self.forge(late, document_date=fields.Date.add(self.today, days=30))
        self.work()
        self.assertEqual(self.connection.copy_state, "copy_works", "a copy is noticed as before")

    def test_a_connection_made_anew_knows_the_answer(self):
        bill = self.bill()
        self.forge(bill, document_date=None)
        self.work()
        self.connection.action_is_ours()
        self.connection.active = False
        self.env.flush_all()
        second = self._connect(self.company, self.sign_in)
        self.env["accountable.enqueueing"]._enqueue_for(second, bill)
        self.work(second)
        self.assertEqual(second.copy_state, "original")

    def test_numbers_that_no_database_has(self):
        for id_ in ("9" * 18, "9" * 19, "9" * 5000, "١٢", "1-reverse-" + "9" * 5000):
            with self.subTest(id_=id_[:30]):
                bill = self.bill(ref=f"F {id_[:15]} {len(id_)}")
                self.forge(bill, id_=id_)
                self.work()
                if self.connection.copy_state == "copy_works":
                    self.connection.action_is_ours()
                    self.work()
                self.assertEqual(self.connection.copy_state, "original")
                self.assertNotEqual(self.jobs(bill).error_kind, "unexpected")
                self.assertIn(self.jobs(bill).state, ("done", "failed"))

    def test_what_the_booking_says_is_text(self):
        self.forge(self.bill(), number='<a href="https://evil.example">look</a>')
        self.work()
        note = self.connection.activity_ids[0].note
        self.assertIn("&lt;a href", note)
        self.assertNotIn("<a ", note)

    def test_a_branch_reads_nothing_of_the_booking(self):
        branch = self.env["res.company"].create({"name": "Filiaal", "parent_id": self.company.id})
        user = new_test_user(
            self.env,
            "branch.manager",
            groups="accountable_connect.group_manager",
            company_id=branch.id,
            company_ids=[(6, 0, branch.ids)],
        )
        stored = self.forge(self.bill())
        self.work()
        self.connection.action_test_sign_in()
        seen = self.connection.with_user(user)
        for name in ("unknown_booking", "known_bookings"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                seen.read([name])
        self.assertIn("Is a copy", seen.copy_question)
        runs = self.env["accountable.run"].with_user(user).search([])
        for text in (seen.copy_question, seen.problem, *runs.mapped("message")):
            self.assertNotIn(stored.number, text or "")
        self.assertIn(stored.number, self.connection.copy_question)
