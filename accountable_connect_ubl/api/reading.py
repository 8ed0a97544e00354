"""What an e-invoice says of itself, however it came: number, sign, total, VAT."""

import base64
import binascii
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """* ``total`` is what is owed with VAT, before any payment; as it is written, in document
      currency; None where it is not there.
    * ``credits``: it takes back what another document asked for.
    * ``is_peppol``: a Peppol BIS 3 of no national variant.
    * ``vat_totals``: as they are written.
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


def tree_of(content: bytes):
    """The root of an XML; None for what is no XML, or has a document type. Nothing is loaded from
    elsewhere and no entity is resolved; what is embedded may be large."""
    options = {"resolve_entities": False, "no_network": True, "load_dtd": False}
    try:
        root = etree.fromstring(content, etree.XMLParser(huge_tree=True, **options))
    except (etree.XMLSyntaxError, ValueError):
        return None
    described = root.getroottree().docinfo
    return None if described.doctype or described.internalDTD is not None else root


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
    try:
        amount = Decimal(text_at(element, path))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


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
        vat_totals=tuple(
            VatTotal(
                code=text_at(subtotal, "{*}TaxCategory/{*}ID"),
                rate=_plain(amount_at(subtotal, "{*}TaxCategory/{*}Percent")),
                base=amount_at(subtotal, "{*}TaxableAmount") or Decimal(0),
                vat=amount_at(subtotal, "{*}TaxAmount") or Decimal(0),
            )
            for tax_total in root.findall("{*}TaxTotal")
            if _currency_of(tax_total) in ("", currency)
            for subtotal in tax_total.findall("{*}TaxSubtotal")
        ),
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
        vat_totals=tuple(
            VatTotal(
                code=text_at(tax, "{*}CategoryCode"),
                rate=_plain(amount_at(tax, "{*}RateApplicablePercent")),
                base=amount_at(tax, "{*}BasisAmount") or Decimal(0),
                vat=amount_at(tax, "{*}CalculatedAmount") or Decimal(0),
            )
            for tax in root.findall(f"{settlement}ApplicableTradeTax")
        ),
    )


def _decoded(element):
    if element is None:
        return b""
    try:
        return base64.b64decode(element.text or "")
    except (binascii.Error, ValueError):
        return b""
