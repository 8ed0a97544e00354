"""Which class works on which operation of a job."""

from .hand_over_document import HandOverDocument, HandOverReverse
from .hand_over_file import HandOverFile
from .remove import RemoveSecond
from .send_contact import SendContact
from .send_document import SendDocument
from .send_file import SendFile
from .send_reverse import SendReverse

OPERATIONS = {
    "document": SendDocument,
    "reverse": SendReverse,
    "party": SendContact,
    "file": SendFile,
    "remove": RemoveSecond,
}
# Of kinds of documents that are handed over.
HANDED_OVER = {
    "document": HandOverDocument,
    "reverse": HandOverReverse,
    "file": HandOverFile,
}


def operation_of(job, run):
    """What is to be done of a job, in this run."""
    operation, _model, _id = run.record_of(job)
    kinds = run.capabilities.handed_over
    if kinds and operation in HANDED_OVER and job.document_kind in kinds:
        return HANDED_OVER[operation](job, run)
    return OPERATIONS[operation](job, run)
