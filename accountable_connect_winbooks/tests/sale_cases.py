"""Sales and their credit notes as cases."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from odoo.addons.accountable_connect.documents import SALE, SALE_REFUND, Instalment
from odoo.addons.accountable_connect.documents.party import OTHER_BUSINESS

from ..api.options import NEGATIVE
from .case import Case, case
from .entries import CUSTOMER, document, line

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
    return Case(document=built, third="CLIENT", entry=entry, boxes="01=1683.44 03=63.60 54=114.36")


@case
def sale_zero_rate():
    built = document(SALE, 44, line("700000", "221000", 50, text="Boek"))
    return Case(
        document=built,
        third="CUST",
        entry={"400000": "50.00", "700000": "-50.00"},
        boxes="46L=50.00",
    )


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
    return Case(document=built, entry=entry, boxes="49=110.00 64=21.60")


@case
def sale_credit_note_negative_base():
    return sale_credit_note().variant(credit_note_base=NEGATIVE)


@case
def sale_co_contractor():
    built = document(SALE, 45, line("700500", "212000", 4200, text="Dakwerken"))
    return Case(
        document=built, entry={"400000": "4200.00", "700500": "-4200.00"}, boxes="45=4200.00"
    )


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
    return Case(document=built, entry=entry, boxes="00=320.00 03=80.00 54=16.80")


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
    return Case(document=built, entry=entry, boxes="03=9.98 54=2.10")


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
    return Case(document=built, entry=entry, boxes="03=980.00 54=205.80")


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
        document=built,
        entry={"400000": "552.00", "700000": "-450.00", "451000": "-102.00"},
        boxes="01=-50.00 03=500.00 54=102.00",
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
    return Case(
        document=built, third="BLUERIDGE", entry=entry, boxes="01=45.99 03=921.66 54=196.31"
    )


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
    return Case(document=built, entry=entry, boxes="03=1000.01 54=210.00")


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
    return Case(
        document=built,
        entry={"400000": "24.20", "700000": "-20.00", "451000": "-4.20"},
        boxes="03=20.00 54=4.20",
    )


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
        boxes="03=1000.00 54=210.00",
    )


@case
def sale_broken_year_left_blank():
    return sale_broken_year().variant(book_year_and_period=False)


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
    return sale_two_rates().variant(entry, **options)
