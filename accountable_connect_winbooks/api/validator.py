"""What WinBooks would refuse of a batch, told before it leaves."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .folder import Folder
from .options import Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """``code`` is WinBooks' own (``DOC_BAL``), or one of ours for a rule of the files themselves.
    ``file`` is ACT or CSF, ``line`` counts from 1. ``column`` is the field,
    ``values`` what the sentence names.
    ``document``: (DBKCODE, DOCNUMBER), None for a record of CSF (then ``third``).
    ``fatal``: the import stops; else the operator is asked."""

    code: str
    file: str
    line: int
    column: str = ""
    document: tuple[str, str] | None = None
    third: tuple[str, str] | None = None
    fatal: bool = True
    values: dict[str, Any] = field(default_factory=dict)


def findings(
    act: Iterable[bytes], csf: Iterable[bytes], folder: Folder, options: Options
) -> list[Finding]:
    """Read the bytes as the import would, a line at a time.

    :param act: the lines of ACT.TXT, with their line ends
    :param csf: the same of CSF.TXT
    """
    raise NotImplementedError
