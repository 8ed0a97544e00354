"""What has to be sent so that an entry becomes another document; pure."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from odoo.addons.accountable_connect.documents import Document

from . import wire
from .codes import Codes
from .mapping import Side

# These belong together: Exact works out the VAT of a line again when one of them changes.
AMOUNTS = ("AmountFC", "VATCode", "VATAmountFC")
NOT_CHANGED = ("Journal", "Document")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One call: method, entity, key (None for POST) and body."""

    method: str
    entity: str
    key: str | None = None
    body: dict = field(default_factory=dict)


def plan(
    side: Side,
    entry: str,
    row: dict,
    lines: list[dict],
    header: dict,
    sent: list[dict],
    codes: Codes,
    document: Document,
) -> list[Step]:
    """The calls that turn an entry (``row`` and ``lines`` as read, in their order) into ``header``
    and ``sent`` lines. Nothing is sent that is as it should be. ``sent`` is never empty."""
    steps = []
    for line, wanted in zip(lines, sent, strict=False):
        body = line_changes(line, wanted, codes)
        if body:
            steps.append(Step(method="PUT", entity=side.lines, key=line["ID"], body=body))
    for wanted in sent[len(lines) :]:
        steps.append(Step(method="POST", entity=side.lines, body={"EntryID": entry, **wanted}))
    for line in lines[len(sent) :]:
        steps.append(Step(method="DELETE", entity=side.lines, key=line["ID"]))
    body = header_changes(row, header, codes, document)
    if body:
        steps.append(Step(method="PUT", entity=side.entries, key=entry, body=body))
    return steps


def header_changes(row: dict, header: dict, codes: Codes, document: Document) -> dict:
    """Of an entry what differs: Exact refuses a key that is sent back as it is. Year and period are
    named where they are not as they should be (the booking may have been moved to another period
    before), and with a change of the date, from which Exact would take others."""
    body = {
        name: value
        for name, value in header.items()
        if name not in NOT_CHANGED and not _same(row.get(name), value)
    }
    period = codes.period_of(document.accounting_date)
    wanted = {"ReportingYear": period["year"], "ReportingPeriod": period["period"]}
    taken_from_date = not header.keys() & wanted.keys()
    if any(not _same(row.get(name), wanted[name]) for name in wanted) or (
        "EntryDate" in body and not taken_from_date
    ):
        body |= wanted
    return body


def line_changes(line: dict, wanted: dict, codes: Codes) -> dict:
    """Of a line what differs; a cost centre that is no longer wanted is emptied, unless it is the
    account's own."""
    body = {name: value for name, value in wanted.items() if not _same(line.get(name), value)}
    if any(name in body for name in AMOUNTS):
        body |= {name: wanted[name] for name in AMOUNTS if name in wanted}
    account = codes.account_by_guid(wanted["GLAccount"])
    for name, default in (("CostCenter", "cost_centre"), ("CostUnit", "cost_unit")):
        if line.get(name) and name not in wanted and line[name] != account.get(default):
            body[name] = None
    return body


def _same(held, value):
    if isinstance(value, date):
        return wire.read_date(held) == value
    if isinstance(value, Decimal):
        return held is not None and wire.read_number(held) == value
    if isinstance(value, str) and isinstance(held, str):
        return held.strip() == value.strip()
    return held == value
