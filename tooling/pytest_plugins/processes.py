"""Tests in several processes at once (pytest-xdist): who runs what, and on which database.

A class is never divided, nor is a file of test functions: what they set up once would be set up
twice. Each process works on a copy of the database, which ``./run test`` makes and drops.
"""

import collections
import threading

import pytest

from tooling.databases import name_of_copy

# What takes longest comes first, so that the processes end together.
LONGEST_FIRST = ("tests/exactly_once", "tests/books", "tests/browser", "tests/conformance", "tests")


def is_beside_others(config: pytest.Config) -> bool:
    """True in a process that runs a part of the tests."""
    return hasattr(config, "workerinput")


def pytest_configure(config):
    """Say which file or folder is not there: processes that find no tests only count none."""
    if is_beside_others(config) or not config.getoption("numprocesses", None):
        return
    for argument in config.args:
        path = argument.split("::")[0]
        if not (config.invocation_params.dir / path).exists():
            raise pytest.UsageError(f"file or directory not found: {path}")


def unit_of(nodeid: str) -> str:
    """What is run by one process as a whole: the class of a test, else its file."""
    path, *names = nodeid.partition("[")[0].split("::")
    return "::".join([path, *names[:-1]])


def handed_out(nodeids: list[str]) -> dict[str, tuple[int, int]]:
    """The place of each unit in the order in which they are handed out, to sort by: the longest
    parts first, in each of them the units with many tests."""
    sizes = collections.Counter(unit_of(nodeid) for nodeid in nodeids)
    return {unit: (_rank(unit), -size) for unit, size in sizes.items()}


def _rank(unit: str) -> int:
    for place, part in enumerate(LONGEST_FIRST):
        if unit.startswith(f"{part}/"):
            return place
    return len(LONGEST_FIRST)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Units are handed out in the order in which they were collected."""
    if is_beside_others(config):
        places = handed_out([item.nodeid for item in items])
        items.sort(key=lambda item: (*places[unit_of(item.nodeid)], unit_of(item.nodeid)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Hand out whole units."""
    from xdist.scheduler import LoadScopeScheduling

    class UnitScheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return unit_of(nodeid)

    config.option.loadscopereorder = False
    return UnitScheduling(config, log)


# pytest-odoo's own fixture of this name runs for every session with Odoo. Beside others it would
# copy the database with programs that a machine may lack, and let all copies share one folder of
# files, where a process could sweep away what another one has just stored.
@pytest.fixture(scope="session")
def load_registry(request):
    """Load the registry before the first test, of the database of this process."""
    from odoo.modules.registry import Registry
    from odoo.tests.common import get_db_name
    from odoo.tools import config

    threading.current_thread().testing = True
    if is_beside_others(request.config):
        number = int(request.config.workerinput["workerid"].removeprefix("gw"))
        name = name_of_copy(get_db_name(), number)
        config["db_name"] = name
        config["dbfilter"] = f"^{name}$"
    Registry(get_db_name())
