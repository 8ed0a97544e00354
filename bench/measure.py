"""Processor time, SQL queries, calls and memory of what runs in this process; processor time of
PostgreSQL beside it. That of the sandbox, another process too, is in none of these figures.
"""

import gc
import statistics
import threading
import time
import tracemalloc
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil


@dataclass
class Figures:
    """Processor seconds of this process, number of queries, processor seconds of PostgreSQL, and
    seconds that went by."""

    cpu: float = 0.0
    queries: float = 0
    postgres: float = 0.0
    seconds: float = 0.0

    def shared_by(self, count: int) -> "Figures":
        """What each of so many cost."""
        return Figures(*(value / count for value in self.__dict__.values()))

    @property
    def both(self) -> float:
        """Processor seconds of this process and of PostgreSQL."""
        return self.cpu + self.postgres


def rounds(most: int, seconds: float = 20):
    """Numbers of so many rounds; no further one begins after so many seconds, so that what became
    slow is told and does not stop everything else."""
    begun = time.monotonic()
    for number in range(most):
        if number and time.monotonic() - begun > seconds:
            return
        yield number


def middle(many) -> Figures:
    """The medians of several ``Figures``."""
    each = zip(*(one.__dict__.values() for one in many), strict=True)
    return Figures(*map(statistics.median, each))


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

    def scaled(self, factor: float, offset: float = 0) -> "Spread":
        """The spread of ``factor * (value + offset)``; the factor is positive."""
        values = (factor * (value + offset) for value in (self.median, self.low, self.high))
        return Spread(*values, self.rounds)

    @property
    def uncertainty(self) -> float:
        """By how much the median may be off: about its standard error, were the rounds normal."""
        return (self.high - self.low) / self.rounds**0.5


class ProcessorTime:
    """Processor time of all processes of the PostgreSQL to which one of these belongs."""

    def __init__(self, backend: int):
        self.parent = psutil.Process(backend).parent()

    def seconds(self) -> float:
        """So far, of those that run."""
        return sum(map(_on_processor, self.parent.children())) / 1e9


def _on_processor(process: psutil.Process) -> int:
    """Nanoseconds; what the system tells of processor time itself comes in steps of ten million."""
    try:
        return int(Path(f"/proc/{process.pid}/schedstat").read_text().split()[0])
    except (FileNotFoundError, ProcessLookupError):
        return 0


@contextmanager
def measured(postgres: ProcessorTime):
    """Yields ``Figures`` that are filled in at the end. Rubbish of before is collected first, and
    what is alive then is left out of all later collections, so that one in between is the measured
    code's own and costs what that code made."""
    thread = threading.current_thread()
    gc.collect()
    gc.freeze()
    figures = Figures()
    thread.query_count = thread.query_time = 0
    thread.perf_t0 = time.time()
    there, clock, begun = postgres.seconds(), time.perf_counter(), time.process_time()
    try:
        yield figures
    finally:
        figures.cpu = time.process_time() - begun
        figures.seconds = time.perf_counter() - clock
        figures.postgres = postgres.seconds() - there
        figures.queries = thread.query_count


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
