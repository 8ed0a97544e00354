"""What of Odoo's e-invoice is put right before it leaves, on its tree: pure, in place.

The receiver books the document, not what became of it: the open amount is that of a document nobody
paid yet. A credit note names the invoice it corrects. The PDF travels inside.
"""

import base64
from datetime import date
from decimal import Decimal

from lxml import etree

from .reading import CAC, CBC, amount_at, embedded_objects

# What stands behind the element, in the order of UBL 2.1.
BEHIND_REFERENCE = (
    "DespatchDocumentReference",
    "ReceiptDocumentReference",
    "StatementDocumentReference",
    "OriginatorDocumentReference",
    "ContractDocumentReference",
    "AdditionalDocumentReference",
    "ProjectReference",
    "Signature",
    "AccountingSupplierParty",
)
BEHIND_FILE = {
    "Invoice": ("ProjectReference", "Signature", "AccountingSupplierParty"),
    "CreditNote": (
        "StatementDocumentReference",
        "OriginatorDocumentReference",
        "Signature",
        "AccountingSupplierParty",
    ),
}
CENT = Decimal("0.01")
# One byte: no element may be empty.
PLACEHOLDER = "AA=="


def as_unpaid(root, total: Decimal) -> None:
    """The open amount is the whole total, whatever was paid since.

    A tax withheld by the buyer stands as prepaid in Peppol's format and stays there.

    :param total: of the document, as the e-invoice writes it: positive on a usual credit note
    """
    totals = root.find(f"{{{CAC}}}LegalMonetaryTotal")
    if totals is None:
        return
    payable = totals.find(f"{{{CBC}}}PayableAmount")
    open_amount = amount_at(totals, f"{{{CBC}}}PayableAmount")
    if payable is None or open_amount is None:
        return
    prepaid = amount_at(totals, f"{{{CBC}}}PrepaidAmount") or Decimal(0)
    withheld = prepaid + open_amount - total
    element = totals.find(f"{{{CBC}}}PrepaidAmount")
    if element is not None:
        element.text = _amount(withheld)
    elif withheld:
        element = etree.Element(f"{{{CBC}}}PrepaidAmount", currencyID=payable.get("currencyID"))
        element.text = _amount(withheld)
        rounding = totals.find(f"{{{CBC}}}PayableRoundingAmount")
        (payable if rounding is None else rounding).addprevious(element)
    payable.text = _amount(total)


def with_reference(root, number: str, day: date | None) -> None:
    """It corrects the document of this number; another reference gives way to it."""
    for earlier in root.findall(f"{{{CAC}}}BillingReference"):
        root.remove(earlier)
    reference = etree.Element(f"{{{CAC}}}BillingReference")
    document = etree.SubElement(reference, f"{{{CAC}}}InvoiceDocumentReference")
    etree.SubElement(document, f"{{{CBC}}}ID").text = number
    if day:
        etree.SubElement(document, f"{{{CBC}}}IssueDate").text = day.isoformat()
    _insert(root, reference, BEHIND_REFERENCE)


def with_pdf(root, name: str, content: bytes) -> None:
    """The PDF inside, as Odoo puts it there when it sends the invoice; one that is there already
    stays."""
    if any(one.get("mimeCode") == "application/pdf" for one in embedded_objects(root)):
        return
    reference = etree.Element(f"{{{CAC}}}AdditionalDocumentReference")
    etree.SubElement(reference, f"{{{CBC}}}ID").text = name
    attachment = etree.SubElement(reference, f"{{{CAC}}}Attachment")
    embedded = etree.SubElement(
        attachment,
        f"{{{CBC}}}EmbeddedDocumentBinaryObject",
        mimeCode="application/pdf",
        filename=name,
    )
    embedded.text = base64.b64encode(content).decode()
    _insert(root, reference, BEHIND_FILE[etree.QName(root).localname])


def without_embedded(root) -> list[str]:
    """Takes out what is embedded, so that what reads the tree does not carry it; the references
    stay. Give the result to :func:`with_embedded`."""
    texts = []
    for element in embedded_objects(root):
        texts.append(element.text)
        element.text = PLACEHOLDER
    return texts


def with_embedded(root, texts: list[str]) -> None:
    """Puts back what :func:`without_embedded` took out."""
    for element, text in zip(embedded_objects(root), texts, strict=True):
        element.text = text


def written(root) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _insert(root, element, behind):
    """Before the first of what stands behind it."""
    for child in root.iterchildren(etree.Element):
        if etree.QName(child).localname in behind:
            child.addprevious(element)
            return
    raise ValueError(f"no place for {element.tag}")


def _amount(amount):
    return str(amount.quantize(CENT))
