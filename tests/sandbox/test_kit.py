"""What the kit brings to a sandbox that says no more than it must."""

from __future__ import annotations

import pytest
import requests
from smallest_sandbox import COMPANY, YEAR, SandboxServer

TIMEOUT = 20
FIRST = {"book_year": YEAR, "journal": "SAL", "number": 1}


@pytest.fixture
def server():
    with SandboxServer() as running:
        yield running


def control(server, path, **body):
    return requests.post(f"{server.control_url}/{path}", json=body, timeout=TIMEOUT)


def act(server, action, **body):
    answer = control(server, f"companies/{COMPANY}/{action}", **body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def book(server, base="100.00"):
    body = {"base": base, "date": "2026-03-12"}
    return requests.post(f"{server.root}/api/invoices", json=body, timeout=TIMEOUT)


def page(server, path):
    return requests.get(server.root + path, timeout=TIMEOUT)


def test_an_invoice_is_booked_paid_and_deleted(server):
    assert book(server).json()["number"] == 1
    assert server.trial_balance(COMPANY) == {
        "400000": "121.00",
        "451000": "-21.00",
        "700000": "-100.00",
    }
    paid = act(server, "pay", invoices=[{**FIRST, "amount": 21}], date="2026-03-20")
    assert paid == {"book_year": YEAR, "journal": "BNK", "number": 1, "sequence": 1}
    assert server.trial_balance(COMPANY)["400000"] == "100.00"
    assert act(server, "unmatch", document=FIRST) == {"removed": 1}
    act(server, "doubtful", invoice=FIRST, amount=50, date="2026-03-21")
    assert server.trial_balance(COMPANY)["407000"] == "50.00"
    act(server, "delete-booking", **FIRST)
    assert requests.get(f"{server.root}/api/invoices", timeout=TIMEOUT).json() == []


def test_a_booking_gets_another_number(server):
    book(server)
    act(server, "renumber", **FIRST, new_number=5)
    assert book(server).json()["number"] == 6
    assert control(server, f"companies/{COMPANY}/delete-booking", **FIRST).json() == {
        "error": "The booking does not exist"
    }


def test_what_the_books_are_set_up_with_changes(server):
    act(server, "account", account=700000, name="Omzet")
    act(server, "journal", journal="SAL", closed=True, name="Verkopen")
    act(server, "vat-code", code="21", rate=20, rename="20")
    act(server, "period", book_year=YEAR, close=3)
    act(server, "book-year", book_year=YEAR)
    act(server, "party", party=7, name="Ander")
    books = server.service.administration(COMPANY)
    assert books.account(YEAR, 700000)["names"]["nl"] == "Omzet"
    assert books.journal(YEAR, "SAL")["closed"] == 1
    assert [(code.code, code.rate) for code in books.vat_codes()] == [("20", 20)]
    assert books.period(YEAR, 3)["closed"] and books.book_year(YEAR)["closed"]
    assert books.party(7)["data"] == {"name": "Ander"}
    act(server, "party", party=7, remove=True)
    act(server, "journal", journal="GEN", remove=True)
    act(server, "account", account=550001, remove=True)
    told = [books.deletions(kind, "")[0]["data"] for kind in ("party", "journal", "account")]
    assert told == [{"id": 7}, {"code": "GEN"}, {"number": 550001}]
    act(server, "empty-chart")
    assert books.accounts(YEAR) == []


def test_faults_switches_and_a_reset(server):
    control(server, "faults", pattern="POST invoices", kind="after")
    assert control(server, "faults", pattern="x", kind="unknown").status_code == 400
    with pytest.raises(requests.ConnectionError):
        book(server)
    assert len(requests.get(f"{server.root}/api/invoices", timeout=TIMEOUT).json()) == 1
    control(server, "switches", negative_total="refuse")
    assert book(server, "-1").status_code == 422
    control(server, "reset")
    assert book(server, "-1").json()["number"] == 1


def test_pages_escape_what_they_show(server):
    book(server)
    assert "Bakkerij &amp; Zoon" in page(server, "/").text
    for tab in ("", "/ledger?account=400000", "/trial-balance", "/vat", "/open-items"):
        answer = page(server, f"/companies/{COMPANY}{tab}")
        assert answer.status_code == 200 and "All companies" in answer.text
        assert "<Klant" not in answer.text
    assert "&lt;Klant &amp; Co&gt;" in answer.text and "121,00" in answer.text
    assert page(server, "/companies/2").status_code == 404
    assert page(server, f"/companies/{COMPANY}/files/1").status_code == 404


def test_a_state_file_goes_on(tmp_path):
    state = str(tmp_path / "state.sqlite")
    with SandboxServer(state) as server:
        book(server)
    with SandboxServer(state) as server:
        assert book(server).json()["number"] == 2
