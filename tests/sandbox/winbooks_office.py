"""An operator who tests, resolves and executes imports in a sandbox of WinBooks."""

from __future__ import annotations

from winbooks_files import FOLDER


def try_out(office, files, folder=FOLDER, **values):
    """What the test of an import says."""
    service = office.winbooks
    with office.store.transaction():
        return service.imports.test(service.administration(folder), "by hand", files, **values)


def codes(row):
    """The codes of a test, notes left aside."""
    return sorted({one["code"] for one in row["findings"]} - {""})


def notes(row):
    """The notes of a test."""
    return [one["text"] for one in row["findings"] if one["severity"] == "note"]


def execute(office, row, answers=None):
    """The answer of executing what was tested."""
    with office.store.transaction():
        office.winbooks.imports.resolve(row["id"], answers or {})
        return office.winbooks.imports.execute(row["id"])


def import_files(office, files, answers=None, folder=FOLDER, **values):
    """The answer of an import that is tested, resolved and executed."""
    return execute(office, try_out(office, files, folder, **values), answers)


def boxes(office, key, folder=FOLDER):
    """The boxes of a document."""
    return document(office, key, folder)["boxes"]


def entry(office, key, folder=FOLDER):
    """Account → amount of a document."""
    found = {}
    for line in document(office, key, folder)["entry"]:
        found.setdefault(line["account"], []).append(line["amount"])
    return {account: " ".join(amounts) for account, amounts in found.items()}


def document(office, key, folder=FOLDER):
    """A document by its key."""
    return next(row for row in office.documents(folder) if row["key"] == key)
