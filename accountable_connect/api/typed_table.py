"""Journals, VAT codes, ledger accounts and book years as somebody types them: text pasted from a
spreadsheet, or a CSV file. Pure: text → ``MasterItem``, and what is wrong with a line.

Columns go by their headings (English, Dutch or French, in any order), or without headings by the
order of :data:`COLUMNS`. Numbers and dates are read as people in Belgium write them.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from ..documents import JOURNAL, LEDGER_ACCOUNT, PERIOD, VAT_CODE, MasterItem
from .book_years import BookYear, BookYearError, is_year_rank, periods_of
from .table_text import TableError, cell_at, numbered_rows
from .texts import plain_number
from .vat_families import normalise

LONGEST_CODE = 60
LONGEST_NAME = 200

# What a journal is for, as ``details`` say it.
JOURNAL_DETAILS = {
    "sale": {"type": "sale", "refund": False},
    "sale_refund": {"type": "sale", "refund": True},
    "purchase": {"type": "purchase", "refund": False},
    "purchase_refund": {"type": "purchase", "refund": True},
    "bank": {"type": "bank"},
    "misc": {"type": "misc"},
}
JOURNAL_WORDS = {
    "sale": "sale sales invoices verkoop verkopen verkoopfacturen vente ventes",
    "sale_refund": "sales credit note|sales credit notes|sale credit note|credit note sales"
    "|credit notes sales|creditnota verkoop|creditnotas verkoop|creditnota s verkoop"
    "|verkoop creditnota|verkoopcreditnota|verkoopcreditnotas|verkoopcreditnota s"
    "|creditnota s verkopen|credit vente|note de credit vente|notes de credit vente"
    "|note de credit sur vente|notes de credit sur ventes|notes de credit ventes|nc ventes"
    "|nc vente|customer credit note|customer credit notes|sale refund|sale credit notes"
    "|credit note sale|credit notes sale|creditnota verkopen|creditnotas verkopen"
    "|note de credit ventes",
    "purchase": "purchase purchases bills aankoop aankopen aankoopfacturen achat achats",
    "purchase_refund": "purchase credit note|purchase credit notes|credit note purchases"
    "|credit note purchase|credit notes purchases|vendor credit note|vendor credit notes"
    "|creditnota aankoop|creditnotas aankoop|creditnota s aankoop|aankoop creditnota"
    "|aankoopcreditnota|aankoopcreditnotas|aankoopcreditnota s|creditnota s aankopen"
    "|note de credit achat|notes de credit achat|note de credit sur achat"
    "|notes de credit sur achats|notes de credit achats|nc achats|nc achat|purchase refund"
    "|credit notes purchase|creditnota aankopen|creditnotas aankopen|note de credit achats"
    "|notes de credit achat",
    "bank": "bank cash financial financieel kas banque caisse financier tresorerie",
    "misc": "misc|miscellaneous|general|diverse|diversen|diverse verrichtingen|memoriaal|divers"
    "|operations diverses|od",
}
SCOPE_WORDS = {
    "sale": "sale sales verkoop verkopen vente ventes customer klant client",
    "purchase": "purchase purchases aankoop aankopen achat achats supplier leverancier fournisseur",
}
DEDUCTIBLE_WORDS = {
    "full": "full|fully|yes|100|100 %|100%|volledig|ja|geheel|total|totale|totalement|oui|entier"
    "|integral|integrale",
    "part": "part|partly|partially|gedeeltelijk|deels|partiel|partielle|partiellement",
    "none": "none|no|not|0|0 %|0%|niet|nee|geen|non|aucune|aucun|nul|non deductible"
    "|niet aftrekbaar|not deductible",
}
CLOSED_WORDS = {
    "yes": "yes y true 1 x closed ja j afgesloten gesloten oui o vrai cloture cloturee ferme",
    "no": "no n false 0 open nee neen non faux ouvert ouverte",
}


def _words(lists):
    """``{word: value}`` of lists of words, divided by bars where words have blanks."""
    return {
        normalise(word): value
        for value, words in lists.items()
        for word in (words.split("|") if "|" in words else words.split())
    }


JOURNAL_TYPES = _words(JOURNAL_WORDS)
SCOPES, DEDUCTIBLE, CLOSED = (
    _words(lists) for lists in (SCOPE_WORDS, DEDUCTIBLE_WORDS, CLOSED_WORDS)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is wrong with a line; the layer of Odoo has a sentence for each ``code``. ``column`` is
    a name of :data:`COLUMNS`, "" for the line as a whole."""

    line: int
    code: str
    column: str = ""
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedTable:
    """``items`` are the lines that can be read. ``ignored`` are headings that mean nothing here."""

    items: tuple[MasterItem, ...] = ()
    findings: tuple[Finding, ...] = ()
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """``headings`` are how people call it, divided by bars; ``read`` makes a value of a cell that
    is not empty, and raises :class:`_CellError`."""

    name: str
    headings: str
    required: bool = False
    read: Callable[[str], Any] = str


class _CellError(Exception):
    def __init__(self, code, **values):
        super().__init__(code)
        self.code, self.values = code, values


class TypedTableError(TableError):
    """Nothing of it can be read: ``code`` of :class:`TableError`, or ``columns`` where the headings
    leave out what is needed: ``missing`` are names of columns."""

    def __init__(self, code, missing=()):
        super().__init__(code)
        self.missing = tuple(missing)


def _code(cell, longest=LONGEST_CODE):
    # what nobody sees (copied from a page, a mark of the direction) makes it another code
    seen = "".join(sign for sign in cell if unicodedata.category(sign) != "Cf")
    return _short(seen, longest)


def _name(cell):
    return _short(cell, LONGEST_NAME)


def _short(cell, longest):
    cell = " ".join(cell.split())
    if len(cell) > longest:
        raise _CellError("long", longest=longest)
    return cell


def _one_of(words, code):
    def read(cell):
        value = words.get(normalise(cell))
        if value is None:
            raise _CellError(code, value=cell)
        return value

    return read


def rate_of(cell: str) -> str:
    """A percentage as ``details`` hold it: ``21``, ``5.5``. Raises ValueError."""
    try:
        number = Decimal(cell.replace("%", "").replace(",", ".").strip())
    except InvalidOperation as error:
        raise ValueError(cell) from error
    if not number.is_finite() or not 0 <= number <= 100:
        raise ValueError(cell)
    return plain_number(number)


def _rate(cell):
    try:
        return rate_of(cell)
    except ValueError as error:
        raise _CellError("rate", value=cell) from error


def day_of(cell: str) -> date:
    """``2026-01-31``, ``31/01/2026``, ``31-1-26`` … Raises ValueError."""
    numbers = re.fullmatch(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[ T]00:00(?::00)?)?", cell)
    if not numbers:
        raise ValueError(cell)
    first, month, last = numbers.groups()
    if len(first) == 4:
        return date(int(first), int(month), int(last))
    year = int(last) + (2000 if len(last) == 2 else 0)
    return date(year, int(month), int(first))


def _day(cell):
    try:
        return day_of(cell)
    except ValueError as error:
        raise _CellError("day", value=cell) from error


def _months(cell):
    # Python reads no number of thousands of digits
    if not re.fullmatch("0?[1-9]|1[0-2]", cell):
        raise _CellError("months", value=cell)
    return int(cell)


def _year_rank(cell):
    if not is_year_rank(cell.upper()):
        raise _CellError("year_rank", value=cell)
    return cell.upper()


_CODE = Column("code", "code|nr|no|n", True, _code)
_NAME = Column(
    "name", "name|naam|nom|description|omschrijving|libelle|label|intitule", False, _name
)
COLUMNS = {
    JOURNAL: (
        Column("code", f"{_CODE.headings}|journal|dagboek|dagboekcode|code journal", True, _code),
        _NAME,
        Column("type", "type|soort|kind|genre|nature|aard", True),
    ),
    VAT_CODE: (
        Column("code", f"{_CODE.headings}|vat code|btw code|code tva|vat|btw|tva", True, _code),
        _NAME,
        Column("rate", "rate|percentage|tarief|taux|percent|pct|%|btw %", False, _rate),
        Column(
            "scope",
            "for|sale purchase|sales purchases|scope|use|verkoop aankoop|aankoop verkoop|gebruik"
            "|vente achat|ventes achats|achat vente|pour|voor|usage",
            False,
            _one_of(SCOPES, "scope"),
        ),
        Column("user_code_1", "user code 1|user code|gebruikerscode|gebruikerscode 1"
               "|code utilisateur|code utilisateur 1", False, _code),
        Column("user_code_2", "user code 2|gebruikerscode 2|code utilisateur 2", False, _code),
        Column(
            "deductible",
            "deductible|aftrekbaar|deductible tva",
            False,
            _one_of(DEDUCTIBLE, "deductible"),
        ),
    ),
    LEDGER_ACCOUNT: (
        Column(
            "code",
            f"number|nummer|numero|{_CODE.headings}|account|rekening|compte|account number"
            "|rekeningnummer|numero de compte|general account|compte general",
            True,
            _code,
        ),
        _NAME,
    ),
    PERIOD: (
        Column("date_from", "first day|from|start|eerste dag|van|begin|begindatum|vanaf"
               "|premier jour|du|debut|date debut|date de debut", True, _day),
        Column("date_to", "last day|to|end|until|laatste dag|tot|tot en met|einde|einddatum"
               "|dernier jour|au|fin|date fin|date de fin", True, _day),
        Column("months", "months|months per period|maanden|maanden per periode|mois"
               "|mois par periode", False, _months),
        Column("year_rank", "rank|rank of the year|rang|rang van het boekjaar|boekjaar|book year"
               "|rang de l exercice|exercice", False, _year_rank),
        Column("closed", "closed|afgesloten|gesloten|cloture|ferme", False,
               _one_of(CLOSED, "yes_no")),
    ),
}  # fmt: skip


def read_typed(
    kind: str,
    content: str | bytes,
    *,
    journal_types: Mapping[str, str] | None = None,
    known_years: Collection[BookYear] = (),
    longest_code: int = LONGEST_CODE,
) -> TypedTable:
    """What somebody typed of one kind.

    :param journal_types: codes of the package's own for types of journals, ``{"2": "sale"}``, with
        values of :data:`JOURNAL_DETAILS`
    :param known_years: book years that are there; one that begins on the same day is typed anew
    :param longest_code: how many characters a code may have
    :raises TypedTableError: nothing of it can be read
    """
    if isinstance(content, str):
        content = content.encode(errors="replace")  # half a sign
    rows = numbered_rows(content)
    try:
        rows = [(line, row) for line, row in rows if any(cell.strip() for cell in row)]
    except TableError as error:
        raise TypedTableError(error.code) from error
    read_code = partial(_code, longest=longest_code)
    columns = tuple(
        replace(column, read=read_code) if column.name == "code" else column
        for column in COLUMNS[kind]
    )
    if kind == JOURNAL:
        types = JOURNAL_TYPES | {
            normalise(code): type_ for code, type_ in (journal_types or {}).items()
        }
        columns = (
            *columns[:-1],
            Column("type", columns[-1].headings, True, _one_of(types, "type")),
        )
    places, ignored = _places(columns, rows[0][1] if rows else [])
    if places is None:
        places = {column.name: place for place, column in enumerate(columns)}
    else:
        rows = rows[1:]
        missing = [one.name for one in columns if one.required and one.name not in places]
        if missing:
            raise TypedTableError("columns", missing)
    if not rows:
        raise TypedTableError("empty")
    findings, read = [], []
    for line, row in rows:
        values = {}
        wrong = list(_read_row(line, row, columns, places, values))
        findings += wrong
        if not wrong:
            read.append((line, values))
    if kind == PERIOD:
        items = _book_years(read, known_years, findings)
    else:
        items = list(_items(kind, read, findings))
    findings.sort(key=lambda finding: finding.line)
    return TypedTable(items=tuple(items), findings=tuple(findings), ignored=ignored)


def _places(columns, row):
    """Where each column stands by its heading; None where the row has none."""
    known = {
        normalise(heading): column.name
        for column in columns
        for heading in column.headings.split("|")
    }
    found = [(place, known.get(normalise(cell))) for place, cell in enumerate(row)]
    named = [name for _place, name in found if name]
    # a journal may be called "Nature": one word that is a heading makes no row of headings
    if len(set(named)) < min(2, sum(bool(cell.strip()) for cell in row)) or not named:
        return None, ()
    places = {}
    for place, name in found:
        if name:
            places.setdefault(name, place)
    ignored = tuple(
        cell.strip()
        for cell, (_place, name) in zip(row, found, strict=True)
        if cell.strip() and not name
    )
    return places, ignored


def _read_row(line, row, columns, places, values):
    """Puts the cells in ``values``; yields what is wrong."""
    for column in columns:
        cell = cell_at(row, places.get(column.name))
        if not cell:
            if column.required:
                yield Finding(line=line, column=column.name, code="blank")
            continue
        if any(ord(sign) < 32 and sign not in "\t\r\n" for sign in cell):
            yield Finding(line=line, column=column.name, code="signs")
            continue
        try:
            values[column.name] = column.read(cell)
        except _CellError as error:
            yield Finding(line=line, column=column.name, code=error.code, values=error.values)


def _items(kind, read, findings):
    lines = {}
    for line, values in read:
        code = values.pop("code")
        if code in lines:
            findings.append(
                Finding(
                    line=line,
                    column="code",
                    code="double",
                    values={"value": code, "other": lines[code]},
                )
            )
            continue
        lines[code] = line
        name = values.pop("name", "")
        if kind == JOURNAL:
            values = JOURNAL_DETAILS[values["type"]]
        user_codes = [values.pop(one) for one in ("user_code_1", "user_code_2") if one in values]
        if user_codes:
            values["user_codes"] = user_codes
        yield MasterItem(kind=kind, code=code, name=name, details=dict(values))


def _book_years(read, known_years, findings):
    """The periods of the years that were typed; none where these overlap or leave a gap."""
    years, lines = [], {}
    for line, values in read:
        year = BookYear(
            first=values["date_from"],
            last=values["date_to"],
            months=values.get("months", 1),
            rank=values.get("year_rank", ""),
            closed={"yes": True, "no": False}.get(values.get("closed")),
        )
        lines[year] = line
        years.append(year)
    anew = {year.first for year in years}
    known = [year for year in known_years if year.first not in anew]
    try:
        return [item for year in years for item in periods_of(year, [*years, *known])]
    except BookYearError as error:
        line = lines.get(error.year) or max(lines.values())
        findings.append(Finding(line=line, code=error.code, values=error.values))
        return []
