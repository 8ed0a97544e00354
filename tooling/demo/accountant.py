"""What the accountant does in a package's sandbox once the documents are there: payments, set-off,
a doubtful debtor. Over the sandbox's control endpoint, as a person does it in the application."""

from tooling.demo import documents

DATE = "2026-06-26"
DOUBTFUL_DATE = "2026-06-29"


class Accountant:
    """``keys`` maps a document of the demo to its key in the administration, ``moves`` to its id in
    Odoo. What a package calls its actions is up to its subclass; ``administrations`` is what the
    sandbox's control endpoint calls the administrations."""

    administrations: str

    def __init__(
        self,
        control,
        administration: str,
        keys: dict[str, str] | None = None,
        moves: dict[str, int] | None = None,
    ):
        self.control = control
        self.administration = administration
        self.keys = keys or {}
        self.moves = moves or {}

    def work(self) -> dict[str, int]:
        """Everything; gives how many of each sort."""
        done = {"set-off": self.set_off_credit_notes()}
        payments = (
            (["V02"], None),
            (["V17"], None),
            (["V20"], None),
            (["V25"], None),
            (["V27"], None),
            (["V03"], 50),  # in part
            (["V04", "V18"], None),  # two invoices in one payment
            (["V19"], 40),  # a few euro too much
            (["V22"], 1000),
            (["A02"], None),
            (["A03"], None),
            (["A05"], 1000),
            (["A12", "A14"], None),
        )
        for invoices, amount in payments:
            self.pay([self.keys[key] for key in invoices], amount)
        done["payments"] = len(payments)
        self.doubtful(self.keys["V38"], DOUBTFUL_DATE)
        self.unmatch(self.keys["V20"])
        return {**done, "doubtful": 1, "taken back": 1}

    def set_off_credit_notes(self) -> int:
        """Match every credit note with the document it corrects."""
        pairs = [
            (document.corrects, document.key)
            for document in (*documents.SALES, *documents.PURCHASES, *documents.LATER)
            if document.corrects
        ]
        for invoice, credit in pairs:
            self.set_off(self.keys[invoice], self.keys[credit])
        return len(pairs)

    def books(self) -> dict:
        """The whole books, as the sandbox shows them."""
        return self.read("books")

    def read(self, name: str):
        """A part of the books."""
        return self.control.get(f"{self.administrations}/{self.administration}/{name}")

    def act(self, action: str, **values):
        """Do one thing in the administration."""
        return self.control.post(f"{self.administrations}/{self.administration}/{action}", **values)

    # The package's own; ``key`` is a key in the administration

    def files(self, key: str) -> list[dict]:
        """``{"name", "sha256"}`` of the files that the administration has with a document."""
        raise NotImplementedError

    def cost_centres(self, key: str) -> dict:
        """Cost centre → amount on the base lines of a document, text."""
        raise NotImplementedError

    def has_worked(self) -> bool:
        """Whether anything was matched already: a second demo must not pay twice."""
        raise NotImplementedError

    def open_items(self) -> list[str]:
        """Keys of the documents that are open."""
        raise NotImplementedError

    def pay(self, keys: list[str], amount: float | None = None) -> None:
        """One bank line for documents of one party; all that is open unless told otherwise."""
        raise NotImplementedError

    def set_off(self, invoice: str, credit: str) -> None:
        """Match a credit note with what it corrects."""
        raise NotImplementedError

    def doubtful(self, key: str, date: str) -> None:
        """Move what is open of an invoice to the doubtful debtors."""
        raise NotImplementedError

    def unmatch(self, key: str) -> None:
        """Take back what was matched with a document."""
        raise NotImplementedError

    def bring_in(self, count: int) -> bool:
        """Bring in open items of earlier books; False where the sandbox has no such thing."""
        return False

    def rename_vat_code(self, code: str) -> None:
        """Call a VAT code otherwise, by an N at its end; its bookings keep the old one."""
        raise NotImplementedError

    def add_account(self, code: str, name: str) -> None:
        """Open a ledger account, as one opens one that is nothing special."""
        raise NotImplementedError

    def entries(self) -> dict[str, tuple]:
        """Every entry of the books, those of banks too: key → ``((year, month), {box: amount})``,
        amounts as text."""
        raise NotImplementedError

    def enter_bill(self, party: str, reference: str, net: float, date: str, account: str) -> None:
        """Enter a bill of ``net`` and 21 % VAT by hand; ``party`` is a key."""
        raise NotImplementedError

    def close_months(self, year: int, months: range, closed: bool = True) -> None:
        """Close the months of a year up to the last of these, or open them."""
        raise NotImplementedError

    def close_year(self, year: int, closed: bool = True) -> None:
        """Close a year, or open it."""
        raise NotImplementedError

    def renumber(self, key: str, number: int) -> str:
        """Give a document another number; its new key. Not every package lets one."""
        raise NotImplementedError

    def recode(self, key: str, account: str) -> None:
        """Move the first line of a document to another ledger account."""
        raise NotImplementedError
