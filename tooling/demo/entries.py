"""The demo of a package that takes entries as files: what a person knows of the books is pasted,
documents go in batches, an operator imports them and says so, and both books are compared."""

import time

from tooling.books import figures, table
from tooling.books.compare import compare
from tooling.console import SetUpError, say
from tooling.demo.flow import PATIENCE, Demo, there
from tooling.demo.hand_over import HandOverDemo


class EntriesDemo(HandOverDemo):
    """The demo of one package that imports entries; see :class:`tooling.demo.flow.Demo`. The
    manager closes its batches: an office imports a few a month."""

    choices = {"channel": "folder", "batch_closes": "manual"}

    def _connect(self, company: int) -> int:
        """Pasted and mapped up to the step that asks for the folder."""
        mapped = self.inside("map")
        say(
            f"  {mapped['typed']} rows pasted, {mapped['confirmed']} of {mapped['mappings']} "
            f"mappings confirmed{there(mapped)}"
        )
        if mapped["step"] == "summary":  # nobody has to decide anything: the manager does
            self.session.call(
                "accountable.connection", "change_step", [mapped["connection"], "hand_over"]
            )
        return mapped["connection"]

    def wait(self, what: str) -> None:
        """Until the queue is worked off; then the batches close and go, an operator imports what
        lies in the folder, and the manager confirms it."""
        Demo.wait(self, what)
        with self.step("batches close and are handed over"):
            self._close_batches()
            say("  " + ", ".join(f"{number} {state}" for state, number in self.batches().items()))
        with self.step(f"the operator imports, {what}"):
            done = self.accountant.import_waiting()
            for imported in done:
                say(f"  {imported['name']}: {imported['said']}")
            if not done:
                say("  nothing lies in the folder")
        with self.step("the manager confirms"):
            say(f"  {self._confirm()} batches confirmed")

    def _batches_in(self, *states: str) -> list[int]:
        """Ids of the batches in these states that have documents."""
        rows = self._read(
            "accountable.batch",
            ["id"],
            ("state", "in", states),
            ("document_count", ">", 0),
            order="id",
        )
        return [row["id"] for row in rows]

    def _close_batches(self) -> None:
        """Each one in which something lies, and until all have left."""
        for batch in self._batches_in("open"):
            self.session.call("accountable.batch", "action_close", [batch])
        until = time.monotonic() + PATIENCE
        while self._batches_in("closed", "handing_over"):
            if time.monotonic() > until:
                raise SetUpError(f"The hand-over stands still: {self.batches()}\n{self.reasons()}")
            time.sleep(0.5)

    def _confirm(self) -> int:
        """What was handed over is in the books, says the operator; how many batches."""
        batches = self._batches_in("handed_over")
        for batch in batches:
            action = self.session.call("accountable.batch", "action_ask_confirmed", [batch])
            self.session.call(action["res_model"], "action_store", [action["res_id"]])
        return len(batches)

    def send_invoice(self) -> None:
        """Files go with their entries only."""

    def compared(self, books: dict):
        """Both sides' books beside each other, as those of a service, and what stands in Odoo
        alone on purpose: a document of zero, which the package takes of no customer."""
        with self.step("both books are compared"):
            odoo = [
                figures.booking_from_data(data)
                for data in self.inside("books", connection=self.connection)
            ]
            waits = [one for one in odoo if not one.key and not one.party_amount]
            odoo = [one for one in odoo if one not in waits]
            # what is matched in Odoo is told to nobody, and nothing is read back
            return compare(odoo, self.package.bookings(books), open_items=False), waits

    def tell(self) -> bool:
        """Compare, print the table and what happened; whether everything is right."""
        books = self.accountant.books()
        comparison, waits = self.compared(books)
        states = self.states()
        say()
        say(self.package.title)
        say("=" * len(self.package.title))
        for line in table.lines_of(comparison):
            say(line)
        say()
        for one in waits:
            say(f"  waits on purpose    {one.label}: its total is zero, which it does not take;")
            say("                      a person excludes it from export")
        say(f"  in the package      {self.package.contents(books)}")
        say(f"  the queue           {', '.join(f'{n} {s}' for s, n in states.items())}")
        say(f"  batches             {', '.join(f'{n} {s}' for s, n in self.batches().items())}")
        say()
        return comparison.agrees and states.get("failed", 0) == len(waits)
