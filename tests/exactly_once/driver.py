"""Many ways to die: workers of two databases send documents to one sandbox while answers get lost,
workers are killed, services refuse, tokens expire and people book by hand.

Run as a process of its own with ``python -m tests.exactly_once.driver``; prints one JSON object.
The registries are loaded once and every worker is a fork of this process, so that a run costs some
tens of milliseconds instead of seconds.
"""

import argparse
import gc
import json
import random
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from importlib import import_module

from odoo.tools import config

from tests.exactly_once.faults import Faults
from tests.exactly_once.workers import Database, fork, wait_for, work
from tooling.packages.control import Control
from tooling.started_sandbox import start_sandbox


def finish(databases: list[Database], faults: Faults, limit: timedelta) -> None:
    """Work without faults until nothing is left, or the time is over."""
    end = datetime.now() + limit
    while datetime.now() < end:
        faults.recover()
        faults.settle()
        for database in databases:
            database.make_due()
            wait_for([fork(work, database, 10.0)])
        if not any(database.left() for database in databases):
            return


def compare(databases: list[Database], faults: Faults) -> dict:
    """What is missing, twice, or elsewhere than our database believes."""
    rows = faults.stored()
    stored = {row.key: row for row in rows}
    report = {
        "bookings": len(rows),
        "by_hand": faults.by_hand,
        "missing": [],
        "elsewhere": [],
        "wrong_total": [],
        "jobs": {},
        "unsolved": [],
    }
    for database in databases:
        totals, bound = database.totals(), database.bound()
        report["missing"] += [
            f"{database.name} {name}" for name in totals if name not in bound.values()
        ]
        for key, name in bound.items():
            booking = stored.get(key)
            if booking is None or not booking.text.startswith(name):
                report["elsewhere"].append(f"{database.name} {name} {key}")
            elif name not in totals:
                report["elsewhere"].append(f"{database.name} {name} {key} was cancelled")
            elif booking.amount != totals[name]:
                report["wrong_total"].append(f"{database.name} {name}")
        report["jobs"][database.name] = dict(database.states())
        report["unsolved"] += database.unsolved()
    seen = Counter(row.reference for row in rows if row.reference)
    report["twice"] = [name for name, count in seen.items() if count > 1]
    report["ours"] = sum(seen.values())
    report["expected"] = sum(len(database.totals()) for database in databases)
    return report | faults.checks()


def mix(options: argparse.Namespace, faults: Faults) -> str:
    """What went wrong how often, and how to make it go wrong again."""
    counts = ", ".join(f"{kind} {number}" for kind, number in sorted(faults.counts.items()))
    return (
        f"{options.package}: {counts}\nFAULT_RUNS={options.rounds} FAULT_SEED={options.seed}"
        f" ./run test tests/exactly_once -k '[{options.package}]'"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--package", required=True)
    parser.add_argument("--database", action="append", required=True)
    parser.add_argument("--sandbox", help="root of a running sandbox; without it one is started")
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--documents", type=int, required=True, help="for each database")
    parser.add_argument("--seed", type=int, default=0, help="the same one makes the same faults")
    options = parser.parse_args()
    random.seed(options.seed)
    config.parse_config(["--log-level=error"], setup_logging=True)
    faults_class = import_module(f"tests.exactly_once.{options.package}").FAULTS
    control = Control(options.sandbox or start_sandbox(options.package))
    databases = [Database(name) for name in options.database]
    for position, database in enumerate(databases):
        database.prepare(
            faults_class.package,
            control.root,
            position * 1_000_000,
            options.documents,
            faults_class.bills,
        )
        database.warm_up()
    # what every worker shares with this process is not copied by its garbage collection
    gc.collect()
    gc.freeze()
    begun = time.monotonic()
    faults = faults_class(control, databases, random.Random(options.seed))
    try:
        for number in range(options.rounds):
            if number == options.rounds // 2:
                faults.begin_second_half()
            faults.round()
            for database in databases:
                database.make_due()
        rounds_took = time.monotonic() - begun
        left = sum(database.left() for database in databases)
        finish(databases, faults, timedelta(minutes=2))
        report = compare(databases, faults)
    except Exception:
        print(mix(options, faults), file=sys.stderr)
        raise
    report |= {
        "rounds": options.rounds,
        "faults": dict(faults.counts),
        "kinds": len(faults.kinds()),
        "left_after_faults": left,
        "seconds": round(rounds_took, 1),
        "mix": mix(options, faults),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
