"""The checks every inserted or changed booking passes, in the order of the return codes.

Book year -9, journal -10 (-38 for a wrong kind, -29 for a wrong mode), closed -11, open elsewhere
-12, number -13, period -14, protected -15, then the handler's own. Choices where the reference is
silent: a closed book year counts as its journals being closed (-11); a closed period is refused as
a protected one (-15), and ``closedPeriod`` closes up to and including it.
"""

from __future__ import annotations

from decimal import Decimal

from ..kit.operations import Invalid, decoded_file
from .calls import Call
from .chart import COST_CENTRE_MANDATORY
from .errors import refused


def head_key(data: dict) -> tuple[int | None, str | None, int | None]:
    """Book year, journal and number of a booking's head; None where left out."""
    year = (data.get("bookyearKey") or {}).get("id")
    number = data.get("documentSequenceNr")
    return (
        None if year is None else int(year),
        data.get("journalKey"),
        None if number is None else int(number),
    )


def checked_journal(call: Call, data: dict, kinds: str) -> dict:
    """The journal a booking goes to, open for us."""
    year_number, code, _number = head_key(data)
    year = None if year_number is None else call.books.book_year(year_number)
    if year is None:
        raise refused(-9, f"Bookyear {year_number} does not exist")
    journal = call.books.journal(year_number, code) if code else None
    if journal is None:
        raise refused(-10, f"Journal {code} does not exist in bookyear {year_number}")
    if journal["kind"] not in kinds:
        raise refused(-38, f"Journal {code} takes no such booking")
    if journal["data"].get("insertionType", 1) != 1:
        raise refused(-29, f"Journal {code} takes invoices, no bookings")
    if journal["closed"] or year["closed"]:
        raise refused(-11, f"Journal {code} of bookyear {year_number} is closed")
    if journal["open_by"]:
        raise refused(-12, f"Journal {code} is open by user {journal['open_by']}")
    return journal


def check_next_number(call: Call, journal: dict, number: int | None, trade: bool) -> None:
    """-13 unless the number follows the journal's last one; the detail as the service words it."""
    last = journal["last_number"]
    if number == last + 1:
        return
    detail = (
        f"Illegal document seq Nr.  Last Document = {last}.  New Document = {number}. "
        if trade
        else f"Illegal document sequence nr.  Last Document  : {last}"
    )
    raise refused(-13, f"{_unable(call, 'insert')}{detail}")


def _unable(call: Call, verb: str) -> str:
    """How the service begins what it says about a booking."""
    return f"Unable to {verb} booking in dossier {call.books.administration}.  "


def check_period(call: Call, journal: dict, period: int | None) -> None:
    """-14 for an unknown period, -15 for one that is protected or closed."""
    row = None if period is None else call.books.period(journal["book_year"], int(period))
    if row is None:
        verb = "update" if call.operation.startswith("update") else "insert"
        raise refused(-14, f"{_unable(call, verb)}Bookyear period unknown")
    limit = max(journal["protected_period"], journal["closed_period"])
    if row["closed"] or row["number"] <= limit:
        raise refused(-15, f"Period {period} of journal {journal['code']} is protected")


def check_document_date(call: Call, data: dict) -> None:
    """-17 when there is no document date, or when the switch wants it in the book year."""
    date = data.get("documentDate")
    if not date:
        raise refused(-17, "documentDate is missing")
    year = call.books.book_year(head_key(data)[0])
    outside = not year["start"] <= date <= year["finish"]
    if outside and call.switches["document_date_outside_book_year"] == "refuse":
        raise refused(-17, f"documentDate {date} is outside bookyear {year['number']}")


def checked_rate(data: dict, currency: str) -> Decimal:
    """The exchange rate; -20 unless positive, and 1 for EUR."""
    rate = data.get("exchangeRate")
    if rate is None or rate <= 0 or (currency == "EUR" and rate != 1):
        raise refused(-20, f"exchangeRate {rate} of {currency}")
    return Decimal(rate)


def check_account(call: Call, book_year: int, number: int | None) -> dict:
    """A ledger account that lines may use; -21 unknown, -50 a heading or control account."""
    account = call.books.account(book_year, int(number)) if number else None
    if account is None:
        raise refused(-21, f"Account {number} does not exist in bookyear {book_year}")
    control = account["data"].get("control") and not call.switches["control_accounts_bookable"]
    if not account["bookable"] or control:
        raise refused(-50, f"Account {number} is not a booking account")
    return account


def checked_cost_centre(call: Call, line: dict, account: dict | None = None) -> int | None:
    """The cost centre of a line; -40 unknown (0 included) or missing where the account wants one,
    -41 closed. A line without one takes its account's default [choice]."""
    data = account["data"] if account else {}
    key = line.get("costCentreKey")
    number = int(key["id"]) if key is not None else data.get("cost_centre")
    if number is None:
        if account and data.get("cost_centre_type") == COST_CENTRE_MANDATORY:
            raise refused(-40, f"Account {account['number']} needs a cost centre")
        return None
    row = call.books.cost_centre(number)
    if row is None:
        raise refused(-40, f"Cost centre {number} does not exist")
    if row["closed"]:
        raise refused(-41, f"Cost centre {number} is closed")
    return number


def cost_centre_key(number: int | None) -> dict | None:
    """A cost centre as a line reads it back, its account's default included; None without one."""
    return None if number is None else {"id": number}


def files_of(call: Call, attachments: list[dict] | None) -> list[tuple[str, bytes]]:
    """Names and bytes of attachments; 400 for a missing name, bad base64 or too large a file."""
    files = []
    for sent in attachments or []:
        if not sent.get("fileName"):
            raise Invalid("fileName is missing")
        content = decoded_file(sent.get("fileData") or "")
        limit = call.switches["attachment_limit"]
        if limit and len(content) > limit:
            raise Invalid(f"{sent['fileName']}: larger than {limit} bytes")
        files.append((sent["fileName"], content))
    return files
