"""What clients keep in mind, with a made-up package: limits, creates in flight, announced look-ups
and codes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from odoo.addons.accountable_connect.api.announced_look_ups import FRESH, AnnouncedLookUps
from odoo.addons.accountable_connect.api.code_book import CodeBook
from odoo.addons.accountable_connect.api.creates_in_flight import CreatesInFlight
from odoo.addons.accountable_connect.api.errors import (
    ConfigurationMissingError,
    LimitReachedError,
    MayArriveError,
    OutcomeUnknownError,
)
from odoo.addons.accountable_connect.api.http.call_limits import CallLimits, Quota
from odoo.addons.accountable_connect.documents import LEDGER_ACCOUNT, PERIOD, MasterItem

from .memory_stores import MemoryBudget

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.moment = NOON

    def __call__(self):
        return self.moment


@pytest.fixture
def clock():
    return Clock()


# Limits


class LedgerLimits(CallLimits):
    package = "Ledger"
    quotas = (
        Quota(
            span="hour",
            prefix="X-Hour-",
            code="hourly_limit",
            furthest=timedelta(hours=2),
            next_reset=lambda now: now + timedelta(hours=1),
        ),
    )
    error_statuses = frozenset({400})
    errors_an_hour = 2

    def kept_back(self, span, limit, method, entity):
        return 1 if method == "POST" else 0


def headers(left, minutes=30):
    reset = (NOON + timedelta(minutes=minutes)).timestamp()
    return {"X-Hour-Remaining": str(left), "X-Hour-Reset": str(int(reset * 1000))}


def may(limits, method="GET", entity="entries"):
    try:
        limits.before(method, entity)
    except LimitReachedError as error:
        return error.code, error.not_before, error.whole
    return None


def test_quota_is_counted_down_and_outlives_the_client(clock):
    budget = MemoryBudget()
    limits = LedgerLimits(budget, "ledger 1", clock)
    assert may(limits, "POST") is None
    limits.after("POST", "entries", 200, headers(2))
    assert may(limits) is None
    again = LedgerLimits(budget, "ledger 1", clock)
    until = datetime(2026, 3, 10, 12, 30)
    # the last one is not given to a write
    assert may(again, "POST") == ("hourly_limit", until, True)
    assert may(again) is None
    assert may(again) == ("hourly_limit", until, True)
    clock.moment += timedelta(minutes=30)
    assert may(again) is None
    assert may(LedgerLimits(budget, "ledger 2", clock)) is None


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ({}, datetime(2026, 3, 10, 13)),
        (headers(0), datetime(2026, 3, 10, 12, 30)),
        (headers(0, minutes=600), datetime(2026, 3, 10, 14)),
        (headers(0, minutes=-5), datetime(2026, 3, 10, 12, 0, 1)),
    ],
)
def test_refused_for_the_limit(clock, said, until):
    limits = LedgerLimits(MemoryBudget(), "ledger 1", clock)
    with pytest.raises(LimitReachedError) as caught:
        limits.after("GET", "entries", 429, said)
    assert caught.value.not_before == until


def test_room_for_what_belongs_together(clock):
    limits = LedgerLimits(MemoryBudget(), "ledger 1", clock)
    limits.after("GET", "entries", 200, {**headers(5), "X-Hour-Limit": "10"})
    limits.check_room(4, "POST", "entries")
    with pytest.raises(LimitReachedError):
        limits.check_room(5, "POST", "entries")
    # it would not fit after the reset either
    limits.check_room(10, "POST", "entries")


def test_refusals_of_one_operation(clock):
    limits = LedgerLimits(MemoryBudget(), "ledger 1", clock)
    for _time in range(2):
        assert may(limits) is None
        limits.after("GET", "entries", 400, {})
    assert may(limits) == ("error_budget", datetime(2026, 3, 10, 13), False)
    assert may(limits, entity="parties") is None
    clock.moment += timedelta(hours=1)
    assert may(limits) is None


# Creates in flight


class CreatingClient:
    def __init__(self, budget, clock):
        self.now = clock
        self.recall = lambda name: budget.recall(name) or {}
        self.remember = budget.remember
        self.lost = False
        self.made = 0

    def post(self, entity, body, *, values=None):
        self.made += 1
        if self.lost:
            raise OutcomeUnknownError("no answer")
        return {"ID": 1, **body}


def test_create_whose_answer_was_lost(clock):
    budget = MemoryBudget()
    client = CreatingClient(budget, clock)
    creates = CreatesInFlight(client, "Ledger")
    assert creates.post("7", "parties", {"name": "A"}) == {"ID": 1, "name": "A"}
    client.lost = True
    with pytest.raises(OutcomeUnknownError):
        creates.post("8", "parties", {})
    client.lost = False
    # another run begins at once; others go on
    creates = CreatesInFlight(CreatingClient(budget, clock), "Ledger")
    with pytest.raises(MayArriveError) as caught:
        creates.post("8", "parties", {})
    assert caught.value.not_before == datetime(2026, 3, 10, 12, 10)
    creates.post("9", "parties", {})
    creates.post("8", "persons", {})
    clock.moment += timedelta(minutes=10)
    creates.post("8", "parties", {})
    assert creates.client.made == 3


def test_one_look_is_not_enough(clock):
    client = CreatingClient(MemoryBudget(), clock)
    creates = CreatesInFlight(client, "Ledger")
    client.lost = True
    with pytest.raises(OutcomeUnknownError):
        creates.post("8", "parties", {})
    client.lost = False
    clock.moment += timedelta(minutes=30)
    with pytest.raises(MayArriveError) as caught:
        creates.post("8", "parties", {})
    assert caught.value.not_before == datetime(2026, 3, 10, 12, 31)
    creates.post("8", "parties", {})
    assert client.made == 2


def test_create_that_arrived(clock):
    client = CreatingClient(MemoryBudget(), clock)
    creates = CreatesInFlight(client, "Ledger")
    client.lost = True
    with pytest.raises(OutcomeUnknownError):
        creates.post("8", "parties", {})
    creates.arrived("8", "parties")
    creates.check("8", "parties")


# Announced look-ups


class Asked:
    """Questions are (journal, number); three of one journal go together."""

    def __init__(self, clock):
        self.calls = []
        self.look_ups = AnnouncedLookUps(self.ask, self.fit, clock)

    def ask(self, questions):
        self.calls.append([number for _journal, number in questions])
        return [f"{journal}{number}" for journal, number in questions]

    @staticmethod
    def fit(questions):
        return len(questions) <= 3 and len({journal for journal, _number in questions}) == 1


def test_announced_ones_are_asked_together(clock):
    asked = Asked(clock)
    questions = [("V", 1), ("V", 2), ("V", 3), ("V", 4), ("A", 5)]
    asked.look_ups.announce(questions)
    assert [asked.look_ups.answer(one) for one in questions] == ["V1", "V2", "V3", "V4", "A5"]
    assert asked.calls == [[1, 2, 3], [4], [5]]


def test_one_that_was_not_announced(clock):
    asked = Asked(clock)
    asked.look_ups.announce([("V", 1), ("V", 2)])
    assert asked.look_ups.answer(("V", 9)) == "V9"
    # those before the one that is asked are passed over
    assert asked.look_ups.answer(("V", 2)) == "V2"
    assert asked.calls == [[9], [2]]


@pytest.mark.parametrize("why", ["again", "late", "clock put back", "announced anew"])
def test_answer_is_given_once_while_it_is_fresh(clock, why):
    asked = Asked(clock)
    asked.look_ups.announce([("V", 1), ("V", 2)])
    asked.look_ups.answer(("V", 1))
    if why == "again":
        asked.look_ups.answer(("V", 2))
    elif why == "late":
        clock.moment += FRESH + timedelta(seconds=1)
    elif why == "clock put back":
        clock.moment -= timedelta(seconds=1)
    else:
        asked.look_ups.announce(())
    assert asked.look_ups.answer(("V", 2)) == "V2"
    assert asked.calls == [[1, 2], [2]]


# Codes


class LedgerCodes(CodeBook):
    package = "Ledger"
    id_name = "uuid"


def account(code, active=True, **details):
    return MasterItem(kind=LEDGER_ACCOUNT, code=code, name=code, details=details, active=active)


def period(first, last):
    details = {"date_from": first, "date_to": last}
    return MasterItem(kind=PERIOD, code=first, name=first, details=details)


def test_codes():
    codes = LedgerCodes([account("700", uuid="u1"), account("701", active=False)])
    assert codes.details(LEDGER_ACCOUNT, "700") == {"uuid": "u1"}
    assert codes.details(LEDGER_ACCOUNT, "999") == {}
    assert codes.by_id(LEDGER_ACCOUNT, "u1") == {"uuid": "u1", "code": "700"}
    assert codes.by_id(PERIOD, "u1") == {}
    codes.learn_missing([account("700", uuid="u9"), account("702")])
    assert codes.details(LEDGER_ACCOUNT, "700") == {"uuid": "u1"}
    codes.learn([account("700", uuid="u2")])
    assert [item.code for item in codes.items(LEDGER_ACCOUNT)] == ["700", "701", "702"]
    assert codes.demand(LEDGER_ACCOUNT, "700", "unknown", "account") == {"uuid": "u2"}
    for code in ("701", "999"):
        with pytest.raises(ConfigurationMissingError) as caught:
            codes.demand(LEDGER_ACCOUNT, code, "unknown", "account", document="V1")
        assert caught.value.code == "unknown"
        assert caught.value.values == {"account": code, "document": "V1"}


def test_codes_are_read_when_one_is_asked_for():
    """A run that sends nothing asks for none; newer ones count more than what was read before."""
    read = []

    def stored():
        read.append("all")
        yield from [account("700", uuid="u1"), account("701", uuid="u2")]

    codes = LedgerCodes(stored())
    assert not read
    codes.learn([account("700", uuid="u9")])
    assert codes.details(LEDGER_ACCOUNT, "700") == {"uuid": "u9"}
    assert codes.by_id(LEDGER_ACCOUNT, "u2") == {"uuid": "u2", "code": "701"}
    assert read == ["all"]
    assert LedgerCodes(stored()).by_id(LEDGER_ACCOUNT, "u1") == {"uuid": "u1", "code": "700"}


def test_shortest_period():
    codes = LedgerCodes([period("2026-01-01", "2026-12-31"), period("2026-03-01", "2026-03-31")])
    assert codes.period_of(date(2026, 3, 31))["date_from"] == "2026-03-01"
    assert codes.period_of(date(2026, 4, 1))["date_from"] == "2026-01-01"
    assert codes.period_of(date(2027, 1, 1)) == {}
