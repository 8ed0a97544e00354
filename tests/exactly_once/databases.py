"""The databases of the fault runs: a template with the company and its posted documents, and two
copies of it for each package."""

import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg2

from tooling.databases import ADDONS_TEMPLATE, filestore
from tooling.locks import exclusive
from tooling.stamps import digest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = "faults_template"
# What the template is made from, besides the addons.
SOURCES = ("company.py", "template.py")
# Seconds, far above what it takes: a process that hangs must not hang the whole run.
PATIENCE = 1800


def names_for(package: str) -> tuple[str, str]:
    """The databases of a package, of its own: two packages may be tried at the same time."""
    return f"faults_{package}_1", f"faults_{package}_2"


def make_copies(names: tuple[str, ...], invoices: int, bills: int) -> None:
    """Make databases anew whose company has posted so many documents."""
    with exclusive("fault-runs", "the databases of the fault runs"):
        _ensure_template(invoices, bills)
        drop(names)
        _execute(*(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"' for name in names))


def copy(name: str, copied: str) -> None:
    """Copy a database that nobody uses, with its files, as an administrator does it."""
    drop((copied,))
    _execute(f'CREATE DATABASE "{copied}" TEMPLATE "{name}"')
    shutil.copytree(filestore(name), filestore(copied), dirs_exist_ok=True)


def make_empty(name: str) -> None:
    """Make a database anew that has the addons and no company of these tests."""
    with exclusive("fault-runs", "the databases of the fault runs"):
        drop((name,))
        _execute(f'CREATE DATABASE "{name}" TEMPLATE "{ADDONS_TEMPLATE}"')


def drop(names: tuple[str, ...]) -> None:
    """End our own sessions in databases and drop these, with their files.

    Not ``WITH (FORCE)``: it wants to end PostgreSQL's own vacuum worker too, which a role that is
    no superuser may not, and is refused. Without it the server sends that worker away itself and
    waits for it.
    """
    for name in names:
        _execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            f" WHERE datname = '{name}' AND usename = current_user",
            f'DROP DATABASE IF EXISTS "{name}"',
        )
        shutil.rmtree(filestore(name), ignore_errors=True)


def _ensure_template(invoices: int, bills: int) -> None:
    """Make the template when it is missing, or something it was made from changed."""
    sources = [Path(__file__).with_name(name).read_text() for name in SOURCES]
    wanted = digest(_comment(ADDONS_TEMPLATE), *sources, str(invoices), str(bills))
    if _comment(TEMPLATE) == wanted:
        return
    drop((TEMPLATE,))
    _execute(f'CREATE DATABASE "{TEMPLATE}" TEMPLATE "{ADDONS_TEMPLATE}"')
    run_module(
        "template", "--database", TEMPLATE, "--invoices", str(invoices), "--bills", str(bills)
    )
    # only a template that is whole has its stamp
    _execute(f"COMMENT ON DATABASE \"{TEMPLATE}\" IS '{wanted}'")


def run_module(name: str, *arguments: str) -> str:
    """Run a module of this folder in a process of its own; gives its last line."""
    process = subprocess.run(
        [sys.executable, "-m", f"{__package__}.{name}", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert process.returncode == 0, process.stderr[-3000:]
    return (process.stdout.splitlines() or [""])[-1]


def _comment(database: str) -> str:
    """What a finished database was made from, "" for one that is not there or not finished."""
    rows = _execute(
        "SELECT COALESCE(shobj_description(oid, 'pg_database'), '') FROM pg_database"
        f" WHERE datname = '{database}'"
    )
    return rows[0][0] if rows else ""


def _execute(*statements: str) -> list[tuple]:
    """Statements on the cluster, whose address is in the environment, as for psql; gives the rows
    of the last one."""
    with closing(psycopg2.connect(dbname="postgres")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
