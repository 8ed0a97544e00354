"""What the cases of all packages share that stand on one of our sandboxes."""

from abc import abstractmethod
from decimal import Decimal

from . import case

FAULTS = {
    case.ANSWER_LOST: {"kind": "after"},
    case.LATE: {"kind": "late", "seconds": 40},
    case.NOTHING_DONE: {"kind": "before"},
    case.SERVER_ERROR: {"kind": "status", "status": 503},
    case.SERVER_ERROR_DONE: {"kind": "status", "status": 502, "work": True},
    case.HTML: {"kind": "html", "status": 200},
    case.GARBAGE: {"kind": "garbage"},
    case.HUGE: {"kind": "huge"},
    case.EMPTY: {"kind": "empty"},
}


class SandboxCase(case.PackageCase):
    """An administration on a fresh sandbox; ``service`` is what runs there."""

    administration: int
    switches: dict = {}
    # The sandbox's names of the calls that a fault may hit.
    operations: dict[str, str]
    # The fault that is the package's answer beyond a limit.
    limit: dict

    def __init__(self):
        super().__init__()
        self.server = self.serve()
        self.server.__enter__()
        self.service = self.server.service

    @abstractmethod
    def serve(self):
        """A sandbox, not started yet."""

    @abstractmethod
    def lines(self, key: str) -> list[dict]:
        """The lines of a document's entry: ``account``, ``role``, and as texts ``amount`` and
        ``document_amount``."""

    def act(self, action, **values):
        """Do what a person does in the application."""
        return self.server.act(self.administration, action, **values)

    def pass_time(self, seconds):
        self.service.clock.advance(seconds)

    def close(self):
        self.server.__exit__(None, None, None)

    def entry(self, key):
        amounts = {}
        for line in self.lines(key):
            account = line["account"]
            amounts[account] = amounts.get(account, Decimal(0)) + Decimal(line["amount"])
        return {account: amount for account, amount in amounts.items() if amount}

    def document_currency_total(self, key):
        return sum(
            (
                Decimal(line["document_amount"])
                for line in self.lines(key)
                if line["role"] == "party"
            ),
            Decimal(0),
        )

    def fault(self, target, kind, count=1):
        fault = self.limit if kind == case.LIMIT else FAULTS[kind]
        self.service.faults.add(self.operations[target], count=count, **fault)
