"""Starts the fault runs when the session starts, beside the other tests, and asks for their report
last: they keep one processor busy for some minutes, pytest the other."""

import json
import os
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from tooling.processes import end_with_parent

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ROUNDS = int(os.environ.get("FAULT_RUNS", "1000"))
# A fault run sends a document or two; some are left for the end, when nothing fails any more.
INVOICES = max(20, ROUNDS * 11 // 20)
TEMPLATE = "addons_template"
DATABASES = ("faults_1", "faults_2")
# Far above what it takes: a driver that hangs must not hang the whole run.
PATIENCE = 1800
STARTED = pytest.StashKey[subprocess.Popen]()
# Not a pipe: nobody reads it before the end, and a full pipe would hold up the driver.
ERRORS = pytest.StashKey()


def is_ours(item) -> bool:
    return HERE in item.path.parents


def pytest_collection_modifyitems(items):
    """Our tests come last."""
    items.sort(key=is_ours)


def pytest_collection_finish(session):
    """Make two databases with nothing but the addons, and start the driver on them."""
    if session.config.option.collectonly or not any(map(is_ours, session.items)):
        return
    execute(*(statement for name in DATABASES for statement in (
        f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
        f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')))
    command = [sys.executable, "-m", "tests.exactly_once.driver",
               "--rounds", str(ROUNDS), "--invoices", str(INVOICES)]
    for name in DATABASES:
        command += ["--database", name]
    errors = session.config.stash[ERRORS] = tempfile.TemporaryFile("w+")
    session.config.stash[STARTED] = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors,
        text=True, preexec_fn=end_with_parent)


def pytest_sessionfinish(session):
    """Leave nothing behind, however the session ended."""
    process = session.config.stash.get(STARTED, None)
    if process:
        process.kill()
        process.wait()
        session.config.stash[ERRORS].close()
        execute(*(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)' for name in DATABASES))


def execute(*statements):
    """Statements on the cluster; its address is in the environment, as for psql."""
    with closing(psycopg2.connect(dbname="postgres")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


@pytest.fixture(scope="session")
def report(request):
    """What stood in the books after the fault runs."""
    process = request.config.stash[STARTED]
    output, _none = process.communicate(timeout=PATIENCE)
    errors = request.config.stash[ERRORS]
    errors.seek(0)
    assert process.returncode == 0, errors.read()[-3000:]
    return json.loads(output.splitlines()[-1])
