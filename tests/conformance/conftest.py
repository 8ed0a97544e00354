"""The packages the suite runs against, each on a sandbox of its own for every test."""

import pytest
from odoo.addons.accountable_connect.api.errors import NumberTakenError, OutcomeUnknownError

from .builder import Builder
from .exact_case import ExactCase, ExactOtherwiseCase
from .octopus_case import OctopusCase, OctopusOtherwiseCase
from .ubl_case import UblByMailCase, UblCase
from .winbooks_case import WinBooksCase, WinBooksOtherwiseCase

CASES = (OctopusCase, OctopusOtherwiseCase, ExactCase, ExactOtherwiseCase)
# Packages of files: what is marked ``live``, about answers, does not apply to them, and what is
# marked ``handed_over`` applies to them alone.
FILES_CASES = (UblCase, WinBooksCase, WinBooksOtherwiseCase)
# On other ways than a folder: only what is marked ``handed_over`` could differ.
OTHER_WAYS = (UblByMailCase,)


def pytest_configure(config):
    config.addinivalue_line("markers", "live: for packages that answer")
    config.addinivalue_line("markers", "handed_over: for packages of files")


def pytest_generate_tests(metafunc):
    if "package_case" in metafunc.fixturenames:
        marks = {mark.name for mark in metafunc.definition.iter_markers()}
        live = () if "handed_over" in marks else CASES
        files = () if "live" in marks else FILES_CASES
        files += OTHER_WAYS if "handed_over" in marks else ()
        metafunc.parametrize(
            "package_case", (*live, *files), ids=lambda case: case.name, indirect=True
        )


@pytest.fixture
def package_case(request):
    """A fresh sandbox and how to look into it."""
    case = request.param()
    yield case
    case.close()


@pytest.fixture
def package(package_case):
    """A run's package on it."""
    with package_case.open() as package:
        yield package


@pytest.fixture
def build(package_case):
    """Makes neutral documents in the codes of the sandbox's administration."""
    return Builder(package_case)


@pytest.fixture
def customer(package, build):
    """The key of a customer who is there."""
    return package.save_party(build.party(), None).key


@pytest.fixture
def supplier(package, build):
    """The key of a supplier who is there."""
    return package.save_party(build.supplier(), None).key


@pytest.fixture
def book(package, build, customer, supplier):
    """Book a document as the queue does: with the next number of its series where the caller gives
    it. The last number is asked for once, and again after an unknown outcome."""
    last_numbers = {}

    def book(document):
        series = package.number_series(document)
        number = None
        if series:
            if not last_numbers.get(series):
                last_numbers[series] = package.last_number(series)
            if last_numbers[series] or package.capabilities.consecutive_numbers:
                number = last_numbers[series] + 1
        party = customer if document.is_sale else supplier
        try:
            stored = package.create_document(document, party, number)
        except (OutcomeUnknownError, NumberTakenError):
            last_numbers.pop(series, None)
            raise
        if number:
            last_numbers[series] = number
        return stored

    return book


@pytest.fixture
def receive(request, package_case):
    """Gets a document into the books as the package gets it there: booked by a call, or handed over
    and imported. Gives its key."""
    if package_case.hands_over:
        return lambda document: package_case.receive(document)[0]
    book = request.getfixturevalue("book")
    return lambda document: book(document).key
