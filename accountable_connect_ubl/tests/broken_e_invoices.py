"""For each rule a document that breaks it: a valid one, and what is changed in it.

``also`` names the rules that ask the same in other words, or that cannot be kept without it.
"""

from dataclasses import dataclass, replace

from .e_invoice_changes import (
    LINE,
    after,
    attribute,
    before,
    both,
    drop,
    inside,
    nothing,
    text,
    totals,
)
from .e_invoices import VALID, DocumentOf, LineOf, one

SELLER = "cac:AccountingSupplierParty/cac:Party"
BUYER = "cac:AccountingCustomerParty/cac:Party"
PART = "cac:TaxTotal/cac:TaxSubtotal"
ADJUSTMENT = "cac:AllowanceCharge"
ALLOWANCE = "cac:AllowanceCharge[cbc:ChargeIndicator='false']"
CHARGE = "cac:AllowanceCharge[cbc:ChargeIndicator='true']"
ITEM_CATEGORY = f"{LINE}/cac:Item/cac:ClassifiedTaxCategory"


@dataclass(frozen=True)
class Broken:
    base: object
    change: object
    also: frozenset = frozenset()

    @property
    def document(self):
        return VALID[self.base] if isinstance(self.base, str) else self.base


def broken(base, change, *also):
    return Broken(base, change, frozenset(also))


PERIOD = (
    "<cac:InvoicePeriod><cbc:StartDate>{}</cbc:StartDate><cbc:EndDate>{}</cbc:EndDate>"
    "</cac:InvoicePeriod>"
)
WHOLE_PERIOD = PERIOD.format("2026-11-01", "2026-11-30")

MANDATORY = {
    "BR-01": broken("plain", drop("cbc:CustomizationID"), "PEPPOL-EN16931-R004"),
    "BR-02": broken("plain", drop("cbc:ID")),
    "BR-03": broken("plain", drop("cbc:IssueDate")),
    "BR-04": broken("plain", drop("cbc:InvoiceTypeCode")),
    "BR-05": broken("plain", drop("cbc:DocumentCurrencyCode"), "PEPPOL-EN16931-R051"),
    "BR-06": broken("plain", drop(f"{SELLER}/cac:PartyLegalEntity/cbc:RegistrationName")),
    "BR-07": broken("plain", drop(f"{BUYER}/cac:PartyLegalEntity/cbc:RegistrationName")),
    "BR-08": broken("plain", drop(f"{SELLER}/cac:PostalAddress")),
    "BR-09": broken("plain", drop(f"{SELLER}/cac:PostalAddress/cac:Country")),
    "BR-10": broken("plain", drop(f"{BUYER}/cac:PostalAddress")),
    "BR-11": broken("plain", drop(f"{BUYER}/cac:PostalAddress/cac:Country")),
    "BR-12": broken("plain", drop("cac:LegalMonetaryTotal/cbc:LineExtensionAmount")),
    "BR-13": broken("plain", drop("cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount")),
    "BR-14": broken("plain", drop("cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount")),
    "BR-15": broken("plain", drop("cac:LegalMonetaryTotal/cbc:PayableAmount")),
    "BR-16": broken(
        one("Z"),
        both(
            drop(LINE),
            totals(
                LineExtensionAmount="0.00",
                TaxExclusiveAmount="0.00",
                TaxInclusiveAmount="0.00",
                PayableAmount="0.00",
            ),
            text(f"{PART}/cbc:TaxableAmount", "0.00"),
        ),
    ),
    "BR-21": broken("plain", drop(f"{LINE}/cbc:ID")),
    "BR-22": broken(one("Z"), drop(f"{LINE}/cbc:InvoicedQuantity")),
    "BR-23": broken("plain", attribute(f"{LINE}/cbc:InvoicedQuantity", "unitCode", None)),
    "BR-24": broken(
        DocumentOf(lines=[LineOf(), LineOf(price="0")]), drop(f"{LINE}[2]/cbc:LineExtensionAmount")
    ),
    "BR-25": broken("plain", drop(f"{LINE}/cac:Item/cbc:Name")),
    "BR-26": broken(DocumentOf(lines=[LineOf(), LineOf(price="0")]), drop(f"{LINE}[2]/cac:Price")),
    "BR-27": broken(DocumentOf(lines=[LineOf(), LineOf(price="-5")]), nothing),
    "BR-28": broken(
        DocumentOf(lines=[LineOf(), LineOf(price="0")]),
        inside(
            f"{LINE}[2]/cac:Price",
            "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>"
            '<cbc:Amount currencyID="EUR">-5</cbc:Amount>'
            '<cbc:BaseAmount currencyID="EUR">-5</cbc:BaseAmount></cac:AllowanceCharge>',
        ),
    ),
    "BR-29": broken(
        "plain",
        before("cac:AdditionalDocumentReference", PERIOD.format("2026-11-30", "2026-11-01")),
    ),
    "BR-30": broken(
        "plain",
        after(f"{LINE}/cbc:LineExtensionAmount", PERIOD.format("2026-11-30", "2026-11-01")),
    ),
    "BR-31": broken(
        DocumentOf(adjustments=(("-0.00", "95", "S", "21"),)),
        both(text(f"{ADJUSTMENT}/cbc:ChargeIndicator", "false"), drop(f"{ADJUSTMENT}/cbc:Amount")),
        "BR-CO-11",
    ),
    "BR-32": broken(
        DocumentOf(adjustments=(("-0.50", "95", "S", "21"),)), drop(f"{ALLOWANCE}/cac:TaxCategory")
    ),
    "BR-33": broken(
        "allowance and charge",
        drop(
            f"{ALLOWANCE}/cbc:AllowanceChargeReason", f"{ALLOWANCE}/cbc:AllowanceChargeReasonCode"
        ),
        "BR-CO-21",
    ),
    "BR-36": broken(
        DocumentOf(adjustments=(("0.00", "FC", "S", "21"),)),
        both(text(f"{ADJUSTMENT}/cbc:ChargeIndicator", "true"), drop(f"{ADJUSTMENT}/cbc:Amount")),
        "BR-CO-12",
    ),
    "BR-37": broken(
        DocumentOf(adjustments=(("0.50", "FC", "S", "21"),)), drop(f"{CHARGE}/cac:TaxCategory")
    ),
    "BR-38": broken(
        "allowance and charge",
        drop(f"{CHARGE}/cbc:AllowanceChargeReason", f"{CHARGE}/cbc:AllowanceChargeReasonCode"),
        "BR-CO-22",
    ),
    "BR-41": broken(
        DocumentOf(lines=[LineOf(extra=(("-0.01", "95", "Discount"),))]),
        drop(f"{LINE}/{ALLOWANCE}/cbc:Amount"),
    ),
    "BR-42": broken(
        "allowance and charge on a line",
        drop(
            f"{LINE}/{ALLOWANCE}/cbc:AllowanceChargeReason",
            f"{LINE}/{ALLOWANCE}/cbc:AllowanceChargeReasonCode",
        ),
        "BR-CO-23",
    ),
    "BR-43": broken(
        DocumentOf(lines=[LineOf(extra=(("0.01", "AEO", "Recupel"),))]),
        drop(f"{LINE}/{CHARGE}/cbc:Amount"),
    ),
    "BR-44": broken(
        "allowance and charge on a line",
        drop(
            f"{LINE}/{CHARGE}/cbc:AllowanceChargeReason",
            f"{LINE}/{CHARGE}/cbc:AllowanceChargeReasonCode",
        ),
        "BR-CO-24",
    ),
    "BR-45": broken("plain", drop(f"{PART}[1]/cbc:TaxableAmount")),
    "BR-46": broken(one("Z"), drop(f"{PART}/cbc:TaxAmount")),
    "BR-47": broken(one("S", "0.5"), drop(f"{PART}/cac:TaxCategory/cbc:ID"), "BR-S-01"),
    "BR-48": broken(
        DocumentOf(lines=[LineOf(), LineOf("1", "1", "S", "6")]),
        both(
            drop(f"{PART}[2]/cac:TaxCategory/cbc:Percent"),
        ),
    ),
    "BR-49": broken("plain", drop("cac:PaymentMeans/cbc:PaymentMeansCode")),
    "BR-50": broken(
        "plain",
        text("cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID", ""),
        "PEPPOL-EN16931-R008",
    ),
    "BR-52": broken("plain", drop("cac:AdditionalDocumentReference/cbc:ID")),
    "BR-53": broken(
        "foreign currency",
        attribute("cac:TaxTotal[2]/cbc:TaxAmount", "currencyID", "GBP"),
        "PEPPOL-EN16931-R055",
    ),
    "BR-54": broken(
        "plain",
        inside(
            f"{LINE}/cac:Item",
            "<cac:AdditionalItemProperty><cbc:Name>Colour</cbc:Name></cac:AdditionalItemProperty>",
        ),
    ),
    "BR-55": broken(
        "credit note",
        drop("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"),
        "PEPPOL-EN16931-R008",
    ),
    "BR-57": broken(
        "plain",
        both(
            before(
                "cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country",
                "<cbc:CityName>Gent</cbc:CityName>",
            ),
            drop("cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country"),
        ),
    ),
    "BR-61": broken("plain", drop("cac:PaymentMeans/cac:PayeeFinancialAccount")),
    "BR-62": broken("plain", attribute(f"{SELLER}/cbc:EndpointID", "schemeID", None)),
    "BR-63": broken("plain", attribute(f"{BUYER}/cbc:EndpointID", "schemeID", None)),
    "BR-64": broken(
        "plain",
        before(
            ITEM_CATEGORY,
            "<cac:StandardItemIdentification><cbc:ID>5412345000013</cbc:ID>"
            "</cac:StandardItemIdentification>",
        ),
    ),
    "BR-65": broken(
        "plain",
        before(
            ITEM_CATEGORY,
            "<cac:CommodityClassification><cbc:ItemClassificationCode>9403"
            "</cbc:ItemClassificationCode></cac:CommodityClassification>",
        ),
    ),
    "BR-CO-03": broken(
        "plain",
        both(
            after("cbc:InvoiceTypeCode", "<cbc:TaxPointDate>2026-11-30</cbc:TaxPointDate>"),
            before(
                "cac:AdditionalDocumentReference",
                "<cac:InvoicePeriod><cbc:DescriptionCode>35</cbc:DescriptionCode>"
                "</cac:InvoicePeriod>",
            ),
        ),
    ),
    "BR-CO-04": broken(
        "plain",
        text(f"{LINE}[1]/cac:Item/cac:ClassifiedTaxCategory/cac:TaxScheme/cbc:ID", "GST"),
        "BR-S-08",
    ),
    "BR-CO-09": broken("plain", text(f"{BUYER}/cac:PartyTaxScheme/cbc:CompanyID", "0477472701")),
    "BR-CO-19": broken(
        "plain",
        before("cac:AdditionalDocumentReference", "<cac:InvoicePeriod/>"),
        "PEPPOL-EN16931-R008",
    ),
    "BR-CO-20": broken(
        "plain",
        after(f"{LINE}/cbc:LineExtensionAmount", "<cac:InvoicePeriod/>"),
        "PEPPOL-EN16931-R008",
    ),
    "BR-CO-25": broken("plain", drop("cbc:DueDate", "cac:PaymentTerms")),
    "BR-CO-26": broken(
        one("O", vat_numbers=False), drop(f"{SELLER}/cac:PartyLegalEntity/cbc:CompanyID")
    ),
}
for _same, _of in (
    ("BR-CO-21", "BR-33"),
    ("BR-CO-22", "BR-38"),
    ("BR-CO-23", "BR-42"),
    ("BR-CO-24", "BR-44"),
):
    MANDATORY[_same] = replace(MANDATORY[_of], also=frozenset({_of}))

TOTALS = {
    "BR-CO-10": broken(
        "plain",
        totals(
            LineExtensionAmount="137.05",
            TaxExclusiveAmount="137.05",
            TaxInclusiveAmount="160.27",
            PayableAmount="160.27",
        ),
    ),
    "BR-CO-11": broken(
        "allowance and charge",
        totals(
            AllowanceTotalAmount="10.01",
            TaxExclusiveAmount="93.99",
            TaxInclusiveAmount="113.73",
            PayableAmount="113.73",
        ),
    ),
    "BR-CO-12": broken(
        "allowance and charge",
        totals(
            ChargeTotalAmount="4.01",
            TaxExclusiveAmount="94.01",
            TaxInclusiveAmount="113.75",
            PayableAmount="113.75",
        ),
    ),
    "BR-CO-13": broken(
        "allowance and charge",
        totals(TaxExclusiveAmount="100.00", TaxInclusiveAmount="119.74", PayableAmount="119.74"),
    ),
    "BR-CO-14": broken(
        "plain",
        both(
            text("cac:TaxTotal/cbc:TaxAmount", "23.23"),
            totals(TaxInclusiveAmount="160.27", PayableAmount="160.27"),
        ),
    ),
    "BR-CO-15": broken("plain", totals(TaxInclusiveAmount="160.28", PayableAmount="160.28")),
    "BR-CO-16": broken("prepaid", totals(PayableAmount="121.00")),
    "BR-CO-17": broken(
        one("S", "0.4"),
        both(
            text("cac:TaxTotal/cbc:TaxAmount", "0.60"),
            text(f"{PART}/cbc:TaxAmount", "0.60"),
            totals(TaxInclusiveAmount="100.60", PayableAmount="100.60"),
        ),
    ),
    "BR-CO-18": broken(
        "plain", drop(PART), "BR-S-01", "PEPPOL-EN16931-R053", "PEPPOL-EN16931-R054"
    ),
}
for _id, _base, _path in (
    ("BR-DEC-01", "allowance and charge", f"{ALLOWANCE}/cbc:Amount"),
    ("BR-DEC-05", "allowance and charge", f"{CHARGE}/cbc:Amount"),
    ("BR-DEC-09", "plain", "cac:LegalMonetaryTotal/cbc:LineExtensionAmount"),
    ("BR-DEC-10", "allowance and charge", "cac:LegalMonetaryTotal/cbc:AllowanceTotalAmount"),
    ("BR-DEC-11", "allowance and charge", "cac:LegalMonetaryTotal/cbc:ChargeTotalAmount"),
    ("BR-DEC-12", "plain", "cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount"),
    ("BR-DEC-13", "plain", "cac:TaxTotal/cbc:TaxAmount"),
    ("BR-DEC-14", "plain", "cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount"),
    ("BR-DEC-15", "foreign currency", "cac:TaxTotal[2]/cbc:TaxAmount"),
    ("BR-DEC-16", "prepaid", "cac:LegalMonetaryTotal/cbc:PrepaidAmount"),
    ("BR-DEC-17", "cash rounding", "cac:LegalMonetaryTotal/cbc:PayableRoundingAmount"),
    ("BR-DEC-18", "plain", "cac:LegalMonetaryTotal/cbc:PayableAmount"),
    ("BR-DEC-19", "plain", f"{PART}/cbc:TaxableAmount"),
    ("BR-DEC-20", "plain", f"{PART}/cbc:TaxAmount"),
    ("BR-DEC-23", "plain", f"{LINE}/cbc:LineExtensionAmount"),
    ("BR-DEC-24", "allowance and charge on a line", f"{LINE}/{ALLOWANCE}/cbc:Amount"),
    ("BR-DEC-27", "allowance and charge on a line", f"{LINE}/{CHARGE}/cbc:Amount"),
):

    def _longer(root, path=_path):
        from .e_invoice_changes import _elements

        for element in _elements(root, path):
            element.text += "0"

    TOTALS[_id] = broken(_base, _longer)
for _id, _base, _holder in (
    ("BR-DEC-02", "allowance and charge", ALLOWANCE),
    ("BR-DEC-06", "allowance and charge", CHARGE),
    ("BR-DEC-25", "allowance and charge on a line", f"{LINE}/{ALLOWANCE}"),
    ("BR-DEC-28", "allowance and charge on a line", f"{LINE}/{CHARGE}"),
):
    _amount = {ALLOWANCE: "10", CHARGE: "4"}.get(_holder, "10" if ALLOWANCE in _holder else "0.5")
    TOTALS[_id] = broken(
        _base,
        both(
            before(
                f"{_holder}/cbc:Amount",
                "<cbc:MultiplierFactorNumeric>100</cbc:MultiplierFactorNumeric>",
            ),
            after(
                f"{_holder}/cbc:Amount",
                f'<cbc:BaseAmount currencyID="EUR">{_amount}.000</cbc:BaseAmount>'
                if "." not in _amount
                else f'<cbc:BaseAmount currencyID="EUR">{_amount}00</cbc:BaseAmount>',
            ),
        ),
    )
