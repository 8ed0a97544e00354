"""Payment terms: what is open of an entry's receivable or payable line, and how it was closed.

An amount has the sign of its ledger line: debit positive. Matching a part splits a term: the
existing row becomes the matched part (Status 50), a new row with a new ``EntryID`` keeps the rest
(Status 20). Undoing a match opens the rows again; they stay split. Every change gives a new
row version. A matched pair is also a match of the neutral books.

Choices: ``LastPaymentDate`` is set when a cash flow line closes a term, never for a credit note or
a write-off; an entry of nothing has no term; ``EndDate`` is the latest document date of the pair.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from decimal import Decimal

from ..kit.amounts import ZERO, half_up, loaded, stored
from ..kit.matching import Matching
from .chart import PAYABLE, RECEIVABLE
from .division import Division, decode, encode
from .resource import BusinessError, Row

TERMS = "cashflow/PaymentTerms"
OPEN, SELECTED, IN_PROCESS, MATCHED = 20, 30, 40, 50


def _parts(amount: Decimal, shares: list[Decimal]) -> list[Decimal]:
    """An amount by shares; the last one takes the rest."""
    parts = [half_up(amount * share) for share in shares[:-1]]
    return [*parts, amount - sum(parts, ZERO)]


def schedule(
    division: Division, document: int, line: dict, due: Iterable[tuple[dt.date, Decimal]]
) -> None:
    """Write the terms of an entry line; existing rows are kept in their order."""
    due = list(due)
    shares = [share for _day, share in due]
    amounts = _parts(line["amount"], shares)
    foreign = _parts(line["document_amount"], shares)
    old = division.store.rows(
        "SELECT id FROM term WHERE document = ? AND sequence = ? ORDER BY version",
        document,
        line["sequence"],
    )
    wanted = [
        (day, dc, fc)
        for (day, _share), dc, fc in zip(due, amounts, foreign, strict=True)
        if dc or fc
    ]
    for index, (day, dc, fc) in enumerate(wanted):
        if index < len(old):
            division.store.run(
                "UPDATE term SET amount = ?, document_amount = ?, due_date = ?, party = ?,"
                " account = ?, version = ? WHERE id = ?",
                stored(dc),
                stored(fc),
                str(day),
                line["party"],
                line["account"],
                division.next_version(),
                old[index]["id"],
            )
        else:
            _insert(division, document, line, day, dc, fc, {})
    _forget(division, [row["id"] for row in old[len(wanted) :]])


def _insert(
    division: Division,
    document: int,
    line: dict,
    day: dt.date | str | None,
    dc: Decimal,
    fc: Decimal,
    data: dict,
) -> str:
    key = str(uuid.uuid4())
    kind = RECEIVABLE if line["line_type"] == RECEIVABLE else PAYABLE
    division.store.run(
        "INSERT INTO term (administration, id, document, sequence, part, line_type, account, party,"
        " amount, document_amount, due_date, data, version)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        division.code,
        key,
        document,
        line["sequence"],
        str(uuid.uuid4()),
        kind,
        line["account"],
        line["party"],
        stored(dc),
        stored(fc),
        None if day is None else str(day),
        encode(data),
        division.next_version(),
    )
    return key


def _forget(division: Division, keys: list[str]) -> None:
    for key in keys:
        division.store.run("DELETE FROM term WHERE id = ?", key)
    division.tell_removed(TERMS, keys)


def of_document(division: Division, document: int) -> list[Row]:
    """The terms of an entry as plain rows with ``Decimal`` amounts, oldest change first."""
    return [
        _loaded(row)
        for row in division.store.rows(
            "SELECT * FROM term WHERE document = ? ORDER BY sequence, version", document
        )
    ]


def _loaded(row) -> dict:
    return {
        **dict(row),
        "amount": loaded(row["amount"]),
        "document_amount": loaded(row["document_amount"]),
        "data": decode(row["data"]),
    }


def is_touched(division: Division, document: int) -> bool:
    """Is a term of the entry matched or in a processed batch?"""
    return (
        division.store.row("SELECT 1 FROM term WHERE document = ? AND status IN (40, 50)", document)
        is not None
    )


def remove_all(division: Division, document: int) -> None:
    """Remove the terms of an entry that is removed."""
    _forget(division, [row["id"] for row in of_document(division, document)])


def change(division: Division, key: str, **values) -> None:
    """Set columns of a term; ``data`` is a dictionary."""
    if "data" in values:
        values["data"] = encode(values["data"])
    values["version"] = division.next_version()
    columns = ", ".join(f"{name} = ?" for name in values)
    division.store.run(f"UPDATE term SET {columns} WHERE id = ?", *values.values(), key)


def change_status(division: Division, document: int, status: int) -> None:
    """Select for collection (30), process in a batch (40) or open again (20) what is open."""
    for term in of_document(division, document):
        if term["status"] != MATCHED:
            change(division, term["id"], status=status)


def open_amount(terms: Iterable[dict]) -> Decimal:
    """What is not matched of terms, with their sign."""
    return sum((term["amount"] for term in terms if term["status"] != MATCHED), ZERO)


def match(division: Division, first: dict, second: dict, amount: Decimal | None = None) -> Decimal:
    """Match two entries' terms of one relation and ledger account, oldest due date first.

    ``first`` and ``second`` are document heads; ``amount`` is positive, in the division's currency;
    None matches all that both sides can. Gives what was matched. Raises ``BusinessError`` invalid
    when there is nothing to match or the amount is more than that.
    """
    left, right = _candidates(division, first, second)
    most = _possible(left, right)
    wanted = most if amount is None else amount
    if not 0 < wanted <= most:
        raise BusinessError("invalid", "amount")
    rest, by_line = wanted, {}
    with division.store.transaction():
        while rest:
            one, other = left.pop(0), right.pop(0)
            part = min(abs(one["amount"]), abs(other["amount"]), rest)
            kept = _close_pair(division, (first, one), (second, other), part)
            for queue, term in zip((left, right), kept, strict=True):
                if term:
                    queue.insert(0, term)
            lines = one["sequence"], other["sequence"]
            by_line[lines] = by_line.get(lines, ZERO) + part
            rest -= part
        for (one, other), part in by_line.items():
            _match_lines(division, (first, one), (second, other), part)
    return wanted


def possible(division: Division, first: dict, second: dict) -> Decimal:
    """The most that two entries can be matched for."""
    return _possible(*_candidates(division, first, second))


def _possible(left: list[dict], right: list[dict]) -> Decimal:
    if open_amount(left) * open_amount(right) >= 0:
        return ZERO
    return min(abs(open_amount(left)), abs(open_amount(right)))


def _candidates(division: Division, first: dict, second: dict) -> tuple[list[dict], list[dict]]:
    """What is open of two entries for the same relation and account, oldest due date first."""
    left, right = (
        [term for term in of_document(division, head["id"]) if term["status"] != MATCHED]
        for head in (first, second)
    )
    shared = {(term["account"], term["party"]) for term in left} & {
        (term["account"], term["party"]) for term in right
    }
    return tuple(
        sorted(
            (term for term in terms if (term["account"], term["party"]) in shared),
            key=lambda term: (term["due_date"] or "", term["version"]),
        )
        for terms in (left, right)
    )


def _close_pair(
    division: Division, one: tuple[dict, dict], other: tuple[dict, dict], part: Decimal
) -> list[dict | None]:
    """Close a part of two terms; gives the rows that keep the rest of each."""
    group = str(uuid.uuid4())
    heads = (one[0], other[0])
    last = max(heads, key=lambda head: (head["date"], head["book_year"], head["period"]))
    paid = [head["date"] for head in heads if head["kind"] in ("bank", "cash")]
    kept = []
    for _head, term in (one, other):
        kept.append(_split(division, term, part))
        change(
            division,
            term["id"],
            status=MATCHED,
            fully_paid=1,
            last_payment_date=max(paid) if paid else None,
            end_date=last["date"],
            end_year=last["book_year"],
            end_period=last["period"],
            matched_with=group,
        )
    return kept


def _split(division: Division, term: dict, part: Decimal) -> dict | None:
    """Make a term as large as a part of it; gives the new row with the rest."""
    dc = part if term["amount"] > 0 else -part
    rest = term["amount"] - dc
    if not rest:
        return None
    fc = half_up(term["document_amount"] * part / abs(term["amount"]))
    key = _insert(
        division,
        term["document"],
        term,
        term["due_date"],
        rest,
        term["document_amount"] - fc,
        term["data"],
    )
    if term["status"] != OPEN:
        change(division, key, status=term["status"])
    change(division, term["id"], amount=stored(dc), document_amount=stored(fc))
    return _loaded(division.store.row("SELECT * FROM term WHERE id = ?", key))


def _match_lines(
    division: Division, one: tuple[dict, int], other: tuple[dict, int], amount: Decimal
) -> None:
    matching = Matching(division.books)
    lines = [
        matching.line(head["book_year"], head["journal"], head["number"], sequence)
        for head, sequence in (one, other)
    ]
    debit, credit = sorted(lines, key=lambda line: -line["amount"])
    matching.match(debit, credit, amount)
    _touch_lines(division, [line["id"] for line in lines])


def _touch_lines(division: Division, lines: Iterable[int]) -> None:
    for line in lines:
        division.store.run(
            "UPDATE entry SET version = ? WHERE id = ?", division.next_version(), line
        )


def unmatch(division: Division, document: dict) -> int:
    """Undo every match of an entry; gives how many pairs were opened again."""
    groups = [
        row["matched_with"]
        for row in division.store.rows(
            "SELECT DISTINCT matched_with FROM term"
            " WHERE document = ? AND matched_with IS NOT NULL",
            document["id"],
        )
    ]
    with division.store.transaction():
        for group in groups:
            for row in division.store.rows("SELECT id FROM term WHERE matched_with = ?", group):
                change(
                    division,
                    row["id"],
                    status=OPEN,
                    fully_paid=0,
                    last_payment_date=None,
                    end_date=None,
                    end_year=None,
                    end_period=None,
                    matched_with=None,
                )
        matching = Matching(division.books)
        for line in division.books.lines(document["id"]):
            others = {
                side
                for found in matching.matches("(debit = ? OR credit = ?)", line["id"], line["id"])
                for side in (found["debit"]["id"], found["credit"]["id"])
            }
            matching.remove_line(line["id"])
            _touch_lines(division, others)
    return len(groups)
