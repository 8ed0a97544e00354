"""Numbers that are unique without being consecutive: given, kept, and refused when given twice."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from odoo.addons.accountable_connect.api.errors import NumberTakenError, OutcomeUnknownError

from . import case as words

# About answers: it has no meaning where nothing answers.
pytestmark = pytest.mark.live


@pytest.fixture
def numbered(package_case, package, build, book):
    """Skips what numbers otherwise; the series of sales, with an entry in it."""
    if not package.capabilities.unique_numbers:
        pytest.skip("numbers are consecutive, or the package's own")
    book(build.sale())
    return package.number_series(build.sale())


@pytest.fixture
def kept(package_case, package, build, customer, numbered):
    """The number of a document that got the one it was given; skips where they are ignored."""
    if not package_case.keeps_numbers:
        pytest.skip("given numbers are ignored")
    number = package.last_number(numbered) + 1
    package.create_document(build.sale(), customer, number)
    return number


def test_empty_series(package, build):
    if not package.capabilities.unique_numbers:
        pytest.skip("numbers are consecutive, or the package's own")
    assert package.last_number(package.number_series(build.sale())) == 0
    assert not package.refuses_used_number()


def test_series_are_apart(package_case, package, build, numbered):
    others = [
        build.document("sale", build.sale().lines, journal=package_case.codes.other_sale_journal),
        build.purchase(),
        build.dated(build.sale(), date(package_case.year - 1, 3, 11)),
        replace(build.purchase(), accounting_date=date(package_case.year - 1, 12, 31)),
    ]
    series = [package.number_series(document) for document in others]
    assert len({numbered, *series}) == 5
    assert [package.last_number(one) for one in series] == [0] * 4
    assert package.number_series(build.sale_refund()) == numbered


def test_highest_is_whosever_it_is(package_case, package, customer, numbered):
    before = package.last_number(numbered)
    package_case.book_by_hand(
        package_case.codes.sale_journal, customer, Decimal("50.00"), date(package_case.year, 6, 3)
    )
    assert package.last_number(numbered) == before + 1


def test_number_is_kept_and_gaps_are_allowed(package, build, customer, kept, numbered):
    package.create_document(build.sale(), customer, kept + 7)
    assert package.last_number(numbered) == kept + 7
    assert package.refuses_used_number()


@pytest.mark.parametrize("kind", ["sale", "purchase", "sale_refund", "purchase_refund"])
def test_number_given_twice_is_refused(
    package_case, package, build, book, customer, supplier, kept, kind
):
    first, second = getattr(build, kind)(), getattr(build, kind)()
    party = customer if first.is_sale else supplier
    book(first)
    number = package.last_number(package.number_series(first))
    before = len(package_case.keys())
    with pytest.raises(NumberTakenError) as caught:
        package.create_document(second, party, number)
    assert (caught.value.code, len(package_case.keys())) == ("number_in_use", before)
    assert package.create_document(second, party, number + 1).key in package_case.keys()


@pytest.mark.parametrize("language", ["nl", "fr", "en", "de"])
def test_refusal_in_every_language(package_case, package, build, customer, kept, language):
    package_case.speak(language)
    with pytest.raises(NumberTakenError):
        package.create_document(build.sale(), customer, kept)


def test_late_booking_is_refused_or_refuses(package_case, package, build, customer, kept):
    """Whichever of the two comes first, the other is not booked."""
    for passed in (0, 60):
        document = build.sale()
        number = package.last_number(package.number_series(document)) + 1
        before = len(package_case.keys())
        package_case.fault(words.CREATE_DOCUMENT, words.LATE)
        with pytest.raises(OutcomeUnknownError):
            package.create_document(document, customer, number)
        assert package.find_document(document, customer, number) == []
        package_case.pass_time(passed)
        if passed:
            with pytest.raises(NumberTakenError):
                package.create_document(document, customer, number)
            found = package.find_document(document, customer, number)
            assert found[0].own_reference == document.own_reference
        else:
            package.create_document(document, customer, number)
            package_case.pass_time(60)
        assert len(package_case.keys()) == before + 1


def test_our_own_is_found_under_its_number_whatever_became_of_it(
    package_case, package, build, customer, kept
):
    """The accountant gave it another date and reference meanwhile."""
    document = build.sale()
    stored = package.create_document(document, customer, kept + 1)
    package_case.redate(stored.key, date(package_case.year, 3, 28), "otherwise")
    assert package.find_document(document, customer) == []
    assert [one.key for one in package.find_document(document, customer, kept + 1)] == [stored.key]


def test_somebody_elses_under_the_number_is_not_taken_for_it(
    package_case, package, build, customer, kept
):
    package_case.book_by_hand(
        package_case.codes.sale_journal,
        package_case.party_of(package_case.keys()[0]),
        Decimal("50.00"),
        date(package_case.year, 6, 3),
    )
    assert package.find_document(build.sale(), customer, kept + 1) == []


def test_nothing_is_known_before_an_answer(package_case, package, build, customer, numbered):
    """An answer that was lost tells nothing, so a number protects from nothing yet."""
    package_case.fault(words.CREATE_DOCUMENT, words.LATE)
    with pytest.raises(OutcomeUnknownError):
        package.create_document(build.sale(), customer, package.last_number(numbered) + 1)
    assert not package.refuses_used_number()


def test_numbers_that_are_ignored_are_given_no_more(
    package_case, package, build, customer, numbered
):
    if package_case.keeps_numbers:
        pytest.skip("given numbers are kept")
    stored = package.create_document(build.sale(), customer, package.last_number(numbered) + 1)
    assert stored.key in package_case.keys()
    assert not package.refuses_used_number()
    with package_case.open() as next_run:
        assert next_run.number_series(build.sale()) is None
        assert next_run.number_series(build.purchase()) is None
        assert not next_run.refuses_used_number()
