"""Counts of what tests looked at, beside the tests themselves: compared documents, for example."""

import collections

# Of the test that runs; ``pytest_plugins/suites.py`` reads and empties it.
counted: collections.Counter[str] = collections.Counter()


def count(what: str, number: int = 1) -> None:
    """Add to what the running test looked at; without a test it is forgotten."""
    counted[what] += number
