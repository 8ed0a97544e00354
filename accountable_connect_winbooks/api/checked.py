"""The files of a batch, checked before the first one is given."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import chain

from odoo.addons.accountable_connect.api.errors import BatchRefusedError, DataRefusedError
from odoo.addons.accountable_connect.api.file_package import Parcel
from odoo.addons.accountable_connect.documents import Delivery, File, StoredFile

from .folder import Folder
from .given import Given
from .options import Options
from .validator import Finding, findings
from .validator.record import CUSTOMER, SUPPLIER
from .writer import ACT_NAME, CSF_NAME, write


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What the operator will be asked about a document; ``place`` is that in the parcel."""

    place: int
    code: str
    values: dict


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """``files`` are those of the batch, in their order. Whoever wants them takes them once."""

    files: Iterable[File | StoredFile] = ()
    refusals: dict[int, DataRefusedError] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()


class _Rest(Sequence):
    """The deliveries of a parcel at some of its places, read as one goes."""

    def __init__(self, deliveries: Sequence[Delivery], places: list[int]):
        self.deliveries = deliveries
        self.places = places

    def __len__(self):
        return len(self.places)

    def __getitem__(self, place):
        return self.deliveries[self.places[place]]


def checked(parcel: Parcel, options: Options, folder: Folder) -> Checked:
    """Write the files and read them as the import would.

    Documents that the writer refuses do not hide what is wrong with the others: these are written
    and read as well.
    """
    places = list(range(len(parcel.deliveries)))
    refusals: dict[int, DataRefusedError] = {}
    try:
        entries, annexes = _entries(parcel, options, folder)
    except BatchRefusedError as error:
        for place, reason in error.refusals.items():
            reason.values.setdefault("document", parcel.deliveries[place].number)
            refusals[place] = reason
        places = [place for place in places if place not in refusals]
        if not places:
            return Checked(refusals=refusals)
        parcel = replace(parcel, deliveries=_Rest(parcel.deliveries, places))
        entries, annexes = _entries(parcel, options, folder)
    found = findings(_lines(entries.get(ACT_NAME)), _lines(entries.get(CSF_NAME)), folder, options)
    remarks: list[Remark] = []
    if found:
        _attribute(found, parcel, places, refusals, remarks)
    files = () if refusals else _one_by_one(entries, annexes)
    return Checked(files=files, refusals=refusals, remarks=tuple(remarks))


def _entries(parcel, options, folder):
    """``({name: file} of the entries, the files that come after them)``."""
    entries: dict[str, File] = {}
    files = iter(write(parcel, options, folder))
    for file in files:
        if file.name not in (ACT_NAME, CSF_NAME):
            return entries, chain([file], files)
        entries[file.name] = file
    return entries, iter(())


def _one_by_one(entries, annexes) -> Iterable[File | StoredFile]:
    """Each is let go of when it is given."""
    for name in list(entries):
        yield entries.pop(name)
    yield from annexes


def _lines(file: File | None) -> Iterable[bytes]:
    return BytesIO(file.content) if file else ()


def _attribute(found: list[Finding], parcel, places, refusals, remarks):
    """Give each finding to the documents it is about: the first fatal one of a document refuses
    it, the others are remarks. One that is about none is about all of them."""
    by_document: dict[tuple[str, str], list[Finding]] = {}
    by_third: dict[tuple[str, str], list[Finding]] = {}
    by_all: list[Finding] = []
    for one in found:
        if one.document:
            by_document.setdefault(one.document, []).append(one)
        elif one.third:
            by_third.setdefault(one.third, []).append(one)
        else:
            by_all.append(one)
    met: set[int] = set()
    for place, delivery in zip(places, parcel.deliveries, strict=True):
        document, third = names_of(delivery)
        own = [*by_document.get(document, ()), *by_third.get(third, ()), *by_all]
        # what the office is asked about a third, it is asked once
        own = [one for one in own if one.fatal or one.document or id(one) not in met]
        met.update(map(id, own))
        _refuse_or_remark(own, place, delivery, document, third, refusals, remarks)
    lost = [one for one in found if one.fatal and id(one) not in met]
    if lost:
        for place, delivery in zip(places, parcel.deliveries, strict=True):
            document, third = names_of(delivery)
            _refuse_or_remark(lost, place, delivery, document, third, refusals, remarks)


def _refuse_or_remark(own, place, delivery, document, third, refusals, remarks):
    for one in own:
        values = {
            "document": delivery.number,
            "journal": document[0],
            "number": document[1],
            "third": third[1],
            "file": one.file,
            "line": one.line,
            **one.values,
        }
        if not one.fatal:
            remarks.append(Remark(place=place, code=one.code, values=values))
        elif place not in refusals:
            refusals[place] = DataRefusedError(
                f"{one.file} line {one.line}: {one.code} {one.column}".rstrip(),
                code=one.code,
                values=values,
            )


def names_of(delivery: Delivery) -> tuple[tuple[str, str], tuple[str, str]]:
    """``((DBKCODE, DOCNUMBER), (TYPE, NUMBER))`` of a document and its third."""
    given = Given.from_json(delivery.given)
    kind = CUSTOMER if delivery.document.is_sale else SUPPLIER
    return (delivery.document.journal, given.number), (kind, given.third)
