"""What the tests of this folder expect of each package: a module for each, of the package's name.

Its ``EXPECTED`` has an :class:`Expected` for every country whose books the package can keep.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from importlib import import_module


@dataclass(frozen=True)
class Expected:
    """Nothing but the named list of ``tooling/books/README.md`` may differ, and of that list only
    what stands here."""

    # Named differences that any document may have.
    names: frozenset[str]
    # Those that the VAT matrix has, no fewer.
    matrix_names: frozenset[str] = frozenset()
    # Worked documents: (tax as the table calls it, "sale" or "purchase") → the code that a person
    # chooses where nothing is proposed.
    worked_codes: dict[tuple[str, str], str] = field(default_factory=dict)
    # Worked documents that are refused in words. Cash rounding on the biggest tax changes the VAT,
    # which is wrong in Belgium.
    refused_documents: frozenset[str] = frozenset({"S35"})
    # The journal of self-billed bills, where a person chooses one of several.
    self_billing_journal: str = ""
    # Currencies in which the administration of the sandbox takes large amounts.
    large_currencies: frozenset[str] = frozenset()
    # What the customer owes in euro of 987,654,321 rupiah and 21 %, where rupiah are taken.
    rupiah: Decimal | None = None
    # A journal of sales beside the first one.
    other_journal: str = ""
    # Boxes of what stays in March 2026 when a sale of 100 moves to another year: a booking of the
    # opposite, or nothing where the package can delete.
    left_when_moved: tuple[dict[str, int], ...] = ()
    # The accountant may give a booking another number.
    renumbers: bool = False
    # What is matched takes no new text: the document says what differs.
    matched_is_final: bool = False


def expected_of(package) -> Expected:
    """What is expected of a :class:`tooling.packages.package.Package`."""
    return import_module(f"tests.books.expected.{package.name}").EXPECTED[package.country]
