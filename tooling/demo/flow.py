"""The demo from an empty Odoo to books that agree, told step by step."""

import shutil
import time

from tooling.books import figures, octopus_side, table
from tooling.books.compare import Comparison, compare
from tooling.console import SetUpError, say, step
from tooling.demo.accountant import Accountant
from tooling.demo.partners import MANAGER, USER
from tooling.demo.session import Session

INSIDE = "tooling/demo/inside.py"
PATIENCE = 120  # seconds without any progress of the queue
SENT = "V50"
WAITING = ("pending", "sending", "unknown")


class Demo:
    """One run; ``environment`` is :class:`tooling.commands.Environment`."""

    def __init__(self, environment):
        self.environment = environment
        self.session = None
        self.connection = 0

    def run(self) -> int:
        """Everything; 0 when the books agree and nothing is left in the queue."""
        self.prepare()
        self.wait("past documents")
        moves = self.post_later()
        self.wait("new documents")
        self.accountant = Accountant(self.environment.sandbox_url, self.keys(moves), moves)
        self.send_invoice()
        failed = self.wait("files")
        self.settle()
        comparison = self.compared()
        self.tell(comparison, failed)
        return 0 if comparison.agrees and not failed else 1

    def inside(self, task: str, **arguments):
        """Run a task of ``inside.py`` in Odoo."""
        return self.environment.run_script(INSIDE, {"task": task, **arguments})

    def prepare(self) -> None:
        """Company, past documents, initial synchronisation, start."""
        with step("A Belgian company with its documents of two quarters"):
            made = self.inside("build")
            say(f"  {made['company']}: {made['documents']} documents with {made['partners']} "
                f"partners, {made['electronic']} of them e-invoices{_there(made)}")
        with step("Initial synchronisation, as the manager"):
            started = self.inside("start", package=self.environment.package,
                                  url=self.environment.sandbox_url)
            say(f"  {started['name']}: {started['confirmed']} of {started['mappings']} mappings "
                f"confirmed{_there(started)}")
        self.connection = started["connection"]
        self.session = Session(self.environment.odoo_url, self.environment.database,
                               MANAGER, MANAGER)

    def post_later(self) -> dict[str, int]:
        """Documents posted while everything runs; ids of all documents by the demo's keys."""
        with step("New invoices and bills are posted"):
            done = self.inside("later")
            say(f"  {done['posted']} posted" if done["posted"] else "  already there")
        return done["moves"]

    def keys(self, moves: dict[str, int]) -> dict[str, str]:
        """The keys in the administration of the demo's documents."""
        rows = self.session.read(
            "accountable.binding", [("kind", "=", "document"), ("res_model", "=", "account.move")],
            ["res_id", "external_key"])
        by_move = {row["res_id"]: row["external_key"] for row in rows}
        return {key: by_move[move] for key, move in moves.items() if move in by_move}

    def wait(self, what: str) -> list[dict]:
        """Wait until the crons of the running Odoo have worked off the queue; gives what failed."""
        with step(f"The queue: {what}"):
            before, moved = None, time.monotonic()
            while True:
                states = self.states()
                waiting = sum(states.get(state, 0) for state in WAITING)
                if states != before:
                    say("  " + ", ".join(f"{number} {state}"
                                         for state, number in sorted(states.items())))
                    before, moved = states, time.monotonic()
                if not waiting:
                    break
                if time.monotonic() - moved > PATIENCE:
                    raise SetUpError(f"The queue stands still: {states}\n{self.reasons()}")
                time.sleep(0.5)
        failed = self.session.read(
            "accountable.job", [("state", "=", "failed")], ["name", "message"])
        for job in failed:
            say(f"  failed: {job['name']}: {job['message']}")
        return failed

    def states(self) -> dict[str, int]:
        """State → number of jobs."""
        groups = self.session.call("accountable.job", "formatted_read_group", [], ["state"],
                                   ["__count"])
        return {group["state"]: group["__count"] for group in groups}

    def reasons(self) -> str:
        """What the connection and its last run say of themselves."""
        connection = self.session.read("accountable.connection", [("id", "=", self.connection)],
                                       ["state", "wait_until", "wait_reason", "problem"])
        run = self.session.read("accountable.run", [], ["state", "message"], limit=1)
        return f"{connection} {run}"

    def send_invoice(self) -> None:
        """An invoice's PDF exists only once Odoo sends it; then it follows its booking."""
        with step(f"Invoice {SENT} is sent from Odoo"):
            if self.accountant.files(SENT):
                say("  already there")
            elif not shutil.which("wkhtmltopdf"):
                say("  skipped: wkhtmltopdf is not installed")
            else:
                context = {**self.session.context, "active_model": "account.move",
                           "active_ids": [self.accountant.moves[SENT]]}
                wizard = self.session.call("account.move.send.wizard", "create",
                                           [{"sending_methods": ["manual"]}], context=context)
                self.session.call("account.move.send.wizard", "action_send_and_print", wizard,
                                  context=context)

    # What comes back

    def settle(self) -> None:
        """The accountant pays and matches; the manager presses "Synchronise now"."""
        accountant = self.accountant
        with step("The accountant books the bank and matches"):
            if accountant.has_worked():
                say("  already there")
            else:
                done = accountant.work()
                say("  " + ", ".join(f"{number} {what}" for what, number in done.items()))
        with step("Settlements come back"):
            before = self._read_at()
            self.session.call("accountable.connection", "action_synchronise", [self.connection])
            until = time.monotonic() + PATIENCE
            while self._read_at() == before or self._is_running():
                if time.monotonic() > until:
                    raise SetUpError(f"Settlements were not read.\n{self.reasons()}")
                time.sleep(0.5)
            number = self.session.count("accountable.binding", [("kind", "=", "settlement")])
            say(f"  {number} settlements in Odoo")

    def _read_at(self):
        return self.session.read("accountable.connection", [("id", "=", self.connection)],
                                 ["settlements_read_at"])[0]["settlements_read_at"]

    def _is_running(self) -> bool:
        return bool(self.session.count("accountable.run", [("state", "=", "running")]))

    # The result

    def compared(self) -> Comparison:
        """Both sides' books beside each other."""
        with step("Both books are compared"):
            odoo = [figures.booking_from_data(data)
                    for data in self.inside("books", connection=self.connection)]
            return compare(odoo, octopus_side.bookings(self.accountant.books()))

    def tell(self, comparison: Comparison, failed: list[dict]) -> None:
        """Print the table, what happened, and where to look."""
        say()
        for line in table.lines_of(comparison):
            say(line)
        books = self.accountant.books()
        runs = self.session.read("accountable.run", [], ["calls"])
        say()
        say(f"  in the package      {len(books['bookings'])} bookings, "
            f"{len(books['attachments'])} files, {len(books['relations'])} relations, "
            f"{len(books['matches'])} matches")
        say(f"  the queue           {', '.join(f'{n} {s}' for s, n in self.states().items())}"
            + (f", {len(failed)} FAILED" if failed else ""))
        say(f"  calls to the package {sum(run['calls'] for run in runs)}")
        if self.environment.stay:
            self._tell_where()

    def _tell_where(self) -> None:
        say()
        say(f"  Odoo                {self.environment.odoo_url}")
        say(f"    manager           user {MANAGER}, password {MANAGER} (no administrator)")
        say(f"    user              user {USER}, password {USER}")
        say(f"    the queue         {self.environment.odoo_url}/odoo/synchronisation-queue")
        say(f"  the package's books {self.environment.sandbox_url}/")


def _there(result: dict) -> str:
    return " (already there)" if result["was_there"] else ""
