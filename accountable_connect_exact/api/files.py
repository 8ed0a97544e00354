"""Files of a booking: attachments of a document that the entry is linked with.

::

    Documents ── DocumentAttachments        place = ID of the document
        │
    SalesEntries.Document

A file that is known at booking has its document made first, so that one call carries the link. A
booking that fails then leaves that document behind; the next attempt uses it again.

A purchase entry that names no document gets one from Exact by itself: files that follow are put on
that one, so that a bill has one document and not two. Whatever is there already is not sent again.
"""

import base64
import logging
from dataclasses import replace

from odoo.addons.accountable_connect.api.contract import StoredDocument
from odoo.addons.accountable_connect.api.creates_in_flight import CreatesInFlight
from odoo.addons.accountable_connect.api.errors import DataRefusedError, PackageError
from odoo.addons.accountable_connect.documents import Document, File

from .. import const
from . import wire
from .answers import documented_form
from .client import ExactClient
from .mapping import PURCHASES, Side, file_name, subject

_logger = logging.getLogger(__name__)

DOCUMENTS = "documents/Documents"
ATTACHMENTS = "documents/DocumentAttachments"


class Files:
    """Makes documents and attaches files to them."""

    def __init__(self, client: ExactClient):
        self.client = client
        self._creates = CreatesInFlight(client, ExactClient.package)

    def with_document(self, side: Side, document: Document, party_key: str, again: bool) -> str:
        """The place that holds the document's files, before it is booked; "" without any. ``again``
        looks for what an earlier attempt left behind."""
        files = [file for file in document.files if file.size]
        for file in files:
            check_file(file)
        if not files:
            return ""
        title = subject(document)
        place = self._left_behind(title, party_key) if again else ""
        there = self._there(place) if place else {}
        if not place:
            body = {
                "Subject": title,
                "Type": side.document_type,
                "Account": party_key,
                "DocumentDate": document.document_date,
            }
            name = f"{document.own_reference} {party_key}"
            place = self._make(name, body, {"document": document.number})
        for file in files:
            if not _is_there(file, there):
                self._attach(place, file)
        return place

    def booked(self, stored: StoredDocument, place: str) -> StoredDocument:
        """The booking as it was answered, and whether its files went along. ``place`` holds them,
        "" when they could not be stored. An entry may have got a document by itself, which holds
        none of them: they follow, to that one, and ours is removed where Exact lets it go."""
        named = stored.file_place
        if place and named and named != place:
            try:
                self.client.delete(DOCUMENTS, place)
            except PackageError as error:
                _logger.info("Document %s stays, unused: %s", place, error)
        return replace(stored, without_files=not place or named != place)

    def afterwards(self, side: Side, entry: str, file: File, place: str, again: bool) -> str:
        """Attach a file to a booking; gives the place. ``again``: the file may be there. On a bill
        it always may: nothing else tells whether a document was made by Exact, by us or by the
        accountant."""
        check_file(file)
        if again or side is PURCHASES:
            place = place or self._place_of(side, entry)
            if place and _is_there(file, self._there(place)):
                return place
        if not place:
            body = {
                "Subject": file_name(file),
                "Type": side.document_type,
                "FinancialTransactionEntryID": entry,
            }
            place = self._make(entry, body, {"file": file.name})
        self._attach(place, file)
        return place

    def _make(self, name, body, values):
        row = self._creates.post(name, DOCUMENTS, body, values)
        with documented_form(DOCUMENTS, written=True):
            return row["ID"]

    def _attach(self, place, file):
        body = {
            "Document": place,
            "FileName": file_name(file),
            "Attachment": base64.b64encode(file.content).decode(),
        }
        name = f"{place} {file.key} {file.checksum}"
        self._creates.post(name, ATTACHMENTS, body, {"file": file.name})

    def _left_behind(self, title, party_key):
        """The document an earlier attempt made, that no entry uses; "" for none."""
        rows = self.client.get_list(
            DOCUMENTS,
            select="ID,FinancialTransactionEntryID",
            filter=f"Subject eq {wire.text(title)} and Account eq {wire.guid(party_key)}",
        )
        with documented_form(DOCUMENTS):
            free = [row["ID"] for row in rows if not row.get("FinancialTransactionEntryID")]
        return free[-1] if free else ""

    def _place_of(self, side, entry):
        """The document of an entry, "" for none. Raises DataRefusedError when the entry is gone."""
        rows = list(
            self.client.get_list(
                side.entries, select="EntryID,Document", filter=f"EntryID eq {wire.guid(entry)}"
            )
        )
        if not rows:
            raise gone(entry)
        if rows[0].get("Document"):
            return rows[0]["Document"]
        rows = self.client.get_list(
            DOCUMENTS,
            select="ID",
            filter=f"FinancialTransactionEntryID eq {wire.guid(entry)}",
        )
        with documented_form(DOCUMENTS):
            return next((row["ID"] for row in rows), "")

    def _there(self, place):
        """Name → sizes of the attachments of a document."""
        rows = self.client.get_list(
            ATTACHMENTS, select="FileName,FileSize", filter=f"Document eq {wire.guid(place)}"
        )
        there: dict[str, set] = {}
        with documented_form(ATTACHMENTS):
            for row in rows:
                there.setdefault(row["FileName"], set()).add(wire.read_number(row.get("FileSize")))
        return there


def gone(entry: str) -> PackageError:
    """The error for a booking that is not there any more."""
    return DataRefusedError(f"Entry {entry} does not exist any more", code="not_found")


def check_file(file: File) -> None:
    """Raises DataRefusedError for what Exact takes no file of."""
    if not file.size:
        raise DataRefusedError(
            f"{file.name} is empty", code="empty_file", values={"file": file.name}
        )
    if file.size > const.LARGEST_FILE:
        raise DataRefusedError(
            f"{file.name} is too large",
            code="file_too_large",
            values={"file": file.name, "largest": const.LARGEST_FILE // 2**20},
        )


def _is_there(file, there):
    """Equal name and, where Exact says it, equal size."""
    sizes = there.get(file_name(file), set())
    return bool({None, file.size} & sizes)
