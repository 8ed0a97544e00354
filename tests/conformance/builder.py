"""Neutral documents for the suite, in the codes of a case's administration."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from odoo.addons.accountable_connect.documents import (
    PURCHASE,
    SALE,
    Document,
    Line,
    Party,
)

CENT = Decimal("0.01")
HUNDRED = Decimal(100)


def cents(amount) -> Decimal:
    return Decimal(amount).quantize(CENT, ROUND_HALF_UP)


class Builder:
    """Makes parties, lines and documents; every document gets numbers of its own."""

    def __init__(self, case):
        self.case = case
        self.codes = case.codes
        self.count = 0

    def party(self, **changes):
        values = {
            "external_number": 4711,
            "name": "Drukkerij Meulemans BV",
            "customer": True,
            "vat_number": "BE0999999130",
            "registry_number": "0999999130",
            "street": "Kaai 12",
            "postal_code": "8400",
            "city": "Oostende",
            "country": "BE",
            "language": "nl",
            "email": "boekhouding@meulemans.example",
            "iban": "BE68539007547034",
            "payment_days": 30,
        }
        return Party(**{**values, **changes})

    def supplier(self, **changes):
        values = {
            "external_number": 4712,
            "name": "Garage Lefèvre SRL",
            "customer": False,
            "supplier": True,
            "vat_number": "BE0999999229",
            "registry_number": "0999999229",
            "language": "fr",
        }
        return self.party(**{**values, **changes})

    def line(self, account, code, base, rate=0, *, owed=False, share=None, to_company=None, **more):
        """A line whose VAT is ``rate`` percent of its base; ``owed`` by us or invoiced; ``share``
        percent of it deductible. ``to_company`` converts an amount."""
        base = cents(base)
        vat = cents(base * rate / HUNDRED)
        purchase = share is not None or owed
        deductible = cents(vat * (HUNDRED if share is None else share) / HUNDRED)
        amounts = {
            "base": base,
            "vat_invoiced": Decimal("0.00") if owed else vat,
            "vat_owed": vat if owed else Decimal("0.00"),
            "vat_deductible": deductible if purchase else Decimal("0.00"),
        }
        convert = to_company or (lambda amount: amount)
        company = {f"{name}_company": convert(amount) for name, amount in amounts.items()}
        return Line(
            ledger_account=account,
            vat_code=code,
            recoverable_share=None if share is None else Decimal(share),
            **{**amounts, **company, **more},
        )

    def document(self, kind, lines, **changes):
        """A document of the tenth of March, with the next number of this test."""
        self.count += 1
        day = date(self.case.year, 3, 10)
        is_sale = kind in (SALE, "sale_refund")
        values = {
            "kind": kind,
            "own_reference": f"odoo-0a1b2c3d-{self.count}",
            "number": f"{'INV' if is_sale else 'BILL'}/{day.year}/{self.count:05}",
            "sequence_number": self.count,
            "journal": self.codes.sale_journal if is_sale else self.codes.purchase_journal,
            "document_date": day,
            "accounting_date": day,
            "due_date": day + timedelta(days=30),
            "party": self.party() if is_sale else self.supplier(),
            "currency": "EUR",
            "company_currency": "EUR",
            "reference": "+++202/6000/04236+++",
            "lines": tuple(lines),
            "total": sum((line.total for line in lines), Decimal(0)),
            "total_company": sum((line.total_company for line in lines), Decimal(0)),
        }
        return Document(**{**values, **changes})

    def sale(self, amount="1000.00", **changes):
        line = self.line(self.codes.revenue, self.codes.sale[21], amount, 21)
        return self.document(SALE, [line], **changes)

    def sale_refund(self, amount="100.00", **changes):
        line = self.line(self.codes.revenue, self.codes.sale[21], amount, 21)
        return self.document("sale_refund", [line], **changes)

    def purchase(self, amount="250.00", **changes):
        line = self.line(self.codes.cost, self.codes.purchase[21], amount, 21, share=100)
        return self.document(PURCHASE, [line], **changes)

    def purchase_refund(self, amount="50.00", **changes):
        line = self.line(self.codes.cost, self.codes.purchase[21], amount, 21, share=100)
        return self.document("purchase_refund", [line], **changes)

    @staticmethod
    def dated(document, day):
        return replace(
            document, document_date=day, accounting_date=day, due_date=day + timedelta(days=30)
        )
