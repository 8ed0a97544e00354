"""What somebody says of documents that were handed over, as a table: a CSV file with a row for each
document, its number, what became of it and why."""

from dataclasses import dataclass

from .table_text import TableError, cell_at, numbered_rows, plain_heading
from .texts import cut

LONGEST_WORDS = 500
LONGEST_NUMBER = 200

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


class ReportError(TableError):
    """The file cannot be read. ``code`` is one of ``TableError``, or ``columns``."""


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
    try:
        return _answers(row for _line, row in numbered_rows(content))
    except TableError as error:
        raise ReportError(error.code) from error


def _answers(rows):
    heads = [plain_heading(cell) for cell in next(rows, [])]
    places = [_place(heads, names) for names in (NUMBER, OUTCOME, WORDS)]
    if None in places[:2]:
        raise ReportError("columns")
    answers = {}
    for row in rows:
        number, outcome, words = (cell_at(row, place) for place in places)
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


def _place(heads, names):
    return next((place for place, head in enumerate(heads) if head in names), None)


def _outcome(text):
    plain = plain_heading(text)
    if plain in CONFIRMED:
        return "confirmed"
    return "refused" if plain in REFUSED else ""
