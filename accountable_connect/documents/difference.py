"""What changed between two states of one document: its words, or what is booked. Pure.

The words (numbers, texts, references, when it is due) are nothing a credit note could correct; what
is booked (figures, accounts, VAT codes, party, dates, currency) is.
"""

from collections import defaultdict
from dataclasses import fields, replace

from .document import ZERO, Document, Line

NOTHING = "nothing"
TEXTS = "texts"
BOOKKEEPING = "bookkeeping"

# The words people are told of when they differ.
WORDS = ("number", "reference", "communication", "text", "origin_number", "due_date")
# Whatever is not named here is booked, what a later version adds included.
_NOT_BOOKED = {
    *WORDS,
    "own_reference",
    "sequence_number",
    "payment_term",
    "instalments",
    "origin_key",
    "address",
    "files",
    # compared in their own way
    "party",
    "lines",
}
_BOOKED = tuple(one.name for one in fields(Document) if one.name not in _NOT_BOOKED)
_AMOUNTS = tuple(
    one.name
    for one in fields(Line)
    if one.name.startswith(("base", "vat_")) and one.name != "vat_code"
)
_PLACE = tuple(one.name for one in fields(Line) if one.name not in {"text", *_AMOUNTS})


def difference(sent: Document, present: Document) -> str:
    """One of the three words above. Lines that are booked alike count together: that they are
    grouped otherwise changes no book. Nor does the key that the corrected document has by now: a
    credit note that was prepared together with it did not know it yet."""
    if replace(sent, origin_key=present.origin_key).fingerprint() == present.fingerprint():
        return NOTHING
    if sent.party.identity != present.party.identity or _lines(sent) != _lines(present):
        return BOOKKEEPING
    if any(getattr(sent, name) != getattr(present, name) for name in _BOOKED):
        return BOOKKEEPING
    return TEXTS


def words_that_differ(sent: Document, present: Document) -> list[str]:
    """Which words differ: names of ``WORDS``, and ``label`` for the texts of lines."""
    names = [name for name in WORDS if getattr(sent, name) != getattr(present, name)]
    if sent.instalments != present.instalments and "due_date" not in names:
        names.append("due_date")
    if sorted(line.text for line in sent.lines) != sorted(line.text for line in present.lines):
        names.append("label")
    return names


def _lines(document):
    """Amounts by what decides where they are booked; what adds up to nothing is left out."""
    amounts = defaultdict(lambda: [ZERO] * len(_AMOUNTS))
    for line in document.lines:
        place = tuple(getattr(line, name) for name in _PLACE)
        amounts[place] = [
            amount + getattr(line, name)
            for amount, name in zip(amounts[place], _AMOUNTS, strict=True)
        ]
    return {place: sums for place, sums in amounts.items() if any(sums)}
