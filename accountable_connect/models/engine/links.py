"""The links of documents with their bookings, those of earlier connections too."""

import logging

from odoo.tools import SQL

from ...api.errors import PackageError
from ...documents.sentence import SentencesOf
from .job_part import JobPart, part
from .made_here import MadeHere

_lt = SentencesOf(__name__)

_logger = logging.getLogger(__name__)


class Links(JobPart):
    """The links of a document, here and in earlier connections with the same administration."""

    made_here = part(MadeHere)

    def previous(self):
        """The newest link of this document that an earlier connection with the same administration
        left, or none."""
        record = ("res_model", "=", self.res_model), ("res_id", "=", self.res_id)
        return self.bindings(
            "document", *record, connections=self._others(), order="id desc", limit=1
        )

    def earlier(self, binding):
        """The links that earlier connections left of the same booking."""
        names = ("res_model", "res_id", "external_key")
        same = [(name, "=", binding[name]) for name in names]
        return self.bindings("document", *same, connections=self._others())

    def _others(self):
        """Ids of all other connections with this administration, of other companies too: a branch
        may have one of its own by now."""
        return self.connection._others_with_administration().ids

    def unbound(self, found):
        """Those that are not the counterpart of another record. What was undone is linked with the
        item that undid it."""
        if not found:
            return []
        keys = ("external_key", "in", [stored.key for stored in found])
        bound = self.bindings("document", keys, connections=self.run.connection_ids)
        taken = {
            one.external_key
            for one in bound
            if (one.res_model, one.res_id) != (self.res_model, self.res_id)
        }
        taken |= self._undone(found)
        return [stored for stored in found if stored.key not in taken]

    def _undone(self, found):
        """Keys of those of these bookings of ours that were undone through any connection: whatever
        stands there has its opposite beside it."""
        ours = [stored.key for stored in found if stored.own_reference]
        if not ours:
            return set()
        keys, by_item = ("external_key", "in", ours), ("res_model", "=", self.job._name)
        links = self.bindings("document", keys, by_item, connections=self._others())
        return set(links.mapped("external_key"))

    def take_over(self, previous, stored):
        """This connection goes on with the link of an earlier one, and with those of its files."""
        bindings = self.env["accountable.binding"]
        bindings._bind(
            self.run.connection_id,
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
            bindings._bind(self.run.connection_id, "file", file.res_model, file.res_id, values)
        self.connection._reset_settlement_cursor()

    def read_booking(self, binding):
        """The booking of a link as it is now, None when it is gone. A person may have given it
        another number, and its old one to another booking: the link follows then. Commits in that
        case."""
        key, version, mark = binding.external_key, binding.version or "", self._mark_of(binding)
        stored = self.run.package.read_document(key)
        if stored and stored.own_reference not in ("", mark):
            self.made_here.check([stored], by_mark=True)
            stored = None  # another document of ours
        if not stored or not (stored.own_reference or stored.version == version):
            undone = self._undone_bookings(binding)
            stored = self.run.package.find_moved(key, mark, version, undone) or stored
        if stored and stored.key != binding.external_key:
            self.store(self._follow, binding, stored)
        return stored

    def _undone_bookings(self, binding):
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
                list(self.run.connection_ids),
                binding.id,
                model,
                int(id_),
                self.job._name,
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

    def _follow(self, binding, stored):
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
            stored = self._find_moved(binding)
            if stored is None:
                self._end_link(binding)
                break
        for one, place in places.items():
            one.write({"external_key": place.key, "number": place.number})
        next(iter(places)).connection_id._reset_settlement_cursor()

    def _holder_of(self, connection, key):
        key = ("external_key", "=", key)
        return self.bindings("document", key, connections=connection.ids)

    def _find_moved(self, binding):
        """Where the booking of a link went; None when the package does not say."""
        try:
            return self.run.package.find_moved(
                binding.external_key,
                self._mark_of(binding),
                binding.version or "",
                self._undone_bookings(binding),
            )
        except PackageError as error:
            _logger.info("%s cannot be followed: %s", binding.external_key, error)
            return None

    def displace(self, other_id):
        """A key that another document had: its booking has another number now, or was deleted and
        its number given again."""
        other = self.env["accountable.binding"].browse(other_id or ())
        stored = other and self._find_moved(other)
        if stored and stored.key != other.external_key:
            self._follow(other, stored)
        elif other:
            self._end_link(other)

    def _end_link(self, binding):
        """A booking that is gone, and whose number is another's: reported to a person."""
        record = self.env[binding.res_model].browse(binding.res_id).exists()
        if record and binding.res_model == "account.move":
            self.env["accountable.enqueueing"]._add_failed(
                binding.connection_id,
                record,
                "gone",
                _lt(
                    "It was deleted in the administration, where %(number)s is another document"
                    " now.",
                    number=binding.number,
                ),
            )
        binding.unlink()
