"""What was sent without an answer, looked up and not found."""

from ...api import policy
from ...api.errors import OUTCOME_UNKNOWN
from ...documents.sentence import SentencesOf
from .batch import Batch
from .job_part import JobPart, part
from .numbers import Numbers

_lt = SentencesOf(__name__)


class NotThere(JobPart):
    """Whether an item that is not there may be sent again."""

    numbers = part(Numbers)

    def store_not_there(self):
        """A look did not find it. Once that is sure, or where its number protects it, it may be
        sent again. After as many tries as any other error gets, a person looks: what is answered
        may mean that it never arrives."""
        attempts = self.job.attempts + 1
        given_up = attempts >= policy.TRIES and not self.job._waiting_twin()
        again_at_once = not given_up and self._goes_again_at_once()
        if not again_at_once:
            if not self.job._is_settled():
                self.job._store_look_later()
                return
            self.numbers.give_back()
            self.job.write({"unanswered": False, "not_there_at": False})
        if given_up:
            self.job.write(
                {
                    "state": "failed",
                    "error_kind": OUTCOME_UNKNOWN,
                    "attempts": attempts,
                    "next_try": False,
                    "message": self.job.message
                    or _lt("It was sent several times and never arrived. Press Retry."),
                }
            )
        else:
            newer = self.job._waiting_twin()
            self.job._make_pending()
            if self.job.state == "pending":
                self.job.attempts = attempts
            elif again_at_once and newer:
                self.run.held[newer.series] = newer.id
        self.job._release_held()

    def _goes_again_at_once(self):
        """It is not there, and its number keeps it from being booked twice. Not where nothing is to
        be sent any more: it could arrive after the item ended."""
        if self.operation not in ("document", "reverse") or not self.numbers.protects():
            return False
        move = self.record
        if self.operation == "reverse":
            # the mark of an opposite document is its item's
            return move.state != "posted" and not self.job._waiting_twin()
        return move.state == "posted" and (
            not self.job._waiting_twin() or self._is_what_was_sent(move)
        )

    def _is_what_was_sent(self, move):
        """Whether a document that was posted again is still the one that went out."""
        Batch(self.job, self.run).build_moves(move)
        prepared = self.run.prepared[move.id]
        return bool(prepared.document) and prepared.document.fingerprint() == self.job.fingerprint
