"""Decimal amounts of the books: rounding, and the whole numbers they are stored as."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
CENT = Decimal("0.01")
SCALE = Decimal(10_000)


def half_up(amount: Decimal) -> Decimal:
    """Round to the cent, halves away from zero, as Belgian packages do per line."""
    return Decimal(amount).quantize(CENT, ROUND_HALF_UP)


def stored(amount: Decimal) -> int:
    """An amount as ten-thousandths, the whole number kept in the database."""
    return int((Decimal(amount) * SCALE).to_integral_value(ROUND_HALF_UP))


def loaded(number: int | None) -> Decimal:
    """The amount behind a stored whole number, with two decimals or more where needed."""
    amount = Decimal(number or 0) / SCALE
    return amount.quantize(CENT) if amount == amount.quantize(CENT) else amount
