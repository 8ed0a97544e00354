"""Balancings: matches between a debit and a credit line, and their removal.

``lineSequenceNr`` -1 is the relation line of a sales or purchase document, 1 and further a line of
an F or D document. The matched amount stands in ``creditBalancedBookingAmount``, with
``debetBalancedBookingAmount`` 0.0, as in all recorded answers. Choices: matching more than is
open, lines of two relations, or two lines of one side is refused with -26; a second match of the
same pair adds to the first; matched amounts are in the currency of the books; a match on a ledger
account names no relation.

Texts of a side: see ``line_texts``.
"""

from __future__ import annotations

from decimal import Decimal

from ..kit.ledger import Books
from ..kit.matching import Matching, MatchRefused
from .calls import CREATED, NO_CONTENT, Answer, Call, operation
from .errors import nothing_found, refused
from .line_texts import texts_of

SUPPLIER_ACCOUNT = 440000


def _line(call: Call, key: dict) -> dict:
    line = Matching(call.books).line(
        int(key["bookyearKey"]["id"]),
        key["journalKey"],
        int(key["documentSequenceNr"]),
        int(key["lineSequenceNr"]),
    )
    if line is None:
        raise refused(
            -26,
            f"Line {key['journalKey']} {key['documentSequenceNr']} "
            f"{key['lineSequenceNr']} does not exist",
        )
    return line


@operation("insertBalancing")
def insert(call: Call) -> Answer:
    """Match two lines for a positive amount."""
    debit, credit = _line(call, call.body["debetKey"]), _line(call, call.body["creditKey"])
    try:
        Matching(call.books).match(debit, credit, Decimal(call.body["balanceAmount"]))
    except MatchRefused as error:
        raise refused(-26, str(error)) from error
    return CREATED


@operation("deleteBalancing")
def delete(call: Call) -> Answer:
    """Remove the match of one pair."""
    matching = Matching(call.books)
    debit, credit = _line(call, call.body["debetKey"]), _line(call, call.body["creditKey"])
    found = matching.matches("debit = ? AND credit = ?", debit["id"], credit["id"])
    if not found:
        raise refused(-26, "These lines are not matched")
    matching.remove(found[0])
    return NO_CONTENT


@operation("deleteBalancingByBookingline")
def delete_of_line(call: Call) -> Answer:
    """Remove all matches of a line."""
    Matching(call.books).remove_line(_line(call, call.body)["id"])
    return NO_CONTENT


@operation("deleteBalancingByDocument")
def delete_of_document(call: Call) -> Answer:
    """Remove all matches of a document."""
    document = call.books.document(
        int(call.body["bookyearKey"]["id"]),
        call.body["journal"],
        int(call.body["documentSequenceNr"]),
    )
    if document is None:
        raise refused(-34, "The document does not exist")
    Matching(call.books).remove_document(document["id"])
    return NO_CONTENT


@operation("getModifiedBalancingRelations")
def modified(call: Call) -> Answer:
    """Matches made or changed since a moment, and those removed."""
    since = call.query["modifiedTimeStamp"]
    changed = [
        as_data(call.books, match) for match in Matching(call.books).matches("modified >= ?", since)
    ]
    deleted = [row["data"] for row in call.books.deletions("matching", since)]
    if not changed and not deleted:
        raise nothing_found()
    return Answer(200, {"modifiedBalancings": changed, "deletedBalancings": deleted})


def line_type(line: dict) -> str:
    """C client, S supplier or A ledger account."""
    if not line["party"]:
        return "A"
    return "S" if line["account"] == SUPPLIER_ACCOUNT else "C"


def as_data(books: Books, match: dict) -> dict:
    """A match as ``BalancingDetailServiceData``."""
    debit, credit = match["debit"], match["credit"]
    party = books.party(debit["party"]) if debit["party"] else None
    return {
        "type": {
            "type": line_type(debit),
            "relationKey": party and {"id": party["id"]},
            "externalRelationId": party["external_id"] if party else 0,
            "accountNr": 0 if party else debit["account"],
        },
        "debetDocument": _side(debit),
        "creditDocument": _side(credit),
        "debetBalancedBookingAmount": 0.0,
        "creditBalancedBookingAmount": float(match["amount"]),
    }


def _side(line: dict) -> dict:
    debit = line["amount"] > 0
    booking, document = float(abs(line["amount"])), float(abs(line["document_amount"]))
    comment, reference = texts_of(line)
    return {
        "balancingKey": line_key(line),
        "documentDate": line["date"],
        "currencyCode": line["currency"],
        "exchangeRate": float(line["rate"]),
        "comment": comment,
        "reference": reference,
        "debetBookingAmount": booking if debit else 0.0,
        "creditBookingAmount": 0.0 if debit else booking,
        "debetDocumentAmount": document if debit else 0.0,
        "creditDocumentAmount": 0.0 if debit else document,
    }


def line_key(line: dict) -> dict:
    """``BalancingKeyServiceData`` of a line."""
    return {
        "bookyearKey": {"id": line["book_year"]},
        "journalKey": line["journal"],
        "documentSequenceNr": line["number"],
        "lineSequenceNr": line["sequence"],
    }
