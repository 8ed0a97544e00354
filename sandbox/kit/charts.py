"""The charts of accounts that the demo books start from."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path


@cache
def chart_of(name: str) -> tuple[dict[str, str], ...]:
    """The rows of ``belgian`` or ``dutch``: number and names, as they stand in the file."""
    return csv_rows(Path(__file__).with_name(f"{name}_chart.csv"))


def csv_rows(path: Path) -> tuple[dict[str, str], ...]:
    """The rows of a file with semicolons and a line of titles."""
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines, delimiter=";"))
