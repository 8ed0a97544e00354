"""The commands of ``./run``."""

import argparse
import importlib
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tooling import addons, packages, paths, postgres, services, set_up, state, tests
from tooling.console import SetUpError, say, total
from tooling.databases import Databases
from tooling.demo import people
from tooling.locks import exclusive
from tooling.odoo import ODOO_BIN, Odoo
from tooling.services import Services, odoo_service, sandbox_service

HELP = """\
./run demo [--package octopus|exact|winbooks|ubl|all] [--exit]
                    a Belgian company in a real Odoo 19 whose invoices and bills stand in the books
                    of the package's sandbox; a company for each package with "all". Stays up to
                    look around until Ctrl-C; with --exit it only compares the books and ends (0
                    when they agree).
./run test          lint, then every test, in a process for each core.
./run test PATH … [options of pytest]
                    only these tests, without lint. Our own options before them:
                      --database NAME   another test database than "test"
                      --addons A,B      install only these addons in it
                      --as-is           take the database as it is (nothing but Python methods or
                                        tests changed)
                      --plain           without Odoo and database
                      --thorough        thousands of rounds of faults instead of a hundred and fifty
                      -n NUMBER         in so many processes; one when tests are named
./run bench [--package octopus|exact|all] [TASK …]
                    the benchmarks, of all packages and all of them unless told otherwise
                    (throughput: 5,000 invoices through an Odoo with two workers). A name that is no
                    task is answered with those there are.
./run serve [--package octopus|exact|winbooks|ubl|all] [--port N] [--sandbox-port N] [--anew]
                    Odoo with its crons, and the sandbox, until Ctrl-C. The database "serve" begins
                    with a Belgian company in euro and three posted documents; it is kept from time
                    to time, as are the books of the sandbox, and updated when the addons changed;
                    --anew makes both new.
./run docs [--package octopus|exact] [--only NAME] [--language nl_BE] [--width N] [--folder PATH]
                    makes the pictures of README and docs anew; with --folder every screen, there.
./run shell [DATABASE]
                    Python inside Odoo (database "serve" when none is named).
./run psql [DATABASE]
                    SQL on a database of this clone.
./run lint [--fix]  ruff (rules and format), pylint-odoo, XML, CSV and translations.
./run setup         only what the others need first; PostgreSQL stays up until ./run clean.
./run clean         stops what runs and removes everything these commands made.
./run help          this page.

Everything is made below .local in this clone. To use an Odoo 19 of your own:
ODOO_PATH=/path/to/odoo ./run …      Another Python: PYTHON=/path/to/python3.12 ./run …"""

SERVE_DATABASE = "serve"
FIRST_COMPANY = "tooling/first_company.py"
MISSING_PEOPLE = "tooling/missing_people.py"
# Where a person begins: in the demo something happened already, in the other database nothing yet.
QUEUE, INVOICES = "/odoo/synchronisation-queue", "/odoo/customer-invoices"


@dataclass(frozen=True)
class Environment:
    """What the demo and the benchmarks get: see tooling/README.md, "The demo's contract"."""

    database: str
    odoo_url: str
    sandboxes: dict[str, str]
    odoo: Odoo
    stay: bool

    def run_script(self, script: str | Path, arguments: object = None) -> object:
        """Run ``main(env, arguments)`` of a file inside Odoo, commit, and return its result."""
        return self.odoo.run_script(self.database, script, arguments)


def _parser(
    name: str, package: str = "octopus", names: Sequence[str] = packages.NAMES
) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"./run {name}", allow_abbrev=False)
    parser.add_argument("--package", default=package, choices=(*names, packages.ALL))
    parser.set_defaults(names=names)
    parser.add_argument("--port", type=int, help="port of Odoo")
    parser.add_argument("--sandbox-port", type=int, help="port of the (first) sandbox")
    return parser


def _start_sandboxes(
    running: Services,
    options: argparse.Namespace,
    keep: bool = False,
    folders: Path | None = None,
) -> dict[str, str]:
    """Start the sandbox of each package that is asked for; package → address. With ``keep`` its
    books are those of the last time. Documents are handed over below ``folders``."""
    names = options.names if options.package == packages.ALL else (options.package,)
    ports = (options.sandbox_port, *(None for _name in names[1:]))
    sandboxes = {}
    for name, port in zip(names, ports, strict=True):
        package = packages.load(name)
        wanted = list(package.sandbox_options)
        if package.hands_over and folders:
            wanted += ["--folders", str(folders)]
        for way in package.sandbox_ways:
            wanted += [f"--{way}-port", str(state.port(f"sandbox-{name}-{way}"))]
        if keep:
            wanted += ["--state", str(paths.SERVE_BOOKS / f"{name}.db")]
        sandboxes[name] = sandbox_service(package.sandbox, port, wanted)
    return {name: running.start(service).url for name, service in sandboxes.items()}


def _folders(database: str, anew: bool) -> Path:
    """Where the documents of a database are handed over."""
    folders = paths.HAND_OVER / database
    if anew:
        shutil.rmtree(folders, ignore_errors=True)
    folders.mkdir(parents=True, exist_ok=True)
    return folders


def setup(arguments: list[str]) -> int:
    """Make everything ready and leave PostgreSQL running."""
    with set_up.ready(keep_postgres=True) as odoo:
        with exclusive("databases", "the template databases"):
            Databases(odoo).ensure_template()
        say(f"  psql -h {odoo.cluster.socket_folder} -U odoo odoo_template")
    total("Set-up")
    return 0


def _entry(module: str):
    """Return ``main(arguments, environment)`` of the demo or of the benchmarks."""
    try:
        return importlib.import_module(module).main
    except ModuleNotFoundError as error:
        if error.name and module.startswith(error.name):
            raise SetUpError(f"{module} is not in this clone.") from error
        raise


def demo(arguments: list[str]) -> int:
    """Run the demo on a new database, and stay up unless told to end."""
    parser = _parser("demo")
    parser.add_argument("--exit", action="store_true")
    options, rest = parser.parse_known_args(arguments)
    main = _entry("tooling.demo.__main__")
    # A demo of another package leaves the database of the first alone.
    database = "demo" if options.package == "octopus" else f"demo_{options.package}"
    with (
        set_up.ready() as odoo,
        exclusive(f"database-{database}", "the demo"),
        Services() as running,
    ):
        databases = Databases(odoo)
        databases.ensure(database, addons.discover(), anew=True)
        folders = _folders(database, anew=True)
        sandboxes = _start_sandboxes(running, options, folders=folders)
        server = odoo_service(
            odoo, database, options.port, sandboxes=_addresses(sandboxes), folders=folders
        )
        databases.set_address(database, server.url)
        running.start(server)
        status = main(
            rest, Environment(database, server.url, sandboxes, odoo, stay=not options.exit)
        )
        total("Demo")
        if not options.exit:
            _stay(running, server.url + QUEUE, sandboxes)
    return status


def bench(arguments: list[str]) -> int:
    """Run the benchmarks, with sandboxes; they make the databases that they need anew."""
    parser = _parser("bench", packages.ALL, packages.SERVICES)
    options, rest = parser.parse_known_args(arguments)
    main = _entry("bench.__main__")
    with (
        set_up.ready(with_browser=False) as odoo,
        exclusive("databases-bench", "the benchmarks"),
        Services() as running,
    ):
        sandboxes = _start_sandboxes(running, options)
        status = main(rest, Environment("", "", sandboxes, odoo, stay=False))
        total("Benchmarks")
    return status


def serve(arguments: list[str]) -> int:
    """Odoo and the sandboxes until Ctrl-C."""
    parser = _parser("serve")
    parser.add_argument("--anew", action="store_true")
    options = parser.parse_args(arguments)
    with set_up.ready() as odoo, exclusive("database-serve", "./run serve"), Services() as running:
        databases = Databases(odoo)
        _ensure_serve(databases, options.anew)
        # The database is kept, so the books it is connected with have to be.
        folders = _folders(SERVE_DATABASE, anew=False)
        sandboxes = _start_sandboxes(running, options, keep=True, folders=folders)
        server = odoo_service(
            odoo,
            SERVE_DATABASE,
            options.port,
            sandboxes=_addresses(sandboxes),
            folders=folders,
        )
        databases.set_address(SERVE_DATABASE, server.url)
        running.start(server)
        total("Ready")
        _stay(running, server.url + INVOICES, sandboxes, _connect_with(sandboxes))
    return 0


def _ensure_serve(databases: Databases, anew: bool = False) -> None:
    """Make or update the database of ``./run serve``; a new one begins with a Belgian company, and
    with new books in the sandboxes."""

    def prepare() -> None:
        shutil.rmtree(paths.SERVE_BOOKS, ignore_errors=True)
        paths.SERVE_BOOKS.mkdir()
        _folders(SERVE_DATABASE, anew=True)
        databases.odoo.run_script(SERVE_DATABASE, FIRST_COMPANY)

    databases.ensure_updated(SERVE_DATABASE, addons.discover(), anew, prepare)
    # a database of an earlier version has not everybody who is told to a person
    if {person.login for person in people.PEOPLE} - databases.logins(SERVE_DATABASE):
        databases.odoo.run_script(SERVE_DATABASE, MISSING_PEOPLE)


def _addresses(sandboxes: dict[str, str]) -> dict[str, str]:
    """Package → the address that is entered in Odoo; none where files are handed over."""
    return {
        name: package.address(url)
        for name, url in sandboxes.items()
        if not (package := packages.load(name)).hands_over
    }


def _connect_with(sandboxes: dict[str, str]) -> list[str]:
    """The clicks that come next where nothing is connected yet."""
    return [
        f"then Configuration → Accounting packages → {packages.load(name).menu}"
        for name in sandboxes
    ]


def _stay(
    running: Services, begin: str, sandboxes: dict[str, str], then: Sequence[str] = ()
) -> None:
    """Print where to begin, who may sign in and where the sandboxes are, and wait for Ctrl-C, which
    is the ordinary end."""
    for line in _where(begin, sandboxes, then):
        say(line)
    try:
        running.wait()
    except KeyboardInterrupt:
        say("\n  stopping …")


def _where(begin: str, sandboxes: dict[str, str], then: Sequence[str] = ()) -> list[str]:
    """What a person needs who sees this for the first time."""
    lines = ["", f"  Begin here: {begin}", *(f"    {line}" for line in then)]
    lines += ["", "  Users, whose password is the same word:"]
    lines += [f"    {line}" for line in people.lines()]
    for name, url in sandboxes.items():
        package = packages.load(name)
        lines += [
            "",
            f"  Sandbox of {package.title}",
            f"    {package.where_to}   {package.address(url)}",
            f"    the books          {package.books_page(url)}",
            *(f"    {line}" for line in package.where_else(url)),
        ]
    return [*lines, "", "  Ctrl-C stops them."]


def shell(arguments: list[str]) -> int:
    """Odoo's own shell on a database of this clone."""
    database = arguments[0] if arguments else SERVE_DATABASE
    with set_up.ready(with_browser=False) as odoo:
        _need_database(Databases(odoo), database)
        command = [
            paths.VENV_PYTHON,
            ODOO_BIN,
            "shell",
            "-c",
            paths.CONFIGURATION,
            "-d",
            database,
            "--no-http",
        ]
        return _in_terminal(command, odoo.environment())


def psql(arguments: list[str]) -> int:
    """PostgreSQL's own client on a database of this clone."""
    database = arguments[0] if arguments else SERVE_DATABASE
    with set_up.ready(with_browser=False) as odoo:
        _need_database(Databases(odoo), database)
        client = odoo.cluster.binaries / "psql"
        command = [client if client.exists() else "psql", database, *arguments[1:]]
        return _in_terminal(command, odoo.environment())


def _need_database(databases: Databases, database: str) -> None:
    """Make the database of ``./run serve`` when it is not there yet; refuse other unknown ones."""
    if database == SERVE_DATABASE and not databases.exists(database):
        _ensure_serve(databases)
    if not databases.exists(database):
        raise SetUpError(
            f"There is no database {database}. There are: {', '.join(databases.names()) or 'none'}."
        )


def _in_terminal(command: list[str | Path], environment: dict[str, str]) -> int:
    try:
        return subprocess.run(
            [str(part) for part in command], cwd=paths.ROOT, env=environment, check=False
        ).returncode
    except KeyboardInterrupt:
        return 130


def clean(arguments: list[str]) -> int:
    """Stop what runs in this clone and remove what was made."""
    if not paths.LOCAL.exists():
        say("Nothing to clean.")
        return 0
    paths.make_folders()
    services.end_recorded()
    postgres.stop()
    # Renamed first: an interrupted removal leaves nothing that looks finished.
    gone = paths.LOCAL.with_name(f".local.removed-{os.getpid()}")
    paths.LOCAL.rename(gone)
    shutil.rmtree(gone)
    total("Clean")
    return 0


def docs(arguments: list[str]) -> int:
    """Make the pictures of the docs."""
    return _entry("tooling.screenshots.__main__")(arguments)


def lint(arguments: list[str]) -> int:
    """Lint alone."""
    with set_up.source_only():
        return tests.run_lint(arguments)


COMMANDS = {
    "demo": demo,
    "test": tests.run,
    "bench": bench,
    "serve": serve,
    "shell": shell,
    "psql": psql,
    "docs": docs,
    "lint": lint,
    "setup": setup,
    "clean": clean,
}
