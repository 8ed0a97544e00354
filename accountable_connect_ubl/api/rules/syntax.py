"""How often something may stand in the XML: EN 16931, UBL-SR-*.

After the schematron of EN 16931 for UBL; those of it that what Odoo writes, or an addon beside it,
can break. The order of elements is Odoo's, UBL-CR-* (elements that nobody reads) only warn.
"""

from odoo.addons.accountable_connect.documents.sentence import SentencesOf

from .rule import BUYER, DOCUMENT, PAYMENT, SELLER, Breach, Table, line_place
from .tree import all_found, found, text_at, text_of

_lt = SentencesOf(__name__)

SYNTAX = Table()
rule = SYNTAX.rule


@rule("UBL-SR-05", "There is one text of payment terms at most.")
def payment_terms(ubl):
    if len(ubl.all("cac:PaymentTerms/cbc:Note")) > 1:
        yield Breach(_lt("The payment terms stand in the e-invoice twice."), PAYMENT)


@rule("UBL-SR-08", "The document has one period at most.")
def one_period(ubl):
    if len(ubl.all("cac:InvoicePeriod")) > 1:
        yield Breach(_lt("The e-invoice has more than one period."))


@rule("UBL-SR-16", "The buyer has one number besides those of VAT and register at most.")
def buyer_numbers(ubl):
    if len(all_found(ubl.buyer, "cac:PartyIdentification/cbc:ID")) > 1:
        yield Breach(_lt("The customer has more than one number."), BUYER)


@rule("UBL-SR-24", "There is one delivery at most.")
def one_delivery(ubl):
    if len(ubl.all("cac:Delivery")) > 1:
        yield Breach(_lt("The e-invoice has more than one delivery."))


@rule("UBL-SR-33", "A file has one description at most.")
def file_description(ubl):
    for one in ubl.named("cac:AdditionalDocumentReference"):
        if len(all_found(one, "cbc:DocumentDescription")) > 1:
            yield Breach(_lt("A file in the e-invoice has more than one description."))


@rule("UBL-SR-42", "The seller has two tax numbers at most.")
def seller_tax_numbers(ubl):
    if len(all_found(ubl.seller, "cac:PartyTaxScheme")) > 2:
        yield Breach(_lt("The seller has more than two tax numbers."), SELLER)


@rule("UBL-SR-43", "A file has no document type, but the object and the project of a credit note.")
def file_type(ubl):
    for one in ubl.named("cac:AdditionalDocumentReference"):
        code = text_at(one, "cbc:DocumentTypeCode")
        if code == "130" or ubl.is_credit_note and code == "50":
            continue
        number = found(one, "cbc:ID")
        scheme = number is not None and number.get("schemeID") is not None
        if scheme or found(one, "cbc:DocumentTypeCode") is not None:
            yield Breach(_lt("A file in the e-invoice has a type it may not have."))


@rule("UBL-SR-44", "All payments have the same reference.")
def one_payment_reference(ubl):
    if len({text_of(one) for one in ubl.named("cbc:PaymentID")}) > 1:
        yield Breach(_lt("The e-invoice has more than one payment reference."), PAYMENT)


@rule("UBL-SR-47", "All payments are of one kind.")
def one_payment_kind(ubl):
    if len({text_of(one) for one in ubl.named("cbc:PaymentMeansCode")}) > 1:
        yield Breach(_lt("The e-invoice is paid in more than one way."), PAYMENT)


@rule("UBL-SR-48", "Each line has one VAT category.")
def one_category(ubl):
    for number, line in enumerate(ubl.lines, 1):
        count = len(all_found(line, "cac:Item/cac:ClassifiedTaxCategory"))
        if count > 1:
            yield Breach(_lt("There is more than one VAT."), line_place(number))
        elif not count:
            yield Breach(_lt("The VAT is missing."), line_place(number))


@rule("UBL-SR-50", "Each line has one description at most.")
def one_description(ubl):
    for number, line in enumerate(ubl.lines, 1):
        if len(all_found(line, "cac:Item/cbc:Description")) > 1:
            yield Breach(_lt("There is more than one description."), line_place(number))


@rule("UBL-SR-53", "A tax number says of which tax it is, and the other way round.")
def tax_number(ubl):
    places = {ubl.seller: SELLER, ubl.buyer: BUYER}
    for scheme in ubl.named("cac:PartyTaxScheme"):
        if found(scheme, "cac:TaxScheme/cbc:ID") is None or found(scheme, "cbc:CompanyID") is None:
            yield Breach(
                _lt("A tax number is not complete."), places.get(scheme.getparent(), DOCUMENT)
            )
