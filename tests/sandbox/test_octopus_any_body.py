"""Whatever a caller sends, the service answers as documented: no crash, and books that add up."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from octopus_client import DOSSIER, YEAR, Client, booking, line

from sandbox.octopus import serve
from sandbox.octopus.contract import OPERATIONS, SCHEMAS

INTEGERS = st.sampled_from(
    [
        0,
        1,
        -1,
        8,
        9,
        202603,
        700000,
        2**31 - 1,
        -(2**31),
        2**63,
        1.0,
        "9",
        "202603",
        "1.0",
        "9" * 30,
        "",
    ]
)
NUMBERS = st.sampled_from(
    [0, 1, 1.0, -1.0, 121.005, 1e-300, 1e11, -1e12, 1e300, 1e18, "121.005", "1e300", "NaN", "-"]
)
TEXTS = st.sampled_from(
    [
        "",
        " ",
        "V1",
        "A1",
        "F1",
        "D1",
        "21",
        "D21",
        "EUR",
        "BE",
        "C",
        "S",
        "A",
        "2026-03-01",
        "202603",
        "true",
        "é😀",
        "x" * 300,
        "'; DROP TABLE entry; --",
        "\u0000",
        "\ud800",
    ]
)
BOOLEANS = st.sampled_from([True, False, "true", "x"])


def values(kind: str):
    """Anything that has, or nearly has, a type of the contract."""
    kind = kind.rstrip("*")
    if kind.startswith("array of "):
        return st.lists(values(kind.removeprefix("array of ")), max_size=2)
    if kind.startswith("enum "):
        return st.sampled_from(kind.removeprefix("enum ").split("|"))
    if kind in SCHEMAS:
        fields = {name: values(inner) for name, inner in SCHEMAS[kind].items()}
        needed = {name for name, inner in SCHEMAS[kind].items() if inner.endswith("*")}
        return st.fixed_dictionaries(
            {name: fields[name] for name in needed},
            optional={name: field for name, field in fields.items() if name not in needed},
        )
    simple = {
        "int32": INTEGERS,
        "double": NUMBERS,
        "boolean": BOOLEANS,
        "base64": st.sampled_from(["", "QQ==", "*"]),
        "date": st.sampled_from(["2026-03-01", "2026-02-30", "x"]),
        "date-time": st.sampled_from(["2026-03-01T10:00:00", "x"]),
    }
    return simple.get(kind, TEXTS)


WRITING = sorted(
    name
    for name, entry in OPERATIONS.items()
    if entry.get("body") in SCHEMAS and entry.get("token") == "dossierToken"
)


@pytest.fixture(scope="module")
def server():
    with serve(switches={"daily_limits": False}) as running:
        yield running


@pytest.mark.parametrize("operation", WRITING)
@settings(
    max_examples=15,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_any_body_gets_a_documented_answer(server, operation, data):
    entry = OPERATIONS[operation]
    body = data.draw(values(entry["body"]))
    client = Client(server)
    path = entry["path"].removeprefix("/dossiers/{dossierId}").replace("{bookyearId}", str(YEAR))
    reply = client(
        entry["method"],
        path.replace("{enveloppeKeyId}", "1"),
        body,
        {"journalKey": "V1", "documentSequennceNr": "1"},
    )
    client.connection.close()
    assert reply.status in {*entry["success"], *entry["errors"], 400, 403, 500}
    if reply.status >= 400:
        assert json.loads(reply.content)["technicalInfo"]
    if reply.status == 500:
        assert 500 in entry["errors"]
        assert "is not a 'date" in reply.json["technicalInfo"] or "reports" in path


money = st.integers(-500_000, 500_000).map(lambda number: number / 100)
line_draws = st.tuples(
    money,
    st.sampled_from(["H21", "D12", "I06", "HE21", "DM06", "DXD21", None]),
    st.sampled_from([None, 0.0, 35.0, 50.0, 85.0]),
)


@settings(max_examples=40, deadline=None, database=None)
@given(st.lists(line_draws, max_size=6), st.sampled_from([1.0, 0.921659, 1.185817]))
def test_any_purchase_is_booked_in_balance(server, draws, rate):
    client = Client(server)
    relation = client(
        "PUT",
        "/relations",
        {
            "relationIdentificationServiceData": {},
            "name": "x",
            "supplier": True,
            "currencyCode": "EUR",
        },
    ).json["relationIdentificationServiceData"]["relationKey"]["id"]
    lines = []
    for base, code, share in draws:
        domestic = code is not None and len(code) == 3
        vat = float(round(Decimal(str(base)) * int(code[1:]) / 100, 2)) if domestic else 0.0
        lines.append(line(604000, base, code, vat, share))
    total = sum(Decimal(str(row["baseAmount"])) + Decimal(str(row["vatAmount"])) for row in lines)
    if total < 0:  # then it is a credit note, whose ordinary lines are positive
        lines = [
            {**row, "baseAmount": -row["baseAmount"], "vatAmount": -row["vatAmount"]}
            for row in lines
        ]
    journals = {row["journalKey"]: row for row in client("GET", "/bookyears/9/journals").json}
    number = journals["A2"]["lastBookedDocumentNr"] + 1
    reply = client.book(
        booking(
            relation,
            number,
            "A2",
            lines,
            amount=float(total),
            exchangeRate=rate,
            currencyCode="EUR" if rate == 1 else "USD",
        )
    )
    client.connection.close()
    assert reply.status == 201, reply.content
    held = next(
        row
        for row in server.bookings(DOSSIER)
        if row["journalKey"] == "A2" and row["documentSequenceNr"] == number
    )
    assert sum(Decimal(row["amount"]) for row in held["entry"]) == 0
    assert Decimal(held["entry"][0]["documentAmount"]) == -total
