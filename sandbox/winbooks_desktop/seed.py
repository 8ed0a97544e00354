"""The demo data: two companies' folders.

* 91001 ``VANDERS``, a Dutch folder with calendar years of months: 2025 is book year ``9``, 2026 is
  ``A``.
* 91002 ``LAMBERT``, a French one with book years from July to June in quarters: ``2`` to ``4``.
"""

from __future__ import annotations

import calendar
import datetime as dt
import json

from ..kit.charts import chart_of
from ..kit.ledger import Books
from ..kit.storage import Store
from .layout import (
    FINANCIAL,
    MISCELLANEOUS,
    PURCHASE,
    PURCHASE_REFUND,
    SALE,
    SALE_REFUND,
)
from .vat_codes import DEDUCTIBLE, DUE, DUE_CO_CONTRACTOR, DUE_EU, DUE_IMPORT, vat_codes

USER, PASSWORD = "BOEKHOUDER", "secret"
FIRST = 91001
FOLDERS = {
    91001: {
        "name": "Vandersmissen Bureaustoelen BV",
        "short": "VANDERS",
        "vat": "BE0999999031",
        "city": "Gent",
        "language": "N",
        "directory": "vandersmissen-winbooks",
    },
    91002: {
        "name": "Atelier Lambert SRL",
        "short": "LAMBERT",
        "vat": "BE0999999130",
        "city": "Namur",
        "language": "F",
        "directory": "lambert-winbooks",
    },
}
# Per folder: number, short name, first day, months of the year, months of a period.
YEARS = {
    91001: ((9, "2025", dt.date(2025, 1, 1), 12, 1), (10, "2026", dt.date(2026, 1, 1), 12, 1)),
    91002: (
        (2, "2024-25", dt.date(2024, 7, 1), 12, 3),
        (3, "2025-26", dt.date(2025, 7, 1), 12, 3),
        (4, "2026-27", dt.date(2026, 7, 1), 12, 3),
    ),
}
DAILY, OPENING_ENTRIES, CLOSING_ENTRIES = "0", "1", "2"  # DBKTYPE2
JOURNALS = (
    ("VEN", SALE, DAILY, "Verkoop", "Ventes", None),
    ("VERK", SALE, DAILY, "Verkoop webwinkel", "Ventes en ligne", None),
    ("NCV", SALE_REFUND, DAILY, "Creditnota's verkoop", "Notes de crédit vente", None),
    ("ACH", PURCHASE, DAILY, "Aankoop", "Achats", None),
    ("AANK", PURCHASE, DAILY, "Aankoop algemene kosten", "Achats frais généraux", None),
    ("NCA", PURCHASE_REFUND, DAILY, "Creditnota's aankoop", "Notes de crédit achat", None),
    ("FIN", FINANCIAL, DAILY, "Bank", "Banque", "550001"),
    ("OD", MISCELLANEOUS, DAILY, "Diverse verrichtingen", "Opérations diverses", None),
    ("OUV", MISCELLANEOUS, OPENING_ENTRIES, "Opening", "Ouverture", None),
    ("CLO", MISCELLANEOUS, CLOSING_ENTRIES, "Afsluiting", "Clôture", None),
)
# CENTRALID of ACF.
CENTRALS = {
    "400000": "C1",
    "440000": "S1",
    "411000": DEDUCTIBLE,
    "451000": DUE,
    "451055": DUE_EU,
    "451056": DUE_CO_CONTRACTOR,
    "451057": DUE_IMPORT,
}
TABLES = """
CREATE TABLE import (
    id INTEGER PRIMARY KEY AUTOINCREMENT, administration INTEGER NOT NULL, moment TEXT NOT NULL,
    source TEXT NOT NULL, digest TEXT NOT NULL, book_year INTEGER NOT NULL, period INTEGER NOT NULL,
    status TEXT NOT NULL, documents INTEGER NOT NULL DEFAULT 0, files TEXT NOT NULL,
    findings TEXT NOT NULL, answers TEXT NOT NULL DEFAULT '{}', result INTEGER);
CREATE INDEX import_source ON import (administration, source, digest);
CREATE TABLE import_file (
    import INTEGER NOT NULL REFERENCES import (id) ON DELETE CASCADE,
    name TEXT NOT NULL, content BLOB NOT NULL, PRIMARY KEY (import, name));
"""


def seed(store: Store) -> None:
    """Fill an empty store."""
    for number, folder in FOLDERS.items():
        store.run(
            "INSERT INTO administration VALUES (?, ?, ?)",
            number,
            folder["name"],
            json.dumps({name: value for name, value in folder.items() if name != "name"}),
        )
        _fill(Books(store, number), number)


def _fill(books: Books, folder: int) -> None:
    for number, short, first, months, of_a_period in YEARS[folder]:
        periods = period_table(first, months, of_a_period)
        books.add_book_year(
            number,
            {"nl": f"Boekjaar {short}", "fr": f"Exercice {short}"},
            periods[0][1],
            periods[-1][2],
            periods,
            {"short": short},
        )
        _fill_chart(books, number)
        for sequence, (code, kind, subtype, nl, fr, account) in enumerate(JOURNALS, 1):
            books.save_journal(
                number,
                code,
                kind,
                sequence,
                {"nl": nl, "fr": fr},
                account,
                None,
                {"subtype": subtype},
            )
    for code in vat_codes():
        books.save_vat_code(code)


def period_table(first: dt.date, months: int, of_a_period: int) -> list[tuple[int, str, str]]:
    """Rank, first and last day of every period of a book year."""
    periods: list[tuple[int, str, str]] = []
    for start in range(0, months, of_a_period):
        begin = _month(first, start)
        end = _month(first, min(start + of_a_period, months)) - dt.timedelta(days=1)
        periods.append((len(periods) + 1, str(begin), str(end)))
    return periods


def _month(first: dt.date, later: int) -> dt.date:
    index = first.year * 12 + first.month - 1 + later
    year, month = index // 12, index % 12 + 1
    return dt.date(year, month, min(first.day, calendar.monthrange(year, month)[1]))


def _fill_chart(books: Books, book_year: int) -> None:
    now = books.clock.stamp()
    books.store.run_many(
        "INSERT INTO account VALUES (?, ?, ?, ?, 1, NULL, ?, ?)",
        [
            (
                books.administration,
                book_year,
                row["number"],
                json.dumps({"nl": row["nl"], "fr": row["fr"]}),
                json.dumps(
                    {"central": CENTRALS[row["number"]]} if row["number"] in CENTRALS else {}
                ),
                now,
            )
            for row in chart_of("belgian")
        ],
    )
