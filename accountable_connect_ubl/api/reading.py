"""What an e-invoice says of itself, however it came: number, sign, total, VAT."""

import base64
import binascii
import re
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree
from odoo.addons.accountable_connect.documents import VatTotal

CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
UBL = {
    "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice",
    "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote",
}
CII = "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice"
WRAPPED = "{urn:oasis:names:specification:ubl:schema:xsd:AttachedDocument-2}AttachedDocument"
# Peppol BIS Billing 3 and Self-Billing 3, without a national variant of them.
PEPPOL = {
    "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
    "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:selfbilling:3.0",
}
# UNTDID 1001: what credits, and what the buyer wrote.
CREDITS = {"261", "262", "296", "308", "381", "396", "420", "458", "532"}
SELF_BILLED = {"261", "389", "500", "501", "527"}
# What an amount is in XML, as far as any invoice has one: whoever sent it wrote it freely, and
# figures beyond that cannot be added up.
AMOUNT = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})")
LONGEST_CODE = 20
# Where a party has its numbers.
UBL_NUMBERS = (
    "{*}EndpointID",
    "{*}PartyIdentification/{*}ID",
    "{*}PartyTaxScheme/{*}CompanyID",
    "{*}PartyLegalEntity/{*}CompanyID",
)
CII_NUMBERS = (
    "{*}URIUniversalCommunication/{*}URIID",
    "{*}GlobalID",
    "{*}ID",
    "{*}SpecifiedTaxRegistration/{*}ID",
    "{*}SpecifiedLegalOrganization/{*}ID",
)
STRICT = {"resolve_entities": False, "no_network": True, "load_dtd": False}
PIECE = 1 << 16
# An e-invoice names its first element within its first lines.
LONGEST_PROLOGUE = 1 << 20
MOST_VAT_TOTALS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """* ``total`` is what is owed with VAT, before any payment; as it is written, in document
      currency; None where it is not there.
    * ``credits``: it takes back what another document asked for.
    * ``is_peppol``: a Peppol BIS 3 of no national variant.
    * ``vat_totals``: as they are written; none where there are more than any invoice has.
    """

    number: str
    credits: bool
    self_billed: bool
    is_peppol: bool
    currency: str
    total: Decimal | None
    vat_totals: tuple[VatTotal, ...] = ()

    def sign_for(self, kind: str) -> int:
        """1 where the amounts count for this kind of document as they are written, else -1."""
        return 1 if self.credits == kind.endswith("_refund") else -1


class DocumentType(Exception):
    """An XML that describes its own kind: it could bring in other files, or grow without end."""


def strictly_parsed(content: bytes):
    """The root of an XML. Nothing is loaded from elsewhere and no entity is resolved. Raises
    XMLSyntaxError, and :class:`DocumentType` before anything of one is used: entities in attributes
    are always put in, and a parser for what is large (an embedded PDF) has no measure for them."""
    beginning = etree.XMLPullParser(events=("start",), **STRICT)
    for start in range(0, min(len(content), LONGEST_PROLOGUE), PIECE):
        beginning.feed(content[start : start + PIECE])
        found = next(iter(beginning.read_events()), None)
        if found:
            break
    else:
        raise etree.XMLSyntaxError("No element", 0, 0, 0)
    described = found[1].getroottree().docinfo
    if described.doctype or described.internalDTD is not None:
        raise DocumentType
    return etree.fromstring(content, etree.XMLParser(huge_tree=True, **STRICT))


def tree_of(content: bytes):
    """The root of an XML; None for what is no XML, or has a document type."""
    try:
        return strictly_parsed(content)
    except (etree.XMLSyntaxError, ValueError, DocumentType):
        return None


def head_of(root) -> Head | None:
    """None for what is no e-invoice."""
    if root is None:
        return None
    if root.tag in UBL:
        return _of_ubl(root)
    return _of_cii(root) if root.tag == CII else None


def unwrapped(root):
    """The e-invoice in an AttachedDocument; any other tree as it is."""
    if root is None or root.tag != WRAPPED:
        return root
    inner = text_at(root, "{*}Attachment/{*}ExternalReference/{*}Description").encode()
    if not inner:
        embedded = root.find("{*}Attachment/{*}EmbeddedDocumentBinaryObject")
        inner = _decoded(embedded)
    return tree_of(inner) if inner else None


def is_e_invoice(root) -> bool:
    return root is not None and (root.tag in UBL or root.tag in (CII, WRAPPED))


def numbers_of(root, *, is_seller: bool) -> set[str]:
    """The digits of what an e-invoice knows its seller or its buyer by: VAT number, number of the
    company, electronic address; without the zeros in front."""
    if root is None:
        return set()
    if root.tag == CII:
        party = "{*}SellerTradeParty" if is_seller else "{*}BuyerTradeParty"
        agreement = "{*}SupplyChainTradeTransaction/{*}ApplicableHeaderTradeAgreement/"
        found = _texts(root, f"{agreement}{party}/", CII_NUMBERS)
    else:
        party = "{*}AccountingSupplierParty" if is_seller else "{*}AccountingCustomerParty"
        found = _texts(root, f"{party}/{{*}}Party/", UBL_NUMBERS)
    return {plain for text in found if (plain := plain_number(text))}


def plain_number(text) -> str:
    """Only the digits, without the zeros in front: ``BE 0477.472.701`` as ``477472701``."""
    return "".join(sign for sign in text or "" if sign.isascii() and sign.isdigit()).lstrip("0")


def _texts(root, party, paths):
    return [element.text for path in paths for element in root.findall(party + path)]


def embedded_pdf(root) -> bytes:
    """The first PDF in a UBL, b"" where there is none."""
    for element in embedded_objects(root):
        if element.get("mimeCode") == "application/pdf" and (content := _decoded(element)):
            return content
    return b""


def embedded_objects(root) -> list:
    path = "{*}AdditionalDocumentReference/{*}Attachment/{*}EmbeddedDocumentBinaryObject"
    return root.findall(path)


def text_at(element, path) -> str:
    return (element.findtext(path) or "").strip()


def amount_at(element, path) -> Decimal | None:
    """None for what is no amount, or none of an invoice."""
    text = text_at(element, path)
    return Decimal(text) if AMOUNT.fullmatch(text) else None


def _of_ubl(root):
    customization = text_at(root, "{*}CustomizationID")
    code = text_at(root, "{*}InvoiceTypeCode") or text_at(root, "{*}CreditNoteTypeCode")
    totals = "{*}LegalMonetaryTotal/{*}"
    total = amount_at(root, f"{totals}TaxInclusiveAmount")
    if total is not None:
        total += amount_at(root, f"{totals}PayableRoundingAmount") or 0
    currency = text_at(root, "{*}DocumentCurrencyCode")
    return Head(
        number=text_at(root, "{*}ID"),
        credits=root.tag.endswith("}CreditNote") or code in CREDITS,
        self_billed=code in SELF_BILLED or "selfbilling" in customization,
        is_peppol=customization in PEPPOL,
        currency=currency,
        total=total,
        vat_totals=_vat_totals(
            [
                subtotal
                for tax_total in root.findall("{*}TaxTotal")
                if _currency_of(tax_total) in ("", currency)
                for subtotal in tax_total.findall("{*}TaxSubtotal")
            ],
            code="{*}TaxCategory/{*}ID",
            rate="{*}TaxCategory/{*}Percent",
            base="{*}TaxableAmount",
            vat="{*}TaxAmount",
        ),
    )


def _vat_totals(elements, *, code, rate, base, vat):
    """:param code: the path to it in each of the elements; so do the others"""
    if len(elements) > MOST_VAT_TOTALS:
        return ()
    return tuple(
        VatTotal(
            code=text_at(element, code)[:LONGEST_CODE],
            rate=_plain(amount_at(element, rate)),
            base=amount_at(element, base) or Decimal(0),
            vat=amount_at(element, vat) or Decimal(0),
        )
        for element in elements
    )


def _plain(rate):
    """``21.00`` as ``21``: a rate is a key of totals, and written in several ways."""
    return None if rate is None else rate.normalize() + 0


def _currency_of(tax_total):
    element = tax_total.find("{*}TaxAmount")
    return "" if element is None else element.get("currencyID", "")


def _of_cii(root):
    code = text_at(root, "{*}ExchangedDocument/{*}TypeCode")
    settlement = "{*}SupplyChainTradeTransaction/{*}ApplicableHeaderTradeSettlement/{*}"
    sums = f"{settlement}SpecifiedTradeSettlementHeaderMonetarySummation/{{*}}"
    return Head(
        number=text_at(root, "{*}ExchangedDocument/{*}ID"),
        credits=code in CREDITS,
        self_billed=code in SELF_BILLED,
        is_peppol=False,
        currency=text_at(root, f"{settlement}InvoiceCurrencyCode"),
        total=amount_at(root, f"{sums}GrandTotalAmount"),
        vat_totals=_vat_totals(
            root.findall(f"{settlement}ApplicableTradeTax"),
            code="{*}CategoryCode",
            rate="{*}RateApplicablePercent",
            base="{*}BasisAmount",
            vat="{*}CalculatedAmount",
        ),
    )


def _decoded(element):
    if element is None:
        return b""
    try:
        return base64.b64decode(element.text or "")
    except (binascii.Error, ValueError):
        return b""
