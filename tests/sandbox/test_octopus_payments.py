"""Financial and misc bookings, balancings, open items and the reports."""

from __future__ import annotations

import pytest
from octopus_client import DOSSIER, YEAR, booking, key, line, named

SINCE = "1980-01-01 00:00:00.000"
ALL = {
    "fromBookyearKey": {"id": 8},
    "toBookyearKey": {"id": 9},
    "fromBookyearPeriodNr": 202501,
    "toBookyearPeriodNr": 202612,
    "relationId": -1,
    "externalRelationId": -1,
}


def report(client, name, **changes):
    body = {**ALL, **changes}
    return client(
        "POST",
        f"/reports/{name}",
        {field: value for field, value in body.items() if value is not None},
    )


def modified(client, since=SINCE):
    return client("GET", "/balancings/modified", modifiedTimeStamp=since)


def match(client, debit, credit, amount):
    return client(
        "POST", "/balancings", {"debetKey": debit, "creditKey": credit, "balanceAmount": amount}
    )


def opened(server):
    return {
        (row["journalKey"], row["documentSequenceNr"]): row["open"]
        for row in server.open_items(DOSSIER)
    }


@pytest.fixture
def invoice(client, relation):
    """A sale of 1210.00 and a bill of 121.00."""
    client.book(booking(relation))
    client.book(booking(relation, journal="A1", lines=[line(604000, 100.0, "H21", 21.0)]))
    return relation


def customer(relation, amount, **fields):
    return {"type": "C", "relationId": relation, "amount": amount, **fields}


# Bookings -------------------------------------------------------------------------------------


def test_money_in_and_out(server, client, invoice):
    reply = client.financial(
        "F1",
        1,
        [
            customer(invoice, 1210.0, reference="+++"),
            {"type": "S", "externalRelationId": 4711, "amount": -121.0},
            {"type": "A", "accountKey": 657200, "amount": -5.5, "costCentreKey": {"id": 1}},
        ],
    )
    assert (reply.status, reply.content) == (201, b"")
    held = next(row for row in server.bookings(DOSSIER) if row["journalKey"] == "F1")
    assert [(row["lineSequenceNr"], row["account"], row["amount"]) for row in held["entry"]] == [
        (1, 400000, "-1210.00"),
        (2, 440000, "121.00"),
        (3, 657200, "5.50"),
        (0, 550001, "1083.50"),
    ]


def test_read_back_shows_zeros_where_unused(client, invoice):
    client.financial(
        "F1", 1, [customer(invoice, 10.0), {"type": "A", "accountKey": 657200, "amount": -1.0}]
    )
    found = client(
        "GET", "/financialdiversbookings", bookyearId=YEAR, journalKey="F1", documentSeqNr=1
    ).json
    assert found["bookingLines"] == [
        {
            "accountKey": 0,
            "amount": 10.0,
            "externalRelationId": 4711,
            "reference": "",
            "relationId": invoice,
            "type": "C",
        },
        {
            "accountKey": 657200,
            "amount": -1.0,
            "externalRelationId": 0,
            "reference": "",
            "relationId": 0,
            "type": "A",
        },
    ]
    assert client("PUT", "/financialdiversbookings", found).status == 204
    listed = client(
        "GET", "/financialdiversbookings/modified", bookyearId=-1, modifiedTimeStamp=SINCE
    ).json
    assert listed == [found]
    assert (
        client(
            "GET", "/financialdiversbookings", bookyearId=YEAR, journalKey="F1", documentSeqNr=2
        ).status
        == 404
    )


@pytest.mark.parametrize(
    ("journal", "number", "lines", "code"),
    [
        ("F1", 2, [], -13),
        ("V1", 2, [], -38),
        ("F9", 1, [], -10),
        ("F1", 1, [{"type": "X", "amount": 1.0}], -25),
        ("F1", 1, [{"amount": 1.0}], -25),
        ("F1", 1, [{"type": "C", "relationId": 99, "amount": 1.0}], -16),
        ("F1", 1, [{"type": "S", "amount": 1.0}], -16),
        ("F1", 1, [{"type": "A", "amount": 1.0}], -21),
        ("F1", 1, [{"type": "A", "accountKey": 440000, "amount": 1.0}], -50),
        (
            "F1",
            1,
            [{"type": "A", "accountKey": 657200, "amount": 1.0, "costCentreKey": {"id": 9}}],
            -40,
        ),
        ("D1", 1, [{"type": "A", "accountKey": 657200, "amount": 1.0}], -24),
    ],
)
def test_codes(client, invoice, journal, number, lines, code):
    assert client.financial(journal, number, lines).code == code


def test_detail_of_a_wrong_number(client, invoice):
    client.financial("F1", 1, [customer(invoice, 1.0)])
    assert client.financial("F1", 1, []).json["technicalInfo"] == (
        f"Unable to insert booking in dossier {DOSSIER}.  Illegal document sequence nr.  "
        "Last Document  : 1"
    )


@pytest.mark.parametrize(("sign", "expected"), [("debit", "500.00"), ("credit", "-500.00")])
def test_sign_of_misc_lines(server, client, relation, sign, expected):
    server.octopus.switches.set({"divers_sign": sign})
    assert (
        client.financial(
            "D1",
            1,
            [
                {"type": "A", "accountKey": 416000, "amount": 500.0},
                {"type": "A", "accountKey": 643000, "amount": -500.0},
            ],
        ).status
        == 201
    )
    assert server.trial_balance(DOSSIER)["416000"] == expected


def test_update_is_checked_and_respects_matches(client, invoice):
    client.financial("F1", 1, [customer(invoice, 1210.0)])
    match(client, key(1), key(1, "F1", 1), 1210.0)
    found = client(
        "GET", "/financialdiversbookings", bookyearId=YEAR, journalKey="F1", documentSeqNr=1
    ).json
    found["bookingLines"][0]["amount"] = 1000.0
    assert client("PUT", "/financialdiversbookings", found).code == -35
    found["documentSequenceNr"] = 7
    assert client("PUT", "/financialdiversbookings", found).code == -34


def test_match_on_reference_is_a_switch(server, client, invoice):
    server.octopus.switches.set({"match_on_reference": True})
    client.financial("F1", 1, [customer(invoice, 1000.0, reference="+++090/9337/55493+++")])
    assert opened(server)[("V1", 1)] == "210.00"


# Balancings -----------------------------------------------------------------------------------


def test_customer_payment(server, client, invoice):
    client.financial("F1", 1, [customer(invoice, 1210.0)])
    reply = match(client, key(1), key(1, "F1", 1), 1210.0)
    assert (reply.status, reply.content) == (201, b"")
    assert opened(server) == {("A1", 1): "-121.00"}
    found = modified(client).json
    assert found["deletedBalancings"] == []
    row = found["modifiedBalancings"][0]
    assert row["type"] == {
        "type": "C",
        "relationKey": {"id": invoice},
        "externalRelationId": 4711,
        "accountNr": 0,
    }
    assert row["debetDocument"]["balancingKey"] == key(1)
    assert row["creditDocument"]["balancingKey"] == key(1, "F1", 1)
    assert (row["debetBalancedBookingAmount"], row["creditBalancedBookingAmount"]) == (0.0, 1210.0)
    assert row["debetDocument"]["debetBookingAmount"] == 1210.0
    assert row["creditDocument"]["creditBookingAmount"] == 1210.0
    assert row["creditDocument"]["documentDate"] == "2026-04-09"


@pytest.mark.parametrize("text", ["2010/V1/1", None])
def test_texts_of_both_sides(client, relation, text):
    documents = [
        booking(relation, comment="Levering", reference="+++090/9337/55493+++"),
        booking(relation, 2),
    ]
    del documents[1]["comment"], documents[1]["reference"]
    payment = {**customer(relation, 2420.0), **({"reference": text} if text else {})}
    for document in documents:
        client.book(document)
    client.financial("F1", 1, [payment])
    for number in (1, 2):
        match(client, key(number), key(1, "F1", 1), 1210.0)
    rows = modified(client).json["modifiedBalancings"]
    sides = [
        [
            (row[side]["comment"], row[side]["reference"])
            for side in ("debetDocument", "creditDocument")
        ]
        for row in rows
    ]
    assert sides == [
        [("Levering", "+++090/9337/55493+++"), (text or "", "")],
        [("", ""), (text or "", "")],
    ]


def test_texts_of_open_items(client, relation):
    client.book(booking(relation, comment="Levering", reference="+++090/9337/55493+++"))
    client.financial("F1", 1, [customer(relation, 10.0, reference="voorschot")])
    client.control(
        "POST",
        f"/dossiers/{DOSSIER}/opening-item",
        {"relationId": relation, "amount": 363, "reference": "OUD 12"},
    )
    for report_name in ("clients/open", "clients/history"):
        assert {
            row["journalKey"]: (row["comment"], row["reference"])
            for row in report(client, report_name).json
        } == {
            "V1": ("Levering", "+++090/9337/55493+++"),
            "F1": ("voorschot", ""),
            "D1": ("OUD 12", "OUD 12"),
        }
    lines = client(
        "GET", "/bookyears/-1/bookings/modified", journalTypeId=-1, modifiedTimeStamp=SINCE
    ).json["modifiedBookings"]
    assert {(row["comment"], row["reference"]) for row in lines if "relationKey" in row} == {
        ("Levering", "+++090/9337/55493+++"),
        ("voorschot", ""),
        ("OUD 12", "OUD 12"),
    }


def test_supplier_payment_is_the_other_way_round(server, client, invoice):
    client.financial("F1", 1, [{"type": "S", "relationId": invoice, "amount": -121.0}])
    assert match(client, key(1, "A1"), key(1, "F1", 1), 121.0).code == -26
    assert match(client, key(1, "F1", 1), key(1, "A1"), 121.0).status == 201
    assert modified(client).json["modifiedBalancings"][0]["type"]["type"] == "S"
    assert ("A1", 1) not in opened(server)


def test_partial_and_several_in_one_payment(server, client, relation):
    client.book(booking(relation, lines=[line(700000, 321.0)]))
    client.book(booking(relation, 2, lines=[line(700000, 279.0)]))
    client.financial("F1", 1, [customer(relation, 600.0)])
    match(client, key(1), key(1, "F1", 1), 100.0)
    match(client, key(1), key(1, "F1", 1), 221.0)
    assert match(client, key(2), key(1, "F1", 1), 279.01).code == -26
    match(client, key(2), key(1, "F1", 1), 279.0)
    assert opened(server) == {}
    amounts = [
        row["creditBalancedBookingAmount"] for row in modified(client).json["modifiedBalancings"]
    ]
    assert amounts == [321.0, 279.0]


@pytest.mark.parametrize(
    ("debit", "credit", "amount"),
    [
        (key(1), key(1, "F1", 1), 0.0),
        (key(1), key(1, "F1", 1), -5.0),
        (key(1), key(1, "F1", 1), 1210.01),
        (key(1), key(9, "F1", 1), 1.0),
        (key(1), key(1, "F1", 2), 1.0),
        (key(1), key(1), 1.0),
        (key(1, sequence=1), key(1), 1.0),
        (key(1), key(1, "A1"), 1.0),
    ],
)
def test_matches_that_are_refused(client, invoice, debit, credit, amount):
    other = client.relation(5)
    client.financial("F1", 1, [customer(invoice, 1300.0), customer(other, 50.0)])
    reply = match(client, debit, credit, amount)
    assert (reply.status, reply.code) == (400, -26)


def test_set_off_with_credit_note(server, client, invoice):
    client.book(
        booking(invoice, journal="V2", amount=-302.5, lines=[line(700000, 250.0, "21", 52.5)])
    )
    assert match(client, key(1), key(1, "V2"), 302.5).status == 201
    assert opened(server)[("V1", 1)] == "907.50"


def test_three_ways_to_remove(server, client, invoice):
    client.financial("F1", 1, [customer(invoice, 500.0), customer(invoice, 600.0)])
    pairs = [(key(1), key(1, "F1", 1), 500.0), (key(1), key(1, "F1", 2), 600.0)]
    for debit, credit, amount in pairs:
        match(client, debit, credit, amount)
    server.octopus.clock.advance(60)
    since = server.octopus.clock.stamp()
    reply = client(
        "DELETE", "/balancings/delete", {"debetKey": pairs[0][0], "creditKey": pairs[0][1]}
    )
    assert (reply.status, reply.content) == (204, b"")
    assert opened(server)[("V1", 1)] == "610.00"
    removed = modified(client, since).json
    assert removed["modifiedBalancings"] == []
    assert removed["deletedBalancings"][0]["creditDocument"]["balancingKey"] == pairs[0][1]
    assert removed["deletedBalancings"][0]["creditBalancedBookingAmount"] == 500.0
    assert (
        client(
            "DELETE", "/balancings/delete", {"debetKey": pairs[0][0], "creditKey": pairs[0][1]}
        ).code
        == -26
    )
    assert client("DELETE", "/balancings/bookingline/delete", pairs[1][1]).status == 204
    assert opened(server)[("V1", 1)] == "1210.00"
    match(client, *pairs[0])
    assert len(modified(client).json["deletedBalancings"]) == 1
    assert (
        client(
            "DELETE",
            "/balancings/document/delete",
            {"bookyearKey": {"id": YEAR}, "journal": "V1", "documentSequenceNr": 1},
        ).status
        == 204
    )
    assert len(modified(client).json["deletedBalancings"]) == 2
    assert (
        client(
            "DELETE",
            "/balancings/document/delete",
            {"bookyearKey": {"id": YEAR}, "journal": "V1", "documentSequenceNr": 8},
        ).code
        == -34
    )


def test_deleting_a_payment_removes_its_match(server, client, invoice):
    client.financial("F1", 1, [customer(invoice, 1210.0)])
    match(client, key(1), key(1, "F1", 1), 1210.0)
    server.act(DOSSIER, "delete-booking", **named(1, "F1"))
    assert opened(server)[("V1", 1)] == "1210.00"
    assert modified(client).json["deletedBalancings"][0]["creditBalancedBookingAmount"] == 1210.0


def test_match_of_ledger_account_lines(client, relation):
    for number, sign in ((1, 1), (2, -1)):
        client.financial(
            "D1",
            number,
            [
                {"type": "A", "accountKey": 460000, "amount": 50.0 * sign},
                {"type": "A", "accountKey": 499000, "amount": -50.0 * sign},
            ],
        )
    assert len(report(client, "accounts/open", accountNr=460000).json) == 2
    assert match(client, key(1, "D1", 1), key(2, "D1", 1), 50.0).status == 201
    assert modified(client).json["modifiedBalancings"][0]["type"] == {
        "type": "A",
        "accountNr": 460000,
        "externalRelationId": 0,
    }
    assert report(client, "accounts/open", accountNr=460000).status == 404


def test_foreign_invoice_matched_in_books_currency(client, relation):
    client.book(
        booking(relation, lines=[line(700700, 100.0, "EX")], currencyCode="USD", exchangeRate=0.9)
    )
    client.financial("F1", 1, [customer(relation, 45.0)])
    match(client, key(1), key(1, "F1", 1), 45.0)
    row = next(row for row in report(client, "clients/open").json if row["journalKey"] == "V1")
    assert (row["openBookingAmount"], row["openDocAmount"]) == (45.0, 50.0)
    assert (row["debetBookingAmount"], row["debetDocumentAmount"]) == (90.0, 100.0)


# Reports --------------------------------------------------------------------------------------


def test_open_clients_and_suppliers(server, client, invoice):
    row = report(client, "clients/open").json[0]
    assert row["openBookingAmount"] == 1210.0 and row["lineSequenceNr"] == -1
    assert row["expirationDate"] == "2026-04-11" and row["bookyearPeriodNr"] == 202603
    assert row["relationKey"] == {"id": invoice} and row["externalRelationId"] == 4711
    bill = report(client, "suppliers/open").json[0]
    assert (bill["openBookingAmount"], bill["creditBookingAmount"]) == (121.0, 121.0)
    server.octopus.switches.set({"supplier_open_sign": "negative"})
    assert report(client, "suppliers/open").json[0]["openBookingAmount"] == -121.0


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"relationId": 1}, 200),
        ({"relationId": 2}, 404),
        ({"externalRelationId": 4711}, 200),
        ({"externalRelationId": 1}, 404),
        ({"relationId": None}, 404),
        ({"toBookyearPeriodNr": 202602}, 404),
        ({"toBookyearPeriodNr": None}, 404),
        ({"fromBookyearKey": {"id": 9}, "fromBookyearPeriodNr": 202603}, 200),
        ({"fromBookyearKey": None}, 500),
        ({"fromBookyearPeriodNr": "x"}, 500),
        ({"toBookyearKey": {"id": 77}}, 400),
    ],
)
def test_range_and_relation_of_a_report(client, invoice, changes, status):
    assert report(client, "clients/open", **changes).status == status


def test_history(client, invoice):
    client.financial("F1", 1, [customer(invoice, 1210.0)])
    match(client, key(1), key(1, "F1", 1), 1210.0)
    assert report(client, "clients/open").status == 404
    rows = report(client, "clients/history").json
    assert [
        (row["journalKey"], row["debetBookingAmount"], row["creditBookingAmount"]) for row in rows
    ] == [("V1", 1210.0, 0.0), ("F1", 0.0, 1210.0)]
    assert len(report(client, "suppliers/history").json) == 1
    assert (
        report(client, "accounts/history", accountNr=700000).json[0]["creditBookingAmount"]
        == 1000.0
    )
    assert report(client, "accounts/history", accountNr=1).code == -21


def test_cost_centre_history(client, relation):
    client.book(
        booking(
            relation,
            lines=[line(700000, 10.0, "21", 2.1, costCentreKey={"id": 1}, comment="Stoel")],
        )
    )
    rows = report(
        client,
        "costcentres/history",
        fromAccountNr=600000,
        toAccountNr=799999,
        showActiveCostCentres=True,
    ).json
    assert rows[0]["costCentreKey"] == {"id": 1} and rows[0]["creditBookingAmount"] == 10.0
    assert rows[0]["relationName"] == "Relatie 4711"
    assert (
        report(client, "costcentres/history", fromAccountNr=600000, toAccountNr=799999).status
        == 404
    )


def test_unmatched_invoices_and_reminders(client, invoice):
    rows = client("GET", "/bank/invoices").json
    assert [(row["journalKey"], row["amount"], row["credit"]) for row in rows] == [
        ("A1", 121.0, False)
    ]
    reminders = client("GET", "/rappels", expirationDate="2026-05-01").json
    assert reminders[0]["invoiceList"][0]["openAmount"] == 1210.0
    assert client("GET", "/rappels", expirationDate="2026-04-01").status == 404
    assert client("GET", "/rappels/export", relationId=1, rappelId=1).code == -73
