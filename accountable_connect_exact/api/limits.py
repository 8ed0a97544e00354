"""What is left of Exact Online's limits, so that no call is sent that would be refused.

Exact counts per app and division: calls a minute and a day (told in headers of every answer, which
may be missing), and answers 400, 401, 403 and 404 per endpoint (told nowhere: more than ten within
an hour block that endpoint for an hour, repeated blocks last longer).

::

    daily calls left   5000 ............ 100 ............ 0
    other GETs             yes            yes             no
    PUT, DELETE            yes            yes             no
    POST, sync/, bulk/     yes            no              no

The last hundred (a tenth of a smaller quota) are kept for looking up what became of a document,
reading back and taking back: work that was begun can be ended on the same day. For the same reason
the last few calls of a minute are not given to a POST. What is known is kept with ``CallBudget``
beyond a run.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from odoo.addons.accountable_connect.api.contract import CallBudget
from odoo.addons.accountable_connect.api.errors import LimitReachedError

DAY_RESERVE = 100
MINUTE_RESERVE = 5
ERRORS_AN_HOUR = 8
ERROR_STATUSES = frozenset({400, 401, 403, 404})
_HOUR = timedelta(hours=1)
_UNKNOWN_WAIT = timedelta(seconds=60)
# No reset lies further ahead; a clock that is wrong must not stop a connection for good.
_FURTHEST = {"minute": timedelta(minutes=2), "day": timedelta(hours=25)}
_PREFIX = {"day": "X-RateLimit-", "minute": "X-RateLimit-Minutely-"}
_CODE = {"day": "daily_limit", "minute": "minute_limit"}


class Limits:
    """The limits of one division (``""``: calls without one). ``now``: the moment with its zone."""

    def __init__(self, budget: CallBudget, division: str, now: Callable[[], datetime]):
        self._budget = budget
        self._name = f"exact limits {division}".strip()
        self._now = now

    def before(self, method: str, entity: str) -> None:
        """Call this before every request. Raises LimitReachedError when it would be refused; counts
        it as made otherwise."""
        known = self._recall()
        self._check_errors(known["errors"], entity)
        for span in ("minute", "day"):
            quota = known.get(span)
            if quota and quota["left"] <= self._kept_back(span, quota, method, entity):
                raise self._reached(span, _moment(quota["reset"]), entity)
            if quota:
                quota["left"] -= 1
        self._remember(known)

    def check_room(self, calls: int, method: str, entity: str) -> None:
        """Raises LimitReachedError when so many calls that belong together do not fit any more, and
        would fit after the reset. Counts nothing."""
        known = self._recall()
        for span in ("minute", "day"):
            quota = known.get(span)
            if not quota:
                continue
            kept = self._kept_back(span, quota, method, entity)
            if quota["left"] - kept < calls <= quota.get("limit", calls) - kept:
                raise self._reached(span, _moment(quota["reset"]), entity)

    def after(self, method: str, entity: str, status: int, headers: Mapping[str, str]) -> None:
        """Call this with every answer. Raises LimitReachedError when it is a 429."""
        known = self._recall()
        for span, prefix in _PREFIX.items():
            told = _told(headers, prefix)
            if told and told["left"] is not None:
                known[span] = {**told, "reset": self._sane(span, told["reset"])}
        if status in ERROR_STATUSES:
            moments = [*known["errors"].get(entity, []), self._now().timestamp()]
            known["errors"][entity] = moments[-2 * ERRORS_AN_HOUR :]
        error = self._refused(known, headers, entity) if status == 429 else None
        self._remember(known)
        if error:
            raise error

    def _refused(self, known, headers, entity):
        """After a 429. Only the headers of the limit that is used up come with it; none at all: the
        minute's, most likely."""
        told = {span: _told(headers, prefix) for span, prefix in _PREFIX.items()}
        spans = [span for span in ("day", "minute") if told[span]]
        used_up = [span for span in spans if told[span]["left"] == 0]
        span = (used_up or spans or ["minute"])[0]
        reset = self._sane(span, told[span] and told[span]["reset"])
        # a reset that is past already would have us ask again at once
        soonest = (self._now() + timedelta(seconds=1)).timestamp()
        known[span] = {**known.get(span, {}), "left": 0, "reset": max(reset, soonest)}
        return self._reached(span, _moment(known[span]["reset"]), entity)

    def _kept_back(self, span, quota, method, entity):
        if method != "POST" and not entity.startswith(("sync/", "bulk/")):
            return 0
        if span == "day":
            return min(DAY_RESERVE, quota.get("limit", 10 * DAY_RESERVE) // 10)
        return MINUTE_RESERVE if method == "POST" and quota.get("limit", 60) >= 30 else 0

    def _check_errors(self, errors, entity):
        moments = errors.get(entity, [])
        if len(moments) >= ERRORS_AN_HOUR:
            raise LimitReachedError(
                f"Exact: {len(moments)} refusals of {entity} within an hour",
                not_before=_moment(moments[-ERRORS_AN_HOUR]) + _HOUR,
                code=LimitReachedError.ONE_OPERATION,
                values={"entity": entity, "errors": len(moments)},
            )

    def _reached(self, span, not_before, entity):
        return LimitReachedError(
            f"Exact: the calls of this {span} are used up",
            not_before=not_before,
            whole=True,
            code=_CODE[span],
            values={"entity": entity},
        )

    def _sane(self, span, reset):
        now = self._now()
        if reset is None:
            midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
            ends = {"minute": now + _UNKNOWN_WAIT, "day": midnight + timedelta(days=1)}
            return ends[span].timestamp()
        return min(reset, (now + _FURTHEST[span]).timestamp())

    def _recall(self):
        """What is known and still holds: a quota until its reset, an error for an hour."""
        known = self._budget.recall(self._name) or {}
        now = self._now()
        result = {
            span: known[span]
            for span in ("minute", "day")
            if span in known and known[span]["reset"] > now.timestamp()
        }
        since = (now - _HOUR).timestamp()
        errors = {}
        for entity, moments in known.get("errors", {}).items():
            kept = [moment for moment in moments if since < moment <= now.timestamp()]
            if kept:
                errors[entity] = kept
        return {**result, "errors": errors}

    def _remember(self, known):
        self._budget.remember(self._name, known)


def _told(headers, prefix):
    """What the headers say of one limit, or None; ``left`` and ``reset`` (seconds since 1970) may
    be None."""
    left = _whole(headers.get(f"{prefix}Remaining"))
    reset = _whole(headers.get(f"{prefix}Reset"))
    if left is None and reset is None:
        return None
    told = {"left": left, "reset": None if reset is None else reset / 1000}
    limit = _whole(headers.get(f"{prefix}Limit"))
    return told if limit is None else {**told, "limit": limit}


def _whole(value):
    value = (value or "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None


def _moment(seconds) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
