"""Jobs whose outcome nobody knows: ask before anything is sent again."""

import logging

import psycopg2
from odoo import fields

from ...api import matching, policy
from ...api.errors import DUPLICATE, OUTCOME_UNKNOWN, AuthorisationLostError, PackageError
from .booking import Booking
from .failure import Failures
from .job_part import JobPart, candidate_values
from .links import Links
from .look_up import LookUp
from .not_there import NotThere
from .numbers import Numbers
from .remove import RemoveSecond
from .run_state import CannotGo, NotMadeHere
from .send_contact import SendContact
from .send_file import Files, SendFile
from .send_reverse import SendReverse

_logger = logging.getLogger(__name__)


def settle_unknown(connection, run):
    """Look up every unknown job of the connection that is due. Commits after each."""
    jobs = connection.env["accountable.job"].search(
        [
            ("connection_id", "=", connection.id),
            ("state", "=", "unknown"),
            ("next_try", "<=", fields.Datetime.now()),
        ]
    )
    for job in jobs:
        if not run.has_time:
            break
        Unknown(job, run).settle()


class Unknown(JobPart):
    """Finds out what became of one job."""

    def __init__(self, job, run):
        super().__init__(job, run)
        self.failures = Failures(job, run)
        self.numbers = Numbers(job, run)
        self.links = Links(job, run)
        self.look_up = LookUp(job, run)
        self.files = Files(job, run)
        self.booking = Booking(job, run)
        self.not_there = NotThere(job, run)
        self.reverse = SendReverse(job, run)
        self.contact = SendContact(job, run)
        self.file = SendFile(job, run)
        self.second = RemoveSecond(job, run)

    def settle(self):
        """Done, or pending, or still unknown. A failed look-up never makes it pending, and one that
        finds nothing not before it is sure: that could book it twice."""
        connection = self.connection
        try:
            self._settle()
        except CannotGo as reason:
            self.env.cr.rollback()
            self.store(self._store_decision, reason)
        except NotMadeHere:
            raise
        except PackageError as error:
            self.env.cr.rollback()
            cause = error.__cause__ if isinstance(error.__cause__, PackageError) else error
            self._store_unanswered(
                connection._error_sentence(cause), str(error), getattr(cause, "not_before", None)
            )
            if isinstance(cause, AuthorisationLostError):
                self.run.stop_reason = connection._stop_for(cause)
                self.commit()
        except psycopg2.OperationalError:
            raise
        except Exception:
            # a bug in looking up one item must not keep all others from being sent
            self.env.cr.rollback()
            _logger.exception("Job %s: it cannot be looked up", self.job.id)
            sentence = self.env._("An unexpected error; the technical details are in this item.")
            self._store_unanswered(sentence, self.trace(), None)

    def _store_unanswered(self, sentence, technical, not_before):
        """Still unknown; with a plain message when this one cannot be stored, so that the others
        are looked up."""
        try:
            self.store(self._store_still_unknown, sentence, technical, not_before)
        except psycopg2.OperationalError:
            raise
        except Exception:
            self.env.cr.rollback()
            _logger.exception("Job %s: what its look-up met cannot be stored", self.job.id)
            plain = self.failures.plain_failure(OUTCOME_UNKNOWN)
            self.store(self._store_still_unknown, plain.sentence, plain.technical, not_before)

    def _store_still_unknown(self, sentence, technical, not_before):
        """A limit that is used up is no failed try, and holds nobody but this one and its
        series."""
        attempts = self.job.attempts + (not not_before)
        self.job.write(
            {
                "attempts": attempts,
                "next_try": not_before or fields.Datetime.now() + policy.wait_time(attempts, 0.5),
                "message": sentence,
                "technical": technical,
            }
        )

    def _store_decision(self, reason):
        self.numbers.give_back()
        if self.job._waiting_twin():
            # posted again meanwhile: the newer one meets the same question
            self.job._end("skipped", skip_reason="replaced")
            return
        self.job.write(
            {
                "state": "failed",
                "error_kind": reason.kind,
                "error_code": reason.code,
                "message": reason.sentence,
                "cause_model": reason.cause[0],
                "cause_id": reason.cause[1],
                "candidates": list(reason.candidates) or False,
                "next_try": False,
                "unanswered": False,
                "not_there_at": False,
            }
        )
        self.job._release_held()

    def _settle(self):
        if self.operation == "file":
            self.store(self.file.store_settled)
            return
        if self.operation == "party":
            self.contact.settle()
            return
        if not self.job.content:
            self.store(self.not_there.store_not_there)
            return
        if self.operation == "remove":
            self.second.settle()
            return
        binding = self.own_link()
        document = self.job._sent_content()
        if binding and self.operation == "document":
            self._settle_change(binding, document)
            return
        if self.operation == "reverse" and not self.job._is_opposite(document):
            self.reverse.settle_removal(binding)
            return
        files = self.job.content.get("files") or ()
        stored = self.look_up.find_ours(document, self.job.party_key, self.job.number)
        if stored:
            self.store(self.store_arrived, stored, document, files)
        else:
            self.store(self.not_there.store_not_there)

    def store_arrived(self, stored, document, files):
        fingerprint, series = self.job.fingerprint, self.job.series
        if self.operation == "reverse":
            self.reverse.store_reversed(stored.key, stored.number)
        else:
            adopted = not self.look_up.is_as_sent(stored, document)
            self.booking.store_done(stored, document, (), adopted)
            self.own_link().fingerprint = fingerprint
            if files and stored.without_files:
                move = self.env["account.move"].browse(self.res_id).exists()
                move._accountable_enqueue_files(self.run.connection_id)
            else:
                for key, name, checksum in files:
                    self.files.bind(stored.key, key, name, checksum)
            self._tell_difference(stored, document)
        if self.run.held.get(series) == self.job.id:
            del self.run.held[series]

    def _tell_difference(self, stored, document):
        """Nobody compared what arrived while its answer was lost: a person is told when its figures
        are others. It is linked all the same, so that it is never booked a second time."""
        names = matching.contradictions(stored, document, self.job.party_key)
        if not names:
            return
        reason = self.look_up.ours_otherwise(stored)
        sentence = reason.sentence
        if {"total", "kind"} & set(names):
            sentence = self.env._(
                "It stands in the administration as %(number)s with a total of %(booked)s"
                " (%(booked_kind)s) instead of %(total)s (%(kind)s). Correct it there, then press"
                " Skip.",
                number=stored.number,
                booked=stored.total if stored.total is not None else "–",
                booked_kind=self._kind_in_words(stored.kind),
                total=document.total,
                kind=self._kind_in_words(document.kind),
            )
        self.job._copy_as_failed("booked_otherwise", sentence, reason.candidates)

    def _kind_in_words(self, kind):
        words = {
            "sale": self.env._("invoice"),
            "sale_refund": self.env._("credit note"),
            "purchase": self.env._("vendor bill"),
            "purchase_refund": self.env._("vendor credit note"),
        }
        return words.get(kind, kind)

    def _settle_change(self, binding, document):
        """A change: the booking is as before, or it carries what we sent, or a part of that, where
        the package changes one line after the other. Its total does not tell which, so the change
        is sent again once nothing of it can arrive any more: when all of it arrived, that changes
        nothing."""
        stored = self.links.read(binding)
        if not self.job._is_settled():
            self.store(self.job._store_look_later)
        elif stored and stored.version == binding.version:
            self.store(self.not_there.store_not_there)
        elif stored and self._is_changed_in_part(binding, stored, document):
            self.store(self._store_changed_in_part, binding, stored)
        else:
            raise CannotGo(
                DUPLICATE,
                "changed_in_package" if stored else "gone",
                self.env._(
                    "%(name)s: the booking is not what was sent. Decide.", name=self.job.name
                ),
                (self.res_model, self.res_id),
                [candidate_values(stored)] if stored else (),
            )

    def _is_changed_in_part(self, binding, stored, document):
        """Whether every line is one that was there before or one that we sent: else somebody else
        wrote in the booking meanwhile."""
        if stored.total != document.total or stored.party_key not in ("", self.job.party_key):
            return False
        before = binding._sent_document()
        known = [
            line
            for sent in (document, before)
            for line in ((sent and self.look_up.lines_of(sent)) or ())
        ]
        return not known or all(line in known for line in stored.lines)

    def _store_changed_in_part(self, binding, stored):
        """What is there is our own work: it may be changed further."""
        binding.version = stored.version
        self.not_there.store_not_there()
