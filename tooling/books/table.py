"""The comparison as plain text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from tooling.books.compare import (
    ACCOUNTS,
    BOXES,
    DIFFERS,
    EQUAL,
    NAMED,
    OPEN,
    OPEN_COMPANY,
    PARTY,
    PRESENCE,
    Comparison,
    Row,
)
from tooling.books.named import COST_OF_GOODS

SECTIONS = (
    (ACCOUNTS, "Ledger accounts, VAT accounts as one group"),
    (BOXES, "Boxes of the VAT return"),
    (PARTY, "Customers' and suppliers' amounts, document currency"),
    (OPEN, "Open items, document currency"),
    (OPEN_COMPANY, "Open items, company currency"),
    (PRESENCE, "Documents on one side only"),
)
SHOWN = 3
HEADINGS = ("", "Odoo", "package", "difference", "verdict", "name (documents)")


def lines_of(comparison: Comparison) -> list[str]:
    """The table: equal figures as counts per section, every difference on a line of its own."""
    cells: list[tuple[str, ...]] = [HEADINGS]
    for section, title in SECTIONS:
        rows = [row for row in comparison.rows if row.section == section]
        if not rows:
            continue
        equal = sum(row.verdict == EQUAL for row in rows)
        cells.append((title, "", "", "", f"{equal} of {len(rows)} equal", ""))
        for row in rows:
            if row.verdict != EQUAL:
                cells += _row_cells(row)
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEADINGS))]
    table = []
    for row in cells:
        padded = [
            _aligned(cell, width, column)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        table.append("  ".join(padded).rstrip())
    return [
        table[0],
        "-" * len(table[0]),
        *table[1:],
        "",
        *_legend(comparison),
        *_result(comparison),
    ]


def _aligned(cell: str, width: int, column: int) -> str:
    return cell.rjust(width) if column in (1, 2, 3) else cell.ljust(width)


def _row_cells(row: Row) -> list[tuple[str, ...]]:
    first = (f"  {row.subject}", shown(row.odoo), shown(row.package))
    if row.note:
        return [(*first, "", "DIFFERS", row.note)]
    cells = [(name, amount) for name, amount in row.named.items() if amount]
    lines = []
    for name, amount in cells:
        documents = _documents(row.documents.get(name, []))
        lines.append((*first, shown(amount), NAMED, f"{name} {documents}"))
        first = ("", "", "")
    if row.verdict == DIFFERS:
        lines.append((*first, shown(row.rest), "DIFFERS", "no name"))
    return lines


def _documents(labels: list[str]) -> str:
    labels = list(dict.fromkeys(labels))
    more = f" and {len(labels) - SHOWN} more" if len(labels) > SHOWN else ""
    return f"({', '.join(labels[:SHOWN])}{more})" if labels else ""


def _legend(comparison: Comparison) -> Iterable[str]:
    reasons: dict[str, set[str]] = {}
    documents: dict[str, set[str]] = {}
    for difference in comparison.differences:
        reasons.setdefault(difference.name, set()).add(difference.reason)
        documents.setdefault(difference.name, set()).add(difference.document)
    if any("S1" in row.named for row in comparison.rows):
        from tooling.books.named import ELSEWHERE

        reasons.setdefault(ELSEWHERE[0], set()).add(ELSEWHERE[1])
    for name, texts in sorted(reasons.items()):
        for text in sorted(texts):
            yield f"{name}  {text}"
    if documents.get(COST_OF_GOODS[0]):
        yield _cost_of_goods(comparison, len(documents[COST_OF_GOODS[0]]))


def _cost_of_goods(comparison: Comparison, documents: int) -> str:
    """By how much the books differ for it, so that nobody has to add it up."""
    name = COST_OF_GOODS[0]
    amounts = ", ".join(
        f"{shown(-row.named[name])} on {row.subject}"
        for row in comparison.rows
        if row.section == ACCOUNTS and row.named.get(name)
    )
    return f"{name}  not sent: the cost of goods sold of {documents} documents, {amounts}"


def _result(comparison: Comparison) -> list[str]:
    counts = {
        verdict: sum(row.verdict == verdict for row in comparison.rows)
        for verdict in (EQUAL, NAMED, DIFFERS)
    }
    word = "The books agree" if comparison.agrees else "THE BOOKS DIFFER"
    return [
        "",
        f"{word}: {comparison.documents} documents, {counts[EQUAL]} figures equal, "
        f"{counts[NAMED]} with a named difference, {counts[DIFFERS]} differ.",
    ]


def shown(amount: Decimal | None) -> str:
    """An amount with two decimals at least and a point for thousands left out."""
    if amount is None:
        return ""
    return f"{amount:.2f}" if amount == round(amount, 2) else str(amount.normalize())
