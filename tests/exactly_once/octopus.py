"""What goes wrong with Octopus, and the sales bookings of its dossier."""

from tests.exactly_once.faults import Faults, Stored
from tests.exactly_once.workers import fork, work_a_little
from tooling.packages import load

JOURNAL = "V1"


class OctopusFaults(Faults):
    """Two databases share a dossier: external numbers are kept apart by an offset."""

    package = load("octopus")
    documents_per_round = 0.55
    numbers_are_ours = True
    bookings = "insertBuySellBooking"
    writes = "insert*"

    def order(self, kind, call=bookings, **values):
        self.control.post(
            "faults", operation=call, kind=kind, count=1, skip=self.dice.randrange(2), **values
        )

    def fault_answer_lost(self, database):
        self.order("after")
        return [fork(work_a_little, database)]

    def fault_request_lost(self, database):
        self.order("before")
        return [fork(work_a_little, database)]

    def fault_relation_answer_lost(self, database):
        self.order("after", "*elation*")
        return [fork(work_a_little, database)]

    def fault_refused_for_now(self, database):
        self.order(
            "status",
            self.dice.choice(("insertBuySellBooking", "*")),
            status=self.dice.choice((429, 500, 502, 503)),
            work=self.dice.choice((True, False)),
        )
        return [fork(work_a_little, database)]

    def fault_garbage(self, database):
        self.order(
            self.dice.choice(("html", "garbage", "empty")),
            "*",
            work=self.dice.choice((True, False)),
        )
        return [fork(work_a_little, database)]

    def fault_token_expires(self, database):
        pid = fork(work_a_little, database)
        self.control.post("tokens/expire")
        return [pid]

    def fault_number_taken(self, database):
        pids = [fork(work_a_little, database)]
        self.control.post(self._path("book-by-hand"), journalKey=JOURNAL, date="2026-03-01")
        self.by_hand += 1
        return pids

    def stored(self):
        return [
            Stored(
                f"{row['bookyearId']}/{JOURNAL}/{row['documentSequenceNr']}",
                row["payload"].get("orderReference") or "",
                row["comment"] or "",
                row["amount"],
            )
            for row in self._rows()
        ]

    def checks(self):
        """Numbers between which one is missing."""
        numbers = {(row["bookyearId"], row["documentSequenceNr"]) for row in self._rows()}
        return {
            "gaps": [
                f"{year}/{number}"
                for year, number in sorted(numbers)
                if number > 1 and (year, number - 1) not in numbers
            ]
        }

    def _rows(self):
        return [
            row for row in self.control.get(self._path("bookings")) if row["journalKey"] == JOURNAL
        ]

    def _path(self, name):
        return f"dossiers/{self.package.administration}/{name}"


FAULTS = OctopusFaults
