"""What is put right on the tree of an e-invoice, and what an e-invoice says of itself."""

import base64
from datetime import date
from decimal import Decimal

import pytest
from lxml import etree
from odoo.addons.accountable_connect_ubl.api import corrections
from odoo.addons.accountable_connect_ubl.api.reading import (
    CAC,
    CBC,
    WRAPPED,
    amount_at,
    embedded_pdf,
    head_of,
    tree_of,
    unwrapped,
)

PDF = b"%PDF-1.4 as it was printed"
UBL = "urn:oasis:names:specification:ubl:schema:xsd:"


def names(root):
    return [etree.QName(child).localname for child in root]


def ubl(root="Invoice", inside="", totals=""):
    return tree_of(
        f'''<{root} xmlns="{UBL}{root}-2" xmlns:cac="{CAC}" xmlns:cbc="{CBC}">
        <cbc:ID>V/7</cbc:ID><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
        <cac:OrderReference/>{inside}<cac:AccountingSupplierParty/><cac:AccountingCustomerParty/>
        <cac:LegalMonetaryTotal>
        <cbc:TaxInclusiveAmount currencyID="EUR">121.00</cbc:TaxInclusiveAmount>{totals}
        </cac:LegalMonetaryTotal></{root}>'''.encode()
    )


def amount(name, value):
    return f'<cbc:{name} currencyID="EUR">{value}</cbc:{name}>'


def total(root, name):
    return amount_at(root, f"{{*}}LegalMonetaryTotal/{{*}}{name}")


# Open amount


@pytest.mark.parametrize(
    ("prepaid", "payable", "posted", "expected"),
    [
        ("0.00", "121.00", "121.00", "0.00"),
        ("50.00", "71.00", "121.00", "0.00"),
        ("121.00", "0.00", "121.00", "0.00"),
        # the buyer withheld 15.00, and paid 6.00 of the rest
        ("21.00", "100.00", "106.00", "15.00"),
    ],
)
def test_the_open_amount_is_the_whole_total(prepaid, payable, posted, expected):
    root = ubl(totals=amount("PrepaidAmount", prepaid) + amount("PayableAmount", payable))
    corrections.as_unpaid(root, Decimal(posted))
    assert total(root, "PayableAmount") == Decimal(posted)
    assert str(total(root, "PrepaidAmount")) == expected


def test_rounding_stays():
    rounding = amount("PayableRoundingAmount", "-0.02")
    root = ubl(totals=rounding + amount("PayableAmount", "0.00"))
    corrections.as_unpaid(root, Decimal("120.98"))
    assert str(total(root, "PayableRoundingAmount")) == "-0.02"


def test_what_is_withheld_stands_before_the_rounding():
    root = ubl(totals=amount("PayableRoundingAmount", "0.00") + amount("PayableAmount", "121.00"))
    corrections.as_unpaid(root, Decimal("106.00"))
    assert names(root.find("{*}LegalMonetaryTotal")) == [
        "TaxInclusiveAmount",
        "PrepaidAmount",
        "PayableRoundingAmount",
        "PayableAmount",
    ]


def test_without_an_amount_nothing_is_made_up():
    root = ubl()
    before = etree.tostring(root)
    corrections.as_unpaid(root, Decimal("121.00"))
    assert etree.tostring(root) == before


# What it corrects


def test_the_reference_stands_where_ubl_wants_it_and_replaces_another():
    earlier = (
        "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>other</cbc:ID>"
        "</cac:InvoiceDocumentReference></cac:BillingReference><cac:ContractDocumentReference/>"
    )
    root = ubl("CreditNote", earlier)
    corrections.with_reference(root, "V/6", date(2026, 11, 30))
    assert names(root)[2:6] == [
        "OrderReference",
        "BillingReference",
        "ContractDocumentReference",
        "AccountingSupplierParty",
    ]
    reference = root.find("{*}BillingReference/{*}InvoiceDocumentReference")
    assert [child.text for child in reference] == ["V/6", "2026-11-30"]


# The PDF


@pytest.mark.parametrize(
    ("root", "behind"),
    [
        ("Invoice", "ProjectReference"),
        ("Invoice", "AccountingSupplierParty"),
        ("CreditNote", "OriginatorDocumentReference"),
        ("CreditNote", "AccountingSupplierParty"),
    ],
)
def test_the_pdf_stands_where_ubl_wants_it(root, behind):
    own = "" if behind == "AccountingSupplierParty" else f"<cac:{behind}/>"
    tree = ubl(root, own)
    corrections.with_pdf(tree, "V_7.pdf", PDF)
    order = names(tree)
    assert order[order.index("AdditionalDocumentReference") + 1] == behind
    assert embedded_pdf(tree) == PDF


def test_one_that_is_there_stays():
    root = ubl()
    corrections.with_pdf(root, "V_7.pdf", PDF)
    corrections.with_pdf(root, "V_7.pdf", b"%PDF another")
    assert embedded_pdf(root) == PDF
    assert names(root).count("AdditionalDocumentReference") == 1


def test_what_is_embedded_comes_back_as_it_was():
    root = ubl()
    corrections.with_pdf(root, "V_7.pdf", PDF)
    before = etree.tostring(root)
    texts = corrections.without_embedded(root)
    assert base64.b64encode(PDF) not in etree.tostring(root)
    corrections.with_embedded(root, texts)
    assert etree.tostring(root) == before


# Reading


def test_what_is_no_e_invoice():
    assert tree_of(b"%PDF-1.4") is None
    assert tree_of(b"<a") is None
    assert tree_of(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>') is None
    assert tree_of(b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>') is None
    assert head_of(tree_of(b"<a/>")) is None
    assert head_of(None) is None


def test_an_e_invoice_in_its_envelope():
    inner = etree.tostring(ubl()).decode()
    envelope = etree.Element(WRAPPED)
    reference = etree.SubElement(
        etree.SubElement(envelope, f"{{{CAC}}}Attachment"), f"{{{CAC}}}ExternalReference"
    )
    etree.SubElement(reference, f"{{{CBC}}}Description").text = inner
    assert head_of(unwrapped(tree_of(etree.tostring(envelope)))).number == "V/7"


def test_another_syntax_of_the_same_standard():
    ram = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
    root = tree_of(
        f'''<rsm:CrossIndustryInvoice xmlns:ram="{ram}"
        xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100">
        <rsm:ExchangedDocument><ram:ID>R-1</ram:ID><ram:TypeCode>381</ram:TypeCode>
        </rsm:ExchangedDocument><rsm:SupplyChainTradeTransaction>
        <ram:ApplicableHeaderTradeSettlement>
        <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
        <ram:ApplicableTradeTax><ram:CalculatedAmount>21.00</ram:CalculatedAmount>
        <ram:BasisAmount>100.00</ram:BasisAmount><ram:CategoryCode>S</ram:CategoryCode>
        <ram:RateApplicablePercent>21</ram:RateApplicablePercent></ram:ApplicableTradeTax>
        <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
        <ram:GrandTotalAmount>121.00</ram:GrandTotalAmount>
        </ram:SpecifiedTradeSettlementHeaderMonetarySummation>
        </ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction>
        </rsm:CrossIndustryInvoice>'''.encode()
    )
    head = head_of(root)
    assert (head.number, head.credits, head.total) == ("R-1", True, Decimal("121.00"))
    [vat] = head.vat_totals
    assert (vat.code, vat.rate, vat.base, vat.vat) == ("S", 21, 100, 21)
    assert head.sign_for("purchase_refund") == 1
    assert head.sign_for("purchase") == -1
