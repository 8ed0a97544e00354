"""Documents that have a file of their own in ``data``, each with the entry it makes.

``entry`` is the sum per account, debit positive, as an accountant writes it down: it is typed, and
what the lines of the file must add up to.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from odoo.addons.accountable_connect.documents import (
    PURCHASE,
    PURCHASE_REFUND,
    SALE,
    SALE_REFUND,
    Document,
    Instalment,
)
from odoo.addons.accountable_connect.documents.party import EU_BUSINESS, OTHER_BUSINESS

from ..api.options import NEGATIVE, WHOLE_VAT
from .entries import CUSTOMER, SUPPLIER, bought, document, line

GERMAN = replace(
    SUPPLIER,
    external_number=13,
    name="Müller & Söhne Büromöbel GmbH",
    vat_status=EU_BUSINESS,
    vat_number="DE123456789",
    street="Straße des 17. Juni 135",
    postal_code="10623",
    city="Berlin",
    country="DE",
    language="de",
    iban="",
)
AMERICAN = replace(
    CUSTOMER,
    external_number=14,
    name="Blue Ridge Trading Inc.",
    vat_status=OTHER_BUSINESS,
    vat_number="",
    street="1 Main Street",
    postal_code="24011",
    city="Roanoke, VA",
    country="US",
    language="en",
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One document, its third's number, the entry it makes, and how it was asked for."""

    document: Document
    third: str = ""
    entry: dict[str, str]
    given: dict = field(default_factory=dict)
    options: dict = field(default_factory=dict)

    @property
    def number(self):
        return self.third or ("MEULEMANS" if self.document.is_sale else "LEFEVRE")

    def amounts(self):
        return {account: Decimal(amount) for account, amount in self.entry.items()}


CASES: dict[str, Callable[[], Case]] = {}


def case(make):
    CASES[make.__name__] = make
    return make


# Sales


@case
def sale_two_rates():
    built = document(
        SALE,
        43,
        line("700100", "211200", "1683.44", "101.01", text="Verf"),
        line("700300", "211400", "63.60", "13.35", text="Borstels"),
        communication="+++202/6000/04236+++",
    )
    entry = {"400000": "1861.40", "700100": "-1683.44", "700300": "-63.60", "451000": "-114.36"}
    return Case(document=built, third="CLIENT", entry=entry)


@case
def sale_zero_rate():
    built = document(SALE, 44, line("700000", "221000", 50, text="Boek"))
    return Case(document=built, third="CUST", entry={"400000": "50.00", "700000": "-50.00"})


@case
def sale_credit_note():
    built = document(
        SALE_REFUND,
        5,
        line("700100", "211400", 100, 21, text="Teruggenomen verf"),
        line("700000", "211200", 10, "0.60", text="Teruggenomen boek"),
        text="RINV/2026/00005 / INV/2026/00043 10-02-2026",
    )
    entry = {"400000": "-131.60", "700100": "100.00", "700000": "10.00", "451000": "21.60"}
    return Case(document=built, entry=entry)


@case
def sale_credit_note_negative_base():
    return replace(sale_credit_note(), options={"credit_note_base": NEGATIVE})


@case
def sale_co_contractor():
    built = document(SALE, 45, line("700500", "212000", 4200, text="Dakwerken"))
    return Case(document=built, entry={"400000": "4200.00", "700500": "-4200.00"})


@case
def sale_article_44():
    """Exempt turnover beside taxed turnover: a line of type 4 and a VAT line."""
    built = document(
        SALE,
        46,
        line("700200", "244600", "320.00", text="Opleiding"),
        line("700100", "211400", "80.00", "16.80", text="Handboek"),
    )
    entry = {"400000": "416.80", "700200": "-320.00", "700100": "-80.00", "451000": "-16.80"}
    return Case(document=built, entry=entry)


@case
def sale_cash_rounding():
    """12.08 paid as 12.10: the rounding is turnover of its own, without code."""
    built = document(
        SALE,
        47,
        line("700000", "211400", "9.98", "2.10", text="Kassaverkoop"),
        line("757100", None, "0.02", text="Afronding"),
    )
    entry = {"400000": "12.10", "700000": "-9.98", "757100": "-0.02", "451000": "-2.10"}
    return Case(document=built, entry=entry)


@case
def sale_early_payment_discount():
    """2 % off when paid early: VAT on 980.00, whether the discount is taken or not."""
    built = document(
        SALE,
        48,
        line("700000", "211400", "980.00", "205.80", text="Kasten"),
        line("700000", None, "20.00", text="Korting contant"),
    )
    entry = {"400000": "1205.80", "700000": "-1000.00", "451000": "-205.80"}
    return Case(document=built, entry=entry)


@case
def sale_negative_line():
    """A line that takes off at another rate: its base and its VAT are negative."""
    built = document(
        SALE,
        49,
        line("700000", "211400", "500.00", "105.00", text="Stoel"),
        line("700000", "211200", "-50.00", "-3.00", text="Terugname boek"),
    )
    return Case(
        document=built, entry={"400000": "552.00", "700000": "-450.00", "451000": "-102.00"}
    )


@case
def sale_in_dollars():
    """1 EUR = 1.0850 USD; base and VAT were converted one by one."""
    built = document(
        SALE,
        50,
        line("700000", "211400", 1000, 210, company=("921.66", "193.55", 0, 0), text="Oak table"),
        line("700000", "211200", "49.90", "2.99", company=("45.99", "2.76", 0, 0), text="Book"),
        currency="USD",
        rate=Decimal("1.0850"),
        party=AMERICAN,
    )
    entry = {"400000": "1163.96", "700000": "-967.65", "451000": "-196.31"}
    return Case(document=built, third="BLUERIDGE", entry=entry)


@case
def sale_two_instalments():
    """One line of the third, due when the last instalment is."""
    built = document(
        SALE,
        51,
        line("700000", "211400", "1000.01", "210.00", text="Keuken"),
        due_date=date(2026, 5, 9),
        instalments=(
            Instalment(due_date=date(2026, 4, 9), amount=Decimal("363.00")),
            Instalment(due_date=date(2026, 5, 9), amount=Decimal("847.01")),
        ),
    )
    entry = {"400000": "1210.01", "700000": "-1000.01", "451000": "-210.00"}
    return Case(document=built, entry=entry)


@case
def sale_equal_lines():
    """Equal lines get texts that tell them apart, and a line of nothing is left out."""
    built = document(
        SALE,
        52,
        line("700000", "211400", "10.00", "2.10", text="Onderhoud van de verwarmingsketel, jaar 1"),
        line("700000", "211400", "10.00", "2.10", text="Onderhoud van de verwarmingsketel, jaar 1"),
        line("700000", "211400", 0, text="Gratis"),
    )
    return Case(document=built, entry={"400000": "24.20", "700000": "-20.00", "451000": "-4.20"})


@case
def sale_broken_year():
    """A book year from July: July is its first period."""
    day = date(2026, 7, 15)
    built = document(
        SALE,
        53,
        line("700000", "211400", "1000.00", "210.00", text="Tafel"),
        document_date=day,
        accounting_date=day,
        due_date=date(2026, 8, 14),
    )
    return Case(
        document=built,
        entry={"400000": "1210.00", "700000": "-1000.00", "451000": "-210.00"},
        given={"book_year": "4", "period": "01", "archive_period": "01"},
    )


@case
def sale_broken_year_left_blank():
    return replace(sale_broken_year(), options={"book_year_and_period": False})


@case
def sale_bare():
    """For an office whose WinBooks fills in accounts and OPCODE itself."""
    options = {
        "customer_account": "",
        "supplier_account": "",
        "owed_vat_account": "",
        "deductible_vat_account": "",
        "operation_code": "",
    }
    # without an account: the customer, less the VAT
    entry = {"": "1747.04", "700100": "-1683.44", "700300": "-63.60"}
    return replace(sale_two_rates(), options=options, entry=entry)


# Purchases


@case
def purchase():
    built = document(
        PURCHASE,
        7,
        bought("600000", "112104", 500, 105, text="Hout"),
        reference="F-0815",
        text="BILL/2026/03/0001",
    )
    entry = {"440000": "-605.00", "600000": "500.00", "411000": "105.00"}
    return Case(document=built, third="SUPP", entry=entry)


@case
def purchase_credit_note():
    built = document(
        PURCHASE_REFUND, 2, bought("604000", "111104", "234.56", "49.26", text="Retour platen")
    )
    entry = {"440000": "283.82", "604000": "-234.56", "411000": "-49.26"}
    return Case(document=built, entry=entry)


@case
def purchase_credit_note_negative_base():
    return replace(purchase_credit_note(), options={"credit_note_base": NEGATIVE})


@case
def purchase_co_contractor():
    built = document(
        PURCHASE, 8, bought("611000", "112304", 3600, owed=756, text="Onderhoud gebouw")
    )
    entry = {"440000": "-3600.00", "611000": "3600.00", "411000": "756.00", "451000": "-756.00"}
    return Case(document=built, entry=entry)


@case
def purchase_co_contractor_one_leg():
    """WinBooks adds the opposite line: the file is out of balance by the VAT that is flagged."""
    entry = {"440000": "-3600.00", "611000": "3600.00", "411000": "756.00"}
    return replace(purchase_co_contractor(), options={"second_leg": False}, entry=entry)


@case
def purchase_co_contractor_credit_note():
    built = document(
        PURCHASE_REFUND, 3, bought("611000", "112304", 600, owed=126, text="Onderhoud gebouw")
    )
    entry = {"440000": "600.00", "611000": "-600.00", "411000": "-126.00", "451000": "126.00"}
    return Case(document=built, entry=entry)


@case
def purchase_intra_community_goods():
    built = document(
        PURCHASE,
        9,
        bought("604000", "121104", "999.96", owed="209.99", text="Schreibtisch Größe M"),
        party=GERMAN,
    )
    entry = {"440000": "-999.96", "604000": "999.96", "411000": "209.99", "451000": "-209.99"}
    return Case(document=built, third="MUELLER", entry=entry)


@case
def purchase_intra_community_services():
    built = document(
        PURCHASE,
        10,
        bought("613310", "122104", "59.99", owed="12.60", text="Aufbau"),
        party=GERMAN,
    )
    entry = {"440000": "-59.99", "613310": "59.99", "411000": "12.60", "451000": "-12.60"}
    return Case(document=built, third="MUELLER", entry=entry)


@case
def purchase_import():
    """Import of goods with deferred VAT; the code is the folder's own."""
    built = document(
        PURCHASE, 11, bought("604000", "131104", "5120.75", owed="1075.36", text="Teak")
    )
    entry = {"440000": "-5120.75", "604000": "5120.75", "411000": "1075.36", "451000": "-1075.36"}
    return Case(document=built, entry=entry)


@case
def purchase_in_dollars():
    built = document(
        PURCHASE,
        12,
        line(
            "604000",
            "131104",
            "1237.11",
            owed="259.79",
            deductible="259.79",
            company=("1140.19", 0, "239.44", "239.44"),
            text="Teak",
        ),
        currency="USD",
        rate=Decimal("1.0850"),
    )
    entry = {"440000": "-1140.19", "604000": "1140.19", "411000": "239.44", "451000": "-239.44"}
    return Case(document=built, entry=entry)


@case
def purchase_car_half_deductible():
    built = document(
        PURCHASE, 13, bought("610220", "112504", "612.39", "128.60", share=50, text="Leasing auto")
    )
    entry = {"440000": "-740.99", "610220": "676.69", "411000": "64.30"}
    return Case(document=built, entry=entry)


@case
def purchase_car_whole_vat():
    """WinBooks moves what is not deductible to the cost itself."""
    entry = {"440000": "-740.99", "610220": "612.39", "411000": "128.60"}
    return replace(
        purchase_car_half_deductible(), options={"partly_deductible": WHOLE_VAT}, entry=entry
    )


@case
def purchase_not_deductible():
    built = document(
        PURCHASE,
        14,
        bought("616580", "112603", "84.20", "10.10", share=0, text="Restaurant, spijzen"),
        bought("616580", "112604", "31.40", "6.59", share=0, text="Restaurant, dranken"),
    )
    return Case(document=built, entry={"440000": "-132.29", "616580": "132.29"})


@case
def purchase_not_deductible_whole_vat():
    entry = {"440000": "-132.29", "616580": "115.60", "411000": "16.69"}
    return replace(purchase_not_deductible(), options={"partly_deductible": WHOLE_VAT}, entry=entry)


@case
def purchase_owed_half_deductible():
    """An intra-Community service for a car: we owe all of the VAT and deduct half of it."""
    built = document(
        PURCHASE,
        15,
        bought("610220", "122504", "333.37", owed="70.02", share=50, text="Miete Wagen"),
        party=GERMAN,
    )
    entry = {"440000": "-333.37", "610220": "368.38", "411000": "35.01", "451000": "-70.02"}
    return Case(document=built, third="MUELLER", entry=entry)


@case
def purchase_owed_half_deductible_one_leg():
    """WinBooks mirrors the VAT that is flagged, 35.01; the rest of what we owe is written."""
    entry = {"440000": "-333.37", "610220": "368.38", "411000": "35.01", "451000": "-35.01"}
    return replace(purchase_owed_half_deductible(), options={"second_leg": False}, entry=entry)


@case
def purchase_owed_half_deductible_whole_vat():
    entry = {"440000": "-333.37", "610220": "333.37", "411000": "70.02", "451000": "-70.02"}
    return replace(
        purchase_owed_half_deductible(), options={"partly_deductible": WHOLE_VAT}, entry=entry
    )


@case
def purchase_owed_not_deductible():
    built = document(
        PURCHASE,
        16,
        bought("616500", "122604", "100.00", owed="21.00", share=0, text="Hotel"),
        party=GERMAN,
    )
    entry = {"440000": "-100.00", "616500": "121.00", "451000": "-21.00"}
    return Case(document=built, third="MUELLER", entry=entry)


@case
def purchase_zero_rate():
    built = document(PURCHASE, 17, bought("614000", "112100", "431.20", text="Verzekering"))
    return Case(document=built, entry={"440000": "-431.20", "614000": "431.20"})


@case
def purchase_without_code():
    built = document(PURCHASE, 18, line("616501", None, "120.00", text="Hôtel à Paris"))
    return Case(document=built, entry={"440000": "-120.00", "616501": "120.00"})


@case
def purchase_late():
    """Its period is closed: booked in April, with the date on the paper."""
    built = document(
        PURCHASE,
        19,
        bought("616200", "112104", "89.90", "18.88", text="Telefoon"),
        accounting_date=date(2026, 4, 30),
    )
    entry = {"440000": "-108.78", "616200": "89.90", "411000": "18.88"}
    return Case(document=built, entry=entry, given={"late": True})


@case
def purchase_early_payment_discount():
    built = document(
        PURCHASE,
        20,
        bought("604000", "111104", "980.00", "205.80", text="Platen"),
        line("604000", None, "20.00", text="Korting contant"),
    )
    entry = {"440000": "-1205.80", "604000": "1000.00", "411000": "205.80"}
    return Case(document=built, entry=entry)


@case
def purchase_empties_returned():
    """A discount at the rate of the goods, and empties without VAT."""
    built = document(
        PURCHASE,
        21,
        bought("604000", "111104", "640.00", "134.40", text="Bier"),
        bought("608000", "111104", "-32.00", "-6.72", text="Korting"),
        line("604000", None, "-25.20", text="Leeggoed"),
    )
    entry = {"440000": "-710.48", "604000": "614.80", "608000": "-32.00", "411000": "127.68"}
    return Case(document=built, entry=entry)
