"""What the accountant does in the Octopus sandbox once the documents are there: payments, set-off,
a doubtful debtor. Over the sandbox's control endpoint, as a person does it in the application."""

import requests

from tooling.demo import documents

DOSSIER = 70123
TIMEOUT = 60


class Accountant:
    """``keys`` maps a document of the demo to its key in the administration (``9/V1/3``), ``moves``
    to its id in Odoo."""

    def __init__(self, sandbox_url: str, keys: dict[str, str], moves: dict[str, int] | None = None):
        self.root = f"{sandbox_url.rstrip('/')}/sandbox/control/dossiers/{DOSSIER}"
        self.keys = keys
        self.moves = moves or {}
        self.http = requests.Session()
        self.http.trust_env = False

    def books(self) -> dict:
        """The whole books of the dossier."""
        return self._answer(self.http.get(f"{self.root}/books", timeout=TIMEOUT))

    def files(self, document: str) -> list[str]:
        """Names of the files that the administration has with a document."""
        key = self.key(document)
        rows = self._answer(self.http.get(f"{self.root}/attachments", timeout=TIMEOUT))
        return [row["name"] for row in rows if all(row[name] == key[name] for name in key)]

    def has_worked(self) -> bool:
        """Whether anything was matched already: a second demo must not pay twice."""
        return bool(self._answer(self.http.get(f"{self.root}/matches", timeout=TIMEOUT)))

    def work(self) -> dict[str, int]:
        """Everything; gives how many of each sort."""
        done = {"set-off": self.set_off_credit_notes()}
        payments = (
            (["V02"], {}), (["V17"], {}), (["V20"], {}), (["V25"], {}), (["V27"], {}),
            (["V03"], {"amount": 50}),               # in part
            (["V04", "V18"], {}),                    # two invoices in one payment
            (["V19"], {"amount": 40}),               # a few euro too much
            (["V22"], {"amount": 1000}),
            (["A02"], {}), (["A03"], {}), (["A05"], {"amount": 1000}), (["A12", "A14"], {}),
        )
        for invoices, values in payments:
            self.pay(invoices, **values)
        done["payments"] = len(payments)
        self.act("doubtful", invoice=self.key("V38"), date="2026-06-29")
        self.act("unmatch", document=self.key("V20"))
        return {**done, "doubtful": 1, "taken back": 1}

    def set_off_credit_notes(self) -> int:
        """Match every credit note with the document it corrects."""
        pairs = [(document.corrects, document.key) for document in
                 (*documents.SALES, *documents.PURCHASES, *documents.LATER) if document.corrects]
        for invoice, credit in pairs:
            self.act("set-off", invoice=self.key(invoice), credit=self.key(credit))
        return len(pairs)

    def pay(self, invoices: list[str], **values) -> dict:
        """One bank line for documents of one relation; all that is open unless told otherwise."""
        return self.act("pay", invoices=[self.key(key) for key in invoices], date="2026-06-26",
                        **values)

    def key(self, document: str) -> dict:
        """How the control endpoint names a booking."""
        book_year, journal, number = self.keys[document].split("/")
        return {"bookyearId": int(book_year), "journalKey": journal,
                "documentSequenceNr": int(number)}

    def act(self, action: str, **values) -> dict:
        """Do one thing; a refusal of the sandbox is an error of the demo."""
        return self._answer(self.http.post(f"{self.root}/{action}", json=values, timeout=TIMEOUT))

    def _answer(self, answer):
        if not answer.ok:
            raise RuntimeError(f"{answer.request.url}: {answer.text}")
        return answer.json()
