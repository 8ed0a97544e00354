"""One row of the results, and figures as people read them."""

from dataclasses import dataclass

from bench.measure import Spread


@dataclass(frozen=True)
class Row:
    """``aim`` "" and ``met`` None: told for information."""

    subject: str
    measure: str
    value: str
    aim: str = ""
    met: bool | None = None


def share_row(subject: str, measure: str, share: dict, aim: float | None = None) -> Row:
    """A share (1 is all of it) in per cent, which ``aim`` holds to at most so many."""
    spread = Spread(**share)
    value = in_words(spread.scaled(100), 1, " %")
    if aim is None:
        return Row(subject, measure, value)
    return Row(subject, measure, value, f"≤ {aim} %", 100 * spread.median <= aim)


def more_row(subject: str, measure: str, beside: dict, aim: float) -> Row:
    """By how much a ratio is more than 1, in per cent, which ``aim`` holds to at most so many."""
    more = Spread(**beside).scaled(100, -1)
    value = in_words(more, 1, " %", sign="+")
    return Row(subject, measure, value, f"within {aim} %", more.median <= aim)


def times(ratio: dict) -> str:
    """A ratio in words."""
    return in_words(Spread(**ratio), 2, before="× ")


def in_words(spread: Spread, decimals: int, unit: str = "", before: str = "", sign: str = "-"):
    """The median; when there were several rounds, by how much it may be off, and where the middle
    half of the rounds lies. With the ``sign`` ``+`` positive numbers have theirs."""

    def number(value: float) -> str:
        return f"{value:{sign}.{decimals}f}"

    median = f"{before}{number(spread.median)}{unit}"
    if spread.rounds < 2:
        return median
    off = f"{spread.uncertainty:.{decimals}f}"
    return f"{median} ± {off} ({number(spread.low)} … {number(spread.high)})"
