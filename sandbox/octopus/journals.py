"""Journals of a book year: list, balance, detail per kind, create, change, delete, changes."""

from __future__ import annotations

import re

from ..kit.amounts import loaded
from .calls import NO_CONTENT, Answer, Call, operation
from .errors import nothing_found, refused
from .master_data import CURRENCIES, known_book_year, listed
from .years import localised_names, names_of

INSERTION_TYPES = {"BOOKING": 1, "VAT_EXCLUSIVE": 2, "VAT_INCLUSIVE": 3}
KINDS = {"Buy": "A", "Sell": "V", "Financial": "F", "Divers": "D", "Delivery": "L"}


@operation("getJournals")
def journals(call: Call) -> Answer:
    """All journals of a book year."""
    year = known_book_year(call, call.path["bookyearId"])
    return listed(
        [
            {
                "bookyearKey": {"id": row["book_year"]},
                "journalKey": row["code"],
                "name": call.text(row["names"]),
                "closed": bool(row["closed"]),
                "currencyCode": row["currency"] if row["kind"] == "F" else None,
                "lastBookedDocumentNr": row["last_number"],
                "protectedPeriod": row["protected_period"],
                "closedPeriod": row["closed_period"],
                "insertionType": row["data"].get("insertionType", 1),
            }
            for row in call.books.journals(year["number"])
        ]
    )


@operation("getFinancialJournalBalance")
def balance(call: Call) -> Answer:
    """The balance of a financial journal's account, earlier years included."""
    journal = _journal(call, call.path["bookyearId"], call.path["journalKey"])
    if journal["kind"] != "F":
        raise refused(-38, f"Journal {journal['code']} is not financial")
    year = call.books.book_year(journal["book_year"])
    total = call.books.store.row(
        "SELECT COALESCE(SUM(e.amount), 0) total FROM entry e JOIN document d"
        " ON d.id = e.document JOIN book_year y ON y.administration = d.administration"
        " AND y.number = d.book_year WHERE d.administration = ? AND e.account = ?"
        " AND y.start <= ?",
        call.books.administration,
        journal["account"],
        year["start"],
    )["total"]
    return Answer(
        200,
        {
            "bookyearKey": {"id": journal["book_year"]},
            "journalKey": journal["code"],
            "balance": float(loaded(total)),
        },
    )


def _journal(call: Call, book_year: int, code: str) -> dict:
    year = known_book_year(call, book_year)
    journal = call.books.journal(year["number"], code)
    if journal is None:
        raise refused(-10, f"Journal {code} does not exist in bookyear {book_year}")
    return journal


def common_data(row: dict) -> dict:
    """A journal as ``CommonJournalServiceData``."""
    return {
        "journalKeyServiceData": {
            "bookyearKey": {"id": row["book_year"]},
            "journalTypeCode": row["kind"],
            "sequenceNumber": row["sequence"],
        },
        "names": localised_names(row["names"]),
        "nextDocumentNumber": row["last_number"] + 1,
        "protectedPeriod": row["protected_period"],
        "closed": bool(row["closed"]),
        "closedPeriod": row["closed_period"],
    }


def detail(row: dict) -> dict:
    """A journal as the service data of its kind."""
    data, shown = row["data"], {"commonJournalServiceData": common_data(row)}
    if row["kind"] in "FV":
        shown["bankAccountServiceData"] = data.get("bankAccountServiceData", {})
    if row["kind"] in "VL":
        shown["invoicingServiceData"] = data.get("invoicingServiceData", {})
        names = {number: name for name, number in INSERTION_TYPES.items()}
        names.update({4: "VAT_EXCLUSIVE", 5: "VAT_INCLUSIVE"})
        shown["insertionType"] = names[data.get("insertionType", 1)]
    if row["kind"] == "F":
        shown.update(account=row["account"], currency=row["currency"])
    return shown


@operation(
    "getBuyJournal",
    "getSellJournal",
    "getFinancialJournal",
    "getDiversJournal",
    "getDeliveryJournal",
)
def journal(call: Call) -> Answer:
    """One journal in detail."""
    kind = KINDS[re.fullmatch(r"get(\w+)Journal", call.operation)[1]]
    return Answer(
        200, detail(_journal(call, call.path["bookyearId"], f"{kind}{call.path['sequenceNumber']}"))
    )


@operation(
    "insertBuyJournal",
    "insertSellJournal",
    "insertFinancialJournal",
    "insertDiversJournal",
    "insertDeliveryJournal",
)
def insert(call: Call) -> Answer:
    """A journal of a book year."""
    kind = KINDS[re.fullmatch(r"insert(\w+)Journal", call.operation)[1]]
    common = call.body["commonJournalInsertRequestData"]
    year = known_book_year(call, int(common["bookyearKey"]["id"]))
    number = int(common["sequenceNumber"])
    code = f"{kind}{number}"
    if number < 1 or call.books.journal(year["number"], code):
        raise refused(-38, f"Journal {code} exists already or has no valid number")
    call.books.save_journal(
        year["number"],
        code,
        kind,
        number,
        _names(common["names"]),
        *_account(call, call.body),
        _data(call.body, kind, {}),
    )
    _change_common(call, year["number"], code, common)
    return Answer(200, detail(call.books.journal(year["number"], code)))


@operation(
    "updateBuyJournal",
    "updateSellJournal",
    "updateFinancialJournal",
    "updateDiversJournal",
    "updateDeliveryJournal",
)
def update(call: Call) -> Answer:
    """Change a journal; what is left out stays."""
    kind = KINDS[re.fullmatch(r"update(\w+)Journal", call.operation)[1]]
    common = call.body["commonJournalUpdateRequestData"]
    row = _journal(call, int(common["bookyearKey"]["id"]), f"{kind}{int(common['sequenceNumber'])}")
    names = {**row["names"], **_names(common["names"])} if "names" in common else row["names"]
    account, currency = _account(call, call.body)
    call.books.save_journal(
        row["book_year"],
        row["code"],
        kind,
        row["sequence"],
        names,
        account or row["account"],
        currency or row["currency"],
        _data(call.body, kind, row["data"]),
    )
    _change_common(call, row["book_year"], row["code"], common)
    return Answer(200, detail(call.books.journal(row["book_year"], row["code"])))


def _names(sent: list[dict]) -> dict[str, str]:
    if not 1 <= len(sent) <= 4:
        raise refused(-79, "names: one to four")
    return names_of(sent)


def _account(call: Call, body: dict) -> tuple[int | None, str | None]:
    account, currency = body.get("account"), body.get("currencyCode")
    if account is not None and not 500000 <= account <= 599999:
        raise refused(-21, f"Account {account} is not between 500000 and 599999")
    if currency is not None and currency not in CURRENCIES:
        raise refused(-19, f"Currency {currency} is unknown")
    return None if account is None else int(account), currency


def _data(body: dict, kind: str, before: dict) -> dict:
    data = dict(before)
    for name in ("bankAccountServiceData", "invoicingServiceData"):
        if name in body:
            data[name] = body[name]
    sent = body.get("sellJournalInsertionType") or body.get("deliveryJournalInsertionType")
    if sent:
        data["insertionType"] = INSERTION_TYPES[sent] + (2 if kind == "L" else 0)
    return data


def _change_common(call: Call, book_year: int, code: str, common: dict) -> None:
    changes = {}
    if "nextDocumentNumber" in common:
        last = call.books.store.row(
            "SELECT COALESCE(MAX(number), 0) last FROM document WHERE administration = ?"
            " AND book_year = ? AND journal = ?",
            call.books.administration,
            book_year,
            code,
        )
        following = int(common["nextDocumentNumber"])
        if not last["last"] < following <= 1_000_000_000:
            raise refused(-13, f"nextDocumentNumber {following} is not above {last['last']}")
        changes["last_number"] = following - 1
    if "protectedPeriod" in common:
        changes["protected_period"] = int(common["protectedPeriod"])
    if changes:
        call.books.change_journal(book_year, code, **changes)


@operation("deleteJournal")
def delete(call: Call) -> Answer:
    """Remove a journal without bookings."""
    code = f"{call.path['journalTypeCode']}{call.path['sequenceNumber']}"
    row = _journal(call, call.path["bookyearId"], code)
    if call.books.documents("book_year = ? AND journal = ?", row["book_year"], code):
        raise refused(-38, f"Journal {code} has bookings")
    call.books.remove_journal(row)
    return NO_CONTENT


@operation("getModifiedJournals")
def modified(call: Call) -> Answer:
    """Journals changed since a moment, and those removed."""
    since = call.query["modifiedTimeStamp"]
    changed = [
        common_data(row)
        for year in call.books.book_years()
        for row in call.books.journals(year["number"])
        if row["modified"] >= since
    ]
    deleted = [row["data"] for row in call.books.deletions("journal", since)]
    if not changed and not deleted:
        raise nothing_found()
    return Answer(200, {"modifiedJournalServiceDataList": changed, "deletedJournalList": deleted})
