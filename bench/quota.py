"""How long a package's real limits make a thousand documents wait, with a clock of our own.

Nothing sleeps: the sandbox's clock stands still and moves together with the engine's. A worker
looks for work every minute, as Odoo's does; calls themselves take no time.
"""

from datetime import UTC, datetime, timedelta

import requests
from odoo import fields

from bench.filling import fill_queue

DOCUMENTS = 1_000
PORTION = 100
POLL = timedelta(minutes=1)
LONGEST = timedelta(days=2)


class VirtualClock:
    """The moment that engine, client and sandbox take for now; naive UTC. Never goes back to real
    time: a process does one task."""

    def __init__(self, bench, moment: datetime):
        self.bench = bench
        self.set(moment)
        fields.Datetime.now = staticmethod(lambda *_arguments: self.moment)
        bench.package.use_clock(lambda: self.moment.replace(tzinfo=UTC))

    def set(self, moment: datetime) -> None:
        self.moment = moment
        self.bench.control.post("clock", now=moment.isoformat())


class Refused:
    """Counts the calls that got a 429."""

    def __init__(self):
        self.count = 0
        send = requests.Session.send

        def counting(session, request, **options):
            answer = send(session, request, **options)
            self.count += answer.status_code == 429
            return answer

        requests.Session.send = counting


def main(bench):
    """Minutes, calls and refused calls for a thousand documents of each kind, each on a day of its
    own; nothing for a package without such limits."""
    if not bench.package.real_limits:
        return {}
    tomorrow = datetime.now(UTC).replace(tzinfo=None, hour=6, minute=0, second=20, microsecond=0)
    clock, refused, result = VirtualClock(bench, tomorrow + timedelta(days=1)), Refused(), {}
    for kind in ("invoices", "bills"):
        if kind == "invoices":
            fill_queue(bench, DOCUMENTS)
        else:
            for _portion in range(DOCUMENTS // PORTION):
                bench.post(bench.draft(kind, PORTION))
        before = refused.count
        bench.control.post("switches", **bench.package.real_limits)
        with bench.control.counted() as made:
            took = _work_off(bench, clock)
        bench.package.lift_limits(bench.control)
        bench.refuse_left()
        result[kind] = {
            "documents": DOCUMENTS,
            "minutes": took.total_seconds() / 60,
            "calls": sum(made.values()),
            "refused": refused.count - before,
        }
        clock.set(clock.moment + timedelta(days=1))
    return result


def _work_off(bench, clock) -> timedelta:
    """The virtual time until nothing waits any more."""
    begun = clock.moment
    while True:
        if not _waits(bench, clock.moment):
            bench.run_once()
        if not bench.left():
            return clock.moment - begun
        if clock.moment - begun > LONGEST:
            raise RuntimeError(f"{bench.left()} jobs still wait after {LONGEST}")
        clock.set(clock.moment + POLL)


def _waits(bench, moment) -> bool:
    with bench.transaction() as company:
        until = company.connection.wait_until
        return bool(until and until > moment)
