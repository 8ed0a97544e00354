"""What is left of Exact's limits: nothing is sent that would be refused."""

from datetime import datetime, timedelta

import pytest
from odoo.addons.accountable_connect.api.errors import LimitReachedError
from odoo.addons.accountable_connect_exact.api.limits import Limits
from requests.structures import CaseInsensitiveDict

from .stand_ins import NOON, Budget, Clock

ENTRIES = "salesentry/SalesEntries"
TERMS = "sync/Cashflow/PaymentTerms"
MIDNIGHT = datetime(2026, 3, 11)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def budget():
    return Budget()


@pytest.fixture
def limits(budget, clock):
    return Limits(budget, "500001", clock)


def milliseconds(moment):
    return str(int(moment.timestamp() * 1000))


def headers(clock, *, day=None, minute=None, day_limit="5000", minute_limit="60"):
    """Those of an answer; what is None is missing."""
    found = CaseInsensitiveDict()
    if day is not None:
        tomorrow = clock().replace(hour=0, minute=0) + timedelta(days=1)
        found["X-RateLimit-Limit"] = day_limit
        found["X-RateLimit-Remaining"] = str(day)
        found["X-RateLimit-Reset"] = milliseconds(tomorrow)
    if minute is not None:
        next_minute = clock().replace(second=0) + timedelta(minutes=1)
        found["X-RateLimit-Minutely-Limit"] = minute_limit
        found["X-RateLimit-Minutely-Remaining"] = str(minute)
        found["X-RateLimit-Minutely-Reset"] = milliseconds(next_minute)
    return found


def may(limits, method, entity=ENTRIES):
    try:
        limits.before(method, entity)
    except LimitReachedError as error:
        return error
    return None


def test_nothing_known_is_no_limit(limits):
    for _call in range(200):
        limits.before("POST", ENTRIES)
        limits.after("POST", ENTRIES, 201, {})


def test_last_calls_of_a_minute(limits, clock):
    clock.forward(20)
    limits.after("GET", ENTRIES, 200, headers(clock, day=4000, minute=2))
    assert may(limits, "GET") is None
    assert may(limits, "GET") is None
    error = may(limits, "GET")
    assert error.code == "minute_limit"
    assert error.not_before == datetime(2026, 3, 10, 11, 1)
    clock.forward(40)
    assert may(limits, "GET") is None


def test_calls_that_belong_together_are_begun_when_all_fit(limits, clock):
    limits.check_room(1000, "PUT", ENTRIES)
    limits.after("GET", ENTRIES, 200, headers(clock, day=4000, minute=10))
    limits.check_room(10, "PUT", ENTRIES)
    limits.check_room(5, "POST", ENTRIES)
    for calls, method in ((11, "PUT"), (6, "POST"), (60, "PUT")):
        with pytest.raises(LimitReachedError) as caught:
            limits.check_room(calls, method, ENTRIES)
        assert caught.value.code == "minute_limit"
    # that many never fit: waiting helps nobody
    limits.check_room(61, "PUT", ENTRIES)
    limits.check_room(56, "POST", ENTRIES)


def test_some_calls_of_a_minute_are_kept_from_a_post(limits, clock):
    """What was begun can be read back in the same minute."""
    limits.after("GET", ENTRIES, 200, headers(clock, day=4000, minute=6))
    assert may(limits, "POST") is None
    assert may(limits, "POST").code == "minute_limit"
    for _call in range(5):
        assert may(limits, "GET") is None
    assert may(limits, "GET").code == "minute_limit"


@pytest.mark.parametrize(
    ("method", "entity", "sent"),
    [
        ("POST", ENTRIES, False),
        ("GET", TERMS, False),
        ("GET", "bulk/CRM/Accounts", False),
        ("GET", ENTRIES, True),
        ("PUT", ENTRIES, True),
        ("DELETE", ENTRIES, True),
    ],
)
def test_reserve_of_the_day(limits, clock, method, entity, sent):
    limits.after("GET", ENTRIES, 200, headers(clock, day=100, minute=50))
    error = may(limits, method, entity)
    assert (error is None) is sent
    if error:
        assert (error.code, error.not_before) == ("daily_limit", MIDNIGHT)


def test_reserve_is_used_up_too(limits, clock):
    limits.after("GET", ENTRIES, 200, headers(clock, day=1, minute=50))
    assert may(limits, "GET") is None
    assert may(limits, "GET").code == "daily_limit"
    clock.forward(13 * 3600)
    assert may(limits, "POST") is None


def test_reserve_of_a_small_quota(limits, clock):
    limits.after("GET", ENTRIES, 200, headers(clock, day=11, minute=50, day_limit="100"))
    assert may(limits, "POST") is None
    assert may(limits, "POST").code == "daily_limit"


def test_what_is_left_outlives_the_client(budget, limits, clock):
    limits.after("GET", ENTRIES, 200, headers(clock, day=4000, minute=0))
    assert may(Limits(budget, "500001", clock), "GET").code == "minute_limit"
    assert may(Limits(budget, "500002", clock), "GET") is None
    assert may(Limits(budget, "", clock), "GET") is None


# 429


def refused(limits, found):
    with pytest.raises(LimitReachedError) as caught:
        limits.after("POST", ENTRIES, 429, found)
    return caught.value.code, caught.value.not_before


def test_429_of_the_minute(limits, clock):
    clock.forward(20)
    found = headers(clock, minute=0)
    assert refused(limits, found) == ("minute_limit", datetime(2026, 3, 10, 11, 1))
    assert may(limits, "GET").code == "minute_limit"


def test_429_of_the_day(limits, clock):
    assert refused(limits, headers(clock, day=0)) == ("daily_limit", MIDNIGHT)
    clock.forward(3600)
    assert may(limits, "GET").code == "daily_limit"


def test_429_with_both(limits, clock):
    assert refused(limits, headers(clock, day=0, minute=58)) == ("daily_limit", MIDNIGHT)


def test_429_without_headers_waits_a_minute(limits, clock):
    assert refused(limits, {}) == ("minute_limit", datetime(2026, 3, 10, 11, 1))
    assert may(limits, "GET").not_before == datetime(2026, 3, 10, 11, 1)
    clock.forward(60)
    assert may(limits, "GET") is None


def test_429_of_the_day_without_its_reset(limits):
    found = CaseInsensitiveDict({"X-RateLimit-Remaining": "0"})
    assert refused(limits, found) == ("daily_limit", MIDNIGHT)


def test_429_with_a_reset_that_is_past(limits, clock):
    found = CaseInsensitiveDict(
        {"X-RateLimit-Minutely-Remaining": "0", "X-RateLimit-Minutely-Reset": "1"}
    )
    code, not_before = refused(limits, found)
    assert (code, not_before) == ("minute_limit", datetime(2026, 3, 10, 11, 0, 1))


@pytest.mark.parametrize("reset", ["", "soon", "-5", "1e9", "9" * 40, "²"])
def test_reset_that_is_none(limits, reset):
    found = CaseInsensitiveDict(
        {"X-RateLimit-Minutely-Remaining": "0", "X-RateLimit-Minutely-Reset": reset}
    )
    assert refused(limits, found) == ("minute_limit", datetime(2026, 3, 10, 11, 1))


def test_clock_that_is_wrong_does_not_stop_for_good(limits):
    found = CaseInsensitiveDict(
        {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": milliseconds(NOON.replace(year=2030))}
    )
    code, not_before = refused(limits, found)
    assert (code, not_before) == ("daily_limit", datetime(2026, 3, 11, 12))


def test_senseless_headers_of_a_success_say_nothing(limits):
    found = CaseInsensitiveDict(
        {"X-RateLimit-Minutely-Remaining": "", "X-RateLimit-Minutely-Reset": "1"}
    )
    limits.after("GET", ENTRIES, 200, found)
    assert may(limits, "POST") is None


# Errors of an endpoint


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_eight_errors_within_an_hour(limits, clock, status):
    for _error in range(8):
        assert may(limits, "POST") is None
        limits.after("POST", ENTRIES, status, {})
        clock.forward(60)
    error = may(limits, "POST")
    assert error.code == "error_budget"
    assert error.values["entity"] == ENTRIES
    assert error.not_before == datetime(2026, 3, 10, 12, 0)
    assert may(limits, "GET").code == "error_budget"
    assert may(limits, "GET", "crm/Accounts") is None
    # one may follow when the oldest is an hour old
    clock.moment = NOON + timedelta(hours=1)
    assert may(limits, "POST") is None
    limits.after("POST", ENTRIES, status, {})
    assert may(limits, "POST").not_before == datetime(2026, 3, 10, 12, 1)


@pytest.mark.parametrize("status", [200, 201, 204, 500, 503])
def test_what_exact_does_not_count(limits, status):
    for _answer in range(20):
        limits.after("POST", ENTRIES, status, {})
    assert may(limits, "POST") is None


def test_errors_outlive_the_client(budget, limits, clock):
    for _error in range(8):
        limits.after("POST", ENTRIES, 400, {})
    assert may(Limits(budget, "500001", clock), "POST").code == "error_budget"


def test_what_is_remembered_stays_small(budget, limits, clock):
    for number in range(200):
        limits.after("POST", f"crm/Entity{number}", 400, {})
        limits.after("POST", ENTRIES, 400, {})
    assert len(budget.known["exact limits 500001"]["errors"][ENTRIES]) == 16
    clock.forward(3600)
    limits.before("POST", ENTRIES)
    assert budget.known["exact limits 500001"] == {"errors": {}}
