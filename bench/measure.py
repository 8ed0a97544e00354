"""Processor time, SQL queries, calls and memory of what runs in this process.

The sandbox and PostgreSQL are other processes: their time is not in these figures, so the ratios
say little about the machine.
"""

import gc
import statistics
import threading
import time
import tracemalloc
from contextlib import contextmanager
from dataclasses import asdict, dataclass


@dataclass
class Figures:
    """Processor seconds, number of queries."""

    cpu: float = 0.0
    queries: float = 0

    def shared_by(self, count: int) -> "Figures":
        """What each of so many cost."""
        return Figures(self.cpu / count, self.queries / count)


def middle(many) -> Figures:
    """The medians of several ``Figures``."""
    return Figures(
        statistics.median(each.cpu for each in many),
        statistics.median(each.queries for each in many),
    )


@dataclass(frozen=True)
class Spread:
    """The median of several rounds, between which the middle half of them lies, and how many there
    were."""

    median: float
    low: float
    high: float
    rounds: int

    @classmethod
    def of(cls, values) -> "Spread":
        """The spread of one figure for each round; a single one has none."""
        values = list(values)
        if len(values) < 2:
            return cls(values[0], values[0], values[0], 1)
        low, median, high = statistics.quantiles(values, n=4, method="inclusive")
        return cls(median, low, high, len(values))

    @classmethod
    def of_ratios(cls, values, beside) -> "Spread":
        """The spread of values beside what was measured in the same rounds: what slows the machine
        down for a while meets both."""
        return cls.of(one / other for one, other in zip(values, beside, strict=True))

    def as_json(self) -> dict:
        """What ``Spread(**…)`` takes."""
        return asdict(self)

    @property
    def uncertainty(self) -> float:
        """By how much the median may be off: about its standard error, were the rounds normal."""
        return (self.high - self.low) / self.rounds**0.5


@contextmanager
def measured():
    """Yields ``Figures`` that are filled in at the end. Rubbish of before is collected first, and
    what is alive then is left out of later collections, so that one in between is the measured
    code's own and costs what that code made."""
    thread = threading.current_thread()
    gc.collect()
    gc.freeze()
    figures = Figures()
    thread.query_count = thread.query_time = 0
    thread.perf_t0 = time.time()
    begun = time.process_time()
    try:
        yield figures
    finally:
        figures.cpu = time.process_time() - begun
        figures.queries = thread.query_count
        gc.unfreeze()


@contextmanager
def allocated():
    """Counts what Python allocates; yields a list that afterwards holds the most bytes at once."""
    gc.collect()
    most = []
    tracemalloc.start()
    try:
        yield most
    finally:
        most.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
