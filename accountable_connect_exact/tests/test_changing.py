"""Entries are changed and removed: what is written, and what is left alone."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from odoo.addons.accountable_connect.api.errors import (
    DataRefusedError,
    LimitReachedError,
    OutcomeUnknownError,
)
from odoo.addons.accountable_connect_exact.api import mapping

from .books import DOCUMENTS, ENTRY, MASTER, PARTY, line, period
from .prepared_package import BILL, KEY, SALE, entry_rows, limit, package


def changed(*lines, **changes):
    total = sum((one.total for one in lines), Decimal(0))
    return replace(SALE, lines=lines, total=total, total_company=total, **changes)


def update(document, **row):
    """Update the sale; gives the writes that were made."""
    lists = entry_rows(**row)
    exact = package(lists)
    exact.read_document(KEY)
    side = mapping.SALES
    after = {**entry_rows(document)[side.entries][0], "EntryID": ENTRY}
    reads = [lists[side.entries], [after]]
    exact.client.lists[side.entries] = lambda _filter: reads[-1]
    exact.client.calls.clear()
    stored = exact.update_document(KEY, document, PARTY)
    assert stored.total == document.total
    return exact.client.calls


def test_change_that_a_limit_would_stop_half_way_is_not_begun():
    exact = package(entry_rows(), errors={("room", "PUT"): limit("minute_limit")})
    document = changed(line("743000", "6", "10.00", "0.60"))
    with pytest.raises(LimitReachedError):
        exact.update_document(KEY, document, PARTY)
    assert not [call for call in exact.client.made if not call.startswith("GET")]


def test_change_of_one_amount_is_one_write():
    lines = (
        replace(
            SALE.lines[0],
            base=Decimal("900.00"),
            vat_invoiced=Decimal("189.00"),
            base_company=Decimal("900.00"),
            vat_invoiced_company=Decimal("189.00"),
        ),
        *SALE.lines[1:],
    )
    calls = update(changed(*lines))
    assert [call[:2] for call in calls] == [
        ("GET", "cashflow/Receivables"),
        ("PUT", "salesentry/SalesEntryLines"),
        ("GET", "salesentry/SalesEntries"),
    ]
    assert calls[1][2] == {
        "AmountFC": Decimal("900.00"),
        "VATCode": "21",
        "VATAmountFC": Decimal("189.00"),
    }


def test_fewer_lines_change_before_they_are_removed():
    calls = update(changed(line("743000", "6", "10.00", "0.60")))
    writes = [call[:2] for call in calls if call[0] != "GET"]
    assert writes == [
        ("PUT", "salesentry/SalesEntryLines"),
        ("DELETE", "salesentry/SalesEntryLines"),
        ("DELETE", "salesentry/SalesEntryLines"),
    ]
    put = calls[1][2]
    assert put["CostCenter"] is None and put["VATCode"] == "6"


def test_further_lines_carry_the_entry():
    calls = update(changed(*SALE.lines, line("743000", "6", "10.00", "0.60")))
    (posted,) = [content for method, _entity, content in calls if method == "POST"]
    assert posted["EntryID"] == ENTRY


def test_header_is_sent_as_far_as_it_differs():
    later = replace(SALE, due_date=date(2026, 4, 30), accounting_date=date(2026, 4, 30))
    calls = update(later)
    (put,) = [content for method, _entity, content in calls if method == "PUT"]
    assert put == {"DueDate": date(2026, 4, 30), "ReportingYear": 2026, "ReportingPeriod": 4}


def test_another_date_leaves_the_period_alone():
    calls = update(replace(SALE, document_date=date(2026, 2, 27)))
    (put,) = [content for method, _entity, content in calls if method == "PUT"]
    assert put == {"EntryDate": date(2026, 2, 27), "ReportingYear": 2026, "ReportingPeriod": 3}


def test_no_key_is_sent_back():
    """Exact takes one that did not change for a duplicate."""
    day = SALE.document_date.replace(day=SALE.document_date.day + 1)
    one = replace(SALE.lines[0], text="Something else")
    calls = update(replace(SALE, document_date=day, lines=(one, *SALE.lines[1:])))
    puts = [content for method, _entity, content in calls if method == "PUT"]
    assert puts == [{"Description": "Something else"}, {"EntryDate": day}]


def test_moved_period_comes_back():
    calls = update(SALE, ReportingPeriod=5)
    (put,) = [content for method, _entity, content in calls if method == "PUT"]
    assert put == {"ReportingYear": 2026, "ReportingPeriod": 3}


@pytest.mark.parametrize(
    ("row", "terms"),
    [
        ({"Status": 50}, []),
        ({}, [{"Status": 50, "AmountDC": 500}, {"Status": 20, "AmountDC": 710}]),
        ({}, [{"Status": 30, "AmountDC": 1210}]),
        ({}, [{"Status": 40, "AmountDC": 1210}]),
    ],
)
def test_processed_or_matched_is_not_changed(row, terms):
    exact = package({**entry_rows(**row), "cashflow/Receivables": terms})
    with pytest.raises(DataRefusedError) as caught:
        exact.update_document(KEY, SALE, PARTY)
    assert caught.value.code == "processed"
    assert exact.remove_document(KEY) is False
    assert not [call for call in exact.client.made if not call.startswith("GET")]


@pytest.mark.parametrize(
    "document",
    [
        replace(SALE, journal="71"),
        DOCUMENTS["sale_refund"],
        BILL,
        replace(SALE, accounting_date=date(2025, 12, 1)),
    ],
)
def test_entry_keeps_its_kind_journal_and_year(document):
    exact = package(entry_rows(), master=[*MASTER, period(12, 2025)])
    with pytest.raises(DataRefusedError) as caught:
        exact.update_document(KEY, document, PARTY)
    assert caught.value.code == "moved"


def test_change_that_comes_out_otherwise():
    exact = package(entry_rows())
    with pytest.raises(DataRefusedError) as caught:
        exact.update_document(KEY, changed(line("743000", "6", "10.00", "0.60")), PARTY)
    assert caught.value.code == "changed_otherwise"
    assert [str(caught.value.values[name]) for name in ("booked", "total")] == ["1262.99", "10.60"]


@pytest.mark.parametrize("code", ["not_customer", "party_blocked"])
def test_refusal_of_the_party_names_it(code):
    refused = DataRefusedError("no", code=code)
    exact = package(errors={("POST", "salesentry/SalesEntries"): refused})
    with pytest.raises(DataRefusedError) as caught:
        exact.create_document(SALE, PARTY)
    assert caught.value.values["concerns"] == "party"


def test_change_that_fails_half_way_is_unknown():
    refused = DataRefusedError("no", code="period_closed")
    errors = {("PUT", "salesentry/SalesEntryLines"): [None, refused]}
    exact = package(entry_rows(), errors=errors)
    doubled = tuple(
        replace(
            one,
            base=2 * one.base,
            vat_invoiced=2 * one.vat_invoiced,
            base_company=2 * one.base,
            vat_invoiced_company=2 * one.vat_invoiced,
        )
        for one in SALE.lines
    )
    with pytest.raises(OutcomeUnknownError) as caught:
        exact.update_document(KEY, changed(*doubled), PARTY)
    assert caught.value.__cause__ is refused
    exact = package(entry_rows(), errors={("PUT", "salesentry/SalesEntryLines"): [refused]})
    with pytest.raises(DataRefusedError):
        exact.update_document(KEY, changed(*doubled), PARTY)


def test_removing():
    exact = package(entry_rows())
    assert exact.remove_document(KEY) is True
    assert exact.client.made[-1] == "DELETE salesentry/SalesEntries"


@pytest.mark.parametrize(("code", "removed"), [("processed", False), ("not_found", True)])
def test_removing_what_somebody_took_meanwhile(code, removed):
    error = DataRefusedError("no", code=code)
    exact = package(entry_rows(), errors={("DELETE", "salesentry/SalesEntries"): error})
    assert exact.remove_document(KEY) is removed
