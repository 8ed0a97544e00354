"""The party of a document out of its contact."""

from odoo import Command
from odoo.tests import tagged

from ..documents import party as party_words
from .common_document_cases import CasesCommon


@tagged("post_install", "post_install_l10n", "-at_install")
class TestDocumentParty(CasesCommon):
    def make_partner(self, **values):
        return self.env["res.partner"].create({"name": "Somebody", **values})

    def country(self, code):
        return self.env["res.country"].search([("code", "=", code)]).id

    def test_whole_party(self):
        bank = {"acc_number": "BE68 5390 0754 7034"}
        term = self.env["account.payment.term"].create(
            {
                "name": "30 days end of month",
                "line_ids": [
                    Command.create(
                        {
                            "value": "percent",
                            "value_amount": 100,
                            "nb_days": 30,
                            "delay_type": "days_after_end_of_month",
                        }
                    )
                ],
            }
        )
        partner = self.make_partner(
            name="Klant BV",
            is_company=True,
            vat="BE 0999.999.130",
            country_id=self.country("BE"),
            street="Nieuwstraat 1",
            street2="bus 2",
            zip="9000",
            city="Gent",
            lang="en_US",
            email="info@klant.be",
            phone="+32 9 123 45 67",
            bank_ids=[Command.create(bank)],
            property_payment_term_id=term.id,
        )
        contact = self.make_partner(name="Piet", parent_id=partner.id)
        move = self.post_one("out_invoice", (10, "21-L", "700000"), partner_id=contact.id)
        party = self.build_one(move).party
        self.assertEqual(party.external_number, partner.id)
        self.assertEqual(party.name, "Klant BV")
        self.assertEqual(party.vat_number, "BE0999999130")
        self.assertEqual(party.registry_number, "0999999130")
        self.assertEqual(party.vat_status, party_words.DOMESTIC_BUSINESS)
        self.assertEqual((party.customer, party.supplier), (True, False))
        self.assertEqual(party.street, "Nieuwstraat 1, bus 2")
        self.assertEqual((party.postal_code, party.city, party.country), ("9000", "Gent", "BE"))
        self.assertEqual((party.language, party.currency), ("en", "EUR"))
        self.assertEqual((party.iban, party.untrusted_iban), ("", "BE68539007547034"))
        partner.bank_ids.allow_out_payment = True
        party = self.build_one(move).party
        self.assertEqual((party.iban, party.untrusted_iban), ("BE68539007547034", ""))
        self.assertEqual((party.payment_days, party.payment_end_of_month), (30, True))

    def test_vat_status(self):
        expected = {
            ("BE", "BE0999999130", True): party_words.DOMESTIC_BUSINESS,
            ("BE", False, True): party_words.NOT_SUBJECT,
            ("BE", "/", False): party_words.DOMESTIC_PRIVATE,
            ("FR", "FR23334175221", True): party_words.EU_BUSINESS,
            ("FR", False, False): party_words.EU_PRIVATE,
            ("FR", "BE0999999229", True): party_words.DOMESTIC_BUSINESS,
            ("GR", "EL123456783", True): party_words.EU_BUSINESS,
            ("US", False, True): party_words.OTHER_BUSINESS,
            ("US", False, False): party_words.OTHER_PRIVATE,
            (False, False, False): party_words.DOMESTIC_PRIVATE,
        }
        for (country, vat, is_company), status in expected.items():
            partner = self.make_partner(
                country_id=country and self.country(country), vat=vat, is_company=is_company
            )
            with self.subTest(country=country, vat=vat, is_company=is_company):
                party = self.env["accountable.party"]._build(self.connection, partner)
                self.assertEqual(party.vat_status, status)
                self.assertEqual(bool(party.vat_number), vat not in (False, "/"))

    def test_supplier_terms(self):
        party = self.env["accountable.party"]._build(self.connection, self.supplier, supplier=True)
        self.assertIsNone(party.payment_days)
        self.assertEqual((party.customer, party.supplier), (False, True))
