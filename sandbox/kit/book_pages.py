"""Pages of the neutral books: entries, general ledger, trial balance, VAT return, open items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Request

from .amounts import ZERO
from .inspection import booked_periods
from .ledger import Books
from .matching import Matching
from .pages import Choice, Page, asked_number, table
from .templating import Link, money
from .vat import plausibility, return_boxes

BOX_NAMES = {
    "00": "Supplies under a special scheme, 0 %",
    "01": "Supplies at 6 %",
    "02": "Supplies at 12 %",
    "03": "Supplies at 21 %",
    "44": "Services to the EU",
    "45": "Co-contractor",
    "46": "Goods to the EU",
    "47": "Export and other exempt supplies",
    "48": "Credit notes on 44 and 46",
    "49": "Other credit notes issued",
    "54": "VAT due on 01, 02 and 03",
    "55": "VAT due on 86 and 88",
    "56": "VAT due on 87, import apart",
    "57": "VAT due on import",
    "59": "Deductible VAT",
    "61": "Corrections in favour of the State",
    "62": "Corrections in our favour",
    "63": "VAT to pay back on credit notes received",
    "64": "VAT back on credit notes issued",
    "71": "To pay to the State",
    "72": "To get from the State",
    "81": "Goods for resale, raw materials",
    "82": "Services and sundry goods",
    "83": "Investments",
    "84": "Credit notes on 86 and 88",
    "85": "Other credit notes received",
    "86": "Goods from the EU",
    "87": "Other purchases where we owe the VAT",
    "88": "Services from the EU",
}


def span(books: Books, request: Request) -> tuple[list[Choice], int | None, int | None]:
    """What a form offers of book years and periods, and what is chosen."""
    year, period = asked_number(request, "year"), asked_number(request, "period")
    years = [(row["number"], row["names"]["nl"]) for row in books.book_years()]
    periods = [
        (row["number"], str(row["number"]))
        for number, _name in years
        for row in books.periods(number)
    ]
    choices = [
        Choice("year", years, year, "All book years"),
        Choice("period", periods, period, "All periods"),
    ]
    return choices, year, period


@dataclass(frozen=True)
class Names:
    """What ledger accounts and parties are called, by their key."""

    accounts: Mapping[int | str, str]
    parties: Mapping[int | str, str]


def names_of(books: Books) -> Names:
    """Names out of the books' own master data."""
    return Names(
        {
            row["number"]: row["names"]["nl"]
            for year in books.book_years()
            for row in books.accounts(year["number"])
        },
        {row["id"]: row["data"].get("name", "") for row in books.parties()},
    )


def entry(books: Books, document: int, names: Names) -> list[dict]:
    """The entry lines of a document, with the names of their accounts as ``title``."""
    return [
        {**line, "title": names.accounts.get(line["account"], "")} for line in books.lines(document)
    ]


def ledger(books: Books, names: Names, request: Request) -> Page:
    """Lines of one ledger account with a running balance."""
    used = {str(number): number for number in books.trial_balance()}
    shown = request.args.get("account", "") or next(iter(used), "")
    account = used.get(shown)
    options = [(text, f"{text} {names.accounts.get(number, '')}") for text, number in used.items()]
    balance, rows = ZERO, []
    for line in books.account_lines(account) if account is not None else []:
        balance += line["amount"]
        rows.append(
            [
                line["date"],
                f"{line['journal']} {line['number']}",
                line["period"],
                names.parties.get(line["party"], ""),
                line["text"] or line["comment"],
                max(line["amount"], ZERO),
                max(-line["amount"], ZERO),
                balance,
            ]
        )
    return table(
        ("~Date", "~Booking", "Period", "Relation", "Text", "#Debit", "#Credit", "#Balance"),
        rows,
        choices=[Choice("account", options, shown, "Choose an account")],
    )


def trial_balance(books: Books, names: Names, request: Request) -> Page:
    """Debit, credit and balance of every account used."""
    choices, year, period = span(books, request)
    rows = books.trial_balance(year, period)
    debit, credit, balance = (
        sum((row[name] for row in rows.values()), ZERO) for name in ("debit", "credit", "balance")
    )
    return table(
        ("Account", "Description", "#Debit", "#Credit", "#Balance"),
        [
            [
                Link(f"ledger?account={number}", number),
                names.accounts.get(number, ""),
                row["debit"],
                row["credit"],
                row["balance"],
            ]
            for number, row in rows.items()
        ],
        ("", "Total", debit, credit, money(balance) or "0,00"),
        choices,
    )


def vat_return(books: Books, _names: Names, request: Request) -> Page:
    """Boxes and plausibility checks per period with bookings."""
    choices, year, period = span(books, request)
    periods = [
        _period_of_return(books, *found)
        for found in booked_periods(books)
        if year in (None, found[0]) and period in (None, found[1])
    ]
    return Page("vat_return.html", {"choices": choices, "periods": periods})


def _period_of_return(books: Books, year: int, period: int) -> dict[str, Any]:
    amounts = books.vat_boxes(year, period)
    rows = [
        [box, BOX_NAMES.get(box, ""), amount]
        for box, amount in return_boxes(amounts).items()
        if amount
    ]
    splits = [["", f"of which {box}", amount] for box, amount in amounts.items() if len(box) > 2]
    return {
        "title": period if period > 99 else f"{year}-{period:02}",
        "rows": rows + splits,
        "checks": list(plausibility(amounts)),
    }


def open_items(books: Books, names: Names, _request: Request) -> Page:
    """What customers and suppliers still owe or get."""
    items = Matching(books).items("e.party IS NOT NULL")
    return table(
        ("Relation", "~Booking", "~Date", "~Due", "Reference", "#Amount", "#Open"),
        [
            [
                names.parties.get(item["party"], ""),
                f"{item['journal']} {item['number']}",
                item["date"],
                item["due_date"],
                item["reference"] or item["head_reference"],
                item["amount"],
                item["open"],
            ]
            for item in sorted(
                items, key=lambda item: (names.parties.get(item["party"], ""), item["date"])
            )
        ],
        ("Total", "", "", "", "", "", sum((item["open"] for item in items), ZERO)),
    )
