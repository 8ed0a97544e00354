"""What conftest.py and tooling/pytest_plugins add to pytest, tried in inner sessions."""

import logging
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tooling import addons, paths
from tooling import tests as runner
from tooling.books import compare
from tooling.books.figures import Booking
from tooling.counted import counted
from tooling.pytest_plugins import processes, suites

INNER_TEST = """
import logging
import pytest

def test_warns():
    logging.getLogger("odoo.addons.a").warning("unexpected thing")

@pytest.mark.expects_log("odoo.addons.b")
def test_expects():
    logging.getLogger("odoo.addons.b").warning("expected thing")

def test_elsewhere():
    logging.getLogger("elsewhere").warning("another library")
"""


def session(folder, *arguments, environment=None):
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:odoo",
            "-p",
            "no:cacheprovider",
            "-c",
            str(paths.ROOT / "pyproject.toml"),
            "--rootdir",
            str(paths.ROOT),
            "-p",
            "conftest",
            str(folder / "test_inner.py"),
            *arguments,
        ],
        cwd=paths.ROOT,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_unexpected_warning_fails_a_session_that_passed(tmp_path):
    (tmp_path / "test_inner.py").write_text(INNER_TEST)
    finished = session(tmp_path)
    assert finished.returncode == 1, finished.stdout + finished.stderr
    assert "3 passed" in finished.stdout
    assert "test_warns: WARNING odoo.addons.a: unexpected thing" in finished.stdout
    assert "unexpected records" in finished.stdout
    assert finished.stdout.count("expected thing") == 1


def test_session_without_warning_passes(tmp_path):
    (tmp_path / "test_inner.py").write_text(INNER_TEST)
    assert session(tmp_path, "-k", "expects or elsewhere").returncode == 0


def test_session_without_tests_fails(tmp_path):
    (tmp_path / "test_inner.py").write_text("")
    assert session(tmp_path).returncode == pytest.ExitCode.NO_TESTS_COLLECTED


def test_bare_name_of_an_addon_is_refused():
    if not addons.discover():
        pytest.skip("no addon in this clone yet")
    with pytest.raises(ImportError, match="odoo.addons"):
        __import__(addons.discover()[0])


def test_our_own_log_handler_is_in_place():
    assert any(
        type(handler).__name__ == "UnexpectedRecords" for handler in logging.getLogger().handlers
    )


def test_addons_are_found_after_a_change_of_the_path():
    """Python works the places of odoo.addons out anew then."""
    program = (
        "import conftest, sys; sys.path.insert(0, '/nowhere'); import odoo.addons;"
        "assert str(conftest.ROOT) in odoo.addons.__path__, odoo.addons.__path__"
    )
    subprocess.run([sys.executable, "-c", program], cwd=paths.ROOT, check=True, timeout=60)


# Several processes

TWO_CLASSES = """
import logging
import os
import pytest
from hypothesis import given, settings, strategies
from tooling.counted import count

class Base:
    def test_one(self):
        type(self).process = os.getpid()

    def test_two(self):
        assert type(self).process == os.getpid()

class TestA(Base):
    pass

class TestB(Base):
    pass

@settings(max_examples=7)
@given(strategies.integers())
def test_examples(number):
    pass

@pytest.mark.parametrize("name", ["a::b", "c"])
def test_documents(name):
    count("documents compared", 3)
"""


def test_a_warning_in_one_of_two_processes_fails_the_session(tmp_path):
    (tmp_path / "test_inner.py").write_text(INNER_TEST)
    finished = session(tmp_path, "-n2")
    assert finished.returncode == 1, finished.stdout + finished.stderr
    assert "3 passed" in finished.stdout.splitlines()[-1]
    assert "test_warns: WARNING odoo.addons.a: unexpected thing" in finished.stdout
    assert session(tmp_path, "-n2", "-k", "expects or elsewhere").returncode == 0


def test_two_processes_run_whole_classes_and_end_with_one_summary(tmp_path):
    (tmp_path / "test_inner.py").write_text(TWO_CLASSES)
    finished = session(tmp_path, "-n2")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "7 passed" in finished.stdout.splitlines()[-1]
    [line] = [line for line in finished.stdout.splitlines() if " min " in line]
    assert line.endswith(": 7 tests, 6 documents compared, 7 examples")


def test_several_processes_say_which_file_is_not_there(tmp_path):
    ended = session(tmp_path, "-n", "2")
    assert ended.returncode == pytest.ExitCode.USAGE_ERROR
    assert f"file or directory not found: {tmp_path / 'test_inner.py'}" in ended.stderr


def test_a_failure_in_one_of_two_processes_is_the_exit_code(tmp_path):
    (tmp_path / "test_inner.py").write_text(
        "import os\ndef test_a(): pass\ndef test_b(): assert not os.environ['FAILS'] != 'no'\n"
    )
    for fails, status in (("yes", 1), ("no", 0)):
        finished = session(tmp_path, "-n2", environment={"FAILS": fails})
        assert finished.returncode == status, finished.stdout


def test_a_process_that_dies_fails_the_session(tmp_path):
    (tmp_path / "test_inner.py").write_text(
        "import os\ndef test_a(): os._exit(0)\nclass TestB:\n    def test_b(self): pass\n"
    )
    finished = session(tmp_path, "-n2", "--max-worker-restart=0")
    assert finished.returncode == 1, finished.stdout
    assert "crashed while running" in finished.stdout
    assert "test_a" in finished.stdout


@pytest.mark.parametrize(
    ("nodeid", "unit"),
    [
        ("tests/a.py::test_x", "tests/a.py"),
        ("tests/a.py::test_x[b::c]", "tests/a.py"),
        ("tests/a.py::TestA::test_x[b]", "tests/a.py::TestA"),
    ],
)
def test_units(nodeid, unit):
    assert processes.unit_of(nodeid) == unit


def test_the_longest_parts_are_handed_out_first():
    nodeids = [
        "accountable_connect/tests/test_a.py::TestA::test_1",
        "accountable_connect/tests/test_a.py::TestB::test_1",
        "accountable_connect/tests/test_a.py::TestB::test_2",
        "tests/books/test_b.py::TestC::test_1",
        "tests/test_tooling.py::test_1",
        "tests/exactly_once/test_c.py::test_1",
    ]
    places = processes.handed_out(nodeids)
    assert sorted(places, key=places.get) == [
        "tests/exactly_once/test_c.py",
        "tests/books/test_b.py::TestC",
        "tests/test_tooling.py",
        "accountable_connect/tests/test_a.py::TestB",
        "accountable_connect/tests/test_a.py::TestA",
    ]


@pytest.mark.parametrize(
    ("arguments", "cores", "gigabytes", "number"),
    [
        ([], 2, 8, 2),
        (["-x", "-k", "a"], 2, 8, 2),
        ([], 1, 8, 1),
        ([], 2, 3, 1),
        ([], 2, 1, 1),
        ([], 64, 64, 4),
        (["tests/books"], 2, 8, 1),
        (["-x", "--pdb"], 2, 8, 1),
        (["--co"], 2, 8, 1),
    ],
)
def test_number_of_processes(monkeypatch, arguments, cores, gigabytes, number):
    import psutil

    memory = SimpleNamespace(available=gigabytes * 1024**3 + 1)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(cores)))
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    assert runner.fitting_processes(arguments) == number


def test_the_number_of_processes_may_be_said():
    options, rest = runner.parse(["-n", "3", "--thorough", "-x"])
    assert (options.processes, options.thorough, rest) == (3, True, ["-x"])


# The table at the end


def report(nodeid, when, seconds, *counted):
    return SimpleNamespace(
        nodeid=nodeid, when=when, duration=seconds, user_properties=list(counted)
    )


def test_table_of_suites():
    table = suites.Suites()
    for when in ("setup", "call"):
        table.add(report("accountable_connect/tests/test_a.py::TestA::test_1", when, 60))
    for test in ("1", "2"):
        table.add(report(f"tests/books/test_a.py::test_{test}", "setup", 90))
        counted = (suites.COUNTED, {"documents": 4})
        table.add(report(f"tests/books/test_a.py::test_{test}", "teardown", 0, counted))
    assert table.lines() == [
        "   3.0 min  tests/books: 2 tests, 8 documents",
        "   2.0 min  accountable_connect/tests: 1 tests",
        "   5.0 min  in all: 3 tests, 8 documents",
    ]


def test_compared_documents_are_counted():
    compare.compare([Booking("1", "V1/1", "sale"), Booking("2", "V1/2", "sale")], [])
    assert counted.pop("compared documents") == 2
