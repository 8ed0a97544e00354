"""Pages of the neutral books: entries, general ledger, trial balance, VAT return, open items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from werkzeug.wrappers import Request

from .amounts import ZERO
from .ledger import Books
from .matching import Matching
from .page_layout import Raw, asked_number, choice, inner, money, table
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


def span(books: Books, request: Request) -> tuple[Raw, int | None, int | None]:
    """A form to choose a book year and period, and what is chosen."""
    year, period = asked_number(request, "year"), asked_number(request, "period")
    years = [(row["number"], row["names"]["nl"]) for row in books.book_years()]
    periods = [
        (row["number"], str(row["number"]))
        for number, _name in years
        for row in books.periods(number)
    ]
    form = (
        f"<form>{choice('year', years, year, 'All book years')} "
        f"{choice('period', periods, period, 'All periods')} <button>Show</button></form>"
    )
    return Raw(form), year, period


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


def entry(books: Books, document: int, names: Names) -> Raw:
    """The entry lines of a document."""
    titles = names.accounts
    return inner(
        (
            Raw(
                f'<span title="{escape(titles.get(line["account"], ""))}">{line["account"]}</span>'
            ),
            money(line["amount"]),
            Raw(f'<span class="soft">{escape(line["vat_code"] or "")}</span>'),
        )
        for line in books.lines(document)
    )


def boxes(books: Books, document: int) -> Raw:
    """The VAT boxes of a document."""
    return inner((box, money(amount)) for box, amount in books.document_boxes(document).items())


def ledger(books: Books, names: Names, request: Request) -> Raw:
    """Lines of one ledger account with a running balance."""
    used = {str(number): number for number in books.trial_balance()}
    shown = request.args.get("account", "") or next(iter(used), "")
    account = used.get(shown)
    options = [(text, f"{text} {names.accounts.get(number, '')}") for text, number in used.items()]
    form = (
        f"<form>{choice('account', options, shown, 'Choose an account')} "
        "<button>Show</button></form>"
    )
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
                money(max(line["amount"], ZERO)),
                money(max(-line["amount"], ZERO)),
                money(balance),
            ]
        )
    return Raw(
        form
        + table(
            ("~Date", "~Booking", "Period", "Relation", "Text", "#Debit", "#Credit", "#Balance"),
            rows,
        )
    )


def trial_balance(books: Books, names: Names, request: Request) -> Raw:
    """Debit, credit and balance of every account used."""
    form, year, period = span(books, request)
    rows = books.trial_balance(year, period)
    totals = [
        sum((row[name] for row in rows.values()), ZERO) for name in ("debit", "credit", "balance")
    ]
    return Raw(
        form
        + table(
            ("Account", "Description", "#Debit", "#Credit", "#Balance"),
            [
                [
                    Raw(f'<a href="ledger?account={number}">{number}</a>'),
                    names.accounts.get(number, ""),
                    money(row["debit"]),
                    money(row["credit"]),
                    money(row["balance"]),
                ]
                for number, row in rows.items()
            ],
            ("", "Total", money(totals[0]), money(totals[1]), money(totals[2]) or "0,00"),
        )
    )


def vat_return(books: Books, _names: Names, request: Request) -> Raw:
    """Boxes and plausibility checks per period with bookings."""
    form, year, period = span(books, request)
    parts = [form]
    for row in books.store.rows(
        "SELECT DISTINCT book_year, period FROM document WHERE administration = ?"
        " ORDER BY book_year, period",
        books.administration,
    ):
        if year not in (None, row["book_year"]) or period not in (None, row["period"]):
            continue
        amounts = books.vat_boxes(row["book_year"], row["period"])
        amounts_shown = [
            [box, BOX_NAMES.get(box, ""), money(amount)]
            for box, amount in return_boxes(amounts).items()
            if amount
        ]
        splits = [
            ["", f"of which {box}", money(amount)]
            for box, amount in amounts.items()
            if len(box) > 2
        ]
        checks = "".join(
            f'<li class="{"yes" if passed else "no"}">{"✓" if passed else "✗"} {escape(rule)}</li>'
            for rule, passed in plausibility(amounts)
        )
        title = row["period"] if row["period"] > 99 else f"{row['book_year']}-{row['period']:02}"
        parts.append(
            f"<h2>Period {title}</h2><div class=side>"
            f"{table(('~Box', 'Content', '#Amount'), amounts_shown + splits)}"
            f"<ul>{checks}</ul></div>"
        )
    return Raw("".join(parts) if len(parts) > 1 else form + table((), []))


def open_items(books: Books, names: Names, _request: Request) -> Raw:
    """What customers and suppliers still owe or get."""
    items = Matching(books).items("e.party IS NOT NULL")
    total = sum((item["open"] for item in items), ZERO)
    return table(
        ("Relation", "~Booking", "~Date", "~Due", "Reference", "#Amount", "#Open"),
        [
            [
                names.parties.get(item["party"], ""),
                f"{item['journal']} {item['number']}",
                item["date"],
                item["due_date"],
                item["reference"] or item["head_reference"],
                money(item["amount"]),
                money(item["open"]),
            ]
            for item in sorted(
                items, key=lambda item: (names.parties.get(item["party"], ""), item["date"])
            )
        ],
        ("Total", "", "", "", "", "", money(total)),
    )
