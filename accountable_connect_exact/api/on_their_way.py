"""Writes whose answer was lost: Exact may still be working on them.

Who looks for such a row at once does not find it, and would make it twice. So nothing of the same
name is made before ten minutes have passed, and before a second look, which whoever asks has done,
did not find it. Looking, and what needs nothing new, goes on. That is kept beyond a run, because
the next one may begin at once.
"""

from datetime import UTC, datetime

from odoo.addons.accountable_connect.api import policy
from odoo.addons.accountable_connect.api.errors import MayArriveError, OutcomeUnknownError

from .client import ExactClient

NAME = "on their way"
# A name that nobody asked for again is forgotten.
KEPT = max(policy.LOOK_AGAIN_AFTER)


class OnTheirWay:
    """Creates rows of which there must not be two."""

    def __init__(self, client: ExactClient):
        self.client = client

    def post(self, name: str, entity: str, body: dict, values: dict | None = None) -> dict:
        """``client.post``, by somebody who just looked for the row. Raises MayArriveError while one
        of this name (account or number it belongs to) may be on its way."""
        self.check(name, entity, values)
        key = _key(name, entity)
        try:
            row = self.client.post(entity, body, values=values)
        except OutcomeUnknownError:
            self._remember({**self._sent(), key: {"sent": self._now().isoformat()}})
            raise
        self.arrived(name, entity)
        return row

    def check(self, name: str, entity: str, values: dict | None = None) -> None:
        """A look did not find it: raises MayArriveError until that counts."""
        key, sent = _key(name, entity), self._sent()
        if key not in sent:
            return
        sent_at, looked = datetime.fromisoformat(sent[key]["sent"]), sent[key].get("looked")
        now = self._now()
        if looked and now >= sent_at + policy.ANSWER_MAY_TAKE:
            return
        if not looked:
            self._remember({**sent, key: {"sent": sent_at.isoformat(), "looked": True}})
        raise MayArriveError(
            f"Exact: {entity} may be on its way",
            not_before=(
                sent_at + policy.ANSWER_MAY_TAKE if looked else policy.next_look(sent_at, now)
            ),
            values=values,
        )

    def arrived(self, name: str, entity: str) -> None:
        """It is there."""
        sent = self._sent()
        if sent.pop(_key(name, entity), None):
            self._remember(sent)

    def _sent(self):
        """``{key: {"sent": moment, "looked": whether one look did not find it}}``. A moment alone
        was written by the version before."""
        now = self._now()
        known = {
            key: one if isinstance(one, dict) else {"sent": one}
            for key, one in self.client.recall(NAME).items()
        }
        return {
            key: one
            for key, one in known.items()
            if now < datetime.fromisoformat(one["sent"]) + KEPT
        }

    def _remember(self, sent):
        self.client.remember(NAME, sent)

    def _now(self):
        return self.client.now().astimezone(UTC).replace(tzinfo=None)


def _key(name, entity):
    return f"{entity} {name}"
