"""An e-invoice as the rules read it: UBL 2.1 Invoice or CreditNote, amounts as Decimal."""

import re
from decimal import ROUND_FLOOR, Decimal
from functools import cached_property

from lxml import etree

CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
INVOICE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
CREDIT_NOTE = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
NAMESPACES = {"cbc": CBC, "cac": CAC}

BILLING = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
SELF_BILLING = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:selfbilling:3.0"

CENT = Decimal("0.01")
# more decimals than an amount has: sums of floats have a tail
NUMBER = re.compile(r"[+-]?(?:[0-9]{1,12}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})")


class NotAnEInvoice(Exception):
    """The bytes are no XML, an XML that is not read (DTD), or another kind of document."""


def parsed(xml):
    """:param xml: bytes
    :return: the root element; nothing is loaded from elsewhere and no entity is resolved
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotAnEInvoice(str(error)) from error
    if root.getroottree().docinfo.doctype:
        raise NotAnEInvoice("DOCTYPE")
    if root.tag not in (f"{{{INVOICE}}}Invoice", f"{{{CREDIT_NOTE}}}CreditNote"):
        raise NotAnEInvoice(str(root.tag))
    return root


def written(root):
    """The bytes of a tree."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def text_of(element):
    """What stands in an element, without white space around it; "" where there is none."""
    return "" if element is None or element.text is None else element.text.strip()


def decimal_of(element):
    """The number in an element; None where there is no element or no number as XML writes one."""
    text = text_of(element)
    return Decimal(text) if NUMBER.fullmatch(text) else None


def rounded(amount):
    """To cents as ``round`` of XPath does: halves go up, also those of negative amounts."""
    cents = ((amount * 100) + Decimal("0.5")).to_integral_value(ROUND_FLOOR)
    return (cents / 100).quantize(CENT)


def found(element, path):
    return None if element is None else element.find(path, NAMESPACES)


def all_found(element, path):
    return [] if element is None else element.findall(path, NAMESPACES)


def text_at(element, path):
    return text_of(found(element, path))


def decimal_at(element, path):
    return decimal_of(found(element, path))


class Ubl:
    """``root`` and the parts that many rules ask for; each is looked up once."""

    def __init__(self, root):
        self.root = root
        self.is_credit_note = root.tag == f"{{{CREDIT_NOTE}}}CreditNote"

    def find(self, path):
        return self.root.find(path, NAMESPACES)

    def all(self, path):
        return self.root.findall(path, NAMESPACES)

    def text(self, path):
        return text_of(self.find(path))

    @cached_property
    def every(self):
        """Each element of the document by its name, such as ``cbc:Amount``."""
        named = {}
        prefixes = {CBC: "cbc:", CAC: "cac:"}
        for element in self.root.iter(etree.Element):
            name = etree.QName(element)
            named.setdefault(prefixes.get(name.namespace, "") + name.localname, []).append(element)
        return named

    def named(self, *names):
        return [element for name in names for element in self.every.get(name, ())]

    @cached_property
    def currency(self):
        return self.text("cbc:DocumentCurrencyCode")

    @cached_property
    def tax_currency(self):
        return self.text("cbc:TaxCurrencyCode")

    @cached_property
    def self_billed(self):
        return self.text("cbc:CustomizationID").startswith(SELF_BILLING)

    @cached_property
    def lines(self):
        return self.all("cac:CreditNoteLine" if self.is_credit_note else "cac:InvoiceLine")

    @cached_property
    def quantity_name(self):
        return "cbc:CreditedQuantity" if self.is_credit_note else "cbc:InvoicedQuantity"

    @cached_property
    def seller(self):
        return self.find("cac:AccountingSupplierParty/cac:Party")

    @cached_property
    def buyer(self):
        return self.find("cac:AccountingCustomerParty/cac:Party")

    @cached_property
    def totals(self):
        return self.find("cac:LegalMonetaryTotal")

    def total(self, name):
        """A figure of the document's totals, such as ``PayableAmount``; None where it is not."""
        return decimal_at(self.totals, f"cbc:{name}")

    @cached_property
    def allowances(self):
        """Allowances of the whole document."""
        return [one for one in self.all("cac:AllowanceCharge") if is_allowance(one)]

    @cached_property
    def charges(self):
        """Charges of the whole document."""
        return [one for one in self.all("cac:AllowanceCharge") if is_charge(one)]

    @cached_property
    def subtotals(self):
        """VAT breakdown: ``cac:TaxSubtotal``."""
        return self.all("cac:TaxTotal/cac:TaxSubtotal")

    def tax_totals_in(self, currency):
        """Totals of VAT in a currency, as elements."""
        return [
            one
            for one in self.all("cac:TaxTotal/cbc:TaxAmount")
            if one.get("currencyID") == currency
        ]


def is_allowance(element):
    return text_at(element, "cbc:ChargeIndicator") in ("false", "0")


def is_charge(element):
    return text_at(element, "cbc:ChargeIndicator") in ("true", "1")


def category_of(holder, tag="cac:TaxCategory"):
    """The VAT category of a line's item, allowance or subtotal: (code, rate or None, element).

    :param tag: what holds it; ``cac:ClassifiedTaxCategory`` in an item
    """
    for element in all_found(holder, tag):
        if text_at(element, "cac:TaxScheme/cbc:ID").upper() == "VAT":
            return text_at(element, "cbc:ID"), decimal_at(element, "cbc:Percent"), element
    return "", None, None


def category_of_line(line):
    return category_of(found(line, "cac:Item"), "cac:ClassifiedTaxCategory")
