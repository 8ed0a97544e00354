"""Nothing missing, nothing twice at a receiver, whatever way it takes; see hand_over.py."""

import json

import pytest

from tests.exactly_once import conftest, databases
from tests.exactly_once.receivers import RECEIVERS

DOCUMENTS = 24  # invoices; with them go all bills
# What goes wrong with workers is the same for all, and the first meets most of it.
ROUNDS = {
    "ubl": max(conftest.ROUNDS // 3, 36),
    "winbooks": 18,
    "ubl_mail": max(conftest.ROUNDS // 4, 36),
    "ubl_sftp": max(conftest.ROUNDS // 5, 30),
}


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(name, marks=pytest.mark.xdist_group(f"faults_{name}")) for name in RECEIVERS
    ],
)
def delivered(request, tmp_path_factory):
    """What the receiver had after the faults."""
    receiver = request.param
    names = original, copy = f"faults_{receiver}", f"faults_{receiver}_copy"
    folders = tmp_path_factory.mktemp("folders")
    conftest.make_copies((original,))
    arguments = ["--receiver", receiver, "--database", original, "--folders", str(folders)]
    arguments += ["--documents", str(DOCUMENTS)]
    databases.run_module("hand_over", *arguments, "--prepare")
    databases.copy(original, copy)
    arguments += ["--copy", copy, "--rounds", str(ROUNDS[receiver]), "--seed", str(conftest.SEED)]
    yield json.loads(databases.run_module("hand_over", *arguments))
    databases.drop(names)


def test_nothing_is_missing(delivered):
    assert not delivered["missing"] and not delivered["unknown"]
    assert not delivered["unsolved"] and not delivered["batches"]
    assert delivered["received"] == delivered["expected"] > DOCUMENTS


def test_nothing_is_there_twice(delivered):
    """Nor was anything refused because it was there already."""
    assert not delivered["twice"]
    assert not delivered["refused"]


def test_every_document_says_that_it_was_handed_over(delivered):
    assert not delivered["not_marked"]


def test_a_copied_database_hands_nothing_over(delivered):
    assert delivered["by_copy"] == []
    # whatever a mail server took, and did with it
    assert not delivered.get("foreign")


def test_a_mail_that_comes_back_meanwhile_is_not_overlooked(delivered):
    assert not delivered.get("interleaved")


def test_no_file_is_left_half_written(delivered):
    assert delivered["lying"] == []


def test_every_fault_was_met(delivered):
    """Most documents went while something went wrong."""
    assert set(delivered["kinds"]) <= set(delivered["faults"])
    assert delivered["left_after_faults"] < delivered["expected"] / 2
