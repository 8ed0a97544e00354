"""What in an e-invoice is against the rules."""

from dataclasses import replace

from odoo.addons.accountable_connect.documents.sentence import Amount, SentencesOf

from .codes import AMOUNTS
from .repair_categories import UNKNOWN_CATEGORY, unknown_categories
from .rule import DOCUMENT, Breach, Finding, finding_of
from .table import RULES
from .tree import NotAnEInvoice, Ubl, decimal_of, parsed, rounded, text_of

_lt = SentencesOf(__name__)

# Rules that have no official number: the bytes are no e-invoice, a figure is no number.
NO_E_INVOICE = "UBL"
NO_NUMBER = "UBL-DT"

# Business term of the amount due: whether it is Odoo's, no rule can ask.
AMOUNT_DUE = "BT-115"

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


def findings(xml, facts=None):
    """
    :param xml: bytes of an Invoice or CreditNote
    :param facts: :class:`UblFacts`; with them a guess of Odoo about a VAT category is a finding too
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
    if facts is not None:
        found += [finding_of(AMOUNT_DUE, breach) for breach in other_amounts_due(ubl, facts)]
        found += [finding_of(UNKNOWN_CATEGORY, breach) for breach in unknown_categories(ubl, facts)]
    return [replace(one, refuses=one.rule != other) for one in found]


def other_amounts_due(ubl, facts):
    """The e-invoice asks for another amount than the entry in Odoo."""
    said = ubl.total("PayableAmount")
    if facts.payable is not None and said is not None and rounded(said) != facts.payable:
        yield Breach(
            _lt(
                "The e-invoice asks for %(said)s, in Odoo %(due)s is due.",
                said=Amount(said, ubl.currency),
                due=Amount(facts.payable, ubl.currency),
            )
        )


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
