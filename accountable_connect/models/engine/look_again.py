"""Whatever had no answer once is looked up again later: it may stand there twice."""

import logging
from datetime import timedelta

from odoo import fields
from odoo.fields import Domain

from ...api.errors import (
    AUTHORISATION_LOST,
    DUPLICATE,
    LIMIT_REACHED,
    OUTCOME_UNKNOWN,
    TEMPORARY,
    PackageError,
)
from ...documents.difference import BOOKKEEPING, difference
from ...documents.sentence import SentencesOf
from ...documents.serial import document_of, document_to_values
from ..queue.job_unanswered import UNSETTLED, WAITING
from ..queue.unchanged_since_booked import IN_ODOO
from .contacts import with_our_number
from .job_part import JobPart, part
from .links import Links
from .look_up import LookUp
from .remove import RemoveSecond
from .run_state import CannotGo
from .send_document import SendDocument

_lt = SentencesOf(__name__)

_logger = logging.getLogger(__name__)

# What keeps a look from being made, and passes.
PASSING = (TEMPORARY, LIMIT_REACHED, AUTHORISATION_LOST, OUTCOME_UNKNOWN)
PORTION = 100
# Where something else about the record waits, the question waits for it.
ASK_LATER = timedelta(hours=1)


def look_again(connection, run):
    """Look up what is due, announced to the package so that it can ask for all of it at once.
    Commits after each. What goes wrong is tried again later, and keeps no other job from being
    sent."""
    jobs = connection.env["accountable.job"].search(
        [
            ("connection_id", "=", connection.id),
            ("look_again_at", "<=", fields.Datetime.now()),
        ],
        limit=PORTION,
    )
    if not jobs:
        return
    sought = {job: _document_sought(job) for job in jobs}
    run.package.announce_look_ups([one for one in sought.values() if one[0]])
    for job in jobs:
        if not run.has_time:
            break
        look = LookAgain(job, run)
        try:
            look.look(*sought[job])
        except (PackageError, CannotGo) as error:
            job.env.cr.rollback()
            _logger.info("Job %s cannot be looked up again: %s", job.id, error)
            passes = error.kind in PASSING
            look.store(job._store_look_again, ASK_LATER if passes else None)


def _document_sought(job):
    """The document and the key of its party; None for what is no document."""
    content = (job.sought or {}).get("content")
    if not content:
        return None, ""
    try:
        return document_of(content), job.sought.get("party_key") or ""
    except (KeyError, TypeError, ValueError):
        _logger.exception("Job %s: what was sent cannot be read", job.id)
        return None, ""


class LookAgain(JobPart):
    """One later look for a job that had no answer once."""

    links = part(Links)
    look_up = part(LookUp)

    def look(self, document, party_key):
        """Look for what was sent: the document with the key of its party, else a removal or the
        contact of the job."""
        if self.job.state in UNSETTLED or (self.job.unanswered and self.job.state == "pending"):
            # it is being looked up anyway
            self.store(self.job._store_look_again, ASK_LATER)
        elif document:
            self._look_for_second(document, party_key)
            self._look_for_overwritten(document)
        elif self.job.sought.get("removal"):
            self._look_for_removed()
        else:
            self._look_for_second_party()

    def _look_for_second(self, document, party_key):
        with self.within_limit("look_up"):
            found = self.look_up.with_our_mark(document, party_key)
        linked = self._linked_key(found)
        if found and not linked and not self._is_linked_elsewhere():
            self._settle_late(document, found)
            return
        for stored in [one for one in found if one.key != linked]:
            if self._removed_by_itself(document, party_key, stored):
                found.remove(stored)
        if len(found) > bool(linked):
            self.store(self._ask_which, found)
        else:
            self.store(self.job._store_look_again)

    def _is_linked_elsewhere(self):
        """Whether the document is linked with a booking that does not carry its mark, and is there:
        somebody entered it before ours arrived."""
        binding = self.operation == "document" and self.own_link()
        if not binding:
            return False
        with self.within_limit("look_up"):
            return self.links.read_booking(binding) is not None

    def _look_for_overwritten(self, document):
        """A change that arrived so late that it overwrote a newer one: the link says what is there,
        and the newer one goes again. What somebody else wrote there is theirs."""
        binding = self.own_link()
        sent = binding and binding._sent_document()
        if (
            self.operation != "document"
            or not sent
            or binding.adopted
            or difference(sent, document) != BOOKKEEPING
            or self._is_under_way()
        ):
            return
        with self.within_limit("look_up"):
            stored = self.links.read_booking(binding)
        if not stored or stored.version == binding.version:
            return
        if self.look_up.is_as_sent(stored, document):
            self.store(self._store_overwritten, binding, stored, document)

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
        self.record._accountable_enqueue()

    def _look_for_removed(self):
        """A removal that arrived after its document was posted again took the booking away."""
        binding = self.own_link()
        if binding and self._is_under_way():
            self.store(self.job._store_look_again, ASK_LATER)
            return
        if binding:
            with self.within_limit("look_up"):
                stored = self.links.read_booking(binding)
            if stored is None:
                self.store(self._report_removed)
        self.store(self.job._store_look_again)

    def _report_removed(self):
        self.env["accountable.enqueueing"]._add_failed(
            self.connection,
            self.record,
            "gone",
            _lt("%(name)s was deleted in the administration.", name=self.job.name),
        )

    def _is_under_way(self):
        """Whether something else about the record is to be sent, or is being sent."""
        sent = ("operation", "in", ("document", "reverse"))
        return bool(self.items(sent, ("state", "in", (*UNSETTLED, *WAITING)), limit=1))

    def _linked_key(self, found):
        """Key of the booking that is the counterpart of this record, "" for none. An opposite
        document is known by what it undid."""
        own = Domain("res_model", "=", self.res_model) & Domain("res_id", "=", self.res_id)
        undone = Domain("res_model", "=", self.job._name) & Domain("res_id", "=", self.job.id)
        connections = self.run.connection_ids
        for binding in self.bindings("document", *(own | undone), connections=connections):
            keys = (binding.external_key, (binding.details or {}).get("reversed_by"))
            linked = [stored.key for stored in found if stored.key in keys]
            if linked:
                return linked[0]
        return ""

    def _settle_late(self, document, found):
        """Something is there that no record is linked with: it arrived after it was given up."""
        if self.job.state == "pending" or self.job._waiting_twin():
            # what waits looks before it is sent
            self.store(self.job._store_look_again, ASK_LATER)
        elif len(found) > 1 or self.operation != "document":
            self.store(self._ask_which, found)
        else:
            files = self.job.sought["content"].get("files") or ()
            failed = self.job.state == "failed"
            arrived = SendDocument(self.job, self.run).store_arrived
            self.store(arrived, found[0], document, files)
            self.store(self.job._store_look_again)
            if failed:
                # it may have changed since it went out
                self.store(self.env["account.move"].browse(self.res_id)._accountable_enqueue)

    def _removed_by_itself(self, document, party_key, stored):
        """Whether a second booking was taken away again: one that nobody has touched, with the
        figures of the document."""
        if not self.run.capabilities.remove_document or (
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
        with self.within_limit("look_up"):
            if not self.run.package.is_untouched(stored.key, document):
                return False
        self.run.check_lock()
        removed = self.run.package.remove_document(stored.key)
        if removed:
            _logger.info("%s stood there twice; %s was removed", self.job.name, stored.number)
            self.store(self._note_removal, stored)
        return removed

    def _note_removal(self, stored):
        self.own_link()._add_note("second_removed", number=stored.number)

    def _ask_which(self, stored):
        """A person sees all of them; what was answered with Skip is not asked again."""
        self.job._store_look_again()
        questions = self.items(("operation", "=", "remove"), ("state", "!=", "done"))
        if "skipped" in questions.mapped("state"):
            return
        question = questions[:1]
        if not question:
            question = self.job.copy({"operation": "remove", "sent_at": False, "ended_at": False})
        RemoveSecond(question, self.run).store_question(
            stored,
            {"content": self.job.sought["content"], "party_key": self.job.sought["party_key"]},
        )

    def _look_for_second_party(self):
        partner = self.record
        if not partner:
            self.store(self.job._store_look_again)
            return
        if self.job.state in ("pending", "failed") or self.job._waiting_twin():
            self.store(self.job._store_look_again, ASK_LATER)
            return
        party = self.env["accountable.party"]._build(self.connection, partner)
        with self.within_limit("party"):
            found = with_our_number(self.run.package.find_parties(party), party)
        self.store(self._store_looked_for_party, found)

    def _store_looked_for_party(self, found):
        self.job._store_look_again()
        if len(found) > 1:
            self.job._copy_as_failed(
                "party_twice",
                _lt(
                    "%(name)s is in the administration more than once: %(keys)s. Merge them "
                    "there, then press Skip.",
                    name=self.job.name,
                    keys=", ".join(one.key for one in found),
                ),
                kind=DUPLICATE,
            )
