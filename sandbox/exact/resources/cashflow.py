"""What customers owe and what is owed to suppliers: terms, lists of open items, ageing, batches.

Signs: with the switch ``receivable_sign`` ``positive`` an open sales invoice has a positive
``AmountDC``, with ``negative`` a negative one, as live data of one integration shows; an open
purchase invoice is positive either way, and credit notes and unmatched payments are the opposite of
the invoices they stand beside [choice]. ``TransactionAmountDC`` is the total of the entry with the
sign of its ledger line on sales, the opposite on purchases, whatever the switch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from ...kit.amounts import ZERO, loaded
from .. import terms
from ..chart import PAYABLE, RECEIVABLE
from ..division import Division, as_day, decode
from ..resource import BusinessError, Hints, Missing, Resource, Row
from .base import Computed
from .ledger import ENTRY_ENTITIES, Names, invoice_number

RECEIVABLES, PAYMENTS = "cashflow/Receivables", "cashflow/Payments"
BULK = {
    "bulk/Cashflow/Receivables": RECEIVABLE,
    "bulk/Cashflow/Payments": PAYABLE,
    RECEIVABLES: RECEIVABLE,
    PAYMENTS: PAYABLE,
}
WRITABLE = {
    RECEIVABLE: ("Description", "PaymentMethod", "PaymentReference"),
    PAYABLE: ("Description", "PaymentMethod", "PaymentReference", "AccountBankAccountID"),
}
_ENTITIES = ", ".join(f"'{entity}'" for entity in ENTRY_ENTITIES)
SELECT = f"""
SELECT t.*, t.rowid number, d.identity entry_id, d.journal, d.number entry_number, d.book_year,
 d.period, d.date, d.due_date document_due_date, d.currency, d.rate, d.kind,
 d.reference your_ref, d.comment, e.identity line_id, e.text,
 e.reference our_ref, e.amount line_amount,
 e.document_amount line_document_amount, r.data head,
 (SELECT x.reference FROM term o JOIN document x ON x.id = o.document
   WHERE o.matched_with = t.matched_with AND o.id <> t.id LIMIT 1) matched_reference
 FROM term t JOIN document d ON d.id = t.document
 JOIN entry e ON e.document = t.document AND e.sequence = t.sequence
 JOIN record r ON r.administration = t.administration AND r.id = d.identity
  AND r.entity IN ({_ENTITIES})
 WHERE t.administration = ? """


def sign_of(division: Division, line_type: int) -> int:
    """What a ledger amount is multiplied by in ``AmountDC``."""
    if line_type == PAYABLE:
        return -1
    return -1 if division.switch("receivable_sign") == "negative" else 1


class TermNames(Names):
    """Names for a list of terms, with the signs of its amounts."""

    def __init__(self, division: Division):
        super().__init__(division)
        self._signs = {
            line_type: sign_of(division, line_type) for line_type in (RECEIVABLE, PAYABLE)
        }

    def sign(self, line_type: int) -> int:
        """What a ledger amount is multiplied by."""
        return self._signs[line_type]


def term_row(division: Division, names: TermNames, found: Any) -> Row:
    """A term as ``sync/Cashflow/PaymentTerms`` shows it."""
    head = names.head(found["head"])
    party, account = names.party(found["party"]), names.account(found["account"])
    sign = names.sign(found["line_type"])
    whole = 1 if found["line_type"] == RECEIVABLE else -1
    row = {
        "ID": found["id"],
        "Timestamp": found["version"],
        "LineType": found["line_type"],
        "Division": division.code,
        "Status": found["status"],
        "IsFullyPaid": bool(found["fully_paid"]),
        "EntryID": found["part"],
        "TransactionEntryID": found["entry_id"],
        "TransactionID": found["line_id"],
        "AmountDC": sign * loaded(found["amount"]),
        "AmountFC": sign * loaded(found["document_amount"]),
        "TransactionAmountDC": whole * loaded(found["line_amount"]),
        "TransactionAmountFC": whole * loaded(found["line_document_amount"]),
        "AmountDiscountDC": ZERO,
        "AmountDiscountFC": ZERO,
        "Currency": found["currency"],
        "RateFC": Decimal(found["rate"]),
        "DueDate": as_day(found["due_date"]),
        "TransactionDueDate": as_day(found["document_due_date"] or found["due_date"]),
        "InvoiceDate": as_day(found["date"]),
        "EntryDate": as_day(found["date"]),
        "LastPaymentDate": as_day(found["last_payment_date"]),
        "EndDate": as_day(found["end_date"]),
        "EndYear": found["end_year"],
        "EndPeriod": found["end_period"],
        "EntryNumber": found["entry_number"],
        "InvoiceNumber": (invoice_number(found, found["our_ref"], head) or found["entry_number"]),
        "OrderNumber": head.get("OrderNumber"),
        "Journal": found["journal"],
        "JournalDescription": names.journal(found["journal"]),
        # A cash flow line that closes an invoice shows that invoice's reference.
        "YourRef": found["your_ref"] or found["matched_reference"],
        "Description": found["text"] or found["comment"],
        "PaymentReference": head.get("PaymentReference"),
        "PaymentMethod": head.get("PaymentConditionPaymentMethod") or "B",
        "PaymentCondition": head.get("PaymentCondition"),
        "PaymentConditionDescription": head.get("PaymentConditionDescription"),
        "TransactionType": head.get("Type"),
        "TransactionStatus": head.get("Status"),
        "TransactionIsReversal": bool(head.get("Reversal")),
        "TransactionReportingYear": found["book_year"],
        "TransactionReportingPeriod": found["period"],
        "Document": head.get("Document"),
        "DocumentNumber": head.get("DocumentNumber"),
        "DocumentSubject": head.get("DocumentSubject"),
        "Source": 1,
        "Account": found["party"],
        "AccountCode": party.get("Code"),
        "AccountName": party.get("Name"),
        "AccountCountry": party.get("Country"),
        "GLAccount": account.get("ID"),
        "GLAccountCode": found["account"],
        "GLAccountDescription": account.get("Description"),
        "Created": head.get("Created"),
        "Creator": head.get("Creator"),
        "CreatorFullName": head.get("CreatorFullName"),
        "Modified": head.get("Modified"),
        "Modifier": head.get("Modifier"),
        "ModifierFullName": head.get("ModifierFullName"),
    }
    return row if found["data"] == "{}" else {**row, **decode(found["data"])}


def read_terms(division: Division, condition: str = "", *values: Any) -> Iterator[Row]:
    """Terms under a condition on term ``t`` and document ``d``."""
    names = TermNames(division)
    for found in division.store.rows(SELECT + condition, division.code, *values):
        yield term_row(division, names, found)


def changed_terms(division: Division, after: int, size: int = 1200) -> Iterator[Row]:
    """Terms above a row version, in its order, read in blocks."""
    names = TermNames(division)
    while True:
        block = division.store.rows(
            SELECT + "AND t.version > ? ORDER BY t.version LIMIT ?", division.code, after, size
        )
        for found in block:
            yield term_row(division, names, found)
        if len(block) < size:
            return
        after = block[-1]["version"]


class Terms(Resource):
    """Receivables or payments: open and closed terms of one side."""

    def __init__(self, entity: str):
        self.entity, self.line_type = entity, BULK[entity]

    def rows(self, division: Division, hints: Hints) -> Iterable[Row]:
        condition, values = "AND t.line_type = ?", [self.line_type]
        for name, column in (
            ("TransactionEntryID", "d.identity"),
            ("ID", "t.id"),
            ("Account", "t.party"),
            ("Status", "t.status"),
        ):
            if name in hints.equals:
                condition += f" AND {column} = ?"
                values.append(hints.equals[name])
        return read_terms(division, f"{condition} ORDER BY t.id", *values)

    def get(self, division: Division, key: Any) -> Row:
        for row in read_terms(
            division, "AND t.id = ? AND t.line_type = ?", str(key).lower(), self.line_type
        ):
            return row
        raise Missing(f"{self.entity} {key}")

    def update(self, division: Division, key: Any, values: Row) -> None:
        row = self.get(division, key)
        found = division.store.row("SELECT data FROM term WHERE id = ?", row["ID"])
        bank = values.get("AccountBankAccountID")
        if bank:
            division.reference("crm/BankAccounts", bank, "bank_account")
        changes = {name: values[name] for name in WRITABLE[self.line_type] if name in values}
        if changes:
            terms.change(division, row["ID"], data={**decode(found["data"]), **changes})


class ProcessPayments(Resource):
    """Puts selected payments in a batch (Status 40); no bank file is made."""

    entity = "cashflow/ProcessPayments"

    def create(self, division: Division, values: Row) -> Row:
        keys = values.get("PaymentIDs") or []
        if not keys:
            raise BusinessError("mandatory", "payments")
        with division.store.transaction():
            for key in keys:
                row = next(
                    iter(
                        read_terms(division, "AND t.id = ? AND t.line_type = 22", str(key).lower())
                    ),
                    None,
                )
                if row is None or row["Status"] not in (terms.OPEN, terms.SELECTED):
                    raise BusinessError("invalid_reference", "payments")
                terms.change(division, row["ID"], status=terms.IN_PROCESS)
        return {
            "ID": division.guid(self.entity, division.next_version()),
            "PaymentIDs": keys,
            "SuccessMessage": f"{len(keys)}",
            "ErrorMessage": None,
        }


class OpenItems(Resource):
    """ReceivablesList or PayablesList: what is open, one row per term; key ``HID``."""

    def __init__(self, entity: str, line_type: int):
        self.entity, self.line_type = entity, line_type

    def rows(self, division: Division, hints: Hints) -> Iterable[Row]:
        return open_items(division, self.line_type)

    def get(self, division: Division, key: Any) -> Row:
        for row in open_items(division, self.line_type):
            if row["HID"] == int(key):
                return row
        raise Missing(f"{self.entity} {key}")


def open_items(division: Division, line_type: int) -> Iterator[Row]:
    """Open terms of one side; amounts in the currency of the entry."""
    names = TermNames(division)
    for found in division.store.rows(
        SELECT + "AND t.line_type = ? AND t.status <> 50 ORDER BY t.rowid", division.code, line_type
    ):
        row = term_row(division, names, found)
        cash = found["kind"] in ("bank", "cash")
        yield {
            "HID": found["number"],
            "Id": row["ID"],
            "AccountId": row["Account"],
            "AccountCode": row["AccountCode"],
            "AccountName": row["AccountName"],
            "Amount": row["AmountFC"],
            "AmountInTransit": row["AmountFC"] if found["status"] == terms.IN_PROCESS else ZERO,
            "CurrencyCode": row["Currency"],
            "Description": row["Description"],
            "DueDate": row["DueDate"],
            "EntryNumber": row["EntryNumber"],
            "InvoiceDate": row["InvoiceDate"],
            "InvoiceNumber": row["InvoiceNumber"],
            "JournalCode": row["Journal"],
            "JournalDescription": row["JournalDescription"],
            "YourRef": None if cash else row["YourRef"],
            "ApprovalStatus": None,
        }


AGE_GROUPS = ((1, 30), (31, 60), (61, 90), (91, None))


def _ageing(line_type: int):
    def rows(division: Division) -> Iterable[Row]:
        today, found = division.today(), {}
        for item in open_items(division, line_type):
            row = found.setdefault(
                (item["AccountId"], item["CurrencyCode"]),
                {
                    "AccountId": item["AccountId"],
                    "AccountCode": item["AccountCode"],
                    "AccountName": item["AccountName"],
                    "CurrencyCode": item["CurrencyCode"],
                    "TotalAmount": ZERO,
                    **{f"AgeGroup{group}Amount": ZERO for group in range(1, 5)},
                    **{f"AgeGroup{group}": group for group in range(1, 5)},
                    **{
                        f"AgeGroup{group}Description": f"{low} - {high}" if high else f"> {low - 1}"
                        for group, (low, high) in enumerate(AGE_GROUPS, 1)
                    },
                },
            )
            days = (today - (item["DueDate"] or today)).days
            group = next(
                index
                for index, (_low, high) in enumerate(AGE_GROUPS, 1)
                if high is None or days <= high
            )
            row[f"AgeGroup{group}Amount"] += item["Amount"]
            row["TotalAmount"] += item["Amount"]
        return found.values()

    return rows


def _overview(division: Division) -> Iterable[Row]:
    today, found = division.today(), {}
    for side, line_type in (("Receivable", RECEIVABLE), ("Payable", PAYABLE)):
        for item in open_items(division, line_type):
            row = found.setdefault(
                item["CurrencyCode"],
                {
                    "CurrencyCode": item["CurrencyCode"],
                    **{
                        f"{state}{name}Invoice{figure}": ZERO if figure == "Amount" else Decimal(0)
                        for state in ("Outstanding", "Overdue")
                        for name in ("Receivable", "Payable")
                        for figure in ("Amount", "Count")
                    },
                },
            )
            for state in ("Outstanding", "Overdue"):
                if state == "Outstanding" or (item["DueDate"] or today) < today:
                    row[f"{state}{side}InvoiceAmount"] += item["Amount"]
                    row[f"{state}{side}InvoiceCount"] += 1
    return found.values()


RESOURCES = (
    *(Terms(entity) for entity in BULK),
    ProcessPayments(),
    OpenItems("read/financial/ReceivablesList", RECEIVABLE),
    OpenItems("read/financial/PayablesList", PAYABLE),
    Computed("read/financial/AgingReceivablesList", ("AccountId",), _ageing(RECEIVABLE)),
    Computed("read/financial/AgingPayablesList", ("AccountId",), _ageing(PAYABLE)),
    Computed("read/financial/OutstandingInvoicesOverview", ("CurrencyCode",), _overview),
)
