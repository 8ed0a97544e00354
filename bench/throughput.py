"""Documents a second through a real Odoo: a server with two workers and two cron threads, whose
crons send what was posted before it was started.

This runs outside Odoo. The database and the books of the sandbox are its own, so that nothing of
the other tasks is in them.
"""

import itertools
import time
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import psycopg2

from bench.measure import Spread
from tooling import addons, console
from tooling.databases import Databases
from tooling.packages.control import Control
from tooling.services import Services, odoo_service

DATABASE = "bench_server"
SCRIPT = Path(__file__).with_name("inside.py")
SERVER = ("--workers", "2", "--max-cron-threads", "2")
KNOWN, NEW = 5_000, 500
# The rate is that of each portion of so many documents; the first warms the server up.
PORTIONS = {"known": 250, "new": 50}
MEMORY_AT = (1_000, 5_000)
SENT = "SELECT count(*) FROM accountable_job WHERE operation = 'document' AND state = 'done'"
LOOKED_AT_EVERY = 0.5  # seconds
LONGEST_STANDSTILL = 120  # seconds


def main(environment, package, root):
    """Rates, processor time of each process for one document, and memory of the workers, for
    contacts that the administration knows and for new ones."""
    databases = Databases(environment.odoo)
    databases.ensure(DATABASE, addons.discover(), anew=True)
    Control(root).post("reset")

    def inside(task, **values):
        given = {"task": task, "package": package.name, "sandbox": root, "values": values}
        return environment.odoo.run_script(DATABASE, SCRIPT, given)

    with console.step(f"{KNOWN:,} invoices of known contacts"):
        inside("connect")
        inside("fill", count=KNOWN)
        inside("lift")
    with _server(environment.odoo, databases) as watch:
        result = {"known": watch.follow(KNOWN, PORTIONS["known"])}
        inside("fill", count=NEW, new_contacts=True)
        result["new"] = watch.follow(NEW, PORTIONS["new"])
    return result


@contextmanager
def _server(odoo, databases):
    """Odoo as a server. Gives a :class:`Watch` on it."""
    server = odoo_service(odoo, DATABASE, options=SERVER)
    databases.set_address(DATABASE, server.url)
    connection = psycopg2.connect(odoo.cluster.connection_string(DATABASE))
    connection.autocommit = True
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(SENT)
        [done] = cursor.fetchone()
        with Services() as running:
            yield Watch(running.start(server), cursor, done, postgres_of(odoo.cluster))


def postgres_of(cluster):
    """The process that all other processes of this PostgreSQL come from."""
    return psutil.Process(int((cluster.data / "postmaster.pid").read_text().split()[0]))


class Processes:
    """Processor time of a process and of all that it started, also of those that ended meanwhile
    (as they were last seen); and memory."""

    def __init__(self, parent: psutil.Process, choose=lambda process: True):
        self.parent, self.choose = parent, choose
        self.seen = {}

    def look(self) -> dict[int, int]:
        """Notes processor times. Gives the memory (RSS, bytes) of each that runs."""
        memory = {}
        for process in self.parent.children(recursive=True):
            try:
                if self.choose(process):
                    times = process.cpu_times()
                    self.seen[process.pid] = times.user + times.system
                    memory[process.pid] = process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        return memory

    @property
    def cpu(self) -> float:
        """Seconds so far."""
        return sum(self.seen.values())


class Watch:
    """Looks from outside how far the crons of a server are."""

    def __init__(self, service, cursor, done: int, postgres: psutil.Process):
        parent = psutil.Process(service.process.pid)
        self.cursor, self.before, self.service = cursor, done, service
        # Odoo gives cron workers a lower priority than those that answer people
        self.crons = Processes(parent, lambda process: process.nice() > parent.nice())
        self.workers = Processes(parent, lambda process: process.nice() == parent.nice())
        self.postgres = Processes(postgres)

    def done(self) -> int:
        """Documents that were sent since the server was started, or since the last call of
        ``follow``."""
        self.cursor.execute(SENT)
        return self.cursor.fetchone()[0] - self.before

    def follow(self, count: int, portion: int) -> dict:
        """Wait until so many documents are sent; what it took, in portions."""
        marks, memory = [], {}
        wanted = iter(itertools.count(portion, portion))
        next_mark, moved, last = next(wanted), time.monotonic(), 0
        while last < count:
            time.sleep(LOOKED_AT_EVERY)
            done, now = self.done(), time.monotonic()
            if done > last:
                moved, last = now, done
            elif now - moved > LONGEST_STANDSTILL:
                raise RuntimeError(
                    f"{done} of {count} documents, then none for {LONGEST_STANDSTILL} s: "
                    f"{self._states()}\n{self.service.log_tail()}"
                )
            crons, workers = self.crons.look(), self.workers.look()
            self.postgres.look()
            for size in MEMORY_AT:
                if done >= size and size not in memory:
                    memory[size] = {
                        "crons": sorted(crons.values()),
                        "workers": sorted(workers.values()),
                    }
            if done >= next_mark or done >= count:
                marks.append((now, done, self.crons.cpu, self.postgres.cpu))
                while next_mark <= done:
                    next_mark = next(wanted)
        self.before += count
        return {"documents": count, "memory": memory, **_between(marks)}

    def _states(self):
        self.cursor.execute(
            "SELECT state, message, count(*) FROM accountable_job WHERE state != 'done'"
            " GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 3"
        )
        return self.cursor.fetchall()


def _between(marks):
    """What lies between two marks ``(moment, documents, processor time of crons, of PostgreSQL)``:
    the first mark ends the portion in which the server warmed up."""
    steps = list(itertools.pairwise(marks))
    return {
        "rate": Spread.of([(b[1] - a[1]) / (b[0] - a[0]) for a, b in steps]).as_json(),
        "cron_cpu": Spread.of([(b[2] - a[2]) / (b[1] - a[1]) for a, b in steps]).as_json(),
        "postgres_cpu": Spread.of([(b[3] - a[3]) / (b[1] - a[1]) for a, b in steps]).as_json(),
        "seconds": marks[-1][0] - marks[0][0],
        "counted": marks[-1][1] - marks[0][1],
    }
