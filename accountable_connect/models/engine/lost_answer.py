"""Jobs whose outcome nobody knows: ask before anything is sent again."""

import logging
from functools import partial

import psycopg2
from odoo import fields

from ...api import policy
from ...api.errors import OUTCOME_UNKNOWN, AuthorisationLostError, PackageError
from ...documents.sentence import SentencesOf
from .failure import Failures
from .job_part import JobPart, part
from .numbers import Numbers
from .operations import operation_of
from .run_state import CannotGo, NotMadeHere

_lt = SentencesOf(__name__)

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
    """The frame around finding out what became of one job."""

    failures = part(Failures)
    numbers = part(Numbers)

    def settle(self):
        """Done, or pending, or still unknown. A failed look-up never makes it pending, and one that
        finds nothing not before it is sure: that could book it twice."""
        connection = self.connection
        try:
            operation_of(self.job, self.run).settle()
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
                self.run.stop_reason = connection._stop_after(cause)
                self.commit()
        except psycopg2.OperationalError:
            raise
        except Exception:
            # a bug in looking up one item must not keep all others from being sent
            self.env.cr.rollback()
            _logger.exception("Job %s: it cannot be looked up", self.job.id)
            sentence = _lt("An unexpected error; the technical details are in this item.")
            self._store_unanswered(sentence, self.trace(), None)

    def _store_unanswered(self, sentence, technical, not_before):
        """Still unknown; with a plain message when this one cannot be stored, so that the others
        are looked up."""
        self.failures.store_or_plain(
            OUTCOME_UNKNOWN,
            partial(self._store_still_unknown, sentence, technical, not_before),
            lambda plain: self._store_still_unknown(plain.sentence, plain.technical, not_before),
        )

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
                **self.failures.values_of(reason),
                "state": "failed",
                "next_try": False,
                "unanswered": False,
                "not_there_at": False,
            }
        )
        self.job._release_held()
