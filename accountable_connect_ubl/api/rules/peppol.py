"""Peppol BIS Billing 3.0: PEPPOL-EN16931-R001 to -R130.

After the schematron of Peppol (OpenPEPPOL/peppol-bis-invoice-3), that of self-billing where
``CustomizationID`` says so. Line amounts and percentages may differ by 0.02.

Not here: -R056 and those that only national CIUS use; -R131 (address of an external file, which
Odoo does not write).
"""

import re
from datetime import date
from decimal import Decimal

from lxml import etree
from odoo.addons.accountable_connect.documents.sentence import Amount, SentencesOf

from .codes import place_of
from .rule import BUYER, DOCUMENT, PAYMENT, SELLER, VAT, Breach, Table, line_place
from .tree import (
    BILLING,
    SELF_BILLING,
    all_found,
    decimal_at,
    decimal_of,
    found,
    is_allowance,
    is_charge,
    rounded,
    text_at,
    text_of,
)

_lt = SentencesOf(__name__)

PEPPOL = Table()
rule = PEPPOL.rule

SLACK = Decimal("0.02")
PROFILE = re.compile(r"urn:fdc:peppol\.eu:2017:poacc:(selfbilling|billing):[0-9]{2}:1\.0")


def empty_elements(root):
    """Elements with neither a child nor a text."""
    return [
        one for one in root.iter(etree.Element) if len(one) == 0 and not (one.text or "").strip()
    ]


@rule("PEPPOL-EN16931-R001", "The business process is given.")
def has_process(ubl):
    if ubl.find("cbc:ProfileID") is None:
        yield Breach(_lt("The e-invoice does not say its business process."))


@rule("PEPPOL-EN16931-R002", "There is one note at most, but between German parties.")
def one_note(ubl):
    countries = {
        text_at(party, "cac:PostalAddress/cac:Country/cbc:IdentificationCode")
        for party in (ubl.seller, ubl.buyer)
    }
    if len(ubl.all("cbc:Note")) > 1 and countries != {"DE"}:
        yield Breach(_lt("The e-invoice has more than one note."))


@rule("PEPPOL-EN16931-R003", "The buyer's reference or the number of the order is given.")
def buyer_reference(ubl):
    if ubl.find("cbc:BuyerReference") is None and ubl.find("cac:OrderReference/cbc:ID") is None:
        yield Breach(
            _lt("The customer's reference is missing: neither it nor an order is filled in.")
        )


@rule("PEPPOL-EN16931-R004", "The specification is the one of Peppol BIS Billing.")
def specification(ubl):
    said = ubl.text("cbc:CustomizationID")
    if not said.startswith((BILLING, SELF_BILLING)):
        yield Breach(
            _lt("The e-invoice follows %(said)s, not Peppol BIS Billing 3.0.", said=said or "–")
        )


@rule("PEPPOL-EN16931-R005", "The currency of the VAT is another one than that of the document.")
def tax_currency(ubl):
    if ubl.tax_currency and ubl.tax_currency == ubl.currency:
        yield Breach(
            _lt("The currency of the VAT is that of the invoice and must not be repeated."), VAT
        )


@rule("PEPPOL-EN16931-R007", "The business process is one of Peppol.")
def process(ubl):
    match = PROFILE.search(ubl.text("cbc:ProfileID"))
    wanted = "selfbilling" if ubl.self_billed else "billing"
    if match is None or match[1] != wanted:
        yield Breach(
            _lt(
                "The business process %(said)s is not one of Peppol.",
                said=ubl.text("cbc:ProfileID") or "–",
            )
        )


@rule("PEPPOL-EN16931-R008", "No element is empty.")
def nothing_empty(ubl):
    for element in empty_elements(ubl.root):
        yield Breach(
            _lt(
                "The e-invoice has an empty field: %(field)s.",
                field=etree.QName(element).localname,
            ),
            place_of(ubl, element),
        )


@rule("PEPPOL-EN16931-R010", "The buyer has an electronic address.")
def buyer_address(ubl):
    if ubl.buyer is not None and found(ubl.buyer, "cbc:EndpointID") is None:
        yield Breach(_lt("The customer has no electronic address (Peppol)."), BUYER)


@rule("PEPPOL-EN16931-R020", "The seller has an electronic address.")
def seller_address(ubl):
    if ubl.seller is not None and found(ubl.seller, "cbc:EndpointID") is None:
        yield Breach(_lt("The seller has no electronic address (Peppol)."), SELLER)


def adjustments(ubl):
    """Allowances and charges of the document and of its lines, with their places."""
    for one in ubl.all("cac:AllowanceCharge"):
        yield one, DOCUMENT
    for number, line in enumerate(ubl.lines, 1):
        for one in all_found(line, "cac:AllowanceCharge"):
            yield one, line_place(number)


@rule("PEPPOL-EN16931-R040", "An allowance or charge is its base times its percentage (± 0.02).")
def percentage(ubl):
    for one, place in adjustments(ubl):
        percent = decimal_at(one, "cbc:MultiplierFactorNumeric")
        base = decimal_at(one, "cbc:BaseAmount")
        if percent is None or base is None:
            continue
        amount = decimal_at(one, "cbc:Amount") or Decimal(0)
        if abs(amount - base * percent / 100) > SLACK:
            yield Breach(
                _lt(
                    "A discount or charge of %(percent)s %% on %(base)s is not %(amount)s.",
                    percent=percent,
                    base=Amount(base, ubl.currency),
                    amount=Amount(amount, ubl.currency),
                ),
                place,
            )


@rule("PEPPOL-EN16931-R041", "An allowance or charge with a percentage has a base.")
def base_of_percentage(ubl):
    for one, place in adjustments(ubl):
        if (
            found(one, "cbc:MultiplierFactorNumeric") is not None
            and found(one, "cbc:BaseAmount") is None
        ):
            yield Breach(_lt("A discount or charge has a percentage and no base."), place)


@rule("PEPPOL-EN16931-R042", "An allowance or charge with a base has a percentage.")
def percentage_of_base(ubl):
    for one, place in adjustments(ubl):
        if (
            found(one, "cbc:BaseAmount") is not None
            and found(one, "cbc:MultiplierFactorNumeric") is None
        ):
            yield Breach(_lt("A discount or charge has a base and no percentage."), place)


@rule("PEPPOL-EN16931-R043", "An allowance or charge says true or false which of them it is.")
def indicator(ubl):
    for one, place in adjustments(ubl):
        if text_at(one, "cbc:ChargeIndicator") not in ("true", "false"):
            yield Breach(_lt("It is not clear whether an amount is a discount or a charge."), place)


@rule("PEPPOL-EN16931-R044", "A price has allowances only.")
def price_allowance(ubl):
    for number, line in enumerate(ubl.lines, 1):
        for one in all_found(line, "cac:Price/cac:AllowanceCharge"):
            if text_at(one, "cbc:ChargeIndicator") != "false":
                yield Breach(_lt("The price has a charge in it."), line_place(number))


@rule("PEPPOL-EN16931-R046", "The net price is the gross price less its allowance.")
def net_price(ubl):
    for number, line in enumerate(ubl.lines, 1):
        for one in all_found(line, "cac:Price/cac:AllowanceCharge"):
            gross = decimal_at(one, "cbc:BaseAmount")
            price = decimal_at(line, "cac:Price/cbc:PriceAmount")
            if gross is None or price is None:
                continue
            if price != gross - (decimal_at(one, "cbc:Amount") or Decimal(0)):
                yield Breach(
                    _lt("The price is not the price before discount less the discount."),
                    line_place(number),
                )


OF_DOCUMENT_CURRENCY = (
    "cbc:Amount",
    "cbc:BaseAmount",
    "cbc:PriceAmount",
    "cbc:TaxableAmount",
    "cbc:LineExtensionAmount",
    "cbc:TaxExclusiveAmount",
    "cbc:TaxInclusiveAmount",
    "cbc:AllowanceTotalAmount",
    "cbc:ChargeTotalAmount",
    "cbc:PrepaidAmount",
    "cbc:PayableRoundingAmount",
    "cbc:PayableAmount",
)


@rule("PEPPOL-EN16931-R051", "Each amount is in the currency of the document.")
def one_currency(ubl):
    amounts = list(ubl.named(*OF_DOCUMENT_CURRENCY))
    for total in ubl.all("cac:TaxTotal"):
        if found(total, "cac:TaxSubtotal") is not None:
            amounts += all_found(total, "cbc:TaxAmount")
    for amount in amounts:
        if amount.get("currencyID") != ubl.currency:
            yield Breach(
                _lt(
                    "An amount is in %(currency)s, the invoice in %(expected)s.",
                    currency=amount.get("currencyID") or "–",
                    expected=ubl.currency,
                ),
                place_of(ubl, amount),
            )


@rule("PEPPOL-EN16931-R053", "There is one VAT breakdown.")
def one_breakdown(ubl):
    count = sum(1 for one in ubl.all("cac:TaxTotal") if found(one, "cac:TaxSubtotal") is not None)
    if count != 1:
        yield Breach(
            _lt("The VAT per rate stands in the e-invoice %(count)s times.", count=count), VAT
        )


@rule("PEPPOL-EN16931-R054", "With a currency of the VAT there is one total in it, else none.")
def total_in_tax_currency(ubl):
    count = sum(1 for one in ubl.all("cac:TaxTotal") if found(one, "cac:TaxSubtotal") is None)
    expected = 0 if ubl.find("cbc:TaxCurrencyCode") is None else 1
    if count != expected:
        yield Breach(
            _lt(
                "The e-invoice has %(count)s totals of VAT without rates, not %(expected)s.",
                count=count,
                expected=expected,
            ),
            VAT,
        )


@rule("PEPPOL-EN16931-R055", "The VAT has the same sign in both currencies.")
def same_sign(ubl):
    if not ubl.tax_currency:
        return
    ours = [decimal_of(one) or 0 for one in ubl.tax_totals_in(ubl.tax_currency)]
    theirs = [decimal_of(one) or 0 for one in ubl.tax_totals_in(ubl.currency)]
    both_low = any(one <= 0 for one in ours) and any(one <= 0 for one in theirs)
    both_high = any(one >= 0 for one in ours) and any(one >= 0 for one in theirs)
    if not both_low and not both_high:
        yield Breach(_lt("The VAT has another sign in the second currency."), VAT)


@rule("PEPPOL-EN16931-R061", "A direct debit has the reference of its mandate.")
def mandate(ubl):
    for means in ubl.named("cac:PaymentMeans"):
        direct_debit = text_at(means, "cbc:PaymentMeansCode") in ("49", "59")
        if direct_debit and found(means, "cac:PaymentMandate/cbc:ID") is None:
            yield Breach(_lt("The direct debit has no mandate."), PAYMENT)


@rule("PEPPOL-EN16931-R080", "A credit note has one project at most.")
def one_project(ubl):
    projects = [
        one
        for one in ubl.all("cac:AdditionalDocumentReference")
        if text_at(one, "cbc:DocumentTypeCode") == "50"
    ]
    if ubl.is_credit_note and len(projects) > 1:
        yield Breach(_lt("The credit note names more than one project."))


@rule("PEPPOL-EN16931-R100", "A line names one object at most.")
def one_object(ubl):
    for number, line in enumerate(ubl.lines, 1):
        if len(all_found(line, "cac:DocumentReference")) > 1:
            yield Breach(_lt("The line names more than one object."), line_place(number))


@rule("PEPPOL-EN16931-R101", "A document reference of a line is the object that is invoiced.")
def object_type(ubl):
    for number, line in enumerate(ubl.lines, 1):
        references = all_found(line, "cac:DocumentReference")
        if references and not any(
            text_at(one, "cbc:DocumentTypeCode") == "130" for one in references
        ):
            yield Breach(_lt("The line refers to a document of another kind."), line_place(number))


def _as_date(element):
    try:
        return date.fromisoformat(text_of(element))
    except ValueError:
        return None


def _period_rule(id, says, name, is_outside, message):
    def breaches(ubl):
        limit = _as_date(ubl.find(f"cac:InvoicePeriod/{name}"))
        for number, line in enumerate(ubl.lines, 1):
            for element in all_found(line, f"cac:InvoicePeriod/{name}"):
                day = _as_date(element)
                if limit and day and is_outside(day, limit):
                    yield Breach(message(), line_place(number))

    PEPPOL.row(id, says, breaches)


_period_rule(
    "PEPPOL-EN16931-R110",
    "The period of a line does not start before that of the document.",
    "cbc:StartDate",
    lambda day, limit: day < limit,
    lambda: _lt("The period starts before that of the invoice."),
)
_period_rule(
    "PEPPOL-EN16931-R111",
    "The period of a line does not end after that of the document.",
    "cbc:EndDate",
    lambda day, limit: day > limit,
    lambda: _lt("The period ends after that of the invoice."),
)


def line_amount(ubl, line):
    """Quantity × price, with the line's allowances and charges: what its net amount has to be."""
    quantity = decimal_at(line, ubl.quantity_name)
    price = decimal_at(line, "cac:Price/cbc:PriceAmount") or Decimal(0)
    per = decimal_at(line, "cac:Price/cbc:BaseQuantity") or Decimal(1)
    own = all_found(line, "cac:AllowanceCharge")
    charges = rounded(
        sum((decimal_at(one, "cbc:Amount") or 0 for one in own if is_charge(one)), Decimal(0))
    )
    allowances = rounded(
        sum((decimal_at(one, "cbc:Amount") or 0 for one in own if is_allowance(one)), Decimal(0))
    )
    return (Decimal(1) if quantity is None else quantity) * (price / per) + charges - allowances


@rule(
    "PEPPOL-EN16931-R120",
    "The net amount of a line is quantity × price with its charges, less its allowances (± 0.02).",
)
def net_amount(ubl):
    for number, line in enumerate(ubl.lines, 1):
        said = decimal_at(line, "cbc:LineExtensionAmount") or Decimal(0)
        calculated = line_amount(ubl, line)
        if abs(said - calculated) > SLACK:
            yield Breach(
                _lt(
                    "Quantity, price, discounts and charges come to %(calculated)s, the amount of"
                    " the line says %(said)s.",
                    calculated=Amount(rounded(calculated), ubl.currency),
                    said=Amount(said, ubl.currency),
                ),
                line_place(number),
            )


@rule("PEPPOL-EN16931-R121", "The quantity of a price is above zero.")
def price_quantity(ubl):
    for number, line in enumerate(ubl.lines, 1):
        element = found(line, "cac:Price/cbc:BaseQuantity")
        if element is not None and (decimal_of(element) or Decimal(0)) <= 0:
            yield Breach(_lt("The price stands for a quantity of zero."), line_place(number))


@rule("PEPPOL-EN16931-R130", "The quantity of a price has the unit of the line.")
def price_unit(ubl):
    for number, line in enumerate(ubl.lines, 1):
        element = found(line, "cac:Price/cbc:BaseQuantity")
        quantity = found(line, ubl.quantity_name)
        if (
            element is not None
            and quantity is not None
            and element.get("unitCode") is not None
            and element.get("unitCode") != quantity.get("unitCode")
        ):
            yield Breach(_lt("The price has another unit than the quantity."), line_place(number))
