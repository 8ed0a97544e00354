"""The demo data: one login, two dossiers in use, one disabled and one with an empty chart.

Dossier 70123 is a company's books for 2025 and 2026 (book years 8 and 9, monthly periods), 70124 a
second small one. 70125 and 70126 show up when their switches are on.
"""

from __future__ import annotations

import datetime as dt
import json

from ..kit.amounts import stored
from ..kit.ledger import Books
from ..kit.storage import Store
from .chart import chart
from .vat_codes import vat_codes
from .years import period_table

USER = "U99999999"
PASSWORD = "secret"
SOFTWARE_HOUSE = "00000000-1111-2222-3333-444444444444"

DOSSIERS = {
    70123: {
        "name": "Vandersmissen Bureaustoelen BV",
        "vatNr": "BE0999.999.031",
        "streetAndNr": "Nijverheidslaan 14",
        "postalCode": "9000",
        "city": "Gent",
        "country": "BE",
        "email": "boekhouding@vandersmissen.example",
        "corporationType": 9,
        "language": "nl",
    },
    70124: {
        "name": "Atelier Lambert SRL",
        "vatNr": "BE0999.999.130",
        "streetAndNr": "Rue des Tanneurs 3",
        "postalCode": "5000",
        "city": "Namur",
        "country": "BE",
        "email": "compta@lambert.example",
        "corporationType": 21,
        "language": "fr",
    },
    70125: {
        "name": "Gestopte Zaak NV",
        "vatNr": "BE0999.999.229",
        "country": "BE",
        "corporationType": 1,
        "language": "nl",
        "disabled": True,
    },
    70126: {
        "name": "Nieuwe Zaak BV",
        "vatNr": "BE0999.999.328",
        "country": "BE",
        "corporationType": 9,
        "language": "nl",
    },
}
IN_USE = (70123, 70124)
EMPTY_CHART = 70126

JOURNALS = (
    ("V1", "Verkoopfacturen", "Factures de vente", None, None),
    ("V2", "Creditnota's verkoop", "Notes de crédit vente", None, None),
    ("V3", "Dagontvangsten en kassabonnen", "Recettes et tickets de caisse", None, None),
    ("A1", "Aankoopfacturen", "Factures d'achat", None, None),
    ("A2", "Creditnota's aankoop", "Notes de crédit achat", None, None),
    ("F1", "Bank", "Banque", 550001, "EUR"),
    ("D1", "Diverse verrichtingen", "Opérations diverses", None, None),
    ("D2", "Btw-afrekening", "Décompte TVA", None, None),
)


def seed(store: Store) -> None:
    """Fill an empty store."""
    store.keep("software_houses", [SOFTWARE_HOUSE])
    store.keep(
        "users",
        {USER: {"password": PASSWORD, "webservice": True, "failed": {}, "dossiers": list(IN_USE)}},
    )
    for number, dossier in DOSSIERS.items():
        data = {name: value for name, value in dossier.items() if name != "name"}
        store.run(
            "INSERT INTO administration VALUES (?, ?, ?)", number, dossier["name"], json.dumps(data)
        )
        _fill(Books(store, number), with_accounts=number != EMPTY_CHART)


def _fill(books: Books, with_accounts: bool) -> None:
    for number, year in ((8, 2025), (9, 2026)):
        start, finish = dt.date(year, 1, 1), dt.date(year, 12, 31)
        books.add_book_year(
            number,
            {
                "nl": f"Boekjaar {year}",
                "fr": f"Exercice {year}",
                "en": f"Book year {year}",
                "de": f"Geschäftsjahr {year}",
            },
            str(start),
            str(finish),
            period_table(start, finish, "MONTH"),
        )
        if with_accounts:
            _fill_chart(books, number)
        for code, nl, fr, account, currency in JOURNALS:
            books.save_journal(
                number,
                code,
                code[0],
                int(code[1:]),
                {"nl": nl, "fr": fr},
                account,
                currency,
                {"insertionType": 1},
            )
    for code in vat_codes():
        books.save_vat_code(code)
    books.save_cost_centre(1, {"nl": "Verkoop", "fr": "Ventes"})
    books.save_cost_centre(2, {"nl": "Atelier", "fr": "Atelier"})
    books.save_cost_centre(3, {"nl": "Oud magazijn", "fr": "Ancien dépôt"}, closed=True)


def _fill_chart(books: Books, book_year: int) -> None:
    now = books.clock.stamp()
    books.store.run_many(
        "INSERT INTO account VALUES (?, ?, ?, ?, 1, ?, ?, ?)",
        [
            (
                books.administration,
                book_year,
                account.number,
                json.dumps(account.names),
                None if account.share is None else stored(account.share),
                json.dumps(account.data),
                now,
            )
            for account in chart()
        ],
    )
