"""One reason why a document does not go, or a remark on it, with the record to open for it."""

from ..documents.problem import Problem
from ..documents.sentence import as_sentence

# Codes that are looked for elsewhere.
CONTACT_MISSING = "contact_missing"
COST_OF_GOODS = "cost_of_goods"


def problem_of(cause, error_kind, code, message, **values):
    """The ``Problem`` whose cause is this record; ``values`` are its other fields.

    :param message: a sentence (``SentencesOf``), a lazy text of Odoo, or a plain text, which
        everybody reads as it is
    """
    return Problem(
        error_kind=error_kind,
        code=code,
        message=as_sentence(message),
        cause_model=cause._name,
        cause_id=cause.id,
        **values,
    )
