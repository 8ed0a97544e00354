"""Faults, what an accountant does, the read-outs and the pages."""

from __future__ import annotations

import base64
import http.client
import json
import re

import pytest
from octopus_client import DOSSIER, YEAR, Client, booking, line, named

SINCE = "1980-01-01 00:00:00.000"


def act(client, action, **body):
    reply = client.control("POST", f"/dossiers/{DOSSIER}/{action}", body)
    assert reply.status == 200, reply.content
    return reply.json


def fault(client, operation, kind, **more):
    reply = client.control("POST", "/faults", {"operation": operation, "kind": kind, **more})
    assert reply.status == 200, reply.content


def opened(server):
    return {
        (row["journalKey"], row["documentSequenceNr"]): row["open"]
        for row in server.open_items(DOSSIER)
    }


# Faults ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "booked"), [("after", 1), ("before", 0)])
def test_dropped_answers(server, client, relation, kind, booked):
    fault(client, "insertBuySellBooking", kind)
    with pytest.raises((http.client.HTTPException, OSError)):
        client.book(booking(relation))
    assert len(server.bookings(DOSSIER)) == booked
    assert client.book(booking(relation, booked + 1)).status == 201


@pytest.mark.parametrize(
    ("kind", "status", "start"),
    [
        ("status", 503, b'{"technicalInfo"'),
        ("html", 503, b"<!DOCTYPE html>"),
        ("garbage", 200, b'{"token'),
        ("empty", 200, b""),
        ("huge", 200, b'["xxx'),
    ],
)
def test_false_answers(server, client, relation, kind, status, start):
    fault(client, "insert*Booking", kind)
    reply = client.book(booking(relation))
    assert reply.status == status and reply.content.startswith(start)
    if kind == "huge":
        assert len(reply.content) > 10 * 1024 * 1024
    assert server.bookings(DOSSIER) == []


def test_false_answer_after_the_work(server, client, relation):
    fault(client, "insertBuySellBooking", "status", status=500, work=True)
    assert client.book(booking(relation)).status == 500
    assert len(server.bookings(DOSSIER)) == 1


def test_count_and_skip(client):
    fault(client, "getBookyears", "status", status=429, count=2, skip=1)
    assert [client("GET", "/bookyears").status for _ in range(4)] == [200, 429, 429, 200]
    assert client.control("GET", "/faults").json == []


def test_delay_and_clear(client, monkeypatch):
    waits = []
    monkeypatch.setattr("sandbox.kit.faults.time.sleep", waits.append)
    fault(client, "getBookyears", "delay", seconds=30)
    assert client("GET", "/bookyears").status == 200
    assert waits == [30.0]
    fault(client, "*", "status")
    assert client.control("DELETE", "/faults").json == []
    assert client("GET", "/bookyears").status == 200


def test_dropped_call_is_not_counted(server, client):
    fault(client, "getBookyears", "before")
    with pytest.raises((http.client.HTTPException, OSError)):
        client("GET", "/bookyears")
    assert "getBookyears" not in server.calls()


def test_wrong_orders_are_refused(client):
    for body in (
        {"operation": "x", "kind": "explode"},
        {"kind": "after"},
        {"nonsense": 1},
        {"operation": "x", "kind": "delay", "seconds": -1},
    ):
        assert client.control("POST", "/faults", body).status == 400
    for body in ([], 5, "now"):
        assert client.control("POST", "/clock", body).status == 400
    assert client.control("POST", f"/dossiers/{DOSSIER}/pay", {"invoices": []}).status == 400
    assert client.control("POST", "/switches", {"no_such_switch": 1}).status == 400
    assert client.control("POST", f"/dossiers/{DOSSIER}/explode", {}).status == 400
    assert client.control("POST", "/dossiers/1/pay", {}).status == 400
    assert client.control("GET", "/nothing").status == 404


# Payments and matches -------------------------------------------------------------------------


@pytest.fixture
def invoices(client, relation):
    for number in (1, 2, 3):
        client.book(booking(relation, number))
    return relation


def test_pay_in_full(server, client, invoices):
    key = act(client, "pay", invoices=[named(1)], date="2026-04-01")
    assert key == {
        "bookyearId": YEAR,
        "journalKey": "F1",
        "documentSequenceNr": 1,
        "lineSequenceNr": 1,
    }
    assert ("V1", 1) not in opened(server)
    assert server.trial_balance(DOSSIER)["550001"] == "1210.00"
    assert (
        next(row for row in server.bookings(DOSSIER) if row["journalKey"] == "F1")["origin"]
        == "hand"
    )


def test_pay_in_part_several_and_too_much(server, client, invoices):
    act(client, "pay", invoices=[{**named(1), "amount": 500}])
    assert opened(server)[("V1", 1)] == "710.00"
    act(client, "pay", invoices=[named(1), named(2)], amount=2000)
    left = opened(server)
    assert ("V1", 1) not in left and ("V1", 2) not in left and left[("F1", 2)] == "-80.00"
    act(client, "pay", invoices=[named(3)], amount=10)
    assert opened(server)[("V1", 3)] == "1200.00"


def test_pay_a_supplier_and_without_matching(server, client, relation):
    client.book(booking(relation, journal="A1", lines=[line(604000, 100.0, "H21", 21.0)]))
    act(client, "pay", invoices=[named(1, "A1")], match=False)
    assert opened(server) == {("A1", 1): "-121.00", ("F1", 1): "121.00"}
    act(client, "set-off", invoice=named(1, "A1"), credit={**named(1, "F1"), "lineSequenceNr": 1})
    assert opened(server) == {}


def test_set_off_doubtful_transfer_and_unmatch(server, client, invoices):
    client.book(
        booking(invoices, journal="V2", amount=-605.0, lines=[line(700000, 500.0, "21", 105.0)])
    )
    act(client, "set-off", invoice=named(1), credit=named(1, "V2"))
    act(client, "doubtful", invoice=named(1))
    act(client, "transfer", invoice=named(2), account=657100, amount=0.02)
    assert opened(server) == {("V1", 2): "1209.98", ("V1", 3): "1210.00"}
    balance = server.trial_balance(DOSSIER)
    assert (balance["407000"], balance["657100"]) == ("605.00", "0.02")
    assert act(client, "unmatch", document=named(1), other=named(1, "V2")) == {"removed": 1}
    assert opened(server)[("V1", 1)] == "605.00"
    assert act(client, "unmatch", document=named(1)) == {"removed": 1}
    removed = client("GET", "/balancings/modified", modifiedTimeStamp=SINCE).json
    assert len(removed["deletedBalancings"]) == 2


def test_opening_item_is_paid_back_too(server, client, relation):
    key = act(
        client,
        "opening-item",
        relationId=relation,
        amount=363,
        reference="OUD 12",
        date="2026-01-01",
    )
    assert opened(server) == {("D1", 1): "363.00"}
    act(client, "pay", invoices=[key])
    assert opened(server) == {}
    row = client("GET", "/balancings/modified", modifiedTimeStamp=SINCE).json["modifiedBalancings"][
        0
    ]
    assert row["debetDocument"]["reference"] == "OUD 12"


def refused(client, action, **body):
    reply = client.control("POST", f"/dossiers/{DOSSIER}/{action}", body)
    assert reply.status == 400, reply.content
    return reply.json["error"]


def test_refusals_use_the_words_of_the_service(client, invoices):
    assert str(named(9)) in refused(client, "pay", invoices=[named(9)])
    assert "documentSequenceNr" in refused(
        client, "pay", invoices=[{"bookyearId": YEAR, "journalKey": "V1"}]
    )
    assert "bookyearId" in refused(client, "period")
    assert "journalKey, documentSequenceNr" in refused(client, "delete-booking", bookyearId=YEAR)


@pytest.mark.parametrize("side", ["X", "c", "A", None])
def test_opening_item_of_an_unknown_side(server, client, relation, side):
    refused(client, "opening-item", relationId=relation, amount=5, side=side)
    assert server.bookings(DOSSIER) == []


# Bookings by hand -----------------------------------------------------------------------------


def test_somebody_takes_the_number(server, client, relation):
    act(client, "book-by-hand", journalKey="V1", amount=121, vatCodeKey="21")
    assert client.book(booking(relation)).code == -13
    assert client.book(booking(relation, 2)).status == 201
    held = server.bookings(DOSSIER)[0]
    assert held["origin"] == "hand" and held["boxes"] == {"03": "100.00", "54": "21.00"}


def test_recode(server, client, relation):
    client.book(booking(relation, journal="A1", lines=[line(604000, 100.0, "H21", 21.0)]))
    act(
        client,
        "recode",
        **named(1, "A1"),
        line=1,
        accountKey=616200,
        vatCodeKey="D21",
        vatRecupPercentage=50,
    )
    held = server.bookings(DOSSIER)[0]
    assert held["boxes"] == {"59": "10.50", "82": "110.50"}
    assert held["entry"][1]["account"] == 616200
    act(client, "recode", **named(1, "A1"), comment="nagekeken")
    act(client, "due-date", **named(1, "A1"), expiryDate="2026-12-31")
    held = server.bookings(DOSSIER)[0]
    assert (held["comment"], held["expiryDate"]) == ("nagekeken", "2026-12-31")
    reply = client.control(
        "POST", f"/dossiers/{DOSSIER}/recode", {**named(1, "A1"), "line": 1, "accountKey": 1}
    )
    assert (reply.status, reply.code) == (400, -21)


def test_delete_and_renumber(server, client, relation):
    for number in (1, 2, 3):
        client.book(booking(relation, number))
    act(client, "delete-booking", **named(2))
    assert client.book(booking(relation, 4)).status == 201
    act(client, "delete-booking", **named(4))
    act(client, "delete-booking", **named(3), release_number=False)
    assert client.book(booking(relation, 4)).status == 201
    act(client, "renumber", **named(4), number=9)
    assert [row["documentSequenceNr"] for row in server.bookings(DOSSIER)] == [1, 9]
    assert client.book(booking(relation, 10)).status == 201


# Mappings that break --------------------------------------------------------------------------


def test_removed_and_renamed_master_data(client, relation):
    act(client, "account", number=700000, remove=True)
    assert client.book(booking(relation)).code == -21
    act(client, "account", number=700000, name="Verkoop", bookable=False)
    assert client.book(booking(relation)).code == -50
    act(client, "account", number=700000, bookable=True)
    act(client, "vat-code", code="21", rename="V21")
    assert client.book(booking(relation)).code == -22
    act(client, "vat-code", code="V21", rename="21", name="Nieuw", rate=21)
    act(client, "vat-code", code="21", active=False)
    assert client.book(booking(relation)).code == -22
    assert "21" not in {row["code"] for row in client("GET", "/vatcodes").json}
    act(client, "vat-code", code="21", active=True)
    act(client, "journal", journalKey="V1", name="Facturen")
    names = {row["journalKey"]: row["name"] for row in client("GET", "/bookyears/9/journals").json}
    assert names["V1"]
    assert client.book(booking(relation)).status == 201
    act(client, "journal", journalKey="V2", bookyearId=YEAR, remove=True)
    assert client.book(booking(relation, journal="V2")).code == -10
    act(client, "vat-code", code="21", remove=True)
    act(client, "relation", relationId=relation, externalRelationId=5, city="Gent")
    assert client("GET", "/relations", extRelationId=5).json[0]["city"] == "Gent"
    act(client, "empty-chart")
    assert client("GET", "/accounts", bookyearId=9).status == 404


def test_book_year_closed_by_hand(client, relation):
    act(client, "book-year", bookyearId=YEAR)
    assert client.book(booking(relation)).status == 403
    act(client, "book-year", bookyearId=YEAR, closed=False)
    assert client.book(booking(relation)).status == 201


# Read-outs ------------------------------------------------------------------------------------


def test_the_control_endpoint_lists_itself(client):
    index = client.control("GET", "/").json
    assert "pay" in index["actions"] and "books" in index["reads"]
    for what in index["reads"]:
        assert client.control("GET", f"/dossiers/{DOSSIER}/{what}").status == 200
    state = client.control("GET", "/state").json
    assert state["users"]["U99999999"]["password"] == "***"
    assert state["switches"]["daily_limits"] is False


def test_books_as_json(server, client, relation):
    client.book(booking(relation), [{"fileName": "a.pdf", "fileData": "QQ=="}])
    books = client.control("GET", f"/dossiers/{DOSSIER}/books").json
    assert books == json.loads(json.dumps(server.books(DOSSIER)))
    assert books["boxesPerPeriod"]["202603"]["return"] == {
        "03": "1000.00",
        "54": "210.00",
        "71": "210.00",
    }
    assert all(check["passed"] for check in books["boxesPerPeriod"]["202603"]["checks"])
    assert (
        client.control("GET", "/calls").json["owners"]["dossier 70123"]["insertBuySellBooking"] == 1
    )
    assert client.control("DELETE", "/calls").json["total"] == {}


def test_clock(client):
    moment = client.control("POST", "/clock", {"now": "2026-07-01T10:00:00+00:00"}).json
    assert moment["stamp"] == "2026-07-01 12:00:00.000"
    moment = client.control("POST", "/clock", {"advance": 90}).json
    assert moment["stamp"] == "2026-07-01 12:01:30.000"
    client.control("POST", "/clock", {"now": "2026-12-01T10:00:00+00:00"})
    assert client.control("GET", "/clock").json["stamp"] == "2026-12-01 11:00:00.000"
    client.control("POST", "/switches", {"time_zone": "UTC"})
    assert client.control("GET", "/clock").json["stamp"] == "2026-12-01 10:00:00.000"
    assert not client.control("POST", "/clock", {"real": True}).json["stamp"].endswith("00.000")


def test_reset(server, client, relation):
    client.book(booking(relation))
    client.control("POST", "/reset")
    assert server.bookings(DOSSIER) == []
    fresh = Client(server)
    assert fresh.book(booking(fresh.relation())).status == 201


def test_reset_comes_back_to_the_switches_of_the_start(server, client):
    client.control("POST", "/switches", {"daily_limits": True, "limit_status": 403})
    client.control("POST", "/reset")
    switches = client.control("GET", "/switches").json
    assert (switches["daily_limits"], switches["limit_status"]) == (False, 429)


def test_control_is_for_this_machine_only(server):
    from werkzeug.test import Client as Direct

    direct = Direct(server.octopus)
    assert (
        direct.get("/sandbox/control/", environ_base={"REMOTE_ADDR": "10.1.2.3"}).status_code == 404
    )
    assert (
        direct.get("/sandbox/control/", environ_base={"REMOTE_ADDR": "127.0.0.1"}).status_code
        == 200
    )


# Pages ----------------------------------------------------------------------------------------

TABS = ("bookings", "ledger", "trial-balance", "vat", "open-items", "relations")


def page(client, path):
    reply = client.call("GET", path, base="")
    return reply.status, reply.content.decode(errors="replace")


def test_pages_show_the_books_and_escape_everything(server, client):
    relation = client.relation(1, name="<script>alert(1)</script>")
    text = "<b onclick=x>"
    client.book(
        booking(
            relation,
            comment=text,
            reference=text,
            lines=[line(700000, 1234567.891, "21", 259259.26, comment=text)],
            amount=1493827.15,
        ),
        [{"fileName": '"><i>.html', "fileData": base64.b64encode(b"<h1>x</h1>").decode()}],
    )
    status, index = page(client, "/")
    assert status == 200 and f"/dossiers/{DOSSIER}" in index
    for tab in TABS:
        status, content = page(client, f"/dossiers/{DOSSIER}/{tab}")
        assert status == 200 and "<script" not in content and "<b onclick" not in content
        assert "<i>" not in content
    assert "1.493.827,15" in page(client, f"/dossiers/{DOSSIER}/bookings")[1]
    vat = page(client, f"/dossiers/{DOSSIER}/vat?year=9&period=202603")[1]
    assert "1.234.567,89" in vat and "✓ no box is negative" in vat
    assert "−1.234.567,89" in page(client, f"/dossiers/{DOSSIER}/ledger?account=700000")[1]
    link = re.search(
        r'href="(/dossiers/\d+/files/\d+)"', page(client, f"/dossiers/{DOSSIER}/bookings")[1]
    )[1]
    reply = client.call("GET", link, base="")
    assert reply.content == b"<h1>x</h1>"
    assert reply.headers["content-type"] == "application/octet-stream"
    assert reply.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "path",
    ["/x", "/dossiers/1", f"/dossiers/{DOSSIER}/x", f"/dossiers/{DOSSIER}/files/9", "/favicon.ico"],
)
def test_pages_that_do_not_exist(client, path):
    assert page(client, path)[0] == 404


def test_pages_of_empty_books(client):
    for tab in TABS:
        assert "Nothing here yet" in page(client, f"/dossiers/{DOSSIER}/{tab}")[1]


def test_many_bookings_come_in_pages(client, relation):
    for number in range(1, 203):
        client.book(booking(relation, number))
    first = page(client, f"/dossiers/{DOSSIER}/bookings")[1]
    assert 'id="V1-200"' in first and 'id="V1-201"' not in first and "page=2" in first
    second = page(client, f"/dossiers/{DOSSIER}/bookings?journal=V1&page=2")[1]
    assert 'id="V1-202"' in second and 'id="V1-200"' not in second


def test_pages_take_no_post(client):
    assert client.call("POST", "/", {}, base="").status in (404, 405)
