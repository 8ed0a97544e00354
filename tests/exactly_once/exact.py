"""What goes wrong with Exact Online, its chain of tokens above all, and the entries of a division.

Each database has a consent of its own. A chain may end for two reasons only: Exact withdrew it, or
the answer to a refresh was lost, by the line or with the process that waited for it. The new token
was issued to nobody then, and the old one is used up: all that is left is a person who signs in
again. The driver is that person, and notes every chain that ended for no such reason.

Documents are invoices and bills, some with files; booked ones are changed and cancelled meanwhile.
"""

import os
import signal
import time
from collections import Counter

from sandbox.exact.switches import NO_LIMITS
from tests.exactly_once import people
from tests.exactly_once.company import Bills
from tests.exactly_once.faults import Faults, Stored
from tests.exactly_once.workers import (
    die_at_request,
    fork,
    is_at_work,
    wait_for,
    work_a_little,
)
from tooling.books.exact_side import key_of
from tooling.packages import load

JOURNALS = {"70": "sale", "60": "purchase"}
ENTRIES = "POST *entry/*Entries"
FILES = "POST documents/*"
ANYTHING = "*/*"
ANY_WRITE = "[PD]* *"
BUSINESS_TEXT = "Er is een fout opgetreden bij het verwerken van de boeking."
# Seconds: a slow answer comes after the client gave up.
PATIENCE = 0.1
SLOW = 0.25
# Faults in which the answer to a refresh may be lost, the process with it.
MAY_LOSE = {
    "refresh_answer_lost",
    "killed_while_refreshing",
    "killed_any_moment",
    "killed_at_request",
    "changed_and_killed",
    "cancelled_and_killed",
    "file_added_and_killed",
    "killed_at_commit",
    "killed_while_waiting",
}


class ExactFaults(Faults):
    package = load("exact")
    documents_per_round = 0.45
    has_token_chain = True
    changes_documents = True
    bills = Bills(journal="60", vat_code="A21")
    bookings = ENTRIES
    writes = ANY_WRITE

    def __init__(self, *arguments):
        super().__init__(*arguments)
        # Name of a database → why its chain may have ended, where we know that it may.
        self.ended: dict[str, str] = {}
        self.signed_in_again: Counter = Counter()
        self.lost_without_reason: list[str] = []
        self.people: Counter = Counter()

    def begin_second_half(self):
        """Entry numbers that are given are ignored, and nobody has learnt that yet."""
        self.control.post("switches", honour_entry_number=False)
        for database in self.databases:
            database.forget()

    # The service

    def order(self, kind, call=ENTRIES, **values):
        values = {"count": 1, "skip": self.dice.randrange(2), **values}
        self.control.post("faults", pattern=call, kind=kind, **values)

    def fault_answer_lost(self, database):
        self.order("after", self.dice.choice((ENTRIES, ANYTHING)))
        return [fork(work_a_little, database)]

    def fault_request_lost(self, database):
        self.order("before", self.dice.choice((ENTRIES, ANYTHING)))
        return [fork(work_a_little, database)]

    def fault_account_answer_lost(self, database):
        self.order("after", "*crm/*", skip=0)
        return [fork(work_a_little, database)]

    def fault_file_answer_lost(self, database):
        self.order(self.dice.choice(("before", "after", "garbage")), FILES, work=True)
        return [fork(work_a_little, database)]

    def fault_refused_for_now(self, database):
        self.order(
            "status",
            self.dice.choice((ENTRIES, ANYTHING)),
            status=self.dice.choice((500, 502, 503)),
            work=self.dice.choice((True, False)),
        )
        return [fork(work_a_little, database)]

    def fault_business_text(self, database):
        """Every second call is a 500 with a text nobody knows."""
        for _call in range(4):
            self.order(
                "business",
                ANYTHING,
                skip=1,
                text=BUSINESS_TEXT,
                work=self.dice.choice((True, False)),
            )
        return [fork(work_a_little, database)]

    def fault_too_many_calls(self, database):
        """429 without any header."""
        self.order("too-many", self.dice.choice((ENTRIES, ANYTHING)))
        return [fork(work_a_little, database)]

    def fault_quota_used_up(self, database):
        """429 with headers, in the middle of the work."""
        pid = fork(work_a_little, database)
        time.sleep(self.dice.uniform(0, 0.1))
        self.control.post("switches", rate_limits=True, calls_per_minute=1)
        wait_for([pid])
        self.control.post("switches", **NO_LIMITS)
        return []

    def fault_garbage(self, database):
        self.order(
            self.dice.choice(("html", "garbage", "empty")),
            ANYTHING,
            work=self.dice.choice((True, False)),
        )
        return [fork(work_a_little, database)]

    def fault_slow_answer(self, database):
        self.order("delay", self.dice.choice((ENTRIES, ANYTHING)), seconds=SLOW)
        wait_for([fork(work_impatiently, database)])
        self._let_end()
        return []

    def fault_killed_while_waiting(self, database):
        """Between the request and its answer; the work is done all the same."""
        self.order("delay", self.dice.choice((ENTRIES, FILES, "P* *")), seconds=SLOW, skip=0)
        pid = fork(work_a_little, database)
        while self.control.get("faults") and is_at_work(pid):
            time.sleep(0.01)
        os.kill(pid, signal.SIGKILL)
        wait_for([pid])
        self._let_end()
        return []

    def _let_end(self):
        """What the service still works on has ended, as it has in a minute."""
        if not self.control.get("faults"):
            time.sleep(SLOW)

    def fault_booked_by_hand(self, database):
        pids = [fork(work_a_little, database)]
        self.control.post(self._path("book-by-hand"), journal="70", amount=100, date="2026-03-01")
        self.by_hand += 1
        return pids

    # The chain of tokens

    def fault_token_expires(self, database):
        pid = fork(work_a_little, database)
        self.control.post("tokens/expire")
        return [pid]

    def fault_token_race(self, database):
        """Workers of one database find the token expired."""
        self.control.post("tokens/expire")
        return [
            fork(work_a_little, database),
            fork(people.ask, database),
            fork(people.ask, database),
        ]

    def fault_token_race_of_databases(self, _database):
        self.control.post("tokens/expire")
        return [
            fork(function, each)
            for each in self.databases
            for function in (work_a_little, people.ask)
        ]

    def fault_refresh_too_early(self, database):
        """The clock is ahead: two workers ask for a token before its time."""
        people.ask(database)
        people.age_token(database, 580)
        return [fork(work_a_little, database), fork(people.ask, database)]

    def fault_refresh_request_lost(self, database):
        self.control.post("tokens/expire")
        self.control.post("faults", pattern="token", kind="before")
        return [fork(work_a_little, database)]

    def fault_refresh_refused_for_now(self, database):
        self.control.post("tokens/expire")
        self.control.post("faults", pattern="token", kind=self.dice.choice(("status", "html")))
        return [fork(work_a_little, database)]

    def fault_refresh_answer_lost(self, database):
        self.control.post("tokens/expire")
        kind = self.dice.choice(("lost-token", "html", "garbage", "empty"))
        self.control.post("faults", pattern="token", kind=kind, work=True)
        wait_for([fork(work_a_little, database)])
        return [fork(work_a_little, database)]

    def fault_killed_while_refreshing(self, database):
        self.control.post("tokens/expire")
        place, skip = self.dice.choice(("before", "after")), self.dice.randrange(3)

        def dying():
            die_at_request(place, skip)
            work_a_little(database)

        wait_for([fork(dying)])
        return [fork(work_a_little, database)]

    def fault_consent_revoked(self, database):
        pid = fork(work_a_little, database)
        self.control.post("consents/revoke")
        self.ended.update({each.name: "withdrawn" for each in self.databases})
        wait_for([pid])
        return [fork(work_a_little, each) for each in self.databases]

    def fault_division_withdrawn(self, database):
        """From the consents: all are to be given anew."""
        pid = fork(work_a_little, database)
        self.control.post("consents/revoke", division=int(self.package.administration))
        self.ended.update({each.name: "withdrawn" for each in self.databases})
        return [pid]

    def fault_division_taken_and_given_back(self, database):
        """From the user, by the people of the office."""
        divisions = self.control.get("users/accountant")["divisions"]
        pid = fork(work_a_little, database)
        self.control.post(
            "users/accountant",
            divisions=[each for each in divisions if str(each) != self.package.administration],
        )
        wait_for([pid, fork(work_a_little, database)])
        self.control.post("users/accountant", divisions=divisions)
        return []

    # Documents that change

    def fault_changed_and_killed(self, database):
        self._person(database, people.change)
        return [self._dying(database, die_at_request)]

    def fault_changed_and_answer_lost(self, database):
        self._person(database, people.change)
        self.order(self.dice.choice(("before", "after", "html")), "P* *entry/*", work=True)
        return [fork(work_a_little, database)]

    def fault_changed_meanwhile(self, database):
        return [fork(work_a_little, database), *self._person(database, people.change, wait=False)]

    def fault_cancelled_and_killed(self, database):
        self._person(database, people.cancel)
        return [self._dying(database, die_at_request)]

    def fault_cancelled_and_answer_lost(self, database):
        self._person(database, people.cancel)
        self.order(self.dice.choice(("before", "after", "html")), "DELETE *", skip=0, work=True)
        return [fork(work_a_little, database)]

    def fault_file_added_and_killed(self, database):
        self._person(database, people.add_file)
        return [self._dying(database, die_at_request)]

    def _person(self, database, function, wait=True):
        """Somebody does something with a document that is booked, or is about to be."""
        ids = people.booked(database) if wait else database.move_ids
        if function is people.add_file:
            ids = [id_ for id_ in ids if id_ in database.bill_ids]
        if not ids:
            return []
        self.people[function.__name__] += 1
        values = [self.dice.choice(ids)]
        if function is people.change:
            values += [self.dice.choice(("price", "swap", "header")), self.people["change"]]
        if not wait:
            return [fork(function, database, *values)]
        function(database, *values)
        if function is not people.change:
            database.put_off_documents()
        return []

    # After each round

    def round(self):
        self.before = self._tokens()
        super().round()

    def pass_time(self, seconds):
        """Tokens are old by then: they are renewed when nothing goes wrong, so that every chain
        that ends has its reason in a fault."""
        super().pass_time(seconds)
        for database in self.databases:
            people.ask(database)

    def _tokens(self):
        """``(token calls so far, {database: its refresh token})``."""
        owners = self.control.get("calls")["owners"]
        calls = sum(calls.get("token", 0) for calls in owners.values())
        return calls, {each.name: people.refresh_token(each) for each in self.databases}

    def recover(self):
        """A chain that may have ended is asked for at once; where it has ended the connection wants
        a new consent, and a person gives it. Somebody decides what was left half changed."""
        calls, tokens = self._tokens()
        before, known = getattr(self, "before", (calls, tokens))
        kind = self.kind if calls > before else ""
        if kind in MAY_LOSE:
            for name, token in tokens.items():
                if token == known[name]:
                    self.ended.setdefault(name, "answer lost")
        for database in self.databases:
            if kind or self.ended:
                people.ask(database)
        for database in self.databases:
            why, lost = self.ended.get(database.name, ""), database.is_lost()
            # a division that is missing shows when documents are sent there
            if lost or why != "withdrawn":
                self.ended.pop(database.name, None)
            if lost and not why:
                self.lost_without_reason.append(f"{database.name} {self.kind}")
            if lost:
                self.signed_in_again[why] += 1
                people.let_in_again(database, self.package, self.control.root)
        self._decide()

    def _decide(self):
        for database in self.databases:
            questions = database.questions()
            self.people["decide"] += questions
            if questions:
                people.decide(database)

    # The books

    def stored(self):
        return [
            Stored(
                key_of(entry),
                entry["external_link"] or "",
                entry["description"] or "",
                f"{abs(float(entry['amount_fc'])):.2f}",
            )
            for entry in self._entries()
        ]

    def checks(self):
        """Entries that are not what Odoo has; accounts and files that are there twice; how often
        somebody had to sign in again, and why."""
        codes = Counter(
            account.get("SearchCode")
            for account in self.control.get(self._path("accounts"))
            if account.get("SearchCode")
        )
        entries = {key_of(entry): entry for entry in self._entries()}
        wrong = []
        for database in self.databases:
            figures, bound = people.figures(database), database.bound()
            for key, name in bound.items():
                if key in entries and name in figures:
                    wrong += [
                        f"{database.name} {name}: {problem}"
                        for problem in differences(figures[name], entries[key])
                    ]
        attachments = self.control.get(self._path("attachments"))
        places = {entry["document"] for entry in entries.values()}
        orphans = [row for row in attachments if row["document"] not in places and not row["entry"]]
        return {
            "accounts_twice": [code for code, number in codes.items() if number > 1],
            "wrong": wrong,
            "files": len(attachments),
            "orphan_files": len(orphans),
            "signed_in_again": dict(self.signed_in_again),
            "people": dict(self.people),
            "lost_without_reason": self.lost_without_reason,
        }

    def _entries(self):
        return [
            entry
            for entry in self.control.get(self._path("entries"))
            if entry["journal"] in JOURNALS
        ]

    def _path(self, name):
        return f"divisions/{self.package.administration}/{name}"


def differences(figures: dict, entry: dict) -> list[str]:
    """What an entry holds otherwise than its document in Odoo, files and texts included. A file
    that Odoo has no more (the PDF of before a change) stays in the administration."""
    lines = sorted(
        [f"{abs(float(line['document_amount'])):.2f}", line["text"]]
        for line in entry["lines"]
        if line["role"] == "base"
    )
    held = {"lines": lines, "payment_reference": entry["payment_reference"] or ""}
    wrong = [
        f"{name} {held[name]} instead of {figures[name]}"
        for name in held
        if held[name] != figures[name]
    ]
    files = Counter(file["sha256"] for file in entry["files"])
    wrong += [f"file {name} is not there" for name, mark in figures["files"] if mark not in files]
    wrong += [f"a file is there {count} times" for count in files.values() if count > 1]
    return wrong


def work_impatiently(database) -> None:
    """A worker whose client waits a moment only."""
    from odoo.addons.accountable_connect_exact.api.client import ExactClient

    ExactClient.__init__.__kwdefaults__["timeout"] = PATIENCE
    work_a_little(database)


FAULTS = ExactFaults
