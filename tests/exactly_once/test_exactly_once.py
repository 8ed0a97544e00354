"""Nothing missing, nothing twice: a thousand fault runs on two databases and one sandbox, for each
package.

The databases are real ones, because workers commit, are killed and lock each other out; see
driver.py.
"""

import pytest

from tests.exactly_once.conftest import DATABASES, INVOICES, ROUNDS


def test_nothing_is_missing(report):
    assert not report["missing"]
    assert not report["unsolved"]
    assert {tuple(states) for states in report["jobs"].values()} == {("done",)}
    assert report["ours"] == INVOICES * len(DATABASES)


def test_nothing_is_there_twice(report):
    assert not report["twice"]
    assert report["bookings"] == report["ours"] + report["by_hand"]


def test_every_document_is_where_its_database_believes(report):
    assert not report["elsewhere"]
    assert not report["wrong_total"]


def test_numbers_are_consecutive(package, report):
    """Where the package leaves numbering to us."""
    if package != "octopus":
        pytest.skip(f"{package} numbers its bookings itself")
    assert not report["gaps"]


def test_every_kind_of_fault_was_met(report):
    """The fault runs met work: most documents went during them, not afterwards."""
    assert report["rounds"] == ROUNDS
    assert len(report["faults"]) == report["kinds"] >= 12
    assert report["left_after_faults"] < INVOICES
