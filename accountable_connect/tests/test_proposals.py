from decimal import Decimal
from unittest.mock import patch

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.tests import TransactionCase, tagged

from ..api import account_proposals, counterparts, proposals, vat_families
from ..api.counterparts import Counterparts
from ..api.proposals import Source, TaxProfile
from ..documents import MasterItem
from ..models.master_data.tax_profile import recoverable_share, tax_boxes, tax_profile
from .common_setup import SetUpCommon
from .vat_code_list import EXPECTED, ON_RECORD, vat_codes, vat_codes_on_record

PURCHASE_AT_21 = {"scope": "purchase", "rate": "21"}


@tagged("post_install", "-at_install", "post_install_l10n")
class TestBelgianTaxes(SetUpCommon):
    """Every tax of the Belgian chart against a list of an office."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.taxes = {}
        prefix = f"{cls.company.id}_"
        taxes = (
            cls.env["account.tax"]
            .with_context(active_test=False)
            .search([("company_id", "=", cls.company.id), ("type_tax_use", "!=", "none")])
        )
        for tax in taxes:
            name = tax.get_external_id()[tax.id].partition(".")[2].removeprefix(prefix)
            if name.startswith("attn_"):
                cls.taxes[name] = tax

    def test_the_chart_has_the_taxes_this_test_knows(self):
        self.assertEqual(set(self.taxes), set(EXPECTED))
        self.assertEqual(len(EXPECTED), 88)

    def test_each_tax_gets_the_right_code_or_none(self):
        for language in ("nl", "fr"):
            items = vat_codes(language)
            found = {}
            for name, tax in self.taxes.items():
                for kind in (tax.type_tax_use, f"{tax.type_tax_use}_refund"):
                    proposal = proposals.propose_vat_code(tax_profile(tax, kind), items)
                    found[name, kind] = proposal and proposal.code
            expected = {(name, kind): EXPECTED[name] for name, kind in found}
            wrong = {key: code for key, code in found.items() if code != expected[key]}
            self.assertFalse(wrong, f"{language}: {wrong}")

    def test_the_codes_on_record_are_found_too(self):
        """Under their names, and under none; insurance, rent and fees stay with a person."""
        new_codes = {old: new for old, (new, *_names) in ON_RECORD.items()}
        for language, nameless in (("nl", False), ("fr", False), ("nl", True)):
            items = vat_codes_on_record(language, nameless)
            for name, tax in self.taxes.items():
                for kind in (tax.type_tax_use, f"{tax.type_tax_use}_refund"):
                    proposal = proposals.propose_vat_code(tax_profile(tax, kind), items)
                    expected = new_codes.get(EXPECTED[name], EXPECTED[name])
                    with self.subTest(name=name, kind=kind, language=language, nameless=nameless):
                        self.assertEqual(proposal and proposal.code, expected)

    def test_a_co_contractors_code_keeps_to_its_class(self):
        items = [item for item in vat_codes_on_record(nameless=True) if item.code == "DMC21"]
        for name, code in (("IN-V82-21-CC", "DMC21"), ("IN-V81-21-CC", None)):
            profile = tax_profile(self.taxes[f"attn_VAT-{name}"], "purchase")
            proposal = proposals.propose_vat_code(profile, items)
            self.assertEqual(proposal and proposal.code, code)

    def test_codes_for_what_no_return_counts(self):
        tax = self.taxes["attn_VAT-IN-V82-00-S"]
        for item in vat_codes_on_record()[-1:] + vat_codes_on_record(nameless=True)[-1:]:
            self.assertEqual(item.code, "DVR")
            self.assertIsNone(proposals.propose_vat_code(tax_profile(tax, "purchase"), [item]))

    def test_boxes_beside_the_code(self):
        tax = self.taxes["attn_VAT-IN-V81-21-CC"]
        self.assertEqual(tax_boxes(tax, "purchase"), ("81 87", "56 59"))
        self.assertEqual(tax_boxes(tax, "purchase_refund"), ("81 85 87", ""))

    def test_recoverable_share_comes_from_the_repartition(self):
        for name, share in (
            ("IN-V81-21", 100),
            ("IN-V82-CAR-EXC", 50),
            ("IN-V82-D85", 85),
            ("IN-V82-21-EU-G-D35", 35),
            ("IN-V82-S-ND", 0),
            ("IN-V81-00", 100),
        ):
            for kind in ("purchase", "purchase_refund"):
                with self.subTest(name=name, kind=kind):
                    self.assertEqual(recoverable_share(self.taxes[f"attn_VAT-{name}"], kind), share)

    def test_a_changed_repartition_changes_the_profile(self):
        tax = self.taxes["attn_VAT-IN-V82-21-S"]
        line = tax.invoice_repartition_line_ids.filtered(lambda line: line.factor_percent == 100)
        refund_line = tax.refund_repartition_line_ids.filtered(
            lambda line: line.repartition_type == "tax"
        )
        line = line.filtered(lambda line: line.repartition_type == "tax")
        tax.write(
            {
                "invoice_repartition_line_ids": [
                    (1, line.id, {"factor_percent": 60}),
                    (0, 0, {"repartition_type": "tax", "factor_percent": 40}),
                ],
                "refund_repartition_line_ids": [
                    (1, refund_line.id, {"factor_percent": 60}),
                    (0, 0, {"repartition_type": "tax", "factor_percent": 40}),
                ],
            }
        )
        self.assertEqual(tax_profile(tax, "purchase").recoverable_share, 60)


# A Dutch administration as a package tells it: family, use and rate of each code.
DUTCH_CODES = (
    ("1", "Verkopen hoog", "sale", "21", vat_families.DOMESTIC),
    ("2", "Verkopen laag", "sale", "9", vat_families.DOMESTIC),
    ("0", "Verkopen nultarief", "sale", "0", vat_families.DOMESTIC),
    ("V", "Verkopen verlegd", "sale", "0", vat_families.CO_CONTRACTOR),
    ("ICL", "Leveringen EU", "sale", "0", vat_families.INTRA_GOODS),
    ("ICD", "Diensten EU", "sale", "0", vat_families.INTRA_SERVICES),
    ("ABC", "ABC-levering", "sale", "0", vat_families.TRIANGULAR),
    ("AFS", "Installatie/afstandsverkopen EU", "sale", "0", vat_families.DISTANCE_SALES),
    ("EXP", "Uitvoer", "sale", "0", vat_families.EXPORT),
    ("5", "Inkopen hoog", "purchase", "21", vat_families.DOMESTIC),
    ("6", "Inkopen laag", "purchase", "9", vat_families.DOMESTIC),
    ("IV", "Inkopen verlegd", "purchase", "21", vat_families.CO_CONTRACTOR),
    ("IG", "Verwervingen goederen EU hoog", "purchase", "21", vat_families.INTRA_GOODS),
    ("IGL", "Verwervingen goederen EU laag", "purchase", "9", vat_families.INTRA_GOODS),
    ("ID", "Diensten EU hoog", "purchase", "21", vat_families.INTRA_SERVICES),
    ("IDL", "Diensten EU laag", "purchase", "9", vat_families.INTRA_SERVICES),
    ("IM", "Invoer hoog", "purchase", "21", vat_families.IMPORT),
    ("IML", "Invoer laag", "purchase", "9", vat_families.IMPORT),
    ("DB", "Diensten buiten EU", "purchase", "21", vat_families.SERVICES_OUTSIDE_EU),
    ("DBL", "Diensten buiten EU laag", "purchase", "9", vat_families.SERVICES_OUTSIDE_EU),
)
DUTCH_EXPECTED = {
    "btw_0": "0",
    "btw_0_d": "0",
    "btw_9": "2",
    "btw_9_d": "2",
    "btw_21": "1",
    "btw_21_d": "1",
    "btw_overig": "1",
    "btw_overig_d": "1",
    "btw_verk_0": "V",
    "btw_X0_producten": "ICL",
    "btw_X0_diensten": "ICD",
    "btw_X0_ABC_levering": "ABC",
    "btw_X1": "EXP",
    "btw_X2": "AFS",
    "btw_X3": "EXP",
    "btw_9_buy": "6",
    "btw_9_buy_d": "6",
    "btw_21_buy": "5",
    "btw_21_buy_d": "5",
    "btw_overig_buy": "5",
    "btw_overig_buy_d": "5",
    "btw_ink_0": "IV",
    "btw_I_9": "IGL",
    "btw_I_9_d": "IDL",
    "btw_I_21": "IG",
    "btw_I_21_d": "ID",
    "btw_E1_9": "IML",
    "btw_E1_d_9": "DBL",
    "btw_E2": "IM",
    "btw_E2_d": "DB",
    "btw_E_overig": "IM",
    "btw_E_overig_d": "DB",
}


@tagged("post_install", "-at_install", "post_install_l10n")
class TestDutchTaxes(AccountTestInvoicingCommon):
    """Every tax of the Dutch chart, invoice and credit note, whoever looks in whatever language."""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("nl")
    def setUpClass(cls):
        super().setUpClass()
        prefix = f"{cls.env.company.id}_"
        taxes = (
            cls.env["account.tax"]
            .with_context(active_test=False)
            .search([("company_id", "=", cls.env.company.id), ("type_tax_use", "!=", "none")])
        )
        names = {
            tax: tax.get_external_id()[tax.id].partition(".")[2].removeprefix(prefix)
            for tax in taxes
        }
        # the common class of Odoo's tests makes copies of its own, without external id
        cls.taxes = {name: tax for tax, name in names.items() if name.startswith("btw_")}

    def items(self, with_details=True):
        return [
            MasterItem(
                kind="vat_code",
                code=code,
                name=name,
                details={
                    "scope": scope,
                    "rate": rate,
                    **({"family": family} if with_details else {}),
                },
            )
            for code, name, scope, rate, family in DUTCH_CODES
        ]

    def codes(self, items, **context):
        found = {}
        for name, tax in self.taxes.items():
            for kind in (tax.type_tax_use, f"{tax.type_tax_use}_refund"):
                profile = tax_profile(tax.with_context(**context), kind)
                proposal = proposals.propose_vat_code(profile, items)
                found.setdefault(name, set()).add(proposal and proposal.code)
        return found

    def test_each_tax_gets_the_right_code(self):
        self.assertGreaterEqual(len(self.taxes), 31)
        expected = {name: {DUTCH_EXPECTED[name]} for name in self.taxes}
        self.assertEqual(self.codes(self.items()), expected)

    def test_words_alone_never_give_a_code_of_another_kind(self):
        families = {code: family for code, *_others, family in DUTCH_CODES}
        for name, codes in self.codes(self.items(with_details=False)).items():
            for code in codes - {None}:
                with self.subTest(name):
                    self.assertEqual(families[code], families[DUTCH_EXPECTED[name]])


@tagged("post_install", "-at_install")
class TestProposals(TransactionCase):
    def test_words_of_an_office(self):
        for name, scope, family, purchase_class in (
            ("Medecontractant 21 %", "purchase", vat_families.CO_CONTRACTOR, ""),
            ("Autoliquidation biens divers", "purchase", vat_families.CO_CONTRACTOR, "82"),
            ("Report de perception", "purchase", vat_families.CO_CONTRACTOR, ""),
            ("IC diensten", "sale", vat_families.INTRA_SERVICES, ""),
            ("Livraison intracommunautaire CEE", "sale", vat_families.INTRA_GOODS, ""),
            ("Driehoeksverkeer EU", "sale", vat_families.TRIANGULAR, ""),
            ("Export", "sale", vat_families.EXPORT, ""),
            ("Diensten buiten EU", "sale", vat_families.EXPORT, ""),
            ("Invoer grondstoffen verlegd", "purchase", vat_families.IMPORT, "81"),
            ("Services hors UE", "purchase", vat_families.SERVICES_OUTSIDE_EU, "82"),
            (
                "Intracom services et biens divers: biens",
                "purchase",
                vat_families.INTRA_GOODS,
                "82",
            ),
            ("Diensten en andere goederen EU", "purchase", vat_families.INTRA_GOODS, "82"),
            ("Exonéré", "sale", vat_families.EXEMPT, ""),
            ("Marge", "sale", vat_families.NEVER_PROPOSE, ""),
            ("OSS Nederland", "sale", vat_families.NEVER_PROPOSE, ""),
            ("Neusring", "sale", vat_families.DOMESTIC, ""),
            ("ICL goederen 0%", "sale", vat_families.INTRA_GOODS, ""),
            ("ICP diensten", "sale", vat_families.INTRA_SERVICES, ""),
            ("ICV hoog", "purchase", vat_families.INTRA_GOODS, ""),
            ("BTW verlegd", "sale", vat_families.CO_CONTRACTOR, ""),
            ("Installatie/afstandsverkopen binnen de EU", "sale", vat_families.DISTANCE_SALES, ""),
            ("Installatie/afstandsverkopen buiten de EU", "sale", vat_families.EXPORT, ""),
            ("Inkopen import binnen EU hoog", "purchase", vat_families.INTRA_GOODS, ""),
            ("Export verkopen binnen EU", "sale", vat_families.INTRA_GOODS, ""),
            ("Invoer buiten EU hoog", "purchase", vat_families.IMPORT, ""),
            ("Uitvoer", "sale", vat_families.EXPORT, ""),
        ):
            with self.subTest(name=name):
                found = vat_families.recognise_vat_family("", name, scope)
                self.assertEqual((found.family, found.purchase_class), (family, purchase_class))

    def test_class_from_the_letter_only_without_words(self):
        recognise = vat_families.recognise_vat_family
        self.assertEqual(recognise("D21", "21 %", "purchase").purchase_class, "82")
        self.assertEqual(recognise("D21", "Investeringen", "purchase").purchase_class, "83")
        self.assertEqual(recognise("DOM", "Huur", "purchase").purchase_class, "")

    def test_share_in_the_words(self):
        recognise = vat_families.recognise_vat_family
        for name, share in (
            ("Niet aftrekbaar 21 %", Decimal(0)),
            ("Auto 50 % aftrekbaar", Decimal(50)),
            ("Diensten", None),
        ):
            self.assertEqual(recognise("", name, "purchase").recoverable_share, share)

    def test_never_across(self):
        """Equal rate and equal code do not help when use, family or class differ."""
        tax = TaxProfile(
            name="D21 Diensten",
            code="D21",
            scope="purchase",
            rate=Decimal(21),
            purchase_class="82",
        )
        for name, details in (
            ("Diensten", {"scope": "sale", "rate": "21"}),
            ("Diensten medecontractant", {"scope": "purchase", "rate": "21"}),
            ("Handelsgoederen", {"scope": "purchase", "rate": "21"}),
            ("Diensten", {"scope": "purchase", "rate": "21", "purchase_class": "83"}),
            ("Diensten", {"scope": "purchase", "rate": "21", "refund": True}),
            ("Diensten", {"scope": "purchase", "rate": "6"}),
            ("Diensten 50 % aftrekbaar", {"scope": "purchase", "rate": "21"}),
            ("Diensten buiten btw", {"scope": "purchase", "rate": "21"}),
        ):
            if details.get("purchase_class") == "83":
                name = "21"
            item = MasterItem(kind="vat_code", code="D21", name=name, details=details)
            with self.subTest(name=name, details=details):
                self.assertIsNone(proposals.propose_vat_code(tax, [item]))

    def test_what_no_line_may_name_is_never_proposed(self):
        tax = TaxProfile(name="Verkoop", code="V21", scope="sale", rate=Decimal(21))
        details = {"rate": "21", "scope": "sale"}
        inclusive = MasterItem(
            kind="vat_code", code="V21", name="Verkoop", details={**details, "inclusive": True}
        )
        exclusive = MasterItem(kind="vat_code", code="VE", name="Verkoop", details=details)
        self.assertIsNone(proposals.propose_vat_code(tax, [inclusive]))
        self.assertEqual(proposals.propose_vat_code(tax, [inclusive, exclusive]).code, "VE")
        items = [
            MasterItem(
                kind="ledger_account",
                code=code,
                name="VAT payable",
                details={"bookable": code != "451000"},
            )
            for code in ("451000", "451100")
        ]
        source = Source(name="VAT payable", code="451000")
        self.assertEqual(account_proposals.propose_ledger_account(source, items).code, "451100")

    def test_equal_code_wins_over_equal_properties(self):
        tax = TaxProfile(name="Verkoop", code="V-21", scope="sale", rate=Decimal("21.0"))
        items = [
            MasterItem(kind="vat_code", code=code, name="Verkoop", details={"rate": "21"})
            for code in ("A21", "V21", "Z21")
        ]
        proposal = proposals.propose_vat_code(tax, items)
        self.assertEqual((proposal.code, proposal.reason), ("V21", proposals.SAME_CODE))

    def test_several_that_fit_are_counted(self):
        tax = TaxProfile(name="Verkoop", scope="sale", rate=Decimal(21))
        items = [
            MasterItem(kind="vat_code", code=code, name="Verkoop", details={"rate": "21"})
            for code in ("A", "B")
        ]
        self.assertEqual(proposals.propose_vat_code(tax, items).values["others"], 1)

    def test_ledger_accounts(self):
        items = [
            MasterItem(kind="ledger_account", code=code, name=name)
            for code, name in (
                ("7000", "Omzet"),
                ("610000", "Huur van gebouwen"),
                ("610100", "Onderhoud"),
                ("612345", "Telefoon"),
            )
        ]
        for code, name, expected, reason in (
            ("612345", "Iets", "612345", proposals.SAME_CODE),
            ("700000", "Verkoop", "7000", proposals.SAME_CODE_PADDED),
            ("610500", "Onderhoud en herstelling", "610100", proposals.SIMILAR_NAME),
            ("612999", "Gsm", "612345", proposals.SIMILAR_NAME),
            ("612999", "Test", None, None),
            ("440000", "Leveranciers", None, None),
        ):
            with self.subTest(code=code, name=name):
                source = Source(name=name, code=code, country="BE")
                proposal = account_proposals.propose_ledger_account(source, items)
                self.assertEqual(proposal and proposal.code, expected)
                self.assertEqual(proposal and proposal.reason, reason)

    def test_journals_of_invoices_and_credit_notes(self):
        items = [
            MasterItem(kind="journal", code=code, name=name, details={"type": type_})
            for code, name, type_ in (
                ("V1", "Verkopen", "sale"),
                ("V2", "Creditnota's", "sale"),
                ("A1", "Aankopen", "purchase"),
            )
        ]
        source = Source(name="Klantenfacturen", code="INV", type="sale")
        self.assertEqual(proposals.propose_journal(source, items).code, "V1")
        refund = Source(name="Klantenfacturen", code="INV", type="sale", refund=True)
        self.assertEqual(proposals.propose_journal(refund, items).code, "V2")
        bill = Source(name="Leveranciersfacturen", code="BILL", type="purchase", refund=True)
        self.assertEqual(proposals.propose_journal(bill, items).code, "A1")
        self.assertIsNone(proposals.propose_journal(Source(name="X", type="bank"), items))

    def test_of_several_journals_the_one_for_no_special_purpose_is_certain(self):
        items = [
            MasterItem(kind="journal", code=code, name=name, details={"type": type_})
            for code, name, type_ in (
                ("V3", "Dagontvangsten en kassabonnen", "sale"),
                ("V1", "Verkoopfacturen", "sale"),
                ("60", "Achats", "purchase"),
                ("61", "Achats de frais", "purchase"),
            )
        ]
        for name, type_, code in (
            ("Sales", "sale", "V1"),
            ("Ventes", "sale", "V1"),
            ("Vendor Bills", "purchase", "60"),
            ("Aankopen", "purchase", "60"),
        ):
            for refund in (False, True):
                with self.subTest(name=name, refund=refund):
                    source = Source(name=name, code="X", type=type_, refund=refund)
                    found = proposals.propose_journal(source, items)
                    self.assertEqual((found.code, found.certain), (code, True))
        special = Source(name="Webshop", code="WEB", type="sale")
        self.assertFalse(proposals.propose_journal(special, items).certain)
        again = MasterItem(kind="journal", code="V4", name="Ventes", details={"type": "sale"})
        both = [*items, again]
        plain = Source(name="Sales", code="INV", type="sale")
        self.assertFalse(proposals.propose_journal(plain, both).certain)

    def test_a_share_or_class_that_no_code_has_leaves_the_only_code_certain(self):
        half = TaxProfile(
            name="21% D50",
            scope="purchase",
            rate=Decimal(21),
            purchase_class="82",
            recoverable_share=Decimal(50),
        )
        names = {"A21": "Aankoop binnenland 21 %", "S21": "Intracommunautaire diensten 21 %"}

        def found(more=None):
            items = [
                MasterItem(kind="vat_code", code=code, name=name, details=PURCHASE_AT_21)
                for code, name in (names | (more or {})).items()
            ]
            proposal = proposals.propose_vat_code(half, items)
            return proposal and (proposal.code, proposal.certain)

        self.assertEqual(found(), ("A21", True))
        # beside a code for another share it is the one for all of it
        self.assertIsNone(found({"A2135": "Auto 21 %, 35 % aftrekbaar"}))
        # beside a code of another class it may be for the rest
        self.assertEqual(found({"I21": "Investeringen 21 %"}), ("A21", False))

    def test_payment_terms_and_cost_centres(self):
        terms = [
            MasterItem(
                kind="payment_term",
                code=code,
                name=code,
                details={"days": 30, "end_of_month": end_of_month},
            )
            for code, end_of_month in (("30E", True), ("30", False))
        ]
        proposal = proposals.propose_payment_term(Source(name="30 days", days=30), terms)
        self.assertEqual((proposal.code, proposal.reason), ("30", proposals.SAME_DAYS))
        self.assertTrue(proposal.certain)
        source = Source(name="2/7 net 30", days=30, discount=True)
        proposal = proposals.propose_payment_term(source, terms)
        self.assertEqual((proposal.code, proposal.certain), ("30", False))
        centres = [MasterItem(kind="cost_centre", code="7", name="Project Brugge")]
        self.assertEqual(
            proposals.propose_cost_centre(Source(name="Brugge, project"), centres).code, "7"
        )
        self.assertIsNone(proposals.propose_cost_centre(Source(name="Gent"), centres))

    def test_a_chart_is_prepared_once_for_all_records(self):
        """Prepared for each account again it would take many seconds in a button."""
        chart = Counterparts(
            MasterItem(kind="ledger_account", code=f"61{number:04d}", name=f"Kosten {number}")
            for number in range(0, 600, 7)
        )
        sources = [
            Source(name=f"Kosten {number}", code=f"610{number}") for number in range(100, 150)
        ]
        one_by_one = [
            account_proposals.propose_ledger_account(source, list(chart)) for source in sources
        ]
        with (
            patch.object(counterparts, "normalise", wraps=vat_families.normalise) as names,
            patch.object(counterparts, "plain_code", wraps=counterparts.plain_code) as codes,
        ):
            found = [account_proposals.propose_ledger_account(source, chart) for source in sources]
        self.assertEqual(found, one_by_one)
        reasons = {proposal.reason for proposal in found}
        self.assertEqual(reasons, {proposals.SAME_CODE, proposals.SIMILAR_NAME})
        self.assertEqual(codes.call_count, len(chart))
        self.assertLessEqual(names.call_count, len(chart) + 2 * len(sources))

    def test_the_words_of_a_vat_code_are_read_once_for_all_taxes(self):
        items = Counterparts(
            MasterItem(kind="vat_code", code=f"V{rate}", name=f"{rate} %", details={"rate": rate})
            for rate in ("0", "6", "12", "21")
        )
        with patch.object(proposals, "code_family", wraps=proposals.code_family) as read:
            for rate in (0, 6, 21) * 3:
                tax = TaxProfile(name=f"VAT {rate} %", scope="sale", rate=Decimal(rate))
                self.assertEqual(proposals.propose_vat_code(tax, items).code, f"V{rate}")
        self.assertEqual(read.call_count, len(items))
