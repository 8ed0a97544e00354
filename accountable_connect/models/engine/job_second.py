"""Whatever had no answer once is looked up again later: it may stand there twice."""

import logging
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ...api import policy
from ...api.errors import (
    AUTHORISATION_LOST,
    DUPLICATE,
    LIMIT_REACHED,
    OUTCOME_UNKNOWN,
    TEMPORARY,
    PackageError,
)
from ...documents.difference import BOOKKEEPING, difference
from ...documents.serial import document_to_values
from ..queue.unasked import IN_ODOO
from .job_wait import UNSETTLED, WAITING
from .job_work import candidate_values, document_of
from .work import NotSent

_logger = logging.getLogger(__name__)

BOOKED_TWICE = "booked_twice"
# What keeps a look from being made, and passes.
PASSING = (TEMPORARY, LIMIT_REACHED, AUTHORISATION_LOST, OUTCOME_UNKNOWN)
PORTION = 100
# Where something else about the record waits, the question waits for it.
ASK_LATER = timedelta(hours=1)


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    can_remove = fields.Boolean(compute="_compute_can_remove")

    def _compute_can_remove(self):
        for job in self:
            job.can_remove = (
                job.state == "failed"
                and job.operation == "remove"
                and job.sudo().connection_id._get_capabilities().remove_document
            )

    # The later looks

    def _look_again(self, work):
        """Look up what is due, told to the package beforehand so that it can ask for all of it at
        once. Commits after each. What goes wrong is tried again later, and keeps nobody from being
        sent."""
        jobs = self.search(
            [
                ("connection_id", "=", work.connection_id),
                ("look_again_at", "<=", fields.Datetime.now()),
            ],
            limit=PORTION,
        )
        if not jobs:
            return
        sought = {job: job._document_sought() for job in jobs}
        work.package.announce_look_ups([one for one in sought.values() if one[0]])
        for job in jobs:
            if not work.has_time:
                break
            try:
                job._look_again_one(work, *sought[job])
            except (PackageError, NotSent) as error:
                self.env.cr.rollback()
                _logger.info("Job %s cannot be looked up again: %s", job.id, error)
                passes = error.kind in PASSING
                job._store(job._store_look_again, ASK_LATER if passes else None)

    def _document_sought(self):
        """The document and the key of its party; None for what is no document."""
        content = (self.sought or {}).get("content")
        if not content:
            return None, ""
        try:
            return document_of(content), self.sought.get("party_key") or ""
        except (KeyError, TypeError, ValueError):
            _logger.exception("Job %s: what was sent cannot be read", self.id)
            return None, ""

    def _look_again_one(self, work, document, party_key):
        if self.state in UNSETTLED or (self.unanswered and self.state == "pending"):
            # it is being looked up anyway
            self._store(self._store_look_again, ASK_LATER)
        elif document:
            self._look_for_second(work, document, party_key)
            self._look_for_overwritten(work, document)
        elif self.sought.get("removal"):
            self._look_for_removed(work)
        else:
            self._look_for_second_party(work)

    def _store_look_again(self, after=None):
        """Done for now.

        :param after: look once more after so long; None: this look was one of those that count
        """
        left = self.looks_left - (after is None)
        if after is None and left > 0:
            after = policy.LOOK_AGAIN_AFTER[-left] - policy.LOOK_AGAIN_AFTER[-left - 1]
        self.write(
            {
                "looks_left": max(left, 0),
                "look_again_at": fields.Datetime.now() + after if after else False,
            }
        )

    # Documents

    def _look_for_second(self, work, document, party_key):
        with self._within_limit(work, "look_up"):
            found = self._with_our_mark(work, document, party_key)
        linked = self._linked_key(work, found)
        if found and not linked and not self._is_linked_elsewhere(work):
            self._settle_late(work, document, found)
            return
        for stored in [one for one in found if one.key != linked]:
            if self._removed_by_itself(work, document, party_key, stored):
                found.remove(stored)
        if len(found) > bool(linked):
            self._store(self._ask_which, found)
        else:
            self._store(self._store_look_again)

    def _own_link(self, work):
        return self.env["accountable.binding"]._find(
            work.connection_id, "document", self.res_model, self.res_id
        )

    def _is_linked_elsewhere(self, work):
        """Whether the document is linked with a booking that does not carry its mark, and is there:
        somebody entered it before ours arrived."""
        binding = self.operation == "document" and self._own_link(work)
        if not binding:
            return False
        with self._within_limit(work, "look_up"):
            return self._read_booking(work, binding) is not None

    # What arrived after something newer

    def _look_for_overwritten(self, work, document):
        """A change that arrived so late that it overwrote a newer one: the link says what is there,
        and the newer one goes again. What somebody else wrote there is not ours to tell."""
        binding = self._own_link(work)
        sent = binding and binding._sent_document()
        if (
            self.operation != "document"
            or not sent
            or binding.adopted
            or difference(sent, document) != BOOKKEEPING
            or self._is_under_way()
        ):
            return
        with self._within_limit(work, "look_up"):
            stored = self._read_booking(work, binding)
        if not stored or stored.version == binding.version:
            return
        if self._is_as_sent(work, stored, document):
            self._store(self._store_overwritten, binding, stored, document)

    def _store_overwritten(self, binding, stored, document):
        content = {**document_to_values(document), "files": []}
        # what stands there now is not what Odoo has
        details = {name: one for name, one in binding.details.items() if name != IN_ODOO}
        binding.write(
            {
                "version": stored.version,
                "fingerprint": document.fingerprint(),
                "details": {**details, "content": content},
            }
        )
        self.env["account.move"].browse(self.res_id).exists()._accountable_enqueue()

    def _look_for_removed(self, work):
        """A removal that arrived after its document was posted again took the booking away."""
        binding = self._own_link(work)
        if binding and self._is_under_way():
            self._store(self._store_look_again, ASK_LATER)
            return
        if binding:
            with self._within_limit(work, "look_up"):
                stored = self._read_booking(work, binding)
            if stored is None:
                self._store(self._tell_removed)
        self._store(self._store_look_again)

    def _tell_removed(self):
        move = self.env["account.move"].browse(self.res_id).exists()
        move._accountable_raise(
            self.connection_id.id,
            "gone",
            self.env._("%(name)s was deleted in the administration.", name=self.name),
        )

    def _is_under_way(self):
        """Whether something else about the record is to be sent, or is being sent."""
        return bool(
            self.search_count(
                [
                    ("connection_id", "=", self.connection_id.id),
                    ("res_model", "=", self.res_model),
                    ("res_id", "=", self.res_id),
                    ("operation", "in", ("document", "reverse")),
                    ("state", "in", (*UNSETTLED, *WAITING)),
                ],
                limit=1,
            )
        )

    def _with_our_mark(self, work, document, party_key):
        """Bookings with the mark of this document, those of other records left out."""
        found = work.package.find_document(document, party_key)
        ours = [one for one in found if one.own_reference == document.own_reference]
        return self._unbound(work, ours)

    def _linked_key(self, work, found):
        """Key of the booking that is the counterpart of this record, "" for none. An opposite
        document is known by what it undid."""
        for binding in self.env["accountable.binding"].search(
            [
                ("connection_id", "in", [work.connection_id, *work.earlier]),
                ("kind", "=", "document"),
                "|",
                "&",
                ("res_model", "=", self.res_model),
                ("res_id", "=", self.res_id),
                "&",
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
            ]
        ):
            keys = (binding.external_key, (binding.details or {}).get("reversed_by"))
            linked = [stored.key for stored in found if stored.key in keys]
            if linked:
                return linked[0]
        return ""

    def _settle_late(self, work, document, found):
        """Something is there that no record is linked with: it arrived after it was given up."""
        if self.state == "pending" or self._waiting_twin():
            # what waits looks before it is sent
            self._store(self._store_look_again, ASK_LATER)
        elif len(found) > 1 or self.operation != "document":
            self._store(self._ask_which, found)
        else:
            files, failed = self.sought["content"].get("files") or (), self.state == "failed"
            self._store(self._store_arrived, work, found[0], document, files)
            self._store(self._store_look_again)
            if failed:
                # it may have changed since it went out
                self._store(self.env["account.move"].browse(self.res_id)._accountable_enqueue)

    def _removed_by_itself(self, work, document, party_key, stored):
        """Whether a second booking was taken away again: one that nobody has touched, with the
        figures of the document."""
        if not work.capabilities.remove_document or (
            stored.kind,
            stored.total,
            stored.document_date,
            stored.currency or document.currency,
            stored.party_key,
        ) != (
            document.kind,
            document.total,
            document.document_date,
            document.currency,
            party_key,
        ):
            return False
        with self._within_limit(work, "look_up"):
            if not work.package.is_untouched(stored.key, document):
                return False
        work.check_lock()
        removed = work.package.remove_document(stored.key)
        if removed:
            _logger.info("%s stood there twice; %s was removed", self.name, stored.number)
            self._store(self._note_removal, stored)
        return removed

    def _note_removal(self, stored):
        binding = self.env["accountable.binding"]._find(
            self.connection_id.id, "document", self.res_model, self.res_id
        )
        binding._add_note("second_removed", number=stored.number)

    def _ask_which(self, stored):
        """A person sees all of them; what was answered with Skip is not asked again."""
        self._store_look_again()
        questions = self.search(
            [
                ("connection_id", "=", self.connection_id.id),
                ("res_model", "=", self.res_model),
                ("res_id", "=", self.res_id),
                ("operation", "=", "remove"),
                ("state", "!=", "done"),
            ]
        )
        if "skipped" in questions.mapped("state"):
            return
        question = questions[:1]
        if not question:
            question = self.copy({"operation": "remove", "sent_at": False, "ended_at": False})
        question._store_question(
            stored,
            {"content": self.sought["content"], "party_key": self.sought["party_key"]},
        )

    def _store_question(self, stored, content):
        numbers = ", ".join(one.number for one in stored)
        if self.sudo().connection_id._get_capabilities().remove_document:
            cure = self.env._("Press Decide and remove the one that is too many.")
        else:
            cure = self.env._("Remove the one that is too many there, then press Skip.")
        values = {"name": self.name, "numbers": numbers, "cure": cure}
        if len(stored) > 1:
            message = self.env._(
                "%(name)s stands more than once in the administration: %(numbers)s. %(cure)s",
                **values,
            )
        else:
            message = self.env._(
                "%(name)s: %(numbers)s arrived in the administration after it was given up."
                " %(cure)s",
                **values,
            )
        self.write(
            {
                **self._no_error(),
                "state": "failed",
                "error_kind": DUPLICATE,
                "error_code": BOOKED_TWICE,
                "message": message,
                "candidates": [candidate_values(one) for one in stored],
                "content": {**content, "beside_another": len(stored) > 1},
                "next_try": False,
                "held_by_id": 0,
                "ended_at": False,
            }
        )

    # A person's answer

    def action_remove(self, key):
        """Remove this one of several bookings of one document.

        :param key: external key of the one that is too many
        """
        job = self._for_button()
        job.ensure_one()
        keys = [one["key"] for one in job.candidates or ()]
        if job.state != "failed" or not job.can_remove or key not in keys:
            raise UserError(self.env._("%(name)s: there is nothing to decide.", name=job.name))
        job.write(
            {
                **self._no_error(),
                "content": {**job.content, "remove": key},
                "state": "pending",
                "attempts": 0,
                "next_try": fields.Datetime.now(),
            }
        )
        job.connection_id._wake_lanes()

    def _send_remove(self, work):
        """Remove the booking a person chose, as long as another one is left. Asks again where none
        was chosen, or it can no longer be removed."""
        content = self.content
        document = document_of(content["content"])
        with self._within_limit(work, "look_up"):
            found = self._with_our_mark(work, document, content["party_key"] or "")
        chosen = [one for one in found if one.key == content.get("remove")]
        if len(found) < 1 + content["beside_another"]:
            self._store(self._end, "done")
            return
        if not chosen:
            self._store(self._store_question, found, content)
            return
        self._store(self.write, {"state": "sending", "sent_at": fields.Datetime.now()})
        work.check_lock()
        work.calling = True
        removed = work.package.remove_document(chosen[0].key)
        work.calling = False
        if removed:
            found.remove(chosen[0])
            self._store(self._store_removed, found)
        else:
            raise NotSent(
                DUPLICATE,
                "second_processed",
                self.env._(
                    "%(number)s can no longer be removed: it is processed or matched. Correct it in"
                    " the administration, then press Skip.",
                    number=chosen[0].number,
                ),
                (self.res_model, self.res_id),
                [candidate_values(one) for one in found],
            )

    def _store_removed(self, left):
        """The link leads to one that is left."""
        binding = self.env["accountable.binding"].search(
            [
                ("connection_id", "=", self.connection_id.id),
                ("kind", "=", "document"),
                ("external_key", "=", self.content["remove"]),
            ]
        )
        if binding and left:
            binding.write(
                {
                    "external_key": left[0].key,
                    "number": left[0].number,
                    "version": left[0].version,
                }
            )
        self._end("done")

    def _settle_second_removal(self, work):
        """Gone, or it goes again: removing twice does no harm."""
        content = self.content
        if work.package.read_document(content["remove"]) is None:
            document = document_of(content["content"])
            found = self._with_our_mark(work, document, content["party_key"] or "")
            self._store(self._store_removed, found)
        else:
            self._store(self._store_not_there, work)

    # Parties

    def _look_for_second_party(self, work):
        partner = self.env["res.partner"].browse(self.res_id).exists()
        if not partner:
            self._store(self._store_look_again)
            return
        if self.state in ("pending", "failed") or self._waiting_twin():
            self._store(self._store_look_again, ASK_LATER)
            return
        connection = self.env["accountable.connection"].browse(work.connection_id)
        party = self.env["accountable.document"]._build_party(partner, connection)
        with self._within_limit(work, "party"):
            found = self._with_our_number(work.package.find_parties(party), party)
        self._store(self._store_looked_for_party, found)

    def _store_looked_for_party(self, found):
        self._store_look_again()
        if len(found) > 1:
            self._copy_as_failed(
                "party_twice",
                self.env._(
                    "%(name)s stands more than once in the administration: %(keys)s. Merge them"
                    " there, then press Skip.",
                    name=self.name,
                    keys=", ".join(one.key for one in found),
                ),
            )
