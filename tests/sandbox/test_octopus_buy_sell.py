"""Sales and purchase bookings: order of checks, signs, VAT, changes, reading back, files."""

from __future__ import annotations

import base64
import hashlib
import itertools

import pytest
from octopus_client import DOSSIER, YEAR, Client, booking, key, line, named

SINCE = "1980-01-01 00:00:00.000"
PDF = {"fileName": "INV 1 é.pdf", "fileData": base64.b64encode(b"%PDF-1.4\n").decode()}


def entry(server, index=0):
    """Account → amount of a booking, one line per role."""
    return [(row["account"], row["amount"]) for row in server.bookings(DOSSIER)[index]["entry"]]


def test_insert_answers_201_without_body(client, relation):
    reply = client.book(booking(relation), [PDF])
    assert (reply.status, reply.content) == (201, b"")
    assert "content-type" not in reply.headers and reply.headers["content-length"] == "0"


def test_entry_of_a_sale_with_two_rates(server, client, relation):
    client.book(
        booking(
            relation,
            lines=[
                line(700000, 1000.0, "21", 210.0, comment="Advies"),
                line(700100, 100.0, "06", 6.0),
            ],
        )
    )
    held = server.bookings(DOSSIER)[0]
    assert entry(server) == [
        (400000, "1316.00"),
        (700000, "-1000.00"),
        (451000, "-210.00"),
        (700100, "-100.00"),
        (451000, "-6.00"),
    ]
    assert held["boxes"] == {"01": "100.00", "03": "1000.00", "54": "216.00"}
    assert held["entry"][0]["lineSequenceNr"] == -1 and held["entry"][0]["relationId"] == relation


def test_credit_note_has_a_negative_amount_and_positive_lines(server, client, relation):
    reply = client.book(
        booking(relation, journal="V2", amount=-302.50, lines=[line(700000, 250.0, "21", 52.5)])
    )
    assert reply.status == 201
    assert entry(server) == [(400000, "-302.50"), (700000, "250.00"), (451000, "52.50")]
    assert server.bookings(DOSSIER)[0]["boxes"] == {"49": "250.00", "64": "52.50"}
    wrong = client.book(booking(relation, 2, "V2", [line(700000, -250.0, "21", -52.5)]))
    assert wrong.code == -24


def test_line_that_reduces_a_credit_note(server, client, relation):
    lines = [line(700000, 300.0, "21", 63.0), line(743000, -30.0, "21", -6.3)]
    assert client.book(booking(relation, journal="V2", amount=-326.7, lines=lines)).status == 201
    assert server.bookings(DOSSIER)[0]["boxes"] == {"49": "270.00", "64": "56.70"}


def test_callers_vat_is_taken_as_given(server, client, relation):
    client.book(booking(relation, journal="A1", lines=[line(604000, 30.09, "H21", 6.33)]))
    assert server.bookings(DOSSIER)[0]["boxes"] == {"59": "6.33", "81": "30.09"}


def test_reverse_charge_posts_both_legs(server, client, relation):
    client.book(booking(relation, journal="A1", lines=[line(611000, 3600.0, "DMC21")]))
    assert sorted(entry(server)) == [
        (411000, "756.00"),
        (440000, "-3600.00"),
        (451056, "-756.00"),
        (611000, "3600.00"),
    ]
    assert server.bookings(DOSSIER)[0]["boxes"] == {
        "56": "756.00",
        "59": "756.00",
        "82": "3600.00",
        "87": "3600.00",
    }


def test_vat_on_a_reverse_charge_line(server, client, relation):
    body = booking(relation, journal="A1", lines=[line(611000, 100.0, "DMC21", 21.0)])
    assert client.book(body).code == -24
    server.octopus.switches.set({"reverse_charge_vat": "ignore"})
    assert client.book({**body, "amount": 100.0}).status == 201


@pytest.mark.parametrize(
    ("share", "deductible", "cost"),
    [
        (50, "35.01", "35.00"),
        (35, "24.50", "45.51"),
        (85, "59.51", "10.50"),
        (0, None, "70.01"),
        (100, "70.01", None),
    ],
)
def test_deductible_share(server, client, relation, share, deductible, cost):
    client.book(
        booking(relation, journal="A1", lines=[line(610220, 333.37, "D21", 70.01, float(share))])
    )
    rows = server.bookings(DOSSIER)[0]["entry"]
    assert next((row["amount"] for row in rows if row["role"] == "deductible"), None) == deductible
    assert next((row["amount"] for row in rows if row["role"] == "cost"), None) == cost


def test_line_without_code_is_outside_the_return(server, client, relation):
    lines = [line(700000, 19.2, "06", 1.15), line(488000, 2.4)]
    assert client.book(booking(relation, lines=lines)).status == 201
    assert server.bookings(DOSSIER)[0]["boxes"] == {"01": "19.20", "54": "1.15"}
    server.octopus.switches.set({"line_without_vat_code": "refuse"})
    assert client.book(booking(relation, 2, lines=lines)).code == -22


def test_zero_total(server, client, relation):
    lines = [line(700000, 100.0, "21", 21.0), line(700000, -100.0, "21", -21.0)]
    assert client.book(booking(relation, lines=lines)).status == 201
    assert client.book(booking(relation, 2, lines=[])).status == 201
    assert server.open_items(DOSSIER) == []


def test_foreign_currency_in_both_directions(server, client, relation):
    lines = [line(700000, 1000.0, "21", 210.0), line(700000, 49.9, "06", 2.99)]
    body = booking(relation, lines=lines, currencyCode="USD", exchangeRate=0.9216590)
    assert client.book(body).status == 201
    server.octopus.switches.set({"exchange_rate_direction": "divide"})
    assert client.book({**body, "documentSequenceNr": 2, "exchangeRate": 1.0850}).status == 201
    for held in server.bookings(DOSSIER):
        party = held["entry"][0]
        assert (party["amount"], party["documentAmount"]) == ("1163.96", "1262.89")
        assert held["boxes"] == {"01": "45.99", "03": "921.66", "54": "196.31"}


# Order of checks ------------------------------------------------------------------------------

MISTAKES = [
    (-9, {"bookyearKey": {"id": 77}}),
    (-10, {"journalKey": "V9"}),
    (-13, {"documentSequenceNr": 5}),
    (-14, {"bookyearPeriodeNr": 202613}),
    (-16, {"relationIdentificationServiceData": {"relationKey": {"id": 99}}}),
    (-17, {"documentDate": None}),
    (-18, {"expiryDate": None}),
    (-19, {"currencyCode": "XXX"}),
    (-20, {"exchangeRate": 0.0}),
    (-21, {"bookingLines": [line(123456, 1000.0, "21", 210.0)]}),
    (-24, {"amount": 1210.02}),
]


@pytest.mark.parametrize(("first", "second"), list(itertools.combinations(range(len(MISTAKES)), 2)))
def test_the_first_mistake_is_reported(client, relation, first, second):
    body = booking(relation)
    body.update(MISTAKES[second][1])
    body.update(MISTAKES[first][1])
    reply = client.book(body)
    assert (reply.status, reply.code) == (400, MISTAKES[first][0])


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        (-9, {"bookyearKey": None}),
        (-10, {"journalKey": None}),
        (-38, {"journalKey": "F1"}),
        (-13, {"documentSequenceNr": None}),
        (-14, {"bookyearPeriodeNr": None}),
        (-16, {"relationIdentificationServiceData": {"externalRelationId": 0}}),
        (-16, {"relationIdentificationServiceData": None}),
        (-20, {"exchangeRate": 1.1}),
        (-20, {"exchangeRate": None}),
        (-50, {"bookingLines": [line(400000, 1210.0)]}),
        (-21, {"bookingLines": [{"baseAmount": 1210.0}]}),
        (-22, {"bookingLines": [line(700000, 1000.0, "99", 210.0)]}),
        (-22, {"bookingLines": [line(700000, 1000.0, None, 210.0)]}),
        (-75, {"bookingLines": [line(700000, 1000.0, "D21", 210.0)]}),
        (-23, {"bookingLines": [line(700000, 1000.0, "21", -210.0)]}),
        (-24, {"bookingLines": [line(700000, 1000.0, "00", 210.0)]}),
        (-40, {"bookingLines": [line(700000, 1000.0, "21", 210.0, costCentreKey={"id": 0})]}),
        (-41, {"bookingLines": [line(700000, 1000.0, "21", 210.0, costCentreKey={"id": 3})]}),
        (-24, {"amount": -1210.01}),
        (-24, {"amount": 1210.006}),
    ],
)
def test_codes(client, relation, code, fields):
    reply = client.book({**booking(relation), **fields})
    assert (reply.status, reply.code) == (400, code)
    assert set(reply.json) == {"errorCode", "errorMessage", "technicalInfo"}


def test_half_a_cent_is_tolerated(client, relation):
    assert client.book(booking(relation, amount=1210.005)).status == 201


@pytest.mark.parametrize("share", [-1.0, 100.5])
def test_share_outside_its_range(client, relation, share):
    lines = [line(604000, 1000.0, "H21", 210.0, share)]
    assert client.book(booking(relation, journal="A1", lines=lines)).code == -30


def test_number_must_follow(client, relation):
    for number in (1, 2):
        assert client.book(booking(relation, number)).status == 201
    for number in (1, 2, 4, 0, -1):
        reply = client.book(booking(relation, number))
        assert reply.code == -13
        assert f"Last Document = 2.  New Document = {number}." in reply.json["technicalInfo"]
        assert str(DOSSIER) in reply.json["technicalInfo"]
    assert client.book(booking(relation, 3)).status == 201


def test_wrong_number_and_wrong_period_report_the_number(client, relation):
    assert client.book(booking(relation, 9, bookyearPeriodeNr=1)).code == -13


def test_protected_and_closed_periods(client, relation):
    act = f"/dossiers/{DOSSIER}/period"
    client.control("POST", act, {"bookyearId": YEAR, "protected": 202603})
    assert client.book(booking(relation)).code == -15
    assert client.book(booking(relation, bookyearPeriodeNr=202604)).status == 201
    client.control("POST", act, {"bookyearId": YEAR, "protected": 0, "close": 202605})
    assert client.book(booking(relation, 2, bookyearPeriodeNr=202605)).code == -15
    client.control("POST", act, {"bookyearId": YEAR, "open": 202605})
    assert client.book(booking(relation, 2, bookyearPeriodeNr=202605)).status == 201


def test_journal_closed_or_open_elsewhere_is_403(client, relation):
    act = f"/dossiers/{DOSSIER}/journal"
    client.control("POST", act, {"journalKey": "V1", "open_by": "Els"})
    reply = client.book(booking(relation))
    assert (reply.status, reply.code) == (403, -12)
    client.control("POST", act, {"journalKey": "V1", "open_by": "", "closed": True})
    reply = client.book(booking(relation))
    assert (reply.status, reply.code) == (403, -11)
    client.control("POST", act, {"journalKey": "V1", "closed": False})
    assert client.book(booking(relation)).status == 201


def test_document_date_may_lie_outside_the_period(client, relation):
    assert client.book(booking(relation, documentDate="2025-11-30")).status == 201


@pytest.mark.parametrize(
    "fields",
    [{"documentDate": "12/03/2026"}, {"documentDate": "2026-02-30"}, {"expiryDate": "20260401"}],
)
def test_dates_that_cannot_be_read_are_500(client, relation, fields):
    assert client.book({**booking(relation), **fields}).status == 500


@pytest.mark.parametrize(
    "fields",
    [
        {"amount": "12,10"},
        {"amount": ""},
        {"amount": "NaN"},
        {"amount": True},
        {"amount": None},
        {"documentSequenceNr": 1.5},
        {"documentSequenceNr": "1.5"},
        {"documentSequenceNr": "9" * 30},
        {"bookyearPeriodeNr": "maart"},
        {"bookyearPeriodeNr": "２０２６０３"},
        {"bookingLines": {}},
        {"bookingLines": "[]"},
        {"comment": 5},
    ],
)
def test_types_are_checked(client, relation, fields):
    reply = client.book({**booking(relation), **fields})
    assert reply.status == 400 and list(reply.json) == ["technicalInfo"]


def test_numbers_may_be_written_as_text(server, client, relation):
    texts = {
        **booking(relation),
        "bookyearKey": {"id": str(YEAR)},
        "documentSequenceNr": "1",
        "relationIdentificationServiceData": {"relationKey": {"id": str(relation)}},
        "bookyearPeriodeNr": "202603",
        "amount": "1210.00",
        "exchangeRate": "1",
        "paymentMethod": "1",
        "bookingLines": [
            {
                "accountKey": "700000",
                "baseAmount": "1e3",
                "vatCodeKey": "21",
                "vatAmount": " 210 ",
                "costCentreKey": {"id": "2"},
            }
        ],
    }
    assert client.book(texts).status == 201
    assert (
        client.book(
            {
                **booking(relation, 2),
                "paymentMethod": 1,
                "bookingLines": [line(700000, 1000.0, "21", 210.0, costCentreKey={"id": 2})],
            }
        ).status
        == 201
    )
    read = [
        client(
            "GET", "/buysellbookings", bookyearId="9", journalKey="V1", documentSeqNr=str(number)
        ).json
        for number in (1, 2)
    ]
    assert {**read[0], "documentSequenceNr": 2, "comment": read[1]["comment"]} == read[1]
    assert client("PUT", "/buysellbookings", texts).status == 204


def test_a_number_is_looked_at_before_its_period(client, relation):
    reply = client.book(booking(relation, 4, bookyearPeriodeNr=202613))
    assert reply.json == {
        "errorCode": -13,
        "errorMessage": reply.json["errorMessage"],
        "technicalInfo": f"Unable to insert booking in dossier {DOSSIER}.  Illegal document seq Nr."
        "  Last Document = 0.  New Document = 4. ",
    }
    reply = client.book(booking(relation, bookyearPeriodeNr=202613))
    assert (reply.code, reply.json["technicalInfo"]) == (
        -14,
        f"Unable to insert booking in dossier {DOSSIER}.  Bookyear period unknown",
    )


def test_wordings_on_record(server, relation):
    dutch = Client(server, locale=1)
    assert dutch.book(booking(relation, 7)).json["errorMessage"] == (
        "Het document nummer is ongeldig. Het document nummer dient tevens oplopend te zijn en "
        "dient opeenvolgend te zijn met het laatste document nummer van het dagboek."
    )
    assert dutch.book(booking(relation, bookyearPeriodeNr=202613)).json["errorMessage"] == (
        "De gebruikte boekjaar periode bestaat niet in het boekjaar."
    )


def test_what_is_unset_reads_back_empty(client, relation):
    sent = booking(relation)
    del sent["comment"], sent["reference"]
    client.book(sent)
    read = client("GET", "/buysellbookings", bookyearId=YEAR, journalKey="V1", documentSeqNr=1).json
    assert (read["comment"], read["reference"], read["paymentMethod"]) == ("", "", 0)
    assert not {"orderReference", "vatRecupPercentage"} & {*read, *read["bookingLines"][0]}


def test_wrapper_is_needed(client, relation):
    assert client("POST", "/buysellbookings", booking(relation)).status == 400


def test_nothing_is_stored_by_a_refused_call(server, client, relation):
    bad = {"fileName": "x.pdf", "fileData": "***"}
    assert client.book(booking(relation), [PDF, bad]).status == 400
    assert server.bookings(DOSSIER) == [] and server.attachments(DOSSIER) == []
    assert client.book(booking(relation)).status == 201


def test_relation_by_external_number_and_role_switch(server, client):
    client.relation(77, supplier=False)
    other = {"relationIdentificationServiceData": {"externalRelationId": 77}}
    assert client.book({**booking(0), **other}).status == 201
    server.octopus.switches.set({"relation_role": "matching"})
    body = booking(0, journal="A1", lines=[line(604000, 100.0, "H21", 21.0)])
    assert client.book({**body, **other}).code == -16


# Reading back and changing --------------------------------------------------------------------


def read(client, number=1, journal="V1"):
    return client(
        "GET", "/buysellbookings", bookyearId=YEAR, journalKey=journal, documentSeqNr=number
    )


def test_read_back_is_what_was_sent(client, relation):
    sent = booking(
        relation,
        journal="A1",
        orderReference="PO 7",
        paymentMethod=1,
        lines=[line(604000, 1000.0, "H21", 210.0, costCentreKey={"id": 1}, comment="Stoelen")],
    )
    client.book(sent)
    found = read(client, journal="A1").json
    assert found["relationIdentificationServiceData"] == {
        "externalRelationId": 4711,
        "relationKey": {"id": relation},
    }
    assert found["bookingLines"][0]["vatRecupPercentage"] == 100.0
    del found["bookingLines"][0]["vatRecupPercentage"]
    assert {
        **found,
        "relationIdentificationServiceData": sent["relationIdentificationServiceData"],
    } == sent


def test_reading_needs_the_right_names(client, relation):
    client.book(booking(relation))
    reply = client(
        "GET", "/buysellbookings", bookyearKeyId=YEAR, journalKey="V1", documentSequenceNr=1
    )
    assert reply.status == 400
    assert reply.json == {"technicalInfo": "Invalid or missing parameters passed"}
    assert (read(client, 2).status, read(client, 2).code) == (404, -34)


def test_modified_bookings(server, client, relation):
    def modified(since=SINCE, **query):
        return client(
            "GET",
            "/buysellbookings/modified",
            modifiedTimeStamp=since,
            **{"bookyearId": -1, **query},
        )

    assert modified().status == 404
    client.book(booking(relation))
    server.octopus.clock.advance(60)
    since = server.octopus.clock.stamp()
    client.book(booking(relation, journal="A1", lines=[line(604000, 100.0, "H21", 21.0)]))
    assert [row["journalKey"] for row in modified().json] == ["A1", "V1"]
    assert [row["journalKey"] for row in modified(since).json] == ["A1"]
    assert [row["journalKey"] for row in modified(journalKey="V1").json] == ["V1"]
    assert modified(bookyearId=8).status == 404
    assert modified("yesterday").status == 400
    server.act(DOSSIER, "delete-booking", **named(1, "A1"))
    assert modified(since).status == 404


def test_ledger_lines_and_deleted_keys(server, client, relation):
    client.book(booking(relation))

    def modified(year=-1, kind=-1):
        return client(
            "GET",
            f"/bookyears/{year}/bookings/modified",
            journalTypeId=kind,
            modifiedTimeStamp=SINCE,
        )

    rows = modified().json["modifiedBookings"]
    assert [(row["lineSequenceNr"], row["accountKey"], row["bookingAmount"]) for row in rows] == [
        (-1, 400000, 1210.0),
        (1, 700000, -1000.0),
        (2, 451000, -210.0),
    ]
    assert (rows[0]["journalType"], rows[0]["journalNr"]) == (2, 1)
    assert rows[1]["vatSectionCode"] == "21" and rows[0]["relationKey"] == {"id": relation}
    assert modified(kind=1).status == 404 and modified(year=8).status == 404
    server.act(DOSSIER, "delete-booking", **named(1))
    assert modified(kind=2).json == {
        "modifiedBookings": [],
        "deletedBookings": [
            {
                "bookyearKey": {"id": YEAR},
                "journalType": 2,
                "journalSequenceNr": 1,
                "documentSequenceNr": 1,
            }
        ],
    }
    assert client.book(booking(relation)).status == 201
    found = modified(kind=2).json  # the number is in use again
    assert (len(found["modifiedBookings"]), found["deletedBookings"]) == (3, [])
    client.book(booking(relation, 2))
    server.act(DOSSIER, "delete-booking", **named(1), release_number=False)
    server.act(DOSSIER, "renumber", **named(2), number=1)
    assert [row["documentSequenceNr"] for row in modified().json["deletedBookings"]] == [2]


def test_update(server, client, relation):
    client.book(booking(relation), [PDF])
    changed = booking(relation, lines=[line(700100, 500.0, "06", 30.0)], comment="changed")
    reply = client("PUT", "/buysellbookings", changed)
    assert (reply.status, reply.content) == (204, b"")
    held = server.bookings(DOSSIER)
    assert len(held) == 1 and held[0]["comment"] == "changed"
    assert held[0]["boxes"] == {"01": "500.00", "54": "30.00"}
    assert len(held[0]["attachments"]) == 1
    assert client("PUT", "/buysellbookings", booking(relation, 2)).code == -34
    assert client("PUT", "/buysellbookings", {**changed, "amount": 1.0}).code == -24


def test_update_respects_protected_periods(client, relation):
    client.book(booking(relation))
    client.control("POST", f"/dossiers/{DOSSIER}/period", {"bookyearId": YEAR, "protected": 202603})
    reply = client("PUT", "/buysellbookings", booking(relation, bookyearPeriodeNr=202604))
    assert reply.code == -15


def test_update_keeps_matches_or_is_refused(server, client, relation):
    client.book(booking(relation))
    client.book(
        booking(relation, journal="V2", amount=-605.0, lines=[line(700000, 500.0, "21", 105.0)])
    )
    assert (
        client(
            "POST",
            "/balancings",
            {"debetKey": key(1), "creditKey": key(1, "V2"), "balanceAmount": 605.0},
        ).status
        == 201
    )
    assert client("PUT", "/buysellbookings", booking(relation, comment="new")).status == 204
    assert server.open_items(DOSSIER)[0]["open"] == "605.00"
    small = booking(relation, lines=[line(700000, 100.0, "21", 21.0)])
    assert client("PUT", "/buysellbookings", small).code == -35
    other = client.relation(5)
    assert client("PUT", "/buysellbookings", booking(other)).code == -35
    assert server.open_items(DOSSIER)[0]["open"] == "605.00"


# Files ----------------------------------------------------------------------------------------


def test_files_with_and_after_the_booking(server, client, relation):
    client.book(booking(relation), [PDF, {"fileName": "x.xml", "fileData": ""}])
    after = client(
        "POST",
        f"/bookyears/{YEAR}/bookings/attachements",
        PDF,
        {"journalKey": "V1", "documentSequennceNr": "1"},
    )
    assert (after.status, after.content) == (204, b"")
    files = server.attachments(DOSSIER)
    assert [row["name"] for row in files] == [PDF["fileName"], "x.xml", PDF["fileName"]]
    assert files[0]["sha256"] == hashlib.sha256(b"%PDF-1.4\n").hexdigest()
    assert [row["size"] for row in files] == [9, 0, 9]
    content = client.control("GET", f"/dossiers/{DOSSIER}/attachments/{files[0]['id']}")
    assert content.content == b"%PDF-1.4\n"


@pytest.mark.parametrize(
    ("headers", "body", "code"),
    [
        ({"journalKey": "V1", "documentSequenceNr": "1"}, PDF, -79),
        ({"journalKey": "V1", "documentSequennceNr": "2"}, PDF, -34),
        ({"documentSequennceNr": "1"}, PDF, -79),
    ],
)
def test_files_that_are_refused(client, relation, headers, body, code):
    client.book(booking(relation))
    reply = client("POST", f"/bookyears/{YEAR}/bookings/attachements", body, headers)
    assert (reply.status, reply.code) == (400, code)


def test_file_too_large_or_without_name(server, client, relation):
    server.octopus.switches.set({"attachment_limit": 5})
    assert client.book(booking(relation), [PDF]).status == 400
    assert client.book(booking(relation), [{"fileData": "QQ=="}]).status == 400


def test_files_are_read_back_by_the_file_sync_service(server, client, relation):
    client.book(booking(relation), [PDF, {"fileName": "x.xml", "fileData": "QQ=="}])
    base = f"/octopus-filesync-api/v1/dossiers/{DOSSIER}/bookingfiles"
    token = {"dossierToken": client.dossier_token}
    listed = client.call("GET", "", headers=token, base=base, modifiedTimeStamp=SINCE[:19])
    assert [row["fileName"] for row in listed.json] == [PDF["fileName"], "x.xml"]
    assert listed.json[0]["documentKey"] == {
        "bookyearKey": {"id": YEAR},
        "journalType": 2,
        "journalSequenceNr": 1,
        "documentSequenceNr": 1,
    }
    found = client.call("POST", "", listed.json[1], token, base)
    assert (found.status, found.content) == (200, b"A")
    assert (
        client.call(
            "GET", "", headers=token, base=base, modifiedTimeStamp=SINCE[:19], journal="A1"
        ).status
        == 404
    )
    assert (
        client.call(
            "GET", "", headers=token, base=base, modifiedTimeStamp=SINCE[:19], bookyearId="x"
        ).status
        == 400
    )
    assert client.call("GET", "", base=base, modifiedTimeStamp=SINCE[:19]).status == 401
    assert client.call("GET", "", headers=token, base=base).status == 400
    assert client.call("POST", "", {"x": 1}, token, base).status == 404
