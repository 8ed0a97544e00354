"""Reading what changed through ``sync/…``: row versions, removed rows, and divisions that moved.

A cursor is JSON text: the highest row version read of the entity and of ``sync/Deleted``, when the
latter was asked, and the day the division last moved to another database, where versions start
again. A cursor that is not ours, or older than removed rows are kept, reads everything.
"""

import json
import logging
from datetime import UTC, datetime, timedelta

from odoo.addons.accountable_connect.api.errors import LimitReachedError

from .. import const
from . import wire
from .answers import documented_form
from .client import ExactClient

_logger = logging.getLogger(__name__)

DELETED = "sync/Deleted"
DIVISIONS = "system/Divisions"
BEGINNING = 1
ASK_EVERY = timedelta(hours=1)
KEPT = timedelta(days=const.DELETED_KEPT_DAYS)


class Changes:
    """Readings of one entity. ``name`` is its place in the cursor, ``entity_type`` its number in
    ``sync/Deleted``."""

    def __init__(self, client: ExactClient, name: str, entity_type: int):
        self.client = client
        self.name = name
        self.entity_type = entity_type

    def begin(self, cursor: str) -> "Reading":
        """A reading from a cursor. At most hourly asks whether the division moved."""
        state = self._state(cursor)
        now = self.client.now().astimezone(UTC).replace(tzinfo=None)
        asked_at = state.get("deleted_at")
        is_due = asked_at is None or now - datetime.fromisoformat(asked_at) >= ASK_EVERY
        if asked_at and now - datetime.fromisoformat(asked_at) >= KEPT:
            _logger.info("Removed rows are no longer known; everything is read again")
            state = {"moved": state["moved"]}
        if is_due:
            moved = self._moved()
            if state and moved != state.get("moved"):
                _logger.info("The division moved; everything is read again")
                state = {}
            state = {**state, "moved": moved}
        return Reading(self, state, now if is_due else None)

    def _state(self, cursor):
        try:
            state = json.loads(cursor) if cursor else {}
            if not state:
                return {}
            datetime.fromisoformat(state["deleted_at"])
            return {
                self.name: int(state[self.name]),
                "deleted": int(state["deleted"]),
                "deleted_at": state["deleted_at"],
                "moved": str(state["moved"]),
            }
        except (ValueError, KeyError, TypeError, AttributeError):
            _logger.info("Unknown cursor; everything is read again")
            return {}

    def _moved(self):
        """When the division moved to another database, "" for never."""
        rows = self.client.get_list(
            DIVISIONS,
            select="Code,DivisionMoveDate,DivisionHRLinkUnlinkDate",
            filter=f"Code eq {self.client.division}",
        )
        with documented_form(DIVISIONS):
            for row in rows:
                stamps = (row.get("DivisionMoveDate"), row.get("DivisionHRLinkUnlinkDate"))
                return " ".join(str(wire.read_moment(stamp)) for stamp in stamps if stamp)
        return ""


class Reading:
    """One reading; ``asked_at`` is the moment when removed rows are to be asked for, else None.

    ``is_whole``, once rows were read: they are all there are, and not those that changed.
    """

    def __init__(self, changes: Changes, state: dict, asked_at: datetime | None):
        self._changes = changes
        self._state = state
        self._asked_at = asked_at
        self.is_whole = False

    def rows(self, entity: str, select: str) -> list[dict]:
        """The rows that changed, in the order in which they did."""
        from_beginning = self._changes.name not in self._state
        rows, to_the_end = self._since(entity, select, self._changes.name)
        # with a right missing, Exact answers with nothing instead of an error
        self.is_whole = from_beginning and to_the_end and bool(rows)
        return rows

    def stop_before(self, timestamp: int) -> None:
        """The next reading begins with the row of this version."""
        self._state[self._changes.name] = min(self._state[self._changes.name], timestamp - 1)

    def removed(self) -> set[str]:
        """Identities of removed rows; asked for at most once an hour, and again by the next reading
        when a limit is reached."""
        if self._asked_at is None:
            return set()
        asked_at = self._asked_at
        try:
            rows, _whole = self._since(DELETED, "Timestamp,EntityType,EntityKey", "deleted")
        except LimitReachedError as error:
            _logger.info("Removed rows are asked for later: %s", error)
            rows, asked_at = [], asked_at - ASK_EVERY
            self._state.setdefault("deleted", BEGINNING)
        self._state["deleted_at"] = asked_at.isoformat(timespec="seconds")
        return {row["EntityKey"] for row in rows if row["EntityType"] == self._changes.entity_type}

    def _since(self, entity, select, name):
        """Rows after the last one read, and whether these are all. When a limit is reached on the
        way, those read so far: the next reading goes on from there."""
        after = self._state.get(name, BEGINNING)
        rows: list[dict] = []
        whole = True
        try:
            for row in self._changes.client.get_list(
                entity, select=select, filter=f"Timestamp gt {wire.long(after)}"
            ):
                rows.append(row)
        except LimitReachedError as error:
            if not rows:
                raise
            whole = False
            _logger.info("%s is read in several portions: %s", entity, error)
        with documented_form(entity):
            versions = [wire.read_integer(row["Timestamp"]) for row in rows]
            if not whole and versions != sorted(versions):
                raise ValueError("a part of the rows is not the first part")
            self._state[name] = max(versions, default=after)
        return rows, whole

    def cursor(self) -> str:
        """What the next reading is given, when this one was stored."""
        return json.dumps(self._state, sort_keys=True)
