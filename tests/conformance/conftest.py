"""The packages the suite runs against, each on a sandbox of its own for every test."""

import pytest
from odoo.addons.accountable_connect.api.errors import NumberTakenError, OutcomeUnknownError

from .builder import Builder
from .exact_case import ExactCase, ExactOtherwiseCase
from .octopus_case import OctopusCase, OctopusOtherwiseCase

CASES = (OctopusCase, OctopusOtherwiseCase, ExactCase, ExactOtherwiseCase)


@pytest.fixture(params=CASES, ids=lambda case: case.name)
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
