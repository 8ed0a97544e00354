"""When a document goes wrong on its way: what the error says, and that nothing is booked twice."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from odoo.addons.accountable_connect.api.errors import (
    ConfigurationMissingError,
    DataRefusedError,
    LimitReachedError,
    NumberTakenError,
    OutcomeUnknownError,
    PackageError,
    PeriodClosedError,
    TemporaryError,
)

from . import case as words

# About answers: it has no meaning where nothing answers.
pytestmark = pytest.mark.live


@pytest.mark.parametrize(
    "kind",
    [words.ANSWER_LOST, words.SERVER_ERROR_DONE],
)
def test_booked_without_an_answer_is_found_again(package_case, package, build, book, kind):
    document = build.sale()
    package_case.fault(words.CREATE_DOCUMENT, kind)
    with pytest.raises(OutcomeUnknownError):
        book(document)
    (key,) = package_case.keys()
    number = 1 if package.capabilities.consecutive_numbers else None
    found = package.find_document(document, package_case.party_of(key), number)
    assert [stored.key for stored in found] == [key]
    assert found[0].own_reference in (document.own_reference, "")
    assert package.read_document(key).version == found[0].version


@pytest.mark.parametrize(
    "kind", [words.NOTHING_DONE, words.SERVER_ERROR, words.HTML, words.GARBAGE, words.EMPTY]
)
def test_not_booked_without_an_answer_is_not_found(package_case, package, build, book, kind):
    document = build.sale()
    package_case.fault(words.CREATE_DOCUMENT, kind)
    with pytest.raises(OutcomeUnknownError):
        book(document)
    assert package_case.keys() == []
    number = 1 if package.capabilities.consecutive_numbers else None
    assert package.find_document(document, package_case.unknown_party, number) == []
    assert book(document).key in package_case.keys()


def test_a_write_is_never_repeated_by_itself(package_case, package, build, book):
    package_case.fault(words.CREATE_DOCUMENT, words.NOTHING_DONE, count=1)
    with pytest.raises(OutcomeUnknownError):
        book(build.sale())
    assert package_case.budget.calls and not package_case.keys()


def test_answer_too_large(package_case, package, build, book):
    package_case.fault(words.CREATE_DOCUMENT, words.HUGE)
    with pytest.raises(OutcomeUnknownError):
        book(build.sale())


def test_nothing_listens(package_case, build, customer):
    """No connection came about, so that nothing can be booked."""
    with package_case.open() as package:
        document = build.sale()
        series = package.number_series(document)
    with package_case.open(reachable=False) as package, pytest.raises(TemporaryError):
        package.last_number(series) if series else package.create_document(document, customer)


def test_what_was_read_before_is_not_believed_after_a_lost_answer(
    package_case, package, build, book
):
    first = build.sale()
    assert package.find_document(first, package_case.unknown_party, 1) == []
    package_case.fault(words.CREATE_DOCUMENT, words.ANSWER_LOST)
    with pytest.raises(OutcomeUnknownError):
        book(first)
    (key,) = package_case.keys()
    assert [found.key for found in package.find_document(first, package_case.party_of(key), 1)] == [
        key
    ]


def test_another_document_of_ours_under_the_number_is_not_taken_for_it(
    package_case, package, build, book, customer
):
    """Two databases or workers: equal party, date and total, but it is the other's."""
    first = book(build.sale())
    found = package.find_document(build.sale(), customer, 1)
    if package.read_document(first.key).own_reference:
        assert found == []
    else:
        assert {stored.own_reference for stored in found} == {""}


def test_document_booked_by_hand_is_found_by_party_date_and_total(
    package_case, package, build, customer
):
    document = build.sale("100.00")
    key = package_case.book_by_hand(
        package_case.codes.sale_journal, customer, Decimal("121.00"), document.document_date
    )
    found = package.find_document(document, customer)
    assert [stored.key for stored in found] == [key]
    assert found[0].own_reference == ""
    for other in (
        build.sale("100.01"),
        build.dated(build.sale("100.00"), date(package_case.year, 3, 11)),
    ):
        assert package.find_document(other, customer) == []
    assert package.find_document(document, package_case.unknown_party) == []


def test_documents_told_before_are_found_as_one_by_one(package_case, package, build, supplier):
    """Bills of a run: those that are there, those that are not, in the order they were told."""
    journal = package_case.codes.purchase_journal
    bills = [
        build.purchase(f"{100 + number}.00", reference=f"F 2026/07{number:02}")
        for number in range(12)
    ]
    keys = {
        number: package_case.book_by_hand(
            journal, supplier, bills[number].total, bills[number].document_date, f"X{number}"
        )
        for number in (0, 5, 11)
    }
    package.announce_look_ups([(bill, supplier) for bill in bills])
    for number, bill in enumerate(bills):
        found = [stored.key for stored in package.find_document(bill, supplier)]
        assert found == ([keys[number]] if number in keys else [])


def test_bill_with_the_suppliers_number_is_found_whatever_its_figures(
    package_case, package, build, supplier
):
    """Somebody entered it with another total or date: a person has to look at both."""
    bill = build.purchase("100.00", reference="F 2026/0118")
    journal = package_case.codes.purchase_journal
    day = date(package_case.year, 3, 2)
    key = package_case.book_by_hand(journal, supplier, Decimal("99.00"), day, "F2026-118")
    other = build.supplier(
        external_number=4714, name="Garage Noël", vat_number="", registry_number=""
    )
    other_key = package.save_party(other, None).key
    package_case.book_by_hand(journal, other_key, Decimal("99.00"), day, "F2026-118")
    package_case.book_by_hand(journal, supplier, Decimal("99.00"), day, "F2026-119")
    assert [stored.key for stored in package.find_document(bill, supplier)] == [key]


def test_our_own_comes_before_one_by_hand(package_case, package, build, book, customer):
    document = build.sale("100.00")
    package_case.book_by_hand(
        package_case.codes.sale_journal, customer, Decimal("121.00"), document.document_date
    )
    ours = book(document)
    with package_case.open() as next_run:
        assert next_run.find_document(document, customer)[0].key == ours.key


def test_number_taken_by_a_person(package_case, package, build, customer):
    if not package.capabilities.consecutive_numbers:
        pytest.skip("the package numbers itself")
    document = build.sale()
    number = package.last_number(package.number_series(document)) + 1
    package_case.book_by_hand(
        package_case.codes.sale_journal, customer, Decimal("50.00"), document.document_date
    )
    with pytest.raises(NumberTakenError) as caught:
        package.create_document(document, customer, number)
    assert caught.value.last_number == number
    assert len(package_case.keys()) == 1
    stored = package.create_document(document, customer, caught.value.last_number + 1)
    assert package.last_number(package.number_series(document)) == number + 1
    assert stored.key in package_case.keys()


def test_repeating_the_same_number_books_nothing(package_case, package, build, book, customer):
    if not package.capabilities.consecutive_numbers:
        pytest.skip("the package numbers itself")
    document = build.sale()
    book(document)
    with pytest.raises(NumberTakenError) as caught:
        package.create_document(document, customer, 1)
    assert caught.value.last_number == 1
    assert len(package_case.keys()) == 1


def test_closed_period(package_case, build, book):
    package_case.close_period(date(package_case.year, 3, 31))
    with pytest.raises(PeriodClosedError):
        book(build.sale())
    assert package_case.keys() == []
    april = build.dated(build.sale(), date(package_case.year, 4, 2))
    assert book(april).key in package_case.keys()


def test_late_bill_goes_to_an_open_period_with_its_own_date(package_case, build, book):
    package_case.close_period(date(package_case.year, 3, 31))
    bill = build.purchase()
    stored = book(replace(bill, accounting_date=date(package_case.year, 4, 30)))
    assert stored.document_date == bill.document_date


def test_date_without_a_book_year(package_case, build, book):
    far = build.dated(build.sale(), date(package_case.year + 20, 1, 5))
    with pytest.raises((ConfigurationMissingError, PeriodClosedError)):
        book(far)
    assert package_case.keys() == []


def test_journal_in_use_by_somebody(package_case, build, book):
    if not package_case.locks_journals:
        pytest.skip("nobody keeps others out of a journal")
    journal = package_case.codes.sale_journal
    package_case.open_journal_elsewhere(journal, True)
    with pytest.raises(TemporaryError):
        book(build.sale())
    assert package_case.keys() == []
    package_case.open_journal_elsewhere(journal, False)
    assert book(build.sale()).key in package_case.keys()


@pytest.mark.parametrize("field", ["account", "vat_code", "journal", "vat_code_of_purchases"])
def test_code_that_does_not_exist(package_case, build, book, field):
    codes = package_case.codes
    account = "799999" if field == "account" else codes.revenue
    code = {"vat_code": "ZZ", "vat_code_of_purchases": codes.purchase[21]}.get(
        field, codes.sale[21]
    )
    line = build.line(account, code, "100", 21)
    journal = "V9" if field == "journal" else codes.sale_journal
    with pytest.raises(ConfigurationMissingError) as caught:
        book(build.document("sale", [line], journal=journal))
    assert caught.value.code
    assert package_case.keys() == []


def test_one_refused_document_leaves_the_others_alone(package_case, package, build, book):
    book(build.sale())
    bad = build.line("799999", package_case.codes.sale[21], "100", 21)
    with pytest.raises(PackageError):
        book(build.document("sale", [bad]))
    book(build.sale())
    assert len(package_case.keys()) == 2


def test_party_that_is_gone(package, package_case, build):
    document = build.sale()
    series = package.number_series(document)
    number = package.last_number(series) + 1 if series else None
    with pytest.raises(DataRefusedError):
        package.create_document(document, package_case.unknown_party, number)
    assert package_case.keys() == []


def test_limit(package_case, build, book):
    package_case.fault(words.CREATE_DOCUMENT, words.LIMIT)
    with pytest.raises(LimitReachedError):
        book(build.sale())
    assert package_case.keys() == []


def test_number_of_calls_for_a_document(package_case, package, build, book):
    """After the first of a run, a document with its files is one call."""
    book(build.sale())
    series = package.number_series(build.sale())
    before = package_case.budget.total
    party = package_case.party_of(package_case.keys()[0])
    for number in (2, 3, 4):
        package.create_document(build.sale(), party, number if series else None)
    assert package_case.budget.total - before == 3


def test_sixty_documents_once_each(package_case, package, build, customer):
    """Every third call goes wrong somehow; what is missing is sent again after looking it up."""
    kinds = [words.ANSWER_LOST, words.NOTHING_DONE, words.SERVER_ERROR_DONE, words.GARBAGE]
    for index in range(60):
        document = build.sale(f"{index + 1}.00")
        if index % 3 == 0:
            package_case.fault(words.CREATE_DOCUMENT, kinds[index // 3 % len(kinds)])
        for _try in range(3):
            number = index + 1 if package.capabilities.consecutive_numbers else None
            try:
                if _try and package.find_document(document, customer, number):
                    break
                package.create_document(document, customer, number)
                break
            except OutcomeUnknownError:
                continue
    keys = package_case.keys()
    assert len(keys) == 60
    revenue = [package_case.entry(key)[package_case.codes.revenue] for key in keys]
    assert sorted(revenue) == sorted(-Decimal(index + 1) for index in range(60))
