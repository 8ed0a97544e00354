"""Is a booking as we sent it, and where is it now? What decides whether it may be changed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from odoo.addons.accountable_connect.api import matching
from odoo.addons.accountable_connect.documents.difference import TEXTS, difference

from .test_documents import PURCHASES, SALES, dollars, purchases, sales

# About answers: it has no meaning where nothing answers.
pytestmark = pytest.mark.live


def reread(package_case, key):
    """The booking as a later run reads it."""
    with package_case.open() as later:
        return later.read_document(key)


@pytest.mark.parametrize("name", sorted({*SALES, *PURCHASES}))
def test_lines_are_those_that_were_sent(package_case, package, build, book, name):
    for examples in (sales(build), purchases(build)):
        if name not in examples:
            continue
        kind, lines, _boxes = examples[name]
        document = build.document(kind, lines)
        stored = reread(package_case, book(document).key)
        assert len(stored.lines) == len(lines)
        assert matching.same_lines(stored.lines, package.lines_of(document))


@pytest.mark.parametrize("kind", ["sale_refund", "purchase_refund"])
def test_lines_of_a_credit_note_of_nothing_and_of_one_in_dollars(
    package_case, package, build, book, kind
):
    codes = package_case.codes
    account, code, share = codes.revenue, codes.sale[21], None
    if kind.startswith("purchase"):
        account, code, share = codes.cost, codes.purchase[21], 100
    other = build.line(account, code, "-100", 21, share=share)
    nothing = build.document(kind, [build.line(account, code, "100", 21, share=share), other])
    foreign = build.document(
        kind,
        [build.line(account, code, "1000", 21, share=share, to_company=dollars)],
        currency="USD",
        rate=Decimal("1.0850"),
    )
    for document in (nothing, foreign):
        stored = reread(package_case, book(document).key)
        assert matching.same_lines(stored.lines, package.lines_of(document))
        assert not matching.contradictions(stored, document, stored.party_key)


def test_recoded_lines_are_others(package_case, package, build, book):
    document = build.purchase()
    key = book(document).key
    package_case.recode(key, package_case.codes.car_cost)
    stored = reread(package_case, key)
    assert not matching.same_lines(stored.lines, package.lines_of(document))
    assert matching.compare(stored, document, stored.party_key) == matching.OURS
    assert [line.ledger_account for line in stored.lines] == [package_case.codes.car_cost]


def test_our_mark_with_other_figures_is_found_and_told(
    package_case, package, build, book, supplier
):
    """The bill changed in Odoo after it was booked, and nothing of the booking is remembered."""
    sent = build.purchase("100.00", reference="F 2026/0118")
    key = book(sent).key
    other = build.purchase("150.00", reference="F 2026/0118")
    present = replace(other, own_reference=sent.own_reference, number=sent.number)
    with package_case.open() as later:
        (found,) = later.find_document(present, supplier)
    assert found.key == key
    assert matching.compare(found, present, supplier) == matching.OURS_OTHERWISE
    assert matching.contradictions(found, present, supplier) == ["total"]
    assert found.total == Decimal("121.00")


def test_a_booking_in_another_currency_is_not_the_same(
    package_case, package, build, book, supplier
):
    day = date(package_case.year, 3, 10)
    journal = package_case.codes.purchase_journal
    key = package_case.book_by_hand(journal, supplier, Decimal("121.00"), day, "F-7")
    line = build.line(
        package_case.codes.cost,
        package_case.codes.purchase[21],
        "100.00",
        21,
        share=100,
        to_company=dollars,
    )
    values = {"currency": "USD", "rate": Decimal("1.0850")}
    document = build.document("purchase", [line], reference="F-7", **values)
    (found,) = package.find_document(document, supplier)
    assert found.key == key
    assert matching.compare(found, document, supplier) == matching.DOUBTFUL
    assert package.find_document(replace(document, reference=""), supplier) == []


def test_renumbered_booking_is_followed(package_case, package, build, book):
    """By its mark, whatever took its old number; nobody touched it, so its version is the same."""
    first, other = build.purchase("100.00"), build.purchase("200.00")
    before, neighbour = book(first), book(other)
    package_case.delete(neighbour.key)
    package_case.renumber(before.key)
    with package_case.open() as later:
        stored = later.read_document(before.key)
        if stored is None:
            stored = later.find_moved(before.key, first.own_reference, "")
        assert stored.own_reference == first.own_reference
        assert stored.version == before.version
        assert later.find_moved(before.key, "odoo-0a1b2c3d-999", "another version") is None
        line = build.line(
            package_case.codes.cost, package_case.codes.purchase[21], "110.00", 21, share=100
        )
        changed = replace(first, lines=(line,), total=line.total, total_company=line.total_company)
        updated = later.update_document(stored.key, changed, stored.party_key)
    assert updated.total == Decimal("133.10")
    assert package_case.keys() == [updated.key]


def test_words_alone_are_changed_where_they_stand(package_case, package, build, book, customer):
    """Two invoices that were numbered anew: each shows its own number afterwards."""
    first, second = build.sale("100.00"), build.sale("200.00")
    keys = [book(one).key for one in (first, second)]
    renamed = [
        replace(first, number=second.number, due_date=date(package_case.year, 5, 1)),
        replace(second, number=first.number),
    ]
    with package_case.open() as later:
        for key, sent, present in zip(keys, (first, second), renamed, strict=True):
            assert difference(sent, present) == TEXTS
            assert later.read_document(key) is not None
            assert later.update_document(key, present, customer).key == key
    for key, sent, present in zip(keys, (first, second), renamed, strict=True):
        stored = reread(package_case, key)
        assert present.number in stored.text
        assert sent.number not in stored.text
        assert stored.total == sent.total


def test_renumbered_booking_of_the_accountant_is_followed(package_case, package, build, supplier):
    """It has no mark of ours: by what stands in it, where that stands there once."""
    journal, day = package_case.codes.purchase_journal, date(package_case.year, 3, 10)
    key, twin = (
        package_case.book_by_hand(journal, supplier, Decimal("121.00"), day, reference)
        for reference in ("F-1", "F-2")
    )
    version = package.read_document(key).version
    package_case.delete(twin)
    package_case.renumber(key)
    with package_case.open() as later:
        stored = later.read_document(key) or later.find_moved(key, "odoo-0a1b2c3d-1", version)
        assert (stored.reference, stored.version) == ("F-1", version)
    package_case.book_by_hand(journal, supplier, Decimal("121.00"), day, "F-3")
    with package_case.open() as later:
        assert later.find_moved(key, "odoo-0a1b2c3d-1", version) is None


def test_another_document_of_ours_is_left_out_and_told_when_asked(
    package_case, package, build, book, customer
):
    """Only the caller knows whether it ever made it; a copy of its database may have."""
    first = book(build.sale("100.00"))
    own_reference = package.read_document(first.key).own_reference
    same = build.sale("100.00")
    with package_case.open() as later:
        later.find_document(same, customer)
        told = {one.key: one.own_reference for one in later.left_out()}
        assert told == ({first.key: own_reference} if own_reference else {})
        later.find_document(build.sale("7.00"), customer)
        assert later.left_out() == []
