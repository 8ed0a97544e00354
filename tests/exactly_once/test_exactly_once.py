"""Nothing missing, nothing twice: fault runs on two databases and one sandbox, for each package.

The databases are real ones, because workers commit, are killed and lock each other out; see
driver.py.
"""

import pytest

from tests.exactly_once.conftest import ROUNDS


def test_nothing_is_missing(report):
    assert not report["missing"]
    assert not report["unsolved"]
    assert report["ours"] == report["expected"] > 0


def test_nothing_is_there_twice(report):
    assert not report["twice"]
    assert report["bookings"] == report["ours"] + report["by_hand"]


def test_every_document_is_where_its_database_believes(report):
    assert not report["elsewhere"]
    assert not report["wrong_total"]


def test_numbers_are_consecutive(package, faults, report):
    """Where the package leaves numbering to us."""
    if not faults.numbers_are_ours:
        pytest.skip(f"{package} numbers its bookings itself")
    assert not report["gaps"]


def test_no_chain_of_tokens_is_lost(package, faults, report):
    """Unless the package itself withdrew it, or its answer was lost with the only new token."""
    if not faults.has_token_chain:
        pytest.skip(f"{package} has no chain of tokens")
    assert not report["lost_without_reason"]
    assert report["signed_in_again"], "no chain ended: the faults of the chain did not work"


def test_entries_are_what_odoo_has(package, faults, report):
    """After changes that were broken off: lines, texts, reference, every file once; no relation
    twice."""
    if not faults.changes_documents:
        pytest.skip(f"the fault runs of {package} change nothing")
    assert not report["wrong"]
    assert not report["accounts_twice"]
    assert report["files"]


def test_every_kind_of_fault_was_met(documents, report):
    """The fault runs met work: most documents went during them, not afterwards."""
    assert report["rounds"] == ROUNDS
    assert len(report["faults"]) == report["kinds"] >= 12
    assert report["left_after_faults"] < documents
