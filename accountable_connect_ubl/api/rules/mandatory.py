"""What has to stand in an e-invoice: EN 16931, BR-01 to BR-48 and the BR-CO-* of single elements.

After the schematron of EN 16931 for UBL. Not here: BR-17 to BR-20 and BR-56 (payee and tax
representative, which Odoo does not write), BR-51 (card numbers), BR-CO-05 to -08 (whether a code
and a text mean the same, which nobody can test).
"""

from datetime import date

from odoo.addons.accountable_connect.documents.sentence import SentencesOf

from .rule import BUYER, DOCUMENT, SELLER, VAT, Breach, Table, line_place
from .tree import all_found, decimal_at, found, is_allowance, is_charge, text_at, text_of

_lt = SentencesOf(__name__)

MANDATORY = Table()
rule = MANDATORY.rule


def of_document(id, says, message, *paths):
    """A row: one of these paths leads to a text."""

    def breaches(ubl):
        if not any(ubl.text(path) for path in paths):
            yield Breach(message())

    MANDATORY.row(id, says, breaches)


of_document(
    "BR-01",
    "The document says which specification it follows.",
    lambda: _lt("The e-invoice does not say which specification it follows."),
    "cbc:CustomizationID",
)
of_document(
    "BR-02",
    "The document has a number.",
    lambda: _lt("The e-invoice has no number."),
    "cbc:ID",
)
of_document(
    "BR-03",
    "The document has a date.",
    lambda: _lt("The e-invoice has no date."),
    "cbc:IssueDate",
)
of_document(
    "BR-04",
    "The document says which type it has.",
    lambda: _lt("The e-invoice does not say whether it is an invoice or a credit note."),
    "cbc:InvoiceTypeCode",
    "cbc:CreditNoteTypeCode",
)
of_document(
    "BR-05",
    "The document says its currency.",
    lambda: _lt("The e-invoice has no currency."),
    "cbc:DocumentCurrencyCode",
)


@rule("BR-06", "The seller has a name.")
def seller_name(ubl):
    if not text_at(ubl.seller, "cac:PartyLegalEntity/cbc:RegistrationName"):
        yield Breach(_lt("The seller has no name."), SELLER)


@rule("BR-07", "The buyer has a name.")
def buyer_name(ubl):
    if not text_at(ubl.buyer, "cac:PartyLegalEntity/cbc:RegistrationName"):
        yield Breach(_lt("The customer has no name."), BUYER)


@rule("BR-08", "The seller has an address.")
def seller_address(ubl):
    if found(ubl.seller, "cac:PostalAddress") is None:
        yield Breach(_lt("The seller has no address."), SELLER)


@rule("BR-09", "The seller's address has a country.")
def seller_country(ubl):
    address = found(ubl.seller, "cac:PostalAddress")
    if address is not None and not text_at(address, "cac:Country/cbc:IdentificationCode"):
        yield Breach(_lt("The address of the seller has no country."), SELLER)


@rule("BR-10", "The buyer has an address.")
def buyer_address(ubl):
    if found(ubl.buyer, "cac:PostalAddress") is None:
        yield Breach(_lt("The customer has no address: a country is enough."), BUYER)


@rule("BR-11", "The buyer's address has a country.")
def buyer_country(ubl):
    address = found(ubl.buyer, "cac:PostalAddress")
    if address is not None and not text_at(address, "cac:Country/cbc:IdentificationCode"):
        yield Breach(_lt("The address of the customer has no country."), BUYER)


def of_totals(id, says, message, name):
    def breaches(ubl):
        if found(ubl.totals, name) is None:
            yield Breach(message())

    MANDATORY.row(id, says, breaches)


of_totals(
    "BR-12",
    "There is a total of the lines.",
    lambda: _lt("The e-invoice has no total of its lines."),
    "cbc:LineExtensionAmount",
)
of_totals(
    "BR-13",
    "There is a total without VAT.",
    lambda: _lt("The e-invoice has no total without VAT."),
    "cbc:TaxExclusiveAmount",
)
of_totals(
    "BR-14",
    "There is a total with VAT.",
    lambda: _lt("The e-invoice has no total with VAT."),
    "cbc:TaxInclusiveAmount",
)
of_totals(
    "BR-15",
    "There is an amount to pay.",
    lambda: _lt("The e-invoice has no amount to pay."),
    "cbc:PayableAmount",
)


@rule("BR-16", "The document has a line.")
def has_line(ubl):
    if not ubl.named("cac:InvoiceLine", "cac:CreditNoteLine"):
        yield Breach(_lt("The e-invoice has no line."))


def of_lines(id, says, message, is_right):
    def breaches(ubl):
        for number, line in enumerate(ubl.lines, 1):
            if not is_right(ubl, line):
                yield Breach(message(), line_place(number))

    MANDATORY.row(id, says, breaches)


def _quantity(ubl, line):
    return found(line, ubl.quantity_name)


of_lines(
    "BR-21",
    "Each line has a number.",
    lambda: _lt("The line has no number of its own."),
    lambda ubl, line: text_at(line, "cbc:ID"),
)
of_lines(
    "BR-22",
    "Each line has a quantity.",
    lambda: _lt("The quantity is missing."),
    lambda ubl, line: _quantity(ubl, line) is not None,
)
of_lines(
    "BR-23",
    "The quantity of each line has a unit.",
    lambda: _lt("The quantity has no unit."),
    lambda ubl, line: (
        _quantity(ubl, line) is None or _quantity(ubl, line).get("unitCode") is not None
    ),
)
of_lines(
    "BR-24",
    "Each line has a net amount.",
    lambda: _lt("The amount is missing."),
    lambda ubl, line: found(line, "cbc:LineExtensionAmount") is not None,
)
of_lines(
    "BR-25",
    "The item of each line has a name.",
    lambda: _lt("Neither a product nor a label is filled in."),
    lambda ubl, line: text_at(line, "cac:Item/cbc:Name"),
)
of_lines(
    "BR-26",
    "Each line has a price.",
    lambda: _lt("The price is missing."),
    lambda ubl, line: found(line, "cac:Price/cbc:PriceAmount") is not None,
)
of_lines(
    "BR-27",
    "The price of a line is not negative.",
    lambda: _lt("The price is negative: make the quantity negative instead."),
    lambda ubl, line: (decimal_at(line, "cac:Price/cbc:PriceAmount") or 0) >= 0,
)
of_lines(
    "BR-28",
    "The gross price of a line is not negative.",
    lambda: _lt("The price before discount is negative."),
    lambda ubl, line: (decimal_at(line, "cac:Price/cac:AllowanceCharge/cbc:BaseAmount") or 0) >= 0,
)


def _has_category(ubl, line):
    return any(
        text_at(one, "cac:TaxScheme/cbc:ID").upper() == "VAT" and found(one, "cbc:ID") is not None
        for one in all_found(line, "cac:Item/cac:ClassifiedTaxCategory")
    )


of_lines(
    "BR-CO-04",
    "Each line has a VAT category.",
    lambda: _lt("The VAT is missing."),
    _has_category,
)


def _date(element):
    try:
        return date.fromisoformat(text_of(element))
    except ValueError:
        return None


def _ends_before_it_starts(period):
    start, end = _date(found(period, "cbc:StartDate")), _date(found(period, "cbc:EndDate"))
    return start is not None and end is not None and end < start


def _is_empty_period(period):
    return found(period, "cbc:StartDate") is None and found(period, "cbc:EndDate") is None


@rule("BR-29", "The period of the document does not end before it starts.")
def period(ubl):
    for one in ubl.all("cac:InvoicePeriod"):
        if _ends_before_it_starts(one):
            yield Breach(_lt("The period of the invoice ends before it starts."))


@rule("BR-30", "The period of a line does not end before it starts.")
def period_of_line(ubl):
    for number, line in enumerate(ubl.lines, 1):
        for one in all_found(line, "cac:InvoicePeriod"):
            if _ends_before_it_starts(one):
                yield Breach(_lt("The period ends before it starts."), line_place(number))


@rule("BR-CO-19", "The period of the document has a first or a last day.")
def period_is_not_empty(ubl):
    for one in ubl.all("cac:InvoicePeriod"):
        if _is_empty_period(one) and found(one, "cbc:DescriptionCode") is None:
            yield Breach(_lt("The period of the invoice has no first and no last day."))


@rule("BR-CO-20", "The period of a line has a first or a last day.")
def period_of_line_is_not_empty(ubl):
    for number, line in enumerate(ubl.lines, 1):
        for one in all_found(line, "cac:InvoicePeriod"):
            if _is_empty_period(one):
                yield Breach(_lt("The period has no first and no last day."), line_place(number))


@rule("BR-CO-03", "The document says the day of the VAT or a code for it, not both.")
def tax_point(ubl):
    if (
        ubl.find("cbc:TaxPointDate") is not None
        and ubl.find("cac:InvoicePeriod/cbc:DescriptionCode") is not None
    ):
        yield Breach(_lt("The e-invoice says twice when its VAT is due."), VAT)


def _has_reason(element):
    return (
        found(element, "cbc:AllowanceChargeReason") is not None
        or found(element, "cbc:AllowanceChargeReasonCode") is not None
    )


def _of_adjustments(kind, ids, where):
    """The rows of allowances or charges: amount, VAT category (of the document's only), reason.

    :param ids: official ids of amount, category ("" where there is none), and both of reason
    """
    amount, category, reason, same_reason = ids
    wanted = is_allowance if kind == "allowance" else is_charge

    def each(ubl):
        if where == "document":
            return [(one, DOCUMENT) for one in ubl.all("cac:AllowanceCharge") if wanted(one)]
        return [
            (one, line_place(number))
            for number, line in enumerate(ubl.lines, 1)
            for one in all_found(line, "cac:AllowanceCharge")
            if wanted(one)
        ]

    def without_amount(ubl):
        for one, place in each(ubl):
            if found(one, "cbc:Amount") is None:
                yield Breach(_lt("A discount or charge has no amount."), place)

    def without_category(ubl):
        for one, place in each(ubl):
            if not any(
                text_at(tax, "cac:TaxScheme/cbc:ID").upper() == "VAT"
                and found(tax, "cbc:ID") is not None
                for tax in all_found(one, "cac:TaxCategory")
            ):
                yield Breach(_lt("A discount or charge of the invoice has no VAT."), place)

    def without_reason(ubl):
        for one, place in each(ubl):
            if not _has_reason(one):
                yield Breach(_lt("A discount or charge has no reason."), place)

    name = f"Each {kind} of " + ("the document" if where == "document" else "a line")
    MANDATORY.row(amount, f"{name} has an amount.", without_amount)
    if category:
        MANDATORY.row(category, f"{name} has a VAT category.", without_category)
    MANDATORY.row(reason, f"{name} has a reason.", without_reason)
    MANDATORY.row(same_reason, f"{name} has a reason, as text or as code.", without_reason)


_of_adjustments("allowance", ("BR-31", "BR-32", "BR-33", "BR-CO-21"), "document")
_of_adjustments("charge", ("BR-36", "BR-37", "BR-38", "BR-CO-22"), "document")
_of_adjustments("allowance", ("BR-41", "", "BR-42", "BR-CO-23"), "line")
_of_adjustments("charge", ("BR-43", "", "BR-44", "BR-CO-24"), "line")


def of_breakdown(id, says, message, is_right):
    def breaches(ubl):
        for part in ubl.subtotals:
            if not is_right(part):
                yield Breach(message(), VAT)

    MANDATORY.row(id, says, breaches)


def _vat_categories(part):
    return [
        one
        for one in all_found(part, "cac:TaxCategory")
        if text_at(one, "cac:TaxScheme/cbc:ID").upper() == "VAT"
    ]


of_breakdown(
    "BR-45",
    "Each VAT rate has a base.",
    lambda: _lt("A VAT rate has no base."),
    lambda part: found(part, "cbc:TaxableAmount") is not None,
)
of_breakdown(
    "BR-46",
    "Each VAT rate has an amount of VAT.",
    lambda: _lt("A VAT rate has no amount of VAT."),
    lambda part: found(part, "cbc:TaxAmount") is not None,
)
of_breakdown(
    "BR-47",
    "Each part of the breakdown has a VAT category.",
    lambda: _lt("The VAT of a rate has no category."),
    lambda part: any(found(one, "cbc:ID") is not None for one in _vat_categories(part)),
)
of_breakdown(
    "BR-48",
    "Each part of the breakdown has a rate, but of category O.",
    lambda: _lt("The VAT of a category has no rate."),
    lambda part: any(
        found(one, "cbc:Percent") is not None or text_at(one, "cbc:ID") == "O"
        for one in _vat_categories(part)
    ),
)
