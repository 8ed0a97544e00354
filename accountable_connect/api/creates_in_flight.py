"""Creating rows whose answer may be lost, for services that refuse no second one.

The service may still be working on such a create: a look for the row at once does not find it,
and the row would be made twice. So nothing of the same name is made before ten minutes have passed,
and before a second look, which the caller has done, did not find it. Looking, and what needs
nothing new, goes on. That is kept beyond a run, because the next one may begin at once.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from . import policy
from .errors import MayArriveError, OutcomeUnknownError

# Where it is kept.
NAME = "on their way"
# A name that nobody asked for again is forgotten.
KEPT = max(policy.LOOK_AGAIN_AFTER)


class CreatingClient(Protocol):
    """What a client offers: the moment, a create, and values kept beyond the run."""

    now: Callable[[], datetime]

    def post(self, entity: str, body: dict, *, values: dict | None = None) -> dict: ...

    def recall(self, name: str) -> dict: ...

    def remember(self, name: str, values: dict) -> None: ...


class CreatesInFlight:
    """Creates rows of which there must not be two. ``package`` is its name in the log."""

    def __init__(self, client: CreatingClient, package: str):
        self.client = client
        self._package = package

    def post(self, name: str, entity: str, body: dict, values: dict | None = None) -> dict:
        """``client.post``, by a caller that just looked for the row. Raises MayArriveError while
        one of this name (account or number it belongs to) may still arrive."""
        self.check(name, entity, values)
        try:
            row = self.client.post(entity, body, values=values)
        except OutcomeUnknownError:
            key = _key(name, entity)
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
            f"{self._package}: {entity} may be on its way",
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
        was written by an earlier version."""
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
