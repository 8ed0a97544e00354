"""Linking a document with a booking that is there, and following one that was renumbered."""

import logging

from odoo import models
from odoo.tools import SQL

from ...api import matching
from ...api.errors import DUPLICATE, PackageError
from .job_work import candidate_values
from .work import NotSent

_logger = logging.getLogger(__name__)


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    def _link(self, work, prepared, stored, document):
        """Link the document with a booking that says the same. It is ours where it carries our mark
        and nobody coded it otherwise; else it is the accountant's (adopted). Where an earlier
        connection knew it and nobody touched it since, that link goes on, and with it what changed
        in Odoo meanwhile."""
        previous = self._previous_link(work)
        if previous and (previous.version, previous.external_key) == (stored.version, stored.key):
            self._store(self._take_over, work, previous, stored)
            self._send_change(work, self._read_facts(work), prepared)
            return
        adopted = not self._is_as_sent(work, stored, document)
        # what carries our mark went with its files
        with_files = work.capabilities.files_with_document and not stored.without_files
        files = prepared.files if with_files and not adopted else ()
        self._store(self._store_done, work, stored, document, files, adopted)

    def _is_as_sent(self, work, stored, document):
        """Whether a booking carries our mark and the figures and lines we would send. Cost centres
        and shares count; a package that does not say its lines is believed."""
        if stored.own_reference != document.own_reference:
            return False
        if matching.contradictions(stored, document, ""):
            return False
        lines = self._lines_of(work, document)
        if lines is None:
            # with a code that is gone: what stands there is not what we would send
            return False
        return not stored.lines or not lines or matching.same_lines(stored.lines, lines)

    def _lines_of(self, work, document):
        """The lines the booking of a document has when nobody touched it; None where a code of it
        is unknown."""
        try:
            return work.package.lines_of(document)
        except PackageError as error:
            _logger.info("The lines of %s cannot be told: %s", document.number, error)
            return None

    def _ours_otherwise(self, stored):
        """The reason why a booking with our mark and other figures waits for a person."""
        return NotSent(
            DUPLICATE,
            "ours_otherwise",
            self.env._(
                "%(name)s was booked before as %(number)s, with other figures than Odoo has now."
                " Keep what is there, or replace it by Odoo's.",
                name=self.name,
                number=stored.number,
            ),
            (self.res_model, self.res_id),
            [candidate_values(stored)],
        )

    # What a person decided

    def _bind_to(self, candidate, kind, record, **values):
        """Link a record with a candidate; ``values`` as ``_bind`` takes them."""
        self.env["accountable.binding"]._bind(
            self.connection_id.id,
            kind,
            *record,
            {
                "external_key": candidate["key"],
                "number": candidate.get("number"),
                "version": candidate.get("version"),
                **values,
            },
        )

    def _bind_own_booking(self, candidate):
        """Link the document with the booking that it is to replace. What was adopted before stays
        adopted."""
        record = self.res_model, self.res_id
        known = self.env["accountable.binding"].search(
            [
                ("kind", "=", "document"),
                ("res_model", "=", self.res_model),
                ("res_id", "=", self.res_id),
                ("external_key", "=", candidate["key"]),
            ]
        )
        adopted = not candidate.get("own_reference") or any(known.mapped("adopted"))
        self._bind_to(candidate, "document", record, adopted=adopted)

    # An earlier connection with the same administration

    def _previous_link(self, work):
        """The newest link of this document that an earlier connection with the same administration
        left, or none."""
        return self.env["accountable.binding"].search(
            [
                ("connection_id", "in", self._earlier_connections(work).ids),
                ("kind", "=", "document"),
                ("res_model", "=", self.res_model),
                ("res_id", "=", self.res_id),
            ],
            order="id desc",
            limit=1,
        )

    def _earlier_connections(self, work):
        """Other connections with the same administration, archived ones too."""
        connections = self.env["accountable.connection"].with_context(active_test=False)
        present = connections.browse(work.connection_id)
        return connections.search(
            [
                ("id", "!=", present.id),
                ("package", "=", present.package),
                ("administration_key", "=", present.administration_key),
            ]
        )

    def _earlier_links(self, work, binding):
        """The links that earlier connections left of the same booking."""
        return binding.search(
            [
                ("connection_id", "in", self._earlier_connections(work).ids),
                ("kind", "=", "document"),
                ("res_model", "=", binding.res_model),
                ("res_id", "=", binding.res_id),
                ("external_key", "=", binding.external_key),
            ]
        )

    def _find_previous(self, work, document, party_key):
        """The booking an earlier connection made or linked, None when it is gone. Raises NotSent
        when its figures are not the document's."""
        previous = self._previous_link(work)
        stored = previous and self._read_booking(work, previous)
        if not stored or not self._unbound(work, [stored]):
            return None
        if matching.contradictions(stored, document, party_key):
            self._keep_content(document)
            raise self._ours_otherwise(stored)
        return stored

    def _take_over(self, work, previous, stored):
        """This connection goes on with the link of an earlier one, and with those of its files."""
        bindings = self.env["accountable.binding"]
        bindings._bind(
            work.connection_id,
            "document",
            self.res_model,
            self.res_id,
            {
                "external_key": stored.key,
                "number": stored.number,
                "fingerprint": previous.fingerprint,
                "version": previous.version,
                "adopted": previous.adopted,
                "details": previous.details,
            },
        )
        files = bindings.search(
            [
                ("connection_id", "=", previous.connection_id.id),
                ("kind", "=", "file"),
                ("external_key", "=like", f"{previous.external_key}#%"),
            ]
        )
        for file in files:
            values = file.read(["external_key", "number", "fingerprint"])[0]
            bindings._bind(work.connection_id, "file", file.res_model, file.res_id, values)
        self.connection_id._reset_settlement_cursor()

    # A booking that has another number now

    def _read_booking(self, work, binding):
        """The booking of a link as it is now, None when it is gone. A person may have given it
        another number, and its old one to another booking: the link follows then. Commits in that
        case."""
        key, version, mark = binding.external_key, binding.version or "", self._mark_of(binding)
        stored = work.package.read_document(key)
        if stored and stored.own_reference not in ("", mark):
            self._check_made_here(work, [stored], by_mark=True)
            stored = None  # another document of ours
        if not stored or not (stored.own_reference or stored.version == version):
            undone = self._undone_bookings(work, binding)
            stored = work.package.find_moved(key, mark, version, undone) or stored
        if stored and stored.key != binding.external_key:
            self._store(self._follow, work, binding, stored)
        return stored

    def _undone_bookings(self, work, binding):
        """Keys of the other bookings with the mark of this one: its document was cancelled and
        posted again, and its opposite document undid them."""
        record = (binding.details or {}).get("record") or f"{binding.res_model},{binding.res_id}"
        model, _comma, id_ = record.partition(",")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT external_key FROM accountable_binding
                 WHERE connection_id = ANY(%s) AND kind = 'document' AND id != %s
                   AND (res_model = %s AND res_id = %s
                        OR res_model = %s AND details ->> 'record' = %s)
                """,
                [work.connection_id, *work.earlier],
                binding.id,
                model,
                int(id_),
                self._name,
                record,
            )
        )
        return {key for [key] in rows} - {binding.external_key}

    def _mark_of(self, binding):
        """The mark a booking was sent with."""
        details = binding.details or {}
        content = details.get("content") or {}
        mark = content.get("own_reference") or details.get("own_reference")
        if mark or binding.res_model != "account.move":
            return mark or ""
        move = self.env["account.move"].browse(binding.res_id)
        return self.env["accountable.document"]._own_reference(move)

    def _follow(self, work, binding, stored):
        """Give a link the key its booking has now; links in its way follow theirs, and one whose
        booking is gone ends."""
        places = {}
        while True:
            places[binding] = stored
            # two links with one key cannot be, not even while they change places
            binding.external_key = f"{binding.external_key} moved {binding.id}"
            binding.flush_recordset()
            binding = self._holder_of(binding.connection_id, stored.key)
            if not binding:
                break
            stored = self._find_moved(work, binding)
            if stored is None:
                self._end_link(binding)
                break
        for one, place in places.items():
            one.write({"external_key": place.key, "number": place.number})
        next(iter(places)).connection_id._reset_settlement_cursor()

    def _holder_of(self, connection, key):
        return self.env["accountable.binding"].search(
            [
                ("connection_id", "=", connection.id),
                ("kind", "=", "document"),
                ("external_key", "=", key),
            ]
        )

    def _find_moved(self, work, binding):
        """Where the booking of a link went; None when that cannot be told."""
        try:
            return work.package.find_moved(
                binding.external_key,
                self._mark_of(binding),
                binding.version or "",
                self._undone_bookings(work, binding),
            )
        except PackageError as error:
            _logger.info("%s cannot be followed: %s", binding.external_key, error)
            return None

    def _displace(self, work, other_id):
        """A key that another document had: its booking has another number now, or was deleted and
        its number given again."""
        other = self.env["accountable.binding"].browse(other_id or ())
        stored = other and self._find_moved(work, other)
        if stored and stored.key != other.external_key:
            self._follow(work, other, stored)
        elif other:
            self._end_link(other)

    def _end_link(self, binding):
        """A booking that is gone, and whose number is another's: a person is told."""
        record = self.env[binding.res_model].browse(binding.res_id).exists()
        if record and binding.res_model == "account.move":
            record._accountable_raise(
                binding.connection_id.id,
                "gone",
                self.env._(
                    "It was deleted in the administration, where %(number)s is another document"
                    " now.",
                    number=binding.number,
                ),
            )
        binding.unlink()
