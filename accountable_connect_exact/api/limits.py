"""Exact Online's limits.

Exact counts per app and division: calls a minute and a day (stated in headers of every answer,
which may be missing), and answers 400, 401, 403 and 404 per endpoint (stated nowhere: more than ten
within an hour block that endpoint for an hour, repeated blocks last longer).

::

    daily calls left   5000 ............ 100 ............ 0
    other GETs             yes            yes             no
    PUT, DELETE            yes            yes             no
    POST, sync/, bulk/     yes            no              no

The last hundred (a tenth of a smaller quota) are kept for looking up what became of a document,
reading back and taking back: work that was begun can be ended on the same day. For the same reason
the last few calls of a minute are not given to a POST.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from odoo.addons.accountable_connect.api.contract import CallBudget
from odoo.addons.accountable_connect.api.http.call_limits import CallLimits, Quota

DAY_RESERVE = 100
MINUTE_RESERVE = 5
ERRORS_AN_HOUR = 8
ERROR_STATUSES = frozenset({400, 401, 403, 404})


def _next_day(now):
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1)


MINUTE = Quota(
    span="minute",
    prefix="X-RateLimit-Minutely-",
    code="minute_limit",
    furthest=timedelta(minutes=2),
    next_reset=lambda now: now + timedelta(seconds=60),
)
DAY = Quota(
    span="day",
    prefix="X-RateLimit-",
    code="daily_limit",
    furthest=timedelta(hours=25),
    next_reset=_next_day,
)


class Limits(CallLimits):
    """The limits of one division (``""``: calls without one)."""

    package = "Exact"
    quotas = (MINUTE, DAY)
    error_statuses = ERROR_STATUSES
    errors_an_hour = ERRORS_AN_HOUR

    def __init__(self, budget: CallBudget, division: str, now: Callable[[], datetime]):
        super().__init__(budget, f"exact limits {division}".strip(), now)

    def kept_back(self, span, limit, method, entity):
        if method != "POST" and not entity.startswith(("sync/", "bulk/")):
            return 0
        if span == "day":
            return min(DAY_RESERVE, (10 * DAY_RESERVE if limit is None else limit) // 10)
        is_reserved = method == "POST" and (limit is None or limit >= 30)
        return MINUTE_RESERVE if is_reserved else 0
