"""The codes of the import's findings, and what an operator can answer.

The codes and which are fatal are on record (WinBooks' own list, readable up to OUT_DAT; SEQ_RUPT
from a program that drives the import). Which answers a code takes is inferred from their names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

(
    TO_RESOLVE,
    ACCEPT,
    REPLACE,
    BLANK,
    IGNORE,
    DO_NOT_COPY,
    ERASE_ALL,
    INFORMATION,
) = range(8)
RESOLUTIONS = {
    TO_RESOLVE: "To resolve",
    ACCEPT: "Accept",
    REPLACE: "Replace",
    BLANK: "Blank the record",
    IGNORE: "Ignore",
    DO_NOT_COPY: "Do not copy",
    ERASE_ALL: "Erase all",
    INFORMATION: "Information",
}

FATAL = frozenset(
    "ACC_FLD ACN_MIS ANA_BAL ANT_ST1 ANT_ST2 ANT_ZON BAD_DATE CAR_ERR CAR_SPA CID_ERR DBK_ANT"
    " DBK_EMP DBK_ERR DBK_MISS DBK_TYP DBK_TYP2 DEC_ERR DBT_ANT DOC_BAL DOC_EXI DOC_LCK FLD_MISS"
    " LEN_ACCO LOCKPER NOT_FILL OPE_MIS".split()
)
# Warning → the answers it takes; the first is what an office usually gives.
WARNINGS: dict[str, tuple[int, ...]] = {
    "ACC_MISS": (BLANK, ACCEPT),
    "ACC_MOD": (IGNORE, REPLACE, DO_NOT_COPY),
    "BKC_ERR": (ACCEPT, BLANK),
    "CUR_ERR": (ACCEPT,),
    "DOC_NUM": (IGNORE, REPLACE, ACCEPT),
    "DOC_SIM": (ACCEPT, IGNORE),
    "LANG_ERR": (ACCEPT, BLANK),
    "MAT_ERR": (BLANK, ACCEPT),
    "NAM_ERR": (ACCEPT,),
    "OUT_DAT": (ACCEPT,),
    "SEQ_RUPT": (ACCEPT,),
}
USUAL = {code: answers[0] for code, answers in WARNINGS.items()}


@dataclass(frozen=True)
class Finding:
    """What the test says of a line. ``code`` "" is a note: nothing to answer. ``subject`` is what
    an answer is about: the key of a document or of a third."""

    code: str
    text: str
    file: str = ""
    line: int = 0
    field: str = ""
    subject: str = ""
    fatal: bool | None = None

    @property
    def is_fatal(self) -> bool:
        """Nothing is booked while it is there."""
        return self.code in FATAL if self.fatal is None else self.fatal

    @property
    def is_warning(self) -> bool:
        """It wants an answer."""
        return bool(self.code) and not self.is_fatal

    @property
    def answers(self) -> tuple[int, ...]:
        """The answers it takes."""
        return WARNINGS.get(self.code, (BLANK, ACCEPT)) if self.is_warning else ()

    def as_data(self, number: int) -> dict[str, Any]:
        """As plain data, under its number in the test."""
        severity = "fatal" if self.is_fatal else "warning" if self.code else "note"
        return {
            "number": number,
            "code": self.code,
            "severity": severity,
            "file": self.file,
            "line": self.line,
            "field": self.field,
            "text": self.text,
            "subject": self.subject,
            "answers": list(self.answers),
        }
