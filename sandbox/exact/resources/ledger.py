"""The ledger: transaction lines and heads of every entry, and balances.

Line 0 is the line on the receivable, payable, bank or cash account; the others follow in the order
of the entry. ``LineType`` is not published: 0 for line 0, 1 for an ordinary line, 2 for VAT
[choice]. ``OffsetID`` of a line on a receivable or payable account is a line it is matched with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from ...kit.amounts import loaded
from .. import heads
from ..division import Division, as_day, decode
from ..resource import Hints, Missing, Resource, Row

LINES = "financialtransaction/TransactionLines"
HEADS = "financialtransaction/Transactions"
ENTRY_ENTITIES = (
    "salesentry/SalesEntries",
    "purchaseentry/PurchaseEntries",
    "generaljournalentry/GeneralJournalEntries",
    "financialtransaction/BankEntries",
    "financialtransaction/CashEntries",
)
VAT_TYPES = {  # (sale, refund): base, VAT owed, VAT deductible, VAT that became cost
    (True, False): ("V", "A", "O", "N"),
    (True, True): ("X", "Z", "Q", "M"),
    (False, False): ("I", "P", "O", "N"),
    (False, True): ("W", "Y", "Q", "M"),
}
_ENTITIES = ", ".join(f"'{entity}'" for entity in ENTRY_ENTITIES)
SELECT = f"""
SELECT e.*, d.book_year, d.journal, d.number, d.period, d.date, d.due_date, d.currency, d.rate,
 d.kind, d.identity entry_id, d.reference head_reference, d.comment, d.created, r.data head,
 (SELECT o.identity FROM matching m JOIN entry o
   ON o.id = CASE WHEN m.debit = e.id THEN m.credit ELSE m.debit END
   WHERE m.debit = e.id OR m.credit = e.id ORDER BY m.id LIMIT 1) matched_line
 FROM entry e JOIN document d ON d.id = e.document
 JOIN record r ON r.administration = d.administration AND r.id = d.identity
  AND r.entity IN ({_ENTITIES})
 WHERE d.administration = ? """


class Names:
    """Names of relations, accounts and codes, read once for a list."""

    def __init__(self, division: Division):
        self.division = division
        self.parties: dict[str, Row] = {}
        self._accounts: dict[str, Row] | None = None
        self._journals: dict[str, str] | None = None
        self._without_vat: set[str] | None = None
        self._head: tuple[str, Row] = ("", {})

    @property
    def without_vat(self) -> set[str]:
        """The VAT codes of Type N."""
        if self._without_vat is None:
            self._without_vat = {
                row["Code"] for row in self.division.all("vat/VATCodes") if row["Type"] == "N"
            }
        return self._without_vat

    def head(self, text: str) -> Row:
        """The head of an entry; the lines of one entry follow each other."""
        if self._head[0] != text:
            self._head = text, decode(text)
        return self._head[1]

    def party(self, key: str | None) -> Row:
        """The relation of a guid, or nothing."""
        if not key:
            return {}
        if key not in self.parties:
            self.parties[key] = self.division.find("crm/Accounts", key) or {}
        return self.parties[key]

    def account(self, code: str) -> Row:
        """The ledger account of a code."""
        if self._accounts is None:
            self._accounts = {row["Code"]: row for row in self.division.all("financial/GLAccounts")}
        return self._accounts.get(code, {})

    def journal(self, code: str) -> str | None:
        """The name of a journal."""
        if self._journals is None:
            self._journals = {
                row["Code"]: row["Description"] for row in self.division.all("financial/Journals")
            }
        return self._journals.get(code)


def transaction_line(division: Division, names: Names, found: Any) -> Row:
    """A ledger line as the service shows it."""
    head = names.head(found["head"])
    account, party = names.account(found["account"]), names.party(found["party"])
    number = max(found["sequence"], 0)
    row = {
        "ID": found["identity"],
        "EntryID": found["entry_id"],
        "EntryNumber": found["number"],
        "LineNumber": number,
        "LineType": 0 if number == 0 else 1 if found["role"] in ("base", "line", "cost") else 2,
        "Type": head.get("Type"),
        "Status": head.get("Status", heads.OPEN),
        "JournalCode": found["journal"],
        "JournalDescription": names.journal(found["journal"]),
        "Date": as_day(found["date"]),
        "FinancialYear": found["book_year"],
        "FinancialPeriod": found["period"],
        "GLAccount": account.get("ID"),
        "GLAccountCode": found["account"],
        "GLAccountDescription": account.get("Description"),
        "AmountDC": loaded(found["amount"]),
        "AmountFC": loaded(found["document_amount"]),
        "Currency": found["currency"],
        "ExchangeRate": Decimal(found["rate"]),
        "Description": found["text"] or found["comment"],
        "OffsetID": found["matched_line"],
        "CostCenter": found["cost_centre"],
        "CostUnit": found["cost_unit"],
        "VATCode": found["vat_code"],
        "VATType": _vat_type(names, found),
        "InvoiceNumber": invoice_number(found, found["reference"], head),
        "OrderNumber": head.get("OrderNumber"),
        "YourRef": found["head_reference"],
        "PaymentReference": head.get("PaymentReference"),
        "Document": head.get("Document"),
        "DocumentNumber": head.get("DocumentNumber"),
        "DocumentSubject": head.get("DocumentSubject"),
        "ExternalLinkReference": head.get("ExternalLinkReference"),
        "DueDate": as_day(found["due_date"]),
        "Timestamp": found["version"],
        "Division": division.code,
        "Created": head.get("Created"),
        "Modified": head.get("Modified"),
        "Creator": head.get("Creator"),
        "Modifier": head.get("Modifier"),
        "CreatorFullName": head.get("CreatorFullName"),
        "ModifierFullName": head.get("ModifierFullName"),
    }
    key = found["party"] or head.get("Customer") or head.get("Supplier")
    party = party or names.party(key)
    row.update({"Account": key, "AccountCode": party.get("Code"), "AccountName": party.get("Name")})
    return row


def invoice_number(found: Any, our_ref: str | None, head: Row) -> int | None:
    """The number of the entry's invoice; of a line of another entry that which its OurRef names."""
    if our_ref and our_ref.isdigit() and found["kind"] in ("bank", "cash", "general"):
        return int(our_ref)
    return head.get("InvoiceNumber")


def _vat_type(names: Names, found: Any) -> str:
    if not found["vat_code"] or found["vat_code"] in names.without_vat:
        return "S"
    refund = found["kind"].endswith("_refund")
    types = VAT_TYPES[found["kind"].startswith("sale"), refund]
    place = {"owed": 1, "deductible": 2, "cost": 3}.get(found["role"], 0)
    return types[place]


class TransactionLines(Resource):
    """The lines of every entry; in the order of change for ``sync/…``, of the guid otherwise."""

    def __init__(self, entity: str):
        self.entity = entity

    def rows(self, division: Division, hints: Hints) -> Iterable[Row]:
        if self.entity.startswith("sync/"):
            return self._changed(division, hints.after or 0)
        wanted, condition, values = hints.equals, "", []
        for name, column in (
            ("EntryID", "d.identity"),
            ("ID", "e.identity"),
            ("JournalCode", "d.journal"),
            ("EntryNumber", "d.number"),
            ("GLAccountCode", "e.account"),
        ):
            if name in wanted:
                condition += f" AND {column} = ?"
                values.append(wanted[name])
        return read_lines(division, f"{condition} ORDER BY e.identity", *values)

    def _changed(self, division: Division, after: int, size: int = 1200) -> Iterator[Row]:
        names = Names(division)
        while True:
            block = division.store.rows(
                SELECT + "AND e.version > ? ORDER BY e.version LIMIT ?", division.code, after, size
            )
            for found in block:
                yield transaction_line(division, names, found)
            if len(block) < size:
                return
            after = block[-1]["version"]

    def get(self, division: Division, key: Any) -> Row:
        column = "e.version" if self.entity.startswith("sync/") else "e.identity"
        for row in read_lines(division, f"AND {column} = ?", key):
            return row
        raise Missing(f"{LINES} {key}")


def read_lines(division: Division, condition: str, *values: Any) -> Iterator[Row]:
    """Ledger lines under a condition on entry ``e`` and document ``d``."""
    names = Names(division)
    for found in division.store.rows(SELECT + condition, division.code, *values):
        yield transaction_line(division, names, found)


class Transactions(Resource):
    """The heads of all entries, whatever their source."""

    entity = HEADS

    def rows(self, division: Division, hints: Hints) -> Iterable[Row]:
        for entity in ENTRY_ENTITIES:
            for row in division.all(entity):
                yield _head(row)

    def get(self, division: Division, key: Any) -> Row:
        for entity in ENTRY_ENTITIES:
            row = division.find(entity, key)
            if row:
                return _head(row)
        raise Missing(f"{HEADS} {key}")

    def children(self, division: Division, key: Any, collection: str) -> Iterable[Row]:
        self.get(division, key)
        return read_lines(division, "AND d.identity = ? ORDER BY e.sequence", str(key).lower())


def _head(row: Row) -> Row:
    return {
        **row,
        "JournalCode": row.get("Journal") or row.get("JournalCode"),
        "Date": row.get("EntryDate") or row.get("Date"),
        "FinancialYear": row.get("ReportingYear") or row.get("FinancialYear"),
        "FinancialPeriod": row.get("ReportingPeriod") or row.get("FinancialPeriod"),
        "PaymentConditionCode": row.get("PaymentCondition"),
        "StatusDescription": heads.STATUS_NAMES.get(row.get("Status")),
        "TypeDescription": heads.TYPE_NAMES.get(row.get("Type")),
    }


class ReportingBalance(Resource):
    """Balances per account, year, period, type and cost centre."""

    entity = "financial/ReportingBalance"

    def rows(self, division: Division, hints: Hints) -> Iterable[Row]:
        names = Names(division)
        found = division.store.rows(
            "SELECT e.account, d.book_year, d.period, e.cost_centre, e.cost_unit,"
            " SUM(MAX(e.amount, 0)) debit, SUM(MAX(-e.amount, 0)) credit, COUNT(*) number,"
            " MIN(e.id) id FROM entry e JOIN document d ON d.id = e.document"
            " WHERE d.administration = ? GROUP BY 1, 2, 3, 4, 5 ORDER BY id",
            division.code,
        )
        for row in found:
            account = names.account(row["account"])
            yield {
                "ID": row["id"],
                "GLAccount": account.get("ID"),
                "GLAccountCode": row["account"],
                "GLAccountDescription": account.get("Description"),
                "BalanceType": account.get("BalanceType"),
                "ReportingYear": row["book_year"],
                "ReportingPeriod": row["period"],
                "AmountDebit": loaded(row["debit"]),
                "AmountCredit": loaded(row["credit"]),
                "Amount": loaded(row["debit"] - row["credit"]),
                "Count": row["number"],
                "CostCenterCode": row["cost_centre"],
                "CostUnitCode": row["cost_unit"],
                "Division": division.code,
                "Status": heads.OPEN,
                "Type": 20,
            }

    def get(self, division: Division, key: Any) -> Row:
        for row in self.rows(division, Hints()):
            if row["ID"] == int(key):
                return row
        raise Missing(f"{self.entity} {key}")


RESOURCES = (
    TransactionLines(LINES),
    TransactionLines("bulk/Financial/TransactionLines"),
    TransactionLines("sync/Financial/TransactionLines"),
    Transactions(),
    ReportingBalance(),
)
