"""What is wrong with what somebody typed, as a sentence that says what to do."""

from odoo.tools.translate import LazyTranslate

from ...documents.sentence import SentencesOf, filled

_lt = LazyTranslate(__name__)
_sentence = SentencesOf(__name__)

UNREADABLE = {
    "empty": _lt("There is nothing in it."),
    "too_big": _lt("The file is larger than 5 MB."),
    "rows": _lt("The file has more than 100,000 rows."),
    "spreadsheet": _lt(
        "This is a spreadsheet. Copy its rows and paste them, or save it as CSV first."
    ),
    "not_text": _lt("This is no text file. Save it as CSV, in UTF-8 or Windows-1252."),
    "quotes": _lt("A quotation mark in the text does not end; what follows it cannot be read."),
    "columns": _lt("The first row names the columns, and these are missing: %(missing)s."),
}
FAULTS = {
    "blank": _lt("it is empty, and must be filled in."),
    "long": _lt("it is longer than %(longest)s characters."),
    "signs": _lt("it holds characters that cannot be seen: type it anew."),
    "double": _lt("%(value)s stands in line %(other)s already: leave one of them out."),
    "type": _lt(
        "“%(value)s” is no type of journal. Write sales, sales credit notes, purchases, purchase"
        " credit notes, bank or miscellaneous."
    ),
    "scope": _lt("“%(value)s” is not understood: write sales or purchases."),
    "rate": _lt("“%(value)s” is no percentage between 0 and 100."),
    "deductible": _lt("“%(value)s” is not understood: write full, part or none."),
    "yes_no": _lt("“%(value)s” is not understood: write yes or no."),
    "day": _lt("“%(value)s” is no day: write it like 31/12/2026 or 2026-12-31."),
    "months": _lt("“%(value)s” is no number of months from 1 to 12."),
    "year_rank": _lt("“%(value)s” is no rank of a book year: it is one of 1 to 9 or A to Z."),
    "order": _lt("The last day lies before the first one."),
    "long_year": _lt("A book year has at most %(longest)s months."),
    "overlap": _lt(
        "It overlaps with the one from %(first)s to %(last)s: correct the days of one of them."
    ),
    "gap": _lt(
        "Nothing is typed from %(first)s to %(last)s: book years and periods follow one another day"
        " after day."
    ),
    "same_rank": _lt("The rank %(value)s is that of another book year as well."),
    "no_days": _lt("A period needs its first and its last day."),
}
COLUMN_LABELS = {
    "code": _lt("Code"),
    "name": _lt("Name"),
    "type": _lt("Type"),
    "rate": _lt("Rate"),
    "scope": _lt("For"),
    "user_code_1": _lt("User code 1"),
    "user_code_2": _lt("User code 2"),
    "deductible": _lt("Deductible"),
    "date_from": _lt("First day"),
    "date_to": _lt("Last day"),
    "months": _lt("Months per period"),
    "year_rank": _lt("Rank"),
    "closed": _lt("Closed"),
}


def sentence_of(code, values=None):
    """The sentence of a fault, without its place."""
    return filled(FAULTS[code], values or {})


def sentence_of_finding(finding):
    """The sentence of a ``Finding``, with its line and column."""
    words = sentence_of(finding.code, finding.values)
    if not finding.column:
        return _sentence("Line %(line)s: %(words)s", line=finding.line, words=words)
    return _sentence(
        "Line %(line)s, %(column)s: %(words)s",
        line=finding.line,
        column=filled(COLUMN_LABELS[finding.column], {}),
        words=words,
    )
