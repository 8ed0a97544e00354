"""What is sent, in which order, with which calls."""

from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo import fields
from odoo.addons.accountable_connect.api import errors
from odoo.addons.accountable_connect.api.contract import PartyChanges, StoredParty
from odoo.addons.accountable_connect.documents import Party

from .common import ConnectionCase
from .fake_package import FakePackage


class TestSending(ConnectionCase):
    def test_document_arrives_once_and_is_bound(self):
        move = self.invoice(100.0)
        self.assertEqual(self.jobs(move).state, "pending")
        self.work()
        job = self.jobs(move)
        self.assertEqual((job.state, job.message), ("done", False))
        [entry] = self.books.documents.values()
        self.assertEqual(entry["document"].number, move.name)
        self.assertEqual(entry["document"].total, Decimal("121.00"))
        binding = self.bindings(move)
        self.assertEqual(binding.external_key, self.key(1))
        self.assertEqual(binding.version, entry["stored"].version)
        self.assertEqual(move.accountable_state, "exported")
        self.assertEqual(move.accountable_number, self.key(1))
        self.work()
        self.assertEqual(self.books.calls["create_document"], 1)

    def test_one_call_a_document_once_the_party_is_known(self):
        self.invoice()
        self.work()
        self.books.calls.clear()
        moves = self.invoice() + self.invoice() + self.invoice()
        self.work()
        self.assertEqual(set(self.jobs(moves).mapped("state")), {"done"})
        self.assertEqual(dict(self.books.calls), {"create_document": 3})

    def test_a_changed_party_goes_before_its_document(self):
        self.invoice()
        self.work()
        self.partner_a.street = "Nieuwstraat 1"
        self.books.order.clear()
        self.invoice()
        self.work()
        self.assertEqual(self.books.order, ["save_party", "create_document"])
        [party] = self.books.parties.values()
        self.assertEqual(party.party.street, "Nieuwstraat 1")

    def test_sent_in_the_order_of_odoos_numbers(self):
        moves = [self.invoice(10.0 * number) for number in range(1, 6)]
        jobs = self.jobs(self.env["account.move"].concat(*moves))
        # the one posted last got due first
        jobs[-1].next_try = fields.Datetime.now() - timedelta(hours=1)
        self.work()
        numbers = [entry["document"].number for entry in self.books.documents.values()]
        self.assertEqual(numbers, [move.name for move in moves])

    def test_party_known_by_its_vat_number_is_taken_over(self):
        theirs = self.books_party(vat_number="BE0477472701", external_number=0)
        move = self.invoice()
        self.work()
        self.assertEqual(self.bindings(self.partner_a, "party").external_key, theirs.key)
        self.assertTrue(self.bindings(self.partner_a, "party").adopted)
        self.assertEqual(self.books.documents[self.key(1)]["stored"].party_key, theirs.key)
        self.assertEqual(len(self.books.parties), 1)
        self.assertEqual(self.jobs(move).state, "done")

    def test_party_a_person_refused_is_not_taken_over(self):
        theirs = self.books_party(vat_number="BE0477472701", external_number=0)
        self.env["accountable.contact.match"].sudo().create(
            {
                "connection_id": self.connection.id,
                "partner_id": self.partner_a.id,
                "external_key": theirs.key,
                "state": "refused",
            }
        )
        self.invoice()
        self.work()
        self.assertNotEqual(self.bindings(self.partner_a, "party").external_key, theirs.key)
        self.assertEqual(len(self.books.parties), 2)

    def test_contacts_new_in_the_package_come_to_odoo(self):
        self.connection.contact_direction = "from_package"
        self.books_party(vat_number="BE0477472701", external_number=0)
        new = StoredParty(
            key="P78", party=Party(external_number=0, name="New over there", customer=True)
        )
        self.partner_a.customer_rank = 1
        with patch.object(
            FakePackage,
            "parties_changed_since",
            return_value=PartyChanges(parties=(self.books.parties["P77"], new), cursor="c1"),
        ) as read:
            self.work()
            self.work()
        self.assertEqual([call.args for call in read.call_args_list], [("",)])
        self.assertEqual(self.connection.party_cursor, "c1")
        made = self.env["res.partner"].search([("name", "=", "New over there")])
        self.assertEqual((len(made), made.customer_rank), (1, 1))
        self.assertEqual(self.bindings(made, "party").external_key, "P78")
        self.assertEqual(self.bindings(self.partner_a, "party").external_key, "P77")
        self.assertNotEqual(self.partner_a.name, "Theirs", "a contact of Odoo is left as it is")

    def books_party(self, **values):
        stored = StoredParty(key="P77", party=Party(**{"name": "Theirs", **values}))
        self.books.parties[stored.key] = stored
        return stored

    def test_number_taken_by_a_person(self):
        self.invoice()
        self.work()
        self.books.book_by_hand(f"V1/{self.today.year}", kind="sale", total=Decimal("5"))
        move = self.invoice()
        self.work()
        self.assertEqual(self.bindings(move).external_key, self.key(3))
        self.assertEqual(len(self.books.documents), 3)

    # Journals whose numbers must equal Odoo's

    def test_failed_document_holds_the_later_ones_of_its_journal(self):
        self.hold_later(self.company_data["default_journal_sale"])
        first, second = self.invoice(), self.invoice()
        bill = self.bill()
        self.books.fail("create_document", errors.DataRefusedError("no"))
        self.work()
        self.assertEqual(
            [self.jobs(move).state for move in (first, second, bill)], ["failed", "pending", "done"]
        )
        self.assertIn(first.name, self.jobs(second).message)
        self.jobs(first).action_retry()
        self.work()
        self.assertEqual(self.bindings(first).external_key, self.key(1))
        self.assertEqual(self.bindings(second).external_key, self.key(2))

    def test_a_question_about_a_booked_document_holds_no_later_one(self):
        self.hold_later(self.company_data["default_journal_sale"])
        first = self.invoice()
        self.work()
        first.is_move_sent = True
        first.button_draft()
        first.invoice_line_ids.price_unit = 200.0
        first.action_post()
        second = self.invoice()
        self.work()
        self.assertEqual(self.jobs(first).filtered("error_code").error_code, "sent_to_customer")
        self.assertEqual(self.jobs(second).state, "done", self.jobs(second).message)
