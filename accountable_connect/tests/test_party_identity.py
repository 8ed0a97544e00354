from dataclasses import replace
from decimal import Decimal
from unittest.mock import patch

from odoo.addons.accountable_connect.api.contract import StoredParty
from odoo.addons.accountable_connect.documents import Party

from .common import ConnectionCase
from .fake_package import FakePackage


class TestPartyIdentity(ConnectionCase):
    """Nobody's account becomes another company's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner_a.write(
            {
                "name": "Dochter A B.V.",
                "vat": "NL123456782B90",
                "company_registry": "11111111",
                "country_id": cls.env.ref("base.nl").id,
            }
        )

    def account(self, key="P9", **values):
        """An account the accountant made."""
        party = Party(
            **{
                "external_number": 0,
                "name": "Dochter A B.V.",
                "vat_number": "NL123456782B90",
                "registry_number": "11111111",
                "country": "NL",
                **values,
            }
        )
        self.books.parties[key] = StoredParty(key=key, party=party)

    def booked(self):
        move = self.invoice()
        self.work()
        self.assertEqual(self.jobs(move).state, "done", self.jobs(move).message)
        return self.bindings(self.partner_a, "party").external_key

    def test_account_of_another_member_of_the_vat_group_is_left_alone(self):
        self.account(name="Dochter B B.V.", registry_number="22222222")
        self.assertNotEqual(self.booked(), "P9")
        self.assertEqual(self.books.parties["P9"].party.name, "Dochter B B.V.")

    def test_answer_with_the_account_of_another_contact_leaves_nothing_under_way(self):
        key = self.booked()
        move = self.invoice(partner=self.partner_b)
        taken = self.books.parties[key]
        with patch.object(FakePackage, "save_party", lambda *_args, **_values: taken):
            self.work()
        self.assertEqual(self.jobs(move).error_code, "party_taken")
        states = self.env["accountable.job"].sudo().search([]).mapped("state")
        self.assertNotIn("sending", states)

    def test_account_with_the_number_of_another_contact_is_left_alone(self):
        self.account(external_number=self.partner_b.id)
        self.assertNotEqual(self.booked(), "P9")
        self.assertEqual(self.books.parties["P9"].party.external_number, self.partner_b.id)

    def test_account_with_the_number_of_a_contact_that_is_gone_is_taken(self):
        gone = self.env["res.partner"].create({"name": "Gone"})
        self.account(external_number=gone.id)
        gone.unlink()
        self.assertEqual(self.booked(), "P9")

    def test_account_that_became_another_company_is_shown_to_a_person(self):
        self.account()
        self.assertEqual(self.booked(), "P9")
        held = self.books.parties["P9"].party
        other = replace(held, name="Bakker B.V.", vat_number="NL999999990B01")
        self.books.parties["P9"] = StoredParty(key="P9", party=other)
        self.partner_a.street = "Vismijn 3"
        move = self.invoice()
        self.work()
        job = self.jobs(move)
        self.assertEqual((job.state, job.error_code), ("failed", "other_company"))
        self.assertEqual(self.books.parties["P9"].party.name, "Bakker B.V.")
        job.action_adopt()
        self.work()
        self.assertEqual(job.state, "done", job.message)
        self.assertEqual(self.books.parties["P9"].party.street, "Vismijn 3")

    def test_number_corrected_in_odoo_goes(self):
        self.account()
        self.booked()
        self.partner_a.with_context(no_vat_validation=True).vat = "NL999999990B01"
        self.assertEqual(self.booked(), "P9")
        self.assertEqual(self.books.parties["P9"].party.vat_number, "NL999999990B01")

    def test_bill_of_a_supplier_typed_in_another_way_is_not_booked_twice(self):
        france = self.env.ref("base.fr").id
        self.partner_a.write(
            {"vat": "FR23334175221", "company_registry": False, "country_id": france}
        )
        self.account(
            name="Dochter A", vat_number="FR23 334175221", registry_number="", country="FR"
        )
        theirs = self.books.book_by_hand(
            f"A1/{self.today.year}",
            kind="purchase",
            party_key="P9",
            document_date=self.today,
            total=Decimal("121.00"),
            currency="EUR",
        )
        bill = self.bill()
        self.work()
        self.assertEqual(self.bindings(bill).external_key, theirs.key)
        self.assertEqual(len(self.books.documents), 1)

    def test_link_of_the_version_before_is_followed(self):
        self.account()
        self.booked()
        self.bindings(self.partner_a, "party").details = False
        self.partner_a.street = "Vismijn 3"
        self.assertEqual(self.booked(), "P9")
        self.assertEqual(self.books.parties["P9"].party.street, "Vismijn 3")
