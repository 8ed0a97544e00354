"""The demo of a package that takes files: from an empty Odoo to documents that lie in a box, told
step by step. Nothing comes back, so nothing is settled."""

import time

from tooling.books import delivered
from tooling.books.delivered import Delivered
from tooling.console import SetUpError, say
from tooling.demo.connect import START
from tooling.demo.flow import PATIENCE, Demo, there
from tooling.demo.partners import MANAGER
from tooling.demo.session import Session

MOST_STEPS = 12


class HandOverDemo(Demo):
    """The demo of one package that hands over; see :class:`tooling.demo.flow.Demo`. ``choices`` are
    the manager's where the set-up asks: into a folder, as soon as a document is posted."""

    choices = {"channel": "folder", "batch_closes": "at_once", "ubl_sales_moment": "posting"}

    def inside(self, task, **arguments):
        return super().inside(task, small=self.package.small, **arguments)

    def way(self) -> dict:
        """What the manager chooses of the channel itself."""
        return {"folder_choice": self.package.folder}

    def place(self) -> str:
        """Where the documents go, in words."""
        return f"into {self.package.folder}"

    def prepare(self) -> None:
        """Company, past documents, set-up, start."""
        made = self.build()
        self.accountant = self.package.accountant(self.root)
        with self.step("set-up, as the manager"):
            self.session = Session(
                self.environment.odoo_url,
                self.environment.database,
                MANAGER,
                MANAGER,
                made["company_id"],
            )
            known = self.session.read(
                "accountable.connection", [("package", "=", self.package.name)], ["step"]
            )
            self.connection = known[0]["id"] if known else self._connect(made["company_id"])
            was_there = self._connection("step") == "done"
            if not was_there:
                self._walk()
            name = self._connection("name")
            say(f"  {name}: {self.place()}{there({'was_there': was_there})}")

    def _connection(self, field):
        [row] = self.session.read(
            "accountable.connection", [("id", "=", self.connection)], [field, "problem"]
        )
        if row["problem"]:
            raise SetUpError(f"The set-up stops: {row['problem']}")
        return row[field]

    def _connect(self, company: int) -> int:
        """The first step: who receives the documents."""
        [receiver] = self.session.read(
            "accountable.ubl.profile", [("code", "=", self.package.receiver)], ["name"]
        )
        [dialogue] = self.session.call(
            "accountable.connect",
            "create",
            [
                {
                    "company_id": company,
                    "package": self.package.name,
                    "ubl_profile_id": receiver["id"],
                }
            ],
        )
        self.session.call("accountable.connect", "action_continue", [dialogue])
        [made] = self.session.read(
            "accountable.connection", [("package", "=", self.package.name)], ["id"]
        )
        return made["id"]

    def _walk(self) -> None:
        """Every step up to the summary, and the start."""
        for _step in range(MOST_STEPS):
            step = self._connection("step")
            if step == "summary":
                break
            if step == "hand_over":
                self._write({**self.choices, **self.way()})
            elif step == "start":
                self._write({"start_date": START})
            self.session.call("accountable.connection", "action_next_step", [self.connection])
            if self._connection("step") == step:
                raise SetUpError(f"The set-up does not leave the step {step}")
        self.session.call("accountable.connection", "action_start", [self.connection])

    def _write(self, values: dict) -> None:
        self.session.call("accountable.connection", "write", [self.connection], values)

    def wait(self, what: str) -> None:
        """Until the queue is worked off, every batch has left, and the receiver has emptied its
        folder."""
        super().wait(what)
        with self.step("hand-over"):
            before, moved = None, time.monotonic()
            while True:
                batches, lying = self.batches(), self.accountant.waiting()
                found = (batches, len(lying))
                if found != before:
                    before, moved = found, time.monotonic()
                if not lying and not batches.keys() - {"handed_over", "confirmed", "refused"}:
                    break
                if time.monotonic() - moved > PATIENCE:
                    raise SetUpError(f"The hand-over stands still: {found}\n{self.reasons()}")
                time.sleep(0.5)
            say("  " + ", ".join(f"{number} {state}" for state, number in batches.items()))
            for refused in self.accountant.refused():
                say(f"  the receiver refused {refused['name']}: {refused['reason']}")

    def batches(self) -> dict[str, int]:
        """State → number of batches."""
        groups = self.session.call(
            "accountable.batch", "formatted_read_group", self._domain(), ["state"], ["__count"]
        )
        return {group["state"]: group["__count"] for group in groups}

    def channel_lines(self) -> list[str]:
        """What the channel has done, for the end."""
        return []

    def send_invoice(self) -> None:
        """It went when it was posted."""

    def settle(self) -> None:
        """Nothing comes back."""

    def compared(self, books: dict) -> delivered.Comparison:
        """What Odoo posted beside what the receiver read."""
        with self.step("both sides are compared"):
            odoo = [
                Delivered.from_data(data)
                for data in self.inside("delivered", connection=self.connection)
            ]
            return delivered.compare(odoo, self.package.bookings(books))

    def tell(self) -> bool:
        """Compare, print the figures and what happened; whether everything is right."""
        books = self.accountant.books()
        comparison = self.compared(books)
        states = self.states()
        say()
        say(self.package.title)
        say("=" * len(self.package.title))
        for line in delivered.lines_of(comparison):
            say(line)
        say()
        say(f"  in the box          {self.package.contents(books)}")
        if names := self.package.without_address(books):
            say(f"  without an address  {', '.join(names)} (no electronic address for Peppol)")
        for line in self.channel_lines():
            say(f"  {line}")
        say(f"  the queue           {', '.join(f'{n} {s}' for s, n in states.items())}")
        say(f"  batches             {', '.join(f'{n} {s}' for s, n in self.batches().items())}")
        say()
        return comparison.agrees and not books["refused"] and not states.get("failed")
