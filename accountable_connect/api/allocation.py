"""Which payments of an administration Odoo has already; a pure question about one document.

::

    in Odoo   in the administration   booked
    500       500                     –           one payment
    500       500 + 500               500         the second is a second one
    500       300 + 200               –           only the sums fit
    500       300                     300         another payment
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations

EQUAL, SUM = "equal", "sum"
# With more payments of one document than these nobody tries which of them make a sum.
MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """A payment. ``amounts``: what may be called its amount, all positive and in one currency: what
    it settles of the document, and what was really paid where it wrote something off."""

    key: str
    amounts: tuple[Decimal, ...]
    date: date

    @property
    def amount(self) -> Decimal:
        return self.amounts[0]


def known_payments(
    settled: list[Paid], in_odoo: list[Paid], tolerance: Decimal = Decimal(0)
) -> dict[str, str]:
    """``{key of a payment of the administration: EQUAL or SUM}`` of those Odoo has already.

    One payment in Odoo stands for at most one of equal amount, the nearest in time. What is left is
    the same where its sum fits. ``tolerance``: amounts that differ by no more are equal.
    """
    known = {}
    settled, in_odoo = list(settled), list(in_odoo)
    pairs = [
        (one, other)
        for one in settled
        for other in in_odoo
        if any(abs(one.amount - amount) <= tolerance for amount in other.amounts)
    ]
    for one, other in sorted(pairs, key=lambda pair: _nearness(*pair)):
        if one in settled and other in in_odoo:
            known[one.key] = EQUAL
            settled.remove(one)
            in_odoo.remove(other)
    for some in _same_sums(settled, in_odoo, tolerance):
        known.update((one.key, SUM) for one in some)
    return known


def _nearness(one, other):
    return abs((one.date - other.date).days), one.date, one.key, other.date, other.key


def _same_sums(settled, in_odoo, tolerance):
    """Groups of payments of the administration whose sum Odoo has; each takes part once."""
    settled, in_odoo = list(settled), list(in_odoo)
    while fitting := _fitting(settled, in_odoo, tolerance):
        some, others = fitting
        yield some
        settled = [one for one in settled if one not in some]
        in_odoo = [one for one in in_odoo if one not in others]


def _fitting(settled, in_odoo, tolerance):
    """``(some of the one, some of the other)`` with one sum, as few as possible, or None."""
    if not settled or not in_odoo:
        return None
    if len(settled) > MOST or len(in_odoo) > MOST:
        fits = abs(_sum(settled) - _sum(in_odoo)) <= tolerance
        return (settled, in_odoo) if fits else None
    groups = sorted(
        (
            (some, others)
            for some in _groups(settled)
            for others in _groups(in_odoo)
            if len(some) == 1 or len(others) == 1
        ),
        key=lambda group: len(group[0]) + len(group[1]),
    )
    groups.append((settled, in_odoo))
    return next(
        (group for group in groups if abs(_sum(group[0]) - _sum(group[1])) <= tolerance), None
    )


def _groups(payments):
    return [
        list(some) for size in range(1, len(payments) + 1) for some in combinations(payments, size)
    ]


def _sum(payments):
    return sum((one.amount for one in payments), Decimal(0))
