"""Booking, changing and removing entries; what was booked is compared with its document.

Error codes, beside those of refusals: ``amount_differs`` and ``kind_differs`` (the booking was not
as the document says and is removed again), ``changed_otherwise`` (a change did not make it so),
``processed`` (the accountant has processed or matched it: book a credit note), ``moved``,
``entry_gone``.
"""

import logging

from odoo.addons.accountable_connect.api.contract import StoredDocument
from odoo.addons.accountable_connect.api.errors import (
    ConfigurationMissingError,
    DataRefusedError,
    LimitReachedError,
    NumberTakenError,
    OutcomeUnknownError,
    PackageError,
    PeriodClosedError,
)
from odoo.addons.accountable_connect.documents import Document

from .. import const
from . import changing, comparing, mapping, wire
from .answers import documented_form
from .client import ExactClient
from .codes import Codes
from .entries import Entries
from .files import Files

_logger = logging.getLogger(__name__)

CONCERN_THE_PARTY = ("party_unknown", "party_blocked", "not_customer", "not_supplier")
NUMBER_IN_USE = "number_in_use"
MATCHED = (const.TERM_SELECTED, const.TERM_IN_PROCESS, const.TERM_MATCHED)


class Bookings:
    """Writes the entries of a division."""

    def __init__(self, client: ExactClient, codes: Codes, entries: Entries, files: Files):
        self.client = client
        self.codes = codes
        self._entries = entries
        self._files = files

    # Booking

    def book(
        self, document: Document, party_key: str, number: int | None, again: bool
    ) -> StoredDocument:
        """One call; files are attached to a document of their own before it, so that the entry
        carries the link. What is wrong with a file holds up no entry: it goes without, and
        ``attach_file`` says what it is. The answer is compared with the document."""
        side = mapping.side_of(document)
        payload = self._payload(document, party_key)
        place = self._place_of_files(side, document, party_key, again)
        if place:
            payload["Document"] = place
        if number:
            payload["EntryNumber"] = number
        row = self._post(side, payload, document)
        with documented_form(side.entries, written=True):
            entry = row["EntryID"]
        row = self._filled_in(side, entry, row)
        with documented_form(side.entries, written=True):
            self._entries.numbers.learn(number, row, again)
            stored = mapping.stored_document(side, row, payload[side.collection], self.codes)
            problem = comparing.difference(document, stored, row)
        if problem:
            self._take_back(side, document, stored, row, problem)
        return self._files.booked(stored, place) if document.files else stored

    def _post(self, side, payload, document):
        try:
            return self.client.post(side.entries, payload, values=_values(document))
        except DataRefusedError as error:
            if "EntryNumber" in payload and error.code == NUMBER_IN_USE:
                raise error.turned_into(NumberTakenError) from error
            if error.code in CONCERN_THE_PARTY:
                error.values["concerns"] = "party"
            raise

    def _place_of_files(self, side, document, party_key, again):
        try:
            return self._files.with_document(side, document, party_key, again)
        except (DataRefusedError, ConfigurationMissingError, LimitReachedError) as error:
            if isinstance(error, LimitReachedError) and error.code != error.ONE_OPERATION:
                raise
            _logger.info("%s is booked without its files: %s", document.number, error)
            return ""

    def _payload(self, document, party_key):
        """What is to be sent. Raises before any call what is known already."""
        if not wire.is_guid(party_key):
            raise DataRefusedError(
                f"Account {party_key} does not exist",
                code="party_unknown",
                values=_values(document) | {"concerns": "party"},
            )
        self._entries.know_periods(document)
        period = self.codes.period_of(document.accounting_date)
        if document.journal in period.get("closed_journals", ()):
            raise PeriodClosedError(
                f"{period['year']}/{period['period']} is closed for {document.journal}",
                code="period_closed",
                values=_values(document)
                | {
                    "date": document.accounting_date,
                    "period": f"{period['year']}/{period['period']}",
                },
            )
        return mapping.entry_payload(document, party_key, self.codes)

    def _filled_in(self, side, entry, row):
        """The entry as booked; read again when the answer to the booking says too little."""
        if row.get("AmountFC") is not None and row.get("Journal"):
            return row
        try:
            found = self._entries.row_of(side, entry)
        except PackageError as error:
            raise OutcomeUnknownError(f"Entry {entry} cannot be read: {error}") from error
        if found is None:
            raise OutcomeUnknownError(f"Entry {entry} was answered and is not there")
        return found

    def _take_back(self, side, document, stored, row, problem):
        """Remove an entry that is not what the document says, and raise why."""
        figures = comparing.figures(document, stored, row)
        booked = f"booked as {stored.kind}: {figures['booked']} instead of {figures['total']}"
        text = f"{document.number}: {document.kind}, {booked}"
        try:
            self.client.delete(side.entries, row["EntryID"], values=_values(document))
        except PackageError as error:
            raise OutcomeUnknownError(
                f"{text}, and it cannot be removed: {error}",
                code=problem,
                values=_values(document) | figures,
            ) from error
        raise DataRefusedError(text, code=problem, values=_values(document) | figures)

    # Changing and removing

    def change(self, key: str, document: Document, party_key: str) -> StoredDocument:
        """Change what differs, line by line: first those that stay, then further ones, then the
        surplus is removed, because removing the last line removes the entry."""
        found = self._entries.take_read(key)
        if found is None:
            raise DataRefusedError(
                f"{key} does not exist any more", code="entry_gone", values=_values(document)
            )
        side, entry = mapping.split_key(key)
        row, lines = found
        if self._cannot_change(side, row):
            error = DataRefusedError(
                f"{key} is processed or matched", code="processed", values=_values(document)
            )
            error.is_matched = row.get("Status") != const.PROCESSED
            raise error
        with documented_form(side.entries):
            before = mapping.stored_document(side, row, lines, self.codes)
        self._check_same_place(key, before, row, document)
        payload = self._payload(document, party_key)
        sent = payload.pop(side.collection)
        with documented_form(side.lines):
            plan = changing.plan(side, entry, row, lines, payload, sent, self.codes, document)
        self._carry_out(plan, document)
        row = self._filled_in(side, entry, {})
        with documented_form(side.entries, written=True):
            stored = mapping.stored_document(side, row, sent, self.codes)
            problem = comparing.difference(document, stored, row)
        if problem:
            figures = comparing.figures(document, stored, row)
            raise DataRefusedError(
                f"{document.number}: {figures['total']}, after the change {figures['booked']}",
                code=DataRefusedError.CHANGED_OTHERWISE,
                values=_values(document) | figures,
            )
        return stored

    def _check_same_place(self, key, before, row, document):
        """An entry keeps its kind, journal and year."""
        period = self.codes.period_of(document.accounting_date)
        zero = not before.total or not document.total
        if (
            mapping.side_of(document).name != key.partition("/")[0]
            or (before.kind != document.kind and not zero)
            or row["Journal"] != document.journal
            or (period and row.get("ReportingYear") not in (None, period["year"]))
        ):
            raise DataRefusedError(
                f"{key} cannot become a {document.kind} in {document.journal}",
                code="moved",
                values=_values(document),
            )

    def _carry_out(self, plan, document):
        """Make the changes. When one fails after another was made, nobody knows what is there: so
        none is begun that a limit would stop half way."""
        values = _values(document)
        if len(plan) > 1:
            methods = {step.method for step in plan}
            method = "POST" if "POST" in methods else "PUT"
            self.client.check_room(len(plan), method, plan[0].entity)
        for number, step in enumerate(plan):
            try:
                if step.method == "PUT":
                    self.client.put(step.entity, step.key, step.body, values=values)
                elif step.method == "POST":
                    self.client.post(step.entity, step.body, values=values)
                else:
                    self.client.delete(step.entity, step.key, values=values)
            except PackageError as error:
                if not number:
                    raise
                text = f"{document.number} was changed in part: {error}"
                raise error.turned_into(OutcomeUnknownError, text) from error

    def _cannot_change(self, side, row):
        """Whether the accountant has done something with it: processed, matched, or chosen for
        payment."""
        if row.get("Status") == const.PROCESSED:
            return True
        rows = self.client.get_list(
            side.terms,
            select="ID,Status,AmountDC",
            filter=f"TransactionEntryID eq {wire.guid(row['EntryID'])}",
        )
        with documented_form(side.terms):
            return any(
                term["Status"] in MATCHED and wire.read_number(term.get("AmountDC"))
                for term in rows
            )

    def is_untouched(self, key: str, document: Document) -> bool:
        """Three calls: the entry, its lines and its terms."""
        found = self._entries.row_and_lines(key)
        if found is None:
            return False
        side = mapping.split_key(key)[0]
        row, lines = found
        if self._cannot_change(side, row):
            return False
        try:
            payload = self._payload(document, row.get(side.party) or "")
        except PackageError:
            return False
        with documented_form(side.entries):
            stored = mapping.stored_document(side, row, lines, self.codes)
            made = mapping.stored_document(side, row, payload[side.collection], self.codes)
            return (
                stored.version == made.version
                and row.get("Journal") == payload["Journal"]
                and (row.get("Description") or "") == (payload.get("Description") or "")
                and (row.get("YourRef") or "") == (payload.get("YourRef") or "")
                and not comparing.difference(document, stored, row)
            )

    def remove(self, key: str) -> bool:
        """Its files stay in Exact's archive of documents."""
        try:
            side, entry = mapping.split_key(key)
        except ValueError:
            return True
        self._entries.forget(key)
        row = self._entries.row_of(side, entry)
        if row is None:
            return True
        if self._cannot_change(side, row):
            return False
        try:
            self.client.delete(side.entries, entry, values={"key": key})
        except PeriodClosedError:
            return False
        except DataRefusedError as error:
            if error.code not in ("processed", "not_found"):
                raise
            return error.code == "not_found"
        return True


def _values(document):
    """What the sentence of an error may name."""
    return {
        "document": document.number,
        "journal": document.journal,
        "party": document.party.name,
        "currency": document.currency,
    }
