"""Which class works on which operation of a job."""

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


def operation_of(job, run):
    """What is to be done of a job, in this run."""
    operation, _model, _id = run.record_of(job)
    return OPERATIONS[operation](job, run)
