"""Book years and their periods: list, detail, create, change, book to the next, close.

Monthly periods are numbered yyyymm; quarters yyyyqq with the quarter's number and a year yyyy01
[choice]. A new book year takes over the chart and the journals of the one before. Balances are not
posted as an opening entry: reports add earlier years themselves.
"""

from __future__ import annotations

import calendar
import datetime as dt
import json

from ..kit.ledger import Books
from .calls import NO_CONTENT, Answer, Call, operation
from .errors import refused
from .master_data import known_book_year, listed

FLAGS = {
    "proRataTemporis": False,
    "deprecationFullBookyear": True,
    "activateDbaNp": True,
    "activateDfbNp": True,
    "declarantIntrastatReceiver": False,
    "declarantIntrastatSender": False,
    "visibleFiscalControl": False,
}
MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 0}


def period_table(start: dt.date, finish: dt.date, kind: str) -> list[tuple[int, str, str]]:
    """Number, first and last day of every period of a book year."""
    periods, first = [], start
    while first <= finish:
        last = finish if kind == "YEAR" else min(finish, _month_end(first, MONTHS[kind]))
        part = {"MONTH": first.month, "QUARTER": len(periods) + 1, "YEAR": 1}[kind]
        periods.append((first.year * 100 + part, str(first), str(last)))
        first = last + dt.timedelta(days=1)
    return periods


def _month_end(first: dt.date, months: int) -> dt.date:
    index = first.year * 12 + first.month - 1 + months - 1
    year, month = index // 12, index % 12 + 1
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def copy_set_up(books: Books, source: int, target: int) -> None:
    """Give a new book year the accounts and journals of another."""
    for row in books.accounts(source):
        books.store.run(
            "INSERT OR IGNORE INTO account SELECT administration, ?, number, names, bookable,"
            " deductible, data, ? FROM account WHERE administration = ? AND book_year = ?"
            " AND number = ?",
            target,
            books.clock.stamp(),
            books.administration,
            source,
            row["number"],
        )
        books.forget_deletion("account", f"{target}/{row['number']}")
    for row in books.journals(source):
        books.save_journal(
            target,
            row["code"],
            row["kind"],
            row["sequence"],
            row["names"],
            row["account"],
            row["currency"],
            row["data"],
        )


def localised_names(names: dict[str, str]) -> list[dict]:
    """Names as a list of ``LocalizedString``."""
    return [{"language": language.upper(), "value": text} for language, text in names.items()]


def names_of(sent: list[dict]) -> dict[str, str]:
    """Names by language behind a list of ``LocalizedString``."""
    return {item["language"].lower(): item["value"] for item in sent}


@operation("getBookyears")
def book_years(call: Call) -> Answer:
    """All book years with their periods."""
    return listed(
        [
            {
                "bookyearKey": {"id": year["number"]},
                "bookyearDescription": call.text(year["names"]),
                "startDate": year["start"],
                "endDate": year["finish"],
                "closed": bool(year["closed"]),
                "periods": [
                    {
                        "bookyearPeriod": period["number"],
                        "startDate": period["start"],
                        "endDate": period["finish"],
                    }
                    for period in call.books.periods(year["number"])
                ],
            }
            for year in call.books.book_years()
        ]
    )


def detail(year: dict) -> dict:
    """A book year as ``BookyearDetailServiceData``."""
    data = year["data"]
    return {
        "bookyearKey": {"id": year["number"]},
        "names": localised_names(year["names"]),
        "bookingPeriodType": data.get("bookingPeriodType", "MONTH"),
        "declarantType": data.get("declarantType", "MONTHLY"),
        "fromDate": year["start"],
        "toDate": year["finish"],
        "closed": bool(year["closed"]),
        **{name: data.get(name, default) for name, default in FLAGS.items()},
    }


@operation("getBookyear")
def book_year(call: Call) -> Answer:
    """One book year in detail."""
    return Answer(200, detail(known_book_year(call, call.path["bookyearId"])))


@operation("insertBookyear")
def insert(call: Call) -> Answer:
    """A book year that follows the last one."""
    body, years = call.body, call.books.book_years()
    start, finish = (dt.date.fromisoformat(body[name]) for name in ("fromDate", "toDate"))
    after = dt.date.fromisoformat(years[-1]["finish"]) + dt.timedelta(days=1) if years else start
    if finish <= start or start != after:
        raise refused(-79, f"A new book year starts on {after} and ends later")
    if body["declarantType"] == "UNKNOWN":
        raise refused(-79, "declarantType UNKNOWN is not allowed")
    number = max((year["number"] for year in years), default=0) + 1
    data = {name: body.get(name, default) for name, default in FLAGS.items()}
    data.update({name: body[name] for name in ("bookingPeriodType", "declarantType")})
    call.books.add_book_year(
        number,
        names_of(body["names"]),
        str(start),
        str(finish),
        period_table(start, finish, body["bookingPeriodType"]),
        data,
    )
    if years:
        copy_set_up(call.books, years[-1]["number"], number)
    return Answer(200, detail(call.books.book_year(number)))


@operation("updateBookyear")
def update(call: Call) -> Answer:
    """Change names and flags; dates and period type only while nothing is booked."""
    year = known_book_year(call, int(call.body["bookyearKey"]["id"]))
    body, number = call.body, year["number"]
    data = {
        **year["data"],
        **{
            name: body[name]
            for name in (*FLAGS, "declarantType", "bookingPeriodType")
            if name in body
        },
    }
    start, finish = body.get("fromDate", year["start"]), body.get("toDate", year["finish"])
    names = {**year["names"], **names_of(body.get("names", []))}
    call.books.store.run(
        "UPDATE book_year SET names = ?, start = ?, finish = ?, data = ?"
        " WHERE administration = ? AND number = ?",
        json.dumps(names),
        start,
        finish,
        json.dumps(data),
        call.books.administration,
        number,
    )
    if {"fromDate", "toDate", "bookingPeriodType"} & set(body):
        _renew_periods(call, number, start, finish, data.get("bookingPeriodType", "MONTH"))
    return Answer(200, detail(call.books.book_year(number)))


def _renew_periods(call: Call, number: int, start: str, finish: str, kind: str) -> None:
    if call.books.documents("book_year = ?", number) or finish <= start:
        raise refused(-79, "Dates and periods of a book year with bookings cannot change")
    call.books.store.run(
        "DELETE FROM period WHERE administration = ? AND book_year = ?",
        call.books.administration,
        number,
    )
    rows = period_table(dt.date.fromisoformat(start), dt.date.fromisoformat(finish), kind)
    call.books.store.run_many(
        "INSERT INTO period VALUES (?, ?, ?, ?, ?, 0)",
        [(call.books.administration, number, *row) for row in rows],
    )


def _next_year(call: Call, year: dict) -> dict:
    later = [row for row in call.books.book_years() if row["start"] > year["finish"]]
    if not later:
        raise refused(-9, f"No book year follows book year {year['number']}")
    return later[0]


def _close(call: Call, year: dict) -> None:
    call.books.store.run(
        "UPDATE book_year SET closed = 1 WHERE administration = ? AND number = ?",
        call.books.administration,
        year["number"],
    )


@operation("bookBookyear")
def book(call: Call) -> Answer:
    """Book a year to the next: its accounts exist there too; optionally close it."""
    year = known_book_year(call, int(call.body["bookyearKey"]["id"]))
    following = _next_year(call, year)
    copy_set_up(call.books, year["number"], following["number"])
    if call.body.get("closeSourceBookyear"):
        _close(call, year)
    return NO_CONTENT


@operation("closeBookyear")
def close(call: Call) -> Answer:
    """Book a year to the next and close it."""
    year = known_book_year(call, call.path["bookyearId"])
    if year["closed"]:
        raise refused(-79, f"Book year {year['number']} is closed")
    copy_set_up(call.books, year["number"], _next_year(call, year)["number"])
    _close(call, year)
    return NO_CONTENT
