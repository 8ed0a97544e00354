"""What payment terms say: which documents were settled and by what, and what is open; pure.

Exact shows no match itself. It splits a term into a matched part (Status 50) and a rest, and closes
the counterpart's term in the same moment, with the same end date. So terms of one party and side
that were closed together are put against each other here, by amount; where no counterpart is among
them the ledger lines of the party on that day tell what it was (see ``settling``).

The sign of ``AmountDC`` is not documented. Documents tell theirs by their type; the sign of the
others is read relative to them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from odoo.addons.accountable_connect.documents import OpenItem, Settlement
from odoo.addons.accountable_connect.documents.amounts import split
from odoo.addons.accountable_connect.documents.settlement import (
    OTHER,
    PAYMENT,
    SET_OFF,
    TRANSFER,
    WRITE_OFF,
)

from .. import const
from . import wire
from .codes import Codes
from .mapping import PURCHASES, SALES, document_key, money

ZERO = Decimal(0)
FIELDS = (
    "ID,Timestamp,Status,IsFullyPaid,LineType,Account,AmountDC,AmountFC,Currency,Description,"
    "EndDate,EntryDate,GLAccount,InvoiceDate,InvoiceNumber,LastPaymentDate,TransactionEntryID,"
    "TransactionType,YourRef"
)
OPEN_FIELDS = (
    "ID,Status,Account,AmountDC,AmountFC,Currency,Description,DueDate,EntryDate,InvoiceDate,"
    "PaymentReference,TransactionAmountDC,TransactionEntryID,TransactionID,TransactionType,YourRef"
)
LEDGER_FIELDS = (
    "EntryID,Type,LineNumber,GLAccount,GLAccountCode,Account,AmountDC,AmountFC,Currency,Date,"
    "Description,InvoiceNumber,YourRef"
)
INVOICES = (const.SALES_ENTRY, const.PURCHASE_ENTRY)
CREDIT_NOTES = (const.SALES_CREDIT_NOTE, const.PURCHASE_CREDIT_NOTE)
DIFFERENCES = (const.PAYMENT_DIFFERENCE, const.EXCHANGE_DIFFERENCE, const.REVALUATION)
# One term settled by several bookings gives several settlements; more than these become one.
MOST_PARTS = 4
# For a chart that was not read: beginnings of Belgian accounts.
DOUBTFUL = ("407",)
RESULT = ("6", "7")
CASH_TYPES = (10, 12, 14, 16)
RECEIVABLE_TYPE = 20


@dataclass(slots=True, eq=False)
class Term:
    """A payment term. ``amount`` is company currency, positive on the side of an invoice;
    ``amount_fc`` is positive. ``left`` is what no counterpart explains yet."""

    id: str
    line_type: int
    account: str
    entry: str
    type: int
    amount: Decimal
    amount_fc: Decimal
    currency: str
    closed: bool
    end: date | None
    paid_on: date | None
    booked_on: date | None
    text: str
    reference: str
    ledger: str
    order: int
    left: Decimal = ZERO
    parts: list = field(default_factory=list)

    @property
    def is_document(self) -> bool:
        return self.type in INVOICES or self.type in CREDIT_NOTES

    @property
    def document_key(self) -> str:
        return key_of(self.line_type, self.type, self.entry)


def key_of(line_type: int, type_: int, entry: str) -> str:
    """The key of the document or booking a term belongs to."""
    if type_ in INVOICES or type_ in CREDIT_NOTES:
        return document_key(SALES if line_type == const.RECEIVABLE else PURCHASES, entry)
    return f"entry/{entry}"


def settlement_keys(term_id: str) -> list[str]:
    """Every key settlements of a term can have."""
    return [term_id, *(f"{term_id}/{part}" for part in range(2, MOST_PARTS + 1))]


def read(rows: Iterable[dict]) -> list[Term]:
    """Terms as Exact gives them, a row read twice in its last state, in the order of change."""
    last = {row["ID"]: row for row in sorted(rows, key=timestamp)}
    signs = _invoice_signs(last.values())
    terms = []
    for row in last.values():
        type_ = row.get("TransactionType") or 0
        amount = money(row.get("AmountDC"))
        terms.append(
            Term(
                id=row["ID"],
                line_type=row["LineType"],
                account=row.get("Account") or "",
                entry=row.get("TransactionEntryID") or "",
                type=type_,
                amount=_on_invoice_side(amount, type_, signs.get(row["LineType"])),
                amount_fc=abs(money(row.get("AmountFC"))),
                currency=(row.get("Currency") or "").strip(),
                closed=row.get("Status") == const.TERM_MATCHED or bool(row.get("IsFullyPaid")),
                end=wire.read_date(row.get("EndDate")),
                paid_on=wire.read_date(row.get("LastPaymentDate")),
                booked_on=wire.read_date(row.get("EntryDate") or row.get("InvoiceDate")),
                text=row.get("Description") or "",
                reference=str(row.get("YourRef") or row.get("InvoiceNumber") or ""),
                ledger=row.get("GLAccount") or "",
                order=timestamp(row),
            )
        )
    for term in terms:
        term.left = term.amount
    return terms


def timestamp(row: dict) -> int:
    return wire.read_integer(row["Timestamp"])


def _invoice_signs(rows):
    """By side, the sign of an invoice's amount; 0 where credit notes have the same one, so that
    the sign says nothing."""
    seen: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        amount, type_ = wire.read_number(row.get("AmountDC")) or ZERO, row.get("TransactionType")
        if amount and type_ in INVOICES:
            seen[row["LineType"]].add(1 if amount > 0 else -1)
        elif amount and type_ in CREDIT_NOTES:
            seen[row["LineType"]].add(-1 if amount > 0 else 1)
    return {side: signs.pop() if len(signs) == 1 else 0 for side, signs in seen.items()}


def _on_invoice_side(amount, type_, sign):
    if type_ in INVOICES:
        return abs(amount)
    if not sign:
        return -abs(amount)
    return amount * sign


# Who settles whom


def pair(terms: Iterable[Term]) -> None:
    """Put closed terms of one party and side against each other: those that ended on the same day
    first, then what is left, by equal amounts alone.

    Terms come back with every change of their entry (it was processed, say), the counterpart's
    without it. So amounts that are not equal are put against each other only where all of that day
    add up to nothing.
    """
    together, apart = defaultdict(list), defaultdict(list)
    for term in terms:
        if term.closed and term.left:
            together[term.line_type, term.account, term.end].append(term)
            apart[term.line_type, term.account].append(term)
    for group in together.values():
        _pair_equal(group)
        if not sum((term.left for term in group), ZERO):
            _pair_rest(group)
    for group in apart.values():
        _pair_equal(group)


def _pair_equal(group):
    """Equal amounts on both sides: same reference before others, then those that changed at the
    same time. In a foreign currency equal amounts of that currency count as well."""
    for term in sorted(group, key=lambda one: one.order):
        if term.left <= 0:
            continue
        fitting = [
            other
            for other in group
            if other.left < 0 and other.entry != term.entry and _are_equal(term, other)
        ]
        best = min(
            fitting,
            key=lambda other: (
                other.reference != term.reference,
                abs(other.order - term.order),
                other.order,
            ),
            default=None,
        )
        if best is not None:
            _put_against(term, best, term.left, -best.left)


def _are_equal(term, other):
    if term.left == -other.left:
        return True
    whole = term.left == term.amount and other.left == other.amount
    foreign = term.currency == other.currency and term.amount_fc != abs(term.amount)
    return whole and foreign and term.amount_fc == other.amount_fc


def _pair_rest(group):
    """What equal amounts do not explain, in the order of change: one payment for several invoices,
    an invoice settled by a credit note and a payment."""
    plus = [term for term in sorted(group, key=lambda one: one.order) if term.left > 0]
    minus = [term for term in sorted(group, key=lambda one: one.order) if term.left < 0]
    for term in plus:
        for other in minus:
            amount = min(term.left, -other.left)
            if amount > 0 and other.entry != term.entry:
                _put_against(term, other, amount, amount)


def _put_against(term, other, amount, other_amount):
    term.left -= amount
    other.left += other_amount
    term.parts.append((other.type, other.entry, amount, other.text))
    other.parts.append((term.type, term.entry, other_amount, term.text))


def unexplained(terms: Iterable[Term]) -> list[Term]:
    """Closed terms of documents whose counterpart is not among the terms read."""
    return [term for term in terms if term.closed and term.is_document and term.left]


def explain(terms: Iterable[Term], lines: Iterable[dict]) -> None:
    """Fill in counterparts from ledger lines of the parties, on the term's own ledger account and
    the other side of it: equal amounts first, then those nearest to the day it ended."""
    candidates = defaultdict(list)
    for row in lines:
        amount = money(row.get("AmountDC"))
        candidates[row.get("Account"), row.get("GLAccount")].append([row, amount])
    for term in terms:
        # debit is positive: an invoice of a customer is settled by credit, one of a supplier by
        # debit
        side = 1 if (term.line_type == const.PAYABLE) == (term.amount > 0) else -1
        fitting = [
            entry
            for entry in candidates[term.account, term.ledger]
            if entry[1] * side > 0 and entry[0]["EntryID"] != term.entry
        ]
        fitting.sort(key=lambda entry: _nearness(term, *entry))
        for entry in fitting:
            amount = min(abs(term.left), entry[1] * side)
            if amount:
                row = entry[0]
                entry[1] -= amount * side
                term.left -= amount if term.left > 0 else -amount
                term.parts.append((row["Type"], row["EntryID"], amount, row.get("Description")))


def _nearness(term, row, amount):
    day = wire.read_date(row.get("Date"))
    apart = abs((day - term.end).days) if day and term.end else 0
    return (abs(amount) != abs(term.left), apart, row["EntryID"])


def entries_to_look_at(terms: Iterable[Term]) -> set[str]:
    """Entries that settle a document and whose accounts tell what they are: neither bank, document
    nor difference."""
    known = (const.CASH_FLOW, *INVOICES, *CREDIT_NOTES, *DIFFERENCES)
    return {
        entry
        for term in terms
        if term.closed and term.is_document
        for type_, entry, _amount, _text in term.parts
        if type_ not in known
    }


def kinds_of_entries(lines: Iterable[dict], parties: set[str], codes: Codes) -> dict[str, str]:
    """By entry what a general entry does to the customer or supplier: what its other lines are
    booked on tells. ``parties`` are the Guids of the accounts of the terms themselves."""
    others: dict[str, list[tuple[str, dict]]] = defaultdict(list)
    for row in lines:
        if row.get("GLAccount") not in parties:
            known = codes.account_by_guid(row.get("GLAccount") or "")
            others[row["EntryID"]].append((row.get("GLAccountCode") or "", known))
    return {entry: _kind_of_accounts(accounts) for entry, accounts in others.items()}


def _kind_of_accounts(accounts):
    if any(
        code.startswith(DOUBTFUL) or known.get("type") == RECEIVABLE_TYPE
        for code, known in accounts
    ):
        return TRANSFER
    if all(
        known["result"] if "result" in known else code.startswith(RESULT)
        for code, known in accounts
    ):
        return WRITE_OFF
    if all(known.get("type") in CASH_TYPES for _code, known in accounts):
        return PAYMENT
    return OTHER


# Settlements


def settlements(terms: Iterable[Term], kinds: dict[str, str]) -> list[Settlement]:
    """What closed terms of documents were settled by. A credit note against an invoice shows on the
    invoice only. ``kinds`` by entry, for those whose type does not tell."""
    result = []
    for term in terms:
        if term.closed and term.is_document:
            result += _settlements_of(term, kinds)
    return result


def _settlements_of(term, kinds):
    shares = _shares(term, kinds)
    decimals = max(2, -term.amount_fc.as_tuple().exponent)
    amounts_fc = split(term.amount_fc, [amount for _kind, _key, amount, _text in shares], decimals)
    shown = [
        (*share, amount_fc) for share, amount_fc in zip(shares, amounts_fc, strict=True) if share[0]
    ]
    return [
        Settlement(
            key=key,
            kind=kind,
            document_key=term.document_key,
            counterpart_key=counterpart,
            date=_day_of(term, kind),
            amount=money(amount_fc),
            amount_company=money(amount),
            currency=term.currency,
            text=text or "",
        )
        for key, (kind, counterpart, amount, text, amount_fc) in zip(
            settlement_keys(term.id), _not_too_many(shown), strict=False
        )
    ]


def _day_of(term, kind):
    if kind == PAYMENT:
        return term.paid_on or term.end or term.booked_on
    return term.end or term.paid_on or term.booked_on


def _shares(term, kinds):
    """``(kind, counterpart, amount, text)`` of each booking that settles a term, in a lasting
    order; the kind is "" for what shows on the other document."""
    amounts: dict[tuple, Decimal] = defaultdict(Decimal)
    texts = {}
    for type_, entry, amount, text in term.parts:
        of_document = type_ in INVOICES or type_ in CREDIT_NOTES
        key = key_of(term.line_type, type_, entry)
        share = (_kind(term, type_, kinds.get(entry, OTHER)), key, not of_document)
        amounts[share] += amount
        texts.setdefault(share, text)
    if term.left:
        amounts[OTHER, "", True] += abs(term.left)
    return [
        (share[0], share[1], amount, texts.get(share, ""))
        for share, amount in sorted(amounts.items(), key=lambda entry: (entry[0][2], entry[0]))
    ]


def _kind(term, type_, of_entry):
    if type_ in INVOICES or type_ in CREDIT_NOTES:
        return SET_OFF if term.type in INVOICES else ""
    if type_ == const.CASH_FLOW:
        return PAYMENT
    return WRITE_OFF if type_ in DIFFERENCES else of_entry


def _not_too_many(shown):
    """The last of many counterparts become one."""
    rest = shown[MOST_PARTS - 1 :]
    if len(rest) < 2:
        return shown
    same = {share[0] for share in rest}
    whole = (
        same.pop() if len(same) == 1 else OTHER,
        rest[0][1],
        sum((share[2] for share in rest), ZERO),
        rest[0][3],
        sum((share[4] for share in rest), ZERO),
    )
    return [*shown[: MOST_PARTS - 1], whole]


# Open items


def open_items(rows: Iterable[dict], side) -> list[OpenItem]:
    """Open terms of one side, one item for each document: instalments and the rest of a split term
    are added up. Amounts are positive on the side of an invoice; for an opening line or a payment
    that nobody matched, the ledger amount tells (debit for customers, credit for suppliers)."""
    rows = [row for row in rows if row.get("Status") != const.TERM_MATCHED]
    line_type = const.RECEIVABLE if side is SALES else const.PAYABLE
    together = defaultdict(list)
    for row in rows:
        type_ = row.get("TransactionType") or 0
        if type_ == const.OPENING_BALANCE:
            # one entry holds the opening lines of everybody
            key = f"line/{row['TransactionID']}"
        else:
            key = key_of(line_type, type_, row.get("TransactionEntryID") or "")
        together[key, row.get("Account") or ""].append(row)
    natural = _natural_sign(rows, side)
    return [_open_item(key, party, same, side, natural) for (key, party), same in together.items()]


def _natural_sign(rows, side):
    """The sign of an invoice's ``TransactionAmountDC``, from the documents among the rows; without
    one, debit is positive."""
    for row in rows:
        amount = wire.read_number(row.get("TransactionAmountDC")) or ZERO
        type_ = row.get("TransactionType")
        if amount and (type_ in INVOICES or type_ in CREDIT_NOTES):
            positive = (amount > 0) == (type_ in INVOICES)
            return 1 if positive else -1
    return 1 if side is SALES else -1


def _open_item(key, party, rows, side, natural):
    first = min(rows, key=lambda row: wire.read_date(row.get("DueDate")) or date.max)
    type_ = first.get("TransactionType") or 0
    if type_ in INVOICES:
        sign = 1
    elif type_ in CREDIT_NOTES:
        sign = -1
    else:
        amount = wire.read_number(first.get("TransactionAmountDC")) or ZERO
        sign = natural if amount > 0 else -natural
    reference = first.get("YourRef") or ""
    if side is SALES:
        reference = first.get("PaymentReference") or reference
    if type_ not in (*INVOICES, *CREDIT_NOTES):
        # a general entry has no reference of its own; what it stands for is in its text
        reference = reference or first.get("Description") or ""
    return OpenItem(
        document_key=key,
        party_key=party,
        document_date=wire.read_date(first.get("InvoiceDate") or first.get("EntryDate")),
        due_date=wire.read_date(first.get("DueDate")),
        amount=sign * _sum(rows, "AmountFC"),
        amount_company=sign * _sum(rows, "AmountDC"),
        currency=(first.get("Currency") or "").strip(),
        reference=reference,
        text=first.get("Description") or "",
    )


def _sum(rows, name):
    return sum((abs(money(row.get(name))) for row in rows), ZERO)
