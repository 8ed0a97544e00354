"""Vendor bills from the e-invoices that ship with Odoo's own tests.

Number and dates are put into the book year of the demo (the files carry 2017 or placeholders), and
the buyer is the demo's company; amounts, lines, suppliers and the embedded PDF stay as they are.
"""

import base64
import io
from dataclasses import dataclass

from lxml import etree
from odoo.tools import file_open
from reportlab.pdfgen import canvas

PLACEHOLDER = "___ignore___"
COMMON = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
AGGREGATE = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
PARSER = etree.XMLParser(no_network=True, resolve_entities=False, load_dtd=False)
FROM_ODOO = "l10n_account_edi_ubl_cii_tests/tests/test_files/from_odoo"
BILLING_3 = "account_edi_ubl_cii/tests/test_files/export/bis3/invoice/be/test_invoice"


@dataclass(frozen=True)
class ElectronicInvoice:
    """``key`` becomes the supplier's number; ``account`` the cost account a bookkeeper chooses.
    ``exact`` False: Odoo makes a bill of another total of it."""

    key: str
    path: str
    date: str
    account: str = "604000"
    exact: bool = True


E_INVOICES = (
    ElectronicInvoice("E01", f"{FROM_ODOO}/bis3_out_invoice.xml", "2026-02-06"),
    ElectronicInvoice("E02", f"{FROM_ODOO}/bis3_out_refund.xml", "2026-03-13"),
    ElectronicInvoice("E03", f"{FROM_ODOO}/bis3_ecotaxes_case1.xml", "2026-03-20"),
    ElectronicInvoice(
        "E04",
        f"{BILLING_3}_BR_CO_10_line_extension_amount_sum_lines.xml",
        "2026-04-10",
        exact=False,
    ),
    ElectronicInvoice("E05", f"{BILLING_3}_price_unit_more_decimals.xml", "2026-04-17"),
    ElectronicInvoice("E06", f"{BILLING_3}_negative_price_unit.xml", "2026-04-24"),
    ElectronicInvoice("E07", f"{BILLING_3}_manual_tax_amount.xml", "2026-05-08"),
    ElectronicInvoice(
        "E08",
        f"{BILLING_3}_multiple_fixed_tax_emptying_turned_as_extra_invoice_lines.xml",
        "2026-05-15",
    ),
    ElectronicInvoice("E09", f"{BILLING_3}_early_pay_discount_multiple_taxes.xml", "2026-05-22"),
    ElectronicInvoice("E10", f"{BILLING_3}_send_and_print_additional_documents.xml", "2026-06-05"),
)


def read(invoice: ElectronicInvoice, buyer: dict[str, str]) -> bytes:
    """The e-invoice with the number and the dates of the demo, its company (``name``, ``vat``) as
    the buyer, and a PDF embedded.

    Odoo's test files hold a mark (``___ignore___``) where every export differs: those places are
    filled, nothing else is touched.
    """
    with file_open(invoice.path, "rb") as file:
        tree = etree.parse(file, PARSER)
    root = tree.getroot()
    for name, value in (
        ("ID", invoice.key),
        ("IssueDate", invoice.date),
        ("DueDate", invoice.date),
    ):
        for element in root.findall(f"{{{COMMON}}}{name}"):
            element.text = value
    _address(root, buyer)
    pdf = base64.b64encode(picture(root, invoice)).decode()
    for number, element in enumerate(root.iter(f"{{{COMMON}}}*"), start=1):
        if element.tag.endswith("}EmbeddedDocumentBinaryObject"):
            element.set("filename", f"{invoice.key}.pdf")
            element.set("mimeCode", "application/pdf")
            element.text = pdf
        elif element.text == PLACEHOLDER:
            element.text = f"{invoice.key}-{number}"
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")


def _address(root, buyer):
    """Who gets an e-invoice of another company would not book it."""
    for party in root.iterfind(f"{{{AGGREGATE}}}AccountingCustomerParty/{{{AGGREGATE}}}Party"):
        for element in party.iterfind(f"{{{COMMON}}}EndpointID"):
            element.set("schemeID", "0208")
            element.text = buyer["vat"].removeprefix("BE")
        for name, value in (("Name", buyer["name"]), ("RegistrationName", buyer["name"])):
            for parent in (f"{{{AGGREGATE}}}PartyName", f"{{{AGGREGATE}}}PartyLegalEntity"):
                for element in party.iterfind(f"{parent}/{{{COMMON}}}{name}"):
                    element.text = value
        for element in party.iterfind(f"{{{AGGREGATE}}}PartyTaxScheme/{{{COMMON}}}CompanyID"):
            element.text = buyer["vat"]
        for element in party.iterfind(f"{{{AGGREGATE}}}PartyLegalEntity/{{{COMMON}}}CompanyID"):
            element.attrib.pop("schemeID", None)
            element.text = buyer["vat"].removeprefix("BE")


def picture(root, invoice: ElectronicInvoice) -> bytes:
    """A one-page PDF of the e-invoice, as suppliers embed one."""

    def text(name):
        return next((element.text for element in root.iter(f"{{{COMMON}}}{name}")), "")

    target = io.BytesIO()
    page = canvas.Canvas(target, invariant=True)
    words = (
        text("RegistrationName"),
        f"Invoice {invoice.key}",
        f"Date {invoice.date}",
        f"To pay {text('PayableAmount')} {text('DocumentCurrencyCode')}",
    )
    for position, line in enumerate(words):
        page.drawString(72, 760 - 20 * position, line)
    page.save()
    return target.getvalue()
