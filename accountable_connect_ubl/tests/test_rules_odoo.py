"""What Odoo 19 writes without an objection although the rules refuse it: repaired, or refused."""

import re

from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.tests import tagged

from ..api.rules import TaxFact, UblFacts, findings, repaired
from ..api.rules.repair_categories import UNKNOWN_CATEGORY
from ..models.objections import cause_of_finding
from ..models.rule_facts import invoice_lines, ubl_facts


@tagged("post_install", "-at_install")
class TestWhatOdooWrites(AccountTestInvoicingCommon):
    @classmethod
    @AccountTestInvoicingCommon.setup_country("be")
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.company.tax_calculation_rounding_method = "round_globally"
        cls.company.partner_id.write(
            {
                "street": "Kerkstraat 1",
                "zip": "9000",
                "city": "Gent",
                "vat": "BE0202239951",
                "company_registry": "0202239951",
                "bank_ids": [Command.create({"acc_number": "BE15001559627230"})],
            }
        )
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "Customer",
                "street": "Kerkstraat 2",
                "zip": "9000",
                "city": "Gent",
                "vat": "BE0477472701",
                "company_registry": "0477472701",
                "country_id": cls.env.ref("base.be").id,
            }
        )
        cls.vat_21 = cls._tax("21-L")
        cls.exempt = cls._tax("00-L")
        cls.reverse_charge = cls._tax("00-CC")
        cls.export = cls._tax("00-ROW")
        cls.recupel = cls.env["account.tax"].create(
            {
                "name": "Recupel",
                "amount_type": "fixed",
                "amount": 0.07,
                "include_base_amount": True,
                "sequence": 0,
            }
        )
        cls.discount = cls.env["account.payment.term"].create(
            {
                "name": "2 % in 7 days",
                "note": "30 days, 2 % in 7 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 7,
                "early_pay_discount_computation": "mixed",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})
                ],
            }
        )

    @classmethod
    def _tax(cls, name):
        return cls.env.ref(f"account.{cls.env.company.id}_attn_VAT-OUT-{name}")

    def built(self, *lines, **values):
        """The e-invoice of a document; a line is (price, taxes, quantity)."""
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-11-02",
                "ref": "PO 7",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Table",
                            "price_unit": price,
                            "quantity": quantity,
                            "tax_ids": [Command.set(taxes.ids)],
                        }
                    )
                    for price, taxes, quantity in lines
                ],
                **values,
            }
        )
        move.action_post()
        xml, errors = self.env["account.edi.xml.ubl_bis3"]._export_invoice(move)
        self.assertFalse(errors)
        self.move = move
        return xml

    def assert_cured(self, xml, rules, facts=None):
        """Odoo's e-invoice is against these rules, and right afterwards, for the same amount."""
        facts = facts or UblFacts()
        self.assertTrue(findings(xml, facts))
        right, cured = repaired(xml, facts)
        self.assertEqual(sorted(cured), sorted(rules))
        self.assertEqual(findings(right, facts), [])
        amount = re.compile(rb"PayableAmount[^>]*>([^<]*)")
        self.assertEqual(amount.findall(right), amount.findall(xml))
        return right

    def test_plain(self):
        self.assertEqual(findings(self.built((100, self.vat_21, 1))), [])

    def test_early_payment_discount_of_two_exemptions(self):
        xml = self.built(
            (100, self.exempt, 1), (50, self.vat_21, 1), invoice_payment_term_id=self.discount.id
        )
        self.assert_cured(xml, ["BR-E-01"])

    def test_early_payment_discount(self):
        term = {"invoice_payment_term_id": self.discount.id}
        for tax in (self.vat_21, self.reverse_charge):
            self.assertEqual(findings(self.built((33.33, tax, 1), **term)), [])

    def test_rounding_of_lines_and_of_the_whole(self):
        prices = (0.333, 0.333, 0.333, 10.006)
        self.env["decimal.precision"].search([("name", "=", "Product Price")]).digits = 4
        self.customer.write({"country_id": self.env.ref("base.us").id, "vat": False})
        self.customer.write({"peppol_eas": "0060", "peppol_endpoint": "123456789"})
        xml = self.built(*((price, self.export + self.recupel, 3) for price in prices))
        right, _cured = repaired(xml, UblFacts())
        self.assertEqual(findings(right), [])

    def test_returned_item_with_a_fixed_tax(self):
        xml = self.built((100, self.vat_21, 1), (20, self.recupel + self.vat_21, -1))
        self.assert_cured(xml, ["BR-CL-19", "PEPPOL-EN16931-CL002"])

    def test_buyer_without_numbers(self):
        """A consumer: Odoo writes half a tax number, and there is no electronic address."""
        self.customer.write({"vat": False, "company_registry": False, "peppol_endpoint": False})
        right, cured = repaired(self.built((100, self.vat_21, 1)), UblFacts())
        self.assertIn("UBL-SR-53", cured)
        (finding,) = findings(right)
        self.assertEqual(finding.rule, "PEPPOL-EN16931-R010")
        self.assertFalse(finding.refuses)

    def test_buyer_with_an_empty_company_id(self):
        self.customer.company_registry = " "
        xml = self.built((100, self.vat_21, 1))
        self.assert_cured(xml, ["PEPPOL-EN16931-R008"])

    def test_reverse_charge_without_the_number_of_the_buyer(self):
        self.customer.write({"vat": False, "company_registry": False})
        self.customer.write({"peppol_eas": False, "peppol_endpoint": False})
        right, _cured = repaired(self.built((100, self.reverse_charge, 1)), UblFacts())
        refused = [finding for finding in findings(right) if finding.refuses]
        self.assertEqual([finding.rule for finding in refused], ["BR-AE-02"])
        self.assertEqual(refused[0].place, "buyer")

    def test_reverse_charge_that_nobody_called_so(self):
        """It passes every rule and says *exempt*; the return says co-contractor."""
        self.reverse_charge.write(
            {"ubl_cii_tax_category_code": False, "ubl_cii_tax_exemption_reason_code": False}
        )
        xml = self.built((100, self.reverse_charge, 1), (50, self.vat_21, 1))
        self.assertEqual(findings(xml), [])
        facts = ubl_facts(self.move)
        self.assertEqual(facts.lines[0], TaxFact(boxes=frozenset({"45"})))
        right = self.assert_cured(xml, [UNKNOWN_CATEGORY], facts)
        self.assertIn(b"VATEX-EU-AE", right)
        self.assertNotIn(b"<cbc:ID>E</cbc:ID>", right)

    def test_note_with_a_code(self):
        xml = self.built((100, self.vat_21, 1), narration="Box #AB1# at the door")
        self.assert_cured(xml, ["BR-CL-08"])

    def test_zero_rate_of_which_nobody_knows_why(self):
        """A tax that somebody made, in no box: the e-invoice would say exempt."""
        tax = self.env["account.tax"].create({"name": "0", "amount": 0})
        xml = self.built((100, self.vat_21, 1), (100, tax, 1))
        self.assertEqual(findings(xml), [])
        facts = ubl_facts(self.move)
        right, cured = repaired(xml, facts)
        self.assertEqual(cured, [])
        (finding,) = findings(right, facts)
        self.assertEqual((finding.rule, finding.place), (UNKNOWN_CATEGORY, "line 2"))
        cause = cause_of_finding(finding, self.move, invoice_lines(self.move))
        self.assertEqual(cause, tax)
