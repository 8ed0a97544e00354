"""Master data and documents that the tests of the mapping share; guids are readable."""

from datetime import date
from decimal import Decimal

from odoo.addons.accountable_connect.documents import (
    Document,
    Instalment,
    Line,
    MasterItem,
    Party,
)
from odoo.addons.accountable_connect_exact.api.codes import Codes

PARTY = "3c3c1b0e-0000-4000-8000-000000000001"
ENTRY = "5e000000-0000-4000-8000-000000000042"
PLACE = "d0000000-0000-4000-8000-000000000001"


def account_guid(code):
    return f"9a000000-0000-4000-8000-000000{code}"


def account(code, **details):
    return MasterItem(
        kind="ledger_account",
        code=code,
        name=f"Account {code}",
        details={"guid": account_guid(code), "bookable": True, "type": 110, **details},
    )


def vat_code(code, scope="", type="E", **details):  # noqa: A002
    if scope:
        details["scope"] = scope
    return MasterItem(
        kind="vat_code", code=code, name=code, details={"type": type, "charged": False, **details}
    )


def period(month, year=2026, closed=()):
    last = {2: 28, 4: 30, 6: 30, 9: 30, 11: 30}.get(month, 31)
    return MasterItem(
        kind="period",
        code=f"{year}/{month}",
        name=f"{year}/{month}",
        details={
            "date_from": f"{year}-{month:02}-01",
            "date_to": f"{year}-{month:02}-{last}",
            "book_year": str(year),
            "year": year,
            "period": month,
            "closed": False,
            "closed_journals": list(closed),
        },
    )


MASTER = (
    MasterItem(kind="journal", code="70", name="Verkopen", details={"type": "sale"}),
    MasterItem(kind="journal", code="60", name="Aankopen", details={"type": "purchase"}),
    MasterItem(kind="journal", code="79", name="Oud", details={"type": "sale"}, active=False),
    account("700000", result=True),
    account("743000"),
    account("616200", vat_box="82"),
    account("604000", vat_box="81"),
    account("657100", result=True),
    account("407000", type=20, bookable=False),
    account("400000", type=20, bookable=False),
    account("610220", cost_centre_required=True),
    account("610230", cost_centre_allowed=False, cost_unit="P9"),
    vat_code("21", "sale", rate="21"),
    vat_code("6", "sale", rate="6"),
    vat_code("IG", "sale", "B", rate="0"),
    vat_code("GV", "sale", "N", rate="0"),
    vat_code("21I", "sale", "I", rate="21", inclusive=True),
    vat_code("A21", "purchase", rate="21"),
    vat_code("A0", "purchase", "B", rate="0"),
    vat_code("M21", "purchase", rate="21", charged=True),
    vat_code("BD", "", "B", rate="0"),
    MasterItem(
        kind="payment_term",
        code="30",
        name="30 dagen",
        details={"method": "B", "days": 30, "end_of_month": False},
    ),
    MasterItem(
        kind="payment_term",
        code="3X",
        name="Drie keer",
        details={"method": "B", "instalments": True},
    ),
    MasterItem(kind="cost_centre", code="SALES", name="Verkoop"),
    MasterItem(kind="cost_unit", code="P1", name="Project 1"),
    *(period(month) for month in range(1, 13)),
)
CODES = Codes(MASTER)

CUSTOMER = Party(
    external_number=4711,
    name="Drukkerij Meulemans BV",
    customer=True,
    vat_number="BE0999999130",
    registry_number="0999999130",
    street="Kaai 12",
    postal_code="8400",
    city="Oostende",
    country="BE",
    language="nl",
    email="boekhouding@meulemans.example",
    phone="059 70 00 00",
    iban="BE68539007547034",
    bic="HBKABE22",
    payment_days=30,
)
SUPPLIER = Party(
    external_number=4712,
    name="Garage Lefèvre SRL",
    supplier=True,
    vat_number="BE0999999229",
    registry_number="0999999229",
    country="BE",
    language="fr",
)


def line(account_code, code, base, vat="0.00", **more):
    """A line; owed VAT and company amounts come with ``more``."""
    values = {
        "ledger_account": account_code,
        "vat_code": code,
        "base": Decimal(base),
        "vat_invoiced": Decimal(vat),
        "base_company": Decimal(base),
        "vat_invoiced_company": Decimal(vat),
    }
    for name, value in more.items():
        is_amount = name.startswith(("vat_", "base")) or name == "recoverable_share"
        values[name] = Decimal(value) if is_amount and isinstance(value, str) else value
    if "base_company" not in more or "vat_owed" in more:
        values.setdefault("vat_owed_company", values.get("vat_owed", Decimal(0)))
    return Line(**values)


def document(kind, *lines, **changes):
    is_sale = kind.startswith("sale")
    values = {
        "kind": kind,
        "own_reference": "odoo-0a1b2c3d-42",
        "number": "INV/2026/00042" if is_sale else "BILL/2026/03/0007",
        "sequence_number": 42,
        "journal": "70" if is_sale else "60",
        "document_date": date(2026, 3, 5),
        "accounting_date": date(2026, 3, 5),
        "due_date": date(2026, 4, 4),
        "party": CUSTOMER if is_sale else SUPPLIER,
        "currency": "EUR",
        "company_currency": "EUR",
        "reference": "+++090/9337/55493+++" if is_sale else "F 2026/0118",
        "address": "https://odoo.example/odoo/accounting/42",
        "lines": lines,
        "total": sum((one.total for one in lines), Decimal(0)),
        "total_company": sum((one.total_company for one in lines), Decimal(0)),
    }
    return Document(**{**values, **changes})


def dollars(amount):
    return str((Decimal(amount) / Decimal("1.0850")).quantize(Decimal("0.01")))


DOCUMENTS = {
    "sale": document(
        "sale",
        line("700000", "21", "1000.00", "210.00", text="Advies maart", cost_centres=("SALES",)),
        line("700000", "6", "50.00", "3.00", text="Boeken", cost_centres=("", "P1")),
        line("743000", "GV", "-0.01", text="Afronding"),
        payment_term="30",
        text="Project Haven",
    ),
    "sale_refund": document(
        "sale_refund",
        line("700000", "21", "300.00", "63.00"),
        line("700000", "21", "-30.00", "-6.30"),
        origin_number="INV/2026/00040",
        number="RINV/2026/00003",
    ),
    "sale_refund_of_zero": document(
        "sale_refund",
        line("700000", "21", "100.00", "21.00"),
        line("743000", "21", "-100.00", "-21.00"),
    ),
    "sale_in_dollars": document(
        "sale",
        line(
            "700000",
            "21",
            "1000.00",
            "210.00",
            base_company=dollars("1000.00"),
            vat_invoiced_company=dollars("210.00"),
        ),
        currency="USD",
        rate=Decimal("1.0850"),
    ),
    "sale_with_one_cent_less_vat": document(
        "sale",
        line("700000", "21", "47.62", "9.99"),
        line("743000", "21", "0.02", "0.01"),
    ),
    "sale_in_instalments": document(
        "sale",
        line("700000", "21", "100.00", "21.00"),
        payment_term="3X",
        instalments=(
            Instalment(due_date=date(2026, 4, 4), amount=Decimal("60.50")),
            Instalment(due_date=date(2026, 5, 4), amount=Decimal("60.50")),
        ),
    ),
    "purchase_partly_deductible": document(
        "purchase",
        line(
            "616200",
            "A21",
            "612.39",
            "128.60",
            recoverable_share="35",
            vat_deductible="45.01",
            vat_deductible_company="45.01",
        ),
        line("604000", "A0", "12.00", recoverable_share="100"),
        communication="+++202/6000/04236+++",
    ),
    "purchase_reverse_charge": document(
        "purchase",
        line(
            "604000",
            "M21",
            "3600.00",
            vat_owed="756.00",
            vat_deductible="756.00",
            vat_deductible_company="756.00",
            recoverable_share="100",
        ),
        accounting_date=date(2026, 5, 31),
    ),
    "purchase_refund": document(
        "purchase_refund",
        line(
            "616200",
            "A21",
            "100.00",
            "21.00",
            recoverable_share="50",
            vat_deductible="10.50",
            vat_deductible_company="10.50",
            text="Retour " * 12,
        ),
        reference="CN-2026/000000000000000000000000118",
    ),
}
