"""The imports of a folder: each is tested, gets its answers and is executed, over several calls."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ..kit.storage import Store
from . import files
from .folder import Folder
from .linker import FATAL_ERRORS, FOLDER_LOCKED, OK, Answers, Linker, answers_of, guess

REFUSED, WAITING, READY, DONE = "refused", "waiting", "ready", "executed"
STATUSES = {
    REFUSED: "Refused",
    WAITING: "To resolve",
    READY: "Tested",
    DONE: "Executed",
}


class Locked(RuntimeError):
    """Somebody else works in the folder."""


class Imports:
    """The imports of all folders; ``folder`` gives one by its number, ``locked`` tells of it."""

    def __init__(self, store: Store, clock: Any, switches: Any, folder: Any, locked: Any):
        self.store = store
        self.clock = clock
        self.switches = switches
        self.folder = folder
        self.locked = locked

    # Reading

    def all(self, folder: int) -> list[dict]:
        """The imports of a folder, the first first."""
        return [
            self._row(row)
            for row in self.store.rows(
                "SELECT * FROM import WHERE administration = ? ORDER BY id", folder
            )
        ]

    def one(self, number: int, folder: int | None = None) -> dict:
        """One import; raises ``ValueError`` for none."""
        row = self.store.row("SELECT * FROM import WHERE id = ?", number)
        if row is None or folder not in (None, row["administration"]):
            raise ValueError(f"there is no import {number}")
        return self._row(row)

    @staticmethod
    def _row(row: Any) -> dict:
        found = dict(row)
        for name in ("files", "findings", "answers"):
            found[name] = json.loads(found[name])
        return found

    def has_seen(self, folder: int, source: str, digest: str) -> bool:
        """Whether these very files under this name were tested before."""
        return bool(
            self.store.row(
                "SELECT 1 FROM import WHERE administration = ? AND source = ? AND digest = ?",
                folder,
                source,
                digest,
            )
        )

    def content(self, number: int) -> dict[str, bytes]:
        """The files of an import."""
        rows = self.store.rows("SELECT name, content FROM import_file WHERE import = ?", number)
        return {row["name"]: row["content"] for row in rows}

    # Working

    def test(
        self,
        folder: Folder,
        source: str,
        content: Mapping[str, bytes],
        book_year: str | int | None = None,
        period: int | None = None,
        ignored: Iterable[str] = (),
    ) -> dict:
        """Test files; without a book year or period those that the files tell. Raises
        ``NothingToRead``, ``Locked`` and ``UnknownFolder``."""
        if book_year in (None, "") or period in (None, ""):
            guessed_year, guessed_period = guess(folder, content, self.switches.all())
            book_year = guessed_year if book_year in (None, "") else book_year
            period = guessed_period if period in (None, "") else period
        year = folder.year_named(book_year)["number"]
        linker = self._linker(folder, year)
        linker.set(content, int(period), ignored)
        tested = linker.test()
        status = REFUSED if tested.fatal else WAITING if tested.warnings else READY
        cursor = self.store.run(
            "INSERT INTO import (administration, moment, source, digest, book_year, period,"
            " status, documents, files, findings) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            folder.administration,
            self.clock.stamp(),
            source,
            files.digest(content),
            year,
            int(period),
            status,
            len(tested.documents),
            json.dumps({"ignored": list(ignored), "names": sorted(content)}),
            json.dumps(tested.as_data()),
        )
        number = cursor.lastrowid
        self.store.run_many(
            "INSERT INTO import_file VALUES (?, ?, ?)",
            [(number, name, data) for name, data in content.items()],
        )
        return self.one(number)

    def resolve(self, number: int, answers: Answers) -> dict:
        """Give answers, by code or by the number of a finding; 0 takes one back."""
        row = self.one(number)
        kept = {**row["answers"], **{str(name): int(answer) for name, answer in answers.items()}}
        kept = {name: answer for name, answer in kept.items() if answer}
        self.store.run("UPDATE import SET answers = ? WHERE id = ?", json.dumps(kept), number)
        return self.one(number)

    def execute(self, number: int) -> int:
        """Book an import; gives what ``Linker.execute`` gives. What is out of step is tested
        again, so that it can be resolved anew."""
        row = self.one(number)
        if row["status"] == DONE:
            raise ValueError(f"import {number} is executed already")
        folder = self.folder(row["administration"])
        linker = self._linker(folder, row["book_year"])
        linker.set(self.content(number), row["period"], row["files"]["ignored"])
        tested = linker.test()
        if tested.as_data() != row["findings"]:
            self._keep(number, tested, None, {})
            return self._ended(number, 4)
        linker.resolve(answers_of(json.dumps(row["answers"])))
        result = linker.execute()
        return self._ended(number, result)

    def _keep(self, number: int, tested: Any, result: int | None, answers: dict) -> None:
        status = REFUSED if tested.fatal else WAITING if tested.warnings else READY
        self.store.run(
            "UPDATE import SET findings = ?, status = ?, result = ?, answers = ? WHERE id = ?",
            json.dumps(tested.as_data()),
            status,
            result,
            json.dumps(answers),
            number,
        )

    def _ended(self, number: int, result: int) -> int:
        status = {OK: DONE, FATAL_ERRORS: REFUSED}.get(result)
        self.store.run(
            "UPDATE import SET result = ?, status = COALESCE(?, status) WHERE id = ?",
            result,
            status,
            number,
        )
        return result

    def _linker(self, folder: Folder, book_year: int) -> Linker:
        linker = Linker(lambda _short: folder, self.switches.all(), self.locked)
        linker.log_in()
        if linker.open_folder(folder.short) == FOLDER_LOCKED:
            raise Locked(f"{folder.short} is in use by somebody else")
        linker.open_book_year(folder.short_of_year(book_year))
        return linker
