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
from tooling.processes import end_with_parent

DATABASE = "test"
PREPARED_CHARTS = "tooling/prepared_charts.py"
# Tests below these paths need neither Odoo nor a database.
PLAIN = (
    "sandbox",
    "tests/sandbox",
    "tests/test_bench.py",
    "tests/test_tooling.py",
    "tests/test_packaging.py",
    "tests/test_translations.py",
    "tests/test_documentation.py",
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
    return parser.parse_known_args(arguments)


def run(arguments: list[str]) -> int:
    """Run lint and tests; with arguments only the tests they name.

    Returns pytest's exit code (5 when there was no test), or 1 when lint found something.
    """
    options, rest = parse(arguments)
    if options.plain or needs_no_odoo(named_paths(rest)):
        with set_up.source_only():
            return pytest(["-p", "no:odoo", *rest], dict(os.environ))
    if not rest:
        with set_up.source_only():
            if run_lint([]):
                say("The tests were not started: lint found something, see above.")
                return 1
    with set_up.ready() as odoo, exclusive(f"test-{options.database}", "this test database"):
        prepare(odoo, options, anew=not rest)
        total("Set-up and lint" if not rest else "Set-up")
        return pytest(
            [f"--odoo-database={options.database}", "--odoo-http", "--odoo-log-level=warn", *rest],
            {**odoo.environment(), "ODOO_RC": str(paths.TEST_CONFIGURATION)},
        )


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
        with step("Charts of accounts for the tests"):
            odoo.run_script(options.database, PREPARED_CHARTS)


def pytest(arguments: list[str], environment: dict[str, str]) -> int:
    """Run pytest with its output as it comes; its summary is the last thing printed."""
    command = [str(paths.VENV_PYTHON), "-m", "pytest", *arguments]
    environment = {**environment, console.STARTED_VARIABLE: str(console.STARTED)}
    return subprocess.run(
        command, cwd=paths.ROOT, env=environment, check=False, preexec_fn=end_with_parent
    ).returncode


def run_lint(arguments: list[str]) -> int:
    """``./run lint``: 0 when nothing was found."""
    say("… Lint")
    begun = time.monotonic()
    found = lint.run(arguments)
    say(f"{'✗' if found else '✓'} Lint: {time.monotonic() - begun:.1f} s")
    return found
