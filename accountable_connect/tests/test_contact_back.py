from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.addons.accountable_connect.api import errors
from odoo.addons.accountable_connect.api.contract import PartyChanges, StoredParty
from odoo.addons.accountable_connect.documents import Party
from odoo.tools import mute_logger

from .common import ConnectionCase


class TestContactsBack(ConnectionCase):
    """The package keeps the contacts; one, ``partner``, is linked since an earlier reading."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.write({"contact_direction": "from_package", "party_cursor": "c0"})
        cls.partner = cls.env["res.partner"].create(
            {
                "name": "Known",
                "is_company": True,
                "customer_rank": 1,
                "street": "Kerkstraat 1",
                "street2": "bus 2",
                "zip": "9000",
                "city": "Gent",
                "country_id": cls.env.ref("base.be").id,
                "vat": "BE0477472701",
                "email": "old@example.com",
                "phone": "091234567",
                "website": "https://example.com",
            }
        )
        # the VAT number decides, and no other contact has it
        cls.partner_a.vat = False
        cls.party = cls.env["accountable.party"]._build(cls.connection, cls.partner)
        cls.env["accountable.binding"].sudo()._bind(
            cls.connection.id,
            "party",
            "res.partner",
            cls.partner.id,
            {"external_key": "P1", "fingerprint": cls.party.fingerprint()},
        )

    def read_back(self, *parties, removed=(), cursor="c1", **run):
        """One reading; a party is a ``StoredParty``, or what differs from the linked one."""
        stored = [
            one
            if isinstance(one, StoredParty)
            else StoredParty(key="P1", party=replace(self.party, **one))
            for one in parties
        ]
        self.books.party_changes = PartyChanges(
            parties=tuple(stored), removed=tuple(removed), cursor=cursor
        )
        self.connection.sudo().parties_read_at = False
        self.work(**run)

    def stored(self, key, **values):
        return StoredParty(key=key, party=Party(**{"external_number": 0, **values}))

    def partner_of(self, key):
        binding = self.env["accountable.binding"].search(
            [("connection_id", "=", self.connection.id), ("external_key", "=", key)]
        )
        return self.env["res.partner"].browse(binding.res_id)

    def notes(self):
        bodies = self.connection.message_ids.mapped("body")
        return [body for body in bodies if "could not be taken over" in body]

    # Linked

    def test_changes_come_to_the_contact(self):
        self.env["res.lang"]._activate_lang("nl_BE")
        self.read_back(
            {
                "name": "Known and Sons",
                "street": "Markt 5",
                "postal_code": "1000",
                "city": "Brussel",
                "country": "LU",
                "vat_number": "LU12345",
                "email": "new@example.com",
                "phone": "021234567",
                "language": "nl",
                "iban": "BE71096123456769",
            }
        )
        self.assertRecordValues(
            self.partner,
            [
                {
                    "name": "Known and Sons",
                    "street": "Markt 5",
                    "street2": False,
                    "zip": "1000",
                    "city": "Brussel",
                    "country_id": self.env.ref("base.lu").id,
                    "vat": "LU12345",
                    "email": "new@example.com",
                    "phone": "021234567",
                    "lang": "nl_BE",
                    "website": "https://example.com",
                }
            ],
        )
        self.assertEqual(self.partner.bank_ids.mapped("sanitized_acc_number"), ["BE71096123456769"])
        self.assertFalse(self.partner.bank_ids.allow_out_payment)
        self.assertEqual(self.connection.party_cursor, "c1")

    def test_nothing_is_emptied(self):
        self.read_back({"street": "", "city": "", "email": "", "phone": "", "vat_number": ""})
        self.assertRecordValues(
            self.partner,
            [
                {
                    "street": "Kerkstraat 1",
                    "street2": "bus 2",
                    "city": "Gent",
                    "email": "old@example.com",
                    "phone": "091234567",
                    "vat": "BE0477472701",
                }
            ],
        )

    def test_echo_changes_nothing(self):
        self.partner.name = "A company whose name is longer than a package has room for"
        moment = self.partner.write_date
        echo = {"name": "A company whose name is longer"}
        with self.assertNoPartnerWrite():
            self.read_back(echo)
            self.read_back(echo, cursor="c2")
        self.assertEqual(self.partner.write_date, moment)
        self.assertEqual(self.connection.party_cursor, "c2")

    def test_what_was_sent_shorter_does_not_come_back(self):
        """The package holds the first address and the first number, as it was sent them."""
        for phone, sent in (
            ("09 123 45 67 / 0475 12 34 56", "09 123 45 67"),
            ("09 123 45 67 (secretariat, in the morning)", "09 123 45 67"),
            ("+32 (0)9 123 45 67", "+3291234567"),
        ):
            with self.subTest(phone=phone):
                email = '"Boekhouding" <a@x.example>; b@x.example'
                self.partner.write({"phone": phone, "email": email})
                self.env.flush_all()
                self.bindings(self.partner, "party").details = False
                with self.assertNoPartnerWrite():
                    self.read_back({"phone": sent, "email": "a@x.example"})
                self.assertEqual((self.partner.phone, self.partner.email), (phone, email))
        self.read_back({"phone": "09 999 99 99", "email": "c@x.example"}, cursor="c2")
        self.assertEqual((self.partner.phone, self.partner.email), ("09 999 99 99", "c@x.example"))

    def test_read_twice_changes_nothing(self):
        change = {"phone": "021234567"}
        new = self.stored("P9", name="New")
        self.read_back(change, new)
        with self.assertNoPartnerWrite():
            self.read_back(change, new, cursor="c2")
        self.assertEqual(len(self.env["res.partner"].search([("name", "=", "New")])), 1)

    def test_change_made_in_odoo_outlives_another_change_in_the_package(self):
        self.read_back({})
        self.partner.phone = "0470123456"
        self.read_back({"city": "Aalst"}, cursor="c2")
        self.assertEqual((self.partner.city, self.partner.phone), ("Aalst", "0470123456"))

    def test_change_is_not_sent_back(self):
        self.read_back({"city": "Aalst"})
        self.connection.contact_direction = "to_package"
        self.invoice(partner=self.partner)
        self.work()
        self.assertEqual(self.books.calls["create_document"], 1)
        self.assertFalse(self.books.calls["save_party"])

    def test_first_reading_leaves_linked_contacts_as_they_are(self):
        self.connection.party_cursor = False
        self.read_back({"city": "Aalst"})
        self.assertEqual(self.partner.city, "Gent")
        self.read_back({"city": "Brugge"}, cursor="c2")
        self.assertEqual(self.partner.city, "Brugge")

    def test_address_of_our_own_company_and_email_of_a_user_stay(self):
        self.env["res.users"].create(
            {"name": "Known", "login": "known", "partner_id": self.partner.id}
        )
        own = self.company.partner_id
        self.env["accountable.binding"].sudo()._bind(
            self.connection.id, "party", "res.partner", own.id, {"external_key": "P2"}
        )
        city = own.city
        self.read_back(
            {"email": "other@example.com", "city": "Aalst"},
            self.stored("P2", name="Taken over", city="Aalst"),
        )
        self.assertEqual((self.partner.email, self.partner.city), ("old@example.com", "Aalst"))
        self.assertEqual(own.city, city)

    # Not linked

    def test_new_one_is_made(self):
        self.read_back(
            self.stored("P9", name="New", supplier=True, country="BE", iban="BE71096123456769")
        )
        made = self.partner_of("P9")
        self.assertRecordValues(
            made,
            [{"name": "New", "supplier_rank": 1, "customer_rank": 0, "company_id": False}],
        )
        self.assertEqual(made.bank_ids.sanitized_acc_number, "BE71096123456769")

    def test_same_vat_number_is_linked(self):
        self.bindings(self.partner, "party").unlink()
        self.read_back(self.stored("P9", name="Other name", vat_number="BE0477472701"))
        self.assertEqual(self.partner_of("P9"), self.partner)
        self.assertEqual(self.partner.name, "Known")
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Other name")]))

    def doubtful(self):
        self.bindings(self.partner, "party").unlink()
        self.read_back(self.stored("P9", name="Known", city="Aalst"))
        self.assertFalse(self.partner_of("P9"))
        match = self.connection.doubtful_contact_ids
        self.assertEqual((match.partner_id, match.external_key), (self.partner, "P9"))
        return match

    def test_same_name_waits_for_a_person_who_says_yes(self):
        self.doubtful().action_accept()
        self.read_back(cursor="c2")
        self.assertEqual(self.partner_of("P9"), self.partner)

    def test_same_name_waits_for_a_person_who_says_no(self):
        self.doubtful().action_refuse()
        self.read_back(cursor="c2")
        made = self.partner_of("P9")
        self.assertEqual((made.name, made.city), ("Known", "Aalst"))
        self.assertNotEqual(made, self.partner)
        self.read_back(cursor="c3")
        self.assertEqual(len(self.env["res.partner"].search([("name", "=", "Known")])), 2)

    # Another company

    def test_account_of_another_company_is_not_taken_over(self):
        self.bindings(self.partner, "party").details = {
            "party": {"name": "B", "vat_number": "BE0403170701"}
        }
        self.read_back({"name": "Somebody else", "vat_number": "BE0403170701", "city": "Luik"})
        self.assertEqual((self.partner.name, self.partner.vat), ("Known", "BE0477472701"))
        self.partner.invalidate_recordset()
        self.assertIn("Somebody else", self.partner.accountable_notes)
        self.read_back({"city": "Luik"}, cursor="c2")
        self.partner.invalidate_recordset()
        self.assertEqual((self.partner.city, self.partner.accountable_notes), ("Luik", False))

    def test_account_that_becomes_another_company_is_not_taken_over(self):
        self.read_back({"external_number": 0})
        other = {"name": "Other NV", "vat_number": "BE0403170701", "registry_number": "0403170701"}
        self.read_back({"external_number": 0, **other}, cursor="c2")
        self.assertEqual((self.partner.name, self.partner.vat), ("Known", "BE0477472701"))
        self.partner.invalidate_recordset()
        self.assertIn("Other NV", self.partner.accountable_notes)

    def test_numbers_corrected_in_the_package_come(self):
        self.read_back({"external_number": 0})
        corrected = {"vat_number": "BE0403170701", "registry_number": "0403170701"}
        self.read_back({"external_number": 0, **corrected, "city": "Aalst"}, cursor="c2")
        self.assertEqual((self.partner.city, self.partner.vat), ("Aalst", "BE0403170701"))

    def test_number_written_in_another_way_changes_nothing(self):
        self.read_back({"vat_number": "BE477472701", "city": "Luik"})
        self.read_back({"vat_number": "0477472701", "city": "Aalst"}, cursor="c2")
        self.assertEqual((self.partner.vat, self.partner.city), ("BE0477472701", "Aalst"))

    def test_looking_for_a_new_one_makes_no_party_of_each_contact(self):
        """A whole party costs its bank accounts, contact persons, payment terms …"""
        self.env["res.partner"].create(
            [{"name": f"Other {number}", "customer_rank": 1} for number in range(5)]
        )
        parties = self.env.registry["accountable.party"]
        build = parties._build
        with patch.object(parties, "_build", autospec=True, side_effect=build) as built:
            self.read_back(self.stored("P2", name="Nobody yet"))
        self.assertEqual(self.partner_of("P2").name, "Nobody yet")
        self.assertEqual(built.call_count, 0)

    def test_what_an_addon_says_of_a_contact_counts_for_a_new_one(self):
        named = self.env["res.partner"].create({"name": "Elsewhere", "customer_rank": 1})
        parties = self.env.registry["accountable.party"]
        values = parties._values

        def with_other_name(model, connection, partner):
            found = values(model, connection, partner)
            return {**found, "name": "Brewery"} if partner == named else found

        with patch.object(parties, "_values", with_other_name):
            self.read_back(self.stored("P2", name="brewery"))
        match = self.connection.contact_match_ids
        self.assertEqual((match.partner_id, match.state), (named, "doubtful"))

    def test_other_member_of_a_vat_group_is_not_linked(self):
        self.bindings(self.partner, "party").unlink()
        self.partner.write({"vat": "NL123456782B90", "company_registry": "11111111"})
        self.partner.country_id = self.env.ref("base.nl")
        numbers = {"vat_number": "NL123456782B90", "registry_number": "22222222", "country": "NL"}
        self.read_back(self.stored("P9", name="Other member", **numbers))
        self.assertFalse(self.partner_of("P9"))
        self.assertEqual(self.connection.doubtful_contact_ids.external_key, "P9")

    # Removed, refused, limited

    def test_removed_one_leaves_the_contact(self):
        self.read_back(removed=["P1", "P404"])
        self.assertTrue(self.partner.exists())
        self.assertFalse(self.bindings(self.partner, "party"))
        self.assertTrue(
            any("was removed" in body for body in self.partner.message_ids.mapped("body"))
        )

    def test_bad_ones_stop_no_other(self):
        model = self.registry["accountable.contact.import"]
        original = model._add_bank_account

        def refuses_one(contacts, partner, iban):
            if iban == "BAD":
                raise ValueError("no such account")
            return original(contacts, partner, iban)

        self.patch(model, "_add_bank_account", refuses_one)
        parties = (
            {"country": "QQ", "city": "Aalst"},
            self.stored("P8", name="Unknown land", country="QQ"),
            self.stored("P9", name="Bad account", iban="BAD"),
            self.stored("P10", name="Good", vat_number="BE123"),
        )
        with mute_logger("odoo.addons.accountable_connect.models.inbound.contact_import"):
            self.read_back(*parties, unexpected=None)
        self.assertEqual(self.partner_of("P10").vat, "BE123")
        self.assertFalse(self.partner_of("P8") + self.partner_of("P9"))
        self.assertEqual(self.partner.city, "Gent")
        [note] = self.notes()
        for text in ("Known", "Unknown land", "QQ", "Bad account", "no such account"):
            self.assertIn(text, note)
        self.assertEqual(self.connection.party_cursor, "c1")
        self.read_back(cursor="c2")
        self.assertEqual(len(self.notes()), 1)

    def test_limit_rests_only_this_reading(self):
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        self.books.fail(
            "parties_changed_since", errors.LimitReachedError("48", not_before=tomorrow)
        )
        move = self.invoice(partner=self.partner)
        self.read_back({"city": "Aalst"})
        self.assertEqual(move.accountable_state, "exported")
        self.assertEqual((self.partner.city, self.connection.party_cursor), ("Gent", "c0"))
        self.assertFalse(self.connection.wait_until)
        self.connection.sudo().requested_by_id = self.env.user
        self.work()
        self.assertEqual(self.books.calls["parties_changed_since"], 1)
        self.read_back({"city": "Aalst"})
        self.assertEqual(self.partner.city, "Aalst")

    def test_one_call_a_reading_and_only_when_it_is_due(self):
        self.read_back({})
        self.work()
        self.assertEqual(self.books.calls["parties_changed_since"], 1)
        connections = self.env["accountable.connection"]
        self.assertNotIn(self.connection, connections._due_connections())
        self.connection.sudo().parties_read_at = fields.Datetime.now() - timedelta(hours=1)
        self.assertIn(self.connection, connections._due_connections())
        self.work()
        self.assertEqual(self.books.calls["parties_changed_since"], 2)

    def test_other_direction_reads_nothing(self):
        self.connection.contact_direction = "to_package"
        self.read_back({"city": "Aalst"})
        self.assertFalse(self.books.calls["parties_changed_since"])
        self.assertEqual(self.partner.city, "Gent")

    @contextmanager
    def assertNoPartnerWrite(self):
        written = []
        model = self.registry["res.partner"]
        original = model.write

        def write(partners, vals):
            written.append(vals)
            return original(partners, vals)

        with patch.object(model, "write", write):
            yield
        self.assertEqual(written, [])
