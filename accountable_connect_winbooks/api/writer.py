"""The files of a batch: ACT and CSF, and the documents' files beside them."""

import re
from collections.abc import Iterable, Iterator
from io import BytesIO

from odoo.addons.accountable_connect.api.errors import BatchRefusedError, DataRefusedError
from odoo.addons.accountable_connect.api.file_package import Parcel
from odoo.addons.accountable_connect.documents import Delivery, Document, File, StoredFile

from .entry import act_lines, named, third_type
from .folder import UNKNOWN, Folder
from .given import Given
from .layout import CSF
from .options import Options
from .text import record

ACT_NAME, CSF_NAME = "ACT.TXT", "CSF.TXT"
MEDIA_TYPE = "text/plain"
ENDINGS = {
    "application/pdf": "pdf",
    "application/xml": "xml",
    "text/xml": "xml",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/tiff": "tif",
}
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_-]+")
_ENDING = re.compile(r"[A-Za-z0-9]{1,5}")


def write(
    parcel: Parcel, options: Options, folder: Folder = UNKNOWN
) -> Iterator[File | StoredFile]:
    """``CSF.TXT`` (where there is a third to tell of), ``ACT.TXT`` and the annexes. Pure: the same
    parcel, options and folder give the same bytes.

    :raises BatchRefusedError: before the first file; documents that cannot be written as they are
    """
    act, thirds, annexes, refusals = BytesIO(), Thirds(), [], {}
    for place, delivery in enumerate(parcel.deliveries):
        given = Given.from_json(delivery.given)
        try:
            lines = act_lines(delivery.document, given, options, folder)
            thirds.add(delivery.document, given)
        except DataRefusedError as error:
            refusals[place] = error
            continue
        act.writelines(lines)
        annexes += _annexes(parcel, place, delivery, given)
    if refusals:
        raise BatchRefusedError(refusals)
    yield from _text_file(CSF_NAME, thirds.content())
    yield from _text_file(ACT_NAME, act.getvalue())
    yield from annexes


class Thirds:
    """The records of the thirds of a batch, each once, customers first."""

    def __init__(self):
        self.records: dict[tuple[str, str], bytes] = {}

    def add(self, document: Document, given: Given) -> None:
        """
        :raises DataRefusedError: its record cannot be written
        """
        key = third_type(document), given.third
        if not given.third_row or key in self.records:
            return
        names = (field.name for field in CSF)
        try:
            self.records[key] = record(CSF, dict(zip(names, given.third_row, strict=True)))
        except DataRefusedError as error:
            error.values |= {**named(document, given), "file": "CSF"}
            raise

    def content(self) -> bytes:
        return b"".join(self.records[key] for key in sorted(self.records))


def _text_file(name: str, content: bytes) -> Iterable[File]:
    if content:
        yield File(key=name, name=name, media_type=MEDIA_TYPE, content=content)


def _annexes(parcel: Parcel, place: int, delivery: Delivery, given: Given) -> Iterator[StoredFile]:
    """The files of a document under the names of WinBooks' archive; none of their contents is held
    here."""
    period = given.archive_period or given.period
    parts = [delivery.document.journal, period, given.number]
    base = "_".join(_NOT_IN_A_NAME.sub("-", part) for part in parts if part)
    for count, file in enumerate(delivery.files, 1):
        name = f"{base}_{count:02}.{_ending(file)}"
        yield StoredFile(
            key=file.key,
            name=name,
            media_type=file.media_type,
            size=file.size,
            checksum=file.checksum,
            read=_reader(parcel, place, count - 1, file),
        )


def _reader(parcel, place, position, file):
    if isinstance(file, StoredFile):
        return file.read
    return lambda: parcel.deliveries[place].files[position].content


def _ending(file: File | StoredFile) -> str:
    media_type = file.media_type.partition(";")[0].strip().lower()
    written = file.name.rpartition(".")[2].lower()
    if media_type in ENDINGS:
        return ENDINGS[media_type]
    return written if "." in file.name and _ENDING.fullmatch(written) else "bin"
