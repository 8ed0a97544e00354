"""The package over a client that answers from a table: what it asks, how often, and in what
order."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from odoo.addons.accountable_connect.api.errors import (
    ConfigurationMissingError,
    DataRefusedError,
    DuplicateError,
    LimitReachedError,
    OutcomeUnknownError,
    PeriodClosedError,
    TemporaryError,
)
from odoo.addons.accountable_connect.documents import ContactPerson, File
from odoo.addons.accountable_connect_exact.api import contact_persons, mapping, parties, wire
from odoo.addons.accountable_connect_exact.api.package import ExactPackage

from .books import CODES, CUSTOMER, DOCUMENTS, ENTRY, MASTER, PARTY, PLACE, SUPPLIER, line, period

SALE = DOCUMENTS["sale"]
BILL = DOCUMENTS["purchase_partly_deductible"]
KEY = f"sale/{ENTRY}"
PDF = File(key="ir.attachment,1", name="INV-42.pdf", media_type="application/pdf", content=b"%PDF")
OTHER = "3c3c1b0e-0000-4000-8000-000000000002"


class Client:
    """Answers lists from a table by entity (a list, or a function of the filter) and writes with a
    row; notes every call as (method, entity, body or filter)."""

    division = "500001"

    def __init__(self, lists=None, posted=None, errors=None):
        self.lists = lists or {}
        self.posted = posted or {}
        self.errors = errors or {}
        self.calls = []
        self.moment = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)

    def now(self):
        return self.moment

    def _note(self, method, entity, content):
        self.calls.append((method, entity, content))
        error = self.errors.get((method, entity))
        if isinstance(error, list):
            error = error.pop(0) if error else None
        if error:
            raise error

    def get_list(self, entity, *, select, filter="", order_by="", top=None, division=""):  # noqa: A002
        self._note("GET", entity, filter)
        rows = self.lists.get(entity, [])
        return iter(rows(filter) if callable(rows) else rows)

    def get_me(self):
        self._note("GET", "current/Me", "")
        return {"CurrentDivision": 500001}

    def post(self, entity, body, *, values=None, division=""):
        self._note("POST", entity, body)
        answer = self.posted.get(entity, {"ID": PLACE})
        return answer(body) if callable(answer) else answer

    def put(self, entity, key, body, *, values=None, division=""):
        self._note("PUT", entity, body)

    def delete(self, entity, key, *, values=None, division=""):
        self._note("DELETE", entity, key)

    def check_room(self, calls, method, entity):
        error = self.errors.get(("room", method))
        if error:
            raise error

    def close(self):
        self.calls.append(("close", "", ""))

    @property
    def made(self):
        return [f"{method} {entity}" for method, entity, _content in self.calls]


def answer(body):
    """The row Exact answers to an entry."""
    side = next(side for side in mapping.SIDES.values() if side.collection in body)
    row = json.loads(wire.to_json(body), parse_float=Decimal)
    lines = row.pop(side.collection)
    amount = sum(
        (
            Decimal(one["AmountFC"]) + Decimal(one.get("VATAmountFC", 0))
            for one in lines
        ),
        Decimal(0),
    )
    return {
        "ReportingYear": 2026,
        "ReportingPeriod": 3,
        **row,
        "EntryID": ENTRY,
        "EntryNumber": 26700042,
        "AmountFC": amount,
        "Status": 20,
        "Type": side.types[amount < 0],
    }


def entry_rows(document=SALE, **changes):
    """An entry and its lines as Exact lists them."""
    side = mapping.side_of(document)
    payload = mapping.entry_payload(document, PARTY, CODES)
    lines = json.loads(wire.to_json(payload[side.collection]), parse_float=Decimal)
    rows = [
        {**one, "ID": f"11000000-0000-4000-8000-{number:012}", "EntryID": ENTRY,
         "LineNumber": number}
        for number, one in enumerate(lines, 1)
    ]
    return {side.entries: [{**answer(payload), **changes}], side.lines: rows}


def package(lists=None, *, errors=None, master=MASTER, **posted):
    entities = {side.entries: answer for side in mapping.SIDES.values()}
    client = Client(lists, {**entities, **posted}, errors)
    return ExactPackage(client, master=master)


# Booking


def test_entry_is_one_call():
    exact = package()
    for name in ("sale", "sale_refund", "purchase_reverse_charge", "sale_in_dollars"):
        stored = exact.create_document(DOCUMENTS[name], PARTY)
        assert (stored.kind, stored.total) == (DOCUMENTS[name].kind, DOCUMENTS[name].total)
    assert len(exact.client.calls) == 4


def test_entry_with_a_file_is_three():
    exact = package()
    exact.create_document(replace(SALE, files=(PDF,)), PARTY)
    assert exact.client.made == [
        "POST documents/Documents",
        "POST documents/DocumentAttachments",
        "POST salesentry/SalesEntries",
    ]
    assert exact.client.calls[-1][2]["Document"] == PLACE
    assert exact.client.calls[0][2]["Type"] == 10


def limit(code):
    return LimitReachedError("wait", not_before=datetime(2026, 3, 10, 12, 0), code=code)


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


def test_again_uses_the_document_that_was_left_behind():
    used = {"ID": OTHER, "FinancialTransactionEntryID": ENTRY}
    exact = package(
        {
            "documents/Documents": [used, {"ID": PLACE, "FinancialTransactionEntryID": None}],
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
    assert (caught.value.values["booked"], caught.value.values["total"]) == ("1263.00", "1262.99")
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
    rows = [
        {"FinYear": 2027, "FinPeriod": 1, "StartDate": "2027-01-01", "EndDate": "2027-12-31"}
    ]
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


# Changing


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
    lines = (replace(SALE.lines[0], base=Decimal("900.00"), vat_invoiced=Decimal("189.00"),
                     base_company=Decimal("900.00"), vat_invoiced_company=Decimal("189.00")),
             *SALE.lines[1:])
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
    assert (caught.value.values["booked"], caught.value.values["total"]) == ("1262.99", "10.60")


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
        replace(one, base=2 * one.base, vat_invoiced=2 * one.vat_invoiced,
                base_company=2 * one.base, vat_invoiced_company=2 * one.vat_invoiced)
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


# Parties


def account_row(party=CUSTOMER, key=PARTY, **changes):
    row = json.loads(wire.to_json(parties.account_payload(party, CODES)))
    return {**row, "ID": key, **changes}


def test_new_party_with_its_bank_account():
    exact = package(**{"crm/Accounts": {"ID": PARTY}})
    assert exact.save_party(CUSTOMER, None).key == PARTY
    assert exact.client.made == ["GET crm/Accounts", "POST crm/Accounts", "POST crm/BankAccounts"]
    assert exact.client.calls[-1][2]["Main"] is True


def test_party_after_a_search_needs_no_second_one():
    exact = package(**{"crm/Accounts": {"ID": PARTY}})
    assert exact.find_parties(SUPPLIER) == []
    exact.save_party(SUPPLIER, None)
    assert exact.client.made == ["GET crm/Accounts", "POST crm/Accounts"]


def test_unchanged_party_is_not_written():
    held = {"crm/Accounts": [account_row()], "crm/BankAccounts": [{"BankAccount": CUSTOMER.iban}]}
    exact = package(held)
    assert exact.save_party(CUSTOMER, PARTY).key == PARTY
    assert exact.save_party(CUSTOMER, None).key == PARTY
    assert not [call for call in exact.client.made if not call.startswith("GET")]


def test_new_iban_is_not_the_main_one_by_itself():
    held = {"crm/Accounts": [account_row()], "crm/BankAccounts": [{"BankAccount": "BE0000"}]}
    exact = package(held)
    exact.save_party(CUSTOMER, PARTY)
    assert exact.client.calls[-1][2]["Main"] is False


def test_number_of_somebody_else():
    held = account_row(Name="Bakkerij", VATNumber="BE0999999328")
    exact = package({"crm/Accounts": [held]})
    with pytest.raises(DuplicateError) as caught:
        exact.save_party(CUSTOMER, None)
    assert [stored.key for stored in caught.value.candidates] == [PARTY]
    both = [account_row(SUPPLIER, OTHER), account_row()]
    exact = package({"crm/Accounts": both})
    with pytest.raises(DuplicateError):
        exact.save_party(replace(SUPPLIER, external_number=4711), OTHER)


def test_party_that_is_gone():
    exact = package()
    for key in (OTHER, "987654"):
        with pytest.raises(DataRefusedError) as caught:
            exact.save_party(CUSTOMER, key)
        assert caught.value.code == "party_unknown"


# Contact persons

AN = ContactPerson(
    key=4720,
    name="An Claes",
    email="an@meulemans.example",
    phone="+32 9 123 45 67",
    function="Bookkeeper",
    language="nl",
)
BERT = ContactPerson(key=4721, name="Bert Maes", email="bert@meulemans.example")
STAFFED = replace(CUSTOMER, iban="", contacts=(AN, BERT))


def person_row(person, key, **changes):
    return {**contact_persons.wanted(person), "ID": key, **changes}


def staffed(*rows, **options):
    """A package whose account has these contact persons."""
    held = {"crm/Accounts": [account_row(STAFFED)], "crm/Contacts": list(rows)}
    return package(held, **options)


def test_new_party_with_two_contact_persons():
    exact = package(**{"crm/Accounts": {"ID": PARTY}})
    assert exact.save_party(STAFFED, None).contacts_problem is None
    made = ["GET crm/Accounts", "POST crm/Accounts"]
    assert exact.client.made == [*made, *["POST crm/Contacts"] * 2]
    assert exact.client.calls[2][2] == {
        "Account": PARTY,
        "LastName": "An Claes",
        "Email": AN.email,
        "Phone": AN.phone,
        "JobTitleDescription": "Bookkeeper",
        "Language": "NL",
    }


def test_party_without_contact_persons_asks_for_none():
    exact = staffed()
    exact.save_party(replace(STAFFED, contacts=()), PARTY)
    assert exact.client.made == ["GET crm/Accounts"]


def test_contact_persons_that_are_there_are_not_written():
    """Also where the accountant filled in more, or split the name."""
    split = {"FirstName": "An", "LastName": "Claes"}
    elsewhere = {"Email": "private@an.example", "BusinessEmail": AN.email.upper()}
    mobile = {"Phone": None, "Mobile": "+3291234567", "Notes": "Not on Friday"}
    exact = staffed(
        person_row(AN, "c1", **split, **elsewhere, **mobile),
        person_row(BERT, "c2", Language="FR "),
        person_row(BERT, "c3", LastName="Somebody Else", Email="else@meulemans.example"),
    )
    assert exact.save_party(STAFFED, PARTY).contacts_problem is None
    assert exact.client.made == ["GET crm/Accounts", "GET crm/Contacts"]


def test_missing_and_changed_contact_persons():
    moved = replace(AN, email="an.claes@meulemans.example")
    exact = staffed(person_row(AN, "c1"))
    exact.save_party(replace(STAFFED, contacts=(moved, BERT)), PARTY)
    assert exact.client.calls[2:] == [
        ("PUT", "crm/Contacts", {"Email": moved.email}),
        ("POST", "crm/Contacts", {"Account": PARTY, "LastName": BERT.name, "Email": BERT.email}),
    ]


def test_contact_person_with_another_name():
    """Known by the e-mail address; first and last name apart where Odoo has them so."""
    married = replace(AN, name="An Peeters", first_name="An", last_name="Peeters")
    row = person_row(AN, "c1", FirstName="An", MiddleName="de", LastName="Claes")
    exact = staffed(row)
    exact.save_party(replace(STAFFED, contacts=(married,)), PARTY)
    assert exact.client.calls[2:] == [
        ("PUT", "crm/Contacts", {"MiddleName": "", "LastName": "Peeters"})
    ]
    exact = staffed(row)
    exact.save_party(replace(STAFFED, contacts=(replace(AN, name="An Peeters"),)), PARTY)
    assert exact.client.calls[2:] == [
        ("PUT", "crm/Contacts", {"FirstName": "", "MiddleName": "", "LastName": "An Peeters"})
    ]


def test_shared_address_renames_nobody():
    shared = [replace(person, email="info@meulemans.example") for person in (AN, BERT)]
    exact = staffed(person_row(shared[0], "c1"))
    exact.save_party(replace(STAFFED, contacts=tuple(shared)), PARTY)
    assert exact.client.made[2:] == ["POST crm/Contacts"]
    assert exact.client.calls[2][2]["LastName"] == BERT.name
    theirs = [person_row(BERT, "c1", Email="info@x.example"),
              person_row(BERT, "c2", LastName="Carl Wit", Email="info@x.example")]
    exact = staffed(*theirs)
    exact.save_party(replace(STAFFED, contacts=(replace(AN, email="info@x.example"),)), PARTY)
    assert exact.client.made[2:] == ["POST crm/Contacts"]


def test_contact_person_who_left_there_stays_so():
    exact = staffed(person_row(AN, "c1", EndDate="/Date(1767225600000)/", Phone="1"))
    exact.save_party(replace(STAFFED, contacts=(AN,)), PARTY)
    assert exact.client.made == ["GET crm/Accounts", "GET crm/Contacts"]


def test_refused_contact_person_holds_up_neither_the_party_nor_the_next_one():
    refusal = DataRefusedError("no", code="x")
    exact = staffed(errors={("POST", "crm/Contacts"): [refusal]})
    stored = exact.save_party(STAFFED, PARTY)
    assert (stored.key, stored.contacts_problem) == (PARTY, refusal)
    assert exact.client.made[2:] == ["POST crm/Contacts"] * 2


def test_whatever_happens_to_contact_persons_the_party_is_there():
    lost = OutcomeUnknownError("no answer")
    exact = staffed(errors={("POST", "crm/Contacts"): lost})
    assert exact.save_party(STAFFED, PARTY).contacts_problem is lost
    assert exact.client.made[2:] == ["POST crm/Contacts"]
    exact = staffed(errors={("GET", "crm/Contacts"): ConfigurationMissingError("no right")})
    assert exact.save_party(STAFFED, PARTY).key == PARTY
    exact = staffed({"ID": "c1", "FirstName": 7})
    assert isinstance(exact.save_party(STAFFED, PARTY).contacts_problem, TemporaryError)


# Back


def changed_rows(entity, count, start=1):
    return [{"Timestamp": str(number)} for number in range(start, start + count)]


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
    line_ = {
        "EntryID": ENTRY,
        "Type": 40,
        "Account": PARTY,
        "GLAccount": term(1)["GLAccount"],
        "AmountDC": Decimal("-121"),
        "Date": "2026-04-15",
    }
    ledger = "financialtransaction/TransactionLines"
    exact = package({TERMS: [term(1), term(2)], ledger: [line_, {**line_, "EntryID": OTHER}]})
    changes = exact.settlements_since("")
    assert [one.kind for one in changes.settlements] == ["payment", "payment"]
    (asked,) = [content for method, entity, content in exact.client.calls if entity == ledger]
    assert asked == (
        f"(Account eq guid'{PARTY}' and GLAccount eq guid'{term(1)['GLAccount']}'"
        " and Date eq datetime'2026-04-15')"
    )


def test_counterpart_of_an_earlier_day_is_asked_for_next():
    credit_note = {
        "EntryID": OTHER,
        "Type": 21,
        "Account": PARTY,
        "GLAccount": term(1)["GLAccount"],
        "AmountDC": Decimal("-121"),
        "Date": "2026-02-10",
    }
    ledger = "financialtransaction/TransactionLines"
    exact = package(
        {TERMS: [term(1)], ledger: lambda text: [credit_note] if "Date ge" in text else []}
    )
    (settlement,) = exact.settlements_since("").settlements
    assert (settlement.kind, settlement.counterpart_key) == ("set_off", f"sale/{OTHER}")
    assert exact.client.made.count(f"GET {ledger}") == 2


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
    ledger = "financialtransaction/TransactionLines"
    exact = package({ledger: ledger_of})
    rows = came_back(500)
    told, cursor, readings = {}, "", 0
    while len(told) < 500:
        after = json.loads(cursor)["terms"] if cursor else 0
        exact.client.lists[TERMS] = [row for row in rows if int(row["Timestamp"]) > after]
        exact.client.calls.clear()
        changes = exact.settlements_since(cursor)
        assert exact.client.made.count(f"GET {ledger}") <= 20
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
    ledger = "financialtransaction/TransactionLines"
    limit = LimitReachedError("no", not_before=datetime(2026, 3, 10, 12, 0), code="minute_limit")
    rows = [*came_back(3), term(10), term(11, type_=40, amount="-121")]
    exact = package({TERMS: rows, ledger: ledger_of}, errors={("GET", ledger): [limit]})
    first = exact.settlements_since("")
    assert [one.key for one in first.settlements] == [term(10)["ID"]]
    assert not {row["ID"] for row in rows[:3]} & set(first.removed)
    assert json.loads(first.cursor)["terms"] == 1000
    second = exact.settlements_since(first.cursor)
    assert len(second.settlements) == 4


def test_division_that_moved_is_read_from_the_beginning():
    exact = package({TERMS: [term(1, timestamp=5000)], DIVISIONS: [{"Code": 500001}]})
    cursor = exact.settlements_since("").cursor
    moved = {"Code": 500001, "DivisionMoveDate": "/Date(1772668800000)/"}
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


# Master data and sign-in


def test_no_journal_is_a_right_that_is_missing():
    with pytest.raises(ConfigurationMissingError) as caught:
        package().fetch_master_data({"journal"})
    assert caught.value.code == "no_right"


def test_what_was_read_is_known():
    row = {"ID": OTHER, "Code": "799000", "Description": "Nieuw", "Type": 110}
    exact = package({"bulk/Financial/GLAccounts": [row]})
    exact.fetch_master_data({"ledger_account"})
    assert exact.codes.account_by_guid(OTHER)["code"] == "799000"


def test_divisions():
    rows = [
        {"Code": 500001, "Description": "Vandersmissen", "VATNumber": "BE 0999.999.031",
         "Status": 1},
        {"Code": 500009, "Description": "Oud", "Status": 2},
    ]
    exact = package({DIVISIONS: rows})
    (administration,) = exact.list_administrations()
    assert (administration.key, administration.vat_number) == ("500001", "BE0999999031")
    with exact:
        pass
    assert exact.client.calls[-1][0] == "close"
