"""One record: its widths, numbers, dates and codes, apart from all others."""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

from ..folder import MISCELLANEOUS, PURCHASE, Folder
from .fields import COLUMNS, DAY, FLAG, NUMBER

# DOCTYPE
CUSTOMER, SUPPLIER, GENERAL, ZERO_VAT = "1234"
THIRDS = (CUSTOMER, SUPPLIER)
# how the account begins on which a third is booked
CENTRAL = {CUSTOMER: "40", SUPPLIER: "44"}
RESERVED_JOURNAL = "REOPEN"
SKIPPED_NUMBER = 99999999
VAT = "VAT"

_NUMBER = re.compile(r"[+-]?(\d+)(?:\.(\d*))?")
_REFERENCE = re.compile(r"[A-Za-z0-9_]+(?: +[A-Za-z0-9_]+)*")
FLAGS = ("T", "F", "TRUE", "FALSE")


@lru_cache(maxsize=4096)
def day(text: str) -> date | None:
    """What ``YYYYMMDD`` says, None where there is no such day."""
    if len(text) != 8 or not text.isascii() or not text.isdigit():
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def amount(text: str) -> Decimal:
    """0 for what is empty or no number: that has its own finding."""
    text = text.strip()
    return Decimal(text) if _NUMBER.fullmatch(text) else Decimal(0)


class Act:
    """An entry: the values by which documents are put together and checked."""

    __slots__ = (
        "account", "amount", "base", "base_code", "book_year", "code", "currency",
        "currency_amount", "date", "document_date", "journal", "journal_type", "line", "number",
        "order", "period", "rate", "tax", "third", "type", "values",
    )  # fmt: skip

    def __init__(self, line: int, values: list[str]):
        self.line = line
        self.values = values
        # blanks at the end of a value are those of its column
        text = [value.rstrip() for value in values[:25]]
        self.type, self.journal, self.journal_type, self.number, self.order = text[:5]
        self.account, self.third, self.book_year, self.period = text[6:10]
        self.date, self.document_date = text[10:12]
        self.amount, self.base = amount(text[16]), amount(text[17])
        self.code, self.currency, self.base_code = text[18], text[20], text[23]
        self.currency_amount, self.tax = amount(text[19]), amount(text[22])
        self.rate = amount(text[24])

    @property
    def document(self) -> tuple[str, str]:
        return self.journal, self.number

    @property
    def key(self) -> tuple[str, ...]:
        """Records that have it in common are one document."""
        return self.journal, self.journal_type, self.number, self.book_year, self.period

    @property
    def is_vat(self) -> bool:
        return self.type == GENERAL and bool(self.order == VAT or self.code)


def check_columns(file: str, values: list[str], report):
    """Widths, numbers, days and flags, column by column."""
    for column, value in zip(COLUMNS[file], values, strict=True):
        if not value:
            continue
        text = value.rstrip()
        if column.width and len(text) > column.width:
            report.add("too_long", column.name, value=text, width=column.width)
        elif not text or not column.width:
            continue
        elif column.type == NUMBER:
            _check_number(column, text, report)
        elif column.type == DAY and day(text) is None:
            report.add("BAD_DATE", column.name, value=text)
        elif column.type == FLAG and text.upper() not in FLAGS:
            report.add("not_a_flag", column.name, value=text)


def _check_number(column, text, report):
    found = _NUMBER.fullmatch(text.strip())
    if not found:
        report.add("not_a_number", column.name, value=text)
    elif len((found[2] or "").rstrip("0")) > column.decimals:
        report.add("DEC_ERR", column.name, value=text, decimals=column.decimals)


def check_reference(name, value, known, report):
    """A code that other records refer to."""
    if value.startswith(" "):
        report.add("CAR_SPA", name, value=value)
    elif value not in known and not _REFERENCE.fullmatch(value):
        report.add("CAR_ERR", name, value=value)


def check_act(record: Act, folder: Folder, report):
    """What one entry says, apart from its document."""
    check_columns("ACT", record.values, report)
    for name, value in (
        ("DOCTYPE", record.type),
        ("DBKCODE", record.journal),
        ("DBKTYPE", record.journal_type),
        ("DOCNUMBER", record.number),
        ("DATEDOC", record.document_date),
    ):
        if not value.strip():
            report.add("NOT_FILL", name)
    _check_kind(record, folder, report)
    _check_place(record, report)
    if record.type and record.type not in (CUSTOMER, SUPPLIER, GENERAL, ZERO_VAT):
        report.add("line_type", "DOCTYPE", value=record.type)
    _check_amounts(record, report)
    _check_matching(record, report)


def _check_kind(record, folder, report):
    journal = record.journal
    if record.journal_type and not PURCHASE <= record.journal_type <= MISCELLANEOUS:
        report.add("DBK_TYP2", "DBKTYPE", value=record.journal_type)
    if journal.strip().upper() == RESERVED_JOURNAL:
        report.add("DBK_ERR", "DBKCODE", value=journal)
    elif journal:
        check_reference("DBKCODE", journal, folder.journals, report)
    if record.number and not _is_number(record.number):
        report.add("document_number", "DOCNUMBER", value=record.number)


def _is_number(text):
    return text.isascii() and text.isdigit() and 0 < int(text) != SKIPPED_NUMBER


def _check_place(record, report):
    """Book year and period: ranks, and both or neither."""
    year, period = record.book_year, record.period
    if year and not re.fullmatch("[1-9A-Z]", year):
        report.add("book_year", "BOOKYEAR", value=year)
    if period and not re.fullmatch("[0-9]{2}", period):
        report.add("period", "PERIOD", value=period)
    if bool(year) != bool(period):
        report.add("book_year_or_period", "PERIOD" if year else "BOOKYEAR")


def _check_amounts(record, report):
    if record.type == ZERO_VAT:
        if record.amount:
            report.add("zero_vat", "AMOUNTEUR", value=record.amount)
        if not record.code:
            report.add("NOT_FILL", "VATCODE")
    elif not record.amount:
        report.add("NOT_FILL", "AMOUNTEUR")
    if record.type in THIRDS and not record.third.strip():
        report.add("NOT_FILL", "ACCOUNTRP")
    if record.type == GENERAL and not record.is_vat and not record.account:
        report.add("NOT_FILL", "ACCOUNTGL")
    if record.account and not record.account.isalnum():
        report.add("CAR_ERR", "ACCOUNTGL", value=record.account)
    central = CENTRAL.get(record.type)
    if central and record.account and not record.account.startswith(central):
        report.add("CID_ERR", "ACCOUNTGL", value=record.account, expected=central)
    _check_currency(record, report)


def _check_currency(record, report):
    if record.currency and not re.fullmatch("[A-Z]{3}", record.currency):
        report.add("currency", "CURRCODE", value=record.currency)
    if record.currency_amount and not record.currency:
        report.add("currency", "CURRCODE", value="")
    if not record.currency_amount or not record.amount:
        return
    rate = abs(record.rate) or None
    if record.currency_amount * record.amount < 0 or (rate and not _fits(record, rate)):
        report.add(
            "CUR_ERR",
            "CURRATE",
            value=record.rate,
            amount=record.amount,
            other=record.currency_amount,
        )


# Both figures are rounded, and the entry may have moved a cent from one line to another.
SLACK = Decimal("0.02")
ROUNDING = Decimal("0.00001")


def _fits(record, rate):
    """Whether the rate leads from one amount to the other, whichever way it is told."""
    amount, other = abs(record.amount), abs(record.currency_amount)
    return any(
        abs(converted - amount) <= SLACK * (1 + factor) + amount * ROUNDING / rate
        for factor, converted in ((1 / rate, other / rate), (rate, other * rate))
    )


def _check_matching(record, report):
    for place, name in ((26, "MATCHNO"), (27, "OLDDATE"), (28, "ISMATCHED")):
        value = record.values[place].strip()
        if value and not (name == "ISMATCHED" and value.upper() in ("F", "FALSE")):
            report.add("MAT_ERR", name, value=value)
