"""Puts both sides beside each other: per document first, then added up per account, box, open item.

Every document's difference must be exactly what the named list predicts for it, so nothing can
hide in a sum. Settlements are no documents: what they did shows in the open items.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from tooling.books.figures import ZERO, Amounts, Booking, add
from tooling.books.named import CENT, CURRENCY, ELSEWHERE, Difference, predicted
from tooling.counted import count

ACCOUNTS, BOXES = "account", "VAT box"
PARTY, OPEN, OPEN_COMPANY = "party's amount", "open item", "open item in company currency"
PRESENCE = "document"
EQUAL, NAMED, DIFFERS = "equal", "named", "differs"


@dataclass
class Row:
    """A figure on both sides. ``named`` is package minus Odoo for each name; ``rest`` has none."""

    section: str
    subject: str
    odoo: Decimal | None
    package: Decimal | None
    named: Amounts = field(default_factory=dict)
    documents: dict[str, list[str]] = field(default_factory=dict)
    note: str = ""

    @property
    def rest(self) -> Decimal:
        return (self.package or ZERO) - (self.odoo or ZERO) - sum(self.named.values(), ZERO)

    @property
    def verdict(self) -> str:
        if self.note or self.rest:
            return DIFFERS
        return NAMED if any(self.named.values()) else EQUAL


@dataclass
class Comparison:
    """``rows`` holds the sums and one row for each open item and each thing that differs;
    ``differences`` every named difference by document."""

    rows: list[Row] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    documents: int = 0

    @property
    def differing(self) -> list[Row]:
        return [row for row in self.rows if row.verdict == DIFFERS]

    @property
    def agrees(self) -> bool:
        return not self.differing

    def count(self, section: str, verdict: str) -> int:
        """How many rows of a section have a verdict."""
        return sum(row.section == section and row.verdict == verdict for row in self.rows)


def compare(
    odoo: Iterable[Booking], package: Iterable[Booking], open_items: bool = True
) -> Comparison:
    """Compare all documents of both sides.

    ``open_items`` False leaves out what is open (nothing was read back yet).
    """
    odoo, package = list(odoo), {booking.key: booking for booking in package}
    comparison = Comparison(documents=len(odoo))
    count("compared documents", len(odoo))
    sums: dict[tuple[str, str], Row] = {}
    for ours in odoo:
        theirs = package.pop(ours.key, None)
        if theirs is None:
            comparison.rows.append(Row(PRESENCE, ours.label, None, None, note="not in the package"))
            _add_up(sums, ours, Booking("", "", ours.kind), [])
            continue
        found = predicted(ours, theirs)
        comparison.differences += found
        comparison.rows += _document_rows(ours, theirs, found)
        _add_up(sums, ours, theirs, found)
        if open_items:
            comparison.rows += _open_rows(ours, theirs)
    for theirs in package.values():
        comparison.rows.append(Row(PRESENCE, theirs.label, None, None, note="not in Odoo"))
        _add_up(sums, Booking("", "", theirs.kind), theirs, [])
    order = {ACCOUNTS: 0, BOXES: 1}
    comparison.rows += [
        row for _key, row in sorted(sums.items(), key=lambda one: (order[one[0][0]], one[0][1]))
    ]
    return comparison


def _document_rows(ours: Booking, theirs: Booking, found: list[Difference]) -> list[Row]:
    """The party's amount in document currency, and every figure of this document that differs."""
    party = Row(PARTY, ours.label, ours.party_amount, theirs.party_amount)
    if (ours.kind, ours.currency) != (theirs.kind, theirs.currency) and ours.party_amount:
        party.note = f"{ours.kind} {ours.currency} became {theirs.kind} {theirs.currency}"
    rows = [party]
    for section, name in ((ACCOUNTS, "accounts"), (BOXES, "boxes")):
        mine, other = _figures(ours, name), _figures(theirs, name)
        for subject in sorted({*mine, *other}):
            row = Row(
                section,
                f"{ours.label}: {subject}",
                mine.get(subject, ZERO),
                other.get(subject, ZERO),
            )
            for difference in found:
                add(row.named, difference.name, getattr(difference, name).get(subject, ZERO))
            if row.verdict == DIFFERS:
                rows.append(row)
    return rows


def _add_up(sums, ours: Booking, theirs: Booking, found: list[Difference]) -> None:
    for section, name in ((ACCOUNTS, "accounts"), (BOXES, "boxes")):
        for side, booking in (("odoo", ours), ("package", theirs)):
            for subject, amount in _figures(booking, name).items():
                row = _sum_row(sums, section, subject)
                setattr(row, side, getattr(row, side) + amount)
        for difference in found:
            for subject, amount in getattr(difference, name).items():
                if amount:
                    row = _sum_row(sums, section, subject)
                    add(row.named, difference.name, amount)
                    row.documents.setdefault(difference.name, []).append(difference.document)


def _figures(booking: Booking, name: str) -> Amounts:
    return booking.all_accounts if name == "accounts" else booking.boxes


def _sum_row(sums, section, subject) -> Row:
    return sums.setdefault((section, subject), Row(section, subject, ZERO, ZERO))


def _open_rows(ours: Booking, theirs: Booking) -> list[Row]:
    """What is open: in document currency to the cent, in company currency as well.

    What the package settled by a miscellaneous entry may still be open in Odoo; converted amounts
    differ by what the whole document's conversion differs.
    """
    document = Row(OPEN, f"{ours.label} {ours.currency}", ours.open_amount, theirs.open_amount)
    company = Row(OPEN_COMPANY, ours.label, ours.open_company, theirs.open_company)
    if theirs.settled_elsewhere and company.rest:
        sign = -1 if ours.open_company > 0 else 1
        add(company.named, ELSEWHERE[0], sign * theirs.settled_elsewhere)
        company.documents[ELSEWHERE[0]] = [ours.label]
        if ours.rate == 1:
            add(document.named, ELSEWHERE[0], sign * theirs.settled_elsewhere)
    if ours.rate != 1 and company.rest:
        account = ours.party_account
        converted = theirs.accounts.get(account, ZERO) - ours.accounts.get(account, ZERO)
        part = abs(ours.open_amount / ours.party_amount) if ours.party_amount else ZERO
        if abs(company.rest - converted * part) <= CENT / 2:
            add(company.named, CURRENCY[0], company.rest)
            company.documents[CURRENCY[0]] = [ours.label]
    return [document, company]
