"""What in an e-invoice is against the rules."""

from dataclasses import replace

from odoo.addons.accountable_connect.documents.sentence import SentencesOf

from .codes import AMOUNTS
from .rule import DOCUMENT, Finding, finding_of
from .table import RULES
from .tree import NotAnEInvoice, Ubl, decimal_of, parsed, text_of

_lt = SentencesOf(__name__)

# Rules that have no official number: the bytes are no e-invoice, a figure is no number.
NO_E_INVOICE = "UBL"
NO_NUMBER = "UBL-DT"

BUYER_ADDRESS = "PEPPOL-EN16931-R010"
SELLER_ADDRESS = "PEPPOL-EN16931-R020"

NUMBERS = (
    *AMOUNTS,
    "cbc:InvoicedQuantity",
    "cbc:CreditedQuantity",
    "cbc:BaseQuantity",
    "cbc:Percent",
    "cbc:MultiplierFactorNumeric",
)


def findings(xml):
    """
    :param xml: bytes of an Invoice or CreditNote
    :return: [:class:`Finding`], in the order of the table; none when everything is right. Those
        that do not refuse (``refuses`` is False) say that the other party has no electronic
        address: it cannot get the e-invoice by Peppol, the accountant's software can read it.
    """
    try:
        ubl = Ubl(parsed(xml))
    except NotAnEInvoice:
        message = _lt("The file is not an e-invoice that can be read.")
        return [Finding(NO_E_INVOICE, message, DOCUMENT)]
    wrong = numbers_that_are_none(ubl)
    if wrong:
        return wrong
    other = SELLER_ADDRESS if ubl.self_billed else BUYER_ADDRESS
    found = [finding_of(rule.id, breach) for rule in RULES for breach in rule.breaches(ubl)]
    return [replace(one, refuses=one.rule != other) for one in found]


def numbers_that_are_none(ubl):
    """Every rule calculates: a figure that is no number is said alone. Empty ones are another
    rule's."""
    return [
        Finding(
            NO_NUMBER,
            _lt("%(text)s is not a number.", text=text_of(element)),
            DOCUMENT,
            {"text": text_of(element)},
        )
        for element in ubl.named(*NUMBERS)
        if text_of(element) and decimal_of(element) is None
    ]
