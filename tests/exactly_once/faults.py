"""What can go wrong with every package, and the books afterwards; a package adds its own."""

import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass

from tests.exactly_once import people
from tests.exactly_once.workers import (
    Database,
    die_at_commit,
    die_at_request,
    fork,
    wait_for,
    work_a_little,
)
from tooling.packages.control import Control

# Seconds: how late a call is done at most, and after which nothing comes any more.
LATEST = 590
SETTLED = 660


@dataclass(frozen=True)
class Stored:
    """A booking in the administration. ``reference`` is the mark by which one of ours knows
    itself, "" when a person booked it; ``text`` begins with the number of the document."""

    key: str
    reference: str
    text: str
    amount: str


class Faults:
    """Chooses what goes wrong in a round, and does it."""

    package = None
    # A fault run sends a document or two; so many of each database there are for every round.
    documents_per_round = 0.5
    # Whether the numbers of bookings are given by us, a sign-in is a chain of tokens, and documents
    # change after they were booked.
    numbers_are_ours = False
    has_token_chain = False
    changes_documents = False
    # The calls of which one may be done late: bookings, and any that write.
    bookings = ""
    writes = ""
    # Where vendor bills and files go with the invoices (``company.Bills``), None without.
    bills = None

    def __init__(self, control: Control, databases: list[Database], schedule: random.Random):
        self.control = control
        self.databases = databases
        self.schedule = schedule
        self.dice = schedule
        self.deck: list[str] = []
        self.kind = ""
        self.counts: Counter = Counter()
        self.by_hand = 0

    @classmethod
    def kinds(cls) -> list[str]:
        """Names of everything that can go wrong."""
        return [name.removeprefix("fault_") for name in dir(cls) if name.startswith("fault_")]

    def round(self) -> None:
        """One fault run; each kind comes once before any comes again. What a round draws has no
        influence on the next ones: how much it is depends on the moment."""
        if not self.deck:
            self.deck = self.kinds()
            self.schedule.shuffle(self.deck)
        self.dice = random.Random(self.schedule.getrandbits(64))
        self.kind = self.deck.pop()
        self.counts[self.kind] += 1
        workers = getattr(self, f"fault_{self.kind}")(self.dice.choice(self.databases))
        wait_for(workers)
        self.control.forget_faults()
        self.recover()
        self.settle()

    def recover(self) -> None:
        """What people do after a fault, before the next one."""
        for database in self.databases:
            if database.is_lost():
                people.press_reconnect(database)

    def begin_second_half(self) -> None:
        """From here on the service does otherwise what its vendor leaves open."""

    def settle(self) -> None:
        """Where the outcome of something is not known, or a call is done late, so much time passes
        on both sides that it is."""
        if self.control.get("state")["late"] or any(each.is_unsure() for each in self.databases):
            self.pass_time(SETTLED)

    def pass_time(self, seconds: float) -> None:
        """Time passes for the service and for every database."""
        self.control.post("clock", advance=seconds)
        for database in self.databases:
            database.pass_time(seconds)

    def order(self, kind: str, call: str, **values) -> None:
        """Order a fault for one of the next calls that match."""
        raise NotImplementedError

    def stored(self) -> list[Stored]:
        """The bookings of the administration in the journals of this test."""
        raise NotImplementedError

    def checks(self) -> dict:
        """What else the package has to tell in the report."""
        return {}

    def fault_two_workers(self, database):
        return [fork(work_a_little, database), fork(work_a_little, database)]

    def fault_two_databases(self, _database):
        return [fork(work_a_little, each) for each in self.databases]

    def fault_killed_any_moment(self, database):
        pid = fork(work_a_little, database)
        time.sleep(self.dice.uniform(0.01, 0.25))
        os.kill(pid, signal.SIGKILL)
        return [pid]

    def fault_killed_at_request(self, database):
        return [self._dying(database, die_at_request)]

    def fault_killed_at_commit(self, database):
        return [self._dying(database, die_at_commit)]

    def fault_late(self, database):
        """A booking is done after the connection broke; nobody asks before."""
        return self._late(database, self.bookings, press_retry=False)

    def fault_late_and_retry(self, database):
        """A person presses Retry meanwhile."""
        return self._late(database, self.bookings, press_retry=True)

    def fault_late_write(self, database):
        """Any other write: contacts, files, changes, removals."""
        return self._late(database, self.writes, press_retry=False)

    def fault_late_write_and_retry(self, database):
        return self._late(database, self.writes, press_retry=True)

    def _late(self, database, call, press_retry):
        seconds = self.dice.randrange(1, LATEST)
        self.order("late", call, seconds=seconds)
        wait_for([fork(work_a_little, database)])
        if press_retry:
            wait_for([fork(people.retry, database), fork(work_a_little, database)])
        self.pass_time(self.dice.choice((seconds / 2, seconds + 1)))
        if press_retry:
            people.retry(database)
        return [fork(work_a_little, database)]

    def _dying(self, database, how):
        place, skip = self.dice.choice(("before", "after")), self.dice.randrange(9)

        def dying_work():
            how(place, skip)
            work_a_little(database)

        return fork(dying_work)
