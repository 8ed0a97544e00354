"""Settlements, changed parties and open items as the package reads them: what is asked, how
often, and what a limit leaves for the next reading."""

import json
import re
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from odoo.addons.accountable_connect.api.errors import LimitReachedError, TemporaryError

from .books import ENTRY, PARTY
from .prepared_package import OTHER, account_row, package


def term(number, *, status=50, type_=20, timestamp=None, amount="121", line_type=20):
    return {
        "ID": f"77000000-0000-4000-8000-{number:012}",
        "Timestamp": str(timestamp or 1000 + number),
        "Status": status,
        "LineType": line_type,
        "Account": PARTY,
        "AmountDC": Decimal(amount),
        "AmountFC": Decimal(amount),
        "Currency": "EUR",
        "EndDate": "2026-04-15" if status == 50 else None,
        "EntryDate": "2026-03-05",
        "GLAccount": "9a000000-0000-4000-8000-000000400000",
        "TransactionEntryID": f"88000000-0000-4000-8000-{number:012}",
        "TransactionType": type_,
    }


def ledger_line(entry, **values):
    """A line that the ledger tells of the account of customers."""
    return {
        "EntryID": entry,
        "Type": 40,
        "Account": PARTY,
        "GLAccount": term(1)["GLAccount"],
        "AmountDC": Decimal("-121"),
        "Date": "2026-04-15",
        **values,
    }


LEDGER = "financialtransaction/TransactionLines"
TERMS, DELETED, DIVISIONS = "sync/Cashflow/PaymentTerms", "sync/Deleted", "system/Divisions"


def test_changed_terms_are_one_call_and_two_more_an_hour():
    exact = package({TERMS: [term(1), term(2, type_=40, amount="-121")], DIVISIONS: [{"Code": 1}]})
    first = exact.settlements_since("")
    assert exact.client.made == [f"GET {DIVISIONS}", f"GET {TERMS}", f"GET {DELETED}"]
    assert [one.kind for one in first.settlements] == ["payment"]
    exact.client.calls.clear()
    exact.client.moment += timedelta(minutes=59)
    exact.client.lists[TERMS] = []
    second = exact.settlements_since(first.cursor)
    assert exact.client.calls == [("GET", TERMS, "Timestamp gt 1002L")]
    exact.client.moment += timedelta(minutes=1)
    exact.client.calls.clear()
    exact.settlements_since(second.cursor)
    assert exact.client.made == [f"GET {DIVISIONS}", f"GET {TERMS}", f"GET {DELETED}"]
    # a reading without news keeps its place
    assert ("GET", TERMS, "Timestamp gt 1002L") in exact.client.calls


def test_only_a_reading_of_everything_says_what_there_is():
    """After two months, and in a database the division moved to, nobody tells what was removed."""
    exact = package({TERMS: [term(1), term(2, status=20)]})
    first = exact.settlements_since("")
    assert {term(1)["ID"], term(2)["ID"]} <= first.all_keys
    assert exact.settlements_since(first.cursor).all_keys is None
    exact.client.moment += timedelta(days=100)
    assert term(1)["ID"] in exact.settlements_since(first.cursor).all_keys
    # nothing at all may be a right that is missing
    assert package({TERMS: []}).settlements_since("").all_keys is None


def test_open_again_and_removed_terms_are_undone():
    deleted = [
        {"Timestamp": "2000", "EntityType": 10, "EntityKey": term(3)["ID"]},
        {"Timestamp": "2001", "EntityType": 2, "EntityKey": OTHER},
    ]
    exact = package({TERMS: [term(1, status=20), term(2, status=20)], DELETED: deleted})
    changes = exact.settlements_since("")
    assert {term(number)["ID"] for number in (1, 2, 3)} <= set(changes.removed)
    assert OTHER not in changes.removed
    assert json.loads(changes.cursor)["deleted"] == 2001


def test_unexplained_settlement_asks_the_ledger_once():
    lines = [ledger_line(ENTRY), ledger_line(OTHER)]
    exact = package({TERMS: [term(1), term(2)], LEDGER: lines})
    changes = exact.settlements_since("")
    assert [one.kind for one in changes.settlements] == ["payment", "payment"]
    (asked,) = [content for method, entity, content in exact.client.calls if entity == LEDGER]
    assert asked == (
        f"(Account eq guid'{PARTY}' and GLAccount eq guid'{term(1)['GLAccount']}'"
        " and Date eq datetime'2026-04-15')"
    )


def test_counterpart_of_an_earlier_day_is_asked_for_next():
    credit_note = ledger_line(OTHER, Type=21, Date="2026-02-10")
    exact = package(
        {TERMS: [term(1)], LEDGER: lambda text: [credit_note] if "Date ge" in text else []}
    )
    (settlement,) = exact.settlements_since("").settlements
    assert (settlement.kind, settlement.counterpart_key) == ("set_off", f"sale/{OTHER}")
    assert exact.client.made.count(f"GET {LEDGER}") == 2


def came_back(count):
    """Settled terms whose counterparts do not come back with them, each of another party."""
    return [
        {**term(number), "Account": f"3c3c1b0e-0000-4000-8000-{number + 100:012}"}
        for number in range(1, count + 1)
    ]


def ledger_of(text):
    """A payment of every party asked for."""
    return [
        {
            "EntryID": ENTRY,
            "Type": 40,
            "Account": account,
            "GLAccount": term(1)["GLAccount"],
            "AmountDC": Decimal("-121"),
            "Date": "2026-04-15",
        }
        for account in re.findall(r"Account eq guid'(3c3c[^']*)'", text)
    ]


def test_closed_month_is_looked_up_in_several_readings():
    exact = package({LEDGER: ledger_of})
    rows = came_back(500)
    told, cursor, readings = {}, "", 0
    while len(told) < 500:
        after = json.loads(cursor)["terms"] if cursor else 0
        exact.client.lists[TERMS] = [row for row in rows if int(row["Timestamp"]) > after]
        exact.client.calls.clear()
        changes = exact.settlements_since(cursor)
        assert exact.client.made.count(f"GET {LEDGER}") <= 20
        told |= {one.key: one.kind for one in changes.settlements}
        assert not set(changes.removed) & {row["ID"] for row in rows}
        cursor, readings = changes.cursor, readings + 1
    assert set(told.values()) == {"payment"}
    assert readings == 4
    assert json.loads(cursor)["terms"] == 1500


def pages(rows, limit):
    """Rows, and then a limit."""
    yield from rows
    raise limit


def test_limit_between_two_pages_goes_on_with_the_next_reading():
    limit = LimitReachedError("no", not_before=datetime(2026, 3, 10, 12, 0), code="minute_limit")
    rows = [term(1), term(2, type_=40, amount="-121")]
    exact = package({TERMS: lambda _filter: pages(rows, limit)}, errors={("GET", DELETED): limit})
    first = exact.settlements_since("")
    assert [one.kind for one in first.settlements] == ["payment"]
    exact.client.errors, exact.client.lists[TERMS] = {}, []
    exact.client.calls.clear()
    exact.settlements_since(first.cursor)
    assert exact.client.calls[1:] == [
        ("GET", TERMS, "Timestamp gt 1002L"),
        ("GET", DELETED, "Timestamp gt 1L"),
    ]
    exact.client.lists[TERMS] = lambda _filter: pages([], limit)
    with pytest.raises(LimitReachedError):
        exact.settlements_since(first.cursor)


def test_part_of_a_reading_is_the_first_part_or_none():
    limit = LimitReachedError("no", not_before=datetime(2026, 3, 10, 12, 0), code="minute_limit")
    rows = [term(2), term(1)]
    exact = package({TERMS: lambda _filter: pages(rows, limit)})
    with pytest.raises(TemporaryError):
        exact.settlements_since("")
    exact.client.lists[TERMS] = rows
    assert json.loads(exact.settlements_since("").cursor)["terms"] == 1002


def test_limit_while_looking_up_loses_no_settlement():
    limit = LimitReachedError("no", not_before=datetime(2026, 3, 10, 12, 0), code="minute_limit")
    rows = [*came_back(3), term(10), term(11, type_=40, amount="-121")]
    exact = package({TERMS: rows, LEDGER: ledger_of}, errors={("GET", LEDGER): [limit]})
    first = exact.settlements_since("")
    assert [one.key for one in first.settlements] == [term(10)["ID"]]
    assert not {row["ID"] for row in rows[:3]} & set(first.removed)
    assert json.loads(first.cursor)["terms"] == 1000
    second = exact.settlements_since(first.cursor)
    assert len(second.settlements) == 4


@pytest.mark.parametrize("stamp", ["DivisionMoveDate", "DivisionHRLinkUnlinkDate"])
def test_division_that_moved_is_read_from_the_beginning(stamp):
    exact = package({TERMS: [term(1, timestamp=5000)], DIVISIONS: [{"Code": 500001}]})
    cursor = exact.settlements_since("").cursor
    moved = {"Code": 500001, stamp: "/Date(1772668800000)/"}
    exact.client.lists[DIVISIONS] = [moved]
    exact.client.moment += timedelta(hours=1)
    exact.client.calls.clear()
    exact.settlements_since(cursor)
    assert ("GET", TERMS, "Timestamp gt 1L") in exact.client.calls


@pytest.mark.parametrize("cursor", ["from an older version", "[]", '{"terms": 5}', "{}", "null"])
def test_cursor_that_is_not_ours_reads_everything(cursor):
    exact = package()
    exact.settlements_since(cursor)
    assert ("GET", TERMS, "Timestamp gt 1L") in exact.client.calls


def test_cursor_older_than_removed_rows_are_kept():
    exact = package({TERMS: [term(1)]})
    cursor = exact.settlements_since("").cursor
    exact.client.moment += timedelta(days=61)
    exact.client.calls.clear()
    exact.settlements_since(cursor)
    assert ("GET", TERMS, "Timestamp gt 1L") in exact.client.calls


def test_changed_parties():
    deleted = [{"Timestamp": "9", "EntityType": 2, "EntityKey": OTHER}]
    accounts = "sync/CRM/Accounts"
    exact = package({accounts: [account_row(Timestamp="8")], DELETED: deleted})
    changes = exact.parties_changed_since("")
    assert [stored.party.external_number for stored in changes.parties] == [4711]
    assert changes.removed == (OTHER,)
    exact.client.calls.clear()
    exact.parties_changed_since(changes.cursor)
    assert exact.client.calls == [("GET", accounts, "Timestamp gt 8L")]


def test_open_items_are_two_calls():
    exact = package()
    assert exact.open_items() == []
    assert exact.client.made == ["GET bulk/Cashflow/Receivables", "GET bulk/Cashflow/Payments"]
