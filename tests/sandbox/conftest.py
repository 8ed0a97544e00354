"""Running sandboxes, for plain pytest from the project's folder."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parent)]

import exact_client  # noqa: E402
from octopus_client import Client  # noqa: E402

from sandbox.exact import serve as serve_exact  # noqa: E402
from sandbox.octopus import serve  # noqa: E402
from sandbox.winbooks_desktop import serve as serve_winbooks  # noqa: E402


@pytest.fixture
def server():
    with serve(switches={"daily_limits": False}) as running:
        yield running


@pytest.fixture
def client(server):
    return Client(server)


@pytest.fixture
def relation(client):
    return client.relation()


@pytest.fixture
def exact():
    """A running Exact Online sandbox."""
    with serve_exact(switches={"rate_limits": False}) as running:
        yield running


@pytest.fixture(scope="module")
def shared_exact():
    """One running Exact Online sandbox for all tests of a file."""
    with serve_exact(switches={"rate_limits": False}) as running:
        yield running


@pytest.fixture(scope="module")
def app(shared_exact):
    """A client of it that has signed in."""
    return exact_client.Client(shared_exact)


@pytest.fixture(scope="session")
def shared_winbooks():
    """One running WinBooks sandbox for all tests."""
    with serve_winbooks() as running:
        yield running


@pytest.fixture
def office(shared_winbooks):
    """It, with books that begin anew."""
    shared_winbooks.winbooks.reset()
    for directory in shared_winbooks.folders.iterdir():
        for left in directory.iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    return shared_winbooks
