"""Two databases for each package, the driver on them, and its report."""

import json
import os
from importlib import import_module

import pytest

from tests.exactly_once import databases
from tests.exactly_once.company import number_of_bills
from tooling.packages import SERVICES

ROUNDS = int(os.environ.get("FAULT_RUNS") or 150)
# The same seed makes the same faults in the same order.
SEED = int(os.environ.get("FAULT_SEED") or 0)
FEWEST_DOCUMENTS = 20


def pytest_configure(config):
    """The marker of pytest-xdist, also where that is not installed."""
    config.addinivalue_line(
        "markers", "xdist_group(name): tests of one group run in one process, in their order"
    )


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A failure shows which faults there were, and how to repeat them."""
    outcome = yield
    if call.when == "call" and outcome.get_result().failed and "report" in item.fixturenames:
        outcome.get_result().sections.append(("fault rounds", item.funcargs["report"]["mix"]))


def faults_of(package: str):
    """The class of the faults of a package, of the module that is called as the package is."""
    return import_module(f"tests.exactly_once.{package}").FAULTS


def number_of_documents(package: str) -> int:
    """Of each database. Some are left for the end, when nothing fails any more."""
    return max(FEWEST_DOCUMENTS, int(ROUNDS * faults_of(package).documents_per_round))


@pytest.fixture(
    scope="session",
    params=[
        pytest.param(name, marks=pytest.mark.xdist_group(f"faults_{name}")) for name in SERVICES
    ],
)
def package(request):
    """Name of the package that the databases are connected with."""
    return request.param


@pytest.fixture(scope="session")
def faults(package):
    """The class of its faults."""
    return faults_of(package)


@pytest.fixture(scope="session")
def documents(package):
    """Number of documents of each database."""
    return number_of_documents(package)


def make_copies(names) -> None:
    """Databases whose company has as many documents as any package needs."""
    databases.make_copies(
        names,
        invoices=max(number_of_documents(name) for name in SERVICES),
        bills=max(
            number_of_bills(number_of_documents(name)) if faults_of(name).bills else 0
            for name in SERVICES
        ),
    )


@pytest.fixture(scope="session")
def report(package, documents):
    """What stood in the books after the fault runs."""
    names = databases.names_for(package)
    make_copies(names)
    arguments = ["--package", package, "--rounds", str(ROUNDS), "--seed", str(SEED)]
    arguments += ["--documents", str(documents)]
    for name in names:
        arguments += ["--database", name]
    yield json.loads(databases.run_module("driver", *arguments))
    databases.drop(names)
