"""Documents that break the rules of the VAT categories, one for each rule and category."""

from .broken_e_invoices import ALLOWANCE, CHARGE, ITEM_CATEGORY, PART, SELLER, broken
from .e_invoice_changes import after, both, drop, nothing, text, totals
from .e_invoices import DocumentOf, LineOf, one

ITEM = "InvoiceLine"
NAMES = {"S": "S", "Z": "Z", "E": "E", "AE": "AE", "K": "IC", "G": "G", "O": "O"}
RATES = {"S": "21"}


def _document(code, **values):
    rate = RATES.get(code, "0")
    country = {"K": "FR", "G": "US"}.get(code, "BE")
    values.setdefault("vat_numbers", code != "O")
    values.setdefault("lines", [LineOf(category=code, rate=rate)])
    return DocumentOf(buyer_country=country, **values)


def _adjusted(code, amount, reason):
    """The document has an allowance or charge under a category, its line under another."""
    rate = RATES.get(code, "0")
    other = "O" if code == "O" else "Z" if code != "Z" else "E"
    return _document(
        code,
        lines=[LineOf(category=other, rate="0")],
        adjustments=((amount, reason, code, rate),),
    )


def _without_numbers(code):
    """What a document lacks so that its numbers are not those the category asks for."""
    if code == "O":
        scheme = (
            "<cac:PartyTaxScheme><cbc:CompanyID>BE0202239951</cbc:CompanyID><cac:TaxScheme>"
            "<cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
        )
        return after(f"{SELLER}/cac:PostalAddress", scheme)
    return drop(f"{SELLER}/cac:PartyTaxScheme")


def _wrong_rate(code):
    return {"S": "0", "O": "0"}.get(code, "6")


def _rate(path, code):
    """:param path: of the category in a line, allowance or charge"""
    if code == "O":
        return after(f"{path}/cbc:ID", "<cbc:Percent>0</cbc:Percent>")
    return text(f"{path}/cbc:Percent", _wrong_rate(code))


def _of(code):
    id = f"BR-{NAMES[code]}-"
    rules = {}
    document = _document(code)
    # another line keeps the category of the breakdown out of it
    rules[id + "01"] = broken(
        document,
        both(
            after(PART, _part("Z" if code != "Z" else "E", "0.00")),
            drop(f"{PART}[1]"),
            text("cac:TaxTotal/cbc:TaxAmount", "0.00"),
            totals(TaxInclusiveAmount="100.00", PayableAmount="100.00"),
        ),
        f"BR-{'Z' if code != 'Z' else 'E'}-08",
    )
    rules[id + "02"] = broken(document, _without_numbers(code))
    for number, amount, reason in (("03", "-10", "95"), ("04", "10", "FC")):
        rules[id + number] = broken(
            _adjusted(code, amount, reason),
            _without_numbers(code),
            "BR-O-02" if code == "O" else "BR-Z-02" if code != "Z" else "BR-E-02",
        )
    # of a standard rate, the base is compared per rate
    same_base = ("BR-S-08",) if code == "S" else ()
    rules[id + "05"] = broken(document, _rate(ITEM_CATEGORY, code), *same_base)
    for number, amount, reason, path in (
        ("06", "-10", "95", ALLOWANCE),
        ("07", "10", "FC", CHARGE),
    ):
        rules[id + number] = broken(
            _adjusted(code, amount, reason), _rate(f"{path}/cac:TaxCategory", code), *same_base
        )
    rules[id + "08"] = broken(document, text(f"{PART}/cbc:TaxableAmount", "102.00"))
    rules[id + "09"] = broken(
        document,
        both(
            text(f"{PART}/cbc:TaxAmount", "22.50" if code == "S" else "0.40"),
            text("cac:TaxTotal/cbc:TaxAmount", "22.50" if code == "S" else "0.40"),
            totals(
                TaxInclusiveAmount="122.50" if code == "S" else "100.40",
                PayableAmount="122.50" if code == "S" else "100.40",
            ),
        ),
        *(("BR-CO-17",) if code == "S" else ()),
    )
    if code in ("S", "Z"):
        reason = "<cbc:TaxExemptionReason>None</cbc:TaxExemptionReason>"
        change = after(f"{PART}/cac:TaxCategory/cbc:Percent", reason)
    else:
        change = drop(f"{PART}/cac:TaxCategory/cbc:TaxExemptionReasonCode")
    rules[id + "10"] = broken(document, change)
    return rules


def _part(code, vat):
    reason = "" if code == "Z" else "<cbc:TaxExemptionReason>Exempt</cbc:TaxExemptionReason>"
    return (
        '<cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">100.00</cbc:TaxableAmount>'
        f'<cbc:TaxAmount currencyID="EUR">{vat}</cbc:TaxAmount><cac:TaxCategory>'
        f"<cbc:ID>{code}</cbc:ID><cbc:Percent>0</cbc:Percent>{reason}<cac:TaxScheme>"
        "<cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal>"
    )


VAT_CATEGORIES = {}
for _code in NAMES:
    VAT_CATEGORIES |= _of(_code)

MIXED_WITH_O = [LineOf(category="O", rate="0"), LineOf(category="E", rate="0")]
VAT_CATEGORIES |= {
    "BR-IC-11": broken(one("K", buyer_country="FR"), drop("cac:Delivery/cbc:ActualDeliveryDate")),
    "BR-IC-12": broken(one("K", buyer_country="FR"), drop("cac:Delivery/cac:DeliveryLocation")),
    "BR-O-11": broken(
        DocumentOf(lines=MIXED_WITH_O, vat_numbers=False), nothing, "BR-O-12", "BR-E-02"
    ),
    "BR-O-12": broken(
        DocumentOf(lines=MIXED_WITH_O, vat_numbers=False), nothing, "BR-O-11", "BR-E-02"
    ),
    "BR-O-13": broken(
        one("O", vat_numbers=False, adjustments=(("-10", "95", "E", "0"),)),
        nothing,
        "BR-O-11",
        "BR-E-03",
    ),
    "BR-O-14": broken(
        one("O", vat_numbers=False, adjustments=(("10", "FC", "E", "0"),)),
        nothing,
        "BR-O-11",
        "BR-E-04",
    ),
}
