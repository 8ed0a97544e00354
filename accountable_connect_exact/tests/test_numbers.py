"""Entry numbers that are given: which, whether they are kept, and one that is in use."""

import pytest
from odoo.addons.accountable_connect.api.errors import (
    DataRefusedError,
    NumberTakenError,
    OutcomeUnknownError,
)

from .books import ENTRY, PARTY
from .prepared_package import BILL, SALE, answer, entry_rows, package

ENTRIES = "salesentry/SalesEntries"
IN_USE = DataRefusedError("In gebruik: Boekstuknummer", code="number_in_use")


def keeping(body):
    """An answer of a division that keeps the number it is given."""
    row = answer(body)
    return {**row, "EntryNumber": body.get("EntryNumber", row["EntryNumber"])}


def test_series_is_side_journal_and_year_of_the_accounting_date():
    exact = package()
    assert exact.number_series(SALE) == "sale/70/2026"
    assert exact.number_series(BILL) == "purchase/60/2026"
    assert exact.client.calls == []


@pytest.mark.parametrize(
    ("rows", "number"),
    [([], 0), ([{"EntryNumber": 26700042}], 26700042), ([{"EntryNumber": 2**31 - 1}], 0)],
)
def test_highest_is_one_call(rows, number):
    exact = package({ENTRIES: rows})
    exact.client.known["entry numbers"] = {"kept": 43}
    assert exact.last_number("sale/70/2026") == number
    assert exact.client.calls == [("GET", ENTRIES, "Journal eq '70' and ReportingYear eq 2026")]


def test_journal_with_a_slash():
    exact = package()
    exact.last_number("sale/7/0/2026")
    assert exact.client.calls[0][2] == "Journal eq '7/0' and ReportingYear eq 2026"


def test_number_is_sent():
    exact = package(**{ENTRIES: keeping})
    exact.create_document(SALE, PARTY, 43)
    assert exact.client.calls[-1][2]["EntryNumber"] == 43
    exact.create_document(SALE, PARTY)
    assert "EntryNumber" not in exact.client.calls[-1][2]


def test_protects_once_an_answer_bore_it():
    exact = package(**{ENTRIES: keeping})
    exact.create_document(SALE, PARTY)
    assert not exact.refuses_used_number()
    exact.create_document(SALE, PARTY, 43)
    assert exact.refuses_used_number()
    assert exact.number_series(SALE)


def test_answer_that_says_little_is_read_again_for_it():
    def thin(body):
        return {"EntryID": ENTRY}

    exact = package({ENTRIES: entry_rows(SALE, EntryNumber=43)[ENTRIES]}, **{ENTRIES: thin})
    exact.create_document(SALE, PARTY, 43)
    assert exact.refuses_used_number()


def test_another_number_ends_it_for_good():
    exact = package()
    exact.create_document(SALE, PARTY, 26700042)
    assert exact.refuses_used_number()
    exact.create_document(SALE, PARTY, 26700043)
    assert not exact.refuses_used_number()
    assert exact.number_series(SALE) is None
    exact.create_document(SALE, PARTY, 26700042)
    assert not exact.refuses_used_number()
    assert exact.client.known == {"entry numbers": {"given": 26700043, "booked": 26700042}}


def test_some_are_left_out_until_it_is_known_whether_they_are_kept():
    """The next one Exact would have taken by itself, so an answer with it tells nothing."""
    exact = package({ENTRIES: [{"EntryNumber": 42}]}, **{ENTRIES: keeping})
    number = exact.last_number("sale/70/2026") + 1
    assert number > 43
    exact.create_document(SALE, PARTY, number)
    assert exact.last_number("sale/70/2026") == 42


def test_number_that_was_chosen_before_tells_nothing():
    exact = package(**{ENTRIES: keeping})
    exact.create_document(SALE, PARTY, 43, again=True)
    assert not exact.refuses_used_number()


def test_lost_answer_tells_nothing():
    exact = package(errors={("POST", ENTRIES): OutcomeUnknownError("no answer")})
    with pytest.raises(OutcomeUnknownError):
        exact.create_document(SALE, PARTY, 43)
    assert not exact.refuses_used_number()


def test_in_use():
    exact = package(errors={("POST", ENTRIES): IN_USE})
    with pytest.raises(NumberTakenError) as caught:
        exact.create_document(SALE, PARTY, 43)
    assert (caught.value.code, caught.value.last_number) == ("number_in_use", None)


def test_in_use_where_none_was_given():
    exact = package(errors={("POST", ENTRIES): IN_USE})
    with pytest.raises(DataRefusedError):
        exact.create_document(SALE, PARTY)


def test_look_up_asks_for_the_number_too():
    exact = package()
    exact.find_document(SALE, PARTY, 43)
    [(_method, _entity, condition)] = exact.client.calls
    place = "Journal eq '70' and ReportingYear eq 2026 and EntryNumber eq 43"
    assert condition.endswith(f" or ({place})")
    exact.find_document(SALE, PARTY)
    assert "EntryNumber" not in exact.client.calls[-1][2]


def test_one_of_another_party_under_the_number_is_ours_by_its_mark():
    other = "3c3c1b0e-0000-4000-8000-000000000009"
    rows = entry_rows(SALE, Customer=other, EntryDate="/Date(1767225600000)/")
    exact = package(rows)
    assert len(exact.find_document(SALE, PARTY, 43)) == 1
    rows[ENTRIES][0]["ExternalLinkReference"] = None
    assert exact.find_document(SALE, PARTY, 43) == []
