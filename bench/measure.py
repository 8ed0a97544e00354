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
from dataclasses import dataclass


@dataclass
class Figures:
    """Processor seconds, number of queries."""

    cpu: float = 0.0
    queries: float = 0

    def shared_by(self, count: int) -> "Figures":
        """What each of so many cost."""
        return Figures(self.cpu / count, self.queries / count)


@contextmanager
def measured():
    """Yields ``Figures`` that are filled in at the end. Rubbish of before is collected first, so
    that a collection in between is the measured code's own."""
    thread = threading.current_thread()
    gc.collect()
    figures = Figures()
    thread.query_count = thread.query_time = 0
    thread.perf_t0 = time.time()
    begun = time.process_time()
    try:
        yield figures
    finally:
        figures.cpu = time.process_time() - begun
        figures.queries = thread.query_count


def typical(many):
    """The lowest processor time of several ``Figures``, because what else the machine does only
    ever adds to it, and the median of the queries."""
    return Figures(min(each.cpu for each in many), statistics.median(each.queries for each in many))


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
