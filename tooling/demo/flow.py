"""The demo from an empty Odoo to books that agree, told step by step."""

import shutil
import time

from tooling.books import figures, table
from tooling.books.compare import Comparison, compare
from tooling.console import SetUpError, say, step
from tooling.demo.partners import MANAGER
from tooling.demo.session import Session
from tooling.packages import load

INSIDE = "tooling/demo/inside.py"
PATIENCE = 120  # seconds without any progress of the queue
SENT = "V50"
WORDS = {"failed": "failed", "pending": "waiting"}
WAITING = ("pending", "sending", "unknown")


def run(environment) -> int:
    """The demo of every package at once: each has a company of its own, the crons are the same.
    0 when all books agree and nothing is left in a queue."""
    demos = [
        demo
        for name, root in environment.sandboxes.items()
        for demo in demos_of(environment, load(name), root)
    ]
    for demo in demos:
        demo.prepare()
    for demo in demos:
        demo.wait("past documents")
    for demo in demos:
        demo.post_later()
    for demo in demos:
        demo.wait("new documents")
    for demo in demos:
        demo.send_invoice()
    for demo in demos:
        demo.wait("files")
    for demo in demos:
        demo.settle()
    agree = [demo.tell() for demo in demos]
    for demo in demos:
        demo.leave()
    if len(demos) > 1:
        say("  Each package has a company of its own: choose it at the top right of the screen.")
    return 0 if all(agree) else 1


def demos_of(environment, package, root: str) -> list:
    """The demos of a package, as it works: it answers, or it takes files, on one way or several."""
    if package.hands_over and package.keeps_books:
        from tooling.demo.entries import EntriesDemo

        return [EntriesDemo(environment, package, root)]
    if package.hands_over:
        from tooling.demo.channels import demo_by

        return [demo_by(one.channel)(environment, one, root) for one in package.ways()]
    return [Demo(environment, package, root)]


class Demo:
    """The demo of one package; ``environment`` is :class:`tooling.commands.Environment`."""

    def __init__(self, environment, package, root: str):
        self.environment = environment
        self.package = package
        self.root = root
        self.session = None
        self.connection = 0
        self.accountant = None
        self.moves: dict[str, int] = {}

    def inside(self, task: str, **arguments):
        """Run a task of ``inside.py`` in Odoo."""
        return self.environment.run_script(
            INSIDE, {"task": task, "package": self.package.name, "url": self.root, **arguments}
        )

    def step(self, title: str):
        """A step of this package's demo."""
        return step(f"{self.package.title}: {title}")

    def build(self) -> dict:
        """The company with its past documents; what was made."""
        with self.step("a Belgian company with its documents of two quarters"):
            made = self.inside("build")
            say(
                f"  {made['company']}: {made['documents']} documents with {made['partners']} "
                f"partners, {made['electronic']} of them e-invoices{there(made)}"
            )
        return made

    def prepare(self) -> None:
        """Company, past documents, initial synchronisation, start."""
        made = self.build()
        with self.step("initial synchronisation, as the manager"):
            entered = self.inside("sign_in")
            self.connection = entered["connection"]
            self.session = Session(
                self.environment.odoo_url,
                self.environment.database,
                MANAGER,
                MANAGER,
                made["company_id"],
            )
            if not entered["signed_in"]:
                self.package.consent(self.session, entered["sign_in"], self.root)
            started = self.inside("start")
            say(
                f"  {started['name']}: {started['confirmed']} of {started['mappings']} mappings "
                f"confirmed{there(started)}"
            )

    def post_later(self) -> None:
        """Documents posted while everything runs."""
        with self.step("new invoices and bills are posted"):
            done = self.inside("later")
            say(f"  {done['posted']} posted" if done["posted"] else "  already there")
        self.moves = done["moves"]

    def keys(self) -> dict[str, str]:
        """The keys in the administration of the demo's documents."""
        rows = self._read(
            "accountable.binding",
            ["res_id", "external_key"],
            ("kind", "=", "document"),
            ("res_model", "=", "account.move"),
        )
        by_move = {row["res_id"]: row["external_key"] for row in rows}
        return {key: by_move[move] for key, move in self.moves.items() if move in by_move}

    def _domain(self, *more) -> list:
        return [("connection_id", "=", self.connection), *more]

    def _read(self, model: str, names: list[str], *domain, **options) -> list[dict]:
        return self.session.read(model, self._domain(*domain), names, **options)

    def wait(self, what: str) -> None:
        """Wait until the crons of the running Odoo have worked off the queue; tell what failed."""
        with self.step(f"the queue, {what}"):
            before, moved = None, time.monotonic()
            while True:
                states = self.states()
                waiting = sum(states.get(state, 0) for state in WAITING)
                if states != before:
                    say(
                        "  "
                        + ", ".join(f"{number} {state}" for state, number in sorted(states.items()))
                    )
                    before, moved = states, time.monotonic()
                if not waiting:
                    break
                if time.monotonic() - moved > PATIENCE:
                    raise SetUpError(f"The queue stands still: {states}\n{self.reasons()}")
                time.sleep(0.5)
        for job in self._read("accountable.job", ["name", "message"], ("state", "=", "failed")):
            say(f"  failed: {job['name']}: {job['message']}")

    def states(self) -> dict[str, int]:
        """State → number of jobs."""
        groups = self.session.call(
            "accountable.job", "formatted_read_group", self._domain(), ["state"], ["__count"]
        )
        return {group["state"]: group["__count"] for group in groups}

    def reasons(self) -> str:
        """What the connection and its last run say of themselves."""
        connection = self.session.read(
            "accountable.connection",
            [("id", "=", self.connection)],
            ["state", "wait_until", "wait_reason", "problem"],
        )
        run = self._read("accountable.run", ["state", "message"], limit=1)
        return f"{connection} {run}"

    def send_invoice(self) -> None:
        """An invoice's PDF exists only once Odoo sends it; then it follows its booking."""
        self.accountant = self.package.accountant(self.root, self.keys(), self.moves)
        with self.step(f"invoice {SENT} is sent from Odoo"):
            if self.accountant.files(self.accountant.keys[SENT]):
                say("  already there")
            elif not shutil.which("wkhtmltopdf"):
                say("  skipped: wkhtmltopdf is not installed")
            else:
                context = {
                    **self.session.context,
                    "active_model": "account.move",
                    "active_ids": [self.moves[SENT]],
                }
                wizard = self.session.call(
                    "account.move.send.wizard",
                    "create",
                    [{"sending_methods": ["manual"]}],
                    context=context,
                )
                self.session.call(
                    "account.move.send.wizard", "action_send_and_print", wizard, context=context
                )

    # What comes back

    def settle(self) -> None:
        """The accountant pays and matches; the manager presses "Synchronise now"."""
        accountant = self.accountant
        with self.step("the accountant books the bank and matches"):
            if accountant.has_worked():
                say("  already there")
            else:
                done = accountant.work()
                say("  " + ", ".join(f"{number} {what}" for what, number in done.items()))
        with self.step("settlements come back"):
            before = self._read_at()
            self.session.call("accountable.connection", "action_synchronise", [self.connection])
            until = time.monotonic() + PATIENCE
            while self._read_at() == before or self._is_running():
                if time.monotonic() > until:
                    raise SetUpError(f"Settlements were not read.\n{self.reasons()}")
                time.sleep(0.5)
            number = self.session.count(
                "accountable.binding", self._domain(("kind", "=", "settlement"))
            )
            say(f"  {number} settlements in Odoo")

    def _read_at(self):
        return self.session.read(
            "accountable.connection", [("id", "=", self.connection)], ["settlements_read_at"]
        )[0]["settlements_read_at"]

    def _is_running(self) -> bool:
        return bool(self.session.count("accountable.run", self._domain(("state", "=", "running"))))

    # The result

    def compared(self, books: dict) -> Comparison:
        """Both sides' books beside each other."""
        with self.step("both books are compared"):
            odoo = [
                figures.booking_from_data(data)
                for data in self.inside("books", connection=self.connection)
            ]
            return compare(odoo, self.package.bookings(books))

    def tell(self) -> bool:
        """Compare, print the table and what happened; whether everything is right."""
        books = self.accountant.books()
        comparison = self.compared(books)
        states = self.states()
        runs = self._read("accountable.run", ["calls"])
        say()
        say(self.package.title)
        say("=" * len(self.package.title))
        for line in table.lines_of(comparison):
            say(line)
        say()
        say(f"  in the package      {self.package.contents(books)}")
        say(f"  the queue           {', '.join(f'{n} {s}' for s, n in states.items())}")
        say(f"  calls to the package {sum(run['calls'] for run in runs)}")
        say()
        return comparison.agrees and not states.get("failed")

    # What is left for a person to try

    def leave(self) -> None:
        """After the comparison: documents that wait on purpose, each with what to try."""
        with self.step("documents that wait on purpose"):
            left = self.inside("leave")
            jobs = self._jobs_that_stay([one["move"] for one in left])
        say()
        say("  Not compared: these wait on purpose, for you to try.")
        for one in left:
            job = jobs[one["move"]]
            say()
            say(f"  {job['name']}: {WORDS[job['state']]}. {job['message']}")
            say(f"    → {one['advice']}")
        say()

    def _jobs_that_stay(self, moves: list[int]) -> dict[int, dict]:
        """Document → its item, once the queue has said of all of them why they do not go."""
        until = time.monotonic() + PATIENCE
        while True:
            rows = self._read(
                "accountable.job",
                ["name", "res_id", "state", "message"],
                ("res_model", "=", "account.move"),
                ("res_id", "in", moves),
                ("operation", "=", "document"),
            )
            jobs = {row["res_id"]: row for row in rows}
            if all(move in jobs and jobs[move]["message"] for move in moves):
                return jobs
            if time.monotonic() > until:
                raise SetUpError(f"What waits on purpose does not: {rows}\n{self.reasons()}")
            time.sleep(0.5)


def there(result: dict) -> str:
    """What is said of something that was made by an earlier run."""
    return " (already there)" if result["was_there"] else ""
