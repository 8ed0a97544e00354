"""The rows of a table that somebody saved as CSV, or copied from a spreadsheet: bytes → cells."""

import csv
import io
import re
from collections.abc import Iterator

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 100_000
MOST_OF_A_LINE = 5000
DELIMITERS = ";,\t"
BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


class TableError(Exception):
    """Nothing of it can be read. ``code`` is ``empty``, ``too_big``, ``spreadsheet``, ``not_text``,
    ``quotes`` or ``rows``."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def numbered_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of the line in which it begins; raises :class:`TableError`."""
    text = text_of(content)
    lines = io.StringIO(text, newline="")
    # strict: behind a quotation mark that never ends all other rows would be lost unseen
    reader = csv.reader(lines, delimiter=_delimiter(text), strict=True)
    begins = 1
    try:
        for count, row in enumerate(reader):
            if count > MOST_ROWS:
                raise TableError("rows")
            yield begins, row
            begins = reader.line_num + 1
    except csv.Error as error:
        raise TableError("quotes") from error


def text_of(content: bytes) -> str:
    """The text, whichever way it is encoded; raises :class:`TableError`."""
    if not content.strip():
        raise TableError("empty")
    if len(content) > MOST_BYTES:
        raise TableError("too_big")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):  # .xlsx, .ods and .xls
        raise TableError("spreadsheet")
    marked = next((name for mark, name in BYTE_ORDER_MARKS if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise TableError("not_text")


def _delimiter(text):
    """The one that stands most often in the first line."""
    head = text.lstrip("\r\n")[:MOST_OF_A_LINE].partition("\n")[0]
    return max(DELIMITERS, key=head.count)


def cell_at(row: list[str], place: int | None) -> str:
    """The cell, "" where the row has none there."""
    if place is None or place >= len(row):
        return ""
    # a spreadsheet keeps the zeros of ="00012"
    return re.sub(r'^="(.*)"$', r"\1", row[place].strip())


def plain_heading(cell: str) -> str:
    """A heading, or a word of a cell, without what makes no difference."""
    return " ".join(cell.lower().split()).strip(" .:")
