"""What was sent without an answer may still arrive: until when, and what people read of it."""

from odoo import fields, models
from odoo.exceptions import UserError

from ...api import policy
from ...documents.sentence import SentencesOf
from ...documents.serial import document_of
from ..sentence import in_language

_lt = SentencesOf(__name__)

# What a newer item of the same record takes over from one that was sent without an answer.
HANDED_OVER = (
    "series",
    "number",
    "fingerprint",
    "party_key",
    "content",
    "tried_files",
    "refused_files",
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

    _unanswered_idx = models.Index("(connection_id) WHERE unanswered")
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

    def _sent_content(self):
        """The document as it was sent, its files left out."""
        return document_of(self.content)

    def _opposite_suffix(self):
        return f"-reverse-{self.id}"

    def _is_opposite(self, document):
        """Whether what was being sent is the opposite document, and not a removal."""
        return document.own_reference.endswith(self._opposite_suffix())

    # How long it is waited for

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
        sentence = _lt(
            "%(names)s: no answer came, and it may still arrive; look again at %(time)s.",
            names=", ".join(names[:5]) + (" …" if len(names) > 5 else ""),
            time=max(until for until, _name in waiting),
        )
        return in_language(self.env, sentence)

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
                "message": str(sentence),  # XML-RPC takes no sentence as such
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _check_nothing_arrives(self):
        """Raises UserError for an item that cannot end yet."""
        sentence = self._may_arrive_sentence()
        if sentence:
            raise UserError(sentence)

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
                or _lt("It is not there yet, and may still arrive: it is looked up again."),
            }
        )

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

    # Going again

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
