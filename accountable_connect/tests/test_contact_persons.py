"""Contact persons, for a package that takes them."""

from dataclasses import replace
from datetime import timedelta

from odoo import fields
from odoo.addons.accountable_connect.api import errors
from odoo.addons.accountable_connect.documents import ContactPerson

from .common import ConnectionCase


class TestContactPersons(ConnectionCase):
    def setUp(self):
        super().setUp()
        self.partner_a.is_company = True

    def use_contact_persons(self):
        self.books.capabilities = replace(self.books.capabilities, contact_persons=True)

    def person(self, name, parent=None, **values):
        parent = parent or self.partner_a
        return self.env["res.partner"].create({"name": name, "parent_id": parent.id, **values})

    def test_contact_persons_of_a_party(self):
        an = self.person("An", email="an@example.com", function="Buyer", lang="en_US")
        bert = self.person("Bert", phone="091234567", type="other")
        self.person("Nobody can reach", function="Ghost")
        self.person("Dock 4", email="dock@example.com", type="delivery")
        self.person("Invoices", email="bills@example.com", type="invoice")
        self.person("Left", email="left@example.com", active=False)
        self.person("Daughter NV", email="info@example.com", is_company=True)
        build = self.env["accountable.party"]._build
        before = build(self.connection, an)
        self.assertEqual(before.contacts, ())
        self.use_contact_persons()
        party = build(self.connection, an)
        self.assertEqual(
            party.contacts,
            (
                ContactPerson(
                    key=an.id, name="An", email="an@example.com", function="Buyer", language="en"
                ),
                ContactPerson(key=bert.id, name="Bert", phone="091234567", language="en"),
            ),
        )
        self.assertEqual(replace(party, contacts=()).fingerprint(), before.fingerprint())

    def test_a_changed_contact_person_goes_before_the_next_document(self):
        self.use_contact_persons()
        an = self.person("An", email="an@example.com")
        self.invoice()
        self.work()
        self.books.order.clear()
        self.invoice()
        self.work()
        self.assertEqual(self.books.order, ["create_document"])
        an.email = "an@example.org"
        self.assertFalse(self.jobs(self.partner_a, "party"))
        self.invoice()
        self.work()
        self.assertEqual(self.books.order[1:], ["save_party", "create_document"])
        [party] = self.books.parties.values()
        self.assertEqual(party.party.contacts[0].email, "an@example.org")

    def test_refused_contact_person_holds_up_no_document(self):
        """An item of the contact says what is wrong, and goes again once the person is
        corrected."""
        self.use_contact_persons()
        an = self.person("An", email="an@example")
        self.books.refused_persons = {"an@example"}
        move = self.invoice()
        self.work()
        self.assertEqual(self.jobs(move).state, "done")
        job = self.jobs(self.partner_a, "party")
        self.assertEqual(
            (job.state, job.error_kind, job.cause_model, job.cause_id),
            ("failed", "data_refused", "res.partner", self.partner_a.id),
        )
        self.books.calls.clear()
        self.invoice()
        self.work()
        self.assertEqual(dict(self.books.calls), {"create_document": 1})
        an.email = "an@example.com"
        self.assertEqual(job.state, "pending")
        self.work()
        self.assertEqual(job.state, "done")

    def test_contact_persons_that_reach_a_limit_hold_up_no_other_party(self):
        self.use_contact_persons()
        self.person("An", email="an@example")
        self.books.refused_persons = {"an@example"}
        self.books.person_error = errors.LimitReachedError(
            "rest",
            not_before=fields.Datetime.now() + timedelta(hours=1),
            code=errors.LimitReachedError.ONE_OPERATION,
        )
        first = self.invoice()
        self.work()
        job = self.jobs(self.partner_a, "party")
        self.assertEqual((job.state, job.attempts), ("pending", 0))
        second = self.invoice(partner=self.partner_b)
        self.work()
        self.assertEqual(set(self.jobs(first + second).mapped("state")), {"done"})
