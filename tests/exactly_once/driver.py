"""A thousand ways to die: workers of two databases send documents to one sandbox while answers get
lost, workers are killed, services refuse, tokens expire and people book by hand.

Run as a process of its own with ``python -m tests.exactly_once.driver``; prints one JSON object.
The registries are loaded once and every worker is a fork of this process, so that a run costs some
tens of milliseconds instead of seconds.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime, timedelta

import requests
from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry
from odoo.tools import config

from tooling.processes import end_with_parent

DOSSIER = "70123"
TIMEOUT = 20
# What a worker of a fault run sends at most: few documents, so that faults meet every step.
WORKER_DOCUMENTS = 2
WORKER_SECONDS = 30


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

    def forget_faults(self):
        return self._answer(self.http.delete(f"{self.root}/faults", timeout=TIMEOUT))

    def _answer(self, answer):
        answer.raise_for_status()
        return answer.json() if answer.content else None


class Database:
    """One Odoo database with a company that is connected with the sandbox."""

    def __init__(self, name: str):
        self.name = name
        self.registry = Registry(name)
        self.connection_id = 0
        self.move_ids: list[int] = []

    def prepare(self, url: str, offset: int, invoices: int) -> None:
        # Importable once Odoo knows its addons path.
        from tests.exactly_once.company import Company

        with self.registry.cursor() as cr:
            company = Company(api.Environment(cr, SUPERUSER_ID, {}), self.name, offset)
            self.connection_id = company.build(url)
            self.move_ids = company.post_invoices(invoices)

    def make_due(self) -> None:
        """A new day begins: every waiting try is due, the day's calls are there again."""
        with self.registry.cursor() as cr:
            cr.execute(
                """
                UPDATE accountable_job SET next_try = now() AT TIME ZONE 'UTC' - interval '1 minute'
                 WHERE state IN ('pending', 'unknown') AND next_try IS NOT NULL
                """
            )
            # a person presses Retry on what failed for a passing reason
            cr.execute(
                """
                UPDATE accountable_job SET state = 'pending',
                       next_try = now() AT TIME ZONE 'UTC' - interval '1 minute'
                 WHERE state = 'failed'
                   AND error_kind IN ('temporary', 'limit_reached', 'authorisation_lost')
                """
            )
            cr.execute(
                """
                UPDATE accountable_connection
                   SET wait_until = NULL, state = 'connected', calls = NULL
                 WHERE id = %s
                """,
                (self.connection_id,),
            )

    def states(self) -> Counter:
        with self.registry.cursor() as cr:
            cr.execute("SELECT state, count(*) FROM accountable_job GROUP BY state")
            return Counter(dict(cr.fetchall()))

    def unsolved(self) -> list[dict]:
        """Jobs that did not end, for the report."""
        with self.registry.cursor() as cr:
            cr.execute(
                """
                SELECT name, state, error_kind, message, technical FROM accountable_job
                 WHERE state != 'done' ORDER BY id LIMIT 10
                """
            )
            return [dict(zip(("name", "state", "kind", "message", "technical"), row, strict=True))
                    for row in cr.fetchall()]

    def bound(self) -> dict[str, str]:
        """External key → name of the document, as this database knows it."""
        with self.registry.cursor() as cr:
            cr.execute(
                """
                SELECT b.external_key, m.name FROM accountable_binding b
                  JOIN account_move m ON m.id = b.res_id
                 WHERE b.kind = 'document' AND b.connection_id = %s
                """,
                (self.connection_id,),
            )
            return dict(cr.fetchall())

    def totals(self) -> dict[str, str]:
        """Name of each posted document → its total."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT name, amount_total FROM account_move WHERE id = ANY(%s)", (self.move_ids,)
            )
            return {name: f"{total:.2f}" for name, total in cr.fetchall()}


def work_a_little(database: Database) -> None:
    """What a cron worker does, with one small batch only."""
    from odoo.addons.accountable_connect.models import accountable_engine

    accountable_engine.BATCH = WORKER_DOCUMENTS
    model = database.registry["accountable.connection"]
    send_batch = model._send_batch

    def send_one_batch(connection, batch_work):
        send_batch(connection, batch_work)
        return False

    model._send_batch = send_one_batch
    work(database)


def work(database: Database, seconds: float = WORKER_SECONDS) -> None:
    """What a cron worker does."""
    with database.registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["accountable.connection"].browse(database.connection_id)._run(seconds=seconds)


def fork(function, *arguments) -> int:
    """Run a function in a fork with database connections of its own."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        random.seed(os.getpid())
        function(*arguments)
        status = 0
    except Exception as error:  # reported by the status; the parent looks at the books
        print(f"worker: {type(error).__name__}: {error}", file=sys.stderr)
    finally:
        os._exit(status)


def die_at_request(place: str, skip: int) -> None:
    """Kill this process before or after its so manieth request."""
    send = requests.Session.send
    seen = [0]

    def dying(session, request, **options):
        seen[0] += 1
        if place == "before" and seen[0] > skip:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = send(session, request, **options)
        if place == "after" and seen[0] > skip:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    requests.Session.send = dying


def die_at_commit(place: str, skip: int) -> None:
    """Kill this process before or after its so manieth commit."""
    commit = sql_db.Cursor.commit
    seen = [0]

    def dying(cursor):
        seen[0] += 1
        if place == "before" and seen[0] > skip:
            os.kill(os.getpid(), signal.SIGKILL)
        commit(cursor)
        if place == "after" and seen[0] > skip:
            os.kill(os.getpid(), signal.SIGKILL)

    sql_db.Cursor.commit = dying


class Faults:
    """Chooses what goes wrong in a round, and does it."""

    def __init__(self, sandbox: Sandbox, databases: list[Database], dice: random.Random):
        self.sandbox = sandbox
        self.databases = databases
        self.dice = dice
        self.counts: Counter = Counter()
        self.by_hand = 0

    def round(self) -> None:
        """One fault run."""
        kind = self.dice.choice([name for name in dir(self) if name.startswith("fault_")])
        self.counts[kind.removeprefix("fault_")] += 1
        workers = getattr(self, kind)(self.dice.choice(self.databases))
        for pid in workers:
            os.waitpid(pid, 0)
        self.sandbox.forget_faults()

    def _service(self, kind, operation="insertBuySellBooking", **values):
        self.sandbox.post("faults", operation=operation, kind=kind, count=1,
                          skip=self.dice.randrange(2), **values)

    def fault_answer_lost(self, database):
        self._service("after")
        return [fork(work_a_little, database)]

    def fault_request_lost(self, database):
        self._service("before")
        return [fork(work_a_little, database)]

    def fault_relation_answer_lost(self, database):
        self._service("after", "*elation*")
        return [fork(work_a_little, database)]

    def fault_refused_for_now(self, database):
        self._service("status", self.dice.choice(("insertBuySellBooking", "*")),
                      status=self.dice.choice((429, 500, 502, 503)),
                      work=self.dice.choice((True, False)))
        return [fork(work_a_little, database)]

    def fault_garbage(self, database):
        self._service(self.dice.choice(("html", "garbage", "empty")), "*",
                      work=self.dice.choice((True, False)))
        return [fork(work_a_little, database)]

    def fault_token_expires(self, database):
        pid = fork(work_a_little, database)
        self.sandbox.post("tokens/expire")
        return [pid]

    def fault_number_taken(self, database):
        pids = [fork(work_a_little, database)]
        self.sandbox.post(f"dossiers/{DOSSIER}/book-by-hand", journalKey="V1", date="2026-03-01")
        self.by_hand += 1
        return pids

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

    def _dying(self, database, how):
        place, skip = self.dice.choice(("before", "after")), self.dice.randrange(9)

        def dying_work():
            how(place, skip)
            work_a_little(database)

        return fork(dying_work)


def finish(databases: list[Database], limit: timedelta) -> None:
    """Work without faults until nothing is left, or the time is over."""
    end = datetime.now() + limit
    while datetime.now() < end:
        for database in databases:
            database.make_due()
            os.waitpid(fork(work, database, 10.0), 0)
        if all(set(database.states()) == {"done"} for database in databases):
            return


def compare(databases: list[Database], sandbox: Sandbox, by_hand: int) -> dict:
    """What is missing, twice, or elsewhere than our database believes."""
    bookings = [row for row in sandbox.get(f"dossiers/{DOSSIER}/bookings")
                if row["journalKey"] == "V1"]
    numbers = {(row["bookyearId"], row["documentSequenceNr"]) for row in bookings}
    stored = {f"{row['bookyearId']}/V1/{row['documentSequenceNr']}": row for row in bookings}
    report = {"bookings": len(bookings), "by_hand": by_hand, "missing": [], "elsewhere": [],
              "wrong_total": [], "gaps": [], "jobs": {}, "unsolved": []}
    seen: Counter = Counter()
    for database in databases:
        totals, bound = database.totals(), database.bound()
        names = {name: key for key, name in bound.items()}
        report["missing"] += [f"{database.name} {name}" for name in totals if name not in names]
        for key, name in bound.items():
            booking = stored.get(key)
            if booking is None or not booking["comment"].startswith(name):
                report["elsewhere"].append(f"{database.name} {name} {key}")
            elif booking["amount"] != totals[name]:
                report["wrong_total"].append(f"{database.name} {name}")
        report["jobs"][database.name] = dict(database.states())
        report["unsolved"] += database.unsolved()
    for row in bookings:
        if row["payload"].get("orderReference"):
            seen[row["payload"]["orderReference"]] += 1
    report["twice"] = [name for name, count in seen.items() if count > 1]
    report["ours"] = sum(seen.values())
    for year, number in sorted(numbers):
        if number > 1 and (year, number - 1) not in numbers:
            report["gaps"].append(f"{year}/{number}")
    return report


def start_sandbox() -> str:
    """A sandbox in a process of its own, which ends with this one; returns its root."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox", "octopus", "--port", "0", "--no-limits"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, preexec_fn=end_with_parent,
    )
    for line in process.stdout:
        name, _blank, address = line.partition(" ")
        if name == "control":
            return address.strip().partition("/sandbox/control")[0]
    raise RuntimeError("The sandbox did not start")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", action="append", required=True)
    parser.add_argument("--sandbox", help="root of a running sandbox; without it one is started")
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--invoices", type=int, required=True, help="for each database")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    config.parse_config(["--log-level=error"], setup_logging=True)
    sandbox = Sandbox(options.sandbox or start_sandbox())
    address = sandbox.root.removesuffix("/sandbox/control") + "/octopus-rest-api/v1"
    databases = [Database(name) for name in options.database]
    for position, database in enumerate(databases):
        database.prepare(address, position * 1_000_000, options.invoices)
    sql_db.close_all()
    begun = time.monotonic()
    faults = Faults(sandbox, databases, random.Random(options.seed))
    for _round in range(options.rounds):
        faults.round()
        for database in databases:
            database.make_due()
        sql_db.close_all()
    rounds_took = time.monotonic() - begun
    left = sum(count for database in databases for state, count in database.states().items()
               if state != "done")
    sql_db.close_all()
    finish(databases, timedelta(minutes=3))
    report = compare(databases, sandbox, faults.by_hand)
    report |= {"rounds": options.rounds, "faults": dict(faults.counts),
               "left_after_faults": left, "seconds": round(rounds_took, 1)}
    print(json.dumps(report))


if __name__ == "__main__":
    main()
