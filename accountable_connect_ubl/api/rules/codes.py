"""Codes: EN 16931 BR-CL-*, Peppol PEPPOL-EN16931-CL*, -P0* and -F001.

After the schematron of EN 16931 and of Peppol BIS Billing 3.0. Not here: BR-CL-07 and -26 (schemes
of an invoiced object and of a place, which Odoo writes without scheme or as 0088).
"""

from datetime import date

from odoo.addons.accountable_connect.documents.sentence import SentencesOf

from . import code_lists as lists
from .rule import BUYER, DOCUMENT, PAYMENT, SELLER, VAT, Breach, Table, line_place
from .tree import all_found, is_allowance, is_charge, text_at, text_of

_lt = SentencesOf(__name__)

CODES = Table()
rule = CODES.rule

AMOUNTS = (
    "cbc:Amount",
    "cbc:BaseAmount",
    "cbc:PriceAmount",
    "cbc:TaxAmount",
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
DATES = (
    "cbc:IssueDate",
    "cbc:DueDate",
    "cbc:TaxPointDate",
    "cbc:StartDate",
    "cbc:EndDate",
    "cbc:ActualDeliveryDate",
)


def place_of(ubl, element):
    """Which part of the document an element stands in."""
    for number, line in enumerate(ubl.lines, 1):
        if line in element.iterancestors():
            return line_place(number)
    ancestors = set(element.iterancestors())
    if ubl.seller in ancestors:
        return SELLER
    return BUYER if ubl.buyer in ancestors else DOCUMENT


def unknown(code, message):
    return message(code=code or "–")


def listed(id, says, codes, elements, message, read=text_of):
    """A row: what ``read`` gives of each of these elements is in a list."""

    def breaches(ubl):
        for element in elements(ubl):
            code = read(element)
            if code not in codes:
                yield Breach(unknown(code, message), place_of(ubl, element))

    CODES.row(id, says, breaches)


def attribute(name):
    return lambda element: element.get(name) or ""


def having(name, *paths):
    """Elements of these names that have an attribute."""
    return lambda ubl: [one for one in ubl.named(*paths) if one.get(name) is not None]


def inside(parent, path, name=None):
    """Elements below those named ``parent``; with ``name``, only those having this attribute."""
    return lambda ubl: [
        one
        for holder in ubl.named(parent)
        for one in all_found(holder, path)
        if name is None or one.get(name) is not None
    ]


def _currency(**values):
    return _lt("%(code)s is not the code of a currency.", **values)


def _country(**values):
    return _lt("%(code)s is not the code of a country.", **values)


def _scheme(**values):
    return _lt("The scheme %(code)s of a number is not known.", **values)


def _type(**values):
    return _lt("The type of document %(code)s does not exist.", **values)


def _peppol_type(**values):
    return _lt("The type of document %(code)s is not allowed here by Peppol.", **values)


def _reason(**values):
    return _lt("The code %(code)s is not the reason of a discount.", **values)


def _charge_reason(**values):
    return _lt("The code %(code)s is not the reason of a charge.", **values)


def _period(**values):
    return _lt("The code %(code)s of a period does not exist.", **values)


def _category(**values):
    return _lt("The VAT category %(code)s does not exist.", **values)


@rule("BR-CL-01", "The type of document is a code of UNCL 1001.")
def document_type(ubl):
    for name, codes in (
        ("cbc:InvoiceTypeCode", lists.INVOICE_TYPES),
        ("cbc:CreditNoteTypeCode", lists.CREDIT_NOTE_TYPES),
    ):
        for element in ubl.named(name):
            if text_of(element) not in codes:
                yield Breach(unknown(text_of(element), _type))


listed(
    "BR-CL-03",
    "The currency of each amount is a code of ISO 4217.",
    lists.CURRENCIES,
    lambda ubl: ubl.named(*AMOUNTS),
    _currency,
    attribute("currencyID"),
)
listed(
    "BR-CL-04",
    "The currency of the document is a code of ISO 4217.",
    lists.CURRENCIES,
    lambda ubl: ubl.named("cbc:DocumentCurrencyCode"),
    _currency,
)
listed(
    "BR-CL-05",
    "The currency of the VAT is a code of ISO 4217.",
    lists.CURRENCIES,
    lambda ubl: ubl.named("cbc:TaxCurrencyCode"),
    _currency,
)
listed(
    "BR-CL-06",
    "What a period stands for is a code of UNCL 2005.",
    lists.PERIOD_CODES,
    inside("cac:InvoicePeriod", "cbc:DescriptionCode"),
    _period,
)


@rule("BR-CL-08", "A subject between two # in a note is a code of UNCL 4451.")
def note_subject(ubl):
    for note in ubl.all("cbc:Note"):
        _before, _, rest = text_of(note).partition("#")
        subject, end, _after = rest.partition("#")
        if end and len(subject) == 3 and subject not in lists.NOTE_SUBJECTS:
            yield Breach(
                _lt(
                    "The terms of the invoice have #%(code)s#, which receivers read as a code.",
                    code=subject,
                )
            )


@rule("BR-CL-10", "The scheme of a party's number is a code of ISO 6523.")
def party_scheme(ubl):
    for element in inside("cac:PartyIdentification", "cbc:ID", "schemeID")(ubl):
        code = element.get("schemeID")
        sepa = code == "SEPA" and place_of(ubl, element) == SELLER
        if code not in lists.IDENTIFIER_SCHEMES and not sepa:
            yield Breach(unknown(code, _scheme), place_of(ubl, element))


listed(
    "BR-CL-11",
    "The scheme of a company's number is a code of ISO 6523.",
    lists.IDENTIFIER_SCHEMES,
    inside("cac:PartyLegalEntity", "cbc:CompanyID", "schemeID"),
    _scheme,
    attribute("schemeID"),
)
listed(
    "BR-CL-13",
    "The list of an item's class is a code of UNCL 7143.",
    lists.ITEM_CLASS_LISTS,
    having("listID", "cbc:ItemClassificationCode"),
    lambda **values: _lt("The list %(code)s of commodity codes does not exist.", **values),
    attribute("listID"),
)
listed(
    "BR-CL-14",
    "A country is a code of ISO 3166.",
    lists.COUNTRIES,
    inside("cac:Country", "cbc:IdentificationCode"),
    _country,
)
listed(
    "BR-CL-15",
    "The country of origin is a code of ISO 3166.",
    lists.COUNTRIES,
    inside("cac:OriginCountry", "cbc:IdentificationCode"),
    _country,
)


@rule("BR-CL-16", "How it is paid is a code of UNCL 4461.")
def payment_means(ubl):
    for element in inside("cac:PaymentMeans", "cbc:PaymentMeansCode")(ubl):
        if text_of(element) not in lists.PAYMENT_MEANS:
            yield Breach(
                _lt("The code of the payment %(code)s does not exist.", code=text_of(element)),
                PAYMENT,
            )


listed(
    "BR-CL-17",
    "The VAT category of the breakdown or of an allowance is a code of UNCL 5305.",
    lists.VAT_CATEGORIES,
    inside("cac:TaxCategory", "cbc:ID"),
    _category,
)
listed(
    "BR-CL-18",
    "The VAT category of a line is a code of UNCL 5305.",
    lists.VAT_CATEGORIES,
    inside("cac:ClassifiedTaxCategory", "cbc:ID"),
    _category,
)


def reasons(wanted):
    def elements(ubl):
        return [
            reason
            for one in ubl.named("cac:AllowanceCharge")
            if wanted(one)
            for reason in all_found(one, "cbc:AllowanceChargeReasonCode")
        ]

    return elements


for _id in ("BR-CL-19", "PEPPOL-EN16931-CL002"):
    listed(
        _id,
        "The reason of an allowance is a code of UNCL 5189.",
        lists.ALLOWANCE_REASONS,
        reasons(is_allowance),
        _reason,
    )
listed(
    "BR-CL-20",
    "The reason of a charge is a code of UNCL 7161.",
    lists.CHARGE_REASONS,
    reasons(is_charge),
    _charge_reason,
)
listed(
    "PEPPOL-EN16931-CL003",
    "The reason of a charge is a code of UNCL 7161 that Peppol has.",
    lists.CHARGE_REASONS - {"PRV"},
    reasons(is_charge),
    _charge_reason,
)
listed(
    "BR-CL-21",
    "The scheme of an item's standard number is a code of ISO 6523.",
    lists.IDENTIFIER_SCHEMES,
    inside("cac:StandardItemIdentification", "cbc:ID", "schemeID"),
    _scheme,
    attribute("schemeID"),
)
listed(
    "BR-CL-22",
    "The reason of an exemption is a code of VATEX.",
    lists.EXEMPTION_REASONS,
    lambda ubl: ubl.named("cbc:TaxExemptionReasonCode"),
    lambda **values: _lt("The exemption reason %(code)s does not exist.", **values),
    lambda element: text_of(element).upper(),
)
listed(
    "BR-CL-23",
    "A unit is a code of UNECE Recommendation 20 or 21.",
    lists.UNITS,
    having("unitCode", "cbc:InvoicedQuantity", "cbc:BaseQuantity", "cbc:CreditedQuantity"),
    lambda **values: _lt("The unit %(code)s does not exist.", **values),
    attribute("unitCode"),
)
for _id in ("BR-CL-24", "PEPPOL-EN16931-CL001"):
    listed(
        _id,
        "A file in the document has a type that is allowed.",
        lists.MEDIA_TYPES,
        having("mimeCode", "cbc:EmbeddedDocumentBinaryObject"),
        lambda **values: _lt("A file of type %(code)s may not go in an e-invoice.", **values),
        attribute("mimeCode"),
    )
listed(
    "BR-CL-25",
    "The scheme of an electronic address is a code of the EAS list.",
    lists.ADDRESS_SCHEMES,
    having("schemeID", "cbc:EndpointID"),
    _scheme,
    attribute("schemeID"),
)
listed(
    "PEPPOL-EN16931-CL006",
    "What a period stands for is a code of UNCL 2005 that Peppol has.",
    lists.PERIOD_CODES,
    inside("cac:InvoicePeriod", "cbc:DescriptionCode"),
    _period,
)
listed(
    "PEPPOL-EN16931-CL007",
    "The currency of each amount is a code that Peppol has.",
    lists.CURRENCIES,
    lambda ubl: ubl.named(*AMOUNTS),
    _currency,
    attribute("currencyID"),
)
listed(
    "PEPPOL-EN16931-CL008",
    "The scheme of an electronic address is one that Peppol has.",
    lists.PEPPOL_ADDRESS_SCHEMES,
    having("schemeID", "cbc:EndpointID"),
    _scheme,
    attribute("schemeID"),
)


def _peppol_types(id, says, name, billing, self_billing):
    def breaches(ubl):
        codes = self_billing if ubl.self_billed else billing
        for element in ubl.named(name):
            if text_of(element) not in codes:
                yield Breach(unknown(text_of(element), _peppol_type))

    CODES.row(id, says, breaches)


_peppol_types(
    "PEPPOL-EN16931-P0100",
    "The type of an invoice is one that Peppol has, for self-billing 389 or 527.",
    "cbc:InvoiceTypeCode",
    lists.PEPPOL_INVOICE_TYPES,
    frozenset({"389", "527"}),
)
_peppol_types(
    "PEPPOL-EN16931-P0101",
    "The type of a credit note is one that Peppol has, for self-billing 261.",
    "cbc:CreditNoteTypeCode",
    lists.PEPPOL_CREDIT_NOTE_TYPES,
    frozenset({"261"}),
)


@rule("PEPPOL-EN16931-P0112", "Invoices of type 326 and 384 are for German parties only.")
def german_types(ubl):
    if text_of(ubl.find("cbc:InvoiceTypeCode")) not in ("326", "384"):
        return
    countries = [
        text_at(party, "cac:PostalAddress/cac:Country/cbc:IdentificationCode")
        for party in (ubl.seller, ubl.buyer)
    ]
    if countries != ["DE", "DE"]:
        yield Breach(unknown(ubl.text("cbc:InvoiceTypeCode"), _peppol_type))


# Which category goes with an exemption reason: id, code, category.
REASON_CATEGORIES = (
    ("PEPPOL-EN16931-P0104", "VATEX-EU-G", "G"),
    ("PEPPOL-EN16931-P0105", "VATEX-EU-O", "O"),
    ("PEPPOL-EN16931-P0106", "VATEX-EU-IC", "K"),
    ("PEPPOL-EN16931-P0107", "VATEX-EU-AE", "AE"),
    ("PEPPOL-EN16931-P0108", "VATEX-EU-D", "E"),
    ("PEPPOL-EN16931-P0109", "VATEX-EU-F", "E"),
    ("PEPPOL-EN16931-P0110", "VATEX-EU-I", "E"),
    ("PEPPOL-EN16931-P0111", "VATEX-EU-J", "E"),
)


def _category_of_reason(id, reason, category):
    def breaches(ubl):
        for element in ubl.named("cac:TaxCategory"):
            said = text_at(element, "cbc:TaxExemptionReasonCode").upper()
            code = text_at(element, "cbc:ID")
            if said == reason and code != category:
                yield Breach(
                    _lt(
                        "The exemption reason %(reason)s does not go with VAT category"
                        " %(category)s.",
                        reason=reason,
                        category=code,
                    ),
                    VAT,
                )

    CODES.row(id, f"The exemption reason {reason} goes with category {category}.", breaches)


for _row in REASON_CATEGORIES:
    _category_of_reason(*_row)


@rule("PEPPOL-EN16931-F001", "A date is written as year, month and day.")
def dates(ubl):
    for element in ubl.named(*DATES):
        text = element.text or ""
        try:
            right = len(text) == 10 and date.fromisoformat(text)
        except ValueError:
            right = False
        if not right:
            yield Breach(_lt("%(text)s is not a date.", text=text or "–"), place_of(ubl, element))
