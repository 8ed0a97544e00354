"""A package over a client that answers from a table."""

import json
from datetime import UTC, datetime
from decimal import Decimal

from odoo.addons.accountable_connect.api.errors import LimitReachedError
from odoo.addons.accountable_connect.api.http.payloads import to_json
from odoo.addons.accountable_connect.documents import File
from odoo.addons.accountable_connect_exact.api import mapping, parties
from odoo.addons.accountable_connect_exact.api.package import ExactPackage

from .books import CODES, CUSTOMER, DOCUMENTS, ENTRY, MASTER, PARTY, PLACE

SALE = DOCUMENTS["sale"]
BILL = DOCUMENTS["purchase_partly_deductible"]
KEY = f"sale/{ENTRY}"
PDF = File(key="ir.attachment,1", name="INV-42.pdf", media_type="application/pdf", content=b"%PDF")
OTHER = "3c3c1b0e-0000-4000-8000-000000000002"


class Client:
    """Answers lists from a table by entity (a list, or a function of the filter) and writes with a
    row; notes every call as (method, entity, body or filter)."""

    division = "500001"

    def __init__(self, lists=None, posted=None, errors=None):
        self.lists = lists or {}
        self.posted = posted or {}
        self.errors = errors or {}
        self.calls = []
        self.known = {}
        self.moment = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)

    def now(self):
        return self.moment

    def _note(self, method, entity, content):
        self.calls.append((method, entity, content))
        error = self.errors.get((method, entity))
        if isinstance(error, list):
            error = error.pop(0) if error else None
        if error:
            raise error

    def get_list(self, entity, *, select, filter="", order_by="", top=None, division=""):  # noqa: A002
        self._note("GET", entity, filter)
        rows = self.lists.get(entity, [])
        return iter(rows(filter) if callable(rows) else rows)

    def get_me(self):
        self._note("GET", "current/Me", "")
        return {"CurrentDivision": 500001}

    def post(self, entity, body, *, values=None, division=""):
        self._note("POST", entity, body)
        answer = self.posted.get(entity, {"ID": PLACE})
        return answer(body) if callable(answer) else answer

    def put(self, entity, key, body, *, values=None, division=""):
        self._note("PUT", entity, body)

    def delete(self, entity, key, *, values=None, division=""):
        self._note("DELETE", entity, key)

    def check_room(self, calls, method, entity):
        error = self.errors.get(("room", method))
        if error:
            raise error

    def recall(self, name):
        return self.known.get(name, {})

    def remember(self, name, values):
        self.known[name] = values

    def close(self):
        self.calls.append(("close", "", ""))

    @property
    def made(self):
        return [f"{method} {entity}" for method, entity, _content in self.calls]


def answer(body):
    """The row Exact answers to an entry."""
    side = next(side for side in mapping.SIDES.values() if side.collection in body)
    row = json.loads(to_json(body), parse_float=Decimal)
    lines = row.pop(side.collection)
    amount = sum(
        (Decimal(one["AmountFC"]) + Decimal(one.get("VATAmountFC", 0)) for one in lines),
        Decimal(0),
    )
    return {
        "ReportingYear": 2026,
        "ReportingPeriod": 3,
        **row,
        "EntryID": ENTRY,
        "EntryNumber": 26700042,
        "AmountFC": amount,
        "Status": 20,
        "Type": side.types[amount < 0],
    }


def entry_rows(document=SALE, **changes):
    """An entry and its lines as Exact lists them."""
    side = mapping.side_of(document)
    payload = mapping.entry_payload(document, PARTY, CODES)
    lines = json.loads(to_json(payload[side.collection]), parse_float=Decimal)
    rows = [
        {
            **one,
            "ID": f"11000000-0000-4000-8000-{number:012}",
            "EntryID": ENTRY,
            "LineNumber": number,
        }
        for number, one in enumerate(lines, 1)
    ]
    return {side.entries: [{**answer(payload), **changes}], side.lines: rows}


def package(lists=None, *, errors=None, master=MASTER, **posted):
    entities = {side.entries: answer for side in mapping.SIDES.values()}
    client = Client(lists, {**entities, **posted}, errors)
    return ExactPackage(client, master=master)


def account_row(party=CUSTOMER, key=PARTY, **changes):
    row = json.loads(to_json(parties.account_payload(party, CODES)))
    return {**row, "ID": key, **changes}


def limit(code):
    return LimitReachedError("wait", not_before=datetime(2026, 3, 10, 12, 0), code=code)
