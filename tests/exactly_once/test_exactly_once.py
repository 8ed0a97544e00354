"""Nothing missing, nothing twice: a thousand fault runs on two databases and one sandbox.

The databases are real ones, because workers commit, are killed and lock each other out; see
driver.py.
"""

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from odoo.tools import config

from sandbox.octopus import serve

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = int(os.environ.get("FAULT_RUNS", "1000"))
# A fault run sends a document or two; some are left for the end, when nothing fails any more.
INVOICES = max(20, ROUNDS * 11 // 20)
TEMPLATE = "addons_template"
DATABASES = ("faults_1", "faults_2")
# Far above what it takes: a driver that hangs must not hang the whole run.
PATIENCE = 1500


def execute(*statements):
    parameters = {
        "host": config["db_host"] or None,
        "port": config["db_port"] or None,
        "user": config["db_user"] or None,
        "password": config["db_password"] or None,
    }
    with closing(psycopg2.connect(dbname="postgres", **parameters)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


@pytest.fixture(scope="module")
def databases():
    """Two databases with the addons and nothing else."""
    for name in DATABASES:
        execute(
            f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
            f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"',
        )
    yield DATABASES
    for name in DATABASES:
        execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def report(databases):
    """What stood in the books after the fault runs."""
    with serve(port=0, state=None, switches={"daily_limits": False}) as server:
        root = server.url.partition("/octopus-rest-api")[0]
        command = [sys.executable, "-m", "tests.exactly_once.driver", "--sandbox", root,
                   "--rounds", str(ROUNDS), "--invoices", str(INVOICES)]
        for name in databases:
            command += ["--database", name]
        process = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False,
            env={**os.environ, "ODOO_RC": config.rcfile},
        )
    assert process.returncode == 0, process.stderr[-3000:]
    return json.loads(process.stdout.splitlines()[-1])


def test_nothing_is_missing(report):
    assert not report["missing"]
    assert not report["unsolved"]
    assert {tuple(states) for states in report["jobs"].values()} == {("done",)}
    assert report["ours"] == INVOICES * len(DATABASES)


def test_nothing_is_there_twice(report):
    assert not report["twice"]
    assert report["bookings"] == report["ours"] + report["by_hand"]


def test_every_document_is_where_its_database_believes(report):
    assert not report["elsewhere"]
    assert not report["wrong_total"]


def test_numbers_are_consecutive(report):
    assert not report["gaps"]


def test_every_kind_of_fault_was_met(report):
    """The fault runs met work: most documents went during them, not afterwards."""
    assert report["rounds"] == ROUNDS
    assert len(report["faults"]) == 12
    assert report["left_after_faults"] < INVOICES
