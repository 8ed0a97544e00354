"""VAT of a line: its code, its percentage at a date, its base and its amount.

Choices where the reference is silent: a sent VATPercentage must be one of the code's; a percentage
above 0 on a line without code finds a code (switch ``code_of_percentage``): that of the ledger
account when it has this percentage, else among the codes of the side that are not blocked the first
one by code, one for amounts without VAT before one for amounts with VAT, one without reverse charge
before one with it. Without a code, 0 counts as not sent. VAT on a line of Type B is refused.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from ..kit.amounts import ZERO, half_up
from .division import Division, as_day
from .resource import BusinessError, Row


def vat_code_of(
    division: Division, line: Row, account: Row, side: str, day: dt.date | None = None
) -> Row | None:
    """The VAT code of a line: the one it names, else the one its percentage finds at ``day`` (None:
    it finds none), else the account's default. invalid_reference, invalid, blocked,
    vat_percentage."""
    own = account.get("VATCode")
    percentage = line.get("VATPercentage") or ZERO
    if line.get("VATCode"):
        row = division.code_reference("vat/VATCodes", line["VATCode"], "vat_code")
    elif day and percentage > 0 and division.switch("code_of_percentage"):
        row = _code_with(division, percentage, own, side, day)
    else:
        row = division.code_reference("vat/VATCodes", own, "vat_code")
    if row is None:
        return None
    if row.get("IsBlocked"):
        raise BusinessError("blocked", "vat_code")
    if row.get("VATTransactionType") not in (side, "B", None):
        raise BusinessError("invalid", "vat_code")
    return {**row, "VATTransactionType": side}


def _code_with(
    division: Division, percentage: Decimal, own: str | None, side: str, day: dt.date
) -> Row:
    found = [
        code
        for code in division.all("vat/VATCodes")
        if code["Type"] in "EI"
        and not code.get("IsBlocked")
        and code.get("VATTransactionType") in (side, "B", None)
        and percentage in _valid(division, code, day)
    ]
    if not found:
        raise BusinessError("vat_percentage", str(percentage))
    return min(
        found,
        key=lambda code: (
            code["Code"] != own,
            code["Type"] != "E",
            bool(code.get("Charged")),
            code["Code"],
        ),
    )


def _valid(division: Division, code: Row, day: dt.date) -> list[Decimal]:
    return [
        row["Percentage"]
        for row in division.all("vat/VatPercentages", parent=code["ID"])
        if (as_day(row.get("StartDate")) or day) <= day
        and (as_day(row.get("EndDate")) or day) >= day
    ]


def percentage_of(division: Division, code: Row, day: dt.date, sent: Decimal | None) -> Decimal:
    """The fraction of a code at a date. ``BusinessError`` vat_percentage."""
    valid = _valid(division, code, day)
    if not valid:
        raise BusinessError("vat_percentage", "")
    if sent is None or sent in valid:
        return valid[-1] if sent is None else sent
    raise BusinessError("vat_percentage", str(sent))


def vat_of(
    code: Row | None, amount: Decimal, percentage: Decimal, sent: Decimal | None
) -> tuple[Decimal, Decimal]:
    """Base and VAT of a line's amount. vat_amount_not_allowed, invalid."""
    if code is None or code["Type"] == "N":
        if sent:
            raise BusinessError("vat_amount_not_allowed")
        return amount, ZERO
    if code["Type"] == "B":
        if sent:
            raise BusinessError("invalid", "vat_amount")
        return amount, ZERO
    if code["Type"] == "I":
        base = half_up(amount / (1 + percentage)) if sent is None else amount - sent
        return base, amount - base
    return amount, half_up(amount * percentage) if sent is None else sent
