"""One fault of a file, and where faults are gathered."""

from dataclasses import dataclass, field
from typing import Any

from .codes import WEIGHTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """``code`` is WinBooks' own (``DOC_BAL``), or one of ours for a rule of the files themselves.
    ``file`` is ACT or CSF, ``line`` counts from 1; 0 is the whole file. ``column`` is the field,
    ``values`` what the sentence names.
    ``document``: (DBKCODE, DOCNUMBER), None for a record of CSF (then ``third``: (TYPE, NUMBER)).
    ``fatal``: the import stops; else the operator is asked."""

    code: str
    file: str
    line: int
    column: str = ""
    document: tuple[str, str] | None = None
    third: tuple[str, str] | None = None
    fatal: bool = True
    values: dict[str, Any] = field(default_factory=dict)


class Report:
    """Gathers findings; ``file``, ``line``, ``document`` and ``third`` say where one is."""

    def __init__(self):
        self.findings: list[Finding] = []
        self.file = ""
        self.line = 0
        self.document: tuple[str, str] | None = None
        self.third: tuple[str, str] | None = None

    def add(self, code, column="", /, *, line=None, document=None, fatal=None, **values):
        """:param fatal: where it is not what the table of codes says"""
        found = Finding(
            code=code,
            file=self.file,
            line=self.line if line is None else line,
            column=column,
            document=document or self.document,
            third=self.third,
            fatal=WEIGHTS[code] if fatal is None else fatal,
            values={"field": column, **values} if column else values,
        )
        self.findings.append(found)
