"""Documents and their files become entries, and are found and read again: what is asked, how
often, and in what order."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from odoo.addons.accountable_connect.api.errors import (
    ConfigurationMissingError,
    DataRefusedError,
    LimitReachedError,
    OutcomeUnknownError,
    PeriodClosedError,
    TemporaryError,
)
from odoo.addons.accountable_connect_exact.api import mapping

from .books import DOCUMENTS, ENTRY, MASTER, PARTY, PLACE, period
from .prepared_package import BILL, KEY, OTHER, PDF, SALE, answer, entry_rows, limit, package

# Booking


def test_entry_is_one_call():
    exact = package()
    for name in ("sale", "sale_refund", "purchase_reverse_charge", "sale_in_dollars"):
        stored = exact.create_document(DOCUMENTS[name], PARTY)
        assert (stored.kind, stored.total) == (DOCUMENTS[name].kind, DOCUMENTS[name].total)
    assert len(exact.client.calls) == 4


@pytest.mark.parametrize(
    ("document", "entries", "type_"),
    [
        (SALE, "salesentry/SalesEntries", 10),
        (BILL, "purchaseentry/PurchaseEntries", 20),
    ],
    ids=["sale", "purchase"],
)
def test_entry_with_a_file_is_three(document, entries, type_):
    exact = package()
    exact.create_document(replace(document, files=(PDF,)), PARTY)
    assert exact.client.made == [
        "POST documents/Documents",
        "POST documents/DocumentAttachments",
        f"POST {entries}",
    ]
    assert exact.client.calls[-1][2]["Document"] == PLACE
    assert exact.client.calls[0][2]["Type"] == type_


def with_own_document(document=OTHER):
    """Exact makes a document by itself for what it books."""
    return {
        side.entries: lambda body: {**answer(body), "Document": document, "DocumentSubject": "x"}
        for side in mapping.SIDES.values()
    }


def test_bill_whose_file_is_refused_has_one_document():
    """Exact made one by itself: it holds no file of ours yet, and gets the one that follows."""
    exact = package(
        errors={("POST", "documents/Documents"): limit("error_budget")}, **with_own_document()
    )
    stored = exact.create_document(replace(BILL, files=(PDF,)), PARTY)
    assert (stored.file_place, stored.without_files) == (OTHER, True)
    exact.client.calls.clear()
    assert exact.attach_file(stored.key, PDF, place=stored.file_place) == OTHER
    assert exact.client.made == [
        "GET documents/DocumentAttachments",
        "POST documents/DocumentAttachments",
    ]
    assert exact.client.calls[-1][2]["Document"] == OTHER


@pytest.mark.parametrize("document", [SALE, BILL], ids=["sale", "bill"])
@pytest.mark.parametrize("kept", [True, False])
def test_document_by_itself_beside_the_one_that_was_sent(document, kept):
    """The files go to the document the entry names, and the other one goes."""
    errors = {("DELETE", "documents/Documents"): DataRefusedError("in use")} if kept else {}
    exact = package(errors=errors, **with_own_document())
    stored = exact.create_document(replace(document, files=(PDF,)), PARTY)
    assert (stored.file_place, stored.without_files) == (OTHER, True)
    assert exact.client.calls[-1] == ("DELETE", "documents/Documents", PLACE)


def test_document_that_was_sent_and_kept_holds_the_files():
    exact = package()
    for document in (SALE, BILL):
        stored = exact.create_document(replace(document, files=(PDF,)), PARTY)
        assert (stored.file_place, stored.without_files) == (PLACE, False)
    assert not [call for call in exact.client.made if call.startswith("DELETE")]


@pytest.mark.parametrize(
    ("subject", "without"),
    [(mapping.subject(BILL), False), ("Invoice: 26600042", True), (None, True)],
)
def test_bill_that_is_found_says_whether_its_files_went_along(subject, without):
    rows = entry_rows(BILL, Document=PLACE, DocumentSubject=subject)
    (stored,) = package(rows).find_document(BILL, PARTY)
    assert (stored.without_files, stored.file_place) == (without, PLACE)


def test_file_of_a_bill_is_looked_for_first():
    bill = f"purchase/{ENTRY}"
    there = {"documents/DocumentAttachments": [{"FileName": PDF.name, "FileSize": 4}]}
    exact = package(there)
    assert exact.attach_file(bill, PDF, place=PLACE) == PLACE
    assert exact.client.made == ["GET documents/DocumentAttachments"]
    # nobody told the place: the document that Exact made by itself
    exact = package(entry_rows(BILL, Document=OTHER))
    assert exact.attach_file(bill, PDF) == OTHER
    assert "POST documents/Documents" not in exact.client.made
    # Exact made none
    exact = package(entry_rows(BILL))
    assert exact.attach_file(bill, PDF) == PLACE
    assert exact.client.made[-2:] == [
        "POST documents/Documents",
        "POST documents/DocumentAttachments",
    ]


LARGE = replace(PDF, content=b"x" * (10 * 2**20 + 1))


@pytest.mark.parametrize(
    ("file", "errors", "calls"),
    [
        (LARGE, {}, 1),
        (PDF, {("POST", "documents/Documents"): ConfigurationMissingError("MyFirm")}, 2),
        (PDF, {("POST", "documents/DocumentAttachments"): DataRefusedError("413")}, 3),
        (PDF, {("POST", "documents/Documents"): limit("error_budget")}, 2),
    ],
)
def test_file_that_is_refused_holds_up_no_entry(file, errors, calls):
    exact = package(errors=errors)
    stored = exact.create_document(replace(SALE, files=(file,)), PARTY)
    assert stored.without_files
    assert len(exact.client.calls) == calls
    assert "Document" not in exact.client.calls[-1][2]
    with pytest.raises((DataRefusedError, ConfigurationMissingError, LimitReachedError)):
        exact.attach_file(stored.key, file)


@pytest.mark.parametrize("error", [OutcomeUnknownError("no answer"), limit("minute_limit")])
def test_file_that_may_still_go_comes_before_the_entry(error):
    exact = package(errors={("POST", "documents/DocumentAttachments"): error})
    with pytest.raises(type(error)):
        exact.create_document(replace(SALE, files=(PDF,)), PARTY)
    assert "POST salesentry/SalesEntries" not in exact.client.made


@pytest.mark.parametrize("order", [1, -1])
def test_again_uses_the_document_that_was_left_behind(order):
    used = {"ID": OTHER, "FinancialTransactionEntryID": ENTRY}
    free = {"ID": PLACE, "FinancialTransactionEntryID": None}
    exact = package(
        {
            "documents/Documents": [used, free][::order],
            "documents/DocumentAttachments": [{"FileName": PDF.name, "FileSize": 4}],
        }
    )
    stored = exact.create_document(replace(BILL, files=(PDF,)), PARTY, again=True)
    assert [call for call in exact.client.made if call.startswith("POST")] == [
        "POST purchaseentry/PurchaseEntries"
    ]
    assert stored.file_place == PLACE


def test_again_attaches_what_is_not_there_or_is_another_file():
    exact = package(
        {
            "documents/Documents": [{"ID": PLACE}],
            "documents/DocumentAttachments": [{"FileName": PDF.name, "FileSize": 3}],
        }
    )
    exact.create_document(replace(BILL, files=(PDF,)), PARTY, again=True)
    assert exact.client.made.count("POST documents/DocumentAttachments") == 1
    assert "POST documents/Documents" not in exact.client.made


def test_answer_that_says_little_is_read_again():
    exact = package(entry_rows(), **{"salesentry/SalesEntries": {"EntryID": ENTRY}})
    assert exact.create_document(SALE, PARTY).total == SALE.total
    assert len(exact.client.calls) == 2


@pytest.mark.parametrize(
    "errors",
    [
        {("GET", "salesentry/SalesEntries"): TemporaryError("no")},
        {("GET", "salesentry/SalesEntries"): DataRefusedError("no")},
    ],
)
def test_booked_but_not_readable_is_unknown(errors):
    exact = package(errors=errors, **{"salesentry/SalesEntries": {"EntryID": ENTRY}})
    with pytest.raises(OutcomeUnknownError):
        exact.create_document(SALE, PARTY)


def test_another_total_is_taken_back():
    exact = package(
        **{"salesentry/SalesEntries": lambda body: {**answer(body), "AmountFC": Decimal("1263")}}
    )
    with pytest.raises(DataRefusedError) as caught:
        exact.create_document(SALE, PARTY)
    assert caught.value.code == "amount_differs"
    assert [str(caught.value.values[name]) for name in ("booked", "total")] == [
        "1263.00",
        "1262.99",
    ]
    assert exact.client.made[-1] == "DELETE salesentry/SalesEntries"


def test_another_total_that_cannot_be_taken_back_is_unknown():
    exact = package(
        errors={("DELETE", "salesentry/SalesEntries"): DataRefusedError("no", code="processed")},
        **{"salesentry/SalesEntries": lambda body: {**answer(body), "Type": 21}},
    )
    with pytest.raises(OutcomeUnknownError) as caught:
        exact.create_document(SALE, PARTY)
    assert caught.value.code == "kind_differs"


def test_known_closed_period_costs_no_call():
    exact = package(master=[*MASTER, period(3, closed=("70",))])
    with pytest.raises(PeriodClosedError):
        exact.create_document(SALE, PARTY)
    exact.create_document(replace(SALE, accounting_date=date(2026, 4, 1)), PARTY)
    assert len(exact.client.calls) == 1


def test_unknown_periods_are_read_once():
    rows = [{"FinYear": 2027, "FinPeriod": 1, "StartDate": "2027-01-01", "EndDate": "2027-12-31"}]
    exact = package({"financial/FinancialPeriods": rows})
    late = replace(SALE, accounting_date=date(2027, 5, 1))
    exact.create_document(late, PARTY)
    sent = exact.client.calls[-1][2]
    assert (sent["ReportingYear"], sent["ReportingPeriod"]) == (2027, 1)
    with pytest.raises(ConfigurationMissingError):
        exact.create_document(replace(SALE, accounting_date=date(2031, 5, 1)), PARTY)
    assert exact.client.made.count("GET financial/FinancialPeriods") == 1


def test_party_key_that_is_none():
    exact = package()
    with pytest.raises(DataRefusedError) as caught:
        exact.create_document(SALE, "987654")
    assert (caught.value.code, exact.client.calls) == ("party_unknown", [])


# Finding and reading


def test_nothing_found_is_one_call():
    exact = package()
    assert exact.find_document(SALE, PARTY) == []
    assert exact.find_document(SALE, "1") == []
    assert len(exact.client.calls) == 1


def test_found_with_its_version():
    exact = package(entry_rows())
    written = exact.create_document(SALE, PARTY)
    (found,) = exact.find_document(SALE, PARTY)
    assert found == exact.read_document(KEY) == written
    assert len(exact.client.calls) == 5


def test_entry_that_is_gone():
    exact = package()
    assert exact.read_document(KEY) is None
    assert exact.read_document("V1 2026/43") is None
    assert exact.remove_document(KEY) is True
    with pytest.raises(DataRefusedError):
        exact.update_document(KEY, SALE, PARTY)


def test_list_in_an_unexpected_form():
    exact = package({"salesentry/SalesEntries": [{"EntryID": ENTRY}]})
    with pytest.raises(TemporaryError):
        exact.read_document(KEY)


# Files


def test_file_afterwards():
    exact = package()
    assert exact.attach_file(KEY, PDF) == PLACE
    assert exact.client.made == ["POST documents/Documents", "POST documents/DocumentAttachments"]
    assert exact.client.calls[0][2]["FinancialTransactionEntryID"] == ENTRY
    assert exact.attach_file(KEY, PDF, place=OTHER) == OTHER
    assert len(exact.client.calls) == 3


def test_file_again_is_looked_for():
    there = {"documents/DocumentAttachments": [{"FileName": PDF.name, "FileSize": 4}]}
    exact = package(there)
    assert exact.attach_file(KEY, PDF, place=PLACE, again=True) == PLACE
    assert exact.client.made == ["GET documents/DocumentAttachments"]
    exact = package({**there, **entry_rows(Document=PLACE)})
    assert exact.attach_file(KEY, PDF, again=True) == PLACE
    assert not [call for call in exact.client.made if call.startswith("POST")]
    exact = package({**entry_rows(), "documents/Documents": [{"ID": OTHER}]})
    assert exact.attach_file(KEY, PDF, again=True) == OTHER
    assert exact.client.made[-1] == "POST documents/DocumentAttachments"


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "empty_file"), (b"x" * (10 * 2**20 + 1), "file_too_large")]
)
def test_file_that_exact_does_not_take(content, code):
    exact = package()
    with pytest.raises(DataRefusedError) as caught:
        exact.attach_file(KEY, replace(PDF, content=content))
    assert (caught.value.code, exact.client.calls) == (code, [])
