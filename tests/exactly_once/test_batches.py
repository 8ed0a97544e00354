"""Documents that are handed over come into a batch exactly once."""

import json
import os

import pytest

from tests.exactly_once import databases

NAME = "faults_batches"
ROUNDS = min(int(os.environ.get("FAULT_RUNS") or 30), 300)
SEED = int(os.environ.get("FAULT_SEED") or 0)


@pytest.fixture(scope="module")
def batches():
    """What stood in the batches after the fault runs."""
    databases.make_empty(NAME)
    arguments = ["--database", NAME, "--rounds", str(ROUNDS), "--seed", str(SEED)]
    yield json.loads(databases.run_module("batches", *arguments))
    databases.drop((NAME,))


def test_nothing_is_missing_and_nothing_is_there_twice(batches):
    assert batches["wrong"] == [], batches["counts"]


def test_who_began_before_a_worker_committed_is_repeated(batches):
    assert batches["not_repeated"] == []


def test_something_happened(batches):
    assert batches["counts"]["closed"] > 1
    assert batches["counts"]["standing"] > 1
