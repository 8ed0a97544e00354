"""What is stored of an item that did not go."""

import dataclasses
import logging
import random
from functools import partial

import psycopg2
from odoo import fields

from ...api import policy
from ...api.errors import (
    AUTHORISATION_LOST,
    DATA_REFUSED,
    DUPLICATE,
    LIMIT_REACHED,
    OUTCOME_UNKNOWN,
    TEMPORARY,
    AuthorisationLostError,
    LimitReachedError,
    MayArriveError,
    NumberTakenError,
)
from ...documents import Delivery
from ...documents.sentence import SentencesOf
from ...documents.serial import candidate_values
from .cause import Causes
from .job_part import JobPart, part
from .matches import Matches
from .numbers import Numbers
from .run_state import CannotGo, RefusedParty

_lt = SentencesOf(__name__)

_logger = logging.getLogger(__name__)


def as_dated(job, document):
    """The document of an item with the date it has in Odoo: in which period it goes changes with
    every look."""
    own = job.env[job.res_model].browse(job.res_id).date
    return dataclasses.replace(document, accounting_date=own)


def fingerprint_in_odoo(job, built):
    """What an item that failed is compared by: the fingerprint of its document as it is in Odoo.

    :param built: its ``Document``, or the ``Delivery`` of one that is handed over as it is
    """
    document = built.document if isinstance(built, Delivery) else built
    if document:
        return as_dated(job, document).fingerprint()
    move = job.env[job.res_model].browse(job.res_id)
    return job.env["accountable.delivery"]._fingerprint(move, built)


class Failures(JobPart):
    """Stores a failed try, and stops the run where it concerns more than its item."""

    numbers = part(Numbers)
    matches = part(Matches)
    causes = part(Causes)

    def store_error(self, error, function):
        """Store a failure with ``function``, and commit. What cannot be stored is this item's
        affair: it gets a plain message, and the others go on."""
        plain = self.store_or_plain(error.kind, partial(function, error), self.store_failure)
        if plain and error.kind in (AUTHORISATION_LOST, LIMIT_REACHED):
            self.run.stop_reason = plain.sentence

    def store_or_plain(self, kind, function, store_plain):
        """Store something of a failure, and commit.

        :param store_plain: what stores a CannotGo instead, where ``function`` fails
        :return: that CannotGo, else None
        """
        try:
            self.store(function)
            return None
        except psycopg2.OperationalError:
            raise
        except Exception:
            self.env.cr.rollback()
            _logger.exception("Job %s: its failure (%s) cannot be stored", self.job.id, kind)
            plain = self._plain_failure(kind)
            self.store(store_plain, plain)
            return plain

    def _plain_failure(self, kind):
        """A failure without a word of the package."""
        sentence = _lt("It failed, and the answer of the package cannot be stored: see the log.")
        return self._unexpected(kind, sentence, self.trace())

    def _unexpected(self, kind, sentence, trace):
        record = self.res_model, self.res_id
        return CannotGo(kind, "unexpected", sentence, record, technical=trace)

    def store_package_error(self, error):
        connection = self.connection
        kind = TEMPORARY if isinstance(error, NumberTakenError) else error.kind
        cause = self.causes.of(error)  # before the sentence, which names it
        sentence = connection._error_sentence(error)
        if error.is_matched:
            sentence = self.matches.sentence() or sentence
            self.job.matched = True
        texts = filter(None, (str(error), error.request, error.technical))
        failure = CannotGo(
            kind,
            error.code,
            sentence,
            cause,
            [candidate_values(one) for one in getattr(error, "candidates", ())],
            connection._without_secrets("\n".join(texts)),
            getattr(error, "not_before", None),
            self._remember_refused_party(error, sentence),
        )
        self.store_failure(failure)
        if isinstance(error, MayArriveError):
            return  # nobody waits but this one
        if isinstance(error, LimitReachedError) and error.code == error.ONE_OPERATION:
            return  # of one operation: whatever needs it meets the same answer, at no cost
        if isinstance(error, AuthorisationLostError | LimitReachedError):
            self.run.stop_reason = connection._stop_after(error)
        else:
            self._keep_error_budget(connection, failure)

    def _keep_error_budget(self, connection, failure):
        """Packages block keys that make too many errors: rest before they do. Of what is handed
        over nobody is asked."""
        if self.job.document_kind in self.run.capabilities.handed_over:
            return
        if failure.kind in (TEMPORARY, OUTCOME_UNKNOWN):
            self.run.temporary_in_a_row += 1
        else:
            self.run.refused += 1
        if (
            self.run.temporary_in_a_row >= policy.TEMPORARY_IN_A_ROW
            or self.run.refused >= policy.REFUSED_IN_A_RUN
        ):
            connection._wait_a_while(failure.sentence)
            self.run.stop_reason = failure.sentence

    def store_failure(self, failure):
        """Store a failed try as the decision table says; a definite one gives its number back."""
        job, now = self.job, fields.Datetime.now()
        decision = policy.decide(
            failure.kind, job.attempts, now, random.random(), failure.not_before
        )
        details = job.id, job.name, failure.kind, failure.technical
        _logger.log(decision.rule.level, "Job %s (%s): %s %s", *details)
        values = {
            **self.values_of(failure),
            "state": decision.state,
            "attempts": decision.attempts,
            "next_try": decision.next_try,
            "technical": failure.technical,
            "refused_fingerprint": failure.refused and failure.refused.fingerprint,
            "refused_at": failure.refused and failure.refused.moment,
        }
        if decision.state == "unknown":
            self._store_unknown(values)
            return
        # a number that went out without an answer is kept until it goes again
        if decision.state == "failed" or not self.job.unanswered:
            self.numbers.give_back()
        if decision.state == "failed":
            values |= self._failed_values(failure)
            self.run.counts.failed += 1
        if newer := self.job._waiting_twin():
            # posted again while it was under way: the newer one does its work
            self.job._hand_over(newer)
            self.job._end("skipped", skip_reason="replaced")
            return
        self.job.write(values)
        self.job._release_held()

    @staticmethod
    def values_of(failure):
        """What people see of it, as values of the item."""
        return {
            "error_kind": failure.kind,
            "error_code": failure.code,
            "message": failure.sentence,
            "cause_model": failure.cause[0],
            "cause_id": failure.cause[1],
            "candidates": list(failure.candidates) or False,
        }

    def _store_unknown(self, values):
        """From now on its series waits for it, and whoever needs the same contact."""
        if self.job.series:
            self.run.held[self.job.series] = self.job.id
        if self.operation == "party":
            self.run.arriving[self.res_id] = self.job.id
        self.job.write(
            {**values, **self.job._unanswered_values(), "sent_at": fields.Datetime.now()}
        )

    def _failed_values(self, failure):
        """What is kept of a failure, so that a later run sees whether its cause is gone."""
        if self.operation == "document" and (given := self.run.deliveries.get(self.res_id)):
            return self._failed_values_of_delivery(failure, given)
        prepared = self.operation == "document" and self.run.prepared.get(self.res_id)
        by_precheck = prepared and failure.code in {one.code for one in prepared.problems}
        asked = prepared and prepared.document and not by_precheck
        return {
            "failed_at": fields.Datetime.now(),
            "failed_fingerprint": asked and as_dated(self.job, prepared.document).fingerprint(),
        }

    def _failed_values_of_delivery(self, failure, prepared):
        """The same of a document that is handed over."""
        by_check = failure.code in {one.code for one in prepared.problems}
        asked = prepared.delivery and not by_check
        return {
            "failed_at": fields.Datetime.now(),
            "failed_fingerprint": asked and fingerprint_in_odoo(self.job, prepared.delivery),
        }

    def store_lost_answer(self, trace):
        """An unexpected error: unknown when a call was under way, failed else."""
        kind = OUTCOME_UNKNOWN if self.run.calling else DATA_REFUSED
        sentence = _lt("An unexpected error; the technical details are in this item.")
        self.store_failure(self._unexpected(kind, sentence, trace))

    def store_not_made_here(self, stored):
        """Nothing went out that can arrive: the item waits as before, and the connection stops."""
        connection = self.connection
        values = {"message": self.env["accountable.copy.question"]._ask(connection, stored)}
        self.run.stop_reason = self.env["accountable.copy.question"]._sentence_for_all()
        if self.job.state == "sending":
            self.numbers.give_back()
            values |= {"state": "pending", "next_try": fields.Datetime.now()}
            if not self.job.unanswered:
                values["sent_at"] = False
        self.job.write(values)
        self.run.calling = False

    def _remember_refused_party(self, error, sentence):
        """The party the package refused, so that only something else is sent again; None for
        another error.

        :param PackageError error: what was answered to the party, or to a document because of it
        """
        prepared = self.run.prepared.get(self.res_id)
        document = prepared and self.operation == "document" and prepared.document
        party = error.refused_party or (document and document.party)
        concerns_party = error.values.get("concerns") == "party"
        if not party or not concerns_party or error.kind not in (DATA_REFUSED, DUPLICATE):
            return None
        now = fields.Datetime.now()
        refused = RefusedParty(party.fingerprint(), now, error.code, sentence)
        if document and error.kind == DATA_REFUSED:
            self.run.refused_parties[self.run.partner_id_of(party)] = refused
        return refused
