"""Documents that break the rules about codes, about Peppol, numbers of parties, and the XML."""

from .broken_e_invoices import (
    ALLOWANCE,
    BUYER,
    CHARGE,
    ITEM_CATEGORY,
    LINE,
    PART,
    PERIOD,
    SELLER,
    WHOLE_PERIOD,
    broken,
)
from .e_invoice_changes import (
    add_party_number,
    after,
    attribute,
    before,
    both,
    drop,
    inside,
    text,
    twice,
)
from .e_invoices import one

CATEGORY = "cac:TaxCategory"


def _reason(category, code, path=PART):
    return both(
        text(f"{PART}/cac:TaxCategory/cbc:TaxExemptionReasonCode", code),
    )


CODES = {
    "BR-CL-01": broken("plain", text("cbc:InvoiceTypeCode", "999"), "PEPPOL-EN16931-P0100"),
    "BR-CL-03": broken(
        "plain",
        attribute("//*[@currencyID]", "currencyID", "EURO"),
        "BR-CO-15",
        "PEPPOL-EN16931-CL007",
        "PEPPOL-EN16931-R051",
    ),
    "BR-CL-04": broken(
        "plain", text("cbc:DocumentCurrencyCode", "EURO"), "BR-CO-15", "PEPPOL-EN16931-R051"
    ),
    "BR-CL-05": broken(
        "foreign currency", text("cbc:TaxCurrencyCode", "EURO"), "BR-53", "PEPPOL-EN16931-R055"
    ),
    "BR-CL-06": broken(
        "plain",
        before(
            "cac:AdditionalDocumentReference",
            "<cac:InvoicePeriod><cbc:DescriptionCode>1</cbc:DescriptionCode></cac:InvoicePeriod>",
        ),
        "PEPPOL-EN16931-CL006",
    ),
    "BR-CL-08": broken("plain", text("cbc:Note", "#XYZ# see the back")),
    "BR-CL-10": broken("plain", add_party_number(SELLER, "9999", "1")),
    "BR-CL-11": broken(
        "plain", attribute(f"{SELLER}/cac:PartyLegalEntity/cbc:CompanyID", "schemeID", "9999")
    ),
    "BR-CL-13": broken(
        "plain",
        before(
            ITEM_CATEGORY,
            '<cac:CommodityClassification><cbc:ItemClassificationCode listID="CPV">9403'
            "</cbc:ItemClassificationCode></cac:CommodityClassification>",
        ),
    ),
    "BR-CL-14": broken(
        "plain", text(f"{BUYER}/cac:PostalAddress/cac:Country/cbc:IdentificationCode", "BEL")
    ),
    "BR-CL-15": broken(
        "plain",
        before(
            ITEM_CATEGORY,
            "<cac:OriginCountry><cbc:IdentificationCode>BEL</cbc:IdentificationCode>"
            "</cac:OriginCountry>",
        ),
    ),
    "BR-CL-16": broken("plain", text("cac:PaymentMeans/cbc:PaymentMeansCode", "99")),
    "BR-CL-17": broken(one("S", "0.5"), text(f"{PART}/{CATEGORY}/cbc:ID", "AA"), "BR-S-01"),
    "BR-CL-18": broken(
        one("S", "0.5"), text(f"{ITEM_CATEGORY}/cbc:ID", "AA"), "BR-S-01", "BR-S-08"
    ),
    "BR-CL-19": broken(
        "allowance and charge",
        text(f"{ALLOWANCE}/cbc:AllowanceChargeReasonCode", "AEO"),
        "PEPPOL-EN16931-CL002",
    ),
    "BR-CL-20": broken(
        "allowance and charge",
        text(f"{CHARGE}/cbc:AllowanceChargeReasonCode", "95"),
        "PEPPOL-EN16931-CL003",
    ),
    "BR-CL-21": broken(
        "plain",
        before(
            ITEM_CATEGORY,
            '<cac:StandardItemIdentification><cbc:ID schemeID="9999">5412345000013</cbc:ID>'
            "</cac:StandardItemIdentification>",
        ),
    ),
    "BR-CL-22": broken("exempt", text(f"{PART}/{CATEGORY}/cbc:TaxExemptionReasonCode", "ART44")),
    "BR-CL-23": broken("plain", attribute(f"{LINE}/cbc:InvoicedQuantity", "unitCode", "PIECE")),
    "BR-CL-24": broken(
        "plain",
        attribute("//cbc:EmbeddedDocumentBinaryObject", "mimeCode", "image/heic"),
        "PEPPOL-EN16931-CL001",
    ),
    "BR-CL-25": broken(
        "plain", attribute(f"{BUYER}/cbc:EndpointID", "schemeID", "9999"), "PEPPOL-EN16931-CL008"
    ),
    "PEPPOL-EN16931-CL003": broken(
        "allowance and charge", text(f"{CHARGE}/cbc:AllowanceChargeReasonCode", "PRV")
    ),
    "PEPPOL-EN16931-CL008": broken(
        "plain",
        both(attribute(f"{BUYER}/cbc:EndpointID", "schemeID", "EM")),
    ),
    "PEPPOL-EN16931-P0100": broken("plain", text("cbc:InvoiceTypeCode", "389")),
    "PEPPOL-EN16931-P0101": broken("credit note", text("cbc:CreditNoteTypeCode", "261")),
    "PEPPOL-EN16931-P0112": broken("plain", text("cbc:InvoiceTypeCode", "384")),
    "PEPPOL-EN16931-F001": broken("plain", text("cbc:IssueDate", "30-11-2026")),
}
for _same, _of in (
    ("PEPPOL-EN16931-CL001", "BR-CL-24"),
    ("PEPPOL-EN16931-CL002", "BR-CL-19"),
    ("PEPPOL-EN16931-CL006", "BR-CL-06"),
    ("PEPPOL-EN16931-CL007", "BR-CL-03"),
):
    _known = CODES[_of]
    CODES[_same] = broken(_known.base, _known.change, _of, *(_known.also - {_same}))
for _id, _code, _base in (
    ("P0104", "VATEX-EU-G", "exempt"),
    ("P0105", "VATEX-EU-O", "exempt"),
    ("P0106", "VATEX-EU-IC", "exempt"),
    ("P0107", "VATEX-EU-AE", "exempt"),
    ("P0108", "VATEX-EU-D", "reverse charge"),
    ("P0109", "VATEX-EU-F", "reverse charge"),
    ("P0110", "VATEX-EU-I", "reverse charge"),
    ("P0111", "VATEX-EU-J", "reverse charge"),
):
    CODES[f"PEPPOL-EN16931-{_id}"] = broken(
        _base, text(f"{PART}/{CATEGORY}/cbc:TaxExemptionReasonCode", _code)
    )

BASE = '<cbc:BaseAmount currencyID="EUR">{}</cbc:BaseAmount>'
PERCENT = "<cbc:MultiplierFactorNumeric>{}</cbc:MultiplierFactorNumeric>"
AMOUNT = f"{LINE}/{ALLOWANCE}/cbc:Amount"
PRICE_ALLOWANCE = (
    "<cac:AllowanceCharge><cbc:ChargeIndicator>{}</cbc:ChargeIndicator>"
    '<cbc:Amount currencyID="EUR">10</cbc:Amount>'
    '<cbc:BaseAmount currencyID="EUR">{}</cbc:BaseAmount></cac:AllowanceCharge>'
)
PER = '<cbc:BaseQuantity unitCode="{}">{}</cbc:BaseQuantity>'
REFERENCE = (
    "<cac:DocumentReference><cbc:ID>7</cbc:ID>"
    "<cbc:DocumentTypeCode>{}</cbc:DocumentTypeCode></cac:DocumentReference>"
)
ITEM = f"{LINE}/cac:Item"

PEPPOL = {
    "R001": broken("plain", drop("cbc:ProfileID"), "PEPPOL-EN16931-R007"),
    "R002": broken("plain", twice("cbc:Note")),
    "R003": broken("plain", drop("cbc:BuyerReference")),
    "R004": broken("plain", text("cbc:CustomizationID", "urn:cen.eu:en16931:2017")),
    "R005": broken(
        "foreign currency",
        text("cbc:DocumentCurrencyCode", "EUR"),
        "BR-CO-15",
        "PEPPOL-EN16931-R051",
    ),
    "R007": broken("plain", text("cbc:ProfileID", "billing")),
    "R008": broken("plain", text("cbc:Note", "")),
    "R010": broken("plain", drop(f"{BUYER}/cbc:EndpointID")),
    "R020": broken("plain", drop(f"{SELLER}/cbc:EndpointID")),
    "R040": broken(
        "allowance and charge on a line",
        both(before(AMOUNT, PERCENT.format("10")), after(AMOUNT, BASE.format("100.30"))),
    ),
    "R041": broken("allowance and charge on a line", before(AMOUNT, PERCENT.format("10"))),
    "R042": broken("allowance and charge on a line", after(AMOUNT, BASE.format("100"))),
    "R043": broken(
        "allowance and charge on a line", text(f"{LINE}/{ALLOWANCE}/cbc:ChargeIndicator", "0")
    ),
    "R044": broken("plain", inside(f"{LINE}/cac:Price", PRICE_ALLOWANCE.format("true", "110"))),
    "R046": broken("plain", inside(f"{LINE}/cac:Price", PRICE_ALLOWANCE.format("false", "111"))),
    "R051": broken(
        "plain", attribute("cac:LegalMonetaryTotal/cbc:PayableAmount", "currencyID", "USD")
    ),
    "R053": broken(
        "foreign currency",
        both(
            drop("cac:TaxTotal[2]"),
            twice("cac:TaxTotal"),
        ),
        "BR-53",
        "BR-CO-15",
        "PEPPOL-EN16931-R054",
        "PEPPOL-EN16931-R055",
    ),
    "R054": broken("foreign currency", drop("cbc:TaxCurrencyCode")),
    "R055": broken("foreign currency", text("cac:TaxTotal[2]/cbc:TaxAmount", "-19.35")),
    "R061": broken("plain", text("cac:PaymentMeans/cbc:PaymentMeansCode", "49")),
    "R080": broken(
        "credit note",
        both(
            *(
                after(
                    "cac:AdditionalDocumentReference",
                    "<cac:AdditionalDocumentReference><cbc:ID>P</cbc:ID>"
                    "<cbc:DocumentTypeCode>50</cbc:DocumentTypeCode>"
                    "</cac:AdditionalDocumentReference>",
                )
                for _number in (1, 2)
            )
        ),
    ),
    "R100": broken(
        "plain", both(before(ITEM, REFERENCE.format("130")), before(ITEM, REFERENCE.format("130")))
    ),
    "R101": broken("plain", before(ITEM, REFERENCE.format("916"))),
    "R110": broken(
        "plain",
        both(
            before("cac:AdditionalDocumentReference", WHOLE_PERIOD),
            after(f"{LINE}/cbc:LineExtensionAmount", PERIOD.format("2026-10-31", "2026-11-30")),
        ),
    ),
    "R111": broken(
        "plain",
        both(
            before("cac:AdditionalDocumentReference", WHOLE_PERIOD),
            after(f"{LINE}/cbc:LineExtensionAmount", PERIOD.format("2026-11-01", "2026-12-01")),
        ),
    ),
    "R120": broken("plain", text(f"{LINE}[1]/cac:Price/cbc:PriceAmount", "100.03")),
    "R121": broken("plain", inside(f"{LINE}/cac:Price", PER.format("C62", "0"))),
    "R130": broken("plain", inside(f"{LINE}/cac:Price", PER.format("HUR", "1"))),
}
PEPPOL = {f"PEPPOL-EN16931-{number}": row for number, row in PEPPOL.items()}

IDENTIFIERS = {
    "PEPPOL-COMMON-R040": broken("plain", add_party_number(BUYER, "0088", "5412345000014")),
    "PEPPOL-COMMON-R041": broken("plain", add_party_number(BUYER, "0192", "974760674")),
    "PEPPOL-COMMON-R042": broken("plain", add_party_number(BUYER, "0184", "1234567")),
    "PEPPOL-COMMON-R043": broken("plain", text(f"{BUYER}/cbc:EndpointID", "0477472702")),
    "PEPPOL-COMMON-R049": broken("plain", add_party_number(BUYER, "0007", "5560360794")),
}

NETHERLANDS = {
    "NL-R-001": broken("Dutch credit note", drop("cac:BillingReference")),
    "NL-R-002": broken("Dutch", drop(f"{SELLER}/cac:PostalAddress/cbc:PostalZone")),
    "NL-R-003": broken(
        "Dutch", attribute(f"{SELLER}/cac:PartyLegalEntity/cbc:CompanyID", "schemeID", None)
    ),
    "NL-R-004": broken("Dutch", drop(f"{BUYER}/cac:PostalAddress/cbc:StreetName")),
    "NL-R-005": broken(
        "Dutch", attribute(f"{BUYER}/cac:PartyLegalEntity/cbc:CompanyID", "schemeID", None)
    ),
    "NL-R-007": broken("Dutch", drop("cac:PaymentMeans")),
    "NL-R-008": broken("Dutch", text("cac:PaymentMeans/cbc:PaymentMeansCode", "10")),
    "NL-R-009": broken(
        "Dutch",
        after(
            f"{LINE}/cbc:LineExtensionAmount",
            "<cac:OrderLineReference><cbc:LineID>1</cbc:LineID></cac:OrderLineReference>",
        ),
    ),
}

SYNTAX = {
    "UBL-SR-05": broken("plain", twice("cac:PaymentTerms")),
    "UBL-SR-08": broken(
        "plain",
        both(
            before("cac:AdditionalDocumentReference", WHOLE_PERIOD),
            before("cac:AdditionalDocumentReference", WHOLE_PERIOD),
        ),
    ),
    "UBL-SR-16": broken(
        "plain",
        both(
            add_party_number(BUYER, "0208", "0477472701"), twice(f"{BUYER}/cac:PartyIdentification")
        ),
    ),
    "UBL-SR-24": broken("plain", twice("cac:Delivery")),
    "UBL-SR-33": broken(
        "plain",
        both(
            *(
                after(
                    "cac:AdditionalDocumentReference/cbc:ID",
                    "<cbc:DocumentDescription>Invoice</cbc:DocumentDescription>",
                )
                for _number in (1, 2)
            )
        ),
    ),
    "UBL-SR-42": broken(
        "plain", both(twice(f"{SELLER}/cac:PartyTaxScheme"), twice(f"{SELLER}/cac:PartyTaxScheme"))
    ),
    "UBL-SR-43": broken(
        "plain",
        after(
            "cac:AdditionalDocumentReference/cbc:ID",
            "<cbc:DocumentTypeCode>916</cbc:DocumentTypeCode>",
        ),
    ),
    "UBL-SR-44": broken(
        "plain",
        both(twice("cac:PaymentMeans"), text("cac:PaymentMeans[2]/cbc:PaymentID", "other")),
    ),
    "UBL-SR-47": broken(
        "plain",
        both(twice("cac:PaymentMeans"), text("cac:PaymentMeans[2]/cbc:PaymentMeansCode", "58")),
    ),
    "UBL-SR-48": broken("plain", twice(ITEM_CATEGORY)),
    "UBL-SR-50": broken("plain", twice(f"{ITEM}/cbc:Description")),
    "UBL-SR-53": broken("reverse charge", drop(f"{BUYER}/cac:PartyTaxScheme/cbc:CompanyID")),
}
