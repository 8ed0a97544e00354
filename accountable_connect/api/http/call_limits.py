"""What is left of a service's limits, so that no call is sent that would be refused.

Two kinds: quotas (calls in a span of time, stated in headers of the answers, which may be missing),
and refusals of one operation within an hour, after which several services block it. What is known
is kept with ``CallBudget`` beyond a run; which limits there are, a package says.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from ..contract import CallBudget
from ..errors import LimitReachedError

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """Calls in a ``span``. Headers that begin with ``prefix`` say how many are left
    (``Remaining``, ``Limit``) and until when (``Reset``, milliseconds since 1970). ``code``: of the
    error. ``furthest``: no reset lies further ahead, because a clock that is wrong must not stop a
    connection for good. ``next_reset`` gives it where no header does."""

    span: str
    prefix: str
    code: str
    furthest: timedelta
    next_reset: Callable[[datetime], datetime]


class CallLimits:
    """The limits of one administration. ``name``: where they are kept; ``now``: the moment with its
    zone."""

    # Its name in the log.
    package: ClassVar[str]
    # The one that is most likely meant where a refusal names none comes first.
    quotas: ClassVar[tuple[Quota, ...]]
    # Statuses of refusals, and how many of one operation are risked in an hour.
    error_statuses: ClassVar[frozenset[int]] = frozenset()
    errors_an_hour: ClassVar[int] = 0

    def __init__(self, budget: CallBudget, name: str, now: Callable[[], datetime]):
        self._budget = budget
        self._name = name
        self._now = now

    def kept_back(self, span: str, limit: int | None, method: str, entity: str) -> int:
        """How many calls of a quota are not given to this one; ``limit``: all of the quota."""
        return 0

    def before(self, method: str, entity: str) -> None:
        """Call this before every request. Raises LimitReachedError when it would be refused; counts
        it as made otherwise."""
        known = self._recall()
        self._check_errors(known["errors"], entity)
        for quota in self.quotas:
            held = known.get(quota.span)
            if held and held["left"] <= self._kept_back(quota, held, method, entity):
                raise self._reached(quota, held, entity)
            if held:
                held["left"] -= 1
        self._remember(known)

    def check_room(self, calls: int, method: str, entity: str) -> None:
        """Raises LimitReachedError when so many calls that belong together do not fit any more, and
        would fit after the reset. Counts nothing."""
        known = self._recall()
        for quota in self.quotas:
            held = known.get(quota.span)
            if not held:
                continue
            kept = self._kept_back(quota, held, method, entity)
            if held["left"] - kept < calls <= held.get("limit", calls) - kept:
                raise self._reached(quota, held, entity)

    def after(self, method: str, entity: str, status: int, headers: Mapping[str, str]) -> None:
        """Call this with every answer. Raises LimitReachedError when it is a 429."""
        known = self._recall()
        said = {quota.span: _in_headers(headers, quota.prefix) for quota in self.quotas}
        for quota in self.quotas:
            values = said[quota.span]
            if values and values["left"] is not None:
                known[quota.span] = {**values, "reset": self._sane(quota, values["reset"])}
        if status in self.error_statuses:
            moments = [*known["errors"].get(entity, []), self._now().timestamp()]
            known["errors"][entity] = moments[-2 * self.errors_an_hour :]
        error = self._refused(known, said, entity) if status == 429 else None
        self._remember(known)
        if error:
            raise error

    def _refused(self, known, said, entity):
        """After a 429. Only the headers of the limit that is used up come with it; none at all: the
        first quota's, most likely."""
        named = [quota for quota in reversed(self.quotas) if said[quota.span]]
        used_up = [quota for quota in named if said[quota.span]["left"] == 0]
        quota = (used_up or named or self.quotas)[0]
        values = said[quota.span]
        reset = self._sane(quota, values and values["reset"])
        # a reset that is past already would have us ask again at once
        soonest = (self._now() + timedelta(seconds=1)).timestamp()
        held = {**known.get(quota.span, {}), "left": 0, "reset": max(reset, soonest)}
        known[quota.span] = held
        return self._reached(quota, held, entity)

    def _kept_back(self, quota, held, method, entity):
        return self.kept_back(quota.span, held.get("limit"), method, entity)

    def _check_errors(self, errors, entity):
        moments = errors.get(entity, [])
        if self.errors_an_hour and len(moments) >= self.errors_an_hour:
            raise LimitReachedError(
                f"{self.package}: {len(moments)} refusals of {entity} within an hour",
                not_before=_moment(moments[-self.errors_an_hour]) + _HOUR,
                code=LimitReachedError.ONE_OPERATION,
                values={"entity": entity, "errors": len(moments)},
            )

    def _reached(self, quota, held, entity):
        return LimitReachedError(
            f"{self.package}: the calls of this {quota.span} are used up",
            not_before=_moment(held["reset"]),
            whole=True,
            code=quota.code,
            values={"entity": entity},
        )

    def _sane(self, quota, reset):
        now = self._now()
        if reset is None:
            return quota.next_reset(now).timestamp()
        return min(reset, (now + quota.furthest).timestamp())

    def _recall(self):
        """What is known and still holds: a quota until its reset, an error for an hour."""
        known = self._budget.recall(self._name) or {}
        now = self._now()
        result = {
            quota.span: known[quota.span]
            for quota in self.quotas
            if quota.span in known and known[quota.span]["reset"] > now.timestamp()
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


def _in_headers(headers, prefix):
    """What the headers say of one quota, or None; ``left`` and ``reset`` (seconds since 1970) may
    be None."""
    left = _whole(headers.get(f"{prefix}Remaining"))
    reset = _whole(headers.get(f"{prefix}Reset"))
    if left is None and reset is None:
        return None
    values = {"left": left, "reset": None if reset is None else reset / 1000}
    limit = _whole(headers.get(f"{prefix}Limit"))
    return values if limit is None else {**values, "limit": limit}


def _whole(value):
    value = (value or "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None


def _moment(seconds) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
