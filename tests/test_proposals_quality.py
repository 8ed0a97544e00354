"""Proposals are as good as they were: a floor on the labelled pairs, a little below what was
measured."""

import pytest

from bench import proposals_quality
from bench.proposals_quality import LABELLED

FLOORS = {
    # right, among the first three, called certain: per cent
    ("accounts-tuning", "numbers alone"): (35, 50, 0),
    ("accounts-tuning", "names alone"): (82, 92, 45),
    ("accounts-tuning", "both"): (90, 96, 61),
    ("accounts-unseen", "names alone"): (80, 90, 39),
    ("accounts-unseen", "both"): (89, 95, 55),
    ("vat-tuning", "names and rates alone"): (95, 95, 90),
    ("vat-tuning", "all the package tells"): (97, 97, 95),
    ("vat-unseen", "names and rates alone"): (95, 95, 91),
    ("vat-unseen", "all the package tells"): (96, 96, 92),
}
# Where nothing fits, pairs for which something is proposed all the same.
MOST_PROPOSED_WRONGLY = {
    "accounts-tuning": 6,
    "accounts-unseen": 5,
    "vat-tuning": 0,
    "vat-unseen": 0,
}


@pytest.fixture(scope="module")
def results():
    return proposals_quality.measured(LABELLED)


@pytest.mark.parametrize(("file", "way"), FLOORS)
def test_floor(results, file, way):
    result = results[file, way]
    first, among, certain = FLOORS[file, way]
    assert result.first >= first, result.wrong
    assert result.among >= among
    assert result.certain >= certain
    assert result.certain_wrong == 0, [line for line in result.wrong if "CERTAIN" in line]


@pytest.mark.parametrize("file", MOST_PROPOSED_WRONGLY)
def test_nothing_is_proposed_where_nothing_fits(results, file):
    [*_others, result] = [found for (name, _way), found in results.items() if name == file]
    assert result.without_answer - result.silent <= MOST_PROPOSED_WRONGLY[file]


def test_the_table_has_what_is_aimed_at():
    rows = proposals_quality.rows(LABELLED)
    aimed = {(row.measure, row.met) for row in rows if row.aim}
    assert {measure.partition(", of ")[0] for measure, _met in aimed} == {
        "right, names alone",
        "among the first three, names alone",
        "right, both",
        "called certain",
        "wrong among certain",
    }
    missed = [(row.subject, row.measure) for row in rows if row.aim and not row.met]
    assert missed == [("Proposals of ledger accounts, labelled pairs (unseen)", "called certain")]
