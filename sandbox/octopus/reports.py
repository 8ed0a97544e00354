"""Open items, history, unmatched invoices and reminders.

Ranges run from a period of one book year to a period of another, both included; a left-out number
counts as 0 and a left-out book year cannot be parsed (500), as does any other bad body. A relation
number other than -1 wins over the external one; both -1 is everybody. Choices: an item belongs to
the range of its own document and shows what is open now; an open bill counts positive in the
supplier report (switch ``supplier_open_sign``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..kit.matching import Matching
from ..kit.operations import Unparsable
from .calls import Answer, Call, operation
from .errors import nothing_found, refused
from .line_texts import texts_of
from .master_data import listed
from .relations import relation_data

CLIENTS, SUPPLIERS = 400000, 440000


def _range(call: Call) -> Callable[[dict], bool]:
    """Whether a line's document lies in the range of the body."""
    bounds = []
    for side in ("from", "to"):
        key = call.body.get(f"{side}BookyearKey")
        if key is None:
            raise Unparsable(f"{side}BookyearKey is missing")
        year = call.books.book_year(int(key["id"]))
        if year is None:
            raise refused(-9, f"Bookyear {key['id']} does not exist")
        bounds.append((year["start"], int(call.body.get(f"{side}BookyearPeriodNr", 0))))
    starts = {year["number"]: year["start"] for year in call.books.book_years()}

    def inside(line: dict) -> bool:
        place = (starts[line["book_year"]], line["period"])
        return bounds[0] <= place <= bounds[1]

    return inside


def _relation_condition(call: Call) -> tuple[str, list[int]]:
    relation = int(call.body.get("relationId", 0))
    external = int(call.body.get("externalRelationId", 0))
    if relation != -1:
        return "e.party = ?", [relation]
    if external != -1:
        found = call.books.party_by_external_id(external) if external else None
        return "e.party = ?", [found["id"] if found else -1]
    return "e.party IS NOT NULL", []


def open_data(call: Call, item: dict, sign: int = 1) -> dict:
    """An open line as ``OpenData``."""
    party = call.books.party(item["party"]) if item["party"] else None
    return {
        **_common(item),
        "lineSequenceNr": item["sequence"],
        "expirationDate": item["due_date"],
        "relationKey": party and {"id": party["id"]},
        "externalRelationId": party and party["external_id"],
        "openBookingAmount": sign * float(item["open"]),
        "openDocAmount": sign * float(item["open_document"]),
    }


def _common(line: dict) -> dict[str, Any]:
    """The fields that open items and history share."""
    booking, document = float(line["amount"]), float(line["document_amount"])
    comment, reference = texts_of(line)
    return {
        "bookyearKey": {"id": line["book_year"]},
        "journalKey": line["journal"],
        "documentSequenceNr": line["number"],
        "bookyearPeriodNr": line["period"],
        "documentDate": line["date"],
        "currencyCode": line["currency"],
        "exchangeRate": float(line["rate"]),
        "comment": comment,
        "reference": reference,
        "debetBookingAmount": max(booking, 0.0),
        "creditBookingAmount": max(-booking, 0.0),
        "debetDocumentAmount": max(document, 0.0),
        "creditDocumentAmount": max(-document, 0.0),
    }


def _relation_items(call: Call, account: int, only_open: bool) -> list[dict]:
    inside = _range(call)
    condition, values = _relation_condition(call)
    return [
        item
        for item in Matching(call.books).items(
            f"e.account = ? AND {condition}", account, *values, only_open=only_open
        )
        if inside(item)
    ]


@operation("getReportOpenClient")
def open_clients(call: Call) -> Answer:
    """Customers' open lines."""
    return listed([open_data(call, item) for item in _relation_items(call, CLIENTS, True)])


@operation("getReportOpenSupplier")
def open_suppliers(call: Call) -> Answer:
    """Suppliers' open lines."""
    sign = -1 if call.switches["supplier_open_sign"] == "positive" else 1
    return listed([open_data(call, item, sign) for item in _relation_items(call, SUPPLIERS, True)])


def _account_items(call: Call, only_open: bool) -> list[dict]:
    inside, number = _range(call), int(call.body.get("accountNr", 0))
    if not any(call.books.account(year["number"], number) for year in call.books.book_years()):
        raise refused(-21, f"Account {number} does not exist")
    return [
        item
        for item in Matching(call.books).items("e.account = ?", number, only_open=only_open)
        if inside(item)
    ]


@operation("getReportOpenAccount")
def open_account(call: Call) -> Answer:
    """Unmatched lines of a ledger account."""
    return listed([open_data(call, item) for item in _account_items(call, True)])


@operation("getReportHistoryAccount")
def account_history(call: Call) -> Answer:
    """All lines of a ledger account."""
    return listed([_common(item) for item in _account_items(call, False)])


@operation("getReportHistoryClient")
def client_history(call: Call) -> Answer:
    """All lines of customers."""
    return listed([_common(item) for item in _relation_items(call, CLIENTS, False)])


@operation("getReportHistorySupplier")
def supplier_history(call: Call) -> Answer:
    """All lines of suppliers."""
    return listed([_common(item) for item in _relation_items(call, SUPPLIERS, False)])


@operation("getReportHistoryCostCentre")
def cost_centre_history(call: Call) -> Answer:
    """Lines with a cost centre, by cost centre and account."""
    inside, body = _range(call), call.body
    centres = {
        row["id"]: row
        for row in call.books.cost_centres()
        if body.get("showInactiveCostCentres" if row["closed"] else "showActiveCostCentres", False)
    }
    first, last = int(body.get("fromAccountNr", 0)), int(body.get("toAccountNr", 0))
    return listed(
        [
            _cost_centre_row(call, item, centres[item["cost_centre"]])
            for item in Matching(call.books).items(
                "e.cost_centre IS NOT NULL AND e.account BETWEEN ? AND ?",
                first,
                last,
                only_open=False,
            )
            if item["cost_centre"] in centres and inside(item)
        ]
    )


def _cost_centre_row(call: Call, item: dict, centre: dict) -> dict:
    document = call.books.document(item["book_year"], item["journal"], item["number"])
    party = call.books.party(document["party"]) if document["party"] else None
    account = call.books.account(item["book_year"], item["account"])
    shown = {
        name: value
        for name, value in _common(item).items()
        if name
        in (
            "bookyearKey",
            "journalKey",
            "documentSequenceNr",
            "bookyearPeriodNr",
            "documentDate",
            "debetBookingAmount",
            "creditBookingAmount",
        )
    }
    return {
        **shown,
        "comment": item["text"] or item["comment"] or "",
        "relationKey": party and {"id": party["id"]},
        "relationName": party and party["data"].get("name"),
        "costCentreKey": {"id": centre["id"]},
        "costCentreName": call.text(centre["names"]),
        "activeCostCentre": not centre["closed"],
        "accountKey": {"bookyearKey": {"id": item["book_year"]}, "id": item["account"]},
        "accountName": account and call.text(account["names"]),
    }


@operation("getUnbalancedInvoices")
def unmatched_invoices(call: Call) -> Answer:
    """Purchase documents that are not fully matched, for payment; an empty list is 200."""
    items = Matching(call.books).items(
        "e.role = 'party' AND d.kind IN (?, ?)", "purchase", "purchase_refund"
    )
    return Answer(
        200,
        [
            {
                "bookyearKey": {"id": item["book_year"]},
                "journalKey": item["journal"],
                "documentSequenceNr": item["number"],
                "documentDate": item["date"],
                "expiryDate": item["due_date"],
                "amount": float(abs(item["open_document"])),
                "currencyCode": item["currency"],
                "relationKey": {"id": item["party"]},
                "relationName": call.books.party(item["party"])["data"].get("name"),
                "comment": item["comment"] or "",
                "reference": item["head_reference"] or "",
                "credit": item["kind"] == "purchase_refund",
            }
            for item in items
        ],
    )


@operation("getRappelInformation")
def reminders(call: Call) -> Answer:
    """Customers with an open invoice that was due on a date; no reminder was ever sent."""
    items = [
        item
        for item in Matching(call.books).items(
            "e.account = ? AND d.due_date <= ?", CLIENTS, call.query["expirationDate"]
        )
        if item["open"] > 0
    ]
    if not items:
        raise nothing_found()
    relations = sorted({item["party"] for item in items})
    return Answer(
        200,
        [
            {
                "relation": relation_data(call.books.party(relation)),
                "invoiceList": [
                    {
                        "bookyearKey": {"id": item["book_year"]},
                        "journalKey": item["journal"],
                        "documentSequenceNr": item["number"],
                        "documentDate": item["date"],
                        "openAmount": float(item["open"]),
                        "expirationDate": item["due_date"],
                        "comment": item["comment"] or "",
                        "currencyCode": item["currency"],
                        "reference": item["head_reference"] or "",
                        "rappelInfoList": [],
                    }
                    for item in items
                    if item["party"] == relation
                ],
            }
            for relation in relations
        ],
    )
