"""Two databases with nothing but the addons, the driver on them, and its report."""

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from tooling.packages import NAMES

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = int(os.environ.get("FAULT_RUNS", "1000"))
# Of each database. A fault run sends a document or two; some are left for the end, when nothing
# fails any more.
DOCUMENTS = {"octopus": max(20, ROUNDS * 11 // 20), "exact": max(20, ROUNDS * 9 // 20)}
TEMPLATE = "addons_template"
DATABASES = ("faults_1", "faults_2")
# Far above what it takes: a driver that hangs must not hang the whole run.
PATIENCE = 1800


def execute(*statements):
    """Statements on the cluster; its address is in the environment, as for psql."""
    with closing(psycopg2.connect(dbname="postgres")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def drop_statements(names=DATABASES):
    """Statements that end our own sessions in databases and drop these.

    Not ``WITH (FORCE)``: it wants to end PostgreSQL's own vacuum worker too, which a role that is
    no superuser may not, and is refused. Without it the server sends that worker away itself and
    waits for it.
    """
    return [
        statement
        for name in names
        for statement in (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            f" WHERE datname = '{name}' AND usename = current_user",
            f'DROP DATABASE IF EXISTS "{name}"',
        )
    ]


@pytest.fixture(scope="session")
def databases(package):
    execute(
        *drop_statements(),
        *(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"' for name in DATABASES),
    )
    yield DATABASES
    execute(*drop_statements())


@pytest.fixture(scope="session", params=NAMES)
def package(request):
    """Name of the package that the databases are connected with."""
    return request.param


@pytest.fixture(scope="session")
def documents(package):
    """Number of documents of each database."""
    return DOCUMENTS[package]


@pytest.fixture(scope="session")
def report(package, databases, documents):
    """What stood in the books after the fault runs."""
    command = [
        sys.executable,
        "-m",
        "tests.exactly_once.driver",
        "--package",
        package,
        "--rounds",
        str(ROUNDS),
        "--documents",
        str(documents),
    ]
    for name in databases:
        command += ["--database", name]
    process = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert process.returncode == 0, process.stderr[-3000:]
    return json.loads(process.stdout.splitlines()[-1])
