"""E-invoices of Peppol BIS Billing 3.0, made of a few values: valid ones for the rules to pass."""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from lxml import etree
from odoo.addons.accountable_connect_ubl.api.rules.tree import (
    BILLING,
    CAC,
    CBC,
    CREDIT_NOTE,
    INVOICE,
    NAMESPACES,
    SELF_BILLING,
)

CENT = Decimal("0.01")
REASONS = {
    "AE": "VATEX-EU-AE",
    "K": "VATEX-EU-IC",
    "G": "VATEX-EU-G",
    "O": "VATEX-EU-O",
    "E": "VATEX-EU-132",
}


def cents(amount):
    return Decimal(amount).quantize(CENT, ROUND_HALF_UP)


@dataclass
class LineOf:
    """``extra``: allowances (negative) and charges of the line, as (amount, reason code, text)."""

    price: str = "100"
    quantity: str = "1"
    category: str = "S"
    rate: str = "21"
    extra: tuple = ()

    @property
    def net(self):
        return cents(Decimal(self.price) * Decimal(self.quantity)) + sum(
            (Decimal(amount) for amount, _code, _text in self.extra), Decimal(0)
        )


@dataclass
class DocumentOf:
    """``adjustments``: allowances (negative) and charges of the document, as (amount, reason code,
    category, rate)."""

    lines: list = field(default_factory=lambda: [LineOf()])
    credit_note: bool = False
    self_billed: bool = False
    adjustments: tuple = ()
    prepaid: str = ""
    rounding: str = ""
    seller_country: str = "BE"
    buyer_country: str = "BE"
    vat_numbers: bool = True
    currency: str = "EUR"
    second_currency_vat: str = ""


def element(parent, name, text=None, **attributes):
    prefix, _, local = name.partition(":")
    made = etree.SubElement(parent, f"{{{NAMESPACES[prefix]}}}{local}", attributes)
    if text is not None:
        made.text = str(text)
    return made


NUMBERS = {
    "seller": {
        "BE": ("0208", "0202239951", "BE0202239951"),
        "NL": ("0106", "12345678", "NL123456782B90"),
    },
    "buyer": {
        "BE": ("0208", "0477472701", "BE0477472701"),
        "NL": ("0106", "87654321", "NL000099998B57"),
        "FR": ("9957", "FR23334175221", "FR23334175221"),
        "US": ("0060", "123456789", ""),
    },
}


def _party(root, role, country, vat_numbers):
    party = element(element(root, f"cac:Accounting{role}Party"), "cac:Party")
    who = "seller" if role == "Supplier" else "buyer"
    scheme, number, vat = NUMBERS[who][country]
    element(party, "cbc:EndpointID", number, schemeID=scheme)
    element(element(party, "cac:PartyName"), "cbc:Name", who.capitalize())
    address = element(party, "cac:PostalAddress")
    element(address, "cbc:StreetName", "Kerkstraat 1")
    element(address, "cbc:CityName", "Gent")
    element(address, "cbc:PostalZone", "9000")
    element(element(address, "cac:Country"), "cbc:IdentificationCode", country)
    if vat_numbers and vat:
        scheme_of = element(party, "cac:PartyTaxScheme")
        element(scheme_of, "cbc:CompanyID", vat)
        element(element(scheme_of, "cac:TaxScheme"), "cbc:ID", "VAT")
    entity = element(party, "cac:PartyLegalEntity")
    element(entity, "cbc:RegistrationName", who.capitalize())
    element(entity, "cbc:CompanyID", number, **({"schemeID": "0106"} if country == "NL" else {}))


def _category(parent, tag, code, rate, reason=False):
    made = element(parent, tag)
    element(made, "cbc:ID", code)
    if code != "O":
        element(made, "cbc:Percent", rate)
    if reason and code in REASONS:
        element(made, "cbc:TaxExemptionReasonCode", REASONS[code])
    element(element(made, "cac:TaxScheme"), "cbc:ID", "VAT")


def _adjustment(parent, amount, code, text, currency):
    made = element(parent, "cac:AllowanceCharge")
    element(made, "cbc:ChargeIndicator", "true" if Decimal(amount) > 0 else "false")
    if code:
        element(made, "cbc:AllowanceChargeReasonCode", code)
    element(made, "cbc:AllowanceChargeReason", text)
    element(made, "cbc:Amount", cents(abs(Decimal(amount))), currencyID=currency)
    return made


def tree(spec):
    """The root element of a :class:`DocumentOf`."""
    namespace = CREDIT_NOTE if spec.credit_note else INVOICE
    name = "CreditNote" if spec.credit_note else "Invoice"
    root = etree.Element(f"{{{namespace}}}{name}", nsmap={None: namespace, "cac": CAC, "cbc": CBC})
    process = "selfbilling" if spec.self_billed else "billing"
    element(root, "cbc:CustomizationID", SELF_BILLING if spec.self_billed else BILLING)
    element(root, "cbc:ProfileID", f"urn:fdc:peppol.eu:2017:poacc:{process}:01:1.0")
    element(root, "cbc:ID", "2026/00015")
    element(root, "cbc:IssueDate", "2026-11-30")
    if spec.credit_note:
        element(root, "cbc:CreditNoteTypeCode", "261" if spec.self_billed else "381")
    else:
        element(root, "cbc:DueDate", "2026-12-30")
        element(root, "cbc:InvoiceTypeCode", "389" if spec.self_billed else "380")
    element(root, "cbc:Note", "Thank you")
    element(root, "cbc:DocumentCurrencyCode", spec.currency)
    if spec.second_currency_vat:
        element(root, "cbc:TaxCurrencyCode", "EUR")
    element(root, "cbc:BuyerReference", "PO 7")
    if spec.credit_note:
        reference = element(element(root, "cac:BillingReference"), "cac:InvoiceDocumentReference")
        element(reference, "cbc:ID", "2026/00009")
    document = element(root, "cac:AdditionalDocumentReference")
    element(document, "cbc:ID", "invoice.pdf")
    attachment = element(document, "cac:Attachment")
    element(
        attachment,
        "cbc:EmbeddedDocumentBinaryObject",
        "JVBERi0=",
        mimeCode="application/pdf",
        filename="invoice.pdf",
    )
    _party(root, "Supplier", spec.seller_country, spec.vat_numbers)
    _party(root, "Customer", spec.buyer_country, spec.vat_numbers)
    delivery = element(root, "cac:Delivery")
    element(delivery, "cbc:ActualDeliveryDate", "2026-11-30")
    address = element(element(delivery, "cac:DeliveryLocation"), "cac:Address")
    element(element(address, "cac:Country"), "cbc:IdentificationCode", spec.buyer_country)
    means = element(root, "cac:PaymentMeans")
    element(means, "cbc:PaymentMeansCode", "30")
    element(means, "cbc:PaymentID", "+++000/0000/00194+++")
    element(element(means, "cac:PayeeFinancialAccount"), "cbc:ID", "BE15001559627230")
    element(element(root, "cac:PaymentTerms"), "cbc:Note", "30 days")
    for amount, code, category, rate in spec.adjustments:
        made = _adjustment(root, amount, code, "Discount", spec.currency)
        _category(made, "cac:TaxCategory", category, rate)
    _totals(root, spec)
    for number, line in enumerate(spec.lines, 1):
        _line(root, number, line, spec)
    return root


def _totals(root, spec):
    bases = {}
    for line in spec.lines:
        key = (line.category, line.rate)
        bases[key] = bases.get(key, Decimal(0)) + line.net
    for amount, _code, category, rate in spec.adjustments:
        bases[category, rate] = bases.get((category, rate), Decimal(0)) + Decimal(amount)
    vats = {key: cents(base * Decimal(key[1]) / 100) for key, base in bases.items()}
    vat = sum(vats.values(), Decimal(0))
    total = element(root, "cac:TaxTotal")
    element(total, "cbc:TaxAmount", cents(vat), currencyID=spec.currency)
    for (category, rate), base in bases.items():
        part = element(total, "cac:TaxSubtotal")
        element(part, "cbc:TaxableAmount", cents(base), currencyID=spec.currency)
        element(part, "cbc:TaxAmount", vats[category, rate], currencyID=spec.currency)
        _category(part, "cac:TaxCategory", category, rate, reason=True)
    if spec.second_currency_vat:
        second = element(root, "cac:TaxTotal")
        element(second, "cbc:TaxAmount", spec.second_currency_vat, currencyID="EUR")
    lines = sum((line.net for line in spec.lines), Decimal(0))
    amounts = [Decimal(one[0]) for one in spec.adjustments]
    without = lines + sum(amounts, Decimal(0))
    figures = [
        ("LineExtensionAmount", lines),
        ("TaxExclusiveAmount", without),
        ("TaxInclusiveAmount", without + vat),
    ]
    if any(one < 0 for one in amounts):
        figures.append(("AllowanceTotalAmount", -sum(one for one in amounts if one < 0)))
    if any(one > 0 for one in amounts):
        figures.append(("ChargeTotalAmount", sum(one for one in amounts if one > 0)))
    if spec.prepaid:
        figures.append(("PrepaidAmount", Decimal(spec.prepaid)))
    if spec.rounding:
        figures.append(("PayableRoundingAmount", Decimal(spec.rounding)))
    payable = without + vat - Decimal(spec.prepaid or 0) + Decimal(spec.rounding or 0)
    figures.append(("PayableAmount", payable))
    totals = element(root, "cac:LegalMonetaryTotal")
    for name, amount in figures:
        element(totals, f"cbc:{name}", cents(amount), currencyID=spec.currency)


def _line(root, number, line, spec):
    kind = "Credit" if spec.credit_note else "Invoice"
    made = element(root, f"cac:{kind}{'Note' if spec.credit_note else ''}Line")
    element(made, "cbc:ID", number)
    name = "cbc:CreditedQuantity" if spec.credit_note else "cbc:InvoicedQuantity"
    element(made, name, line.quantity, unitCode="C62")
    element(made, "cbc:LineExtensionAmount", cents(line.net), currencyID=spec.currency)
    for amount, code, text in line.extra:
        _adjustment(made, amount, code, text, spec.currency)
    item = element(made, "cac:Item")
    element(item, "cbc:Description", "A table of oak")
    element(item, "cbc:Name", "Table")
    _category(item, "cac:ClassifiedTaxCategory", line.category, line.rate)
    element(element(made, "cac:Price"), "cbc:PriceAmount", line.price, currencyID=spec.currency)


def bytes_of(root):
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def one(category, rate="0", **values):
    return DocumentOf(lines=[LineOf(category=category, rate=rate)], **values)


# Valid documents by name.
VALID = {
    "plain": DocumentOf(lines=[LineOf(), LineOf("12.345", "3", "S", "6")]),
    "reverse charge": one("AE"),
    "intra-community": one("K", buyer_country="FR"),
    "export": one("G", buyer_country="US"),
    "exempt": one("E"),
    "zero": one("Z"),
    "outside scope": one("O", vat_numbers=False),
    "credit note": DocumentOf(credit_note=True),
    "self-billed": DocumentOf(self_billed=True),
    "self-billed credit note": DocumentOf(self_billed=True, credit_note=True),
    "allowance and charge": DocumentOf(
        adjustments=(("-10", "95", "S", "21"), ("4", "FC", "S", "21"))
    ),
    "allowance and charge on a line": DocumentOf(
        lines=[LineOf(extra=(("-10", "95", "Discount"), ("0.5", "AEO", "Recupel")))]
    ),
    "cash rounding": DocumentOf(lines=[LineOf("10.01")], rounding="-0.01"),
    "prepaid": DocumentOf(prepaid="21"),
    "paid": DocumentOf(prepaid="121"),
    "foreign currency": DocumentOf(currency="USD", second_currency_vat="19.35"),
    "early payment": DocumentOf(adjustments=(("-2", "64", "S", "21"), ("2", "ZZZ", "E", "0"))),
    "returned item": DocumentOf(lines=[LineOf(), LineOf(quantity="-1", price="20")]),
    "mixed": DocumentOf(
        lines=[LineOf(), LineOf(category="AE", rate="0"), LineOf(category="E", rate="0")]
    ),
    "negative": DocumentOf(lines=[LineOf(quantity="-1")]),
    "Dutch": DocumentOf(seller_country="NL", buyer_country="NL"),
    "Dutch credit note": DocumentOf(seller_country="NL", buyer_country="NL", credit_note=True),
}
