"""Rules for sellers in the Netherlands: NL-R-001 to -R-009.

After the schematron of Peppol BIS Billing, which has no rules for sellers in Belgium; that of
self-billing has no national rules at all. Not here: NL-R-006 (fiscal representative).
"""

from odoo.addons.accountable_connect.documents.sentence import SentencesOf

from .rule import BUYER, DOCUMENT, PAYMENT, SELLER, Breach, Table
from .tree import all_found, found, text_at, text_of

_lt = SentencesOf(__name__)

NETHERLANDS = Table()


def is_dutch(party):
    return text_at(party, "cac:PostalAddress/cac:Country/cbc:IdentificationCode").upper() == "NL"


def rule(id, says):
    """As ``Table.rule``, for documents of sellers in the Netherlands only."""

    def add(function):
        def breaches(ubl):
            if not ubl.self_billed and is_dutch(ubl.seller):
                yield from function(ubl)

        NETHERLANDS.row(id, says, breaches)
        return function

    return add


def _is_whole(party):
    return all(
        found(party, f"cac:PostalAddress/cbc:{name}") is not None
        for name in ("StreetName", "CityName", "PostalZone")
    )


def _numbers_that_are_not_dutch(party):
    return [
        one
        for one in all_found(party, "cac:PartyLegalEntity/cbc:CompanyID")
        if one.get("schemeID") not in ("0106", "0190") or not text_of(one)
    ]


@rule("NL-R-001", "A credit note of a Dutch seller names the invoice it corrects.")
def corrected_invoice(ubl):
    path = "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"
    if ubl.find("cbc:CreditNoteTypeCode") is not None and ubl.find(path) is None:
        yield Breach(_lt("The credit note does not say which invoice it corrects."), DOCUMENT)


@rule("NL-R-002", "The address of a Dutch seller has street, city and postal code.")
def seller_address(ubl):
    if found(ubl.seller, "cac:PostalAddress") is not None and not _is_whole(ubl.seller):
        yield Breach(_lt("The address of the seller needs street, city and postal code."), SELLER)


@rule("NL-R-003", "The company number of a Dutch seller is a KVK or OIN number.")
def seller_number(ubl):
    if _numbers_that_are_not_dutch(ubl.seller):
        yield Breach(_lt("The seller needs a KVK or OIN number."), SELLER)


@rule("NL-R-004", "The address of a Dutch buyer has street, city and postal code.")
def buyer_address(ubl):
    if (
        is_dutch(ubl.buyer)
        and found(ubl.buyer, "cac:PostalAddress") is not None
        and not _is_whole(ubl.buyer)
    ):
        yield Breach(_lt("The address of the customer needs street, city and postal code."), BUYER)


@rule("NL-R-005", "The company number of a Dutch buyer is a KVK or OIN number.")
def buyer_number(ubl):
    if is_dutch(ubl.buyer) and _numbers_that_are_not_dutch(ubl.buyer):
        yield Breach(_lt("The customer needs a KVK or OIN number."), BUYER)


@rule("NL-R-007", "An invoice of a Dutch seller says how it is paid.")
def payment(ubl):
    payable = ubl.total("PayableAmount")
    if payable is None or ubl.named("cac:PaymentMeans"):
        return
    if payable < 0 if ubl.is_credit_note else payable > 0:
        yield Breach(_lt("The e-invoice does not say how it is paid."), PAYMENT)


@rule("NL-R-008", "A Dutch seller is paid by transfer, card or direct debit.")
def payment_means(ubl):
    for means in ubl.named("cac:PaymentMeans"):
        code = text_at(means, "cbc:PaymentMeansCode")
        if code not in ("30", "48", "49", "57", "58", "59"):
            yield Breach(
                _lt("A Dutch seller may not be paid by means %(code)s.", code=code or "–"), PAYMENT
            )


@rule("NL-R-009", "With the line of an order the order itself is named.")
def order(ubl):
    lines = [
        one
        for reference in ubl.named("cac:OrderLineReference")
        for one in all_found(reference, "cbc:LineID")
    ]
    if lines and ubl.find("cac:OrderReference/cbc:ID") is None:
        yield Breach(_lt("A line refers to an order that the e-invoice does not name."))
