"""Resources with rows in memory, and how the tests of the protocol ask for them."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

from sandbox.exact.entities import ENTITIES
from sandbox.exact.odata import Call, answer
from sandbox.exact.resource import Missing, Resource

SITE = "http://127.0.0.1:8091"
SELECT = "Please add a $select or a $top=1 statement to the query string."
STREAM = "Error processing request stream. "
ENTRY = "5e000000-0000-4000-8000-000000000042"
CUSTOMER = "3c3c1b0e-0000-4000-8000-000000000001"


def guid(number):
    return f"{number:08x}-0000-4000-8000-000000000000"


class Rows(Resource):
    """Rows in memory; what was asked and written stays to be looked at."""

    def __init__(self, rows=(), lines=(), key="ID", error=None):
        self.all, self.lines, self.key, self.error = list(rows), list(lines), key, error
        self.hints, self.written, self.read = None, [], 0

    def rows(self, division, hints):
        self.hints = hints
        for row in self.all:
            if hints.after is None or row["Timestamp"] > hints.after:
                self.read += 1
                yield row

    def get(self, division, key):
        for row in self.all:
            if row[self.key] == key:
                return row
        raise Missing

    def create(self, division, values):
        if self.error:
            raise self.error
        self.written.append(values)
        return {self.key: ENTRY, **values}

    def update(self, division, key, values):
        self.get(division, key)
        self.written.append((key, values))

    def delete(self, division, key):
        self.get(division, key)
        if self.error:
            raise self.error
        self.written.append(key)

    def children(self, division, key, collection):
        return [row for row in self.lines if row["EntryID"] == key]


def ask(name, resource, query="", method="GET", key=None, body=None, **more):
    text = b"" if body is None else json.dumps(body, default=float).encode()
    return answer(
        Call(
            SITE,
            ENTITIES[name],
            method,
            500001,
            key=key,
            query=query,
            body=more.pop("text", text),
            **more,
        ),
        resource,
    )


def refused(given, status):
    assert given.status == status, given
    assert given.body["error"]["code"] == "" and given.body["error"]["message"]["lang"] == ""
    assert given.key is None
    return given.body["error"]["message"]["value"]


def following(given):
    return given.body["d"]["__next"].partition("?")[2]


def accounts(number):
    return Rows(
        {
            "ID": guid(one),
            "Code": str(one),
            "Name": f"n{one % 7}",
            "Modified": dt.datetime(2026, 3, 1 + one % 5, 10, 30),
        }
        for one in range(number)
    )


# Lists


def entries(lines=2):
    row = {
        "EntryID": ENTRY,
        "AmountDC": Decimal("1263.00"),
        "EntryDate": dt.date(2026, 3, 5),
        "Journal": "70",
    }
    return Rows(
        [row],
        [
            {
                "ID": guid(one),
                "EntryID": ENTRY,
                "LineNumber": one,
                "AmountFC": Decimal("0.50"),
                "VATCode": "21",
            }
            for one in reversed(range(lines))
        ],
        key="EntryID",
    )
