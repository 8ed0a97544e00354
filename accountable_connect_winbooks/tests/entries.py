"""Neutral documents in the codes of a folder, and what they were given, for tests without Odoo."""

from dataclasses import replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from odoo.addons.accountable_connect.api.file_package import Parcel
from odoo.addons.accountable_connect.documents import (
    PURCHASE,
    PURCHASE_REFUND,
    SALE,
    SALE_REFUND,
    Delivery,
    Document,
    Instalment,
    Line,
    Party,
)
from odoo.addons.accountable_connect.documents.party import EU_BUSINESS
from odoo.addons.accountable_connect_winbooks.api.given import Given
from odoo.addons.accountable_connect_winbooks.api.options import Options
from odoo.addons.accountable_connect_winbooks.api.third import third_row
from odoo.addons.accountable_connect_winbooks.api.writer import write

CENT = Decimal("0.01")
DAY = date(2026, 3, 10)
DUE = date(2026, 4, 9)
JOURNALS = {SALE: "VEN", SALE_REFUND: "NCV", PURCHASE: "ACH", PURCHASE_REFUND: "NCA"}
PREFIXES = {SALE: "INV", SALE_REFUND: "RINV", PURCHASE: "BILL", PURCHASE_REFUND: "RBILL"}
CUSTOMER = Party(
    external_number=11,
    name="Drukkerij Meulemans BV",
    customer=True,
    vat_number="BE0999999130",
    street="Kaai 12",
    postal_code="8400",
    city="Oostende",
    country="BE",
    language="nl",
    phone="+32 59 12 34 56",
)
SUPPLIER = Party(
    external_number=12,
    name="Garage Lefèvre SRL",
    supplier=True,
    vat_number="BE0999999229",
    street="Rue de l'Écluse 7",
    postal_code="5000",
    city="Namur",
    country="BE",
    language="fr",
    iban="BE68539007547034",
)

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


def amount(value) -> Decimal:
    return Decimal(str(value)).quantize(CENT, ROUND_HALF_UP)


def line(account, code, base, vat=0, *, owed=0, deductible=None, text="", company=None):
    """A line of a document. ``company`` has base, VAT and deductible VAT in euro, where the
    document is in another currency.

    :param vat: invoiced; ``owed`` is what we owe
    :param deductible: of either; None where the question does not arise
    """
    names = ("base", "vat_invoiced", "vat_owed", "vat_deductible")
    values = dict(zip(names, map(amount, (base, vat, owed, deductible or 0)), strict=True))
    in_euro = values.values() if company is None else map(amount, company)
    return Line(
        ledger_account=account,
        vat_code=code,
        text=text,
        **values,
        **{f"{name}_company": value for name, value in zip(names, in_euro, strict=True)},
    )


def bought(account, code, base, vat=0, *, owed=0, share=100, text=""):
    """A line of a bill whose VAT is deductible for ``share`` percent."""
    part = (amount(vat) + amount(owed)) * share / 100
    return line(account, code, base, vat, owed=owed, deductible=part, text=text)


def document(kind, count, *lines, **changes) -> Document:
    """One of the tenth of March, with the number ``count`` of its journal."""
    is_sale = kind in (SALE, SALE_REFUND)
    month = "" if is_sale else "03/"
    number = f"{PREFIXES[kind]}/2026/{month}{count:0{5 if is_sale else 4}}"
    values = {
        "kind": kind,
        "own_reference": f"odoo-0a1b2c3d-{count}",
        "number": number,
        "sequence_number": count,
        "journal": JOURNALS[kind],
        "document_date": DAY,
        "accounting_date": DAY,
        "due_date": DUE,
        "party": CUSTOMER if is_sale else SUPPLIER,
        "currency": "EUR",
        "company_currency": "EUR",
        "reference": number if is_sale else f"F-{count:04}",
        "text": number,
        "lines": lines,
        "total": sum((one.total for one in lines), Decimal(0)),
        "total_company": sum((one.total_company for one in lines), Decimal(0)),
    }
    built = Document(**{**values, **changes})
    return replace(
        built, instalments=built.instalments or (Instalment(due_date=DUE, amount=built.total),)
    )


def given_to(built: Document, third: str, **changes) -> Given:
    """What it was given: the number of its journal, a third that no upload has shown."""
    kind = "1" if built.is_sale else "2"
    values = {
        "number": str(built.sequence_number),
        "third": third,
        "third_row": third_row(built.party, third, kind),
        "archive_period": f"{built.accounting_date.month:02}",
    }
    return Given(**{**values, **changes})


def delivery(built: Document, given: Given, files=()) -> Delivery:
    return Delivery(
        kind=built.kind,
        number=built.number,
        journal=built.journal,
        party_name=built.party.name,
        document_date=built.document_date,
        accounting_date=built.accounting_date,
        currency=built.currency,
        total=built.total,
        files=tuple(files),
        document=built,
        given=given.as_json(),
    )


def parcel(*deliveries, name="B00001") -> Parcel:
    return Parcel(name=name, closed_at=datetime(2026, 4, 1, 12), deliveries=deliveries)


def written(*deliveries, **options) -> dict[str, bytes]:
    """The files of a batch, by name."""
    return {file.name: file.content for file in write(parcel(*deliveries), Options(**options))}
