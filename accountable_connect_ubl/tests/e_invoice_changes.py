"""How a valid e-invoice is changed to break one rule: a change takes the root element."""

from copy import deepcopy

from lxml import etree
from odoo.addons.accountable_connect_ubl.api.rules.tree import NAMESPACES

from .e_invoices import element

LINE = "{line}"


def _elements(root, path):
    kind = "CreditNote" if root.tag.endswith("CreditNote") else "Invoice"
    found = root.xpath(path.replace(LINE, f"cac:{kind}Line"), namespaces=NAMESPACES)
    assert found, f"nothing at {path}"
    return found


def text(path, value):
    """Every element at a path says something else."""

    def change(root):
        for one in _elements(root, path):
            one.text = value

    return change


def attribute(path, name, value):
    """:param value: None takes the attribute away"""

    def change(root):
        for one in _elements(root, path):
            if value is None:
                del one.attrib[name]
            else:
                one.set(name, value)

    return change


def drop(*paths):
    def change(root):
        for path in paths:
            for one in _elements(root, path):
                one.getparent().remove(one)

    return change


def twice(path):
    def change(root):
        one = _elements(root, path)[0]
        one.addnext(deepcopy(one))

    return change


def before(path, xml):
    """Puts XML in front of an element."""

    def change(root):
        _elements(root, path)[0].addprevious(_made(xml))

    return change


def after(path, xml):
    def change(root):
        _elements(root, path)[0].addnext(_made(xml))

    return change


def inside(path, xml):
    """Puts XML at the end of an element."""

    def change(root):
        _elements(root, path)[0].append(_made(xml))

    return change


def _made(xml):
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    return etree.fromstring(f"<x {declared}>{xml}</x>")[0]


def both(*changes):
    def change(root):
        for one in changes:
            one(root)

    return change


def totals(**figures):
    """Figures of the document's totals, by name."""
    return both(
        *(text(f"cac:LegalMonetaryTotal/cbc:{name}", value) for name, value in figures.items())
    )


def nothing(root):
    """The document is broken by what it was made of."""


def add_party_number(path, scheme, number):
    def change(root):
        party = _elements(root, path)[0]
        identification = element(party, "cac:PartyIdentification")
        element(identification, "cbc:ID", number, schemeID=scheme)
        party.find("cbc:EndpointID", NAMESPACES).addnext(identification)

    return change
