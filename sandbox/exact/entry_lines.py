"""The lines of sales and purchase entries: what is checked of them, and their VAT."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from ..kit.amounts import ZERO, half_up
from ..kit.trade import TradeLine
from . import heads
from .chart import CLASS_BOXES, CONTROL_TYPES
from .division import Division
from .entry_families import Family
from .line_vat import percentage_of, vat_code_of, vat_of
from .resource import BusinessError, Row
from .vat_codes import neutral_code

COMPUTED = ("AmountDC", "VATAmountDC", "VATBaseAmountDC", "LineNumber", "Type", "Timestamp")


@dataclass(frozen=True)
class CheckedLine:
    """A line as it is kept, and as the neutral books take it (amounts with the line's sign)."""

    row: Row
    trade: TradeLine


def ledger_account(division: Division, key: str | None) -> Row:
    """The account of a line. mandatory, invalid_reference, ledger_account_type, blocked."""
    if not key:
        raise BusinessError("mandatory", "ledger_account")
    account = division.reference("financial/GLAccounts", key, "ledger_account")
    if account["Type"] in CONTROL_TYPES:
        raise BusinessError("ledger_account_type")
    if account.get("IsBlocked"):
        raise BusinessError("blocked", "ledger_account")
    return account


def account_code(division: Division) -> Callable[[str | None], str | None]:
    """Gives the code of a ledger account's guid."""

    def code(key: str | None) -> str | None:
        found = division.find("financial/GLAccounts", key) if key else None
        return found["Code"] if found else None

    return code


def checked_line(
    division: Division, family: Family, head: Row, values: Row, number: int
) -> CheckedLine:
    """A line as it was sent, checked and worked out; refusals are ``BusinessError``."""
    account = ledger_account(division, values.get("GLAccount"))
    amount = half_up(values.get("AmountFC") or ZERO)
    code = vat_code_of(division, values, account, "S" if family.sale else "P", head["EntryDate"])
    percentage = values.get("VATPercentage")
    rate = (
        ZERO
        if code is None or code["Type"] in "BN"
        else percentage_of(
            division,
            code,
            head["EntryDate"],
            percentage if values.get("VATCode") else percentage or None,
        )
    )
    sent = values.get("VATAmountFC")
    base, vat = vat_of(code, amount, rate, None if sent is None else half_up(sent))
    centre, unit = heads.axes(division, account, values)
    share = _deductible(values, account, family)
    charged = bool(code and code.get("Charged") and rate)
    neutral = code and neutral_code(
        code, account_code(division), rate, CLASS_BOXES.get(account.get("VATGLAccountType") or "")
    )
    row = {name: value for name, value in values.items() if name not in COMPUTED}
    row.update(
        {
            "ID": values.get("ID") or str(uuid.uuid4()),
            "GLAccount": account["ID"],
            "GLAccountCode": account["Code"],
            "GLAccountDescription": account["Description"],
            "AmountFC": amount,
            "VATAmountFC": vat,
            "VATPercentage": rate,
            "LineNumber": number,
            "VATBaseAmountFC": base,
            "VATCode": code and code["Code"],
            "VATCodeDescription": code and code["Description"],
            "CostCenter": centre,
            "CostUnit": unit,
            "sent_vat": sent,
        }
    )
    if not family.sale:
        row["VATNonDeductiblePercentage"] = 1 - share / 100
    return CheckedLine(
        row,
        TradeLine(
            number,
            account["Code"],
            base,
            ZERO if charged else vat,
            neutral,
            share,
            values.get("Description") or head.get("Description"),
            centre,
            unit,
            vat if charged else None,
            account_code(division)(account.get("VATNonDeductibleGLAccount")),
        ),
    )


def _deductible(values: Row, account: Row, family: Family) -> Decimal:
    part = values.get("VATNonDeductiblePercentage")
    if part is None:
        part = account.get("VATNonDeductiblePercentage") or ZERO
    if not 0 <= part <= 1:
        raise BusinessError("invalid", "percentage")
    return Decimal(100) if family.sale else (1 - Decimal(part)) * 100


def round_per_code(lines: list[CheckedLine]) -> list[CheckedLine]:
    """VAT rounded once per code; the largest line takes the difference."""
    rounded = list(lines)
    for code in {line.row["VATCode"] for line in lines if line.row["VATAmountFC"]}:
        places = [
            place
            for place, line in enumerate(lines)
            if line.row["VATCode"] == code and line.row["sent_vat"] is None
        ]
        if not places:
            continue
        total = half_up(
            sum(
                (lines[place].trade.base * lines[place].row["VATPercentage"] for place in places),
                ZERO,
            )
        )
        difference = total - sum((lines[place].row["VATAmountFC"] for place in places), ZERO)
        place = max(places, key=lambda place: abs(lines[place].trade.base))
        rounded[place] = _with_more_vat(rounded[place], difference)
    return rounded


def _with_more_vat(line: CheckedLine, difference: Decimal) -> CheckedLine:
    vat = line.row["VATAmountFC"] + difference
    trade = (
        dataclasses.replace(line.trade, vat=vat)
        if line.trade.owed is None
        else dataclasses.replace(line.trade, owed=vat)
    )
    return CheckedLine({**line.row, "VATAmountFC": vat}, trade)


def with_head_vat(lines: list[CheckedLine], total: Decimal) -> list[CheckedLine]:
    """The VAT of the entry as its head says it; the amount of a line of Type I stays, so that its
    base takes the difference."""
    places = [
        place for place, line in enumerate(lines) if line.trade.vat and line.row["sent_vat"] is None
    ]
    difference = total - sum((line.trade.vat for line in lines), ZERO)
    if not places or not difference:
        return lines
    place = max(places, key=lambda place: abs(lines[place].trade.base))
    line = _with_more_vat(lines[place], difference)
    if line.row["AmountFC"] != line.row["VATBaseAmountFC"]:
        base = line.trade.base - difference
        line = CheckedLine(
            {**line.row, "VATBaseAmountFC": base}, dataclasses.replace(line.trade, base=base)
        )
    return [line if index == place else kept for index, kept in enumerate(lines)]
