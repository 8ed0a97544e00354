"""At the end of a session, a line for each suite: tests, examples, compared documents, minutes.

So that it is seen when a change makes a suite smaller or slower. What a test counted travels with
its reports, also from another process.
"""

import collections
from pathlib import PurePath

import hypothesis
import pytest

from tooling.counted import counted

COUNTED = "counted"
EXAMPLES = "examples"


def suite_of(nodeid: str) -> str:
    """The folder or file that holds the tests of one subject: ``tests/books``."""
    parts = PurePath(nodeid.split("::")[0]).parts
    return "/".join(parts[:2])


def examples_of(item: pytest.Item) -> int:
    """How many examples a property test draws at most, 0 for any other test."""
    function = getattr(item, "obj", None)
    if not getattr(function, "is_hypothesis_test", False):
        return 0
    # The decorator @settings leaves them here; hypothesis has no public name for it.
    settings = getattr(function, "_hypothesis_internal_use_settings", hypothesis.settings.default)
    return settings.max_examples


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item, nextitem):
    """Begin a test with nothing counted but its examples."""
    counted.clear()
    if examples := examples_of(item):
        counted[EXAMPLES] = examples
    yield


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Send along what was counted; the last report of a test has the whole."""
    outcome = yield
    if call.when == "teardown" and counted:
        outcome.get_result().user_properties.append((COUNTED, dict(counted)))


class Suites:
    """Adds up reports; ``lines`` are the table."""

    def __init__(self):
        self.tests: collections.Counter[str] = collections.Counter()
        self.seconds: collections.Counter[str] = collections.Counter()
        self.counted: dict[str, collections.Counter[str]] = collections.defaultdict(
            collections.Counter
        )

    def add(self, report) -> None:
        """Take a report of one phase of a test."""
        suite = suite_of(report.nodeid)
        self.seconds[suite] += report.duration
        if report.when == "setup":
            self.tests[suite] += 1
        for name, value in report.user_properties:
            if name == COUNTED:
                self.counted[suite].update(value)

    def lines(self) -> list[str]:
        """A line for each suite, the longest first, and their sum."""
        total = collections.Counter()
        found = []
        for suite, seconds in self.seconds.most_common():
            found.append(self._line(suite, seconds, self.tests[suite], self.counted[suite]))
            total.update(self.counted[suite])
        if len(found) > 1:
            found.append(self._line("in all", self.seconds.total(), self.tests.total(), total))
        return found

    @staticmethod
    def _line(name: str, seconds: float, tests: int, more: collections.Counter[str]) -> str:
        others = "".join(f", {number} {what}" for what, number in sorted(more.items()))
        return f"{seconds / 60:6.1f} min  {name}: {tests} tests{others}"


def pytest_configure(config):
    """One sum for a session."""
    config.pluginmanager.register(SuiteSummary(), "accountable-suites")


class SuiteSummary:
    """Listens to the reports of a session and shows the table."""

    def __init__(self):
        self.suites = Suites()

    def pytest_runtest_logreport(self, report):
        """Also called where tests run in other processes. A subtest is in its test's time."""
        if type(report) is pytest.TestReport:
            self.suites.add(report)

    def pytest_terminal_summary(self, terminalreporter):
        """Minutes are those of the process that ran a test: two processes have twice as many."""
        lines = self.suites.lines()
        if lines:
            terminalreporter.section("suites")
        for line in lines:
            terminalreporter.write_line(line)
