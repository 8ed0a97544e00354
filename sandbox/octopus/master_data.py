"""Accounts, VAT codes, cost centres, currencies, custom fields, products."""

from __future__ import annotations

from decimal import Decimal

from ..kit.amounts import loaded
from .calls import CREATED, NO_CONTENT, Answer, Call, operation
from .chart import NO_COST_CENTRE
from .errors import nothing_found, refused

CURRENCIES = (
    "AUD",
    "BGN",
    "BRL",
    "CAD",
    "CHF",
    "CNY",
    "CZK",
    "DKK",
    "EUR",
    "GBP",
    "HKD",
    "HUF",
    "IDR",
    "ILS",
    "INR",
    "ISK",
    "JPY",
    "KRW",
    "KWD",
    "MAD",
    "MXN",
    "MYR",
    "NOK",
    "NZD",
    "PHP",
    "PLN",
    "RON",
    "RUB",
    "SEK",
    "SGD",
    "THB",
    "TND",
    "TRY",
    "TWD",
    "UAH",
    "USD",
    "ZAR",
)
LANGUAGES = ("nl", "fr", "en", "de")


def localised(names: dict[str, str]) -> dict[str, str | None]:
    """Names as ``StringServiceData``: Dutch, French and English always, "" where nobody wrote one,
    German only where somebody did."""
    return {
        f"description_{language.upper()}": names.get(language) or (None if language == "de" else "")
        for language in LANGUAGES
    }


def names_of(description: dict | None, before: dict[str, str] | None = None) -> dict[str, str]:
    """``StringServiceData`` as names, what is left out kept."""
    sent = {
        language: (description or {}).get(f"description_{language.upper()}")
        for language in LANGUAGES
    }
    return {**(before or {}), **{name: text for name, text in sent.items() if text is not None}}


def listed(rows: list) -> Answer:
    """A list, or 404 when it is empty."""
    if not rows:
        raise nothing_found()
    return Answer(200, rows)


def known_book_year(call: Call, number: int) -> dict:
    """The book year; -9 when it does not exist."""
    year = call.books.book_year(number)
    if year is None:
        raise refused(-9, f"Bookyear {number} does not exist in dossier {call.path['dossierId']}")
    return year


def account_data(row: dict) -> dict:
    """An account as ``AccountServiceData``."""
    data = row["data"]
    deductible = 100 if row["deductible"] is None else loaded(row["deductible"])
    return {
        "accountKey": {"bookyearKey": {"id": row["book_year"]}, "id": row["number"]},
        "description": localised(row["names"]),
        "vatRecupPercentage": float(deductible),
        "fiscProfessionalPercentage": data.get("professional", 100.0),
        "fiscRecupPercentage": data.get("fiscal", 100.0),
        "purchaseVatCode": data.get("purchase_code"),
        "salesVatCode": data.get("sales_code"),
        "costCentreType": data.get("cost_centre_type", NO_COST_CENTRE),
        "defaultCostCentreKey": data.get("cost_centre") and {"id": data["cost_centre"]},
    }


@operation("getAccounts")
def accounts(call: Call) -> Answer:
    """The chart of a book year."""
    year = known_book_year(call, call.query["bookyearId"])
    return listed([account_data(row) for row in call.books.accounts(year["number"])])


@operation("insertUpdateAccount")
def save_account(call: Call) -> Answer:
    """Insert or change an account; VAT codes and cost centre type are read-only."""
    key = call.body["accountKey"]
    year = known_book_year(call, int(key["bookyearKey"]["id"]))
    number = int(key["id"])
    if not 100000 <= number <= 999999:
        raise refused(-27, f"Account {number} does not have six digits")
    before = call.books.account(year["number"], number)
    data = dict(before["data"]) if before else {}
    deductible = _percentage(call.body, "vatRecupPercentage", -30)
    for field, name, code in (
        ("fiscProfessionalPercentage", "professional", -31),
        ("fiscRecupPercentage", "fiscal", -32),
    ):
        value = _percentage(call.body, field, code)
        if value is not None:
            data[name] = float(value)
    if deductible is None and before and before["deductible"] is not None:
        deductible = loaded(before["deductible"])
    names = names_of(call.body.get("description"), before and before["names"])
    if not any(names.values()):
        raise refused(-27, f"Account {number} has no description")
    call.books.save_account(
        year["number"],
        number,
        names,
        bool(before["bookable"]) if before else True,
        deductible,
        data,
    )
    return NO_CONTENT if before else CREATED


def _percentage(body: dict, field: str, code: int) -> Decimal | None:
    value = body.get(field)
    if value is None:
        return None
    if not 0 <= value <= 100:
        raise refused(code, f"{field} {value} is not between 0 and 100")
    return Decimal(value)


@operation("getModifiedAccounts")
def modified_accounts(call: Call) -> Answer:
    """Accounts changed since a moment, and those removed."""
    since = call.query["modifiedTimeStamp"]
    changed = [
        account_data(row)
        for year in call.books.book_years()
        for row in call.books.accounts(year["number"])
        if row["modified"] >= since
    ]
    deleted = [row["data"] for row in call.books.deletions("account", since)]
    if not changed and not deleted:
        raise nothing_found()
    return Answer(200, {"modified": changed, "deleted": deleted})


@operation("getModifiedAccountAmounts")
def modified_amounts(call: Call) -> Answer:
    """Balances per account and period, of those with a booking changed since."""
    since = call.query.get("modifiedTimeStamp", "")
    rows = call.books.store.rows(
        "SELECT d.book_year, d.period, e.account, SUM(e.amount) balance, MAX(d.modified) modified"
        " FROM entry e JOIN document d ON d.id = e.document WHERE d.administration = ?"
        " GROUP BY d.book_year, d.period, e.account HAVING MAX(d.modified) >= ?",
        call.books.administration,
        since,
    )
    if not rows:
        raise nothing_found()
    return Answer(
        200,
        {
            "modified": [
                {
                    "accountAmountKey": {
                        "bookyearPeriodKey": {
                            "bookyearKey": {"id": row["book_year"]},
                            "bookyearPeriodNr": row["period"],
                        },
                        "accountKey": {
                            "bookyearKey": {"id": row["book_year"]},
                            "id": row["account"],
                        },
                    },
                    "balance": float(loaded(row["balance"])),
                }
                for row in rows
            ],
            "deleted": [],
        },
    )


@operation("getVatCodes")
def vat_codes(call: Call) -> Answer:
    """VAT codes in use; each is listed once, with type 1 purchase or 2 sales.

    Whether the service lists the credit-note cards as codes of types 3 and 4 is not known; a
    booking uses the same code for both kinds of document.
    """
    return listed(
        [
            {
                "code": code.code,
                "description": call.text(code.names),
                "type": 2 if code.side == "sale" else 1,
                "basePercentage": float(code.rate),
                "defaultSellBookingAccountNr": code.data.get("account"),
            }
            for code in call.books.vat_codes()
            if code.active
        ]
    )


def _cost_centre(row: dict) -> dict:
    return {
        "costCentreKey": {"id": row["id"]},
        "description": localised(row["names"]),
        "closed": bool(row["closed"]),
    }


@operation("getCostCentres")
def cost_centres(call: Call) -> Answer:
    """All cost centres."""
    return listed([_cost_centre(row) for row in call.books.cost_centres()])


@operation("getActiveCostCentres")
def active_cost_centres(call: Call) -> Answer:
    """Cost centres that are not closed."""
    return listed([_cost_centre(row) for row in call.books.cost_centres() if not row["closed"]])


@operation("insertUpdateCostCentre")
def save_cost_centre(call: Call) -> Answer:
    """Insert or change a cost centre."""
    number = int(call.body["costCentreKey"]["id"])
    if number <= 0:
        raise refused(-76, f"{number} is no cost centre number")
    before = call.books.cost_centre(number)
    names = names_of(call.body["description"], before and before["names"])
    call.books.save_cost_centre(number, names, call.body["closed"])
    return NO_CONTENT if before else CREATED


@operation("getCurrencyCodes")
def currencies(call: Call) -> Answer:
    """The codes of all currencies."""
    return Answer(200, list(CURRENCIES))


@operation("getCustomFields", "getProducts", "getProductgroups")
def nothing(call: Call) -> Answer:
    """A dossier without custom fields and products."""
    raise nothing_found()
