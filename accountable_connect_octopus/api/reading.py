"""What comes back from Octopus: master data, settlements, open items; pure functions."""

import json
import logging
from datetime import date, datetime, timedelta
from decimal import Decimal

from odoo.addons.accountable_connect.api.contract import Match
from odoo.addons.accountable_connect.api.texts import plain_number
from odoo.addons.accountable_connect.api.vat_families import recognise_vat_family
from odoo.addons.accountable_connect.documents import (
    COST_CENTRE,
    JOURNAL,
    LEDGER_ACCOUNT,
    PERIOD,
    VAT_CODE,
    MasterItem,
    OpenItem,
    Settlement,
)
from odoo.addons.accountable_connect.documents.settlement import (
    OTHER,
    PAYMENT,
    SET_OFF,
    TRANSFER,
    WRITE_OFF,
)

from .. import const
from .mapping import document_key, money

_logger = logging.getLogger(__name__)

STAMP = "%Y-%m-%d %H:%M:%S.%f"
BEGINNING = "1980-01-01 00:00:00.000"
# The time zone of the stamps is not documented. Belgian time is ahead of UTC, so a moment in UTC is
# early enough in both; the rest covers clocks that differ.
OVERLAP = timedelta(minutes=30)
PARTY_LINE = -1  # the relation's line of a buy/sell booking
DOUBTFUL = ("407",)
# Which of two journals holds what is settled: a document, before a misc line, before the bank.
_SETTLED_FIRST = {"V": 0, "A": 0, "D": 1, "F": 2}
LOSSES = ("63", "64", "65", "66", "67", "74", "75", "76")


def stamp(moment: datetime) -> str:
    """A moment (UTC) as ``modifiedTimeStamp``, milliseconds, some time earlier."""
    return (moment - OVERLAP).strftime(STAMP)[:-3]


def cursor(moment: datetime) -> str:
    """What the next reading is given, when this one began at ``moment``."""
    return json.dumps({"since": stamp(moment)})


def since(text: str) -> str:
    """The moment of a cursor; "", the beginning, for none and for one that is not ours."""
    try:
        return str(json.loads(text)["since"]) if text else ""
    except (ValueError, KeyError, TypeError):
        _logger.info("Unknown cursor; everything is read again")
        return ""


# Master data


def _name(description: dict | None, language: str) -> str:
    description = description or {}
    for choice in (language.upper(), "NL", "FR", "EN", "DE"):
        if description.get(f"description_{choice}"):
            return description[f"description_{choice}"]
    return ""


def journal_items(journals: list[dict]) -> list[MasterItem]:
    """Journals of one or more book years, newest last; the same key repeats each year.

    A sales journal that takes invoices of the invoice module refuses bookings and is shown with the
    type ``other``.
    """
    items = {}
    for journal in journals:
        kind = const.JOURNAL_TYPES.get(journal["journalKey"][0])
        if not kind:
            continue
        details = {"type": kind, "last_number": journal.get("lastBookedDocumentNr", 0)}
        if kind == "sale" and journal.get("insertionType", 1) != const.TAKES_BOOKINGS:
            details["type"] = "other"
        if journal.get("currencyCode"):
            details["currency"] = journal["currencyCode"]
        items[journal["journalKey"]] = MasterItem(
            kind=JOURNAL,
            code=journal["journalKey"],
            name=journal["name"],
            details=details,
            active=not journal["closed"],
        )
    return list(items.values())


def period_items(book_years: list[dict], journals: list[dict]) -> list[MasterItem]:
    """Periods of all book years, coded ``bookyear/period``. ``journals`` are those of the open
    years: a journal can be protected up to and including a period, or closed altogether."""
    items = []
    for book_year in book_years:
        number = book_year["bookyearKey"]["id"]
        own = [row for row in journals if row["bookyearKey"]["id"] == number]
        for period in book_year.get("periods", ()):
            closed = sorted(
                row["journalKey"]
                for row in own
                if row["closed"]
                or period["bookyearPeriod"]
                <= max(row.get("protectedPeriod", 0), row.get("closedPeriod", 0))
            )
            items.append(
                MasterItem(
                    kind=PERIOD,
                    code=f"{number}/{period['bookyearPeriod']}",
                    name=f"{book_year.get('bookyearDescription', number)}: "
                    f"{period['startDate']} – {period['endDate']}",
                    details={
                        "date_from": period["startDate"],
                        "date_to": period["endDate"],
                        "book_year": str(number),
                        "closed": bool(book_year["closed"]),
                        "closed_journals": closed,
                    },
                )
            )
    return items


def vat_code_items(codes: list[dict]) -> list[MasterItem]:
    """VAT codes. Types 3 and 4 are the credit-note cards of a code: where the list shows them under
    the same code they are no codes of their own."""
    by_code: dict[str, list[dict]] = {}
    for row in codes:
        by_code.setdefault(row["code"], []).append(row)
    items = []
    for code, rows in by_code.items():
        rows.sort(key=lambda row: row.get("type", 0))
        row, types = rows[0], {row.get("type") for row in rows}
        name = row.get("description") or code
        details = {}
        scopes = {{1: "purchase", 3: "purchase", 2: "sale", 4: "sale"}.get(each) for each in types}
        if len(scopes) == 1 and None not in scopes:
            details["scope"] = scopes.pop()
        if types <= {3, 4}:
            details["refund"] = True
        if row.get("basePercentage") is not None:
            details["rate"] = plain_number(Decimal(row["basePercentage"]))
        if "scope" in details:
            details.update(_family(code, name, details))
        items.append(MasterItem(kind=VAT_CODE, code=code, name=name, details=details))
    return items


def _family(code, name, details):
    found = recognise_vat_family(code, name, details["scope"])
    result = {"family": found.family}
    if found.purchase_class:
        result["purchase_class"] = found.purchase_class
    return result


def account_items(accounts: list[dict], language: str) -> list[MasterItem]:
    """Ledger accounts of a book year."""
    classes = {"H": "81", "D": "82", "I": "83"}
    items = []
    for account in accounts:
        key = account["accountKey"]
        details = {"cost_centre_required": account.get("costCentreType") == 1}
        if account.get("vatRecupPercentage") is not None:
            details["recoverable_share"] = plain_number(Decimal(account["vatRecupPercentage"]))
        box = classes.get((account.get("purchaseVatCode") or " ")[0])
        if box:
            details["vat_box"] = box
        items.append(
            MasterItem(
                kind=LEDGER_ACCOUNT,
                code=str((key.get("accountNumberKey") or key)["id"]),
                name=_name(account.get("description"), language),
                details=details,
            )
        )
    return items


def cost_centre_items(cost_centres: list[dict], language: str) -> list[MasterItem]:
    return [
        MasterItem(
            kind=COST_CENTRE,
            code=str(row["costCentreKey"]["id"]),
            name=_name(row["description"], language),
            active=not row["closed"],
        )
        for row in cost_centres
    ]


# Settlements


def line_key(key: dict) -> str:
    """A booking line: ``bookyear/journal/number/line``; a document's party line has no last part,
    so that it reads as the document's key."""
    document = document_key(key["bookyearKey"]["id"], key["journalKey"], key["documentSequenceNr"])
    line = key.get("lineSequenceNr", PARTY_LINE)
    return document if line == PARTY_LINE else f"{document}/{line}"


def balancing_key(balancing: dict) -> str:
    debit = line_key(balancing["debetDocument"]["balancingKey"])
    credit = line_key(balancing["creditDocument"]["balancingKey"])
    return f"{debit}|{credit}"


def is_of_party(balancing: dict) -> bool:
    """A match on a customer's or supplier's account, not on a ledger account."""
    return balancing["type"]["type"] in ("C", "S")


def misc_bookings_needed(balancings: list[dict]) -> set[tuple[int, str]]:
    """Book year and journal of the misc bookings that settle something: only their other lines tell
    a transfer from a write-off."""
    needed = set()
    for balancing in balancings:
        settled, settling = sides(balancing)
        key = settling["balancingKey"]
        if key["journalKey"].startswith("D") and settled["balancingKey"]["journalKey"][0] in "VA":
            needed.add((key["bookyearKey"]["id"], key["journalKey"]))
    return needed


def sides(balancing: dict) -> tuple[dict, dict]:
    """What is settled and what settles it.

    The natural side of a document is debit for a customer and credit for a supplier. Two documents
    set each other off: the invoice is settled by the credit note. An opening line or a prepayment
    in a misc journal is settled by what comes from the bank.
    """
    debit, credit = balancing["debetDocument"], balancing["creditDocument"]
    natural, other = (debit, credit) if balancing["type"]["type"] == "C" else (credit, debit)

    def rank(side):
        return _SETTLED_FIRST[side["balancingKey"]["journalKey"][0]]

    return (other, natural) if rank(other) < rank(natural) else (natural, other)


def settlement(balancing: dict, misc_bookings: dict[str, dict]) -> Settlement:
    """A match as ``Settlement``. The matched amount is in the currency of the books and stands on
    one of the two sides (seen on the credit side only). ``misc_bookings`` by document key."""
    settled, settling = sides(balancing)
    key = settling["balancingKey"]
    amount_company = max(
        Decimal(balancing.get("debetBalancedBookingAmount", 0)),
        Decimal(balancing.get("creditBalancedBookingAmount", 0)),
    )
    dates = [date.fromisoformat(side["documentDate"]) for side in (settled, settling)]
    kind = _kind(key, settled["balancingKey"], misc_bookings)
    # often one text in both
    texts = dict.fromkeys((settling.get("comment"), settling.get("reference")))
    return Settlement(
        key=balancing_key(balancing),
        kind=kind,
        document_key=line_key(settled["balancingKey"]),
        counterpart_key=line_key(key)
        if kind == SET_OFF
        else document_key(key["bookyearKey"]["id"], key["journalKey"], key["documentSequenceNr"]),
        date=max(dates) if kind == SET_OFF else dates[1],
        amount=_in_document_currency(settled, amount_company),
        amount_company=money(amount_company),
        currency=settled.get("currencyCode", "EUR"),
        text=" ".join(text for text in texts if text),
    )


def matches(balancing: dict, document: str, year_of) -> list[Match]:
    """What a match says of a document's own booking: the other side of it; nothing where neither
    side is the document.

    :param year_of: what people call a book year, by its number
    """
    pair = sides(balancing)
    own = [index for index, side in enumerate(pair) if line_key(side["balancingKey"]) == document]
    if not own:
        return []
    other = pair[1 - own[0]]
    key = other["balancingKey"]
    texts = dict.fromkeys(text for text in (other.get("comment"), other.get("reference")) if text)
    read = settlement(balancing, {})
    year = year_of(key["bookyearKey"]["id"]) or other["documentDate"][:4]
    return [
        Match(
            kind=SET_OFF if key["journalKey"][0] in "VA" else read.kind,
            number=f"{key['journalKey']} {year}/{key['documentSequenceNr']}",
            date=date.fromisoformat(other["documentDate"]),
            amount=read.amount,
            currency=read.currency,
            text=" ".join(texts),
        )
    ]


def _in_document_currency(side, amount_company):
    """The matched part of a document in its own currency: all of it when all is matched, so that no
    cent is lost in conversion."""
    booking = Decimal(side.get("debetBookingAmount", 0)) + Decimal(
        side.get("creditBookingAmount", 0)
    )
    document = Decimal(side.get("debetDocumentAmount", 0)) + Decimal(
        side.get("creditDocumentAmount", 0)
    )
    if not booking or booking == document:
        return money(amount_company)
    if amount_company == booking:
        return money(document)
    step = "0.001" if side.get("currencyCode") in const.THREE_DECIMALS else "0.01"
    return (amount_company * document / booking).quantize(Decimal(step))


def _kind(settling, settled, misc_bookings):
    letter = settling["journalKey"][0]
    if letter == "F":
        return PAYMENT
    if letter in "VA":
        return SET_OFF if settled["journalKey"][0] in "VA" else OTHER
    booking = misc_bookings.get(
        document_key(
            settling["bookyearKey"]["id"], settling["journalKey"], settling["documentSequenceNr"]
        )
    )
    return _kind_of_misc(booking) if booking else OTHER


def _kind_of_misc(booking):
    """By the accounts of a misc booking: doubtful debtors (407), or a loss, difference or gain."""
    accounts = {
        str(line["accountKey"]) for line in booking.get("bookingLines", ()) if line["type"] == "A"
    }
    if any(account.startswith(DOUBTFUL) for account in accounts):
        return TRANSFER
    if accounts and all(account.startswith(LOSSES) for account in accounts):
        return WRITE_OFF
    return OTHER


# Open items


def open_query(book_years: list[dict]) -> dict:
    """The body that asks the open items of all relations and periods; a number left out would count
    as 0."""
    first = min(book_years, key=lambda row: row["startDate"])
    last = max(book_years, key=lambda row: row["endDate"])
    return {
        "fromBookyearKey": first["bookyearKey"],
        "toBookyearKey": last["bookyearKey"],
        "fromBookyearPeriodNr": min(row["bookyearPeriod"] for row in first["periods"]),
        "toBookyearPeriodNr": max(row["bookyearPeriod"] for row in last["periods"]),
        "relationId": -1,
        "externalRelationId": -1,
    }


def open_item(row: dict, customer: bool) -> OpenItem:
    """A row of an open report. The sign comes from the side the line is on, because that of the
    open amount is not documented for suppliers."""
    debit = Decimal(row.get("debetBookingAmount", 0))
    credit = Decimal(row.get("creditBookingAmount", 0))
    natural = debit - credit if customer else credit - debit
    sign = -1 if natural < 0 else 1
    due = row.get("expirationDate")
    texts = row.get("comment", ""), row.get("reference", "")
    if row["journalKey"].startswith(("F", "D")):
        # such a line has one text, which Octopus shows in its comment
        texts = texts[0], texts[1] or texts[0]
    relation = row.get("relationKey") or {}
    return OpenItem(
        document_key=line_key(row),
        party_key=str(relation.get("id", "")),
        document_date=date.fromisoformat(row["documentDate"]),
        due_date=date.fromisoformat(due) if due else None,
        amount=money(sign * abs(Decimal(row.get("openDocAmount", 0)))),
        amount_company=money(sign * abs(Decimal(row.get("openBookingAmount", 0)))),
        currency=row.get("currencyCode", "EUR"),
        reference=texts[1],
        text=texts[0],
    )
