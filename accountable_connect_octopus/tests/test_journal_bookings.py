"""The bookings of a journal: what is looked at of them, and that nothing is missed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.accountable_connect.api.matching import sort_out
from odoo.addons.accountable_connect_octopus.api import mapping
from odoo.addons.accountable_connect_octopus.api.journal_bookings import JournalBookings

from .test_mapping import DOCUMENTS

BILL = DOCUMENTS["purchase_partly_deductible"]
MARK = BILL.own_reference
DATES = ("2026-03-12", BILL.document_date.isoformat())


def booking(number, document=BILL, relation=28, **changes):
    payload = mapping.booking_payload(document, str(relation or 0), 9, 202601, number)
    if relation is None:
        payload["relationIdentificationServiceData"] = {}
    return {**payload, **changes}


def unmarked(number, **changes):
    return booking(number, orderReference="", **changes)


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "relation": st.sampled_from((28, 29, None)),
            "orderReference": st.sampled_from(("", "PO 7", MARK, f"{MARK}-reverse-3", "odoo-x-9")),
            "documentDate": st.sampled_from(DATES),
            "reference": st.sampled_from(("", BILL.reference, f"0{BILL.reference}", "F/3")),
            "amount": st.sampled_from((Decimal(1), BILL.total, -BILL.total)),
            "currencyCode": st.sampled_from(("EUR", "USD")),
        }
    ),
    max_size=8,
)


@given(
    rows=ROWS,
    written=ROWS,
    party_key=st.sampled_from(("28", "")),
    number=st.sampled_from((None, 1, 2, 99)),
    reference=st.sampled_from((BILL.reference, "")),
)
def test_all_that_could_be_it_are_among_those_looked_at(
    rows, written, party_key, number, reference
):
    document = replace(BILL, reference=reference)
    bookings = JournalBookings([booking(place, **row) for place, row in enumerate(rows, 1)], "2026")
    bookings.which_could_be(document, party_key, number)
    for place, row in enumerate(written, 1):
        row = booking(place, **row)
        bookings.put(row, mapping.stored_document(row, "2026"))

    def has_number(stored):
        return mapping.split_key(stored.key)[2] == number

    of_few = bookings.which_could_be(document, party_key, number)
    of_all = sorted(bookings.all(), key=lambda stored: mapping.split_key(stored.key)[2])
    assert sort_out(of_few, document, party_key, has_number) == sort_out(
        of_all, document, party_key, has_number
    )


def test_of_a_thousand_bookings_those_that_could_be_it_are_read(monkeypatch):
    rows = [unmarked(number, documentDate="2026-01-02", reference="x") for number in range(1, 899)]
    rows += [unmarked(number, relation=29) for number in range(901, 1000)]
    rows += [
        unmarked(899, reference="x", amount=1),
        booking(900, reference="x", orderReference="odoo-x-9"),
        unmarked(1000, documentDate="2026-01-02"),
        unmarked(1001, reference="x"),
        booking(1002, relation=29),
    ]
    read, stored_document = [], mapping.stored_document
    monkeypatch.setattr(
        mapping,
        "stored_document",
        lambda row, year: read.append(row["documentSequenceNr"]) or stored_document(row, year),
    )
    bookings = JournalBookings(rows, "2026")
    for _again in range(2):
        bookings.which_could_be(BILL, "28", None)
    assert read == [1000, 1001, 1002]


def test_a_booking_of_another_date_is_found_under_its_number():
    bookings = JournalBookings([unmarked(4, documentDate="2026-01-02", reference="x")], "2026")
    (stored,) = bookings.which_could_be(BILL, "29", 4)
    assert stored.document_date == date(2026, 1, 2)
