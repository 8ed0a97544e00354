"""The quota with its headers, and the block after too many errors."""

from __future__ import annotations

import datetime as dt

import pytest

from sandbox.exact.errors import Refusal
from sandbox.exact.limits import Limits, milliseconds
from sandbox.kit.clock import Clock
from sandbox.kit.storage import Store

START = dt.datetime(2026, 3, 5, 11, 15, 10, tzinfo=dt.UTC)
DAILY = ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"]
MINUTELY = [name.replace("Limit-", "Limit-Minutely-", 1) for name in DAILY]
PLACE = ("app", "accountant", 500001, "salesentry/SalesEntries")


@pytest.fixture
def limits():
    store = Store()
    clock = Clock(store)
    clock.set(START)
    switches = {
        "rate_limits": True,
        "calls_per_minute": 60,
        "calls_per_day": 5000,
        "error_velocity": True,
    }
    yield Limits(store, clock, switches)
    store.close()


def call(limits, times=1, app="app", division=500001):
    for _time in range(times):
        headers = limits.count(app, division, "GET crm/Accounts")
    return headers


def refused(work, status):
    with pytest.raises(Refusal) as refusal:
        work()
    assert refusal.value.status == status
    return refusal.value


def test_the_six_headers(limits):
    assert call(limits, 3) == {
        "X-RateLimit-Limit": "5000",
        "X-RateLimit-Remaining": "4997",
        "X-RateLimit-Reset": str(milliseconds(dt.datetime(2026, 3, 6, tzinfo=dt.UTC))),
        "X-RateLimit-Minutely-Limit": "60",
        "X-RateLimit-Minutely-Remaining": "57",
        "X-RateLimit-Minutely-Reset": str(milliseconds(START.replace(minute=16, second=0))),
    }
    assert limits.headers("app", 500001)["X-RateLimit-Remaining"] == "4997"
    assert milliseconds(dt.datetime(2026, 3, 6, tzinfo=dt.UTC)) == 1772755200000


def test_beyond_the_minute(limits):
    call(limits, 60)
    refusal = refused(lambda: call(limits), 429)
    assert list(refusal.headers) == MINUTELY
    assert refusal.headers["X-RateLimit-Minutely-Remaining"] == "0"
    assert refusal.body is None
    limits.clock.advance(49)
    refused(lambda: call(limits), 429)
    limits.clock.advance(1)
    assert call(limits)["X-RateLimit-Remaining"] == "4939", "a refused call does not count"


def test_beyond_the_day(limits):
    limits.switches["calls_per_minute"] = 10**6
    limits.switches["calls_per_day"] = 70
    call(limits, 70)
    refusal = refused(lambda: call(limits), 429)
    assert list(refusal.headers) == DAILY
    assert refusal.headers["X-RateLimit-Remaining"] == "0"
    limits.clock.set(dt.datetime(2026, 3, 5, 23, 59, 59))
    refused(lambda: call(limits), 429)
    limits.clock.advance(1)
    assert call(limits)["X-RateLimit-Remaining"] == "69"


def test_the_day_goes_before_the_minute(limits):
    limits.switches["calls_per_day"] = 60
    call(limits, 60)
    assert list(refused(lambda: call(limits), 429).headers) == DAILY


def test_apps_and_divisions_have_a_quota_each(limits):
    call(limits, 60)
    assert call(limits, division=500002)["X-RateLimit-Remaining"] == "4999"
    assert call(limits, app="other")["X-RateLimit-Minutely-Remaining"] == "59"


def test_the_quota_switched_off_is_counted_but_never_used_up(limits):
    limits.switches["rate_limits"] = False
    assert call(limits, 50)["X-RateLimit-Minutely-Remaining"] == "10"
    assert call(limits, 11)["X-RateLimit-Minutely-Remaining"] == "1"
    assert limits.calls() == {"GET crm/Accounts": 61}
    limits.forget()
    assert limits.calls() == {}
    assert call(limits)["X-RateLimit-Minutely-Remaining"] == "59"


def test_the_count_outlives_a_restart(tmp_path):
    path = str(tmp_path / "state")
    switches = {"rate_limits": True, "calls_per_minute": 60, "calls_per_day": 5000}
    for remaining in ("59", "58"):
        store = Store(path)
        clock = Clock(store)
        clock.set(START)
        headers = Limits(store, clock, switches).count("app", 500001, "x")
        assert headers["X-RateLimit-Minutely-Remaining"] == remaining
        store.close()


def note(limits, times, status=400, place=PLACE):
    for _time in range(times):
        limits.note(*place, status)


def test_more_than_ten_errors_block_an_endpoint_for_an_hour(limits):
    for status in (400, 401, 403, 404):
        note(limits, 2, status)
    note(limits, 2)
    limits.check_errors(*PLACE)
    note(limits, 1)
    assert "blocked" in refused(lambda: limits.check_errors(*PLACE), 403).text
    for other in [
        ("other", *PLACE[1:]),
        ("app", "bookkeeper", *PLACE[2:]),
        (*PLACE[:2], 500002, PLACE[3]),
        (*PLACE[:3], "crm/Accounts"),
    ]:
        limits.check_errors(*other)
    note(limits, 30, 403)
    limits.clock.advance(3599)
    refused(lambda: limits.check_errors(*PLACE), 403)
    limits.clock.advance(1)
    limits.check_errors(*PLACE)


def test_errors_are_forgotten_after_an_hour(limits):
    note(limits, 10)
    limits.clock.advance(3600)
    note(limits, 10)
    limits.check_errors(*PLACE)


def test_other_answers_are_no_errors(limits):
    for status in (200, 201, 204, 405, 429, 500, 503):
        note(limits, 20, status)
    limits.check_errors(*PLACE)


def test_a_second_block_lasts_longer(limits):
    note(limits, 11)
    limits.clock.advance(3600)
    note(limits, 11)
    limits.clock.advance(7199)
    refused(lambda: limits.check_errors(*PLACE), 403)
    limits.clock.advance(1)
    limits.check_errors(*PLACE)


def test_the_block_can_be_switched_off_and_forgotten(limits):
    note(limits, 11)
    limits.switches["error_velocity"] = False
    limits.check_errors(*PLACE)
    limits.switches["error_velocity"] = True
    refused(lambda: limits.check_errors(*PLACE), 403)
    limits.forget()
    limits.check_errors(*PLACE)
