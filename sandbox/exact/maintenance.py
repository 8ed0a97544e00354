"""What people change of a division's set-up: periods, journals, accounts, VAT codes, relations."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from ..kit.accountant import Actions
from .division import Division, as_day
from .entities import ENTITIES
from .resource import BusinessError, Missing, Row
from .resources import RESOURCES

ACTIONS = Actions()
action = ACTIONS.named
ALIASES = {"blocked": ("IsBlocked", "Blocked")}


def ledger_guid(division: Division, code: str) -> str:
    """The guid of a ledger account's code."""
    row = division.code_reference("financial/GLAccounts", str(code), "ledger_account")
    if row is None:
        raise BusinessError("mandatory", "ledger_account")
    return row["ID"]


@action("period")
def period(
    division: Division,
    year: int,
    period: int | None = None,
    journal: str | None = None,
    closed: bool = True,
) -> None:
    """Close or open a period or a whole year, for one journal or for all."""
    division.close_period(int(year), period, journal, closed)


def properties(division: Division, entity: str, values: dict) -> Row:
    """Values by property: own names, or small letters with underscores; a ledger account may be
    named by its code. ``ValueError``."""
    known = {name.lower(): name for name in ENTITIES[entity].properties}
    found: Row = {}
    for name, value in values.items():
        wanted = name.replace("_", "").lower()
        options = [option for option in ALIASES.get(wanted, ()) if option.lower() in known]
        if wanted not in known and not options:
            raise ValueError(f"{entity} has no {name}")
        name = options[0] if options else known[wanted]
        if name.startswith("GL") and isinstance(value, str) and value.isdigit():
            value = ledger_guid(division, value)
        if ENTITIES[entity].properties[name].type == "DateTime":
            value = as_day(value)
        found[name] = Decimal(str(value)) if isinstance(value, float) else value
    return found


def _save(division: Division, entity: str, code: str, values: dict, remove: bool) -> dict:
    """Make, change or remove a record by its code; gives its guid."""
    found, resource = division.by_code(entity, code), RESOURCES[entity]
    if remove:
        if found is None:
            raise Missing(f"{entity} {code}")
        resource.delete(division, found["ID"])
        return {"id": found["ID"]}
    changes = properties(division, entity, values)
    if found is None:
        return {
            "id": resource.create(
                division, {"Code": str(code), "Description": str(code), **changes}
            )["ID"]
        }
    resource.update(division, found["ID"], changes)
    return {"id": found["ID"]}


def _maintained(entity: str) -> Callable[..., dict]:
    def maintain(division: Division, code: str, remove: bool = False, **values: Any) -> dict:
        """Make, change, block (``blocked``) or remove a record by its code."""
        return _save(division, entity, code, values, remove)

    return maintain


ACTIONS.update(
    {
        "journal": _maintained("financial/Journals"),
        "gl-account": _maintained("financial/GLAccounts"),
        "cost-centre": _maintained("hrm/Costcenters"),
        "cost-unit": _maintained("hrm/Costunits"),
    }
)


@action("vat-code")
def vat_code(
    division: Division,
    code: str,
    remove: bool = False,
    percentage: float | None = None,
    date: str | None = None,
    **values: Any,
) -> dict:
    """Make, change, block or remove a VAT code; ``percentage`` is a fraction valid from a date."""
    share = None if percentage is None else Decimal(str(percentage))
    start = as_day(date or "1996-01-01")
    known = division.by_code("vat/VATCodes", code)
    if known is None and share is not None:
        values["vat_percentages"] = [{"Percentage": share, "StartDate": start}]
    made = _save(division, "vat/VATCodes", code, values, remove)
    if known and share is not None and not remove:
        rows = division.all("vat/VatPercentages", parent=made["id"])
        for row in rows:
            if date is None:
                division.remove("vat/VatPercentages", row["ID"])
        division.add(
            "vat/VatPercentages",
            {
                "VATCodeID": made["id"],
                "LineNumber": len(rows) + 1,
                "Type": 0,
                "Percentage": share,
                "StartDate": start,
            },
        )
        division.change("vat/VATCodes", made["id"], Percentage=share)
    return made


@action("account")
def account(
    division: Division, account: str | None = None, remove: bool = False, **values: Any
) -> dict:
    """Make, change, block or remove a relation by its guid; gives its guid."""
    resource = RESOURCES["crm/Accounts"]
    if remove:
        resource.delete(division, account)
        return {"account": account}
    changes = properties(division, "crm/Accounts", values)
    if account is None:
        return {"account": resource.create(division, changes)["ID"]}
    resource.update(division, account, changes)
    return {"account": account}


@action("move-division")
def move_division(division: Division) -> None:
    """The division moves to another database: row versions start again."""
    division.move()


@action("block")
def block(division: Division, status: int = 1) -> None:
    """Set the blocking status of the division; 0 opens it again."""
    division.change_info(blocking=int(status))
