"""Ledger lines of changed bookings, and keys of those removed (``bookings/modified``).

Choices: ``bookingAmount`` is positive for debit; ``vatSectionCode`` is the VAT code of the line;
the relation line has ``lineSequenceNr`` -1, VAT lines follow the last line of the document.
"""

from __future__ import annotations

from ..kit.ledger import Books
from .calls import Answer, Call, operation
from .errors import nothing_found
from .line_texts import texts_of

JOURNAL_TYPES = {"A": 1, "V": 2, "F": 3, "D": 4, "L": 7}


def document_key(book_year: int, journal: str, number: int) -> dict:
    """``DocumentKey``: the journal as type and number."""
    return {
        "bookyearKey": {"id": book_year},
        "journalType": JOURNAL_TYPES[journal[0]],
        "journalSequenceNr": int(journal[1:]),
        "documentSequenceNr": number,
    }


@operation("getReportModifiedBooking")
def modified_lines(call: Call) -> Answer:
    """Lines of bookings changed in a time span; book year and journal type -1 mean all."""
    since = call.query["modifiedTimeStamp"]
    until = call.query.get("modifiedTimeStampTo", "9999")
    year, kind = call.path["bookyearId"], call.query["journalTypeId"]

    def wanted(book_year: int, journal: str) -> bool:
        return year in (-1, book_year) and kind in (-1, JOURNAL_TYPES[journal[0]])

    rows = [
        line
        for document in call.books.documents("modified >= ? AND modified <= ?", since, until)
        if wanted(document["book_year"], document["journal"])
        for line in _lines(call.books, document)
    ]
    deleted = [
        document_key(row["data"]["book_year"], row["data"]["journal"], row["data"]["number"])
        for row in call.books.deletions("booking", since, until)
        if wanted(row["data"]["book_year"], row["data"]["journal"])
    ]
    if not rows and not deleted:
        raise nothing_found()
    return Answer(200, {"modifiedBookings": rows, "deletedBookings": deleted})


def _lines(books: Books, document: dict) -> list[dict]:
    return [_line_data(document, line) for line in books.lines(document["id"])]


def _line_data(document: dict, line: dict) -> dict:
    """A line as ``BookingReportData``."""
    comment, reference = texts_of(
        {
            **line,
            "journal": document["journal"],
            "comment": document["comment"],
            "head_reference": document["reference"],
        }
    )
    return {
        "bookyearKey": {"id": document["book_year"]},
        "journalType": JOURNAL_TYPES[document["journal"][0]],
        "journalNr": int(document["journal"][1:]),
        "documentSequenceNr": document["number"],
        "lineSequenceNr": line["sequence"],
        "bookyearPeriodeNr": document["period"],
        "documentDate": document["date"],
        "expiryDate": document["due_date"],
        "currencyCode": document["currency"],
        "exchangeRate": float(document["rate"]),
        "relationKey": line["party"] and {"id": line["party"]},
        "comment": line["text"] or comment,
        "reference": reference,
        "accountKey": line["account"],
        "bookingAmount": float(line["amount"]),
        "documentAmount": float(line["document_amount"]),
        "vatSectionCode": line["vat_code"],
        "vatRecuperationPercentage": None
        if line["deductible"] is None
        else float(line["deductible"]),
        "costCentreKey": line["cost_centre"] and {"id": line["cost_centre"]},
    }
