"""Reading the bytes of ACT and CSF: lines, fields, values, and what is wrong with them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from . import layout
from .codes import Finding
from .layout import Field

TRUE, FALSE = ("T", "TRUE", ".T.", "Y"), ("F", "FALSE", ".F.", "N", "", "0")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")
_WITH_COMMA = re.compile(r"[+-]?\d+,\d+")
MARK = b"\xef\xbb\xbf"
END_OF_FILE = b"\x1a"


class UnreadableLine(ValueError):
    """The fields of a line cannot be told apart."""


@dataclass(frozen=True)
class Record:
    """A line of a file with its values: texts, ``Decimal``, days as ISO text, ``bool``."""

    file: str
    line: int
    values: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    def text(self, name: str) -> str:
        """A text, "" for what is not there."""
        return self.values.get(name) or ""

    def amount(self, name: str) -> Decimal:
        """A number, zero for what is not there."""
        return self.values.get(name) or Decimal(0)


@dataclass
class Reader:
    """Reads one file; what is wrong with it stands in ``findings``."""

    file: str
    fields: tuple[Field, ...]
    counts: tuple[int, int]
    switches: Mapping[str, Any]
    findings: list[Finding] = field(default_factory=list)

    def records(self, content: bytes) -> list[Record]:
        """Every record whose fields could be told apart."""
        found: list[Record] = []
        count = None
        for number, text in self._lines(content):
            try:
                values = split(text, self.switches["quote_inside"] == "doubled")
            except UnreadableLine as error:
                self._say("ACC_FLD", number, str(error))
                continue
            least, most = self.counts
            if not least <= len(values) <= most:
                upto = f"to {most}" if most < 999 else "or more"
                self._say("ACC_FLD", number, f"{len(values)} fields, {least} {upto} are read")
                continue
            count = count or len(values)
            if len(values) != count:
                words = f"{len(values)} fields, the lines before have {count}"
                self._say("ACC_FLD", number, words)
                continue
            found.append(self._record(number, values))
        return found

    def _lines(self, content: bytes) -> Iterator[tuple[int, str]]:
        if content.startswith(MARK):
            self._note(1, "Begins with a byte-order mark, which is read as part of the first field")
        text = decoded(content.rstrip(END_OF_FILE))
        if _is_utf8(content):
            self._note(0, "Looks like UTF-8: accents are broken, for it is read as Western")
        lines = text.split("\r\n")
        if self.switches["line_end"] == "any":
            if any("\n" in line for line in lines):
                self._note(0, "Lines end with LF alone")
            lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield number, line

    def _record(self, number: int, values: list[str]) -> Record:
        found = {}
        for column, raw in zip(self.fields, values, strict=False):
            value = self._value(number, column, raw)
            if value not in (None, ""):
                found[column.name] = value
        return Record(self.file, number, found)

    def _value(self, number: int, column: Field, raw: str) -> Any:
        if column.kind == layout.DATE:
            return self._day(number, column, raw.strip())
        if column.kind == layout.NUMBER:
            return self._number(number, column, raw.strip())
        if column.kind == layout.LOGICAL:
            return self._logical(number, column, raw.strip().upper())
        text = raw.rstrip()
        if column.width and len(text) > column.width:
            if self.switches["too_long"] == "refuse":
                self._say("CAR_ERR", number, f"“{text}” is longer than {column.width}", column.name)
            else:
                self._note(number, f"“{text}” is cut to {column.width}", column.name)
            text = text[: column.width].rstrip()
        return text

    def _day(self, number: int, column: Field, raw: str) -> str | None:
        if not raw.strip("0"):
            return None
        try:
            if not re.fullmatch(r"\d{8}", raw, re.ASCII):
                raise ValueError
            return str(dt.datetime.strptime(raw, "%Y%m%d").date())
        except ValueError:
            self._say("BAD_DATE", number, f"“{raw}” is no date", column.name)
            return None

    def _number(self, number: int, column: Field, raw: str) -> Decimal | None:
        if not raw:
            return None
        if _WITH_COMMA.fullmatch(raw):
            if self.switches["decimal_comma"] == "refuse":
                self._say("DEC_ERR", number, f"“{raw}” has a comma", column.name)
                return None
            self._note(number, f"“{raw}” has a comma, read as a decimal point", column.name)
            raw = raw.replace(",", ".")
        try:
            if not _NUMBER.fullmatch(raw):
                raise InvalidOperation
            value = Decimal(raw)
        except InvalidOperation:
            self._say("DEC_ERR", number, f"“{raw}” is no number", column.name)
            return None
        if column.name in layout.AMOUNTS and value != round(value, 2):
            self._say("DEC_ERR", number, f"“{raw}” has more than two decimals", column.name)
            return None
        return round(value, 2) if column.name in layout.AMOUNTS else value

    def _logical(self, number: int, column: Field, raw: str) -> bool | None:
        if raw not in TRUE + FALSE:
            self._note(number, f"“{raw}” is neither T nor F, read as F", column.name)
        return True if raw in TRUE else None

    def _say(self, code: str, line: int, text: str, column: str = "") -> None:
        self.findings.append(Finding(code, text, self.file, line, column))

    def _note(self, line: int, text: str, column: str = "") -> None:
        self._say("", line, text, column)


def decoded(content: bytes) -> str:
    """Western text: cp1252, and latin-1 where that has nothing."""
    return (
        "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in content)
        if _has_gaps(content)
        else content.decode("cp1252")
    )


def _has_gaps(content: bytes) -> bool:
    return bool(re.search(rb"[\x81\x8d\x8f\x90\x9d]", content))


def _is_utf8(content: bytes) -> bool:
    if content.isascii():
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def split(line: str, doubled: bool) -> list[str]:
    """The fields of a line: commas between, quotation marks around some, all or none of them.

    ``doubled``: two quotation marks inside a quoted value are one. Raises ``UnreadableLine``.
    """
    if '"' not in line:
        return line.split(",")
    values, place = [], 0
    while True:
        start = place
        while start < len(line) and line[start] == " ":
            start += 1
        if start < len(line) and line[start] == '"':
            value, place = _quoted(line, start + 1, doubled)
        else:
            end = line.find(",", place)
            end = len(line) if end < 0 else end
            value, place = line[place:end], end
            if '"' in value:
                raise UnreadableLine(f"a quotation mark inside “{value}”")
        values.append(value)
        if place >= len(line):
            return values
        place += 1


def _quoted(line: str, start: int, doubled: bool) -> tuple[str, int]:
    """The value that begins here, and where its comma stands."""
    parts = []
    while True:
        end = line.find('"', start)
        if end < 0:
            raise UnreadableLine("a quotation mark is not closed on its line")
        parts.append(line[start:end])
        if doubled and line[end + 1 : end + 2] == '"':
            parts.append('"')
            start = end + 2
            continue
        after = end + 1
        while line[after : after + 1] == " ":
            after += 1
        if after < len(line) and line[after] != ",":
            raise UnreadableLine(f"a quotation mark inside “{''.join(parts)}”")
        return "".join(parts), after
