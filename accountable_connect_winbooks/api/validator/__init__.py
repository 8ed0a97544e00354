"""What WinBooks would refuse of a batch, told before it leaves: the bytes are read as its import
would, and every fault has the code the operator would see, where WinBooks has one for it."""

from collections.abc import Iterable

from ..folder import Folder
from ..options import Options
from .document import Documents
from .finding import Finding, Report
from .physical import ACT, CSF, records
from .record import Act, check_act
from .thirds import read_thirds

__all__ = ["ACT", "CSF", "Finding", "findings"]


def findings(
    act: Iterable[bytes], csf: Iterable[bytes], folder: Folder, options: Options
) -> list[Finding]:
    """Read the bytes as the import would, a line at a time.

    :param act: the lines of ACT.TXT, with their line ends
    :param csf: the same of CSF.TXT
    """
    report = Report()
    report.file = CSF
    thirds = read_thirds(csf, folder, report)
    report.file = ACT
    documents = Documents(folder, options, thirds, report)
    for values in records(act, ACT, report):
        record = Act(report.line, values)
        documents.add(record)
        check_act(record, folder, report)
    documents.end()
    if not documents.count:
        report.add("no_entries", line=0)
    return report.findings
