"""Purchases and their credit notes as cases."""

from datetime import date
from decimal import Decimal

from odoo.addons.accountable_connect.documents import PURCHASE, PURCHASE_REFUND

from ..api.options import NEGATIVE, WHOLE_VAT
from .case import Case, case
from .entries import GERMAN, bought, document, line


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
    return Case(document=built, third="SUPP", entry=entry, boxes="59=105.00 82=500.00")


@case
def purchase_bare():
    """The supplier, less the VAT, without an account."""
    options = {"supplier_account": "", "deductible_vat_account": "", "operation_code": ""}
    return purchase().variant({"": "-500.00", "600000": "500.00"}, **options)


@case
def purchase_credit_note():
    built = document(
        PURCHASE_REFUND, 2, bought("604000", "111104", "234.56", "49.26", text="Retour platen")
    )
    entry = {"440000": "283.82", "604000": "-234.56", "411000": "-49.26"}
    return Case(document=built, entry=entry, boxes="63=49.26 81=-234.56 85=234.56")


@case
def purchase_credit_note_negative_base():
    return purchase_credit_note().variant(credit_note_base=NEGATIVE)


@case
def purchase_co_contractor():
    built = document(
        PURCHASE, 8, bought("611000", "112304", 3600, owed=756, text="Onderhoud gebouw")
    )
    entry = {"440000": "-3600.00", "611000": "3600.00", "411000": "756.00", "451000": "-756.00"}
    return Case(document=built, entry=entry, boxes="56=756.00 59=756.00 82=3600.00 87=3600.00")


@case
def purchase_co_contractor_one_leg():
    """WinBooks adds the opposite line: the file is out of balance by the VAT that is flagged."""
    entry = {"440000": "-3600.00", "611000": "3600.00", "411000": "756.00"}
    return purchase_co_contractor().variant(entry, second_leg=False)


@case
def purchase_co_contractor_credit_note():
    built = document(
        PURCHASE_REFUND, 3, bought("611000", "112304", 600, owed=126, text="Onderhoud gebouw")
    )
    entry = {"440000": "600.00", "611000": "-600.00", "411000": "-126.00", "451000": "126.00"}
    return Case(
        document=built, entry=entry, boxes="62=126.00 63=126.00 82=-600.00 85=600.00 87=-600.00"
    )


@case
def purchase_intra_community_goods():
    built = document(
        PURCHASE,
        9,
        bought("604000", "121104", "999.96", owed="209.99", text="Schreibtisch Größe M"),
        party=GERMAN,
    )
    entry = {"440000": "-999.96", "604000": "999.96", "411000": "209.99", "451000": "-209.99"}
    return Case(
        document=built,
        third="MUELLER",
        entry=entry,
        boxes="55=209.99 59=209.99 81=999.96 86=999.96",
    )


@case
def purchase_intra_community_services():
    built = document(
        PURCHASE,
        10,
        bought("613310", "122104", "59.99", owed="12.60", text="Aufbau"),
        party=GERMAN,
    )
    entry = {"440000": "-59.99", "613310": "59.99", "411000": "12.60", "451000": "-12.60"}
    return Case(
        document=built, third="MUELLER", entry=entry, boxes="55=12.60 59=12.60 82=59.99 88=59.99"
    )


@case
def purchase_import():
    """Import of goods with deferred VAT; the code is the folder's own."""
    built = document(
        PURCHASE, 11, bought("604000", "131104", "5120.75", owed="1075.36", text="Teak")
    )
    entry = {"440000": "-5120.75", "604000": "5120.75", "411000": "1075.36", "451000": "-1075.36"}
    return Case(document=built, entry=entry, boxes="57=1075.36 59=1075.36 81=5120.75 87=5120.75")


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
    return Case(document=built, entry=entry, boxes="57=239.44 59=239.44 81=1140.19 87=1140.19")


@case
def purchase_car_half_deductible():
    built = document(
        PURCHASE, 13, bought("610220", "112504", "612.39", "128.60", share=50, text="Leasing auto")
    )
    entry = {"440000": "-740.99", "610220": "676.69", "411000": "64.30"}
    return Case(document=built, entry=entry, boxes="59=64.30 82=676.69")


@case
def purchase_car_whole_vat():
    """WinBooks moves what is not deductible to the cost itself."""
    entry = {"440000": "-740.99", "610220": "612.39", "411000": "128.60"}
    return purchase_car_half_deductible().variant(entry, partly_deductible=WHOLE_VAT)


@case
def purchase_not_deductible():
    built = document(
        PURCHASE,
        14,
        bought("616580", "112903", "84.20", "10.10", share=0, text="Restaurant, spijzen"),
        bought("616580", "112904", "31.40", "6.59", share=0, text="Restaurant, dranken"),
    )
    return Case(document=built, entry={"440000": "-132.29", "616580": "132.29"}, boxes="82=132.29")


@case
def purchase_not_deductible_whole_vat():
    entry = {"440000": "-132.29", "616580": "115.60", "411000": "16.69"}
    return purchase_not_deductible().variant(entry, partly_deductible=WHOLE_VAT)


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
    return Case(
        document=built, third="MUELLER", entry=entry, boxes="55=70.02 59=35.01 82=368.38 88=333.37"
    )


@case
def purchase_owed_half_deductible_one_leg():
    """WinBooks mirrors the VAT that is flagged, 35.01; the rest of what we owe is written."""
    entry = {"440000": "-333.37", "610220": "368.38", "411000": "35.01", "451000": "-35.01"}
    return purchase_owed_half_deductible().variant(entry, second_leg=False)


@case
def purchase_owed_half_deductible_whole_vat():
    entry = {"440000": "-333.37", "610220": "333.37", "411000": "70.02", "451000": "-70.02"}
    return purchase_owed_half_deductible().variant(entry, partly_deductible=WHOLE_VAT)


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
    built = document(PURCHASE, 17, bought("614000", "112101", "431.20", text="Verzekering"))
    return Case(document=built, entry={"440000": "-431.20", "614000": "431.20"}, boxes="82=431.20")


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
    return Case(document=built, entry=entry, given={"late": True}, boxes="59=18.88 82=89.90")


@case
def purchase_early_payment_discount():
    built = document(
        PURCHASE,
        20,
        bought("604000", "111104", "980.00", "205.80", text="Platen"),
        line("604000", None, "20.00", text="Korting contant"),
    )
    entry = {"440000": "-1205.80", "604000": "1000.00", "411000": "205.80"}
    return Case(document=built, entry=entry, boxes="59=205.80 81=980.00")


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
    return Case(document=built, entry=entry, boxes="59=127.68 81=608.00")
