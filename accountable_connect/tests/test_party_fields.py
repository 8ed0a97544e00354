"""What of a contact reaches the accountant of this company: whole values, and nothing that belongs
to another company of the database."""

from dataclasses import replace

from odoo.addons.accountable_connect.api import errors

from .common import ConnectionCase


class TestPartyFields(ConnectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Other company"})
        cls.partner_a.is_company = True

    def setUp(self):
        super().setUp()
        self.books.capabilities = replace(self.books.capabilities, contact_persons=True)

    def build(self):
        """With the rights of the engine, which sees the contacts of every company."""
        parties = self.env["accountable.party"].sudo()
        return parties._build(self.connection, self.partner_a.sudo())

    def person(self, name, company=None, **values):
        """A contact person; they follow the company of the contact above them until somebody
        chooses another."""
        person = self.env["res.partner"].create(
            {"name": name, "parent_id": self.partner_a.id, **values}
        )
        person.company_id = company
        return person

    def test_several_values_in_one_field(self):
        self.partner_a.write(
            {
                "email": '"Boekhouding" <a@x.example>; b@x.example',
                "phone": "09 123 45 67 / 0475 12 34 56",
                "website": "https://x.example, https://y.example",
            }
        )
        self.person("An", email="An <an@x.example>, bert@x.example", phone="ask Bert")
        self.person("Bert", email="none")
        party = self.build()
        self.assertEqual(party.email, "a@x.example")
        self.assertEqual(party.phone, "09 123 45 67")
        self.assertEqual(party.website, "https://x.example")
        [an] = party.contacts
        self.assertEqual((an.name, an.email, an.phone), ("An", "an@x.example", ""))

    def test_what_was_written_well_goes_as_it_is_written(self):
        values = {"email": "An@X.example", "phone": "+32 (0)9/123.45.67 (An)"}
        self.partner_a.write(values)
        party = self.build()
        self.assertEqual({name: getattr(party, name) for name in values}, values)
        self.assertEqual(party.known_as, ())

    # Another company of the database

    def test_person_of_another_company_stays_away(self):
        self.person("Ours", email="ours@x.example")
        self.person("Ours too", self.company, email="too@x.example")
        self.person("Theirs", self.other_company, email="theirs@x.example")
        self.assertEqual([one.name for one in self.build().contacts], ["Ours", "Ours too"])

    def test_person_of_a_branch_goes_with_the_books_of_its_company(self):
        branch = self.env["res.company"].create(
            {
                "name": "Branch",
                "parent_id": self.company.id,
                "country_id": self.company.country_id.id,
            }
        )
        self.person("At the branch", branch, email="branch@x.example")
        self.assertEqual([one.name for one in self.build().contacts], ["At the branch"])

    # Sent by an earlier version

    def sent_before(self, **values):
        """The contact is linked as an earlier version sent it."""
        self.partner_a.customer_rank = 1
        before = replace(self.build(), known_as=(), **values)
        self.env["accountable.binding"].sudo()._bind(
            self.connection.id,
            "party",
            "res.partner",
            self.partner_a.id,
            {"external_key": "P1", "fingerprint": before.fingerprint()},
        )

    def test_what_an_earlier_version_sent_is_not_sent_anew(self):
        written = {"email": "An <an@x.example>", "phone": "09 123 45 67; 0475 12 34 56"}
        self.partner_a.write({**written, "company_registry": "0477472701 / 2"})
        theirs = self.person("Theirs", self.other_company, email="theirs@x.example")
        contact = self.env["accountable.party"]._contact_person(self.connection, theirs)
        self.sent_before(**written, registry_number="04774727012", contacts=(contact,))
        self.invoice(partner=self.partner_a)
        self.work()
        self.assertFalse(self.books.calls["save_party"])
        self.partner_a.email = "An <an@y.example>"
        self.invoice(partner=self.partner_a)
        self.work()
        self.assertEqual(self.books.calls["save_party"], 1)

    # Refused all the same

    def refuse(self, *values):
        """The package takes no party with one of these e-mail addresses or cities."""

        def check(operation, content):
            if operation == "save_party" and {content.email, content.city} & set(values):
                raise errors.DataRefusedError("no", code="-7", values={"detail": "no"})

        self.books.before.append(check)

    def test_refused_detail_holds_up_no_document(self):
        self.partner_a.email = "a@x.example"
        self.refuse("a@x.example")
        moves = self.invoice() | self.bill()
        self.work()
        self.assertEqual(set(self.jobs(moves).mapped("state")), {"done"})
        [stored] = self.books.parties.values()
        self.assertEqual((stored.party.name, stored.party.email), (self.partner_a.name, ""))
        self.work()
        job = self.jobs(self.partner_a, "party")
        self.assertEqual((job.state, job.error_kind), ("failed", "data_refused"))
        self.books.calls.clear()
        later = self.invoice()
        self.work()
        self.assertEqual(self.jobs(later).state, "done")
        self.assertFalse(self.books.calls["save_party"])
        self.partner_a.email = "b@x.example"
        self.work()
        self.assertEqual(job.state, "done")
        [stored] = self.books.parties.values()
        self.assertEqual(stored.party.email, "b@x.example")

    def test_what_a_booking_needs_holds_it_up(self):
        self.partner_a.write({"email": "a@x.example", "city": "Nowhere"})
        self.refuse("Nowhere")
        move = self.invoice()
        self.work()
        self.assertEqual(self.jobs(move).state, "failed")
        self.assertEqual(self.jobs(move).cause_id, self.partner_a.id)
