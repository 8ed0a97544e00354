"""What somebody says of documents that were handed over, as a table: a CSV file with a row for each
document, its number, what became of it and why."""

import csv
import io
import re
from dataclasses import dataclass

from .texts import cut

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 100_000
LONGEST_WORDS = 500
LONGEST_NUMBER = 200
DELIMITERS = ";,\t"
BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)

# Headings and words of the outcome, as a receiver or a person may write them.
NUMBER = {"number", "document", "document number", "nummer", "documentnummer", "numero", "numéro"}
OUTCOME = {"outcome", "status", "state", "result", "resultaat", "uitkomst", "resultat", "résultat"}
OUTCOME |= {"statut"}
WORDS = {"words", "message", "reason", "remark", "error", "bericht", "melding", "reden"}
WORDS |= {"opmerking", "motif", "raison", "remarque", "woorden", "mots"}
CONFIRMED = {"ok", "confirmed", "accepted", "imported", "booked", "yes", "bevestigd", "aanvaard"}
CONFIRMED |= {"ingelezen", "geboekt", "ja", "confirmé", "accepté", "importé", "comptabilisé", "oui"}
REFUSED = {"refused", "error", "rejected", "failed", "ko", "no", "nok", "not ok", "geweigerd"}
REFUSED |= {"fout", "afgekeurd", "nee", "refusé", "erreur", "rejeté", "non"}

TEMPLATE = (
    "number;outcome;words\r\n"
    "INV/2026/00001;confirmed;\r\n"
    "INV/2026/00002;refused;Customer unknown\r\n"
).encode("utf-8-sig")


class ReportError(Exception):
    """The file cannot be read. ``code`` is ``empty``, ``too_big``, ``spreadsheet``, ``not_text``,
    ``quotes``, ``columns`` or ``rows``."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is said of one document. ``outcome`` is "confirmed", "refused", or "" where the file
    says something else, or two things, of it; ``words`` are the receiver's."""

    number: str
    outcome: str
    words: str = ""


def read_report(content: bytes) -> list[Answer]:
    """The answers of a file, one for each number in the order of the file.

    Columns go by their headings, in any order; other columns and rows without a number are left
    out. Raises :class:`ReportError`.
    """
    text = _text(content)
    lines = io.StringIO(text, newline="")
    try:
        # strict: behind a quotation mark that never ends all other rows would be lost unseen
        return _answers(csv.reader(lines, delimiter=_delimiter(text), strict=True))
    except csv.Error as error:
        raise ReportError("quotes") from error


def _answers(rows):
    heads = [_plain(cell) for cell in next(rows, [])]
    places = [_place(heads, names) for names in (NUMBER, OUTCOME, WORDS)]
    if None in places[:2]:
        raise ReportError("columns")
    answers = {}
    for count, row in enumerate(rows, start=1):
        if count > MOST_ROWS:
            raise ReportError("rows")
        number, outcome, words = (_cell(row, place) for place in places)
        if not number:
            continue
        answer = Answer(
            number=cut(number, LONGEST_NUMBER),
            outcome=_outcome(outcome),
            words=cut(words, LONGEST_WORDS),
        )
        known = answers.setdefault(answer.number, answer)
        if known.outcome != answer.outcome:
            answers[answer.number] = Answer(number=answer.number, outcome="")
    return list(answers.values())


def _text(content):
    if not content.strip():
        raise ReportError("empty")
    if len(content) > MOST_BYTES:
        raise ReportError("too_big")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):  # .xlsx, .ods and .xls
        raise ReportError("spreadsheet")
    marked = next((name for mark, name in BYTE_ORDER_MARKS if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ReportError("not_text")


def _delimiter(text):
    """The one that stands most often in the first line."""
    head = text[: 10 * LONGEST_WORDS].partition("\n")[0]
    return max(DELIMITERS, key=head.count)


def _place(heads, names):
    return next((place for place, head in enumerate(heads) if head in names), None)


def _cell(row, place):
    if place is None or place >= len(row):
        return ""
    # a spreadsheet keeps the zeros of ="00012"
    return re.sub(r'^="(.*)"$', r"\1", row[place].strip())


def _plain(cell):
    return " ".join(cell.lower().split()).strip(" .:")


def _outcome(text):
    plain = _plain(text)
    if plain in CONFIRMED:
        return "confirmed"
    return "refused" if plain in REFUSED else ""
