"""``./run test``: lint, then one pytest over everything that was asked for."""

import argparse
import os
import subprocess
import time
from pathlib import Path

from tooling import addons, console, lint, paths, set_up
from tooling.console import SetUpError, say, step, total
from tooling.databases import Databases
from tooling.locks import exclusive
from tooling.odoo import Odoo
from tooling.processes import end_with_parent, wait_for

DATABASE = "test"
PREPARED = "tooling/prepared_database.py"
# Fault rounds of each package with --thorough: what rare meetings of two faults want.
THOROUGH_ROUNDS = 3000
# A whole run takes several processes where the machine has room for them.
MOST_PROCESSES = 4
BYTES_OF_A_PROCESS = 2 * 1024**3
# What pytest has for its summary after Ctrl-C; several processes wait ten seconds for each other.
SECONDS_TO_END = 30
# A person who wants to see or stop in a test wants it in one process.
ONE_PROCESS_ONLY = {"--pdb", "--trace", "-s", "--capture=no", "--collect-only", "--co"}
# Tests below these paths need neither Odoo nor a database.
PLAIN = (
    "sandbox",
    "tests/channels",
    "tests/sandbox",
    "tests/test_bench.py",
    "tests/test_tooling.py",
    "tests/test_sessions.py",
    "tests/test_packaging.py",
    "tests/test_translations.py",
    "tests/test_documentation.py",
    "tests/test_labelled_pairs.py",
    "tests/test_proposals_quality.py",
    "tests/test_troubleshooting.py",
)


def named_paths(arguments: list[str]) -> list[Path]:
    """Return the files and folders among pytest's arguments, relative to the clone."""
    found = []
    for argument in arguments:
        path = Path(argument.split("::")[0])
        if not argument.startswith("-") and (paths.ROOT / path).exists():
            found.append(Path(os.path.relpath(paths.ROOT / path, paths.ROOT)))
    return found


def needs_no_odoo(named: list[Path]) -> bool:
    """True when every named path holds plain tests only."""
    return bool(named) and all(
        any(path == Path(plain) or Path(plain) in path.parents for plain in PLAIN) for path in named
    )


def parse(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    """Split our own options from those of pytest."""
    parser = argparse.ArgumentParser(prog="./run test", allow_abbrev=False)
    parser.add_argument("--database", default=DATABASE, help="name of the test database")
    parser.add_argument("--addons", help="install only these addons, separated by commas")
    parser.add_argument("--plain", action="store_true", help="without Odoo and database")
    parser.add_argument("--as-is", action="store_true", help="take the test database as it is")
    parser.add_argument("--thorough", action="store_true", help="thousands of fault rounds")
    parser.add_argument("-n", type=int, dest="processes", help="number of processes")
    return parser.parse_known_args(arguments)


def run(arguments: list[str]) -> int:
    """Run lint and tests; with arguments only the tests they name.

    Returns pytest's exit code (5 when there was no test), or 1 when lint found something.
    """
    options, rest = parse(arguments)
    if options.thorough:
        os.environ["FAULT_RUNS"] = str(THOROUGH_ROUNDS)
    processes = options.processes or fitting_processes(rest)
    if options.plain or needs_no_odoo(named_paths(rest)):
        with set_up.source_only():
            return pytest(["-p", "no:odoo", *rest], dict(os.environ), processes)
    if not rest:
        with set_up.source_only():
            if run_lint([]):
                say("The tests were not started: lint found something, see above.")
                return 1
    with set_up.ready() as odoo, exclusive(f"test-{options.database}", "this test database"):
        prepare(odoo, options, anew=not rest)
        total("Set-up and lint" if not rest else "Set-up")
        arguments = [f"--odoo-database={options.database}", "--odoo-http", "--odoo-log-level=warn"]
        environment = {**odoo.environment(), "ODOO_RC": str(paths.TEST_CONFIGURATION)}
        with Databases(odoo).copies(options.database, processes if processes > 1 else 0):
            return pytest([*arguments, *rest], environment, processes)


def fitting_processes(arguments: list[str]) -> int:
    """Return how many processes these arguments of pytest are best run in: one for named tests,
    else one for each core of the machine that has the memory for it."""
    if named_paths(arguments) or ONE_PROCESS_ONLY.intersection(arguments):
        return 1
    import psutil

    room = psutil.virtual_memory().available // BYTES_OF_A_PROCESS
    return max(1, min(len(os.sched_getaffinity(0)), room, MOST_PROCESSES))


def prepare(odoo: Odoo, options: argparse.Namespace, anew: bool) -> None:
    """Make the test database: anew for a whole run, else only when the addons changed."""
    databases = Databases(odoo)
    if options.as_is:
        if databases.stamp(options.database) is None:
            raise SetUpError(f"There is no database {options.database} to take as it is.")
        return
    names = options.addons.split(",") if options.addons else addons.discover()
    unknown = set(names) - set(addons.discover())
    if unknown:
        raise SetUpError(f"No such addon in this clone: {', '.join(sorted(unknown))}")
    if databases.ensure(options.database, names, anew):
        with step("Charts of accounts and the web client for the tests"):
            odoo.run_script(options.database, PREPARED, anew)
            databases.freeze_statistics(options.database)


def pytest(arguments: list[str], environment: dict[str, str], processes: int) -> int:
    """Run pytest with its output as it comes; its summary is the last thing printed."""
    command = [str(paths.VENV_PYTHON), "-m", "pytest", *arguments]
    if processes > 1:
        # A process that died is a failure to look at, not one to hide behind a new process.
        command += ["-n", str(processes), "--max-worker-restart=0"]
    environment = {**environment, console.STARTED_VARIABLE: str(console.STARTED)}
    with subprocess.Popen(
        command, cwd=paths.ROOT, env=environment, preexec_fn=end_with_parent
    ) as process:
        return wait_for(process, SECONDS_TO_END)


def run_lint(arguments: list[str]) -> int:
    """``./run lint``: 0 when nothing was found."""
    say("… Lint")
    begun = time.monotonic()
    found = lint.run(arguments)
    say(f"{'✗' if found else '✓'} Lint: {time.monotonic() - begun:.1f} s")
    return found
