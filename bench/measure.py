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

import requests
from odoo import SUPERUSER_ID, api

TIMEOUT = 30


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
    return Figures(min(each.cpu for each in many),
                   statistics.median(each.queries for each in many))


@contextmanager
def transaction(env):
    """A new environment, as every request and every run of a cron has; commits."""
    with env.registry.cursor() as cursor:
        yield api.Environment(cursor, SUPERUSER_ID, {})


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


class Sandbox:
    """The control endpoint of the sandbox."""

    def __init__(self, root: str):
        self.root = root.rstrip("/") + "/sandbox/control"
        self.http = requests.Session()
        self.http.trust_env = False

    def post(self, path: str, **values):
        return self._answer(self.http.post(f"{self.root}/{path}", json=values, timeout=TIMEOUT))

    def get(self, path: str):
        return self._answer(self.http.get(f"{self.root}/{path}", timeout=TIMEOUT))

    def calls(self) -> dict[str, int]:
        """Calls that arrived so far, by operation."""
        return self.get("calls")["total"]

    @contextmanager
    def counted(self):
        """Yields a dictionary that is filled in at the end: calls by operation."""
        before, made = self.calls(), {}
        try:
            yield made
        finally:
            for operation, number in self.calls().items():
                if number > before.get(operation, 0):
                    made[operation] = number - before.get(operation, 0)

    def _answer(self, answer):
        answer.raise_for_status()
        return answer.json() if answer.content else None
