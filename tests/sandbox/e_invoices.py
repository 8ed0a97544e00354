"""E-invoices as a supplier's software writes them, for whoever drops a file into a box by hand."""

from __future__ import annotations

import base64
from decimal import ROUND_HALF_UP, Decimal

OWNER = ("Vandersmissen Bureaustoelen BV", "BE0999999031")
OTHER = ("Houthandel Ardennen NV", "BE0866773093")
STRANGER = ("Alpenholz AG", "")
CENT = Decimal("0.01")
FORMAT = (
    "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
    "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
)
SPACES = (
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"'
    ' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)


def cents(amount) -> Decimal:
    return Decimal(amount).quantize(CENT, ROUND_HALF_UP)


def e_invoice(
    number="2026-001",
    lines=(("1000.00", "S", "21"),),
    seller=OTHER,
    buyer=OWNER,
    root="Invoice",
    type_code=None,
    currency="EUR",
    prepaid="0.00",
    corrects="",
    pdf=b"%PDF-1.4 inside",
    before="",
    changes=(),
) -> bytes:
    """A document whose totals follow from ``lines``, (net, category, rate) each, or with the VAT as
    a fourth; ``changes`` are pairs of texts, the first of which is replaced by the second."""
    bases: dict[tuple[str, str], Decimal] = {}
    vat: dict[tuple[str, str], Decimal] = {}
    for net, category, rate, *given in lines:
        key = (category, rate)
        bases[key] = bases.get(key, Decimal(0)) + Decimal(net)
        if given:
            vat[key] = vat.get(key, Decimal(0)) + given[0]
    vat = vat or {key: cents(base * Decimal(key[1]) / 100) for key, base in bases.items()}
    net, taxes = sum(bases.values()), sum(vat.values())
    type_code = type_code or ("380" if root == "Invoice" else "381")
    billing = (
        f"<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>{corrects}</cbc:ID>"
        "</cac:InvoiceDocumentReference></cac:BillingReference>"
        if corrects
        else ""
    )
    inside = (
        "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment>"
        f'<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="{number}.pdf">'
        f"{base64.b64encode(pdf).decode()}</cbc:EmbeddedDocumentBinaryObject></cac:Attachment>"
        "</cac:AdditionalDocumentReference>"
        if pdf
        else ""
    )

    def money(name, amount):
        return f'<cbc:{name} currencyID="{currency}">{amount}</cbc:{name}>'

    def category(name, key):
        return (
            f"<cac:{name}><cbc:ID>{key[0]}</cbc:ID><cbc:Percent>{key[1]}</cbc:Percent>"
            f"<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:{name}>"
        )

    subtotals = "".join(
        "<cac:TaxSubtotal>"
        + money("TaxableAmount", bases[key])
        + money("TaxAmount", vat[key])
        + category("TaxCategory", key)
        + "</cac:TaxSubtotal>"
        for key in bases
    )
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}'
        f'<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" {SPACES}>'
        f"<cbc:CustomizationID>{FORMAT[0]}</cbc:CustomizationID>"
        f"<cbc:ProfileID>{FORMAT[1]}</cbc:ProfileID>"
        f"<cbc:ID>{number}</cbc:ID><cbc:IssueDate>2026-03-10</cbc:IssueDate>"
        f"<cbc:{root}TypeCode>{type_code}</cbc:{root}TypeCode>"
        f"<cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>{billing}{inside}"
        + _party("AccountingSupplierParty", *seller)
        + _party("AccountingCustomerParty", *buyer)
        + f"<cac:TaxTotal>{money('TaxAmount', taxes)}{subtotals}</cac:TaxTotal>"
        + "<cac:LegalMonetaryTotal>"
        + money("LineExtensionAmount", net)
        + money("TaxExclusiveAmount", net)
        + money("TaxInclusiveAmount", net + taxes)
        + money("PrepaidAmount", prepaid)
        + money("PayableAmount", net + taxes - Decimal(prepaid))
        + "</cac:LegalMonetaryTotal>"
        + "".join(
            f"<cac:{root}Line><cbc:ID>{place}</cbc:ID>"
            + money("LineExtensionAmount", amount)
            + "<cac:Item><cbc:Name>Oak</cbc:Name>"
            + category("ClassifiedTaxCategory", (code, rate))
            + f"</cac:Item></cac:{root}Line>"
            for place, (amount, code, rate, *_vat) in enumerate(lines, 1)
        )
        + f"</{root}>"
    )
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text.encode()


def _party(role, name, vat):
    tax = (
        f"<cac:PartyTaxScheme><cbc:CompanyID>{vat}</cbc:CompanyID><cac:TaxScheme>"
        "<cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
        if vat
        else ""
    )
    return (
        f"<cac:{role}><cac:Party><cac:PartyName><cbc:Name>{name}</cbc:Name></cac:PartyName>{tax}"
        f"<cac:PartyLegalEntity><cbc:RegistrationName>{name}</cbc:RegistrationName>"
        f"</cac:PartyLegalEntity></cac:Party></cac:{role}>"
    )
