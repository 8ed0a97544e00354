"""The channels the suite runs against, each with a receiver of its own for every test."""

import pytest

from .cases import CASES


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request, monkeypatch):
    """A fresh receiver and the channel to it."""
    case = request.param(monkeypatch)
    yield case
    case.close()


@pytest.fixture(params=[case for case in CASES if case.settles], ids=lambda case: case.name)
def settling(request, monkeypatch):
    """One that finds out by itself what became of a hand-over."""
    case = request.param(monkeypatch)
    yield case
    case.close()
