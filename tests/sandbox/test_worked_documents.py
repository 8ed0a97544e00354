"""The worked Belgian documents as Octopus bookings: entry and boxes to the cent.

Expected figures are what an accountant's books hold: services from outside the EU in 56, credit
notes under reverse charge in 62 and 63, boxes 84 to 88 without VAT that became cost, a car from
another Member State in 83 and 86. P17 is half a cent: a share of 85 % of 52.50 rounds up here.
"""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from octopus_client import DOSSIER, YEAR, Client, booking, line

from sandbox.octopus import serve

DOCUMENTS = json.loads(Path(__file__).with_name("worked_documents.json").read_text())
JOURNALS = {"sale": "V1", "sale_refund": "V2", "purchase": "A1", "purchase_refund": "A2"}
RATES = {"EUR": 1.0, "USD": 1 / 1.0850, "GBP": 1 / 0.8433}


@pytest.fixture(scope="module")
def booked():
    """Every worked document in one dossier: id → booking as the sandbox holds it."""
    with serve(switches={"daily_limits": False}) as server:
        client, numbers, keys = Client(server), Counter(), {}
        relation = client.relation()
        for document in DOCUMENTS:
            journal = JOURNALS[document["kind"]]
            numbers[journal] += 1
            lines = [
                line(account, float(base), code, float(vat), *share)
                for account, code, base, vat, *share in document["lines"]
            ]
            body = booking(
                relation,
                numbers[journal],
                journal,
                lines,
                currencyCode=document["currency"],
                exchangeRate=RATES[document["currency"]],
            )
            if document["kind"].endswith("refund"):
                body["amount"] = -body["amount"]
            reply = client.book(body)
            assert reply.status == 201, (document["id"], reply.content)
            keys[document["id"]] = (journal, numbers[journal])
        held = {
            (row["journalKey"], row["documentSequenceNr"]): row for row in server.bookings(DOSSIER)
        }
        yield {name: held[place] for name, place in keys.items()}, server


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document["id"])
def test_entry_and_boxes(booked, document):
    held = booked[0][document["id"]]
    entry: dict[str, Decimal] = {}
    for row in held["entry"]:
        account = str(row["account"])
        entry[account] = entry.get(account, Decimal(0)) + Decimal(row["amount"])
    assert sum(entry.values()) == 0
    assert {account: f"{amount:.2f}" for account, amount in entry.items() if amount} == document[
        "entry"
    ]
    assert held["boxes"] == document["boxes"]


def test_whole_dossier_adds_up(booked):
    _held, server = booked
    balances = server.trial_balance(DOSSIER, YEAR)
    assert sum(map(Decimal, balances.values())) == 0
    expected: dict[str, Decimal] = {}
    boxes: dict[str, Decimal] = {}
    for document in DOCUMENTS:
        for account, amount in document["entry"].items():
            expected[account] = expected.get(account, Decimal(0)) + Decimal(amount)
        for box, amount in document["boxes"].items():
            boxes[box] = boxes.get(box, Decimal(0)) + Decimal(amount)
    assert without_zeros(balances) == without_zeros(expected)
    assert without_zeros(server.vat_boxes(DOSSIER)) == without_zeros(boxes)


def without_zeros(amounts):
    return {name: Decimal(amount) for name, amount in amounts.items() if Decimal(amount)}
