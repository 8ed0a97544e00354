"""What has to stand in the parts of an e-invoice: payment, files, references, items, numbers.

EN 16931, BR-49 to BR-65, BR-CO-09, -25 and -26; what is left out, see ``mandatory.py``.
"""

from odoo.addons.accountable_connect.documents.sentence import SentencesOf

from .code_lists import COUNTRIES
from .rule import BUYER, DELIVERY, DOCUMENT, PAYMENT, SELLER, VAT, Breach, Table, line_place
from .tree import all_found, found, text_at, text_of

_lt = SentencesOf(__name__)

PARTS = Table()
rule = PARTS.rule


@rule("BR-49", "A payment says how it is made.")
def payment_means(ubl):
    for one in ubl.named("cac:PaymentMeans"):
        if found(one, "cbc:PaymentMeansCode") is None:
            yield Breach(_lt("The e-invoice does not say how it is paid."), PAYMENT)


def _is_transfer(means):
    return text_at(means, "cbc:PaymentMeansCode") in ("30", "58")


@rule("BR-50", "The bank account of a transfer has a number.")
def account_number(ubl):
    for means in ubl.named("cac:PaymentMeans"):
        for account in all_found(means, "cac:PayeeFinancialAccount"):
            if _is_transfer(means) and not text_at(account, "cbc:ID"):
                yield Breach(_lt("The bank account to pay to has no number."), PAYMENT)


@rule("BR-61", "A payment by transfer has a bank account.")
def account_of_transfer(ubl):
    for means in ubl.named("cac:PaymentMeans"):
        if _is_transfer(means) and found(means, "cac:PayeeFinancialAccount/cbc:ID") is None:
            yield Breach(
                _lt("The invoice is paid by transfer, but no bank account is filled in."), PAYMENT
            )


@rule("BR-52", "A supporting document has a number.")
def supporting_document(ubl):
    for one in ubl.named("cac:AdditionalDocumentReference"):
        if not text_at(one, "cbc:ID"):
            yield Breach(_lt("A file in the e-invoice has no name."))


@rule("BR-53", "With a second currency for VAT, the VAT stands in that currency too.")
def vat_in_second_currency(ubl):
    for one in ubl.all("cbc:TaxCurrencyCode"):
        if not ubl.tax_totals_in(text_of(one)):
            yield Breach(_lt("The VAT in %(currency)s is missing.", currency=text_of(one)), VAT)


@rule("BR-54", "A property of an item has a name and a value.")
def item_property(ubl):
    for one in ubl.named("cac:AdditionalItemProperty"):
        if found(one, "cbc:Name") is None or found(one, "cbc:Value") is None:
            yield Breach(_lt("A property of a product has no name or no value."))


@rule("BR-55", "A reference to an earlier invoice has its number.")
def earlier_invoice(ubl):
    for one in ubl.all("cac:BillingReference"):
        if found(one, "cac:InvoiceDocumentReference/cbc:ID") is None:
            yield Breach(_lt("The reference to the earlier invoice has no number."))


@rule("BR-57", "A delivery address has a country.")
def delivery_country(ubl):
    for one in ubl.all("cac:Delivery/cac:DeliveryLocation/cac:Address"):
        if found(one, "cac:Country/cbc:IdentificationCode") is None:
            yield Breach(_lt("The delivery address has no country."), DELIVERY)


def _scheme_of(id, says, party, place):
    def breaches(ubl):
        element = found(getattr(ubl, party), "cbc:EndpointID")
        if element is not None and element.get("schemeID") is None:
            yield Breach(_lt("An electronic address has no scheme (Peppol EAS)."), place)

    PARTS.row(id, says, breaches)


_scheme_of("BR-62", "The seller's electronic address has a scheme.", "seller", SELLER)
_scheme_of("BR-63", "The buyer's electronic address has a scheme.", "buyer", BUYER)


def _of_items(id, says, path, attribute, message):
    def breaches(ubl):
        for number, line in enumerate(ubl.lines, 1):
            for one in all_found(line, path):
                if one.get(attribute) is None:
                    yield Breach(message(), line_place(number))

    PARTS.row(id, says, breaches)


_of_items(
    "BR-64",
    "The standard number of an item has a scheme.",
    "cac:Item/cac:StandardItemIdentification/cbc:ID",
    "schemeID",
    lambda: _lt("The barcode of the product has no scheme."),
)
_of_items(
    "BR-65",
    "The class of an item says of which list it is.",
    "cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode",
    "listID",
    lambda: _lt("The commodity code of the product says no list."),
)


@rule("BR-CO-09", "A VAT number starts with the code of a country.")
def vat_number_prefix(ubl):
    places = {ubl.seller: SELLER, ubl.buyer: BUYER}
    for scheme in ubl.named("cac:PartyTaxScheme"):
        if text_at(scheme, "cac:TaxScheme/cbc:ID").upper() != "VAT":
            continue
        number = text_at(scheme, "cbc:CompanyID")
        if not number:
            continue
        if number[:2] not in COUNTRIES and number[:2] != "EL":
            yield Breach(
                _lt(
                    "The VAT number %(number)s does not start with the code of a country.",
                    number=number,
                ),
                places.get(scheme.getparent(), DOCUMENT),
            )


@rule("BR-CO-25", "With an amount to pay there is a due date or a payment term.")
def due_date(ubl):
    if ubl.is_credit_note:
        return
    payable = ubl.total("PayableAmount")
    if payable is None or payable <= 0:
        return
    terms = ubl.named("cac:PaymentTerms")
    if not ubl.named("cbc:DueDate") and not any(
        found(one, "cbc:Note") is not None for one in terms
    ):
        yield Breach(_lt("The invoice has no due date and no payment terms."), PAYMENT)


@rule("BR-CO-26", "The seller has a number: of VAT, of a register or of another kind.")
def seller_number(ubl):
    seller = ubl.seller
    has = (
        any(
            text_at(one, "cac:TaxScheme/cbc:ID").upper() == "VAT"
            and found(one, "cbc:CompanyID") is not None
            for one in all_found(seller, "cac:PartyTaxScheme")
        )
        or found(seller, "cac:PartyIdentification/cbc:ID") is not None
        or found(seller, "cac:PartyLegalEntity/cbc:CompanyID") is not None
    )
    if not has:
        yield Breach(_lt("The seller has no VAT number and no company number."), SELLER)
