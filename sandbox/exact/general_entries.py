"""General journal, bank and cash entries: lines with their own account, party and date.

A general journal's amounts are debit positive and must come to zero, VAT lines included. A bank or
cash line is positive where money comes in; the other side is line 0 on the journal's account.

Choices where the reference is silent: the date of an entry is that of its first line; the amount of
a bank or cash line is what was paid, VAT included, whatever the type of its code; a line on an
account for customers or suppliers makes a payment term due on its date; OurRef matches only with
the switch ``match_our_ref``.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal

from ..kit.amounts import ZERO, half_up
from ..kit.ledger import Document, Line, UnbalancedEntry
from ..kit.trade import converter
from ..kit.vat import VatSplit, card_boxes
from . import heads, terms
from .chart import CLASS_BOXES, CONTROL_TYPES, PAYABLE, RECEIVABLE
from .chart import VAT as VAT_TYPE
from .division import Division, as_day
from .entries import changeable, named, store_entry
from .entry_lines import account_code
from .line_vat import percentage_of, vat_code_of, vat_of
from .resource import BusinessError, Row
from .vat_codes import neutral_code


@dataclass(frozen=True)
class Kind:
    """A family of entries: entities, journal type, and the neutral name of its documents."""

    entity: str
    line_entity: str
    collection: str
    journal: int
    name: str
    type: int

    @property
    def money(self) -> bool:
        """Bank or cash: line 0 is the journal's account."""
        return self.type == 40


GENERAL = Kind(
    "generaljournalentry/GeneralJournalEntries",
    "generaljournalentry/GeneralJournalEntryLines",
    "GeneralJournalEntryLines",
    heads.GENERAL,
    "general",
    90,
)
BANK = Kind(
    "financialtransaction/BankEntries",
    "financialtransaction/BankEntryLines",
    "BankEntryLines",
    heads.BANK,
    "bank",
    40,
)
CASH = Kind(
    "financialtransaction/CashEntries",
    "financialtransaction/CashEntryLines",
    "CashEntryLines",
    heads.CASH,
    "cash",
    40,
)


@dataclass(frozen=True)
class _Checked:
    """A line as it is kept, with its account, code and amounts (debit positive)."""

    row: Row
    account: Row
    base: Decimal
    vat: Decimal
    code: Row | None
    rate: Decimal


def lines_of(division: Division, kind: Kind, key: str) -> list[Row]:
    """The lines of an entry in order."""
    rows = division.all(kind.line_entity, parent=str(key).lower())
    return sorted(rows, key=lambda row: row["LineNumber"])


def create(division: Division, kind: Kind, values: Row, entry_type: int | None = None) -> Row:
    """Book an entry; gives its head. ``entry_type`` is the ledger's type (83, 10 …) for what only
    the application can make. Raises ``BusinessError``."""
    lines = values.get(kind.collection) or []
    if not lines:
        raise BusinessError("mandatory", "lines")
    with division.store.transaction():
        head = _head(division, kind, values, lines)
        head["Type"] = entry_type or kind.type
        return _book(division, kind, str(uuid.uuid4()), head, lines, None)


def add_line(division: Division, kind: Kind, values: Row) -> Row:
    """Add a line to an open entry; gives the line. not_balanced, processed, matched."""
    with division.store.transaction():
        head = changeable(division, kind.entity, values["EntryID"])
        kept = [_as_sent(row) for row in lines_of(division, kind, head["EntryID"])]
        if kind.money:
            head["ClosingBalanceFC"] = head["ClosingBalanceFC"] + half_up(
                values.get("AmountFC") or ZERO
            )
        line = {**values, "ID": str(uuid.uuid4())}
        _book(
            division,
            kind,
            head["EntryID"],
            head,
            [*kept, line],
            division.books.document_by_identity(head["EntryID"]),
        )
        return division.get(kind.line_entity, line["ID"])


def _as_sent(row: Row) -> Row:
    return {**row, "AmountVATFC": row.get("sent_vat"), "VATPercentage": None}


def _head(division: Division, kind: Kind, values: Row, lines: list[Row]) -> Row:
    journal = heads.journal_of(division, values.get("JournalCode"), (kind.journal,))
    day = as_day(lines[0].get("Date")) or division.today()
    year, period = heads.period_of(
        division, day, values.get("FinancialYear"), values.get("FinancialPeriod"), journal["Code"]
    )
    rate = values.get("ExchangeRate") or lines[0].get("ExchangeRate")
    currency, rate = heads.currency_of(division, journal, values.get("Currency"), rate, day)
    head = {name: value for name, value in values.items() if name != kind.collection}
    head.update(
        {
            "JournalCode": journal["Code"],
            "JournalDescription": journal["Description"],
            "FinancialYear": year,
            "FinancialPeriod": period,
            "Currency": currency,
            "ExchangeRate": rate,
            "Date": day,
            "Status": heads.OPEN,
            "EntryNumber": heads.number_of(
                division, journal["Code"], year, values.get("EntryNumber")
            ),
        }
    )
    if kind.money:
        head.update(_balances(division, kind, values, lines, journal["Code"]))
    return head


def _balances(division: Division, kind: Kind, values: Row, lines: list[Row], journal: str) -> Row:
    """Opening and closing balance: sent, else after the last entry of the journal."""
    total = sum((half_up(line.get("AmountFC") or ZERO) for line in lines), ZERO)
    opening = values.get("OpeningBalanceFC")
    if opening is None:
        last = division.store.row(
            "SELECT identity FROM document WHERE administration = ? AND journal = ?"
            " ORDER BY book_year DESC, number DESC LIMIT 1",
            division.code,
            journal,
        )
        opening = division.get(kind.entity, last["identity"])["ClosingBalanceFC"] if last else ZERO
    closing = values.get("ClosingBalanceFC")
    if closing is not None and half_up(opening + total) != half_up(closing):
        raise BusinessError("bank_balance")
    return {"OpeningBalanceFC": half_up(opening), "ClosingBalanceFC": half_up(opening + total)}


def _line(
    division: Division, kind: Kind, journal: Row, head: Row, values: Row, number: int
) -> _Checked:
    if not values.get("GLAccount"):
        raise BusinessError("mandatory", "ledger_account")
    account = division.reference("financial/GLAccounts", values["GLAccount"], "ledger_account")
    if account.get("IsBlocked"):
        raise BusinessError("blocked", "ledger_account")
    if account["Type"] == VAT_TYPE and kind.money:
        raise BusinessError("ledger_account_type")
    party = _party(division, account, values)
    amount = half_up(values.get("AmountFC") or ZERO) * (-1 if kind.money else 1)
    code, rate = _code(division, kind, journal, account, values, head["Date"])
    base, vat = _amounts(kind, code, amount, rate, values.get("AmountVATFC"))
    centre, unit = heads.axes(division, account, values)
    row = {name: value for name, value in values.items() if name not in ("AmountDC", "Timestamp")}
    row.update(
        {
            "ID": values.get("ID") or str(uuid.uuid4()),
            "LineNumber": number,
            "GLAccount": account["ID"],
            "GLAccountCode": account["Code"],
            "GLAccountDescription": account["Description"],
            "EntryNumber": head["EntryNumber"],
            "Account": party and party["ID"],
            "AccountCode": party and party["Code"],
            "AccountName": party and party["Name"],
            "Date": as_day(values.get("Date")) or head["Date"],
            "AmountFC": half_up(values.get("AmountFC") or ZERO),
            "AmountVATFC": vat * (-1 if kind.money else 1),
            "sent_vat": values.get("AmountVATFC"),
            "VATCode": code and code["Code"],
            "VATCodeDescription": code and code["Description"],
            "VATPercentage": rate,
            "CostCenter": centre,
            "CostUnit": unit,
        }
    )
    return _Checked(row, account, base, vat, code, rate)


def _party(division: Division, account: Row, values: Row) -> Row | None:
    if values.get("Account"):
        return division.reference("crm/Accounts", values["Account"], "account")
    if account["Type"] in (RECEIVABLE, PAYABLE):
        raise BusinessError("mandatory", "account")
    return None


def _code(
    division: Division, kind: Kind, journal: Row, account: Row, values: Row, day
) -> tuple[Row | None, Decimal]:
    if not values.get("VATCode"):
        return None, ZERO
    if account["Type"] in CONTROL_TYPES or not (kind.money or journal.get("AllowVAT")):
        raise BusinessError("not_allowed", "vat_code")
    known = division.code_reference("vat/VATCodes", values["VATCode"], "vat_code")
    side = "P" if known.get("VATTransactionType") == "P" else "S"
    code = vat_code_of(division, values, account, side)
    return code, ZERO if code["Type"] in "BN" else percentage_of(
        division, code, day, values.get("VATPercentage")
    )


def _amounts(
    kind: Kind, code: Row | None, amount: Decimal, rate: Decimal, sent: Decimal | None
) -> tuple[Decimal, Decimal]:
    sent = None if sent is None else half_up(sent) * (-1 if kind.money else 1)
    if kind.money and code and code["Type"] in "EI" and not code.get("Charged"):
        return vat_of({**code, "Type": "I"}, amount, rate, sent)
    return vat_of(code, amount, rate, sent)


def _book(
    division: Division, kind: Kind, key: str, head: Row, values: list[Row], existing: Row | None
) -> Row:
    journal = heads.journal_of(division, head["JournalCode"], (kind.journal,))
    lines = [
        _line(division, kind, journal, head, row, number) for number, row in enumerate(values, 1)
    ]
    convert = converter(head["ExchangeRate"], "multiply")
    entry = _entry(division, kind, journal, lines, convert)
    entry = named(division, key, entry, [line.row["ID"] for line in lines])
    total = sum((line.row["AmountFC"] for line in lines), ZERO) if kind.money else ZERO
    first = lines[0].row
    document = Document(
        head["FinancialYear"],
        head["JournalCode"],
        head["EntryNumber"],
        kind.name,
        head["FinancialPeriod"],
        str(head["Date"]),
        head["Currency"],
        head["ExchangeRate"],
        total,
        party=first.get("Account"),
        comment=first.get("Description"),
        identity=key,
    )
    try:
        store_entry(division, document, entry, existing)
    except UnbalancedEntry:
        raise BusinessError("not_balanced") from None
    _write_records(division, kind, key, head, lines, convert, existing is None)
    stored = division.books.document_by_identity(key)
    _schedule(division, stored, lines, entry)
    if kind.money and division.switch("match_our_ref"):
        _match_our_ref(division, stored, lines)
    return division.get(kind.entity, key)


def _entry(
    division: Division, kind: Kind, journal: Row, lines: list[_Checked], convert
) -> list[Line]:
    """Ledger lines: the journal's own account first (-1), the lines, then their VAT."""
    codes = account_code(division)
    base, vat = [], []
    sequence = len(lines) + 1
    for line in lines:
        neutral = line.code and neutral_code(
            line.code, codes, line.rate, CLASS_BOXES.get(line.account.get("VATGLAccountType") or "")
        )
        boxes, legs = _vat_lines(line, neutral, convert)
        base.append(
            Line(
                line.row["LineNumber"],
                "line",
                line.account["Code"],
                convert(line.base),
                line.base,
                line.row.get("Account"),
                line.row.get("Description"),
                str(line.row["OurRef"]) if line.row.get("OurRef") else None,
                line.row["VATCode"],
                cost_centre=line.row["CostCenter"],
                cost_unit=line.row["CostUnit"],
                boxes=tuple(boxes),
            )
        )
        for role, account, amount in legs:
            vat.append(
                Line(
                    sequence,
                    role,
                    account,
                    convert(amount),
                    amount,
                    text=line.row.get("Description"),
                    vat_code=line.row["VATCode"],
                )
            )
            sequence += 1
    entry = [*base, *vat]
    if kind.money:
        entry.insert(
            0,
            Line(
                -1,
                kind.name,
                codes(journal["GLAccount"]),
                -sum((one.amount for one in entry), ZERO),
                -sum((one.document_amount for one in entry), ZERO),
            ),
        )
    return entry


def _vat_lines(line: _Checked, neutral, convert):
    """Boxes of a line in the books' currency, and its VAT lines (role, account, amount)."""
    if neutral is None:
        return [], []
    sale = neutral.side == "sale"
    ordinary = -1 if sale else 1
    refund = line.base * ordinary < 0
    card = neutral.card(refund)
    sign = -ordinary if refund else ordinary
    vat = sign * line.vat
    local = convert(vat)
    if sale:
        split = VatSplit(invoiced=local)
        legs = [("owed", card.owed.account, line.vat)] if card.owed and line.vat else []
    else:
        owed = local if card.reverse_charge else ZERO
        split = VatSplit(ZERO if card.reverse_charge else local, owed, local)
        legs = (
            [("deductible", card.recoverable.account, line.vat)]
            if (card.recoverable and line.vat)
            else []
        )
        if card.reverse_charge and line.vat:
            legs.append(("owed", card.owed.account, -line.vat))
    return card_boxes(card, convert(sign * line.base), split, sale), legs


def _write_records(
    division: Division, kind: Kind, key: str, head: Row, lines: list[_Checked], convert, new: bool
) -> None:
    known = set() if new else {row["ID"] for row in lines_of(division, kind, key)}
    for line in lines:
        row = {
            **line.row,
            "EntryID": key,
            "AmountDC": convert(line.row["AmountFC"]),
            "AmountVATDC": convert(line.row["AmountVATFC"]),
        }
        if row["ID"] in known:
            division.change(kind.line_entity, row["ID"], **row)
        else:
            division.add(kind.line_entity, row, row["ID"])
    head["EntryID"] = key
    if new:
        division.add(kind.entity, head, key)
    else:
        division.change(kind.entity, key, **head)


def _schedule(division: Division, document: dict, lines: list[_Checked], entry: list[Line]) -> None:
    by_sequence = {line.sequence: line for line in entry}
    for line in lines:
        if line.account["Type"] not in (RECEIVABLE, PAYABLE):
            continue
        booked = by_sequence[line.row["LineNumber"]]
        terms.schedule(
            division,
            document["id"],
            {
                "sequence": booked.sequence,
                "line_type": line.account["Type"],
                "account": booked.account,
                "party": booked.party,
                "amount": booked.amount,
                "document_amount": booked.document_amount,
            },
            [(line.row["Date"], Decimal(1))],
        )


def _match_our_ref(division: Division, document: dict, lines: list[_Checked]) -> None:
    for line in lines:
        if not line.row.get("OurRef") or not line.row.get("Account"):
            continue
        for invoice in division.books.documents(
            "number = ? AND party = ? AND id <> ?",
            line.row["OurRef"],
            line.row["Account"],
            document["id"],
        ):
            try:
                terms.match(division, invoice, document)
            except BusinessError:  # nothing left to match: the line stays open
                continue
