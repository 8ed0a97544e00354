"""What was sent without an answer may still arrive: how long it is waited for, who is told."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...api import policy
from ..connection.sentence import clock_time
from .work import Changed

# What a newer item of the same record takes over from one that was sent without an answer.
HANDED_OVER = (
    "series",
    "number",
    "fingerprint",
    "party_key",
    "content",
    "sent_at",
    "unanswered",
    "not_there_at",
    "look_again_at",
    "looks_left",
    "sought",
)
UNSETTLED = ("sending", "unknown")
WAITING = ("pending", "failed")


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    # What was sent last (at ``sent_at``) got no answer, and nobody knows yet whether it arrives.
    unanswered = fields.Boolean(copy=False)
    not_there_at = fields.Datetime(copy=False, help="A first look did not find it.")
    # Of whatever was once unknown, for the later looks whether it stands there twice
    look_again_at = fields.Datetime(copy=False)
    looks_left = fields.Integer(copy=False)
    sought = fields.Json(copy=False, groups="accountable_connect.group_manager")

    _look_again_idx = models.Index("(connection_id, look_again_at) WHERE look_again_at IS NOT NULL")

    def _unanswered_values(self):
        """What is stored when no answer came: from now on it may arrive."""
        now = fields.Datetime.now()
        values = {
            "unanswered": True,
            "not_there_at": False,
            "look_again_at": False,
            "looks_left": 0,
            "sought": self._sought(),
        }
        if values["sought"]:
            values["look_again_at"] = now + policy.LOOK_AGAIN_AFTER[0]
            values["looks_left"] = len(policy.LOOK_AGAIN_AFTER)
        return values

    def _sought(self):
        """What is looked for later; False for what leaves nothing behind."""
        if self.operation == "party":
            return {"party": True}
        if self.operation in ("file", "remove") or not self.content:
            return False
        if self.operation == "reverse" and not self._is_opposite(self._sent_content()):
            return {"removal": True}
        return {"content": self.content, "party_key": self.party_key}

    def _may_arrive_until(self):
        """Moment (naive UTC) before which a look that finds nothing says nothing; False for what
        cannot arrive any more."""
        if not (self.unanswered or self.state in UNSETTLED):
            return False
        until = (self.sent_at or fields.Datetime.now()) + policy.ANSWER_MAY_TAKE
        return until if until > fields.Datetime.now() else False

    def _may_arrive_sentence(self):
        """For those of these that may still arrive, False without any."""
        waiting = [(until, job.name) for job in self if (until := job._may_arrive_until())]
        if not waiting:
            return False
        names = list(dict.fromkeys(name for _until, name in waiting))
        return self.env._(
            "%(names)s: no answer came, and it may still arrive; look again at %(time)s.",
            names=", ".join(names[:5]) + (" …" if len(names) > 5 else ""),
            time=clock_time(self.env, max(until for until, _name in waiting)),
        )

    def _tell_may_arrive(self):
        """What a button gives back: a message for whoever presses too early, else True."""
        sentence = self._may_arrive_sentence()
        if not sentence:
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "title": self.env._("Looked up before it is sent again"),
                "message": sentence,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _check_nothing_arrives(self):
        """Raises UserError for an item that cannot end yet."""
        sentence = self._may_arrive_sentence()
        if sentence:
            raise UserError(sentence)

    # Going again

    def _goes_again_at_once(self, work):
        """It is not there, and its number keeps it from being booked twice. Not where nothing is to
        be sent any more: it could arrive after the item ended."""
        if self.operation not in ("document", "reverse") or not self._number_protects(work):
            return False
        move = self.env["account.move"].browse(self.res_id).exists()
        if self.operation == "reverse":
            # the mark of an opposite document is its item's
            return move.state != "posted" and not self._waiting_twin()
        return move.state == "posted" and (
            not self._waiting_twin() or self._is_what_was_sent(work, move)
        )

    def _is_what_was_sent(self, work, move):
        """Whether a document that was posted again is still the one that went out."""
        self._prepare_moves(work, move)
        prepared = work.prepared[move.id]
        return bool(prepared.document) and prepared.document.fingerprint() == self.fingerprint

    def _check_same_send(self, work, facts, document):
        """What may still arrive goes again as it was, under its number; anything else is looked up
        until it is sure. Raises Changed then."""
        if not facts.unanswered:
            return
        is_same = (
            self._number_protects(work)
            and self.series == work.package.number_series(document)
            and self.fingerprint == self._fingerprint_of(work, document)
        )
        if not is_same:
            self._store(self._store_unknown_again, work)
            if self.operation == "document":
                # what became of it is one thing, what it is now another one
                self._store(self.env["account.move"].browse(self.res_id)._accountable_enqueue)
            raise Changed
        work.kept[self.id] = self.series, self.number

    def _free_series(self, work):
        """It went again under its number: whoever waited for that may take the next one."""
        series, _number = work.kept.pop(self.id, (None, None))
        if work.held.get(series) == self.id:
            del work.held[series]

    def _store_unknown_again(self, work):
        self._give_number_back(work)
        self._look_up_first()

    def _look_up_first(self):
        """Nothing is sent before it is known what became of what went out."""
        self.write(
            {
                **self._no_error(),
                "state": "unknown",
                "next_try": fields.Datetime.now(),
                "held_by_id": False,
                "ended_at": False,
            }
        )

    def _hand_over(self, newer):
        """The newer item does this one's work: it knows what was sent."""
        if self.unanswered:
            newer.write({name: self[name] for name in HANDED_OVER})

    def _is_settled(self):
        """That it is not there counts now."""
        return bool(self.not_there_at) and not self._may_arrive_until()

    def _store_look_later(self, sentence=None):
        """It stays unknown: it may still arrive."""
        now = fields.Datetime.now()
        sent_at = self.sent_at or now
        self.write(
            {
                "sent_at": sent_at,
                "unanswered": True,
                "not_there_at": self.not_there_at or now,
                "next_try": policy.next_look(sent_at, now),
                "message": sentence
                or self.env._("It is not there yet, and may still arrive: it is looked up again."),
            }
        )

    # A connection that follows another one to the same administration

    def _unsettled_of(self, connections):
        """Items of these connections of which somebody has to find out more."""
        if not connections:
            return self.browse()
        return self.search(
            [
                ("connection_id", "in", connections.ids),
                "|",
                "|",
                ("state", "in", UNSETTLED),
                ("unanswered", "=", True),
                ("look_again_at", "!=", False),
            ]
        )


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _earlier_connections(self):
        """Archived connections with the same administration."""
        if not self.administration_key:
            return self.browse()
        return self.with_context(active_test=False).search(
            [
                ("id", "!=", self.id),
                ("active", "=", False),
                ("package", "=", self.package),
                ("company_id", "=", self.company_id.id),
                ("administration_key", "=", self.administration_key),
            ]
        )

    def _take_over_unsettled(self):
        """What an archived connection sent to this administration without an answer is found out by
        the one that follows it, or it would be booked twice. Whatever a worker still sends stays
        with it."""
        jobs = self.env["accountable.job"]
        for earlier in self._earlier_connections():
            if not jobs._unsettled_of(earlier):
                continue
            with earlier._lock_for_work() as locked:
                if locked:
                    earlier._find_dead_jobs()
                    self._take_over(earlier, jobs._unsettled_of(earlier))
                    self._commit()

    def _take_over(self, earlier, jobs):
        """The items, and the links of what they change or remove."""
        jobs.filtered(lambda job: job.unanswered and job.state != "unknown")._look_up_first()
        self._end_replaced(jobs.filtered(lambda job: job.state in WAITING))
        jobs.write({"connection_id": self.id})
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE accountable_binding b SET connection_id = %(own)s
                  FROM accountable_job j
                 WHERE j.id = ANY(%(jobs)s) AND j.state = 'unknown'
                   AND b.connection_id = %(earlier)s AND b.res_model = j.res_model
                   AND b.res_id = j.res_id AND b.kind IN ('document', 'party')
                   AND NOT EXISTS (
                    SELECT 1 FROM accountable_binding o
                     WHERE o.connection_id = %(own)s AND o.kind = b.kind
                       AND (o.external_key = b.external_key
                            OR (o.res_model, o.res_id) = (b.res_model, b.res_id)))
                """,
                own=self.id,
                earlier=earlier.id,
                jobs=jobs.ids,
            )
        )
        self.env.invalidate_all(flush=False)

    def _end_replaced(self, jobs):
        """What this connection does anew ends in the earlier one: of one record only one waits."""
        waiting = jobs.search([("connection_id", "=", self.id), ("state", "in", WAITING)])
        own = {(job.res_model, job.res_id, job.operation) for job in waiting}
        jobs.filtered(lambda job: (job.res_model, job.res_id, job.operation) in own)._end(
            "skipped", skip_reason="replaced"
        )
