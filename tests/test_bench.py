"""What the benchmarks make of their figures."""

from types import SimpleNamespace

import pytest

from bench import __main__ as command
from bench import machine, report
from bench.measure import Figures, Spread, middle
from bench.row import Row, in_words, more_row, share_row, times
from bench.rows import ROWS, rows
from tooling.commands import Environment
from tooling.console import SetUpError
from tooling.packages import SERVICES, load


def spread(median, low=None, high=None, rounds=16):
    return Spread(median, median if low is None else low, median if high is None else high, rounds)


def test_a_spread_is_the_median_and_the_quartiles():
    assert Spread.of([5, 1, 4, 2, 3]) == Spread(3, 2, 4, 5)


def test_one_round_has_no_spread():
    assert Spread.of([7.0]) == Spread(7.0, 7.0, 7.0, 1)
    assert in_words(Spread.of([7.0]), 1, " s") == "7.0 s"


def test_one_slow_round_moves_the_median_hardly():
    assert Spread.of([10, 11, 10, 9, 500]).median == 10


def test_a_ratio_is_that_of_each_round():
    """A machine that was slow for a while was so for both."""
    assert Spread.of_ratios([2, 20, 4], [10, 100, 20]) == Spread(0.2, 0.2, 0.2, 3)


def test_a_ratio_needs_both_of_each_round():
    with pytest.raises(ValueError, match="shorter"):
        Spread.of_ratios([1, 2], [1])


def test_more_rounds_make_the_median_surer():
    few, many = spread(10, 8, 12, rounds=4), spread(10, 8, 12, rounds=16)
    assert (few.uncertainty, many.uncertainty) == (2, 1)


def test_a_spread_goes_through_json():
    assert Spread(**spread(3, 2, 4).as_json()) == spread(3, 2, 4)


def test_a_scaled_spread_keeps_its_rounds():
    assert spread(1.5, 1.25, 2, 9).scaled(100, -1) == Spread(50, 25, 100, 9)


def test_the_middle_of_several_figures():
    found = middle([Figures(1, 10, 0.5, 3), Figures(3, 30, 0.1, 1), Figures(2, 20, 0.3, 2)])
    assert found == Figures(2, 20, 0.3, 2)
    assert found.both == pytest.approx(2.3)
    assert found.shared_by(2) == Figures(1, 10, 0.15, 1)


def test_a_figure_is_told_with_its_spread():
    assert in_words(spread(20.34, 19.6, 21.2), 1, " %") == "20.3 % ± 0.4 (19.6 … 21.2)"
    assert times(spread(1.5, 1.25, 1.75).as_json()) == "× 1.50 ± 0.12 (1.25 … 1.75)"


@pytest.mark.parametrize(("median", "met"), [(0.2, True), (0.201, False)])
def test_the_median_meets_the_aim_of_a_share_whatever_the_spread(median, met):
    row = share_row("Sending", "processor time", spread(median, 0.1, 0.9).as_json(), 20)
    assert (row.aim, row.met) == ("≤ 20 %", met)


def test_a_share_without_aim_is_told_only():
    assert share_row("Sending", "processor time", spread(3).as_json()).met is None


@pytest.mark.parametrize(("median", "met"), [(0.8, True), (1.099, True), (1.101, False)])
def test_the_median_meets_the_aim_of_more(median, met):
    row = more_row("Long queue", "processor time", spread(median).as_json(), 10)
    assert row.met is met
    assert row.value.startswith("-" if median < 1 else "+")


def test_growth_of_decided_contacts_is_held_to_their_share():
    def figures(few, many):
        one = spread(1).as_json()
        return {
            "2000": {"seconds": one, "both": spread(few).as_json()},
            "5000": {"seconds": one, "both": spread(many).as_json()},
        }

    assert ROWS["decided_contacts"](figures(1, 2.6))[-1].met
    assert not ROWS["decided_contacts"](figures(1, 6.2))[-1].met


def test_throughput_is_held_to_its_median_and_to_flat_memory():
    def memory(mb):
        return {"crons": [mb * 2**20], "workers": [100 * 2**20]}

    def figures(rate, mb):
        one = spread(0.01).as_json()
        kind = {
            "documents": 5000,
            "rate": spread(rate, 1, 90).as_json(),
            "cron_cpu": one,
            "postgres_cpu": one,
            "memory": {"1000": memory(200), "5000": memory(mb)},
        }
        return {"known": kind, "new": kind}

    def met(rate, mb):
        found = rows({"throughput": figures(rate, mb)}, load("octopus").aims)
        return [row.met for row in found if row.aim]

    assert met(20, 219) == [True, True, True]
    assert met(19.9, 221) == [False, False, True]


def test_screens_are_held_to_twice_the_chart_of_accounts():
    figures = {
        "mappings": 3_000,
        "screens": {
            "picker": {"beside": spread(0.2).as_json(), "queries": 2},
            "ledger_accounts": {"beside": spread(2.1).as_json(), "queries": 30},
        },
    }
    found = rows({"steps": figures}, load("octopus").aims)
    assert [row.met for row in found] == [True, False]


def test_files_are_held_to_the_same_time_for_the_last_and_to_little_memory():
    one = Spread.of([1.1]).as_json()
    figures = {
        "documents": 10_000,
        "entering": one,
        "folder": Spread.of([1.3]).as_json(),
        "zip": one,
        "folder_memory": 0.3,
        "zip_memory": 0.01,
        "channels": {
            "few": 20,
            "many": 200,
            "mail": {"each": one, "memory": Spread.of([4.5]).as_json()},
            "sftp": {"each": Spread.of([1.3]).as_json(), "memory": Spread.of([0.3]).as_json()},
        },
    }
    found = rows({"hand_over": figures}, load("octopus").aims)
    assert [row.met for row in found[:5]] == [True, False, True, False, True]
    assert [row.met for row in found[5:]] == [True, True, False, False]


def test_entries_are_held_to_the_same_time_each_to_a_minute_and_to_little_memory():
    figures = {
        "documents": 10_000,
        "flat": Spread.of([1.1]).as_json(),
        "on_top": Spread.of([1.2]).as_json(),
        "memory": Spread.of([0.1]).as_json(),
    }
    found = rows({"entries": figures}, load("octopus").aims)
    assert [row.met for row in found] == [True, False, True]


@pytest.mark.parametrize("name", SERVICES)
def test_a_task_that_failed_or_means_nothing_has_no_rows(name):
    assert rows({"connect": {}, "quota": {}, "open_items": {}}, load(name).aims) == []


TABLES = {
    "Octopus": [
        Row("Sending", "processor time", "21 %", "≤ 20 %", False),
        Row("Sending", "queries", "10", "≤ 20", True),
        Row("Memory", "40 documents", "2 MB"),
    ]
}


def test_the_table_for_a_terminal():
    assert report.as_text(TABLES).splitlines() == [
        "Octopus",
        "=======",
        "",
        "Sending",
        "  ✗ processor time: 21 %   aim ≤ 20 %",
        "  ✓ queries: 10   aim ≤ 20",
        "",
        "Memory",
        "    40 documents: 2 MB",
    ]


def test_the_page_says_on_which_machine_and_how_busy_it_was():
    about = ["A machine.", machine.loaded(0.04, 1.56)]
    page = report.as_markdown(TABLES, about)
    assert "A machine.\n" in page
    assert "0.0 when it began, 1.6 at its end" in page
    assert "| Sending | processor time | 21 % | ≤ 20 % | **no** |" in page
    assert "| Memory | 40 documents | 2 MB |  |  |" in page
    assert "How to read it" in page


def test_what_is_measured_inside_odoo_needs_a_connected_company():
    assert command.chosen_tasks(["filters"]) == ["connect", "filters"]
    assert command.chosen_tasks(["throughput"]) == ["throughput"]
    assert command.chosen_tasks([]) == list(command.TASKS)


def test_an_unknown_task_is_answered_with_those_there_are():
    with pytest.raises(SetUpError, match="filter.*filters"):
        command.chosen_tasks(["filter"])


@pytest.fixture
def environment(monkeypatch):
    """One whose task ``calls`` fails, and whose others have figures."""
    made = SimpleNamespace(ensure=lambda *_arguments, **_options: None)
    monkeypatch.setattr(command, "Databases", lambda _odoo: made)

    def run_script(_environment, _script, arguments):
        if arguments["task"] == "calls":
            raise SetUpError("inside.py failed inside Odoo.")
        return {"of": arguments["task"]}

    monkeypatch.setattr(Environment, "run_script", run_script)
    return Environment("", "", {}, None, stay=False)


def test_a_task_that_fails_leaves_the_figures_of_the_others(environment, capsys):
    figures, failed = command.measure_all(
        environment, load("octopus"), "http://127.0.0.1:1", ["connect", "calls", "filters"]
    )
    assert figures == {"connect": {"of": "connect"}, "filters": {"of": "filters"}}
    assert failed == ["Octopus: calls"]
    assert "✗ Octopus, calls: SetUpError: inside.py failed inside Odoo." in capsys.readouterr().out
