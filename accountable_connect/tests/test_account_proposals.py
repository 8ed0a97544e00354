"""Which ledger account is proposed for an account, and when nobody has to look."""

from dataclasses import replace

from odoo.tests import BaseCase

from ..api import proposals
from ..api.account_names import AccountNames
from ..api.account_proposals import number_likeness, propose_ledger_account, rank_ledger_accounts
from ..api.account_template import AccountTemplate, number_is_law, source_names
from ..api.account_use import COST, UsedAccount
from ..api.account_words import words_of
from ..api.counterparts import Counterparts
from ..api.learned import Learned, account_by_experience
from ..api.proposals import Source
from ..documents import MasterItem

BELGIAN = AccountTemplate.of_rows(
    "be_comp",
    {
        "a604": {
            "code": "604",
            "name": "Goods for Resale",
            "name@fr": "Marchandises",
            "name@nl": "Handelsgoederen",
        },
        "a6100": {"code": "6100", "name": "Rent", "name@fr": "Loyers", "name@nl": "Huur"},
        "a613310": {
            "code": "613310",
            "name": "Software and IT Services",
            "name@fr": "Logiciels et services informatiques",
            "name@nl": "Software en IT-diensten",
        },
        "a6162": {"code": "6162", "name": "Internet and Phone", "name@nl": "Internet en telefoon"},
        "a640200": {
            "code": "640200",
            "name": "Taxes on Cars",
            "name@nl": "Belastingen op auto's",
        },
    },
)
DUTCH = AccountTemplate.of_rows(
    "nl",
    {
        "4120": {
            "code": "4120",
            "name": "Property taxes",
            "name@nl": "Belastingen onroerend goed",
        },
        "4130": {"code": "4130", "name": "Energy costs", "name@nl": "Energiekosten"},
    },
)


def chart(*accounts, nature=""):
    details = {"nature": nature} if nature else {}
    return Counterparts(
        MasterItem(kind="ledger_account", code=code, name=name, details=details)
        for code, name in accounts
    )


def source(template, xml_id, name=None, **values):
    """A company's account made from a template, under one of its names or another."""
    account = template.find(xml_id, "")
    return Source(
        code=account.code.ljust(6, "0"),
        template=template,
        country=template.country,
        **source_names([name or account.names[0]], account),
        **values,
    )


class TestAccountProposals(BaseCase):
    def assert_proposed(self, found, code, certain):
        self.assertEqual((found and found.code, bool(found and found.certain)), (code, certain))

    def test_the_number_of_the_law_is_certain_under_no_other_number(self):
        """However like a name is: here the office has the account, with a name nobody knows."""
        goods = source(BELGIAN, "a604")
        elsewhere = chart(("600100", "Handelsgoederen"), ("610000", "Huur"))
        self.assert_proposed(propose_ledger_account(goods, elsewhere), "600100", certain=True)
        beside = chart(("600100", "Handelsgoederen"), ("604000", "Xyz"), ("610000", "Huur"))
        self.assertFalse(propose_ledger_account(goods, beside).certain)

    def test_the_class_of_the_law_is_the_type(self):
        """Without number: goods in stock are no cost, although they bear the name."""
        goods = replace(source(BELGIAN, "a604"), code="", account=UsedAccount("", COST))
        found = propose_ledger_account(
            goods, chart(("340000", "Handelsgoederen"), ("60", "Goederen"))
        )
        self.assertFalse(found and found.certain)
        ranked = rank_ledger_accounts(
            goods, chart(("340000", "Marchandises"), ("604", "Marchandises"))
        )
        self.assertEqual([one.one.code for one in ranked], ["604", "340000"])

    def test_an_account_that_is_not_to_be_used_gets_none(self):
        one = Source(name="Huur (niet gebruiken)", code="610999", template=BELGIAN, country="BE")
        self.assertIsNone(propose_ledger_account(one, chart(("611000", "Huur"))))

    def test_words_of_a_compound_whatever_its_ending(self):
        self.assertEqual(words_of("Kasverschillen"), ("cash", "difference"))
        self.assertEqual(words_of("Onderhoudskosten"), ("maintain", "cost"))
        self.assertEqual(words_of("Versicherungskosten"), ("insurance", "cost"))
        # neither a bank nor maintenance
        self.assertEqual(words_of("Sponsoring"), ("advertise",))
        self.assertEqual(words_of("Recruitment"), ("recruit",))

    def test_words_that_mean_one_thing_together(self):
        for names in (
            ("Te ontvangen facturen", "Factures à recevoir", "Invoices to be received"),
            ("Gereed product", "Produits finis", "Finished goods", "Fertige Erzeugnisse"),
            ("Over te dragen kosten", "Charges à reporter"),
        ):
            self.assertEqual(len({frozenset(words_of(name)) for name in names}), 1, names)

    def test_each_name_says_what_the_other_does_not(self):
        names = AccountNames(["Personeelsfeest en receptie", "Parking"])
        self.assertFalse(names.goes_with(["Staff on loan"], 0))
        self.assertTrue(names.goes_with(["Parking for cars"], 1))

    def test_a_name_counts_in_every_language_of_the_template(self):
        """Whatever language the company's accounts are in."""
        office = chart(("6100", "Loyers"), ("604010", "Achats de marchandises"), ("6162", "Gsm"))
        self.assert_proposed(propose_ledger_account(source(BELGIAN, "a6100"), office), "6100", True)
        found = propose_ledger_account(source(BELGIAN, "a604", "Handelsgoederen"), office)
        self.assertEqual(found.code, "604010")

    def test_also_outside_the_group_of_its_number(self):
        office = chart(("612300", "TEL. & INTERNET"), ("616200", "Reclame"))
        found = propose_ledger_account(source(BELGIAN, "a6162"), office)
        self.assertEqual((found.code, found.reason), ("612300", proposals.SIMILAR_NAME))

    def test_of_equal_accounts_the_exact_name_wins_not_the_longest_number(self):
        office = chart(
            ("604000", "Achats de marchandises"), ("604020", "Achats de marchandises hors UE")
        )
        own = Source(name="Achats de marchandises", code="604500", country="BE")
        self.assertEqual(propose_ledger_account(own, office).code, "604000")

    def test_an_equal_number_under_another_name_is_not_certain(self):
        office = chart(
            ("640100", "Verkeersbelasting"), ("640200", "Gemeente- en provinciebelasting")
        )
        found = propose_ledger_account(source(BELGIAN, "a640200"), office)
        self.assertEqual(found.code, "640100")
        dutch = chart(("4120", "Gas en water"), ("4700", "Onroerendezaakbelasting"))
        found = propose_ledger_account(source(DUTCH, "4120"), dutch)
        self.assertFalse(found and found.code == "4120" and found.certain)

    def test_where_numbers_are_law(self):
        for country, code, expected in (
            ("BE", "604000", True),
            ("BE", "613310", False),
            ("BE", "617000", True),
            ("BE", "640000", True),
            ("BE", "640200", False),
            ("BE", "630200", True),
            ("BE", "700500", False),
            ("BE", "743000", False),
            ("LU", "613310", True),
            ("NL", "4120", False),
            ("", "604000", False),
        ):
            with self.subTest(country=country, code=code):
                self.assertEqual(number_is_law(country, code), expected)

    def test_in_the_free_groups_a_number_alone_is_not_certain(self):
        office = chart(("613310", "Kosten wagenpark"), ("613000", "Erelonen"))
        found = propose_ledger_account(source(BELGIAN, "a613310"), office)
        self.assertFalse(found and found.certain)
        office = chart(("613310", "Software en IT"), ("613000", "Erelonen"))
        self.assert_proposed(
            propose_ledger_account(source(BELGIAN, "a613310"), office), "613310", True
        )

    def test_nothing_rather_than_the_first_of_a_group(self):
        office = chart(
            ("618000", "Bezoldiging bestuurders"),
            ("615000", "Reiskosten"),
            ("550000", "KBC zichtrekening"),
        )
        for code, name in (
            ("618999", "Test"),
            ("615999", "Privé-uitgaven"),
            ("550005", "Wise USD"),
        ):
            with self.subTest(name):
                own = Source(name=name, code=code, template=BELGIAN, country="BE")
                self.assertIsNone(propose_ledger_account(own, office))

    def test_a_renamed_account_goes_by_its_own_name_first(self):
        office = chart(("613310", "Software"), ("616520", "Reclame en marketing"))
        renamed = source(BELGIAN, "a613310", "Reclame")
        self.assertTrue(renamed.renamed)
        found = propose_ledger_account(renamed, office)
        self.assertEqual(found.code, "616520")
        self.assertFalse(found.certain)
        # another spelling, as other versions of Odoo have it, is no other name
        self.assertFalse(source(BELGIAN, "a613310", "Software & IT-diensten").renamed)

    def test_an_account_of_another_type_is_never_certain(self):
        cost = UsedAccount(code="613310", nature="cost", belgian=True)
        office = chart(("613310", "Software en IT-diensten"), nature="income")
        self.assertIsNone(propose_ledger_account(source(BELGIAN, "a613310", account=cost), office))
        office = chart(("211000", "Software en IT-diensten"), nature="asset")
        found = propose_ledger_account(source(BELGIAN, "a613310", account=cost), office)
        self.assertFalse(found and found.certain)

    def test_a_name_that_is_rather_another_accounts_speaks_against_it(self):
        """The office's account for internet is not the one for software."""
        office = chart(("613300", "Internet en telefoon"), ("613400", "IT-kosten"))
        ranked = rank_ledger_accounts(source(BELGIAN, "a613310"), office)
        self.assertEqual(ranked[0].one.code, "613400")

    def test_numbers(self):
        for code, other, expected in (
            ("604000", "604000", 1.0),
            ("604000", "6040", 0.97),
            ("412000", "4120", 0.97),
            ("604000", "604010", 0.8),
            ("604010", "604000", 0.7),
            ("613310", "613320", 0.6),
            ("613310", "640000", 0.15),
            ("613310", "700000", 0.0),
            ("", "604000", 0.0),
        ):
            with self.subTest(code=code, other=other):
                self.assertAlmostEqual(number_likeness(code, other), expected)

    def test_words_of_bookkeeping(self):
        for name, expected in (
            ("Autoverzekering", {"car", "insurance"}),
            ("Assurance voitures", {"car", "insurance"}),
            ("VERZ. WAGENS", {"car", "insurance"}),
            ("Brandstofkosten auto's", {"fuel", "car", "cost"}),
            ("Carburant pour voitures", {"fuel", "car"}),
            ("Verkopen buiten de EU", {"sale", "non_eu"}),
            ("Ventes hors UE", {"sale", "non_eu"}),
            ("Verkäufe außerhalb der EU", {"non_eu"}),
            ("Onderhoud en herst. gebouwen", {"maintain", "building"}),
        ):
            with self.subTest(name):
                self.assertLessEqual(expected, set(words_of(name)))

    def test_what_was_learned_comes_first_but_for_a_certain_one_nobody_overruled(self):
        office = chart(("6100", "Huur"), ("610900", "Huur diversen"))
        rent = source(BELGIAN, "a6100")
        found = propose_ledger_account(rent, office)
        self.assert_proposed(found, "6100", True)
        for learned, code in (
            (Learned("610900"), "6100"),
            (Learned("610900", "6100"), "610900"),
            (Learned("619999", "6100"), "6100"),  # not in this administration
        ):
            with self.subTest(learned=learned):
                self.assert_proposed(
                    account_by_experience(rent, office, learned, found), code, True
                )

    def test_a_template_is_found_by_its_number_where_the_xml_id_is_gone(self):
        self.assertEqual(BELGIAN.find("gone", "604000").xml_id, "a604")
        self.assertIsNone(BELGIAN.find("gone", "604010"))
