"""Writes whose answer was lost: Exact may still be working on them.

Who looks for such a row at once does not find it, and would make it twice. So for a minute nothing
of the same name is made; looking, and what needs nothing new, goes on. That is kept beyond a run,
because the next one may begin at once.
"""

from datetime import UTC, datetime, timedelta

from odoo.addons.accountable_connect.api.errors import LimitReachedError, OutcomeUnknownError

from .client import ExactClient

# Longer than any timeout of a client.
SETTLED_AFTER = timedelta(minutes=1)
NAME = "on their way"


class OnTheirWay:
    """Creates rows of which there must not be two."""

    def __init__(self, client: ExactClient):
        self.client = client

    def post(self, name: str, entity: str, body: dict, values: dict) -> dict:
        """``client.post``. Raises LimitReachedError (code ``no_answer``) while one of this name
        (account or number it belongs to) may be on its way."""
        key = f"{entity} {name}"
        now = self.client.now().astimezone(UTC).replace(tzinfo=None)
        sent = {
            known: moment
            for known, moment in self.client.recall(NAME).items()
            if now < datetime.fromisoformat(moment) + SETTLED_AFTER
        }
        if key in sent:
            raise LimitReachedError(
                f"Exact: {entity} may be on its way",
                not_before=datetime.fromisoformat(sent[key]) + SETTLED_AFTER,
                code="no_answer",
                values=values,
            )
        try:
            return self.client.post(entity, body, values=values)
        except OutcomeUnknownError:
            self.client.remember(NAME, {**sent, key: now.isoformat()})
            raise
