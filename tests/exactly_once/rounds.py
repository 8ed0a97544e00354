"""What goes wrong on the way to any receiver: workers die at every step, two of them work at once,
a copy of the database works too. A module beside this one has what a channel adds."""

import os
import signal
import time
from collections import Counter
from contextlib import suppress
from importlib import import_module

from tests.exactly_once.workers import die_at_commit, fork, wait_for, work_a_little

CHANNELS = "odoo.addons.accountable_connect.api.channels"


def die_at(module: str, name: str, place: str, skip: int = 0) -> None:
    """Kill this process before or after its so manieth call of a function, or of a method
    (``Class.method``), of a module of the channels."""
    owner = import_module(f"{CHANNELS}.{module}")
    *classes, name = name.split(".")
    for one in classes:
        owner = getattr(owner, one)
    done, seen = getattr(owner, name), [0]

    def dying(*arguments, **options):
        seen[0] += 1
        if place == "before" and seen[0] > skip:
            os.kill(os.getpid(), signal.SIGKILL)
        result = done(*arguments, **options)
        if place == "after" and seen[0] > skip:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, dying)


class Rounds:
    """Chooses what goes wrong, and does it. ``module`` and ``channel`` are those of the channel;
    ``of_receiver`` are kinds that only some receivers have; ``documents``: so many at most are new
    to a worker."""

    module: str
    channel: str
    of_receiver: tuple[str, ...] = ()
    documents = 2

    def __init__(self, receiver, original, copy, dice):
        self.receiver, self.original, self.copy, self.dice = receiver, original, copy, dice
        self.counts: Counter = Counter()
        self.deck: list[str] = []

    def kinds(self):
        kinds = [name.removeprefix("fault_") for name in dir(self) if name.startswith("fault_")]
        return [
            kind for kind in kinds if kind not in self.of_receiver or kind in self.receiver.faults
        ]

    def round(self):
        """Each kind comes once before any comes again."""
        if not self.deck:
            self.deck = self.kinds()
            self.dice.shuffle(self.deck)
        kind = self.deck.pop()
        self.counts[kind] += 1
        wait_for(getattr(self, f"fault_{kind}")())
        self.receiver.mend()
        self.receive()
        self.receiver.look_after(self.original)

    def receive(self):
        """The receiver takes files now and then; absent never means not delivered."""
        if self.dice.random() < 0.7:
            self.receiver.receive()

    def dying(self, how, *arguments):
        """A worker that dies."""

        def dying_work():
            how(*arguments)
            work_a_little(self.original)

        return [fork(dying_work)]

    def dying_at(self, step: str, place: str):
        """One that dies before or after a step of its channel."""
        return self.dying(die_at, self.module, f"{self.channel}.{step}", place)

    def spoiled(self, kind, **values):
        """A worker while the receiver has this fault."""
        try:
            self.receiver.spoil(kind, **values)
        except ValueError:
            self.counts[f"{kind} is not possible here"] += 1
        return self.fault_none()

    def fault_none(self):
        return [fork(work_a_little, self.original)]

    def fault_two_workers(self):
        return [fork(work_a_little, self.original), fork(work_a_little, self.original)]

    def fault_copy(self):
        """The copied database works as if it were the first."""
        return [fork(work_a_little, self.copy)]

    def fault_copy_beside(self):
        return [fork(work_a_little, self.copy), fork(work_a_little, self.original)]

    def fault_killed_any_moment(self):
        [pid] = self.fault_none()
        time.sleep(self.dice.uniform(0.02, 0.6))
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return [pid]

    def fault_killed_before_commit(self):
        """Among others before the batch closed."""
        return self.dying(die_at_commit, "before", self.dice.randrange(12))

    def fault_killed_after_commit(self):
        return self.dying(die_at_commit, "after", self.dice.randrange(12))

    def fault_killed_before_writing(self):
        return self.dying_at("write", "before")

    def fault_killed_after_writing(self):
        return self.dying_at("write", "after")

    def fault_killed_before_publishing(self):
        return self.dying_at("publish", "before")

    def fault_killed_after_publishing(self):
        return self.dying_at("publish", "after")
