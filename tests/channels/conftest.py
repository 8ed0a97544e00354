"""The channels the suite runs against, each with a receiver of its own for every test."""

import pytest

from sandbox.postbox import serve

from .cases import CASES


@pytest.fixture(scope="session")
def postbox():
    """One for all tests: its mail and its SFTP server. Nobody looks into the folders."""
    with serve(watching=False) as server:
        yield server


def pytest_generate_tests(metafunc):
    """``@needs("settles")`` on a test: it runs against the channels that can do that;
    ``@needs("loses", "-settles")``: those that can do the one and not the other."""
    if "case" in metafunc.fixturenames:
        needs = [need for mark in metafunc.definition.iter_markers("needs") for need in mark.args]
        cases = [
            case
            for case in CASES
            if all(getattr(case, need.lstrip("-")) != need.startswith("-") for need in needs)
        ]
        metafunc.parametrize("case", cases, ids=[case.name for case in cases], indirect=True)


@pytest.fixture
def case(request, monkeypatch, postbox):
    """A fresh receiver and the channel to it."""
    case = request.param(monkeypatch, postbox)
    yield case
    case.close()
