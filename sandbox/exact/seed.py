"""The demo data: two Belgian divisions and a Dutch one, each set up and without entries.

500001 is a Dutch speaking company, 500002 a French speaking one, 600001 a company in the
Netherlands. Financial years are 2024 to 2027 in months.
"""

from __future__ import annotations

import calendar
import datetime as dt
import json
from collections.abc import Iterable
from decimal import Decimal

from ..kit.storage import Store
from .chart import belgian_chart, dutch_chart
from .division import Division
from .resource import Row
from .vat_codes import Code, belgian_codes, dutch_codes, properties

DIVISIONS = {
    500001: {
        "name": "Vandersmissen Bureaustoelen BV",
        "country": "BE",
        "language": "nl",
        "vat_number": "BE0999999031",
        "chamber": "0999999031",
        "street": "Nijverheidslaan 14",
        "postcode": "9000",
        "city": "Gent",
        "email": "boekhouding@vandersmissen.example",
        "iban": "BE71096123456769",
    },
    500002: {
        "name": "Atelier Lambert SRL",
        "country": "BE",
        "language": "fr",
        "vat_number": "BE0999999130",
        "chamber": "0999999130",
        "street": "Rue des Tanneurs 3",
        "postcode": "5000",
        "city": "Namur",
        "email": "compta@lambert.example",
        "iban": "BE56096987654388",
    },
    600001: {
        "name": "Van Dijk Kantoormeubelen B.V.",
        "country": "NL",
        "language": "nl",
        "vat_number": "NL999999990B01",
        "chamber": "99999999",
        "street": "Keizersgracht 12",
        "postcode": "1015 AA",
        "city": "Amsterdam",
        "email": "administratie@vandijk.example",
        "iban": "NL91ABNA0417164300",
    },
}
YEARS = (2024, 2025, 2026, 2027)

# Code, names, type, ledger account: Belgium and the Netherlands.
JOURNALS = (
    ("70", "Verkopen", "Ventes", 20, "400000", "1100"),
    ("71", "Verkopen webwinkel", "Ventes boutique en ligne", 20, "400000", "1100"),
    ("60", "Aankopen", "Achats", 22, "440000", "1300"),
    ("61", "Aankopen kosten", "Achats de frais", 22, "440000", "1300"),
    ("50", "Bank", "Banque", 12, "550001", "1010"),
    ("30", "Kas", "Caisse", 10, "570000", "1000"),
    ("90", "Diverse verrichtingen", "Opérations diverses", 90, None, None),
    ("91", "Afletteren en afboeken", "Lettrage et abandons", 90, None, None),
)
CONDITIONS = (
    ("00", "Contant", "Comptant", 0, 0, None),
    ("08", "8 dagen", "8 jours", 8, 0, None),
    ("30", "30 dagen", "30 jours", 30, 0, None),
    ("60", "60 dagen", "60 jours", 60, 0, None),
    ("3E", "30 dagen einde maand", "30 jours fin de mois", 30, 1, None),
    ("2T", "Helft nu, helft na 30 dagen", "Moitié comptant, moitié à 30 jours", 0, 0, "0.5"),
    ("2T", "Helft nu, helft na 30 dagen", "Moitié comptant, moitié à 30 jours", 30, 0, "0.5"),
)
COST_CENTRES = (
    ("SALES", "Verkoop", "Ventes"),
    ("WORK", "Atelier", "Atelier"),
    ("ADMIN", "Administratie", "Administration"),
)
COST_UNITS = (("SHOP", "Winkel", "Magasin"), ("WEB", "Webwinkel", "Boutique en ligne"))
CURRENCIES = (
    ("EUR", "Euro"),
    ("USD", "US dollar"),
    ("GBP", "Pound sterling"),
    ("CHF", "Swiss franc"),
    ("JPY", "Japanese yen"),
    ("PLN", "Polish zloty"),
)
# Division currency for one unit of the foreign one.
RATES = (("USD", "0.92"), ("GBP", "1.17"), ("CHF", "1.04"), ("JPY", "0.0061"), ("PLN", "0.23"))
DOCUMENT_CATEGORIES = ("Customers", "Suppliers", "Financial", "General")
BANKS = (
    ("KREDBEBB", "KBC", "BE"),
    ("GEBABEBB", "BNP Paribas Fortis", "BE"),
    ("BBRUBEBB", "ING België", "BE"),
    ("ABNANL2A", "ABN AMRO", "NL"),
    ("RABONL2U", "Rabobank", "NL"),
)


def seed(store: Store) -> None:
    """Fill an empty store with the divisions."""
    with store.transaction():
        for code, found in DIVISIONS.items():
            data = {
                **{key: value for key, value in found.items() if key != "name"},
                "currency": "EUR",
                "status": 1,
                "moved_at": None,
                "default_condition": "30",
                "hid": code - 499999,
            }
            store.run(
                "INSERT INTO administration VALUES (?, ?, ?)", code, found["name"], json.dumps(data)
            )
            fill(Division(store, code))


def fill(division: Division) -> None:
    """Set up one division: chart, VAT codes, journals, conditions, periods and lists."""
    french = division.info["language"] == "fr"
    dutch_company = division.country == "NL"
    add(
        division,
        "general/Currencies",
        "Code",
        [
            {
                "Code": code,
                "Description": name,
                "AmountPrecision": Decimal("0.01"),
                "PricePrecision": Decimal("0.001"),
            }
            for code, name in CURRENCIES
        ],
    )
    for year in YEARS:
        start, finish = dt.date(year, 1, 1), dt.date(year, 12, 31)
        division.books.add_book_year(
            year,
            {"nl": f"Boekjaar {year}", "fr": f"Exercice {year}"},
            str(start),
            str(finish),
            [
                (
                    month,
                    str(dt.date(year, month, 1)),
                    str(dt.date(year, month, calendar.monthrange(year, month)[1])),
                )
                for month in range(1, 13)
            ],
        )
    add(
        division,
        "financial/GLAccounts",
        "Code",
        dutch_chart() if dutch_company else belgian_chart(division.info["language"]),
    )
    add_vat_codes(division, dutch_codes() if dutch_company else belgian_codes())
    add(
        division,
        "financial/Journals",
        "Code",
        [
            _journal(
                division,
                code,
                fr if french else nl,
                kind,
                nl_account if dutch_company else be_account,
            )
            for code, nl, fr, kind, be_account, nl_account in JOURNALS
        ],
    )
    add(
        division,
        "cashflow/PaymentConditions",
        None,
        [
            {
                "Code": code,
                "Description": fr if french else nl,
                "PaymentMethod": "B",
                "PaymentDays": days,
                "PaymentEndOfMonths": months,
                "Percentage": Decimal(share) if share else None,
            }
            for code, nl, fr, days, months, share in CONDITIONS
        ],
    )
    _lists(division, french)


def add(division: Division, entity: str, name: str | None, rows: Iterable[Row]) -> None:
    """Records whose guid follows from their code (or, without one, from their place)."""
    for index, row in enumerate(rows):
        key = division.guid(entity, row[name] if name else index)
        division.add(entity, row, row["Code"] if entity == "general/Currencies" else key)


def _journal(division: Division, code: str, name: str, kind: int, account: str | None) -> Row:
    row = {
        "Code": code,
        "Description": name,
        "Type": kind,
        "Currency": division.currency,
        "AllowVariableCurrency": True,
        "AllowVariableExchangeRate": True,
        "AllowVAT": code == "90",
        "AutoSave": False,
        "IsBlocked": False,
        "GLAccount": division.guid("financial/GLAccounts", account) if account else None,
    }
    if kind == 12:
        row.update(
            {
                "BankAccountIBAN": division.info["iban"],
                "BankAccountIncludingMask": division.info["iban"],
                "BankName": "KBC",
                "BankAccountUseSEPA": True,
                "BankAccountID": division.guid("bank", code),
                "BankAccountCountry": division.country,
            }
        )
    return row


def add_vat_codes(division: Division, codes: Iterable[Code]) -> None:
    """VAT codes with their percentages, valid from 1996 (BE) or 2019 (NL: 9 %)."""

    def account(code: str | None) -> str | None:
        return division.guid("financial/GLAccounts", code) if code else None

    for code in codes:
        key = division.guid("vat/VATCodes", code.code)
        division.add("vat/VATCodes", properties(code, division.info["language"], account), key)
        division.add(
            "vat/VatPercentages",
            {
                "VATCodeID": key,
                "LineNumber": 1,
                "Type": 0,
                "Percentage": Decimal(code.rate) / 100,
                "StartDate": dt.date(1996, 1, 1),
            },
            division.guid("vat/VatPercentages", code.code),
        )


def _lists(division: Division, french: bool) -> None:
    for entity, rows in (("hrm/Costcenters", COST_CENTRES), ("hrm/Costunits", COST_UNITS)):
        add(
            division,
            entity,
            "Code",
            [
                {
                    "Code": code,
                    "Description": fr if french else nl,
                    **({"Active": True} if entity == "hrm/Costcenters" else {}),
                }
                for code, nl, fr in rows
            ],
        )
    add(
        division,
        "financial/ExchangeRates",
        "SourceCurrency",
        [
            {
                "SourceCurrency": code,
                "TargetCurrency": division.currency,
                "Rate": Decimal(rate),
                "StartDate": dt.date(2024, 1, 1),
            }
            for code, rate in RATES
        ],
    )
    add(
        division,
        "cashflow/Banks",
        "BICCode",
        [
            {
                "BICCode": bic,
                "BankName": name,
                "Description": name,
                "Country": country,
                "Status": "A",
            }
            for bic, name, country in BANKS
        ],
    )
    add(
        division,
        "documents/DocumentCategories",
        "Description",
        [{"Description": name} for name in DOCUMENT_CATEGORIES],
    )
    add(
        division,
        "documents/DocumentFolders",
        "Code",
        [{"Code": "1", "Description": "Odoo"}, {"Code": "2", "Description": "Archief"}],
    )
    # The company itself is a relation of type division.
    info = division.info
    division.add(
        "crm/Accounts",
        {
            "Code": "1",
            "Name": info["name"],
            "Type": "D",
            "Status": "A",
            "IsSupplier": False,
            "IsSales": False,
            "IsPurchase": False,
            "Blocked": False,
            "AddressLine1": info["street"],
            "Postcode": info["postcode"],
            "City": info["city"],
            "Country": info["country"],
            "Language": info["language"].upper(),
            "VATNumber": info["vat_number"],
            "ChamberOfCommerce": info["chamber"],
        },
        division.guid("crm/Accounts", "1"),
    )
