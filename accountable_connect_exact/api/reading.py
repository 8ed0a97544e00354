"""Master data of Exact Online as neutral items; pure functions."""

from datetime import date
from decimal import Decimal

from odoo.addons.accountable_connect.api.account_use import (
    ADVANCE_RECEIVED,
    ASSET,
    BALANCE,
    COST,
    DEFERRAL,
    INCOME,
    STOCK,
)
from odoo.addons.accountable_connect.api.texts import plain_number
from odoo.addons.accountable_connect.api.vat_families import (
    CO_CONTRACTOR,
    INTRA_GOODS,
    INTRA_SERVICES,
    NEVER_PROPOSE,
    REVERSE_CHARGE,
    TRIANGULAR,
    recognise_vat_family,
)
from odoo.addons.accountable_connect.documents import (
    JOURNAL,
    LEDGER_ACCOUNT,
    PAYMENT_TERM,
    PERIOD,
    VAT_CODE,
    MasterItem,
)

from .. import const
from . import wire

HUNDRED = Decimal(100)
# Accounts of customers, suppliers and VAT: no line of an entry may be booked on them.
NOT_BOOKABLE = (20, 22, 24)
# What the types of accounts are. General accounts (90) and those of the year's end tell nothing.
NATURES = {
    **dict.fromkeys((10, 12, 14, 16, 20, 22, 24, 25, 29, 35, 50, 52, 55, 60, 100), BALANCE),
    21: ADVANCE_RECEIVED,
    **dict.fromkeys((26, 27), DEFERRAL),
    **dict.fromkeys((30, 32), ASSET),
    40: STOCK,
    **dict.fromkeys((110, 140, 160), INCOME),
    **dict.fromkeys((111, 120, 121, 122, 123, 125, 126, 130, 150), COST),
}
CLOSED = 1
MANDATORY, NOT_ALLOWED = 1, 2
VAT_BOXES = {"G": "81", "D": "82", "I": "83"}
SCOPES = {"S": "sale", "P": "purchase"}
LISTINGS = {"L": INTRA_GOODS, "S": INTRA_SERVICES, "T": TRIANGULAR}

JOURNAL_FIELDS = "Code,Description,Type,Currency,AllowVariableCurrency,IsBlocked"
VAT_CODE_FIELDS = (
    "Code,Description,Type,Percentage,VATTransactionType,Charged,EUSalesListing,IntraStat,IsBlocked"
)
ACCOUNT_FIELDS = (
    "ID,Code,Description,Type,BalanceType,VATGLAccountType,VATNonDeductiblePercentage,Costcenter,"
    "Costunit,UseCostcenter,UseCostunit,IsBlocked"
)
PAYMENT_CONDITION_FIELDS = (
    "Code,Description,PaymentMethod,PaymentDays,PaymentEndOfMonths,Percentage"
)
PERIOD_FIELDS = "FinYear,FinPeriod,StartDate,EndDate"
JOURNAL_STATUS_FIELDS = "Journal,Year,Period,Status"
COST_CENTRE_FIELDS = "Code,Description,Active,EndDate"
COST_UNIT_FIELDS = "Code,Description,EndDate"


def journal_items(rows: list[dict]) -> list[MasterItem]:
    """Journals; one that takes return invoices of the invoicing module has the type ``other``."""
    items = []
    for row in rows:
        details = {"type": const.JOURNAL_TYPES.get(row.get("Type"), "other")}
        currency = (row.get("Currency") or "").strip()
        if currency and row.get("AllowVariableCurrency") is False:
            details["currency"] = currency
        items.append(_item(JOURNAL, row, details, active=not row.get("IsBlocked")))
    return items


def account_items(rows: list[dict]) -> list[MasterItem]:
    """Ledger accounts. ``guid`` is how an entry names them; ``cost_centre`` and ``cost_unit`` are
    what Exact fills in by itself."""
    items = []
    for row in rows:
        details = {
            "guid": row["ID"],
            "type": row.get("Type"),
            "result": row.get("BalanceType") == "W",
            "bookable": row.get("Type") not in NOT_BOOKABLE,
        }
        if row.get("Type") in NATURES:
            details["nature"] = NATURES[row["Type"]]
        box = VAT_BOXES.get((row.get("VATGLAccountType") or "").strip())
        if box:
            details["vat_box"] = box
        if row.get("VATNonDeductiblePercentage") is not None:
            share = (1 - wire.read_number(row["VATNonDeductiblePercentage"])) * HUNDRED
            details["recoverable_share"] = plain_number(share)
        for name, use, default in (
            ("cost_centre", "UseCostcenter", "Costcenter"),
            ("cost_unit", "UseCostunit", "Costunit"),
        ):
            details[f"{name}_required"] = row.get(use) == MANDATORY
            if row.get(use) == NOT_ALLOWED:
                details[f"{name}_allowed"] = False
            if row.get(default):
                details[name] = row[default]
        items.append(_item(LEDGER_ACCOUNT, row, details, active=not row.get("IsBlocked")))
    return items


def vat_code_items(rows: list[dict]) -> list[MasterItem]:
    """VAT codes. One that serves sales and purchases has no ``scope``; its family is told only
    where both sides read it alike. ``type`` and ``charged`` are Exact's own: E and I bear VAT (I
    inside the amount), B is 0 % with its base in the return, N stays out of it."""
    items = []
    for row in rows:
        code = row["Code"].strip()
        name = (row.get("Description") or "").strip() or code
        details = {
            "type": (row.get("Type") or "E").strip(),
            "charged": bool(row.get("Charged")),
        }
        if row.get("Percentage") is not None:
            details["rate"] = plain_number(wire.read_number(row["Percentage"]) * HUNDRED)
        if details["type"] == "I":
            details["inclusive"] = True
        scope = SCOPES.get((row.get("VATTransactionType") or "").strip())
        if scope:
            details["scope"] = scope
        details |= _families(row, code, name, details)
        items.append(
            MasterItem(
                kind=VAT_CODE,
                code=code,
                name=name,
                details=details,
                active=not row.get("IsBlocked"),
            )
        )
    return items


def _families(row, code, name, details):
    """Family and class of a code, as far as every side it serves agrees."""
    if details["type"] == "N":
        # Outside the return: it is chosen by a person, for lines that bear no tax.
        return {"family": NEVER_PROPOSE}
    scopes = [details["scope"]] if "scope" in details else ["sale", "purchase"]
    found = [_family(row, code, name, scope, details) for scope in scopes]
    return found[0] if all(one == found[0] for one in found) else {}


def _family(row, code, name, scope, details):
    read = recognise_vat_family(code, name, scope)
    family = read.family
    if family == NEVER_PROPOSE:
        return {"family": family}
    listing = LISTINGS.get((row.get("EUSalesListing") or "").strip())
    if scope == "sale" and listing:
        family = listing
    elif scope == "purchase":
        family = _family_of_purchase(row, family, details)
    result = {"family": family}
    if read.purchase_class:
        result["purchase_class"] = read.purchase_class
    return result


def _family_of_purchase(row, family, details):
    """``Charged`` says for certain whether we owe the VAT ourselves; the words say why."""
    if details["charged"] and family not in REVERSE_CHARGE:
        return INTRA_GOODS if row.get("IntraStat") else CO_CONTRACTOR
    bears_vat = details.get("rate") not in (None, "0")
    if not details["charged"] and bears_vat and family in REVERSE_CHARGE:
        # Its words say reverse charge and its set-up says none: a person has to look.
        return NEVER_PROPOSE
    return family


def payment_condition_items(rows: list[dict]) -> list[MasterItem]:
    """Payment conditions. Exact counts month ends before days; more than one of them, or several
    terms in one condition, has no neutral form and gets no ``days``."""
    by_code: dict[str, list[dict]] = {}
    for row in rows:
        by_code.setdefault(row["Code"].strip(), []).append(row)
    items = []
    for same in by_code.values():
        row = same[0]
        details = {"method": (row.get("PaymentMethod") or "B").strip()}
        share = wire.read_number(row.get("Percentage"))
        if len(same) > 1 or (share and share != 1):
            details["instalments"] = True
        elif (row.get("PaymentEndOfMonths") or 0) <= 1:
            details["days"] = row.get("PaymentDays") or 0
            details["end_of_month"] = bool(row.get("PaymentEndOfMonths"))
        items.append(_item(PAYMENT_TERM, row, details))
    return items


def cost_items(kind: str, rows: list[dict], today: date) -> list[MasterItem]:
    """Cost centres or cost units; one whose end date has passed is not active."""
    items = []
    for row in rows:
        end = wire.read_date(row.get("EndDate"))
        ended = end is not None and end < today
        items.append(_item(kind, row, {}, active=not ended and row.get("Active") is not False))
    return items


def period_items(rows: list[dict], statuses: list[dict]) -> list[MasterItem]:
    """Periods, coded ``year/period``. ``statuses`` are those of journals per period."""
    closed: dict[tuple, set] = {}
    for row in statuses:
        if row.get("Status") == CLOSED:
            closed.setdefault((row["Year"], row["Period"]), set()).add(row["Journal"])
    items = []
    for row in rows:
        year, period = row["FinYear"], row["FinPeriod"]
        first, last = wire.read_date(row["StartDate"]), wire.read_date(row["EndDate"])
        items.append(
            MasterItem(
                kind=PERIOD,
                code=f"{year}/{period}",
                name=f"{year}: {first} – {last}",
                details={
                    "date_from": first.isoformat(),
                    "date_to": last.isoformat(),
                    "book_year": str(year),
                    "year": year,
                    "period": period,
                    "closed": False,
                    "closed_journals": sorted(closed.get((year, period), ())),
                },
            )
        )
    return items


def _item(kind, row, details, active=True):
    code = row["Code"].strip()
    name = (row.get("Description") or "").strip()
    return MasterItem(kind=kind, code=code, name=name or code, details=details, active=active)
