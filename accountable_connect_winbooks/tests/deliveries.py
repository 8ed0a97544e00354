"""Documents of a batch, as the core hands them to the writer."""

from datetime import date, datetime
from decimal import Decimal

from odoo.addons.accountable_connect.api.file_package import Parcel
from odoo.addons.accountable_connect.documents import (
    Delivery,
    Document,
    File,
    Line,
    Party,
)
from odoo.addons.accountable_connect_winbooks.api.given import Given

PDF = File(key="ir.attachment,1", name="a.pdf", media_type="application/pdf", content=b"%PDF-1.4")
JOURNALS = {"sale": "VEN", "sale_refund": "NCV", "purchase": "ACH", "purchase_refund": "NCA"}
KIND_OF_THIRD = {"sale": "1", "sale_refund": "1", "purchase": "2", "purchase_refund": "2"}


def line(account, base, vat=0, code=None, text="", owed=0, deductible=None, rate=Decimal(1)):
    """Amounts in the currency of the document; VAT is deductible as a whole where nothing else is
    said."""
    amounts = {
        "base": Decimal(base),
        "vat_invoiced": Decimal(vat),
        "vat_owed": Decimal(owed),
        "vat_deductible": Decimal(deductible or 0),
    }
    cent = Decimal("0.01")
    company = {f"{name}_company": (value / rate).quantize(cent) for name, value in amounts.items()}
    return Line(ledger_account=account, vat_code=code, text=text, **amounts, **company)


def third_row(number, kind, name="Janssens BV", **values):
    """The values of a record of CSF."""
    row = {0: number, 1: kind, 2: name[:40], **values}
    return tuple(row.get(place, "") for place in range(25))


def delivery(kind, number, lines, third="CLIENT", row=None, currency="EUR", rate=Decimal(1),
             when=date(2026, 11, 5), booked=None, files=(), given=None, text="",
             **values):  # fmt: skip
    """One document; ``row`` () for a third that WinBooks is known to have."""
    booked = booked or when
    total = sum((one.total for one in lines), Decimal(0))
    name = f"{kind.upper()}/{number}"
    document = Document(
        kind=kind,
        own_reference=f"db-{kind}-{number}",
        number=name,
        sequence_number=int(number),
        journal=JOURNALS[kind],
        document_date=when,
        accounting_date=booked,
        due_date=when,
        party=Party(external_number=7, name="Janssens BV"),
        currency=currency,
        company_currency="EUR",
        rate=rate,
        text=text,
        lines=tuple(lines),
        total=total,
        total_company=sum((one.total_company for one in lines), Decimal(0)),
        files=tuple(files),
        **values,
    )
    row = third_row(third, KIND_OF_THIRD[kind]) if row is None else row
    own = Given(number=str(number), third=third, third_row=row, archive_period="11", **given or {})
    return Delivery(
        kind=kind,
        number=name,
        journal="INV",
        party_name="Janssens BV",
        document_date=when,
        accounting_date=booked,
        currency=currency,
        total=total,
        files=tuple(files),
        document=document,
        given=own.as_json(),
    )


def parcel(*deliveries):
    return Parcel(name="2026-1", closed_at=datetime(2026, 11, 30), deliveries=deliveries)
