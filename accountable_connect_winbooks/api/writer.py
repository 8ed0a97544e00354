"""The files of a batch: ACT and CSF, and the documents' files beside them."""

from collections.abc import Iterable

from odoo.addons.accountable_connect.api.file_package import Parcel
from odoo.addons.accountable_connect.documents import File, StoredFile

from .options import Options


def write(parcel: Parcel, options: Options) -> Iterable[File | StoredFile]:
    """``CSF.TXT`` (where there is a third to tell of), ``ACT.TXT`` and the annexes. Pure: the same
    parcel and options give the same bytes."""
    raise NotImplementedError
