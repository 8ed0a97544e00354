"""What keeps a document from being sent, or what a person should know before it is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One reason, in words a bookkeeper understands.

    ``error_kind`` is one of the error kinds of the queue (``api/errors.py``), ``code`` is stable
    and for programs. ``message`` is a ``Sentence``: in the language of whoever asked,
    and data where it is stored; a plain text stays as it is. ``cause_model`` and ``cause_id`` name
    the record to open to cure it. A problem that is not ``blocking`` is a warning: the document
    goes. One that is ``overridable`` blocks until a person says *Send it anyway*. ``note``: the
    values of what is noted on the document when it goes all the same, under the problem's code.
    """

    error_kind: str
    code: str
    message: str
    cause_model: str = ""
    cause_id: int = 0
    blocking: bool = True
    overridable: bool = False
    note: dict | None = None
