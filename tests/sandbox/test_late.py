"""The fault ``late``: the connection drops at once, the work is done when the clock has passed."""

from __future__ import annotations

import datetime as dt
import http.client

import pytest
import requests
from exact_client import DIVISION, Integrator
from octopus_client import DOSSIER, Client, booking

from sandbox.exact import serve as serve_exact
from sandbox.octopus import serve

SALES, ACCOUNTS = "salesentry/SalesEntries", "crm/Accounts"
BROKEN = (http.client.HTTPException, OSError)


def late(app, pattern, seconds=40, **more):
    app.ordered("/faults", pattern=pattern, kind="late", seconds=seconds, **more)


def dropped(app, method, path, json=None):
    with pytest.raises(requests.ConnectionError):
        app.call(method, path, json=json)


def passed(app, seconds):
    return app.ordered("/clock", advance=seconds)


# Exact Online -----------------------------------------------------------------------------------


@pytest.fixture
def signed_in(exact):
    return Integrator(exact)


def accounts(app):
    return [row["Name"] for row in app.get(ACCOUNTS, **{"$select": "Name"})]


@pytest.mark.parametrize("seconds", [1, 40, 900])
def test_work_is_done_when_the_clock_has_passed(signed_in, seconds):
    late(signed_in, f"POST {ACCOUNTS}", seconds)
    dropped(signed_in, "POST", ACCOUNTS, {"Name": "Klant"})
    passed(signed_in, seconds - 0.9)
    [waits] = signed_in.control("GET", "/state").json()["late"]
    assert waits["call"] == f"POST {ACCOUNTS}"
    # as long as a token lives; whoever called was let in before
    passed(signed_in, 0.9)
    assert signed_in.control("GET", "/state").json()["late"] == []
    assert signed_in.refresh().status_code == 200 or seconds < 570
    assert accounts(signed_in).count("Klant") == 1


def test_every_write_can_be_late(exact, signed_in):
    customer = signed_in.customer()
    entry = signed_in.sale(customer, signed_in.line("700000", 100, "21"))["EntryID"]
    other = signed_in.sale(customer, signed_in.line("700000", 50, "21"))["EntryID"]
    late(signed_in, "*", count=5)
    dropped(signed_in, "PUT", f"{SALES}(guid'{entry}')", {"YourRef": "changed"})
    dropped(signed_in, "DELETE", f"{SALES}(guid'{other}')")
    dropped(
        signed_in,
        "POST",
        "crm/BankAccounts",
        {"Account": customer, "BankAccount": "BE68539007547034"},
    )
    dropped(
        signed_in, "POST", "documents/Documents", {"Subject": "F1", "Type": 10, "Account": customer}
    )
    dropped(
        signed_in,
        "POST",
        SALES,
        {
            "Customer": customer,
            "Journal": "70",
            "EntryDate": "2026-03-05",
            "YourRef": "late",
            "SalesEntryLines": [signed_in.line("700000", 7, "21")],
        },
    )

    def held():
        return {row["YourRef"] for row in signed_in.get(SALES, **{"$select": "YourRef"})}

    before = held()
    assert "changed" not in before and "late" not in before
    passed(signed_in, 41)
    assert {"changed", "late"} <= held()
    assert len(exact.entries(DIVISION)) == 2
    assert [
        row["Subject"] for row in signed_in.get("documents/Documents", **{"$select": "Subject"})
    ] == ["F1"]
    assert len(signed_in.get("crm/BankAccounts", **{"$select": "ID"})) == 1


def test_what_is_refused_when_it_is_late_writes_nothing(exact, signed_in):
    customer = signed_in.customer()
    body = {
        "Customer": customer,
        "Journal": "70",
        "EntryDate": "2026-03-05",
        "EntryNumber": 42,
        "SalesEntryLines": [signed_in.line("700000", 100, "21")],
    }
    late(signed_in, f"POST {SALES}")
    dropped(signed_in, "POST", SALES, body)
    assert signed_in.post(SALES, body)["EntryNumber"] == 42
    passed(signed_in, 60)
    [entry] = exact.entries(DIVISION)
    assert signed_in.get(f"{SALES}(guid'{entry['entry']}')")["EntryNumber"] == 42


def test_a_caller_who_is_refused_gets_nothing_done(exact, signed_in):
    late(signed_in, f"POST {ACCOUNTS}")
    exact.exact.oauth.expire()
    dropped(signed_in, "POST", ACCOUNTS, {"Name": "Klant"})
    assert signed_in.control("GET", "/state").json()["late"] == []


def test_in_process_the_books_are_up_to_date(exact, signed_in):
    customer = signed_in.customer()
    late(signed_in, f"POST {SALES}")
    dropped(
        signed_in,
        "POST",
        SALES,
        {
            "Customer": customer,
            "Journal": "70",
            "EntryDate": "2026-03-05",
            "SalesEntryLines": [signed_in.line("700000", 100, "21")],
        },
    )
    assert exact.entries(DIVISION) == []
    exact.exact.clock.advance(41)
    [entry] = exact.entries(DIVISION)
    assert exact.act(DIVISION, "pay", entries=[{"entry": entry["entry"]}])["entry"]


def test_it_bears_the_moment_at_which_it_was_done(exact, signed_in):
    late(signed_in, f"POST {ACCOUNTS}", 100)
    dropped(signed_in, "POST", ACCOUNTS, {"Name": "Klant"})
    passed(signed_in, 400)
    signed_in.control("GET", "/state")
    [row] = [row for row in exact.accounts(DIVISION) if row["Name"] == "Klant"]
    after = (exact.exact.clock.local() - dt.datetime.fromisoformat(row["Created"])).total_seconds()
    assert 299 <= after < 305, row["Created"]


def test_restart_keeps_what_is_late(tmp_path):
    state = str(tmp_path / "state.sqlite")
    with serve_exact(state=state, switches={"rate_limits": False}) as server:
        app = Integrator(server)
        late(app, f"POST {ACCOUNTS}", 300)
        dropped(app, "POST", ACCOUNTS, {"Name": "Klant"})
    with serve_exact(state=state) as server:
        assert not [row for row in server.accounts(DIVISION) if row["Name"] == "Klant"]
        server.exact.clock.advance(301)
        assert len([row for row in server.accounts(DIVISION) if row["Name"] == "Klant"]) == 1


@pytest.mark.parametrize("seconds", [0, 0.5, 901])
def test_seconds_it_does_not_take(signed_in, seconds):
    answer = signed_in.control(
        "POST", "/faults", {"pattern": "*", "kind": "late", "seconds": seconds}
    )
    assert answer.status_code == 400 and "1 to 900" in answer.json()["error"]


# Octopus ----------------------------------------------------------------------------------------


def late_at_octopus(client, operation, seconds=40, **more):
    reply = client.control(
        "POST", "/faults", {"operation": operation, "kind": "late", "seconds": seconds, **more}
    )
    assert reply.status == 200, reply.content


def test_booking_that_is_late_at_octopus(server, client, relation):
    late_at_octopus(client, "insertBuySellBooking", 900)
    with pytest.raises(BROKEN):
        client.book(booking(relation))
    client.control("POST", "/clock", {"advance": 899})
    assert server.bookings(DOSSIER) == []
    client.control("POST", "/clock", {"advance": 2})
    assert len(server.bookings(DOSSIER)) == 1


def test_number_that_is_given_twice_is_booked_once_at_octopus(server, client, relation):
    late_at_octopus(client, "insertBuySellBooking")
    with pytest.raises(BROKEN):
        client.book(booking(relation))
    assert client.book(booking(relation)).status == 201
    client.control("POST", "/clock", {"advance": 60})
    assert len(server.bookings(DOSSIER)) == 1


def test_other_writes_are_late_at_octopus(server, client, relation):
    client.book(booking(relation))
    late_at_octopus(client, "*", count=2)
    for write in (
        lambda: client(
            "PUT",
            "/relations",
            {
                "relationIdentificationServiceData": {"externalRelationId": 99},
                "name": "Laat",
                "client": True,
                "currencyCode": "EUR",
            },
        ),
        lambda: client("PUT", "/buysellbookings", booking(relation, comment="changed")),
    ):
        with pytest.raises(BROKEN):
            write()
    client.control("POST", "/clock", {"advance": 41})
    assert [row["comment"] for row in server.bookings(DOSSIER)] == ["changed"]
    assert "Laat" in {row["name"] for row in server.books(DOSSIER)["relations"]}


def test_restart_keeps_what_is_late_at_octopus(tmp_path):
    state = str(tmp_path / "state.sqlite")
    with serve(state=state, switches={"daily_limits": False}) as server:
        client = Client(server)
        relation = client.relation()
        late_at_octopus(client, "insertBuySellBooking", 300)
        with pytest.raises(BROKEN):
            client.book(booking(relation))
    with serve(state=state) as server:
        server.octopus.clock.advance(301)
        assert len(server.bookings(DOSSIER)) == 1
