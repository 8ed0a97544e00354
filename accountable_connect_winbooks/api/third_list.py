"""A list of customers or suppliers that somebody pastes: number, name, VAT number."""

import csv
from dataclasses import dataclass

from . import third_number


@dataclass(frozen=True, slots=True)
class Row:
    """``line`` counts from 1; ``number`` is as it was pasted, upper case."""

    line: int
    number: str
    name: str
    vat_number: str

    @property
    def is_valid(self) -> bool:
        return third_number.is_number(self.number)


def rows_of(text: str) -> list[Row]:
    """The rows of a text as spreadsheets and WinBooks give it: separated by tabs, semicolons or
    commas, in quotation marks or not. A first line that says what the columns are is none."""
    lines = text.splitlines()
    separator = next((one for one in "\t;" if any(one in line for line in lines)), ",")
    try:
        read = list(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error:
        # a quotation mark that never ends is a sign of a name, and would hide all that follows
        read = list(csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE))
    rows = []
    for line, cells in enumerate(read, start=1):
        number, name, vat_number = ([cell.strip() for cell in cells] + ["", "", ""])[:3]
        if not number and not name:
            continue
        if line == 1 and not any(sign.isdigit() for sign in number + vat_number):
            continue
        rows.append(Row(line, number.upper(), name, vat_number))
    return rows
