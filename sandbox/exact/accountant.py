"""What people do with entries in the application: pay, match, write off, recode, delete, book.

Every action takes the division and keyword values, and raises the refusals a client would get. An
entry is named by its guid; amounts are positive, in the division's currency. ``book-by-hand`` and
the actions on master data take properties by their own name or in small letters with underscores
(``use_costcenter``).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ..kit.accountant import Actions
from ..kit.amounts import ZERO, half_up
from . import entries, general_entries, heads, maintenance, terms
from .chart import PAYABLE, RECEIVABLE
from .division import Division, as_day
from .entry_families import PURCHASES, SALES
from .general_entries import BANK, CASH, GENERAL
from .maintenance import ledger_guid, properties
from .resource import BusinessError, Missing, Row
from .resources import RESOURCES
from .resources.ledger import ENTRY_ENTITIES

ACTIONS = Actions(maintenance.ACTIONS)
action = ACTIONS.named
SIDE_JOURNAL = "91"
# Payment differences, doubtful debtors, opening balance, a cost and a suspense account; sale and
# purchase codes, revenue.
DEFAULTS = {
    "BE": {
        "write_off": "657000",
        "doubtful": "407000",
        "opening": "588888",
        "cost": "604000",
        "suspense": "499000",
        "revenue": "700000",
        "sale": "21",
        "purchase": "A21",
    },
    "NL": {
        "write_off": "4930",
        "doubtful": "1150",
        "opening": "2010",
        "cost": "7001",
        "suspense": "9200",
        "revenue": "8001",
        "sale": "VH",
        "purchase": "KH",
    },
}


def _document(division: Division, entry: str) -> dict:
    document = division.books.document_by_identity(str(entry).lower())
    if document is None:
        raise Missing(f"entry {entry}")
    return document


def _entity(division: Division, entry: str) -> str:
    for entity in ENTRY_ENTITIES:
        if division.find(entity, entry):
            return entity
    raise Missing(f"entry {entry}")


def _default(division: Division, name: str) -> str:
    return DEFAULTS[division.country][name]


def _positive(amount: Any) -> Decimal:
    return half_up(Decimal(str(amount)))


def _open(division: Division, document: dict) -> Decimal:
    return terms.open_amount(terms.of_document(division, document["id"]))


def _control_line(division: Division, document: dict) -> dict:
    """The first line of an entry with a term: its account and relation."""
    found = terms.of_document(division, document["id"])
    if not found:
        raise BusinessError("invalid", "entry")
    return found[0]


# Money and matching -------------------------------------------------------------------------


@action("pay")
def pay(
    division: Division,
    entries: list[dict],
    amount: float | None = None,
    date: str | None = None,
    journal: str = "50",
    parts: list[float] | None = None,
    match: bool = True,
) -> dict:
    """Book a bank (or cash) entry, a line per relation, and match it with entries in their order.

    Each may carry an ``amount`` (else all that is open of it). A total ``amount`` above their sum
    stays open on the payment, one below pays the last ones in part. ``parts`` books the total in
    several bank lines. Gives the guid of the bank entry.
    """
    found = [(_document(division, item["entry"]), item.get("amount")) for item in entries]
    wanted = [
        _positive(part) if part is not None else abs(_open(division, document))
        for document, part in found
    ]
    lines: dict[tuple[str, str], Row] = {}
    for (document, _part), part in zip(found, wanted, strict=True):
        control = _control_line(division, document)
        line = lines.setdefault(
            (control["account"], control["party"]),
            {
                "GLAccount": ledger_guid(division, control["account"]),
                "Account": control["party"],
                "AmountFC": ZERO,
                "Date": as_day(date),
                "OurRef": document["number"],
                "Description": document["reference"],
            },
        )
        line["AmountFC"] += part if _open(division, document) >= 0 else -part
    kind = (
        CASH
        if heads.journal_of(division, journal, (heads.BANK, heads.CASH))["Type"] == heads.CASH
        else BANK
    )
    head = general_entries.create(
        division,
        kind,
        {"JournalCode": journal, kind.collection: _paid(list(lines.values()), amount, parts)},
    )
    payment = _document(division, head["EntryID"])
    for (document, _part), part in zip(found, wanted, strict=True):
        part = min(
            part, abs(_open(division, document)), terms.possible(division, document, payment)
        )
        if match and part:
            terms.match(division, document, payment, part)
    return {"entry": head["EntryID"]}


def _paid(lines: list[Row], amount: float | None, parts: list[float] | None) -> list[Row]:
    """The lines of a payment: as wanted, with another total, or one line in several parts."""
    if amount is None and not parts:
        return lines
    if len(lines) > 1:
        raise ValueError("amount and parts are for one relation")
    sign = 1 if lines[0]["AmountFC"] >= 0 else -1
    return [{**lines[0], "AmountFC": sign * _positive(part)} for part in (parts or [amount])]


@action("set-off")
def set_off(division: Division, invoice: str, credit: str, amount: float | None = None) -> None:
    """Match two entries of one relation, such as an invoice and a credit note."""
    terms.match(
        division,
        _document(division, invoice),
        _document(division, credit),
        None if amount is None else _positive(amount),
    )


def _move(
    division: Division,
    entry: str,
    account: str,
    amount: float | None,
    date: str | None,
    entry_type: int,
) -> dict:
    """Move what is open of an entry to a ledger account and match it."""
    document = _document(division, entry)
    line, rest = _control_line(division, document), _open(division, document)
    part = rest if amount is None else _positive(amount) * (1 if rest > 0 else -1)
    common = {"Date": date, "Description": document["reference"], "OurRef": document["number"]}
    head = general_entries.create(
        division,
        GENERAL,
        {
            "JournalCode": SIDE_JOURNAL,
            GENERAL.collection: [
                {
                    "GLAccount": ledger_guid(division, line["account"]),
                    "Account": line["party"],
                    "AmountFC": -part,
                    **common,
                },
                {"GLAccount": ledger_guid(division, account), "AmountFC": part, **common},
            ],
        },
        entry_type,
    )
    terms.match(division, document, _document(division, head["EntryID"]), abs(part))
    return {"entry": head["EntryID"]}


@action("write-off")
def write_off(
    division: Division,
    entry: str,
    amount: float | None = None,
    account: str | None = None,
    date: str | None = None,
) -> dict:
    """Write off what is open as a payment difference (type 83)."""
    return _move(division, entry, account or _default(division, "write_off"), amount, date, 83)


@action("doubtful")
def doubtful(
    division: Division, entry: str, amount: float | None = None, date: str | None = None
) -> dict:
    """Move what is open to doubtful debtors (type 90)."""
    return _move(division, entry, _default(division, "doubtful"), amount, date, 90)


@action("unmatch")
def unmatch(division: Division, entry: str) -> dict:
    """Undo every match of an entry."""
    return {"removed": terms.unmatch(division, _document(division, entry))}


@action("select-for-collection")
def select_for_collection(division: Division, entry: str) -> None:
    """Select the open terms for collection or payment (Status 30)."""
    terms.change_status(division, _document(division, entry)["id"], terms.SELECTED)


@action("process-payment")
def process_payment(division: Division, entry: str) -> None:
    """Put the open terms in a processed batch (Status 40)."""
    terms.change_status(division, _document(division, entry)["id"], terms.IN_PROCESS)


@action("reopen-payment")
def reopen_payment(division: Division, entry: str) -> None:
    """Take the terms out of a selection or batch again (Status 20)."""
    terms.change_status(division, _document(division, entry)["id"], terms.OPEN)


# Entries ------------------------------------------------------------------------------------


@action("process")
def process(division: Division, entry: str, processed: bool = True) -> None:
    """The return or the period was processed: the entry cannot change any more (Status 50)."""
    document = _document(division, entry)
    division.change(
        _entity(division, entry), entry, Status=heads.PROCESSED if processed else heads.OPEN
    )
    _tell_changed(division, document)


def _tell_changed(division: Division, document: dict) -> None:
    """New row versions for lines and terms, which show what stands in the head."""
    for line in division.books.lines(document["id"]):
        division.store.run(
            "UPDATE entry SET version = ? WHERE id = ?", division.next_version(), line["id"]
        )
    for term in terms.of_document(division, document["id"]):
        terms.change(division, term["id"])


@action("recode")
def recode(
    division: Division,
    entry: str,
    line: int = 1,
    account: str | None = None,
    vat_code: str | None = None,
    **values: Any,
) -> None:
    """Change a line (by its number) of a sales or purchase entry; further values by property."""
    family = SALES if division.find(SALES.entity, entry) else PURCHASES
    key = entries.lines_of(division, family, entry)[line - 1]["ID"]
    changes = properties(division, family.line_entity, values)
    if account:
        changes["GLAccount"] = ledger_guid(division, account)
    if vat_code:
        changes["VATCode"] = vat_code
    RESOURCES[family.line_entity].update(division, key, changes)


@action("delete-entry")
def delete_entry(division: Division, entry: str, unmatch: bool = False) -> None:
    """Remove an entry; ``unmatch`` undoes its matches first, else a matched one is refused."""
    if unmatch:
        terms.unmatch(division, _document(division, entry))
    RESOURCES[_entity(division, entry)].delete(division, entry)


@action("renumber")
def renumber(division: Division, journal: str = "70", year: int | None = None) -> dict:
    """Number the entries of a journal and year anew without gaps; guids stay. Gives how many
    numbers changed."""
    year = year or division.today().year
    found = division.books.documents("journal = ? AND book_year = ?", journal, year)
    with division.store.transaction():
        for row in found:
            division.store.run("UPDATE document SET number = ? WHERE id = ?", -row["id"], row["id"])
        changed = 0
        for row in found:
            number = heads.number_of(division, journal, year, None)
            division.store.run("UPDATE document SET number = ? WHERE id = ?", number, row["id"])
            if number != row["number"]:
                changed += 1
                entity = _entity(division, row["identity"])
                division.change(entity, row["identity"], EntryNumber=number, InvoiceNumber=number)
                _tell_changed(division, row)
    return {"changed": changed}


@action("book-by-hand")
def book_by_hand(
    division: Division,
    journal: str,
    account: str | None = None,
    amount: float = 100,
    date: str | None = None,
    reference: str | None = None,
    gl_account: str | None = None,
    vat_code: str | None = None,
) -> dict:
    """Book an entry of one line in a journal of any type; gives its guid.

    ``amount`` is without VAT, negative for a credit note; on a bank or cash journal money in is
    positive and without ``gl_account`` it stays open on the relation.
    """
    kind = heads.journal_of(division, journal, (10, 12, 20, 22, 90))["Type"]
    value = half_up(Decimal(str(amount)))
    if kind in (heads.SALES, heads.PURCHASE):
        family = SALES if kind == heads.SALES else PURCHASES
        side = "sale" if family.sale else "purchase"
        head = entries.create(
            division,
            family,
            {
                "Journal": journal,
                family.party: account or _someone(division, family.sale),
                "EntryDate": as_day(date),
                "YourRef": reference,
                "Description": "Met de hand",
                family.collection: [
                    {
                        "GLAccount": ledger_guid(
                            division,
                            gl_account or _default(division, "revenue" if family.sale else "cost"),
                        ),
                        "AmountFC": value,
                        "VATCode": vat_code or _default(division, side),
                    }
                ],
            },
        )
        return {"entry": head["EntryID"]}
    line = {"AmountFC": value, "Date": as_day(date), "Description": reference, "VATCode": vat_code}
    if gl_account is None and account:
        line.update({"Account": account, "GLAccount": _control(division, account)})
    else:
        line["GLAccount"] = ledger_guid(division, gl_account or _default(division, "suspense"))
    family = {heads.BANK: BANK, heads.CASH: CASH, heads.GENERAL: GENERAL}[kind]
    lines = [line]
    if family is GENERAL:
        lines.append(
            {
                "GLAccount": ledger_guid(division, _default(division, "suspense")),
                "AmountFC": -value,
                "Date": as_day(date),
                "Description": reference,
            }
        )
    head = general_entries.create(
        division, family, {"JournalCode": journal, family.collection: lines}
    )
    return {"entry": head["EntryID"]}


def _someone(division: Division, sale: bool) -> str:
    """A relation for entries that name none."""
    found = division.by_code("crm/Accounts", "9999")
    if found is None:
        found = RESOURCES["crm/Accounts"].create(
            division,
            {
                "Code": "9999",
                "Name": "Diverse relaties",
                "Status": "C",
                "IsSupplier": True,
                "Country": division.country,
            },
        )
    return found["ID"]


def _control(division: Division, account: str, payable: bool | None = None) -> str:
    """The guid of the receivable or payable account for a relation."""
    row = division.get("crm/Accounts", account)
    if payable is None:
        payable = row.get("Status") != "C" and bool(row.get("IsSupplier"))
    wanted = PAYABLE if payable else RECEIVABLE
    journal = next(
        found
        for found in division.all("financial/Journals")
        if found["Type"] == (heads.PURCHASE if payable else heads.SALES)
    )
    found = division.get("financial/GLAccounts", journal["GLAccount"])
    if found["Type"] != wanted:
        raise BusinessError("ledger_account_type")
    return found["ID"]


@action("opening-item")
def opening_item(
    division: Division,
    account: str,
    amount: float,
    reference: str | None = None,
    date: str | None = None,
    payable: bool | None = None,
) -> dict:
    """Bring in an open item of earlier books (type 10); a positive amount is a debit."""
    value = half_up(Decimal(str(amount)))
    common = {"Date": as_day(date), "Description": reference}
    head = general_entries.create(
        division,
        GENERAL,
        {
            "JournalCode": SIDE_JOURNAL,
            GENERAL.collection: [
                {
                    "GLAccount": _control(division, account, payable),
                    "Account": account,
                    "AmountFC": value,
                    **common,
                },
                {
                    "GLAccount": ledger_guid(division, _default(division, "opening")),
                    "AmountFC": -value,
                    **common,
                },
            ],
        },
        10,
    )
    return {"entry": head["EntryID"]}
