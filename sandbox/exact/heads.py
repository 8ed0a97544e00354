"""What the head of every entry needs: journal, period, number, currency and rate, condition, dates.

Choices where the reference is silent: a rate sent for the division's own currency must be 1; a
journal that does not allow another currency refuses it; an EntryNumber of 0 counts as not sent;
a sent year without period (or the other way round) takes the other one from the date.
"""

from __future__ import annotations

import calendar
import datetime as dt
from decimal import Decimal

from .division import Division, as_day
from .resource import BusinessError, Row

SALES, PURCHASE, GENERAL, BANK, CASH = 20, 22, 90, 12, 10
OPEN, PROCESSED = 20, 50
STATUS_NAMES = {5: "Rejected", 20: "Open", 50: "Processed"}
TYPE_NAMES = {
    10: "Opening balance",
    20: "Sales entry",
    21: "Sales credit note",
    30: "Purchase entry",
    31: "Purchase credit note",
    40: "Cash flow",
    83: "Payment difference",
    90: "Other",
}


def journal_of(division: Division, code: str | None, kinds: tuple[int, ...]) -> Row:
    """The journal of an entry. ``BusinessError``: mandatory, invalid_reference, blocked."""
    if not code or not str(code).strip():
        raise BusinessError("mandatory", "journal")
    journal = division.by_code("financial/Journals", code)
    if journal is None:
        raise BusinessError("invalid_reference", "journals")
    if journal["Type"] not in kinds:
        raise BusinessError("invalid", "journal")
    if journal.get("IsBlocked"):
        raise BusinessError("blocked", "journal")
    return journal


def period_of(
    division: Division, day: dt.date, year: int | None, number: int | None, journal: str
) -> tuple[int, int]:
    """Financial year and period: as sent, else of the day. invalid, period_closed."""
    found = division.period_of(day)
    if not (year and number):
        if found is None:
            raise BusinessError("invalid", "period")
        year, number = year or found[0], number or found[1]
    if division.books.period(year, number) is None:
        raise BusinessError("invalid", "period")
    if division.is_closed(journal, year, number):
        raise BusinessError("period_closed", str(year), str(number))
    return year, number


def check_period_open(division: Division, journal: str, year: int, number: int) -> None:
    """Raises ``BusinessError`` period_closed."""
    if division.is_closed(journal, year, number):
        raise BusinessError("period_closed", str(year), str(number))


def number_of(division: Division, journal: str, year: int, sent: int | None) -> int:
    """The sent entry number when it is free, else the next of the journal: YYJJnnnn. in_use.

    The digits of a journal's code are its JJ; a code without digits counts as 99 [choice].
    """
    if sent and division.switch("honour_entry_number"):
        if division.books.document(year, journal, int(sent)) is not None:
            raise BusinessError("in_use", "entry_number")
        return int(sent)
    digits = "".join(letter for letter in journal if letter.isdigit())[-2:] or "99"
    start = (year % 100) * 1_000_000 + int(digits) * 10_000
    highest = division.store.row(
        "SELECT MAX(number) number FROM document WHERE administration = ? AND book_year = ?"
        " AND journal = ? AND number BETWEEN ? AND ?",
        division.code,
        year,
        journal,
        start,
        start + 99_999,
    )["number"]
    return (highest or start) + 1


def currency_of(
    division: Division, journal: Row, code: str | None, rate: Decimal | None, day: dt.date
) -> tuple[str, Decimal]:
    """Currency and rate (division currency for one unit). invalid_reference, not_allowed."""
    code = (code or "").strip() or journal.get("Currency") or division.currency
    if division.find("general/Currencies", code) is None:
        raise BusinessError("invalid_reference", "currency")
    if code != journal.get("Currency", code) and not journal.get("AllowVariableCurrency"):
        raise BusinessError("not_allowed", "currency")
    if code == division.currency:
        if rate not in (None, 0, 1):
            raise BusinessError("not_allowed", "exchange_rate")
        return code, Decimal(1)
    if rate:
        if rate < 0 or not journal.get("AllowVariableExchangeRate"):
            raise BusinessError("not_allowed", "exchange_rate")
        return code, Decimal(rate)
    known = [
        row
        for row in division.all("financial/ExchangeRates", code=code)
        if row.get("Rate")
        and (as_day(row.get("StartDate")) is None or as_day(row["StartDate"]) <= day)
    ]
    if not known:
        raise BusinessError("mandatory", "exchange_rate")
    return code, max(known, key=lambda row: str(as_day(row.get("StartDate"))))["Rate"]


def conditions_of(division: Division, code: str | None) -> list[Row]:
    """The rows of a payment condition: several with a percentage are instalments. mandatory,
    invalid_reference."""
    code = (code or "").strip() or division.info.get("default_condition")
    if not code:
        raise BusinessError("mandatory", "payment_condition")
    rows = division.all("cashflow/PaymentConditions", code=code)
    if not rows:
        raise BusinessError("invalid_reference", "payment_condition")
    return sorted(
        rows, key=lambda row: (row.get("PaymentEndOfMonths") or 0, row.get("PaymentDays") or 0)
    )


def due_date(day: dt.date, condition: Row) -> dt.date:
    """Month ends first, then days: 17 January with two month ends and 15 days is 15 April."""
    months = condition.get("PaymentEndOfMonths") or 0
    if months:
        index = day.year * 12 + day.month - 1 + months
        year, month = index // 12, index % 12 + 1
        day = dt.date(year, month, calendar.monthrange(year, month)[1])
    return day + dt.timedelta(days=condition.get("PaymentDays") or 0)


def instalments(
    day: dt.date, conditions: list[Row], sent: dt.date | None
) -> list[tuple[dt.date, Decimal]]:
    """Due date and share of every term; a sent due date counts when there is one term."""
    if len(conditions) == 1:
        return [(sent or due_date(day, conditions[0]), Decimal(1))]
    return [(due_date(day, row), row.get("Percentage") or Decimal(1)) for row in conditions]


def party_of(division: Division, key: str | None, sale: bool) -> Row:
    """The relation of a trade entry. mandatory, invalid_reference, customer_type, blocked."""
    label = "customer" if sale else "supplier"
    if not key:
        raise BusinessError("mandatory", label)
    party = division.reference("crm/Accounts", key, label)
    if sale and party.get("Status") != "C":
        raise BusinessError("customer_type")
    if not sale and not party.get("IsSupplier"):
        raise BusinessError("supplier_type")
    check_not_blocked(division, party, label)
    return party


def check_not_blocked(division: Division, party: Row, label: str) -> None:
    """Raises ``BusinessError`` blocked for a blocked relation or one past its end date."""
    end = as_day(party.get("EndDate"))
    if party.get("Blocked") or (end is not None and end < division.today()):
        raise BusinessError("blocked", label)


def axes(division: Division, account: Row, line: Row) -> tuple[str | None, str | None]:
    """Cost centre and cost unit of a line: sent, else the account's. mandatory, not_allowed,
    invalid_reference."""
    found = []
    for sent, default, use, entity, label in (
        ("CostCenter", "Costcenter", "UseCostcenter", "hrm/Costcenters", "cost_centre"),
        ("CostUnit", "Costunit", "UseCostunit", "hrm/Costunits", "cost_unit"),
    ):
        code = (line.get(sent) or account.get(default) or "").strip() or None
        if code and account.get(use) == 2:
            raise BusinessError("not_allowed", label)
        if not code and account.get(use) == 1:
            raise BusinessError("mandatory", label)
        row = division.code_reference(entity, code, label)
        end = as_day(row.get("EndDate")) if row else None
        if end is not None and end < division.today():
            raise BusinessError("invalid_reference", label)
        found.append(row["Code"] if row else None)
    return found[0], found[1]
