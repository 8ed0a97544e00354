"""Files of other programs, as the sandbox of WinBooks on the desktop imports them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import winbooks_files as wf
from winbooks_files import FOLDER

import sandbox.winbooks_desktop
from sandbox.winbooks_desktop import serve


@pytest.fixture(scope="module")
def winbooks():
    with serve() as running:
        yield running


@pytest.fixture
def office(winbooks):
    """A sandbox that starts from the beginning."""
    winbooks.winbooks.reset()
    return winbooks


def try_out(office, files, folder=FOLDER, **values):
    """What the test of an import says."""
    service = office.winbooks
    with office.store.transaction():
        row = service.imports.test(service.administration(folder), "by hand", files, **values)
    return row


def codes(row):
    """The codes of a test, notes left aside."""
    return sorted({one["code"] for one in row["findings"]} - {""})


def executed(office, files, answers=None, folder=FOLDER, **values):
    """The answer of an import that is tested, resolved and executed."""
    row = try_out(office, files, folder, **values)
    with office.store.transaction():
        office.winbooks.imports.resolve(row["id"], answers or {})
        return office.winbooks.imports.execute(row["id"])


@pytest.mark.parametrize("count", wf.COUNTS)
@pytest.mark.parametrize("write", [wf.quoted, wf.unquoted, wf.comment_quoted])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_any_of_the_shapes_that_are_seen(office, count, write, end):
    files = wf.files(wf.sale(count=count), wf.purchase(count=count), write=write, end=end)
    assert executed(office, files) == 0
    assert office.trial_balance(FOLDER) == {
        "400000": "1210.00",
        "411000": "105.00",
        "440000": "-605.00",
        "451000": "-210.00",
        "604000": "500.00",
        "700000": "-1000.00",
    }
    assert office.vat_boxes(FOLDER) == {
        "03": "1000.00",
        "54": "210.00",
        "59": "105.00",
        "82": "500.00",
    }


def test_nothing_of_the_addon_is_used():
    for path in Path(sandbox.winbooks_desktop.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                module = node.module or ""
                assert node.level or module.partition(".")[0] != "odoo", path
                assert "accountable" not in module, path
            elif isinstance(node, ast.Import):
                names = " ".join(alias.name for alias in node.names)
                assert "odoo" not in names, path
                assert "accountable" not in names, path
