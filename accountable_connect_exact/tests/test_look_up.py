"""Bills that are looked up together: one call for several, an answer that is given once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from odoo.addons.accountable_connect.api import announced_look_ups
from odoo.addons.accountable_connect.api.errors import TemporaryError
from odoo.addons.accountable_connect_exact.api import look_up

from .books import PARTY
from .prepared_package import BILL, OTHER, package

ENTRIES = "purchaseentry/PurchaseEntries"
COUNT = 40


def bills(count=COUNT):
    return [
        replace(
            BILL,
            own_reference=f"odoo-1-{number}",
            reference=f"F{number:05}",
            document_date=BILL.document_date + timedelta(days=number),
        )
        for number in range(count)
    ]


def told(sought, rows=()):
    exact = package({ENTRIES: rows})
    exact.announce_look_ups(sought)
    return exact


def entry(document, party_key, number=1):
    return {
        "EntryID": f"5e000000-0000-4000-8000-{number:012}",
        "Supplier": party_key,
        "Journal": "60",
        "EntryNumber": number,
        "EntryDate": document.document_date.isoformat(),
        "Currency": document.currency,
        "AmountFC": -document.total,
        "Type": 30,
        "YourRef": "",
    }


def test_few_calls_and_each_fits_an_address():
    exact = told([(bill, PARTY) for bill in bills()])
    for bill in bills():
        assert exact.find_document(bill, PARTY) == []
    filters = [content for _method, _entity, content in exact.client.calls]
    assert len(filters) <= COUNT / 6
    assert all(len(look_up.quote(text)) < 1800 for text in filters)
    for number in range(COUNT):
        assert sum(f"substringof('{number}',YourRef)" in text for text in filters) == (number > 0)


def test_each_gets_what_is_there_of_its_own_party():
    """Two suppliers with bills of the same day and amount."""
    bill = bills(1)[0]
    rows = [entry(bill, PARTY, 1), entry(bill, OTHER, 2)]
    exact = told([(bill, PARTY), (bill, OTHER)], rows)
    alone = package({ENTRIES: rows})
    for party_key, number in ((PARTY, 1), (OTHER, 2)):
        found = exact.find_document(bill, party_key)
        assert [stored.number for stored in found] == [f"60 /{number}"]
        assert found == alone.find_document(bill, party_key)
    assert exact.client.made.count(f"GET {ENTRIES}") == 1


def test_an_answer_is_given_once():
    first, second = bills(2)
    exact = told([(first, PARTY), (second, PARTY)])
    calls = []
    for bill in (first, second, second, first):
        exact.find_document(bill, PARTY)
        calls.append(len(exact.client.calls))
    assert calls == [1, 1, 2, 3]


@pytest.mark.parametrize("way", ["late", "clock put back", "forgotten"])
def test_an_answer_that_is_not_fresh_is_none(way):
    first, second = bills(2)
    exact = told([(first, PARTY), (second, PARTY)])
    exact.find_document(first, PARTY)
    if way == "late":
        exact.client.moment += announced_look_ups.FRESH + timedelta(seconds=1)
    elif way == "clock put back":
        exact.client.moment -= timedelta(seconds=1)
    else:
        exact.announce_look_ups(())
    exact.find_document(second, PARTY)
    assert len(exact.client.calls) == 2


def test_a_look_up_that_fails_tells_nothing_of_the_others():
    first, second = bills(2)
    exact = told([(first, PARTY), (second, PARTY)], [entry(second, PARTY)])
    exact.client.errors = {("GET", ENTRIES): [TemporaryError("away")]}
    with pytest.raises(TemporaryError):
        exact.find_document(first, PARTY)
    assert len(exact.find_document(second, PARTY)) == 1


def test_one_that_was_not_told_is_asked_for_alone():
    first, second = bills(2)
    exact = told([(first, PARTY), (second, "987654")])
    exact.find_document(second, PARTY)
    exact.find_document(first, PARTY)
    assert len(exact.client.calls) == 2
    assert all(" or (" not in content for _method, _entity, content in exact.client.calls)
