"""Jobs whose outcome nobody knows: ask before anything is sent again."""

import logging

import psycopg2
from odoo import fields, models

from ...api import matching, policy
from ...api.errors import DUPLICATE, OUTCOME_UNKNOWN, AuthorisationLostError, PackageError
from .job_work import candidate_values, document_of
from .work import NotMadeHere, NotSent

_logger = logging.getLogger(__name__)


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    def _settle_unknown(self, work):
        """Look up every unknown job of the connection that is due. Commits after each."""
        jobs = self.search(
            [
                ("connection_id", "=", work.connection_id),
                ("state", "=", "unknown"),
                ("next_try", "<=", fields.Datetime.now()),
            ]
        )
        for job in jobs:
            if not work.has_time:
                break
            job._settle_one(work)

    def _settle_one(self, work):
        """Done, or pending, or still unknown. A failed look-up never makes it pending, and one that
        finds nothing not before it is sure: that could book it twice."""
        self.ensure_one()
        connection = self.env["accountable.connection"].browse(work.connection_id)
        try:
            self._settle(work)
        except NotSent as reason:
            self.env.cr.rollback()
            self._store(self._store_decision, work, reason)
        except NotMadeHere:
            raise
        except PackageError as error:
            self.env.cr.rollback()
            cause = error.__cause__ if isinstance(error.__cause__, PackageError) else error
            self._store_unanswered(
                connection._error_sentence(cause), str(error), getattr(cause, "not_before", None)
            )
            if isinstance(cause, AuthorisationLostError):
                work.stop_reason = connection._stop_after(cause)
                self._commit_work()
        except psycopg2.OperationalError:
            raise
        except Exception:
            # a bug in looking up one item must not keep all others from being sent
            self.env.cr.rollback()
            _logger.exception("Job %s: it cannot be looked up", self.id)
            sentence = self.env._("An unexpected error; the technical details are in this item.")
            self._store_unanswered(sentence, self._trace(), None)

    def _store_unanswered(self, sentence, technical, not_before):
        """Still unknown; with a plain message when this one cannot be stored, so that the others
        are looked up."""
        try:
            self._store(self._store_still_unknown, sentence, technical, not_before)
        except psycopg2.OperationalError:
            raise
        except Exception:
            self.env.cr.rollback()
            _logger.exception("Job %s: what its look-up met cannot be stored", self.id)
            plain = self._plain_failure(OUTCOME_UNKNOWN)
            self._store(self._store_still_unknown, plain.sentence, plain.technical, not_before)

    def _store_still_unknown(self, sentence, technical, not_before):
        """A limit that is used up is no failed try, and holds nobody but this one and its
        series."""
        attempts = self.attempts + (not not_before)
        self.write(
            {
                "attempts": attempts,
                "next_try": not_before or fields.Datetime.now() + policy.wait_time(attempts, 0.5),
                "message": sentence,
                "technical": technical,
            }
        )

    def _store_decision(self, work, reason):
        self._give_number_back(work)
        if self._waiting_twin():
            # posted again meanwhile: the newer one meets the same question
            self._end("skipped", skip_reason="replaced")
            return
        self.write(
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
        self._release_held()

    def _sent_content(self):
        """The document as it was sent, its files left out."""
        return document_of(self.content)

    def _settle(self, work):
        if self.operation == "file":
            self._store(self._settle_file, work)
            return
        if self.operation == "party":
            self._settle_party(work)
            return
        if not self.content:
            self._store(self._store_not_there, work)
            return
        if self.operation == "remove":
            self._settle_second_removal(work)
            return
        binding = self.env["accountable.binding"]._find(
            work.connection_id, "document", self.res_model, self.res_id
        )
        document = self._sent_content()
        if binding and self.operation == "document":
            self._settle_change(work, binding, document)
            return
        if self.operation == "reverse" and not self._is_opposite(document):
            self._settle_removal(work, binding)
            return
        files = self.content.get("files") or ()
        stored = self._find_ours(work, document, self.party_key, self.number)
        if stored:
            self._store(self._store_arrived, work, stored, document, files)
        else:
            self._store(self._store_not_there, work)

    def _store_arrived(self, work, stored, document, files):
        fingerprint, series = self.fingerprint, self.series
        if self.operation == "reverse":
            self._store_reversed(work, stored.key, stored.number)
        else:
            adopted = not self._is_as_sent(work, stored, document)
            self._store_done(work, stored, document, (), adopted)
            self.env["accountable.binding"]._find(
                work.connection_id, "document", self.res_model, self.res_id
            ).fingerprint = fingerprint
            if files and stored.without_files:
                move = self.env["account.move"].browse(self.res_id).exists()
                move._accountable_enqueue_files(work.connection_id)
            else:
                for key, name, checksum in files:
                    self._bind_file(work, stored.key, key, name, checksum)
            self._tell_difference(stored, document)
        if work.held.get(series) == self.id:
            del work.held[series]

    def _tell_difference(self, stored, document):
        """Nobody compared what arrived while its answer was lost: a person is told when its figures
        are others. It is linked all the same, so that it is never booked a second time."""
        names = matching.contradictions(stored, document, self.party_key)
        if not names:
            return
        reason = self._ours_otherwise(stored)
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
        self._copy_as_failed("booked_otherwise", sentence, reason.candidates)

    def _kind_in_words(self, kind):
        words = {
            "sale": self.env._("invoice"),
            "sale_refund": self.env._("credit note"),
            "purchase": self.env._("vendor bill"),
            "purchase_refund": self.env._("vendor credit note"),
        }
        return words.get(kind, kind)

    def _store_not_there(self, work):
        """A look did not find it. Once that is sure, or where its number protects it, it may be
        sent again. After as many tries as any other error gets, a person looks: what is answered
        may mean that it never arrives."""
        attempts = self.attempts + 1
        given_up = attempts >= policy.TRIES and not self._waiting_twin()
        again_at_once = not given_up and self._goes_again_at_once(work)
        if not again_at_once:
            if not self._is_settled():
                self._store_look_later()
                return
            self._give_number_back(work)
            self.write({"unanswered": False, "not_there_at": False})
        if given_up:
            self.write(
                {
                    "state": "failed",
                    "error_kind": OUTCOME_UNKNOWN,
                    "attempts": attempts,
                    "next_try": False,
                    "message": self.message
                    or self.env._("It was sent several times and never arrived. Press Retry."),
                }
            )
        else:
            newer = self._waiting_twin()
            self._make_pending()
            if self.state == "pending":
                self.attempts = attempts
            elif again_at_once and newer:
                work.held[newer.series] = newer.id
        self._release_held()

    def _settle_change(self, work, binding, document):
        """A change: the booking is as before, or it carries what we sent, or a part of that, where
        the package changes one line after the other. Its total does not tell which, so the change
        is sent again once nothing of it can arrive any more: when all of it arrived, that changes
        nothing."""
        stored = self._read_booking(work, binding)
        if not self._is_settled():
            self._store(self._store_look_later)
        elif stored and stored.version == binding.version:
            self._store(self._store_not_there, work)
        elif stored and self._is_changed_in_part(work, binding, stored, document):
            self._store(self._store_changed_in_part, work, binding, stored)
        else:
            raise NotSent(
                DUPLICATE,
                "changed_in_package" if stored else "gone",
                self.env._("%(name)s: the booking is not what was sent. Decide.", name=self.name),
                (self.res_model, self.res_id),
                [candidate_values(stored)] if stored else (),
            )

    def _is_changed_in_part(self, work, binding, stored, document):
        """Whether every line is one that was there before or one that we sent: else somebody else
        wrote in the booking meanwhile."""
        if stored.total != document.total or stored.party_key not in ("", self.party_key):
            return False
        before = binding._sent_document()
        known = [
            line
            for sent in (document, before)
            for line in ((sent and self._lines_of(work, sent)) or ())
        ]
        return not known or all(line in known for line in stored.lines)

    def _store_changed_in_part(self, work, binding, stored):
        """What is there is our own work: it may be changed further."""
        binding.version = stored.version
        self._store_not_there(work)

    def _settle_removal(self, work, binding):
        if not binding or self._read_booking(work, binding) is None:
            self._store(self._store_reversed, work, "", "")
        else:
            self._store(self._store_not_there, work)
