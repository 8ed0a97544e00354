"""A call whose connection broke is worked off later: nothing is made twice meanwhile."""

from dataclasses import replace

import pytest
from odoo.addons.accountable_connect.api.errors import (
    MayArriveError,
    OutcomeUnknownError,
    PackageError,
    TemporaryError,
)
from odoo.addons.accountable_connect.documents import ContactPerson, File

from . import case as words

# About answers: it has no meaning where nothing answers.
pytestmark = pytest.mark.live

NO_ANSWER = (OutcomeUnknownError, TemporaryError)
SECONDS = (40, 100, 599)


def late(package_case, target, seconds):
    package_case.service.faults.add(package_case.operations[target], kind="late", seconds=seconds)


def ask_until(package_case, ask, seconds):
    """Somebody asks again and again while the call is on its way, and once more afterwards. Gives
    the last answer."""
    for _minute in range(seconds // 60 + 2):
        try:
            ask()
        except MayArriveError:
            pass
        package_case.pass_time(60)
    return package_case.once_settled(ask)


@pytest.mark.parametrize("seconds", SECONDS)
def test_party(package_case, package, build, seconds):
    late(package_case, words.SAVE_PARTY, seconds)
    with pytest.raises(NO_ANSWER):
        package.save_party(build.party(), None)

    def ask():
        with package_case.open() as next_run:
            return next_run.save_party(build.party(), None)

    stored = ask_until(package_case, ask, seconds)
    assert list(package_case.parties()) == [stored.key]


@pytest.mark.parametrize("seconds", SECONDS)
def test_contact_person(package_case, package, build, seconds):
    if not package.capabilities.contact_persons:
        pytest.skip("the package takes no contact persons")
    party = build.party(contacts=(ContactPerson(key="res.partner,7", name="An Claes"),))
    late(package_case, words.SAVE_CONTACT_PERSON, seconds)
    stored = package.save_party(party, None)
    assert isinstance(stored.contacts_problem, PackageError)

    def ask():
        with package_case.open() as next_run:
            problem = next_run.save_party(party, stored.key).contacts_problem
        if problem:
            raise problem

    ask_until(package_case, ask, seconds)
    assert list(package_case.contact_persons(stored.key)) == ["An Claes"]


@pytest.mark.parametrize("seconds", SECONDS)
def test_file(package_case, package, build, book, seconds):
    if not package.capabilities.finds_files:
        pytest.skip("the package cannot look")
    stored = book(build.sale())
    file = File(
        key="ir.attachment,7", name="a.pdf", media_type="application/pdf", content=b"%PDF 1"
    )
    late(package_case, words.ATTACH_FILE, seconds)
    with pytest.raises(NO_ANSWER):
        package.attach_file(stored.key, file)

    def ask():
        with package_case.open() as next_run:
            return next_run.attach_file(stored.key, file, again=True)

    ask_until(package_case, ask, seconds)
    assert package_case.files(stored.key) == [(file.name, file.checksum)]


def twice(package_case, package, build, customer):
    """A document that was sent again too early, and stands there twice."""
    document = build.sale()
    package.create_document(document, customer)
    package.create_document(document, customer)
    with package_case.open() as next_run:
        found = next_run.find_document(document, customer)
    assert {stored.own_reference for stored in found} == {document.own_reference}
    first, second = found
    return document, first.key, second.key


def test_second_booking_is_known_as_untouched(package_case, package, build, customer):
    if not package.capabilities.remove_document:
        pytest.skip("the package removes no booking")
    document, first, second = twice(package_case, package, build, customer)
    with package_case.open() as next_run:
        assert next_run.is_untouched(first, document) and next_run.is_untouched(second, document)
        assert not next_run.is_untouched(first, replace(document, number="INV/2026/9999"))
    package_case.recode(second, package_case.codes.other_revenue)
    with package_case.open() as next_run:
        assert not next_run.is_untouched(second, document)
        assert next_run.is_untouched(first, document)
    package_case.pay(first)
    with package_case.open() as next_run:
        assert not next_run.is_untouched(first, document)
        assert next_run.remove_document(second)
        assert not next_run.is_untouched(second, document)
    assert package_case.keys() == [first]


def test_package_that_cannot_tell_says_no(package, build, book):
    document = build.sale()
    stored = book(document)
    if not package.capabilities.remove_document:
        assert not package.is_untouched(stored.key, document)
