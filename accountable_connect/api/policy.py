"""What follows from an error: one table, no Odoo.

============================ ======= ========== ======== =======
kind                         counts  state      owner    button
============================ ======= ========== ======== =======
temporary                    yes     pending    nobody   retry
limit_reached                no      pending    nobody   retry
authorisation_lost           no      pending    manager  cause
configuration_missing        yes     failed     manager  cause
data_refused                 yes     failed     user     cause
period_closed                yes     failed     user     retry
duplicate                    yes     failed     user     decide
decision                     yes     failed     user     decide
outcome_unknown              no      unknown    nobody   retry
============================ ======= ========== ======== =======

*counts*: it is a failed try. A temporary error that failed ``TRIES`` times waits for a person.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from . import errors

TRIES = 10
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
# After so many temporary errors in a row the connection rests: the package is down, and keys that
# make too many errors are blocked by several packages.
TEMPORARY_IN_A_ROW = 3
REFUSED_IN_A_RUN = 25
REST = timedelta(minutes=15)
# A request whose answer was lost may still be worked on over there. It is looked up first after
# this long, longer than any timeout of a client; what is found counts at once.
SETTLE_AFTER = timedelta(minutes=1)
# That it is not there counts only so long after it was sent (no vendor states its longest time),
# and when two looks so far apart as SETTLE_AFTER say so.
ANSWER_MAY_TAKE = timedelta(minutes=10)
# When whatever was once unknown is looked up again, whether it stands there twice.
LOOK_AGAIN_AFTER = (timedelta(hours=1), timedelta(days=1))

NOBODY, USER, MANAGER = "nobody", "user", "manager"
RETRY, CAUSE, DECIDE = "retry", "cause", "decide"


@dataclass(frozen=True, slots=True)
class Rule:
    """``counts``: a failed try · ``state`` of the job afterwards · ``again``: tried again by
    itself · ``owner``: who has to act · ``level``: of the log · ``button``: what leads to the
    cure."""

    counts: bool
    state: str
    again: bool
    owner: str
    level: int
    button: str


RULES = {
    errors.TEMPORARY: Rule(True, "pending", True, NOBODY, logging.INFO, RETRY),
    errors.LIMIT_REACHED: Rule(False, "pending", True, NOBODY, logging.INFO, RETRY),
    errors.AUTHORISATION_LOST: Rule(False, "pending", False, MANAGER, logging.WARNING, CAUSE),
    errors.CONFIGURATION_MISSING: Rule(True, "failed", False, MANAGER, logging.INFO, CAUSE),
    errors.DATA_REFUSED: Rule(True, "failed", False, USER, logging.INFO, CAUSE),
    errors.PERIOD_CLOSED: Rule(True, "failed", False, USER, logging.INFO, RETRY),
    errors.DUPLICATE: Rule(True, "failed", False, USER, logging.INFO, DECIDE),
    errors.DECISION: Rule(True, "failed", False, USER, logging.INFO, DECIDE),
    errors.OUTCOME_UNKNOWN: Rule(False, "unknown", True, NOBODY, logging.WARNING, RETRY),
}


# Kinds of errors about which a person answers a question.
TO_DECIDE = tuple(kind for kind, rule in RULES.items() if rule.button == DECIDE)


@dataclass(frozen=True, slots=True)
class Decision:
    """``attempts`` after this one, ``next_try`` naive UTC or None: only when a person asks."""

    state: str
    attempts: int
    next_try: datetime | None
    rule: Rule


def next_look(sent_at: datetime, now: datetime) -> datetime:
    """When something that was not there is looked up once more, so that it counts then."""
    return max(sent_at + ANSWER_MAY_TAKE, now + SETTLE_AFTER)


def wait_time(attempt: int, luck: float) -> timedelta:
    """Doubles from a minute up to six hours; ``luck`` (0..1) spreads it by a fifth both ways."""
    doubled = FIRST_WAIT * 2 ** min(max(attempt, 1) - 1, 20)
    return min(doubled, LONGEST_WAIT) * (0.8 + 0.4 * luck)


def decide(
    kind: str, attempts: int, now: datetime, luck: float = 0.5, not_before: datetime | None = None
) -> Decision:
    """What becomes of a job that failed with an error of this kind after ``attempts`` failed
    tries."""
    rule = RULES[kind]
    attempts += rule.counts
    if not rule.again:
        # a lost authorisation leaves the job due: the state of the connection holds it back
        return Decision(rule.state, attempts, now if rule.state == "pending" else None, rule)
    if kind == errors.TEMPORARY and attempts >= TRIES:
        return Decision("failed", attempts, None, rule)
    if not_before:
        return Decision(rule.state, attempts, not_before, rule)
    return Decision(rule.state, attempts, now + wait_time(attempts, luck), rule)
