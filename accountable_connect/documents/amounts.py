"""Decimal arithmetic for amounts: nothing here loses or invents a cent."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

ZERO = Decimal(0)


def to_decimal(amount: float, decimals: int) -> Decimal:
    """An Odoo amount as a ``Decimal`` with the decimals of its currency, never a negative zero."""
    return Decimal(f"{amount:.{decimals}f}") + ZERO


def round_half_up(amount: Decimal, decimals: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + ZERO


def split(amount: Decimal, weights: Sequence[Decimal], decimals: int) -> list[Decimal]:
    """``amount`` in proportion to ``weights``, rounded half up, the rest to the last part.

    The parts add up to ``amount``. Weights that add up to zero give everything to the last part.
    """
    whole = sum(weights, ZERO)
    if not whole:
        return [ZERO] * (len(weights) - 1) + [amount]
    parts = [round_half_up(amount * weight / whole, decimals) for weight in weights[:-1]]
    return [*parts, amount - sum(parts, ZERO)]


def distribute(difference: Decimal, weights: Sequence[Decimal], decimals: int) -> list[Decimal]:
    """Spread a rounding difference over amounts in proportion, by the smallest unit there is.

    ``weights`` are the amounts that get corrected; their sign does not matter. The parts add up to
    ``difference``; amounts of zero get nothing as long as another one is there.
    """
    unit = Decimal(1).scaleb(-decimals)
    sizes = [abs(weight) for weight in weights]
    whole = sum(sizes, ZERO)
    if not whole:
        sizes = [Decimal(1)] * len(weights)
        whole = Decimal(len(weights))
    exact = [difference * size / whole for size in sizes]
    parts = [part.quantize(unit, ROUND_DOWN) for part in exact]
    step = unit if difference > 0 else -unit
    remaining = int((difference - sum(parts, ZERO)) / step)
    # What rounding down left over goes to those that lost most by it, the larger first.
    order = sorted(
        range(len(sizes)), key=lambda index: (-abs(exact[index] - parts[index]), -sizes[index])
    )
    for position in range(remaining):
        parts[order[position % len(order)]] += step
    return [part + ZERO for part in parts]
