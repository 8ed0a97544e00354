"""Documents that were delivered as they are, on both sides: count, kind, number, total, VAT per
category and rate. Plain figures, fit for JSON; amounts in document currency, relative to the kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

ZERO = Decimal(0)
SECTIONS = ("document", "kind and currency", "total", "base", "VAT", "file")


@dataclass
class Delivered:
    """One document on one side.

    * ``key`` tells it from others on both sides; ``label`` is for people.
    * ``kind`` as of the neutral documents; None for a file that nobody can read figures from.
    * ``base`` and ``vat`` by category and rate ("S 21").
    * ``as_file``: it is delivered as a file, its figures stand in no e-invoice. ``files``: SHA-256
      of what that may be; none where Odoo makes the file, whose name ends with ``number``.
    """

    key: str
    label: str
    kind: str | None = None
    currency: str = ""
    total: Decimal = ZERO
    base: dict[str, Decimal] = field(default_factory=dict)
    vat: dict[str, Decimal] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    number: str = ""
    as_file: bool = False

    def to_data(self) -> dict:
        """Fit for JSON."""
        return {
            **vars(self),
            "total": str(self.total),
            "base": {key: str(amount) for key, amount in self.base.items()},
            "vat": {key: str(amount) for key, amount in self.vat.items()},
        }

    @classmethod
    def from_data(cls, data: dict) -> Delivered:
        """What ``to_data`` gave."""
        amounts = {
            name: {key: Decimal(amount) for key, amount in data[name].items()}
            for name in ("base", "vat")
        }
        return cls(**{**data, **amounts, "total": Decimal(data["total"])})


@dataclass
class Row:
    """A figure of a document, or of the sum of all of them, on both sides."""

    section: str
    subject: str
    odoo: str
    package: str

    @property
    def agrees(self) -> bool:
        return self.odoo == self.package


@dataclass
class Comparison:
    """``rows``: every figure of every document, then the sums."""

    rows: list[Row] = field(default_factory=list)
    documents: int = 0
    e_invoices: int = 0
    files: int = 0

    @property
    def differing(self) -> list[Row]:
        return [row for row in self.rows if not row.agrees]

    @property
    def agrees(self) -> bool:
        return not self.differing


def compare(odoo: Iterable[Delivered], package: Iterable[Delivered]) -> Comparison:
    """Document by document, then added up, so that two errors never cancel each other."""
    ours, theirs = list(odoo), list(package)
    found = Comparison(documents=len(ours))
    read = {one.key: one for one in theirs if not one.as_file}
    as_files = [one for one in theirs if one.as_file]
    rows, sums = found.rows, {}
    found.rows += [
        Row("document", one.label, "", "twice")
        for one in theirs
        if not one.as_file and read[one.key] is not one
    ]
    for document in ours:
        other = None if document.as_file else read.pop(document.key, None)
        if other:
            found.e_invoices += 1
            rows += _figures(document, other)
            _add_up(sums, document, other)
            continue
        file = next((one for one in as_files if _is_file_of(one, document)), None)
        if file:
            as_files.remove(file)
            found.files += 1
            rows.append(Row("file", document.label, "sent", "sent"))
        else:
            rows.append(Row("document", document.label, "there", "not received"))
    rows += [Row("document", one.label, "not in Odoo", "there") for one in read.values()]
    rows += [Row("document", one.label, "not in Odoo", "there") for one in as_files]
    rows += [
        Row(section, subject, _shown(amounts[0]), _shown(amounts[1]))
        for (section, subject), amounts in sorted(sums.items())
    ]
    return found


def _is_file_of(file: Delivered, document: Delivered) -> bool:
    if document.files:
        return file.files[0] in document.files
    name = re.sub(r"[^0-9A-Za-z]", "", file.label.rpartition(".")[0]).upper()
    number = re.sub(r"[^0-9A-Za-z]", "", document.number).upper()
    return bool(number) and document.as_file and name.endswith(number)


def _figures(ours: Delivered, theirs: Delivered) -> Iterable[Row]:
    yield Row(
        "kind and currency",
        ours.label,
        f"{ours.kind} {ours.currency}",
        f"{theirs.kind} {theirs.currency}",
    )
    yield Row("total", ours.label, _shown(ours.total), _shown(theirs.total))
    for section in ("base", "vat"):
        mine, other = getattr(ours, section), getattr(theirs, section)
        for key in sorted({*mine, *other}):
            if mine.get(key) or other.get(key):
                yield Row(
                    "VAT" if section == "vat" else section,
                    f"{ours.label}: {key}",
                    _shown(mine.get(key, ZERO)),
                    _shown(other.get(key, ZERO)),
                )


def _add_up(sums: dict, ours: Delivered, theirs: Delivered) -> None:
    for place, one in enumerate((ours, theirs)):
        name = f"all of {one.kind} {one.currency}"
        for section, subject, amount in (
            ("total", name, one.total),
            *(("base", f"{name}: {key}", amount) for key, amount in one.base.items()),
            *(("VAT", f"{name}: {key}", amount) for key, amount in one.vat.items()),
        ):
            sums.setdefault((section, subject), [ZERO, ZERO])[place] += amount


def _shown(amount: Decimal) -> str:
    return f"{amount:.2f}" if amount == round(amount, 2) else str(amount.normalize())


def lines_of(comparison: Comparison) -> list[str]:
    """The result for a terminal: how many figures agree, each that does not, the sums."""
    lines = []
    for section in SECTIONS:
        rows = [row for row in comparison.rows if row.section == section]
        if rows:
            equal = sum(row.agrees for row in rows)
            lines.append(f"{section.ljust(18)} {equal} of {len(rows)} equal")
    lines += [
        f"  DIFFERS  {row.section}: {row.subject}: Odoo {row.odoo or '–'}, package {row.package}"
        for row in comparison.differing
    ]
    sums = [row for row in comparison.rows if row.subject.startswith("all of ")]
    if sums:
        width = max(len(row.subject) for row in sums)
        lines.append("")
        for row in sums:
            where = f"{row.section} {row.subject.removeprefix('all of ')}"
            lines.append(f"{where.ljust(width)}  {row.odoo.rjust(12)}  {row.package.rjust(12)}")
    word = "The books agree" if comparison.agrees else "THE BOOKS DIFFER"
    equal = sum(row.agrees for row in comparison.rows)
    lines += [
        "",
        f"{word}: {comparison.documents} documents, {comparison.e_invoices} as e-invoice and "
        f"{comparison.files} as file, {equal} figures equal, {len(comparison.differing)} differ.",
    ]
    return lines
