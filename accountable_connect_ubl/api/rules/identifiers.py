"""Numbers of parties: PEPPOL-COMMON-R040 to -R043, -R049.

After the schematron of Peppol. Not here: Italian and Australian numbers (-R044 to -R048, -R050),
which the schematron warns about or which no customer of a Belgian or Dutch company uses.
"""

from odoo.addons.accountable_connect.documents.sentence import SentencesOf

from .codes import place_of
from .rule import Breach, Table
from .tree import text_of

_lt = SentencesOf(__name__)

IDENTIFIERS = Table()


def is_number(text, length=None):
    return text.isascii() and text.isdigit() and (length is None or len(text) == length)


def is_gln(text):
    if not is_number(text) or len(text) < 2:
        return False
    digits = [int(one) for one in reversed(text[:-1])]
    weighted = sum(digit * (3 if index % 2 == 0 else 1) for index, digit in enumerate(digits))
    return (10 - weighted % 10) % 10 == int(text[-1])


def is_norwegian(text):
    if not is_number(text, 9) or not int(text):
        return False
    weighted = sum(int(digit) * (index % 6 + 2) for index, digit in enumerate(reversed(text[:-1])))
    return (11 - weighted % 11) % 11 == int(text[-1])


def is_danish(text):
    return text[:2] == "DK" and is_number(text[2:], 8)


def is_belgian(text):
    return is_number(text, 10) and int(text[8:]) == 97 - int(text[:8]) % 97


def is_swedish(text):
    if not is_number(text, 10):
        return False
    doubled = [
        int(digit) * (2 if index % 2 == 0 else 1) for index, digit in enumerate(reversed(text[:9]))
    ]
    return (10 - sum(one // 10 + one % 10 for one in doubled) % 10) % 10 == int(text[9])


def numbers_of(ubl, scheme):
    """Electronic addresses, numbers of parties and of companies that have this scheme."""
    elements = ubl.named("cbc:EndpointID", "cbc:CompanyID") + [
        one
        for party in ubl.named("cac:PartyIdentification")
        for one in party
        if one in ubl.named("cbc:ID")
    ]
    return [one for one in elements if one.get("schemeID") == scheme]


def _row(id, says, scheme, is_right, message):
    def breaches(ubl):
        for element in numbers_of(ubl, scheme):
            if not is_right(text_of(element)):
                yield Breach(message(text_of(element)), place_of(ubl, element))

    IDENTIFIERS.row(id, says, breaches)


_row(
    "PEPPOL-COMMON-R040",
    "A GLN (0088) has its check digit.",
    "0088",
    is_gln,
    lambda number: _lt("The location number (GLN) %(number)s is not right.", number=number),
)
_row(
    "PEPPOL-COMMON-R041",
    "A Norwegian number (0192) has nine digits and its check digit.",
    "0192",
    is_norwegian,
    lambda number: _lt("The Norwegian company number %(number)s is not right.", number=number),
)
_row(
    "PEPPOL-COMMON-R042",
    "A Danish number (0184) is DK and eight digits.",
    "0184",
    is_danish,
    lambda number: _lt("The Danish company number %(number)s is not right.", number=number),
)
_row(
    "PEPPOL-COMMON-R043",
    "A Belgian enterprise number (0208) has ten digits and its check digits (modulo 97).",
    "0208",
    is_belgian,
    lambda number: _lt("The Belgian company number %(number)s is not right.", number=number),
)
_row(
    "PEPPOL-COMMON-R049",
    "A Swedish number (0007) has ten digits and its check digit.",
    "0007",
    is_swedish,
    lambda number: _lt("The Swedish company number %(number)s is not right.", number=number),
)
