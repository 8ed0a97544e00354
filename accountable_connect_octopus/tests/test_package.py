"""The package over a client that only answers what it was given: what it asks, how often, and what
it makes of answers the sandbox never gives."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from odoo.addons.accountable_connect.api.errors import (
    ConfigurationMissingError,
    DataRefusedError,
    DuplicateError,
    OutcomeUnknownError,
    PeriodClosedError,
    TemporaryError,
)
from odoo.addons.accountable_connect.api.http.transport import REQUEST_TOO_LARGE
from odoo.addons.accountable_connect.documents import File, MasterItem, StoredFile
from odoo.addons.accountable_connect_octopus.api import mapping, operations
from odoo.addons.accountable_connect_octopus.api.package import OctopusPackage

from .test_mapping import CUSTOMER, DOCUMENTS
from .test_reading import BALANCINGS

SALE = DOCUMENTS["sale"]
BOOK_YEARS = [
    {
        "bookyearKey": {"id": number},
        "bookyearDescription": f"Boekjaar {year}",
        "startDate": f"{year}-01-01",
        "endDate": f"{year}-12-31",
        "closed": closed,
        "periods": [
            {
                "bookyearPeriod": year * 100 + 1,
                "startDate": f"{year}-01-01",
                "endDate": f"{year}-12-31",
            }
        ],
    }
    for number, year, closed in ((8, 2025, True), (9, 2026, False))
]


class Answers:
    """A client that answers operations from a table and notes what was asked."""

    def __init__(self, **answers):
        self.answers = answers
        self.asked = []
        self.operations = []

    def call(self, operation, **arguments):
        self.operations.append(operation)
        self.asked.append((operation.name, arguments))
        answer = self.answers.get(operation.name)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def now(self):
        return datetime(2026, 3, 10, 11, 0, tzinfo=UTC)

    def count(self, operation):
        return [name for name, _arguments in self.asked].count(operation.name)

    def sent(self, operation):
        return [arguments for name, arguments in self.asked if name == operation.name]


def package(**answers):
    return OctopusPackage(Answers(**{"getBookyears": BOOK_YEARS} | answers))


def relation(key=28, external=4711, **changes):
    values = {
        "relationIdentificationServiceData": {
            "relationKey": {"id": key},
            "externalRelationId": external,
        },
        "name": CUSTOMER.name,
        "vatNr": "BE0999.999.130",
        "client": True,
        "active": True,
        "currencyCode": "EUR",
        "corporationType": 9,
    }
    return {**values, **changes}


# Book years


def test_period_comes_from_the_list_of_the_book_year():
    octopus = package()
    assert octopus.number_series(SALE) == "9/V1"
    octopus.create_document(SALE, "28", 1)
    (arguments,) = octopus.client.sent(operations.INSERT_BOOKING)
    assert arguments["body"]["buySellBookingServiceData"]["bookyearPeriodeNr"] == 202601
    assert octopus.client.count(operations.BOOK_YEARS) == 1


def test_known_periods_cost_no_call():
    details = {
        "date_from": "2026-03-01",
        "date_to": "2026-03-31",
        "book_year": "9",
        "closed": False,
    }
    known = MasterItem(kind="period", code="9/202603", name="", details=details)
    octopus = OctopusPackage(Answers(getBookyears=BOOK_YEARS), periods=[known])
    assert octopus.number_series(SALE) == "9/V1"
    assert octopus.client.asked == []
    # a date that is not among them is looked up
    later = replace(SALE, accounting_date=date(2026, 6, 1))
    assert octopus.number_series(later) == "9/V1"
    assert octopus.client.count(operations.BOOK_YEARS) == 1


@pytest.mark.parametrize(
    ("day", "error"),
    [(date(2025, 5, 1), PeriodClosedError), (date(2031, 5, 1), ConfigurationMissingError)],
)
def test_no_open_book_year(day, error):
    octopus = package()
    with pytest.raises(error) as caught:
        octopus.create_document(replace(SALE, accounting_date=day), "28", 1)
    assert caught.value.values["date"] == day
    assert octopus.client.count(operations.INSERT_BOOKING) == 0


def test_journals_are_read_of_open_book_years_only():
    journals = [{"bookyearKey": {"id": 9}, "journalKey": "V1", "name": "Verkoop", "closed": False}]
    octopus = package(getJournals=journals)
    octopus.fetch_master_data({"journal", "period"})
    assert [one["book_year"] for one in octopus.client.sent(operations.JOURNALS)] == [9]


def test_chart_of_today():
    octopus = package(getAccounts=None)
    assert octopus.fetch_master_data({"ledger_account"}) == []
    (arguments,) = octopus.client.sent(operations.ACCOUNTS)
    assert arguments["query"] == {"bookyearId": 9}


def test_dossier_without_book_years():
    octopus = package(getBookyears=None)
    with pytest.raises(ConfigurationMissingError):
        octopus.fetch_master_data({"ledger_account"})
    assert octopus.open_items() == []


# Numbers


def test_last_number_is_believed_once():
    journals = [
        {"bookyearKey": {"id": 9}, "journalKey": key, "lastBookedDocumentNr": number}
        for key, number in (("V1", 42), ("A1", 7))
    ]
    octopus = package(getJournals=journals)
    assert (octopus.last_number("9/V1"), octopus.last_number("9/A1")) == (42, 7)
    assert octopus.client.count(operations.JOURNALS) == 1
    assert octopus.last_number("9/V1") == 42
    assert octopus.client.count(operations.JOURNALS) == 2


def test_last_number_after_an_unknown_outcome_is_asked_anew():
    journals = [{"bookyearKey": {"id": 9}, "journalKey": key} for key in ("V1", "A1")]
    octopus = package(getJournals=journals, insertBuySellBooking=OutcomeUnknownError("dropped"))
    assert octopus.last_number("9/V1") == 0
    with pytest.raises(OutcomeUnknownError):
        octopus.create_document(SALE, "28", 1)
    assert octopus.last_number("9/A1") == 0
    assert octopus.client.count(operations.JOURNALS) == 2


def test_journal_that_does_not_exist():
    with pytest.raises(ConfigurationMissingError):
        package(getJournals=[]).last_number("9/V7")


def test_document_without_a_number_is_not_sent():
    octopus = package()
    with pytest.raises(ConfigurationMissingError):
        octopus.create_document(SALE, "28")
    assert octopus.client.count(operations.INSERT_BOOKING) == 0


# Documents


def booking(number=1, **changes):
    return mapping.booking_payload(SALE, "28", 9, 202601, number) | changes


@pytest.mark.parametrize("code", ["413", REQUEST_TOO_LARGE])
def test_files_that_are_too_large_hold_up_no_booking(code):
    """Nothing was done by then; they follow, each as an item of its own."""
    file = File(key="ir.attachment,1", name="a.pdf", media_type="application/pdf", content=b"x")
    booking = package()
    calls, call = [], booking.client.call

    def refuse_files(operation, **arguments):
        if operation == operations.INSERT_BOOKING:
            calls.append("attachments" in arguments["body"])
            if calls[-1]:
                raise DataRefusedError("too large", code=code)
        return call(operation, **arguments)

    booking.client.call = refuse_files
    stored = booking.create_document(replace(SALE, files=(file,)), "28", 43)
    assert stored.without_files
    assert calls == [True, False]


def test_file_that_no_call_sends_is_not_read():
    """Made into base64 it would take several times its size."""
    file = StoredFile(
        key="ir.attachment,1",
        name="film.pdf",
        media_type="application/pdf",
        size=45 * 2**20,
        checksum="",
        read=lambda: pytest.fail("it was read"),
    )
    booking = package()
    stored = booking.create_document(replace(SALE, files=(file,)), "28", 43)
    assert stored.without_files
    with pytest.raises(DataRefusedError) as caught:
        booking.attach_file(stored.key, file)
    assert caught.value.code == REQUEST_TOO_LARGE
    assert caught.value.values == {"megabytes": "60.0", "most_megabytes": "35.8"}


@pytest.mark.parametrize("code", ["413", REQUEST_TOO_LARGE])
def test_booking_that_is_too_large_by_itself_is_refused(code):
    booking = package(insertBuySellBooking=DataRefusedError("too large", code=code))
    with pytest.raises(DataRefusedError):
        booking.create_document(SALE, "28", 44)
    assert booking.client.count(operations.INSERT_BOOKING) == 1


def test_booking_cannot_move_to_another_journal_or_year():
    octopus = package()
    for changed in (replace(SALE, journal="V2"), SALE):
        key = "9/V1/1" if changed.journal == "V2" else "7/V1/1"
        with pytest.raises(DataRefusedError):
            octopus.update_document(key, changed, "28")
    assert octopus.client.count(operations.UPDATE_BOOKING) == 0


def test_how_it_is_paid_stays_the_accountants():
    octopus = package(getModifiedBuySellBookings=[booking(paymentMethod=12)])
    octopus.read_document("9/V1/1")
    octopus.update_document("9/V1/1", SALE, "28")
    (arguments,) = octopus.client.sent(operations.UPDATE_BOOKING)
    assert arguments["body"]["paymentMethod"] == 12


def test_what_was_just_booked_is_known_without_a_call():
    octopus = package(getModifiedBuySellBookings=None)
    assert octopus.find_document(SALE, "28") == []
    octopus.create_document(SALE, "28", 1)
    assert octopus.find_document(SALE, "28")[0].key == "9/V1/1"
    assert octopus.client.count(operations.CHANGED_BOOKINGS) == 1


def test_given_number_comes_before_an_equal_one():
    rows = [booking(number, orderReference="") for number in (3, 1, 2)]
    octopus = package(getModifiedBuySellBookings=rows)
    found = octopus.find_document(SALE, "28", 2)
    assert [stored.key for stored in found] == ["9/V1/2", "9/V1/1", "9/V1/3"]


def test_look_ups_before_booking_leave_some_for_unknown_outcomes():
    octopus = package(getModifiedBuySellBookings=[])
    octopus.find_document(SALE, "28")
    (spared,) = octopus.client.operations[-1:]
    octopus = package(getModifiedBuySellBookings=[])
    octopus.find_document(SALE, "28", 2)
    (whole,) = octopus.client.operations[-1:]
    assert (spared.name, spared.path) == (whole.name, whole.path)
    assert spared.per_day < whole.per_day == 48


def test_order_reference_of_somebody_else_is_not_our_mark():
    octopus = package(getModifiedBuySellBookings=[booking(orderReference="PO 2026-17")])
    (stored,) = octopus.find_document(SALE, "28", 1)
    assert stored.own_reference == ""


@pytest.mark.parametrize(
    "rows",
    [
        [{"journalKey": "V1"}],
        [booking(documentDate="12/03/2026")],
        [booking(amount="veel")],
        [booking(amount="NaN")],
        [booking(bookingLines=None)],
        [booking(relationIdentificationServiceData=None)],
    ],
)
def test_booking_of_an_unexpected_form(rows):
    with pytest.raises(TemporaryError):
        package(getModifiedBuySellBookings=rows).read_document("9/V1/1")


# Parties


def test_search_for_a_number_typed_without_dots():
    octopus = package(getRelations=[])
    octopus.find_parties(CUSTOMER)
    queries = [one["query"] for one in octopus.client.sent(operations.FIND_RELATIONS)]
    assert queries[0]["vatNr"] == "BE0999.999.130"
    assert queries[0]["extRelationId"] == 4711
    assert queries[1] == {"vatNr": "BE0999999130"}


def test_second_search_is_spared_when_the_first_found_the_number():
    octopus = package(getRelations=[relation(external=0)])
    assert [stored.key for stored in octopus.find_parties(CUSTOMER)] == ["28"]
    assert octopus.client.count(operations.FIND_RELATIONS) == 1


def test_name_that_had_to_be_cut_is_found_again():
    long = replace(CUSTOMER, name="Vereniging " * 12, vat_number="", registry_number="")
    cut = relation(external=0, name=("Vereniging " * 12)[:100].strip(), vatNr="")
    assert [stored.key for stored in package(getRelations=[cut]).find_parties(long)] == ["28"]


def test_active_one_comes_first():
    rows = [relation(1, 0, active=False), relation(2, 0)]
    found = package(getRelations=rows).find_parties(CUSTOMER)
    assert [(stored.key, stored.active) for stored in found] == [("2", True), ("1", False)]


def test_party_that_was_searched_is_saved_with_one_call():
    octopus = package(getRelations=[], insertUpdateRelation=relation(31))
    octopus.find_parties(CUSTOMER)
    before = len(octopus.client.asked)
    assert octopus.save_party(CUSTOMER, None).key == "31"
    assert len(octopus.client.asked) - before == 1


@pytest.mark.parametrize(
    ("changes", "is_duplicate"),
    [
        ({"vatNr": "BE0999999130", "name": "Old name"}, False),
        ({"vatNr": "", "name": "drukkerij  MEULEMANS bv"}, False),
        ({"vatNr": "", "name": "Drukkerij Meulemans B"}, False),  # cut, by whomever
        ({"vatNr": "", "name": "Bakkerij Claes"}, True),
        ({"vatNr": "BE0999.999.229"}, True),
    ],
)
def test_who_carries_our_number(changes, is_duplicate):
    octopus = package(getRelations=[relation(**changes)], insertUpdateRelation=None)
    if is_duplicate:
        with pytest.raises(DuplicateError):
            octopus.save_party(CUSTOMER, None)
        assert octopus.client.count(operations.SAVE_RELATION) == 0
    else:
        assert octopus.save_party(CUSTOMER, None).key == "28"


def test_list_of_all_relations_is_gone_through_once(monkeypatch):
    """And not once more for each new party."""
    changed = [relation(key, 9000 + key, vatNr=f"BE 0{key:09}") for key in range(1, 101)]
    octopus = package(getRelations=[], getModifiedRelations={"modified": changed})
    looked_at, stored_party = [], mapping.stored_party

    def count(row):
        looked_at.append(row)
        return stored_party(row)

    monkeypatch.setattr(mapping, "stored_party", count)
    for key in range(1, 6):
        number = f"0{key:09}"
        party = replace(
            CUSTOMER, external_number=key, vat_number=f"BE{number}", registry_number=number
        )
        assert [one.key for one in octopus.find_parties(party)] == [str(key)]
    assert octopus.client.count(operations.ALL_RELATIONS) == 1
    # and what each search found twice: is it the one, and what does it hold?
    assert len(looked_at) == len(changed) + 2 * 5


def test_relation_that_is_gone():
    """The core makes the contact anew when a person asks, where the package says so."""
    octopus = package(getRelations=[])
    with pytest.raises(DataRefusedError) as caught:
        octopus.save_party(CUSTOMER, "28")
    assert caught.value.code == DataRefusedError.PARTY_GONE
    assert octopus.client.count(operations.SAVE_RELATION) == 0


def test_new_relation_without_a_key_in_the_answer():
    with pytest.raises(TemporaryError):
        package(getRelations=[], insertUpdateRelation={"name": "x"}).save_party(CUSTOMER, None)


# Settlements


def test_match_that_is_listed_as_present_and_removed_is_present():
    changes = {
        "modifiedBalancings": [BALANCINGS["customer_pays"]],
        "deletedBalancings": [BALANCINGS["customer_pays"], BALANCINGS["we_pay_a_supplier"]],
    }
    read = package(getModifiedBalancingRelations=changes).settlements_since("")
    assert read.removed == ("9/F1/3/2|8/A1/118",)
    assert [one.key for one in read.settlements] == ["9/V1/43|9/F1/12/1"]


def test_matches_are_read_once_a_run():
    """Many bookings may be refused in one run, and settlements are read with the same few calls."""
    octopus = package(
        getModifiedBalancingRelations={"modifiedBalancings": [BALANCINGS["customer_pays"]]}
    )
    [match] = octopus.matches_of("9/V1/43")
    assert (match.kind, match.number) == ("payment", "F1 2026/12")
    assert octopus.matches_of("9/V1/44") == []
    assert octopus.client.count(operations.CHANGED_BALANCINGS) == 1


def test_matches_of_ledger_accounts_are_nobodys():
    other = {**BALANCINGS["customer_pays"], "type": {"type": "A", "accountNr": 580000}}
    changes = {"modifiedBalancings": [other], "deletedBalancings": [other]}
    read = package(getModifiedBalancingRelations=changes).settlements_since("")
    assert (read.settlements, read.removed) == ((), ())


def test_misc_bookings_are_read_only_when_they_settle_something():
    changes = {"modifiedBalancings": [BALANCINGS["customer_pays"]]}
    octopus = package(getModifiedBalancingRelations=changes)
    octopus.settlements_since("")
    assert octopus.client.count(operations.CHANGED_MISC_BOOKINGS) == 0
    octopus.client.answers["getModifiedBalancingRelations"] = {
        "modifiedBalancings": [BALANCINGS["moved_away"]]
    }
    assert octopus.settlements_since("").settlements[0].kind == "other"
    assert octopus.client.count(operations.CHANGED_MISC_BOOKINGS) == 1


@pytest.mark.parametrize("cursor", ["", "rubbish", "[]", "{}", '"text"'])
def test_first_reading_begins_at_the_beginning(cursor):
    octopus = package(getModifiedBalancingRelations=None)
    octopus.settlements_since(cursor)
    (arguments,) = octopus.client.sent(operations.CHANGED_BALANCINGS)
    assert arguments["query"] == {"modifiedTimeStamp": "1980-01-01 00:00:00.000"}


def test_next_reading_begins_before_the_last_one_began():
    octopus = package(getModifiedBalancingRelations=None)
    cursor = octopus.settlements_since("").cursor
    octopus.settlements_since(cursor)
    last = octopus.client.sent(operations.CHANGED_BALANCINGS)[-1]
    assert last["query"] == {"modifiedTimeStamp": "2026-03-10 10:30:00.000"}


@pytest.mark.parametrize("damage", ["type", "debetDocument", "creditDocument"])
def test_match_of_an_unexpected_form(damage):
    row = {name: value for name, value in BALANCINGS["customer_pays"].items() if name != damage}
    octopus = package(getModifiedBalancingRelations={"modifiedBalancings": [row]})
    with pytest.raises(TemporaryError):
        octopus.settlements_since("")
