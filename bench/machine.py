"""On what machine the benchmarks ran, and what else it did meanwhile."""

import os
import platform
from pathlib import Path

import psutil
import psycopg2

from tooling.odoo_source import SERIES


def load() -> float:
    """Processes that ran or wanted to, on average of the last minute."""
    return os.getloadavg()[0]


def loaded(begin: float, end: float) -> str:
    """The load at both ends of a run, in words."""
    return f"Load average of the last minute: {begin:.1f} when it began, {end:.1f} at its end."


def described(odoo) -> str:
    """The machine and what runs on it, in a line of words."""
    with psycopg2.connect(odoo.cluster.connection_string("postgres")) as connection:
        postgres = connection.server_version // 10_000
    return (
        f"{_processor()}, {len(os.sched_getaffinity(0))} cores, "
        f"{psutil.virtual_memory().total / 2**30:.0f} GB; Python {platform.python_version()}, "
        f"PostgreSQL {postgres}, Odoo {SERIES} ({odoo.source.origin})."
    )


def _processor() -> str:
    """The model of the processor as the system names it."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _colon, value = line.partition(":")
        if name.strip() == "model name":
            return " ".join(value.split())
    return platform.processor() or platform.machine()
